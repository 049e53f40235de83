"""The typed facts of each paper. Acts enqueue these; printing alone knows what they look like.

Every text that a paper shows stands here in both languages; times are in the site's zone, as printed.
"""

import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from db import spool
from db.store import Store
from reception.rules import clock
from reception.site import Site
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What every paper has: the centre, the moment, and the code that leads to its page.

    `on_phone` is true only where a phone can reach `url`; without it the paper promises the kiosk alone.
    """

    KIND: ClassVar[str]
    site: Words
    at: str
    url: str
    on_phone: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket(Paper):
    """号票: no name, no phone (`domain.md` K11)."""

    KIND: ClassVar[str] = "ticket"
    no: str
    line: Words
    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReceipt(Paper):
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
class WorkOrder(Paper):
    """维修工作单: the worker's copy whole, the owner's copy masked, each with its own code."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintReceipt(Paper):
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
class VisitDaySlip(Paper):
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


KINDS: dict[str, type[Paper]] = {
    kind.KIND: kind for kind in (Ticket, RepairReceipt, WorkOrder, ComplaintReceipt, VisitDaySlip)
}


def to_json(paper: Paper) -> str:
    """Return the facts as JSON, for the spool."""
    # Not asdict: it copies every text deeply, at a tenth of the cost of a whole check-in.
    return json.dumps({part.name: getattr(paper, part.name) for part in fields(paper)}, ensure_ascii=False)


def from_json(kind: str, text: str) -> Paper:
    """Return the facts of a spooled paper. Raises KeyError for a kind unknown to this version."""
    # JSON knows no tuples: a pair of words comes back as a list.
    values: dict[str, Any] = {
        key: Words(*value) if isinstance(value, list) else value for key, value in json.loads(text).items()
    }
    return KINDS[kind](**values)


def heading(site: Site, token: str, at: datetime) -> dict[str, Any]:
    """Return the facts that every paper shares."""
    return {
        "site": Words(site.name, site.name_en),
        "at": at.astimezone(site.zone).strftime("%Y-%m-%d %H:%M"),
        "url": site.page_url(token),
        "on_phone": bool(site.public_url),
    }


def enqueue(store: Store, site: Site, paper: Paper, *, ref: str, at: datetime) -> int:
    """Put a paper into the spool of the front printer, inside its act; return the job id."""
    return spool.enqueue(
        store, printer=site.front_printer, kind=paper.KIND, ref=ref, facts=to_json(paper), at=clock.to_text(at)
    )
