"""The month report and the page of today in a real browser: live without a reload, issued once, printed on A4."""

import re
from datetime import UTC, datetime

from playwright.sync_api import expect

from db.store import open_store
from lobbydesk.home import store_path
from reception import case_flow, month_reports
from reception.permissions import BOX
from tests.browser.conftest import PORTRAIT, Screens, assert_accessible
from tests.browser.test_repair_path import log_in
from tests.demo import Demo

ANALYSIS = "本月平稳。\n下月起每周巡查一次水表间。"


def test_the_head_sees_today_live_and_issues_a_month(screens: Screens, demo: Demo) -> None:
    store, now = open_store(store_path(demo.home)), datetime.now(UTC)
    # Two months back: on any day of this one its third working day is over.
    month = case_flow.month(store, case_flow.month(store, "", now=now).earlier, now=now).earlier
    month_reports.freeze(store, month=month, by=BOX, now=now)
    store.close()

    page = log_in(screens, demo, "zhouming")
    page.goto(demo.url("desk", "/now"))
    waiting = page.locator("[data-now=waiting] b")
    expect(waiting).to_have_text("0")
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.tap('[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A001")
    # Live: nobody reloads this page.
    expect(waiting).to_have_text("1")
    assert_accessible(page)

    page.goto(demo.url("desk", f"/months?month={month}"))
    expect(page.locator("[data-month]")).to_have_attribute("data-state", "frozen")
    assert_accessible(page)
    for chart in page.locator("svg[role=img]").all():
        assert chart.get_attribute("aria-label")
    page.fill("[name=analysis]", ANALYSIS)
    page.click("#analysis button.p")
    expect(page.locator("[data-month]")).to_have_attribute("data-state", "issued")
    expect(page.locator(".analysis")).to_have_text(ANALYSIS)

    # On paper: the title, the boxes to sign, nothing to press.
    page.emulate_media(media="print")
    expect(page.locator("h1.filed-title")).to_be_visible()
    expect(page.locator(".seal-row")).to_be_visible()
    expect(page.locator(".jump")).to_be_hidden()
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator("#apart")).to_be_hidden()
    paper = page.pdf(prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
    assert paper.startswith(b"%PDF") and 2 <= sheets <= 9
