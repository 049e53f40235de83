"""Bookings of the visit day: closing, the waiting list in its order, changes, papers; and any sequence of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random
from typing import Any
from unittest import mock

import pytest

from db import printers
from db.store import Store, writing
from reception import (
    booking_changes,
    booking_days,
    booking_places,
    booking_register,
    booking_slips,
    booking_steps,
    booking_view,
    bookings,
    cases,
    feedback,
    visit_days,
)
from reception.booking_facts import details
from reception.booking_owners import Proof
from reception.cases import Case
from reception.permissions import KIOSK, TOKEN_HOLDER, Actor
from reception.refusal import Refused
from reception.rules import clock as times
from reception.site import configure, site
from tests.conftest import Clock
from tests.reception.visit_life import HOMES, VisitLife

# Fridays and what became of the second: 4 December 2026, Monday 4 January 2027.
FIRST, SECOND = "2026-12-04", "2027-01-04"


@pytest.fixture
def made(store: Store, clock: Clock) -> VisitLife:
    return VisitLife(store, clock)


def again(made: VisitLife, case: Case) -> Case:
    return cases.whole(made.store, case.id)


def change(made: VisitLife, case: Case, day: str = "", starts: str = "", **other: Any) -> Case:
    fields: dict[str, Any] = {"reason": "业主有事", "by": made.desk} | other
    return booking_steps.change(made.store, no=case.no, day=day, starts=starts, now=made.now, **fields)


def withdraw(made: VisitLife, case: Case) -> Case:
    return booking_steps.withdraw(made.store, no=case.no, reason="已解决", by=made.desk, now=made.now)


def test_booking_closes_with_the_business_of_the_third_working_day_before(made: VisitLife, clock: Clock) -> None:
    configure(made.store, hours_work="08:30-12:00,13:30-17:30", hours_rest="")
    with writing(made.store):
        visit_days.plan(made.store, at=clock())
    first, second = booking_days.offers(made.store, now=clock())[:2]
    # Friday the 4th: Thursday, Wednesday, Tuesday the 1st.
    assert first.until.isoformat() == "2026-12-01T17:30:00+08:00"
    # 1 to 3 January rest for certain; Monday the 4th: Thursday 31, Wednesday 30, Tuesday 29 December.
    assert second.until.isoformat() == "2026-12-29T17:30:00+08:00"
    clock.at = datetime.fromisoformat("2026-12-01T17:29:50+08:00")
    assert details(made.store, made.book()).visit_day_on == FIRST
    clock.at = datetime.fromisoformat("2026-12-01T17:30:00+08:00")
    # The next day is offered, and the closed one says until when it could be booked.
    shown = booking_days.offers(made.store, now=clock())
    assert [one.open for one in shown[:2]] == [False, True] and shown[0].until_words.zh == "12月1日（周二） 17:30"
    with pytest.raises(Refused, match="booking_closed"):
        made.book(day=FIRST)
    assert details(made.store, made.book()).visit_day_on == SECOND


def test_a_seat_that_is_kept_free_is_never_booked(made: VisitLife) -> None:
    configure(made.store, visit_day_slack="4,8")
    booked = [details(made.store, made.book()).starts for _ in range(7)]
    assert "10:45" not in booked and "11:45" not in booked and booked[6] == ""
    with pytest.raises(Refused, match="slot_taken"):
        made.book(starts="10:45")


def test_a_home_books_a_day_once_and_again_once_it_gave_its_place_up(made: VisitLife) -> None:
    case = made.book()
    with pytest.raises(Refused, match="household_booked"):
        made.book(unit=HOMES[0], day=FIRST)
    other = made.book(unit=HOMES[0], day=SECOND)
    with pytest.raises(Refused, match="household_booked"):
        change(made, other, FIRST)
    withdraw(made, case)
    assert change(made, other, FIRST).state == "under_review"


def test_the_waiting_list_moves_up_in_its_order(made: VisitLife) -> None:
    booked = [made.book() for _ in range(11)]
    assert [booking_slips.place_in_line(made.store, one.id) for one in booked[7:]] == [0, 1, 2, 3]
    # One of those who wait gives up; then a seat, then another by changing its day.
    withdraw(made, booked[9])
    withdraw(made, booked[2])
    assert details(made.store, again(made, booked[8])).starts == "10:30"
    assert booking_slips.place_in_line(made.store, booked[10].id) == 1
    change(made, booked[5], SECOND)
    up = again(made, booked[10])
    assert (up.state, details(made.store, up).starts) == ("under_review", "11:15")
    (moved,) = booking_changes.of_case(made.store, up.id)
    assert (moved.cause, moved.was_starts, moved.by_name) == ("moved_up", "", "")
    told = [one.no for one in booking_changes.untold(made.store, by=made.desk)]
    assert set(told) == {booked[5].no, booked[8].no, booked[10].no}
    feedback.give(made.store, no=up.no, about="progress", channel="phone", text="有位了", by=made.desk, now=made.now)
    assert up.no not in [one.no for one in booking_changes.untold(made.store, by=made.desk)]


def test_a_slip_of_what_changed_comes_out_at_the_desk_for_nobody_waits_at_the_kiosk(made: VisitLife) -> None:
    printers.save(made.store, "back", address="tcp://127.0.0.1:9101")
    printers.route(made.store, "at_desk", "back")
    booked = [made.book() for _ in range(9)]
    withdraw(made, booked[0])
    newest = made.store.row("SELECT ref, printer FROM print_jobs ORDER BY id DESC LIMIT 1")
    assert newest is not None and tuple(newest) == (f"case:{booked[8].id}", "back")


def test_a_refusal_or_a_no_show_gives_its_place_up_by_the_same_door(made: VisitLife) -> None:
    booked = [made.book() for _ in range(9)]
    told: dict[str, Any] = {"about": "result", "channel": "phone", "text": "转工程部先行处理"}
    feedback.give(made.store, no=booked[0].no, **told, by=made.head, now=made.now)
    with writing(made.store):
        cases.move(made.store, booked[0], "not_admitted", "refuse", by=made.head, at=made.now)
        booking_places.leave(made.store, booked[0], by=made.head, at=made.now)
    assert details(made.store, again(made, booked[8])).starts == "10:00"
    with writing(made.store):
        booking_places.leave(made.store, booked[0], by=made.head, at=made.now)
    assert details(made.store, again(made, booked[8])).starts == "10:00", "whoever has it now keeps it"


def test_on_the_day_a_seat_goes_to_who_walked_in_and_never_to_one_at_home(made: VisitLife, clock: Clock) -> None:
    booked = [made.book() for _ in range(9)]
    clock.at = datetime.fromisoformat("2026-12-04T10:20:00+08:00")
    guest = bookings.book_walk_in(
        made.store,
        nonce="w",
        name="李娟",
        phone="13912345678",
        unit="2-2-301",
        matter="噪音",
        by=made.desk,
        now=made.now,
    )
    assert booking_slips.place_in_line(made.store, guest.id) == 2
    # A seat of the past is nothing to anybody.
    withdraw(made, booked[0])
    assert details(made.store, again(made, guest)).starts == ""
    withdraw(made, booked[6])
    found = details(made.store, again(made, guest))
    assert (found.starts, again(made, guest).state) == ("11:30", "booked")
    assert details(made.store, again(made, booked[8])).waiting_at is not None
    with pytest.raises(Refused, match="visit_day_over"):
        change(made, booked[3], starts="11:30")


def test_who_waited_in_vain_is_given_another_day_after_it(made: VisitLife, clock: Clock) -> None:
    waits = [made.book() for _ in range(9)][8]
    clock.at = datetime.fromisoformat("2026-12-04T13:00:00+08:00")
    page = booking_view.page(made.store, again(made, waits), now=clock())
    assert [one.day.actual_on.isoformat() for one in page.offers][:1] == [SECOND]
    later = change(made, waits, SECOND)
    assert (later.state, details(made.store, later).starts) == ("under_review", "10:00")


def test_the_register_stands_by_time_then_by_the_line_then_what_is_over(made: VisitLife) -> None:
    booked = [made.book() for _ in range(10)]
    withdraw(made, booked[0])
    change(made, booked[2], SECOND)
    listed = booking_register.of_day(made.store, details(made.store, booked[1]).day.id, by=made.desk)
    # The ninth and the tenth moved up; the one that is over stands last.
    numbers = [booked[place].no for place in (8, 1, 9, 3, 4, 5, 6, 7, 0)]
    assert [one.no for one in listed] == numbers
    for _ in range(2):
        made.book(day=FIRST, unit=HOMES[made.count + 3])
    listed = booking_register.of_day(made.store, details(made.store, booked[1]).day.id, by=made.desk)
    assert [one.in_line for one in listed] == [0] * 8 + [1, 2] + [0]


def test_a_provisional_day_is_never_told_as_fixed(made: VisitLife) -> None:
    case = made.book(day=SECOND)
    said = booking_view.progress(made.store, case, now=None).sentence
    assert said.zh == "1月4日（周一）（暂定）10:00" and "(provisional)" in said.en


def test_changing_an_admitted_booking_leaves_what_was_signed(made: VisitLife) -> None:
    case = made.admitted()
    assert change(made, case, starts="11:00").state == "admitted"
    moved = change(made, again(made, case), SECOND)
    assert moved.state == "admitted" and details(made.store, moved).starts == "10:00"
    assert made.store.value("SELECT count(*) FROM endorsements WHERE state = 'agreed'") == 4
    assert [one.cause for one in booking_changes.of_case(made.store, case.id)] == ["slot_changed", "rebooked"]


def test_who_was_here_is_expected_again_on_another_day(made: VisitLife) -> None:
    case = made.admitted()
    with writing(made.store):
        cases.move(made.store, case, "checked_in", "check_in", by=made.desk, at=made.now)
        made.store.execute(
            "UPDATE visit_day_bookings SET arrived_at = ?, arrival = 'early' WHERE case_id = ?",
            [times.to_text(made.now), case.id],
        )
    with pytest.raises(Refused, match="step_not_now"):
        change(made, case, starts="11:00")
    with pytest.raises(Refused, match="step_not_now"):
        booking_steps.change_by_token(
            made.store, token=case.token, phone_tail="5678", day=SECOND, starts="", by=KIOSK, now=made.now
        )
    later = change(made, case, SECOND, cause="overrun", by=made.manager)
    assert (later.state, details(made.store, later).arrived_at) == ("admitted", None)
    assert booking_changes.of_case(made.store, case.id)[0].cause == "overrun"


@pytest.mark.parametrize(
    ("day", "starts", "other", "code"),
    [
        ("", "10:00", {}, "nothing_changed"),
        ("", "", {}, "nothing_changed"),
        ("", "10:15", {}, "slot_taken"),
        ("", "10:01", {}, "slot_taken"),
        ("2026-12-05", "", {}, "visit_day_unknown"),
        ("tomorrow", "", {}, "visit_day_unknown"),
        (SECOND, "", {"reason": " "}, "reason_missing"),
        (SECOND, "", {"cause": "whim"}, "change_cause_unknown"),
    ],
)
def test_a_change_that_cannot_be_leaves_all_as_it_was(
    made: VisitLife, day: str, starts: str, other: dict[str, Any], code: str
) -> None:
    case = made.book()
    made.book()
    with pytest.raises(Refused, match=code):
        change(made, case, day, starts, **other)
    assert details(made.store, again(made, case)).starts == "10:00"
    assert booking_changes.of_case(made.store, case.id) == []


def test_nobody_loses_his_seat_to_a_list(made: VisitLife) -> None:
    case = made.book(day=SECOND)
    for _ in range(8):
        made.book(day=FIRST)
    with pytest.raises(Refused, match="visit_day_full"):
        change(made, case, FIRST)
    assert details(made.store, again(made, case)).starts == "10:00"


# Whatever is done in whatever order.


def check(store: Store) -> None:
    """Hold the promises: a seat has one, a home has one place a day, nobody waits while a seat is free."""
    taken = [row[0] for row in store.rows("SELECT case_id FROM visit_day_slots WHERE case_id IS NOT NULL")]
    assert len(taken) == len(set(taken))
    homes = [tuple(row) for row in store.rows("SELECT visit_day_id, unit_id FROM visit_day_bookings WHERE live = 1")]
    assert len(homes) == len(set(homes))
    for row in store.rows(
        "SELECT booked.*, cases.state, cases.closed_at, slots.visit_day_id AS seat_day, slots.slack"
        " FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"
        " LEFT JOIN visit_day_slots AS slots ON slots.case_id = booked.case_id"
    ):
        seated = row["seat_day"] is not None
        assert bool(row["live"]) == (row["closed_at"] is None)
        # A place is a seat of its own day, or a place in the line; never both, never neither.
        assert seated + (row["waiting_at"] is not None) == row["live"], dict(row)
        assert not seated or (row["seat_day"] == row["visit_day_id"] and not row["slack"])
        assert not (seated and row["state"] == "booked") or row["walk_in"]
    for row in store.rows(
        "SELECT DISTINCT visit_day_id FROM visit_day_bookings WHERE live = 1 AND waiting_at IS NOT NULL"
    ):
        free = store.value(
            "SELECT count(*) FROM visit_day_slots WHERE visit_day_id = ? AND case_id IS NULL AND slack = 0", [row[0]]
        )
        assert free == 0, "somebody waits while a seat is free"


def play(made: VisitLife, seed: int, steps: int) -> None:
    """Book, withdraw and change at random, of twelve homes on two days; the order of the line is kept by each step."""
    rng, store = Random(seed), made.store
    for number in range(steps):
        live = [row[0] for row in store.rows("SELECT case_id FROM visit_day_bookings WHERE live = 1 ORDER BY case_id")]
        before = line(store)
        act = rng.choice(["book", "book", "book", "withdraw", "change", "admit"])
        try:
            if act == "book" or not live:
                starts = rng.choice(["", "", "", "10:00", "10:30"])
                made.book(unit=rng.choice(HOMES[:14]), day=rng.choice([FIRST, FIRST, SECOND]), starts=starts,
                          nonce=f"{seed}-{number}")  # fmt: skip
            elif act == "withdraw":
                withdraw(made, cases.whole(store, rng.choice(live)))
            elif act == "change":
                starts = rng.choice(["", "10:15", "11:00"])
                change(made, cases.whole(store, rng.choice(live)), rng.choice(["", FIRST, SECOND]), starts)
            else:
                seated = [one for one in live if cases.whole(store, one).state == "under_review"]
                if seated:
                    made.admitted(cases.whole(store, rng.choice(seated)))
        except Refused as refused:
            assert refused.code in {
                "household_booked", "slot_taken", "nothing_changed", "visit_day_full", "step_not_now",
            }, refused.code  # fmt: skip
        check(store)
        for day, waited in before.items():
            now = [one for one in line(store).get(day, []) if one in waited]
            # Whoever is left stands in the order of before; whoever moved up stood before who is left.
            assert now == [one for one in waited if one in now]
            gone = [one for one in waited if one not in now]
            up = [one for one in gone if details(store, cases.whole(store, one)).day.id == day and seat(store, one)]
            assert all(waited.index(one) < waited.index(left) for one in up for left in now)


def line(store: Store) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for row in store.rows(
        "SELECT visit_day_id, case_id FROM visit_day_bookings WHERE live = 1 AND waiting_at IS NOT NULL"
        " ORDER BY waiting_at, case_id"
    ):
        found.setdefault(row[0], []).append(row[1])
    return found


def seat(store: Store, case_id: int) -> bool:
    return store.value("SELECT 1 FROM visit_day_slots WHERE case_id = ?", [case_id]) is not None


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_done_in_whatever_order(made: VisitLife, seed: int) -> None:
    # Sixteen seats would seldom be all taken.
    configure(made.store, visit_day_slot_minutes=30)
    play(made, seed, 120)


@contextmanager
def without(what: str) -> Iterator[None]:
    """Take one guard away."""
    guards: dict[str, Any] = {
        "move_up": mock.patch.object(booking_places, "move_up", lambda store, day_id, at: []),
        "order": mock.patch.object(booking_places, "_ORDER", "waiting_at DESC, case_id DESC"),
        "give_back": mock.patch("reception.visit_slots.give_back", lambda store, case_id: ""),
    }
    with guards[what]:
        yield


@pytest.mark.parametrize("guard", ["move_up", "order", "give_back"])
def test_the_random_play_sees_each_guard_gone(made: VisitLife, guard: str) -> None:
    configure(made.store, visit_day_slot_minutes=30)
    with without(guard), pytest.raises((AssertionError, sqlite3.IntegrityError)):
        for seed in range(6):
            play(made, seed, 70)


@pytest.mark.parametrize("by", [KIOSK, TOKEN_HOLDER])
def test_nobody_but_the_desk_sees_papers(made: VisitLife, by: Actor) -> None:
    proof = Proof("papers")
    with pytest.raises(Refused, match="not_permitted"):
        bookings.book(made.store, nonce="p", name="", phone="13912345678", unit="1-1-101", matter="", proof=proof,
                       by=by, now=made.now)  # fmt: skip


def test_a_slip_that_came_too_late_is_void(made: VisitLife) -> None:
    case = made.book()
    withdraw(made, case)
    assert made.store.value("SELECT state FROM print_jobs WHERE kind = 'visit_day_slip'") == "void"
    with pytest.raises(Refused, match="paper_outdated"):
        booking_slips.rebuild(made.store, again(made, case), booking_slips.KIND, "")


def test_the_slip_says_what_stands(made: VisitLife) -> None:
    booked = [made.book() for _ in range(9)]
    slip = booking_slips.slip(made.store, again(made, booked[1]))
    assert (slip.starts, slip.waiting, slip.before, slip.signatures.zh, slip.edition) == ("10:15", 0, 10, "审核中", 1)
    assert slip.name == "张**" and slip.place == site(made.store).visit_day_place
    waits = booking_slips.slip(made.store, again(made, booked[8]))
    assert (waits.starts, waits.waiting, waits.signatures.zh) == ("", 1, "候补")
    done = made.admitted(again(made, booked[1]))
    assert booking_slips.slip(made.store, done).signatures.zh == "已安排接待"
    assert slip.visit_day_on == FIRST


def test_of_a_booking_that_is_changed_for_ever_the_last_changes_are_shown(made: VisitLife) -> None:
    case = made.book()
    with writing(made.store):
        for edition in range(2, 42):
            made.store.execute(
                "INSERT INTO visit_day_changes (case_id, edition, was_on, was_starts, cause, reason, at)"
                " VALUES (?, ?, '2026-12-04', '10:00', 'slot_changed', '', '2026-11-23T02:00:00.000Z')",
                [case.id, edition],
            )
    shown = [one.edition for one in booking_changes.of_case(made.store, case.id)]
    assert shown == list(range(42 - booking_changes.MOST_OF_ONE, 42))
