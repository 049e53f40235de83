"""Who was shown one version of the privacy notice while the next was published is shown that one, and loses nothing."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import known_faults, privacy_notices, visit_days, visits
from reception.permissions import KIOSK, Role
from tests.conftest import SAME_ORIGIN, Clock, actor

NEW = "新的说明：另作他用"
STEPS = {"building": "1", "unit_no": "1", "room": "101", "phone": "5678"}
HOME = {"unit": "1-1-101", "phone": "5678"}
REPAIR = {"matter": "repair-water", "place": "kitchen", "urgency": "ordinary", "time": "2026-11-24-am"}
BOOKING = {"topic": "noise", "slot": "2026-12-04 10:00"}
FORMS = {
    "a number": ("/check-in", STEPS | HOME | {"line": "repair", "matter": "repair-water", "priority": "1"}, "visits"),
    "a repair": ("/repair", STEPS | HOME | REPAIR, "cases"),
    "a visit day": ("/visit-day", STEPS | HOME | BOOKING, "cases"),
    "a known fault": ("/fault/1/step", STEPS | {"typing": "1"}, "fault_households"),
    "a fault instead of a number": ("/fault/1/join", STEPS | HOME, "fault_households"),
}


@pytest.fixture(autouse=True)
def ready(store: Store, clock: Clock) -> None:
    """Days that may be booked, and a fault that is known."""
    with writing(store):
        visit_days.plan(store, at=clock())
    said = {"area": "building", "building": "1", "cause": "water", "what": "主管爆裂", "what_en": "Burst"}
    known_faults.declare(store, nonce="d", **said, by=actor(store, Role.RECEPTIONIST), now=clock())


def publish(store: Store, clock: Clock) -> None:
    privacy_notices.publish(store, after="1", text=NEW, text_en="New", by=actor(store, Role.MANAGER), now=clock())


def post(kiosk: FlaskClient, path: str, form: dict[str, str]) -> Any:
    return kiosk.post(path, data=form, headers=SAME_ORIGIN)


def agreed(store: Store) -> list[tuple[str, str, int]]:
    rows = store.rows("SELECT subject, ground, notice FROM consents WHERE channel IN ('kiosk', 'phone')")
    return [tuple(row) for row in rows]


def carried(page: str, *, on: bool = True) -> dict[str, str]:
    """Return what the form of a page sends when he goes on, or when another button sends it."""
    form = page.split('id="draft"')[1].split("</form>")[0]
    sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return sent | (dict(re.findall(r'<button class="primary" name="(\w+)" value="([^"]*)"', form)) if on else {})


@pytest.mark.parametrize("shown", [{"notice": "v1"}, {"notice": ""}, {}])
@pytest.mark.parametrize("form", FORMS)
def test_he_reads_the_new_one_and_what_he_typed_is_kept(
    kiosk: FlaskClient, store: Store, clock: Clock, form: str, shown: dict[str, str]
) -> None:
    path, typed, table = FORMS[form]
    publish(store, clock)
    before = store.value("SELECT count(*) FROM events")
    answer = post(kiosk, path, {"nonce": "n"} | typed | shown)
    page = answer.get_data(as_text=True)
    assert (answer.status_code, 'data-refused="notice_changed"' in page) == (422, True)
    assert NEW in page and "刚才的内容还没有登记" in page
    assert (store.value(f"SELECT count(*) FROM {table}"), agreed(store)) == (0, [])  # noqa: S608
    assert store.value("SELECT count(*) FROM events") == before
    # Another language is not yet a word that he read it.
    english = post(kiosk, path, carried(page, on=False) | {"language": "en"}).get_data(as_text=True)
    assert "Nothing has been recorded" in english and agreed(store) == []
    assert {"nonce": "n"} | {key: value for key, value in typed.items() if key != "typing"} | {
        "notice": "v2"
    } == carried(english)
    assert post(kiosk, path, carried(english)).status_code == 303
    assert agreed(store) == [(table, "consent", 2)]


def test_on_a_phone_the_form_stands_there_again_with_the_new_one_open(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = visits.check_in(store, line="visit-day", nonce="t", by=KIOSK, now=clock())
    path, form = f"/T/{ticket.token}/book", {"unit": "1-1-101", "phone": "13800005678", "matter": "楼上噪声"} | BOOKING
    assert 'name="notice" value="v1"' in kiosk.get(path).get_data(as_text=True)
    publish(store, clock)
    for shown in ({}, {"notice": "v1"}):
        answer = post(kiosk, path, form | shown)
        page = answer.get_data(as_text=True)
        assert (answer.status_code, 'data-refused="notice_changed"' in page) == (422, True)
        assert 'data-notice="v2" open' in page and NEW in page and "楼上噪声" in page
        assert (agreed(store), store.value("SELECT state FROM tickets")) == ([], "waiting")
    assert post(kiosk, path, form | {"notice": "v2"}).status_code == 303
    assert agreed(store) == [("visits", "consent", 2), ("cases", "consent", 2)]


def test_the_steps_say_which_version_stood_before_the_first_question(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    """Not the one that is in force when a later step is shown, which nobody read."""
    for first in ("/register/repair", "/fault/1"):
        page = kiosk.get(first).get_data(as_text=True)
        assert 'data-notice="v1"' in page and carried(page)["notice"] == "v1"
    shown = {"notice": "v1"}
    publish(store, clock)
    for path, form in (("/register/repair/step", STEPS), ("/fault/1/step", STEPS)):
        for key in ("building", "unit_no", "room"):
            shown |= {key: form[key]}
        page = post(kiosk, path, shown).get_data(as_text=True)
        assert "step-phone" in page and carried(page)["notice"] == "v1"
    page = post(kiosk, "/register/repair/step", shown | {"phone": "5678"}).get_data(as_text=True)
    assert carried(page)["notice"] == "v1"
    # Whoever goes back to the first question reads the new one.
    page = post(kiosk, "/register/repair/step", {"building": "1", "unit_no": "1", "notice": "v1", "back": "1"})
    assert carried(page.get_data(as_text=True))["notice"] == "v2"


def test_a_program_that_showed_nobody_anything_makes_nobody_agree(kiosk: FlaskClient, store: Store) -> None:
    form = {"line": "general", "nonce": "n", "name": "王五", "phone": "13987650123"}
    assert post(kiosk, "/check-in", form).status_code == 303
    assert agreed(store) == [("visits", "service", 1)]
