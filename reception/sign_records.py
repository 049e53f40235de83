"""What is kept of the signatures of a booking (签批), and who reads its form: also those who sign for a department."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import booking_facts, cases, events, reveals, seals, sign_chain, sign_deputies
from reception.booking_facts import KIND, Booking
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.reveals import Reason
from reception.wording import Words

MOST: Final = 200
VOID_REASONS: Final = {
    "reworded": Words("事由已改", "The matter was reworded"),
    "returned": Words("已退回", "Sent back"),
    "rechained": Words("签批顺序已改", "The order of signatures changed"),
    "withdrawn": Words("业主已撤回", "The owner took it back"),
}


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature, asked for or given. `asked` names who is asked while it is pending.

    `turn`: it may be given now. `own_head` is False where another answers for a department without a head.
    """

    id: int
    case_id: int
    wording: int
    round: int
    step: str
    position: int
    department: str | None
    department_name: Words | None
    own_head: bool
    state: str
    void_reason: str | None
    opinion: str
    handling_department: str | None
    handling: Words | None
    deadline_on: str | None
    inherits_name: str
    for_name: str
    by_name: str
    on_behalf: bool
    on_paper: bool
    signed_at: str | None
    due_at: str | None
    reminded_at: str | None
    asked: tuple[str, ...]
    turn: bool

    @property
    def step_words(self) -> Words:
        """Which step of the chain it is."""
        return sign_chain.STEPS[self.step]

    @property
    def void_words(self) -> Words:
        """Why it does not count."""
        return VOID_REASONS[self.void_reason] if self.void_reason else Words("", "")

    @property
    def stands(self) -> bool:
        """Whether another may take over what it says."""
        return self.state == "agreed"


SELECT: Final = (
    "SELECT endorsements.*, of.name AS of_zh, of.name_en AS of_en, handling.name AS handling_zh,"
    " handling.name_en AS handling_en, coalesce(whose.name, '') AS for_name, coalesce(signer.name, '') AS by_name,"
    " coalesce(first.name, '') AS inherits_name, endorsements.state = 'pending' AND endorsements.position ="
    " (SELECT min(position) FROM endorsements AS open WHERE open.case_id = endorsements.case_id"
    " AND open.state = 'pending') AS turn"
    " FROM endorsements LEFT JOIN departments AS of ON of.code = endorsements.department"
    " LEFT JOIN departments AS handling ON handling.code = endorsements.handling_department"
    " LEFT JOIN staff AS whose ON whose.id = endorsements.signed_for"
    " LEFT JOIN staff AS signer ON signer.id = endorsements.signed_by"
    " LEFT JOIN endorsements AS taken ON taken.id = endorsements.inherits_id"
    " LEFT JOIN staff AS first ON first.id = taken.signed_for"
)
_SAME: Final = (
    "id",
    "case_id",
    "wording",
    "round",
    "step",
    "position",
    "department",
    "state",
    "void_reason",
    "handling_department",
    "deadline_on",
    "inherits_name",
    "for_name",
    "by_name",
    "signed_at",
    "due_at",
    "reminded_at",
)


def _from_rows(store: Store, rows: Iterable[Row]) -> list[Signature]:
    """Return signatures from rows of SELECT; who signs a step of a department is asked once for all of them."""
    own_head = cache(partial(sign_chain.has_own_head, store))
    asked = cache(lambda step, department: _names(store, sign_chain.signers(store, step, department)))
    return [_from_row(row, own_head, asked) for row in rows]


def _from_row(
    row: Row, own_head: Callable[[str], bool], asked: Callable[[str, str | None], tuple[str, ...]]
) -> Signature:
    department = row["department"]
    return Signature(
        **{name: row[name] for name in _SAME},
        department_name=Words(row["of_zh"], row["of_en"]) if department else None,
        own_head=not department or own_head(department),
        opinion=row["opinion"] or "",
        handling=Words(row["handling_zh"], row["handling_en"]) if row["handling_department"] else None,
        on_behalf=bool(row["on_behalf"]),
        on_paper=bool(row["on_paper"]),
        asked=asked(row["step"], department) if row["state"] == "pending" else (),
        turn=bool(row["turn"]),
    )


