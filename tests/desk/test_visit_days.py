"""The visit days and the working calendar over HTTP; and 暂定 wherever such a date is shown."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from printing.documents import build
from printing.layout import Profile
from reception import booking_slips, cases, visit_day_calendar
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_visit_calendar import Planned
from tests.reception.test_working_calendar import NOTICE


@pytest.fixture
def made(store: Store, clock: Clock) -> Planned:
    planned = Planned(store, clock)
    planned.tick()
    return planned


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def post(client: FlaskClient, path: str, **fields: Any) -> tuple[int, str]:
    """Send a form; return the status and the code of what was refused."""
    answer = client.post(path, data=fields, headers=SAME_ORIGIN)
    found = re.search(r'data-refused="([^"]*)"', answer.get_data(as_text=True))
    return answer.status_code, found[1] if found else ""


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_day_from_its_plan_to_its_move(
    made: Planned, manager: FlaskClient, head: FlaskClient, desk: FlaskClient
) -> None:
    booked, one = made.book(), f"/visit-days/{made.day().id}"
    assert 'data-visit-day="2026-12-04" data-state="planned"' in page(desk, "/visit-days")
    assert post(desk, f"{one}/publish") == (403, "not_permitted")
    assert post(head, f"{one}/publish") == (303, "")
    assert post(head, f"{one}/publish") == (409, "visit_day_published")
    assert post(head, f"{one}/move", to="2026-12-08", cause="premises", reason="x") == (403, "not_permitted")
    assert post(manager, f"{one}/move", to="2026-12-08", cause="away", reason="x") == (422, "move_cause_unknown")
    assert post(manager, f"{one}/move", to="2026-12-08", cause="premises", reason="接待室维修") == (303, "")
    listed = page(desk, "/visit-days")
    assert 'data-visit-day="2026-12-08" data-state="published"' in listed and "接待室维修" in listed
    assert 'data-untold="1"' in listed
    assert 'data-group="visit_day_to_tell" data-total="1"' in page(desk, "/today")
    told = page(desk, "/visit-days/tell")
    assert f'data-case-no="{booked.no}"' in told and "张*" in told and "张建国" not in told
    text = re.search(r'name="text" value="([^"]*)"', told)
    assert text is not None and "12月8日" in text[1]
    assert post(desk, f"/visit-days/tell/{booked.no}", channel="pigeon", text=text[1])[1] == "channel_unknown"
    assert post(desk, f"/visit-days/tell/{booked.no}", channel="phone", text=text[1]) == (303, "")
    assert 'data-untold="0"' in page(desk, "/visit-days") and "都已告知" in page(desk, "/visit-days/tell")
    assert 'visit_day_to_tell" data-total' not in page(desk, "/today")


def test_a_deputy_finds_it_in_his_day(
    made: Planned, manager: FlaskClient, head: FlaskClient, desk: FlaskClient
) -> None:
    one = f"/visit-days/{made.day().id}"
    assert post(manager, f"{one}/deputy", staff_id=str(made.head.id), reason="出差") == (303, "")
    assert 'data-group="visit_day_to_receive" data-total="1"' in page(head, "/today")
    assert f"{one}/seen" in page(head, one) and f"{one}/seen" not in page(manager, one)
    for screen in ("/visit-days", one, f"{one}/notice"):
        assert made.head.name in page(desk, screen), screen
    assert post(head, f"{one}/seen") == (303, "")
    assert 'data-group="visit_day_to_receive"' not in page(head, "/today")


def test_late_days_wait_for_the_manager(made: Planned, manager: FlaskClient, head: FlaskClient, clock: Clock) -> None:
    clock.forward(days=6)
    with writing(made.store):
        made.store.execute(
            "UPDATE sessions SET seen_at = '2026-11-29T02:24:00.000Z', created_at = '2026-11-29T02:24:00.000Z'"
        )
    one = f"/visit-days/{made.day().id}"
    for client in (manager, head):
        assert 'data-group="visit_day_to_announce" data-total="1"' in page(client, "/today")
    assert post(head, f"{one}/publish", reason="x") == (422, "visit_day_too_late")
    assert post(manager, f"{one}/publish") == (422, "reason_missing")
    assert post(manager, f"{one}/publish", reason="系统刚上线") == (303, "")


@pytest.mark.parametrize("path", ["0", "999", "x", "9" * 40, "-1", "1%00"])
def test_a_day_that_is_none(made: Planned, manager: FlaskClient, path: str) -> None:
    assert manager.get(f"/visit-days/{path}").status_code == 404
    assert manager.get(f"/visit-days/{path}/notice").status_code == 404
    for way in ("publish", "move", "deputy", "seen"):
        answer = post(manager, f"/visit-days/{path}/{way}", to="2026-12-08", cause="premises", reason="x")
        assert answer == (404, "visit_day_unknown")


@pytest.mark.parametrize("year", ["", "2027", "x", "0", "9999", "２０２７", "9" * 30])
def test_any_year(made: Planned, desk: FlaskClient, year: str) -> None:
    for path in ("/visit-days", "/calendar"):
        shown = page(desk, f"{path}?year={year}")
        assert f'<span class="number">{"2027" if year == "2027" else "2026"}</span>' in shown


def test_a_notice_is_taken_over_by_file(made: Planned, manager: FlaskClient, desk: FlaskClient) -> None:
    assert 'data-official="0"' in page(desk, "/calendar?year=2027")
    sent = {"kind": "calendar", "file": (io.BytesIO(NOTICE.encode("gb18030")), "2027.csv")}
    assert manager.post("/settings/import", data=sent, headers=SAME_ORIGIN).headers["Location"].endswith("/checked")
    checked = page(manager, "/settings/import/checked")
    values = dict(re.findall(r'name="(kind|sha256|nonce)" value="([^"]*)"', checked))
    assert 'data-official="0"' in page(desk, "/calendar?year=2027")
    assert post(manager, "/settings/import/apply", **values) == (303, "")
    shown = page(desk, "/calendar?year=2027")
    assert 'data-official="1"' in shown and 'data-day="2027-01-04" data-kind="rest"' in shown
    assert 'data-visit-day="2027-01-05" data-state="planned" data-provisional="0"' in page(
        desk, "/visit-days?year=2027"
    )


def test_the_manager_changes_a_day_and_everybody_reads_why(
    made: Planned, manager: FlaskClient, desk: FlaskClient
) -> None:
    assert post(desk, "/calendar", day_on="2026-12-04", kind="rest", reason="x") == (403, "not_permitted")
    assert post(manager, "/calendar", day_on="2026-12-04", kind="rest", note="", reason="停电检修") == (303, "")
    shown = page(desk, "/calendar")
    assert 'data-change="2026-12-04"' in shown and "停电检修" in shown and made.manager.name in shown
    assert "/calendar/take-back" not in shown and "/calendar/take-back" in page(manager, "/calendar")
    assert 'data-visit-day="2026-12-07"' in page(desk, "/visit-days")
    assert post(manager, "/calendar/take-back", day_on="2026-12-04", reason="不停了") == (303, "")
    assert 'data-visit-day="2026-12-04"' in page(desk, "/visit-days")


# 暂定 (K3, 12): whatever shows such a date says so.


def visible(html: str) -> str:
    """Return what a reader sees of a page, the heads within a list to choose from too."""
    html = re.sub(r'<optgroup label="([^"]*)"', r"\1<", html)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.S)))


DATES = re.compile(r"(?P<zh>1月4日)|(?P<en>4 Jan(uary)?)|2027-01-04")


def assert_marked(shown: str, mark: str, where: str) -> None:
    """Every place of the text that names the 4th of January has the mark close behind it, in its own language."""
    found = list(DATES.finditer(shown))
    assert found, where
    for one in found:
        # As far as the next date: that one's mark is its own.
        after = DATES.search(shown, one.end())
        near = shown[one.start() : min(one.start() + 150, after.start() if after else len(shown))].lower()
        assert ("暂定" if one["zh"] else "provisional" if one["en"] else mark) in near, (where, near)


@pytest.mark.parametrize(("language", "mark"), [("zh", "暂定"), ("en", "provisional")])
def test_every_screen_says_that_january_is_provisional(
    made: Planned, kiosk: FlaskClient, desk_app: Flask, clock: Clock, language: str, mark: str
) -> None:
    clock.forward(days=17)  # December's was held: January is the next
    desk = client_of(desk_app, made.store, made.desk, clock())
    booked, day = made.book(day="2027-01-04"), made.day("2027-01-01")
    for client in (kiosk, desk):
        client.set_cookie("language", language)
    for path in ("/", "/waiting", "/about"):
        assert_marked(visible(page(kiosk, path)), mark, path)
    for path in ("/display", "/display/calls"):
        # In both languages at once.
        assert re.search(r"1月4日 10:00–12:00（暂定）.*2027-01-04 \(provisional\)", visible(page(kiosk, path))), path
    kiosk.post("/check-in", data={"line": "general", "nonce": "n"}, headers=SAME_ORIGIN)
    served = desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN | {"HX-Request": "true"})
    assert_marked(visible(served.get_data(as_text=True)), mark, "the counter")
    for path in (f"/visit-days/{day.id}", f"/visit-days/{day.id}/notice", "/visit-days?year=2027", "/visit-day/new"):
        assert_marked(visible(page(desk, path)), mark, path)
    assert_marked(visible(page(desk, f"/cases/{booked.no}")), mark, "the case")
    assert_marked(visible(page(kiosk, f"/T/{booked.token}")), mark, "the owner's page")
    assert_marked(visible(page(desk, f"/visit-days/{day.id}/bookings")), mark, "the register")
    # The list of whom to tell, after a move to another provisional day.
    visit_day_calendar.move(
        made.store, day_id=day.id, to="2027-01-08", cause="premises", reason="维修", by=made.manager, now=made.now
    )
    told = visible(page(desk, "/visit-days/tell"))
    # Beside the date, and in the words that are said.
    assert told.lower().count(mark) == 2 and ("1月8日" in told or "8 Jan" in told)


@pytest.mark.parametrize(("language", "mark"), [("zh", "暂定"), ("en", "provisional")])
def test_whoever_books_at_the_kiosk_reads_it_too(
    made: Planned, kiosk: FlaskClient, clock: Clock, language: str, mark: str
) -> None:
    clock.forward(days=17)
    kiosk.set_cookie("language", language)
    typed = {"building": "1", "unit_no": "1", "room": "101", "phone": "5678", "book": "1", "topic": "noise"}
    home = {"unit": "1-1-101", "phone": "5678", "topic": "noise", "notice": "v1"}

    def sent(path: str, **fields: str) -> str:
        answer = kiosk.post(path, data=fields, headers=SAME_ORIGIN, follow_redirects=True)
        assert answer.status_code == 200, path
        return visible(answer.get_data(as_text=True))

    assert_marked(sent("/register/visit-day/step", **typed), mark, "confirm")
    assert_marked(sent("/register/visit-day/step", **typed, another="1"), mark, "another time")
    assert_marked(sent("/visit-day", **home, nonce="b", slot="2027-01-04 10:00"), mark, "booked")
    kiosk.post("/check-in", data={"line": "visit-day", "nonce": "j"}, headers=SAME_ORIGIN)
    token = made.store.value("SELECT token FROM tickets ORDER BY id DESC LIMIT 1")
    assert_marked(visible(page(kiosk, f"/T/{token}/book")), mark, "on the phone")


def test_the_slip_says_that_january_is_provisional(made: Planned) -> None:
    booked = made.book(day="2027-01-04")
    paper = booking_slips.slip(made.store, cases.whole(made.store, booked.id))
    assert paper.provisional
    assert "暂定".encode("gbk") in build(paper, Profile(), job_id=1)
    with writing(made.store):
        made.store.execute("UPDATE visit_days SET provisional = 0")
    fixed = booking_slips.slip(made.store, cases.whole(made.store, booked.id))
    assert "暂定".encode("gbk") not in build(fixed, Profile(), job_id=1)


def test_a_fixed_day_is_not_called_provisional(made: Planned, kiosk: FlaskClient, desk: FlaskClient) -> None:
    for client, paths in ((kiosk, ("/", "/about", "/display")), (desk, (f"/visit-days/{made.day().id}",))):
        for path in paths:
            shown = visible(page(client, path))
            assert "12月4日" in shown and "暂定" not in shown, path


def test_a_day_that_is_not_announced_is_shown_as_planned(made: Planned, kiosk: FlaskClient) -> None:
    for path in ("/", "/about", "/display"):
        assert "待公布" in page(kiosk, path), path
    visit_day_calendar.publish(made.store, day_id=made.day().id, by=made.head, now=made.now)
    for path in ("/", "/about", "/display"):
        assert "待公布" not in page(kiosk, path), path
