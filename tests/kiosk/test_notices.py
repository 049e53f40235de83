"""What the centre tells, at the kiosk, on the display and on phones: in its days alone, and never over a call."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from db.store import Store
from reception import announcements
from reception.announcement_facts import Announcement
from reception.announcements import Typed
from reception.permissions import KIOSK, Role
from reception.queue import call_next
from reception.visits import check_in
from tests.conftest import Clock, actor

NOTICE = Typed(title="停水通知", title_en="Water off", body="周二停水。\n请提前储水。", until_on="2026-11-25")
LINES = (("income", "物业费", "100.10"), ("expense", "绿化", "0.2"))
ACCOUNTS = Typed(title="10月收支", until_on="2026-12-20", period="2026年10月", lines=LINES)


def text(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)


def publish(store: Store, clock: Clock, typed: Typed = NOTICE, kind: str = "notice") -> Announcement:
    clerk, head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
    found = announcements.write(store, nonce=typed.title, kind=kind, typed=typed, by=clerk, now=clock())
    return announcements.publish(store, announcement_id=found.id, was="1", by=head, now=clock())


def test_the_start_tells_a_line_and_leads_to_the_whole(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    assert 'data-told="0"' in text(kiosk.get("/"))
    found = publish(store, clock)
    for path in ("/", "/notices/strip"):
        page = text(kiosk.get(path))
        assert 'href="/notices"' in page and "停水通知" in page and "请提前储水" not in page
    assert f'href="/notices/{found.id}"' in text(kiosk.get("/notices"))
    assert "周二停水。\n请提前储水。" in text(kiosk.get(f"/notices/{found.id}"))
    kiosk.set_cookie("language", "en")
    # Nobody wrote the text in English: it is shown as it is.
    page = text(kiosk.get(f"/notices/{found.id}"))
    assert "Water off" in page and "周二停水。" in page


@pytest.mark.parametrize("gone", ["withdrawn", "over", "draft"])
def test_what_is_not_told_is_nowhere(kiosk: FlaskClient, store: Store, clock: Clock, gone: str) -> None:
    if gone == "draft":
        clerk = actor(store, Role.RECEPTIONIST)
        found = announcements.write(store, nonce="n", kind="notice", typed=NOTICE, by=clerk, now=clock())
    else:
        found = publish(store, clock)
    if gone == "withdrawn":
        head = actor(store, Role.SERVICE_HEAD)
        announcements.withdraw(store, announcement_id=found.id, reason="误发", by=head, now=clock())
    if gone == "over":
        clock.forward(days=3)
    assert kiosk.get(f"/notices/{found.id}").status_code == 404
    for path in ("/", "/notices", "/T/notices", "/display"):
        assert "停水通知" not in text(kiosk.get(path)), path


def test_the_list_and_the_wall_say_what_is_told_and_until_when(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    publish(store, clock)
    listed, wall, strip = (text(kiosk.get(path)) for path in ("/notices", "/display/calls", "/notices/strip"))
    assert 'told-gist">周二停水。<' in listed and "有效期：11月23日（周一）至11月25日（周三）" in listed
    # Its text is in Chinese alone: told once, its title in both.
    assert 'told-gist">周二停水。</span>' in wall and "<small>Water off</small>" in wall
    assert 'told-gist">周二停水。</span>' in strip
    assert all("请提前储水" not in page for page in (listed, wall, strip))


def test_what_nobody_translated_is_told_once_on_the_wall(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    fair = Typed(title="邻里节", until_on="2026-11-28", event_on="2026-11-29", begins="14:00", place="中心广场")
    publish(store, clock, fair, "event")
    wall = text(kiosk.get("/display/calls"))
    assert wall.count("邻里节") == 1 and "Sun 29 Nov" not in wall
    publish(store, clock, replace(fair, title="太极", title_en="Tai chi"), "event")
    assert "<small>Sun 29 Nov 14:00 Tai chi · 中心广场</small>" in text(kiosk.get("/display/calls"))


def test_accounts_show_the_sums_of_the_system(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    found = publish(store, clock, ACCOUNTS, "accounts")
    for path in (f"/notices/{found.id}", "/T/notices"):
        sums = dict(re.findall(r'data-sum="(\w+)">([^<]+)<', text(kiosk.get(path))))
        assert sums == {"income": "100.10", "expense": "0.20", "balance": "99.90"}


def test_the_display_tells_much_while_nobody_is_called_and_never_over_a_call(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    for number in range(5):
        publish(store, clock, Typed(title=f"通知{number}", until_on="2026-11-25"))
    quiet = text(kiosk.get("/display/calls"))
    assert len(re.findall("<li>通知", quiet)) == 4 and "<b>通知" not in quiet
    check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    call_next(store, counter="1", by=actor(store, Role.RECEPTIONIST), now=clock())
    called = text(kiosk.get("/display/calls"))
    assert "data-ticket-no" in called and "told-today" not in called
    # Below, two at a time: with the minutes all of them.
    seen = set(re.findall("<b>(通知.)</b>", called))
    for _ in range(4):
        clock.forward(minutes=1)
        seen |= set(re.findall("<b>(通知.)</b>", text(kiosk.get("/display/calls"))))
    assert len(seen) == 5


def test_a_phone_reads_them_from_its_number_and_back(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    publish(store, clock)
    token = check_in(store, line="general", nonce="n", by=KIOSK, now=clock()).token
    page = text(kiosk.get(f"/T/{token}"))
    assert f'href="/T/{token}/notices"' in page and "停水通知" in page
    assert f'href="/T/{token}"' in text(kiosk.get(f"/T/{token.lower()}/notices"))
    # A wall's code has no number to go back to, and what is no token leads nowhere.
    for path in ("/T/notices", "/T/x%22%3E/notices"):
        page = text(kiosk.get(path))
        assert "请提前储水" in page and "told-back" not in page
