"""What is refused of the day's log, its checklists, and who is in the building."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "at_a_counter": _l("This visitor waits or is at a counter: please complete the reception there."),
    "check_unknown": _l("There is no such point on this checklist."),
    "ticks_itself": _l("The self-test ticks itself: please run it, or say why it is passed over."),
}
