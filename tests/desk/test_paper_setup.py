"""Setting up paper at the desk: printers, routes, rules, the self-test, hand-written numbers."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import paper_care, printers, spool
from db.store import Store
from reception import papers, sequences
from reception.permissions import KIOSK, Role
from reception.rules import clock as clocks
from reception.site import site
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of


@pytest.fixture
def admin(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The browser of the person who keeps the box."""
    return client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())


def post(client: FlaskClient, path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def facts(store: Store, kind: str) -> list[papers.Paper]:
    return [
        papers.from_json(kind, row["facts"])
        for row in store.rows("SELECT facts FROM print_jobs WHERE kind = ? ORDER BY id", [kind])
    ]


def test_a_new_printer_is_probed_and_tested(admin: FlaskClient, store: Store) -> None:
    address = "tcp://192.168.1.50:9100"
    assert post(admin, "/printers/setup", name="workshop", label="维修间", address=address)[0] == 303
    workshop = printers.find(store, "workshop")
    assert workshop is not None and workshop.probe_wanted
    (test,) = facts(store, "self_test")
    assert isinstance(test, papers.SelfTest) and test.whole and (test.printer, test.address) == ("维修间", address)
    assert paper_care.waiting(store)[0].printer == "workshop"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "Workshop", "address": "tcp://a"}, "printer_name_invalid"),
        ({"name": "", "address": "tcp://a"}, "printer_name_invalid"),
        ({"name": "workshop"}, "address_missing"),
        ({"name": "workshop", "address": "a"}, "address_invalid"),
        ({"name": "workshop", "address": "tcp://a", "label": "x" * 41}, "text_too_long"),
    ],
)
def test_what_cannot_be_a_printer_is_refused(
    admin: FlaskClient, store: Store, fields: dict[str, str], code: str
) -> None:
    status, text = post(admin, "/printers/setup", **fields)
    assert status == 422 and f'data-refused="{code}"' in text
    assert len(printers.printers(store)) == 1 and paper_care.waiting(store) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"columns": "200"}, "property_invalid"),
        ({"dpi": "x"}, "property_invalid"),
        ({"chinese": "big5"}, "property_invalid"),
        ({"cutter": "2"}, "property_invalid"),
        ({"fallback": "front"}, "fallback_itself"),
        ({"fallback": "nowhere"}, "printer_unknown"),
    ],
)
def test_properties_that_cannot_be_are_refused(
    admin: FlaskClient, store: Store, fields: dict[str, str], code: str
) -> None:
    before = printers.printers(store)
    assert f'data-refused="{code}"' in post(admin, "/printer/front", **fields)[1]
    assert printers.printers(store) == before


def test_what_came_out_sets_the_printer(admin: FlaskClient, store: Store) -> None:
    seen = {"columns": "32", "chinese": "gb2312", "native_qr": "0", "cutter": "0"}
    assert post(admin, "/printer/front/came-out", **seen)[0] == 303
    front = printers.find(store, "front")
    assert front is not None
    assert (front.columns, front.width_dots, front.chinese, front.native_qr, front.cutter) == (
        32,
        384,
        "gb2312",
        False,
        False,
    )


def test_papers_go_where_they_are_sent(admin: FlaskClient, desk: FlaskClient, store: Store, clock: Clock) -> None:
    printers.save(store, "kiosk", address="tcp://127.0.0.1:9101")
    assert post(admin, "/printers/routes", kind="ticket", printer="kiosk")[0] == 303
    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    assert paper_care.waiting(store)[-1].printer == "kiosk"
    assert post(admin, "/printers/routes", kind="ticket", printer="")[0] == 303
    check_in(store, line="general", nonce="m", by=KIOSK, now=clock())
    assert paper_care.waiting(store)[-1].printer == "front"
    assert post(admin, "/printers/routes", kind="poster", printer="kiosk")[0] == 422
    assert post(admin, "/printers/routes", kind="ticket", printer="nowhere")[0] == 404


def test_the_rules_of_paper_are_settings(admin: FlaskClient, store: Store, clock: Clock) -> None:
    rules = {"ticket_stale_minutes": "0", "print_payload_hours": "48", "paper_english": "0", "front_printer": "front"}
    assert post(admin, "/printers/rules", **rules)[0] == 303
    centre = site(store)
    assert (centre.ticket_stale_minutes, centre.print_payload_hours, centre.paper_english) == (0, 48, False)
    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    (ticket,) = facts(store, "ticket")
    assert not ticket.english
    for key, value in (("ticket_stale_minutes", "-1"), ("print_payload_hours", "0"), ("front_printer", "x")):
        assert post(admin, "/printers/rules", **rules | {key: value})[0] in {404, 422}
    assert site(store) == centre


