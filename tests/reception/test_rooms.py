"""Rooms: booked, moved, given back, used; never two at a time; the visit day's own room, and what stands in its way."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    booking_changes,
    cases,
    events,
    room_lists,
    room_table,
    rooms,
    table_columns,
    tables,
    visit_day_calendar,
    visit_day_rooms,
    visit_day_session,
    visit_days,
)
from reception.booking_facts import details
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rooms import Booking
from reception.site import configure
from tests.conftest import Clock, actor
from tests.reception.visit_life import VisitLife

# The clock stands at Monday 2026-11-23, 10:24 at the site.
TODAY, VISIT_DAY = "2026-11-23", "2026-12-04"


class Rooms:
    """The acts of rooms, each a second after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.count = store, clock, 0
        self.desk, self.head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
        self.other = actor(store, Role.DEPARTMENT_HEAD)

    @property
    def now(self) -> datetime:
        return self.clock.forward(seconds=1)

    def book(self, from_: str = "14:00", to: str = "15:00", **other: Any) -> Booking:
        self.count += 1
        form: dict[str, Any] = {"room": "meeting", "day": TODAY, "purpose": "周例会", "nonce": f"room{self.count}"}
        form |= {"by": self.desk} | other
        return rooms.book(self.store, from_=from_, to=to, **form, now=self.now)

    def change(self, found: Booking, **other: Any) -> Booking:
        form: dict[str, Any] = {"room": found.room, "day": TODAY, "from_": "14:00", "to": "15:00", "was": found.was}
        form |= {"by": self.desk} | other
        return rooms.change(self.store, booking_id=found.id, **form, now=self.now)

    def cancel(self, found: Booking, by: Actor | None = None, reason: str = "改线上") -> Booking:
        return rooms.cancel(self.store, booking_id=found.id, reason=reason, by=by or self.desk, now=self.now)

    def end(self, found: Booking, by: Actor | None = None) -> Booking:
        return rooms.end(self.store, booking_id=found.id, by=by or self.desk, now=self.now)

    def conflicts(self) -> list[room_table.Conflict]:
        return room_table.conflicts(self.store, by=self.head, now=self.now)


@pytest.fixture
def made(store: Store, clock: Clock) -> Rooms:
    return Rooms(store, clock)


Act = Callable[[], object]


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=f"^{code}$")


def test_a_room_is_booked_once_a_nonce_and_outside_the_hours_too(made: Rooms) -> None:
    first = made.book(nonce="same")
    assert (first.from_at, first.to_at) == ("2026-11-23T06:00:00.000Z", "2026-11-23T07:00:00.000Z")
    assert made.book(nonce="same") == first and first.holder_name == first.by_name == made.desk.name
    with refused("nonce_reused"):
        made.book(nonce="same", purpose="别的")
    assert made.book("22:00", "00:00").to_at == "2026-11-23T16:00:00.000Z"
    assert made.book("15:00", "24:00", day="2026-11-24").to_at == "2026-11-24T16:00:00.000Z"
    with refused("room_taken"):
        made.book("23:45", "24:00")


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("room_time_invalid", {"from_": "14:10"}),
        ("room_time_invalid", {"to": "24:15"}),
        ("room_time_invalid", {"to": "25:00"}),
        ("room_time_invalid", {"from_": ""}),
        ("room_time_invalid", {"from_": "１４:００"}),
        ("room_time_reversed", {"to": "14:00"}),
        ("room_time_reversed", {"to": "13:00"}),
        ("room_in_past", {"from_": "10:00"}),
        ("room_in_past", {"from_": "09:00", "to": "10:15"}),
        ("room_in_past", {"day": "2026-11-22"}),
        ("room_in_past", {"day": "0001-01-01"}),
        ("room_too_far", {"day": "2027-11-25"}),
        ("room_too_far", {"day": "9999-12-31", "to": "24:00"}),
        ("date_invalid", {"day": "23.11.2026"}),
        ("room_unknown", {"room": "cellar"}),
        ("holder_unknown", {"holder": "nobody"}),
        ("room_purpose_missing", {"purpose": " "}),
        ("text_too_long", {"purpose": "会" * 81}),
        ("id_number", {"purpose": "11010519491231002X"}),
        ("nonce_missing", {"nonce": ""}),
    ],
)
def test_what_is_no_booking_is_refused(made: Rooms, code: str, form: dict[str, str]) -> None:
    with refused(code):
        made.book(**form)
    assert made.store.value("SELECT count(*) FROM room_bookings WHERE visit_day_id IS NULL") == 0


