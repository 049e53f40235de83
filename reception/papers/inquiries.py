"""The facts of the paper that whoever was promised an answer takes along."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import CodedPaper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryNote(CodedPaper):
    """受理便条: what was asked, and by when the answer is given. `promised` is the agreed time, of the site."""

    KIND: ClassVar[str] = "inquiry_note"
    no: str
    ticket_no: str
    category: Words
    question: str
    promised: str
    expected: Words
    department: Words
    name: str
    phone: str
    desk_phone: str
