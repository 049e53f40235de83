"""The lines of business (业务类别), the counters, and which of them serve which lines."""

from dataclasses import dataclass
from sqlite3 import Row

from db.store import Store
from reception.refusal import Refused
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Line:
    """A line of business with the letter its tickets bear.

    `hears` is the one role that receives its visitors; None for an ordinary line, which counters serve. The line of the
    guests of the visit day is none of these (`guest_line`).
    """

    code: str
    prefix: str
    name: Words
    hint: Words
    home_first: bool
    hears: str | None = None


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter (窗口), or a room (洽谈室) to which people are called like to one.

    `state` is open, paused or closed; `reason` says why it pauses.
    """

    no: str
    name: Words
    room: bool
    state: str
    reason: str | None
    state_at: str | None


# Guests of the visit day have a line and a room apart: a counter calls none of them (domain.md K5).
LINE = "SELECT code, prefix, name, name_en, hint, hint_en, home_first, hears FROM lines WHERE active = 1"
OURS = f"{LINE} AND session = 0"
COUNTER = "SELECT no, name, name_en, room, state, state_reason, state_at FROM counters"


def _line(row: Row) -> Line:
    return Line(
        row["code"],
        row["prefix"],
        Words(row["name"], row["name_en"]),
        Words(row["hint"], row["hint_en"]),
        bool(row["home_first"]),
        row["hears"],
    )


def _counter(row: Row) -> Counter:
    return Counter(
        row["no"],
        Words(row["name"], row["name_en"]),
        bool(row["room"]),
        row["state"],
        row["state_reason"],
        row["state_at"],
    )


def lines(store: Store) -> list[Line]:
    """Return the lines that counters serve, in the order in which the kiosk shows them."""
    return [_line(row) for row in store.rows(f"{OURS} AND hears IS NULL ORDER BY position, code")]


def names(store: Store) -> dict[str, Words]:
    """Return what each line is called, by its code; those that are no more, too."""
    return {row[0]: Words(row[1], row[2]) for row in store.rows("SELECT code, name, name_en FROM lines")}


def in_private(store: Store) -> list[Line]:
    """Return the lines whose visitors one role alone hears, where somebody with that role works here."""
    someone = "EXISTS (SELECT 1 FROM staff WHERE role = hears AND staff.active = 1 AND unconfirmed = 0)"
    return [_line(row) for row in store.rows(f"{LINE} AND {someone} ORDER BY position, code")]


def find_line(store: Store, code: str) -> Line:
    """Return a line that numbers are taken of. Refuses `line_unknown`."""
    row = store.row(f"{OURS} AND code = ?", [code])
    if row is None:
        raise Refused("line_unknown")
    return _line(row)


def guest_line(store: Store) -> Line:
    """Return the line of the guests of the visit day, who are called from its session alone (K5)."""
    row = store.row(f"{LINE} AND session = 1")
    if row is None:
        raise Refused("line_unknown")
    return _line(row)


def session_room(store: Store) -> Counter:
    """Return the room that guests of the visit day are called to."""
    row = store.row(f"{COUNTER} WHERE session = 1")
    assert row is not None
    return _counter(row)


def counters(store: Store) -> list[Counter]:
    """Return the counters by number, the rooms behind them."""
    return [
        _counter(row)
        for row in store.rows(f"{COUNTER} WHERE active = 1 AND session = 0 ORDER BY room, CAST(no AS INTEGER), no")
    ]


def find_counter(store: Store, no: str) -> Counter:
    """Return a counter. Refuses `counter_unknown`."""
    row = store.row(f"{COUNTER} WHERE active = 1 AND session = 0 AND no = ?", [no])
    if row is None:
        raise Refused("counter_unknown")
    return _counter(row)


def name_of_counter(store: Store, no: str | None) -> Counter | None:
    """Return a counter that may be out of use by now: for what happened there. None for None."""
    row = store.row(f"{COUNTER} WHERE no = ?", [no]) if no else None
    return None if row is None else _counter(row)


def skills(store: Store) -> dict[str, frozenset[str]]:
    """Return the lines that each counter serves, by its number."""
    everything = frozenset(row[0] for row in store.rows("SELECT code FROM lines WHERE hears IS NULL AND session = 0"))
    chosen: dict[str, set[str]] = {}
    # A counter all of whose lines are out of use serves every line again, rather than nobody.
    for counter, line in store.rows(
        "SELECT counter, line FROM counter_lines JOIN lines ON lines.code = line WHERE lines.active = 1"
        " AND hears IS NULL AND lines.session = 0"
    ):
        chosen.setdefault(counter, set()).add(line)
    return {
        row[0]: frozenset(chosen[row[0]]) if row[0] in chosen else everything
        for row in store.rows("SELECT no FROM counters WHERE active = 1 AND session = 0")
    }


def unserved(store: Store) -> list[Line]:
    """Return the lines that no counter serves: their visitors would be called by nobody."""
    served = frozenset().union(*skills(store).values())
    return [line for line in lines(store) if line.code not in served]


def pool(served: dict[str, frozenset[str]], line: str) -> frozenset[str]:
    """Return the lines whose visitors may be called before those of `line`: some counter serves both."""
    return frozenset({line}).union(*(of for of in served.values() if line in of))
