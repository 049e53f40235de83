"""The facts of the papers that stay with the staff."""

from dataclasses import dataclass
from typing import ClassVar

from reception.papers.base import NOTHING, CodedPaper, Paper
from reception.wording import Words


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

    `printers` has one pair a printer: its label, and its address. `login` and `code` stand on the first slip of a new
    box alone: the first administrator's one-time code, which is a secret. `address` is the machine's own at that
    time, for buildings whose network knows no names.
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
    login: str = ""
    code: str = ""
    address: str = ""

    @property
    def secret(self) -> bool:
        """True where the code stands on it: such a slip is printed directly, never kept."""
        return bool(self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryKey(Paper):
    """恢复密钥单: the key that opens the backups, to be sealed in an envelope; printed directly, never kept.

    `key` is one word of capitals, digits and hyphens; `public` the other half, which tells this key from another.
    """

    KIND: ClassVar[str] = "recovery_key"
    key: str
    public: str

    @property
    def secret(self) -> bool:
        """Always."""
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSlip(Paper):
    """手写号票: printed ahead for days when the box is down; number and time are written by hand.

    `lines` has one pair a line of business: its prefix and Chinese name, its English name.
    """

    KIND: ClassVar[str] = "hand_slip"
    lines: tuple[Words, ...]
    desk_phone: str
