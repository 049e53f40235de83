"""What is refused of consumables, of the check of visitors, and of training."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "day_to_come": _l("This day is still to come. Please note it on the day."),
    "consumable_unknown": _l("Please choose one of the list."),
    "used_invalid": _l("Please write a whole number, at most 9999."),
    "roll_not_listed": _l("No consumable counts rolls of this width. The settings keep the list."),
    "roll_taken": _l("Another consumable counts rolls of this width already."),
    "security_item_unknown": _l("Please choose which point was not passed."),
    "security_off": _l("This centre makes no security check. The settings say so."),
    "security_unseen": _l("Please tick every point of the security check once you have seen to it."),
    "times_invalid": _l("A task is done from 1 to 20 times."),
    "use_taken_back": _l("A colleague has taken this line back already."),
    "use_unknown": _l("There is no such line."),
}
