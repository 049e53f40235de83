"""Sentences about the box itself: what was asked of it, its clock, its backups."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "already_set_up": _l("This box has its administrator already."),
    "box_wish_open": _l("This was asked for already and is under way. Wait a moment, then look again."),
}
