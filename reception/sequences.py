"""Running numbers, taken in the same transaction as the row that bears them."""

import secrets
from datetime import datetime

from db.store import Store
from reception.rules import clock, numbers, renumbering
from reception.site import site

# In a store to practise on numbers begin behind this one; in a real one there is none.
_FROM = "coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'numbers_from'), 0)"

# After a restore a series that the backup does not know may still have had numbers: it begins behind a gap of each.
_LOST = "coalesce((SELECT sum(jump) FROM restorations WHERE :opens_on <= days_through), 0)"


def _opens_on(series: str) -> str:
    opens = renumbering.opens_on(series)
    return "" if opens is None else opens.isoformat()


def lost(store: Store, series: str) -> int:
    """Return how many numbers a series may have given that the store lost in a restore; 0 when none."""
    number: int = store.value(f"SELECT {_LOST}", {"opens_on": _opens_on(series)})
    return number


def take(store: Store, series: str) -> int:
    """Return the next number of the series, from 1, in a store to practise on from where its numbers begin.

    After a restore from behind what may have been taken and lost. A rolled-back act gives its number back.
    """
    number: int = store.value(
        f"INSERT INTO sequences (series, last) VALUES (:series, 1 + max({_FROM}, {_LOST}))"  # noqa: S608
        " ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
        {"series": series, "opens_on": _opens_on(series)},
    )
    return number


def case_no(store: Store, series: str, at: datetime) -> str:
    """Return the next number of a series of the local day, `BX20261123-004` (`domain.md` K4)."""
    day = clock.local_day(at, site(store).zone)
    return numbers.case_no(series, day, take(store, f"{series}:{day:%Y%m%d}"))


def drawn_no(store: Store, series: str, at: datetime) -> str:
    """Return a number of a series of the local day that tells nothing of how many there were: drawn, not counted; in a
    store to practise on from where its numbers begin."""
    day, begin = clock.local_day(at, site(store).zone), max(100, 1 + store.value(f"SELECT {_FROM}"))
    if lost(store, f"{series}:{day:%Y%m%d}"):
        # Which ones were drawn is not known; none of them had four figures.
        begin = max(begin, 1000)
    # On a day with more of them than anybody saw it takes a fourth figure, rather than look for the last free one.
    tried = 0
    while True:
        end = 1000 if tried < 50 and begin < 1000 else 10000
        no = numbers.case_no(series, day, begin + secrets.randbelow(end - begin))
        if store.value("SELECT 1 FROM cases WHERE no = ?", [no]) is None:
            return no
        tried += 1


def last(store: Store, series: str) -> int:
    """Return the last number that was taken of the series, or may have been and was lost; 0 when none was."""
    number: int | None = store.value("SELECT last FROM sequences WHERE series = ?", [series])
    return number or lost(store, series)


def reach(store: Store, series: str, number: int) -> None:
    """Count on behind a number that was given out elsewhere; never back."""
    store.execute(
        "INSERT INTO sequences (series, last) VALUES (?, ?)"
        " ON CONFLICT (series) DO UPDATE SET last = max(last, excluded.last)",
        [series, max(number, lost(store, series))],
    )
