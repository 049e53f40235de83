"""Pictures as files: a photo from a phone becomes a small, bare JPEG; written whole or not at all."""

import io
import os
import secrets
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db import durable
from db.durable import PART
from reception.refusal import Refused
from reception.rules import pictures

if TYPE_CHECKING:
    from PIL import Image

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
LONGEST = 1600
SMALL = 320
QUALITY = 80
SMALL_ENDING = "-s.jpg"

# One at a time: a photo of 40 megapixels is 120 MB while it is decoded, and the box has little.
_decoding = threading.Lock()


def prepared(data: bytes) -> tuple[bytes, bytes]:
    """Return a photo as two JPEGs, at most 1600 and 320 pixels long, upright, with nothing but the picture in them.

    Refuses `photo_missing`, `photo_too_large` (12 MB), `photo_heic`, `photo_unknown` (not JPEG, PNG, WebP),
    `photo_too_many_pixels` (40 million, told from its first bytes) and `photo_broken`.
    """
    if not data:
        raise Refused("photo_missing")
    if len(data) > MAX_BYTES:
        raise Refused("photo_too_large")
    kind = pictures.kind(data)
    if kind == "heic":
        raise Refused("photo_heic")
    if kind is None:
        raise Refused("photo_unknown")
    if kind == "webp" and _too_many(pictures.webp_size(data)):
        raise Refused("photo_too_many_pixels")
    with _decoding:
        try:
            return _both(data, kind)
        except Refused:
            raise
        # Whatever a decoder trips over in bytes from outside (it raises a dozen kinds) is a broken picture.
        except Exception:
            raise Refused("photo_broken") from None


def _too_many(size: tuple[int, int] | None) -> bool:
    return size is not None and size[0] * size[1] > MAX_PIXELS


def _both(data: bytes, kind: str) -> tuple[bytes, bytes]:
    from PIL import Image, ImageOps

    try:
        opened = Image.open(io.BytesIO(data), formats=[kind.upper()])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("photo_too_many_pixels") from None
    with opened as source:
        if _too_many(source.size):
            raise Refused("photo_too_many_pixels")
        source.draft("RGB", (LONGEST, LONGEST))  # a large JPEG is decoded small at once
        upright = ImageOps.exif_transpose(source)
        upright.thumbnail((LONGEST, LONGEST))
        bare = _bare(upright)
    whole = _jpeg(bare)
    bare.thumbnail((SMALL, SMALL))
    return whole, _jpeg(bare)


def _bare(picture: "Image.Image") -> "Image.Image":
    """Return the pixels alone, on white: a comment, EXIF, XMP or a profile of the source stays behind."""
    from PIL import Image

    bare = Image.new("RGB", picture.size, "white")
    if picture.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in picture.info:
        rgba = picture.convert("RGBA")
        bare.paste(rgba, mask=rgba.getchannel("A"))
    else:
        bare.paste(picture.convert("RGB"))
    return bare


def _jpeg(picture: "Image.Image") -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def new_name(at: datetime) -> str:
    """Return a path below the folder that nobody can guess: `2026-11/<32 letters>.jpg`, by month."""
    return f"{at:%Y-%m}/{secrets.token_hex(16)}.jpg"


def small_of(path: Path) -> Path:
    """Return where the thumbnail of a photo lies."""
    return path.with_name(path.stem + SMALL_ENDING)


def write_parts(folder: Path, name: str, whole: bytes, small: bytes) -> None:
    """Write both pictures durably under names that nothing reads; `put_in_place` makes them the photo."""
    path = folder / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for target, data in ((path, whole), (small_of(path), small)):
        descriptor = os.open(f"{target}{PART}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


def put_in_place(folder: Path, name: str) -> None:
    """Give both pictures their names, durably: inside the act that writes the row."""
    path = folder / name
    for target in (small_of(path), path):
        Path(f"{target}{PART}").rename(target)
    durable.settle(path.parent)


def remove(folder: Path, name: str) -> None:
    """Remove whatever there is of a photo."""
    path = folder / name
    for target in (path, small_of(path)):
        for one in (target, Path(f"{target}{PART}")):
            with suppress(FileNotFoundError):
                one.unlink()
