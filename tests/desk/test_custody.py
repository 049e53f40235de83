"""Homes in custody by their forms, at the desk and on the phone of whoever walks; bad input is a sentence."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import rain_warnings
from reception.permissions import Actor, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_patrols import picture, post
from tests.fuzz.centre import sign_in_phone
from tests.reception.test_custody import FOUND, HOME, begun, read
from tests.reception.test_fees import bring

NEW = {"nonce": "n", "unit": HOME, "from_on": "2026-11-23", "keys": "1", "water": "100", "electric": "2000"}
NO = "TG20261123-001"


def send(client: FlaskClient, path: str, **form: str | list[str]) -> tuple[int, str]:
    """Send a form; return status and where it leads, or the text."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    return answer.status_code, answer.location or answer.get_data(as_text=True)


def text(client: FlaskClient, path: str) -> str:
    """Read a page that must be there."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_from_the_form_to_the_end(desk: FlaskClient, store: Store) -> None:
    assert "托管期间用水上限" in text(desk, "/custody/new")
    assert send(desk, "/custody", **NEW) == (303, f"/custody/{NO}")
    page = text(desk, f"/custody/{NO}")
    assert 'data-state="draft"' in page and "张建国" not in page and "13800005678" not in page
    # The owner whole: a look with a reason.
    assert send(desk, f"/custody/{NO}/owner")[0] == 422
    status, page = send(desk, f"/custody/{NO}/owner", reveal_reason="call_back")
    assert status == 200 and "张建国" in page and "13800005678" in page
    sheet = text(desk, f"/custody/{NO}/agreement")
    assert "张建国" not in sheet and "用水不超过 5 m³" in sheet and "用电不超过 20 kWh" in sheet and "70%" in sheet
    assert "每周及大雨前后" in sheet
    status, sheet = send(desk, f"/custody/{NO}/agreement", reveal_reason="paper")
    assert status == 200 and "张建国" in sheet
    assert store.value("SELECT count(*) FROM reveals") == 2
    assert send(desk, f"/forms/custody_agreement/{NO}/printed", whole="1")[0] == 204
    assert store.value("SELECT subject FROM events WHERE what = 'print_form'") == "custody"
    assert send(desk, f"/custody/{NO}/do/sign", signed="1")[0] == 303
    assert send(desk, f"/custody/{NO}/do/readings", nonce="r", water="106.5", electric="")[0] == 303
    page = text(desk, f"/custody/{NO}")
    assert 'data-over="water"' in page and "已用 6.5 m³，超出约定的 5 共 1.5。" in page and 'data-told="0"' in page
    today = text(desk, "/today")
    assert 'data-group="custody_tell" data-total="1"' in today and 'data-group="custody_rounds"' in today
    assert 'data-untold="1"' in text(desk, "/custody") and "超限" in text(desk, "/custody")
    [telling] = re.findall(r'name="telling" value="(\d+)"', page)
    assert send(desk, f"/custody/{NO}/do/tell", telling=telling, channel="phone", note="马桶漏水，已修")[0] == 303
    assert 'data-group="custody_tell"' not in text(desk, "/today")
    [reading] = re.findall(r'<option value="(\d+)">水表 106.5', page)
    fields = {"nonce": "c", "reading": reading, "value": "103", "reason": "抄错"}
    assert send(desk, f"/custody/{NO}/do/correct", **fields)[0] == 303
    exchanged = {"nonce": "x", "meter": "electric", "old": "2008", "new": "0"}
    assert send(desk, f"/custody/{NO}/do/exchange", **(exchanged | {"old": "1"}))[0] == 422
    assert send(desk, f"/custody/{NO}/do/exchange", **exchanged)[0] == 303
    assert 'data-exchanged="electric"' in text(desk, f"/custody/{NO}") and "换表" in text(desk, f"/custody/{NO}")
    ends = {"water": "104", "electric": "2", "keys_back": "1", "signed": "1"}
    assert send(desk, f"/custody/{NO}/do/end", **ends)[0] == 303
    page = text(desk, f"/custody/{NO}")
    assert 'data-state="ended"' in page and 'name="water"' not in page and "房屋交还" not in page
    sheet = text(desk, f"/custody/{NO}/agreement")
    assert "房屋交还" in sheet and "旧表止码 2008，新表起码 0" in sheet and "2026-11-23" in page
    file = desk.post("/homes", data={"unit": HOME}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert 'data-custodies="1"' in file and NO in file


def test_rounds_and_rain_at_the_desk(desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock) -> None:
    begun(store)
    page = text(desk, "/custody/rounds")
    assert f'data-home="{HOME}"' in page and "每周巡查" in page
    assert send(desk, "/custody/rain", nonce="n", rain_on="2026-11-25") == (303, "/custody/rounds")
    page = text(desk, "/custody/rounds")
    marks = re.findall(r'name="mark" value="([^"]+)"', page)
    assert marks == ["before-1", "week-2026-11-23"] and "大雨前" in page
    assert "雨已停" not in page, "its day has not come"
    assert send(desk, f"/custody/{NO}/walked", nonce="w", mark=marks) == (303, "/custody/rounds")
    assert "data-due>0<" in text(desk, "/custody/rounds")
    assert 'data-round="before-1" data-standing="ok"' in text(desk, f"/custody/{NO}")
    desk = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock.forward(days=2))
    assert send(desk, "/custody/rain/end", warning="1", came="1")[0] == 303
    assert re.findall(r'name="mark" value="([^"]+)"', text(desk, "/custody/rounds")) == ["after-1"]
    assert 'value="after-1"' in text(desk, f"/custody/{NO}/finding")
    answer = post(desk, f"/custody/{NO}/finding", picture(), nonce="f", mark="after-1", **FOUND)
    no = store.value("SELECT no FROM cases")
    assert (answer.status_code, answer.location) == (303, f"/cases/{no}")
    page = text(desk, f"/custody/{NO}")
    assert no in page and 'data-told="0"' in page and 'data-standing="finding"' in page
    assert HOME in text(desk, f"/cases/{no}") and "/photos/1/small" in text(desk, f"/cases/{no}")


def phone(desk_app: Flask, store: Store, clock: Clock, login: str) -> FlaskClient:
    """Return a worker's phone that is signed in."""
    client = desk_app.test_client()
    keys = sign_in_phone(store, store.path.parent, login, clock)
    for name, key in zip(("work", "work_open"), keys, strict=True):
        client.set_cookie(name, key, path="/work")
    return client


