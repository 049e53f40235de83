"""Feedback (反馈, SYS-17): what the person who raised a case was told, by which way, by whom, in which words."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, clocks, events, repair_facts
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

CHANNELS = {
    "phone": Words("电话", "Telephone"),
    "message": Words("短信", "Text message"),
    "chat": Words("微信", "Chat"),
    "face": Words("当面", "In person"),
    "paper": Words("书面", "On paper"),
}
ABOUT = {"progress": Words("进展", "Progress"), "result": Words("结果", "Result")}


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice. `receiver` is empty for the person of the case."""

    about: str
    channel: str
    receiver: str
    text: str
    at: str
    by_name: str
    round: int


def give(
    store: Store,
    *,
    no: str,
    about: str,
    channel: str,
    receiver: str = "",
    text: str,
    merged_too: bool = False,
    by: Actor,
    now: datetime,
) -> Case:
    """Record that the person was told; with `merged_too` also everybody whose case was merged into this one.

    A text that leads to the page of the case leads each to his own: the code is a bearer's key.
    The box sends nothing by itself: a member of staff did. Refuses `case_unknown`, `case_over`, `about_unknown`,
    `channel_unknown`, `feedback_text_missing`, texts.
    """
    permit(by, "give_feedback")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.closed_at is not None and case.merged_into is None:
            raise Refused("case_over")
        cases.choice(about, ABOUT, code="about_unknown")
        cases.choice(channel, CHANNELS, code="channel_unknown")
        clean = cases.text(text, missing="feedback_text_missing")
        to = cases.text(receiver, required=False, limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        tell(store, case, about=about, channel=channel, receiver=to, text=clean, merged_too=merged_too, by=by, at=at)
        return case


def tell(
    store: Store,
    case: Case,
    *,
    about: str,
    channel: str,
    receiver: str = "",
    text: str,
    merged_too: bool = False,
    by: Actor,
    at: datetime,
) -> int:
    """Write inside an act that the person was told, also of a case that is over; return the id of his notice."""
    if case.source == repair_facts.FOUND:
        # There is no owner of it: what became of it is said to whoever found it.
        receiver = receiver or case.name
    told = [(case.id, case.token)]
    if merged_too:
        told += [(row[0], row[1]) for row in store.rows("SELECT id, token FROM cases WHERE merged_into = ?", [case.id])]
    notices = []
    for case_id, token in told:
        notices.append(
            store.insert(
                "INSERT INTO feedback_notices (case_id, round, about, channel, receiver, text, at, by_id)"
                " VALUES (?, (SELECT round FROM cases WHERE id = ?), ?, ?, ?, ?, ?, ?)",
                [case_id, case_id, about, channel, receiver, text.replace(case.token, token), clock.to_text(at), by.id],
            )
        )
        events.record(store, "feedback", "case", case_id, by=by, at=at, about=about, channel=channel)
        clocks.moved(store, case_id, case.kind, "feedback", by=by, at=at)
    store.touch("cases")
    return notices[0]


def of_case(store: Store, case_id: int) -> list[Notice]:
    """Return what was said in a case, oldest first."""
    return [
        Notice(*row)
        for row in store.rows(
            "SELECT about, channel, receiver, text, at, staff.name, round FROM feedback_notices"
            " JOIN staff ON staff.id = by_id WHERE case_id = ? ORDER BY feedback_notices.id",
            [case_id],
        )
    ]


def answered(store: Store, case: Case) -> bool:
    """Tell whether the person knows the result since the case was opened (again)."""
    return bool(
        store.value(
            "SELECT 1 FROM feedback_notices WHERE case_id = ? AND round = ? AND about = 'result'", [case.id, case.round]
        )
    )


def missing(store: Store, case: Case) -> str | None:
    """Return the code of who does not know the result yet, or None: `feedback_missing` of the person himself,
    `merged_unanswered` of somebody whose case was merged into this one (K3, 10)."""
    if not answered(store, case):
        return "feedback_missing"
    unanswered = store.value(
        "SELECT 1 FROM cases WHERE merged_into = ? AND NOT EXISTS (SELECT 1 FROM feedback_notices"
        " WHERE case_id = cases.id AND about = 'result')",
        [case.id],
    )
    return "merged_unanswered" if unanswered else None
