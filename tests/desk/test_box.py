"""The page of the box: what is wrong and what to do, for whoever is at the desk; the time for those who may set it."""

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from desk.app import create
from desk.box_words import SETTINGS, TROUBLES, unit_name
from lobbydesk.commands import health
from reception import box_clock, box_state, events, power_cut
from reception.permissions import BOX, Role
from reception.rules import box_troubles
from reception.rules import clock as times
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of


def say(store: Store, clock: Clock, *, also: dict[str, Any] | None = None, **changed: Any) -> None:
    """Let the box say that it is well, but for what is changed."""
    state = {
        "at": times.to_text(clock()),
        "version": "0.1.0",
        "boottime": 9.0,
        "disk": {"free": 40_000_000_000, "total": 100_000_000_000},
        "inodes_free": 100_000,
        "failed_units": [],
        "backup": {
            "newest_at": times.to_text(clock() - timedelta(minutes=20)),
            "verified": True,
            "where": "/secret/place",
            "second": None,
        },
        "clock": {"synchronized": False},
        **changed,
        **(also or {}),
    }
    path = box_state.path(store.path)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(state))


@pytest.fixture
def administrator(home: Path, clock: Clock, store: Store) -> Any:
    app = create(store.path, clock=clock)
    yield client_of(app, store, actor(store, Role.ADMINISTRATOR), clock())
    app.extensions["practice"].clear()
    app.extensions["live"].stop()
    app.extensions["live"].join()


def test_every_code_has_words_for_the_desk_and_for_the_journal() -> None:
    source = Path(box_troubles.__file__).read_text(encoding="utf-8")
    codes = {word.split('"')[1] for word in source.split("Trouble(")[1:] if word.startswith('"')}
    assert len(codes) > 10 and codes | {"printer_down"} == set(TROUBLES) == set(health.WORDS)
    ends = {box_clock.DONE, box_clock.NO_CHIP, box_clock.NOT_TAKEN, box_clock.OUT_OF_RANGE, box_clock.REFUSED}
    assert set(SETTINGS) == ends | {"asked", "left"}


def test_a_box_that_is_well_says_so(desk: FlaskClient, store: Store, clock: Clock) -> None:
    say(store, clock)
    page = desk.get("/box").get_data(as_text=True)
    assert "printer_down" in page  # no worker in this test
    assert "40.0 GB" in page and "2026-11-23 10:04" in page and "全部在运行" in page
    assert "/secret/place" not in page and 'href="/box/time"' not in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"failed_units": ["lobbydesk-print-usb@front.service"]}, "打印（前台打印机"),
        ({"failed_units": ["lobbydesk-something.service"]}, "something"),
        ({"disk": {"free": 1, "total": 2}}, "请马上联系"),
        ({"backup": None}, "主机看不到备份"),
        ({"backup": {"newest_at": None}}, "还没有备份"),
        ({"at": "2026-11-23T01:00:00.000Z"}, "没有自查"),
        ({"clock": {"raised_at": "2026-11-23T02:00:00.000Z"}}, "请经理或管理员校时"),
    ],
)
def test_each_trouble_says_what_to_do_next(
    desk: FlaskClient, store: Store, clock: Clock, changed: dict[str, Any], said: str
) -> None:
    say(store, clock, also=changed)
    assert said in desk.get("/box").get_data(as_text=True)
    assert said in desk.get("/box/state").get_data(as_text=True)


