"""Clocks that turn without an act of their case: the box's time was set right, a known fault lets a repair go."""

from datetime import datetime

from db.store import Store
from reception.clock_table import CLOCKS, CORRECTED, HELD_BY_FAULT, UNANSWERED
from reception.clocks import Keeper, applies_to, facts_of
from reception.permissions import Actor
from reception.rules import clock as times
from reception.rules.deadlines import Time


def let_go(store: Store, case_id: int, kind: str, *, held_from: str, by: Actor, at: datetime) -> None:
    """Let what a fault held since then run on, inside the act that lets the case go: each as due as it was.

    What was done meanwhile is not awaited again; what came back meanwhile is, from now.
    """
    case = store.row("SELECT state, round, closed_at FROM cases WHERE id = ?", [case_id])
    assert case is not None
    if case["closed_at"]:
        return
    keeper, facts = Keeper(store, case_id, case["round"], "described", by, at, at), facts_of(store, case_id, kind)
    for one in (CLOCKS[code] for code in sorted(HELD_BY_FAULT)):
        if not applies_to(one, facts):
            continue
        done = store.value(
            "SELECT 1 FROM events WHERE subject = 'case' AND subject_id = ? AND at >= ? AND what IN"  # noqa: S608
            f" ({', '.join('?' * len(one.stops))})",
            [case_id, held_from, *sorted(one.stops)],
        )
        if not done:
            store.execute(
                "UPDATE clocks SET stopped_at = NULL, void = 0 WHERE case_id = ? AND clock = ? AND round = ?"
                " AND void = 1 AND stopped_at = ?",
                [case_id, one.code, case["round"], held_from],
            )
        if case["state"] == "returned" and one.again:
            keeper.count_again(one)
        # One that began and is void did not apply before the fault held it, or what it waits for was done since.
        begun = "SELECT 1 FROM clocks WHERE case_id = ? AND clock = ? AND round = ? AND void = 0"
        if store.value(begun, [case_id, one.code, case["round"]]) is None:
            keeper.follow(one, case, facts)
        if one.time is Time.AGREED and facts.get("appointed_at") and case["state"] in UNANSWERED | {"accepted"}:
            keeper.agree(one, times.from_text(facts["appointed_at"]))


def set_right(store: Store, *, by: Actor, at: datetime) -> None:
    """Start anew at `at` what a clock of the box that ran ahead started later, inside the act that declares it right.

    An agreed time stays what was agreed.
    """
    late = times.to_text(at)
    store.execute("UPDATE case_pauses SET from_at = ? WHERE until_at IS NULL AND from_at > ?", [late, late])
    rows = store.rows("SELECT * FROM clocks WHERE stopped_at IS NULL AND started_at > ?", [late])
    for row in rows:
        one, keeper = CLOCKS[row["clock"]], Keeper(store, row["case_id"], row["round"], CORRECTED, by, at, at)
        store.execute(
            "UPDATE clocks SET started_at = ? WHERE case_id = ? AND clock = ? AND round = ?",
            [late, row["case_id"], row["clock"], row["round"]],
        )
        if one.time is not Time.AGREED:
            keeper.set_due(one, keeper.deadline(one, at)[0], CORRECTED, fresh=False)
