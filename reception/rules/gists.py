"""What a text begins with, for a place that has room for one sentence of it: its first, cut where it is too long."""

import re
from typing import Final
from unicodedata import east_asian_width

# A sentence ends at its mark, or with its line; the point of 9.30 or of No. 3 ends none.
_END: Final = re.compile(r"[。！？!?]|\.(?=\s+[A-Z]|\s*$)")
# 尊敬的业主： stands above every notice and says nothing of it.
_GREETING: Final = ("：", ":", "，", ",")


def columns(text: str) -> int:
    """Return how wide a text is, a Chinese character counting two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def first_sentence(text: str, room: int) -> str:
    """Return the first sentence of a text in at most `room` columns; a greeting on its own line is passed over."""
    lines = [line for line in (line.strip() for line in text.splitlines()) if line]
    if len(lines) > 1 and lines[0].endswith(_GREETING):
        lines = lines[1:]
    if not lines:
        return ""
    end = _END.search(lines[0])
    said = lines[0][: end.end()] if end else lines[0]
    if columns(said) <= room:
        return said
    # One column for the mark that says that there is more.
    while columns(said) > room - 1:
        said = said[:-1]
    return said.rstrip() + "…"
