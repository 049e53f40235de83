"""What a printer said, sorted by its form, and the process ids by which an answer is known for a paper's own."""

from dataclasses import dataclass, field

PROCESS_REPLY = b"\x37\x22"
PROCESS_REPLY_LENGTH = 7
NAME_BEGIN, NAME_END = b"_", b"\x00"
NAME_LENGTH = 80  # GS I names are shorter; what runs on beyond is no name


@dataclass(slots=True)
class Replies:
    """What a printer said, sorted by its framing (`printing.md`, Reply framing); rubbish falls through.

    `naming`: a name (GS I 65-69: `_`, text, NUL) was asked for. Its letters look like answers to GS r, and its
    beginning is an everyday letter, so names are looked for only then.
    """

    naming: bool = False
    statuses: list[int] = field(default_factory=list)
    processes: set[bytes] = field(default_factory=set)
    names: list[str] = field(default_factory=list)
    transmitted: int = 0
    _automatic: int = 0
    _rest: bytes = b""

    def feed(self, said: bytes) -> None:
        """Sort the bytes: GS ( H replies begin with 37 22, DLE EOT is 0xx1xx10, GS r is 0xx0xxxx."""
        data = self._rest + said
        while data:
            length = self._framed(data)
            if length is None:
                break
            if length == 0:
                self._single(data[0])
                length = 1
            data = data[length:]
        self._rest = data

    def _framed(self, data: bytes) -> int | None:
        """Take an answer of several bytes and return its length; 0 where none begins, None when its rest is due."""
        if PROCESS_REPLY.startswith(data[:2]):
            if len(data) < PROCESS_REPLY_LENGTH:
                return None
            self.processes.add(data[2:6])
            return PROCESS_REPLY_LENGTH
        if self.naming and data.startswith(NAME_BEGIN):
            name, end, _ = data[1:].partition(NAME_END)
            if end:
                self.names.append("".join(chr(byte) for byte in name if 0x20 <= byte < 0x7F).strip())
                return len(name) + 2
            return None if len(data) < NAME_LENGTH else 0
        return 0

    def _single(self, byte: int) -> None:
        """Sort one byte. The three that follow the first of an automatic status (0xx1xx00) look like GS r's."""
        if byte & 0x90 == 0:
            if self._automatic:
                self._automatic -= 1
            else:
                self.transmitted += 1
            return
        self._automatic = 3 if byte & 0x93 == 0x10 else 0
        if byte & 0x93 == 0x12:
            self.statuses.append(byte)


def process_id(job_id: int) -> bytes:
    """Return a job's four process-id characters for GS ( H: letters A-O, which no status reply looks like."""
    letters = []
    for _ in range(4):
        job_id, digit = divmod(job_id, 15)
        letters.append(0x41 + digit)
    return bytes(letters)


def confirmation(confirms: str, job_id: int) -> bytes:
    """Return the request for confirmation to send behind a paper (`gs_h`, `gs_r`, or nothing)."""
    if confirms == "gs_h":
        return b"\x1d(H\x06\x0000" + process_id(job_id)
    return b"\x1dr\x01" if confirms == "gs_r" else b""
