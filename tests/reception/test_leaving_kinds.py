"""Each kind of thing that somebody holds, as the acts make it: it goes to the other one, and nothing else moves."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    acceptance,
    appointments,
    complaint_steps,
    fault_ends,
    handovers,
    incident_steps,
    incidents,
    inquiry_steps,
    leaving,
    officials,
    seals,
    tellings,
    visit_day_calendar,
    work_orders,
)
from reception.leaving_kinds import KINDS
from reception.refusal import Refused
from reception.rules import clock as times
from tests.conftest import Clock
from tests.reception.life import Life
from tests.reception.sign_life import SignLife
from tests.reception.test_complaints import Complaints
from tests.reception.test_incidents import Incidents
from tests.reception.test_inquiries import Inquiries
from tests.reception.test_known_faults import declare
from tests.reception.test_leaving import holds, of
from tests.reception.test_rooms import Rooms
from tests.reception.test_supervisions import Decisions
from tests.reception.visitors import Visitors


@dataclass(frozen=True)
class Made:
    """Rows of a kind: which one goes, and which stay because they are another's or over; `rows` reads whose each is."""

    who: str
    to: str
    goes: int
    stay: list[int]
    rows: str
    event: tuple[str, str, int]


def close(store: Store, clock: Clock, case_id: int) -> None:
    """Close a case by its row: that it is over has ways of its own for each kind."""
    ended = "(SELECT state FROM case_states WHERE case_states.kind = cases.kind AND terminal = 1 LIMIT 1)"
    with writing(store):
        store.execute(
            f"UPDATE cases SET state = {ended}, closed_at = ? WHERE id = ?",  # noqa: S608
            [times.to_text(clock()), case_id],
        )


def whose(store: Store, sql: str) -> dict[int, int | None]:
    """Return what a statement of two columns reads: of each row whose it is."""
    return {row[0]: row[1] for row in store.rows(sql)}


def of_case(table: str, column: str) -> str:
    return f"SELECT case_id, {column} FROM {table}"  # noqa: S608


def cases_(store: Store, clock: Clock) -> Made:
    made = Complaints(store, clock)
    mine, over = made.receive(), made.receive()
    complaint_steps.withdraw(store, no=over.no, reason="已协商", channel="phone", **made.also)
    made.desk = of(store, "liuyang")
    theirs = made.receive()
    rows = "SELECT id, owner_id FROM cases"
    return Made("wanglin", "chenjing", mine.id, [over.id, theirs.id], rows, ("case", "assign", mine.id))


def orders(store: Store, clock: Clock) -> Made:
    life = Life(store, clock)
    mine, over = life.dispatched(), life.dispatched()
    theirs = work_orders.find(store, life.dispatch(life.register(), worker="sunlei"))
    ended = {"reason": "owner_wish", "channel": "phone", "text": "已告知"}
    acceptance.cancel(store, no=over.case_no, **ended, by=life.desk, now=life.now)
    ids = {row["no"]: (row["id"], row["case_id"]) for row in store.rows("SELECT id, no, case_id FROM work_orders")}
    rows, event = "SELECT id, worker_id FROM work_orders", ("case", "hand_order_on", ids[mine.no][1])
    return Made("zhaogang", "sunlei", ids[mine.no][0], [ids[over.no][0], ids[theirs.no][0]], rows, event)


def complaints(store: Store, clock: Clock) -> Made:
    made = Complaints(store, clock)
    mine, over, theirs = made.receive(), made.receive(), made.receive()
    for case, handler in ((mine, "zhaoqiang"), (over, "zhaoqiang"), (theirs, "liuyang")):
        complaint_steps.assign(store, no=case.no, handler=handler, **made.also)
    complaint_steps.withdraw(store, no=over.no, reason="已协商", channel="phone", **made.also)
    rows, event = of_case("complaints", "handler_id"), ("case", "assign_complaint", mine.id)
    return Made("zhaoqiang", "chenjing", mine.id, [over.id, theirs.id], rows, event)


