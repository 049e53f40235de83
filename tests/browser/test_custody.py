"""A home in custody in a real browser: agreement on A4, signed, read, rain, walked by phone, told, given back.

With SCREENS set to a folder every screen on the way is kept there.
"""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens, assert_accessible
from tests.browser.pdf_text import pages
from tests.browser.test_release_path import in_english, keep, sign_in_guard
from tests.browser.test_repair_path import log_in
from tests.demo import Demo

HOME = "1-1-101"


def sheet(page: Page, tmp_path: Path, name: str) -> str:
    """Print what is open; it is one sheet. Return what stands on it."""
    file = Path(os.environ.get("SCREENS", tmp_path)) / f"{name}.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    [said] = pages(file)
    return said


def drawn_up(desk: Page, demo: Demo) -> str:
    """Draw the agreement up by its form; return its number."""
    desk.goto(demo.url("desk", "/custody/new"))
    assert_accessible(desk)
    desk.fill("[name=unit]", HOME)
    desk.fill("[name=water]", "345.6")
    desk.fill("[name=electric]", "12080")
    desk.locator("[name=keys][value='1']").check(force=True)
    keep(desk, "custody-new")
    desk.click(".form .b.p")
    expect(desk.locator("[data-state=draft]")).to_be_visible()
    no = desk.locator("main[data-custody]").get_attribute("data-custody")
    assert no is not None
    return no


def test_a_home_is_given_looked_after_and_given_back(screens: Screens, demo: Demo, tmp_path: Path) -> None:
    desk = log_in(screens, demo, "wanglin")
    no = drawn_up(desk, demo)
    keep(desk, "custody-draft")
    desk.goto(demo.url("desk", f"/custody/{no}/agreement"))
    assert_accessible(desk)
    desk.click("details.reveal summary")
    desk.click("[name=reveal_reason][value=paper]")
    expect(desk.locator(".filed").first).to_contain_text("张建国")
    keep(desk, "custody-agreement")
    said = sheet(desk, tmp_path, "custody-agreement")
    assert "张建国" in said and "345.6" in said and no in said and "用水不超过 5 m3" in said
    desk.goto(demo.url("desk", f"/custody/{no}"))
    desk.check("[name=signed]")
    desk.click("text=已签：托管开始")
    expect(desk.locator("[data-state=active]")).to_be_visible()
    # Above the limit: a warning, and the owner to be told.
    desk.locator("[name=water]").first.fill("352")
    desk.click("text=保存读数")
    expect(desk.locator("[data-over=water]")).to_contain_text("超出约定的 5 共 1.4")
    assert_accessible(desk)
    keep(desk, "custody-over")
    in_english(desk, "custody-over")
    desk.goto(demo.url("desk", "/today"))
    expect(desk.locator("[data-group=custody_tell]")).to_be_visible()
    keep(desk, "custody-today")
    # Heavy rain is declared, and the guard walks.
    desk.goto(demo.url("desk", "/custody/rounds"))
    desk.click("text=发布大雨预警")
    expect(desk.locator(".rain.declared")).to_be_visible()
    expect(desk.locator("[data-due]")).to_have_text("1")
    assert_accessible(desk)
    keep(desk, "custody-rounds")
    in_english(desk, "custody-rounds")
    found(screens, demo, no)
    desk.goto(demo.url("desk", f"/custody/{no}"))
    expect(desk.locator("[data-standing=finding]").first).to_be_visible()
    keep(desk, "custody-finding")
    for note in ("雨水管脱落，已派工，业主已知", "马桶漏水，已关总阀"):
        desk.locator(".telling").first.locator("[name=channel][value=phone]").check(force=True)
        desk.locator(".telling").first.locator("[name=note]").fill(note)
        desk.locator(".telling").first.locator("button").click()
        expect(desk.locator("[data-told='1']").first).to_contain_text(note)
    expect(desk.locator("[data-told='0']")).to_have_count(0)
    # The meter is exchanged: it counts on from what the new one shows.
    desk.click("summary:has-text('换表')")
    exchange = desk.locator("form[action$='/do/exchange']")
    exchange.locator("[name=meter]").select_option("water")
    exchange.locator("[name=old]").fill("352")
    exchange.locator("[name=new]").fill("3")
    keep(desk, "custody-exchange")
    exchange.locator("button").click()
    expect(desk.locator("[data-exchanged=water]")).to_contain_text("352 → 3")
    keep(desk, "custody-exchanged")
    desk.click("text=结束托管、交还房屋")
    end = desk.locator("form[action$='/do/end']")
    end.locator("[name=water]").fill("3.5")
    end.locator("[name=electric]").fill("12090")
    for name in ("keys_back", "signed"):
        end.locator(f"[name={name}]").check()
    keep(desk, "custody-end")
    end.locator("button").click()
    expect(desk.locator("#refusal")).to_contain_text("用量超过约定")
    end.locator("[name=stated]").check()
    end.locator("button").click()
    expect(desk.locator("[data-state=ended]")).to_be_visible()
    keep(desk, "custody-ended")
    desk.goto(demo.url("desk", "/custody?show=ended"))
    expect(desk.locator(f"[data-custody={no}]")).to_be_visible()
    assert_accessible(desk)
    keep(desk, "custody-list")
    desk.goto(demo.url("desk", f"/custody/{no}/agreement"))
    said = sheet(desk, tmp_path, "custody-ended")
    assert "超出 1.9" in said and "换表:旧表止码 352,新表起码 3" in said


def found(screens: Screens, demo: Demo, no: str) -> None:
    """The guard finds something, on the phone."""
    guard = sign_in_guard(screens, demo, "/work/custody")
    expect(guard.locator(f"[data-home='{HOME}']")).to_be_visible()
    assert_accessible(guard)
    keep(guard, "custody-phone")
    in_english(guard, "custody-phone")
    guard.tap("text=发现问题")
    expect(guard.locator(".finding")).to_be_visible()
    assert_accessible(guard)
    guard.locator("[name=category][value=public]").check(force=True)
    guard.fill("[name=place]", "北墙雨水管")
    guard.fill("[name=content]", "雨水管脱落，雨水打到外墙")
    keep(guard, "custody-phone-finding")
    guard.click(".do")
    expect(guard.locator(".told.good")).to_contain_text("BX")
    expect(guard.locator("[data-home]")).to_have_count(0)
    keep(guard, "custody-phone-done")