def test_the_quarter_that_has_begun_is_had_from_now_on(made: Rooms) -> None:
    now = made.book("10:15", "11:00")
    assert now.from_at == "2026-11-23T02:24:01.000Z"
    made.clock.forward(minutes=5)
    used = made.end(now)
    assert (used.state, used.to_at) == ("used", "2026-11-23T02:29:02.000Z")
    assert made.book("10:15", "11:00", by=made.other).from_at == "2026-11-23T02:29:03.000Z"


def test_who_has_the_room_is_named(made: Rooms) -> None:
    made.book("14:00", "15:30", by=made.other)
    for from_, to in (("15:15", "16:00"), ("13:00", "14:15"), ("14:15", "14:30"), ("13:00", "17:00")):
        with refused("room_taken") as caught:
            made.book(from_, to)
        assert caught.value.said == {"who": made.other.name, "when": "11-23 14:00–15:30"}
    assert made.book("15:30", "16:00") and made.book("13:45", "14:00")
    assert made.book("14:00", "15:00", room="reception")


def test_a_meeting_moves_and_only_as_it_is_known(made: Rooms) -> None:
    found, other = made.book(), made.book("16:00", "17:00")
    moved = made.change(found, room="reception", day="2026-11-24", from_="09:00", to="10:00")
    assert (moved.room, moved.from_at) == ("reception", "2026-11-24T01:00:00.000Z")
    with refused("changed_meanwhile"):
        made.change(found, from_="18:00", to="19:00")
    with refused("nothing_changed"):
        made.change(moved, room="reception", day="2026-11-24", from_="09:00", to="10:00")
    with refused("room_taken"):
        made.change(moved, room="meeting", from_="16:30", to="18:00")
    # Over itself it may move.
    assert made.change(other, from_="16:15", to="17:15").to_at == "2026-11-23T09:15:00.000Z"
    history = [event["what"] for event in events.history(made.store, "room", found.id)]
    assert history == ["room_booked", "room_changed"]


def test_a_meeting_that_runs_keeps_its_beginning(made: Rooms) -> None:
    runs = made.book("10:15", "11:00")
    longer = made.change(runs, from_="10:24", to="12:00")
    assert (longer.from_at, longer.to_at) == (runs.from_at, "2026-11-23T04:00:00.000Z")
    with refused("room_in_past"):
        made.change(longer, from_="10:24", to="10:15")
    with refused("room_time_invalid"):
        made.change(longer, from_="10:25", to="12:15")
    made.clock.forward(hours=3)
    acts: tuple[Act, ...] = (lambda: made.change(longer, from_="10:24", to="15:00"), lambda: made.cancel(longer))
    for act in acts:
        with refused("room_booking_over"):
            act()


def test_one_s_own_is_moved_by_oneself_and_everybody_s_by_the_head(made: Rooms) -> None:
    theirs = made.book(by=made.other)
    acts: tuple[Act, ...] = (lambda: made.cancel(theirs), lambda: made.change(theirs, from_="16:00", to="17:00"))
    for act in acts:
        with refused("not_permitted"):
            act()
    assert made.change(theirs, from_="16:00", to="17:00", by=made.head).from_at.endswith("08:00:00.000Z")
    for_him = made.book(holder=made.store.value("SELECT login FROM staff WHERE id = ?", [made.other.id]))
    assert (for_him.holder_id, for_him.by_id) == (made.other.id, made.desk.id)
    with refused("reason_missing"):
        made.cancel(for_him, reason=" ")
    gone = made.cancel(for_him, by=made.other)
    assert (gone.state, gone.reason) == ("cancelled", "改线上")
    assert made.book(), "the room is free again"
    with refused("room_booking_over"):
        made.cancel(gone)


def test_a_room_is_used_by_whoever_had_it_or_the_desk(made: Rooms) -> None:
    theirs = made.book("10:30", "11:00", by=made.other)
    with refused("room_not_begun"):
        made.end(theirs)
    made.clock.forward(minutes=10)
    with refused("not_permitted"):
        made.end(theirs, actor(made.store, Role.TEAM_LEADER))
    made.clock.forward(hours=1)
    used = made.end(theirs)
    assert (used.state, used.to_at) == ("used", theirs.to_at)
    with refused("room_booking_over"):
        made.end(theirs)
    with refused("room_booking_unknown"):
        rooms.end(made.store, booking_id=999, by=made.desk, now=made.now)