def inquiries(store: Store, clock: Clock) -> Made:
    made = Inquiries(store, clock)
    mine, over, theirs = made.promised(), made.promised(), made.promised()
    for case, expert in ((mine, "zhaoqiang"), (over, "zhaoqiang"), (theirs, "liuyang")):
        inquiry_steps.consult(store, no=case.no, expert=expert, **made.also)
    made.reply(over)
    close(store, clock, over.id)
    rows, event = of_case("inquiries", "expert_id"), ("case", "consult_expert", mine.id)
    return Made("zhaoqiang", "chenjing", mine.id, [over.id, theirs.id], rows, event)


def papers(store: Store, clock: Clock) -> Made:
    made = Visitors(store, clock)
    mine, over, theirs = made.receive(), made.receive(), made.receive(to="liuyang")
    handovers.deliver(store, no=over.no, taken_by="赵强", signed="1", **made.also)
    rows, event = of_case("handovers", "to_staff_id"), ("case", "hand_papers_on", mine.id)
    return Made("zhaoqiang", "chenjing", mine.id, [over.id, theirs.id], rows, event)


def visitors(store: Store, clock: Clock) -> Made:
    made = Visitors(store, clock)
    mine, over = (made.official(counterpart="zhaoqiang") for _ in range(2))
    theirs = made.official(counterpart="liuyang")
    officials.close(store, no=over.no, result="已检查", channel="face", **made.by(made.host))
    rows, event = of_case("officials", "counterpart_id"), ("case", "hand_official_on", mine.id)
    return Made("zhaoqiang", "chenjing", mine.id, [over.id, theirs.id], rows, event)


def faults(store: Store, clock: Clock) -> Made:
    mine = declare(store, clock, of(store, "wanglin"))
    over = declare(store, clock, of(store, "wanglin"), nonce="2", building="2")
    theirs = declare(store, clock, of(store, "liuyang"), nonce="3", building="1")
    fault_ends.withdraw(
        store, fault_id=str(over.id), reason="误报", by=of(store, "wanglin"), now=clock.forward(seconds=1)
    )
    rows, event = "SELECT id, owner_id FROM known_faults", ("fault", "hold_fault", mine.id)
    return Made("wanglin", "liuyang", mine.id, [over.id, theirs.id], rows, event)


def supervisions(store: Store, clock: Clock) -> Made:
    made = Decisions(store, clock)
    mine, over, theirs = made.open(), made.open(), made.open(charge="sunlei")
    made.done(over)
    rows, event = "SELECT id, charge_id FROM supervisions", ("supervision", "supervision_handed", mine.id)
    return Made("zhaoqiang", "sunlei", mine.id, [over.id, theirs.id], rows, event)


def rooms(store: Store, clock: Clock) -> Made:
    made = Rooms(store, clock)
    mine, over = made.book(), made.book("16:00", "17:00")
    past = made.book("10:30", "10:45")
    theirs = made.book("15:00", "15:30", by=of(store, "chenjing"))
    made.cancel(over)
    clock.forward(minutes=30)
    rows, event = "SELECT id, holder_id FROM room_bookings", ("room", "hand_room_on", mine.id)
    return Made("wanglin", "liuyang", mine.id, [over.id, past.id, theirs.id], rows, event)


def signs(store: Store, clock: Clock) -> Made:
    with writing(store):
        store.execute("UPDATE sign_steps SET active = 1, signer = 'sunlei', position = 3 WHERE step = 'supervisor'")
        store.execute("UPDATE sign_steps SET position = 9 WHERE step = 'manager'")
    rows = "SELECT position, (SELECT id FROM staff WHERE login = signer) FROM sign_steps"
    return Made("sunlei", "liuyang", 3, [], rows, ("setting", "set_sign_steps", 0))


MADE: dict[str, Callable[[Store, Clock], Made]] = {
    "cases": cases_,
    "orders": orders,
    "complaints": complaints,
    "inquiries": inquiries,
    "handovers": papers,
    "officials": visitors,
    "faults": faults,
    "supervisions": supervisions,
    "rooms": rooms,
    "signs": signs,
}


def test_every_kind_that_is_handed_on_is_made_here() -> None:
    assert set(MADE) == {kind.code for kind in KINDS if kind.give}


