"""The kiosk's part of the contract: tiles, check-in, the visitor's page, the display, health."""

import re

import pytest
from flask.testing import FlaskClient

from db.store import Store
from kiosk.screen import SIZE
from reception import queue
from reception.permissions import Actor
from tests.conftest import SAME_ORIGIN, Clock
from web.languages import COOKIE


def check_in(kiosk: FlaskClient, line: str = "general", nonce: str = "n", **fields: str) -> str:
    """Take a number and return the address of its page."""
    answer = kiosk.post("/check-in", data={"line": line, "nonce": nonce, **fields}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.headers["Location"]


def attribute(html: str, name: str) -> str:
    """Return the one value of a data attribute."""
    values: list[str] = re.findall(rf'data-{name}="([^"]*)"', html)
    assert len(values) == 1
    return values[0]


def counts(store: Store) -> list[int]:
    """Return how many rows each table of an act has."""
    tables = ("visits", "tickets", "events", "print_jobs", "nonces", "sequences")
    return [store.value(f"SELECT count(*) FROM {table}") for table in tables]  # noqa: S608


def test_the_four_tiles(kiosk: FlaskClient) -> None:
    html = kiosk.get("/").get_data(as_text=True)
    assert sorted(re.findall(r'data-line="([^"]+)"', html)) == ["complaint", "general", "repair", "visit-day"]


def test_a_number_needs_no_earlier_page_and_leads_to_its_own(kiosk: FlaskClient) -> None:
    place = check_in(kiosk)
    assert re.fullmatch(r"/T/[A-Z2-7]{26}", place)
    html = kiosk.get(place).get_data(as_text=True)
    assert (attribute(html, "ticket-no"), attribute(html, "state"), attribute(html, "ahead")) == (
        "A001",
        "waiting",
        "0",
    )


@pytest.mark.parametrize(
    ("line", "number"), [("general", "A001"), ("repair", "W001"), ("complaint", "T001"), ("visit-day", "J001")]
)
def test_each_line_counts_for_itself(kiosk: FlaskClient, line: str, number: str) -> None:
    assert attribute(kiosk.get(check_in(kiosk, line)).get_data(as_text=True), "ticket-no") == number


def test_the_same_nonce_is_the_same_ticket(kiosk: FlaskClient, store: Store) -> None:
    first = check_in(kiosk, nonce="twice", unit="1-1-101")
    before = counts(store)
    assert check_in(kiosk, nonce="twice", unit="1-1-101") == first
    assert counts(store) == before


def test_the_same_nonce_with_other_content_is_refused(kiosk: FlaskClient, store: Store) -> None:
    check_in(kiosk, nonce="twice")
    before = counts(store)
    answer = kiosk.post("/check-in", data={"line": "repair", "nonce": "twice"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert 'data-refused="nonce_reused"' in answer.get_data(as_text=True)
    assert counts(store) == before


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"line": "nothing", "nonce": "x"}, "line_unknown"),
        ({"nonce": "x"}, "line_unknown"),
        ({"line": "general"}, "nonce_missing"),
        ({"line": "general", "nonce": "x" * 129}, "nonce_invalid"),
        ({"line": "general", "nonce": "x", "phone": "abc"}, "phone_invalid"),
        ({"line": "general", "nonce": "x", "phone": "9999", "unit": "1-1-101"}, "phone_unrecognised"),
        ({"line": "general", "nonce": "x", "unit": "1-1-999"}, "unit_unknown"),
        ({"line": "general", "nonce": "x", "unit": "x"}, "unit_invalid"),
        ({"line": "general", "nonce": "x", "name": "n" * 41}, "text_too_long"),
        ({"line": "general", "nonce": "x", "name": "a\x00b"}, "text_invalid"),
        ({"line": "general", "nonce": "x", "priority": "perhaps"}, "flag_invalid"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_is_a_sentence_and_nothing_is_stored(
    kiosk: FlaskClient, store: Store, fields: dict[str, str], code: str, language: str
) -> None:
    before = counts(store)
    kiosk.set_cookie("language", language)
    answer = kiosk.post("/check-in", data=fields, headers=SAME_ORIGIN)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'data-refused="{code}"' in html
    sentence = re.findall(r'role="alert">([^<]+)<', html)[0]
    assert bool(re.search("[\u4e00-\u9fff]", sentence)) == (language == "zh")
    assert counts(store) == before


def test_a_resident_is_recognised_by_home_and_tail(kiosk: FlaskClient, store: Store) -> None:
    check_in(kiosk, "repair", unit="1-1-101", phone="5678", priority="1")
    visit = store.row("SELECT name, phone, priority, notice_version FROM visits")
    assert visit is not None
    assert tuple(visit) == ("张建国", "13800005678", 1, "v1")


def test_a_number_alone_keeps_nothing_of_a_person(kiosk: FlaskClient, store: Store) -> None:
    check_in(kiosk)
    visit = store.row("SELECT name, phone, unit_id, notice_version FROM visits")
    assert visit is not None
    assert tuple(visit) == (None, None, None, None)


def test_the_page_is_found_in_either_case_and_says_nothing_personal(kiosk: FlaskClient) -> None:
    place = check_in(kiosk, "repair", unit="1-1-101", phone="13800005678", name="张建国")
    for address in (place, place.lower(), place.upper()):
        html = kiosk.get(address).get_data(as_text=True)
        assert attribute(html, "ticket-no") == "W001"
        assert not re.search("张|1380|5678|1-1-101", html)


def test_an_unknown_code_is_a_sentence(kiosk: FlaskClient) -> None:
    for code in ("A" * 26, "x", "..%2f", "中" * 26):
        assert kiosk.get(f"/T/{code}").status_code == 404


def test_the_page_is_polled_with_an_etag(kiosk: FlaskClient, store: Store, receptionist: Actor, clock: Clock) -> None:
    place = check_in(kiosk)
    first = kiosk.get(f"{place}/state")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = kiosk.get(f"{place}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    queue.call_next(store, counter="2", by=receptionist, now=clock())
    changed = kiosk.get(f"{place}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "2号窗口" in changed.get_data(as_text=True)


def test_the_display_shows_current_calls_only(
    kiosk: FlaskClient, store: Store, receptionist: Actor, clock: Clock
) -> None:
    check_in(kiosk, nonce="a", name="张建国")
    check_in(kiosk, nonce="b")
    assert "data-ticket-no" not in kiosk.get("/display").get_data(as_text=True)
    queue.call_next(store, counter="2", by=receptionist, now=clock())
    html = kiosk.get("/display").get_data(as_text=True)
    assert (attribute(html, "ticket-no"), attribute(html, "counter")) == ("A001", "2")
    assert "张" not in html


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_the_request_guard(kiosk: FlaskClient, store: Store, headers: dict[str, str], status: int) -> None:
    answer = kiosk.post("/check-in", data={"line": "general", "nonce": "n"}, headers=headers)
    assert answer.status_code == status
    assert store.value("SELECT count(*) FROM tickets") == (1 if status == 303 else 0)


def test_nothing_is_changed_by_get(kiosk: FlaskClient) -> None:
    for address in ("/check-in", "/reset", "/language", "/show", "/scan"):
        assert kiosk.get(address).status_code == 405


def test_health_tells_of_printers_and_fails_only_with_the_store(kiosk: FlaskClient, store: Store) -> None:
    store.execute("UPDATE printers SET state = 'paper_out'")
    answer = kiosk.get("/health")
    assert answer.status_code == 200
    assert answer.get_json()["ok"] is True
    assert answer.get_json()["printers"][0]["state"] == "paper_out"
    store.execute("DELETE FROM _sqlite_migrations WHERE name = '0003_cases'")
    answer = kiosk.get("/health")
    assert (answer.status_code, answer.get_json()["store"]) == (503, "migrations_pending")


def test_health_tells_the_lan_no_more_than_was_promised(kiosk: FlaskClient, store: Store) -> None:
    store.execute("UPDATE printers SET state = 'paper_out'")
    lan = {"REMOTE_ADDR": ""}
    found = kiosk.get("/health", environ_base=lan).get_json()
    assert (found["ok"], found["store"]) == (True, "ready") and {"state": "paper_out"} in found["printers"]
    assert set(found) == {"ok", "store", "printers"} and {key for one in found["printers"] for key in one} == {"state"}
    store.execute("DELETE FROM _sqlite_migrations WHERE name = '0003_cases'")
    answer = kiosk.get("/health", environ_base=lan)
    assert (answer.status_code, answer.get_json()) == (503, {"ok": False, "store": "migrations_pending"})


def test_the_reset_forgets_the_visitor(kiosk: FlaskClient) -> None:
    for name in (COOKIE, SIZE):
        kiosk.set_cookie(name, "x")
    answer = kiosk.post("/reset", headers=SAME_ORIGIN)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert kiosk.get_cookie(COOKIE) is None and kiosk.get_cookie(SIZE) is None


def test_a_language_change_leads_nowhere_else(kiosk: FlaskClient) -> None:
    for back in ("//evil.example", "http://evil.example", "/\\evil.example", ""):
        answer = kiosk.post("/language", data={"language": "en", "back": back}, headers=SAME_ORIGIN)
        assert answer.headers["Location"] == "/"


def test_a_locked_store_is_a_plain_503_and_nothing_is_lost(kiosk: FlaskClient, store: Store) -> None:
    kiosk.get("/")
    kiosk.application.extensions["stores"].get().execute("PRAGMA busy_timeout = 50")
    store.execute("BEGIN IMMEDIATE")
    answer = kiosk.post("/check-in", data={"line": "general", "nonce": "n"}, headers=SAME_ORIGIN)
    assert (answer.status_code, 'data-refused="store_trouble"' in answer.get_data(as_text=True)) == (503, True)
    store.execute("ROLLBACK")
    assert attribute(kiosk.get(check_in(kiosk, nonce="n")).get_data(as_text=True), "ticket-no") == "A001"


def test_a_full_disk_is_a_plain_503_and_nothing_is_half_written(kiosk: FlaskClient, store: Store) -> None:
    kiosk.get("/")
    own = kiosk.application.extensions["stores"].get()
    own.execute(f"PRAGMA max_page_count = {own.value('PRAGMA page_count')}")
    refused = None
    for number in range(400):
        before = counts(store)
        fields = {"line": "general", "nonce": f"full{number}", "name": "满" * 40}
        refused = kiosk.post("/check-in", data=fields, headers=SAME_ORIGIN)
        if refused.status_code != 303:
            break
    assert refused is not None and refused.status_code == 503
    assert counts(store) == before
    own.execute("PRAGMA max_page_count = 1000000")
    check_in(kiosk, nonce=f"full{number}", name="满" * 40)


def test_odd_addresses_are_no_500(kiosk: FlaskClient) -> None:
    for path in (
        "/display/voice/99999999999999999999.wav",
        "/display/voice/0.wav",
        "/display/since?after=99999999999999999999",
        "/display/since?after=-1",
        "/display?lines=,,x",
        "/map.png",
        "/emergency/gas/99999999999999999999",
        "/help?pressed=x",
    ):
        assert kiosk.get(path).status_code < 500, path
