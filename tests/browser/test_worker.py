"""The worker's phone in a real browser: signed in, the walk of an order, and a line that breaks at the worst moment."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import order_steps, repairs, work_orders
from reception.permissions import Actor, Role
from tests.browser.conftest import PHONE, Screens, assert_accessible, running_demo
from tests.demo import Demo, until

PIN = "2580"


@pytest.fixture(scope="module")
def demo(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all of these: they never meet in an order."""
    with running_demo(prepared, tmp_path_factory.mktemp("worker") / "home") as running:
        yield running


@pytest.fixture
def store(demo: Demo) -> Iterator[Store]:
    """The demo's store, to look at what happened."""
    opened = open_store(store_path(demo.home))
    yield opened
    opened.close()


@pytest.fixture
def new_order(store: Store) -> Callable[..., str]:
    """Send a repair out to the worker; return the number of its order."""
    row = store.row("SELECT id, name, department FROM staff WHERE role = 'receptionist'")
    assert row is not None
    by = Actor(Role.RECEPTIONIST, *row)

    def make(content: str = "水龙头漏水") -> str:
        now = datetime.now(UTC)
        case = repairs.register(
            store,
            nonce=f"n{time.monotonic_ns()}",
            name="张建国",
            phone="13800005678",
            unit="1-1-101",
            category="water",
            content=content,
            place="厨房",
            convenient_time="",
            urgency="urgent",
            by=by,
            now=now,
        )
        work_orders.dispatch(store, no=case.no, worker="zhaogang", by=by, now=datetime.now(UTC))
        order = work_orders.live(store, case.id)
        assert order is not None
        return order.no

    return make


def sign_in(screens: Screens, demo: Demo, path: str = "/work") -> Page:
    """Sign a phone in, from whatever page was asked for."""
    page = screens.open(PHONE, demo.url("desk", path), touch=True)
    page.fill("[name=name]", "zhaogang")
    page.fill("[name=password]", json.loads((demo.home / "login.json").read_text())["password"])
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click(".do")
    return page


def events(store: Store, no: str, what: str) -> int:
    """Return how often an act was done with an order."""
    sql = "SELECT count(*) FROM events WHERE what = ? AND json_extract(detail, '$.order') = ?"
    return int(store.value(sql, [what, no]))


def at(page: Page, state: str) -> None:
    expect(page.locator(f"body[data-state={state}]")).to_be_visible()


def thumbs(page: Page) -> None:
    """Whatever is pressed is big enough for a glove, and the main thing lies under the thumb."""
    for box in page.evaluate(
        """() => [...document.querySelectorAll('a, button, .take')].filter((one) => one.checkVisibility())
             .map((one) => [one.textContent.trim(), one.getBoundingClientRect().height])"""
    ):
        assert box[1] >= 56, box
    bar = page.locator(".page > .bar .do")
    if bar.count():
        box = bar.bounding_box()
        assert box is not None and box["height"] >= 56 and box["y"] > PHONE["height"] * 0.75


