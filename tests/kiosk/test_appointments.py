"""The slip of an appointment at the kiosk: read back from its picture, held to the scanner, a number or a kind word."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import spool
from db.store import Store
from printing import documents
from reception import appointment_arrivals, appointments, papers
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.printing.samples import printed as print_out
from tests.printing.samples import profile, scanned
from tests.reception.visitors import Visitors


@pytest.fixture
def made(store: Store, clock: Clock) -> Visitors:
    return Visitors(store, clock)


def scan(kiosk: FlaskClient, code: str) -> str:
    """Hold a code to the scanner, which must be good; return the page that it leads to."""
    answer = kiosk.post("/scan", data={"code": code}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_the_code_is_read_back_from_the_picture_of_the_slip_and_checks_in(
    kiosk: FlaskClient, desk_app: Flask, store: Store, made: Visitors
) -> None:
    made.book(slip="1")
    job = spool.claim(store, "front", "2026-11-23T02:30:00.000Z")
    assert job is not None
    paper = papers.from_json(job.kind, job.facts)
    for width in (576, 384):
        (code,) = scanned(print_out(paper, profile(width)))
    assert documents.build(paper, profile(), job_id=1)
    kiosk.set_cookie("at_kiosk", "1")
    page = scan(kiosk, code)
    html = kiosk.get(page).get_data(as_text=True)
    assert 'data-state="waiting"' in html and "接待人已收到通知" in html
    assert scan(kiosk, code) == page
    host = client_of(desk_app, store, made.host, made.clock())
    told = host.get("/told").get_data(as_text=True)
    assert 'data-telling="arrived"' in told and "钱多多" in told
    assert store.value("SELECT count(*) FROM tickets") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_not_today_is_said_in_both_languages(kiosk: FlaskClient, made: Visitors, language: str) -> None:
    case = made.book(expected_at="明天 10:00")
    kiosk.set_cookie("at_kiosk", "1")
    kiosk.post("/language", data={"language": language}, headers=SAME_ORIGIN)
    html = kiosk.get(scan(kiosk, case.token)).get_data(as_text=True)
    assert ("不是今天" in html) == (language == "zh")
    assert ("Not today" in html) == (language == "en")
    # On a phone of whoever has the paper: no name of the visitor, no matter.
    phone = kiosk.application.test_client().get(f"/T/{case.token}").get_data(as_text=True)
    for private in ("钱", "13911112222", "赵强", "装修"):
        assert private not in phone and private not in html


def test_what_was_cancelled_or_is_over_checks_nobody_in(
    kiosk: FlaskClient, store: Store, made: Visitors, clock: Clock
) -> None:
    case = made.book()
    appointments.cancel(store, no=case.no, reason="临时有事", channel="phone", **made.also)
    page = scan(kiosk, case.token)
    assert page == f"/T/{case.token}" and "已取消" in kiosk.get(page).get_data(as_text=True)
    done = made.book()
    appointment_arrivals.arrive(store, no=done.no, **made.also)
    appointments.finish(store, no=done.no, **made.by(made.host))
    assert "已接待" in kiosk.get(scan(kiosk, done.token)).get_data(as_text=True)
    assert store.value("SELECT count(*) FROM tickets") == 1


def test_a_closed_centre_says_so(kiosk: FlaskClient, store: Store, made: Visitors, clock: Clock) -> None:
    from reception.site import configure

    configure(store, hours_work="08:30-12:00,13:30-17:30", hours_rest="")
    case = made.book(expected_at="13:30")
    clock.at = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
    answer = kiosk.post("/scan", data={"code": case.token}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and 'data-refused="appointment_closed_now"' in answer.get_data(as_text=True)


def test_a_slip_of_before_a_change_checks_in_by_the_new_time(
    kiosk: FlaskClient, store: Store, home: Path, made: Visitors
) -> None:
    case = made.book(slip="1")
    appointments.change(store, no=case.no, expected_at="14:00", reason="开会", channel="phone", **made.also)
    page = scan(kiosk, case.token)
    assert store.value("SELECT due_at FROM tickets WHERE token = ?", [page[3:]]) == "2026-11-23T06:00:00.000Z"
    assert actor(store, Role.DEPARTMENT_HEAD).id == made.host.id
