"""Notices in a real browser: written at the desk, published by a head, told at once at kiosk, display and phone,
printed for the wall; and what a worker finds on his round goes out with its picture."""

import json
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from db.store import open_store
from lobbydesk.home import store_path
from reception.site import configure
from tests.browser.conftest import (
    DESK,
    LANDSCAPE,
    PHONE,
    PORTRAIT,
    WALL,
    Screens,
    assert_accessible,
    assert_fits,
)
from tests.browser.test_worker import sign_in, thumbs
from tests.demo import Demo, read_qr

LONG = "\n".join(f"第{number}条：因更换水泵，请提前储水，恢复供水后先打开水龙头排出空气。" for number in range(1, 25))


def desk_of(screens: Screens, demo: Demo, name: str) -> Page:
    """Log somebody of the demo in at a desk."""
    page = screens.open(DESK, demo.url("desk", "/login"))
    page.fill("[name=name]", name)
    page.fill("[name=password]", json.loads((demo.home / "login.json").read_text(encoding="utf-8"))["password"])
    page.click("button.p")
    page.wait_for_url(re.compile("/$"))
    return page


def test_from_the_draft_to_the_wall(screens: Screens, demo: Demo) -> None:
    kiosks = [screens.open(size, demo.url("kiosk"), touch=True) for size in (PORTRAIT, LANDSCAPE)]
    wall = screens.open(WALL, demo.url("kiosk", "/display"))
    clerk = desk_of(screens, demo, "wanglin")
    clerk.goto(demo.url("desk", "/announcements"))
    assert_accessible(clerk)
    clerk.click("text=社区活动")
    clerk.fill("[name=title]", "邻里节")
    clerk.fill("[name=event_on]", "2030-01-05")
    clerk.fill("[name=begins]", "14:00")
    clerk.fill("[name=place]", "中心广场")
    clerk.fill("[name=from_on]", "2029-12-01")
    clerk.fill("[name=until_on]", "2029-11-01")
    clerk.fill("[name=body]", LONG)
    assert_accessible(clerk)
    clerk.click("text=存为草稿")
    # Refused in a sentence, and what was typed is still there.
    expect(clerk.locator("#refusal")).to_contain_text("截止日期早于开始日期")
    expect(clerk.locator("[name=body]")).to_have_value(LONG)
    day = clerk.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    clerk.fill("[name=event_on]", day)
    clerk.fill("[name=from_on]", day)
    clerk.fill("[name=until_on]", "")
    clerk.click("text=存为草稿")
    expect(clerk.locator("[data-stage=draft]")).to_be_visible()
    assert_accessible(clerk)
    head = desk_of(screens, demo, "chenjing")
    head.goto(demo.url("desk", "/today"))
    head.click("text=邻里节")
    head.click("button:text-is('发布')")
    expect(head.locator("[data-stage=shown]")).to_be_visible()
    for kiosk in kiosks:
        # Nobody touched these screens: they hear of it by themselves.
        expect(kiosk.locator("#notices")).to_contain_text("邻里节")
        assert_fits(kiosk)
        kiosk.tap("#notices")
        kiosk.tap(".told-card")
        expect(kiosk.locator(".told-when")).to_contain_text("14:00 · 中心广场")
        assert_fits(kiosk)
        assert_accessible(kiosk)
        # The text is longer than the screen: it moves under the finger, its page does not.
        assert kiosk.evaluate("(one => one.scrollHeight > one.clientHeight)(document.querySelector('.told-scroll'))")
        kiosk.tap("text=大字版")
        expect(kiosk.locator("html.large, .large")).not_to_have_count(0)
        assert_fits(kiosk)
    expect(wall.locator(".told-today")).to_contain_text("邻里节")
    phone = screens.open(PHONE, demo.url("kiosk", demo.check_in("general", "n1")), touch=True)
    phone.tap(".place-told a")
    expect(phone.locator(".told-one h2")).to_have_text("邻里节")
    assert_accessible(phone)
    phone.tap(".told-back")
    expect(phone.locator(".place-no")).to_be_visible()
    demo.log_in()
    demo.post("desk", "/queue/seat", counter="1")
    demo.call_next("1")
    expect(wall.locator(".call")).to_be_visible()
    expect(wall.locator(".told-today")).to_have_count(0)


def test_the_poster_is_a_sheet_of_its_size(screens: Screens, demo: Demo, tmp_path: Path) -> None:
    clerk = desk_of(screens, demo, "wanglin")
    clerk.goto(demo.url("desk", "/announcements/new?kind=notice"))
    clerk.fill("[name=title]", "停水通知")
    clerk.fill("[name=body]", LONG[:150])
    clerk.fill("[name=until_on]", clerk.evaluate("new Date(Date.now() + 48 * 3600e3).toISOString().slice(0, 10)"))
    clerk.click("text=存为草稿")
    clerk.wait_for_url("**/announcements/1")
    store = open_store(store_path(demo.home))
    configure(store, public_url="https://wy.example.cn")
    store.execute("INSERT INTO reachability VALUES ('https://wy.example.cn', '2026-11-23T00:00:00.000Z', 1)")
    store.close()
    # In points; the browser rounds to whole pixels.
    for size, (width, height) in {"a4": (595, 842), "a3": (842, 1191)}.items():
        clerk.goto(demo.url("desk", f"/announcements/1/poster?size={size}"))
        assert_accessible(clerk)
        sheet = clerk.pdf(prefer_css_page_size=True)
        boxes = [[float(one) for one in box.split()] for box in re.findall(rb"/MediaBox \[([\d. ]+)\]", sheet)]
        assert len(boxes) == 1 and abs(boxes[0][2] - width) < 2 and abs(boxes[0][3] - height) < 2, boxes
        clerk.locator(".poster").screenshot(path=tmp_path / f"{size}.png")
        assert read_qr(tmp_path / f"{size}.png").lower() == "https://wy.example.cn/t/notices"


def test_a_worker_reports_what_he_found(screens: Screens, demo: Demo, tmp_path: Path) -> None:
    page = sign_in(screens, demo)
    page.tap("text=上报巡查发现")
    expect(page.locator("form.finding")).to_be_visible()
    assert_accessible(page)
    thumbs(page)
    page.check("[name=category][value=public]")
    page.fill("[name=place]", "3号楼大堂")
    page.fill("[name=content]", "地砖松动")
    Image.effect_noise((1200, 900), 40).convert("RGB").save(tmp_path / "photo.jpg", quality=95)
    page.set_input_files("[name=photo]", tmp_path / "photo.jpg")
    page.tap(".do")
    expect(page.locator(".told.good")).to_contain_text("已上报：BX")
    store = open_store(store_path(demo.home))
    row = store.row(
        "SELECT cases.source, cases.state, photos.stage, work_orders.no FROM cases JOIN photos ON photos.case_id ="
        " cases.id JOIN work_orders ON work_orders.case_id = cases.id"
    )
    store.close()
    assert row is not None and tuple(row)[:3] == ("patrol", "dispatched", "report")
    # Whoever is sent sees what is meant.
    page.goto(demo.url("desk", f"/work/o/{row['no']}"))
    expect(page.locator("#photos-report img")).to_have_count(1)
    page.tap("#photos-report a")
    expect(page.locator(".over:target img")).to_be_visible()
    assert_accessible(page)
