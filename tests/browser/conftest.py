"""A real Chromium (Debian's) before a real demo."""

import os
import shutil
import signal
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lobbydesk.commands.demo import prepare
from tests.browser.forked_demo import ForkedDemo
from tests.demo import Demo

# Debian's Chromium; and the same without the window that nobody sees here, which is up to a quarter of the work.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HEADLESS = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or CHROMIUM
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # As the display's own browser is started on the box: it speaks without having been touched.
    "--autoplay-policy=no-user-gesture-required",
]

# Two cores carry the demo, the browser and whatever else CI does.
expect.set_options(timeout=15_000)

PORTRAIT, LANDSCAPE = {"width": 1080, "height": 1920}, {"width": 1280, "height": 800}
PHONE, DESK, WALL = {"width": 390, "height": 844}, {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, once for all."""
    if HEADLESS is None:
        pytest.fail("Chromium is missing: run `make setup`, or sudo apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=HEADLESS, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demo that was made ready and not started yet, once for all: a new one takes a second."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    prepare(Namespace(home=home, kiosk_port=0, desk_port=0, printer_port=0))
    return home


@contextmanager
def running_demo(prepared: Path, home: Path) -> Iterator[Demo]:
    """Run a demo in a home of its own; at the end kill it, for how it stops is not the subject here."""
    shutil.copytree(prepared, home)
    running = ForkedDemo(home).start()
    try:
        yield running
    finally:
        running.stop(signal.SIGKILL)


@pytest.fixture
def demo(prepared: Path, tmp_path: Path) -> Iterator[Demo]:
    """A demo of this test's own."""
    with running_demo(prepared, tmp_path / "home") as running:
        yield running


@pytest.fixture(scope="module")
def one_demo(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that the tests of a module share, where what one leaves behind is no matter to the next."""
    with running_demo(prepared, tmp_path_factory.mktemp("one") / "home") as running:
        yield running


class Screens:
    """Opens screens, and fails the test for whatever a console complains of."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, size: dict[str, int], url: str, *, touch: bool = False) -> Page:
        """Open a screen of this size at an address."""
        context = self._browser.new_context(viewport=size, has_touch=touch, reduced_motion="reduce")  # type: ignore[arg-type]
        self._contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: self._hear(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        return page

    def _hear(self, kind: str, text: str) -> None:
        # A 4xx is an answer here, and htmx tells of every request that a change of page ends.
        if kind == "error" and "Failed to load resource" not in text and not text.startswith("htmx:"):
            self.complaints.append(text)

    def close(self) -> None:
        """Close all screens."""
        for context in self._contexts:
            context.close()


@pytest.fixture
def screens(browser: Browser) -> Iterator[Screens]:
    """Screens of this test; the console must stay silent (the content policy speaks there)."""
    opened = Screens(browser)
    yield opened
    opened.close()
    assert not opened.complaints


def assert_accessible(page: Page) -> None:
    """axe finds nothing; nothing is wider than the screen."""
    # Only what is wrong is asked for: to list all that is right takes as long again.
    results: Any = Axe().run(page, options={"resultTypes": ["violations"]})
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than the screen"


def larger_print(page: Page) -> None:
    """Choose the larger print at a kiosk, and wait for it."""
    page.tap("[name=size][value=large]")
    expect(page.locator("html.large")).to_be_attached()


def assert_fits(page: Page) -> None:
    """Nothing of a kiosk's screen lies below its edge: nobody scrolls there."""
    height, room = page.evaluate("[document.documentElement.scrollHeight, window.innerHeight]")
    assert height <= room, f"{page.url} is {height - room} px too high"


def scan(page: Page, code: str, *, begin: str = "F9") -> None:
    """Type a code as a USB scanner does, however busy this machine is: what it begins with, 8 ms a key, Enter."""
    page.evaluate(
        """async ([begin, code]) => {
          let at = performance.now();
          for (const key of [...(begin ? [begin] : []), ...code, "Enter"]) {
            await new Promise((wake) => setTimeout(wake, 8));
            const press = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
            Object.defineProperty(press, "timeStamp", { value: (at += 8) });
            document.body.dispatchEvent(press);
          }
        }""",
        [begin, code],
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker("browser")
