"""The sentences about complaints that only the heads hear."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "accused_yourself": _l("It is about you: somebody else must hear it."),
    "heard_in_private": _l("This visitor is received in private; he cannot be sent to a counter."),
    "hearer_unknown": _l("Please choose who shall hear it."),
    "merge_sealed": _l("These two cases are not open to the same people and cannot be merged."),
    "nobody_hears": _l("Nobody with this role works here now. Please choose the other."),
    "not_sealed": _l("This case is not sealed in that way."),
    "sealed_already": _l("This case is sealed already."),
}