def test_the_setup_slip_says_where_everything_is(admin: FlaskClient, store: Store) -> None:
    assert post(admin, "/printers/setup-slip")[0] == 303
    (slip,) = facts(store, "setup_slip")
    assert isinstance(slip, papers.SetupSlip)
    assert (slip.kiosk_url, slip.desk_url) == ("http://127.0.0.1:8600", "http://127.0.0.1:8601")
    assert slip.printers[0].en == "tcp://127.0.0.1:9100"


def test_the_self_test_says_only_what_devices_answered(
    desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    def results() -> dict[str, str]:
        import re

        html = desk.get("/self-test").get_data(as_text=True)
        return dict(re.findall(r'data-check="([^"]+)" data-result="([^"]*)"', html))

    fields = {"nonce": "morning", "desk_clock": str(int((clock().timestamp() + 3) * 1000))}
    assert [post(desk, "/self-test", **fields)[0] for _ in range(2)] == [303, 303]
    assert results() == {"front": "queued", "display": "0", "voice": "none", "clock": "3"}
    html = kiosk.get("/display/calls").get_data(as_text=True)
    assert 'data-self-test="1"' in html
    for key, test, status in (
        ("wall", "1", 204),
        ("wall", "1", 204),
        ("hall", "1", 204),
        ("x", "2", 404),
        ("<>", "1", 404),
    ):
        assert post(kiosk, "/display/shown", display=key, test=test)[0] == status
    at = clocks.to_text(clock())
    job = spool.claim(store, "front", at)
    assert job is not None
    spool.settle(store, job.id, "uncertain", at)
    assert results() == {"front": "uncertain", "display": "2", "voice": "missing", "clock": "3"}
    clock.forward(seconds=31)
    assert post(kiosk, "/display/shown", display="late", test="1")[0] == 404
    assert "data-self-test" not in kiosk.get("/display/calls").get_data(as_text=True)


def test_clocks_that_stand_apart_are_said(desk: FlaskClient, clock: Clock) -> None:
    post(desk, "/self-test", nonce="a", desk_clock=str(int((clock().timestamp() - 600) * 1000)))
    assert "相差 600 秒" in desk.get("/self-test").get_data(as_text=True)
    post(desk, "/self-test", nonce="b")
    assert "没有报时" in desk.get("/self-test").get_data(as_text=True)
    assert post(desk, "/self-test", nonce="c", desk_clock="noon")[0] == 422


HAND: dict[str, str] = {"line": "repair", "first": "W003", "last": "5", "taken_at": "", "served": "", "nonce": "h"}


def numbers(store: Store, line: str = "repair") -> list[tuple[Any, ...]]:
    return [
        tuple(row)
        for row in store.rows("SELECT no, state, issued_at FROM tickets WHERE line = ? ORDER BY number", [line])
    ]


def test_counting_goes_on_behind_the_hand_written_numbers(desk: FlaskClient, store: Store, clock: Clock) -> None:
    at = clocks.to_text(clock())
    for nonce in "ab":
        check_in(store, line="repair", nonce=nonce, by=KIOSK, now=clock())
    assert [post(desk, "/hand-numbers", **HAND)[0] for _ in range(2)] == [303, 303], "a double press enters them once"
    assert [no for no, *_ in numbers(store)] == ["W001", "W002", "W003", "W004", "W005"]
    assert check_in(store, line="repair", nonce="c", by=KIOSK, now=clock()).no == "W006"
    assert {issued for _, _, issued in numbers(store)} == {at}
    assert store.value("SELECT count(*) FROM print_jobs") == 3, "their paper is in their hands"


def test_who_took_a_number_on_paper_goes_before_who_took_one_afterwards(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    check_in(store, line="general", nonce="a", by=KIOSK, now=clock())
    assert post(desk, "/hand-numbers", **HAND | {"taken_at": "10:05"})[0] == 303
    answer = desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN | {"HX-Request": "true"})
    assert 'data-ticket-no="W003"' in answer.get_data(as_text=True)
    assert numbers(store)[0][2] == "2026-11-23T02:05:00.000Z"


def test_those_served_on_paper_are_kept_as_served(desk: FlaskClient, store: Store) -> None:
    assert post(desk, "/hand-numbers", **HAND | {"served": "1"})[0] == 303
    assert [state for _, state, _ in numbers(store)] == ["completed"] * 3
    assert store.value("SELECT count(*) FROM visits WHERE state = 'closed'") == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"line": "x"}, "line_unknown"),
        ({"first": "T003"}, "hand_number_invalid"),
        ({"first": ""}, "hand_number_invalid"),
        ({"first": "0"}, "hand_number_invalid"),
        ({"first": "6"}, "hand_number_invalid"),
        ({"last": "103"}, "hand_numbers_too_many"),
        ({"first": "900", "last": ""}, "hand_number_too_far"),
        ({"first": "1"}, "hand_number_taken"),
        ({"taken_at": "25:00"}, "time_invalid"),
        ({"taken_at": "23:00"}, "time_invalid"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_numbers_that_cannot_be_are_refused_and_none_is_kept(
    desk: FlaskClient, store: Store, clock: Clock, fields: dict[str, str], code: str
) -> None:
    check_in(store, line="repair", nonce="a", by=KIOSK, now=clock())
    before = numbers(store), sequences.last(store, "ticket:W:2026-11-23")
    status, text = post(desk, "/hand-numbers", **HAND | fields)
    assert status == 422 and f'data-refused="{code}"' in text
    assert (numbers(store), sequences.last(store, "ticket:W:2026-11-23")) == before


def test_blank_slips_print_as_many_as_asked_once(desk: FlaskClient, store: Store) -> None:
    assert [post(desk, "/hand-numbers/slips", count="5", nonce="s")[0] for _ in range(2)] == [303, 303]
    slips = facts(store, "hand_slip")
    assert len(slips) == 5 and isinstance(slips[0], papers.HandSlip)
    assert [pair.zh[0] for pair in slips[0].lines] == ["W", "T", "J", "A"]
    for count in ("0", "31", "", "x"):
        assert post(desk, "/hand-numbers/slips", count=count, nonce="t")[0] == 422
    assert json.loads(store.value("SELECT detail FROM events WHERE what = 'print_hand_slips'"))["count"] == 5


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": "front", "address": "tcp://192.168.1.50"}, "printer_exists"),
        ({"name": "back", "address": "tcp://127.0.0.1:9100"}, "address_taken"),
        ({"name": "back", "address": "folder:/var/lib/papers"}, "folder_on_the_box"),
        ({"name": "back", "address": "usb:/dev/watchdog"}, "address_invalid"),
        ({"name": "back", "address": "usb:/dev/usb/../sda"}, "address_invalid"),
    ],
)
def test_the_doors_of_the_set_up_are_no_wider_than_they_must(
    admin: FlaskClient, store: Store, fields: dict[str, str], code: str
) -> None:
    before = printers.printers(store)
    assert f'data-refused="{code}"' in post(admin, "/printers/setup", **fields)[1]
    assert printers.printers(store) == before


