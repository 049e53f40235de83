"""A home at hand-over in a real browser: agreed at the desk, entered from the form, put right, checked, signed for.

With SCREENS set to a folder every screen on the way is kept there.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Screens, assert_accessible
from tests.browser.test_release_path import in_english, keep
from tests.browser.test_repair_path import Papers, log_in, reached
from tests.demo import Demo, read_qr


def agree(desk: Page, demo: Demo) -> str:
    """Agree on an inspection at the desk; return its number."""
    desk.goto(demo.url("desk", "/inspections/new"))
    assert_accessible(desk)
    keep(desk, "new")
    in_english(desk, "new")
    for name, value in {"unit": "1-1-102", "name": "何晓梅", "phone": "13700001234", "developer": "安居置业"}.items():
        desk.fill(f"[name={name}]", value)
    desk.click(".form .b.p")
    reached(desk, "appointed")
    keep(desk, "appointed")
    no = desk.locator("main[data-case-no]").get_attribute("data-case-no")
    assert no is not None and no.startswith("YS")
    return no


def look_at_it(desk: Page) -> None:
    """Tick the items, enter the meters, write one defect down."""
    for box in desk.locator("[name=item]").all():
        box.check()
    with desk.expect_navigation():
        desk.click(".items-save .b")
    form = desk.locator("form[action$='/read']")
    for kind, shown in {"water": "12", "electric": "345.6"}.items():
        form.locator(f"[name={kind}]").fill(shown)
    form.locator("[name=absent][value=gas]").check()
    form.locator("[name=confirmed]").check()
    with desk.expect_navigation():
        form.locator("button").click()
    expect(desk.locator("[data-meter]")).to_have_count(3)
    form = desk.locator("form[action$='/defect']")
    form.locator("[name=place]").fill("厨房")
    form.locator("[name=content]").fill("水槽下水管渗水，柜板已泡胀")
    with desk.expect_navigation():
        form.locator("button").click()
    expect(desk.locator("[data-defect]")).to_have_count(1)


def put_right(desk: Page, demo: Demo) -> None:
    """Enter the worker's slip: the owner signs for it later."""
    desk.click("[data-defect] a")
    reached(desk, "dispatched")
    desk.click(".acts-now a[href^='/slips/']")
    expect(desk.locator("[name=how][value=later]")).to_be_checked()
    keep(desk, "slip")
    desk.fill("[name=work_done]", "更换下水管")
    if desk.locator("[name=worker]").input_value() == "":
        desk.select_option("[name=worker]", "zhaogang")
    with desk.expect_navigation():
        desk.click(".form .b.p")


def test_a_home_from_the_agreed_time_to_the_signature(screens: Screens, demo: Demo) -> None:
    papers = Papers(demo)
    desk = log_in(screens, demo, "wanglin")
    no = agree(desk, demo)
    look_at_it(desk)
    worker_s, _owner_s = papers.come(2)
    keep(desk, "looked-at")
    in_english(desk, "looked-at")
    assert_accessible(desk)
    form = desk.locator("form[action$='/inspect']")
    form.locator("select").select_option("zhaogang")
    form.locator("button").click()
    reached(desk, "rectifying")
    keep(desk, "rectifying")
    put_right(desk, demo)
    desk.goto(demo.url("desk", f"/cases/{no}"))
    keep(desk, "to-check")
    with desk.expect_navigation():
        desk.click("form[action$='/check'] button")
    desk.click("form[action$='/pass'] button")
    reached(desk, "rechecked")
    keep(desk, "rechecked")
    desk.goto(demo.url("desk", "/inspections"))
    expect(desk.locator(f"[data-case-no='{no}']")).to_be_visible()
    assert_accessible(desk)
    keep(desk, "list")
    in_english(desk, "list")
    desk.goto(demo.url("desk", f"/cases/{no}"))
    day = desk.evaluate("new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)")
    desk.fill("form[action$='/reappoint'] [name=agreed_at]", f"{day}T15:00")
    desk.click("form[action$='/reappoint'] button")
    reached(desk, "reappointed")
    keep(desk, "reappointed")
    desk.check("[name=signed]")
    desk.click("form[action$='/accept'] button")
    reached(desk, "accepted")
    keep(desk, "accepted")
    in_english(desk, "accepted")
    desk.goto(demo.url("desk", f"/cases/{no}/form"))
    expect(desk.locator("[data-filed-defect]")).to_have_count(1)
    assert_accessible(desk)
    keep(desk, "a4")
    # The worker's slip led to his phone all the time: nothing of that is new.
    assert re.search(r"/T/[A-Z2-7]{26}$", read_qr(worker_s)) or "/work/q/" in read_qr(worker_s)
    desk.goto(demo.url("desk", "/homes"))
    desk.fill("[name=unit]", "1-1-102")
    desk.click(".filters .b")
    expect(desk.locator("[data-meters]")).to_be_visible()
    keep(desk, "home")
