"""The page of papers shows what was printed and lets only itself change the printer."""

import http.client
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from printing.paper_page import PaperPage
from printing.virtual import FAULTS, VirtualPrinter

TICKET = b"\x1b@A001\n\x1dVB\x00\x1dr\x01"


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[VirtualPrinter]:
    with VirtualPrinter(tmp_path) as running:
        yield running


@pytest.fixture
def page(printer: VirtualPrinter) -> Iterator[PaperPage]:
    with PaperPage(printer) as running:
        yield running


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, page: PaperPage, method: str, path: str, body: str = "", **headers: str) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=3)
        try:
            names = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body.encode() or None, names)
            response = connection.getresponse()
            self.status, self.headers, self.body = response.status, response.headers, response.read()
        finally:
            connection.close()
        self.text = self.body.decode("utf-8", errors="replace")


def press(page: PaperPage, value: str, name: str = "fault", **headers: str) -> int:
    return Answer(page, "POST", "/fault", urlencode({name: value}), **headers).status


def print_tickets(printer: VirtualPrinter, count: int = 1) -> None:
    with socket.create_connection(("127.0.0.1", printer.port), timeout=3) as connection:
        for _ in range(count):
            connection.sendall(TICKET)
            assert connection.recv(1) == b"\x00"


def test_shows_the_papers_newest_first_with_their_files(printer: VirtualPrinter, page: PaperPage) -> None:
    assert "还没有打印任何票据" in Answer(page, "GET", "/").text
    print_tickets(printer, 2)
    shown = Answer(page, "GET", "/").text
    assert 0 < shown.index('data-paper="0002-') < shown.index('data-paper="0001-')
    assert Answer(page, "GET", "/_papers").text in shown
    name = shown.split('data-paper="')[1].split('"')[0]
    picture = Answer(page, "GET", f"/paper/{name}.png")
    assert (picture.headers["Content-Type"], picture.body) == ("image/png", printer.papers[1].png)
    assert Answer(page, "GET", f"/paper/{name}.bin").body == printer.papers[1].data


def test_numbers_beyond_four_digits_stay_in_order(printer: VirtualPrinter, page: PaperPage) -> None:
    assert printer.folder is not None
    for name in ("9999-120000", "10000-110000"):
        (printer.folder / f"{name}.png").write_bytes(b"")
    shown = Answer(page, "GET", "/_papers").text
    assert shown.index("10000-110000") < shown.index("9999-120000")


def test_only_the_newest_are_shown(printer: VirtualPrinter, page: PaperPage) -> None:
    assert printer.folder is not None
    for number in range(1, 64):
        (printer.folder / f"{number:04d}-120000.png").write_bytes(b"")
    shown = Answer(page, "GET", "/_papers").text
    assert shown.count("<figure") == 60
    assert "3 older papers" in shown


def test_everything_comes_as_a_file_of_its_own(page: PaperPage) -> None:
    shown = Answer(page, "GET", "/")
    policy = shown.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert shown.text.count("<script") == shown.text.count('<script src="/paper.js"') == 1
    assert "<style" not in shown.text
    assert "javascript" in Answer(page, "GET", "/paper.js").headers["Content-Type"]
    assert "css" in Answer(page, "GET", "/paper.css").headers["Content-Type"]
    assert Answer(page, "GET", "/favicon.ico").status == 204


@pytest.mark.parametrize(
    "path",
    ["/x", "/paper/", "/paper/0001-120000.png", "/paper/../paper_page.py", "/paper/%2e%2e%2fx.png", "/fault"],
)
def test_nothing_else_is_served(page: PaperPage, path: str) -> None:
    assert Answer(page, "GET", path).status == 404


@pytest.mark.parametrize("fault", FAULTS)
def test_buttons_set_and_clear_the_fault(printer: VirtualPrinter, page: PaperPage, fault: str) -> None:
    assert press(page, fault, Sec_Fetch_Site="same-origin") == 303
    assert printer.fault == fault
    shown = Answer(page, "GET", "/_printer").text
    assert f'value="{fault}" aria-pressed="true"' in shown
    assert shown.count('aria-pressed="true"') == 1
    # Each button in both languages.
    assert (
        len(re.findall(r'">[\u4e00-\u9fff]+<span class="en" lang="en">[A-Z][a-z ]+</span>', shown)) == len(FAULTS) + 1
    )
    assert press(page, "none", Origin=f"http://127.0.0.1:{page.port}") == 303
    assert printer.fault == "none"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_other_origins_are_forbidden(printer: VirtualPrinter, page: PaperPage, headers: dict[str, str]) -> None:
    assert press(page, "mute", **headers) == 403
    assert printer.fault == "none"


def test_a_switch_makes_the_paper_low_beside_any_fault(printer: VirtualPrinter, page: PaperPage) -> None:
    own = {"Sec_Fetch_Site": "same-origin"}
    printer.fault = "slow"
    for value, then in (("on", "off"), ("off", "on")):
        assert f'name="paper-low" value="{value}"' in Answer(page, "GET", "/").text
        assert press(page, value, "paper-low", **own) == 303
        assert (printer.near_end, printer.fault) == (value == "on", "slow")
        assert f'name="paper-low" value="{then}"' in Answer(page, "GET", "/_printer").text
    assert press(page, "on", "paper-low", Sec_Fetch_Site="cross-site") == 403
    assert not printer.near_end


def test_fetch_metadata_outweighs_origin(printer: VirtualPrinter, page: PaperPage) -> None:
    own = f"http://127.0.0.1:{page.port}"
    assert press(page, "mute", Sec_Fetch_Site="cross-site", Origin=own) == 403
    assert printer.fault == "none"


def test_nonsense_is_refused(printer: VirtualPrinter, page: PaperPage) -> None:
    own = {"Sec_Fetch_Site": "same-origin"}
    assert press(page, "fire", **own) == 422
    assert press(page, "maybe", "paper-low", **own) == 422
    assert press(page, "none", "other", **own) == 422
    assert Answer(page, "POST", "/other", "fault=mute", **own).status == 404
    assert Answer(page, "POST", "/fault", "fault=mute&" + "x" * 2000, **own).status == 413
    assert Answer(page, "GET", "/fault?fault=mute", **own).status == 404
    assert Answer(page, "PUT", "/fault", "fault=mute", **own).status == 501
    assert (printer.fault, printer.near_end) == ("none", False)


def test_needs_a_printer_that_keeps_its_papers() -> None:
    with pytest.raises(ValueError, match="folder"):
        PaperPage(VirtualPrinter(None))


def test_stops_also_if_it_never_started(printer: VirtualPrinter) -> None:
    PaperPage(printer).stop()
