"""What becomes of a booking before it is met: withdrawn, or given another time or day (K2); by the desk or the owner.

What was signed stays signed; each is one conditional update, and the seat that becomes free goes to who waits longest.
"""

from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import (
    booking_changes,
    booking_days,
    booking_facts,
    booking_places,
    cases,
    events,
    phone_tails,
    resolution_facts,
    session_arrivals,
    sign_rows,
    visit_days,
    visit_slots,
)
from reception.booking_facts import Booking
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.booking_states import allowed
from reception.site import site
from reception.visit_days import Day

# A new day calls for a new arrangement; whoever was here is expected again.
_ANEW: Final = frozenset({"scheduled", "checked_in"})


def withdraw(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """Take a booking back at the desk, with the reason that was given; its place goes to the next.

    Refuses `case_unknown`, `reason_missing`, `step_not_now`, `decision_unread`, `changed_meanwhile`.
    """
    permit(by, "withdraw_booking")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        clean = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
        return _withdraw(store, case, clean, by=by, at=events.moment(store, now))


def withdraw_by_token(store: Store, *, token: str, phone_tail: str, reason: str = "", by: Actor, now: datetime) -> Case:
    """The owner takes his booking back, by the code of his slip and the end of his telephone; he need say no reason.

    Refuses `code_unknown`, what `phone_tails.prove` refuses, `step_not_now`, `changed_meanwhile`.
    """
    permit(by, "change_own_booking")
    case = _own(store, token)
    phone_tails.prove(store, case.id, phone_tail, by=by, now=now)
    with writing(store):
        clean = cases.text(reason, required=False, limit=cases.SHORT_LIMIT)
        return _withdraw(store, cases.whole(store, case.id), clean, by=by, at=events.moment(store, now))


def _withdraw(store: Store, case: Case, reason: str, *, by: Actor, at: datetime) -> Case:
    if case.kind != booking_facts.KIND or not allowed("withdraw", case.state):
        raise Refused("step_not_now")
    resolution_facts.check_read(store, case.id)
    cases.move(store, case, "withdrawn", "withdraw", by=by, at=at)
    if reason:
        cases.write_note(store, case.id, reason, by=by, at=at)
    sign_rows.ask_nobody(store, case.id)
    booking_places.leave(store, case, by=by, at=at)
    # Whoever was here already is called no more.
    session_arrivals.let_go(store, case.id, by=by, now=at)
    return cases.whole(store, case.id)


def change(
    store: Store, *, no: str, day: str, starts: str, cause: str = "", reason: str, by: Actor, now: datetime
) -> Case:
    """Give a booking another time, or another day; a new slip is queued and the owner is to be told.

    `day` (ISO) '' stays on its day, `starts` '' takes the first free time. `cause` of `booking_changes.CAUSES`; '' is
    another time of the day, or another day. Refuses `case_unknown`, `reason_missing`, `change_cause_unknown`,
    `step_not_now`, `decision_unread`, `nothing_changed`, `booking_closed` (of the new day), `visit_day_over` (its own
    day is here), `visit_day_full`, `slot_taken`, `household_booked`, `changed_meanwhile`.
    """
    permit(by, "change_booking")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        clean = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
        if cause and cause not in booking_changes.CAUSES:
            raise Refused("change_cause_unknown")
        return _change(store, case, day, starts, cause, clean, by=by, at=events.moment(store, now))


def change_in_session(
    store: Store, case: Case, day: str, starts: str, reason: str, *, by: Actor, now: datetime
) -> Case:
    """Give who is here another day for want of time, by whoever leads the session, also the head of another department
    who stands in for the host. Refuses as `change`."""
    permit(by, "hold_session")
    with writing(store):
        clean = cases.text(reason, limit=cases.SHORT_LIMIT, missing="reason_missing")
        return _change(
            store, cases.whole(store, case.id), day, starts, "overrun", clean, by=by, at=events.moment(store, now)
        )


def change_by_token(
    store: Store, *, token: str, phone_tail: str, day: str, starts: str, by: Actor, now: datetime
) -> Case:
    """The owner chooses another time, or day, himself. Refuses `code_unknown`, `phone_tails.prove`, and as `change`."""
    permit(by, "change_own_booking")
    case = _own(store, token)
    phone_tails.prove(store, case.id, phone_tail, by=by, now=now)
    with writing(store):
        return _change(
            store, cases.whole(store, case.id), day, starts, "", "", by=by, at=events.moment(store, now), own=True
        )


def _own(store: Store, token: str) -> Case:
    case = cases.by_token(store, token)
    if case.kind != booking_facts.KIND:
        raise Refused("code_unknown")
    return case


def _change(
    store: Store,
    case: Case,
    day: str,
    starts: str,
    cause: str,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    own: bool = False,
) -> Case:
    if case.kind != booking_facts.KIND or case.unit is None:
        raise Refused("step_not_now")
    before = booking_facts.details(store, case)
    after = before.day if day in {"", before.visit_day_on} else booking_days.named(store, day)
    another_day = after.id != before.day.id
    if not allowed("rebook" if another_day and case.state == "checked_in" else "change", case.state):
        raise Refused("step_not_now")
    # An owner who is here goes through the people who receive him.
    if own and case.state == "checked_in":
        raise Refused("step_not_now")
    resolution_facts.check_read(store, case.id)
    _may_be_had(store, before, after, at=at)
    # Of two that a home had of a day, before a home had one, the second takes no place yet.
    if another_day or not before.live:
        booking_places.only_one_a_home(store, after.id, case.unit.id)
    _reseat(store, case, before, after, starts, by=by, at=at)
    found = cases.whole(store, case.id)
    booking_changes.note(
        store,
        found,
        was_on=before.day.actual_on,
        was_starts=before.starts,
        cause=cause or ("rebooked" if another_day else "slot_changed"),
        reason=reason,
        by=by,
        at=at,
    )
    if before.starts:
        booking_places.move_up(store, before.day.id, at=at)
    store.touch("cases")
    return found


def _may_be_had(store: Store, before: Booking, after: Day, *, at: datetime) -> None:
    if after.id != before.day.id:
        if not booking_days.offer(store, after, at=at).open:
            raise Refused("booking_closed")
        return
    # Another time of its own day needs no new review: up to the day itself.
    if after.state not in visit_days.BOOKABLE or after.actual_on <= clock.local_day(at, site(store).zone):
        raise Refused("visit_day_over")


def _reseat(store: Store, case: Case, before: Booking, after: Day, starts: str, *, by: Actor, at: datetime) -> None:
    """Give the old seat back and take the new one; whoever has one is never put on a list instead."""
    # Whoever was here already is called no more today.
    session_arrivals.let_go(store, case.id, by=by, now=at)
    visit_slots.give_back(store, case.id)
    given = visit_slots.take(store, after.id, case.id, starts)
    if not given:
        raise Refused("visit_day_full")
    if after.id == before.day.id and given == before.starts:
        raise Refused("nothing_changed")
    if not store.changed(
        "UPDATE visit_day_bookings SET visit_day_id = :day, live = 1, waiting_at = NULL, arrived_at = NULL,"
        " arrival = NULL,"
        # Who walked in did so on that day: of another he has a booking like any, signed by all where it is unsigned.
        " ticket_id = NULL, walk_in = iif(visit_day_id = :day, walk_in, 0)"
        " WHERE case_id = :case AND edition = :edition AND visit_day_id = :was",
        {"day": after.id, "case": case.id, "edition": before.edition, "was": before.day.id},
    ):
        raise Refused("changed_meanwhile")
    if after.id != before.day.id and case.state in _ANEW:
        cases.move(store, case, "admitted", "rebook", by=by, at=at)
    else:
        cases.move(store, case, case.state, "change_booking", by=by, at=at)
    booking_places.submit(store, case.id, by=by, at=at)
