"""The printers in the store: addresses, properties, routes, and the state that a worker saw."""

import os
import socket
import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import printers, pulse
from db.store import Store, writing

AT = "2026-11-23T02:24:00.000Z"
LATER = "2026-11-23T02:25:00.000Z"
MUCH_LATER = "2026-11-23T02:45:00.000Z"


def revision(store: Store) -> int:
    return pulse.revisions(store.connection).get(printers.TOPIC, 0)


def found(store: Store, name: str) -> printers.Printer:
    printer = printers.find(store, name)
    assert printer is not None
    return printer


def note(store: Store, name: str, state: str, at: str) -> bool:
    return printers.note_state(store, found(store, name), state, at)


@pytest.fixture(autouse=True)
def second_printer(store: Store) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101", width_dots=384, columns=32)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("tcp://192.168.1.9", ("tcp", "192.168.1.9:9100")),
        ("tcp://printer.local:9101", ("tcp", "printer.local:9101")),
        ("tcp://[::1]:9100", ("tcp", "[::1]:9100")),
        ("usb:/dev/usb/lp0", ("usb", "/dev/usb/lp0")),
        ("cups:Front_Desk-1", ("cups", "Front_Desk-1")),
        ("folder:/var/lib/papers", ("folder", "/var/lib/papers")),
    ],
)
def test_an_address_says_the_way_and_the_place(text: str, meant: tuple[str, str]) -> None:
    assert printers.parse_address(text) == meant


@pytest.mark.parametrize(
    "text",
    ["", "front", "tcp://", "tcp://a b", "tcp://a:0", "tcp://a:65536", "tcp://a:9100/x", "usb:lp0", "cups:", "cups:a b",
     "cups:a/b", "folder:x", "folder:/a\x00b", "http://a", "tcp://a:9100\n",
     "tcp://a..b", "tcp://.", "tcp://-a", "tcp://" + "a" * 64],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address_invalid"):
        printers.parse_address(text)


@given(st.text())
def test_no_text_spoils_the_reading_of_an_address(text: str) -> None:
    for scheme in ("tcp://", "usb:", "cups:", "folder:", ""):
        try:
            kind, place = printers.parse_address(scheme + text)
        except ValueError as error:
            assert str(error) == "address_invalid"
        else:
            assert kind in {"tcp", "usb", "cups", "folder"} and place


def test_a_printer_moves_and_keeps_its_settings(store: Store) -> None:
    printers.save(store, "back", confirms="gs_r", chinese="none", label="Workshop")
    note(store, "back", "ready", AT)
    printers.save(store, "back", address="usb:/dev/usb/lp0")
    back = printers.find(store, "back")
    assert back is not None
    assert (back.address, back.confirms, back.chinese, back.label) == ("usb:/dev/usb/lp0", "gs_r", "none", "Workshop")
    assert (back.width_dots, back.columns, back.native_qr, back.cutter) == (384, 32, True, True)
    assert (back.state, back.since) == ("unknown", None), "how another device is, nobody has seen yet"
    assert [printer.name for printer in printers.printers(store)] == ["back", "front"]


def test_only_properties_are_set(store: Store) -> None:
    with pytest.raises(ValueError, match="state"):
        printers.save(store, "back", state="ready")
    with pytest.raises(ValueError, match="name = name"):
        printers.save(store, "back", **{"name = name": 1})


def test_the_state_of_a_printer_is_news_once(store: Store) -> None:
    assert note(store, "front", "paper_out", AT)
    before = revision(store)
    assert not note(store, "front", "paper_out", LATER)
    assert revision(store) == before
    front = printers.find(store, "front")
    assert front is not None
    assert (front.state, front.since, front.in_trouble) == ("paper_out", AT, True)


def test_trouble_that_changes_its_kind_goes_on_since_it_began(store: Store) -> None:
    note(store, "front", "ready", AT)
    note(store, "front", "paper_out", LATER)
    note(store, "front", "cover_open", MUCH_LATER)
    assert found(store, "front").since == LATER
    note(store, "front", "ready", MUCH_LATER)
    assert found(store, "front").since == MUCH_LATER


def test_what_was_seen_at_the_old_address_is_not_noted_at_the_new_one(store: Store) -> None:
    before = found(store, "back")
    printers.save(store, "back", address="tcp://127.0.0.1:9105")
    printers.want_probe(store, "back")
    assert not printers.note_state(store, before, "paper_out", AT)
    printers.note_findings(store, before, answers=False, confirms="none", model="old")
    back = found(store, "back")
    assert (back.state, back.answers, back.model, back.probe_wanted) == ("unknown", True, "", True)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        *((state, False) for state in ("unknown", "ready", "paper_low")),
        *((state, True) for state in ("paper_out", "cover_open", "error", "mute", "absent")),
    ],
)
def test_trouble_is_when_no_paper_can_come_out(store: Store, state: str, trouble: bool) -> None:
    note(store, "front", state, AT)
    with pulse.Listener(pulse.run_folder(store.path), "print-front"):
        front = printers.find(store, "front")
        assert front is not None and (front.in_trouble, front.condition) == (trouble, state)


def test_a_printer_whom_nobody_serves_is_in_trouble_whatever_was_seen(store: Store) -> None:
    note(store, "front", "ready", AT)
    folder = pulse.run_folder(store.path)
    front = printers.find(store, "front")
    assert front is not None and (front.served, front.in_trouble, front.condition) == (False, True, "unserved")
    with pulse.Listener(folder, "print-front"):
        front = printers.find(store, "front")
        assert front is not None and (front.served, front.in_trouble) == (True, False)
        back = printers.find(store, "back")
        assert back is not None and not back.served
    # What a killed worker left behind does not count as one, though its process id may be another's by now.
    left = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    left.bind(str(folder / f"print-front.{os.getpid()}.pulse"))
    left.close()
    front = printers.find(store, "front")
    assert front is not None and not front.served


def test_a_probe_is_wanted_until_something_was_found(store: Store) -> None:
    printers.want_probe(store, "back")
    back = printers.find(store, "back")
    assert back is not None and back.probe_wanted
    printers.note_findings(store, found(store, "back"), answers=False, confirms="none", model="XP-58")
    back = printers.find(store, "back")
    assert back is not None
    assert (back.probe_wanted, back.answers, back.confirms, back.model) == (False, False, "none", "XP-58")


def test_a_kind_of_paper_goes_where_it_was_sent(store: Store) -> None:
    assert printers.printer_for(store, "work_order", "front") == "front"
    printers.route(store, "work_order", "back")
    assert printers.printer_for(store, "work_order", "front") == "back"
    assert printers.routes(store) == {"work_order": "back"}
    printers.route(store, "work_order", None)
    assert printers.printer_for(store, "work_order", "front") == "front"
    with pytest.raises(sqlite3.IntegrityError):
        printers.route(store, "work_order", "nowhere")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("width_dots", 100), ("width_dots", 2000), ("columns", 8), ("columns", 100), ("dpi", 50), ("dpi", 900),
        ("chinese", "big5"), ("native_qr", 2), ("cutter", 2), ("drawer", 2), ("answers", 2), ("confirms", "perhaps"),
        ("buzzer", "loud"), ("state", "burning"), ("name", None), ("address", None), ("fallback", "back"),
        ("fallback", "nowhere"), ("fallback_after", 0),
    ],
)  # fmt: skip
def test_sql_refuses_a_printer_that_cannot_be(store: Store, column: str, value: Any) -> None:
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        store.execute(f"UPDATE printers SET {column} = ? WHERE name = 'back'", [value])  # noqa: S608
