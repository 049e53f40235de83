"""`lobbydesk paper`: read ESC/POS bytes from whatever program, as a picture or one line a command; or be a printer."""

import argparse
import os
import signal
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lobbydesk.home import port

if TYPE_CHECKING:
    from PIL import Image

CHINESE = ("gbk", "gb2312", "gb18030", "none")
GAP = 48  # rows between two papers of one file, with a dashed line in the middle
MOST_BYTES = 64_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the four acts and their options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="act")
    render = acts.add_parser("render", help="draw the papers, as PNG on standard output")
    explain = acts.add_parser("explain", help="say what each command means, one line a command")
    printer = acts.add_parser("printer", help="be an ESC/POS printer on a socket, with faults on demand")
    acts.add_parser("commands", help="list the commands that are understood, with their sources")
    for act in (render, explain):
        act.add_argument("file", metavar="FILE", help="the bytes sent to the printer; - for standard input")
    for act in (render, explain, printer):
        act.add_argument("--chinese", choices=CHINESE, default="gbk", help="the printer's Chinese ROM (default gbk)")
    for act in (render, printer):
        act.add_argument("--width", type=_width, default=576, help="printable dots across (576: 80 mm, 384: 58 mm)")
    render.add_argument("--output", type=Path, metavar="PNG", help="write the picture there, not to standard output")
    _add_printer(printer)


def _add_printer(printer: argparse.ArgumentParser) -> None:
    printer.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    printer.add_argument("--port", type=port, default=9100, help="the printer's TCP port (default 9100)")
    printer.add_argument("--paper-port", type=port, default=8602, help="port of the page of papers (default 8602)")
    printer.add_argument("--folder", type=Path, default=Path("var/paper"), help="where papers go (default var/paper)")
    printer.add_argument(
        "--fault", type=_fault, action="append", default=[], metavar="FAULT[@N]",
        help="what is wrong with it: at once, or beginning with the N-th paper; may be given several times",
    )  # fmt: skip
    printer.add_argument(
        "--confirm", choices=("gs_h", "gs_r", "none"), default="gs_h",
        help="how it confirms papers: gs_h answers GS ( H and GS r, gs_r only GS r (default gs_h)",
    )  # fmt: skip
    printer.add_argument("--quiet", action="store_true", help="do not say where it listens")


