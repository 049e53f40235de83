"""What a PDF of Chromium says, page by page: the characters that are drawn, by the fonts' own tables; no library."""

import re
import unicodedata
import zlib
from pathlib import Path

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
# Radicals that the Unicode tables know no plain character for.
_RADICALS = str.maketrans("⺠⻅⻆⻋⻓⻔⻚⻛⻜⻢⻥⻨⻩⻬⻮⻰", "民见角车长门页风飞马鱼麦黄齐齿龙") | {ord("戶"): "户"}
_REF = rb"\s*(\d+) 0 R"


def pages(path: Path) -> list[str]:
    """Return the text of each page, without the spaces between its pieces, in the order in which it is drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(path.read_bytes())}
    return [_page(objects, number) for number in _in_order(objects)]


def _in_order(objects: dict[int, bytes]) -> list[int]:
    root = next(number for number, body in objects.items() if b"/Type /Catalog" in body)
    found: list[int] = []
    waiting = [_ref(objects[root], b"Pages")]
    while waiting:
        node = waiting.pop(0)
        kids = re.search(rb"/Kids\s*\[(.*?)\]", objects[node], re.DOTALL)
        if kids is None:
            found.append(node)
        else:
            waiting = [int(one) for one in re.findall(rb"(\d+) 0 R", kids[1])] + waiting
    return found


def _page(objects: dict[int, bytes], number: int) -> str:
    body = objects[number]
    fonts = re.search(rb"/Font\s*<<(.*?)>>", body, re.DOTALL)
    named = {one[0]: int(one[1]) for one in re.findall(rb"/(\w+)" + _REF, fonts[1])} if fonts else {}
    maps = {name: _characters(objects, font) for name, font in named.items()}
    said, now = [], {}
    for name, hexes in re.findall(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", _stream(objects[_ref(body, b"Contents")])):
        if name:
            now = maps.get(name, {})
        # One byte a glyph in some fonts, two in others.
        wide = len(next(iter(now), "0000"))
        said += [now.get(hexes[i : i + wide].upper().decode(), "") for i in range(0, len(hexes), wide)]
    # A font may mean a radical where the character is the same to every reader.
    return unicodedata.normalize("NFKC", "".join(said)).translate(_RADICALS)


def _characters(objects: dict[int, bytes], font: int) -> dict[str, str]:
    """Return glyph (two or four hex digits) -> what it means, as the font's /ToUnicode says."""
    found: dict[str, str] = {}
    text = _stream(objects[_ref(objects[font], b"ToUnicode")]).decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for glyph, means in re.findall(r"<(\w+)> <(\w+)>", block):
            found[glyph.upper()] = _utf16(means)
    for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for first, last, means in re.findall(r"<(\w+)> <(\w+)> <(\w+)>", block):
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[f"{int(first, 16) + step:0{len(first)}X}"] = _utf16(f"{int(means, 16) + step:0{len(means)}X}")
    return found


def _utf16(means: str) -> str:
    return bytes.fromhex(means).decode("utf-16-be", "ignore")


def _stream(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompressobj().decompress(found[1]) if b"/FlateDecode" in body else found[1]


def _ref(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + _REF, body)
    assert found is not None, (name, body[:200])
    return int(found[1])
