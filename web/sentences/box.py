"""Sentences about the box itself: what was asked of it, its clock, its backups."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "already_set_up": _l("This box has its administrator already."),
    "restoration_unknown": _l("There is no such restore."),
    "box_wish_open": _l("This was asked for already and is under way. Wait a moment, then look again."),
    "clock_out_of_range": _l("The time must lie between 2026 and 2099."),
    "clock_back": _l(
        "This lies before the last record of the box. Look at the year, month and day once more; if all is right, tick"
        " the box below and press again."
    ),
    "clock_far": _l(
        "This lies more than two weeks behind the last record of the box. Look at the year, month and day once more; if"
        " all is right, tick the box below and press again."
    ),
}
