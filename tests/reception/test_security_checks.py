"""安全检查: no number before every point was seen, where it is so; a refusal calls security, and keeps nothing."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import absence, queue, retention, rings, security_checks, tables, visits
from reception.permissions import BOX, KIOSK, MAY, Role
from reception.refusal import Refused
from reception.site import configure
from reception.table_columns import TABLES
from reception.tickets import Ticket
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_permission_cells import Act

ALL = ("gate", "bags", "goods")
CELLS: dict[str, tuple[str, Act]] = {
    "issue": ("check_in", lambda s, by, now: security_checks.issue(s, line="x", nonce="n", by=by, now=now)),
    "refuse": ("check_security", lambda s, by, now: security_checks.refuse(s, nonce="n", item="x", by=by, now=now)),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    cell, act = CELLS[name]
    for role in Role:
        before = store.connection.total_changes
        with pytest.raises(Refused) as refused:
            act(store, actor(store, role), clock.forward(minutes=1))
        assert (refused.value.code == "not_permitted") == (role not in MAY[cell]), role
        assert store.connection.total_changes == before, role


@pytest.fixture
def on(store: Store) -> Store:
    """A centre that checks visitors."""
    configure(store, security_check=True)
    return store


def issue(store: Store, clock: Clock, nonce: str, seen: tuple[str, ...]) -> Ticket:
    """Take a number at the desk."""
    by = actor(store, Role.RECEPTIONIST)
    return security_checks.issue(store, line="general", nonce=nonce, seen=seen, by=by, now=clock.forward(minutes=1))


def refuse(store: Store, clock: Clock, nonce: str, ticket: str = "", item: str = "bags") -> int:
    """Refuse at the desk."""
    by = actor(store, Role.RECEPTIONIST)
    return security_checks.refuse(store, nonce=nonce, item=item, ticket=ticket, by=by, now=clock.forward(minutes=1))


def counted(store: Store) -> tuple[int, ...]:
    """Return how many tickets, checks and rings there are."""
    return tuple(store.value(f"SELECT count(*) FROM {table}") for table in ("tickets", "security_checks", "rings"))  # noqa: S608


def test_a_centre_that_does_not_check_takes_numbers_as_ever(store: Store, clock: Clock) -> None:
    assert issue(store, clock, "a", ()).no == "A001"
    assert counted(store) == (1, 0, 0)
    with pytest.raises(Refused, match="security_off"):
        refuse(store, clock, "b")


def test_no_number_before_every_point_was_seen(on: Store, clock: Clock) -> None:
    for seen in ((), ("gate", "bags"), ("gate", "bags", "nothing")):
        with pytest.raises(Refused, match="security_unseen"):
            issue(on, clock, "a", seen)
    assert counted(on) == (0, 0, 0)
    first = issue(on, clock, "a", ALL)
    assert issue(on, clock, "a", ALL).id == first.id and counted(on) == (1, 1, 0)
    assert security_checks.passed_at(on, first.visit_id)
    # What the centre looks at is its own list.
    for code in ("bags", "goods"):
        tables.save(on, table=TABLES["security_items"], key=code, values={"active": "0"}, by=BOX, now=clock())
    issue(on, clock, "b", ("gate",))


def test_a_refusal_calls_security_once_a_form_and_takes_no_number(on: Store, clock: Clock) -> None:
    assert refuse(on, clock, "a") == refuse(on, clock, "a")
    assert counted(on) == (0, 1, 1)
    [ring] = rings.waiting(on)
    assert (ring.kind, ring.presses, ring.danger, ring.case_no) == ("security", 1, True, None)
    refuse(on, clock, "b")
    assert [one.presses for one in rings.waiting(on)] == [2]
    rings.take(on, ring_id=str(ring.id), by=actor(on, Role.DEPARTMENT_HEAD), now=clock.forward(minutes=1))
    assert rings.waiting(on) == []
    with pytest.raises(Refused, match="security_item_unknown"):
        refuse(on, clock, "c", item="knife")


def test_a_refused_number_never_comes_to_a_counter(on: Store, clock: Clock) -> None:
    ticket = visits.check_in(on, line="general", nonce="k", by=KIOSK, now=clock.forward(minutes=1))
    refuse(on, clock, "a", ticket.no.lower())
    assert on.value("SELECT state FROM tickets WHERE id = ?", [ticket.id]) == "cancelled"
    by = actor(on, Role.RECEPTIONIST)
    assert queue.call_next(on, counter="1", by=by, now=clock.forward(minutes=1)) is None
    for no, code in (("A999", "ticket_unknown"), (ticket.no, "not_waiting")):
        with pytest.raises(Refused, match=code):
            refuse(on, clock, f"n{no}", no)
    passed = issue(on, clock, "p", ALL)
    queue.call_next(on, counter="1", by=by, now=clock.forward(minutes=1))
    with pytest.raises(Refused, match="not_waiting"):
        refuse(on, clock, "late", passed.no)
    assert counted(on) == (2, 2, 1)


@pytest.mark.parametrize("guarded", [True, False])
def test_a_refusal_and_a_call_at_once_never_both_win(
    home: Path, on: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The act reads and writes in one transaction; without it a number that was refused stands at a counter."""
    ticket = visits.check_in(on, line="general", nonce="k", by=KIOSK, now=clock.forward(minutes=1))
    by, gate = actor(on, Role.RECEPTIONIST), threading.Barrier(2)
    found = absence.give_back

    def late(store: Store, one: Ticket, **how: object) -> Ticket:
        # The moment between the look and the change: a colleague presses “next”, unless the transaction holds him off.
        if guarded:
            threading.Thread(target=gate.wait, daemon=True).start()
        else:
            store.execute(
                "UPDATE tickets SET state = 'called', counter = '1', served_by = 1, called_at = issued_at WHERE id = ?",
                [one.id],
            )
        return found(store, one, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(absence, "give_back", late)

    def call() -> None:
        gate.wait()
        mine = open_store(store_path(home))
        try:
            queue.call_next(mine, counter="1", by=by, now=clock() + timedelta(minutes=2))
        finally:
            mine.close()

    if guarded:
        caller = threading.Thread(target=call)
        caller.start()
        refuse(on, clock, "a", ticket.no)
        caller.join(20)
        assert on.value("SELECT state FROM tickets WHERE id = ?", [ticket.id]) == "cancelled"
        assert on.value("SELECT count(*) FROM calls") == 0
    else:
        # Even then the change itself is conditional.
        with pytest.raises(Refused, match="changed_meanwhile"):
            refuse(on, clock, "a", ticket.no)
        assert counted(on) == (1, 0, 0)


def test_nothing_but_the_point_is_kept_and_that_goes_with_the_register(on: Store, clock: Clock) -> None:
    refuse(on, clock, "a")
    columns = {row["name"] for row in on.rows("PRAGMA table_info(security_checks)")}
    assert columns == {"id", "visit_id", "result", "item", "at", "by_id"}
    [event] = on.rows("SELECT detail FROM events WHERE what = 'check_security'")
    assert json.loads(event["detail"]) == {"point": "bags"}
    issue(on, clock, "p", ALL)
    for days in range(1, 30):
        retention.run(on, by=BOX, now=clock() + timedelta(days=days))
    assert counted(on)[1] == 2
    retention.run(on, by=BOX, now=clock() + timedelta(days=31))
    assert counted(on)[1] == 0


def test_at_the_desk(desk_app: Flask, on: Store, clock: Clock) -> None:
    desk = client_of(desk_app, on, actor(on, Role.RECEPTIONIST), clock())
    home = desk.get("/").get_data(as_text=True)
    assert 'href="/security-check"' in home and 'action="/queue/issue"' not in home
    page = desk.get("/security-check").get_data(as_text=True)
    assert page.count('name="seen"') == 3 and 'name="line" value="general"' in page
    form = {"nonce": "d", "line": "general"}
    refused = desk.post("/queue/issue", data=form, headers=SAME_ORIGIN)
    assert refused.status_code == 422 and "请逐项查看" in refused.get_data(as_text=True)
    assert desk.post("/queue/issue", data=form | {"seen": list(ALL)}, headers=SAME_ORIGIN).status_code == 303
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert "已安检" in desk.get("/").get_data(as_text=True)
    for bad in ("", "x", "\x00", "9" * 40, "' OR 1=1 --", "🙂"):
        for fields in ({"item": bad}, {"item": "bags", "ticket": bad or "?"}, {"item": "bags", "nonce": ""}):
            answer = desk.post("/security-check/refuse", data={"nonce": "r"} | fields, headers=SAME_ORIGIN)
            assert answer.status_code in {404, 422}, (bad, fields, answer.status_code)
    assert counted(on) == (1, 1, 0)
    good = {"nonce": "r", "item": "bags"}
    assert desk.post("/security-check/refuse", data=good, headers=SAME_ORIGIN).status_code == 303
    assert 'data-ring="security"' in desk.get("/today").get_data(as_text=True)
    configure(on, security_check=False)
    page = desk.get("/security-check").get_data(as_text=True)
    assert "未启用安全检查" in page and 'name="seen"' not in page
