"""The lock in a real browser: it covers everything and keeps what was typed, which is sent after unlocking."""

import json

from playwright.sync_api import expect

from tests.browser.conftest import Screens, assert_accessible
from tests.browser.test_main_job import log_in
from tests.demo import Demo

WORDS = "厨房水龙头漏水，滴了一夜"


def password(demo: Demo) -> str:
    """The receptionist's."""
    return str(json.loads((demo.home / "login.json").read_text(encoding="utf-8"))["password"])


def test_a_form_half_typed_outlives_the_lock_and_is_sent_after_it(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/repairs/new"))
    desk.fill("[name=content]", WORDS)
    desk.fill("[name=name]", "张建国")
    # Another tab locks the browser: this page finds out when she presses.
    other = desk.context.new_page()
    other.goto(demo.url("desk", "/cases"))
    other.click('form[action="/lock"] button')
    expect(other.locator("#lock")).to_be_visible()
    expect(desk.locator("#lock")).to_be_visible()
    assert_accessible(desk)
    # Nothing of anybody can be read, no key of the page works, and Escape does not help.
    assert desk.evaluate("getComputedStyle(document.querySelector('[name=content]')).visibility") == "hidden"
    assert not desk.locator("main").is_visible() and "报修" not in desk.title()
    desk.keyboard.press("Escape")
    desk.keyboard.press("Escape")
    desk.keyboard.press("F2")
    expect(desk.locator("#lock")).to_be_visible()
    desk.fill("#lock [name=password]", "wrong-wrong")
    desk.keyboard.press("Enter")
    expect(desk.locator("#lock-refusal")).to_contain_text("密码")
    desk.fill("#lock [name=password]", password(demo))
    desk.keyboard.press("Enter")
    # The session went on under another key, for both tabs.
    expect(desk.locator("#lock")).not_to_be_visible()
    expect(other.locator("#lock")).not_to_be_visible()
    assert desk.input_value("[name=content]") == WORDS and desk.input_value("[name=name]") == "张建国"
    desk.fill("[name=phone]", "13800005678")
    desk.fill("[name=convenient_time]", "随时")
    desk.fill("[name=unit]", "1-1-101")
    desk.locator("[name=category][value=water]").check(force=True)
    desk.locator("form.form button.p").first.click()
    expect(desk.locator("body")).to_contain_text(WORDS)


def test_a_press_that_meets_the_lock_does_nothing_and_loses_nothing(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    desk.clock.install()
    # No answer: else this page would look at what moved, and find out by itself.
    desk.route("**/events", lambda route: None)
    desk.goto(demo.url("desk"))
    desk.clock.fast_forward("02:00")
    # The server alone knows of the lock: no tab told this page.
    desk.evaluate("fetch('/lock', {method: 'POST', redirect: 'manual'})")
    desk.fill(".search [name=query]", "1-1-101")
    desk.keyboard.press("Enter")
    expect(desk.locator("#lock")).to_be_visible()
    desk.fill("#lock [name=password]", password(demo))
    desk.keyboard.press("Enter")
    expect(desk.locator("#lock")).not_to_be_visible()
    assert desk.input_value(".search [name=query]") == "1-1-101"
    desk.keyboard.press("Enter")
    expect(desk.locator("h1")).to_contain_text("1-1-101")
    # A page that is asked for at the lock leads back to itself.
    desk.goto(demo.url("desk", "/cases"))
    desk.evaluate("fetch('/lock', {method: 'POST', redirect: 'manual'})")
    desk.goto(demo.url("desk", "/cases?view=all"))
    expect(desk.locator("[name=back]")).to_have_value("/cases?view=all")
    assert_accessible(desk)
    desk.fill("[name=password]", password(demo))
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/cases?view=all")
