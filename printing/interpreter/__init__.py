"""Reads ESC/POS bytes as a printer would: what was printed, as a picture and as text, and what went wrong.

Written from the makers' manuals, apart from the code that builds documents, so that the one can judge
the other. It refuses what it does not know; the commands it knows are in `commands.TABLE`.
"""

from printing.interpreter.explain import explain
from printing.interpreter.paper import MARGIN, Paper
from printing.interpreter.printer import Printer
from printing.interpreter.render import FontMissing
from printing.interpreter.tokenizer import Command, Truncated, UnknownCommand, next_command, tokenize

__all__ = [
    "MARGIN",
    "ROLL",
    "Command",
    "FontMissing",
    "Paper",
    "Printer",
    "Truncated",
    "UnknownCommand",
    "explain",
    "interpret",
    "interpret_all",
    "tokenize",
]

# Rows of one roll, 20 m: a file that asks for more is a runaway, and its pictures would fill the memory.
ROLL = 160_000


def interpret(data: bytes, *, width: int = 576, chinese: str = "gbk") -> list[Paper]:
    """The papers a printer with `width` printable dots and this Chinese ROM makes of `data`.

    One paper per cut, and a last one if anything was printed after the last cut. `chinese` is "gbk",
    "gb2312", "gb18030" or "none". Raises UnknownCommand or Truncated; FontMissing without a CJK font.
    """
    printer = Printer(width, chinese)
    for command in tokenize(data):
        printer.execute(command)
    printer.finish()
    return printer.papers


def interpret_all(data: bytes, *, width: int = 576, chinese: str = "gbk") -> tuple[list[Paper], list[str]]:
    """As `interpret`, but reading on after what it does not know, as a printer does; a remark is drawn in its place.

    Returns the papers, and one sentence for each command that was unknown or cut short; reading ends where the
    papers are ROLL rows long together. Raises FontMissing.
    """
    printer, unread, at = Printer(width, chinese), [], 0
    while at < len(data):
        if printer.used > ROLL:
            unread.append(f"the roll of {ROLL // 8000} m is used up at byte {at}: the rest is not printed")
            break
        try:
            command = next_command(data, at)
        except UnknownCommand as error:
            unread.append(str(error))
            printer.remark(f"UNKNOWN COMMAND {error.command.hex(' ').upper()}")
            at += error.skip
            continue
        except Truncated as error:
            unread.append(str(error))
            break
        printer.execute(command)
        at += len(command.raw)
    printer.finish()
    return printer.papers, unread
