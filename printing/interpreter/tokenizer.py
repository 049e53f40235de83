"""Cuts a stream of ESC/POS bytes into commands, and refuses what the table of commands does not know."""

from collections.abc import Iterator
from dataclasses import dataclass

from printing.interpreter.commands import BEGINNINGS, TABLE, TEXT, NeedMore, Spec, Undefined

_LONGEST_PREFIX = max(len(prefix) for prefix in TABLE)


class UnknownCommand(ValueError):
    """Bytes that begin no known command. `offset` is where, `command` the bytes that were looked at.

    `skip` is how many bytes a printer would pass over: more than `command` where the length is readable.
    """

    def __init__(self, offset: int, command: bytes, skip: int = 0) -> None:
        super().__init__(offset, command)
        self.offset = offset
        self.command = command
        self.skip = max(skip, len(command), 1)

    def __str__(self) -> str:
        return f"unknown command {self.command.hex(' ').upper()} at byte {self.offset}"


class Truncated(ValueError):
    """The data ends inside the command that begins at `offset`."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset

    def __str__(self) -> str:
        return f"the data ends inside the command that begins at byte {self.offset}"


@dataclass(frozen=True)
class Command:
    """One command or one run of text: where it stands, its row in the table, its bytes."""

    offset: int
    spec: Spec
    raw: bytes

    @property
    def name(self) -> str:
        """The standard name, such as `GS V`; `text` for a run of characters."""
        return self.spec.name

    @property
    def params(self) -> bytes:
        """The bytes after the prefix; for text, all of them."""
        return self.raw[len(self.spec.prefix) :]

    @property
    def selector(self) -> bytes:
        """The bytes that choose a sub-function (`cn fn` of GS ( k, `m fn` of GS ( L), if there are any."""
        if not self.spec.functions:
            return b""
        width = len(next(iter(self.spec.functions)))
        return self.params[self.spec.selector_at : self.spec.selector_at + width]

    @property
    def payload(self) -> bytes:
        """The parameters after the length and the selector."""
        return self.params[self.spec.selector_at + len(self.selector) :]

    @property
    def title(self) -> str:
        """What the manual calls it, in words."""
        return self.spec.functions.get(self.selector, self.spec.title)


def next_command(data: bytes, at: int) -> Command:
    """The command that begins at `at`, which must be inside the data.

    Raises UnknownCommand, or Truncated where the data ends too soon; a run of text never is truncated.
    """
    if data[at] >= 0x20:
        end = at + 1
        while end < len(data) and data[end] >= 0x20:
            end += 1
        return Command(at, TEXT, data[at:end])
    spec = _spec_at(data, at)
    start = at + len(spec.prefix)
    try:
        end = start + spec.measure(data, start)
    except NeedMore:
        raise Truncated(at) from None
    except Undefined as undefined:
        shown = data[at : start + undefined.shown]
        raise UnknownCommand(at, shown, len(spec.prefix) + undefined.skip) from None
    if end > len(data):
        raise Truncated(at)
    return Command(at, spec, data[at:end])


def _spec_at(data: bytes, at: int) -> Spec:
    for length in range(1, _LONGEST_PREFIX + 1):
        prefix = data[at : at + length]
        if len(prefix) < length:
            raise Truncated(at)
        if prefix in TABLE:
            return TABLE[prefix]
        if prefix not in BEGINNINGS:
            break
    raise UnknownCommand(at, prefix)


def tokenize(data: bytes) -> Iterator[Command]:
    """The commands of `data` in order.

    Raises UnknownCommand or Truncated when it comes to the place, having given the commands before it.
    """
    at = 0
    while at < len(data):
        command = next_command(data, at)
        yield command
        at += len(command.raw)
