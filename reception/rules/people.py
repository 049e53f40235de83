"""Reads what people type (words, phone numbers, units, flags) into one form, or refuses it with a code.

Every refusal is `ValueError(code)`; the screens turn the code into a sentence.
"""

import re
import unicodedata
from typing import Final

# Invisible and without meaning, brought along by pasting: dropped, so that they cannot make two equal
# names differ or an empty one look filled.
_ZERO_WIDTH: Final = {ord(char): None for char in "\u00ad\u200b\u2060\ufeff"}

# All of Unicode's Bidi_Control: they reorder the text around them on paper and on screens.
_BIDI: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_LINE_ENDS: Final = re.compile("\r\n|[\r\u2028\u2029]")

# Chinese keyboards easily give full-width digits, letters and signs.
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HYPHENS: Final = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212")

_PHONE: Final = re.compile(r"(?:\+86)?([0-9]{7,12})")
_UNIT: Final = re.compile(r"([0-9A-Za-z]{1,8})-([0-9A-Za-z]{1,8})-([0-9A-Za-z]{1,8})")
_SPOKEN_UNIT: Final = re.compile(
    r"([0-9A-Za-z]{1,8})(?:号楼|栋|幢|座|楼|#|-)([0-9A-Za-z]{1,8})(?:单元|门|-)([0-9A-Za-z]{1,8})(?:室|房|号)?"
)

_FLAGS: Final = {
    "": False, "0": False, "off": False, "false": False, "no": False,
    "1": True, "on": True, "true": True, "yes": True,
}  # fmt: skip


def clean_text(value: str, *, limit: int, multiline: bool = False) -> str:
    """The text in NFC without outer whitespace, at most `limit` characters; may be empty.

    One line: every run of whitespace, line ends and tabs included, becomes one space. Several lines:
    line ends become '\\n', a tab a space, and spaces at the end of a line go. Refuses control
    characters, lone surrogates and marks of writing direction (`text_invalid`), and what is longer than
    `limit` after this (`text_too_long`).
    """
    text = _LINE_ENDS.sub("\n", value).replace("\t", " ").translate(_ZERO_WIDTH)
    if any(_is_forbidden(char) for char in text):
        raise ValueError("text_invalid")
    text = unicodedata.normalize("NFC", text)
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip() if multiline else " ".join(text.split())
    if len(text) > limit:
        raise ValueError("text_too_long")
    return text


def clean_phone(value: str) -> str:
    """The 7 to 12 ASCII digits of a phone number, without spaces, hyphens and a leading +86.

    Refuses anything else, the empty text too (`phone_invalid`).
    """
    # Address books wrap numbers in invisible format characters (Cf): here they can mislead nobody.
    kept = (
        char
        for char in value.translate(_FULL_WIDTH)
        if char not in _HYPHENS and char != "\t" and unicodedata.category(char) not in ("Zs", "Cf")
    )
    match = _PHONE.fullmatch("".join(kept))
    if match is None:
        raise ValueError("phone_invalid")
    return match[1]


def parse_unit(value: str) -> tuple[str, str, str]:
    """Building, unit and room of '1-1-101', full-width signs read as ASCII (design.md, contract).

    Each part has 1 to 8 ASCII digits or letters and keeps its case. Refuses anything else
    (`unit_invalid`).
    """
    match = _UNIT.fullmatch(value.translate(_FULL_WIDTH).strip())
    if match is None:
        raise ValueError("unit_invalid")
    return match[1], match[2], match[3]


def plain_unit(value: str) -> str:
    """Return a home as people write it (1栋1单元101室, 1幢1-101) as `1-1-101`; anything else as it is."""
    match = _SPOKEN_UNIT.fullmatch(value.translate(_FULL_WIDTH).replace(" ", ""))
    return "-".join(match.groups()) if match else value


def parse_flag(value: str | None) -> bool:
    """A yes or no of a form: 1, on, true, yes are true; absent, empty, 0, off, false, no are false.

    Either case, spaces around allowed. Refuses anything else (`flag_invalid`).
    """
    flag = _FLAGS.get((value or "").strip().lower())
    if flag is None:
        raise ValueError("flag_invalid")
    return flag


def _is_forbidden(char: str) -> bool:
    return (char != "\n" and unicodedata.category(char) in ("Cc", "Cs")) or char in _BIDI
