"""Text as a printer sees it: how wide it is, where it breaks, and as a picture when the ROM cannot print it."""

from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category, east_asian_width

from PIL import Image, ImageChops, ImageDraw, ImageFont

# Debian's packages fonts-noto-cjk, fonts-droid-fallback, fonts-wqy-microhei, best first, and the face in the
# collection: simplified forms, and Latin exactly half as wide as Han, as on the printer's own grid.
FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 1),
)
# For what those lack: Latin (Droid has none), ő, Ł, Arabic figures, the commoner emoji.
OTHER_FONTS = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 0),
)
CELL = 12  # dots of one column (font A is 12 x 24)
ROW = 24
LEADING = 6
BASELINE = 21  # of a row: the Han square fills the cell, whatever the font's own ascent

# What printers' ROMs lack, but mean the same (printing.md, Chinese text).
SAME = str.maketrans({"\u00a5": "\uffe5", "\u00a0": " ", "\u2013": "-", "\u2212": "-", "\u2022": "·"})

CLOSING = frozenset("，。、；：？！）》」』】”’,.;:?!)")
OPENING = frozenset("（《「『【“‘(")

ENCODINGS = {"gbk": "gbk", "none": "ascii"}

# Which of its four arms (left, right, up, down) each character of a frame has.
ARMS = {
    "─": "lr", "│": "ud", "┌": "rd", "┐": "ld", "└": "ru", "┘": "lu", "├": "rud", "┤": "lud", "┬": "lrd", "┴": "lru",
    "┼": "lrud",
}  # fmt: skip
# A sign that steers (ESC, GS, DLE, NUL) is a command to a printer, wherever it came from. Acts refuse it; so do we.
NO_COMMANDS = {code: "?" for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}


def encode(text: str, chinese: str) -> bytes | None:
    """Return the text in the code of the printer's ROM (`gbk`, `gb2312`, `none`), or None if it cannot print it."""
    text = text.translate(SAME).translate(NO_COMMANDS)
    try:
        if chinese != "gb2312":
            return text.encode(ENCODINGS[chinese])
        # The ROM's A1A4 and A1AA are · and —, but Python's gb2312 knows other characters at those two places.
        encoded = text.encode("gbk")
        encoded.decode("gb2312")
    except UnicodeError:
        return None
    return encoded


@cache
def width(character: str) -> int:
    """Return the columns a character takes: what a Chinese ROM prints from two bytes is two columns wide."""
    if category(character) in ("Mn", "Me", "Cf"):
        # Accents that stand on the letter before, joiners, marks of direction.
        return 0
    encoded = encode(character, "gbk")
    if encoded is not None:
        return len(encoded)
    return 2 if east_asian_width(character) in "WFA" or ord(character) > 0xFFFF else 1


def text_width(text: str) -> int:
    """Return the columns a text takes on one line."""
    return sum(map(width, text))