def test_a_grave_trouble_shows_at_the_counter_and_leads_to_the_page(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    say(store, clock)
    assert "data-box-troubles" not in desk.get("/queue/box").get_data(as_text=True)
    say(store, clock, failed_units=["lobbydesk-kiosk.service"])
    assert 'href="/box" data-box-troubles="unit_down"' in desk.get("/queue/box").get_data(as_text=True)
    say(store, clock, failed_units=["lobbydesk-kiosk.service"], disk={"free": 1, "total": 2})
    assert 'data-box-troubles="disk_full unit_down"' in (page := desk.get("/queue/box").get_data(as_text=True))
    assert "主机有 2 处问题" in page


def test_units_have_names_that_the_desk_knows(desk_app: Any) -> None:
    ours = {path.name for path in Path("systemd").glob("lobbydesk-*.*") if path.suffix in {".service", ".socket"}}
    with desk_app.test_request_context():
        assert unit_name("lobbydesk-print-net@kitchen.service", {"kitchen": "厨房打印机"}) == "打印（厨房打印机）"
        assert unit_name("lobbydesk-print-net@gone.service", {}) == "打印（gone）"
        assert unit_name("lobbydesk-kiosk.socket", {}) == "自助机和手机页面"
        assert unit_name("lobbydesk-other.service", {}) == "other"
        assert len(ours) > 20 and [one for one in sorted(ours) if unit_name(one, {}).isascii()] == []


def test_the_time_is_asked_for_on_its_page(administrator: FlaskClient, store: Store, clock: Clock) -> None:
    say(store, clock)
    assert 'data-setting=""' in administrator.get("/box/time").get_data(as_text=True)
    form = {"day": "2026-11-23", "time": "10:26"}
    assert administrator.post("/box/time", data=form, headers=SAME_ORIGIN).location == "/box/time"
    assert 'data-setting="asked"' in administrator.get("/box/time/state").get_data(as_text=True)
    answer = administrator.post("/box/time", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and 'data-refused="box_wish_open"' in answer.get_data(as_text=True)
    box_clock.carry_out(store, read=clock, put=lambda at: True)
    assert "时间已校准" in administrator.get("/box/time/state").get_data(as_text=True)


def test_a_time_far_off_wants_a_second_look(administrator: FlaskClient, clock: Clock, store: Store) -> None:
    with writing(store):
        events.record(store, "x", "site", 0, by=BOX, at=clock())
    form = {"day": "2062-11-23", "time": "10:26"}
    answer = administrator.post("/box/time", data=form, headers=SAME_ORIGIN)
    assert 'data-refused="clock_far"' in answer.get_data(as_text=True)
    assert administrator.post("/box/time", data=form | {"sure": "1"}, headers=SAME_ORIGIN).status_code == 303


def test_the_way_out_of_a_clock_that_ran_ahead_stands_on_the_page(desk_app: Flask, store: Store, clock: Clock) -> None:
    with writing(store):
        events.record(store, "x", "site", 0, by=BOX, at=clock() + timedelta(days=900))
    say(store, clock)
    # The jump ended every session; who logs in again is let in all the same.
    administrator = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    assert 'data-trouble="clock_behind"' in administrator.get("/box").get_data(as_text=True)
    assert 'action="/box/clock"' in administrator.get("/box/time").get_data(as_text=True)
    assert administrator.post("/box/clock", headers=SAME_ORIGIN).location == "/box"
    assert 'data-trouble="clock_behind"' not in administrator.get("/box").get_data(as_text=True)


def test_the_card_prints_once_and_begins_where_no_day_of_late_came(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    for _ in range(2):
        assert desk.post("/box/card", data={"nonce": "n"}, headers=SAME_ORIGIN).location == "/box?printed=1"
    facts = [row[0] for row in store.rows("SELECT facts FROM print_jobs WHERE kind = 'power_cut_card'")]
    assert len(facts) == 1 and json.loads(facts[0])["first"] == 100
    for highest, first in ((99, 100), (100, 200), (299, 300), (850, 300)):
        store.execute("DELETE FROM tickets")
        visit = store.insert(
            "INSERT INTO visits (channel, purpose, arrived_at) VALUES ('desk', 'general', ?)", [times.to_text(clock())]
        )
        store.execute(
            "INSERT INTO tickets (token, visit_id, line, prefix, day_on, number, no, issued_at, rank_at)"
            " VALUES (?, ?, 'general', 'A', '2026-11-20', ?, 'A1', ?, ?)",
            [f"{highest:026}", visit, highest, *[times.to_text(clock())] * 2],
        )
        assert power_cut.first_by_hand(store, clock()) == first


def test_health_is_true_to_life(desk: FlaskClient, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.get("/health").get_json()["troubles"] == [{"code": "box_unseen", "grave": False, "what": ""}]
    say(store, clock, failed_units=["lobbydesk-kiosk.service"])
    answer = desk.get("/health")
    found = answer.get_json()
    # A trouble of a part is reported; the store is what makes a service useless.
    assert answer.status_code == 200 and found["ok"]
    assert found["troubles"] == [{"code": "unit_down", "grave": True, "what": "lobbydesk-kiosk.service"}]
    assert found["box"]["disk"]["free"] == 40_000_000_000 and "secret" not in answer.get_data(as_text=True)
    # Anybody in the LAN may ask.
    assert not {"version", "boottime"} & set(found["box"]) and "where" not in found["box"]["backup"]
    real = os.statvfs(store.path)
    for state, changed in (
        ("disk_full", {4: 10}),
        ("read_only", {8: real.f_flag | os.ST_RDONLY}),
    ):
        room = os.statvfs_result([changed.get(place, value) for place, value in enumerate(real)])
        monkeypatch.setattr(os, "statvfs", lambda _, room=room: room)
        answer = desk.get("/health")
        assert answer.status_code == 503 and answer.get_json() == {"ok": False, "store": state}


def test_a_trouble_says_whom_to_call(desk: FlaskClient, administrator: FlaskClient, store: Store, clock: Clock) -> None:
    say(store, clock, disk={"free": 1, "total": 2})
    for reader in (desk, administrator):
        page = reader.get("/box/state").get_data(as_text=True)
        assert "010-6200-8620" in page and 'href="/settings/site"' not in page
    with writing(store):
        configure(store, keeper_phone="")
    assert "box-keeper" not in desk.get("/box/state").get_data(as_text=True)
    assert 'href="/settings/site"' in administrator.get("/box/state").get_data(as_text=True)


def test_how_the_last_setting_ended_is_no_answer_to_who_comes_later(
    administrator: FlaskClient, store: Store, clock: Clock
) -> None:
    form = {"day": "2026-11-23", "time": "10:26"}
    administrator.post("/box/time", data=form, headers=SAME_ORIGIN)
    box_clock.carry_out(store, read=clock, put=lambda at: True)
    assert "时间已校准" in administrator.get("/box/time").get_data(as_text=True)
    clock.forward(minutes=16)
    assert "时间已校准" not in administrator.get("/box/time").get_data(as_text=True)
