"""Materials of a work order, as the worker writes them down."""

import re
from collections.abc import Sequence
from typing import Any

from db.store import Store
from reception import cases
from reception.refusal import Refused
from reception.wording import Words

# Name, quantity in hundredths of the unit, unit, who supplied it.
Material = tuple[str, int, str, str]
SUPPLIERS = {"house": Words("物业提供", "From us"), "owner": Words("业主自购", "The owner's own")}
LIMIT = 30
MOST = 10_000_00
# A Chinese keyboard gives full-width digits, and its own full stop where the point is.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("。"): "."}
_QUANTITY = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,2}))?")


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


def hundredths(text: str) -> int:
    """Return the hundredths of a quantity as it is typed: '1' is 100, '1.5' is 150, nothing is one.

    Refuses `materials_invalid`.
    """
    typed = _QUANTITY.fullmatch("".join(text.translate(_FULL_WIDTH).split()) or "1")
    if typed is None:
        raise Refused("materials_invalid")
    return int(typed[1]) * 100 + int((typed[2] or "").ljust(2, "0"))
