"""What else a counter does: out of order, later, to another counter, pauses; and the rules a centre may set."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import absence, closing, counters, tables
from reception.permissions import BOX, KIOSK, TOKEN_HOLDER, Actor, Role
from reception.refusal import Refused
from reception.site import configure
from reception.table_columns import TABLES
from reception.tickets import Ticket
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_queue import held, press, state


def issue(store: Store, clock: Clock, line: str = "general", *, priority: str = "") -> Ticket:
    """Take a number at the kiosk, a second after the last one."""
    clock.forward(seconds=1)
    return check_in(store, line=line, nonce=f"{clock()}", priority=priority, by=KIOSK, now=clock())


def order_of_calls(desk: FlaskClient, counter: str = "1") -> list[str]:
    """Call until nobody waits; return the numbers."""
    found = []
    while (number := held(press(desk, "next", counter=counter))) is not None:
        found.append(number)
    return found


def test_priority_goes_first_but_never_three_in_a_row(desk: FlaskClient, store: Store, clock: Clock) -> None:
    for _ in range(2):
        issue(store, clock)
    for _ in range(4):
        issue(store, clock, priority="1")
    assert order_of_calls(desk) == ["A003", "A004", "A001", "A005", "A006", "A002"]
    assert store.value("SELECT group_concat(called_as, ' ') FROM calls") == (
        "priority priority ordinary priority priority ordinary"
    )


def test_the_rules_are_settings(desk: FlaskClient, store: Store, clock: Clock) -> None:
    configure(store, priority_in_a_row=1, max_calls=1)
    issue(store, clock)
    for _ in range(2):
        issue(store, clock, priority="1")
    press(desk, "next")
    clock.forward(seconds=60)
    assert "recall_limit" in press(desk, "recall", 422, holding="A002")
    assert order_of_calls(desk) == ["A001", "A003"]


def test_out_of_order_with_a_reason_that_is_kept_and_counted(
    desk: FlaskClient, store: Store, clock: Clock, receptionist: Actor
) -> None:
    issue(store, clock), issue(store, clock)
    assert "pick_reason_unknown" in press(desk, "pick", 422, ticket="A002", reason="friend")
    press(desk, "pick", ticket="A002", reason="cannot_wait")
    assert (state(store, "A002"), state(store, "A001")) == ("called", "waiting")
    assert "counter_busy" in press(desk, "pick", 409, ticket="A001", reason="manager")
    detail = store.value("SELECT detail FROM events WHERE what = 'call'")
    assert json.loads(detail) == {"counter": "1", "called_as": "picked", "reason": "cannot_wait"}
    day = closing.today(store, now=clock())
    assert closing.close_day(store, day=day, by=BOX, now=clock())["out_of_order"] == 1


def test_undo_of_a_missed_one_called_again_makes_it_missed_again(desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock)
    press(desk, "next")
    press(desk, "missed", holding="A001")
    press(desk, "pick", ticket="A001", reason="missed_call")
    press(desk, "undo", holding="A001")
    assert state(store, "A001") == "missed"


def test_later_and_back(desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock), issue(store, clock)
    press(desk, "next")
    assert "park_reason_unknown" in press(desk, "park", 422, holding="A001", reason="")
    assert held(press(desk, "park", holding="A001", reason="papers")) is None
    assert state(store, "A001") == "parked"
    press(desk, "unpark", ticket="A001")
    # He waits by the time of his ticket again.
    assert order_of_calls(desk) == ["A001", "A002"]


def test_a_visitor_sent_to_a_counter_is_called_there_alone_and_next(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    for _ in range(3):
        issue(store, clock)
    assert "counter_closed" in _send(desk, press(desk, "next"), "2", 422)
    desk.post("/counter/open", data={"counter": "2"}, headers=SAME_ORIGIN)
    assert "same_counter" in press(desk, "send", 422, holding="A001", target="1")
    press(desk, "send", holding="A001", target="2")
    assert held(press(desk, "next")) == "A002"
    assert held(press(desk, "next", counter="2")) == "A001"
    assert held(press(desk, "next", counter="2")) == "A003"


def _send(desk: FlaskClient, fragment: str, target: str, status: int) -> str:
    return press(desk, "send", status, holding=held(fragment) or "", target=target)


def test_who_was_sent_to_a_counter_that_closes_waits_for_any(
    desk: FlaskClient, store: Store, clock: Clock, receptionist: Actor
) -> None:
    issue(store, clock)
    counters.open_counter(store, counter="2", by=receptionist, now=clock())
    press(desk, "next")
    press(desk, "send", holding="A001", target="2")
    assert held(press(desk, "next")) is None
    counters.close(store, counter="2", by=receptionist, now=clock())
    assert held(press(desk, "next")) == "A001"


def test_a_counter_serves_its_lines_alone(desk: FlaskClient, store: Store, clock: Clock) -> None:
    store.execute("INSERT INTO counter_lines (counter, line) VALUES ('1', 'repair')")
    issue(store, clock), issue(store, clock, "repair")
    assert order_of_calls(desk) == ["W001"]
    assert order_of_calls(desk, "2") == ["A001"]


def test_a_pause_has_a_reason_and_ends_with_the_next_call(desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock)
    pause = desk.post("/counter/pause", data={"counter": "1", "reason": "x"}, headers=SAME_ORIGIN)
    assert pause.status_code == 422
    desk.post("/counter/pause", data={"counter": "1", "reason": "meal"}, headers=SAME_ORIGIN)
    assert (
        "用餐" in desk.get("/queue/counter").get_data(as_text=True)
        or store.value("SELECT state_reason FROM counters WHERE no = '1'") == "meal"
    )
    press(desk, "next")
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "open"
    busy = desk.post("/counter/pause", data={"counter": "1", "reason": "meal"}, headers=SAME_ORIGIN)
    assert busy.status_code == 409


def test_sitting_down_opens_a_counter_and_logging_out_closes_it(desk: FlaskClient, store: Store) -> None:
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "open"
    desk.post("/queue/seat", data={"counter": "2"}, headers=SAME_ORIGIN)
    assert store.value("SELECT group_concat(state) FROM counters WHERE session = 0") == "closed,open,closed"
    desk.post("/logout", headers=SAME_ORIGIN)
    assert store.value("SELECT group_concat(state) FROM counters WHERE session = 0") == "closed,closed,closed"


def test_an_undone_call_passes_nobody(desk: FlaskClient, store: Store, clock: Clock) -> None:
    for _ in range(5):
        issue(store, clock)
    press(desk, "next")
    press(desk, "missed", holding="A001")
    press(desk, "restore", ticket="A001")
    for number in ("A002", "A003", "A004"):
        assert held(press(desk, "next")) == number
    press(desk, "undo", holding="A004")
    # The third of those he lets pass went back: he still waits for one.
    assert order_of_calls(desk) == ["A004", "A001", "A005"]


def test_the_visitor_puts_himself_off_once_or_gives_his_number_back(store: Store, clock: Clock) -> None:
    ticket = issue(store, clock)
    for _ in range(4):
        issue(store, clock)
    absence.postpone(store, token=ticket.token, by=TOKEN_HOLDER, now=clock())
    assert absence.postpone(store, token=ticket.token, by=TOKEN_HOLDER, now=clock()).postponed
    assert store.value("SELECT count(*) FROM events WHERE what = 'postpone'") == 1
    assert absence.cancel(store, token=ticket.token, by=TOKEN_HOLDER, now=clock()).state == "cancelled"
    # Twice is once: a tap too many does no harm.
    assert absence.cancel(store, token=ticket.token, by=TOKEN_HOLDER, now=clock()).state == "cancelled"
    assert store.value("SELECT state FROM visits WHERE id = ?", [ticket.visit_id]) == "closed"


def test_who_is_at_a_counter_cannot_be_cancelled_by_his_telephone(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = issue(store, clock)
    press(desk, "next")
    with pytest.raises(Refused, match="not_waiting"):
        absence.cancel(store, token=ticket.token, by=TOKEN_HOLDER, now=clock())


def test_the_scanner_brings_a_missed_one_back_and_tells_that_a_called_one_is_here(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = issue(store, clock)
    press(desk, "next")
    shown = absence.shown(store, ticket.token.lower(), by=KIOSK, now=clock())
    assert shown.state == "called" and shown.arrived_at
    press(desk, "next", holding="A001")
    assert absence.shown(store, ticket.token, by=KIOSK, now=clock()).state == "completed"
    other = issue(store, clock)
    press(desk, "next")
    press(desk, "missed", holding=other.no)
    assert absence.shown(store, other.token, by=KIOSK, now=clock()).state == "waiting"
    clock.forward(days=1)
    with pytest.raises(Refused, match="ticket_of_earlier_day"):
        absence.shown(store, ticket.token, by=KIOSK, now=clock())


def test_the_day_ends_and_says_so(desk: FlaskClient, store: Store, clock: Clock) -> None:
    for _ in range(4):
        issue(store, clock)
    press(desk, "next")
    press(desk, "start", holding="A001")
    press(desk, "next", counter="2")
    press(desk, "missed", counter="2", holding="A002")
    day = closing.today(store, now=clock())
    facts = closing.close_day(store, day=day, by=BOX, now=clock())
    assert (facts["tickets"], facts["completed"], facts["expired"], facts["closed_while_served"]) == (4, 1, 3, 1)
    assert store.value("SELECT count(*) FROM visits WHERE state = 'auto_closed'") == 4
    assert store.value("SELECT group_concat(DISTINCT state) FROM counters") == "closed"
    assert json.loads(store.value("SELECT facts FROM day_logs")) == facts


def test_undo_twice_takes_back_two_calls_one_after_the_other(desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock), issue(store, clock)
    press(desk, "next")
    press(desk, "next")
    assert held(press(desk, "undo", holding="A002")) == "A001"
    assert held(press(desk, "undo", holding="A001")) is None
    assert (state(store, "A001"), state(store, "A002")) == ("waiting", "waiting")


def test_two_in_a_row_holds_for_a_counter_of_one_line_whatever_others_call(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    store.execute("INSERT INTO counter_lines (counter, line) VALUES ('1', 'repair'), ('2', 'general')")
    issue(store, clock, "repair")
    for _ in range(3):
        issue(store, clock, "repair", priority="1")
    assert [held(press(desk, "next")) for _ in range(2)] == ["W002", "W003"]
    for _ in range(45):
        issue(store, clock)
        press(desk, "next", counter="2")
    assert held(press(desk, "next")) == "W001"


def test_a_counter_taken_out_of_use_leaves_its_people_and_its_history_readable(
    desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = issue(store, clock)
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    press(desk, "next")
    manager = actor(store, Role.MANAGER)
    with pytest.raises(Refused, match="row_in_use"):
        tables.save(store, table=TABLES["counters"], key="1", values={"active": "0"}, by=manager, now=clock())
    press(desk, "complete", holding=ticket.no)
    tables.save(store, table=TABLES["counters"], key="1", values={"active": "0"}, by=manager, now=clock())
    for page in ("/", "/queue/counter", "/queue/list"):
        assert desk.get(page).status_code == 200, page
    for page in (f"/T/{ticket.token}", f"/T/{ticket.token}/state", "/display", "/"):
        assert kiosk.get(page).status_code == 200, page


def test_a_line_that_no_counter_serves_is_said_at_the_desk(desk: FlaskClient, store: Store) -> None:
    assert "data-unserved" not in desk.get("/queue/box").get_data(as_text=True)
    for counter in "123":
        store.execute("INSERT INTO counter_lines (counter, line) VALUES (?, 'general')", [counter])
    assert 'data-unserved="repair"' in desk.get("/queue/box").get_data(as_text=True)


def test_a_day_on_which_everybody_was_served_gets_its_log_and_today_s_counters_stay_open(
    desk: FlaskClient, store: Store, clock: Clock, receptionist: Actor
) -> None:
    issue(store, clock)
    press(desk, "next")
    press(desk, "complete", holding="A001")
    clock.forward(hours=28)
    counters.open_counter(store, counter="2", by=receptionist, now=clock())
    assert [day.isoformat() for day in closing.close_due(store, by=BOX, now=clock())] == ["2026-11-23"]
    assert store.value("SELECT count(*) FROM day_logs") == 1
    assert store.counts("SELECT no, state = 'open' FROM counters WHERE session = 0") == {"1": 0, "2": 1, "3": 0}
    assert closing.close_due(store, by=BOX, now=clock()) == []


def test_a_counter_whose_desk_was_left_alone_closes_with_its_session(
    desk: FlaskClient, desk_app: Flask, store: Store, clock: Clock
) -> None:
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    clock.forward(minutes=20)
    client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    assert store.value("SELECT state FROM counters WHERE no = '1'") == "closed"


def test_the_head_ends_the_day_at_the_desk(desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock)
    assert desk.post("/queue/close-day", headers=SAME_ORIGIN).status_code == 403
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert head.post("/queue/close-day", headers=SAME_ORIGIN).status_code == 303
    assert state(store, "A001") == "expired"
    assert 'data-day="2026-11-23"' in head.get("/days").get_data(as_text=True)
    assert desk.get("/days").status_code == 403


def test_a_booked_visitor_is_called_by_his_appointment(desk: FlaskClient, store: Store, clock: Clock) -> None:
    issue(store, clock)
    due = clock.at + timedelta(minutes=12)
    check_in(store, line="general", nonce="booked", due_at=due, by=KIOSK, now=clock())
    issue(store, clock)
    assert held(press(desk, "next")) == "A001"
    clock.forward(minutes=3)
    issue(store, clock, priority="1")
    assert order_of_calls(desk) == ["A002", "A004", "A003"]
