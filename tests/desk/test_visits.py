"""Appointments, hand-overs, official business and identity at the desk, by the forms that staff send."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from db import spool
from db.store import Store
from reception import queue
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.visitors import Visitors

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
BOOKING = {
    "nonce": "yy",
    "host": "zhaoqiang",
    "expected_at": "2026-11-23T11:00",
    "name": "钱多多",
    "phone": "13911112222",
    "purpose": "装修方案",
    "source": "phone",
}


@pytest.fixture
def made(store: Store, clock: Clock) -> Visitors:
    return Visitors(store, clock)


@pytest.fixture
def host(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The page of the head of maintenance."""
    return client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())


def send(client: FlaskClient, path: str, **form: str) -> str:
    """Send a form, which must be good; return the page that it leads to."""
    answer = client.post(path, data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, (path, answer.get_data(as_text=True))
    return str(client.get(answer.headers["Location"]).get_data(as_text=True))


def refused(client: FlaskClient, path: str, **form: str) -> str:
    """Send a form that must be refused; return why."""
    answer = client.post(path, data=form, headers=HTMX)
    assert 400 <= answer.status_code < 500, (path, answer.status_code)
    return str(re.findall(r'data-refused="([a-z_]+)"', answer.get_data(as_text=True))[0])


def test_an_appointment_from_the_call_to_the_goodbye(desk: FlaskClient, host: FlaskClient, clock: Clock) -> None:
    page = send(desk, "/appointments", **BOOKING, slip="0")
    no = re.findall(r"YY\d{8}-\d{3}", page)[0]
    assert 'data-state="booked"' in page and "本人未知悉" in page
    told = host.get("/").status_code
    assert told == 303, "a head begins with his cases"
    bar = host.get("/cases").get_data(as_text=True)
    (telling,) = re.findall(r'action="/told/(\d+)"', bar)
    assert "我来接待" in bar and "钱多多" in bar
    assert "data-telling" not in host.post(f"/told/{telling}", data={"here": "1"}, headers=HTMX).get_data(as_text=True)
    assert 'data-state="confirmed"' in host.get(f"/cases/{no}").get_data(as_text=True)
    listed = desk.get("/appointments").get_data(as_text=True)
    assert no in listed and "钱**" in listed and "13911112222" not in listed
    page = send(desk, "/appointments/check-in", who="2222")
    assert 'data-here="A001"' in page
    assert 'data-telling="arrived"' in host.get("/told").get_data(as_text=True)
    page = send(host, f"/appointments/{no}/finish", note="通过")
    assert 'data-state="done"' in page and "data-telling" not in host.get("/told").get_data(as_text=True)


def test_a_host_changes_his_own_and_no_other(desk: FlaskClient, host: FlaskClient, made: Visitors) -> None:
    mine, other = made.book(), made.book(host="sunlei")
    page = send(host, f"/appointments/{mine.no}/change", expected_at="2026-11-23T15:00", reason="开会", channel="phone")
    assert 'data-state="confirmed"' in page and "开会" in page
    assert refused(host, f"/appointments/{other.no}/change", expected_at="2026-11-23T15:00", reason="x") == (
        "appointment_not_yours"
    )
    assert f'action="/appointments/{other.no}/' not in host.get(f"/cases/{other.no}").get_data(as_text=True).replace(
        "/slip", ""
    )
    # Given away to another department he sees it no more.
    answer = host.post(
        f"/appointments/{mine.no}/change",
        data={"host": "wanglin", "reason": "出差", "channel": "phone"},
        headers=SAME_ORIGIN,
    )
    assert answer.status_code == 303 and answer.headers["Location"] == "/cases"


@pytest.mark.parametrize(
    ("path", "form", "code"),
    [
        ("change", {"expected_at": "x", "reason": "y", "channel": "phone"}, "expected_time_invalid"),
        ("change", {"reason": "y", "channel": "phone"}, "nothing_changed"),
        ("change", {"expected_at": "2026-11-23T15:00", "channel": "phone"}, "reason_missing"),
        ("change", {"expected_at": "2026-11-23T15:00", "reason": "y"}, "channel_unknown"),
        ("cancel", {"reason": "", "channel": "phone"}, "reason_missing"),
        ("cancel", {"reason": "y"}, "channel_unknown"),
        ("finish", {"note": "长" * 501}, "text_too_long"),
    ],
)
def test_a_bad_step_says_why(desk: FlaskClient, made: Visitors, path: str, form: dict[str, str], code: str) -> None:
    case = made.book()
    assert refused(desk, f"/appointments/{case.no}/{path}", **form) == code


def test_a_step_that_does_not_exist_is_not_there(desk: FlaskClient, made: Visitors) -> None:
    for path in (f"/appointments/{made.book().no}/explode", "/handovers/WJ1/explode", "/officials/GW1/explode"):
        assert desk.post(path, headers=SAME_ORIGIN).status_code == 404
    assert desk.post("/told/nonsense", headers=SAME_ORIGIN).status_code == 404
    assert desk.get("/appointments?day=2026-13-01").status_code == 422
    assert desk.post("/told/1", data={"back": "//evil.example"}, headers=SAME_ORIGIN).headers["Location"] == "/"


def came_out(store: Store) -> None:
    """Say of every paper that waits that it was printed."""
    at = "2026-11-23T02:40:00.000Z"
    while (job := spool.claim(store, "front", at)) is not None:
        spool.settle(store, job.id, "printed", at)


def test_the_slip_is_printed_once_and_again_only_while_it_holds(
    desk: FlaskClient, store: Store, made: Visitors
) -> None:
    case = made.book()
    for _ in range(2):
        send(desk, f"/appointments/{case.no}/slip")
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'appointment_slip'") == 1
    came_out(store)
    job = store.value("SELECT id FROM print_jobs")
    send(desk, f"/papers/{job}/reprint", nonce="again")
    send(desk, f"/appointments/{case.no}/change", expected_at="2026-11-23T15:00", reason="开会", channel="phone")
    came_out(store)
    assert refused(desk, f"/papers/{job}/reprint", nonce="old") == "paper_outdated"
    assert "旧单作废" in desk.get(f"/cases/{case.no}").get_data(as_text=True)


def test_the_list_of_a_day_goes_out_as_it_is_shown(host: FlaskClient, made: Visitors) -> None:
    case = made.book()
    made.book(host="wanglin")
    answer = host.post("/appointments/export", data={"day": "2026-11-23"}, headers=SAME_ORIGIN)
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)
    assert [row[1] for row in rows if row[1] and str(row[1]).startswith("YY")] == [case.no]


