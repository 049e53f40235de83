"""QR codes for screens, as SVG pictures of their own URL (a data: URL would need a hole in the policy)."""

import io

import qrcode
from qrcode.image.svg import SvgPathImage


def svg(text: str) -> bytes:
    """Return the code as SVG: error correction M, quiet zone of four modules (the standard's)."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4)
    code.add_data(text)
    picture = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(picture)
    return picture.getvalue()
