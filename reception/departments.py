"""The departments that answer for cases, and that visitors come to see."""

from db.store import Store
from reception.wording import Words


def name(store: Store, code: str) -> Words:
    """Return the name of a department that is known to exist."""
    row = store.row("SELECT name, name_en FROM departments WHERE code = ?", [code])
    assert row is not None
    return Words(*row)


def all_of_them(store: Store) -> list[tuple[str, Words]]:
    """Return the departments as (code, name), by code."""
    return [
        (row["code"], Words(row["name"], row["name_en"]))
        for row in store.rows("SELECT * FROM departments ORDER BY code")
    ]