def test_on_the_phone_of_whoever_walks(desk_app: Flask, store: Store, clock: Clock) -> None:
    one = begun(store)
    begun(store, unit="1-1-102")
    guard, fitter = phone(desk_app, store, clock, "wuhao"), phone(desk_app, store, clock, "zhaogang")
    assert "/work/custody" in text(guard, "/work") and "/work/custody" not in text(fitter, "/work")
    page = text(guard, "/work/custody")
    assert page.count("data-home=") == 2
    assert send(guard, f"/work/custody/{one.no}/walked", nonce="w", mark="week-2026-11-23")[0] == 303
    assert text(guard, "/work/custody?told=walked").count("data-home=") == 1
    other = "TG20261123-002"
    assert "1-1-102" in text(guard, f"/work/custody/{other}")
    answer = post(guard, f"/work/custody/{other}", picture(), nonce="f", mark="week-2026-11-23", **FOUND)
    no = store.value("SELECT no FROM cases")
    assert answer.location == f"/work/custody?told={no}"
    assert "data-home=" not in text(guard, "/work/custody")
    # To whoever walks no rounds there is no empty home.
    assert "data-home=" not in text(fitter, "/work/custody")
    assert fitter.get(f"/work/custody/{one.no}").status_code == 404
    assert send(fitter, f"/work/custody/{one.no}/walked", nonce="x", mark="week-2026-11-23")[0] == 404


