"""Until when bookings are signed (K7): reminders at half time, the cut-off, and which owners are to be told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import booking_facts, cases, events, seals, sign_chain, sign_rows, visit_days
from reception.booking_facts import Booking
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.visit_days import Day
from reception.wording import Words

MOST: Final = 200
# Of a day that is still to come, or begins today.
_TO_COME: Final = "('planned', 'published', 'open')"
NEWS: Final = {
    "reworded": Words("事由已改，签批重新开始", "The matter was reworded; signing begins anew"),
    "unsigned": Words("签批未按时完成", "Not signed in time"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A booking that waits for somebody of ours: `due_at` is the cut-off of its day, `late` once that has passed.

    `what` says what the owner is to be told, where he is.
    """

    case: Case
    booking: Booking
    due_at: str
    late: bool
    what: Words


def watch(store: Store, *, by: Actor, now: datetime) -> tuple[int, int]:
    """Remind of what is unsigned at half time, and hand what is unsigned at the cut-off to the manager.

    Return how many of each were new. While the box's clock stands before the last event nothing is said (K3, 16).
    """
    permit(by, "watch_signatures")
    if events.clock_is_behind(store, now):
        return 0, 0
    # Nothing unsigned is the rule, every minute: then nobody waits for the store.
    reminded = unsigned = 0
    for day in _days(store):
        with writing(store):
            at = events.moment(store, now)
            due = sign_chain.cut_off(store, day)
            _retime(store, day, due, at)
            if at <= due:
                reminded += _remind(store, day, by=by, at=at)
            else:
                unsigned += _hand_over(store, day, by=by, at=at)
    return reminded, unsigned


def _days(store: Store) -> list[Day]:
    """Return the days to come that have a booking nobody admitted yet."""
    rows = store.rows(
        f"{visit_days.SELECT} WHERE visit_days.state IN {_TO_COME} AND EXISTS (SELECT 1 FROM visit_day_bookings"  # noqa: S608
        " AS booked JOIN cases ON cases.id = booked.case_id WHERE booked.visit_day_id = visit_days.id"
        " AND booked.live = 1 AND cases.sealed = 0 AND cases.state IN ('under_review', 'signing'))"
        " ORDER BY actual_on LIMIT ?",
        [MOST],
    )
    return [visit_days.from_row(row) for row in rows]


def _retime(store: Store, day: Day, due: datetime, at: datetime) -> None:
    """Let what is unsigned be due as its day says now: it was moved, or the booking was given another."""
    for row in store.rows(
        "SELECT endorsements.id, asked_at FROM endorsements JOIN visit_day_bookings AS booked USING (case_id)"
        " WHERE booked.visit_day_id = ? AND state = 'pending' AND due_at <> ?",
        [day.id, clock.to_text(due)],
    ):
        remind = sign_chain.half_time(store, clock.from_text(row["asked_at"]), due)
        store.execute(
            "UPDATE endorsements SET due_at = ?, remind_at = ?, reminded_at = NULL WHERE id = ? AND state = 'pending'",
            [clock.to_text(due), clock.to_text(remind), row["id"]],
        )


def _remind(store: Store, day: Day, *, by: Actor, at: datetime) -> int:
    found = store.rows(
        "SELECT DISTINCT case_id FROM endorsements JOIN visit_day_bookings AS booked USING (case_id)"
        " WHERE booked.visit_day_id = :day AND state = 'pending' AND remind_at <= :now AND reminded_at IS NULL"
        " AND position = (SELECT min(position) FROM endorsements AS open"
        " WHERE open.case_id = endorsements.case_id AND open.state = 'pending')",
        {"day": day.id, "now": clock.to_text(at)},
    )
    for row in found:
        for signature in sign_rows.tell_turn(store, row["case_id"], "sign_soon", by=by, at=at):
            store.execute(
                "UPDATE endorsements SET reminded_at = ? WHERE id = ? AND state = 'pending'",
                [clock.to_text(at), signature],
            )
        events.record(store, "signing_reminded", "case", row["case_id"], by=by, at=at)
        store.touch("cases")
    return len(found)


def _hand_over(store: Store, day: Day, *, by: Actor, at: datetime) -> int:
    """Put what is unsigned at the cut-off before the manager, and its owners on the list of those to tell; once."""
    found = store.rows(
        "INSERT INTO signing_news (case_id, what, about, at) SELECT booked.case_id, 'unsigned', :on, :now"
        " FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id WHERE booked.visit_day_id = :day"
        " AND booked.live = 1 AND booked.walk_in = 0 AND cases.sealed = 0"
        " AND cases.state IN ('under_review', 'signing')"
        " ON CONFLICT DO NOTHING RETURNING case_id",
        {"on": day.actual_on.isoformat(), "now": clock.to_text(at), "day": day.id},
    )
    for row in found:
        events.record(store, "unsigned_at_cut_off", "case", row["case_id"], by=by, at=at)
        sign_rows.tell(store, row["case_id"], sign_chain.signers(store, "manager", None), "unsigned", by=by, at=at)
        store.touch("cases")
    return len(found)