@pytest.mark.parametrize("role", [Role.WORKER, Role.ADMINISTRATOR, Role.KIOSK])
def test_others_see_no_rooms(made: Rooms, role: Role) -> None:
    who = actor(made.store, role)
    found = made.book()
    for act in (
        lambda: made.book(by=who),
        lambda: rooms.find(made.store, found.id, by=who),
        lambda: made.change(found, by=who, from_="18:00", to="19:00"),
        lambda: made.cancel(found, who),
        lambda: made.end(found, who),
        lambda: room_table.day_table(made.store, date(2026, 11, 23), by=who),
        lambda: room_table.week_table(made.store, date(2026, 11, 23), by=who),
        lambda: room_table.conflicts(made.store, by=who, now=made.now),
        lambda: visit_day_rooms.give(made.store, day_id=1, room="meeting", by=who, now=made.now),
    ):
        with refused("not_permitted"):
            act()


def test_where_the_clock_is_put_forward_nothing_is_booked_in_the_hour_that_is_not(made: Rooms) -> None:
    configure(made.store, timezone="Europe/Berlin")
    with refused("room_time_invalid"):
        made.book("02:00", "03:00", day="2027-03-28")
    assert made.book("01:00", "04:00", day="2027-03-28").to_at == "2027-03-28T02:00:00.000Z"


# The visit day.


@pytest.fixture
def visit(store: Store, clock: Clock) -> VisitLife:
    return VisitLife(store, clock)


def held(store: Store) -> dict[str, tuple[str, str, str]]:
    rows = store.rows(
        "SELECT actual_on, room_bookings.* FROM room_bookings JOIN visit_days ON visit_days.id = visit_day_id"
        " WHERE room_bookings.state <> 'cancelled'"
    )
    return {row["actual_on"]: (row["room"], row["from_at"], row["to_at"]) for row in rows}


def move_day(visit: VisitLife, day: visit_days.Day, to: str) -> None:
    how = {"cause": "premises", "reason": "接待室漏水"}
    visit_day_calendar.move(visit.store, day_id=day.id, to=to, **how, by=visit.manager, now=visit.now)


def test_every_day_that_is_planned_has_its_room(visit: VisitLife, made: Rooms) -> None:
    day = details(visit.store, visit.book()).day
    assert held(visit.store)[VISIT_DAY] == ("reception", "2026-12-04T02:00:00.000Z", "2026-12-04T04:00:00.000Z")
    assert len(held(visit.store)) == visit.store.value("SELECT count(*) FROM visit_days WHERE actual_on > ?", [TODAY])
    with refused("room_taken_by_visit_day") as caught:
        made.book("11:00", "13:00", room="reception", day=VISIT_DAY)
    assert caught.value.said == {"when": "12-04 10:00–12:00"}
    move_day(visit, day, "2026-12-07")
    assert "2026-12-07" in held(visit.store) and VISIT_DAY not in held(visit.store)
    hold = rooms.from_row(visit.store.rows(f"{rooms.SELECT} WHERE visit_day_id = ?", [day.id])[0])
    acts: tuple[Act, ...] = (
        lambda: made.cancel(hold, made.head),
        lambda: made.change(hold, by=made.head),
        lambda: made.end(hold),
    )
    for act in acts:
        with refused("room_held"):
            act()


def test_somebody_in_the_way_is_seen_and_the_day_has_its_room_as_soon_as_he_is_not(
    visit: VisitLife, made: Rooms
) -> None:
    meeting = made.book("09:00", "11:00", room="reception", day=VISIT_DAY, by=made.other)
    second = made.book("11:00", "11:30", room="reception", day=VISIT_DAY)
    day = details(visit.store, visit.book()).day
    assert VISIT_DAY not in held(visit.store)
    (conflict,) = made.conflicts()
    assert conflict.day.id == day.id and [one.code for one in conflict.others] == ["meeting"]
    assert [(one.id, [room.code for room in free]) for one, free in conflict.in_the_way] == [
        (meeting.id, ["meeting"]),
        (second.id, ["meeting"]),
    ]
    made.change(meeting, room="meeting", day=VISIT_DAY, from_="09:00", to="11:00", by=made.head)
    assert [one.id for one, _ in made.conflicts()[0].in_the_way] == [second.id]
    made.cancel(second)
    assert held(visit.store)[VISIT_DAY][0] == "reception" and not made.conflicts()


