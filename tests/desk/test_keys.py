"""The table of keys: one key does one thing on a page, and no template names a key of its own."""

import re
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from desk import keys
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import Clock, actor, client_of
from tests.desk.test_queue import press

# The browser closes a tab, opens one, reloads or goes away with these, whatever the page says.
KEPT = {"F5", "F6", "F11", "F12", "Tab", "Backspace", "Enter", " "}
# The silent key stands in no list that a visitor may see (special.js).
SILENT = "Pause"
TEMPLATES = Path(keys.__file__).parent / "templates"


def on_page(html: str) -> list[str]:
    """Return the keys that a page answers to."""
    return re.findall(r'data-shortcut="([^"]+)"', html)


def test_no_key_stands_twice_in_the_table() -> None:
    everywhere = [one.key for one in keys.KEYS.values() if one.room == keys.EVERYWHERE]
    for room in (keys.COUNTER, keys.FORM):
        counted = Counter([*everywhere, *(one.key for one in keys.KEYS.values() if one.room == room)])
        assert [key for key, times in counted.items() if times > 1] == []
    names = {one.key for one in keys.KEYS.values()}
    assert not names & (KEPT | {SILENT}) and not {key.split()[0] for key in names if " " in key} & names
    # Digits are for the choices of the moment.
    assert not {str(digit) for digit in range(2, 10)} & names


def test_the_silent_key_is_the_one_that_is_kept_free() -> None:
    script = (TEMPLATES.parent / "static" / "special.js").read_text(encoding="utf-8")
    assert f'event.key !== "{SILENT}"' in script


def test_templates_take_their_keys_from_the_table() -> None:
    written = {
        (file.name, key)
        for file in TEMPLATES.glob("*.html")
        for key in on_page(file.read_text(encoding="utf-8"))
        if not key.startswith("{{")
    }
    assert written == set()


@pytest.mark.parametrize("step", ["free", "called", "asked", "serving"])
def test_on_no_page_of_the_counter_a_key_does_two_things(
    desk: FlaskClient, store: Store, clock: Clock, step: str
) -> None:
    check_in(store, line="repair", nonce="n", unit="1-1-101", phone="5678", by=KIOSK, now=clock())
    check_in(store, line="general", nonce="m", by=KIOSK, now=clock())
    press(desk, "next", counter="1")
    if step == "serving":
        press(desk, "start", holding="W001")
    if step == "free":
        press(desk, "complete", holding="W001")
    page = desk.get("/?asking=next&holding=W001" if step == "asked" else "/").get_data(as_text=True)
    found = on_page(page)
    assert [key for key, times in Counter(found).items() if times > 1] == [] and "F2" in found
    assert ("F9" in found) == (step != "free") and ("Escape" in found) == (step == "asked")


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.MANAGER, Role.TEAM_LEADER])
def test_on_no_page_a_key_does_two_things(desk_app: Flask, store: Store, clock: Clock, role: Role) -> None:
    client = client_of(desk_app, store, actor(store, role), clock())
    for path in ("/cases", "/board", "/due", "/repairs/new", "/complaints/new", "/visit-day/new", "/slips", "/faults"):
        answer = client.get(path)
        assert answer.status_code in {200, 403}, path
        doubles = [key for key, times in Counter(on_page(answer.get_data(as_text=True))).items() if times > 1]
        assert doubles == [], path


def test_the_list_of_keys_says_each_in_both_languages(desk: FlaskClient) -> None:
    html = desk.get("/keys").get_data(as_text=True)
    for one in keys.KEYS.values():
        assert one.words.zh in html and one.words.en in html.replace("&#39;", "'"), one