def test_from_the_slip_s_code_to_the_end_of_an_order(
    screens: Screens, demo: Demo, store: Store, new_order: Callable[..., str], tmp_path: Path
) -> None:
    no = new_order()
    token = store.value("SELECT token FROM work_orders WHERE no = ?", [no])
    slip = screens.open(PHONE, demo.url("kiosk", f"/T/{token}"), touch=True)
    link = slip.locator(".for-worker a")
    assert link.get_attribute("href") == demo.url("desk", f"/work/q/{token}")
    page = sign_in(screens, demo, f"/work/q/{token}")
    at(page, "dispatched")
    assert page.url.endswith(f"/work/o/{no}")
    assert page.locator('a[href="tel:13800005678"]').count()
    thumbs(page)
    assert_accessible(page)
    page.tap(".page > .bar .do")
    at(page, "accepted")
    page.tap(".page > .bar .do")
    at(page, "on_site")
    Image.effect_noise((3000, 2000), 40).convert("RGB").save(tmp_path / "photo.jpg", quality=95)
    page.set_input_files("#photos-before input[type=file]", tmp_path / "photo.jpg")
    expect(page.locator("#photos-before img")).to_have_count(1)
    assert store.value("SELECT bytes FROM photos") < 2_000_000
    page.tap("a[href='#suspend']")
    page.check("#suspend [value=material]")
    page.tap("#suspend .do")
    at(page, "suspended")
    thumbs(page)
    page.tap(".page > .bar .do")
    at(page, "on_site")
    page.tap(".page > .bar .do")
    expect(page.locator(".bar a[href='#finish']")).to_be_visible()
    page.tap(".page > .bar .do")
    assert_accessible(page)
    # Refused in a sentence, and what was typed is still there.
    page.tap("#finish [data-more]")
    page.tap("#finish .do")
    expect(page.locator("#finish .told")).to_have_attribute("data-refused", "work_done_missing")
    page.check("#finish [value=replaced]")
    page.fill("#finish [name=work_done]", "换了阀芯")
    expect(page.locator("#labour")).to_have_value("15")
    page.locator("#finish [name=material]").first.fill("阀芯")
    page.tap("#finish .do")
    at(page, "finished")
    expect(page.locator("text=更换配件；换了阀芯")).to_be_visible()
    row = store.row("SELECT labour_minutes FROM work_orders WHERE no = ?", [no])
    assert row is not None and row[0] == 15
    assert store.value("SELECT name FROM order_materials") == "阀芯"
    assert_accessible(page)
    page.goto(demo.url("desk", "/work"))
    thumbs(page)
    assert_accessible(page)
    page.tap("text=English")
    expect(page.locator("h1")).to_contain_text("Today's orders")
    assert_accessible(page)
    # A new opening of the browser knows the phone, and asks for the PIN alone.
    page.context.clear_cookies(name="work_open")
    page.goto(demo.url("desk", f"/work/o/{no}"))
    assert_accessible(page)
    page.fill("[name=pin]", PIN)
    page.tap(".do")
    at(page, "finished")


def test_a_line_that_breaks_sends_once(
    screens: Screens, demo: Demo, store: Store, new_order: Callable[..., str]
) -> None:
    """Twice nothing goes out, then the answer is lost on its way back; a double tap besides."""
    no = new_order()
    page = sign_in(screens, demo, f"/work/o/{no}")
    at(page, "dispatched")
    tried: list[str] = []

    def line(route: Route) -> None:
        tried.append(route.request.post_data or "")
        if len(tried) <= 2:
            route.abort("internetdisconnected")
        elif len(tried) == 3:
            route.fetch(max_redirects=0)  # it arrives, and the worker does not learn of it
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/accept", line)
    page.evaluate("() => { const b = document.querySelector('.page > .bar .do'); b.click(); b.click(); b.click(); }")
    expect(page.locator("#unsent.waiting")).to_be_visible()
    expect(page.locator(".page > .bar .do")).to_have_text("未送达，联网后自动重发")
    assert_accessible(page)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    at(page, "accepted")
    expect(page.locator("#unsent")).to_be_hidden()
    assert events(store, no, "accept") == 1
    assert len(tried) == 4 and len(set(tried)) == 1, "the same form, with the same nonce"
    expect(page.locator("#told")).to_be_empty()
    # What could well be done twice is done once too: the answer is lost, the same thing is sent again.
    tried[:] = ["", ""]
    page.route("**/reschedule", line)
    page.tap("a[href='#reschedule']")
    page.fill("#reschedule [name=appointed_at]", f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%dT09:00}")
    page.fill("#reschedule [name=reason]", "业主上班")
    page.tap("#reschedule .do")
    expect(page.locator(".facts dl")).to_contain_text(" 09:00")
    assert len(tried) == 4 and events(store, no, "reschedule") == 1


