"""The rest of the lobby in a real browser: the display and its voice, rings at two desks, the phone, the settings."""

import json
import os
import signal
from pathlib import Path

from playwright.sync_api import Page, expect

from db.store import open_store
from kiosk.voice import as_wav, silence
from lobbydesk.home import store_path
from lobbydesk.voice_clips import clips
from tests.browser.conftest import DESK, PHONE, PORTRAIT, WALL, Screens, assert_accessible
from tests.browser.test_main_job import log_in
from tests.demo import Demo, until


def short_voice(demo: Demo) -> None:
    """Put a very brief human voice before the generated one, so that a call is over in a moment."""
    folder = demo.home / "voice-own"
    folder.mkdir()
    store = open_store(store_path(demo.home))
    for clip in clips(store):
        (folder / clip.file).write_bytes(as_wav(silence(0.005)))
    store.close()


def spoken(wall: Page) -> list[str]:
    """Return the numbers that the display has spoken, in order."""
    said = wall.evaluate("document.body.dataset.spoken || ''")
    return str(said).split()


def test_calls_are_spoken_one_after_the_other_each_once_even_after_a_reload(screens: Screens, demo: Demo) -> None:
    short_voice(demo)
    demo.log_in()
    for number in range(4):
        demo.check_in("general", f"n{number}")
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    assert_accessible(wall)
    wall.wait_for_timeout(500)
    # Three desks press at once: none cuts another off.
    for counter in "123":
        demo.call_next(counter)
    until(lambda: spoken(wall) == ["A001", "A002", "A003"])
    expect(wall.locator("#mute")).not_to_be_visible()
    wall.reload()
    expect(wall.locator('[data-ticket-no="A003"]')).to_be_visible()
    demo.post("desk", "/queue/complete", counter="1", holding="A001")
    demo.call_next("1")
    until(lambda: spoken(wall) == ["A004"])
    expect(wall.locator('[data-recent="A001"]')).to_be_visible()


def test_a_display_that_was_away_catches_up_without_missing_or_repeating(screens: Screens, demo: Demo) -> None:
    short_voice(demo)
    demo.log_in()
    for number in range(5):
        demo.check_in("general", f"n{number}")
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    wall.wait_for_timeout(500)
    demo.call_next("1")
    until(lambda: spoken(wall) == ["A001"])
    wall.context.set_offline(True)
    demo.call_next("2")
    # Called, served and gone while the display was away: nobody needs to hear it any more.
    demo.call_next("3")
    demo.post("desk", "/queue/complete", counter="3", holding="A003")
    demo.call_next("3")
    wall.wait_for_timeout(1500)
    wall.context.set_offline(False)
    until(lambda: spoken(wall) == ["A001", "A002", "A004"], 25)
    for pid in demo.pids()["kiosk"]:
        os.kill(pid, signal.SIGKILL)
    until(lambda: demo._answers("kiosk"))
    demo.call_next("1")
    until(lambda: spoken(wall) == ["A001", "A002", "A004", "A005"], 25)


def test_a_display_for_some_lines_shows_and_speaks_those_alone(screens: Screens, demo: Demo) -> None:
    short_voice(demo)
    demo.log_in()
    wall = screens.open(WALL, demo.url("kiosk", "/display?lines=repair"))
    wall.wait_for_timeout(500)
    demo.check_in("general", "a")
    demo.check_in("repair", "w")
    demo.call_next("1")
    demo.call_next("2")
    until(lambda: spoken(wall) == ["W001"])
    expect(wall.locator('[data-ticket-no="W001"]')).to_be_visible()
    expect(wall.locator('[data-ticket-no="A001"]')).to_have_count(0)


def test_an_emergency_rings_at_every_desk_until_one_takes_it(screens: Screens, demo: Demo) -> None:
    first, second = log_in(screens, demo, 1), log_in(screens, demo, 2)
    # Somebody is writing: his form must not go away under the alarm.
    second.goto(demo.url("desk", "/complaints/new"))
    second.fill("[name=facts]", "夜间施工")
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.tap(".emergency")
    kiosk.tap('[data-hazard="gas"]')
    expect(kiosk.locator(".first-steps")).to_contain_text("马上离开")
    assert demo.get("desk", "/health")[0] == 200
    expect(first.locator(".ring")).to_have_count(0)
    kiosk.tap("[data-alarm-press]")
    expect(kiosk.locator('#emergency-state[data-state="ringing"]')).to_be_visible()
    for desk in (first, second):
        expect(desk.locator('.ring.danger[data-ring="gas"]')).to_be_visible()
        expect(desk.locator("#rings")).to_have_attribute("data-alarm", "danger")
        assert_accessible(desk)
    until(lambda: len(demo.papers()) == 1)
    # A second press joins the alarm: one case, one slip.
    other = screens.open(PORTRAIT, demo.url("kiosk", "/emergency/gas"), touch=True)
    other.tap("[data-alarm-press]")
    expect(first.locator(".ring")).to_contain_text("× 2")
    first.click("text=我去")
    expect(second.locator(".ring:not(.mine)")).to_have_count(0)
    expect(second.locator("[data-alarm]")).to_have_count(0)
    expect(kiosk.locator('#emergency-state[data-state="taken"]')).to_be_visible()
    assert_accessible(kiosk)
    expect(second.locator("[name=facts]")).to_have_value("夜间施工")
    assert len(demo.papers()) == 1
    first.click(".ring.mine a")
    expect(first.locator("main")).to_contain_text("王琳")
    assert_accessible(first)
    first.click("text=险情已控制")
    expect(first.locator("h1")).to_contain_text("已控制")


