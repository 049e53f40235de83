"""The touch screen under fingers, keys and a scanner: both formats, both languages, larger print; and no way out."""

import os
import re
import signal
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from db.store import open_store, writing
from lobbydesk.home import store_path
from reception import visit_days
from reception.site import configure
from tests.browser.conftest import LANDSCAPE, PORTRAIT, Screens, assert_accessible, assert_fits, larger_print, scan
from tests.demo import Demo, until

SIZES = pytest.mark.parametrize("size", [PORTRAIT, LANDSCAPE], ids=["portrait", "landscape"])
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


class Fingers:
    """Taps, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.touches = 0

    def tap(self, *selectors: str) -> None:
        """Tap one after the other; each waits until it is there, and until the one before is answered.

        A tap while another is being answered is meant to do nothing, and what it is for may stand on both pages.
        """
        for place, selector in enumerate(selectors):
            if place:
                expect(self.page.locator("[data-retrying]")).to_have_count(0)
            self.page.tap(selector)
            self.touches += 1

    def keys(self, digits: str) -> None:
        """Tap digits of the ten-key pad."""
        self.tap(*(f'[data-key="{digit}"]' for digit in digits))


def at_kiosk(screens: Screens, demo: Demo, size: dict[str, int] = PORTRAIT) -> tuple[Page, Fingers]:
    """Open the kiosk."""
    page = screens.open(size, demo.url("kiosk"), touch=True)
    return page, Fingers(page)


def shows(page: Page, step: str) -> None:
    """Wait for a step of the registration."""
    expect(page.locator(f"#draft.step-{step}")).to_be_visible()


def test_touches_one_for_a_number_four_for_an_inquiry_eight_for_a_resident_s_repair(
    screens: Screens, demo: Demo
) -> None:
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap('[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A001")
    assert fingers.touches == 1
    kiosk.tap("text=完成")
    fingers.touches = 0
    fingers.tap(".line-general .tile-register", 'button[value="ask"]', '[data-matter="ask-fees"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A002")
    assert fingers.touches <= 4
    kiosk.tap("text=完成")
    fingers.touches = 0
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    shows(kiosk, "matter")
    expect(kiosk.locator(".lead")).to_contain_text("张**")
    assert "张建国" not in kiosk.content()
    fingers.tap('[data-matter="repair-water"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    assert fingers.touches == 8


@SIZES
@LANGUAGES
@pytest.mark.parametrize("print_size", ["ordinary", "large"])
def test_every_path_with_fingers_fits_and_is_accessible(
    screens: Screens, one_demo: Demo, size: dict[str, int], language: str, print_size: str
) -> None:
    kiosk, fingers = at_kiosk(screens, one_demo, size)
    large = print_size == "large"
    if language == "en":
        fingers.tap("text=English")
        expect(kiosk.locator("h1")).to_contain_text("Welcome")
    if large:
        larger_print(kiosk)

    def look() -> None:
        assert_accessible(kiosk)
        assert_fits(kiosk)
        assert_targets(kiosk)

    look()
    fingers.tap(".line-general .tile-register")
    shows(kiosk, "matter")
    look()
    fingers.tap('button[value="pay"]', 'button[value="pay-management"]')
    shows(kiosk, "entrance")
    look()
    fingers.tap('button[value="1|1"]')
    shows(kiosk, "room")
    look()
    fingers.tap('button[value="101"]')
    shows(kiosk, "phone")
    look()
    fingers.keys("9999")
    expect(kiosk.locator('#refusal[data-refused="phone_unrecognised"]')).to_be_visible()
    fingers.tap('[name="whole_phone"]')
    expect(kiosk.locator("[data-continue]")).to_be_visible()
    look()
    fingers.keys("13800005678")
    fingers.tap("[data-continue]")
    shows(kiosk, "confirm")
    expect(kiosk.locator(".summary")).to_contain_text("张**")
    look()
    fingers.tap("#draft .primary")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-paper", "printed")
    look()
    fingers.tap(".foot .wide .primary")
    for address, place in (("/about", ".week"), ("/emergency", ".hazard"), ("/emergency/gas", ".first-steps")):
        kiosk.goto(one_demo.url("kiosk", address))
        # The wipe took language and size back: they are chosen again, once.
        if language == "en" and kiosk.locator("html[lang=zh-CN]").count():
            fingers.tap("text=English")
            expect(kiosk.locator("html[lang=en]")).to_be_attached()
        if large and not kiosk.locator("html.large").count():
            larger_print(kiosk)
        expect(kiosk.locator(place).first).to_be_visible()
        look()


@SIZES
@pytest.mark.parametrize("mode", ["zh", "en-large"])
def test_a_repair_is_registered_without_a_number_and_shown_to_its_household(
    screens: Screens, demo: Demo, size: dict[str, int], mode: str
) -> None:
    with closing(open_store(store_path(demo.home))) as store, writing(store):
        visit_days.plan(store, at=datetime.now(UTC))
    kiosk, fingers = at_kiosk(screens, demo, size)
    if mode == "en-large":
        fingers.tap("text=English")
        expect(kiosk.locator("html[lang=en]")).to_be_attached()
        larger_print(kiosk)

    def look() -> None:
        assert_accessible(kiosk)
        assert_fits(kiosk)
        assert_targets(kiosk)

    fingers.touches = 0
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    shows(kiosk, "matter")
    look()
    fingers.tap('[name="direct"]')
    expect(kiosk.locator(".direct-on")).to_be_visible()
    fingers.tap('button[value="repair-water"]')
    for step, choice in (("place", "kitchen"), ("urgency", "ordinary"), ("time", "any")):
        shows(kiosk, step)
        look()
        fingers.tap(f'button[value="{choice}"]')
    shows(kiosk, "registering")
    look()
    fingers.tap("[data-register-repair]")
    expect(kiosk.locator("#registered")).to_have_attribute("data-paper", "printed")
    look()
    assert fingers.touches == 13
    fingers.tap(".foot .wide .primary")
    expect(kiosk.locator("[data-line]")).to_have_count(4)
    # Whoever comes again for it is led to its page instead of reporting it twice.
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    fingers.tap('[name="direct"]', "a.known")
    expect(kiosk.locator("#case")).to_have_attribute("data-state", "registered")
    look()
    if (size is PORTRAIT) == (mode == "zh"):
        fingers.tap(".foot .wide .primary")
        expect(kiosk.locator("[data-line]")).to_have_count(4)
        _books_the_visit_day(kiosk, fingers, demo, mode, look)


def _books_the_visit_day(kiosk: Page, fingers: Fingers, demo: Demo, mode: str, look: Callable[[], None]) -> None:
    """The first free time in ten touches; another time by its own code, proven by the telephone."""
    if mode == "en-large":
        fingers.tap("text=English")
        expect(kiosk.locator("html[lang=en]")).to_be_attached()
        larger_print(kiosk)
    # A tenant: the longest of all refusals, and nobody scrolls to what stands below it.
    fingers.tap("#say-visit-day", 'button[value="1|1"]', 'button[value="202"]')
    fingers.keys("1357")
    expect(kiosk.locator('[data-refused="owners_only"]')).to_be_visible()
    look()
    kiosk.goto(demo.url("kiosk", "/"))
    fingers.touches = 0
    fingers.tap("#say-visit-day", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    shows(kiosk, "topic")
    look()
    fingers.tap('button[value="parking"]')
    shows(kiosk, "booking")
    look()
    fingers.tap('[name="another"]')
    shows(kiosk, "slot")
    look()
    fingers.tap('[name="back"]')
    shows(kiosk, "booking")
    fingers.tap("[data-book]")
    expect(kiosk.locator("#registered")).to_have_attribute("data-paper", "printed")
    expect(kiosk.locator("[data-starts]")).to_have_text("10:00")
    look()
    # Two of them only for a look at the other times.
    assert fingers.touches == 11
    token = kiosk.url.rpartition("/")[2]
    kiosk.goto(demo.url("kiosk", f"/T/{token}"))
    expect(kiosk.locator(".booking-facts")).to_be_visible()
    look()
    fingers.tap("a[href$='do=another']")
    expect(kiosk.locator(".choices-slot").first).to_be_visible()
    look()
    fingers.tap("a.choice:has-text('11:30') >> nth=0")
    expect(kiosk.locator("#ask")).to_be_visible()
    look()
    fingers.keys("5678")
    fingers.tap("[data-continue]")
    expect(kiosk.locator("[data-changes]")).to_be_visible()
    look()


def assert_targets(page: Page) -> None:
    """The figures of the elder-friendly specification: targets of 60, text of 18 (24 larger), lines of 1.3."""
    found = page.evaluate(
        "[...document.querySelectorAll('main button, main a, main summary, footer button, footer a')]"
        ".filter(e => e.checkVisibility() && !e.disabled).map(e => [e.innerText, e.offsetWidth, e.offsetHeight])"
    )
    for text, width, height in found:
        # The link in a line of text is an ordinary target (44), all others are main ones (60, less their own border).
        least = 44 if "需要时间" in text or "more time" in text else 58
        assert width >= 60 and height >= least, (text, width, height)
    small = page.evaluate(
        """(limit) => [...document.querySelectorAll("main *, footer *")]
          .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
          .map((e) => [e.textContent.trim().slice(0, 40), parseFloat(getComputedStyle(e).fontSize)])
          .filter(([, size]) => size < limit)""",
        18,
    )
    assert not small, small


def test_language_and_print_change_on_the_way_and_nothing_entered_is_lost(screens: Screens, demo: Demo) -> None:
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap(".line-repair .tile-register", 'button[value="2|1"]', 'button[value="201"]')
    shows(kiosk, "phone")
    fingers.keys("56")
    fingers.tap("text=English")
    expect(kiosk.locator("h1")).to_contain_text("Last four digits")
    expect(kiosk.locator("[data-keypad-field]")).to_have_value("56")
    expect(kiosk.locator(".lead")).to_contain_text("2-1-201")
    fingers.tap("text=Larger print")
    expect(kiosk.locator("html.large")).to_be_attached()
    expect(kiosk.locator("[data-keypad-field]")).to_have_value("56")
    fingers.tap('[name="skip"]')
    shows(kiosk, "matter")
    fingers.tap('[name="several"]')
    fingers.tap('button[value="repair-door"]', 'button[value="repair-wall"]', "text=中文")
    expect(kiosk.locator(".choice.chosen")).to_have_count(2)
    fingers.tap("text=返回")
    expect(kiosk.locator(".choice.chosen")).to_have_count(0)
    fingers.tap("text=返回")
    shows(kiosk, "phone")
    fingers.tap("text=返回")
    shows(kiosk, "room")
    fingers.tap("text=返回")
    shows(kiosk, "entrance")
    fingers.tap("text=返回首页")
    expect(kiosk.locator("[data-line]")).to_have_count(4)


def test_a_household_s_open_repair_is_offered_and_complaints_never(screens: Screens, demo: Demo) -> None:
    demo.log_in()
    person = {"unit": "1-1-101", "phone": "5678"}
    repair = {"category": "water", "content": "漏水", "urgency": "urgent", "dispatch": "1"}
    assert demo.post("desk", "/repairs", nonce="r", **person, **repair)[0] == 204
    complaint = {"category": "noise", "facts": "吵", "wish": ""}
    assert demo.post("desk", "/complaints", nonce="c", **person, **complaint)[0] == 204
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    expect(kiosk.locator(".known")).to_have_count(1)
    assert "TS2" not in kiosk.content()
    assert_accessible(kiosk)
    assert_fits(kiosk)
    fingers.tap(".known")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    # Not recognised, nothing of the household is told.
    kiosk.goto(demo.url("kiosk"))
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]', '[name="skip"]')
    shows(kiosk, "matter")
    expect(kiosk.locator(".known")).to_have_count(0)


def test_nothing_leads_out_and_nothing_shows_the_last_visitor(screens: Screens, demo: Demo) -> None:
    kiosk, fingers = at_kiosk(screens, demo)
    entries = kiosk.evaluate("history.length")
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    fingers.keys("5678")
    shows(kiosk, "matter")
    kiosk.reload()
    shows(kiosk, "entrance")
    assert "张" not in kiosk.inner_text("main")
    fingers.tap("text=返回首页", '[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_be_visible()
    fingers.tap("text=完成")
    expect(kiosk.locator("[data-line]")).to_have_count(4)
    # One entry in the browser's history, whatever was shown: the back button has nowhere to go.
    assert kiosk.evaluate("history.length") == entries
    kiosk.reload()
    assert kiosk.url == demo.url("kiosk")
    assert "A001" not in kiosk.inner_text("main")
    stopped = kiosk.evaluate(
        """() => {
          const stopped = (event) => !document.body.dispatchEvent(event);
          const key = (key, more) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
          return [
            stopped(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })),
            stopped(new DragEvent("dragstart", { bubbles: true, cancelable: true })),
            stopped(new WheelEvent("wheel", { ctrlKey: true, bubbles: true, cancelable: true })),
            stopped(key("F5")), stopped(key("ArrowLeft", { altKey: true })), stopped(key("l", { ctrlKey: true })),
            stopped(key("BrowserBack")), stopped(key("Escape", { shiftKey: true })),
          ];
        }"""
    )
    assert all(stopped), stopped
    two = kiosk.evaluate(
        """() => {
          const finger = (id) => new Touch({ identifier: id, target: document.body, clientX: id * 50, clientY: 50 });
          const touches = [finger(1), finger(2)];
          const event = new TouchEvent("touchmove", { touches, bubbles: true, cancelable: true });
          return !document.body.dispatchEvent(event);
        }"""
    )
    assert two, "two fingers zoom"


def test_a_touch_is_answered_at_once_however_slow_the_server(screens: Screens, demo: Demo) -> None:
    kiosk, _ = at_kiosk(screens, demo)
    kiosk.route("**/check-in", lambda route: None)
    # In the very turn of the touch, before any answer: no clock is needed to show that it is under 100 ms.
    marked = kiosk.evaluate(
        "() => { const b = document.querySelector('[data-line=general]'); b.click();"
        " return b.classList.contains('htmx-request') && getComputedStyle(b).backgroundColor; }"
    )
    assert marked and marked != "rgba(0, 0, 0, 0)"
    kiosk.unroute_all(behavior="ignoreErrors")


def test_priority_is_one_tap_on_the_ticket(screens: Screens, demo: Demo) -> None:
    demo.check_in("general", "first")
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap('[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ahead", "1")
    fingers.tap(".care button")
    expect(kiosk.locator("[data-priority]")).to_be_visible()
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ahead", "0")
    assert fingers.touches == 2


def test_a_double_tap_on_a_step_is_one_step_and_on_the_last_one_ticket(screens: Screens, demo: Demo) -> None:
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]')
    shows(kiosk, "room")
    kiosk.evaluate("() => { const b = document.querySelector('button[value=\"101\"]'); b.click(); b.click(); }")
    shows(kiosk, "phone")
    fingers.tap('[name="skip"]')
    shows(kiosk, "matter")
    kiosk.evaluate("() => { const b = document.querySelector('[data-matter]'); b.click(); b.click(); b.click(); }")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    assert demo.ticket_no(demo.check_in("repair", "after")) == "W002"


STEPS: dict[str, tuple[str, ...]] = {
    "entrance": (".line-repair .tile-register",),
    "room": (".line-repair .tile-register", 'button[value="1|1"]'),
    "phone": (".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]'),
    "matter": (".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]', '[name="skip"]'),
    "host": (".line-general .tile-register", 'button[value="see-somebody"]'),
}


def test_idle_at_every_step_warns_then_wipes_here_and_on_the_server(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, "about:blank", touch=True)
    kiosk.clock.install()
    for step, taps in STEPS.items():
        kiosk.goto(demo.url("kiosk"))
        Fingers(kiosk).tap("text=English", *taps)
        shows(kiosk, step)
        kiosk.clock.run_for(46_000)
        expect(kiosk.locator("#idle")).to_be_visible()
        kiosk.tap("[data-idle-stay]")
        expect(kiosk.locator("#idle")).not_to_be_visible()
        shows(kiosk, step)
        kiosk.clock.run_for(70_000)
        expect(kiosk.locator("[data-line]")).to_have_count(4)
        assert kiosk.url == demo.url("kiosk")
        # The language went with the visitor.
        expect(kiosk.locator("html")).to_have_attribute("lang", "zh-CN")
        assert not [cookie for cookie in kiosk.context.cookies() if cookie.get("name") in {"language", "size"}]


def test_larger_print_gives_four_times_as_long(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, "about:blank", touch=True)
    kiosk.clock.install()
    kiosk.goto(demo.url("kiosk"))
    Fingers(kiosk).tap("text=大字版", ".line-repair .tile-register")
    shows(kiosk, "entrance")
    kiosk.clock.run_for(170_000)
    expect(kiosk.locator("#idle")).not_to_be_visible()
    kiosk.clock.run_for(12_000)
    expect(kiosk.locator("#idle")).to_be_visible()


def test_the_server_goes_away_in_the_middle_and_nothing_entered_is_lost(screens: Screens, demo: Demo) -> None:
    kiosk, fingers = at_kiosk(screens, demo)
    fingers.tap(".line-repair .tile-register", 'button[value="1|1"]', 'button[value="101"]')
    shows(kiosk, "phone")
    fingers.keys("567")
    for pid in demo.pids()["kiosk"]:
        os.kill(pid, signal.SIGKILL)
    fingers.keys("8")
    expect(kiosk.locator("#connection")).to_be_visible()
    shows(kiosk, "matter")
    expect(kiosk.locator("#connection")).not_to_be_visible()
    expect(kiosk.locator(".lead")).to_contain_text("张**")
    for pid in demo.pids()["kiosk"]:
        os.kill(pid, signal.SIGKILL)
    fingers.tap('[data-matter="repair-water"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    assert demo.ticket_no(demo.check_in("repair", "after")) == "W002"


def test_the_wipe_waits_for_the_server_with_nothing_on_the_screen(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, "about:blank", touch=True)
    kiosk.clock.install()
    kiosk.goto(demo.url("kiosk"))
    Fingers(kiosk).tap(".line-repair .tile-register", 'button[value="1|1"]')
    shows(kiosk, "room")
    kiosk.route("**/reset", lambda route: route.abort())
    kiosk.clock.run_for(66_000)
    expect(kiosk.locator("#draft")).to_have_count(0)
    expect(kiosk.locator("#connection")).to_be_visible()
    kiosk.unroute("**/reset")
    kiosk.clock.run_for(3_000)
    expect(kiosk.locator("[data-line]")).to_have_count(4)


def test_codes_at_the_scanner(screens: Screens, demo: Demo) -> None:
    place = demo.check_in("general", "n")
    kiosk, _ = at_kiosk(screens, demo)
    for code, refused in (
        ("HTTP://EVIL.EXAMPLE/", "scan_foreign"),
        ("../../etc/passwd", "scan_foreign"),
        ("<script>alert(1)</script>", "scan_foreign"),
        ("A" * 26, "code_unknown"),
        ("x" * 190, "scan_foreign"),
        ("付款码", "scan_unreadable"),
    ):
        scan(kiosk, code)
        expect(kiosk.locator(f'#refusal[data-refused="{refused}"]')).to_be_visible()
        assert kiosk.url == demo.url("kiosk")
    scan(kiosk, demo.url("kiosk", place).upper())
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A001")
    # Typed by a person the same letters are no scan: each key comes long after the last one.
    kiosk.goto(demo.url("kiosk"))
    for key in ("F9", *place[-4:], "Enter"):
        kiosk.wait_for_timeout(130)
        kiosk.keyboard.press(key)
    assert kiosk.url == demo.url("kiosk")


def test_a_missed_ticket_at_the_scanner_goes_on_waiting_and_a_receipt_shows_its_case(
    screens: Screens, demo: Demo
) -> None:
    place = demo.check_in("general", "n")
    until(demo.papers)
    demo.log_in()
    demo.call_next()
    demo.post("desk", "/queue/missed", counter="1", holding="A001")
    kiosk, _ = at_kiosk(screens, demo)
    scan(kiosk, demo.url("kiosk", place).upper())
    expect(kiosk.locator("#ticket")).to_have_attribute("data-state", "waiting")
    complaint = {"unit": "1-1-101", "phone": "5678", "category": "noise", "facts": "吵", "wish": ""}
    where = demo.post("desk", "/complaints", nonce="c", **complaint)
    assert where[0] == 204
    until(lambda: len(demo.papers()) == 2)
    store = open_store(store_path(demo.home))
    token = store.value("SELECT token FROM cases")
    store.close()
    scan(kiosk, f"{demo.url('kiosk')}T/{token}".upper())
    expect(kiosk.locator("[data-case-no]")).to_contain_text("TS")
    assert_accessible(kiosk)
    assert_fits(kiosk)


def test_registering_by_keyboard_and_by_names_that_are_read_aloud(screens: Screens, demo: Demo) -> None:
    kiosk, _ = at_kiosk(screens, demo)
    # The first word of the stream makes the screen look by itself.
    with kiosk.expect_response("**/waiting"):
        kiosk.reload()
    kiosk.wait_for_timeout(200)
    kiosk.get_by_role("link", name=re.compile("先选事项")).first.focus()
    # It looks again, and again the moment that what it saw is there: no look is lost.
    kiosk.evaluate("""() => {
        const look = () => { document.getElementById("tiles").old = true; htmx.trigger("#tiles", "live"); };
        document.body.addEventListener("htmx:afterSwap", () => setTimeout(look), { once: true });
        look();
    }""")
    until(lambda: not kiosk.evaluate("document.getElementById('tiles').old"))
    # What was set at the desk concerns the whole page: it is shown anew, and the keyboard is where it was.
    kiosk.evaluate("document.getElementById('tiles').old = true, document.dispatchEvent(new Event('kiosk:site'))")
    until(lambda: not kiosk.evaluate("document.getElementById('tiles').old"))
    kiosk.keyboard.press("Enter")
    shows(kiosk, "entrance")
    kiosk.get_by_role("button", name="1号楼 1单元").focus()
    kiosk.keyboard.press("Enter")
    shows(kiosk, "room")
    kiosk.get_by_role("button", name="101").focus()
    kiosk.keyboard.press("Enter")
    shows(kiosk, "phone")
    kiosk.get_by_role("textbox", name="手机号后四位").focus()
    kiosk.keyboard.type("5678", delay=120)
    shows(kiosk, "matter")
    kiosk.get_by_role("checkbox", name=re.compile("需要优先照顾")).focus()
    kiosk.keyboard.press("Space")
    kiosk.get_by_role("button", name=re.compile("水暖管道")).focus()
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    store = open_store(store_path(demo.home))
    assert store.value("SELECT priority FROM tickets") == 1
    store.close()


def test_outside_the_hours_the_screen_says_when_and_still_helps(screens: Screens, demo: Demo) -> None:
    store = open_store(store_path(demo.home))
    configure(store, hours_work="", hours_rest="")
    store.close()
    for size in (PORTRAIT, LANDSCAPE):
        kiosk, fingers = at_kiosk(screens, demo, size)
        expect(kiosk.locator("[data-closed]")).to_be_visible()
        assert_accessible(kiosk)
        assert_fits(kiosk)
        fingers.tap(".emergency", '[data-hazard="water"]', "[data-alarm-press]")
        # Nobody is there: the telephone at once.
        expect(kiosk.locator('#emergency-state[data-state="phone"]')).to_contain_text("010-6200-8610")
        assert_accessible(kiosk)


def test_the_start_opens_and_closes_by_itself(screens: Screens, demo: Demo) -> None:
    def hours(text: str) -> None:
        store = open_store(store_path(demo.home))
        configure(store, hours_work=text, hours_rest=text)
        store.close()

    kiosk, _ = at_kiosk(screens, demo)
    expect(kiosk.locator("[data-line]")).to_have_count(4)
    hours("")
    expect(kiosk.locator("[data-closed]")).to_be_visible()
    expect(kiosk.locator("[data-line]")).to_have_count(0)
    hours("00:00-24:00")
    expect(kiosk.locator("[data-line]")).to_have_count(4)


def test_an_outage_longer_than_patience_wipes_once_and_nobody_s_press_comes_late(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, "about:blank", touch=True)
    kiosk.clock.install()
    kiosk.goto(demo.url("kiosk"))
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort()

    kiosk.route("**/check-in", lose)
    kiosk.tap('[data-line="general"]')
    expect(kiosk.locator("#connection")).to_be_visible()
    # The clock is the test's, the lost answers are the browser's own: between its steps they have time to come.
    for _ in range(30):
        kiosk.clock.run_for(3_000)
        kiosk.wait_for_timeout(15)
    tried = len(lost)
    assert tried > 3
    kiosk.clock.run_for(30_000)
    # Whoever pressed has left: the press is given up, and the next visitor's works.
    assert len(lost) == tried
    kiosk.unroute("**/check-in")
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "W001")
    lost.clear()
    kiosk.route("**/reset", lose)
    for _ in range(80):
        kiosk.clock.run_for(3_000)
        kiosk.wait_for_timeout(15)
    # One wipe waits, however long it takes; not one more every minute: at most one try in each of these steps.
    assert 1 < len(lost) <= 80
    kiosk.unroute("**/reset")
    kiosk.clock.run_for(3_000)
    expect(kiosk.locator("[data-line]")).to_have_count(4)


def test_a_tap_during_the_screen_s_own_look_is_not_lost(screens: Screens, demo: Demo) -> None:
    kiosk, _ = at_kiosk(screens, demo)
    kiosk.wait_for_timeout(800)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    kiosk.route(demo.url("kiosk"), hold)
    kiosk.evaluate("document.dispatchEvent(new Event('kiosk:site'))")
    kiosk.wait_for_timeout(500)
    assert held
    kiosk.tap('[data-line="general"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "A001")
    held[0].continue_()
    kiosk.wait_for_timeout(500)
    # The late answer of the look does not take the ticket away.
    expect(kiosk.locator("#ticket")).to_be_visible()


@SIZES
def test_the_busy_start_with_notices_and_waits_fits_in_every_mode(
    screens: Screens, demo: Demo, size: dict[str, int]
) -> None:
    store = open_store(store_path(demo.home))
    for number in range(3):
        store.execute(
            "INSERT INTO notices (title, title_en, from_on, until_on) VALUES (?, ?, '2020-01-01', '2099-01-01')",
            [
                f"12月4日接访日请提前预约，地点在二楼会议室 {number}",
                f"Please book the visit day ahead, at the desk {number}",
            ],
        )
    store.close()
    demo.log_in()
    demo.post("desk", "/queue/seat", counter="1")
    places = [demo.check_in("general", f"n{number}") for number in range(12)]
    demo.call_next("1")
    # Taken a while ago: whoever holds it to the scanner may give it back, too.
    store = open_store(store_path(demo.home))
    ago = "strftime('%Y-%m-%dT%H:%M:%fZ', issued_at, '-5 minutes')"
    store.execute(f"UPDATE tickets SET issued_at = {ago} WHERE no = 'A012'")  # noqa: S608
    store.close()
    kiosk, fingers = at_kiosk(screens, demo, size)
    expect(kiosk.locator(".tile-wait").first).to_be_visible()
    for press in (None, "[name=size]", "[name=language]", "[name=size]"):
        if press:
            before = kiosk.evaluate("document.documentElement.outerHTML.length")
            fingers.tap(press)
            kiosk.wait_for_function("(was) => document.documentElement.outerHTML.length !== was", arg=before)
        assert_fits(kiosk)
        assert_accessible(kiosk)
        assert_targets(kiosk)
        # Somebody else's code is refused here; then a number of ours, with its wait and all that its holder may do.
        scan(kiosk, "NOT-OURS")
        expect(kiosk.locator("#refusal")).to_have_attribute("data-refused", "scan_foreign")
        assert_fits(kiosk)
        for place, acts in ((places[10], 0), (places[11], 1)):
            kiosk.goto(demo.url("kiosk", place))
            expect(kiosk.locator(".fact-wait")).to_be_visible()
            expect(kiosk.locator(".own-acts")).to_have_count(acts)
            assert_fits(kiosk)
            assert_targets(kiosk)
        kiosk.goto(demo.url("kiosk"))
        expect(kiosk.locator(".tile-wait").first).to_be_visible()


def test_what_moves_while_a_page_is_on_its_way_is_not_missed(screens: Screens, demo: Demo) -> None:
    """Who stood before us was called before the page with our number was shown: nothing else will tell of it."""
    demo.log_in()
    demo.check_in("repair", "before-us")
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.wait_for_timeout(500)

    def slow(route: Route) -> None:
        answer = route.fetch()
        assert 'data-ahead="1"' in answer.text()
        assert demo.call_next() == "W001"
        kiosk.wait_for_timeout(1500)
        route.fulfill(response=answer)

    kiosk.route("**/check-in", slow)
    kiosk.tap('[data-line="repair"]')
    expect(kiosk.locator('#ticket[data-ticket-no="W002"]')).to_have_attribute("data-ahead", "0")
