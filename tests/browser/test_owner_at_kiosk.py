"""An owner before the touch screen with a price of many lines: all that is asked of him stands on the screen."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page

from db.store import open_store
from lobbydesk.home import store_path
from reception import liability, quotations, repairs
from reception.permissions import Actor, Role
from reception.price_lines import Wanted
from tests.browser.conftest import LANDSCAPE, PORTRAIT, Screens, assert_accessible, assert_fits, larger_print
from tests.demo import Demo


@pytest.fixture(scope="module")
def quoted(one_demo: Demo) -> str:
    """The path of a repair whose price of twelve lines waits for an answer."""
    store = open_store(store_path(one_demo.home))
    row = store.row("SELECT id, name, department FROM staff WHERE role = 'receptionist'")
    assert row is not None
    by = Actor(Role.RECEPTIONIST, *row)
    case = repairs.register(
        store,
        nonce="r",
        name="张建国",
        phone="13800005678",
        unit="3-1-101",
        category="water",
        content="水管漏水",
        convenient_time="明天",
        urgency="ordinary",
        by=by,
        now=datetime.now(UTC),
    )
    liability.decide(store, no=case.no, liability="paid", part="pipes", reason="过保", by=by, now=datetime.now(UTC))
    lines = [Wanted(name=f"更换第 {number} 个角阀", unit="个", price="20") for number in range(1, 13)]
    quotations.make(store, nonce="q", no=case.no, lines=lines, by=by, now=datetime.now(UTC))
    store.close()
    return f"/T/{case.token}"


def in_sight(page: Page, selector: str) -> None:
    """Whatever is pressed lies on the screen, nothing over it."""
    for one in page.locator(selector).all():
        box = one.bounding_box()
        assert box is not None and box["y"] + box["height"] <= page.evaluate("window.innerHeight")
        one.click(trial=True)


@pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
@pytest.mark.parametrize("mode", ["zh", "en-large"])
def test_a_long_price_scrolls_within_and_the_answer_stands_on_the_screen(
    screens: Screens, one_demo: Demo, quoted: str, size: dict[str, int], mode: str
) -> None:
    kiosk = screens.open(size, one_demo.url("kiosk"), touch=True)
    if mode == "en-large":
        kiosk.tap("text=English")
        kiosk.locator("html[lang=en]").wait_for()
        larger_print(kiosk)
    kiosk.goto(one_demo.url("kiosk", quoted))
    assert_fits(kiosk)
    assert_accessible(kiosk)
    in_sight(kiosk, ".case-acts a, .foot button")
    assert kiosk.evaluate("(box => box.scrollHeight > box.clientHeight)(document.querySelector('.quoted-box'))")
