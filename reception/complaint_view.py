"""What the person who complained sees of it: where it stands in a plain sentence, by when he hears, what was done.

Nothing personal in it (domain.md K12), and of what was found and replied nothing: that is told to him, not shown to
whoever holds the paper.
"""

from datetime import datetime

from db.store import Store
from reception import complaint_facts, follow_ups, without_consent
from reception.cases import Case
from reception.owner_steps import Step
from reception.owner_view import Progress
from reception.rules import clock, said_times
from reception.rules.complaint_states import UNANSWERED
from reception.site import site
from reception.wording import Words

_SENTENCES = {
    "received": Words("已受理", "Received"),
    "acknowledged": Words("已受理", "Received"),
    "assigned": Words("已转{zh}处理", "Passed to {en}"),
    "investigating": Words("{zh}正在核实", "{en} is looking into it"),
    "reopened": Words("已重新处理，由负责人跟进", "Opened again; a head takes care of it"),
    "replied": Words("已答复您", "You were given a reply"),
    "followed_up": Words("已答复并回访，谢谢", "Replied and followed up, thank you"),
    "closed": Words("已办结，谢谢", "Closed, thank you"),
    "withdrawn": Words("已按您的要求撤回", "Withdrawn as you wished"),
    "merged": Words(
        "已与同一问题合并处理，结果同样会告诉您", "Handled with another of the same matter; you are told too"
    ),
}
WITHOUT_CONSENT = Words(
    "已由项目经理决定结案（您未表示同意），如有异议请联系我们",
    "Closed by decision of the manager, without your consent; please call us if you object",
)
# A sealed one may have been closed by the head of service, and says nothing of who hears it.
BY_A_HEAD = Words(
    "已由负责人决定结案（您未表示同意），如有异议请联系我们",
    "Closed by decision of a head, without your consent; please call us if you object",
)
# What the person may read of its history, and in which words.
_STEPS = {
    "assign_complaint": Words("已转办", "Passed on"),
    "raise": Words("已上报负责人", "Handed up to a head"),
    "reply": Words("已答复", "Replied"),
    "reopen": Words("重新处理", "Opened again"),
    "follow_up": Words("已回访", "Followed up"),
    "close": Words("已办结", "Closed"),
    "close_without_consent": without_consent.NAME,
    "withdraw": Words("已撤回", "Withdrawn"),
    "merge": Words("已并案", "Merged"),
}


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how a complaint stands at a moment; with `now` None times are said by their date alone.

    `judged_at` is then the moment by which a promise may have passed.
    """
    can = {"rate"} if follow_ups.answerable(case) and follow_ups.own_answer(store, case) is None else set()
    without = BY_A_HEAD if case.sealed else WITHOUT_CONSENT
    said = without if without_consent.stands(store, case.no) else _SENTENCES[case.state]
    department = case.department_name
    return Progress(
        Words(said.zh.format(zh=department.zh), said.en.format(en=department.en)),
        _by_when(store, case, now, judged_at or now) if case.state in UNANSWERED else None,
        _steps(store, case),
        None,
        frozenset(can),
        bool(case.phone),
        "",
    )


def _by_when(store: Store, case: Case, now: datetime | None, judged_at: datetime | None) -> Words | None:
    """Return by when the person hears next: what the running clocks say; nothing of one that is over."""
    at = clock.to_text(judged_at) if judged_at else case.received_at
    # What was agreed is said as agreed, without the tolerance that its clock allows.
    soonest = store.value(
        "SELECT min(said) FROM (SELECT iif(clock = 'next_update', (SELECT next_update_at FROM case_escalations WHERE"
        " case_escalations.case_id = clocks.case_id ORDER BY id DESC LIMIT 1), due_at) AS said FROM clocks"
        " WHERE case_id = ? AND stopped_at IS NULL) WHERE said > ?",
        [case.id, at],
    )
    if soonest is None:
        return Words("抱歉让您久等，我们正在催办", "Sorry to keep you waiting: we are pressing for it")
    when = said_times.moment(clock.from_text(soonest), zone=site(store).zone, now=now)
    return Words(f"{when[0]} 前告诉您进展", f"You hear from us by {when[1]}")


def _steps(store: Store, case: Case) -> tuple[Step, ...]:
    rows = store.rows("SELECT at, what FROM events WHERE subject = 'case' AND subject_id = ? ORDER BY id", [case.id])
    found = [Step(case.received_at, complaint_facts.STATES["received"])]
    return tuple(found + [Step(row["at"], _STEPS[row["what"]]) for row in rows if row["what"] in _STEPS])
