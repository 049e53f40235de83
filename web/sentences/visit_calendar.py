"""What is refused of the visit day's calendar, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "day_kind_unknown": _l("Please say whether the day is worked or not."),
    "day_not_yours": _l("The manager said nothing about that day; what the notice says is not taken back."),
    "no_open_day": _l("The calendar would have no open day for a whole year."),
    "slack_invalid": _l("Please name the places of the slots, such as 4,8."),
    "slack_leaves_none": _l("No slot would be left to book."),
    "visit_hours_too_short": _l("Those hours do not hold a single talk."),
    "visit_rule_never": _l("A Saturday or Sunday that is a rest day has no next such day: choose another rule."),
    "hours_reversed": _l("It would end before it begins."),
    "time_of_day_invalid": _l("Please write a time such as 10:00."),
    "visit_day_published": _l("That day is announced already."),
    "visit_day_begun": _l("That day has begun or is over: nothing of its date changes any more."),
    "visit_day_held": _l("That day is over."),
    "visit_day_too_late": _l("It is too late to announce it in time: only the manager can, with a reason."),
    "move_cause_unknown": _l(
        "A day moves for want of the place, by order of the authority, or in an emergency. When the host is away, name"
        " a deputy."
    ),
    "visit_day_before_its_date": _l("It can only be moved to a later day that is still to come."),
    "visit_day_same": _l("It is on that day already."),
    "visit_day_closed": _l("That is no working day."),
    "visit_day_taken": _l("Another visit day is held on that day."),
    "visit_day_notice": _l("It is too late to tell everybody in time; only an emergency moves it now."),
    "deputy_same": _l("That is how it stands already."),
    "deputy_is_host": _l("He is the host of that day himself."),
    "notice_of_part": _l("The notice of a year that is not official yet must hold its New Year's Day."),
}
