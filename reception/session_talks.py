"""The talk in the room: it begins, goes on longer, ends with a decision; or for want of time it is held elsewhere."""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import (
    booking_steps,
    cases,
    events,
    queue,
    resolution_facts,
    resolutions,
    session_calls,
    session_guests,
    tickets,
    visit_day_session,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.booking_states import STEPS, allowed
from reception.tickets import Ticket

# By how many minutes a press lets a talk go on, and how long one talk is lengthened in all.
STEPS_OF_MINUTES = (5, 10, 15)
LONGEST = 120


def begin(store: Store, *, holding: str, by: Actor, now: datetime) -> Case:
    """The guest is in the room: the talk begins, and its time runs.

    Refuses `no_longer_held`, `already_serving`, `visit_day_no_host`, `talk_running`, `step_not_now` (he withdrew), and
    as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        day, at = visit_day_session.lead(store, by=by, now=now), events.moment(store, now)
        ticket = session_calls.called(store, holding)
        case = _case_of(store, ticket)
        if not allowed("meet", case.state):
            raise Refused("step_not_now")
        if day.host_id is None:
            raise Refused("visit_day_no_host")
        running = "SELECT 1 FROM visit_day_meetings WHERE visit_day_id = ? AND ended_at IS NULL"
        if store.value(running, [day.id]):
            raise Refused("talk_running")
        minutes = next(one.minutes for one in session_guests.of_day(store, day) if one.case_id == case.id)
        queue.move(store, ticket, "serving", "started_at = ?, served_by = ?", [clock.to_text(at), by.id])
        store.execute("UPDATE visits SET state = 'in_reception' WHERE id = ?", [ticket.visit_id])
        events.record(
            store, "start", "ticket", ticket.id, by=by, at=at, from_state="called", to_state="serving",
            counter=ticket.counter,
        )  # fmt: skip
        store.execute(
            "INSERT INTO visit_day_meetings (case_id, visit_day_id, host_id, recorder_id, began_at, planned_end_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [case.id, day.id, day.host_id, by.id, clock.to_text(at), clock.to_text(at + timedelta(minutes=minutes))],
        )
        cases.move(store, case, STEPS["meet"].after or "", "meet_visit_day", by=by, at=at)
        store.touch("queue")
        return cases.whole(store, case.id)


def take_back(store: Store, *, holding: str, by: Actor, now: datetime) -> Case:
    """The beginning was pressed by mistake, he is not in the room: he stands called again, if nothing is decided yet.

    Refuses `no_longer_held`, `talk_not_begun`, `talk_decided`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        ticket, at = session_calls.held(store, holding), events.moment(store, now)
        case = _case_of(store, ticket)
        if ticket.state != "serving":
            raise Refused("talk_not_begun")
        if case.state != "met" or resolution_facts.of_case(store, case.id):
            raise Refused("talk_decided")
        store.execute("DELETE FROM visit_day_meetings WHERE case_id = ?", [case.id])
        queue.move(store, ticket, "called", "started_at = NULL, served_by = NULL")
        store.execute("UPDATE visits SET state = 'registered' WHERE id = ?", [ticket.visit_id])
        events.record(
            store, "undo_start", "ticket", ticket.id, by=by, at=at, from_state="serving", to_state="called",
            counter=ticket.counter,
        )  # fmt: skip
        cases.move(store, case, STEPS["unmeet"].after or "", "unmeet_visit_day", by=by, at=at)
        store.touch("queue")
        return cases.whole(store, case.id)


def extend(store: Store, *, holding: str, minutes: str, by: Actor, now: datetime) -> None:
    """Let the talk go on longer; the others see at once when their turn will be, and the minutes are counted.

    Refuses `minutes_unknown`, `no_longer_held`, `talk_over`, `talk_long_enough`, and as `visit_day_session.lead`.
    """
    permit(by, "hold_session")
    more = numbers.whole(minutes)
    if more not in STEPS_OF_MINUTES:
        raise Refused("minutes_unknown")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        ticket, at = session_calls.held(store, holding), events.moment(store, now)
        case = _case_of(store, ticket)
        row = store.row("SELECT * FROM visit_day_meetings WHERE case_id = ? AND ended_at IS NULL", [case.id])
        if row is None:
            raise Refused("talk_over")
        if row["extended_minutes"] + more > LONGEST:
            raise Refused("talk_long_enough")
        # From now on where its time is over already: more minutes are what the press says.
        end = max(clock.from_text(row["planned_end_at"]), at) + timedelta(minutes=more)
        store.execute(
            "UPDATE visit_day_meetings SET planned_end_at = ?, extended_minutes = extended_minutes + ? WHERE id = ?",
            [clock.to_text(end), more, row["id"]],
        )
        events.record(store, "extend_talk", "case", case.id, by=by, at=at, minutes=more)
        store.touch("queue", "cases")


def end(store: Store, *, holding: str, by: Actor, now: datetime) -> Ticket:
    """The talk is over, the room is free. Refuses `talk_undecided` before a decision was read to the owner
    (RUL-06, RUL-08), `no_longer_held`, `talk_not_begun`, and as `visit_day_session.lead`."""
    permit(by, "hold_session")
    with writing(store):
        visit_day_session.lead(store, by=by, now=now)
        ticket, at = session_calls.held(store, holding), events.moment(store, now)
        case = _case_of(store, ticket)
        if ticket.state != "serving":
            raise Refused("talk_not_begun")
        if case.state == "met":
            raise Refused("talk_undecided")
        _leave_room(store, case, ticket, by=by, at=at)
        return tickets.by_id(store, ticket.id)


def hand_over(
    store: Store,
    *,
    no: str,
    nonce: str,
    opinion: str,
    department: str,
    due_on: str,
    signed: str,
    by: Actor,
    now: datetime,
) -> Case:
    """There is no time left: his matter goes to a department, with a deadline, and he is told so.

    Refuses what `resolutions` does, `step_not_now` for whoever is not here.
    """
    permit(by, "hold_session")
    with writing(store):
        _here(store, no, by=by)
        resolutions.decide(
            store, no=no, nonce=nonce, opinion=opinion, department=department, due_on=due_on, by=by, now=now
        )
        return resolutions.read_back(store, no=no, signed=signed, by=by, now=now)


def rebook(store: Store, *, no: str, day: str, starts: str, reason: str, by: Actor, now: datetime) -> Case:
    """There is no time left: he gets a slot of a later day, and a new slip; what was signed stays signed.

    Refuses `step_not_now`, and what `booking_steps.change` does.
    """
    permit(by, "hold_session")
    with writing(store):
        case = _here(store, no, by=by)
        return booking_steps.change_in_session(store, case, day, starts, reason, by=by, now=now)


def _here(store: Store, no: str, *, by: Actor) -> Case:
    case = visit_day_session.booking(store, no, by=by)
    if case.state != "checked_in":
        raise Refused("step_not_now")
    return case


def _case_of(store: Store, ticket: Ticket) -> Case:
    case_id = session_guests.case_of(store, ticket.id)
    if case_id is None:
        raise Refused("step_not_now")
    return cases.whole(store, case_id)


def _leave_room(store: Store, case: Case, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    store.execute(
        "UPDATE visit_day_meetings SET ended_at = ? WHERE case_id = ? AND ended_at IS NULL",
        [clock.to_text(at), case.id],
    )
    queue.finish(store, ticket, "", by=by, at=at)
    events.record(store, "end_talk", "case", case.id, by=by, at=at)
    store.touch("queue", "cases")