def test_the_fees_say_that_the_home_is_in_custody(desk: FlaskClient, store: Store) -> None:
    bring(store, (HOME, "物业费", "2026-12", "100.01", "2026-12-31", ""))
    begun(store)
    page = desk.post("/fees/home", data={"unit": HOME}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert f'data-in-custody="{NO}"' in page and "全额的 70%" in page and 'data-asked="70.01"' in page
    sheets = desk.post("/fees/sheets", data={"unit": HOME}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert "托管 31 天" in sheets and "70.01 元" in sheets and "31 of 31 days" in sheets


def test_a_leader_of_another_department_sees_no_empty_homes(desk_app: Flask, store: Store, clock: Clock) -> None:
    begun(store)
    leader = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    assert "data-home=" not in text(leader, "/custody/rounds") and "/custody/rounds" in text(leader, "/board")
    assert leader.get("/custody").status_code == 403 and leader.get(f"/custody/{NO}").status_code == 403


@pytest.mark.parametrize(
    ("path", "form", "code", "status"),
    [
        ("/custody", NEW, "custody_stands", 409),
        ("/custody", NEW | {"nonce": ""}, "nonce_missing", 422),
        ("/custody", NEW | {"unit": "x\0"}, "unit_invalid", 422),
        (f"/custody/{NO}/do/readings", {"nonce": "r"}, "custody_reading_missing", 422),
        (f"/custody/{NO}/do/readings", {"nonce": "r", "water": "9" * 99}, "custody_reading_invalid", 422),
        (f"/custody/{NO}/do/readings", {"nonce": "r", "water": "99"}, "custody_reading_below", 422),
        (f"/custody/{NO}/do/correct", {"nonce": "r", "reading": "9" * 99}, "custody_reading_unknown", 409),
        (f"/custody/{NO}/do/tell", {"telling": "9" * 99, "channel": "phone", "note": "x"}, "custody_told", 409),
        (f"/custody/{NO}/do/tell", {"telling": "1", "channel": "x", "note": "x"}, "channel_unknown", 422),
        (f"/custody/{NO}/do/sign", {"signed": "1"}, "custody_not_now", 409),
        (f"/custody/{NO}/do/withdraw", {"reason": "x"}, "custody_not_now", 409),
        (f"/custody/{NO}/do/end", {"water": "1", "electric": "2"}, "custody_keys_out", 409),
        ("/custody/TG9/do/sign", {"signed": "1"}, "custody_unknown", 404),
        (f"/custody/{NO}/walked", {"nonce": "w"}, "custody_round_none", 422),
        (f"/custody/{NO}/walked", {"nonce": "w", "mark": "after-" + "9" * 99}, "custody_round_over", 409),
        (f"/custody/{NO}/finding", FOUND | {"nonce": "f", "place": ""}, "place_missing", 422),
        (f"/custody/{NO}/finding", FOUND | {"nonce": "f", "category": "x"}, "category_unknown", 422),
        ("/custody/rain", {"nonce": "n", "rain_on": "9999-12-31"}, "rain_day_far", 422),
        ("/custody/rain", {"nonce": "n", "rain_on": "0000-00-00"}, "rain_day_invalid", 422),
        ("/custody/rain/end", {"warning": "9" * 99, "came": "1"}, "rain_over", 409),
        ("/custody/rain/end", {"warning": "1", "came": "yes"}, "choice_unknown", 422),
    ],
)
def test_what_is_wrong_is_a_sentence(
    desk: FlaskClient, store: Store, path: str, form: dict[str, str], code: str, status: int
) -> None:
    begun(store)
    before = store.value("SELECT count(*) FROM events")
    found, page = send(desk, path, **form)
    assert (found, f'data-refused="{code}"' in page) == (status, True), page[:500]
    assert store.value("SELECT count(*) FROM events") == before


def test_the_audit_log_has_words_and_the_number(desk_app: Flask, store: Store, clock: Clock) -> None:
    one = begun(store)
    read(store, one, clock(), "120")
    rain_warnings.declare(store, rain_on="2026-11-25", nonce="n", by=actor(store, Role.RECEPTIONIST), now=clock())
    manager: Actor = actor(store, Role.MANAGER)
    page = text(client_of(desk_app, store, manager, clock()), "/audit")
    assert NO in page and "托管协议已签" in page and "用量超限" in page and "发布大雨预警" in page and "托管中" in page
    assert NO in text(client_of(desk_app, store, manager, clock()), f"/audit?no={NO}")
