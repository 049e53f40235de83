"""Deciding on the visit day (决议, RUL-06, RUL-08, K3, 7): never without a department and a deadline.

A decision is never changed. It is read to the owner, and from then on it is a supervised matter: the head of its
department answers for it until the owner was told what came of it.
"""

from datetime import date, datetime, timedelta

from db.store import Store, writing
from reception import (
    booking_facts,
    cases,
    events,
    nonces,
    resolution_papers,
    session_arrivals,
    supervisions,
)
from reception.cases import Case
from reception.permissions import FRONT, Actor, Role, permit
from reception.refusal import Refused
from reception.resolution_facts import SIGNED, host_of, of_case
from reception.rules import clock
from reception.rules.booking_states import STEPS, allowed
from reception.supervision_records import OVER_ALL


def decide(
    store: Store, *, no: str, nonce: str, opinion: str, department: str, due_on: str, by: Actor, now: datetime
) -> Case:
    """Write a decision: in the talk, for whoever is handed to a department instead, or once it was opened again.

    May be done several times; the state stays. `due_on` is a working day, by whose close of business it must be done.
    The same nonce decides once. Refuses `case_unknown`, `not_the_host`, `step_not_now`, `opinion_missing`,
    `department_unknown`, `charge_unknown` (nobody heads it), what `supervisions.close_of_day` refuses, texts.
    """
    permit(by, "decide_in_visit")
    content = {"case": no, "opinion": opinion, "department": department, "due": due_on}

    def make(at: datetime) -> int:
        case = _found(store, no, by=by)
        # Opened again there is no talk: somebody over all departments takes it up.
        if case.state == "reopened":
            _over_all(store, case, by)
        if not allowed("decide", case.state):
            raise Refused("step_not_now")
        _write(store, case, opinion, department, due_on, "", "decide", by=by, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "decide_in_visit", content, now=now, make=make))


def add(
    store: Store,
    *,
    no: str,
    nonce: str,
    opinion: str,
    department: str,
    due_on: str,
    reason: str,
    by: Actor,
    now: datetime,
) -> Case:
    """Add a decision, with the reason, while the others are followed; it is supervised at once.

    A new paper says so. The same nonce adds it once. Refuses as `decide`, and `reason_missing`.
    """
    permit(by, "decide_in_visit")
    content = {"case": no, "opinion": opinion, "department": department, "due": due_on, "reason": reason}

    def make(at: datetime) -> int:
        case = _found(store, no, by=by)
        _over_all(store, case, by)
        if not allowed("add_decision", case.state):
            raise Refused("step_not_now")
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        _write(store, case, opinion, department, due_on, why, "add_decision", by=by, at=at)
        _supervise(store, case, decider=by.id or 0, by=by, at=at)
        resolution_papers.enqueue(store, case, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "add_decision", content, now=now, make=make))


def read_back(store: Store, *, no: str, signed: str, by: Actor, now: datetime) -> Case:
    """The decisions were read to the owner, who `signed` the paper (SIGNED), would not, or was not there.

    From now on each is supervised, and the paper is queued. Refuses `case_unknown`, `not_the_host`, `step_not_now`,
    `signed_unknown`, `decision_missing`, `charge_unknown`, `changed_meanwhile`.
    """
    permit(by, "decide_in_visit")
    with writing(store):
        case, at = _found(store, no, by=by), events.moment(store, now)
        if not allowed("resolve", case.state):
            raise Refused("step_not_now")
        cases.choice(signed, SIGNED, code="signed_unknown")
        done = store.changed(
            "UPDATE resolutions SET read_back_at = ?, signed = ?, seen_by = ? WHERE case_id = ? AND round = ?"
            " AND read_back_at IS NULL",
            [clock.to_text(at), signed, by.id, case.id, case.round],
        )
        if not done:
            raise Refused("decision_missing")
        decider = None if case.state == "reopened" else host_of(store, case)
        cases.move(store, case, "resolved", "resolve", by=by, at=at, detail={"signed": signed})
        # Handed to a department without a talk: nobody calls him any more.
        if case.state == "checked_in":
            session_arrivals.let_go(store, case.id, by=by, now=now)
        _supervise(store, case, decider=decider, by=by, at=at)
        cases.move(store, cases.whole(store, case.id), "supervised", "supervise_visit", by=by, at=at)
        resolution_papers.enqueue(store, cases.whole(store, case.id), at=at)
        return cases.whole(store, case.id)


