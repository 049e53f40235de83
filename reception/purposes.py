"""What visitors come for (事由): categories of a line and their sub-categories, which are data of the centre."""

from dataclasses import dataclass
from sqlite3 import Row

from db.store import Store
from reception.refusal import Refused
from reception.wording import Words

MOST_MATTERS = 6


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose. `asks` says what the kiosk asks then: nothing, home, or department (whom he came to see)."""

    code: str
    line: str
    parent: str | None
    name: Words
    asks: str
    has_children: bool


SELECT = (
    "SELECT code, line, parent, name, name_en, asks, EXISTS (SELECT 1 FROM purposes AS below"
    " WHERE below.parent = purposes.code AND below.active = 1) AS has_children FROM purposes"
)


def _from_row(row: Row) -> Purpose:
    return Purpose(
        row["code"],
        row["line"],
        row["parent"],
        Words(row["name"], row["name_en"]),
        row["asks"],
        bool(row["has_children"]),
    )


def choices(store: Store, line: str, parent: str | None = None) -> list[Purpose]:
    """Return the purposes of a line, or those below one of them, in their order."""
    return [
        _from_row(row)
        for row in store.rows(
            f"{SELECT} WHERE line = ? AND parent IS ? AND active = 1 ORDER BY position, code", [line, parent]
        )
    ]


def find(store: Store, code: str, line: str) -> Purpose:
    """Return a purpose of this line. Refuses `matter_unknown`."""
    row = store.row(f"{SELECT} WHERE code = ? AND line = ? AND active = 1", [code, line])
    if row is None:
        raise Refused("matter_unknown")
    return _from_row(row)
