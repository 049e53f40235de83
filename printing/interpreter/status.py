"""The status bytes a printer answers, and the finding of status requests in a stream as it arrives.

Source: Epson, *ESC/POS Command Reference*, Status Commands (DLE EOT, GS a, GS r) and GS ( H, GS I.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """What the sensors say."""

    cover_open: bool = False
    paper_out: bool = False
    near_end: bool = False

    @property
    def offline(self) -> bool:
        """Whether the printer has stopped printing."""
        return self.cover_open or self.paper_out


def real_time(kind: int, condition: Condition) -> bytes:
    """DLE EOT n: 1 printer, 2 cause of being offline, 3 error, 4 paper. Framing 0xx1xx10."""
    bits = 0x12
    if kind == 1:
        # Bit 2: the drawer's switch, high where no drawer is wired.
        bits |= 0x04 | (0x08 if condition.offline else 0)
    elif kind == 2:
        bits |= (0x04 if condition.cover_open else 0) | (0x20 if condition.paper_out else 0)
    elif kind == 4:
        bits |= 0x0C if condition.near_end or condition.paper_out else 0
        bits |= 0x60 if condition.paper_out else 0
    return bytes([bits])


def automatic(condition: Condition) -> bytes:
    """The four bytes of Automatic Status Back. Framing of the first 0xx1xx00, of the others 0xx0xxxx."""
    first = 0x14 | (0x08 if condition.offline else 0) | (0x20 if condition.cover_open else 0)
    return bytes([first, 0, _paper_sensor(condition), 0x0F])


def transmitted(kind: int, condition: Condition) -> bytes:
    """GS r n: 1 or 49 the paper sensor, 2 or 50 the drawer; nothing for other values. Framing 0xx0xxxx."""
    if kind in (1, 49):
        return bytes([_paper_sensor(condition)])
    return b"\x01" if kind in (2, 50) else b""


def _paper_sensor(condition: Condition) -> int:
    near = 0x03 if condition.near_end or condition.paper_out else 0
    return near | (0x0C if condition.paper_out else 0)


def process_id(command_payload: bytes) -> bytes:
    """GS ( H function 48: header 37, flag 22, the four bytes of the request, NUL."""
    return b"\x37\x22" + command_payload[:4] + b"\x00"


def printer_id(kind: int) -> bytes:
    """GS I n: one byte for 1-3 (49-51), a named block for 65-69, nothing for other values."""
    if kind in (1, 2, 3, 49, 50, 51):
        return b"\x20" if kind in (1, 49) else b"\x02" if kind in (2, 50) else b"\x01"
    blocks = {65: b"1.0", 66: b"LOBBYDESK", 67: b"VIRTUAL", 68: b"0001", 69: b"GBK"}
    return b"_" + blocks[kind] + b"\x00" if kind in blocks else b""


class RealTimeScanner:
    """Finds DLE EOT 1-4 in the bytes as they arrive, in whatever pieces.

    Like a printer it looks at every byte, also inside images (the manual warns of just that).
    """

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, chunk: bytes) -> list[int]:
        """The requests completed by this chunk."""
        seen = self._tail + chunk
        self._tail = seen[-2:]
        kept = len(seen) - len(chunk)
        return [match[0][2] for match in re.finditer(rb"\x10\x04[\x01-\x04]", seen) if match.end() > kept]


_REQUEST = re.compile(rb"\x10\x04[\x01-\x04]|\x1d[raI].|\x1d\(H\x06\x00.{6}", re.DOTALL)
_BEGINNING = re.compile(rb"\x10\x04?|\x1d[raI]?|\x1d\((H(\x06(\x00.{0,5})?)?)?", re.DOTALL)


def is_only_status(head: bytes) -> bool:
    """Whether bytes hold nothing but whole status requests and perhaps the beginning of one more."""
    rest = _REQUEST.sub(b"", head)
    return not rest or _BEGINNING.fullmatch(rest) is not None


def without_status(chunk: bytes) -> bytes:
    """The bytes that are not status requests."""
    return _REQUEST.sub(b"", chunk)
