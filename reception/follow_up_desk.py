"""回访台 (SYS-18): who is to be called, by whom, in which order; a call taken, its card, a number put right."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import (
    booking_facts,
    cases,
    complaint_facts,
    consents,
    events,
    follow_up_claims,
    follow_ups,
    local_texts,
    repair_facts,
    reveals,
    seals,
    visits,
)
from reception.cases import Case
from reception.kinds import KINDS
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

PAGE = 200
# The kinds that are followed up, in the order of a list.
FOLLOWED = tuple(code for code, kind in KINDS.items() if kind.end.follow_up[0])
# How a call stands for the reader, in the order that the desk shows them.
STANDINGS = {
    "mine": Words("我正在打", "I am calling"),
    "now": Words("该打的", "To call now"),
    "taken": Words("同事正在打", "A colleague is calling"),
    "wait": Words("稍后再打", "Later"),
    "another_way": Words("号码不对，换个方式", "Wrong number: another way"),
    "own": Words("不该由您打", "Not yours to call"),
}
# In which of them the call may be taken.
TAKABLE = frozenset({"mine", "now", "wait", "another_way"})


@dataclass(frozen=True, slots=True)
class Call:
    """A call to make; the case is masked, also to its holder. `again_at`: when to call, as agreed or by the rule of
    attempts apart; `tries`: attempts since the work was last done; `counted` of those are tries that count in vain.
    """

    case: Case
    matter: str
    due_at: str | None
    late: bool
    standing: str
    caller: str
    until_at: str | None
    again_at: str | None
    agreed: bool
    tries: int
    counted: int


def calls(store: Store, *, by: Actor, now: datetime, most: int = PAGE) -> list[Call]:
    """Return the calls within the reader's reach, the first due first; what he did himself too, as not his to call."""
    permit(by, "follow_up")
    at = events.moment(store, now)
    rows = [row for kind in FOLLOWED for row in _rows(store, kind, by, at, most)]
    rows.sort(key=lambda row: (row["due_at"] or "~", row["id"]))
    return [_call(store, row, by, at) for row in rows[:most]]


def _rows(store: Store, kind: str, by: Actor, at: datetime, most: int) -> list[Row]:
    end = KINDS[kind].end
    return store.rows(
        f"{cases.SELECT.replace(' FROM cases', f'{_MORE} FROM cases', 1)}"
        " LEFT JOIN clocks ON clocks.case_id = cases.id AND clocks.clock = 'follow_up' AND clocks.round = cases.round"
        " LEFT JOIN follow_up_claims AS claim ON claim.case_id = cases.id AND claim.until_at > :now"
        " LEFT JOIN staff AS caller ON caller.id = claim.by_id"
        " WHERE cases.kind = :kind AND cases.state = :state AND cases.closed_at IS NULL AND cases.source <> :found"
        f" AND (:own IS NULL OR cases.department = :own) AND {follow_ups.PICKED.format(id='cases.id')}"
        f" AND {seals.open_to(by)}"
        " ORDER BY clocks.due_at IS NULL, clocks.due_at, cases.id LIMIT :most",
        {
            "kind": kind,
            "state": end.follow_up[0],
            "share": end.share(site(store)),
            "found": repair_facts.FOUND,
            "own": by.department if by.role in cases.OF_OWN_DEPARTMENT else None,
            "now": clock.to_text(at),
            "most": most,
        },
    )


_MORE = (
    ", clocks.due_at, claim.by_id AS caller_id, caller.name AS caller, claim.until_at,"
    " (SELECT count(*) FROM follow_ups WHERE case_id = cases.id AND follow_ups.round = cases.round) AS tries,"
    " (SELECT again_at FROM follow_ups WHERE case_id = cases.id AND follow_ups.round = cases.round"
    " ORDER BY follow_ups.id DESC LIMIT 1) AS agreed_at"
)


def _call(store: Store, row: Row, by: Actor, at: datetime) -> Call:
    case, moment = cases.from_row(row, whole=False), clock.to_text(at)
    vain = follow_ups.vain(store, case)
    agreed = row["agreed_at"]
    again = agreed or vain.next_at
    return Call(
        case=case,
        matter=matter_of(store, case),
        due_at=row["due_at"],
        late=bool(row["due_at"] and row["due_at"] < moment),
        standing=_standing(store, row, case, by, waits=bool(again and again > moment)),
        caller=row["caller"] or "",
        until_at=row["until_at"],
        again_at=again,
        agreed=agreed is not None,
        tries=row["tries"],
        counted=vain.counted,
    )