def _width(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else 0
    if not 24 <= number <= 2400:
        raise argparse.ArgumentTypeError(f"not a width in dots (24-2400): {text}")
    return number


def _fault(text: str) -> tuple[int, str]:
    """Return the number of the paper it begins with (0: at once) and the fault."""
    from printing.virtual import FAULTS

    name, at, number = text.partition("@")
    if name not in FAULTS:
        raise argparse.ArgumentTypeError(f"no such fault: {name} (choose from {', '.join(FAULTS)})")
    if at and not (number.isascii() and number.isdigit() and 0 < int(number) < 1_000_000):
        raise argparse.ArgumentTypeError(f"not the number of a paper (1-999999): {number}")
    return int(number or 0), name


def run(options: argparse.Namespace) -> int:
    """Do one act. 0: all is well; 1: a printer would have gone wrong; 2, with a sentence: it could not be done."""
    try:
        status: int = {"render": _render, "explain": _explain, "printer": _printer, "commands": _commands}[options.act](
            options
        )
        sys.stdout.flush()
    except BrokenPipeError:
        # `| head` has seen enough; what Python still wants to flush must not complain either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _bytes(file: str) -> bytes | None:
    """Return the bytes to be read; None, with a sentence, if they cannot be had."""
    try:
        with ExitStack() as opened:
            source = sys.stdin.buffer if file == "-" else opened.enter_context(Path(file).open("rb"))
            data = source.read(MOST_BYTES + 1)
    except OSError as error:
        print(f"cannot read {file}: {error.strerror}", file=sys.stderr)
        return None
    if len(data) > MOST_BYTES:
        print(f"{file} is larger than {MOST_BYTES // 1_000_000} MB: that is no paper", file=sys.stderr)
        return None
    return data


def _explain(options: argparse.Namespace) -> int:
    from printing.interpreter import explain

    data = _bytes(options.file)
    if data is None:
        return 2
    _print_lines(explain(data, chinese=options.chinese))
    return 0


def _commands(options: argparse.Namespace) -> int:
    from printing.interpreter import commands

    rows = []
    for prefix, spec in sorted(commands.TABLE.items()):
        for selector, title in (spec.functions or {b"": spec.title}).items():
            shown = prefix.hex(" ").upper() + (" .. " + selector.hex(" ").upper() if selector else "")
            rows.append(f"{spec.name:<13} {shown:<15} {title} [{spec.source}]")
    _print_lines(rows)
    return 0


def _print_lines(lines: list[str]) -> None:
    # A terminal that knows no Chinese shows escapes, not a traceback.
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    for line in lines:
        print(line)


def _render(options: argparse.Namespace) -> int:
    """Draw what can be drawn; what a printer would have done wrong stands on standard error, and the status is 1."""
    from printing.interpreter import FontMissing, interpret_all

    if options.output is None and sys.stdout.isatty():
        print("this would write a picture to the terminal: lobbydesk paper render FILE > ticket.png", file=sys.stderr)
        return 2
    data = _bytes(options.file)
    if data is None:
        return 2
    try:
        papers, wrong = interpret_all(data, width=options.width, chinese=options.chinese)
        if papers:
            picture = _one_below_the_other([paper.image for paper in papers])
            picture.save(options.output or sys.stdout.buffer, "PNG", dpi=(203, 203))
    except FontMissing as error:
        print(error, file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"cannot write {options.output or 'the picture'}: {error.strerror}", file=sys.stderr)
        return 2
    if not papers:
        wrong.append("nothing is printed by these bytes")
    for number, paper in enumerate(papers, 1):
        which = f"paper {number}: " if len(papers) > 1 else ""
        wrong += [which + sentence for sentence in paper.overflows + paper.mistakes]
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def _one_below_the_other(pictures: "list[Image.Image]") -> "Image.Image":
    """One picture with a dashed line, the cut, between the papers."""
    from PIL import Image, ImageDraw

    width = max(picture.width for picture in pictures)
    whole = Image.new("L", (width, sum(picture.height + GAP for picture in pictures) - GAP), 0xD0)
    draw, top = ImageDraw.Draw(whole), 0
    for picture in pictures:
        if top:
            for left in range(0, width, 24):
                draw.line((left, top - GAP // 2, left + 11, top - GAP // 2), fill=0x60, width=2)
        whole.paste(picture, (0, top))
        top += picture.height + GAP
    return whole


def _printer(options: argparse.Namespace) -> int:
    """Print until SIGTERM or SIGINT."""
    from printing.paper_page import PaperPage
    from printing.virtual import VirtualPrinter

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings: dict[str, Any] = {"width": options.width, "chinese": options.chinese, "confirm": options.confirm}
    schedule: Any = [(paper, fault) for paper, fault in options.fault if paper]
    printer = VirtualPrinter(options.folder, host=options.host, port=options.port, schedule=schedule, **settings)
    for paper, fault in options.fault:
        if not paper:
            printer.fault = fault
    with ExitStack() as running:
        try:
            running.enter_context(printer)
            running.enter_context(PaperPage(printer, host=options.host, port=options.paper_port))
        except OSError as error:
            where = f"{options.host}:{options.port} and :{options.paper_port}, keeping papers in {options.folder}"
            print(f"cannot print on {where}: {error.strerror}", file=sys.stderr)
            return 2
        if not options.quiet:
            print(f"printer on {options.host}:{options.port}; papers on http://{options.host}:{options.paper_port}/")
            print(f"kept in {options.folder}; Ctrl-C stops it", flush=True)
        stop.wait()
    return 0
