"""The sentences of inquiries, saved answers, suggestions and calls."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "advice_missing": _l("Please write what you know about it."),
    "answer_missing": _l("Please write the answer, in the words you say."),
    "answer_way_unknown": _l("Please choose whether it is answered at once or promised."),
    "deadline_promised": _l("The person was promised this time. Promise another one on the page of the case."),
    "expert_missing": _l("Please choose whom to ask: somebody, or a department."),
    "outcome_unknown": _l("Please choose what became of the call."),
    "question_missing": _l("Please write what was asked."),
    "reply_time_invalid": _l("Please agree on when the person hears."),
    "rings_invalid": _l("Rings are a number from 1 to 30, or nothing."),
    "saved_answer_unknown": _l("There is no such answer in the list."),
    "suggestion_missing": _l("Please write the suggestion."),
    "topic_unknown": _l("Please choose what it is about."),
    "transfer_missing": _l("Please write to whom the call was put through."),
}
