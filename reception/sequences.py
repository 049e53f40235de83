"""Running numbers, taken in the same transaction as the row that bears them."""

from db.store import Store


def take(store: Store, series: str) -> int:
    """Return the next number of the series, from 1. A rolled-back act gives its number back."""
    number: int = store.value(
        "INSERT INTO sequences (series, last) VALUES (?, 1)"
        " ON CONFLICT (series) DO UPDATE SET last = last + 1 RETURNING last",
        [series],
    )
    return number