def test_papers_are_taken_in_and_fetched(desk: FlaskClient, host: FlaskClient) -> None:
    form = {"nonce": "wj", "name": "刘师傅", "to": "zhaoqiang", "item": "竣工资料", "place": "文件柜", "pieces": "2"}
    page = send(desk, "/handovers", **form)
    no = re.findall(r"WJ\d{8}-\d{3}", page)[0]
    assert 'data-telling="papers"' in host.get("/told").get_data(as_text=True)
    assert 'data-state="notified"' in send(desk, f"/handovers/{no}/notify", channel="phone")
    assert refused(desk, f"/handovers/{no}/deliver", taken_by="赵强") == "signature_not_seen"
    page = send(desk, f"/handovers/{no}/deliver", taken_by="赵强", signed="1")
    assert 'data-state="delivered"' in page and "王琳 见证" in page
    assert "data-telling" not in host.get("/told").get_data(as_text=True)


def test_official_business_reaches_its_counterpart(desk: FlaskClient, host: FlaskClient) -> None:
    form = {"nonce": "gw", "name": "孙科长", "organisation": "街道办", "matter": "消防检查", "counterpart": "zhaoqiang"}
    no = re.findall(r"GW\d{8}-\d{3}", send(desk, "/officials", **form))[0]
    assert 'data-telling="official"' in host.get("/told").get_data(as_text=True)
    page = send(host, f"/officials/{no}/close", result="整改后复查", channel="face")
    assert 'data-state="closed"' in page and "整改后复查" in page


def test_an_agent_without_documents_is_asked_for_them_in_one_sentence(desk: FlaskClient, made: Visitors) -> None:
    case = made.book()
    path = f"/cases/{case.no}"
    assert "data-agent-asks" not in desk.get(path).get_data(as_text=True)
    page = send(desk, f"{path}/agent", name="李代办", phone="13900001111")
    assert page.count("data-agent-asks") == 1 and 'data-agent="unproven"' in page and "13900001111" not in page
    send(desk, f"{path}/identity", nonce="1", whose="agent", document="power_of_attorney", matched="1")
    page = send(desk, f"{path}/identity", nonce="2", whose="owner", document="id_card", matched="1")
    assert "data-agent-asks" not in page and 'data-agent="authorised"' in page
    assert refused(
        desk, f"{path}/identity", nonce="3", whose="owner", document="id_card", matched="1", note="尾号 12"
    ) == ("digits_in_note")


def test_a_document_of_the_visitor_in_front(desk: FlaskClient, store: Store, clock: Clock, made: Visitors) -> None:
    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    queue.call_next(store, counter="1", line=None, holding=None, **made.also)
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    page = send(desk, "/queue/identity", nonce="4", ticket="A001", document="id_card", matched="1")
    assert 'data-document="id_card"' in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_stands_in_both_languages(desk: FlaskClient, made: Visitors, language: str) -> None:
    desk.post("/language", data={"language": language, "back": "/"}, headers=SAME_ORIGIN)
    cases = (made.book(), made.receive(), made.official(counterpart="zhaoqiang"))
    for path in ("/appointments", "/appointments/new", "/handovers/new", "/officials/new"):
        assert desk.get(path).status_code == 200, path
    for case in cases:
        page = desk.get(f"/cases/{case.no}")
        assert page.status_code == 200
        assert desk.get(f"/cases?kind={case.kind}").status_code == 200


def test_from_whom_it_comes_is_whole_to_whom_it_is_sent_and_to_who_holds_it(
    desk: FlaskClient, host: FlaskClient, desk_app: Flask, store: Store, clock: Clock, made: Visitors
) -> None:
    page = f"/cases/{made.receive(sender='欧阳静姝').no}"
    colleague = client_of(desk_app, store, actor(store, Role.ASSISTANT), clock())
    shown = {who: "欧阳静姝" in client.get(page).get_data(as_text=True) for who, client in
             (("holder", desk), ("addressee", host), ("colleague", colleague))}  # fmt: skip
    assert shown == {"holder": True, "addressee": True, "colleague": False}
    why = {"reveal_reason": "asked"}
    assert "欧阳静姝" in colleague.post(f"{page}/reveal", data=why, headers=SAME_ORIGIN).get_data(as_text=True)
