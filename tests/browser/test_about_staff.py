"""关于工作人员 in a real browser, from the touch screen to the manager's close, the accused at the desk beside it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LANDSCAPE, PORTRAIT, WALL, Screens, assert_accessible, assert_fits
from tests.browser.test_repair_path import log_in, reached
from tests.demo import Demo, read_qr, until

FACTS = "前台不理睬，说话难听"


def fill(page: Page, action: str, **fields: str) -> None:
    """Fill the form that goes there, folded or not, and send it."""
    form = page.locator(f"form[action$='{action}']")
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    for name, value in fields.items():
        field = form.locator(f"[name={name}]")
        if field.first.get_attribute("type") == "radio":
            form.locator(f"[name={name}][value='{value}']").check(force=True)
        elif field.first.evaluate("part => part.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").last.click()


@pytest.mark.parametrize(("size", "english"), [(PORTRAIT, False), (LANDSCAPE, True)])
def test_a_complaint_about_the_receptionist_while_she_sits_there(
    screens: Screens, demo: Demo, size: dict[str, int], english: bool
) -> None:
    accused = log_in(screens, demo, "wanglin")
    accused.click("text=1号窗口")
    expect(accused.locator("#queue")).to_contain_text("无人等候")
    stood = accused.locator("body").inner_text()
    kiosk = screens.open(size, demo.url("kiosk"), touch=True)
    if english:
        kiosk.tap("text=English")
        kiosk.locator("html[lang=en]").wait_for()
    kiosk.tap("#in-private")
    expect(kiosk.locator("h1")).to_have_text("About one of our staff" if english else "关于工作人员")
    assert_accessible(kiosk)
    assert_fits(kiosk)
    kiosk.tap("[data-line=heard-by-head]")
    expect(kiosk.locator('[data-ticket-no="L001"]')).to_be_visible()
    until(lambda: len(demo.papers()) == 1)
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    head = log_in(screens, demo, "chenjing")
    head.click("text=3号窗口")
    expect(head.locator("[data-in-private]")).to_have_attribute("data-in-private", "L001")
    assert_accessible(head)
    head.click("text=叫专人接待")
    expect(head.locator("#counter")).to_have_attribute("data-ticket-no", "L001")
    expect(wall.locator('[data-ticket-no="L001"][data-counter="3"]')).to_be_visible()
    head.click(".route a.line-complaint")
    assert_accessible(head)
    head.check("[name=hears][value=service_head]", force=True)
    head.check("[name=accused][value=wanglin]", force=True)
    head.check("[name=category][value=service]", force=True)
    for name, value in (("facts", FACTS), ("name", "李明"), ("phone", "13812345678")):
        head.fill(f"[name={name}]", value)
    head.keyboard.press("F2")
    expect(head.locator(".matter")).to_contain_text(re.compile(r"ZJ\d{8}-[1-9]\d\d"))
    until(lambda: len(demo.papers()) == 2)
    page_of_person = read_qr(demo.papers()[-1])
    head.click(".matter")
    no = head.locator("main[data-case-no]").get_attribute("data-case-no")
    manager = log_in(screens, demo, "zhouming")
    for turn in range(3):
        head.goto(demo.url("desk", f"/cases/{no}"))
        fill(head, f"/complaints/{no}/assign", handler="chenjing")
        reached(head, "assigned")
        fill(head, "/investigate", finding="valid", findings="监控属实")
        reached(head, "investigating")
        fill(head, "/reply", text=f"已批评教育并调岗（第{turn + 1}次）", channel="phone")
        reached(head, "replied")
        manager.goto(demo.url("desk", f"/cases/{no}"))
        if turn == 2:
            break
        fill(manager, "/follow-up", method="phone", reached="1", score="1", comment="还是不满意")
        reached(manager, "reopened")
    assert_accessible(manager)
    fill(manager, "/close-without-consent", reason="已两次处理并道歉，要求辞退无依据")
    reached(manager, "closed")
    kiosk.goto(page_of_person)
    # Left alone for a minute it has gone back to Chinese, for whoever comes next.
    if english and kiosk.locator("html").get_attribute("lang") != "en":
        kiosk.tap("text=English")
    expect(kiosk.locator("body")).to_contain_text("without your consent" if english else "未表示同意")
    assert "投诉" not in kiosk.locator("main").inner_text()
    # All the while her screen was live, and nothing moved on it.
    assert accused.locator("body").inner_text() == stood
    accused.goto(demo.url("desk", f"/cases/{no}"))
    expect(accused.locator("body")).to_contain_text("没有这个编号的事项")
