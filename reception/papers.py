"""The typed facts of each paper. Acts enqueue these; printing alone knows what they look like.

Every text that a paper shows stands here in both languages; times are in the site's zone, as printed.
"""

import json
from dataclasses import dataclass, fields
from typing import Any, ClassVar, NamedTuple

from reception.wording import Words

NOTHING = Words("", "")


class PriceLine(NamedTuple):
    """A line of a price as papers show it: all texts, the quantity with its unit; `name_en` where it has one."""

    name: str
    quantity: str
    price: str
    amount: str
    name_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper has: the centre, the moment, and whether English stands beside the Chinese."""

    KIND: ClassVar[str]
    site: Words
    at: str
    english: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedPaper(Paper):
    """A paper with a code that leads to its page.

    `on_phone` is true only where a phone can reach `url`; without it the paper promises the kiosk alone.
    """

    url: str
    on_phone: bool


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
class VisitDaySlip(CodedPaper):
    """接访预约单: a date without official data is printed as provisional (暂定)."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySlip(CodedPaper):
    """险情处置单: for whoever runs there. `place` may be empty: a kiosk does not ask in danger."""

    KIND: ClassVar[str] = "emergency_slip"
    no: str
    hazard: Words
    place: str
    steps: tuple[Words, ...]
    duty_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultList(Paper):
    """告知名单: the homes to tell that a known fault is over, for staff alone.

    `homes` has one pair a home: the home (`*`: outside the declared area), and name with phone, masked unless `whole`.
    """

    KIND: ClassVar[str] = "fault_list"
    no: str
    fault: Words
    # Papers of before do not tell it.
    what: Words = NOTHING
    area: Words
    notice: str
    whole: bool
    homes: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfTest(Paper):
    """自检页: what a printer can do, for somebody to look at. `whole`: the long one of the set-up, with a ruler,
    every size, rare characters and both kinds of code; else the short one of every morning (`domain.md` SYS-10).

    The properties are those in the store when the test was asked for; `address` and `model` as staff know them.
    """

    KIND: ClassVar[str] = "self_test"
    whole: bool
    printer: str
    address: str
    model: str
    width_dots: int
    columns: int
    dpi: int
    chinese: str
    native_qr: bool
    cutter: bool
    buzzer: str
    confirms: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupSlip(Paper):
    """安装单: where everything is, for the person who keeps the box; addresses may be empty.

    `printers` has one pair a printer: its label, and its address.
    """

    KIND: ClassVar[str] = "setup_slip"
    version: str
    kiosk_url: str
    desk_url: str
    display_url: str
    public_url: str
    fingerprint: str
    desk_phone: str
    printers: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSlip(Paper):
    """手写号票: printed ahead for days when the box is down; number and time are written by hand.

    `lines` has one pair a line of business: its prefix and Chinese name, its English name.
    """

    KIND: ClassVar[str] = "hand_slip"
    lines: tuple[Words, ...]
    desk_phone: str


OF_VISITORS = (Ticket, RepairReceipt, ResultSlip, WorkOrder, PaymentReceipt, ComplaintReceipt, VisitDaySlip)
OF_STAFF = (EmergencySlip, FaultList, SelfTest, SetupSlip, HandSlip)
KINDS: dict[str, type[Paper]] = {kind.KIND: kind for kind in (*OF_VISITORS, *OF_STAFF)}


def to_json(paper: Paper) -> str:
    """Return the facts as JSON, for the spool."""
    # Not asdict: it copies every text deeply, at a tenth of the cost of a whole check-in.
    return json.dumps({part.name: getattr(paper, part.name) for part in fields(paper)}, ensure_ascii=False)


def from_json(kind: str, text: str) -> Paper:
    """Return the facts of a spooled paper. Raises KeyError for a kind unknown to this version."""
    of_class = KINDS[kind]
    values: dict[str, Any] = json.loads(text)
    # JSON knows no tuples: a pair of words comes back as a list.
    for part in fields(of_class):
        if part.name not in values:
            continue
        if part.type is Words:
            values[part.name] = Words(*values[part.name])
        elif part.type == tuple[Words, ...]:
            values[part.name] = tuple(Words(*pair) for pair in values[part.name])
        elif part.type == tuple[PriceLine, ...]:
            values[part.name] = tuple(PriceLine(*line) for line in values[part.name])
    return of_class(**values)