@pytest.mark.parametrize("code", MADE)
def test_what_he_holds_goes_and_nothing_else(store: Store, clock: Clock, code: str) -> None:
    made, boss = MADE[code](store, clock), of(store, "zhouming")
    before = whose(store, made.rows)
    assert holds(store, made.who, clock)[code] == 1
    count = leaving.hand_on(store, login=made.who, to={code: made.to}, by=boss, now=clock.forward(minutes=1))
    assert count == 1 and code not in holds(store, made.who, clock)
    after = whose(store, made.rows)
    assert {key for key in after if after[key] != before[key]} == {made.goes}
    assert after[made.goes] == of(store, made.to).id and set(made.stay) < set(after)
    sql = "SELECT subject, what, subject_id, by_id FROM events WHERE what = ? ORDER BY id DESC"
    last = store.row(sql, [made.event[1]])
    assert last is not None and tuple(last) == (*made.event, boss.id)


@pytest.mark.parametrize("code", ["complaints", "inquiries", "handovers", "officials"])
def test_the_department_of_the_new_one_has_the_case(store: Store, clock: Clock, code: str) -> None:
    made, boss = MADE[code](store, clock), of(store, "zhouming")
    with writing(store):
        store.execute("UPDATE staff SET department = 'security' WHERE login = ?", [made.to])
    leaving.hand_on(store, login=made.who, to={code: made.to}, by=boss, now=clock.forward(minutes=1))
    assert store.value("SELECT department FROM cases WHERE id = ?", [made.goes]) == "security"
    if code == "officials":
        assert store.value("SELECT owner_id FROM cases WHERE id = ?", [made.goes]) == of(store, made.to).id


@pytest.mark.parametrize(("code", "what"), [("handovers", "papers"), ("officials", "official")])
@pytest.mark.parametrize("seen", [False, True])
def test_the_new_one_is_told_once_whether_the_first_had_seen_it_or_not(
    store: Store, clock: Clock, code: str, what: str, seen: bool
) -> None:
    made, boss = MADE[code](store, clock), of(store, "zhouming")
    if seen:
        with writing(store):
            store.execute("UPDATE tellings SET seen_at = at, seen_by = staff_id")
    leaving.hand_on(store, login=made.who, to={code: made.to}, by=boss, now=clock.forward(minutes=1))
    assert [(one.what, one.case_id) for one in tellings.mine(store, by=of(store, made.to))] == [(what, made.goes)]


def test_a_decision_stays_with_its_department_or_goes_to_who_is_over_all(store: Store, clock: Clock) -> None:
    made, boss = supervisions(store, clock), of(store, "zhouming")
    for unfit in ("wanglin", "liuyang"):
        with pytest.raises(Refused, match="taker_unfit"):
            leaving.hand_on(store, login=made.who, to={"supervisions": unfit}, by=boss, now=clock())
    leaving.hand_on(store, login=made.who, to={"supervisions": "chenjing"}, by=boss, now=clock.forward(minutes=1))
    assert holds(store, "chenjing", clock)["supervisions"] == 1


def test_whoever_has_the_appointment_keeps_him_until_it_is_changed(store: Store, clock: Clock) -> None:
    made, boss = Visitors(store, clock), of(store, "zhouming")
    case = made.book()
    everything = {kind.code: "chenjing" for kind in KINDS}
    with pytest.raises(Refused, match="still_holds"):
        leaving.leave(store, login="zhaoqiang", to=everything, by=boss, now=clock.forward(minutes=1))
    changed: dict[str, Any] = {"host": "chenjing", "reason": "离职", "channel": "phone", "expected_at": "11:00"}
    appointments.change(store, no=case.no, **changed, **made.also)
    assert "appointments" not in holds(store, "zhaoqiang", clock)
    leaving.leave(store, login="zhaoqiang", to=everything, by=boss, now=clock.forward(minutes=1))


def test_a_signer_who_leaves_is_asked_no_more(store: Store, clock: Clock) -> None:
    life = SignLife(store, clock)
    made = signs(store, clock)
    leaving.leave(store, login=made.who, to={"signs": made.to, "orders": "zhaogang"}, by=life.manager, now=life.now)
    assert store.value("SELECT signer FROM sign_steps WHERE step = 'supervisor'") == made.to


