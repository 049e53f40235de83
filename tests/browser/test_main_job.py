"""The main job in a real browser: tap, ticket, call, route, slip; on every screen it passes."""

import json
import re
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser import test_repair_path as repair_path
from tests.browser.conftest import DESK, LANDSCAPE, PHONE, PORTRAIT, WALL, Screens, assert_accessible, scan
from tests.demo import Demo, read_qr, until


def log_in(screens: Screens, demo: Demo, counter: int = 2) -> Page:
    """Open the desk, log in and sit down at a counter."""
    desk = screens.open(DESK, demo.url("desk", "/login"))
    login = json.loads((demo.home / "login.json").read_text(encoding="utf-8"))
    desk.fill("[name=name]", login["name"])
    desk.fill("[name=password]", login["password"])
    desk.click("button.p")
    desk.click(f"text={counter}号窗口")
    expect(desk.locator("#counter[data-empty]")).to_be_visible()
    desk.wait_for_load_state()
    return desk


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_one_tap_is_one_number_and_the_paper_is_told_of(screens: Screens, demo: Demo, size: dict[str, int]) -> None:
    kiosk = screens.open(size, demo.url("kiosk"), touch=True)
    assert_accessible(kiosk)
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-paper", "printed")
    expect(kiosk.locator(".paper-state")).to_contain_text("号票已打印")
    assert kiosk.evaluate("document.querySelector('.qr img').naturalWidth") > 0
    assert_accessible(kiosk)
    assert len(until(demo.papers)) == 1
    kiosk.tap("text=完成")
    expect(kiosk.locator('[data-line="repair"]')).to_contain_text("前面 1 位")


