"""The facts of the papers of what was decided on the visit day."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from reception.papers.base import CodedPaper
from reception.wording import Words


class DecisionLine(NamedTuple):
    """A decision: who does it, and by the close of which day."""

    opinion: str
    department: Words
    due: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSlip(CodedPaper):
    """接访处理意见单, for the owner, masked: he signs it. `again`: decided after the matter was opened again."""

    KIND: ClassVar[str] = "decision_slip"
    no: str
    visit_day_on: str
    matter: str
    decisions: tuple[DecisionLine, ...]
    again: bool
    host: str
    name: str
    phone: str
    desk_phone: str