def test_what_was_pressed_outlives_the_page_the_pin_and_the_server(
    screens: Screens, demo: Demo, store: Store, new_order: Callable[..., str]
) -> None:
    no, other = new_order(), new_order("灯不亮")
    page = sign_in(screens, demo, f"/work/o/{no}")
    at(page, "dispatched")
    # The server ends while the form is on its way, and comes back by itself.
    parent = demo.pids()["desk"][0]
    os.kill(parent, signal.SIGSTOP)
    for pid in demo.pids()["desk"][1:]:
        os.kill(pid, signal.SIGKILL)
    page.tap(".page > .bar .do")
    os.kill(parent, signal.SIGKILL)
    expect(page.locator("#unsent.waiting")).to_be_visible()
    # Reloading is impossible now; another page of the tab would find it too.
    assert page.evaluate("JSON.parse(sessionStorage.getItem('work.unsent')).length") == 1
    until(lambda: demo.get("desk", "/health")[0] == 200 if _listens(demo) else False, 20)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    at(page, "accepted")
    assert events(store, no, "accept") == 1
    # The phone was locked meanwhile: the act waits for the PIN, and goes out once it is given.
    page.goto(demo.url("desk", f"/work/o/{other}"))
    store.execute("UPDATE worker_devices SET opening_hash = NULL, used_at = NULL")
    page.tap(".page > .bar .do")
    expect(page.locator("[data-kept]")).to_be_visible()
    assert events(store, other, "accept") == 0
    page.fill("[name=pin]", PIN)
    page.tap(".do")
    at(page, "accepted")
    assert events(store, other, "accept") == 1
    assert page.evaluate("sessionStorage.getItem('work.unsent')") == "[]"


def _listens(demo: Demo) -> bool:
    try:
        return demo.get("desk", "/health")[0] == 200
    except OSError:
        return False


def test_acts_keep_their_order_before_photos_and_refusals_are_told(
    screens: Screens, demo: Demo, store: Store, new_order: Callable[..., str], tmp_path: Path
) -> None:
    no = new_order()
    page = sign_in(screens, demo, f"/work/o/{no}")
    at(page, "dispatched")
    cut = {"on": True}
    came: list[str] = []

    def line(route: Route) -> None:
        if cut["on"] and route.request.method == "POST":
            route.abort("internetdisconnected")
        else:
            if route.request.method == "POST":
                came.append(route.request.url.rsplit("/", 1)[1])
            route.continue_()

    page.route("**/work/o/**", line)
    for colour in ("red", "blue"):
        Image.new("RGB", (400, 300), colour).save(tmp_path / f"{colour}.jpg")
        page.set_input_files("#photos-before input[type=file]", tmp_path / f"{colour}.jpg")
        expect(page.locator(".take").first).to_have_attribute("data-waiting", "1" if colour == "red" else "2")
    page.tap(".page > .bar .do")
    expect(page.locator(".page > .bar .do")).to_have_text("未送达，联网后自动重发")
    # The other acts of the order wait too.
    page.evaluate("document.querySelector('.acts form button').click()")
    assert page.evaluate(
        "JSON.parse(sessionStorage.getItem('work.unsent')).map((item) => item.address.split('/').pop())"
    ) == [
        "accept",
        "photos",
        "photos",
    ]
    cut["on"] = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    at(page, "accepted")
    expect(page.locator("#photos-before img")).to_have_count(2)
    assert came == ["accept", "photos", "photos"]
    # Meanwhile the desk took the order back: the answer is told, and the page shows how it stands.
    head = store.row("SELECT id, name, department FROM staff WHERE role = 'receptionist'")
    assert head is not None

    order_steps.send_back(
        store, order_no=no, reason="other_trade", by=Actor(Role.RECEPTIONIST, *head), now=datetime.now(UTC)
    )
    page.tap(".page > .bar .do")
    expect(page.locator("#told")).to_have_attribute("data-refused", "order_over")
    at(page, "returned")
    expect(page.locator(".page > .bar")).to_have_count(0)


def test_it_works_without_script(browser: Browser, demo: Demo, store: Store, new_order: Callable[..., str]) -> None:
    no = new_order()
    options: dict[str, Any] = {"viewport": PHONE, "java_script_enabled": False}
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(demo.url("desk", f"/work/o/{no}"))
    page.fill("[name=name]", "zhaogang")
    page.fill("[name=password]", json.loads((demo.home / "login.json").read_text())["password"])
    page.fill("[name=pin]", PIN)
    page.fill("[name=again]", PIN)
    page.click(".do")
    for state in ("accepted", "on_site"):
        page.click(".page > .bar .do")
        at(page, state)
    page.click(".page > .bar .do")
    page.click(".page > .bar .do")
    page.check("#finish [value=replaced]")
    page.click("#finish .do")
    at(page, "finished")
    assert events(store, no, "finish") == 1
    context.close()