def test_while_the_printer_is_out_of_paper_the_number_stands(screens: Screens, demo: Demo) -> None:
    page = screens.open(DESK, demo.url("paper"))
    page.click("text=缺纸")
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    # The paper is out only once the printer has heard of it: a tap before that still gets its ticket.
    expect(kiosk.locator("[data-printer-trouble]")).to_be_visible()
    kiosk.tap('[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A001")
    expect(kiosk.locator(".paper-state.bad")).to_contain_text("请到前台领取号票")
    desk = log_in(screens, demo)
    expect(desk.locator("[data-printer]")).to_have_attribute("data-printer-state", "paper_out")
    assert not demo.papers()
    page.click("text=正常")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-paper", "printed")
    assert len(until(demo.papers)) == 1


def test_a_finger_down_while_the_screen_renews_itself_loses_no_tap(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.wait_for_timeout(500)
    tile = kiosk.locator('[data-line="repair"]')
    kiosk.evaluate("window.tile = document.querySelector('[data-line=repair]')")
    tile.dispatch_event("pointerdown")
    demo.check_in("general", "meanwhile")
    kiosk.wait_for_timeout(700)
    assert kiosk.evaluate("window.tile.isConnected"), "the tile went away under the finger"
    tile.dispatch_event("pointerup")
    tile.dispatch_event("click")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")


def test_a_double_tap_is_one_ticket(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.evaluate("() => { const b = document.querySelector('[data-line=repair]'); b.click(); b.click(); b.click(); }")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    assert demo.ticket_no(demo.check_in("repair", "after")) == "W002"


def test_call_route_and_slips_at_the_desk(screens: Screens, demo: Demo) -> None:
    demo.check_in("repair", "n", unit="1-1-101", phone="5678")
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    assert_accessible(wall)
    desk = log_in(screens, demo)
    assert_accessible(desk)
    desk.keyboard.press("F2")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "W001")
    expect(wall.locator('[data-ticket-no="W001"][data-counter="2"]')).to_be_visible()
    assert_accessible(wall)
    assert_accessible(desk)
    desk.click(".route a.line-repair")
    expect(desk.locator("[name=phone]")).to_have_value("13800005678")
    desk.fill("[name=content]", "厨房水龙头漏水")
    desk.check("[value=water]", force=True)
    desk.click("text=登记并派工")
    expect(desk.locator('#refusal[data-refused="convenient_time_missing"]')).to_be_visible()
    expect(desk.locator("[name=content]")).to_have_value("厨房水龙头漏水")
    desk.fill("[name=convenient_time]", "明天 14:00")
    assert_accessible(desk)
    desk.click("text=登记并派工")
    expect(desk.locator(".matter")).to_contain_text(re.compile("BX.*已派工"))
    expect(desk.locator(".matter .paper")).to_contain_text("已打印")
    until(lambda: len(demo.papers()) == 4)
    desk.click(".matter")
    expect(desk.locator(".facts")).to_contain_text("GD")
    assert_accessible(desk)
    # One key to the search box; what is the only one is opened, and the home's list is walked by arrows.
    no = desk.locator("main").get_attribute("data-case-no")
    desk.goto(demo.url("desk", "/today"))
    assert_accessible(desk)
    desk.keyboard.press("/")
    desk.keyboard.type("5678")
    desk.keyboard.press("Enter")
    expect(desk.locator(f'main[data-case-no="{no}"]')).to_be_visible()
    desk.keyboard.press("/")
    desk.keyboard.type("1栋1单元101")
    desk.keyboard.press("Enter")
    expect(desk.locator("tr[data-case-no]")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator(f'main[data-case-no="{no}"]')).to_be_visible()

    # The silent key: while a window lies over the page and something is typed in it, and nothing of that changes.
    desk.keyboard.press("F7")
    expect(desk.locator("#call [name=unit]")).to_be_focused()
    desk.fill("#call [name=phone]", "138")
    before = desk.locator("body").inner_text()
    desk.keyboard.press("Pause")
    expect(desk.locator("a.special-mark")).to_be_visible()
    assert desk.locator("body").inner_text() == before
    expect(desk.locator("#call [name=phone]")).to_have_value("138")
    expect(desk.locator("#call [name=phone]")).to_be_focused()
    assert "W001" in wall.locator("body").inner_text()
    desk.keyboard.press("Escape")
    desk.click("a.special-mark")
    expect(desk.locator("main[data-special-no]")).to_contain_text("W001")
    assert_accessible(desk)
    desk.goto(f"{desk.url}/form")
    assert_accessible(desk)


def two_keys(page: Page, first: str, second: str) -> None:
    """Press two keys one after the other, as a person does: a scanner is faster."""
    page.keyboard.press(first)
    page.wait_for_timeout(100)
    page.keyboard.press(second)


def the_day_by_keys(desk: Page, demo: Demo) -> None:
    """Everything at the counter without a mouse: called, asked about, put right, searched by a scan, another page."""
    for nonce in ("k1", "k2", "k3"):
        demo.check_in("general", nonce)
    expect(desk.locator("[data-waiting]")).to_have_count(3)
    desk.keyboard.press("F2")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "A002")
    desk.keyboard.press("F8")
    expect(desk.locator("#counter")).to_have_attribute("data-state", "serving")
    # Nothing was recorded: asked once, and Escape stays with the visitor.
    desk.keyboard.press("F2")
    expect(desk.locator('[data-asks="next"]')).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    expect(desk.locator("[data-asks]")).to_have_count(0)
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "A002")
    # A menu opens on its first choice, arrows move in it, Escape closes it.
    desk.keyboard.press("l")
    expect(desk.locator("details.menu[open] button:focus")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("details.menu[open] form:nth-of-type(2) button:focus")).to_have_count(1)
    desk.keyboard.press("Escape")
    expect(desk.locator("details.menu[open]")).to_have_count(0)
    # What is typed is typed: no letter and no digit acts, an F key still does nothing by halves.
    desk.keyboard.press("/")
    desk.keyboard.type("t1?gc")
    expect(desk.locator("[name=query]")).to_have_value("t1?gc")
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    expect(desk.locator("#keys-list")).to_contain_text("Call later")
    expect(desk.locator('#keys-list [data-key="F9"]')).to_be_visible()
    expect(desk.locator('#keys-list [data-key="F4"]')).to_be_hidden()
    assert_accessible(desk)
    desk.keyboard.press("Escape")
    # A scan from anywhere goes to the search box, whatever letters are in it.
    desk.evaluate("document.activeElement.blur()")
    scan(desk, "TS20991231-007", begin="")
    expect(desk.locator("[data-found-by=number]")).to_be_visible()
    two_keys(desk, "g", "q")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "A002")
    desk.wait_for_load_state()
    # The same key twice goes on without a word; one digit goes on with the reason.
    desk.keyboard.press("F9")
    expect(desk.locator('[data-asks="complete"]')).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.locator("#counter[data-empty]")).to_be_visible()
    # The waiting list by arrows: the second of those who wait, called out of order.
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(desk.locator('[data-waiting="A004"] details[open]')).to_be_visible()
    desk.keyboard.press("Escape")
    desk.keyboard.press("F2")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "A003")
    desk.keyboard.press("F4")
    expect(desk.locator('[data-missed="A003"]')).to_be_visible()


def practise(desk: Page, demo: Demo) -> None:
    """练习: one press to begin, the same desk in a striped frame, one press back; a page left open does nothing."""
    papers = len(demo.papers())
    two_keys(desk, "g", "m")
    desk.click(".to-practice")
    expect(desk.locator(".practice-bar")).to_contain_text("练习 PRACTICE")
    desk.wait_for_load_state()
    desk.keyboard.press("1")
    expect(desk.locator("#counter")).to_contain_text("呼叫下一位")
    expect(desk.locator("[data-waiting]")).to_have_count(3)
    desk.wait_for_load_state()
    desk.keyboard.press("F2")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", re.compile(r"^[A-Z]901$"))
    assert_accessible(desk)
    # What htmx sends from a window over the page bears the mark as well.
    desk.keyboard.press("F7")
    desk.fill("#call-form [name=unit]", "1-1-101")
    desk.fill("#call-form [name=phone]", "13800000001")
    desk.fill("#call-form [name=name]", "练习甲")
    desk.fill("#call-form [name=content]", "水管漏水")
    desk.fill("#call-form [name=convenient_time]", "下午")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#call-form .saved")).to_contain_text(re.compile(r"BX\d{8}-901"))
    desk.keyboard.press("Escape")
    desk.click(".practice-bar a[href='/practice/papers']")
    expect(desk.locator(".practice-papers img").first).to_be_visible()
    assert_accessible(desk)
    desk.click("text=退出练习")
    expect(desk.locator("#counter")).to_be_visible()
    expect(desk.locator(".practice-bar")).to_have_count(0)
    until(lambda: not (demo.home / "practice").exists())
    assert len(demo.papers()) == papers


