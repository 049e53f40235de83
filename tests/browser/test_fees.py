"""Fees in a real browser: from the list to the call, the slip on real paper, and the sheet as it comes out on A4."""

import os
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from db.store import open_store
from lobbydesk.home import store_path
from reception import imports
from reception.permissions import Role
from tests.browser.conftest import Screens, assert_accessible
from tests.browser.test_main_job import log_in
from tests.conftest import actor
from tests.demo import Demo, until

HOME = "1-1-101"
# Long late on whatever day this runs, and long not due.
LINES = f"""房号,项目,账期,金额,应缴日期,面积
{HOME},物业管理费,2024Q1,534.00,2024-03-10,
{HOME},公共能耗费,2024-03,26.70,2099-12-10,89
1-1-102,水费,2024-02,48.30,2024-03-20,
1-2-201,电费,2024-02,120.05,2024-03-20,
""".encode()
SHOTS = os.environ.get("FEE_SHOTS")


def shoot(page: object, name: str) -> None:
    """Keep a picture, where somebody asked for pictures."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)  # type: ignore[attr-defined]


def test_from_the_list_to_the_call_the_slip_and_the_sheet(screens: Screens, demo: Demo, tmp_path: Path) -> None:
    store = open_store(store_path(demo.home))
    now = datetime.now(UTC)
    imports.apply(store, kind="fees", data=LINES, nonce="fees", by=actor(store, Role.MANAGER), now=now)
    store.close()
    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/fees"))
    expect(desk.locator("[data-homes]")).to_have_text("3")
    expect(desk.locator("[data-late]")).to_have_text("¥702.35")
    assert_accessible(desk)
    shoot(desk, "list")
    desk.click(f'tr[data-home="{HOME}"] button')
    expect(desk.locator("[data-total]")).to_have_text("¥560.70")
    assert_accessible(desk)
    shoot(desk, "home")
    before = len(demo.papers())
    desk.click("text=打印小票")
    expect(desk.locator("[data-printed]")).to_be_visible()
    assert len(until(lambda: demo.papers()[before:])) == 1
    # The call: the telephone is shown, and what was said is kept.
    desk.click("text=打电话")
    expect(desk.locator("[data-calling]")).to_be_visible()
    expect(desk.locator("#fee-home")).to_contain_text("13800005678")
    assert_accessible(desk)
    shoot(desk, "call")
    desk.locator("[name=outcome][value=disputes]").check(force=True)
    desk.click("text=保存这次电话")
    expect(desk.locator("#refusal")).to_contain_text("请写下对方怎么说")
    desk.fill("[name=note]", "说面积应为 86 平方米，请财务核对")
    desk.click("text=保存这次电话")
    expect(desk.locator("[data-called-today]")).to_be_visible()
    expect(desk.locator("#fee-home")).not_to_contain_text("13800005678")
    desk.locator("[name=fee]").first.check()
    desk.click("text=勾选的已缴")
    expect(desk.locator("[data-total]")).to_have_text("¥26.70")
    shoot(desk, "after")
    # The sheets, as they come out on A4: one page a home.
    desk.goto(demo.url("desk", "/fees?show=open"))
    desk.click("text=打印 3 户的 A4 通知单")
    expect(desk.locator("[data-sheet]")).to_have_count(3)
    assert_accessible(desk)
    shoot(desk, "sheets")
    desk.evaluate("() => { window.print = () => { document.body.dataset.came = 'x'; }; }")
    desk.click("[data-prints]")
    expect(desk.locator("body")).to_have_attribute("data-came", "x")
    printed = Path(SHOTS or tmp_path) / "sheets.pdf"
    desk.pdf(path=printed, format="A4", prefer_css_page_size=True)
    assert printed.read_bytes().count(b"/Type /Page\n") == 3
    if SHOTS:
        desk.goto(demo.url("desk", "/fees"))
        desk.click("form[action='/language'] button")
        desk.goto(demo.url("desk", "/fees"))
        shoot(desk, "list-en")
        desk.click("tr[data-home] button")
        desk.click("text=Call:")
        expect(desk.locator("[data-calling]")).to_be_visible()
        shoot(desk, "call-en")
        desk.goto(demo.url("desk", "/today"))
        shoot(desk, "today-en")
