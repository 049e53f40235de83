"""Text as a printer sees it: how wide it is, where it breaks, and as a picture when the ROM cannot print it."""

import re
from functools import cache
from pathlib import Path
from unicodedata import combining, east_asian_width

from PIL import Image, ImageChops, ImageDraw, ImageFont

# Debian's packages fonts-noto-cjk, fonts-droid-fallback, fonts-wqy-microhei, best first.
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
)
CELL = 12  # dots of one column (font A is 12 x 24)
ROW = 24
LEADING = 6

# What printers' ROMs lack, but mean the same (printing.md, Chinese text).
SAME = str.maketrans({"\u00a5": "\uffe5", "\u00a0": " ", "\u2013": "-", "\u2212": "-", "\u2022": "·"})

CLOSING = frozenset("，。、；：？！）》」』】”’,.;:?!)")
OPENING = frozenset("（《「『【“‘(")

ENCODINGS = {"gbk": "gbk", "none": "ascii"}


def encode(text: str, chinese: str) -> bytes | None:
    """Return the text in the code of the printer's ROM (`gbk`, `gb2312`, `none`), or None if it cannot print it."""
    text = text.translate(SAME)
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
    if combining(character) or character in "\u200d\ufe0f":
        return 0
    encoded = encode(character, "gbk")
    if encoded is not None:
        return len(encoded)
    return 2 if east_asian_width(character) in "WFA" or ord(character) > 0xFFFF else 1


def text_width(text: str) -> int:
    """Return the columns a text takes on one line."""
    return sum(map(width, text))


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
    return (line[:start].rstrip(), line[start:]) if start else (line, "")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    for path in FONTS:
        if Path(path).exists():
            return ImageFont.truetype(path, size)
    raise RuntimeError("no CJK font found: install the Debian package fonts-noto-cjk")


def picture(
    text: str, dots: int, *, scale: int = 1, align: str = "left", bold: bool = False, reverse: bool = False
) -> Image.Image:
    """Return one line as a picture `dots` wide, black on white, without anti-aliasing (which turns to speckle).

    The type is proportional, but each run of words keeps its columns: the first begins where it would begin on
    the printer's own grid, those behind wide spaces end where they would end. `reverse` is white on black.
    """
    height, cell = (ROW + LEADING) * scale, CELL * scale
    line = Image.new("1", (max(1, text_width(text) * cell), height), 1)
    for number, run in enumerate(re.finditer(r"\S+(?: \S+)*", text)):
        drawn = _run(run.group(), text_width(run.group()) * cell, height, scale, bold)
        left = text_width(text[: run.start()]) * cell
        if number and align == "left":
            left = text_width(text[: run.end()]) * cell - drawn.width
        line.paste(drawn, (left, 0))
    page = Image.new("1", (dots, height), 1)
    page.paste(line, ({"left": 0, "center": (dots - line.width) // 2, "right": dots - line.width}[align], 0))
    # By way of grey: inverting bits turns 1 into 254, which is white again.
    return ImageChops.invert(page.convert("L")).convert("1") if reverse else page


def _run(words: str, room: int, height: int, scale: int, bold: bool) -> Image.Image:
    """Draw words that stand together, squeezed into the columns they have where the type is wider."""
    font = _font(ROW * scale)
    drawn = Image.new("1", (max(1, round(font.getlength(words)) + 2), height), 1)
    draw = ImageDraw.Draw(drawn)
    draw.fontmode = "1"
    # The baseline sits so that the Han square fills the cell, whatever the font's own ascent.
    # Bold as printers do it, struck twice a dot apart: a stroke all around fills the inside of 囊.
    for shift in range(2 if bold else 1):
        draw.text((shift, 21 * scale), words, font=font, fill=0, anchor="ls")
    return drawn.resize((room, height)) if drawn.width > room > 0 else drawn


def warm_up() -> None:
    """Load the font ahead of the first paper: the first line drawn costs 13-32 ms (`printing.md`)."""
    picture("接待台", CELL * 32)
