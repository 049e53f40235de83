"""The facts of the papers of supervised follow-through."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionSlip(Paper):
    """督办单: for whoever does what was decided. `case_no` may be empty; `moved`: how often the
    deadline was changed."""

    KIND: ClassVar[str] = "supervision_slip"
    no: str
    case_no: str
    matter: str
    opinion: str
    department: Words
    charge: str
    decided_by: str
    decided_at: str
    due_at: str
    moved: int = 0
