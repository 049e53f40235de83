"""Appointments (预约来访): booked by the host or by the desk for him, confirmed, changed, cancelled; none privately.

Every change has its reason, is told to the visitor and to the host, and makes a new edition of the slip (RUL-19).
"""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import (
    absence,
    appointment_facts,
    appointment_slips,
    cases,
    events,
    feedback,
    nonces,
    opening,
    said,
    tellings,
    tickets,
    working_calendar,
)
from reception.appointment_facts import KIND, NAME, SERIES, STATES, details
from reception.appointment_slips import rebuild
from reception.cases import Case
from reception.permissions import FRONT, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, hours, local_times
from reception.rules.appointment_states import EXPECTED, STEPS, allowed
from reception.site import site

__all__ = ["KIND", "NAME", "SERIES", "STATES", "details", "rebuild"]

# Further ahead than this is a slip of the finger.
FURTHEST = timedelta(days=180)
SOURCES = ("desk", "phone")


def book(
    store: Store,
    *,
    nonce: str,
    host: str = "",
    expected_at: str,
    name: str,
    phone: str,
    unit: str = "",
    purpose: str,
    bring: str = "",
    place: str = "",
    source: str = "desk",
    slip: str = "",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Book a visitor with a member of staff (by login; empty: with oneself). The same nonce returns the same case.

    `slip` "1": he stands here or wants it, and it is printed. The host is told; one who books himself has agreed.
    Refuses `host_unknown`, `appointment_not_yours`, `purpose_missing`, `choice_unknown` (source), what `_time` and
    `_free` refuse, and what `cases.complainant`, `cases.text` and `nonces` refuse.
    """
    permit(by, "book_appointment")
    content = {
        "host": host,
        "at": expected_at,
        "name": name,
        "phone": phone,
        "unit": unit,
        "purpose": purpose,
        "bring": bring,
        "place": place,
        "source": source,
        "slip": slip,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        host_id, department = _host(store, host, by) if host else _host_of(store, by)
        if host_id != by.id and by.role not in FRONT:
            raise Refused("appointment_not_yours")
        if source not in SOURCES:
            raise Refused("choice_unknown")
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=False)
        clean_purpose = cases.text(purpose, missing="purpose_missing", limit=200)
        clean_bring = cases.text(bring, required=False, limit=cases.SHORT_LIMIT)
        clean_place = cases.text(place, required=False, limit=cases.SHORT_LIMIT)
        when = _time(store, expected_at, at)
        _free(store, host_id, when)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="confirmed" if host_id == by.id else "booked",
            person=person,
            visit_id=visit_id,
            department=department,
            owner=host_id,
            source=source,
            by=by,
            at=at,
            host=host_id,
        )
        store.execute(
            "INSERT INTO appointments (case_id, host_id, purpose, bring, place, expected_at) VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, host_id, clean_purpose, clean_bring, clean_place, clock.to_text(when)],
        )
        tellings.tell(store, case.id, host_id, "booked", by=by, at=at)
        if slip == "1":
            appointment_slips.enqueue(store, site(store), case, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "book_appointment", content, now=now, make=make))


def _host(store: Store, login: str, by: Actor) -> tuple[int, str]:
    row = store.row("SELECT id, role, department FROM staff WHERE login = ? AND active = 1", [login])
    if row is None or row["role"] not in tellings.HOSTS:
        raise Refused("host_unknown")
    return row["id"], row["department"]


def _host_of(store: Store, by: Actor) -> tuple[int, str]:
    if by.id is None:
        raise Refused("host_unknown")
    return by.id, by.department


def _time(store: Store, typed: str, at: datetime) -> datetime:
    """Return the time that was typed. Refuses `expected_time_invalid`, `expected_time_past`, `expected_time_too_far`,
    `expected_time_closed` (an hour at which nobody is received)."""
    centre = site(store)
    try:
        when = local_times.parse(typed, zone=centre.zone, now=at).replace(second=0, microsecond=0)
    except ValueError:
        raise Refused("expected_time_invalid") from None
    if when <= at:
        raise Refused("expected_time_past")
    if when - at > FURTHEST:
        raise Refused("expected_time_too_far")
    local = when.astimezone(centre.zone)
    calendar = working_calendar.calendar(store, since=local.date())
    spans = opening.spans_of(centre, calendar, local.date())
    if not hours.takes_tickets(spans, hours.minute_of(local), centre.last_ticket_minutes):
        raise Refused("expected_time_closed")
    return when


def _free(store: Store, host_id: int, when: datetime, but: int = 0) -> None:
    """Refuse `host_busy` where the host's time is taken: another visitor comes within the length of a visit."""
    apart = timedelta(minutes=site(store).appointment_minutes)
    taken = store.value(
        "SELECT 1 FROM appointments WHERE host_id = ? AND live = 1 AND expected_at > ? AND expected_at < ?"
        " AND case_id <> ?",
        [host_id, clock.to_text(when - apart), clock.to_text(when + apart), but],
    )
    if taken:
        raise Refused("host_busy")


def own(store: Store, what: str, no: str, *, permission: str, by: Actor) -> Case:
    """Return the appointment for one of its acts, inside a transaction: to the desk, its host and the manager.

    Refuses `not_permitted`, `case_unknown`, `step_not_now`, `appointment_not_yours`.
    """
    permit(by, permission)
    case = cases.whole(store, cases.find(store, no, by=by).id)
    if case.kind != KIND or not allowed(what, case.state):
        raise Refused("step_not_now")
    if by.role not in {*FRONT, Role.MANAGER} and details(store, case).host_id != by.id:
        raise Refused("appointment_not_yours")
    return case


def change(
    store: Store,
    *,
    no: str,
    expected_at: str = "",
    host: str = "",
    reason: str,
    channel: str,
    slip: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Give it another time, another host, or both; the visitor is told in the same act, and so are the hosts.

    Empty: as it was. Slips of before that did not come out yet never will; `slip` "1" prints the new edition. Refuses
    as `own`, `nothing_changed`, `reason_missing`, `host_unknown`, what `_time`, `_free`, `feedback.give` refuse.
    """
    with writing(store):
        case, at = own(store, "change", no, permission="change_appointment", by=by), events.moment(store, now)
        was = details(store, case)
        host_id, department = _host(store, host, by) if host else (was.host_id, case.department)
        when = _time(store, expected_at, at) if expected_at.strip() else clock.from_text(was.expected_at)
        if clock.to_text(when) == was.expected_at and (host_id == was.host_id or case.state not in EXPECTED):
            # Who did not come needs another time, whoever receives him.
            raise Refused("nothing_changed")
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        _free(store, host_id, when, case.id)
        cases.move(store, case, STEPS["change"].after or "", "change_appointment", by=by, at=at)
        store.execute(
            "INSERT INTO appointment_changes (case_id, edition, was_at, was_host_id, reason, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [case.id, was.edition + 1, was.expected_at, was.host_id, why, clock.to_text(at), by.id],
        )
        told = _new_arrangement(store, was, when, host_id, why)
        feedback.give(store, no=no, about="progress", channel=channel, text=told, by=by, now=at)
        store.execute(
            "UPDATE appointments SET expected_at = ?, host_id = ?, edition = edition + 1, live = 1 WHERE case_id = ?",
            [clock.to_text(when), host_id, case.id],
        )
        store.execute("UPDATE cases SET owner_id = ?, department = ? WHERE id = ?", [host_id, department, case.id])
        if host_id != was.host_id:
            tellings.tell(store, case.id, was.host_id, "handed_on", by=by, at=at)
        tellings.tell(store, case.id, host_id, "changed", by=by, at=at)
        _knows(store, case, by=by, at=at)
        host_agreed(store, case.id, by.id, by=by, at=at)
        appointment_slips.let_go(store, case, at)
        changed = cases.whole(store, case.id)
        if slip == "1":
            appointment_slips.enqueue(store, site(store), changed, at=at)
        return changed


def _new_arrangement(store: Store, was: appointment_facts.Appointment, when: datetime, host_id: int, why: str) -> str:
    """Return the words that the visitor is told, as they are kept: the time, who receives him, why."""
    at = said.moment(clock.to_text(when), zone=site(store).zone)
    host = store.value("SELECT name FROM staff WHERE id = ?", [host_id])
    return f"您的预约改为 {at.zh}，由{host}接待，地点：{was.where.zh}。原因：{why}"


def host_agreed(store: Store, case_id: int, staff_id: int | None, *, by: Actor, at: datetime) -> None:
    """Confirm it inside an act by the word of its host: once he knows all that he was told of it."""
    case = cases.whole(store, case_id)
    if details(store, case).host_id != staff_id or not allowed("confirm", case.state):
        return
    if store.value(
        "SELECT 1 FROM tellings WHERE case_id = ? AND staff_id = ? AND seen_at IS NULL", [case_id, staff_id]
    ):
        return
    cases.move(store, case, "confirmed", "confirm_appointment", by=by, at=at)


def cancel(store: Store, *, no: str, reason: str, channel: str, by: Actor, now: datetime) -> Case:
    """Cancel it with the reason, which the visitor is told by this way; its host is told too.

    Refuses as `own`, `reason_missing`, and what `feedback.give` refuses.
    """
    with writing(store):
        case, at = own(store, "cancel", no, permission="cancel_appointment", by=by), events.moment(store, now)
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        feedback.give(store, no=no, about="result", channel=channel, text=f"预约取消：{why}", by=by, now=at)
        over(store, case, "cancel", "cancel_appointment", by=by, at=at)
        cases.write_note(store, case.id, why, by=by, at=at)
        tellings.tell(store, case.id, details(store, case).host_id, "cancelled", by=by, at=at)
        return cases.whole(store, case.id)


def finish(store: Store, *, no: str, note: str = "", by: Actor, now: datetime) -> Case:
    """The host received his visitor, also one who came straight to him; a note says what came of it.

    Whoever still waits with a number is called no more. Refuses as `own`, texts.
    """
    with writing(store):
        case, at = own(store, "finish", no, permission="finish_appointment", by=by), events.moment(store, now)
        clean = cases.text(note, required=False)
        over(store, case, "finish", "finish_appointment", by=by, at=at)
        ticket_id = store.value("SELECT ticket_id FROM appointments WHERE case_id = ?", [case.id])
        ticket = tickets.by_id(store, ticket_id) if ticket_id else None
        if ticket is not None and ticket.state in absence.NOT_AT_A_COUNTER:
            absence.give_back(store, ticket, by=by, now=now)
        if clean:
            cases.write_note(store, case.id, clean, by=by, at=at)
        return cases.whole(store, case.id)


def over(store: Store, case: Case, step: str, what: str, *, by: Actor, at: datetime) -> None:
    """Let it come to an end inside an act: the host's time is free, and no slip comes out any more."""
    store.execute("UPDATE appointments SET live = 0 WHERE case_id = ?", [case.id])
    cases.move(store, case, STEPS[step].after or case.state, what, by=by, at=at)
    _knows(store, case, by=by, at=at)
    appointment_slips.let_go(store, case, at)


def _knows(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """Whoever acts on it himself has seen what he was told of it."""
    if by.id is not None:
        tellings.seen(store, case.id, by.id, by=by, at=at)
