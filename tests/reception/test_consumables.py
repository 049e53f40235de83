"""耗材: the plan of a month, what was used, and the rolls of paper that the printers count."""

from datetime import UTC, datetime

import pytest

from db import printers, spool
from db.store import Store
from reception import case_flow, consumables, month_paper, tables
from reception.permissions import BOX, MAY, Role
from reception.refusal import Refused
from reception.rules import clock as clocks
from reception.table_columns import TABLES
from tests.conftest import Clock, actor
from tests.reception.test_permission_cells import Act

CELLS: dict[str, tuple[str, Act]] = {
    "report": ("see_consumables", lambda s, by, now: consumables.report(s, month="x", by=by, now=now)),
    "plan": (
        "plan_consumables",
        lambda s, by, now: consumables.plan(s, month="x", values={}, was={}, by=by, now=now),
    ),
    "note": (
        "note_consumable",
        lambda s, by, now: consumables.note(s, nonce="n", item="x", quantity="1", by=by, now=now),
    ),
    "take_back": ("note_consumable", lambda s, by, now: consumables.take_back(s, use_id="x", by=by, now=now)),
    "change_roll": (
        "change_roll",
        lambda s, by, now: consumables.change_roll(s, nonce="n", printer="x", by=by, now=now),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    cell, act = CELLS[name]
    for role in Role:
        before = store.connection.total_changes
        with pytest.raises(Refused) as refused:
            act(store, actor(store, role), clock.forward(minutes=1))
        assert (refused.value.code == "not_permitted") == (role not in MAY[cell]), (role, refused.value.code)
        assert store.connection.total_changes == before, role


def item(store: Store, clock: Clock, code: str, month: str = "") -> consumables.Item:
    """Return an item of a month as the head of service sees it."""
    found = consumables.report(store, month=month, by=actor(store, Role.SERVICE_HEAD), now=clock())
    return next(one for one in found.items if one.code == code)


def note(store: Store, clock: Clock, nonce: str, quantity: str, on: str = "", code: str = "a4") -> int:
    """Note a use as the receptionist."""
    by = actor(store, Role.RECEPTIONIST)
    return consumables.note(
        store, nonce=nonce, item=code, quantity=quantity, on=on, by=by, now=clock.forward(minutes=1)
    )


def plan(store: Store, clock: Clock, month: str, value: str, was: str = "") -> None:
    """Plan A4 paper as the head of service."""
    by = actor(store, Role.SERVICE_HEAD)
    values, before = {"a4": value}, {"a4": was}
    consumables.plan(store, month=month, values=values, was=before, by=by, now=clock.forward(minutes=1))


def test_a_month_counts_its_own_days_and_each_form_once(store: Store, clock: Clock) -> None:
    plan(store, clock, "2026-11", "5")
    assert note(store, clock, "a", "2") == note(store, clock, "a", "2")
    note(store, clock, "b", "4", on="2026-11-01")
    note(store, clock, "c", "9", on="2026-10-31")
    one = item(store, clock, "a4")
    assert (one.planned, one.used, one.left) == (5, 6, -1)
    before = item(store, clock, "a4", "2026-10")
    assert (before.planned, before.used, before.left) == (None, 9, None)
    with pytest.raises(Refused, match="nonce_reused"):
        note(store, clock, "a", "3")


@pytest.mark.parametrize(
    ("code", "quantity", "on", "refused"),
    [
        ("nothing", "1", "", "consumable_unknown"),
        ("a4", "0", "", "used_invalid"),
        ("a4", "1.5", "", "used_invalid"),
        ("a4", "10000", "", "used_invalid"),
        ("a4", "１", "", "used_invalid"),
        ("a4", "1", "2026-11-24", "day_to_come"),
        ("a4", "1", "1999-01-01", "date_invalid"),
        ("a4", "1", "yesterday", "date_invalid"),
    ],
)
def test_bad_input_notes_nothing(store: Store, clock: Clock, code: str, quantity: str, on: str, refused: str) -> None:
    with pytest.raises(Refused, match=refused):
        note(store, clock, "n", quantity, on, code)
    assert store.value("SELECT count(*) FROM consumable_uses") == 0


def test_what_is_taken_back_counts_no_more_and_stays_to_be_read(store: Store, clock: Clock) -> None:
    use, by = note(store, clock, "a", "2"), actor(store, Role.RECEPTIONIST)
    consumables.take_back(store, use_id=str(use), by=by, now=clock.forward(minutes=1))
    with pytest.raises(Refused, match="use_taken_back"):
        consumables.take_back(store, use_id=str(use), by=by, now=clock.forward(minutes=1))
    found = consumables.report(store, month="", by=by, now=clock())
    assert item(store, clock, "a4").used == 0 and [one.taken_back_by for one in found.uses] == [by.name]
    with pytest.raises(Exception, match="stays as noted"):
        store.execute("UPDATE consumable_uses SET quantity = 7")


def test_two_heads_who_plan_at_once_do_not_overwrite_each_other(store: Store, clock: Clock) -> None:
    plan(store, clock, "2026-12", "5")
    with pytest.raises(Refused, match="changed_meanwhile"):
        plan(store, clock, "2026-12", "8")
    assert item(store, clock, "a4", "2026-12").planned == 5
    plan(store, clock, "2026-12", "8", was="5")
    # Whoever left a field as it was has said nothing of it.
    plan(store, clock, "2026-12", "5", was="5")
    assert item(store, clock, "a4", "2026-12").planned == 8
    plan(store, clock, "2026-12", "", was="8")
    assert item(store, clock, "a4", "2026-12").planned is None


@pytest.mark.parametrize("month", ["2026-13", "2027-03", "2019-12", "x", "2026-1", "２０２６-11"])
def test_a_month_that_is_none_is_refused(store: Store, clock: Clock, month: str) -> None:
    with pytest.raises(Refused, match="month_invalid"):
        item(store, clock, "a4", month)
    assert item(store, clock, "a4", "2027-02").used == 0


def print_one(store: Store, clock: Clock, mm: int) -> None:
    """Let a paper of this length come out at the front printer."""
    at = clocks.to_text(clock())
    spool.enqueue(store, printer="front", kind="ticket", ref=f"ticket:{at}{mm}", facts="{}", at=at)
    job = spool.claim(store, "front", at)
    assert job is not None
    spool.settle(store, job.id, "printed", at, length_mm=mm)


def test_a_roll_counts_by_its_change_and_is_estimated_by_what_was_printed(store: Store, clock: Clock) -> None:
    by = actor(store, Role.RECEPTIONIST)
    print_one(store, clock, 30_000)
    first = consumables.change_roll(store, nonce="r", printer="front", by=by, now=clock.forward(minutes=1))
    assert consumables.change_roll(store, nonce="r", printer="front", by=by, now=clock.forward(minutes=1)) == first
    assert consumables.roll_in(store, "front", now=clock()).metres == 0
    print_one(store, clock, 45_000)
    roll = consumables.roll_in(store, "front", now=clock())
    assert roll.since and roll.metres == 45
    one = item(store, clock, "roll-80")
    assert (one.used, one.metres, one.rolls) == (1, 75, "1.5")
    assert item(store, clock, "roll-58").metres == 0 and item(store, clock, "a4").metres is None
    # Pressed by mistake: the roll before is the one that is in it.
    consumables.take_back(store, use_id=str(first), by=by, now=clock.forward(minutes=1))
    assert consumables.roll_in(store, "front", now=clock()) == consumables.Roll("", 0)


def test_a_month_ends_at_midnight_of_the_site(store: Store, clock: Clock) -> None:
    # 1 December in Shanghai begins at 16:00 UTC of the day before.
    clock.at = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    print_one(store, clock, 1_000)
    clock.forward(minutes=2)
    print_one(store, clock, 7_000)
    assert item(store, clock, "roll-80", "2026-11").metres == 1
    assert item(store, clock, "roll-80", "2026-12").metres == 7


def test_rolls_of_a_width_that_no_consumable_counts(store: Store, clock: Clock) -> None:
    printers.save(store, "slim", width_dots=384, columns=32)
    by, table = actor(store, Role.RECEPTIONIST), TABLES["consumables"]
    tables.save(store, table=table, key="roll-58", values={"roll": ""}, by=BOX, now=clock())
    with pytest.raises(Refused, match="roll_not_listed"):
        consumables.change_roll(store, nonce="r", printer="slim", by=by, now=clock.forward(minutes=1))
    with pytest.raises(Refused, match="roll_taken"):
        tables.save(store, table=table, key="a4", values={"roll": "80"}, by=BOX, now=clock.forward(minutes=1))
    with pytest.raises(Refused, match="printer_unknown"):
        consumables.change_roll(store, nonce="s", printer="none", by=by, now=clock.forward(minutes=1))


def rolls(store: Store, clock: Clock) -> int | None:
    """Return the rolls that the month report of this month tells of."""
    of = case_flow.month(store, "", now=clock())
    found = month_paper.section(store, of, by=actor(store, Role.MANAGER))
    return next(one.value for one in found.figures if one.code == "rolls")


def test_the_month_report_counts_the_rolls_and_nothing_else(store: Store, clock: Clock) -> None:
    note(store, clock, "a", "2", code="roll-80")
    mistaken = note(store, clock, "b", "5", code="roll-58")
    note(store, clock, "c", "7")
    # The last day of the month before: not of this one.
    note(store, clock, "d", "3", "2026-10-31", code="roll-80")
    consumables.take_back(store, use_id=str(mistaken), by=actor(store, Role.RECEPTIONIST), now=clock())
    assert rolls(store, clock) == 2
