"""The facts of the list of what a procedure asks for."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialsSlip(Paper):
    """所需材料清单: what to bring, what is filled in here, what is paid, so that nobody comes twice.

    With a number (`no`) it is what that case still lacks; without one the whole list, and nobody's.
    """

    KIND: ClassVar[str] = "materials_slip"
    no: str
    procedure: Words
    variant: Words
    documents: tuple[Words, ...]
    forms: tuple[Words, ...]
    fees: tuple[Words, ...]
    desk_phone: str
