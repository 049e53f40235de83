"""Consumables, training and the security check, as a receptionist and her head use them in a real browser."""

import json

from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, Screens, assert_accessible
from tests.browser.test_main_job import log_in
from tests.demo import Demo


def of(screens: Screens, demo: Demo, name: str) -> Page:
    """Log in as somebody of the demo."""
    desk = screens.open(DESK, demo.url("desk", "/login"))
    staff = {one["name"]: one["password"] for one in json.loads((demo.home / "staff.json").read_text(encoding="utf-8"))}
    desk.fill("[name=name]", name)
    desk.fill("[name=password]", staff[name])
    desk.click("button.p")
    expect(desk.locator("nav").first).to_be_visible()
    return desk


def test_a_month_of_consumables_the_script_of_practice_and_a_visitor_who_is_not_let_through(
    screens: Screens, demo: Demo
) -> None:
    head = of(screens, demo, "chenjing")
    head.goto(demo.url("desk", "/consumables"))
    head.fill("[name=plan-a4]", "6")
    head.click("text=保存计划")
    expect(head.locator("[name=was-a4]")).to_have_value("6")
    head.select_option("[name=item]", "a4")
    head.fill("[name=quantity]", "0")
    head.click(".care-note button")
    expect(head.locator("#refusal")).to_contain_text("请填整数")
    head.fill("[name=quantity]", "7")
    head.click(".care-note button")
    expect(head.locator('[data-item="a4"]')).to_contain_text("超 1")
    assert_accessible(head)
    # On paper the table stands whole, and no form.
    head.emulate_media(media="print")
    expect(head.locator('[data-item="a4"]')).to_be_visible()
    expect(head.locator(".care-note")).to_be_hidden()
    head.emulate_media(media="screen")
    head.goto(demo.url("desk", "/printers"))
    head.click("[data-printer=front] .printer-roll button")
    expect(head.locator("[data-printer=front] [data-roll]")).to_contain_text("本卷已用约")
    assert_accessible(head)

    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/training"))
    assert_accessible(desk)
    desk.click("text=开始练习")
    expect(desk.locator(".practice-bar")).to_be_visible()
    desk.click("text=1号窗口")
    desk.click("details.issue summary")
    desk.click("#queue .issue button >> nth=0")
    expect(desk.locator(".practice-bar")).to_contain_text("练习任务 1/23")
    desk.goto(demo.url("desk", "/training"))
    expect(desk.locator('[data-task="for-visitor"]')).to_have_attribute("data-state", "passed")
    assert_accessible(desk)
    desk.click(".practice-bar button.p")
    expect(desk.locator(".practice-bar")).to_have_count(0)
    head.goto(demo.url("desk", "/training"))
    expect(head.locator('[data-trainee="王琳"]')).to_have_attribute("data-passes", "1")
    assert_accessible(head)
    head.goto(demo.url("desk", "/training/card"))
    assert_accessible(head)

    manager = of(screens, demo, "zhouming")
    manager.goto(demo.url("desk", "/settings/care"))
    manager.locator("[name=security_check][value='1']").check(force=True)
    manager.click("main button.p")
    expect(manager.locator(".saved")).to_be_visible()
    desk.goto(demo.url("desk", "/"))
    desk.click("details.issue summary")
    # The two buttons keep a gap between them, wherever the second one wraps to.
    one, two = (box.bounding_box() for box in desk.locator("details.issue > .b").all())
    assert one and two and max(two["y"] - one["y"] - one["height"], two["x"] - one["x"] - one["width"]) >= 6
    desk.click("text=安全检查后取号")
    assert_accessible(desk)
    desk.locator("[name=seen]").first.check()
    desk.click("button[name=line] >> nth=0")
    # The browser itself asks for the other points.
    expect(desk).to_have_url(demo.url("desk", "/security-check"))
    for point in desk.locator("[name=seen]").all():
        point.check()
    desk.click("button[name=line] >> nth=0")
    expect(desk.locator("[data-waiting]")).to_have_count(1)
    desk.goto(demo.url("desk", "/security-check"))
    desk.click(".security-refuse summary")
    desk.locator("[name=item]").first.check()
    desk.click("text=请保安到前台")
    expect(head.locator('[data-ring="security"]')).to_be_visible()
    expect(desk.locator("[data-waiting]")).to_have_count(1)
