"""A notice of the centre as it is read: its words, its days, what came in and went out, and how it stands on a day."""

from dataclasses import dataclass
from datetime import date
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import said_times
from reception.wording import Words

SUBJECT: Final = "announcement"
KINDS: Final[dict[str, Words]] = {
    "notice": Words("通知", "Notice"),
    "works": Words("维修通知", "Works"),
    "safety": Words("安全提醒", "Safety"),
    "accounts": Words("收支公布", "Accounts"),
    "event": Words("社区活动", "Community event"),
}
SIDES: Final[dict[str, Words]] = {"income": Words("收入", "Income"), "expense": Words("支出", "Expense")}
STAGES: Final[dict[str, Words]] = {
    "draft": Words("草稿", "Draft"),
    "planned": Words("待显示", "To be shown"),
    "shown": Words("显示中", "Shown now"),
    "over": Words("已到期", "Over"),
    "withdrawn": Words("已撤回", "Withdrawn"),
}
MOST_PAST: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """What came in or went out: `side` is of SIDES, the amount in fen."""

    side: str
    item: str
    fen: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """A notice (domain.md SYS-40 to 42). Days and times are the site's, those with `_at` UTC texts of the store.

    `period` is what its figures are of ('' where it has none); of an event `event_on`, `begins`, `ends` ('' where its
    end is open) and `place`. `state`: draft, published, withdrawn; `revision` counts what was written of it.
    """

    id: int
    kind: str
    title: Words
    body: Words
    from_on: date
    until_on: date
    period: str
    event_on: date | None
    begins: str
    ends: str
    place: str
    state: str
    revision: int
    written_by: int
    written_name: str
    written_at: str
    published_name: str
    published_at: str | None
    withdrawn_name: str
    withdrawn_at: str | None
    reason: str
    lines: tuple[Line, ...]

    @property
    def kind_words(self) -> Words:
        """Its kind, as readers know it."""
        return KINDS[self.kind]

    @property
    def hours(self) -> str:
        """When an event is: `14:00–16:00`; '' for anything else."""
        return f"{self.begins}–{self.ends}" if self.ends else self.begins

    @property
    def days(self) -> Words:
        """The days it is told on: 11月28日（周六）至12月3日（周四）, Sat 28 Nov to Thu 3 Dec."""
        begin, end = said_times.day(self.from_on), said_times.day(self.until_on)
        if begin == end:
            return Words(*begin)
        return Words(f"{begin[0]}至{end[0]}", f"{begin[1]} to {end[1]}")

    @property
    def headline(self) -> Words:
        """The one line of it that screens have room for: of an event its day and time first, and its place."""
        if self.event_on is None:
            return self.title
        zh, en = said_times.day(self.event_on)
        return Words(
            f"{zh}{self.begins} {self.title.zh} · {self.place}", f"{en} {self.begins} {self.title.en} · {self.place}"
        )

    def sum_of(self, side: str) -> int:
        """Return what came in or went out in all, in fen."""
        return sum(line.fen for line in self.lines if line.side == side)

    def of(self, side: str) -> list[Line]:
        """Return the lines of a side, as they were written."""
        return [line for line in self.lines if line.side == side]

    @property
    def balance_fen(self) -> int:
        """What is left over, in fen; below zero where more went out than came in."""
        return self.sum_of("income") - self.sum_of("expense")

    def stage(self, today: date) -> str:
        """Return how it stands on a day of the site (STAGES): over by the day alone, whatever was running or not."""
        if self.state != "published":
            return self.state
        if today < self.from_on:
            return "planned"
        return "shown" if today <= self.until_on else "over"


SELECT: Final = (
    "SELECT announcements.*, writer.name AS written_name, publisher.name AS published_name,"
    " withdrawer.name AS withdrawn_name FROM announcements JOIN staff AS writer ON writer.id = written_by"
    " LEFT JOIN staff AS publisher ON publisher.id = published_by"
    " LEFT JOIN staff AS withdrawer ON withdrawer.id = withdrawn_by"
)


def _from_row(store: Store, row: Row) -> Announcement:
    lines = store.rows(
        "SELECT side, item, fen FROM announcement_lines WHERE announcement_id = ? ORDER BY position", [row["id"]]
    )
    plain = ("id", "kind", "period", "place", "state", "revision", "written_by", "written_name")
    return Announcement(
        **{name: row[name] for name in (*plain, "written_at", "published_at", "withdrawn_at", "reason")},
        title=Words(row["title"], row["title_en"] or row["title"]),
        body=Words(row["body"], row["body_en"] or row["body"]),
        begins=row["begins"] or "",
        ends=row["ends"] or "",
        from_on=date.fromisoformat(row["from_on"]),
        until_on=date.fromisoformat(row["until_on"]),
        event_on=date.fromisoformat(row["event_on"]) if row["event_on"] else None,
        published_name=row["published_name"] or "",
        withdrawn_name=row["withdrawn_name"] or "",
        lines=tuple(Line(*line) for line in lines),
    )


def shown(store: Store, today: date) -> list[Announcement]:
    """Return what everybody may read on a day of the site, those that end first before the others."""
    rows = store.rows(
        f"{SELECT} WHERE state = 'published' AND until_on >= ? AND from_on <= ? ORDER BY until_on, announcements.id",
        [today.isoformat(), today.isoformat()],
    )
    return [_from_row(store, row) for row in rows]


def find(store: Store, announcement_id: int, *, by: Actor) -> Announcement:
    """Return one, whatever its state. Refuses `announcement_unknown`."""
    permit(by, "see_announcements")
    row = store.row(f"{SELECT} WHERE announcements.id = ?", [announcement_id])
    if row is None:
        raise Refused("announcement_unknown")
    return _from_row(store, row)


def drafts(store: Store, *, by: Actor) -> list[Announcement]:
    """Return what is written and not published, oldest first."""
    permit(by, "see_announcements")
    rows = store.rows(f"{SELECT} WHERE state = 'draft' ORDER BY announcements.id")
    return [_from_row(store, row) for row in rows]


def out(store: Store, today: date, *, by: Actor) -> list[Announcement]:
    """Return what is published and not over on a day of the site, also what begins later; first what begins first."""
    permit(by, "see_announcements")
    rows = store.rows(
        f"{SELECT} WHERE state = 'published' AND until_on >= ? ORDER BY from_on, until_on, announcements.id",
        [today.isoformat()],
    )
    return [_from_row(store, row) for row in rows]


def past(store: Store, today: date, *, by: Actor) -> list[Announcement]:
    """Return the newest MOST_PAST of those that are over or were withdrawn."""
    permit(by, "see_announcements")
    rows = store.rows(
        f"{SELECT} WHERE state = 'withdrawn' OR (state = 'published' AND until_on < ?)"
        " ORDER BY announcements.id DESC LIMIT ?",
        [today.isoformat(), MOST_PAST],
    )
    return [_from_row(store, row) for row in rows]
