"""Sentences about the box itself: what was asked of it, its clock, its backups."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "restoration_unknown": _l("There is no such restore."),
    "box_wish_open": _l("This was asked for already and is under way. Wait a moment, then look again."),
}
