"""The facts of the papers of visitors to members of staff, and of what is handed over for them."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import CodedPaper
from reception.wording import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentSlip(CodedPaper):
    """来访预约单: when, where, whom, what to bring; name and phone masked, no telephone but that of the desk.

    A later `edition` replaces those before it. He may check in on its day; from so many minutes before his time until
    so many after it he is called by it.
    """

    KIND: ClassVar[str] = "appointment_slip"
    no: str
    edition: int
    day: Words
    hour: str
    place: Words
    host: str
    department: Words
    purpose: str
    bring: str
    name: str
    phone: str
    early_minutes: int
    late_minutes: int
    desk_phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSlip(CodedPaper):
    """接收记录 (FRM-08), in two parts: for whoever brought it, and (`for_item`) for what lies here.

    `addressee` is a member of staff with his department, or a home: on the bringer's part its building alone.
    Names of those who came are masked; `sender`, a body or a person, is whole on the bringer's part alone.
    """

    KIND: ClassVar[str] = "handover_slip"
    no: str
    for_item: bool
    item: str
    pieces: int
    sender: str
    bringer: str
    addressee: str
    department: Words
    place: str
    received_by: str
    received: str
    desk_phone: str
