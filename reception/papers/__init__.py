"""The typed facts of each paper. Acts enqueue these; printing alone knows what they look like.

Every text that a paper shows stands here in both languages; times are in the site's zone, as printed.
"""

import json
from dataclasses import fields
from typing import Any

from reception.papers.appointments import AppointmentSlip, HandoverSlip
from reception.papers.base import NOTHING, CodedPaper, Paper, PriceLine
from reception.papers.box import PowerCutCard
from reception.papers.day import EvacuationRoll, WorkLog
from reception.papers.decisions import DecisionLine, DecisionSlip
from reception.papers.fees import FeeNotice
from reception.papers.follow_through import SupervisionSlip
from reception.papers.incidents import ReceptionSlip
from reception.papers.inquiries import InquiryNote
from reception.papers.procedures import MaterialsSlip
from reception.papers.releases import ReleaseSlip
from reception.papers.sessions import DayAgenda
from reception.papers.staff import EmergencySlip, FaultList, HandSlip, RecoveryKey, SelfTest, SetupSlip
from reception.papers.visitors import (
    ComplaintReceipt,
    PaymentReceipt,
    PrivateReceipt,
    RepairReceipt,
    ResultSlip,
    Ticket,
    VisitDaySlip,
    WorkOrder,
)
from reception.wording import Words

__all__ = [
    "KINDS",
    "NOTHING",
    "OF_STAFF",
    "OF_THE_BOX",
    "OF_THE_DAY",
    "OF_VISITORS",
    "AppointmentSlip",
    "CodedPaper",
    "ComplaintReceipt",
    "DayAgenda",
    "DecisionLine",
    "DecisionSlip",
    "EmergencySlip",
    "EvacuationRoll",
    "FaultList",
    "FeeNotice",
    "HandSlip",
    "HandoverSlip",
    "InquiryNote",
    "MaterialsSlip",
    "Paper",
    "PaymentReceipt",
    "PowerCutCard",
    "PriceLine",
    "PrivateReceipt",
    "ReceptionSlip",
    "RecoveryKey",
    "ReleaseSlip",
    "RepairReceipt",
    "ResultSlip",
    "SelfTest",
    "SetupSlip",
    "SupervisionSlip",
    "Ticket",
    "VisitDaySlip",
    "WorkLog",
    "WorkOrder",
    "from_json",
    "to_json",
]

OF_VISITORS = (
    Ticket,
    RepairReceipt,
    ResultSlip,
    WorkOrder,
    PaymentReceipt,
    ComplaintReceipt,
    PrivateReceipt,
    VisitDaySlip,
    DecisionSlip,
    AppointmentSlip,
    HandoverSlip,
    InquiryNote,
    MaterialsSlip,
    ReleaseSlip,
    FeeNotice,
)
OF_STAFF = (EmergencySlip, FaultList, SelfTest, SetupSlip, RecoveryKey, HandSlip, ReceptionSlip, SupervisionSlip)
OF_THE_BOX = (PowerCutCard,)
OF_THE_DAY = (WorkLog, EvacuationRoll, DayAgenda)
KINDS: dict[str, type[Paper]] = {kind.KIND: kind for kind in (*OF_VISITORS, *OF_STAFF, *OF_THE_DAY, *OF_THE_BOX)}


def to_json(paper: Paper) -> str:
    """Return the facts as JSON, for the spool. Raises ValueError for a secret, which nothing may keep."""
    if paper.secret:
        raise ValueError(f"a {paper.KIND} with a secret is never kept")
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
        elif part.type == tuple[str, ...]:
            values[part.name] = tuple(values[part.name])
        elif part.type == tuple[PriceLine, ...]:
            values[part.name] = tuple(PriceLine(*line) for line in values[part.name])
        elif part.type == tuple[DecisionLine, ...]:
            values[part.name] = tuple(
                DecisionLine(opinion, Words(*department), Words(*due)) for opinion, department, due in values[part.name]
            )
    return of_class(**values)
