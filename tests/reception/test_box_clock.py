"""Setting the time: asked at the desk, with a second look where it is odd; carried out once, at once, or not at all."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from db.store import Store, writing
from reception import box_care, box_clock, box_wishes, events, visits
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from tests.conftest import Clock, actor


class Machine:
    """The clock of a machine, which a unit may set; it stands where it is put."""

    def __init__(self, clock: Clock, *, chip: bool = True, may: bool = True) -> None:
        self.clock, self.chip, self.may = clock, chip, may
        self.put_to: list[datetime] = []

    def put(self, at: datetime) -> bool:
        if not self.may:
            raise PermissionError("not permitted")
        self.put_to.append(at)
        self.clock.at = at
        return self.chip


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def ask(store: Store, by: Actor, clock: Clock, day: str = "2026-11-23", at: str = "10:40", sure: str = "") -> int:
    return box_clock.ask(store, day=day, at=at, sure=sure, by=by, now=clock())


def carry_out(store: Store, machine: Machine) -> str | None:
    return box_clock.carry_out(store, read=machine.clock, put=machine.put)


def test_the_clock_is_put_to_the_time_at_the_site_that_was_asked(store: Store, manager: Actor, clock: Clock) -> None:
    wish = ask(store, manager, clock)
    machine = Machine(clock)
    clock.forward(seconds=4)
    # What passed since the press is not lost.
    assert carry_out(store, machine) == "set"
    assert machine.put_to == [datetime(2026, 11, 23, 2, 40, 4, tzinfo=UTC)]
    found = box_clock.last(store, by=manager, now=clock())
    assert found is not None and (found.state, found.outcome, found.left) == ("done", "set", False)
    assert [row["what"] for row in events.history(store, "box", wish)] == ["ask_set_time", "box_wish"]
    # Once: nobody asks any more.
    assert carry_out(store, machine) is None and len(machine.put_to) == 1


def test_a_box_without_a_clock_chip_is_told_so(store: Store, manager: Actor, clock: Clock) -> None:
    ask(store, manager, clock)
    assert carry_out(store, Machine(clock, chip=False)) == "set_no_chip"


@pytest.mark.parametrize(
    ("day", "at", "code"),
    [
        ("2026-02-30", "10:00", "date_invalid"),
        ("", "10:00", "date_invalid"),
        ("2026-11-23", "24:30", "time_invalid"),
        ("2026-11-23", "", "time_invalid"),
        ("2026-11-23", "10:00+05:00", "time_invalid"),
        ("2025-12-31", "10:00", "clock_out_of_range"),
        ("2126-11-23", "10:00", "clock_out_of_range"),
        ("9999-12-31", "23:59", "clock_out_of_range"),
        ("0001-01-01", "00:00", "clock_out_of_range"),
        ("2099-12-31", "23:00", "clock_out_of_range"),
        ("2026-11-23", "09:00", "clock_back"),
        ("2035-11-23", "10:00", "clock_far"),
    ],
)
def test_what_cannot_be_and_what_wants_a_second_look(
    store: Store, manager: Actor, clock: Clock, day: str, at: str, code: str
) -> None:
    visits.check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    with pytest.raises(Refused, match=f"^{code}$"):
        ask(store, manager, clock, day, at)
    if code in {"clock_back", "clock_far"}:
        ask(store, manager, clock, day, at, sure="1")


def test_one_wish_at_a_time_and_one_that_nobody_took_stands_in_no_way(
    store: Store, manager: Actor, clock: Clock
) -> None:
    first = ask(store, manager, clock)
    with pytest.raises(Refused, match="box_wish_open"):
        ask(store, manager, clock)
    clock.forward(minutes=3)
    left = box_clock.last(store, by=manager, now=clock())
    assert left is not None and left.left
    second = ask(store, manager, clock)
    states = {row["id"]: row["outcome"] for row in store.rows("SELECT id, outcome FROM box_wishes")}
    assert states == {first: "not_taken", second: ""}


@pytest.mark.parametrize("moved", [timedelta(minutes=3), timedelta(minutes=-1), timedelta(days=400)])
def test_a_wish_is_carried_out_at_once_or_not_at_all(
    store: Store, manager: Actor, clock: Clock, moved: timedelta
) -> None:
    ask(store, manager, clock)
    machine = Machine(clock)
    clock.at += moved
    assert carry_out(store, machine) == "not_taken" and machine.put_to == []


def test_what_the_system_refuses_is_said(store: Store, manager: Actor, clock: Clock) -> None:
    ask(store, manager, clock)
    assert carry_out(store, Machine(clock, may=False)) == "clock_refused"
    found = box_clock.last(store, by=manager, now=clock())
    assert found is not None and found.state == "failed"


def test_the_unit_trusts_no_time_that_stands_in_the_store(store: Store, manager: Actor, clock: Clock) -> None:
    with writing(store):
        detail = {"to": "2199-01-01T00:00:00.000Z", "clock": times.to_text(clock()), "back": True}
        box_wishes.ask(store, "set_time", detail, by=manager, at=clock())
    machine = Machine(clock)
    assert carry_out(store, machine) == "clock_out_of_range" and machine.put_to == []


def test_set_back_after_a_jump_far_ahead_the_lobby_goes_on_at_once(
    store: Store, manager: Actor, clock: Clock, receptionist: Actor
) -> None:
    clock.at = datetime(2035, 6, 1, 2, 0, tzinfo=UTC)
    ahead = visits.check_in(store, line="general", nonce="ahead", by=KIOSK, now=clock())
    ask(store, manager, clock, "2026-11-23", "10:30", sure="1")
    machine = Machine(clock)
    clock.forward(seconds=2)
    assert carry_out(store, machine) == "set"
    assert not events.clock_is_behind(store, clock())
    assert not [one for one in box_care.troubles(store, now=clock()) if one.code == "clock_behind"]
    after = visits.check_in(store, line="general", nonce="after", by=KIOSK, now=clock())
    assert ahead.issued_at.startswith("2035") and after.issued_at.startswith("2026-11-23T02:30")


def test_without_the_word_that_it_is_right_time_set_back_by_others_is_only_told(
    store: Store, manager: Actor, clock: Clock
) -> None:
    """A wish that did not know of the jump declares nothing: its second look was never taken."""
    ask(store, manager, clock, at="10:25")
    with writing(store):
        events.record(store, "x", "site", 0, by=KIOSK, at=clock() + timedelta(days=3000))
    machine: Callable[[datetime], bool] = Machine(clock).put
    assert box_clock.carry_out(store, read=clock, put=machine) == "set"
    assert events.clock_is_behind(store, clock())
