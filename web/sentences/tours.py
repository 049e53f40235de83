"""The sentences of tours of the estate."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "item_never_waived": _l("A safety check is made, and never let go."),
    "tour_checks_missing": _l("The list of tours lacks the four safety checks. Please have the settings put right."),
    "tour_guests_too_many": _l("At most thirty table signs, with at most 24 characters each. Please shorten them."),
    "tour_level_unknown": _l("Please choose the level of the tour."),
    "tour_needs_no_approval": _l("This tour needs no approval, or has it already. Please look at it again."),
    "tour_not_approved": _l("This tour is outside the opening hours. It goes on once the manager has approved it."),
    "tour_other_day": _l("This tour is agreed for another day. Please move it first."),
    "tour_past": _l("This time is over. Please give a time that is still to come."),
    "tour_people_invalid": _l("Please give how many come, as a number up to 999."),
    "tour_places_missing": _l("Please write which way they are led, and where."),
    "tour_review_missing": _l("Please write what went well."),
    "tour_time_invalid": _l("Please give both times, such as 09:30."),
    "tour_times_reversed": _l("The tour ends before it begins. Please look at both times."),
    "tour_too_far": _l("A tour is registered at most a year ahead."),
    "tour_way_unknown": _l("Please choose whether the tour was booked."),
}