def _names(store: Store, ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(store.value("SELECT name FROM staff WHERE id = ?", [one]) for one in ids)


def of_case(store: Store, case_id: int) -> list[Signature]:
    """Return every signature of a booking, void ones too, in the order in which they were asked for."""
    return _of_cases(store, [case_id])[:MOST]


def _of_cases(store: Store, ids: Sequence[int]) -> list[Signature]:
    rows = store.rows(
        f"{SELECT} WHERE endorsements.case_id IN (SELECT value FROM json_each(?))"  # noqa: S608
        " ORDER BY endorsements.round, endorsements.position, endorsements.id",
        [json.dumps(ids)],
    )
    return _from_rows(store, rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """A signature that a reader is asked for: `for_name` is whose it is where he is the deputy.

    `last` is the latest one that he may agree with, `earlier` all that stand before it.
    """

    signature: Signature
    case: Case
    booking: Booking
    for_name: str
    earlier: tuple[Signature, ...]

    @property
    def last(self) -> Signature | None:
        """The signature that 同意前述意见 takes over."""
        return self.earlier[-1] if self.earlier else None


def mine(store: Store, *, by: Actor, now: datetime, most: int = MOST) -> list[Asked]:
    """Return what the reader may sign now, as himself and as a deputy, what is due first before the rest."""
    permit(by, "sign_booking")
    assert by.id is not None
    whose = [by.id, *sign_deputies.stands_for(store, by.id, events.moment(store, now))]
    asked = {}
    for row in store.rows("SELECT DISTINCT step, department FROM endorsements WHERE state = 'pending'"):
        signers = sign_chain.signers(store, row["step"], row["department"])
        found = next((one for one in whose if one in signers), None)
        if found is not None:
            asked[row["step"], row["department"]] = found
    rows = []
    for step, department in asked:
        rows += store.rows(
            f"{SELECT} WHERE endorsements.state = 'pending' AND endorsements.step = ?"
            " AND endorsements.department IS ? AND turn ORDER BY endorsements.due_at, endorsements.id LIMIT ?",
            [step, department, most],
        )
    rows.sort(key=lambda row: (row["due_at"] or "", row["id"]))
    return _asked(store, [(row, asked[row["step"], row["department"]]) for row in rows[:most]], by)


def here(store: Store, case: Case, *, by: Actor, now: datetime) -> list[Asked]:
    """Return what of one booking the reader may sign now, as himself or as a deputy."""
    assert by.id is not None
    whose = [by.id, *sign_deputies.stands_for(store, by.id, events.moment(store, now))]
    found = []
    for row in _turn(store, case):
        signers = sign_chain.signers(store, row["step"], row["department"])
        found += [(row, one) for one in whose if one in signers][:1]
    return _asked(store, found, by)


def _turn(store: Store, case: Case) -> list[Row]:
    return store.rows(
        f"{SELECT} WHERE endorsements.case_id = ? AND endorsements.state = 'pending' AND turn ORDER BY endorsements.id",
        [case.id],
    )


def on_paper(store: Store, case: Case) -> list[tuple[Signature, list[tuple[str, str]]]]:
    """Return what of a booking may be entered from the paper now, each with (login, name) of those asked."""
    rows = _turn(store, case)
    return [
        (
            signature,
            [
                tuple(store.row("SELECT login, name FROM staff WHERE id = ?", [one]) or ())
                for one in sign_chain.signers(store, row["step"], row["department"])
            ],
        )
        for row, signature in zip(rows, _from_rows(store, rows), strict=True)
    ]


def _asked(store: Store, found: Sequence[tuple[Row, int]], by: Actor) -> list[Asked]:
    """Return what is asked by rows of SELECT, each with whose signature it is; as many questions for one as for all."""
    ids = [row["case_id"] for row, _ in found]
    known, booked, given = cases.masked_all(store, ids), booking_facts.details_of(store, ids), defaultdict(list)
    for one in _of_cases(store, ids):
        given[one.case_id].append(one)
    names = {whose: "" if whose == by.id else _names(store, [whose])[0] for _, whose in found}
    result = []
    for signature, (row, whose) in zip(_from_rows(store, [row for row, _ in found]), found, strict=True):
        case = known[row["case_id"]]
        earlier = tuple(one for one in given[case.id] if one.stands and one.wording == signature.wording)
        result.append(Asked(signature, case, booked[case.id], names[whose], earlier))
    return result


def find(store: Store, no: str, *, by: Actor, now: datetime) -> Case:
    """Return a booking by its number to whoever sees it, or was asked to sign it; masked but to who holds
    it or serves its visitor.

    That a department was asked stands in the history of the booking: that act gave its head this access. Refuses
    `case_unknown`.
    """
    permit(by, "see_booking_form")
    row = store.row(
        f"{cases.SELECT} WHERE cases.no = ? AND cases.kind = '{KIND}' AND {seals.open_to(by)}", [no.strip().upper()]
    )
    case = cases.from_row(row, whole=cases.is_before(store, row, by)) if row is not None else None
    if case is None or not (cases.within_reach(case, by) or _is_asked(store, case, by=by, now=now)):
        raise Refused("case_unknown")
    return case


def _is_asked(store: Store, case: Case, *, by: Actor, now: datetime) -> bool:
    assert by.id is not None
    whose = {by.id, *sign_deputies.stands_for(store, by.id, events.moment(store, now))}
    return any(
        by.id in (row["signed_for"], row["signed_by"])
        or whose & set(sign_chain.signers(store, row["step"], row["department"]))
        for row in store.rows(
            "SELECT step, department, signed_for, signed_by FROM endorsements WHERE case_id = ? LIMIT ?",
            [case.id, MOST],
        )
    )


def recorder(store: Store, case: Case) -> str:
    """Return who wrote the form: whoever took the booking in; '' where its owner did it himself."""
    name: str | None = store.value(
        "SELECT staff.name FROM events JOIN staff ON staff.id = by_id WHERE subject = 'case' AND subject_id = ?"
        " AND what = ? ORDER BY events.id LIMIT 1",
        [case.id, f"open_{KIND}"],
    )
    return name or ""


def reveal(store: Store, *, no: str, why: Reason, by: Actor, now: datetime) -> Case:
    """Show the form with name and phone to whoever may read it; the look and why are written down.

    Refuses as `find`, and what `reveals.record` refuses.
    """
    permit(by, "see_booking_form")
    with writing(store):
        case = find(store, no, by=by, now=now)
        if case.whole:
            return case
        reveals.record(store, "reveal", "case", case.id, why=why, by=by, at=events.moment(store, now))
        return cases.whole(store, case.id)
