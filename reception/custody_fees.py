"""The fee of a home in custody (RUL-26): what of a property fee is asked, as a proposal beside the line; no ledger.

The lists come from the finance department; whether a line is the full fee already reduced they say, not we.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from db.store import Store
from reception import custody_facts
from reception.custody_facts import Custody
from reception.fees import Fee
from reception.rules import custody, money
from reception.rules.custody import Part, Span
from reception.wording import Words

ITEM: Final = "property"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What of a line is asked: the days of its period, those in custody, and the amount in fen."""

    fee: Fee
    part: Part

    @property
    def amount(self) -> str:
        """The amount in yuan."""
        return money.format_yuan(self.part.fen)


@dataclass(frozen=True, slots=True)
class OfFees:
    """The custody of a home today (None without one), and the proposals for its lines, by the id of the line."""

    custody: Custody | None
    proposals: dict[int, Proposal]


def of_home(store: Store, unit_id: int, found: Iterable[Fee], *, today: str) -> OfFees:
    """Return what custody does to the fees of a home, for a reader that has asked who may know. `today`: ISO."""
    known = custody_facts.of_home(store, unit_id)
    spans = [_span(one) for one in known if one.state in {"active", "ended"}]
    proposals = {}
    for fee in found:
        if fee.code == ITEM:
            part = custody.part(fee.amount_fen, *custody.months(*fee.period), spans)
            if part.inside:
                proposals[fee.id] = Proposal(fee, part)
    running = next((one for one in known if one.state == "active" and one.from_on <= today), None)
    return OfFees(running, proposals)


def _span(one: Custody) -> Span:
    # An agreement that ran out grants nothing more, whenever somebody ends it.
    end = min(one.until_on or "9999-12-31", one.ended_on or "9999-12-31")
    return Span(date.fromisoformat(one.from_on), date.fromisoformat(end), one.share)


def remarks(of: OfFees) -> tuple[Words, ...]:
    """Return what a notice says of it, line by line."""
    return tuple(
        Words(
            f"托管期间物业管理费按比例收取：{one.fee.period.text} 共 {one.part.days} 天，托管 {one.part.inside} 天，"
            f"全额 {one.fee.amount} 元的应缴 {one.amount} 元",
            f"In custody: {one.fee.period.text}, {one.part.inside} of {one.part.days} days;"
            f" of {one.fee.amount} yuan in full {one.amount} are asked",
        )
        for one in of.proposals.values()
    )
