"""Inquiries, saved answers, suggestions and calls at the desk, by the forms that staff send."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_complaints import send, stands
from tests.reception.test_inquiries import Inquiries

PROMISE = {"way": "promised", "unit": "1-1-101", "phone": "5678", "reply_due": "2026-11-24T10:00"}


@pytest.fixture
def made(store: Store, clock: Clock) -> Inquiries:
    return Inquiries(store, clock)


def refused(client: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    """Send a form that is refused; return status and code."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    return answer.status_code, re.findall(r'data-refused="([a-z_]+)', answer.get_data(as_text=True))[0]


def test_a_promise_walks_from_the_counter_to_the_file(
    desk_app: Flask, desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    check_in(store, line="general", nonce="v", by=KIOSK, now=clock())
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    home = desk.get("/").get_data(as_text=True)
    assert 'href="/inquiries/new?ticket=A001"' in home and 'href="/suggestions/new?ticket=A001"' in home
    assert "A001" in desk.get("/inquiries/new?ticket=A001").get_data(as_text=True)
    form = {"category": "parking", "question": "能否长租车位", "print_note": "1", **PROMISE}
    page = send(desk, "/inquiries", nonce="w", ticket="A001", **form)
    no = re.findall(r"ZX\d{8}-\d{3}", page)[0]
    page = desk.get(f"/cases/{no}").get_data(as_text=True)
    assert stands(page) == "promised" and "11-24 10:00" in page and "秩序维护部" in page and "受理便条" in page
    page = send(desk, f"/inquiries/{no}/consult", expert="zhaoqiang", note="地下二层还有吗")
    assert "赵强" in page and "地下二层还有吗" in page
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    assert no in head.get("/due").get_data(as_text=True)
    page = send(head, f"/inquiries/{no}/advise", text="还有三个，每月 300 元")
    assert "还有三个" in page
    token = store.value("SELECT token FROM cases WHERE no = ?", [no])
    progress = kiosk.get(f"/T/{token}").get_data(as_text=True)
    kiosk.set_cookie("at_kiosk", "1")
    assert "前答复您" in kiosk.get(f"/T/{token}").get_data(as_text=True)
    other = re.findall(r"ZX\d{8}-\d{3}", send(desk, "/inquiries", nonce="o", **form))[0]
    for path, said in (("merge", {"into": other}), ("close", {}), ("follow-up", {"method": "phone", "reached": "1"})):
        assert refused(desk, f"/cases/{no}/{path}", **said)[0] in {409, 422}, path
    answer = kiosk.post(f"/T/{token}/rate", data={"score": "1"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409
    assert "明天 10:00 前答复您" in progress and "还有三个" not in progress and "长租" not in progress
    page = send(desk, f"/inquiries/{no}/promise", reply_due="2026-11-25T09:00", reason="车场盘点", channel="phone")
    assert "11-25 09:00" in page and "车场盘点" in page
    page = send(desk, f"/inquiries/{no}/reply", text="地下二层可长租，每月 300 元", channel="phone")
    assert stands(page) == "replied" and "按时完成" in page
    assert refused(desk, f"/inquiries/{no}/reply", text="再说一次", channel="phone") == (409, "step_not_now")
    assert stands(send(desk, f"/cases/{no}/close")) == "closed"
    page = send(desk, f"/inquiries/{no}/ask-again", question="能转租吗", reply_due="2026-11-25T15:00")
    assert stands(page) == "promised" and "能转租吗" in page
    assert desk.post(f"/inquiries/{no}/fly", headers=SAME_ORIGIN).status_code == 404
    assert no in desk.get("/cases?kind=inquiry&category=parking").get_data(as_text=True)


def test_an_answer_at_once_needs_nobody_s_name(desk: FlaskClient, store: Store) -> None:
    form = {"category": "fees", "question": "怎么交", "way": "at_once"}
    assert refused(desk, "/inquiries", nonce="x", **form) == (422, "answer_missing")
    saved = str(store.value("SELECT id FROM saved_answers LIMIT 1"))
    page = send(desk, "/inquiries", nonce="x", answer="前台扫码", saved=saved, **form)
    assert stands(page) == "closed" and "前台扫码" in page
    # What the form of a registered visitor was filled with is not kept: his visit has it.
    send(desk, "/inquiries", nonce="z", answer="前台扫码", name="张建国", phone="13800005678", unit="1-1-101", **form)
    assert store.value("SELECT count(*) FROM cases WHERE name = '' AND phone = '' AND unit_id IS NULL") == 2
    assert store.value("SELECT used FROM saved_answers WHERE id = ?", [saved]) == 1
    assert "约定" not in page.split("继续咨询")[0][-200:], "without a telephone nothing further is promised"
    for said, code in (({}, "phone_missing"), ({"phone": "5678", "unit": "1-1-101"}, "reply_time_invalid")):
        assert refused(desk, "/inquiries", nonce="y", **form | {"way": "promised"} | said) in (
            (422, code),
            (422, "name_missing"),
        )


def test_saved_answers_are_found_while_a_question_is_typed(desk: FlaskClient) -> None:
    def hints(**typed: str) -> str:
        answer = desk.post("/answers/hints", data=typed, headers=SAME_ORIGIN | {"HX-Request": "true"})
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    assert "从交付通知书" in hints(question="物业费从什么时候算") and 'data-answer-id="' in hints(words="停车")
    assert hints(question="  ").strip() == "" and "没有找到" in hints(words="火星")
    for typed in ("%", "_", "\\", "'", "\x00", "💧" * 50, "水" * 500):
        hints(words=typed)
    assert "访客停车" in desk.post("/answers/find", data={"words": "停车"}, headers=SAME_ORIGIN).get_data(as_text=True)


def test_a_receptionist_proposes_and_a_head_checks(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, made: Inquiries
) -> None:
    no = made.ask(question="快递柜在哪里", answer="东门内右侧").no
    assert 'action="/answers"' in desk.get(f"/cases/{no}").get_data(as_text=True)
    said = {"category": "other", "question": "快递柜在哪里", "answer": "东门内右侧"}
    page = send(desk, "/answers", nonce="p", **{"from": no}, **said)
    assert "待审核" in page and no in page and "/check" not in page
    saved = store.value("SELECT max(id) FROM saved_answers")
    assert desk.post(f"/answers/{saved}/check", data=said, headers=SAME_ORIGIN).status_code == 403
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert f'action="/answers/{saved}/check"' in head.get("/answers").get_data(as_text=True)
    assert refused(head, f"/answers/{saved}/check", edition="7", **said) == (409, "changed_meanwhile")
    assert refused(head, "/answers/99999/check", edition="1", **said) == (404, "saved_answer_unknown")
    assert "待审核" not in send(head, f"/answers/{saved}/check", edition="1", **said)
    assert "快递柜" in desk.get("/answers").get_data(as_text=True)
    assert "快递柜" not in send(head, f"/answers/{saved}/retire")


def test_a_suggestion_without_a_contact_ends_on_the_notice_board(desk: FlaskClient) -> None:
    page = send(desk, "/suggestions", nonce="s", topic="greenery", text="中庭多种些树")
    no = re.findall(r"JY\d{8}-\d{3}", page)[0]
    assert stands(page) == "received" and '<option value="cleaning" selected>' in page
    assert refused(desk, f"/suggestions/{no}/answer", text="好") == (409, "step_not_now")
    assert refused(desk, f"/suggestions/{no}/forward", department="x") == (422, "department_unknown")
    assert stands(send(desk, f"/suggestions/{no}/forward", department="cleaning")) == "forwarded"
    page = send(desk, f"/suggestions/{no}/answer", text="明年春天补种十棵")
    assert stands(page) == "answered" and f'href="/suggestions/{no}/board"' in page and "公告栏" in page
    board = desk.get(f"/suggestions/{no}/board").get_data(as_text=True)
    assert "明年春天补种十棵" in board and "中庭多种些树" not in board
    assert stands(send(desk, f"/cases/{no}/close")) == "closed"
    assert no in desk.get("/cases?kind=suggestion&scope=closed&category=greenery").get_data(as_text=True)
    other = re.findall(r"JY\d{8}-\d{3}", send(desk, "/suggestions", nonce="t", topic="other", text="x"))[0]
    assert desk.get(f"/suggestions/{other}/board").status_code == 409
    assert desk.get("/suggestions/JY20200101-001/board").status_code == 404


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({"kind": "repair", "unit": "1-1-101", "phone": "5678", "content": "漏水"}, "repair"),
        ({"kind": "complaint", "unit": "1-1-101", "phone": "5678", "content": "吵"}, "complaint"),
        ({"kind": "inquiry", "content": "几点下班", "way": "at_once", "answer": "17:30"}, "inquiry"),
        ({"kind": "inquiry", "content": "能否减免", "asked_about": "fees", **PROMISE}, "inquiry"),
        ({"kind": "suggestion", "content": "多种树"}, "suggestion"),
        ({"kind": "none", "outcome": "transferred", "transfer_to": "财务", "content": "问发票"}, None),
    ],
)
def test_a_call_about_anything_is_noted_over_what_is_being_done(
    desk: FlaskClient, store: Store, form: dict[str, str], kind: str | None
) -> None:
    htmx = SAME_ORIGIN | {"HX-Request": "true"}
    for _ in range(2):
        answer = desk.post("/calls", data={"nonce": "n", "rings": "2", **form}, headers=htmx)
        assert answer.status_code == 200 and answer.headers["HX-Trigger-After-Swap"] == "call-saved"
    row = store.row(
        "SELECT kind, source, rings FROM phone_calls LEFT JOIN cases ON cases.id = case_id"
        " WHERE (SELECT count(*) FROM phone_calls) = 1"
    )
    assert row is not None and tuple(row) == (kind, "phone" if kind else None, 2)
    page = desk.get("/calls").get_data(as_text=True)
    if kind:
        no = store.value("SELECT no FROM cases")
        assert no in page and "响铃 2 声" in desk.get(f"/cases/{no}").get_data(as_text=True)
    else:
        assert "已转接" in page and "财务" in page and "问发票" in page
        log = desk.get("/log").get_data(as_text=True)
        assert 'data-line="call"' in log and "问发票" not in log, "the log holds codes alone"
    plain = desk.post("/calls", data={"nonce": "n", "rings": "2", **form}, headers=SAME_ORIGIN)
    assert plain.status_code == 303


def test_a_call_about_one_of_us_is_the_head_s_and_on_nobody_else_s_list(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    form = {"nonce": "n", "kind": "complaint", "unit": "1-1-101", "phone": "5678", "content": "请负责人回电"}
    answer = desk.post("/calls", data=form | {"hears": "manager"}, headers=SAME_ORIGIN | {"HX-Request": "true"})
    no = store.value("SELECT no FROM cases WHERE sealed = 2")
    assert no and answer.status_code == 200 and no not in answer.get_data(as_text=True)
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    for other in (desk, head):
        page = other.get("/calls").get_data(as_text=True)
        assert no not in page and "当天没有来电记录" in page
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert no in manager.get("/calls").get_data(as_text=True)
    for reader, shown in ((head, '<td class="number nowrap">0</td>'), (manager, '<td class="number nowrap">1</td>')):
        figures = reader.get("/figures").get_data(as_text=True)
        assert shown in figures.split('data-figure="calls"')[1].split("</tr>")[0]


def test_the_log_of_the_day_says_what_was_asked_about(desk: FlaskClient, made: Inquiries) -> None:
    no = made.ask().no
    line = desk.get("/log").get_data(as_text=True).split(f'data-no="{no}"')[1].split("</tr>")[0]
    assert "物业费用" in line and "已办结" in line


def test_what_was_found_on_a_round_is_no_call(desk: FlaskClient, store: Store) -> None:
    form = {"nonce": "n", "kind": "repair", "source": "patrol", "place": "三号楼门厅", "content": "灯不亮"}
    assert desk.post("/calls", data=form, headers=SAME_ORIGIN).status_code == 303
    assert store.value("SELECT count(*) FROM phone_calls") == 0 and store.value("SELECT source FROM cases") == "patrol"


def test_a_bad_call_leaves_nothing_and_a_bad_day_is_no_day(desk: FlaskClient, store: Store) -> None:
    for form, code in (
        ({"kind": "none"}, "outcome_unknown"),
        ({"kind": "none", "outcome": "transferred"}, "transfer_missing"),
        ({"kind": "inquiry", "content": "", "way": "at_once", "answer": "x"}, "question_missing"),
        ({"kind": "inquiry", "content": "x"}, "answer_way_unknown"),
        ({"kind": "suggestion", "content": "x", "rings": "99"}, "rings_invalid"),
        ({"kind": "suggestion", "content": "x", "topic": "none"}, "topic_unknown"),
    ):
        assert refused(desk, "/calls", nonce="n", **form) == (422, code)
    assert store.value("SELECT count(*) FROM cases") == store.value("SELECT count(*) FROM phone_calls") == 0
    for day in ("x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-11-23T10:00", "１２"):
        assert desk.get("/calls", query_string={"day": day}).status_code in {200, 422}, day


def test_a_team_leader_is_offered_what_he_may_note(desk_app: Flask, store: Store, clock: Clock) -> None:
    leader = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    window = leader.get("/calls/new").get_data(as_text=True)
    assert 'value="repair"' in window and 'value="none"' in window and 'name="kind" value="complaint"' not in window
    form = {"nonce": "n", "kind": "inquiry", "content": "x", "way": "at_once", "answer": "y"}
    assert leader.post("/calls", data=form, headers=SAME_ORIGIN).status_code == 403
    assert store.value("SELECT count(*) FROM phone_calls") == 0


def test_the_manager_keeps_the_lists_and_reads_the_figures(desk_app: Flask, store: Store, clock: Clock) -> None:
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    form = {"code": "pets", "name": "宠物", "name_en": "Pets", "department": "", "position": "9", "active": "1"}
    for table, page in (("inquiry_categories", "/inquiries/new"), ("suggestion_topics", "/suggestions/new")):
        assert manager.post(f"/settings/list/{table}", data=form, headers=SAME_ORIGIN).status_code == 303
        desk = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
        assert "宠物" in desk.get(page).get_data(as_text=True)
    figures = manager.get("/figures").get_data(as_text=True)
    assert "三声内接听" in figures and "按约答复" in figures
    assert manager.post("/calls/export", data={"day": "2026-11-23"}, headers=SAME_ORIGIN).status_code == 200
