"""Paper in trouble, seen in a real browser: the kiosk, every desk, the set-up of a printer, the morning self-test."""

import json
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from db.store import Store, open_store, writing
from lobbydesk.home import store_path
from printing.virtual import VirtualPrinter
from reception import known_faults
from reception.permissions import Role
from tests.browser.conftest import DESK, LANDSCAPE, PORTRAIT, WALL, Screens, assert_accessible, assert_fits
from tests.browser.test_main_job import log_in
from tests.conftest import actor
from tests.demo import Demo, until


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[VirtualPrinter]:
    """A second printer, 58 mm wide, of which the demo knows nothing yet."""
    with VirtualPrinter(tmp_path / "workshop", width=384) as printer:
        yield printer


def fault(demo: Demo, name: str) -> None:
    """Set the fault of the demo's printer, as its page does."""
    assert demo.post("paper", "/fault", fault=name)[0] == 303


def administrator(screens: Screens, demo: Demo) -> Page:
    """Log in as the person who keeps the box."""
    desk = screens.open(DESK, demo.url("desk", "/login"))
    (password,) = [
        one["password"] for one in json.loads((demo.home / "staff.json").read_text()) if one["name"] == "admin"
    ]
    desk.fill("[name=name]", "admin")
    desk.fill("[name=password]", password)
    desk.keyboard.press("Enter")
    expect(desk.locator("#printers")).to_be_visible()
    return desk


def test_a_printer_in_trouble_shows_everywhere_and_the_ticket_is_printed_again_marked(
    screens: Screens, demo: Demo
) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    desk = log_in(screens, demo)
    expect(desk.locator("#trouble a")).to_have_count(0)
    fault(demo, "paper-out")
    expect(desk.locator('#trouble [data-trouble="front"]')).to_contain_text("缺纸")
    expect(kiosk.locator("[data-printer-trouble]")).to_contain_text("请到前台领取号票")
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator("#ticket")).to_contain_text("请到前台领取号票")
    expect(desk.locator("#trouble [data-unprinted]")).to_contain_text("W001")
    assert_accessible(desk)
    desk.goto(demo.url("desk", "/cases"))
    expect(desk.locator("#trouble [data-unprinted]")).to_contain_text("W001")
    desk.goto(demo.url("desk"))
    desk.keyboard.press("F2")
    expect(desk.locator(".now-paper")).to_contain_text("没有号票")
    fault(demo, "none")
    expect(desk.locator("#trouble a")).to_have_count(0)
    assert demo.papers() == [], "called before it was printed: it must not come out into somebody else's hands"
    desk.click("text=补打号票")
    until(lambda: len(demo.papers()) == 1)
    desk.goto(demo.url("desk", "/printers"))
    expect(desk.locator('[data-job-state="printed"]')).to_contain_text("补打 1")
    assert_accessible(desk)
    desk.click('[data-job-state="printed"] button')
    expect(desk.locator('[data-job-state="printed"] >> text=补打 2')).to_have_count(1)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_the_kiosk_in_trouble_still_fits(screens: Screens, demo: Demo, size: dict[str, int]) -> None:
    fault(demo, "refuse")
    kiosk = screens.open(size, demo.url("kiosk"), touch=True)
    expect(kiosk.locator("[data-printer-trouble]")).to_be_visible()
    for number in range(10):
        demo.check_in(("repair", "complaint", "general")[number % 3], f"n{number}")
    expect(kiosk.locator(".printer-numbers")).to_contain_text("…")
    for press in ("", "大字版", "English", "Ordinary print"):
        if press:
            with kiosk.expect_navigation():
                kiosk.tap(f"text={press}")
        assert_accessible(kiosk)
        assert_fits(kiosk)
        kiosk.tap('[data-line="visit-day"]')
        expect(kiosk.locator("#ticket .paper-state.bad")).to_be_visible()
        assert_fits(kiosk)
        kiosk.goto(demo.url("kiosk"))
    for more in (mark_the_day, tell_three_things, declare_a_fault):
        with closing(open_store(store_path(demo.home))) as store:
            more(store)
        for press in ("中文", "大字版", "English", "Ordinary print"):
            kiosk.goto(demo.url("kiosk"))
            with kiosk.expect_navigation():
                kiosk.tap(f"text={press}")
            assert_fits(kiosk)


def mark_the_day(store: Store) -> None:
    """The next visit day may still change, and nobody was told of it yet."""
    store.execute("UPDATE visit_days SET provisional = 1, state = 'planned', published_at = NULL")


def tell_three_things(store: Store) -> None:
    """Three notices stand on the start."""
    for number in range(3):
        store.execute(
            "INSERT INTO notices (title, title_en, from_on, until_on) VALUES (?, ?, '2020-01-01', '2099-01-01')",
            [f"12月4日接访日请提前预约，地点在二楼会议室 {number}", f"Please book the visit day ahead {number}"],
        )
    with writing(store):
        store.touch("site")


