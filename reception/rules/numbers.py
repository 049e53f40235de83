"""How tickets, cases, bookings and tokens are written, read and spoken (domain.md K4)."""

import base64
import re
from datetime import date
from typing import Final

TOKEN_BYTES: Final = 16

# Letters are matched as ASCII before upper-casing: some others upper-case into ASCII ones.
_PREFIX: Final = re.compile(r"[A-Z]")
_SERIES: Final = re.compile(r"[A-Z]{2}")
_TICKET_NO: Final = re.compile(r"([A-Za-z])([0-9]{3,9})")
_TOKEN: Final = re.compile(r"[A-Za-z2-7]{26}")
_DIGITS: Final = "零一二三四五六七八九"


def ticket_no(prefix: str, number: int) -> str:
    """The number of a queue ticket: 'A001', 'A999', then 'A1000', never back to 'A000' (K4).

    Refuses a prefix that is not one capital letter (`prefix_invalid`) and a number below 1
    (`number_invalid`).
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("prefix_invalid")
    return f"{prefix}{_counted(number):03d}"


def parse_ticket_no(text: str) -> tuple[str, int] | None:
    """Prefix and number of a ticket number typed in either case, or None when it is none.

    Only the form `ticket_no` writes is read: 'A0001' and 'A01' are None.
    """
    match = _TICKET_NO.fullmatch(text.strip())
    if match is None:
        return None
    prefix, number = match[1].upper(), int(match[2])
    written = number > 0 and f"{number:03d}" == match[2]
    return (prefix, number) if written else None


def spoken(ticket: str) -> tuple[str, ...]:
    """A ticket number as the voice says it, one word for each sign: A, 零, 零, 一 (K4; 号 is the caller's).

    Refuses what is not a ticket number (`ticket_no_invalid`).
    """
    parsed = parse_ticket_no(ticket)
    if parsed is None:
        raise ValueError("ticket_no_invalid")
    prefix, number = parsed
    return (prefix, *(_DIGITS[int(digit)] for digit in f"{number:03d}"))


def case_no(series: str, day: date, number: int) -> str:
    """The number of a case or paper: 'BX20261123-004', counted within its series and local day (K4).

    Refuses a series that is not two capital letters (`series_invalid`) and a number below 1
    (`number_invalid`). Past 999 it grows a digit.
    """
    if not _SERIES.fullmatch(series):
        raise ValueError("series_invalid")
    return f"{series}{day.year:04d}{day.month:02d}{day.day:02d}-{_counted(number):03d}"


def booking_no(visit_day: date, number: int) -> str:
    """The number of a visit-day booking: 'JF202612-05' (K4).

    It names the month only, so with two visit days in a month both share one count. Refuses a number
    below 1 (`number_invalid`). Past 99 it grows a digit.
    """
    return f"JF{visit_day.year:04d}{visit_day.month:02d}-{_counted(number):02d}"


def new_token(random_bytes: bytes) -> str:
    """A bearer's token of 128 bits as 26 characters A-Z2-7 without padding (design.md, Storage).

    Refuses anything but 16 bytes (`token_bytes_invalid`); they must come from the system's generator.
    """
    if len(random_bytes) != TOKEN_BYTES:
        raise ValueError("token_bytes_invalid")
    return base64.b32encode(random_bytes).decode("ascii").rstrip("=")


def canonical_token(text: str) -> str | None:
    """A token as the store keeps it, from either case; None unless it is 26 characters of the alphabet."""
    return text.upper() if _TOKEN.fullmatch(text) else None


def whole(text: str) -> int | None:
    """A number as a form or an address gives it; None for what is none, or could not be kept."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _counted(number: int) -> int:
    if number < 1:
        raise ValueError("number_invalid")
    return number
