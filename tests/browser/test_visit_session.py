"""The session page in a real browser: by the keyboard alone, in both languages, and the silent key in the room."""

from datetime import UTC, datetime

from playwright.sync_api import expect

from db.store import open_store, writing
from lobbydesk.home import store_path
from reception import cases, working_calendar
from reception.rules import clock
from reception.site import site
from tests.browser.conftest import WALL, Screens, assert_accessible
from tests.browser.test_main_job import log_in
from tests.conftest import Clock
from tests.demo import Demo, until
from tests.reception.session_life import SessionLife


def visit_day_now(demo: Demo) -> list[cases.Case]:
    """Make today a visit day, from midnight to midnight, with two owners who are admitted; return their bookings."""
    store = open_store(store_path(demo.home))
    made = SessionLife(store, Clock(datetime.now(UTC)), guests=2)
    today = clock.local_day(datetime.now(UTC), site(store).zone).isoformat()
    with writing(store):
        store.execute(
            "INSERT OR REPLACE INTO calendar_days (day_on, kind, note, source) VALUES (?, 'work', '测试', 'manager')",
            [today],
        )
        store.execute("INSERT INTO visit_day_rules (nth, weekday, active) VALUES (5, 6, 0)")
        day = store.insert(
            "INSERT INTO visit_days (rule_id, nominal_on, actual_on, provisional, opens, closes, room, host_id)"
            " SELECT max(visit_day_rules.id), ?, ?, 0, '00:00', '23:59', 'reception',"
            " (SELECT id FROM staff WHERE role = 'manager') FROM visit_day_rules",
            [today, today],
        )
        store.execute("UPDATE visit_day_slots SET case_id = NULL")
        store.execute("UPDATE visit_day_bookings SET visit_day_id = ?", [day])
    store.close()
    return made.guests


def a_working_day(demo: Demo) -> str:
    """Return a day that a decision may set, whatever today is."""
    store = open_store(store_path(demo.home))
    today = clock.local_day(datetime.now(UTC), site(store).zone)
    found = working_calendar.calendar(store, since=today).add_working_days(today, 10)
    store.close()
    return found.isoformat()


def test_the_session_by_the_keyboard_with_the_silent_key(screens: Screens, demo: Demo) -> None:
    first, second = visit_day_now(demo)
    desk = log_in(screens, demo)
    wall = screens.open(WALL, demo.url("kiosk", "/display/room"))
    desk.goto(demo.url("desk", "/session"))
    assert_accessible(desk)
    # The list comes anew while a hand is on it.
    button = desk.locator(f'[data-coming="{second.no}"] button')
    button.focus()
    with desk.expect_response("**/session/list*"):
        desk.evaluate("htmx.trigger('#session-list', 'live')")
    expect(button).to_be_focused()
    for case in (first, second):
        desk.fill(".check-in [name=who]", case.no)
        desk.keyboard.press("Enter")
        expect(desk.locator(f'[data-coming="{case.no}"]')).to_have_count(0)
    expect(wall.locator("[data-waiting]")).to_have_count(2)
    assert_accessible(wall)
    assert "张建国" not in desk.locator("main").inner_text(), "an owner looks on"
    desk.locator("body").click(position={"x": 5, "y": 700})
    desk.keyboard.press("F2")
    expect(desk.locator("#session-now")).to_have_attribute("data-holding", "H001")
    expect(wall.locator('[data-ticket-no="H001"]')).to_be_visible()
    desk.keyboard.press("F8")
    expect(desk.locator("[data-left]")).to_be_visible()
    # Pressed by mistake: he stands called again.
    desk.keyboard.press("F10")
    expect(desk.locator('form[action="/session/begin"]')).to_be_visible()
    desk.keyboard.press("F8")
    expect(desk.locator("[data-left]")).to_be_visible()
    assert_accessible(desk)
    desk.keyboard.press("1")
    expect(desk.locator(".talk-clock")).to_contain_text("(+5)")
    # The silent key, while the decision is typed: nothing on the page changes, and nothing that was typed is lost.
    desk.keyboard.press("d")
    expect(desk.locator("[name=opinion]")).to_be_focused()
    desk.keyboard.type("两周内修好道闸")
    before = desk.locator("main").inner_text()
    desk.keyboard.press("Pause")
    expect(desk.locator("a.special-mark")).to_be_visible()
    expect(desk.locator("[name=opinion]")).to_have_value("两周内修好道闸")
    assert desk.locator("main").inner_text() == before
    store = open_store(store_path(demo.home))
    row = until(
        lambda: store.row("SELECT incidents.counter, place, no FROM incidents JOIN tickets ON tickets.id = ticket_id")
    )
    store.close()
    assert row is not None and tuple(row) == (None, "接待室", "H001")
    desk.select_option("[name=department]", "maintenance")
    desk.fill("[name=due_on]", a_working_day(demo))
    desk.keyboard.press("F2")
    expect(desk.locator("[data-decision]")).to_have_count(1)
    desk.keyboard.press("F8")
    expect(desk.locator('form[action="/session/end"]')).to_be_visible()
    desk.click('button[lang="en"]')
    expect(desk.locator("#session-now")).to_contain_text("Being received")
    assert_accessible(desk)
    desk.keyboard.press("F9")
    expect(desk.locator("#session-now")).to_have_attribute("data-holding", "")
    # A press at another desk: this one follows by itself.
    demo.log_in()
    demo.post("desk", "/session/call", holding="")
    expect(desk.locator("#session-now")).to_have_attribute("data-holding", "H002")
    expect(wall.locator('[data-ticket-no="H002"]')).to_be_visible()
    desk.goto(demo.url("desk", "/session/agenda"))
    assert_accessible(desk)
    desk.goto(demo.url("desk", f"/session/guest/{second.no}"))
    assert_accessible(desk)
