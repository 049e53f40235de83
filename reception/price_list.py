"""有偿服务价目表: the centre's published prices (domain.md SYS-06, J4), data of the site; a new box has none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Row

from db.store import Store
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import money
from reception.wording import Words

PRICING = {
    "fixed": Words("一口价", "Fixed"),
    "range": Words("区间价", "From – to"),
    "from": Words("起价", "From"),
    "negotiable": Words("面议", "By agreement"),
    "free": Words("免费", "Free"),
}
MATERIALS = {
    "own": Words("业主自购", "Owner's own"),
    "priced": Words("物业提供，另计", "Ours, priced"),
    "included": Words("含材料", "Included"),
}


@dataclass(frozen=True, slots=True)
class PriceItem:
    """A published price. Money in fen: `low_fen` is the price, the least, or None; `high_fen` the most of a range."""

    code: str
    category: str
    name: Words
    unit: str
    pricing: str
    low_fen: int | None
    high_fen: int | None
    material: str
    material_fen: int | None
    duration: str
    remark: str

    @property
    def fixed(self) -> bool:
        """Whether nobody types a price: it is published to the fen, or nothing."""
        return self.pricing in {"fixed", "free"}

    @property
    def price_words(self) -> Words:
        """The price as the list shows it: `￥30.00/个`, `￥50.00–80.00/次`, `￥100.00/块 起`, `面议`, `免费`."""
        if self.low_fen is None or self.pricing in {"negotiable", "free"}:
            return PRICING[self.pricing]
        price = f"￥{money.format_yuan(self.low_fen)}"
        if self.pricing == "range" and self.high_fen is not None:
            price += f"–{money.format_yuan(self.high_fen)}"
        price += f"/{self.unit}"
        return Words(f"{price} 起", f"from {price}") if self.pricing == "from" else Words(price, price)

    @property
    def material_words(self) -> Words:
        """Whose material it is, and what ours costs."""
        words = MATERIALS[self.material]
        if self.material_fen is None:
            return words
        price = money.format_yuan(self.material_fen)
        return Words(f"物业提供 ￥{price}", f"ours, ￥{price}")

    def price(self, typed: str) -> int:
        """Return the fen of one unit's labour, as typed within the limits of the list; '' where the list says it.

        Refuses `price_missing`, `price_fixed`, `price_out_of_range`, `money_invalid`, `money_too_large`.
        """
        listed = 0 if self.pricing == "free" else self.low_fen
        if not typed.strip():
            if not self.fixed or listed is None:
                raise Refused("price_missing")
            return listed
        fen = parse_yuan(typed)
        if self.fixed and fen != listed:
            raise Refused("price_fixed")
        too_little = self.low_fen is not None and self.pricing in {"range", "from"} and fen < self.low_fen
        if too_little or (self.pricing == "range" and self.high_fen is not None and fen > self.high_fen):
            raise Refused("price_out_of_range")
        return fen


def parse_yuan(text: str) -> int:
    """Return the fen of a typed amount. Refuses `money_invalid`, `money_too_large`."""
    try:
        return money.parse_yuan(text)
    except ValueError as error:
        raise Refused(str(error)) from None


COLUMNS = "code, category, name, name_en, unit, pricing, low_fen, high_fen, material, material_fen, duration, remark"


def _item(row: Row) -> PriceItem:
    code, category, name, name_en, *rest = row
    return PriceItem(code, category, Words(name, name_en or name), *rest)


def items(store: Store, *, category: str = "", find: str = "") -> list[PriceItem]:
    """Return the items in use, in their order: of a category, or with these letters in name, unit or remark."""
    rows = store.rows(
        f"SELECT {COLUMNS} FROM price_items WHERE active = 1 AND (:category = '' OR category = :category)"  # noqa: S608
        " AND (:find = '' OR instr(lower(name || ' ' || name_en || ' ' || remark || ' ' || code), lower(:find)))"
        " ORDER BY category, position, code",
        {"category": category, "find": find.strip()},
    )
    return [_item(row) for row in rows]


def published(store: Store, order: Sequence[str], *, by: Actor) -> dict[str, list[PriceItem]]:
    """Return the whole list to the staff. Refuses `not_permitted`."""
    permit(by, "see_prices")
    return by_category(store, order)


def by_category(
    store: Store, order: Sequence[str] = (), *, first: str = "", find: str = ""
) -> dict[str, list[PriceItem]]:
    """Return category code -> its items in use: the category `first`, then those of `order`, then any others."""
    found: dict[str, list[PriceItem]] = {category: [] for category in ([first] if first else []) + list(order)}
    for item in items(store, find=find):
        found.setdefault(item.category, []).append(item)
    return {category: those for category, those in found.items() if those}


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table. Rows are what `rows` gives."""
    return [
        ("category", Words("类别", "Category")),
        ("code", Words("编码", "Code")),
        ("name", Words("项目", "Item")),
        ("price", Words("人工费", "Labour")),
        ("material", Words("材料", "Material")),
        ("duration", Words("约需时间", "Takes about")),
        ("remark", Words("说明", "Remark")),
    ]


def rows(listed: dict[str, list[PriceItem]], categories: Mapping[str, Words]) -> list[dict[str, str | Words]]:
    """Return items by category as rows of a table."""
    return [
        {
            "category": categories.get(category, Words(category, category)),
            "code": item.code,
            "name": item.name,
            "price": item.price_words,
            "material": item.material_words,
            "duration": item.duration,
            "remark": item.remark,
        }
        for category, those in listed.items()
        for item in those
    ]


def find(store: Store, code: str) -> PriceItem:
    """Return an item in use. Refuses `price_item_unknown`."""
    row = store.row(f"SELECT {COLUMNS} FROM price_items WHERE code = ? AND active = 1", [code])  # noqa: S608
    if row is None:
        raise Refused("price_item_unknown")
    return _item(row)
