"""Running numbers, taken in the same transaction as the row that bears them."""

import secrets
from datetime import datetime

from db.store import Store
from reception.rules import clock, numbers
from reception.site import site

# In a store to practise on numbers begin behind this one; in a real one there is none.
_FROM = "coalesce((SELECT CAST(value AS INTEGER) FROM settings WHERE key = 'numbers_from'), 0)"


def take(store: Store, series: str) -> int:
    """Return the next number of the series, from 1, in a store to practise on from where its numbers begin.

    A rolled-back act gives its number back.
    """
    number: int = store.value(
        f"INSERT INTO sequences (series, last) VALUES (?, 1 + {_FROM})"  # noqa: S608
        " ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
        [series],
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
    # On a day with more of them than anybody saw it takes a fourth figure, rather than look for the last free one.
    tried = 0
    while True:
        no = numbers.case_no(series, day, begin + secrets.randbelow((1000 if tried < 50 else 10000) - begin))
        if store.value("SELECT 1 FROM cases WHERE no = ?", [no]) is None:
            return no
        tried += 1


def last(store: Store, series: str) -> int:
    """Return the last number that was taken of the series; 0 when none was."""
    number: int | None = store.value("SELECT last FROM sequences WHERE series = ?", [series])
    return number or 0


def reach(store: Store, series: str, number: int) -> None:
    """Count on behind a number that was given out elsewhere; never back."""
    store.execute(
        "INSERT INTO sequences (series, last) VALUES (?, ?)"
        " ON CONFLICT (series) DO UPDATE SET last = max(last, excluded.last)",
        [series, number],
    )
