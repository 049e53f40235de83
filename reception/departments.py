"""The departments that answer for cases."""

from db.store import Store
from reception.wording import Words


def name(store: Store, code: str) -> Words:
    """Return the name of a department that is known to exist."""
    row = store.row("SELECT name, name_en FROM departments WHERE code = ?", [code])
    assert row is not None
    return Words(*row)
