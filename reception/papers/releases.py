"""The facts of the pass by which goods leave the estate."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import CodedPaper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSlip(CodedPaper):
    """放行条 (FRM-14) in two parts: what the applicant carries, and (`for_gate`) what the gate ticks, signs and keeps.

    It is good on its `day` alone. The name is masked on both and no telephone stands on either; the home is whole for
    the gate, its building alone on the other. `items` are lines as they are read: `纸箱 × 20箱`.
    """

    KIND: ClassVar[str] = "release_slip"
    no: str
    for_gate: bool
    day: Words
    unit: str
    name: str
    relation: Words
    what: Words
    plate: str
    items: tuple[str, ...]
    approved_by: str
    desk_phone: str
