"""Lines of a price: as they are typed, as they are reckoned from the price list (domain.md J4), as papers show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.store import Store
from reception import cases, papers, price_list
from reception.refusal import Refused
from reception.rules import money
from reception.wording import Words

MOST_LINES = 40
LINE_KINDS = {"labour": Words("人工", "Labour"), "material": Words("材料", "Material")}
# Behind the name of an item, in the line of its material.
MATERIAL = Words("（材料）", " (material)")
NAME_LIMIT, UNIT_LIMIT = 60, 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line as it was typed: an item of the price list (`item`), or a free line (`name`, `unit`, `kind`, `price`).

    `owner_material`: the owner buys the material himself although the list has a price for ours.
    """

    item: str = ""
    quantity: str = "1"
    price: str = ""
    name: str = ""
    unit: str = ""
    kind: str = "labour"
    owner_material: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quotation: `quantity` in hundredths of the unit, money in fen.

    `name_en` is the English of its item; the line itself stands as it was quoted, in Chinese.
    """

    price_item: str | None
    kind: str
    name: str
    unit: str
    quantity: int
    price_fen: int
    amount_fen: int
    name_en: str = ""

    @property
    def words(self) -> Words:
        """Its name as readers know it; what was typed freely is the same to all."""
        return Words(self.name, self.name_en or self.name)


def reckon(store: Store, wanted: Sequence[Wanted]) -> list[Line]:
    """Return the lines that typed ones come to, each with its amount; priced material has a line of its own.

    Refuses `price_item_unknown`, `quantity_invalid`, `text_missing`, `line_kind_unknown`, `money_too_large`, and what
    `PriceItem.price` and texts refuse.
    """
    return [line for one in wanted for line in _reckon(store, one)]


def _reckon(store: Store, one: Wanted) -> list[Line]:
    try:
        quantity = money.parse_quantity(one.quantity)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not one.item:
        cases.choice(one.kind, LINE_KINDS, code="line_kind_unknown")
        name = cases.text(one.name, limit=NAME_LIMIT)
        unit = cases.text(one.unit, required=False, limit=UNIT_LIMIT)
        if not one.price.strip():
            raise Refused("price_missing")
        return [_line(None, one.kind, name, unit, quantity, price_list.parse_yuan(one.price))]
    item = price_list.find(store, one.item)
    lines = [_line(item.code, "labour", item.name.zh, item.unit, quantity, item.price(one.price))]
    if item.material_fen is not None and not one.owner_material:
        name = item.name.zh + MATERIAL.zh
        lines.append(_line(item.code, "material", name, item.unit, quantity, item.material_fen))
    return lines


def english(name: str, item: str | None, item_en: str | None) -> str:
    """Return the English of a line with this name, of an item with those; '' where the item is called otherwise now."""
    if not item or not item_en:
        return ""
    return {item: item_en, item + MATERIAL.zh: item_en + MATERIAL.en}.get(name, "")


def _line(item: str | None, kind: str, name: str, unit: str, quantity: int, price_fen: int) -> Line:
    amount = money.amount(quantity, price_fen)
    if amount > money.LARGEST:
        raise Refused("money_too_large")
    return Line(item, kind, name, unit, quantity, price_fen, amount)


def again(lines: Sequence[Line]) -> list[Wanted]:
    """Return what was typed for these lines, to start the next version from; material comes with its item again."""
    ours = {line.price_item for line in lines if line.kind == "material" and line.price_item}
    return [
        Wanted(
            item=line.price_item or "",
            quantity=money.format_quantity(line.quantity),
            price=money.format_yuan(line.price_fen),
            name="" if line.price_item else line.name,
            unit="" if line.price_item else line.unit,
            kind=line.kind,
            owner_material=bool(line.price_item) and line.price_item not in ours,
        )
        for line in lines
        if not (line.kind == "material" and line.price_item)
    ]


def on_paper(lines: tuple[Line, ...]) -> tuple[papers.PriceLine, ...]:
    """Return the lines of a quotation as papers show them."""
    return tuple(
        papers.PriceLine(
            line.name,
            money.format_quantity(line.quantity) + line.unit,
            money.format_yuan(line.price_fen),
            money.format_yuan(line.amount_fen),
            line.name_en,
        )
        for line in lines
    )
