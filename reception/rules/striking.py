"""Striking somebody out of what others wrote: his names and telephone numbers, however they are cut up."""

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Final

# One character alone is a word of the language, not a name.
SHORTEST: Final = 2
# Whatever is neither letter nor digit keeps digits apart, and words of a name. The characters of a name stand in one
# sentence: of 他姓王，明天来 nobody called 王明 is struck out.
_BETWEEN_DIGITS: Final = r"[\W_]{0,4}"
_BETWEEN_WORDS: Final = r"[\W_]{1,3}"
_GAP: Final = r"(?:[^\w，。；：！？、…\n]|_){0,3}"


class Striker:
    """Knows what is to be struck out, and by what it is replaced."""

    def __init__(self, names: Iterable[str], phones: Iterable[str], mark: str) -> None:
        parts = [_phone(phone) for phone in sorted(phones) if phone]
        # The longest first: 欧阳娜娜 before 欧阳娜.
        parts += [_name(name) for name in sorted(names, key=lambda name: (-len(name), name)) if len(name) >= SHORTEST]
        self.mark = mark
        self._pattern = re.compile("|".join(parts), re.IGNORECASE) if parts else None

    def text(self, value: str | None) -> str | None:
        """Return a text without them; None stays None."""
        return value if value is None or self._pattern is None else self._pattern.sub(self.mark, value)

    def json(self, value: str | None) -> str | None:
        """Return JSON without them in any of its strings, written as it was where none holds one."""
        if value is None or self._pattern is None:
            return value
        before = json.loads(value)
        after = self._walk(before)
        return value if after == before else json.dumps(after, ensure_ascii=False)

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._walk(one) for one in value]
        if isinstance(value, dict):
            # Keys are the house's own: who is called `phone` takes no record apart.
            return {key: self._walk(one) for key, one in value.items()}
        return value


def _name(name: str) -> str:
    bare = "".join(unicodedata.normalize("NFC", name).split())
    if bare.isascii():
        # Li is not struck out of Living; a name of several words is found with any spaces.
        words = _BETWEEN_WORDS.join(re.escape(word) for word in name.split())
        return rf"(?<![A-Za-z]){words}(?![A-Za-z])"
    return _GAP.join(re.escape(character) for character in bare)


def _phone(phone: str) -> str:
    # A digit may stand full-width; one more before or after makes it another number, but for the country's.
    digits = _BETWEEN_DIGITS.join(f"[{digit}{chr(ord(digit) + 0xFEE0)}]" for digit in phone)
    return rf"(?<![0-9])(?:(?:\+|00)?86{_BETWEEN_DIGITS})?{digits}(?![0-9])"
