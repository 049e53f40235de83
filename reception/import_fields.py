"""The cells of an import: each column described once, by its words, what it may hold, and examples for the sample."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from reception.rules import money, people
from reception.wording import Words

# What Excel shows where a formula failed.
CELL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DATE: Final = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?"
)
_BESIDE: Final = re.compile(r"\([^)]*\)|[\s*:]")
_CODE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `words` head it in the sample, `also` are other names it is known by; `examples` fill the sample.

    `parse` turns the text of a cell into its value or raises `ValueError(code)`; it never sees an empty one.
    """

    name: str
    words: Words
    parse: Callable[[str], Any]
    examples: tuple[str, str]
    required: bool = False
    also: tuple[str, ...] = ()

    @property
    def heads(self) -> frozenset[str]:
        """Every head this column is known by, as `normal` writes them."""
        return frozenset(normal(head) for head in (*self.words, self.name, *self.also))


@dataclass(frozen=True, slots=True)
class Moment:
    """A local time as typed; midnight where only the day was."""

    at: datetime

    @property
    def text(self) -> str:
        """The time as ISO text, without zone."""
        return self.at.isoformat(timespec="minutes")


def normal(head: str) -> str:
    """Return a head as it is compared: without spaces, stars and what stands in brackets; `手机（必填）` is `手机`."""
    return _BESIDE.sub("", head.translate(_FULL_WIDTH)).replace("_", "").casefold()


def text(limit: int, *, multiline: bool = False) -> Callable[[str], str]:
    """Return a parser of texts. It refuses `text_too_long`, `text_invalid`."""
    return lambda value: people.clean_text(value, limit=limit, multiline=multiline)


def one_of(choices: Mapping[str, Words], code: str, also: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """Return a parser of a fixed list, by code, Chinese or English words. It refuses with `code`."""
    known = {normal(word): key for key, words in choices.items() for word in (key, *words)}
    known |= {normal(word): key for word, key in (also or {}).items()}

    def parse(value: str) -> str:
        if normal(value) not in known:
            raise ValueError(code)
        return known[normal(value)]

    return parse


def part(*suffixes: str) -> Callable[[str], str]:
    """Return a parser of a building, unit or room: `3`, or `3栋` with a suffix. It refuses `unit_part_invalid`."""

    def parse(value: str) -> str:
        clean = value.translate(_FULL_WIDTH).strip()
        suffix = next((one for one in suffixes if clean.endswith(one)), "")
        clean = clean.removesuffix(suffix).strip() if suffix else clean
        try:
            return people.parse_unit(f"{clean}-1-1")[0]
        except ValueError:
            raise ValueError("unit_part_invalid") from None

    return parse


BUILDING = part("号楼", "栋", "幢", "座", "楼")
STAIR = part("单元")
ROOM = part("室", "号", "房")


def home(value: str) -> str:
    """Return a home as `1-1-101`, also from `1栋1单元101室`. Refuses `unit_invalid`."""
    clean = re.sub(r"\s", "", value.translate(_FULL_WIDTH))
    clean = re.sub(r"(号楼|栋|幢|座)-?", "-", clean)
    clean = re.sub(r"单元-?", "-", clean).rstrip("室房号")
    return "-".join(people.parse_unit(clean))


def moment(value: str) -> Moment:
    """Return a day with or without a time: `2026-11-03`, `2026/11/3 9:05`, `2026年11月3日`. Refuses `date_invalid`."""
    match = _DATE.fullmatch(value.translate(_FULL_WIDTH).strip())
    try:
        if match is None or not 1950 <= int(match[1]) <= 2100:
            raise ValueError
        year, month, day, hour, minute = (int(found or 0) for found in match.groups())
        return Moment(datetime(year, month, day, hour, minute))  # noqa: DTZ001 (the site's zone is the store's affair)
    except ValueError:
        raise ValueError("date_invalid") from None


def day(value: str) -> str:
    """Return a day as ISO text; a time beside it is no matter. Refuses `date_invalid`."""
    found: date = moment(value).at.date()
    return found.isoformat()


def code(value: str) -> str:
    """Return a code of letters, digits, dot, hyphen. Refuses `item_code_invalid`."""
    clean = value.translate(_FULL_WIDTH).strip()
    if not _CODE.fullmatch(clean):
        raise ValueError("item_code_invalid")
    return clean


def flag(value: str) -> int:
    """Return 1 or 0 of a yes or no. Refuses `flag_invalid`."""
    word = {"是": "1", "启用": "1", "否": "0", "停用": "0"}.get(value.strip(), value)
    return int(people.parse_flag(word))


yuan = money.parse_yuan
phone = people.clean_phone
