"""Lines of the price list of paid services (domain.md SYS-06, J4): typed in yuan, kept in fen."""

from datetime import datetime
from typing import Any

from db.store import Store
from reception.import_steps import SAME, BadCell, Deed, Judge, Step
from reception.wording import Words

PRICING = {
    "fixed": Words("一口价", "Fixed"),
    "range": Words("区间价", "From – to"),
    "from": Words("起价", "From"),
    "negotiable": Words("面议", "By agreement"),
    "free": Words("免费", "Free"),
}
OTHER_PRICING = {"固定价": "fixed", "固定": "fixed", "区间": "range", "起步价": "from", "协商": "negotiable"}
MATERIALS = {
    "own": Words("业主自购", "Owner's own"),
    "priced": Words("物业提供，另计", "Ours, priced"),
    "included": Words("含材料", "Included"),
}
OTHER_MATERIALS = {"自备": "own", "自购": "own", "另计": "priced", "物业提供": "priced", "包材料": "included",
                   "包料": "included"}  # fmt: skip
COLUMNS = (
    "code", "category", "name", "name_en", "unit", "pricing", "low_fen", "high_fen", "material", "material_fen",
    "duration", "remark", "active",
)  # fmt: skip
# Prices always stand as the file says, also empty; of the rest, a column that the file lacks stays as it was.
EMPTY = {"name_en": "", "duration": "", "remark": "", "active": 1}


def prices(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge price items by their code. What the file does not name stays in the list; new ones stand below.

    Refuses what the way of pricing or the material lacks, or has too much (`_check`).
    """
    names = ", ".join(COLUMNS)
    known = {row["code"]: row for row in store.rows(f"SELECT {names} FROM price_items")}  # noqa: S608

    def judge(values: dict[str, Any]) -> Step:
        row = known.get(values["code"])
        item = {name: EMPTY.get(name) if values[name] is None else values[name] for name in COLUMNS}
        _check(item)
        if row is None:
            return Step("added", lambda deed: _add(store, item, deed))
        item |= {name: row[name] for name in EMPTY if name not in given}
        if all(item[name] == row[name] for name in COLUMNS):
            return SAME
        sets = ", ".join(f"{name} = :{name}" for name in COLUMNS)
        sql = f"UPDATE price_items SET {sets} WHERE code = :code"  # noqa: S608
        return Step("changed", lambda deed: store.execute(sql, item))

    return judge


def _add(store: Store, item: dict[str, Any], deed: Deed) -> None:
    names, marks = ", ".join(COLUMNS), ", ".join(f":{name}" for name in COLUMNS)
    store.execute(
        f"INSERT INTO price_items ({names}, position) VALUES ({marks},"  # noqa: S608
        " (SELECT coalesce(max(position), 0) + 1 FROM price_items))",
        item,
    )


def _check(item: dict[str, Any]) -> None:
    pricing, low, high = item["pricing"], item["low_fen"], item["high_fen"]
    if pricing in {"fixed", "range", "from"} and low is None:
        raise BadCell("low_fen", "price_low_missing")
    if pricing in {"negotiable", "free"} and low:
        raise BadCell("low_fen", "price_unwanted")
    if pricing == "range" and high is None:
        raise BadCell("high_fen", "price_high_missing")
    if pricing != "range" and high is not None:
        raise BadCell("high_fen", "price_high_unwanted")
    if high is not None and high < low:
        raise BadCell("high_fen", "price_reversed")
    if item["material"] == "priced" and item["material_fen"] is None:
        raise BadCell("material_fen", "material_price_missing")
    if item["material"] != "priced" and item["material_fen"] is not None:
        raise BadCell("material_fen", "material_price_unwanted")
    if pricing in {"negotiable", "free"}:
        item["low_fen"] = None
