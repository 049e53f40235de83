"""The people of the fuzz run's centre: each bears a name, a telephone, a home and words that nothing else contains.

So whatever of a person stands in an answer is seen by one search, and says whose it is.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

MOST = 200
# A character that no word of the product contains, then the person's own: masked, the surname alone is left.
_NAME, _WORDS = "\u3400", "\u3402"
_FIRST = 0x3410
_SURNAMES = ("王", "李", "张", "陈", "欧阳", "司马")
_SEEN = re.compile(
    rf"{_NAME}([\u3410-\u34ff])|1370077(\d{{4}})|{_WORDS}(\d{{4}})"
    r"|7(?:-|号楼|栋)[1-4](?:-|单元)7(\d\d)(?!\d)"
)


class Part(StrEnum):
    """What of a person."""

    NAME = "name"
    PHONE = "phone"
    WORDS = "words"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Person:
    """One of them, by a number from 1."""

    number: int

    @property
    def name(self) -> str:
        return f"{_SURNAMES[self.number % len(_SURNAMES)]}{_NAME}{chr(_FIRST + self.number)}"

    @property
    def phone(self) -> str:
        return f"1370077{self.number:04d}"

    @property
    def words(self) -> str:
        """What he said of his matter."""
        return f"厨房漏水{_WORDS}{self.number:04d}"

    @property
    def home(self) -> tuple[str, str, str]:
        """Building, unit and room."""
        return "7", str(1 + self.number % 4), f"{700 + self.number}"

    @property
    def unit(self) -> str:
        """The home as it is typed."""
        return "-".join(self.home)

    def part(self, which: Part) -> str:
        """Return one of what makes him known, as it is searched for in an answer."""
        whole = {Part.NAME: self.name[-2:], Part.PHONE: self.phone, Part.WORDS: self.words[-5:], Part.HOME: self.unit}
        return whole[which]


def seen(text: str) -> set[tuple[Person, Part]]:
    """Return whose name, telephone, home or words stand in a text, whole."""
    found: set[tuple[Person, Part]] = set()
    for hit in _SEEN.finditer(text):
        name, phone, words, room = hit.groups()
        if name:
            found.add((Person(ord(name) - _FIRST), Part.NAME))
        elif room:
            found.add((Person(int(room)), Part.HOME))
        else:
            found.add((Person(int(phone or words)), Part.PHONE if phone else Part.WORDS))
    return found
