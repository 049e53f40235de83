"""The printer as a state machine: commands go in, papers come out.

Source of the behaviour: Epson, *ESC/POS Command Reference*; FS & / FS . with GBK as on Chinese ROMs.
"""

from collections.abc import Callable, Mapping

from printing.interpreter import codepages, images, render
from printing.interpreter.mechanism import DEFAULT_SPACING, Mechanism, Modes
from printing.interpreter.tokenizer import Command


class Printer(Mechanism):
    """One printer: `execute` commands, take `papers`."""

    def execute(self, command: Command) -> None:
        """Does what one command says. Status requests do nothing here: who holds the wire answers them."""
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
        printer.line.text += "\t"
        printer.line.whole_text += "\t"


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
    printer.modes.spacing = command.params[0] if command.params else DEFAULT_SPACING


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


def _column_image(printer: Printer, command: Command) -> None:
    try:
        mask = images.column(command.params)
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))
        return
    room = printer.area - printer.line.cursor
    if mask.width > room:
        printer.page.overflows.append(f"column image {mask.width} dots wide, the area has {room} left")
        if room <= 0:
            return
        mask = mask.crop((0, 0, room, mask.height))
    printer.place(mask, "")


def _raster_image(printer: Printer, command: Command) -> None:
    printer.at_line_start(command)
    try:
        printer.print_block(images.raster(command.params), "image")
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))


def _graphics(printer: Printer, command: Command) -> None:
    function = command.selector[1:]
    try:
        if function == b"p":
            printer.modes.graphics = images.graphics(command.payload)
        elif function in (b"\x02", b"2"):
            mask, printer.modes.graphics = printer.modes.graphics, None
            if mask is None:
                raise images.NotPrinted("graphics printed without stored data")
            printer.at_line_start(command)
            printer.print_block(mask, "image")
    except images.NotPrinted as reason:
        printer.page.mistake(str(reason))


def _qr(printer: Printer, command: Command) -> None:
    function, payload, modes = command.selector[1:], command.payload, printer.modes
    if function == b"Q":
        _print_qr(printer, command)
    elif function == b"P" and payload[:1] == b"0":
        modes.qr_data = payload[1:]
    elif function == b"A" and payload[:1] and 49 <= payload[0] <= 51:
        modes.qr_model = payload[0]
    elif function == b"C" and payload and 1 <= payload[0] <= 16:
        modes.qr_module = payload[0]
    elif function == b"E" and payload and 48 <= payload[0] <= 51:
        modes.qr_level = payload[0]
    elif function != b"R":
        printer.page.mistake(f"{command.title}: parameters {payload[:4].hex(' ').upper()} have no effect")


def _print_qr(printer: Printer, command: Command) -> None:
    modes = printer.modes
    printer.at_line_start(command)
    try:
        mask = images.qr(modes.qr_data, modes.qr_model, modes.qr_module, modes.qr_level)
    except images.NotPrinted as reason:
        # On the picture too: a ticket whose QR is missing must not pass for one that never had any.
        printer.page.mistake(str(reason))
        printer.remark(str(reason))
        return
    printer.print_block(mask, "QR symbol")


def _line_feed(printer: Printer, command: Command) -> None:
    printer.line_feed()


def _feed_lines(printer: Printer, command: Command) -> None:
    printer.feed_lines(command.params[0])


def _feed_dots(printer: Printer, command: Command) -> None:
    printer.feed_dots(command.params[0])


def _cut(printer: Printer, command: Command) -> None:
    feeds = command.name == "GS V" and command.params[0] in (65, 66)
    printer.cut(command.params[1] if feeds else None)


def _pulse(printer: Printer, command: Command) -> None:
    if command.name == "ESC p" or command.params[0] == 1:
        printer.page.drawer_kicks += 1


HANDLERS: dict[str, Handler] = {
    "LF": _line_feed, "HT": _tab, "ESC d": _feed_lines, "ESC J": _feed_dots, "ESC @": _initialize,
    "ESC !": _print_modes, "GS !": _size, "ESC E": _flag("bold"), "ESC G": _flag("double_strike"),
    "GS B": _flag("reverse"), "ESC {": _flag("upside_down"), "ESC -": _choice("underline", _digits(3)),
    "ESC M": _choice("cell", {0: render.FONT_A, 1: render.FONT_B, 48: render.FONT_A, 49: render.FONT_B}),
    "ESC a": _choice("align", _digits(3), at_line_start=True), "ESC 2": _spacing, "ESC 3": _spacing,
    "ESC SP": _gap, "ESC t": _code_table, "ESC R": _national_set, "ESC $": _absolute, "ESC \\": _relative,
    "ESC D": _tab_stops, "GS L": _left_margin, "GS W": _area, "FS &": _kanji, "FS .": _kanji,
    "FS S": _kanji_gap, "FS !": _kanji_modes, "FS W": _quadruple,
    "FS -": _choice("kanji_underline", _digits(3)), "ESC *": _column_image, "GS v 0": _raster_image,
    "GS ( L": _graphics, "GS 8 L": _graphics, "GS ( k": _qr,
    "GS V": _cut, "ESC i": _cut, "ESC m": _cut, "ESC p": _pulse, "DLE DC4": _pulse,
}  # fmt: skip

# Commands that leave no trace on paper: sensors, sounds, settings of the head, and status requests.
IGNORED = frozenset((
    "CR", "ESC S", "ESC B", "ESC ( A", "ESC c 3", "ESC c 4", "ESC c 5", "GS b", "GS ( D", "GS ( K",
    "DLE EOT", "DLE ENQ", "GS r", "GS a", "GS I", "GS ( H",
))  # fmt: skip
STATUS_REQUESTS = frozenset(("DLE EOT", "DLE ENQ", "GS r", "GS a", "GS I", "GS ( H"))
