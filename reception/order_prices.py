"""How the price of a repair stands, as whoever works on it must know: what may begin, and what may still be asked."""

from dataclasses import dataclass

from db.store import Store
from reception import repair_facts
from reception.wording import Words

STATES = {
    "none": Words("未报价", "Not quoted"),
    "quoted": Words("待业主答复", "Waits for the owner"),
    "agreed": Words("业主已同意", "Agreed"),
    "declined": Words("业主不同意", "Declined"),
}


@dataclass(frozen=True, slots=True)
class Price:
    """Who bears a repair, and the quotation that holds: none, quoted, agreed, declined; lines as (name, quantity in
    hundredths, unit, fen)."""

    liability: str
    state: str
    total_fen: int
    lines: tuple[tuple[str, int, str, int], ...]

    @property
    def liability_words(self) -> Words:
        """Who bears it, as readers know it."""
        return repair_facts.LIABILITIES[self.liability]

    @property
    def state_words(self) -> Words:
        """How the quotation stands, as readers know it."""
        return STATES[self.state]

    @property
    def blocks(self) -> bool:
        """Whether work may not begin yet: it is paid, and the owner has not agreed (K3, 8)."""
        return self.liability == "paid" and self.state != "agreed"

    @property
    def undecided(self) -> bool:
        """Whether nobody decided yet who bears it, and nothing was agreed: work that begins now stays free."""
        return self.liability == "undetermined" and self.state != "agreed"


def of_case(store: Store, case_id: int) -> Price:
    """Return how the price of a repair stands."""
    liability: str = store.value("SELECT liability FROM repairs WHERE case_id = ?", [case_id])
    row = store.row("SELECT id, state FROM quotations WHERE case_id = ? ORDER BY version DESC LIMIT 1", [case_id])
    if row is None or row["state"] == "superseded":
        return Price(liability, "none", 0, ())
    lines = store.rows(
        "SELECT name, quantity, unit, amount_fen FROM quotation_lines WHERE quotation_id = ? ORDER BY id", [row["id"]]
    )
    return Price(liability, row["state"], sum(line["amount_fen"] for line in lines), tuple(tuple(one) for one in lines))
