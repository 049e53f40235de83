"""Draws characters the way a thermal head does: 1-bit cells of fixed size, enlarged by repeating dots."""

import functools
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

# Masks: mode "1", 255 where the head burns a dot. Cells at 203 dpi (8 dots a millimetre).
FONT_A = (12, 24)
FONT_B = (9, 17)
HAN = (24, 24)

# Debian's places and the face in the collection: Noto Sans Mono CJK SC has exactly half-width Latin letters.
_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 7),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 1),
)

Cell = tuple[int, int]


class FontMissing(RuntimeError):
    """No font with Chinese characters is installed where Debian puts one."""


# Droid Sans Fallback has no Latin letters at all, and its Chinese quotation marks are missing too.
_LATIN = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"

Face = ImageFont.FreeTypeFont


@functools.lru_cache(maxsize=8)
def _fonts(size: int) -> list[Face]:
    chinese = [(path, index) for path, index in _FONTS if Path(path).is_file()]
    if not chinese:
        raise FontMissing("no Chinese font found: install the Debian package fonts-noto-cjk")
    faces = [ImageFont.truetype(path, size, index=index) for path, index in chinese[:1]]
    if Path(_LATIN).is_file():
        faces.append(ImageFont.truetype(_LATIN, size))
    # Pillow carries a Latin font in itself (where it was built with FreeType).
    built_in = ImageFont.load_default(size)
    return [*faces, built_in] if isinstance(built_in, ImageFont.FreeTypeFont) else faces


def _font_for(character: str, size: int) -> Face:
    """The first font that has the character; the Chinese one, with its empty box, if none has."""
    faces = _fonts(size)
    return next((face for face in faces if _has(face, character)), faces[0])


def _has(face: Face, character: str) -> bool:
    # U+FFFF is no character: every font draws its "missing" glyph for it.
    missing = face.getmask("\uffff", mode="1")
    drawn = face.getmask(character, mode="1")
    return drawn.size != missing.size or bytes(drawn) != bytes(missing)


@functools.lru_cache(maxsize=4096)
def glyph(character: str, cell: Cell, bold: bool = False) -> Image.Image:
    """The mask of one character in its cell. U+FFFD is drawn as a crossed box, so that nobody overlooks it.

    Raises FontMissing.
    """
    width, height = cell
    if character == "\ufffd":
        return _crossed_box(cell)
    # Font B is drawn from an 18-dot face: half of it is its 9-dot cell.
    font = _font_for(character, 24 if height == 24 else 18)
    natural = max(1, round(font.getlength(character)))
    mask = Image.new("1", (max(width, natural), height), 0)
    draw = ImageDraw.Draw(mask)
    draw.fontmode = "1"
    baseline = round(height * (21 if cell == HAN else 19.5) / 24)
    left = max(0, (width - natural) // 2)
    draw.text((left, baseline), character, fill=255, font=font, anchor="ls")
    if bold:
        # Emphasis burns each dot twice, one dot apart.
        draw.text((left + 1, baseline), character, fill=255, font=font, anchor="ls")
    return mask if mask.width == width else mask.resize(cell, Image.Resampling.NEAREST)


def _crossed_box(cell: Cell) -> Image.Image:
    mask = Image.new("1", cell, 0)
    draw = ImageDraw.Draw(mask)
    right, bottom = cell[0] - 2, cell[1] - 2
    draw.rectangle((1, 1, right, bottom), outline=255)
    draw.line((1, 1, right, bottom), fill=255)
    draw.line((1, bottom, right, 1), fill=255)
    return mask


# At most 192 x 192 dots each.
@functools.lru_cache(maxsize=512)
def _enlarged(character: str, cell: Cell, scale: tuple[int, int], bold: bool) -> Image.Image:
    return glyph(character, cell, bold).resize((cell[0] * scale[0], cell[1] * scale[1]), Image.Resampling.NEAREST)


def character_mask(
    character: str,
    cell: Cell,
    scale: tuple[int, int],
    bold: bool,
    underline: int,
    reverse: bool,
    gap: tuple[int, int],
) -> Image.Image:
    """A character as it comes out: enlarged by `scale`, `gap` dots left and right, underlined or reversed.

    Underline is 0, 1 or 2 dots thick and does not show on reversed characters (Epson, ESC - note).
    """
    enlarged = _enlarged(character, cell, scale, bold)
    width = enlarged.width + gap[0] + gap[1]
    if not (gap[0] or gap[1] or underline or reverse):
        return enlarged
    mask = Image.new("1", (width, enlarged.height), 255 if reverse else 0)
    mask.paste(0 if reverse else 255, (gap[0], 0), enlarged)
    if underline and not reverse:
        mask.paste(255, (0, mask.height - underline, width, mask.height))
    return mask


def words(text: str, cell: Cell) -> Image.Image:
    """The mask of a text on one row of cells; of one character at least."""
    mask = Image.new("1", (max(len(text), 1) * cell[0], cell[1]), 0)
    for column, character in enumerate(text):
        mask.paste(glyph(character, cell), (column * cell[0], 0))
    return mask


def notice(message: str, width: int) -> Image.Image:
    """A framed line as wide as the printable area: the virtual printer's own remark on a paper."""
    per_line = max(1, (width - 16) // FONT_A[0])
    rows = [message[at : at + per_line] for at in range(0, len(message), per_line)]
    mask = Image.new("1", (width, len(rows) * 26 + 14), 0)
    ImageDraw.Draw(mask).rectangle((0, 0, width - 1, mask.height - 1), outline=255, width=3)
    for number, row in enumerate(rows):
        mask.paste(words(row, FONT_A), (8, 7 + number * 26))
    return mask
