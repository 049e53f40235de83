"""What lies in a live fragment, pressed while the fragment is fetched anew: neither the press is lost nor the look."""

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Screens
from tests.browser.test_main_job import log_in
from tests.demo import Demo, until

SELF_TEST = "text=开始晨检"


class Looks:
    """The looks at a fragment of the desk: they are under way, and find no answer."""

    def __init__(self, page: Page, path: str) -> None:
        self._under_way: list[Route] = []
        self._page = page
        page.route(f"**{path}", self._look)

    def _look(self, route: Route) -> None:
        if route.request.method == "GET":
            self._under_way.append(route)
        else:
            route.continue_()

    def wait(self, count: int) -> None:
        """Wait until so many have begun."""

        def begun() -> bool:
            # The browser is heard only while it is waited for.
            self._page.wait_for_timeout(20)
            return len(self._under_way) >= count

        until(begun)


def _late(route: Route) -> None:
    route.request.frame.page.wait_for_timeout(1_000)
    route.continue_()


def _with_late_script(route: Route) -> None:
    """The page is not read before its last script is here."""
    answer = route.fetch()
    route.fulfill(
        response=answer, body=answer.text().replace("</head>", '<script src="/assets/lists.js" defer></script></head>')
    )


def test_a_stream_that_speaks_before_the_page_is_read_is_not_missed(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    looks = Looks(desk, "/self-test")
    desk.route("**/printers", _with_late_script)
    desk.route("**/assets/lists.js", _late)
    desk.goto(demo.url("desk", "/printers"))
    looks.wait(1)


def test_a_press_while_its_fragment_is_looked_at_is_not_lost(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    looks = Looks(desk, "/self-test")
    desk.goto(demo.url("desk", "/printers"))
    looks.wait(1)
    with desk.expect_request(lambda request: request.method == "POST" and request.url.endswith("/self-test")):
        desk.click(SELF_TEST)
    expect(desk.locator('[data-check="front"]')).to_be_visible()


def test_a_look_that_a_refused_press_ended_is_done_after_it(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    looks = Looks(desk, "/self-test")
    desk.goto(demo.url("desk", "/printers"))
    looks.wait(1)
    desk.evaluate("document.querySelector('#self-test [name=nonce]').value = ''")
    desk.click(SELF_TEST)
    expect(desk.locator("#refusal[data-refused]")).to_be_visible()
    looks.wait(2)
