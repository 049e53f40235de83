"""The table of ESC/POS commands this interpreter knows: how each begins, what it is called, how long it is.

Each row names its source: Epson's *ESC/POS Command Reference* and its section, or the manual of the maker who
has the command. It covers all that python-escpos 3.1 sends to a receipt printer. A command that is not here is
refused: page mode, NV images and user-defined characters are left out on purpose, because a command that is
swallowed but not drawn would make a wrong paper look right.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


class NeedMore(Exception):
    """The data ends before the length of the command can be known."""


class Undefined(Exception):
    """The manual gives these parameters no meaning; a printer passes over `skip` parameter bytes."""

    def __init__(self, shown: int, skip: int = 0) -> None:
        super().__init__(shown, skip)
        self.shown = shown
        self.skip = skip


# No paper needs more in one command (LONGEST rows of 576 dots are 2.3 MB): what says it does is no image, and
# waiting for 4 GB to arrive would fill the memory.
MOST_DATA = 4_000_000

# Given all the data and where the parameters begin, tells how many parameter bytes there are.
Measure = Callable[[bytes, int], int]
Functions = dict[bytes, str]


@dataclass(frozen=True)
class Spec:
    """One row of the table. `functions` names the sub-functions, `fields` the first parameter bytes."""

    prefix: bytes
    name: str
    title: str
    source: str
    measure: Measure
    fields: tuple[str, ...] = ()
    functions: Functions = field(default_factory=dict)
    selector_at: int = 0


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise NeedMore
    return data[at]


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise NeedMore
    return int.from_bytes(data[at : at + size], "little")


def _fixed(count: int) -> Measure:
    return lambda data, at: count


def _counted(size: int, functions: Functions) -> Measure:
    """A command that carries its own length in `size` bytes, then perhaps a selector out of `functions`."""

    def measure(data: bytes, at: int) -> int:
        length = _number(data, at, size)
        if length > MOST_DATA:
            raise Undefined(size, size)
        if functions:
            width = len(next(iter(functions)))
            if length < width:
                raise Undefined(size, size + length)
            _byte(data, at + size + width - 1)
            if data[at + size : at + size + width] not in functions:
                raise Undefined(size + width, size + length)
        return size + length

    return measure


def _column_image(data: bytes, at: int) -> int:
    bytes_per_column = {0: 1, 1: 1, 32: 3, 33: 3}.get(_byte(data, at))
    if bytes_per_column is None:
        raise Undefined(1, 1)
    return 3 + _number(data, at + 1, 2) * bytes_per_column


def _raster_image(data: bytes, at: int) -> int:
    if _byte(data, at) not in (0, 1, 2, 3, 48, 49, 50, 51):
        raise Undefined(1, 1)
    length = _number(data, at + 1, 2) * _number(data, at + 3, 2)
    if length > MOST_DATA:
        raise Undefined(5, 5)
    return 5 + length


def _barcode(data: bytes, at: int) -> int:
    system = _byte(data, at)
    if 65 <= system <= 78:
        return 2 + _byte(data, at + 1)
    if system > 6:
        raise Undefined(1, 1)
    # Function A: the data end at NUL. Anything else below the space ends the command unprinted, and is read anew.
    for count in range(1, 257):
        byte = _byte(data, at + count)
        if byte == 0:
            return count + 1
        if byte < 0x20:
            break
    raise Undefined(count, count)


def _cut(data: bytes, at: int) -> int:
    mode = _byte(data, at)
    if mode in (0, 1, 48, 49):
        return 1
    if mode in (65, 66):
        return 2
    raise Undefined(1, 1)


def _tab_stops(data: bytes, at: int) -> int:
    # The list ends at NUL, or at a value not above the one before it, or after 32 stops.
    last = 0
    for count in range(32):
        stop = _byte(data, at + count)
        if stop <= last:
            return count + 1
        last = stop
    return 32 + (1 if _byte(data, at + 32) == 0 else 0)


def _real_time_status(data: bytes, at: int) -> int:
    kind = _byte(data, at)
    if kind in (1, 2, 3, 4):
        return 1
    if kind in (7, 8, 18):
        return 2
    raise Undefined(1, 1)


def _real_time_request(data: bytes, at: int) -> int:
    lengths = {1: 3, 2: 3, 3: 6, 7: 2, 8: 8}
    kind = _byte(data, at)
    if kind not in lengths:
        raise Undefined(1, 1)
    return lengths[kind]


QR: Functions = {
    b"1A": "QR Code: select the model (Fn 165)",
    b"1C": "QR Code: set the size of module (Fn 167)",
    b"1E": "QR Code: select the error correction level (Fn 169)",
    b"1P": "QR Code: store the data in the symbol storage area (Fn 180)",
    b"1Q": "QR Code: print the symbol data in the symbol storage area (Fn 181)",
    b"1R": "QR Code: transmit the size of the symbol (Fn 182)",
}
GRAPHICS: Functions = {
    b"0\x01": "Graphics: set the reference dot density (Fn 49)",
    b"01": "Graphics: set the reference dot density (Fn 49)",
    b"0\x02": "Graphics: print the data in the print buffer (Fn 50)",
    b"02": "Graphics: print the data in the print buffer (Fn 50)",
    b"0p": "Graphics: store the data in the print buffer, raster format (Fn 112)",
}
_RESPONSE: Functions = {b"00": "Request transmission of response: process ID (Fn 48)"}
_CONTROL: Functions = {
    b"1": "Select the print density (Fn 49)",
    b"2": "Select the print speed (Fn 50)",
}

_EPSON = "Epson, ESC/POS Command Reference, "
_PRINT, _SPACING = _EPSON + "Print Commands", _EPSON + "Line Spacing Commands"
_CHARACTER, _KANJI = _EPSON + "Character Commands", _EPSON + "Kanji Commands"
_POSITION, _IMAGE = _EPSON + "Print Position Commands", _EPSON + "Bit Image Commands"
_STATUS, _MECHANISM = _EPSON + "Status Commands", _EPSON + "Mechanism Control Commands"
_MISC, _SENSOR = _EPSON + "Miscellaneous Commands", _EPSON + "Paper Sensor Commands"
_PANEL, _BARCODE = _EPSON + "Panel Button Commands", _EPSON + "Bar Code Commands"
_SYMBOL = _EPSON + "Two-dimensional Code Commands"
_ESC_P = "Epson, ESC/P Reference Manual, Vertical motion"
_BUZZER = "Gprinter and Xprinter, Programming Manual, Buzzer"
_DENSITY = "Custom Engineering, printer user manual, Set printing density"
_STAR = "Star, StarPRNT Command Specifications, Reset printer"

# Prefix, name, title, source, names of the parameters (all one byte each).
_SIMPLE: list[tuple[bytes, str, str, str, str]] = [
    (b"\n", "LF", "Print and line feed", _PRINT, ""),
    (b"\r", "CR", "Print and carriage return (ignored on a parallel-style setting)", _PRINT, ""),
    (b"\x0b", "VT", "Vertical tab (impact printers)", _ESC_P, ""),
    (b"\x0c", "FF", "Print and return to standard mode (in page mode)", _PRINT, ""),
    (b"\t", "HT", "Horizontal tab", _POSITION, ""),
    (b"\x10\x05", "DLE ENQ", "Send real-time request to printer", _STATUS, "n"),
    (b"\x1b\x20", "ESC SP", "Set right-side character spacing", _CHARACTER, "n"),
    (b"\x1b!", "ESC !", "Select print modes", _CHARACTER, "n"),
    (b"\x1b$", "ESC $", "Set absolute print position", _POSITION, "nL nH"),
    (b"\x1b+", "ESC +", "Set n/360-inch line spacing", _ESC_P, "n"),
    (b"\x1b-", "ESC -", "Turn underline mode on/off", _CHARACTER, "n"),
    (b"\x1b2", "ESC 2", "Select default line spacing", _SPACING, ""),
    (b"\x1b3", "ESC 3", "Set line spacing", _SPACING, "n"),
    (b"\x1b=", "ESC =", "Select peripheral device", _MISC, "n"),
    (b"\x1b?\n\x00", "ESC ? LF NUL", "Reset printer (hardware reset)", _STAR, ""),
    (b"\x1b@", "ESC @", "Initialize printer", _MISC, ""),
    (b"\x1bA", "ESC A", "Set n/60-inch line spacing", _ESC_P, "n"),
    (b"\x1bB", "ESC B", "Buzzer (Gprinter, Xprinter)", _BUZZER, "n t"),
    (b"\x1bE", "ESC E", "Turn emphasized mode on/off", _CHARACTER, "n"),
    (b"\x1bG", "ESC G", "Turn double-strike mode on/off", _CHARACTER, "n"),
    (b"\x1bJ", "ESC J", "Print and feed paper", _PRINT, "n"),
    (b"\x1bK", "ESC K", "Print and reverse feed", _PRINT, "n"),
    (b"\x1bM", "ESC M", "Select character font", _CHARACTER, "n"),
    (b"\x1bR", "ESC R", "Select an international character set", _CHARACTER, "n"),
    (b"\x1bS", "ESC S", "Select standard mode", _MISC, ""),
    (b"\x1b\\", "ESC \\", "Set relative print position", _POSITION, "nL nH"),
    (b"\x1ba", "ESC a", "Select justification", _POSITION, "n"),
    (b"\x1bc0", "ESC c 0", "Select paper type(s) for printing", _SENSOR, "n"),
    (b"\x1bc3", "ESC c 3", "Select paper sensor(s) to output paper end signals", _SENSOR, "n"),
    (b"\x1bc4", "ESC c 4", "Select paper sensor(s) to stop printing", _SENSOR, "n"),
    (b"\x1bc5", "ESC c 5", "Enable/disable panel buttons", _PANEL, "n"),
    (b"\x1bd", "ESC d", "Print and feed n lines", _PRINT, "n"),
    (b"\x1bi", "ESC i", "Partial cut (one point left uncut)", _MECHANISM, ""),
    (b"\x1bm", "ESC m", "Partial cut (three points left uncut)", _MECHANISM, ""),
    (b"\x1bp", "ESC p", "Generate pulse", _MISC, "m t1 t2"),
    (b"\x1br", "ESC r", "Select print color", _CHARACTER, "n"),
    (b"\x1bt", "ESC t", "Select character code table", _CHARACTER, "n"),
    (b"\x1b{", "ESC {", "Turn upside-down print mode on/off", _CHARACTER, "n"),
    (b"\x1c!", "FS !", "Select print mode(s) for Kanji characters", _KANJI, "n"),
    (b"\x1c&", "FS &", "Select Kanji character mode", _KANJI, ""),
    (b"\x1c.", "FS .", "Cancel Kanji character mode", _KANJI, ""),
    (b"\x1c-", "FS -", "Turn underline mode on/off for Kanji characters", _KANJI, "n"),
    (b"\x1cS", "FS S", "Set Kanji character spacing", _KANJI, "n1 n2"),
    (b"\x1cW", "FS W", "Turn quadruple-size mode on/off for Kanji characters", _KANJI, "n"),
    (b"\x1d!", "GS !", "Select character size", _CHARACTER, "n"),
    (b"\x1dB", "GS B", "Turn white/black reverse print mode on/off", _CHARACTER, "n"),
    (b"\x1dH", "GS H", "Select print position of HRI characters", _BARCODE, "n"),
    (b"\x1dI", "GS I", "Transmit printer ID", _MISC, "n"),
    (b"\x1dL", "GS L", "Set left margin", _POSITION, "nL nH"),
    (b"\x1dW", "GS W", "Set print area width", _POSITION, "nL nH"),
    (b"\x1da", "GS a", "Enable/disable Automatic Status Back (ASB)", _STATUS, "n"),
    (b"\x1db", "GS b", "Turn smoothing mode on/off", _CHARACTER, "n"),
    (b"\x1df", "GS f", "Select font for HRI characters", _BARCODE, "n"),
    (b"\x1dh", "GS h", "Set bar code height", _BARCODE, "n"),
    (b"\x1dr", "GS r", "Transmit status", _STATUS, "n"),
    (b"\x1dw", "GS w", "Set bar code width", _BARCODE, "n"),
    (b"\x1d|", "GS |", "Set printing density", _DENSITY, "n"),
]

_LONG: list[Spec] = [
    Spec(b"\x10\x04", "DLE EOT", "Transmit real-time status", _STATUS, _real_time_status, ("n", "a")),
    Spec(b"\x10\x14", "DLE DC4", "Send real-time request", _STATUS, _real_time_request, ("fn", "m", "t")),
    Spec(b"\x1b*", "ESC *", "Select bit-image mode", _IMAGE, _column_image, ("m", "nL", "nH")),
    Spec(b"\x1bD", "ESC D", "Set horizontal tab positions", _POSITION, _tab_stops),
    Spec(b"\x1b(A", "ESC ( A", "Control beeper tones", _MISC, _counted(2, {})),
    Spec(b"\x1d(D", "GS ( D", "Enable/disable real-time command", _MISC, _counted(2, {})),
    Spec(b"\x1dV", "GS V", "Select cut mode and cut paper", _MECHANISM, _cut, ("m", "n")),
    Spec(b"\x1dk", "GS k", "Print bar code", _BARCODE, _barcode, ("m",)),
    Spec(b"\x1dv0", "GS v 0", "Print raster bit image", _IMAGE, _raster_image, ("m", "xL", "xH", "yL", "yH")),
    Spec(b"\x1d(H", "GS ( H", "Request response", _STATUS, _counted(2, _RESPONSE), (), _RESPONSE, 2),
    Spec(b"\x1d(K", "GS ( K", "Select print control method", _MISC, _counted(2, _CONTROL), (), _CONTROL, 2),
    Spec(b"\x1d(L", "GS ( L", "Set graphics data", _IMAGE, _counted(2, GRAPHICS), (), GRAPHICS, 2),
    Spec(b"\x1d8L", "GS 8 L", "Set graphics data (large)", _IMAGE, _counted(4, GRAPHICS), (), GRAPHICS, 4),
    Spec(b"\x1d(k", "GS ( k", "Set up and print the symbol", _SYMBOL, _counted(2, QR), (), QR, 2),
]

TEXT = Spec(b"", "text", "Characters", _CHARACTER, _fixed(0))

TABLE: dict[bytes, Spec] = {spec.prefix: spec for spec in _LONG} | {
    prefix: Spec(prefix, name, title, source, _fixed(len(names.split())), tuple(names.split()))
    for prefix, name, title, source, names in _SIMPLE
}

# Every proper beginning of a known command: data ending in one of these is cut short, not unknown.
BEGINNINGS = frozenset(prefix[:length] for prefix in TABLE for length in range(1, len(prefix)))
