"""Whose the items of a tour are where a centre begins: the place of an item in its list says it (0072)."""

from typing import Final

from db.store import Store

# Each a hundred places: from 100 customer service, and so on.
HUNDREDS: Final = ("service", "maintenance", "security", "cleaning", "greening")


def give(store: Store) -> None:
    """Give the departments of a new centre their items; what belongs to none that is there stays with whoever holds
    the case."""
    for hundred, department in enumerate(HUNDREDS, start=1):
        store.execute(
            "UPDATE procedure_items SET department = code FROM departments"
            " WHERE template = 'tour' AND position / 100 = ? AND code = ? AND department IS NULL",
            [hundred, department],
        )