def declare_a_fault(store: Store) -> None:
    """A lift stands still, said at length."""
    said = {"area": "building", "cause": "lift", "what": "电梯停运，正在抢修，请走楼梯", "building": "1"}
    desk, english = actor(store, Role.RECEPTIONIST), "The lift stands still, men are at work, please take the stairs"
    known_faults.declare(store, nonce="lift", what_en=english, **said, by=desk, now=datetime.now(UTC))


def test_little_paper_is_said_before_it_ends_and_the_desk_shows_how_to_change_the_roll(
    screens: Screens, demo: Demo
) -> None:
    desk = log_in(screens, demo)
    assert demo.post("paper", "/fault", **{"paper-low": "on"})[0] == 303
    expect(desk.locator('#trouble [data-low="front"]')).to_contain_text("纸将用完")
    desk.click('#trouble [data-low="front"]')
    expect(desk.locator(".roll li")).to_have_count(4)
    assert_accessible(desk)


def test_the_morning_self_test_is_one_press(screens: Screens, demo: Demo) -> None:
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/printers"))
    desk.click("text=开始晨检")
    expect(wall.locator("[data-self-test]")).to_be_visible()
    expect(desk.locator('[data-check="front"]')).to_have_attribute("data-result", "printed")
    expect(desk.locator('[data-check="display"]')).to_have_attribute("data-result", "1")
    expect(desk.locator('[data-check="clock"]')).to_have_class("good")
    expect(desk.locator('[data-check="voice"]')).to_have_attribute("data-result", "ok")
    until(lambda: len(demo.papers()) == 1)
    assert_accessible(desk)
    assert_accessible(wall)


def test_a_printer_is_added_probed_questioned_and_gets_its_papers(
    screens: Screens, demo: Demo, workshop: VirtualPrinter
) -> None:
    desk = administrator(screens, demo)
    desk.goto(demo.url("desk", "/printers/setup"))
    assert_accessible(desk)
    desk.fill("[name=name]", "workshop")
    desk.fill('[action="/printers/setup"] [name=label]', "维修间 Workshop")
    desk.fill("[name=address]", "tcp://nowhere:0")
    desk.click("text=添加、探测并打印自检页")
    expect(desk.locator('#refusal[data-refused="address_invalid"]')).to_be_visible()
    desk.fill("[name=address]", f"tcp://127.0.0.1:{workshop.port}")
    desk.click("text=添加、探测并打印自检页")
    expect(desk.locator('[data-probe="done"]')).to_contain_text("能，打印完成后确认")
    expect(desk.locator('[data-test-state="printed"]')).to_be_visible()
    assert "32" in workshop.papers[0].text
    assert_accessible(desk)
    desk.check('[name=columns][value="32"]', force=True)
    for answer in ("chinese][value=gbk", "native_qr][value='1'", "cutter][value='1'"):
        desk.check(f'[action$="/came-out"] [name={answer}]', force=True)
    desk.click("text=按打印结果保存")
    expect(desk.locator("[name=width_dots]")).to_have_value("384")
    desk.goto(demo.url("desk", "/printers/setup"))
    desk.click('form:has([name=kind][value="work_order"]) >> text=维修间 Workshop')
    expect(
        desk.locator('form:has([name=kind][value="work_order"]):has-text("维修间 Workshop") button')
    ).to_have_attribute("aria-pressed", "true")
    demo.log_in()
    status, text, _ = demo.post(
        "desk", "/repairs", nonce="r", unit="1-1-101", phone="5678", category="water", content="漏水",
        convenient_time="今天", urgency="ordinary", dispatch="1",
    )  # fmt: skip
    assert status == 204, text
    papers = workshop.wait_for(3, 15)
    assert [re.search("维修联|业主联", paper.text) is not None for paper in papers] == [False, True, True]
    assert [paper.overflows for paper in papers[1:]] == [[], []]
    until(lambda: len(demo.papers()) == 1)


def test_continue_on_paper(screens: Screens, demo: Demo) -> None:
    place = demo.check_in("repair", "before")
    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/hand-numbers"))
    assert_accessible(desk)
    desk.check('[name=line][value="repair"]', force=True)
    desk.fill("[name=first]", "W002")
    desk.fill("[name=last]", "004")
    desk.click("text=补录 >> nth=-1")
    expect(desk.locator(".pick").first).to_contain_text("W004")
    assert demo.ticket_no(demo.check_in("repair", "after")) == "W005"
    assert demo.ticket_no(place) == "W001"
    desk.check('[name=line][value="repair"]', force=True)
    desk.fill("[name=first]", "4")
    desk.click("text=补录 >> nth=-1")
    expect(desk.locator('#refusal[data-refused="hand_number_taken"]')).to_be_visible()
    desk.check('[name=count][value="5"]', force=True)
    desk.click("text=打印空白号票")
    until(lambda: len(demo.papers()) == 7)
