"""The papers of A4 through a real Chromium: each printed to PDF, and what it says read back from the PDF itself."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from db.store import Store
from reception import complaints, incidents, visits
from reception.filed_names import NAMES
from reception.permissions import Role
from tests.browser.conftest import DESK, Screens, assert_accessible
from tests.browser.pdf_text import pages
from tests.conftest import Clock, actor, client_of
from tests.reception.after_life import AfterLife
from tests.reception.inspected import Inspected
from tests.reception.life import NAME, Life
from tests.reception.procedure_life import Procedures
from tests.reception.test_custody import draft
from tests.reception.tour_life import Tours

# Longer than a page: the most that a repair may say, and far more than that in the box of the form.
LONG = "水管渗水影响楼下住户，请尽快上门。"


class Forms:
    """A desk that listens, its centre with one matter of each kind; the screens of its receptionist."""

    def __init__(self, desk: str, cookie: str, screens: Screens, papers: Path, numbers: dict[str, tuple[str, str]]):
        self._desk, self._cookie, self._screens, self._papers = desk, cookie, screens, papers
        self.numbers = numbers

    def open(self, path: str, language: str = "zh") -> Page:
        """Open a page of the desk as the receptionist."""
        page = self._screens.open(DESK, "about:blank")
        known = {"desk": self._cookie, "language": language}
        page.context.add_cookies([{"name": name, "value": value, "url": self._desk} for name, value in known.items()])
        page.goto(self._desk + path)
        return page

    def printed(self, page: Page) -> list[str]:
        """Print what is open; return what stands on each page of it."""
        file = self._papers / "form.pdf"
        page.pdf(path=file, prefer_css_page_size=True)
        return pages(file)


@pytest.fixture
def forms(desk_app: Flask, store: Store, clock: Clock, screens: Screens, tmp_path: Path) -> Iterator[Forms]:
    """One matter of each form, and the desk that shows them, in a thread of this test."""
    life, made = Life(store, clock), AfterLife(store, clock)
    repair, paid = life.signed(), life.on_site(liability="paid")
    person: dict[str, Any] = {"name": "李红梅", "phone": "13900001234", "unit": "1-1-102"}
    complaint = complaints.register(
        store, nonce="c", **person, category="noise", severity="serious", facts="深夜装修", wish="", by=life.desk,
        now=life.now,
    )  # fmt: skip
    booked = made.supervised()
    (supervision,) = made.supervisions(booked)
    incident = incidents.press(store, nonce="i", counter="1", by=life.desk, now=life.now)
    visits.check_in(store, line="general", nonce="v", name=NAME, by=life.desk, now=life.now)
    home = Inspected(store, clock).reappointed()
    given = draft(store, life.now)
    tour = Tours(store, clock).register(name=NAME, phone="13800005678")
    begun = Procedures(store, clock).begin(name=NAME)
    numbers = {
        "procedure_list": (begun.no, f"/procedures/{begun.no}/form/list"),
        "goods_receipt": (begun.no, f"/procedures/{begun.no}/form/receipt"),
        "household_form": (begun.no, f"/procedures/{begun.no}/form/household"),
        "acceptance_form": (home.no, f"/cases/{home.no}/form"),
        "tour_plan": (tour.no, f"/tours/{tour.no}/plan"),
        "tour_review": (tour.no, f"/tours/{tour.no}/review"),
        "repair_form": (repair.case_no, f"/cases/{repair.case_no}/form"),
        "paid_form": (paid.case_no, f"/cases/{paid.case_no}/form"),
        "complaint_form": (complaint.no, f"/cases/{complaint.no}/form"),
        "visit_form": (booked.no, f"/cases/{booked.no}/visit-form"),
        "supervision_form": (supervision, f"/supervisions/{supervision}/form"),
        "incident_form": (incident.no, f"/special/{incident.no}/form"),
        "month_report": ("2026-11", "/months"),
        "custody_agreement": (given.no, f"/custody/{given.no}/agreement"),
        "visit_summary": ("2026-12-04", "/visit-days/1/summary"),
        "work_log": ("2026-11-23", "/log/form"),
        "visitor_register": ("2026-11-23", "/visits/register"),
    }
    server = make_server("127.0.0.1", 0, desk_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    cookie = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock()).get_cookie("desk")
    assert cookie is not None
    yield Forms(f"http://127.0.0.1:{server.server_port}", cookie.value, screens, tmp_path, numbers)
    screens.close()
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_says_on_paper_what_it_is_and_whose(forms: Forms, language: str) -> None:
    assert set(forms.numbers) == set(NAMES)
    for code, (no, path) in forms.numbers.items():
        page = forms.open(path, language)
        sheets = forms.printed(page)
        title = re.sub(r"[（）]", lambda one: "()"["（）".index(one[0])], NAMES[code].zh)
        assert title in sheets[0] and NAMES[code].en in sheets[0], (code, sheets[0])
        for at, sheet in enumerate(sheets, 1):
            # The foot of every page: a loose one finds its way back.
            assert no in sheet and f"{at} / {len(sheets)}" in sheet and "陈静" in sheet, (code, sheet)
            assert ("打印时间" if language == "zh" else "Printed") in sheet, (code, sheet)
        assert NAME not in "".join(sheets) and "13800005678" not in "".join(sheets), code
        page.context.close()


def test_every_blank_form_is_one_sheet(forms: Forms) -> None:
    codes = forms.open("/forms").locator("[data-blank]").evaluate_all("rows => rows.map((row) => row.dataset.blank)")
    assert len(codes) == len(NAMES) - 7
    for code in codes:
        page = forms.open(f"/forms/{code}")
        sheets = forms.printed(page)
        assert len(sheets) == 1 and NAMES[code].en in sheets[0] and "1 / 1" in sheets[0], (code, sheets)
        page.context.close()


def test_an_empty_box_has_room_to_be_written_in(forms: Forms) -> None:
    """What is known of one box takes no room from the one beside it, which is filled in by hand."""
    for code, (_no, path) in forms.numbers.items():
        page = forms.open(path)
        page.emulate_media(media="print")
        # The printed width of an A4 page: as narrow as it is on paper.
        page.set_viewport_size({"width": 688, "height": 1000})
        narrow = page.evaluate(
            """() => [...document.querySelectorAll(".filed:not(:has(thead)) th[scope=row] + td")]
                .filter((box) => !box.textContent.trim() && box.getBoundingClientRect().width / 96 * 25.4 < 40)
                .map((box) => box.previousElementSibling.textContent)"""
        )
        assert narrow == [], code
        page.context.close()


def test_a_long_text_flows_over_pages_and_none_of_it_is_lost(forms: Forms) -> None:
    no, path = forms.numbers["repair_form"]
    page = forms.open(path)
    lines = [f"{number:03}{LONG}" for number in range(120)]
    page.locator("td.prose").first.evaluate("(box, text) => { box.textContent = text; }", "\n".join(lines))
    sheets = forms.printed(page)
    assert 3 <= len(sheets) <= 5 and all(no in sheet for sheet in sheets)
    said = "".join(sheets)
    assert [number for number in range(120) if f"{number:03}水管" not in said] == []
    # Its box is drawn closed on both pages: neither cut off at the end of one, nor begun open on the next.
    how = page.locator("td.prose").first.evaluate("box => getComputedStyle(box).webkitBoxDecorationBreak")
    page.emulate_media(media="print")
    assert how == "slice" and page.locator("td.prose").first.evaluate(
        "box => [getComputedStyle(box).webkitBoxDecorationBreak, getComputedStyle(box.parentElement).breakInside]"
    ) == ["clone", "auto"]


def test_nothing_is_printed_that_was_not_written_down(forms: Forms, store: Store) -> None:
    _, path = forms.numbers["repair_form"]
    page = forms.open(path)
    page.evaluate(
        "() => { window.print = () => { document.body.dataset.came += 'x'; }; document.body.dataset.came = ''; }"
    )
    noted = "SELECT count(*) FROM events WHERE what = 'print_form'"
    # The box does not answer: no paper.
    page.route("**/printed", lambda route: route.fulfill(status=503, body=""))
    with page.expect_response("**/printed"):
        page.click("[data-prints]")
    page.wait_for_timeout(300)
    expect(page.locator("body")).to_have_attribute("data-came", "")
    assert store.value(noted) == 0
    page.unroute("**/printed")
    page.click("[data-prints]")
    expect(page.locator("body")).to_have_attribute("data-came", "x")
    assert store.value(noted) == 1
    assert_accessible(page)
