"""Notices, accounts and events: drafts that nobody outside sees, days that end them by themselves, what stands once it
is published; and that two heads never publish what they have not read."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from db.store import Store, writing
from reception import announcement_facts, announcements, events, notices
from reception.announcement_facts import Announcement
from reception.announcements import Typed
from reception.permissions import Actor, Role
from reception.refusal import Refused
from reception.wording import Words
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.test_permission_cells import is_asked_first
from tests.reception.test_persons import NAME, erased, lived

# The clock stands at Monday 2026-11-23, 10:24 at the site.
TODAY = date(2026, 11, 23)
NOTICE = Typed(title="停水通知", title_en="Water off", body="周二 9 时至 11 时停水。", until_on="2026-11-25")
EVENT = Typed(title="邻里节", event_on="2026-12-05", begins="14:00", ends="16:00", place="中心广场")
ACCOUNTS = Typed(
    title="10月收支公布",
    until_on="2026-12-23",
    period="2026年10月",
    lines=(("income", "物业服务费", "12,345.60"), ("expense", "电梯维保", "4000"), ("income", "", ""),
           ("expense", "绿化", "0.05")),
)  # fmt: skip


class Desk:
    """The acts of notices, each a second after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.count = store, clock, 0
        self.clerk, self.head = actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD)
        self.manager = actor(store, Role.MANAGER)

    @property
    def now(self) -> datetime:
        return self.clock.forward(seconds=1)

    def write(self, typed: Typed = NOTICE, kind: str = "notice", by: Actor | None = None, **other: Any) -> Announcement:
        self.count += 1
        form = {"nonce": f"a{self.count}"} | other
        return announcements.write(self.store, kind=kind, typed=typed, by=by or self.clerk, now=self.now, **form)

    def publish(self, found: Announcement, by: Actor | None = None, was: str = "") -> Announcement:
        was = was or str(found.revision)
        return announcements.publish(self.store, announcement_id=found.id, was=was, by=by or self.head, now=self.now)

    def change(self, found: Announcement, typed: Typed, by: Actor | None = None) -> Announcement:
        was = str(found.revision)
        return announcements.change(
            self.store, announcement_id=found.id, was=was, typed=typed, by=by or self.clerk, now=self.now
        )

    def withdraw(self, found: Announcement, reason: str = "日期有误", by: Actor | None = None) -> Announcement:
        return announcements.withdraw(
            self.store, announcement_id=found.id, reason=reason, by=by or self.head, now=self.now
        )

    def told(self, on: date = TODAY) -> list[str]:
        return [notice.zh for notice in notices.current(self.store, on)]


@pytest.fixture
def at(store: Store, clock: Clock) -> Desk:
    return Desk(store, clock)


def test_a_draft_is_seen_by_nobody_outside_until_a_head_publishes_it(at: Desk) -> None:
    found = at.write()
    assert (found.state, found.from_on, found.stage(TODAY)) == ("draft", TODAY, "draft") and at.told() == []
    with pytest.raises(Refused, match="not_permitted"):
        at.publish(found, by=at.clerk)
    assert at.told() == []
    published = at.publish(found)
    assert (published.state, published.published_name) == ("published", at.head.name)
    assert at.told() == ["停水通知"]
    whats = [one["what"] for one in events.history(at.store, "announcement", found.id)]
    assert whats == ["write_announcement", "publish_announcement"]


def test_it_is_over_by_the_day_alone(at: Desk) -> None:
    published = at.publish(at.write(replace(NOTICE, from_on="2026-11-24")))
    stages = {day: published.stage(date(2026, 11, day)) for day in (23, 24, 25, 26)}
    assert stages == {23: "planned", 24: "shown", 25: "shown", 26: "over"}
    assert [bool(at.told(date(2026, 11, day))) for day in (23, 24, 25, 26)] == [False, True, True, False]


def test_the_same_nonce_writes_one(at: Desk) -> None:
    first, again = at.write(nonce="n"), at.write(nonce="n")
    assert first.id == again.id and at.store.value("SELECT count(*) FROM announcements") == 1
    with pytest.raises(Refused, match="nonce_reused"):
        at.write(replace(NOTICE, title="别的"), nonce="n")


