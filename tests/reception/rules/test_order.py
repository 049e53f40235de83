"""The order of the queue, in the words of `domain.md` K5."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reception.rules import clock
from reception.rules.order import Group, Policy, Waiting, order, run_of

NOW = datetime(2026, 11, 23, 2, 24, tzinfo=UTC)
POLICY = Policy()


def ago(minutes: float) -> str:
    """Return a time so many minutes before now."""
    return clock.to_text(NOW - timedelta(minutes=minutes))


def one(number: int, minutes: float = 0, *, line: str = "general", **more: object) -> Waiting:
    """Return somebody who has waited for so long."""
    return replace(Waiting(number, line, ago(minutes)), **more)  # type: ignore[arg-type]


def called(*people: Waiting, run: int = 0, policy: Policy = POLICY) -> list[int]:
    """Return the ids in the order of their calls."""
    return [who.id for who, _ in order(people, run=run, now=NOW, policy=policy)]


def test_who_comes_first_goes_first() -> None:
    assert called(one(1, 3), one(2, 2), one(3, 1)) == [1, 2, 3]


def test_at_most_two_with_priority_in_a_row() -> None:
    ordinary = [one(number, 10) for number in (1, 2, 3)]
    priority = [one(number, 5, priority=True) for number in (11, 12, 13, 14, 15)]
    assert called(*ordinary, *priority) == [11, 12, 1, 13, 14, 2, 15, 3]
    assert called(*ordinary, *priority, policy=Policy(priority_in_a_row=1)) == [11, 1, 12, 2, 13, 3, 14, 15]


def test_a_run_goes_on_from_the_calls_before() -> None:
    assert called(one(1, 10), one(11, 5, priority=True), run=2) == [1, 11]
    assert run_of(["priority", "booked", "priority", "ordinary", "priority"]) == 2
    assert run_of(["picked", "returned", "sent"]) == 0


def test_with_nobody_else_priority_goes_on() -> None:
    assert called(*(one(number, 5, priority=True) for number in range(4)), run=2) == [0, 1, 2, 3]


def test_who_has_waited_half_an_hour_is_not_overtaken() -> None:
    assert called(one(1, 30), one(2, 29), one(11, 5, priority=True)) == [1, 11, 2]
    # Priority that came before him still goes before him.
    assert called(one(11, 40, priority=True), one(1, 31)) == [11, 1]


def test_a_booked_visitor_goes_first_from_ten_minutes_before_his_time() -> None:
    assert called(one(1, 20), one(2, 1, due_at=ago(-10))) == [2, 1]
    assert called(one(1, 20), one(2, 1, due_at=ago(-11))) == [1, 2]


def test_a_booked_visitor_who_waits_stays_booked_and_who_came_late_goes_as_priority() -> None:
    waits = one(2, 20, due_at=ago(18))
    late = one(3, 1, due_at=ago(17))
    assert called(one(1, 25), waits, late) == [2, 3, 1]
    assert [of for _, of in order([late], run=0, now=NOW, policy=POLICY)] == [Group.PRIORITY]
    assert called(one(1, 25), late, run=2) == [1, 3]


def test_the_earlier_appointment_goes_first() -> None:
    assert called(one(1, 5, due_at=ago(0)), one(2, 1, due_at=ago(5))) == [2, 1]


def test_who_comes_back_lets_three_pass() -> None:
    people = [one(number, 10 - number) for number in range(5)]
    back = one(9, 20, to_pass=3)
    assert called(back, *people) == [0, 1, 2, 9, 3, 4]
    other = [one(number, 10 - number, line="repair") for number in range(5)]
    # Whoever is called meanwhile counts, of whatever line the counter serves.
    assert called(back, *other) == [0, 1, 2, 9, 3, 4]


def test_who_let_them_pass_goes_before_priority_and_with_fewer_waiting_he_goes_last() -> None:
    assert called(one(9, 20, to_pass=0), one(11, 5, priority=True)) == [9, 11]
    assert called(one(9, 20, to_pass=3), one(8, 30, to_pass=1), one(1, 1)) == [1, 8, 9]


def test_who_was_sent_to_this_counter_goes_first_of_all() -> None:
    assert called(one(1, 40), one(2, 1, due_at=ago(0)), one(3, 0, sent=True)) == [3, 2, 1]


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    """Anybody, in the order of their ranks."""
    minutes = sorted(draw(st.lists(st.floats(0, 90), max_size=25)), reverse=True)
    return [
        one(
            number,
            since,
            line=draw(st.sampled_from(["general", "repair"])),
            priority=draw(st.booleans()),
            due_at=draw(st.none() | st.floats(-60, 60).map(ago)),
            to_pass=draw(st.none() | st.integers(0, 4)),
            sent=draw(st.booleans()),
        )
        for number, since in enumerate(minutes)
    ]


@given(crowds(), st.integers(0, 4))
def test_everybody_is_called_once_and_priority_never_three_times_past_somebody(people: list[Waiting], run: int) -> None:
    found = list(order(people, run=run, now=NOW, policy=POLICY))
    assert sorted(who.id for who, _ in found) == [who.id for who in people]
    for place, (_, of) in enumerate(found):
        before = run_of([*(str(group) for _, group in reversed(found[:place])), *["priority"] * run])
        if of is Group.PRIORITY and any(group is Group.ORDINARY for _, group in found[place:]):
            assert before < 2


@given(crowds())
def test_among_equals_who_came_first_goes_first(people: list[Waiting]) -> None:
    found = list(order(people, run=0, now=NOW, policy=POLICY))
    for of in (Group.PRIORITY, Group.ORDINARY):
        ids = [who.id for who, group in found if group is of]
        assert ids == sorted(ids)
