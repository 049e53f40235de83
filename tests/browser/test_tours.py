"""A tour in a real browser: registered, checked, begun, put back and reviewed at the desk; its signs on paper."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect

from db.store import open_store
from lobbydesk.home import store_path
from tests.browser.conftest import DESK, Screens, assert_accessible
from tests.browser.pdf_text import pages
from tests.demo import Demo


def log_in_as(screens: Screens, demo: Demo, name: str) -> Page:
    """Open the desk as somebody of the demo."""
    known = {one["name"]: one["password"] for one in json.loads((demo.home / "staff.json").read_text("utf-8"))}
    desk = screens.open(DESK, demo.url("desk", "/login"))
    desk.fill("[name=name]", name)
    desk.fill("[name=password]", known[name])
    desk.click("button.p")
    desk.wait_for_load_state()
    return desk


def test_a_tour_from_the_form_to_its_review(screens: Screens, demo: Demo, tmp_path: Path) -> None:
    desk = log_in_as(screens, demo, "chenjing")
    desk.goto(demo.url("desk", "/tours/new"))
    assert_accessible(desk)
    desk.check("[name=level][value='4']")
    desk.check("[name=way][value=ad_hoc]")
    for field, typed in {
        "organisation": "滨江创业园参观团",
        "name": "欧阳静",
        "phone": "13700004321",
        "people": "8",
        "places": "大堂—展厅",
        "plates": "沪A12345",
        "guests": "张会长",
        "from_": "00:00",
        "to": "23:59",
    }.items():
        desk.fill(f"[name={field}]", typed)
    desk.click(".form .btns button")
    desk.wait_for_url("**/cases/CG*")
    assert_accessible(desk)
    no = desk.url.rpartition("/")[2]
    desk.click("[action$='/prepare'] button")
    # The four checks stand between the preparation and everything after it.
    expect(desk.locator("[data-lacking='4']")).to_be_visible()
    for step, state in (("check", "checked"), ("start", "in_progress"), ("restore", "restored")):
        for box in desk.locator("label.item input").all():
            box.check()
        if desk.locator(".items-save button").count():
            desk.click(".items-save button")
        expect(desk.locator(f"[action='/tours/{no}/{step}'] button")).to_be_visible()
        desk.click(f"[action='/tours/{no}/{step}'] button")
        expect(desk.locator("main")).to_have_attribute("data-state", state)
    desk.fill("[name=well]", "引导有序")
    desk.click("[action$='/review'] button")
    desk.click("[action$='/file'] button")
    expect(desk.locator("main")).to_have_attribute("data-state", "filed")

    for sheet, words, count in (("table", "张会长", 1), ("board", "热烈欢迎", 1), ("signs", "参观专梯", 5)):
        desk.goto(demo.url("desk", f"/tours/{no}/{sheet}"))
        assert_accessible(desk)
        file = tmp_path / "sheet.pdf"
        desk.pdf(path=file, prefer_css_page_size=True)
        found = pages(file)
        assert len(found) == count and any(words in one for one in found), (sheet, found)
    store = open_store(store_path(demo.home))
    assert store.value("SELECT state FROM cases WHERE no = ?", [no]) == "filed"
    store.close()
