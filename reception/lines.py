"""The lines of business (业务类别) and the counters that serve them."""

from dataclasses import dataclass

from db.store import Store
from reception.refusal import Refused
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of business with the letter its tickets bear."""

    code: str
    prefix: str
    name: Words


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter (窗口)."""

    no: str
    name: Words


def lines(store: Store) -> list[Line]:
    """Return the lines in the order in which the kiosk shows them."""
    return [
        Line(row["code"], row["prefix"], Words(row["name"], row["name_en"]))
        for row in store.rows("SELECT code, prefix, name, name_en FROM lines ORDER BY position")
    ]


def find_line(store: Store, code: str) -> Line:
    """Return a line. Refuses `line_unknown`."""
    row = store.row("SELECT code, prefix, name, name_en FROM lines WHERE code = ?", [code])
    if row is None:
        raise Refused("line_unknown")
    return Line(row["code"], row["prefix"], Words(row["name"], row["name_en"]))


def counters(store: Store) -> list[Counter]:
    """Return the counters by number."""
    return [
        Counter(row["no"], Words(row["name"], row["name_en"]))
        for row in store.rows("SELECT no, name, name_en FROM counters ORDER BY CAST(no AS INTEGER), no")
    ]


def find_counter(store: Store, no: str) -> Counter:
    """Return a counter. Refuses `counter_unknown`."""
    row = store.row("SELECT no, name, name_en FROM counters WHERE no = ?", [no])
    if row is None:
        raise Refused("counter_unknown")
    return Counter(row["no"], Words(row["name"], row["name_en"]))