def test_a_meeting_that_ends_early_makes_room_too(visit: VisitLife, made: Rooms) -> None:
    made.clock.at = datetime(2026, 12, 4, 1, 0, tzinfo=UTC)
    meeting = made.book("09:00", "11:00", room="reception", day=VISIT_DAY)
    made.clock.forward(minutes=30)
    with writing(visit.store):
        visit.store.execute(
            "INSERT INTO visit_days (rule_id, nominal_on, actual_on, provisional, opens, closes, room)"
            " VALUES (1, ?, ?, 0, '10:00', '12:00', 'reception')",
            [VISIT_DAY, VISIT_DAY],
        )
    assert len(made.conflicts()) == 1
    made.end(meeting)
    assert VISIT_DAY in held(visit.store)


def test_a_day_that_moves_into_a_meeting_loses_its_hold_and_is_seen(visit: VisitLife, made: Rooms) -> None:
    day = details(visit.store, visit.book()).day
    made.book("11:00", "12:00", room="reception", day="2026-12-07", by=made.other)
    move_day(visit, day, "2026-12-07")
    assert made.conflicts()[0].day.actual_on == date(2026, 12, 7)
    # What it held before is free, and the history says why.
    assert made.book("10:00", "12:00", room="reception", day=VISIT_DAY)
    whats = [event["what"] for event in events.history(visit.store, "visit_day", day.id)]
    assert "room_not_held" in whats


def test_a_day_is_given_another_room_and_the_slips_say_so(visit: VisitLife, made: Rooms) -> None:
    made.book("10:00", "12:00", room="reception", day=VISIT_DAY)
    booked = [visit.book() for _ in range(2)]
    gone = visit.book()
    with writing(visit.store):
        visit.store.execute("UPDATE visit_day_bookings SET live = 0 WHERE case_id = ?", [gone.id])
    day = details(visit.store, booked[0]).day
    with refused("nothing_changed"):
        visit_day_rooms.give(visit.store, day_id=day.id, room="reception", by=made.head, now=made.now)
    with refused("room_unknown"):
        visit_day_rooms.give(visit.store, day_id=day.id, room="cellar", by=made.head, now=made.now)
    with refused("visit_day_unknown"):
        visit_day_rooms.give(visit.store, day_id=999, room="meeting", by=made.head, now=made.now)
    with refused("not_permitted"):
        visit_day_rooms.give(visit.store, day_id=day.id, room="meeting", by=made.desk, now=made.now)
    other = made.book("11:45", "12:30", day=VISIT_DAY)
    with refused("room_taken"):
        visit_day_rooms.give(visit.store, day_id=day.id, room="meeting", by=made.head, now=made.now)
    assert visit_days.by_id(visit.store, day.id).room == "reception"
    made.cancel(other)
    moved = visit_day_rooms.give(visit.store, day_id=day.id, room="meeting", by=made.head, now=made.now)
    assert moved.room == "meeting" and held(visit.store)[VISIT_DAY][0] == "meeting" and not made.conflicts()
    for case in booked:
        found = details(visit.store, case)
        assert found.edition == 2
        slips = visit.store.rows(
            "SELECT state, facts FROM print_jobs WHERE ref = ? AND kind = 'visit_day_slip' ORDER BY id",
            [cases.ref(case)],
        )
        assert "物业服务中心接待室" in slips[0]["facts"] and "物业服务中心会议室" in slips[-1]["facts"]
    assert {case.no for case in booking_changes.untold(visit.store, by=made.head)} == {case.no for case in booked}
    assert details(visit.store, gone).edition == 1
    # A day that is over keeps its room.
    with writing(visit.store):
        visit.store.execute(
            "UPDATE visit_days SET state = 'held', published_at = :at, opened_at = :at, held_at = :at WHERE id = :day",
            {"at": "2026-12-04T04:00:00.000Z", "day": day.id},
        )
    with refused("visit_day_room_stays"):
        visit_day_rooms.give(visit.store, day_id=day.id, room="reception", by=made.head, now=made.now)


