"""A move-in in a real browser: what to bring at the kiosk, on paper; begun, ticked and closed at the desk."""

from typing import Any

import pytest
from playwright.sync_api import expect

from db.store import open_store
from lobbydesk.home import store_path
from tests.browser.conftest import (
    LANDSCAPE,
    PORTRAIT,
    Screens,
    assert_accessible,
    assert_fits,
    larger_print,
)
from tests.browser.test_main_job import log_in
from tests.demo import Demo, until


def test_what_to_bring_then_the_move_in(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.click("a[href='/bring']")
    assert_accessible(kiosk)
    kiosk.click("a[href='/bring/move-in']")
    kiosk.click("a[href$='variant=move-in-company']")
    expect(kiosk.locator(".bring-card")).to_contain_text("单位证明")
    assert_accessible(kiosk)
    papers = len(list((demo.home / "paper").glob("*.png")))
    kiosk.click("text=打印这份清单")
    expect(kiosk.locator("[data-printed]")).to_be_visible()
    until(lambda: len(list((demo.home / "paper").glob("*.png"))) > papers)

    desk = log_in(screens, demo)
    desk.goto(demo.url("desk", "/procedures/new?template=move-in"))
    assert_accessible(desk)
    desk.fill("[name=unit]", "1-1-102")
    desk.fill("[name=name]", "何晓梅")
    desk.fill("[name=phone]", "13700001234")
    desk.click(".form .btns button")
    desk.wait_for_url("**/cases/BL*")
    assert_accessible(desk)
    boxes = desk.locator("label.item input")
    for number in range(boxes.count()):
        boxes.nth(number).check()
    desk.click(".items-save button")
    expect(desk.locator("[data-items-lacking='0']")).to_be_visible()
    desk.click("[action$='/finish'] button")
    expect(desk.locator("main")).to_have_attribute("data-state", "done")
    store = open_store(store_path(demo.home))
    assert store.value("SELECT handover_on FROM units WHERE building = '1' AND unit = '1' AND room = '102'")
    store.close()


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
def test_eight_lists_of_what_to_bring_fit_on_one_screen(screens: Screens, demo: Demo, size: dict[str, int]) -> None:
    kiosk = screens.open(size, demo.url("kiosk", "/bring"), touch=True)
    for language, large in (("zh", False), ("en", False), ("en", True), ("zh", True)):
        if kiosk.locator(f"[name=language][value={language}]").count():
            kiosk.tap(f"[name=language][value={language}]")
            expect(kiosk.locator(f"[name=language][value={language}]")).to_have_count(0)
        if large and not kiosk.locator("html.large").count():
            larger_print(kiosk)
        kiosk.goto(demo.url("kiosk", "/bring"))
        expect(kiosk.locator(".bring-choices .choice")).to_have_count(8)
        assert_fits(kiosk)
        assert_touchable(kiosk, ".bring-choices .choice")
        for matter in ("move-in", "bring-release", "bring-fees", "bring-inspection", "bring-custody"):
            kiosk.goto(demo.url("kiosk", f"/bring/{matter}"))
            assert_fits(kiosk)
            assert_touchable(kiosk, ".bring-tabs .choice")
            assert kiosk.evaluate("document.querySelector('.bring-card').clientHeight") > 150
    assert_accessible(kiosk)


def assert_touchable(page: Any, where: str) -> None:
    """Each is at least 60 pixels wide and high, and what it says stays inside it."""
    boxes = page.locator(where).evaluate_all(
        "all => all.map(one => [one.offsetWidth, one.offsetHeight, one.scrollWidth <= one.clientWidth + 1"
        " && one.scrollHeight <= one.clientHeight + 1])"
    )
    assert boxes and all(width >= 60 and height >= 60 and fits for width, height, fits in boxes), boxes
