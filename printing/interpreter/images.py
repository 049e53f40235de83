"""Turns the bytes of image and QR commands into masks of dots.

Source: Epson, *ESC/POS Command Reference*, Bit Image Commands and Two-dimensional Code Commands.
"""

import functools
from dataclasses import dataclass

import qrcode
from PIL import Image
from qrcode import constants, exceptions

_LEVELS = {
    48: constants.ERROR_CORRECT_L,
    49: constants.ERROR_CORRECT_M,
    50: constants.ERROR_CORRECT_Q,
    51: constants.ERROR_CORRECT_H,
}


class NotPrinted(ValueError):
    """The printer takes the command but prints nothing; the message says why."""


@dataclass(frozen=True)
class Picture:
    """A mask whose dots are yet to be repeated, `across` times horizontally and `down` times vertically."""

    mask: Image.Image
    across: int = 1
    down: int = 1

    @property
    def width(self) -> int:
        """Dots across when enlarged."""
        return self.mask.width * self.across

    def draw(self, room: int) -> Image.Image:
        """The enlarged mask, cut off after `room` dots (at least 1)."""
        # Cut first: a QR symbol of 16 dots a module takes 8 MB and eight bytes to ask for.
        kept = min(self.mask.width, -(-room // self.across))
        mask = self.mask if kept == self.mask.width else self.mask.crop((0, 0, kept, self.mask.height))
        if (self.across, self.down) != (1, 1):
            mask = mask.resize((mask.width * self.across, mask.height * self.down), Image.Resampling.NEAREST)
        return mask if mask.width <= room else mask.crop((0, 0, room, mask.height))


def raster(params: bytes) -> Picture:
    """GS v 0: the parameters after the prefix, m xL xH yL yH and the rows. Raises NotPrinted without size."""
    mode = params[0] & 3
    columns, rows = int.from_bytes(params[1:3], "little"), int.from_bytes(params[3:5], "little")
    if not columns or not rows:
        raise NotPrinted("raster image without width or height")
    mask = Image.frombytes("1", (columns * 8, rows), params[5:])
    return Picture(mask, 1 + (mode & 1), 1 + (mode >> 1))


def column(params: bytes) -> Picture:
    """ESC *: the parameters after the prefix, m nL nH and the columns. Raises NotPrinted if there are none.

    Eight-dot modes have a third of the vertical density, modes 0 and 32 half of the horizontal one.
    """
    mode = params[0]
    columns = int.from_bytes(params[1:3], "little")
    if not columns:
        raise NotPrinted("column image without width")
    dots = 24 if mode >= 32 else 8
    lying = Image.frombytes("1", (dots, columns), params[3:])
    mask = lying.transpose(Image.Transpose.TRANSPOSE)
    return Picture(mask, 1 if mode & 1 else 2, 24 // dots)


def graphics(payload: bytes) -> Picture:
    """GS ( L / GS 8 L function 112: a bx by c xL xH yL yH and the rows. Raises NotPrinted if malformed."""
    if len(payload) < 8:
        raise NotPrinted("graphics data shorter than its header")
    tone, across, down, colour = payload[:4]
    width, height = int.from_bytes(payload[4:6], "little"), int.from_bytes(payload[6:8], "little")
    if tone != 48 or colour != 49 or across not in (1, 2) or down not in (1, 2):
        raise NotPrinted("graphics other than monochrome, first colour, scale 1 or 2")
    if not width or not height or len(payload) - 8 != (width + 7) // 8 * height:
        raise NotPrinted("graphics data do not have the length that width and height say")
    return Picture(Image.frombytes("1", (width, height), payload[8:]), across, down)


def qr(data: bytes, model: int, module: int, level: int) -> Picture:
    """The QR symbol as printers draw it, without quiet zone: `module` dots a module, `level` 48-51 (L M Q H).

    Raises NotPrinted for models other than 2 (49 is model 1, 51 micro), no data or too much of it.
    """
    if model != 50:
        raise NotPrinted(f"QR model {model}: only model 2 is drawn")
    if not data:
        raise NotPrinted("QR printed without stored data")
    modules = _qr_modules(data, level)
    if modules is None:
        raise NotPrinted(f"QR data too long: {len(data)} bytes")
    return Picture(modules, module, module)


# A symbol is printed over and over by some programs; searching its best mask takes 20 ms and more.
@functools.lru_cache(maxsize=64)
def _qr_modules(data: bytes, level: int) -> Image.Image | None:
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    try:
        code.add_data(data)
        code.make(fit=True)
    except (exceptions.DataOverflowError, ValueError):
        # qrcode reports version 41 as ValueError on some paths.
        return None
    matrix = code.get_matrix()
    mask = Image.new("1", (len(matrix), len(matrix)), 0)
    mask.putdata([255 if dark else 0 for row in matrix for dark in row])
    return mask
