"""The register of homes in custody (房屋托管): how each stands, what it used, what is to be done about it."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import custody, custody_facts, custody_readings
from reception.custody_facts import SELECT, Custody, from_row
from reception.custody_readings import Use
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
    today = custody_facts.today(store, now)
    entries = []
    for row in found:
        one = from_row(row)
        untold = "SELECT count(*) FROM custody_tellings WHERE custody_id = ? AND told_at IS NULL"
        entries.append(
            Entry(
                one,
                custody_readings.use(one, custody_readings.of(store, one.id)),
                store.value(untold, [one.id]),
                store.value("SELECT max(at) FROM custody_rounds WHERE custody_id = ?", [one.id]),
                custody.over(one, today),
            )
        )
    counts = store.counts("SELECT state, count(*) FROM custodies GROUP BY state")
    return Listed(show, tuple(entries), {code: counts.get(code, 0) for code in SHOWN})


def over(store: Store, *, by: Actor, now: datetime) -> list[Custody]:
    """Return those whose agreed last day is behind us, and that nobody ended."""
    permit(by, "see_custody")
    today = custody_facts.today(store, now)
    return [one for one in custody_facts.active(store) if custody.over(one, today)]