def test_one_liners_of_the_settings_and_of_faults_stand_beside_them(at: Desk) -> None:
    at.publish(at.write())
    at.store.execute(
        "INSERT INTO notices (title, title_en, from_on, until_on) VALUES ('电梯已恢复', 'Lift again', ?, ?)",
        [TODAY.isoformat(), TODAY.isoformat()],
    )
    assert at.told() == ["电梯已恢复", "停水通知"]


def test_an_event_says_when_and_where_and_ends_with_its_day(at: Desk) -> None:
    found = at.publish(at.write(EVENT, "event"))
    assert (found.until_on, found.hours) == (date(2026, 12, 5), "14:00–16:00")
    assert found.headline == Words("12月5日（周六）14:00 邻里节 · 中心广场", "Sat 5 Dec 14:00 邻里节 · 中心广场")
    assert at.told() == [found.headline.zh] and at.told(date(2026, 12, 6)) == []


def test_sums_are_reckoned_in_fen_and_never_typed(at: Desk) -> None:
    found = at.write(ACCOUNTS, "accounts")
    assert [(one.side, one.fen) for one in found.lines] == [("income", 1234560), ("expense", 400000), ("expense", 5)]
    assert (found.sum_of("income"), found.sum_of("expense"), found.balance_fen) == (1234560, 400005, 834555)
    less = at.change(found, replace(ACCOUNTS, lines=(("expense", "电梯维保", "1"),)))
    assert (len(less.lines), less.balance_fen) == (1, -100)


def test_figures_are_published_by_another_than_wrote_them(at: Desk) -> None:
    found = at.write(ACCOUNTS, "accounts", by=at.head)
    with pytest.raises(Refused, match="announcement_own"):
        at.publish(found, by=at.head)
    # Where the act forgets, the store does not.
    with pytest.raises(sqlite3.IntegrityError), writing(at.store):
        at.store.execute(
            "UPDATE announcements SET state = 'published', published_by = written_by, published_at = written_at"
        )
    assert at.publish(found, by=at.manager).state == "published"


def test_accounts_without_a_line_are_not_published(at: Desk) -> None:
    found = at.write(replace(ACCOUNTS, lines=()), "accounts")
    with pytest.raises(Refused, match="accounts_empty"):
        at.publish(found)


def test_nobody_publishes_what_he_has_not_read(at: Desk) -> None:
    read = at.write()
    at.change(read, replace(NOTICE, title="停电通知"))
    with pytest.raises(Refused, match="changed_meanwhile"):
        at.publish(read)
    assert at.told() == []
    with pytest.raises(Refused, match="changed_meanwhile"):
        at.change(read, NOTICE)


def test_what_was_published_stands(at: Desk) -> None:
    found = at.publish(at.write(ACCOUNTS, "accounts"))
    with pytest.raises(Refused, match="announcement_stands"):
        at.change(found, ACCOUNTS)
    with pytest.raises(Refused, match="announcement_stands"):
        at.publish(found)
    for sql in (
        "UPDATE announcements SET title = '别的'",
        "UPDATE announcements SET until_on = '2027-01-01'",
        "UPDATE announcement_lines SET fen = 1",
        "DELETE FROM announcement_lines",
        "DELETE FROM announcements",
        "INSERT INTO announcement_lines SELECT announcement_id, 9, side, item, 1 FROM announcement_lines LIMIT 1",
    ):
        with pytest.raises(sqlite3.IntegrityError), writing(at.store):
            at.store.execute(sql)
    assert announcement_facts.find(at.store, found.id, by=at.clerk) == found