def test_a_day_that_is_over_leaves_its_room_to_others(visit: VisitLife, made: Rooms) -> None:
    # Nobody is expected: his booking was not signed.
    visit.book()
    made.clock.at = datetime(2026, 12, 4, 2, 30, tzinfo=UTC)
    visit_day_session.hold(visit.store, by=visit.manager, now=made.now)
    row = visit.store.row("SELECT * FROM room_bookings WHERE from_at = '2026-12-04T02:00:00.000Z'")
    assert row is not None and (row["state"], row["to_at"][:16]) == ("used", "2026-12-04T02:30")
    assert made.book("10:30", "12:00", room="reception", day=VISIT_DAY)
    assert not made.conflicts()


def test_what_is_called_goes_to_the_room_that_the_day_was_given(visit: VisitLife, made: Rooms) -> None:
    case, met = visit.admitted(), visit.admitted()
    made.clock.at = datetime(2026, 12, 4, 1, 50, tzinfo=UTC)
    visit_day_session.tick(visit.store, by=BOX, now=made.now)
    with writing(visit.store):
        for state in ("checked_in", "met"):
            cases.move(visit.store, cases.whole(visit.store, met.id), state, "test", by=made.desk, at=made.now)
    day = details(visit.store, case).day
    visit_day_rooms.give(visit.store, day_id=day.id, room="meeting", by=made.head, now=made.now)
    assert visit.store.value("SELECT name FROM counters WHERE session = 1") == "会议室"
    assert details(visit.store, case).edition == 2
    # Whoever was in the room already needs no slip to it.
    assert details(visit.store, met).edition == 1


# The tables.


def test_the_table_of_a_day_covers_the_hours_and_whatever_lies_outside(made: Rooms) -> None:
    early = made.book("06:30", "07:15", day="2026-11-24")
    made.book("09:30", "11:00", day="2026-11-24")
    table = room_table.day_table(made.store, date(2026, 11, 24), by=made.desk)
    # Open around the clock, the demo shows the day alone; what was booked before it is there too.
    assert table.hours[0] == 6 * 60 and table.hours[-1] == 20 * 60
    configure(made.store, hours_work="08:30-12:00,13:30-17:30")
    assert room_table.day_table(made.store, date(2026, 11, 24), by=made.desk).hours[-1] == 17 * 60
    assert room_table.day_table(made.store, date(2026, 11, 25), by=made.desk).hours[0] == 8 * 60
    by_room = {room.code: row for room, row in table.rows}
    assert list(by_room) == ["reception", "meeting"]
    for row in by_room.values():
        assert sum(stretch.quarters for stretch, _ in row) == 4 * len(table.hours)
    assert [one.id for _, one in by_room["meeting"] if one] == [early.id, early.id + 1]


def test_the_table_of_a_week_begins_on_monday(made: Rooms) -> None:
    made.book("09:00", "10:00", day="2026-11-29")
    gone = made.book("10:00", "11:00", day="2026-11-29")
    made.cancel(gone)
    table = room_table.week_table(made.store, date(2026, 11, 29), by=made.desk)
    assert (table.days[0], table.days[-1]) == (date(2026, 11, 23), date(2026, 11, 29))
    meeting = {room.code: row for room, row in table.rows}["meeting"]
    assert [len(day) for day in meeting] == [0, 0, 0, 0, 0, 0, 1]


def test_a_room_that_somebody_booked_stays_in_use(made: Rooms) -> None:
    admin, table = actor(made.store, Role.ADMINISTRATOR), table_columns.TABLES[room_lists.ROOMS.code]

    def save(key: str, **values: str) -> str:
        return tables.save(made.store, table=table, key=key, values=values, by=admin, now=made.now)

    assert save("", code="small", name="洽谈室", name_en="Small room", position="3", active="1") == "small"
    booked = made.book(room="small")
    with refused("row_in_use"):
        save("small", active="0")
    made.cancel(booked)
    save("small", active="0", seats="6")
    with refused("room_unknown"):
        made.book(room="small")
    with refused("row_in_use"):
        save("reception", active="0")
    assert [room.code for room in room_table.all_rooms(made.store)] == ["reception", "meeting"]


def test_the_store_alone_keeps_meetings_apart(made: Rooms) -> None:
    """The act asks nobody before it writes: taken away, the trigger is missed at once (the race is in test_races)."""
    made.book()
    made.store.execute("DROP TRIGGER room_bookings_apart")
    assert made.book("14:30", "16:00")
    made.store.execute("DROP TRIGGER room_bookings_moved_apart")
    third = made.book("18:00", "19:00")
    assert made.change(third, from_="14:15", to="15:00")