def test_columns_must_fit_the_dots(admin: FlaskClient, store: Store) -> None:
    assert 'data-refused="width_invalid"' in post(admin, "/printer/front", columns="48", width_dots="384")[1]
    front = printers.find(store, "front")
    assert front is not None and front.width_dots == 576


def test_another_address_is_probed_first_and_a_self_test_goes_to_no_other_printer(
    admin: FlaskClient, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    assert post(admin, "/printer/front", address="tcp://192.168.1.50")[0] == 303
    front = printers.find(store, "front")
    assert front is not None and front.probe_wanted
    post(desk, "/self-test", nonce="n")
    (entry,) = paper_care.waiting(store)
    assert entry.pinned
    assert paper_care.hold_stale(store, clocks.to_text(clock.forward(minutes=11))) == 1, "not seven mornings at once"


def test_the_first_printer_of_a_centre_is_the_one_at_its_kiosk(admin: FlaskClient, store: Store) -> None:
    store.execute("DELETE FROM printers")
    assert post(admin, "/printers/setup-slip")[0] == 404
    assert post(admin, "/printers/setup", name="hall", label="大厅", address="tcp://192.168.1.50")[0] == 303
    assert site(store).front_printer == "hall"


def test_a_display_that_says_it_twice_wakes_nobody(desk: FlaskClient, kiosk: FlaskClient, store: Store) -> None:
    from db import pulse

    post(desk, "/self-test", nonce="n")
    post(kiosk, "/display/shown", display="wall", test="1")
    before = pulse.revisions(store.connection)
    post(kiosk, "/display/shown", display="wall", test="1")
    assert pulse.revisions(store.connection) == before


def test_yesterday_s_self_test_says_nothing_of_today(desk: FlaskClient, store: Store, clock: Clock) -> None:
    post(desk, "/self-test", nonce="n")
    clock.forward(hours=20)
    from reception import self_tests

    assert self_tests.latest(store, clock()) is None