def pad(text: str, columns: int, align: str = "left") -> str:
    """Return the text filled with spaces to `columns`; a longer one as it is."""
    free = max(0, columns - text_width(text))
    left = {"left": 0, "center": free // 2, "right": free}[align]
    return " " * left + text + " " * (free - left)


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns`: at a space where there is one, else between characters."""
    lines = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for character in paragraph:
            if used + width(character) > columns:
                head, tail = _break(line, character)
                lines.append(head)
                line, used = tail, text_width(tail)
                if line and used + width(character) > columns:
                    # What moved on fills a line of two or three columns by itself.
                    lines.append(line)
                    line, used = "", 0
            if line or character != " ":
                line += character
                used += width(character)
        lines.append(line)
    return lines


def _break(line: str, following: str) -> tuple[str, str]:
    """Split a full line: a Latin word moves on whole, if it does not fill the line alone; a sign that closes does
    not begin a line, and one that opens does not end one (避头尾)."""
    if following == " ":
        return line.rstrip(), ""
    if width(following) == 2 or not line or width(line[-1]) == 2:
        cut = len(line)
        # At most two signs move on together; in a longer run of them every break is as good as another.
        while cut > max(1, len(line) - 3) and (following if cut == len(line) else line[cut]) in CLOSING:
            cut -= 1
        while cut > max(1, len(line) - 4) and line[cut - 1] in OPENING:
            cut -= 1
        if cut < len(line) and line[cut] in CLOSING:
            cut = len(line)
        return line[:cut].rstrip(), line[cut:]
    start = len(line)
    while start and line[start - 1] != " " and width(line[start - 1]) < 2:
        start -= 1
    # The word alone moves on, never the Han before it; only a sign that opens goes with it.
    while start and line[start - 1] in OPENING:
        start -= 1
    if not start:
        # A word that fills the line alone: an address breaks before its path.
        start = line.rfind("/") if line.rfind("/") > len(line) // 2 else len(line)
    return line[:start].rstrip(), line[start:]


class NoFont(RuntimeError):
    """This box has no font with Chinese in it: not one paper could be drawn."""


@cache
def _load(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    # Single characters need no shaping, and the other engine, Raqm, now and then refuses one (Pillow 13).
    return ImageFont.truetype(path, size, index=face, layout_engine=ImageFont.Layout.BASIC)


@cache
def _installed() -> list[tuple[str, int]]:
    chinese = [font for font in FONTS if Path(font[0]).exists()]
    if not chinese:
        raise NoFont("no CJK font found: install the Debian package fonts-noto-cjk")
    return chinese + [font for font in OTHER_FONTS if Path(font[0]).exists()]


@cache
def _font_of(character: str) -> tuple[str, int]:
    """Return the first font that has the character; the first of all, with its empty box, where none has."""

    def drawn(font: tuple[str, int], sign: str) -> tuple[tuple[int, int], bytes]:
        mask = _load(*font, ROW).getmask(sign, mode="1")
        return mask.size, bytes(mask)

    # U+FFFF is no character: every font draws its sign of a missing one.
    having = (font for font in _installed() if drawn(font, character) != drawn(font, "\uffff"))
    return next(having, _installed()[0])


def picture(
    text: str,
    dots: int,
    *,
    size: tuple[int, int] = (1, 1),
    align: str = "left",
    bold: bool = False,
    reverse: bool = False,
    leading: int = LEADING,
) -> Image.Image:
    """Return one line as a picture `dots` wide, black on white, without anti-aliasing (which turns to speckle).

    Each character stands in the cell where the printer's own would stand, `size` (across, down) times as large;
    so what is drawn lines up with what is printed, and feeds the paper as far: `leading` is the white that a line
    spacing leaves below a row of size 1. `reverse` is white on black.
    """
    across, down = size
    room = text_width(text) * CELL * across
    page = Image.new("1", (dots, max(ROW * down, ROW + leading)), 1)
    left = {"left": 0, "center": (dots - room) // 2, "right": dots - room}[align]
    for sign in _signs(text):
        cell = text_width(sign) * CELL * across
        if cell and sign != " ":
            page.paste(_cell(sign, cell, ROW * down, bold), (left, 0))
        left += cell
    # By way of grey: inverting bits turns 1 into 254, which is white again.
    return ImageChops.invert(page.convert("L")).convert("1") if reverse else page


def _signs(text: str) -> list[str]:
    """Return the characters, each with the accents that stand on it."""
    signs: list[str] = []
    for character in text:
        if signs and not width(character):
            signs[-1] += character if category(character) != "Cf" else ""
        else:
            signs.append(character)
    return signs


@lru_cache(maxsize=2048)
def _cell(sign: str, cell: int, height: int, bold: bool) -> Image.Image:
    """Draw one character in the middle of its cell of `cell` x `height` dots."""
    if sign in ARMS:
        return _arms(ARMS[sign], cell, height)
    drawn = Image.new("1", (cell, height), 1)
    draw = ImageDraw.Draw(drawn)
    draw.fontmode = "1"
    font = _load(*_font_of(sign[0]), height)
    natural = font.getlength(sign)
    if natural > cell:
        # A smaller letter and not a squeezed one: squeezing loses strokes.
        font = _load(*_font_of(sign[0]), max(1, int(height * cell / natural)))
        natural = font.getlength(sign)
    left = max(0, round((cell - natural) / 2))
    # Bold as printers do it, struck twice a dot apart: a stroke all around fills the inside of 囊.
    for shift in range(1 + height // ROW if bold else 1):
        draw.text((left + shift, BASELINE * height // ROW), sign, font=font, fill=0, anchor="ls")
    return drawn


def _arms(arms: str, cell: int, height: int) -> Image.Image:
    """Draw a piece of a frame, two dots thick and from edge to edge: a font's own leaves gaps."""
    drawn = Image.new("1", (cell, height), 1)
    draw = ImageDraw.Draw(drawn)
    x, y = cell // 2 - 1, height // 2 - 1
    ends = {"l": (0, y, x + 1, y + 1), "r": (x, y, cell, y + 1), "u": (x, 0, x + 1, y + 1), "d": (x, y, x + 1, height)}
    for arm in arms:
        draw.rectangle(ends[arm], fill=0)
    return drawn


def warm_up() -> None:
    """Load the font ahead of the first paper: the first line drawn costs 13-32 ms (`printing.md`)."""
    picture("接待台", CELL * 32)
