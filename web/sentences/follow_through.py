"""The sentences of follow-up calls and of supervised follow-through."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "answer_gone": _l("A colleague has read this already."),
    "call_not_held": _l("This call is not in your hands any more. Please take it again."),
    "call_taken": _l("A colleague is calling this person just now. Please take another one."),
    "call_time_invalid": _l("Please write when to call again, such as 15:30 or 明天 10:00."),
    "charge_unknown": _l("Please choose somebody of that department who is in charge."),
    "deadline_same": _l("This is the deadline it has already."),
    "decider_unknown": _l("Please choose who decided it: the manager or a head."),
    "department_not_yours": _l("A head of a department decides for his own department."),
    "not_a_working_day": _l("This is no working day. Please choose a working day."),
    "not_yours_to_report": _l("Its own department reports that it is done."),
    "number_wrong": _l("This number was wrong. Please put it right, or choose another way."),
    "opinion_missing": _l("Please write what was decided."),
    "sealed_from_charge": _l("This case is confidential: he may not see it, so he cannot be in charge."),
    "supervised_matter_missing": _l("Please write what is to be done."),
    "supervision_unknown": _l("There is no supervision with this number."),
}
