"""Rooms at the desk: the table, the form, moving and giving back; the visit day whose room somebody else has."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store import Store
from reception import rooms, visit_days
from reception.booking_facts import details
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.visit_life import VisitLife
from tests.test_house import ROOT

VISIT_DAY = "2026-12-04"


def post(client: FlaskClient, path: str, **data: str) -> TestResponse:
    return client.post(path, data=data, headers=SAME_ORIGIN)


def form(**other: str) -> dict[str, str]:
    fields = {"nonce": "n1", "room": "meeting", "day": "2026-11-23", "from": "14:00", "to": "15:00"}
    return fields | {"purpose": "周例会"} | other


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_a_room_is_booked_where_the_table_was_pressed(desk: FlaskClient) -> None:
    page = text(desk.get("/rooms"))
    links = re.findall(r'href="(/rooms/new\?room=meeting[^"]*)"', page)
    # 10:24: the quarter that has begun is the first to be had.
    assert links[0].endswith("from=10:15") and any(link.endswith("from=14:00") for link in links)
    opened = text(desk.get(next(link for link in links if link.endswith("from=14:00")).replace("&amp;", "&")))
    assert 'value="meeting" selected' in opened and 'value="14:00"' in opened and 'value="15:00"' in opened
    answer = post(desk, "/rooms", **form())
    assert (answer.status_code, answer.location) == (303, "/rooms?day=2026-11-23")
    page = text(desk.get("/rooms"))
    cell = re.search(r'<td colspan="4" class="taken booked mine" data-booking="\d+">.*?</td>', page)
    assert cell and "周例会" in cell[0] and "14:00–15:00" in cell[0]
    for path in ("/rooms/list", "/rooms/week", "/rooms/week/list", "/rooms?day=2026-11-24", "/rooms?day=x"):
        assert desk.get(path).status_code == 200, path
    assert "周例会" in text(desk.get("/rooms/week"))
    assert "周例会" not in text(desk.get("/rooms?day=2026-11-24"))


def test_whoever_comes_second_reads_who_has_it(desk: FlaskClient, head: FlaskClient) -> None:
    post(desk, "/rooms", **form())
    answer = post(head, "/rooms", **form(nonce="n2", **{"from": "14:45", "to": "16:00"}))
    assert answer.status_code == 409 and 'data-refused="room_taken"' in text(answer)
    assert "王琳" in text(answer) and "11-23 14:00–15:00" in text(answer)
    again = post(desk, "/rooms", **form())
    assert again.status_code == 303, "the same press is the same booking"


def test_a_booking_is_moved_given_back_and_used(
    desk: FlaskClient, head: FlaskClient, desk_app: Flask, store: Store, clock: Clock
) -> None:
    post(desk, "/rooms", **form())
    page = text(desk.get("/rooms/1"))
    was = re.search(r'name="was" value="([^"]+)"', page)
    assert was and "周例会" in page
    moved = post(head, "/rooms/1/change", **form(was=was[1], room="reception"))
    assert (moved.status_code, store.value("SELECT room FROM room_bookings")) == (303, "reception")
    late = post(desk, "/rooms/1/change", **form(was=was[1], room="meeting"))
    assert late.status_code == 409 and "changed_meanwhile" in text(late)
    other = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    assert "/rooms/1/cancel" not in text(other.get("/rooms/1"))
    assert post(other, "/rooms/1/cancel", reason="我要用").status_code == 403
    assert post(desk, "/rooms/1/cancel", reason="").status_code == 422
    assert post(desk, "/rooms/1/cancel", reason="改期").status_code == 303
    page = text(desk.get("/rooms/1"))
    assert 'data-state="cancelled"' in page and "改期" in page and "/rooms/1/change" not in page
    post(desk, "/rooms", **form(nonce="n3", **{"from": "10:15"}))
    clock.forward(minutes=10)
    assert post(head, "/rooms/2/end").status_code == 303
    assert 'class="taken used' in text(desk.get("/rooms"))
    assert desk.get("/rooms/999").status_code == 404


@pytest.mark.parametrize("solved", ["meeting", "day"])
def test_a_visit_day_without_its_room_is_solved_by_one_press(
    desk: FlaskClient, head: FlaskClient, store: Store, clock: Clock, solved: str
) -> None:
    post(desk, "/rooms", **form(day=VISIT_DAY, room="reception", **{"from": "11:00", "to": "12:30"}))
    case = VisitLife(store, clock).book()
    day = details(store, case).day
    today = text(head.get("/today"))
    assert re.search(r'data-group="visit_day_room" data-total="1"', today) and f'href="/rooms?day={VISIT_DAY}"' in today
    assert 'data-group="visit_day_room"' not in text(desk.get("/today"))
    seen = text(desk.get("/rooms"))
    assert f'data-conflict="{day.id}"' in seen and 'name="was"' not in seen
    assert f'data-conflict="{day.id}"' in text(head.get(f"/visit-days/{day.id}"))
    page = text(head.get("/rooms/week"))
    if solved == "meeting":
        path, fields = _press(page, "/change")
    else:
        path, fields = _press(page, f"/rooms/visit-days/{day.id}")
    assert post(head, path, **fields).status_code == 303
    assert "data-conflict" not in text(head.get("/rooms"))
    assert 'data-group="visit_day_room"' not in text(head.get("/today"))
    room = "reception" if solved == "meeting" else "meeting"
    assert visit_days.by_id(store, day.id).room == room
    hold = store.row(f"{rooms.SELECT} WHERE visit_day_id = ?", [day.id])
    assert hold is not None and (hold["room"], hold["state"]) == (room, "booked")
    assert details(store, case).edition == (1 if solved == "meeting" else 2)
    page = text(head.get(f"/rooms/{hold['id']}"))
    assert "/cancel" not in page and "/change" not in page
    answer = post(desk, f"/rooms/{hold['id']}/cancel", reason="x")
    assert answer.status_code == 409 and "room_held" in text(answer)


def test_a_provisional_day_is_never_shown_as_fixed(
    desk: FlaskClient, head: FlaskClient, store: Store, clock: Clock
) -> None:
    """January 2027 has no official calendar yet: 8 January is its first Friday that is open."""
    VisitLife(store, clock).book()
    january = store.value("SELECT actual_on FROM visit_days WHERE provisional = 1 ORDER BY actual_on LIMIT 1")
    hold = store.value("SELECT id FROM room_bookings WHERE from_at LIKE ?", [f"{january}%"])
    for path in (f"/rooms?day={january}", f"/rooms/week?day={january}", f"/rooms/{hold}"):
        assert "暂定" in text(desk.get(path)), path
        assert "暂定" not in text(desk.get(path.replace(january, VISIT_DAY))) or path == f"/rooms/{hold}", path
    fields = form(day=january, room="reception", **{"from": "11:00", "to": "12:30"})
    assert "暂定" in text(post(desk, "/rooms", **fields))
    # Somebody else has its room: the same word stands where that is told.
    store.execute("UPDATE room_bookings SET state = 'cancelled', reason = 'x' WHERE id = ?", [hold])
    assert post(desk, "/rooms", **fields).status_code == 303
    assert "暂定" in text(head.get("/today")) and "暂定" in text(head.get("/rooms"))


def _press(page: str, path_end: str) -> tuple[str, dict[str, Any]]:
    """Return the first form of a page whose address ends so, as its button sends it."""
    found = re.search(rf'<form[^>]* action="([^"]*{re.escape(path_end)})"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert found, path_end
    return found[1], dict(re.findall(r'name="(\w+)" value="([^"]*)"', found[2]))


def test_every_topic_that_a_screen_of_the_desk_watches_is_streamed(desk: FlaskClient) -> None:
    """A fragment whose topic the stream leaves out would be renewed every minute alone."""
    with desk.get("/events") as answer:
        chunk = next(iter(answer.response))
        assert isinstance(chunk, bytes)
        streamed = set(json.loads(chunk.decode().split("data: ")[1]))
    watched = {
        topic
        for template in (ROOT / "desk/templates").glob("*.html")
        for topics in re.findall(r'data-topics="([^"{]*)"', template.read_text(encoding="utf-8"))
        for topic in topics.split()
    }
    assert "rooms" in watched <= streamed
