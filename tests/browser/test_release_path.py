"""Goods on their way out in a real browser: the desk's form, the head's word, both parts on paper, the guard's phone.

With SCREENS set to a folder every screen on the way is kept there.
"""

import json
import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Screens, assert_accessible
from tests.browser.test_repair_path import Papers, log_in, reached
from tests.demo import Demo, read_qr


def keep(page: Page, name: str) -> None:
    """Keep a picture of a screen, where somebody wants to look at it."""
    if os.environ.get("SCREENS"):
        page.screenshot(path=Path(os.environ["SCREENS"]) / f"{name}.png", full_page=page.viewport_size == PHONE)


def in_english(page: Page, name: str) -> None:
    """Keep the same screen in English."""
    if os.environ.get("SCREENS"):
        page.click("form[action='/language'] button")
        keep(page, f"{name}-en")
        page.click("form[action='/language'] button")


def sign_in_guard(screens: Screens, demo: Demo, path: str) -> Page:
    """Sign the guard's phone in, led there by the code of the pass."""
    page = screens.open(PHONE, demo.url("desk", path), touch=True)
    page.fill("[name=name]", "wuhao")
    page.fill("[name=password]", json.loads((demo.home / "login.json").read_text())["password"])
    page.fill("[name=pin]", "2580")
    page.fill("[name=again]", "2580")
    page.tap(".do")
    return page


def apply(desk: Page, demo: Demo) -> str:
    """Fill the form in as at the desk; return the number of the pass."""
    desk.goto(demo.url("desk", "/release-passes/new"))
    assert_accessible(desk)
    desk.fill("[name=unit]", "1-1-101")
    desk.fill("[name=phone]", "5678")
    desk.select_option("[name=tie]", "tenant-lease")
    desk.select_option("[name=owner_agreed]", "letter")
    desk.locator("[name=moving][value='1']").check(force=True)
    for place, (thing, count) in enumerate([("双开门冰箱", "1台"), ("纸箱", "20箱"), ("实木餐桌带椅子", "")]):
        desk.locator("[name=item]").nth(place).fill(thing)
        desk.locator("[name=count]").nth(place).fill(count)
    keep(desk, "form")
    in_english(desk, "form")
    return _applied(desk)


def _applied(desk: Page) -> str:
    if desk.locator("[name=unit]").input_value() == "":
        # A change of language opened the form anew.
        desk.fill("[name=unit]", "1-1-101")
        desk.fill("[name=phone]", "5678")
        desk.select_option("[name=tie]", "owner-deed")
        for place, thing in enumerate(("双开门冰箱", "纸箱", "实木餐桌带椅子")):
            desk.locator("[name=item]").nth(place).fill(thing)
    desk.click(".form .b.p")
    reached(desk, "applied")
    no = desk.locator("main[data-case-no]").get_attribute("data-case-no")
    assert no is not None and no.startswith("FX")
    return no


def test_goods_leave_by_a_pass_once(screens: Screens, demo: Demo) -> None:
    papers = Papers(demo)
    desk, head = log_in(screens, demo, "wanglin"), log_in(screens, demo, "chenjing")
    no = apply(desk, demo)
    keep(desk, "applied")
    head.goto(demo.url("desk", "/today"))
    keep(head, "today")
    head.goto(demo.url("desk", f"/cases/{no}"))
    assert_accessible(head)
    keep(head, "to-approve")
    in_english(head, "to-approve")
    head.click("form[action$='/approve'] button")
    reached(head, "approved")
    desk.goto(demo.url("desk", f"/cases/{no}"))
    desk.click("form[action$='/print'] button")
    reached(desk, "printed")
    holder, gate = papers.come(2)
    token = read_qr(gate).rpartition("/")[2]
    assert read_qr(holder) == read_qr(gate) and len(token) == 26
    keep(desk, "printed")
    # What the guard's camera opens.
    slip = screens.open(PHONE, demo.url("kiosk", f"/T/{token}"), touch=True)
    expect(slip.locator(".for-worker a")).to_have_attribute("href", demo.url("desk", f"/work/q/{token}"))
    keep(slip, "scanned")
    phone = sign_in_guard(screens, demo, f"/work/q/{token}")
    expect(phone.locator("body[data-state=printed]")).to_be_visible()
    assert_accessible(phone)
    keep(phone, "gate")
    in_english(phone, "gate")
    out = phone.locator(".bar .do").first
    box = out.bounding_box()
    assert box is not None and box["height"] >= 56 and box["y"] > PHONE["height"] * 0.75
    lines = phone.locator(".picks.goods label")
    for place in range(2):
        lines.nth(place).tap()
    out.tap()
    # One line is not ticked, and nobody said that it stays: it is told, and the ticks are still there.
    expect(phone.locator("#told")).to_contain_text("勾选")
    expect(phone.locator("[name=went]:checked")).to_have_count(2)
    keep(phone, "unticked")
    lines.nth(2).tap()
    out.tap()
    expect(phone.locator("body[data-state=released]")).to_be_visible()
    expect(phone.locator(".verdict.yes")).to_be_visible()
    keep(phone, "out")
    phone.goto(demo.url("desk", f"/work/gate/{token}"))
    expect(phone.locator(".verdict.no")).to_be_visible()
    keep(phone, "used")
    phone.goto(demo.url("desk", "/work/gate"))
    expect(phone.locator(f"[data-pass='{no}'].out")).to_be_visible()
    assert_accessible(phone)
    keep(phone, "gate-day")
    in_english(phone, "gate-day")
    desk.goto(demo.url("desk", f"/cases/{no}"))
    reached(desk, "released")
    keep(desk, "released")
    in_english(desk, "released")
    desk.click("form[action$='/take-back'] button")
    reached(desk, "returned")
    papers.none_more()
