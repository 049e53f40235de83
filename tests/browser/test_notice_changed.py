"""The notice is changed while somebody stands at the kiosk: he reads the new one on one screen, and goes on."""

from contextlib import closing
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from db.store import open_store
from lobbydesk.home import store_path
from reception import privacy_notices
from reception.permissions import Role
from tests.browser.conftest import Screens, assert_accessible, assert_fits, larger_print
from tests.browser.test_kiosk import LANGUAGES, SIZES, assert_targets, at_kiosk, shows
from tests.conftest import actor
from tests.demo import Demo


@SIZES
@LANGUAGES
@pytest.mark.parametrize("print_size", ["ordinary", "large"])
def test_the_new_notice_fits_is_read_by_fingers_and_nothing_is_typed_again(
    screens: Screens, one_demo: Demo, size: dict[str, int], language: str, print_size: str
) -> None:
    kiosk, fingers = at_kiosk(screens, one_demo, size)
    if print_size == "large":
        larger_print(kiosk)
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    shows(kiosk, "matter")
    with closing(open_store(store_path(one_demo.home))) as store:
        before = privacy_notices.in_force(store)
        new = privacy_notices.publish(
            store,
            after=str(before.version),
            text=f"{before.text}\n九、补充",
            text_en=f"{before.text_en}\n9. More",
            by=actor(store, Role.MANAGER),
            now=datetime.now(UTC),
        )
    fingers.tap('[data-matter="repair-water"]')
    expect(kiosk.locator("[data-anew]")).to_be_visible()
    if language == "en":
        fingers.tap("text=English")
        expect(kiosk.locator("html[lang=en]")).to_be_attached()
    expect(kiosk.locator("h1")).to_contain_text(new.label)
    assert_accessible(kiosk)
    assert_fits(kiosk)
    assert_targets(kiosk)
    read = kiosk.locator(".notice-text").evaluate("one => [one.clientHeight, one.scrollHeight]")
    assert read[0] > 200 and read[1] > read[0]
    fingers.tap("[data-read]")
    expect(kiosk.locator("#ticket")).to_be_visible()