def note_signature(store: Store, *, no: str, signed: str, by: Actor, now: datetime) -> Case:
    """The owner took the paper otherwise than was written when it was read to him: it is put right, the history keeps
    what was written before.

    Refuses `case_unknown`, `not_the_host`, `step_not_now`, `signed_unknown`, `nothing_changed`.
    """
    permit(by, "decide_in_visit")
    with writing(store):
        case, at = _found(store, no, by=by), events.moment(store, now)
        if not allowed("note_signature", case.state):
            raise Refused("step_not_now")
        cases.choice(signed, SIGNED, code="signed_unknown")
        done = store.changed(
            "UPDATE resolutions SET signed = ?, seen_by = ? WHERE case_id = ? AND round = ? AND reason IS NULL"
            " AND signed <> ?",
            [signed, by.id, case.id, case.round, signed],
        )
        if not done:
            raise Refused("nothing_changed")
        cases.move(store, case, case.state, "note_signature", by=by, at=at, detail={"signed": signed})
        return cases.whole(store, case.id)


def _found(store: Store, no: str, *, by: Actor) -> Case:
    """Return the booking, whole: for its host whatever his department, for the desk and those over all departments.

    Refuses `case_unknown`, `not_the_host`, `step_not_now` (no booking).
    """
    case_id = store.value(
        "SELECT case_id FROM cases JOIN visit_day_bookings ON case_id = cases.id WHERE no = ?", [no.strip().upper()]
    )
    if case_id is None:
        cases.find(store, no, by=by)
        raise Refused("step_not_now")
    case = cases.whole(store, case_id)
    if by.role not in FRONT | {Role.MANAGER} and by.id != host_of(store, case):
        # A head of department who only accompanies the host decides nothing; another's case does not exist for him.
        cases.find(store, no, by=by)
        raise Refused("not_the_host")
    return case


def _over_all(store: Store, case: Case, by: Actor) -> None:
    if by.role not in OVER_ALL and by.id != host_of(store, case):
        raise Refused("not_the_host")


def _write(
    store: Store,
    case: Case,
    opinion: str,
    department: str,
    due_on: str,
    reason: str,
    what: str,
    *,
    by: Actor,
    at: datetime,
) -> None:
    words = cases.text(opinion, missing="opinion_missing")
    if store.value("SELECT 1 FROM departments WHERE code = ?", [department]) is None:
        raise Refused("department_unknown")
    supervisions.charge_of(store, department, "", case)
    supervisions.close_of_day(store, due_on, at)
    made = store.insert(
        "INSERT INTO resolutions (case_id, round, opinion, department, due_on, reason, at, by_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            case.id,
            case.round,
            words,
            department,
            date.fromisoformat(due_on.strip()).isoformat(),
            reason or None,
            clock.to_text(at),
            by.id,
        ],
    )
    cases.move(store, case, STEPS[what].after or case.state, what, by=by, at=at, detail={"resolution": made})


def _supervise(store: Store, case: Case, *, decider: int | None, by: Actor, at: datetime) -> None:
    """Open a supervision for every decision that has none: its time began when it was decided, not when read back."""
    matter = booking_facts.details(store, case).matter
    for row in store.rows(
        "SELECT * FROM resolutions WHERE case_id = ? AND supervision_id IS NULL ORDER BY id", [case.id]
    ):
        # Of a clock that ran ahead and was put right since: no decision was taken later than now.
        since = min(row["at"], clock.to_text(at))
        decided = clock.from_text(since)
        due, remind = supervisions.end_of_day(store, date.fromisoformat(row["due_on"]), decided)
        # The hours of the centre may have been changed since: a promise never ends before it was given.
        due = max(due, clock.to_text(decided + timedelta(minutes=1)))
        one = supervisions.put(
            store,
            matter=matter,
            opinion=row["opinion"],
            department=row["department"],
            charge=supervisions.charge_of(store, row["department"], "", case),
            decider=decider or row["by_id"],
            due=due,
            remind=min(remind, due),
            case=case,
            since=since,
            by=by,
            at=at,
        )
        store.execute("UPDATE resolutions SET supervision_id = ? WHERE id = ?", [one.id, row["id"]])


def pending(store: Store, case: Case) -> int:
    """Return how many decisions of this round were not read to the owner yet."""
    return sum(
        one.read_back_at is None and not one.reason for one in of_case(store, case.id) if one.round == case.round
    )
