"""The printer as a state machine: commands go in, papers come out.

Source of the behaviour: Epson, *ESC/POS Command Reference*; FS & / FS . with GBK as on Chinese ROMs.
"""

from collections.abc import Callable, Mapping

from printing.interpreter import barcodes, codepages, drawing, render
from printing.interpreter.mechanism import DEFAULT_SPACING, DPI, Mechanism, Modes
from printing.interpreter.tokenizer import Command


class Printer(Mechanism):
    """One printer: `execute` commands, take `papers`."""

    def execute(self, command: Command) -> None:
        """Does what one command says. Status requests do nothing here: who holds the wire answers them."""
        if not self.selected and command.name != "ESC =":
            self.page.mistake("sent to the customer display behind the printer (ESC =), not printed")
            return
        if command.name == "text":
            for byte in command.raw:
                self.text_byte(byte)
            return
        self.end_text()
        handler = HANDLERS.get(command.name)
        if handler is not None:
            handler(self, command)


Handler = Callable[[Printer, Command], None]


def _word(command: Command) -> int:
    return int.from_bytes(command.params[:2], "little")


def _signed_word(command: Command) -> int:
    return int.from_bytes(command.params[:2], "little", signed=True)


def _initialize(printer: Printer, command: Command) -> None:
    if not printer.line.empty:
        printer.page.mistake(f"ESC @ throws away the unprinted line {printer.line.text!r}")
        printer.line.clear()
    printer.modes = Modes()


def _tab(printer: Printer, command: Command) -> None:
    unit = printer.modes.cell[0] * printer.modes.scale[0] + printer.modes.gap
    stops = [stop * unit for stop in printer.modes.tabs]
    after = [stop for stop in stops if stop > printer.line.cursor]
    if after:
        printer.line.cursor = after[0]
        printer.line.add_text("\t")


def _tab_stops(printer: Printer, command: Command) -> None:
    printer.modes.tabs = tuple(stop for stop in command.params if stop)


def _print_modes(printer: Printer, command: Command) -> None:
    n, modes = command.params[0], printer.modes
    modes.cell = render.FONT_B if n & 1 else render.FONT_A
    modes.bold = bool(n & 8)
    modes.scale = (2 if n & 32 else 1, 2 if n & 16 else 1)
    modes.underline = 1 if n & 128 else 0


def _kanji_modes(printer: Printer, command: Command) -> None:
    n, modes = command.params[0], printer.modes
    modes.kanji_scale = (2 if n & 4 else 1, 2 if n & 8 else 1)
    modes.kanji_underline = 1 if n & 128 else 0


def _size(printer: Printer, command: Command) -> None:
    n = command.params[0]
    if n & 0x88:
        _out_of_range(printer, command)
        return
    printer.modes.scale = printer.modes.kanji_scale = ((n >> 4) + 1, (n & 7) + 1)


def _quadruple(printer: Printer, command: Command) -> None:
    printer.modes.kanji_scale = (2, 2) if command.params[0] & 1 else (1, 1)


def _out_of_range(printer: Printer, command: Command) -> None:
    given = command.params[:4].hex(" ").upper()
    printer.page.mistake(f"{command.name} has no effect with parameters {given}")


def _flag(attribute: str) -> Handler:
    """A mode that the lowest bit of the parameter turns on and off."""

    def handler(printer: Printer, command: Command) -> None:
        setattr(printer.modes, attribute, bool(command.params[0] & 1))

    return handler


def _choice(attribute: str, values: Mapping[int, object], *, at_line_start: bool = False) -> Handler:
    """A mode that takes one of the listed values; other parameters have no effect."""

    def handler(printer: Printer, command: Command) -> None:
        if command.params[0] not in values:
            _out_of_range(printer, command)
        elif not at_line_start or printer.at_line_start(command):
            setattr(printer.modes, attribute, values[command.params[0]])

    return handler


def _digits(count: int) -> dict[int, int]:
    return {n: n for n in range(count)} | {48 + n: n for n in range(count)}


def _spacing(printer: Printer, command: Command) -> None:
    n = command.params[0] if command.params else DEFAULT_SPACING
    # ESC 3 counts in motion units, which are dots; the others in parts of an inch (203 dots).
    printer.modes.spacing = round(n * DPI / {"ESC A": 60, "ESC +": 360}.get(command.name, DPI))


def _gap(printer: Printer, command: Command) -> None:
    printer.modes.gap = command.params[0]


def _kanji_gap(printer: Printer, command: Command) -> None:
    printer.modes.kanji_gap = (command.params[0], command.params[1])


def _kanji(printer: Printer, command: Command) -> None:
    printer.modes.kanji = command.name == "FS &" and printer.chinese != "none"


def _code_table(printer: Printer, command: Command) -> None:
    if not codepages.is_table(command.params[0]):
        _out_of_range(printer, command)
    printer.modes.table = command.params[0]


