"""Repairs that are a known fault (并入故障): it answers for them until it is over, or they are taken out again."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import acceptance, cases, clock_turns, clocks, events, feedback, repair_facts
from reception.cases import Case
from reception.fault_records import SUBJECT, Fault, by_id, find, holding
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

UNREACHED = "所属故障已恢复，未联系到业主，请单独答复"
MERGED_UNTOLD = "所属故障已恢复，已告知本户；并入的其他报修尚未答复，请逐户答复后再办结"


@dataclass(frozen=True, slots=True)
class Attached:
    """A repair of a fault; `held`: the fault answers for it, so its own clocks stand still."""

    no: str
    state: str
    state_words: Words
    held: bool


def of_fault(store: Store, fault: Fault) -> list[Attached]:
    """Return the repairs that are this same fault."""
    rows = store.rows(
        "SELECT cases.id, cases.no, cases.state FROM fault_cases JOIN cases ON cases.id = fault_cases.case_id"
        " WHERE fault_id = ? ORDER BY cases.id",
        [fault.id],
    )
    return [
        Attached(
            row["no"],
            row["state"],
            repair_facts.state_of(store, row["no"], row["state"]),
            holding(store, row["id"]) is not None,
        )
        for row in rows
    ]


def fault_of(store: Store, case_id: int) -> Fault | None:
    """Return the fault that a repair belongs to, whether it holds it or not."""
    found = store.value("SELECT fault_id FROM fault_cases WHERE case_id = ?", [case_id])
    return None if found is None else by_id(store, found)


def take_in(store: Store, fault: Fault, case: Case, *, by: Actor, at: datetime) -> None:
    """Put a repair under a fault, inside an act: its clocks stand still, and the history of both says so.

    One on which work has begun, or that was paid for, goes its own way; it is only noted.
    """
    own_way = acceptance.before_cancelling(store, case) is not None
    store.execute(
        "INSERT INTO fault_cases (case_id, fault_id, at, by_id, released_at) VALUES (?, ?, ?, ?, ?)",
        [case.id, fault.id, clock.to_text(at), by.id, clock.to_text(at) if own_way else None],
    )
    events.record(store, "attach_fault_case", SUBJECT, fault.id, by=by, at=at, case=case.id)
    events.record(store, "attach_fault_case", "case", case.id, by=by, at=at, fault=fault.id)
    clocks.moved(store, case.id, case.kind, "attach_fault_case", by=by, at=at)
    store.touch("cases")


def detach(store: Store, *, fault_id: str, case_no: str, by: Actor, now: datetime) -> Case:
    """Take a repair out of a fault that it is not: its clocks run on, as due as they were.

    A home that stood on the list by this repair alone leaves it while nobody was told. Refuses `fault_unknown`,
    `case_unknown`, `case_not_of_fault`, `case_over`.
    """
    permit(by, "attach_fault_case")
    with writing(store):
        fault, at = find(store, fault_id), events.moment(store, now)
        case = cases.whole(store, cases.find(store, case_no, by=by).id)
        if store.value("SELECT 1 FROM fault_cases WHERE case_id = ? AND fault_id = ?", [case.id, fault.id]) is None:
            raise Refused("case_not_of_fault")
        if case.closed_at is not None:
            raise Refused("case_over")
        _release(store, case, by=by, at=at)
        store.execute("DELETE FROM fault_cases WHERE case_id = ?", [case.id])
        if case.unit is not None and fault.state == "open":
            store.execute(
                "DELETE FROM fault_households WHERE fault_id = :fault AND unit_id = :unit AND source = 'case'"
                " AND NOT EXISTS (SELECT 1 FROM fault_tellings WHERE household_id = fault_households.id)"
                " AND NOT EXISTS (SELECT 1 FROM fault_promises_told WHERE household_id = fault_households.id)"
                " AND NOT EXISTS (SELECT 1 FROM fault_cases JOIN cases ON cases.id = case_id"
                " WHERE fault_cases.fault_id = :fault AND cases.unit_id = :unit)",
                {"fault": fault.id, "unit": case.unit.id},
            )
        events.record(store, "detach_fault_case", SUBJECT, fault.id, by=by, at=at, case=case.id)
        events.record(store, "detach_fault_case", "case", case.id, by=by, at=at, fault=fault.id)
        store.touch("cases", "faults")
        return case


def told(store: Store, fault: Fault, unit_id: int, channel: str, *, by: Actor, at: datetime) -> None:
    """A home was told that its fault is over, inside the act: so its repairs of it were answered, and end with it.

    One that goes its own way, and one of a fault that was none, goes on: it was told how it stands. So does one that
    somebody of another home was merged into, who does not know yet: no notice says that he was told, and it is not
    over before he was.
    """
    for case in _open_of(store, fault, unit_id):
        ends = holding(store, case.id) is not None and fault.restored_at is not None
        ends = ends and acceptance.before_cancelling(store, case) is None
        here, elsewhere = _merged_untold(store, case)
        if ends and not elsewhere:
            text = fault.notice
            for no in here:
                feedback.give(store, no=no, about="result", channel=channel, text=text, by=by, now=at)
            acceptance.end_unworked(
                store, case, acceptance.WITH_FAULT, channel=channel, text=text, merged_too=False, by=by, now=at
            )
            continue
        feedback.give(store, no=case.no, about="progress", channel=channel, text=fault.notice, by=by, now=at)
        if _release(store, case, by=by, at=at) and ends:
            cases.write_note(store, case.id, MERGED_UNTOLD, by=by, at=at)


def _merged_untold(store: Store, case: Case) -> tuple[list[str], list[str]]:
    """Return the reports merged into a repair whose persons do not know its result: of its own home, of another."""
    rows = store.rows(
        "SELECT no, unit_id FROM cases WHERE merged_into = ? AND NOT EXISTS (SELECT 1 FROM feedback_notices"
        " WHERE case_id = cases.id AND about = 'result') ORDER BY id",
        [case.id],
    )
    home = case.unit.id if case.unit else None
    here = [row["no"] for row in rows if row["unit_id"] == home and home is not None]
    return here, [row["no"] for row in rows if row["no"] not in here]


def told_progress(
    store: Store, fault: Fault, unit_id: int, channel: str, text: str, *, by: Actor, at: datetime
) -> None:
    """A home was told another time, inside the act: so were those of its repairs that wait for the fault."""
    for case in _open_of(store, fault, unit_id):
        if holding(store, case.id) is not None:
            feedback.give(store, no=case.no, about="progress", channel=channel, text=text, by=by, now=at)


def not_reached(store: Store, fault: Fault, unit_id: int, *, by: Actor, at: datetime) -> None:
    """A home was given up, inside the act: nobody answered its repairs, so each is answered by itself (K3, 10)."""
    for case in _open_of(store, fault, unit_id):
        if _release(store, case, by=by, at=at):
            cases.write_note(store, case.id, UNREACHED, by=by, at=at)


def over(store: Store, fault: Fault, *, everything: bool, by: Actor, at: datetime) -> None:
    """Let go what the fault cannot answer for, inside the act that ends it: those without a home, or `everything`."""
    for case in _open_of(store, fault, None):
        if everything or case.unit is None:
            _release(store, case, by=by, at=at)


def ended_with(store: Store, fault: Fault, unit_id: int) -> bool:
    """Tell whether a repair of a home ended with the telling that the fault is over."""
    return bool(
        store.value(
            "SELECT 1 FROM fault_cases JOIN cases ON cases.id = fault_cases.case_id JOIN events"
            " ON events.subject = 'case' AND events.subject_id = cases.id AND events.what = 'cancel'"
            " WHERE fault_id = ? AND cases.unit_id = ? AND json_extract(events.detail, '$.reason') = ?",
            [fault.id, unit_id, acceptance.WITH_FAULT],
        )
    )


def _open_of(store: Store, fault: Fault, unit_id: int | None) -> list[Case]:
    rows = store.rows(
        "SELECT cases.id FROM fault_cases JOIN cases ON cases.id = fault_cases.case_id WHERE fault_id = :fault"
        " AND cases.closed_at IS NULL AND (:unit IS NULL OR cases.unit_id = :unit) ORDER BY cases.id",
        {"fault": fault.id, "unit": unit_id},
    )
    return [cases.whole(store, row["id"]) for row in rows]


def _release(store: Store, case: Case, *, by: Actor, at: datetime) -> bool:
    """Let a repair go its own way again; False when it did already."""
    held_from = store.value("SELECT at FROM fault_cases WHERE case_id = ? AND released_at IS NULL", [case.id])
    if held_from is None:
        return False
    store.execute("UPDATE fault_cases SET released_at = ? WHERE case_id = ?", [clock.to_text(at), case.id])
    events.record(store, "release_fault_case", "case", case.id, by=by, at=at)
    clock_turns.let_go(store, case.id, case.kind, held_from=held_from, by=by, at=at)
    store.touch("cases")
    return True