def test_complaint_and_booking_at_the_desk(screens: Screens, demo: Demo) -> None:
    demo.check_in("visit-day", "n", unit="1-1-101", phone="5678")
    desk = log_in(screens, demo)
    desk.keyboard.press("F2")
    expect(desk.locator("#counter")).to_have_attribute("data-ticket-no", "J001")
    desk.click(".route a.line-visit-day")
    assert_accessible(desk)
    desk.fill("[name=matter]", "停车位")
    desk.keyboard.press("F2")
    expect(desk.locator(".matter")).to_have_count(1)
    desk.click(".route a.line-complaint")
    assert_accessible(desk)
    desk.check("[value=noise]", force=True)
    desk.fill("[name=facts]", "夜间施工")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".matter")).to_have_count(2)
    _an_appointment(screens, demo, desk)
    desk.keyboard.press("F9")
    expect(desk.locator("#counter[data-empty]")).to_be_visible()
    the_day_by_keys(desk, demo)
    practise(desk, demo)


def _an_appointment(screens: Screens, demo: Demo, desk: Page) -> None:
    """The visitor is booked with somebody; his slip, read back from its picture, checks him in at the kiosk."""
    host = repair_path.log_in(screens, demo, "zhaoqiang")
    desk.click(".route a.line-appointment")
    assert_accessible(desk)
    desk.select_option("[name=host]", "zhaoqiang")
    desk.fill("[name=expected_at]", f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}T23:59")
    desk.fill("[name=purpose]", "装修方案")
    desk.keyboard.press("F2")
    expect(desk.locator(".matter")).to_have_count(3)
    expect(host.locator('[data-telling="booked"]')).to_be_visible()
    host.click("#told-me button")
    expect(host.locator("[data-telling]")).to_have_count(0)
    *_, slip = until(lambda: demo.papers() if len(demo.papers()) == 4 else [])
    kiosk = screens.open(LANDSCAPE, demo.url("kiosk"), touch=True)
    scan(kiosk, read_qr(slip))
    expect(kiosk.locator("#ticket[data-ticket-no] [data-host-told]")).to_be_visible()
    assert_accessible(kiosk)
    expect(host.locator('[data-telling="arrived"]')).to_be_visible()
    assert_accessible(host)
    host.goto(demo.url("desk", "/appointments"))
    assert_accessible(host)
    for path in ("/handovers/new", "/officials/new", "/"):
        desk.goto(demo.url("desk", path))
        assert_accessible(desk)
    # He is seen to; what comes after begins with an empty queue.
    demo.post("kiosk", f"/T/{kiosk.url.rpartition('/')[2]}/cancel")
    expect(desk.locator("[data-waiting]")).to_have_count(0)


def test_the_phone_page_follows_live_and_is_light(screens: Screens, demo: Demo) -> None:
    place = demo.check_in("general", "n")
    phone = screens.open(PHONE, demo.url("kiosk", place))
    expect(phone.locator("#visitor")).to_have_attribute("data-state", "waiting")
    assert_accessible(phone)
    demo.log_in()
    demo.call_next("3")
    expect(phone.locator("#visitor")).to_have_attribute("data-state", "called")
    expect(phone.locator("#visitor")).to_contain_text("3号窗口")
    assert_accessible(phone)
    sizes = phone.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map(e => e.encodedBodySize).reduce((a, b) => a + b, 0)"
    )
    assert sizes < 30_000


def test_the_display_changes_at_once(screens: Screens, demo: Demo) -> None:
    """No figure is asserted here (make bench has it): only that no slow poll stands between press and screen."""
    demo.check_in("general", "n")
    demo.log_in()
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    expect(wall.locator(".quiet")).to_be_visible()
    time.sleep(0.5)
    demo.call_next()
    expect(wall.locator('[data-ticket-no="A001"]')).to_be_visible(timeout=5000)
    demo.post("desk", "/queue/complete", counter="1", holding="A001")
    expect(wall.locator('[data-ticket-no="A001"]')).to_have_count(0, timeout=5000)


def test_a_tap_that_waits_for_its_next_try_outlives_a_refresh_of_the_screen(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.route("**/check-in", lambda route: route.abort(), times=1)
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator("#connection")).to_be_visible()
    demo.check_in("general", "meanwhile")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")


def test_a_lost_server_is_said_and_the_tap_arrives_once_it_is_back(screens: Screens, demo: Demo) -> None:
    import os
    import signal

    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    for pid in demo.pids()["kiosk"]:
        os.kill(pid, signal.SIGKILL)
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator("#connection")).to_be_visible()
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001", timeout=15_000)