def test_withdrawn_it_goes_at_once_and_says_why(at: Desk) -> None:
    found = at.publish(at.write())
    with pytest.raises(Refused, match="reason_missing"):
        at.withdraw(found, " ")
    with pytest.raises(Refused, match="not_permitted"):
        at.withdraw(found, by=at.clerk)
    gone = at.withdraw(found)
    assert (gone.state, gone.reason, gone.withdrawn_name) == ("withdrawn", "日期有误", at.head.name)
    assert at.told() == []
    with pytest.raises(Refused, match="changed_meanwhile"):
        at.withdraw(found)
    # A draft is dropped by whoever may write, and needs no reason.
    assert at.withdraw(at.write(), "", by=at.clerk).state == "withdrawn"


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("poem", NOTICE, "choice_unknown"),
        ("notice", replace(NOTICE, title=" "), "title_missing"),
        ("notice", replace(NOTICE, title="字" * 61), "text_too_long"),
        ("notice", replace(NOTICE, body="住户身份证 110101199003077758"), "id_number"),
        ("notice", replace(NOTICE, until_on=""), "date_invalid"),
        ("notice", replace(NOTICE, until_on="0001-01-01"), "date_invalid"),
        ("notice", replace(NOTICE, from_on="2026-11-26"), "announcement_days_reversed"),
        ("notice", replace(NOTICE, until_on="2027-11-30"), "announcement_too_long"),
        ("event", replace(EVENT, event_on=""), "event_day_missing"),
        ("event", replace(EVENT, place=""), "event_place_missing"),
        ("event", replace(EVENT, begins="两点"), "event_time_invalid"),
        ("event", replace(EVENT, begins="14:00+08:00"), "event_time_invalid"),
        ("event", replace(EVENT, ends="13:00"), "event_ends_early"),
        ("event", replace(EVENT, until_on="2026-12-06"), "announcement_after_event"),
        ("accounts", replace(ACCOUNTS, period=""), "accounts_period_missing"),
        ("accounts", replace(ACCOUNTS, lines=(("income", "", "1"),)), "account_item_missing"),
        ("accounts", replace(ACCOUNTS, lines=(("income", "费", "-1"),)), "money_invalid"),
        ("accounts", replace(ACCOUNTS, lines=(("income", "费", ""),)), "money_invalid"),
        ("accounts", replace(ACCOUNTS, lines=(("debt", "费", "1"),)), "choice_unknown"),
        ("accounts", replace(ACCOUNTS, lines=(("income", "费", "1"),) * 61), "too_many_lines"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(at: Desk, kind: str, typed: Typed, code: str) -> None:
    before = at.store.connection.total_changes
    with pytest.raises(Refused) as refused:
        at.write(typed, kind)
    assert refused.value.code == code and at.store.connection.total_changes == before


def test_what_is_over_is_not_published(at: Desk) -> None:
    found = at.write()
    at.clock.forward(days=3)
    with pytest.raises(Refused, match="announcement_past"):
        at.publish(found)


def test_whoever_is_erased_is_struck_out_of_what_was_published(at: Desk, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    lived(life, clock)
    lines = (("income", f"{NAME}捐款", "100"),)
    found = at.publish(at.write(replace(ACCOUNTS, title=f"感谢{NAME}", body=NAME, lines=lines), "accounts"))
    erased(store, life, at.manager)
    now = announcement_facts.find(store, found.id, by=at.clerk)
    assert NAME not in f"{now.title}{now.body}{now.lines}"
    assert (now.state, now.balance_fen, now.published_name) == ("published", 10000, at.head.name)


def test_where_room_is_short_all_have_their_turn() -> None:
    three = [Words(name, name) for name in "甲乙丙"]
    assert notices.in_turn(three[:2], 2, 7) == three[:2] and notices.in_turn([], 2, 3) == []
    seen = {one.zh for turn in range(3) for one in notices.in_turn(three, 2, turn)}
    assert seen == set("甲乙丙") and all(len(notices.in_turn(three, 2, turn)) == 2 for turn in range(9))


CELLS: dict[str, tuple[str, Callable[..., object]]] = {
    "drafts": ("see_announcements", lambda s, by, now: announcement_facts.drafts(s, by=by)),
    "out": ("see_announcements", lambda s, by, now: announcement_facts.out(s, TODAY, by=by)),
    "past": ("see_announcements", lambda s, by, now: announcement_facts.past(s, TODAY, by=by)),
    "find": ("see_announcements", lambda s, by, now: announcement_facts.find(s, 0, by=by)),
    "write": (
        "write_announcement",
        lambda s, by, now: announcements.write(s, nonce="", kind="notice", typed=NOTICE, by=by, now=now),
    ),
    "change": (
        "write_announcement",
        lambda s, by, now: announcements.change(s, announcement_id=0, was="", typed=NOTICE, by=by, now=now),
    ),
    "publish": (
        "publish_announcement",
        lambda s, by, now: announcements.publish(s, announcement_id=0, was="", by=by, now=now),
    ),
    "withdraw": (
        "write_announcement",
        lambda s, by, now: announcements.withdraw(s, announcement_id=0, reason="", by=by, now=now),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    is_asked_first(store, clock, *CELLS[name])
