"""What the store itself refuses of the visit day, whatever an act forgets."""

import sqlite3

import pytest

from db.store import Store, writing
from reception import cases, visit_days, visit_slots
from reception.booking_facts import details
from reception.cases import Case
from tests.conftest import Clock
from tests.reception.visit_life import VisitLife


@pytest.fixture
def made(store: Store, clock: Clock) -> VisitLife:
    return VisitLife(store, clock)


def move(made: VisitLife, case: Case, state: str) -> None:
    with writing(made.store):
        cases.move(made.store, case, state, "test", by=made.manager, at=made.now)


def test_a_booking_takes_the_first_slot_and_the_ninth_waits(made: VisitLife) -> None:
    booked = [details(made.store, made.book()) for _ in range(9)]
    assert [one.starts for one in booked] == [
        "10:00", "10:15", "10:30", "10:45", "11:00", "11:15", "11:30", "11:45", "",
    ]  # fmt: skip
    assert booked[8].waiting_at and not booked[7].waiting_at


def test_nobody_is_admitted_without_every_signature_under_this_wording(made: VisitLife) -> None:
    done = made.admitted()
    assert done.state == "admitted"
    for step in ("review", "departments", "service_head", "manager"):
        case = made.book()
        with pytest.raises(sqlite3.IntegrityError, match="without every signature"), writing(made.store):
            made.store.execute("SAVEPOINT chain")
            made.store.execute(
                "INSERT INTO endorsements (case_id, wording, round, step, position, department, state, opinion,"
                " handling_department, deadline_on, signed_for, signed_by, signed_at, asked_at)"
                " SELECT ?, wording, round, step, position, department, state, opinion, handling_department,"
                " deadline_on, signed_for, signed_by, signed_at, asked_at FROM endorsements WHERE case_id = ?"
                " AND step <> ?",
                [case.id, done.id, step],
            )
            for state in ("under_review", "signing", "admitted"):
                cases.move(made.store, cases.whole(made.store, case.id), state, "t", by=made.manager, at=made.now)


def test_a_signature_is_never_changed_nor_removed(made: VisitLife) -> None:
    made.admitted()
    for change in ("UPDATE endorsements SET opinion = '改'", "DELETE FROM endorsements"):
        with pytest.raises(sqlite3.IntegrityError, match="a signature is never"), writing(made.store):
            made.store.execute(change)


def test_a_seat_is_given_once_and_a_home_has_one_place_a_day(made: VisitLife) -> None:
    first, second = made.book(), made.book()
    with pytest.raises(sqlite3.IntegrityError, match="taken"), writing(made.store):
        made.store.execute(
            "UPDATE visit_day_slots SET case_id = ? WHERE case_id = ?", [second.id + 100, first.id]
        )  # fmt: skip
    with writing(made.store):
        assert visit_slots.give_back(made.store, first.id) == "10:00"
        day = details(made.store, first).day
        assert visit_slots.take(made.store, day.id, first.id) == "10:00"
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"), writing(made.store):
        made.store.execute(
            "UPDATE visit_day_bookings SET unit_id = (SELECT unit_id FROM visit_day_bookings WHERE case_id = ?)"
            " WHERE case_id = ?",
            [first.id, second.id],
        )


def test_a_published_day_moves_only_with_a_reason_and_never_to_a_closed_day(made: VisitLife) -> None:
    day = details(made.store, made.book()).day
    for wrong in ("2026-12-05", "2027-01-01"):
        with pytest.raises(sqlite3.IntegrityError, match="closed day"), writing(made.store):
            made.store.execute("UPDATE visit_days SET actual_on = ? WHERE id = ?", [wrong, day.id])
    with writing(made.store):
        made.store.execute(
            "UPDATE visit_days SET state = 'published', published_at = '2026-11-24T00:00:00.000Z' WHERE id = ?",
            [day.id],
        )
    with pytest.raises(sqlite3.IntegrityError, match="silently"), writing(made.store):
        made.store.execute("UPDATE visit_days SET actual_on = '2026-12-07' WHERE id = ?", [day.id])


def test_nothing_is_resolved_without_a_decision(made: VisitLife) -> None:
    case = made.admitted()
    for state in ("checked_in", "met"):
        move(made, cases.whole(made.store, case.id), state)
    with pytest.raises(sqlite3.IntegrityError, match="without a decision"):
        move(made, cases.whole(made.store, case.id), "resolved")


def test_a_room_is_never_used_twice_at_a_time(made: VisitLife) -> None:
    insert = "INSERT INTO room_bookings (room, from_at, to_at, purpose, holder_id, at) VALUES "
    booked = insert + "('reception', ?, ?, '会', ?, ?)"
    hour = "2026-12-04T{:02d}:00:00.000Z"
    with writing(made.store):
        made.store.execute(booked, [hour.format(2), hour.format(4), made.desk.id, hour.format(0)])
        made.store.execute(booked, [hour.format(4), hour.format(5), made.desk.id, hour.format(0)])
    with pytest.raises(sqlite3.IntegrityError, match="taken"), writing(made.store):
        made.store.execute(booked, [hour.format(3), hour.format(6), made.desk.id, hour.format(0)])


def test_days_are_planned_once_however_often(made: VisitLife) -> None:
    made.book()
    before = made.store.value("SELECT count(*) FROM visit_days")
    made.book()
    assert before == made.store.value("SELECT count(*) FROM visit_days") >= 3
    upcoming = visit_days.upcoming(made.store, now=made.now)
    assert upcoming == details(made.store, made.book()).day
