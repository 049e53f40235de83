"""Says in one line a command what ESC/POS bytes mean, for a reader who looks for what went wrong.

Source of the meanings: Epson, *ESC/POS Command Reference*, as in `commands.TABLE`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from printing.interpreter import barcodes, codepages
from printing.interpreter.tokenizer import Command, Truncated, UnknownCommand, next_command

_SHOWN_BYTES = 8
_SHOWN_TEXT = 300


def explain(data: bytes, *, chinese: str = "gbk") -> list[str]:
    """One line per command: offset, bytes (shortened), standard name, meaning with readable parameters.

    Text is decoded in the mode of the moment, with a ROM as in `interpret`. Never raises: what is unknown or cut
    short gets a line that says so, and reading goes on after it.
    """
    lines, mode, at = [], _TextMode(chinese), 0
    while at < len(data):
        try:
            command = next_command(data, at)
        except UnknownCommand as error:
            lines.append(_row(at, data[at : at + error.skip], "??", "UNKNOWN COMMAND"))
            at += error.skip
            continue
        except Truncated:
            lines.append(_row(at, data[at:], "??", "TRUNCATED: the data end inside this command"))
            break
        mode.follow(command)
        lines.append(_row(at, command.raw, command.name, _meaning(command, mode)))
        at += len(command.raw)
    return lines


@dataclass
class _TextMode:
    """What decides which character a byte stands for."""

    chinese: str
    kanji: bool = False
    table: int = 0
    national: int = 0

    def follow(self, command: Command) -> None:
        if command.name in ("ESC @", "ESC ? LF NUL"):
            self.kanji, self.table, self.national = False, 0, 0
        elif command.name in ("FS &", "FS ."):
            self.kanji = command.name == "FS &" and self.chinese != "none"
        elif command.name == "ESC t":
            self.table = command.params[0]
        elif command.name == "ESC R" and codepages.is_national_set(command.params[0]):
            self.national = command.params[0]

    def decode(self, raw: bytes) -> str:
        text, at = "", 0
        while at < len(raw):
            pair = raw[at : at + 2]
            han = None
            if self.kanji and len(pair) == 2 and codepages.is_lead(pair[0]):
                han = codepages.double_byte(pair, self.chinese)
            text += han or codepages.single_byte(raw[at], self.table, self.national)
            at += 2 if han else 1
        return text


def _row(offset: int, raw: bytes, name: str, meaning: str) -> str:
    more = f" … ({len(raw)} bytes)" if len(raw) > _SHOWN_BYTES else ""
    return f"{offset:06d}  {raw[:_SHOWN_BYTES].hex(' ').upper() + more:<40}  {name:<9}  {meaning}"


def _meaning(command: Command, mode: _TextMode) -> str:
    if command.name == "text":
        shown = repr(mode.decode(command.raw[:_SHOWN_TEXT]))
        return shown if len(command.raw) <= _SHOWN_TEXT else shown + " …"
    detail = _detail(command)
    return f"{command.title}: {detail}" if detail else command.title


def _detail(command: Command) -> str:
    if command.selector:
        read = _FUNCTIONS.get(command.selector, _payload)
        return read(command.payload) if command.payload else ""
    if command.name in _PARAMETERS:
        return _PARAMETERS[command.name](command.params)
    if len(command.spec.fields) == 1 and command.params:
        return f"n={_hex(command.params[0])}"
    values = zip(command.spec.fields, command.params, strict=False)
    return " ".join(f"{name}={value}" for name, value in values) or command.params[:_SHOWN_BYTES].hex(" ").upper()


def _hex(n: int) -> str:
    return f"0x{n:02X}"


def _word(params: bytes, at: int = 0) -> int:
    return int.from_bytes(params[at : at + 2], "little")


Reader = Callable[[bytes], str]


def _with_n(read: Callable[[int], str]) -> Reader:
    return lambda params: f"n={_hex(params[0])} {read(params[0])}"


def _one_of(*words: str) -> Reader:
    """The parameter chooses a word, as a number or as the digit of it."""

    def read(n: int) -> str:
        place = n - 48 if n >= 48 else n
        return words[place] if place < len(words) else "(no effect)"

    return _with_n(read)


def _unit(words: str, scale: int = 1) -> Reader:
    return lambda params: f"{params[0] * scale} {words}"


def _dots(params: bytes) -> str:
    return f"{_word(params)} dots"


def _print_modes(n: int) -> str:
    names = {8: "bold", 16: "double height", 32: "double width", 128: "underline"}
    return ", ".join(["font B" if n & 1 else "font A", *(name for bit, name in names.items() if n & bit)])


def _kanji_modes(n: int) -> str:
    names = {4: "double width", 8: "double height", 128: "underline"}
    return ", ".join(name for bit, name in names.items() if n & bit) or "normal"


def _size(n: int) -> str:
    return f"width x{(n >> 4) + 1}, height x{(n & 7) + 1}" if not n & 0x88 else "(no effect)"


def _cut(params: bytes) -> str:
    kind = "full" if params[0] in (0, 48, 65) else "partial"
    return f"{kind} cut" + (f", after feeding to the blade and {params[1]} dots more" if len(params) > 1 else "")


def _column_image(params: bytes) -> str:
    dots = "24" if params[0] >= 32 else "8"
    return f"{_word(params, 1)}x{dots} dots, mode {params[0]}"


def _raster(params: bytes) -> str:
    scale = ("", ", double width", ", double height", ", double width and height")[params[0] & 3]
    return f"{_word(params, 1) * 8}x{_word(params, 3)} dots{scale}"


def _graphics(payload: bytes) -> str:
    scale = f", scale {payload[1]}x{payload[2]}" if len(payload) > 2 else ""
    return f"{_word(payload, 4)}x{_word(payload, 6)} dots{scale}"


def _barcode(params: bytes) -> str:
    data = params[1:-1] if params[0] <= 6 else params[2:]
    return f"{barcodes.system(params[0])} {_bytes(data)}"


def _bytes(data: bytes) -> str:
    try:
        shown = repr(data[:_SHOWN_TEXT].decode())
    except UnicodeDecodeError:
        shown = repr(data[:_SHOWN_TEXT])
    return shown + (f" … ({len(data)} bytes)" if len(data) > _SHOWN_TEXT else "")


def _payload(payload: bytes) -> str:
    return f"{payload[:_SHOWN_BYTES].hex(' ').upper()}"


def _tab_stops(params: bytes) -> str:
    return "columns " + ", ".join(str(stop) for stop in params if stop) if any(params) else "none"


_ON_OFF = _with_n(lambda n: "on" if n & 1 else "off")
_UNDERLINE = _one_of("off", "1 dot", "2 dots")
_FONT = _one_of("font A", "font B")

_PARAMETERS: dict[str, Reader] = {
    "ESC !": _with_n(_print_modes), "FS !": _with_n(_kanji_modes), "GS !": _with_n(_size), "FS W": _ON_OFF,
    "ESC E": _ON_OFF, "ESC G": _ON_OFF, "GS B": _ON_OFF, "ESC {": _ON_OFF, "GS b": _ON_OFF,
    "ESC -": _UNDERLINE, "FS -": _UNDERLINE, "ESC M": _FONT, "GS f": _FONT, "ESC r": _one_of("black", "second colour"),
    "ESC a": _one_of("left", "centre", "right"), "ESC 3": _unit("dots"), "ESC J": _unit("dots"),
    "ESC A": _unit("/60 inch"), "ESC +": _unit("/360 inch"), "ESC d": _unit("lines"), "ESC SP": _unit("dots"),
    "ESC K": _unit("dots"), "ESC t": _with_n(codepages.table_name), "ESC $": _dots, "GS L": _dots, "GS W": _dots,
    "ESC \\": lambda params: f"{int.from_bytes(params, 'little', signed=True)} dots", "ESC D": _tab_stops,
    "ESC R": _one_of(*codepages.NATIONS), "ESC c 5": _with_n(lambda n: "buttons off" if n & 1 else "buttons on"),
    "ESC =": _with_n(lambda n: "to the printer" if n & 1 else "not to the printer"),
    "ESC p": lambda params: f"drawer pin {5 if params[0] & 1 else 2}, {params[1] * 2} ms on, {params[2] * 2} ms off",
    "FS S": lambda params: f"{params[0]} dots left, {params[1]} dots right", "GS V": _cut,
    "ESC *": _column_image, "GS v 0": _raster, "GS k": _barcode, "GS h": _unit("dots"), "GS w": _unit("dots a module"),
    "GS H": _one_of("no text", "text above", "text below", "text above and below"),
    "ESC B": lambda params: f"{params[0]} times, {params[1] * 100} ms each",
    "GS r": _one_of("", "paper sensor", "drawer"),
    "GS a": _with_n(lambda n: "on" if n else "off"),
    "DLE EOT": lambda params: f"n={params[0]} " + {1: "printer", 2: "cause of offline", 3: "error", 4: "paper"}.get(
        params[0], "other"),
}  # fmt: skip

_FUNCTIONS: dict[bytes, Reader] = {
    b"1A": lambda payload: {49: "model 1", 50: "model 2", 51: "micro"}.get(payload[0], "(no effect)"),
    b"1C": lambda payload: f"{payload[0]} dots a module",
    b"1E": lambda payload: {48: "level L", 49: "level M", 50: "level Q", 51: "level H"}.get(payload[0], "(no effect)"),
    b"1P": lambda payload: _bytes(payload[1:]),
    b"1Q": lambda payload: "",
    b"1R": lambda payload: "",
    b"0p": _graphics,
    b"00": lambda payload: f"ID {_bytes(payload)}",
}