def test_a_deputy_of_a_visit_day_is_replaced_there(store: Store, clock: Clock) -> None:
    life = SignLife(store, clock)
    life.book()
    day = store.value("SELECT id FROM visit_days ORDER BY actual_on LIMIT 1")
    head = str(of(store, "chenjing").id)
    visit_day_calendar.name_deputy(
        store, day_id=day, staff_id=head, reason="出差", by=life.manager, now=life.now
    )  # fmt: skip
    assert holds(store, "chenjing", clock)["visit-days"] == 1
    visit_day_calendar.name_deputy(store, day_id=day, staff_id="", reason="回来", by=life.manager, now=life.now)
    assert "visit-days" not in holds(store, "chenjing", clock)


@pytest.mark.parametrize(
    ("leaves", "owner", "receiver"), [("wanglin", "zhouming", ""), ("chenjing", "wanglin", "zhouming")]
)
def test_the_manager_has_the_open_incidents_and_receives_whoever_stands_there(
    store: Store, clock: Clock, leaves: str, owner: str, receiver: str
) -> None:
    made, admin = Incidents(store, clock), of(store, "admin")
    over = made.press()
    clock.forward(minutes=11)
    incident_steps.withdraw(store, no=over.no, reason="误按", by=made.manager, now=clock.forward(minutes=1))
    case = made.press("2")
    by = of(store, "zhouming" if leaves == "wanglin" else "chenjing")
    incidents.acknowledge(store, no=case.no, by=by, now=clock.forward(minutes=1))
    before = tuple(store.row("SELECT owner_id FROM cases WHERE id = ?", [over.id]) or ())
    with writing(store):
        store.execute("UPDATE staff SET active = 0 WHERE login = ?", [leaves])
        leaving.settle(store, leaves, nobody="-", by=admin, now=clock.forward(minutes=1))
    row = store.row("SELECT owner_id, receiver_id FROM cases JOIN incidents ON case_id = id WHERE id = ?", [case.id])
    assert row is not None
    assert tuple(row) == (of(store, owner).id, of(store, receiver).id if receiver else None)
    assert not seals.is_open_to(store, case.id, admin.id or 0) and holds(store, leaves, clock, admin) == {}
    assert tuple(store.row("SELECT owner_id FROM cases WHERE id = ?", [over.id]) or ()) == before
    said = store.row("SELECT what, subject_id FROM events WHERE what = 'assign'")
    assert said is not None and tuple(said) == ("assign", case.id)


def test_the_visit_days_of_a_manager_who_is_gone_are_the_others(store: Store, clock: Clock) -> None:
    life = SignLife(store, clock)
    life.book()
    with writing(store):
        store.execute("UPDATE staff SET role = 'manager' WHERE login = 'liuyang'")
        store.execute("UPDATE visit_days SET host_id = ?", [life.manager.id])
        held = store.insert(
            "INSERT INTO visit_days (rule_id, nominal_on, actual_on, provisional, opens, closes, room, host_id, state,"
            " published_at, opened_at, held_at) SELECT rule_id, '2026-11-06', '2026-11-06', 0, opens, closes, room,"
            " host_id, 'held', :at, :at, :at FROM visit_days LIMIT 1",
            {"at": times.to_text(clock())},
        )
        store.execute("UPDATE staff SET active = 0 WHERE login = 'zhouming'")
        leaving.settle(store, "zhouming", nobody="-", by=of(store, "admin"), now=life.now)
    hosts = whose(store, "SELECT id, host_id FROM visit_days")
    assert hosts.pop(held) == life.manager.id, "history stays"
    assert hosts and set(hosts.values()) == {of(store, "liuyang").id}


def test_two_orders_go_one_by_one_and_each_is_said_of_its_case(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    life.register()
    cases = sorted(life.dispatched().case_id for _ in range(2))
    count = leaving.hand_on(store, login="zhaogang", to={"orders": "sunlei"}, by=of(store, "zhouming"), now=life.now)
    assert count == 2
    said = store.rows("SELECT subject_id FROM events WHERE what = 'hand_order_on' ORDER BY subject_id")
    assert [row[0] for row in said] == cases
