"""The lists of consumables (耗材), of the practice script (培训), of what security looks at (安全检查)."""

from typing import Any

from db.store import Store
from reception import training_acts
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

SECURITY = Table(
    "security_items",
    Words("安全检查项目", "Security check"),
    "code",
    (Column("code", Words("代码", "Code"), "code"), NAME, NAME_EN, POSITION, ACTIVE),
    "position, code",
    ("name", "name_en"),
)
TRAINING = Table(
    "training_tasks",
    Words("练习任务", "Practice script"),
    "code",
    (
        Column("code", Words("代码", "Code"), "code"),
        NAME,
        NAME_EN,
        Column("how", Words("怎么做", "How"), limit=200),
        Column("how_en", Words("怎么做（英文）", "How, in English"), limit=200),
        Column("act", Words("系统看到什么算做过", "What the system must see"), "pick", training_acts.ACTS),
        Column("times", Words("做几次（1-20）", "How often (1-20)"), "number"),
        POSITION,
        ACTIVE,
    ),
    "position, code",
    ("name", "name_en"),
)


def rule_training(store: Store, key: str, checked: dict[str, Any]) -> None:
    """A task is done at least once. Refuses `times_invalid`."""
    if not 1 <= checked["times"] <= 20:
        raise Refused("times_invalid")


def rule(store: Store, key: str, checked: dict[str, Any]) -> None:
    """Rolls of one width are one consumable: else a change would count for either. Refuses `roll_taken`."""
    taken = "SELECT 1 FROM consumables WHERE roll = ? AND code <> ?"
    if checked["roll"] is not None and store.value(taken, [checked["roll"], key]):
        raise Refused("roll_taken")