def _standing(store: Store, row: Row, case: Case, by: Actor, *, waits: bool) -> str:
    if follow_ups.worked_on(store, case, by):
        return "own"
    if row["caller_id"] is not None:
        return "mine" if row["caller_id"] == by.id else "taken"
    if follow_ups.number_wrong(store, case):
        return "another_way"
    return "wait" if waits else "now"


def matter_of(store: Store, case: Case) -> str:
    """Return what the case is about, in the words that were written down."""
    if case.kind == complaint_facts.KIND:
        return complaint_facts.details(store, case).facts
    if case.kind == booking_facts.KIND:
        return booking_facts.details(store, case).matter
    return repair_facts.details(store, case).content


def take(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Take a call: nobody else calls him meanwhile, and name and telephone are shown; the look is listed (`reveals`).

    Taken again it stays his for longer. Refuses `case_unknown`, `step_not_now`, `follow_up_own`, `call_taken`.
    """
    permit(by, "follow_up")
    with writing(store):
        found = cases.find(store, no, by=by)
        case = cases.whole(store, found.id)
        if not follow_ups.followed_up_now(case):
            raise Refused("step_not_now")
        if follow_ups.worked_on(store, case, by):
            raise Refused("follow_up_own")
        at = events.moment(store, now)
        held = follow_up_claims.holder(store, case.id, at=at)
        follow_up_claims.take(store, case.id, by=by, at=at)
        if held is None or held.by_id != by.id:
            _note(store, found, by=by, at=at)
        store.touch("cases")
        return case


def _note(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    if case.whole:
        events.record(store, "take_call", "case", case.id, by=by, at=at)
    else:
        reveals.note(store, "take_call", "case", case.id, reason=reveals.FOLLOW_UP, by=by, at=at)


def let_go(store: Store, *, no: str, by: Actor, now: datetime) -> None:
    """Put a call back without a result. Refuses `case_unknown`, `call_not_held` (it is not his any more)."""
    permit(by, "follow_up")
    with writing(store):
        follow_up_claims.drop(store, _held(store, no, by=by, now=now))
        store.touch("cases")


def card(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Return the case of a call that the reader has taken: whole. Refuses `case_unknown`, `call_not_held`."""
    permit(by, "follow_up")
    return cases.whole(store, _held(store, no, by=by, now=now))


def _held(store: Store, no: str, *, by: Actor, now: datetime) -> int:
    case = cases.find(store, no, by=by)
    claim = follow_up_claims.holder(store, case.id, at=events.moment(store, now))
    if claim is None or claim.by_id != by.id:
        raise Refused("call_not_held")
    return case.id


def correct_phone(store: Store, *, no: str, phone: str, by: Actor, now: datetime) -> Case:
    """Put another telephone into a case whose number was wrong; only by whoever has the call.

    Refuses `case_unknown`, `call_not_held`, `phone_missing`, `phone_invalid`.
    """
    permit(by, "follow_up")
    with writing(store):
        case_id = _held(store, no, by=by, now=now)
        clean = visits.particulars(store, phone=phone, by=by).phone
        if not clean:
            raise Refused("phone_missing")
        at = events.moment(store, now)
        store.execute("UPDATE cases SET phone = ? WHERE id = ?", [clean, case_id])
        consents.keep(store, "cases", case_id, by=by, at=at, source="phone")
        events.record(store, "correct_phone", "case", case_id, by=by, at=at)
        store.touch("cases")
        return cases.whole(store, case_id)


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("no", Words("编号", "Case")),
        ("kind", Words("类型", "Kind")),
        ("home", Words("住址", "Home")),
        ("name", Words("姓名", "Name")),
        ("phone", Words("电话", "Phone")),
        ("due", Words("时限", "Due")),
        ("standing", Words("怎么办", "How it stands")),
        ("caller", Words("回访人", "Caller")),
        ("again", Words("何时再打", "Call at")),
        ("tries", Words("已试次数", "Attempts")),
    ]


def rows(store: Store, listed: list[Call]) -> list[dict[str, str | Words]]:
    """Return calls as rows of a table, masked as the list is; times of the site."""
    time = local_texts.writer(site(store))
    return [
        {
            "no": one.case.no,
            "kind": KINDS[one.case.kind].name,
            "home": one.case.unit.label if one.case.unit else "",
            "name": one.case.name,
            "phone": one.case.phone,
            "due": time(one.due_at),
            "standing": STANDINGS[one.standing],
            "caller": one.caller,
            "again": time(one.again_at),
            "tries": str(one.tries),
        }
        for one in listed
    ]
