"""Turns the bytes of image and QR commands into masks of dots.

Source: Epson, *ESC/POS Command Reference*, Bit Image Commands and Two-dimensional Code Commands.
"""

import functools

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


def enlarge(mask: Image.Image, across: int, down: int) -> Image.Image:
    """Each dot repeated `across` times horizontally and `down` times vertically."""
    if across == down == 1:
        return mask
    return mask.resize((mask.width * across, mask.height * down), Image.Resampling.NEAREST)


def raster(params: bytes) -> Image.Image:
    """GS v 0: the parameters after the prefix, m xL xH yL yH and the rows. Raises NotPrinted without size."""
    mode = params[0] & 3
    columns, rows = int.from_bytes(params[1:3], "little"), int.from_bytes(params[3:5], "little")
    if not columns or not rows:
        raise NotPrinted("raster image without width or height")
    mask = Image.frombytes("1", (columns * 8, rows), params[5:])
    return enlarge(mask, 1 + (mode & 1), 1 + (mode >> 1))


def column(params: bytes) -> Image.Image:
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
    return enlarge(mask, 1 if mode & 1 else 2, 24 // dots)


def graphics(payload: bytes) -> Image.Image:
    """GS ( L / GS 8 L function 112: a bx by c xL xH yL yH and the rows. Raises NotPrinted if malformed."""
    if len(payload) < 8:
        raise NotPrinted("graphics data shorter than its header")
    tone, across, down, colour = payload[:4]
    width, height = int.from_bytes(payload[4:6], "little"), int.from_bytes(payload[6:8], "little")
    if tone != 48 or colour != 49 or across not in (1, 2) or down not in (1, 2):
        raise NotPrinted("graphics other than monochrome, first colour, scale 1 or 2")
    if not width or not height or len(payload) - 8 != (width + 7) // 8 * height:
        raise NotPrinted("graphics data do not have the length that width and height say")
    return enlarge(Image.frombytes("1", (width, height), payload[8:]), across, down)


@functools.lru_cache(maxsize=64)
def qr(data: bytes, model: int, module: int, level: int) -> Image.Image:
    """The QR symbol as printers draw it, without quiet zone: `module` dots a module, `level` 48-51 (L M Q H).

    Raises NotPrinted for models other than 2 (49 is model 1, 51 micro), no data or too much of it.
    """
    if model != 50:
        raise NotPrinted(f"QR model {model}: only model 2 is drawn")
    if not data:
        raise NotPrinted("QR printed without stored data")
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=0)
    try:
        code.add_data(data)
        code.make(fit=True)
    except (exceptions.DataOverflowError, ValueError):
        # qrcode reports version 41 as ValueError on some paths.
        raise NotPrinted(f"QR data too long: {len(data)} bytes") from None
    matrix = code.get_matrix()
    mask = Image.new("1", (len(matrix), len(matrix)), 0)
    mask.putdata([255 if dark else 0 for row in matrix for dark in row])
    return enlarge(mask, module, module)
