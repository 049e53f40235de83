"""How the price of a repair stands, as whoever works on it must know: what may begin, and what may still be asked."""

from dataclasses import dataclass

from db.store import Store
from reception import quotations, repair_facts
from reception.quotations import Quotation
from reception.wording import Words

NOT_QUOTED = Words("未报价", "Not quoted")


@dataclass(frozen=True, slots=True)
class Price:
    """Who bears a repair, the quotation that counts now, and the one agreed to, which stands until he agrees anew."""

    liability: str
    quotation: Quotation | None
    agreed: Quotation | None
    charged: bool

    @property
    def state(self) -> str:
        """How the quotation stands: none, quoted, agreed, declined."""
        return self.quotation.state if self.quotation else "none"

    @property
    def liability_words(self) -> Words:
        """Who bears it, as readers know it."""
        return repair_facts.LIABILITIES[self.liability]

    @property
    def state_words(self) -> Words:
        """How the quotation stands, as readers know it."""
        return quotations.STATES[self.quotation.state] if self.quotation else NOT_QUOTED

    @property
    def blocks(self) -> bool:
        """Whether work may not begin yet: it is paid, and the owner has not agreed (K3, 8)."""
        return self.liability == "paid" and self.agreed is None

    @property
    def undecided(self) -> bool:
        """Whether nobody decided yet who bears it, and nothing was agreed: work that begins now stays free."""
        return self.liability == "undetermined" and self.agreed is None


def of_case(store: Store, case_id: int) -> Price:
    """Return how the price of a repair stands."""
    liability = repair_facts.liability(store, case_id)
    return Price(
        liability,
        quotations.latest(store, case_id),
        quotations.agreed(store, case_id),
        quotations.is_charged(store, case_id),
    )
