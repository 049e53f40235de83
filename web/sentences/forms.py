"""The sentences of papers of A4 that are signed and filed."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "form_unknown": _l("There is no such form for this matter."),
}
