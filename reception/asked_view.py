"""What whoever asked, or made a suggestion, sees of it: where it stands, and by when he hears.

Nothing personal in it (domain.md K12), and of what was answered nothing: that is told to him.
"""

from datetime import datetime

from db.store import Store
from reception import inquiry_facts, suggestion_facts
from reception.cases import Case
from reception.owner_steps import Step
from reception.owner_view import Progress
from reception.rules import clock, said_times
from reception.site import site
from reception.wording import Words

_INQUIRY = {
    "open": Words("已记录", "Noted"),
    "promised": Words("{zh}正在核实您的问题", "{en} is finding out"),
    "answered": Words("已答复您", "You were given an answer"),
    "replied": Words("已答复您", "You were given an answer"),
    "closed": Words("已办结，谢谢", "Closed, thank you"),
}
_SUGGESTION = {
    "received": Words("已收到，谢谢您的建议", "Received, thank you"),
    "forwarded": Words("已转{zh}研究", "Passed to {en}"),
    "answered": Words("已答复，谢谢您的建议", "Answered, thank you"),
    "closed": Words("已办结，谢谢您的建议", "Closed, thank you"),
}
_STEPS = {
    "promise_answer": Words("已约定答复时间", "Answer promised"),
    "consult_expert": Words("已请专业人员核实", "Somebody who knows was asked"),
    "answer_inquiry": Words("已答复", "Answered"),
    "reply": Words("已答复", "Answered"),
    "ask_again": Words("再次咨询", "Asked further"),
    "forward_suggestion": Words("已转交", "Passed on"),
    "answer_suggestion": Words("已答复", "Answered"),
    "close": Words("已办结", "Closed"),
}


def of_inquiry(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how an inquiry stands at a moment; with `now` None times are said by their date alone.

    `judged_at` is then the moment by which a promise may have passed.
    """
    note = _by_when(store, case, now, judged_at or now) if case.state == "promised" else None
    return _progress(store, case, _INQUIRY[case.state], note)


def of_suggestion(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how a suggestion stands; no time is promised for it."""
    note = None
    if case.state in {"answered", "closed"} and suggestion_facts.details(store, case).on_board:
        note = Words("答复已在公告栏公布", "The answer is on the notice board")
    return _progress(store, case, _SUGGESTION[case.state], note)


def _progress(store: Store, case: Case, said: Words, note: Words | None) -> Progress:
    department = case.department_name
    return Progress(
        Words(said.zh.format(zh=department.zh), said.en.format(en=department.en)),
        note,
        _steps(store, case),
        None,
        frozenset(),
        bool(case.phone),
        "",
    )


def _by_when(store: Store, case: Case, now: datetime | None, judged_at: datetime | None) -> Words:
    """Return by when the person hears: as it was agreed, without the tolerance that the clock allows."""
    at = clock.to_text(judged_at) if judged_at else case.received_at
    agreed = inquiry_facts.details(store, case).promised_at
    if agreed <= at:
        return Words("抱歉让您久等，我们正在催办", "Sorry to keep you waiting: we are pressing for it")
    when = said_times.moment(clock.from_text(agreed), zone=site(store).zone, now=now)
    return Words(f"{when[0]} 前答复您", f"You get an answer by {when[1]}")


def _steps(store: Store, case: Case) -> tuple[Step, ...]:
    rows = store.rows("SELECT at, what FROM events WHERE subject = 'case' AND subject_id = ? ORDER BY id", [case.id])
    found = [Step(case.received_at, Words("已收到", "Received"))]
    return tuple(found + [Step(row["at"], _STEPS[row["what"]]) for row in rows if row["what"] in _STEPS])
