"""Draws the bars of GS k with the tables of python-barcode; what it cannot draw it refuses by name.

Source: Epson, *ESC/POS Command Reference*, Bar Code Commands (GS k, GS w).
"""

import re

from barcode.charsets import code128
from barcode.codabar import CODABAR
from barcode.codex import Code39
from barcode.ean import EAN8, EAN13
from barcode.itf import ITF
from barcode.upc import UPCA
from PIL import Image

from printing.interpreter.images import NotPrinted, Picture

# GS k m: function A has the first seven, function B all of them from 65 on.
SYSTEMS = (
    "UPC-A", "UPC-E", "EAN13", "EAN8", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128", "GS1-128",
    "GS1 DataBar Omnidirectional", "GS1 DataBar Truncated", "GS1 DataBar Limited", "GS1 DataBar Expanded",
)  # fmt: skip

# GS w n -> dots of a wide element where a narrow one has n (the manual's millimetres at 8 dots each).
WIDE = {2: 5, 3: 8, 4: 10, 5: 13, 6: 15}

_FORMS = {
    "UPC-A": r"\d{11,12}",
    "EAN13": r"\d{12,13}",
    "EAN8": r"\d{7,8}",
    "CODE39": r"\*[0-9A-Z $%+./-]+\*|[0-9A-Z $%+./-]+",
    "ITF": r"(\d\d)+",
    "CODABAR": r"[A-Da-d][0-9$+./:-]+[A-Da-d]",
}

# {1-{4 and {S in code sets A and B; {A {B {C from any set.
_FUNCTIONS = {"A": {"1": 102, "2": 97, "3": 96, "4": 101}, "B": {"1": 102, "2": 97, "3": 96, "4": 100}, "C": {"1": 102}}
_SWITCH = {"A": 101, "B": 100, "C": 99}
_SHIFT = 98


def system(m: int) -> str:
    """The name of GS k `m`."""
    return SYSTEMS[m if m <= 6 else m - 65]


def draw(m: int, data: bytes, module: int, height: int) -> tuple[Picture, str]:
    """The bars, `height` dots high, and the text beside them; `module` is GS w n, 2-6 dots.

    Raises NotPrinted for data the system does not have, and for the systems that are not drawn here.
    """
    name = system(m)
    if name == "CODE128":
        modules, text = _code128(data)
        return _picture(modules, module, height), text
    text = data.decode("latin-1")
    if name not in _FORMS:
        raise NotPrinted(f"bar code {name} is not drawn here: {text}")
    if not re.fullmatch(_FORMS[name], text, re.ASCII):
        raise NotPrinted(f"no {name} bar code can say {text!r}")
    if name in ("UPC-A", "EAN13", "EAN8"):
        return _article_number(name, text, module, height)
    if name == "CODE39":
        text = text.strip("*")
        return _picture(_two_widths(Code39(text, add_checksum=False).build()[0], module), 1, height), f"*{text}*"
    library = ITF if name == "ITF" else CODABAR
    return _picture(library(text.upper(), narrow=module, wide=WIDE[module]).build()[0], 1, height), text


def _article_number(name: str, text: str, module: int, height: int) -> tuple[Picture, str]:
    code = {"UPC-A": UPCA, "EAN13": EAN13, "EAN8": EAN8}[name](text)
    whole: str = code.get_fullcode()
    if not whole.startswith(text):
        # Printers differ here; no scanner reads such a code.
        raise NotPrinted(f"{name} {text}: its check digit would be {whole[-1]}")
    return _picture(code.build()[0], module, height), whole


def _two_widths(modules: str, narrow: int) -> str:
    """Dots for modules whose runs are one (narrow) or two (wide) long."""
    return re.sub(r"11|00|1|0", lambda run: run[0][0] * (narrow if len(run[0]) == 1 else WIDE[narrow]), modules)


def _picture(modules: str, across: int, height: int) -> Picture:
    mask = Image.new("1", (len(modules), 1), 0)
    mask.putdata([255 if module == "1" else 0 for module in modules])
    return Picture(mask, across, height)


def _code128(data: bytes) -> tuple[str, str]:
    """Modules and text of CODE128 data, which begin with a code set: {A, {B or {C.

    The library chooses code sets by itself; a printer takes those it is told. Its tables serve all the same.
    """
    wrong = NotPrinted(f"no CODE128 bar code can say {data!r}")
    if data[:1] != b"{" or data[1:2] not in (b"A", b"B", b"C") or len(data) < 3:
        raise wrong
    charset, shifted = chr(data[1]), False
    values, text = [code128.START_CODES[charset]], ""
    for piece in re.findall(rb"\{.|[^{]|\{", data[2:], re.DOTALL):
        letter = piece[1:].decode("latin-1")
        if letter and letter in _SWITCH:
            values += [_SWITCH[letter]] if letter != charset else []
            charset = letter
        elif letter == "S" and charset != "C":
            values.append(_SHIFT)
            shifted = True
        elif letter in _FUNCTIONS[charset]:
            values.append(_FUNCTIONS[charset][letter])
        elif piece == b"{" or letter not in ("", "{"):
            raise wrong
        else:
            used = {"A": "B", "B": "A"}.get(charset, "C") if shifted else charset
            value, shown = _value(piece[-1], used)
            if value is None:
                raise wrong
            values.append(value)
            text, shifted = text + shown, False
    values.append(sum(max(place, 1) * value for place, value in enumerate(values)) % 103)
    return "".join(code128.CODES[value] for value in values) + code128.STOP + "11", text


def _value(byte: int, charset: str) -> tuple[int | None, str]:
    """The value of one byte in a code set, None if it has none, and how it is written beside the bars."""
    if charset == "C":
        return (byte if byte < 100 else None), f"{byte:02d}"
    table = code128.A if charset == "A" else code128.B
    return (table.get(chr(byte)) if byte < 0x80 else None), chr(byte) if 0x20 <= byte < 0x7F else " "
