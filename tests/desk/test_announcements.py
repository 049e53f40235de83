"""Notices at the desk: written, read, published by a head, withdrawn; what waits for a head; the sheet for the wall."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store import Store
from reception.permissions import Role
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of

FORM = {"nonce": "n1", "kind": "notice", "title": "停水通知", "body": "周二停水。", "until_on": "2026-11-25"}
FIGURES = {
    "nonce": "f", "kind": "accounts", "title": "10月收支", "period": "2026年10月", "until_on": "2026-12-20",
    "side": ["income", "expense", "income"], "item": ["物业费", "绿化", ""], "amount": ["1,000", "0.2", ""],
}  # fmt: skip


def post(client: FlaskClient, path: str, **data: object) -> TestResponse:
    return client.post(path, data=data, headers=SAME_ORIGIN)


def text(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def test_written_at_the_desk_published_by_the_head_withdrawn(desk: FlaskClient, head: FlaskClient) -> None:
    answer = post(desk, "/announcements", **FORM)
    assert (answer.status_code, answer.location) == (303, "/announcements/1")
    page = text(desk.get("/announcements/1"))
    assert 'data-stage="draft"' in page and "/announcements/1/publish" not in page
    assert post(desk, "/announcements/1/publish", was="1").status_code == 403
    # It waits in the to-dos of whoever may publish it, and of nobody else.
    assert "/announcements/1" in text(head.get("/today")) and "/announcements/1" not in text(desk.get("/today"))
    assert post(desk, "/announcements/1/change", **FORM | {"was": "1", "title": "停水与停电"}).status_code == 303
    assert post(head, "/announcements/1/publish", was="1").status_code == 409
    assert post(head, "/announcements/1/publish", was="2").status_code == 303
    assert 'data-stage="shown"' in text(desk.get("/announcements")) and "停水与停电" in text(desk.get("/today"))
    assert post(desk, "/announcements/1/change", **FORM, was="2").status_code == 409
    assert "已发布" in text(desk.get("/announcements"))
    assert post(head, "/announcements/1/withdraw", reason="").status_code == 422
    assert post(head, "/announcements/1/withdraw", reason="日期有误").status_code == 303
    page = text(desk.get("/announcements/1"))
    assert "日期有误" in page and 'href="/announcements/new?from=1"' in page
    copy = text(desk.get("/announcements/new?from=1"))
    assert 'value="停水与停电"' in copy and 'name="until_on" value=""' in copy
    assert [one for one in ("撰写", "修改", "发布", "撤回") if one not in page] == []


def test_figures_are_summed_and_published_by_another(desk: FlaskClient, head: FlaskClient) -> None:
    assert post(head, "/announcements", **FIGURES).status_code == 303
    page = text(head.get("/announcements/1"))
    sums = dict(re.findall(r'data-sum="(\w+)">([^<]+)<', page))
    assert sums == {"income": "1000.00", "expense": "0.20", "balance": "999.80"}
    assert "/announcements/1/publish" not in page
    assert post(head, "/announcements/1/publish", was="1").status_code == 403
    form = text(desk.get("/announcements/1/edit"))
    # Both lines, and empty ones below for more.
    assert form.count('name="item"') == 8 and 'value="1000.00"' in form
    # No empty row says income or expense before somebody chose.
    assert form.count("<select") == 8 and len(re.findall(r'<option value="(?:income|expense)" selected', form)) == 2


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (FORM | {"title": ""}, "title_missing"),
        (FORM | {"until_on": "morgen"}, "date_invalid"),
        (FORM | {"kind": "poem"}, "choice_unknown"),
        (FIGURES | {"amount": ["1,0", "x", ""]}, "money_invalid"),
        (FIGURES | {"side": ["income", "", ""]}, "account_side_missing"),
        (FIGURES | {"side": ["income", "gift", ""]}, "choice_unknown"),
        (FORM | {"kind": "event", "event_on": "2026-12-05", "begins": "14:00"}, "event_place_missing"),
    ],
)
def test_bad_input_is_answered_by_a_sentence(desk: FlaskClient, store: Store, form: dict[str, str], code: str) -> None:
    answer = post(desk, "/announcements", **form)
    assert answer.status_code == 422 and f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM announcements") == 0


def test_a_long_text_takes_smaller_print_on_the_wall(desk: FlaskClient) -> None:
    post(desk, "/announcements", **FORM)
    post(desk, "/announcements", **FORM | {"nonce": "n2", "body": "请清理楼道杂物。" * 100})
    assert "poster-long" not in text(desk.get("/announcements/1/poster"))
    assert "poster-long" in text(desk.get("/announcements/2/poster"))


def test_the_poster_says_until_when_since_when_and_has_room_for_the_seal(desk: FlaskClient, head: FlaskClient) -> None:
    post(desk, "/announcements", **FORM)
    assert "发布日期" not in text(desk.get("/announcements/1/poster"))
    assert post(head, "/announcements/1/publish", was="1").status_code == 303
    page = text(desk.get("/announcements/1/poster"))
    assert "poster-short" in page and "有效期：11月23日（周一）至" in page and "盖章" in page
    assert re.search(r'发布日期：<span class="number">2026-11-23</span>', page)


def test_what_is_not_there_is_said(desk: FlaskClient) -> None:
    for path in (
        "/announcements/7",
        "/announcements/7/edit",
        "/announcements/7/poster",
        "/announcements/new?from=7",
        f"/announcements/new?from={9:0>30}",
        f"/announcements/new?from={10**30}",
    ):
        assert desk.get(path).status_code == 404, path
    assert desk.get("/announcements/new?kind=poem").status_code == 404
    for kind in ("notice", "works", "safety", "accounts", "event"):
        assert desk.get(f"/announcements/new?kind={kind}").status_code == 200


def test_the_poster_has_a_code_only_where_phones_reach_the_page(
    desk: FlaskClient, head: FlaskClient, store: Store
) -> None:
    post(desk, "/announcements", **FORM)
    page = text(desk.get("/announcements/1/poster"))
    assert "qr.svg" not in page and 'class="poster-mark"' in page and "草稿" in page
    assert desk.get("/announcements/qr.svg").status_code == 404
    post(head, "/announcements/1/publish", was="1")
    configure(store, public_url="https://wy.example.cn")
    # Named is not reached: the box has not found itself there.
    assert "qr.svg" not in text(desk.get("/announcements/1/poster"))
    at, url = "2026-11-23T00:00:00.000Z", "https://wy.example.cn"
    store.execute("INSERT INTO reachability (url, tried_at, reached) VALUES (?, ?, 1)", [url, at])
    page = text(desk.get("/announcements/1/poster?size=a3"))
    assert "qr.svg" in page and "poster-a3" in page and "poster-mark" not in page
    assert b"<svg" in desk.get("/announcements/qr.svg").data
    assert desk.get("/announcements/1/poster?size=b5").status_code == 404
