"""The privacy notice at the desk and at the kiosk: the version in force stands before the first field."""

import re

from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import privacy_notices, visits
from reception.permissions import Actor, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life


def publish(desk_app: Flask, store: Store, clock: Clock, **said: str) -> str:
    """Publish a version as the manager; return the page after it."""
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    form = {"after": "1", "text": "新的说明全文", "text_en": "All of the new notice", **said}
    return client.post("/privacy", data=form, headers=SAME_ORIGIN, follow_redirects=True).get_data(as_text=True)


def test_the_manager_publishes_and_everybody_reads_both(desk_app: Flask, store: Store, clock: Clock) -> None:
    first = privacy_notices.in_force(store).text.splitlines()[0]
    assert "新的说明全文" in publish(desk_app, store, clock)
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    page = client.get("/privacy").get_data(as_text=True)
    assert "新的说明全文" in page and "<textarea" not in page and "data-print" in page
    old = client.get("/privacy?version=1").get_data(as_text=True)
    assert first in old and "已不再生效" in old
    assert [client.get(f"/privacy?version={one}").status_code for one in ("3", "x", "0", "-1", "9" * 40)] == [404] * 5


def test_what_was_published_meanwhile_is_not_overwritten(desk_app: Flask, store: Store, clock: Clock) -> None:
    publish(desk_app, store, clock)
    publish(desk_app, store, clock, text="另一个")
    assert privacy_notices.in_force(store).text == "新的说明全文"


def test_markup_in_a_notice_stays_text(desk_app: Flask, store: Store, clock: Clock) -> None:
    page = publish(desk_app, store, clock, text="<b>粗</b>")
    assert "&lt;b&gt;粗" in page and "<b>粗" not in page


def test_the_forms_of_the_desk_bear_the_version_in_force_before_the_first_field(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    publish(desk_app, store, clock)
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    kinds = ("repairs", "complaints", "inquiries", "suggestions", "visit-day")
    for path in (*kinds, "handovers", "appointments", "officials", "calls"):
        page = client.get(f"/{path}/new").get_data(as_text=True)
        told = page.find('data-notice="v2"')
        fields = [found.start() for found in re.finditer(r'name="(name|phone|unit)"', page)]
        assert 0 < told < min(fields), path


def test_the_kiosk_shows_the_whole_of_it_before_the_first_field(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    publish(desk_app, store, clock)
    page = kiosk.get("/register/repair").get_data(as_text=True)
    while "data-notice" not in page and (more := re.search(r'href="(/register/repair[^"]*)"', page)):
        page = kiosk.get(more.group(1)).get_data(as_text=True)
    assert 'data-notice="v2"' in page and "新的说明全文" in page and "popovertarget" in page


def test_consent_is_taken_back_on_the_page_of_persons_and_on_that_of_a_case(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    at_kiosk = Actor(Role.KIOSK, notice="v1")
    who = {"name": "欧阳静姝", "phone": "13987650123"}
    said = {"name": who["name"], "phone": who["phone"], "by": at_kiosk, "now": clock()}
    visits.check_in(store, line="general", nonce="a", **said)  # type: ignore[arg-type]
    ticket = visits.check_in(store, line="repair", nonce="b", **said)  # type: ignore[arg-type]
    case = Life(store, clock).register(**who, visit_id=ticket.visit_id)
    desk, head = (client_of(desk_app, store, actor(store, one), clock()) for one in (Role.RECEPTIONIST, Role.MANAGER))
    path = f"/cases/{case.no}/withdraw-consent"
    assert 'name="sure" value="1" required' in desk.get(f"/cases/{case.no}").get_data(as_text=True)
    unsure = desk.post(path, headers=SAME_ORIGIN)
    assert (unsure.status_code, "withdrawal_unsure" in unsure.get_data(as_text=True)) == (422, True)
    page = desk.post(path, data={"sure": "1"}, headers=SAME_ORIGIN, follow_redirects=True).get_data(as_text=True)
    assert "data-withdrawn" in page
    asked = who | {"unit": "", "reason": "withdrawn"}
    assert "data-agreed" in head.post("/persons", data=asked, headers=SAME_ORIGIN).get_data(as_text=True)
    done = head.post("/persons/withdraw", data=asked | {"sure": "1"}, headers=SAME_ORIGIN)
    assert (done.status_code, "data-agreed" in done.get_data(as_text=True)) == (200, False)
    listed = head.get("/privacy").get_data(as_text=True)
    assert f'href="/cases/{case.no}"' in listed and "A001" in listed and "欧阳**" in listed
    assert who["phone"] not in listed and who["name"] not in listed
