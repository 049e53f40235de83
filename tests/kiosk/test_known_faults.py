"""Known faults in the lobby: the band, 我家也是 in a few taps, the strip of the display, the phone's line."""

import re

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import fault_ends, known_faults
from reception.fault_records import Fault
from reception.permissions import Actor
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock


@pytest.fixture
def fault(store: Store, clock: Clock, receptionist: Actor) -> Fault:
    """A burst pipe in building 3, expected to be mended at four."""
    return known_faults.declare(
        store,
        nonce="d",
        area="building",
        building="3",
        cause="water",
        what="主管爆裂",
        what_en="Main pipe burst",
        expected_at="2026-11-23T16:00",
        by=receptionist,
        now=clock(),
    )


def step(kiosk: FlaskClient, **fields: str) -> str:
    """Go one step on; return the page."""
    answer = kiosk.post("/fault/1/step", data={"nonce": "n", **fields}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


HOME = {"building": "3", "unit_no": "2", "room": "501", "notice": "v1"}


def test_without_a_fault_nothing_is_shown(kiosk: FlaskClient) -> None:
    for path in ("/", "/faults"):
        html = kiosk.get(path).get_data(as_text=True)
        assert 'data-faults="0"' in html and "fault-band" not in html
    assert "<p" not in kiosk.get("/display/faults").get_data(as_text=True)
    assert kiosk.get("/fault").status_code == 200


@pytest.mark.parametrize("hours", ["00:00-24:00", ""])
def test_the_start_tells_it_open_or_closed(kiosk: FlaskClient, store: Store, fault: Fault, hours: str) -> None:
    configure(store, hours_work=hours, hours_rest=hours)
    html = kiosk.get("/").get_data(as_text=True)
    band = html[html.index('id="faults"') :]
    for words in ("供水故障", "3号楼", "主管爆裂", "预计今天 16:00 恢复", 'href="/fault/1"'):
        assert words in band
    kiosk.post("/show", data={"language": "en"}, headers=SAME_ORIGIN)
    band = kiosk.get("/faults").get_data(as_text=True)
    for words in ("Water supply fault", "Building 3", "Main pipe burst", "expected back today 16:00"):
        assert words in band


def test_of_several_the_visitor_chooses(
    kiosk: FlaskClient, store: Store, clock: Clock, receptionist: Actor, fault: Fault
) -> None:
    known_faults.declare(store, nonce="e", area="estate", cause="power", what="停电", by=receptionist, now=clock())
    assert 'href="/fault"' in kiosk.get("/faults").get_data(as_text=True)
    html = kiosk.get("/fault").get_data(as_text=True)
    assert re.findall(r'data-fault="(\d)"', html) == ["2", "1"]


def test_home_then_phone_then_noted(kiosk: FlaskClient, store: Store, fault: Fault) -> None:
    assert 'class="register step-entrance"' in kiosk.get("/fault/1").get_data(as_text=True)
    assert "step-room" in step(kiosk, entrance="3|2")
    assert "step-phone" in step(kiosk, **HOME)
    answer = kiosk.post("/fault/1/step", data={"nonce": "n", **HOME, "phone": "0000"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and 'data-refused="phone_unrecognised"' in answer.get_data(as_text=True)
    answer = kiosk.post("/fault/1/step", data={"nonce": "n", **HOME, "skip": "1"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/fault/1/noted")
    html = kiosk.get("/fault/1/noted").get_data(as_text=True)
    assert 'data-noted="new"' in html and "3-2-501" not in html
    # Again, with another paper in hand: it is said that he is noted, and he is not noted twice.
    answer = kiosk.post("/fault/1/step", data={"nonce": "m", **HOME, "phone": "13911112222"}, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/fault/1/known"
    assert 'data-noted="already"' in kiosk.get("/fault/1/known").get_data(as_text=True)
    assert [tuple(row) for row in store.rows("SELECT phone, source FROM fault_households")] == [
        ("13911112222", "kiosk")
    ]
    assert store.value("SELECT count(*) FROM tickets") == store.value("SELECT count(*) FROM print_jobs") == 0


def test_back_and_a_change_of_language_keep_what_was_chosen(kiosk: FlaskClient, store: Store, fault: Fault) -> None:
    assert "step-room" in step(kiosk, **HOME, back="1")
    # What stands in the keypad is not finished when the language is changed: nothing is noted by it.
    html = step(kiosk, **HOME, typing="1", phone="12", language="en")
    assert "Last four digits" in html and 'value="12"' in html
    assert store.value("SELECT count(*) FROM fault_households") == 0


def test_who_registers_a_repair_is_shown_it_first_and_a_number_stays_possible(
    kiosk: FlaskClient, store: Store, fault: Fault
) -> None:
    def page(line: str, **fields: str) -> str:
        answer = kiosk.post(f"/register/{line}/step", data=fields, headers=SAME_ORIGIN)
        return answer.get_data(as_text=True)

    html = page("repair", **HOME, skip="1")
    assert "step-fault" in html and 'formaction="/fault/1/join"' in html
    assert "Number now" in html or "先取号" in html
    # A phone that nobody there has is refused where it was typed, not a step later without a keypad.
    assert 'data-refused="' in page("repair", **HOME, phone="0000")
    # Something else of this home: on to the matters, and the fault is asked about no more; back leads to the phone.
    html = page("repair", **HOME, skip="1", other="1")
    assert "step-matter" in html and 'name="other" value="1"' in html and 'formaction="/check-in"' in html
    assert "step-phone" in page("repair", **HOME, skip="1", other="1", back="1")
    assert "step-phone" in page("repair", **HOME, skip="1", back="1")
    assert "/fault/1/join" not in page("repair", building="1", unit_no="1", room="101", skip="1")
    assert "/fault/1/join" not in page("visit-day", **HOME, skip="1")
    # The whole form comes along with the press; only home, phone and nonce count.
    fields = {"line": "repair", "unit": "3-2-501", "nonce": "k", **HOME}
    answer = kiosk.post("/fault/1/join", data=fields, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/fault/1/noted"
    assert kiosk.post("/fault/1/join", data=fields, headers=SAME_ORIGIN).headers["Location"] == "/fault/1/noted"
    assert store.value("SELECT count(*) FROM fault_households") == 1


def test_display_and_phone_tell_it_and_never_a_name(
    kiosk: FlaskClient, store: Store, clock: Clock, receptionist: Actor, fault: Fault
) -> None:
    known_faults.add_household(
        store, nonce="h", fault_id="1", unit="1-1-101", phone="5678", by=receptionist, now=clock()
    )
    html = kiosk.get("/display").get_data(as_text=True) + kiosk.get("/display/faults").get_data(as_text=True)
    assert "供水故障 · 3号楼" in html and "Building 3: Main pipe burst" in html
    answer = kiosk.post("/check-in", data={"line": "general", "nonce": "t"}, headers=SAME_ORIGIN)
    phone = kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert 'class="place-faults"' in phone and "16:00" in phone
    for page in (html, phone, kiosk.get("/").get_data(as_text=True)):
        assert "张" not in page and "1-1-101" not in page and "5678" not in page


def test_what_is_over_is_shown_no_more_and_its_notice_stands_there_for_the_day(
    kiosk: FlaskClient, store: Store, clock: Clock, receptionist: Actor, fault: Fault
) -> None:
    fault_ends.restore(store, fault_id="1", text="", by=receptionist, now=clock())
    html = kiosk.get("/").get_data(as_text=True)
    assert "fault-band" not in html and "3号楼供水已恢复" in html
    assert "3号楼供水已恢复" in kiosk.get("/display").get_data(as_text=True)
    for path in ("/fault/1", "/fault/2", "/fault/x"):
        assert kiosk.get(path).status_code in {404, 409}, path
    answer = kiosk.post("/fault/1/join", data={"unit": "3-2-501", "nonce": "late"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409 and 'data-refused="fault_over"' in answer.get_data(as_text=True)
    clock.forward(days=1)
    assert "3号楼供水已恢复" not in kiosk.get("/").get_data(as_text=True)


def test_only_homes_that_it_strikes_are_offered(kiosk: FlaskClient, fault: Fault) -> None:
    html = kiosk.get("/fault/1").get_data(as_text=True)
    assert 'value="3|1"' in html and 'value="3|2"' in html and 'value="1|1"' not in html
