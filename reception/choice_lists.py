"""What a kind of case is divided by, as lists of the centre: code, two names, a department, an order, in use or not."""

from db.store import Store
from reception.wording import Words


def in_use(store: Store, table: str, *, also: str = "") -> dict[str, Words]:
    """Return the entries in use, in their order; `also` one that is kept though it is no longer in use."""
    rows = store.rows(
        f"SELECT code, name, name_en FROM {table} WHERE active = 1 OR code = ? ORDER BY position, code",  # noqa: S608
        [also],
    )
    return {row[0]: Words(row[1], row[2]) for row in rows}


def every(store: Store, table: str) -> dict[str, Words]:
    """Return every entry that a case may bear, also those no longer in use."""
    rows = store.rows(f"SELECT code, name, name_en FROM {table} ORDER BY position, code")  # noqa: S608
    return {row[0]: Words(row[1], row[2]) for row in rows}


def department(store: Store, table: str, code: str) -> str:
    """Return the department that an entry belongs to; '' where the centre set none."""
    found: str | None = store.value(f"SELECT department FROM {table} WHERE code = ?", [code])  # noqa: S608
    return found or ""
