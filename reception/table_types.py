"""What describes a list of the centre and its columns."""

from collections.abc import Mapping
from dataclasses import dataclass

from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `kind` is code, prefix, text, number, offset (minutes, also below 0), flag, date, time, pick, picks
    (several), money (in yuan, kept in fen), or secret (never shown).

    `choices` are fixed ones; `of` names the table whose rows are the choices. `optional` may stay empty, `limit` is how
    long it may be.
    """

    name: str
    words: Words
    kind: str = "text"
    choices: Mapping[str, Words] | None = None
    of: str = ""
    optional: bool = False
    limit: int = 80


@dataclass(frozen=True, slots=True)
class Table:
    """A list. `key` is the column that tells rows apart; `numbered`: the store gives it."""

    code: str
    name: Words
    key: str
    columns: tuple[Column, ...]
    order: str
    label: tuple[str, str]
    numbered: bool = False
    permission: str = "configure"


NAME, NAME_EN = Column("name", Words("名称", "Name")), Column("name_en", Words("英文名称", "Name in English"))
POSITION = Column("position", Words("次序", "Order"), "number")
ACTIVE = Column("active", Words("启用", "In use"), "flag")
