"""The lists of consumables (耗材)."""

from typing import Any

from db.store import Store
from reception.refusal import Refused
from reception.table_types import ACTIVE, NAME, NAME_EN, POSITION, Column, Table
from reception.wording import Words

ROLLS = {"80": Words("80 mm 纸卷", "Rolls of 80 mm"), "58": Words("58 mm 纸卷", "Rolls of 58 mm")}

CONSUMABLES = Table(
    "consumables",
    Words("耗材", "Consumables"),
    "code",
    (
        Column("code", Words("代码", "Code"), "code"),
        NAME,
        NAME_EN,
        Column("unit", Words("单位", "Unit")),
        Column("unit_en", Words("单位（英文）", "Unit, in English")),
        Column("roll", Words("换卷时自动计数", "Counted when a roll is changed"), "pick", ROLLS, optional=True),
        POSITION,
        ACTIVE,
    ),
    "position, code",
    ("name", "name_en"),
)


def rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """Rolls of one width are one consumable: else a change would count for either. Refuses `roll_taken`."""
    taken = "SELECT 1 FROM consumables WHERE roll = ? AND code <> ?"
    if checked["roll"] is not None and store.value(taken, [checked["roll"], key]):
        raise Refused("roll_taken")
