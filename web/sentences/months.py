"""What is refused of the month report."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "month_not_over": _l("This month is frozen on the third working day after its end, not before."),
    "month_not_frozen": _l("This month is not frozen yet."),
    "month_issued": _l("This month is issued already; it is issued once."),
}
