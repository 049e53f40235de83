"""The queue at the desk, through its forms: next, holding, recall, missed and back, undo, start, complete, transfer."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.closing import close_due
from reception.permissions import BOX, KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

HTMX = SAME_ORIGIN | {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def waiting(store: Store, clock: Clock) -> None:
    """Six visitors wait: A001 W001 A002 W002 A003 W003."""
    for number in range(6):
        check_in(store, line=("general", "repair")[number % 2], nonce=f"w{number}", by=KIOSK, now=clock())
        clock.forward(seconds=1)


def press(desk: FlaskClient, path: str, status: int = 200, **fields: str) -> str:
    """Press a button of counter 1 as htmx does; return the answer."""
    answer = desk.post(f"/queue/{path}", data={"counter": "1", **fields}, headers=HTMX)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def held(fragment: str) -> str | None:
    """Return the ticket of a counter's fragment; exactly one, or none and data-empty."""
    found = re.findall(r'data-ticket-no="([^"]+)"', fragment)
    assert len(found) <= 1
    assert ("data-empty" in fragment) == (not found)
    return found[0] if found else None


def state(store: Store, no: str) -> str:
    """Return a ticket's state."""
    found: str = store.value("SELECT state FROM tickets WHERE no = ?", [no])
    return found


def test_next_calls_the_oldest_and_completes_the_held(desk: FlaskClient, store: Store) -> None:
    assert held(press(desk, "next")) == "A001"
    assert held(press(desk, "next")) == "W001"
    assert (state(store, "A001"), state(store, "W001")) == ("completed", "called")


def test_next_of_a_line_and_until_nobody_waits(desk: FlaskClient) -> None:
    assert [held(press(desk, "next", line="repair")) for _ in range(4)] == ["W001", "W002", "W003", None]
    assert "data-empty" in press(desk, "next", line="repair")


def test_without_htmx_next_is_a_303(desk: FlaskClient) -> None:
    answer = desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_a_second_press_completes_nobody_unseen(desk: FlaskClient, store: Store) -> None:
    assert held(press(desk, "next", holding="")) == "A001"
    # The same press again, as a double click sends it: the counter believed it held nobody.
    assert held(press(desk, "next", holding="")) == "A001"
    assert state(store, "A001") == "called"
    assert held(press(desk, "next", holding="A001")) == "W001"
    assert held(press(desk, "next", holding="A001")) == "W001"
    assert state(store, "W001") == "called"


def test_two_counters_hold_two_people(desk: FlaskClient, store: Store) -> None:
    press(desk, "next")
    assert held(press(desk, "next", counter="2")) == "W001"
    with pytest.raises(Exception, match="UNIQUE"):
        store.execute("UPDATE tickets SET counter = '1' WHERE no = 'W001'")


def test_recall_at_most_three_times_twenty_seconds_apart(desk: FlaskClient, store: Store, clock: Clock) -> None:
    press(desk, "next")
    assert "recall_too_soon" in press(desk, "recall", 422, holding="A001")
    for _ in range(2):
        clock.forward(seconds=21)
        press(desk, "recall", holding="A001")
    clock.forward(seconds=21)
    assert "recall_limit" in press(desk, "recall", 422, holding="A001")
    assert store.value("SELECT count(*) FROM calls") == 3


def test_missed_comes_back_behind_three_and_at_most_twice(desk: FlaskClient, store: Store) -> None:
    for round_number in range(3):
        number = held(press(desk, "next", line="general"))
        while number != "A001":
            number = held(press(desk, "next", line="general"))
            assert number is not None
        assert held(press(desk, "missed", holding="A001")) is None
        assert state(store, "A001") == "missed"
        press(desk, "restore", 422 if round_number == 2 else 200, ticket="A001")
    assert state(store, "A001") == "missed"