def _national_set(printer: Printer, command: Command) -> None:
    if codepages.is_national_set(command.params[0]):
        printer.modes.national = command.params[0]
    else:
        _out_of_range(printer, command)


def _left_margin(printer: Printer, command: Command) -> None:
    if printer.at_line_start(command):
        printer.modes.left = min(_word(command), printer.width)


def _area(printer: Printer, command: Command) -> None:
    if printer.at_line_start(command):
        printer.modes.area = _word(command)


def _absolute(printer: Printer, command: Command) -> None:
    _move(printer, command, _word(command))


def _relative(printer: Printer, command: Command) -> None:
    _move(printer, command, printer.line.cursor + _signed_word(command))


def _move(printer: Printer, command: Command, place: int) -> None:
    if 0 <= place <= printer.area:
        printer.line.cursor = place
    else:
        _out_of_range(printer, command)


def _line_feed(printer: Printer, command: Command) -> None:
    printer.line_feed()


def _feed_lines(printer: Printer, command: Command) -> None:
    printer.feed_lines(command.params[0])


def _feed_dots(printer: Printer, command: Command) -> None:
    printer.feed_dots(command.params[0])


def _cut(printer: Printer, command: Command) -> None:
    feeds = command.name == "GS V" and command.params[0] in (65, 66)
    printer.cut(command.params[1] if feeds else None)


def _peripheral(printer: Printer, command: Command) -> None:
    printer.selected = bool(command.params[0] & 1)


def _paper_type(printer: Printer, command: Command) -> None:
    if not command.params[0] & 3:
        printer.page.mistake("ESC c 0 selects a slip: there is only the roll")


def _reverse_feed(printer: Printer, command: Command) -> None:
    printer.flush(0)
    printer.page.mistake("ESC K: this printer does not feed backwards")


def _no_effect(printer: Printer, command: Command) -> None:
    printer.page.mistake(f"{command.name} has no effect on a receipt printer outside page mode")


def _bar_height(printer: Printer, command: Command) -> None:
    if command.params[0]:
        printer.modes.bar_height = command.params[0]
    else:
        _out_of_range(printer, command)


def _pulse(printer: Printer, command: Command) -> None:
    if command.name == "ESC p" or command.params[0] == 1:
        printer.page.drawer_kicks += 1


_FONTS = {0: render.FONT_A, 1: render.FONT_B, 48: render.FONT_A, 49: render.FONT_B}

HANDLERS: dict[str, Handler] = {
    "LF": _line_feed, "HT": _tab, "ESC d": _feed_lines, "ESC J": _feed_dots, "ESC @": _initialize,
    "ESC !": _print_modes, "GS !": _size, "ESC E": _flag("bold"), "ESC G": _flag("double_strike"),
    "GS B": _flag("reverse"), "ESC {": _flag("upside_down"), "ESC -": _choice("underline", _digits(3)),
    "ESC M": _choice("cell", _FONTS),
    "ESC a": _choice("align", _digits(3), at_line_start=True), "ESC 2": _spacing, "ESC 3": _spacing,
    "ESC SP": _gap, "ESC t": _code_table, "ESC R": _national_set, "ESC $": _absolute, "ESC \\": _relative,
    "ESC D": _tab_stops, "GS L": _left_margin, "GS W": _area, "FS &": _kanji, "FS .": _kanji,
    "FS S": _kanji_gap, "FS !": _kanji_modes, "FS W": _quadruple,
    "FS -": _choice("kanji_underline", _digits(3)), "ESC *": drawing.column_image, "GS v 0": drawing.raster_image,
    "GS ( L": drawing.graphics, "GS 8 L": drawing.graphics, "GS ( k": drawing.qr, "GS k": drawing.barcode,
    "GS h": _bar_height, "GS w": _choice("bar_module", {n: n for n in barcodes.WIDE}),
    "GS H": _choice("hri", _digits(4)), "GS f": _choice("hri_cell", _FONTS),
    "ESC A": _spacing, "ESC +": _spacing, "ESC =": _peripheral,
    "ESC ? LF NUL": _initialize, "ESC c 0": _paper_type, "ESC K": _reverse_feed, "FF": _no_effect, "VT": _no_effect,
    "GS V": _cut, "ESC i": _cut, "ESC m": _cut, "ESC p": _pulse, "DLE DC4": _pulse,
}  # fmt: skip

# Commands that leave no trace on paper: sensors, sounds, settings of the head, and status requests.
IGNORED = frozenset((
    "CR", "ESC S", "ESC B", "ESC ( A", "ESC c 3", "ESC c 4", "ESC c 5", "ESC r", "GS b", "GS ( D", "GS ( K", "GS |",
    "DLE EOT", "DLE ENQ", "GS r", "GS a", "GS I", "GS ( H",
))  # fmt: skip
STATUS_REQUESTS = frozenset(("DLE EOT", "DLE ENQ", "GS r", "GS a", "GS I", "GS ( H"))
