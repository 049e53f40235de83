"""公务接洽 (SYS-29): somebody of another body comes on business, is led to the member of staff for it, who is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from db.store import Store, writing
from reception import cases, departments, events, feedback, nonces, tellings, visits
from reception.cases import Case
from reception.papers import Paper
from reception.permissions import FRONT, Actor, permit
from reception.refusal import Refused
from reception.rules.handover_states import official
from reception.wording import Words

KIND: Final = "official"
SERIES: Final = "GW"
NAME = Words("公务接洽", "Official business")
STATES = {
    "received": Words("待安排", "To be led on"),
    "handed": Words("已转对口人员", "With its counterpart"),
    "closed": Words("已办结", "Closed"),
}


@dataclass(frozen=True, slots=True)
class Official:
    """The details; `counterpart` is empty until somebody was found."""

    organisation: str
    matter: str
    counterpart_id: int | None
    counterpart: str
    department: Words


def register(
    store: Store,
    *,
    nonce: str,
    name: str,
    phone: str = "",
    organisation: str,
    matter: str,
    counterpart: str = "",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Receive somebody of another body, and lead him to his counterpart (by login) where that is known already.

    The same nonce returns the same case. Refuses `name_missing`, `organisation_missing`, `business_missing`,
    `host_unknown`, and what `visits.particulars`, `cases.text` and `nonces` refuse.
    """
    permit(by, "receive_official")
    content: dict[str, Any] = {"name": name, "phone": phone, "organisation": organisation, "matter": matter}
    content |= {"counterpart": counterpart, "visit": visit_id}

    def make(at: datetime) -> int:
        person = visits.particulars(store, name=name, phone=phone, by=by)
        if not person.name:
            raise Refused("name_missing")
        body = cases.text(organisation, missing="organisation_missing", limit=cases.SHORT_LIMIT)
        clean = cases.text(matter, missing="business_missing", limit=200)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="received",
            person=person,
            visit_id=visit_id,
            department=by.department,
            by=by,
            at=at,
        )
        store.execute("INSERT INTO officials (case_id, organisation, matter) VALUES (?, ?, ?)", [case.id, body, clean])
        if counterpart:
            _hand(store, case, counterpart, by=by, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "receive_official", content, now=now, make=make))


def details(store: Store, case: Case) -> Official:
    """Return who came on what business, and whose it is."""
    row = store.row(
        "SELECT officials.*, coalesce(staff.name, '') AS name, staff.department FROM officials"
        " LEFT JOIN staff ON staff.id = counterpart_id WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    department = departments.name(store, row["department"]) if row["department"] else Words("", "")
    return Official(row["organisation"], row["matter"], row["counterpart_id"], row["name"], department)


def hand(store: Store, *, no: str, counterpart: str, by: Actor, now: datetime) -> Case:
    """Lead the visitor to a member of staff (by login), who is told and answers for it from now on.

    Refuses `case_unknown`, `step_not_now`, `host_unknown`, `nothing_changed` (it is his already).
    """
    permit(by, "hand_official")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        return _hand(store, case, counterpart, by=by, at=events.moment(store, now))


def _hand(store: Store, case: Case, counterpart: str, *, by: Actor, at: datetime) -> Case:
    if case.kind != KIND or not official.allowed("hand", case.state):
        raise Refused("step_not_now")
    row = store.row("SELECT id, role, department FROM staff WHERE login = ? AND active = 1", [counterpart])
    if row is None or row["role"] not in tellings.HOSTS:
        raise Refused("host_unknown")
    was = details(store, case).counterpart_id
    if was == row["id"]:
        raise Refused("nothing_changed")
    store.execute("UPDATE officials SET counterpart_id = ? WHERE case_id = ?", [row["id"], case.id])
    also = {"owner_id": row["id"], "department": row["department"]}
    cases.move(store, case, "handed", "hand_official", by=by, at=at, detail={"to": row["id"]}, **also)
    # It is no more his: what he was told of it needs no word of him, and who knew of it waits for nobody.
    if was is not None and not tellings.seen(store, case.id, was, by=by, at=at):
        tellings.tell(store, case.id, was, "official_on", by=by, at=at)
    tellings.tell(store, case.id, row["id"], "official", by=by, at=at)
    return cases.whole(store, case.id)


def close(store: Store, *, no: str, result: str, channel: str, by: Actor, now: datetime) -> Case:
    """Its counterpart, or the desk in his words, says what came of it; the visitor was told so by this way.

    Refuses `case_unknown`, `step_not_now`, `official_not_yours`, `result_missing`, what `feedback.give` refuses.
    """
    permit(by, "close_official")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != KIND or not official.allowed("close", case.state):
            raise Refused("step_not_now")
        counterpart = details(store, case).counterpart_id
        if by.role not in FRONT and counterpart != by.id:
            raise Refused("official_not_yours")
        clean = cases.text(result, missing="result_missing")
        at = events.moment(store, now)
        feedback.give(store, no=no, about="result", channel=channel, text=clean, by=by, now=at)
        cases.move(store, case, "closed", "close_official", by=by, at=at)
        if counterpart is not None:
            tellings.seen(store, case.id, counterpart, by=by, at=at)
        return cases.whole(store, case.id)


def rebuild(store: Store, case: Case, kind: str, part: str) -> Paper:
    """It has no paper. Refuses `not_reprintable`."""
    raise Refused("not_reprintable")