def test_restored_ticket_stands_behind_the_next_three_of_its_line(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    check_in(store, line="general", nonce="later", by=KIOSK, now=clock())
    press(desk, "next")
    press(desk, "missed", holding="A001")
    press(desk, "restore", ticket="A001")
    order = [held(press(desk, "next", line="general")) for _ in range(5)]
    assert order == ["A002", "A003", "A004", "A001", None]


def test_undo_gives_both_back_within_ten_seconds(desk: FlaskClient, store: Store, clock: Clock) -> None:
    press(desk, "next")
    press(desk, "start", holding="A001")
    press(desk, "next", holding="A001")
    clock.forward(seconds=9)
    assert held(press(desk, "undo", holding="W001")) == "A001"
    assert (state(store, "A001"), state(store, "W001")) == ("serving", "waiting")
    assert held(press(desk, "next", holding="A001")) == "W001"
    clock.forward(seconds=11)
    assert "undo_too_late" in press(desk, "undo", 422, holding="W001")


def test_start_and_complete(desk: FlaskClient, store: Store) -> None:
    press(desk, "next")
    press(desk, "start", holding="A001")
    assert "already_serving" in press(desk, "missed", 422, holding="A001")
    assert held(press(desk, "complete", holding="A001")) is None
    visit = store.row("SELECT visits.state, left_at FROM visits JOIN tickets ON visit_id = visits.id WHERE no = 'A001'")
    assert visit is not None
    assert visit["state"] == "closed" and visit["left_at"]


def test_transfer_keeps_number_and_issue_time(desk: FlaskClient, store: Store) -> None:
    press(desk, "next")
    issued = store.value("SELECT issued_at FROM tickets WHERE no = 'A001'")
    assert held(press(desk, "transfer", holding="A001", line="repair")) is None
    assert held(press(desk, "next", line="repair")) == "A001"
    assert store.value("SELECT issued_at FROM tickets WHERE no = 'A001'") == issued
    assert "same_line" in press(desk, "transfer", 422, holding="A001", line="repair")


def test_acts_on_a_ticket_no_longer_held_are_refused(desk: FlaskClient, store: Store) -> None:
    press(desk, "next")
    for path in ("recall", "missed", "undo", "start", "complete", "transfer"):
        assert "no_longer_held" in press(desk, path, 409, holding="W009", line="repair")
    assert state(store, "A001") == "called"


def test_unknown_counters_and_lines_are_refused(desk: FlaskClient) -> None:
    assert "counter_unknown" in press(desk, "next", 422, counter="77")
    assert "line_unknown" in press(desk, "next", 422, line="nothing")


def test_the_record_is_whole_only_for_who_called(
    desk_app: Flask, store: Store, clock: Clock, desk: FlaskClient
) -> None:
    check_in(store, line="visit-day", nonce="person", unit="1-1-101", phone="5678", by=KIOSK, now=clock())
    other = client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    assert "13800005678" in press(desk, "next", line="visit-day")
    other.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    html = other.get("/queue/counter").get_data(as_text=True)
    assert held(html) == "J001" and "13800005678" not in html and "张建国" not in html


def test_numbers_and_order_stay_right_when_the_clock_is_set_back(desk: FlaskClient, store: Store, clock: Clock) -> None:
    clock.forward(hours=-3)
    late = check_in(store, line="general", nonce="after", by=KIOSK, now=clock())
    assert late.no == "A004"
    assert "data-clock-behind" in desk.get("/queue/box").get_data(as_text=True)
    assert desk.get("/health").get_json()["clock"] == "behind"
    order = [held(press(desk, "next")) for _ in range(7)]
    assert order == ["A001", "W001", "A002", "W002", "A003", "W003", "A004"]


def test_numbers_go_beyond_999_and_begin_anew_each_day(store: Store, clock: Clock) -> None:
    store.execute("UPDATE sequences SET last = 998 WHERE series = 'ticket:A:2026-11-23'")
    numbers = [check_in(store, line="general", nonce=f"k{n}", by=KIOSK, now=clock()).no for n in range(3)]
    assert numbers == ["A999", "A1000", "A1001"]
    clock.forward(hours=14)
    assert check_in(store, line="general", nonce="tomorrow", by=KIOSK, now=clock()).no == "A001"


def test_desk_takes_a_number_for_a_visitor(desk: FlaskClient, store: Store) -> None:
    desk.post("/queue/issue", data={"line": "repair", "nonce": "helped"}, headers=SAME_ORIGIN)
    assert store.value("SELECT channel FROM visits ORDER BY id DESC LIMIT 1") == "desk"


def test_the_queue_masks_names(desk: FlaskClient, store: Store, clock: Clock) -> None:
    check_in(store, line="repair", nonce="named", unit="1-1-101", phone="5678", by=KIOSK, now=clock())
    html = desk.get("/queue/list").get_data(as_text=True)
    assert "张**" in html and "张建国" not in html and "5678" not in html


def test_stale_tickets_expire_and_todays_stay(store: Store, clock: Clock) -> None:
    clock.forward(hours=13)
    assert close_due(store, by=BOX, now=clock()) == []
    clock.forward(hours=13)
    fresh = check_in(store, line="general", nonce="fresh", by=KIOSK, now=clock())
    assert close_due(store, by=BOX, now=clock()) == [date(2026, 11, 23)]
    assert store.counts("SELECT state, count(*) FROM tickets GROUP BY state") == {"expired": 6, "waiting": 1}
    assert store.value("SELECT state FROM tickets WHERE id = ?", [fresh.id]) == "waiting"
