"""The follow-up desk by its forms: a call is taken, its card read, its result pressed; bad input changes nothing."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db.store import Store
from reception import follow_ups, survey_words
from reception.permissions import TOKEN_HOLDER, Role
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


def post(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    """Send a form; return the status, and where it leads or the code of the refusal."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    refused = re.findall(r'data-refused="([^"]+)"', answer.get_data(as_text=True))
    return answer.status_code, refused[0] if refused else answer.headers.get("Location", "")


def text(client: FlaskClient, path: str) -> str:
    """Return a page."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))


def test_from_the_list_to_the_card_to_the_result(
    desk_app: Flask, desk: FlaskClient, store: Store, life: Life, clock: Clock
) -> None:
    no = life.signed().case_no
    html = text(desk, "/follow-ups")
    assert f'data-case-no="{no}" data-standing="now"' in html
    assert "138****5678" in html and "13800005678" not in html and "建国" not in html
    assert desk.get(f"/follow-ups/{no}").status_code == 409
    assert post(desk, f"/follow-ups/{no}/call") == (303, f"/follow-ups/{no}")
    card = text(desk, f"/follow-ups/{no}")
    assert "13800005678" in card and "您好，这里是锦绣家园 物业服务中心，我是王琳" in card
    assert 'data-step="signature"' in card and "工作单签字，王琳 经手" in card and "水龙头漏水" in card
    other = client_of(desk_app, store, life.assistant, clock())
    shown = text(other, "/follow-ups")
    assert 'data-standing="taken"' in shown and "王琳正在回访" in shown
    assert "王琳正在回访" in text(other, f"/cases/{no}")
    assert post(other, f"/follow-ups/{no}/call") == (409, "call_taken")
    assert post(other, f"/cases/{no}/follow-up", method="phone", reached="1", score="5") == (409, "call_taken")
    assert post(desk, f"/follow-ups/{no}/result", method="phone", press="5", comment="很好") == (303, "/follow-ups")
    assert store.value("SELECT state FROM cases WHERE no = ?", [no]) == "followed_up"
    assert no not in text(desk, "/follow-ups") and "很好" in text(desk, f"/cases/{no}")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"method": "phone"}, "score_invalid"),
        ({"method": "phone", "press": "9"}, "score_invalid"),
        ({"method": "phone", "press": "sang"}, "score_invalid"),
        ({"method": "pigeon", "press": "5"}, "follow_up_method_unknown"),
        ({"method": "phone", "press": "later"}, "call_time_invalid"),
        ({"method": "phone", "press": "later", "again_at": "9:00"}, "time_past"),
        ({"method": "phone", "press": "nobody", "comment": "x" * 501}, "text_too_long"),
    ],
)
def test_what_makes_no_result_is_refused(
    desk: FlaskClient, store: Store, life: Life, form: dict[str, str], expected: str
) -> None:
    no = life.signed().case_no
    post(desk, f"/follow-ups/{no}/call")
    assert post(desk, f"/follow-ups/{no}/result", **form) == (422, expected)
    # It is still in hand, and nothing was written.
    assert "13800005678" in text(desk, f"/follow-ups/{no}")
    assert store.value("SELECT count(*) FROM follow_ups") == 0


def test_every_press_stands_on_card_and_case(desk: FlaskClient, store: Store, life: Life, clock: Clock) -> None:
    order = life.signed()
    no = order.case_no
    for press, more, words in (
        ("later", {"again_at": "15:30"}, "约定再打"),
        ("nobody", {}, "未联系上"),
        ("wrong_number", {}, "号码不对"),
    ):
        post(desk, f"/follow-ups/{no}/call")
        assert post(desk, f"/follow-ups/{no}/result", method="phone", press=press, **more)[0] == 303
        assert words in text(desk, f"/cases/{no}")
    assert 'data-standing="another_way"' in text(desk, "/follow-ups")
    post(desk, f"/follow-ups/{no}/call")
    card = text(desk, f"/follow-ups/{no}")
    assert 'data-vain="1"' in card and "号码不对" in card
    assert post(desk, f"/follow-ups/{no}/phone", phone="1") == (422, "phone_invalid")
    assert post(desk, f"/follow-ups/{no}/phone", phone="13900001111") == (303, f"/follow-ups/{no}")
    assert "13900001111" in text(desk, f"/follow-ups/{no}")
    assert post(desk, f"/follow-ups/{no}/release") == (303, "/follow-ups")
    assert post(desk, f"/follow-ups/{no}/release") == (409, "call_not_held")
    assert post(desk, f"/follow-ups/{no}/result", method="phone", press="refused")[0] == 303
    assert "不愿评价" in text(desk, f"/cases/{no}")


def test_a_case_that_is_none_of_his_is_not_there(desk_app: Flask, store: Store, life: Life, clock: Clock) -> None:
    no = life.signed().case_no
    store.execute("UPDATE cases SET department = 'security' WHERE no = ?", [no])
    leader = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    assert no not in text(leader, "/follow-ups")
    for path in ("call", "result", "release", "phone"):
        assert post(leader, f"/follow-ups/{no}/{path}", method="phone", press="5", phone="1")[0] == 404, path
    assert leader.get(f"/follow-ups/{no}").status_code == 404
    assert leader.get("/follow-ups/TS20200101-001").status_code == 404


def test_the_panel_has_its_definitions_and_goes_out(
    desk_app: Flask, desk: FlaskClient, store: Store, life: Life, clock: Clock
) -> None:
    Complaints(store, clock).replied()
    no = life.signed().case_no
    html = text(desk, "/follow-ups")
    assert 'data-coverage="repair"' in html and 'data-coverage="complaint"' in html
    assert "（4 分 + 5 分）÷ 有评价的" in html and "规定 100%" in html
    assert desk.get("/follow-ups?month=2027-01").status_code == 422
    assert desk.get("/follow-ups?month=x").status_code == 422
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    for path, form in (("/follow-ups/export", {}), ("/follow-ups/coverage/export", {"month": "2026-11"})):
        answer = manager.post(path, data=form, headers=SAME_ORIGIN)
        assert answer.status_code == 200
        cells = [
            [str(cell) for cell in row]
            for row in load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)
        ]
        said = str(cells)
        assert "13800005678" not in said and (no in said or "应回访" in said)
    assert post(desk, "/follow-ups/export")[0] == 403


def test_what_people_wrote_is_read_here(desk: FlaskClient, store: Store, life: Life) -> None:
    order = life.signed()
    token = store.value("SELECT token FROM cases WHERE id = ?", [order.case_id])
    follow_ups.answer(store, token=token, score="4", comment="来得很准时", by=TOKEN_HOLDER, now=life.now)
    html = text(desk, "/follow-ups")
    assert "来得很准时" in html
    answer_id = re.findall(r'data-answer="(\d+)"', html)[0]
    assert post(desk, f"/answers/{answer_id}/read") == (303, "/follow-ups")
    assert "来得很准时" not in text(desk, "/follow-ups")
    assert post(desk, f"/answers/{answer_id}/read") == (409, "answer_gone")
    assert post(desk, f"/answers/{'9' * 15}/read")[0] == 409 and post(desk, f"/answers/{'9' * 40}/read")[0] == 404


def test_the_centre_writes_its_own_script_and_share(
    desk_app: Flask, desk: FlaskClient, store: Store, life: Life, clock: Clock
) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    row = store.value("SELECT id FROM call_lines WHERE step = 'greeting'")
    saved = post(
        manager,
        "/settings/list/call_lines",
        key=str(row),
        kind="any",
        step="greeting",
        text="早上好，{centre}{caller}。{nonsense}",
        text_en="",
        position="1",
        active="1",
    )
    assert saved[0] == 303, saved
    no = life.signed().case_no
    post(desk, f"/follow-ups/{no}/call")
    assert "早上好，锦绣家园 物业服务中心王琳。{nonsense}" in text(desk, f"/follow-ups/{no}")
    configure(store, repair_follow_up_percent=0)
    assert no not in text(desk, "/follow-ups")


@pytest.mark.parametrize("door", ["", "1"])
def test_complaint_and_repair_are_rated_at_phone_and_kiosk(
    kiosk: FlaskClient, store: Store, life: Life, clock: Clock, door: str
) -> None:
    kiosk.set_cookie("at_kiosk", door)
    tokens = [
        store.value("SELECT token FROM cases WHERE id = ?", [life.signed().case_id]),
        Complaints(store, clock).replied().token,
    ]
    for token in tokens:
        assert f"/T/{token}/rate" in text(kiosk, f"/T/{token}")
        assert post(kiosk, f"/T/{token}/rate", score="7") == (422, "score_invalid")
        assert post(kiosk, f"/T/{token}/rate", score="4", comment="还可以") == (303, f"/T/{token}")
        assert post(kiosk, f"/T/{token}/rate", score="1")[1] == "survey_answered"
        assert "/rate" not in text(kiosk, f"/T/{token}")
    assert [row[0] for row in store.rows("SELECT channel FROM survey_responses")] == ["kiosk" if door else "phone"] * 2
    assert [one.comment for one in survey_words.unread(store, by=life.desk)] == ["还可以"] * 2


def test_whoever_looked_into_it_is_told_so_and_a_refusal_leads_back(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    made = Complaints(store, clock)
    path = f"/cases/{made.replied().no}"
    head = client_of(desk_app, store, made.head, clock())
    assert "data-follow-up-own" in text(head, path) and "/follow-ups/TS" not in text(head, path)
    assert "data-follow-up-own" not in text(desk, path) and "/follow-ups/TS" in text(desk, path)
    call = path.replace("cases", "follow-ups") + "/call"
    for page, leads in ((f"http://localhost{path}", True), ("http://elsewhere/x", False)):
        refused = head.post(call, headers=SAME_ORIGIN | {"Referer": page}).get_data(as_text=True)
        assert 'data-refused="follow_up_own"' in refused and (f'href="{page}"' in refused) is leads
