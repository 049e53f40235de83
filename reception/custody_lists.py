"""The register of homes in custody (房屋托管): how each stands, what it used, what is to be done about it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import custody, custody_facts, custody_use
from reception.custody_facts import SELECT, Custody, from_row
from reception.custody_use import Use
from reception.permissions import Actor, permit
from reception.wording import Words

SHOWN = {
    "active": Words("托管中", "In custody"),
    "draft": Words("待签协议", "To be signed"),
    "ended": Words("已结束", "Ended"),
    "withdrawn": Words("未签作废", "Never signed"),
}
PAGE = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A custody with what its meters counted, how many things its owner is still to be told, the last round (UTC text).

    `over`: its agreed last day is behind us.
    """

    custody: Custody
    use: dict[str, Use]
    untold: int
    walked_at: str | None
    over: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A list, and how many there are of each."""

    show: str
    entries: tuple[Entry, ...]
    counts: dict[str, int]


def listed(store: Store, *, show: str = "", by: Actor, now: datetime) -> Listed:
    """Return the custodies in a state (an unknown one: the active), the newest first, at most `PAGE`."""
    permit(by, "see_custody")
    show = show if show in SHOWN else "active"
    found = store.rows(f"{SELECT} WHERE state = ? ORDER BY custodies.id DESC LIMIT ?", [show, PAGE])
    today, shown = custody_facts.today(store, now), [from_row(row) for row in found]
    readings = custody_use.of_many(store, [one.id for one in shown])
    open_ = store.rows("SELECT custody_id FROM custody_tellings WHERE told_at IS NULL")
    untold = Counter(row["custody_id"] for row in open_)
    rounds = store.rows("SELECT custody_id, max(at) AS at FROM custody_rounds GROUP BY custody_id")
    walked = {row["custody_id"]: row["at"] for row in rounds}
    entries = [
        Entry(
            one,
            custody_use.use(one, readings.get(one.id, ())),
            untold[one.id],
            walked.get(one.id),
            custody.over(one, today),
        )
        for one in shown
    ]
    counts = store.counts("SELECT state, count(*) FROM custodies GROUP BY state")
    return Listed(show, tuple(entries), {code: counts.get(code, 0) for code in SHOWN})


def over(store: Store, *, by: Actor, now: datetime) -> list[Custody]:
    """Return those whose agreed last day is behind us, and that nobody ended."""
    permit(by, "see_custody")
    today = custody_facts.today(store, now)
    return [one for one in custody_facts.active(store) if custody.over(one, today)]
