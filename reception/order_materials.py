"""Materials of a work order, as the worker writes them down."""

from collections.abc import Iterable, Sequence
from typing import Any

from db.store import Store
from reception import cases
from reception.refusal import Refused
from reception.rules import money
from reception.wording import Words

# Name, quantity in hundredths of the unit, unit, who supplied it.
Material = tuple[str, int, str, str]
SUPPLIERS = {"house": Words("物业提供", "From us"), "owner": Words("业主自购", "The owner's own")}
LIMIT = 30
MOST = 10_000_00


def typed(lines: Iterable[tuple[str, str, str, str]]) -> list[Material]:
    """Return the materials of typed lines (name, quantity, unit, supplied by); one without a name is none.

    Refuses `materials_invalid`.
    """
    try:
        return [
            (name, money.parse_quantity(quantity or "1"), unit, supplied_by)
            for name, quantity, unit, supplied_by in lines
            if name.strip()
        ]
    except ValueError:
        raise Refused("materials_invalid") from None


def keep(store: Store, order_id: int, materials: Sequence[Material]) -> None:
    """Keep the materials of an order inside an act. Refuses `materials_invalid`, and what `cases.text` refuses."""
    if len(materials) > LIMIT:
        raise Refused("materials_invalid")
    for name, quantity, unit, supplied_by in materials:
        if not 0 < quantity < MOST or supplied_by not in SUPPLIERS:
            raise Refused("materials_invalid")
        store.execute(
            "INSERT INTO order_materials (order_id, name, quantity, unit, supplied_by) VALUES (?, ?, ?, ?, ?)",
            [
                order_id,
                cases.text(name, limit=cases.SHORT_LIMIT),
                quantity,
                cases.text(unit, required=False, limit=8),
                supplied_by,
            ],
        )


def of_order(store: Store, order_id: int) -> list[dict[str, Any]]:
    """Return the materials of an order: name, quantity in hundredths, unit, supplied by."""
    return [
        dict(row)
        for row in store.rows(
            "SELECT name, quantity, unit, supplied_by FROM order_materials WHERE order_id = ? ORDER BY id", [order_id]
        )
    ]
