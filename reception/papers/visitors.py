"""The facts of the papers that visitors and owners take with them."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import NOTHING, CodedPaper, Paper, PriceLine
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(CodedPaper):
    """号票: no name, no phone (`domain.md` K11). `ahead` is None once the number does not wait any more (a reprint).

    The range of the wait is in minutes; None while nobody can say (no counter is open).
    """

    KIND: ClassVar[str] = "ticket"
    no: str
    line: Words
    ahead: int | None
    wait_low: int | None = None
    wait_high: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReceipt(CodedPaper):
    """报修受理回执, for the owner: name and phone masked."""

    KIND: ClassVar[str] = "repair_receipt"
    no: str
    ticket_no: str
    category: Words
    urgency: Words
    content: str
    place: str
    convenient_time: str
    expected: Words
    department: Words
    unit: str
    name: str
    phone: str
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSlip(CodedPaper):
    """处理结果单 (SYS-17), for the owner, masked: what became of his report, and when and by whom he was told."""

    KIND: ClassVar[str] = "result_slip"
    no: str
    category: Words
    content: str
    place: str
    result: Words
    work_done: str
    finished: str
    told: str
    told_by: Words
    unit: str
    name: str
    phone: str
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkOrder(CodedPaper):
    """维修工作单: the worker's copy whole, the owner's copy masked, each with its own code.

    `liability` is empty on papers of earlier versions. `paid`: it is the form of paid work (FRM-04), with the price
    lines where one was quoted, and `consent`, or a box to sign while nobody has agreed. `recheck`: a line for whoever
    inspects it again (under warranty). A later `edition` replaces the copies before it.
    """

    KIND: ClassVar[str] = "work_order"
    no: str
    case_no: str
    for_worker: bool
    category: Words
    urgency: Words
    content: str
    place: str
    convenient_time: str
    department: Words
    unit: str
    name: str
    phone: str
    expected: Words = NOTHING
    urgent: bool = False
    desk_phone: str = ""
    # Who comes, and when; empty: the team, at a time still to be agreed.
    worker: str = ""
    appointed: str = ""
    # The order whose work is done again (返修).
    reworks: str = ""
    liability: Words = NOTHING
    paid: bool = False
    price_lines: tuple[PriceLine, ...] = ()
    price_total: str = ""
    consent: Words = NOTHING
    recheck: bool = False
    edition: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceipt(Paper):
    """收款收据 (非发票): money in, or back, in digits and in 大写 (`domain.md` K11). `cash` opens the drawer.

    Amounts are texts in yuan: `total` of the repair, `amount` of this paper, `due` after it.
    """

    KIND: ClassVar[str] = "payment_receipt"
    no: str
    case_no: str
    refund: bool
    cash: bool
    method: Words
    name: str
    unit: str
    lines: tuple[PriceLine, ...]
    total: str
    amount: str
    capital: str
    due: str
    reason: str
    taken_by: str
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReceipt(CodedPaper):
    """投诉受理回执: what was received and by when the first answer is due."""

    KIND: ClassVar[str] = "complaint_receipt"
    no: str
    ticket_no: str
    category: Words
    facts: str
    wish: str
    expected: Words
    department: Words
    name: str
    phone: str
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateReceipt(CodedPaper):
    """受理回执 of what is nobody else's business: a number, when the first answer comes, and nothing of the matter."""

    KIND: ClassVar[str] = "private_receipt"
    no: str
    expected: Words
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitDaySlip(CodedPaper):
    """接访预约单: a date without official data is printed as provisional (暂定).

    `starts` is the time of the slot, '' on papers of earlier versions and while `waiting` says which place on the
    waiting list it has; `before` so many minutes the owner comes earlier. A later `edition` replaces the slips before.
    """

    KIND: ClassVar[str] = "visit_day_slip"
    no: str
    visit_day_on: str
    weekday: Words
    hours: str
    provisional: bool
    place: str
    matter: str
    signatures: Words
    name: str
    phone: str
    desk_phone: str
    starts: str = ""
    before: int = 0
    waiting: int = 0
    edition: int = 1