def set_right(store: Store, *, at: datetime) -> None:
    """Take back, once the box's clock was put right, what it said of a time still to come; inside the act that does.

    Nothing was unsigned at a cut-off that is still to come, nobody was reminded, and an owner is told of what was
    changed by the wrong time from now on. What was signed stays as it stands.
    """
    moment = clock.to_text(at)
    store.execute("DELETE FROM signing_news WHERE what = 'unsigned' AND at > ?", [moment])
    store.execute("UPDATE signing_news SET at = ? WHERE at > ?", [moment, moment])
    for row in store.rows(
        "SELECT id, due_at FROM endorsements WHERE state = 'pending' AND max(asked_at, coalesce(reminded_at, '')) > ?",
        [moment],
    ):
        remind = sign_chain.half_time(store, at, clock.from_text(row["due_at"]))
        store.execute(
            "UPDATE endorsements SET asked_at = min(asked_at, :now), remind_at = :remind, reminded_at = NULL"
            " WHERE id = :id AND state = 'pending'",
            {"now": moment, "remind": clock.to_text(remind), "id": row["id"]},
        )


def to_review(store: Store, *, by: Actor, now: datetime, most: int = MOST) -> list[Waiting]:
    """Return the bookings that wait for the review of customer service, the soonest day first."""
    permit(by, "prepare_booking")
    return _waiting(store, "cases.state = 'under_review' AND booked.walk_in = 0", by=by, now=now, most=most)


def walked_in(store: Store, *, by: Actor, now: datetime, most: int = MOST) -> list[Waiting]:
    """Return who walked in and waits for the manager's own signature."""
    permit(by, "admit_walk_in")
    states = "('booked', 'under_review')"
    return _waiting(store, f"booked.walk_in = 1 AND cases.state IN {states}", by=by, now=now, most=most)


def unsigned(store: Store, *, by: Actor, now: datetime, most: int = MOST) -> list[Waiting]:
    """Return what was not signed at the cut-off of its day: the manager gives it another day, or does not admit it.

    Signing for those who are missing is not among what he may do (K3, 6).
    """
    permit(by, "refuse_booking")
    states = "('under_review', 'signing')"
    found = _waiting(store, f"cases.state IN {states} AND booked.walk_in = 0", by=by, now=now, most=most)
    return [one for one in found if one.late]


def _waiting(store: Store, test: str, *, by: Actor, now: datetime, most: int) -> list[Waiting]:
    rows = store.rows(
        "SELECT cases.id, visit_days.id AS day FROM cases"  # noqa: S608
        " JOIN visit_day_bookings AS booked ON booked.case_id = cases.id"
        " JOIN visit_days ON visit_days.id = booked.visit_day_id WHERE cases.kind = 'visit-day'"
        f" AND cases.closed_at IS NULL AND booked.live = 1 AND {test} AND {seals.open_to(by)}"
        " ORDER BY visit_days.actual_on, cases.id LIMIT ?",
        [most],
    )
    at = events.moment(store, now)
    due = {day: sign_chain.cut_off(store, visit_days.by_id(store, day)) for day in {row["day"] for row in rows}}
    return [_one(store, row["id"], due[row["day"]], at, Words("", "")) for row in rows]


def _one(store: Store, case_id: int, due: datetime, at: datetime, what: Words) -> Waiting:
    case = cases.masked(store, case_id)
    booking = booking_facts.details(store, case)
    # Whoever walked in has no cut-off: it was over before he came.
    if booking.walk_in:
        return Waiting(case, booking, "", False, what)
    return Waiting(case, booking, clock.to_text(due), at > due, what)


def owners_to_tell(store: Store, *, by: Actor, now: datetime, most: int = MOST) -> list[Waiting]:
    """Return the bookings whose owners do not know yet that theirs was worded anew, or not signed in time."""
    permit(by, "give_feedback")
    rows = store.rows(
        "SELECT cases.id, visit_days.id AS day, news.what FROM signing_news AS news"  # noqa: S608
        " JOIN cases ON cases.id = news.case_id JOIN visit_day_bookings AS booked ON booked.case_id = cases.id"
        " JOIN visit_days ON visit_days.id = booked.visit_day_id WHERE cases.closed_at IS NULL AND booked.live = 1"
        " AND (news.what = 'reworded' AND news.about = CAST(booked.wording AS TEXT)"
        " OR news.about = visit_days.actual_on AND cases.state IN ('under_review', 'signing'))"
        " AND NOT EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = cases.id AND at >= news.at)"
        f" AND {seals.open_to(by)} ORDER BY visit_days.actual_on, cases.id, news.what LIMIT ?",
        [most],
    )
    at = events.moment(store, now)
    due = {day: sign_chain.cut_off(store, visit_days.by_id(store, day)) for day in {row["day"] for row in rows}}
    return [_one(store, row["id"], due[row["day"]], at, NEWS[row["what"]]) for row in rows]
