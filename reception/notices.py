"""Notices (公告): what kiosk, display and phones tell on a day: one-liners of the settings, and published ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from db.store import Store
from reception import announcement_facts
from reception.announcement_facts import Announcement
from reception.rules.gists import first_sentence
from reception.wording import Words

Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told on a day: one line; `whole` where there is more to read of it than that."""

    line: Words
    until_on: str
    whole: Announcement | None = None

    @property
    def beside(self) -> str:
        """The line in English for beside the Chinese; '' where nobody wrote one: it would be told twice."""
        written = self.whole.title if self.whole else self.line
        return self.line.en if written.en != written.zh else ""

    def gist(self, room: int) -> Words:
        """Return what it says in one sentence of at most `room` columns; of accounts without a text their period."""
        if self.whole is None:
            return Words("", "")
        body, period = self.whole.body, self.whole.period
        return Words(first_sentence(body.zh, room) or period, first_sentence(body.en, room) or period)


def today_s(store: Store, today: date) -> list[Notice]:
    """Return the notices of a day of the site, those that end first before the others."""
    rows = store.rows(
        "SELECT title, title_en, until_on FROM notices WHERE active = 1 AND until_on >= ? AND from_on <= ?"
        " ORDER BY until_on, id",
        [today.isoformat(), today.isoformat()],
    )
    found = [Notice(Words(row["title"], row["title_en"]), row["until_on"]) for row in rows]
    published = announcement_facts.shown(store, today)
    found += [Notice(one.headline, one.until_on.isoformat(), one) for one in published]
    return sorted(found, key=lambda notice: notice.until_on)


def current(store: Store, today: date) -> list[Words]:
    """Return the same, a line each."""
    return [notice.line for notice in today_s(store, today)]


def in_turn(found: Sequence[Told], room: int, turn: int) -> list[Told]:
    """Return as many as there is room for, with each turn those that follow: none stays unseen for want of room."""
    if len(found) <= room:
        return list(found)
    begin = turn * room % len(found)
    return [*found[begin:], *found[:begin]][:room]
