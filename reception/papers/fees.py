"""The facts of the papers about fees."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeNotice(Paper):
    """收费通知 (FRM-24): the lines of a home, handed to whoever asks at the desk; the building alone, the name masked.

    `items`, `periods`, `amounts` (yuan) and `due_days` go together; `late` is the sum of what is overdue, '' for none.
    """

    KIND: ClassVar[str] = "fee_notice"
    building: str
    name: str
    items: tuple[Words, ...]
    periods: tuple[str, ...]
    amounts: tuple[str, ...]
    due_days: tuple[str, ...]
    total: str
    late: str
    remarks: tuple[Words, ...]
    pay_at: Words
    desk_phone: str