def test_help_rings_until_somebody_comes(screens: Screens, demo: Demo) -> None:
    desk = log_in(screens, demo)
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    kiosk.tap("text=请工作人员帮忙")
    expect(kiosk.locator('[data-help="wanted"]')).to_be_visible()
    expect(desk.locator('.ring[data-ring="help"]')).to_be_visible()
    desk.click("text=我去")
    expect(kiosk.locator('[data-help="coming"]')).to_be_visible()
    expect(desk.locator(".ring:not(.mine)")).to_have_count(0)


def test_the_phone_shows_range_and_lets_its_holder_go_later_and_cancel(screens: Screens, demo: Demo) -> None:
    demo.log_in()
    demo.post("desk", "/queue/seat", counter="1")
    places = [demo.check_in("general", f"n{number}") for number in range(6)]
    demo.call_next("1")
    phone = screens.open(PHONE, demo.url("kiosk", places[1]))
    expect(phone.locator(".place-wait")).to_contain_text("分钟")
    assert_accessible(phone)
    phone.click("text=稍后再来")
    assert_accessible(phone)
    phone.click("text=确定")
    expect(phone.locator("#visitor")).to_have_attribute("data-ahead", "3")
    expect(phone.locator("text=稍后再来")).to_have_count(0)
    phone.click("text=取消取号")
    phone.click("text=确定")
    expect(phone.locator("#visitor")).to_have_attribute("data-state", "cancelled")
    assert [demo.call_next("1") for _ in range(5)] == ["A003", "A004", "A005", "A006", None]


def test_the_manager_sets_the_house_up_and_the_kiosk_follows_at_once(screens: Screens, demo: Demo) -> None:
    kiosk = screens.open(PORTRAIT, demo.url("kiosk"), touch=True)
    desk = screens.open(DESK, demo.url("desk", "/login"))
    staff = json.loads(Path(demo.home / "staff.json").read_text(encoding="utf-8"))
    manager = next(one for one in staff if one["role"] == "manager")
    desk.fill("[name=name]", manager["name"])
    desk.fill("[name=password]", manager["password"])
    desk.click("button.p")
    for room in ("/log", "/day/opening", "/inside"):
        desk.goto(demo.url("desk", room))
        assert_accessible(desk)
    a_room_by_keyboard(desk, demo)
    desk.click("nav >> text=更多")
    desk.click('nav a[href="/settings"]')
    assert_accessible(desk)
    desk.click("text=业务")
    assert_accessible(desk)
    desk.click("text=新增")
    assert_accessible(desk)
    for name, value in (("code", "parcels"), ("prefix", "B"), ("name", "快递"), ("name_en", "Parcels")):
        desk.fill(f"[name={name}]", value)
    desk.click('button:text-is("保存")')
    expect(desk.locator('#refusal[data-refused="prefix_invalid"]')).to_be_visible()
    expect(desk.locator("[name=code]")).to_have_value("parcels")
    desk.fill("[name=prefix]", "K")
    desk.click('button:text-is("保存")')
    expect(desk.locator("table")).to_contain_text("快递")
    # No restart, no reload: the tile is there.
    expect(kiosk.locator('[data-line="parcels"]')).to_be_visible()
    kiosk.tap('[data-line="parcels"]')
    expect(kiosk.locator("#ticket")).to_have_attribute("data-ticket-no", "K001")


def a_room_by_keyboard(desk: Page, demo: Demo) -> None:
    """Tomorrow's table, its first free hour, the form and the booking, with no hand on the mouse."""
    desk.goto(demo.url("desk", "/rooms"))
    assert_accessible(desk)
    desk.focus('a[rel="next"]')
    desk.keyboard.press("Enter")
    expect(desk.locator("a[rel='prev'] + a")).to_have_text("今天")
    free = desk.locator('tr[data-room="meeting"] .free a').first
    free.focus()
    # Somebody books elsewhere meanwhile: the table comes anew, and the hand stays where it was.
    with desk.expect_response("**/rooms/list?*"):
        desk.evaluate("htmx.trigger('#rooms', 'live')")
    expect(free).to_be_focused()
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=room]")).to_have_value("meeting")
    assert_accessible(desk)
    desk.fill("[name=purpose]", "周例会")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator('tr[data-room="meeting"] .taken')).to_contain_text("周例会")
    desk.focus('tr[data-room="meeting"] .taken a')
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-room-booking]")).to_have_attribute("data-state", "booked")
    assert_accessible(desk)
    desk.goto(demo.url("desk", "/rooms/week"))
    assert_accessible(desk)
