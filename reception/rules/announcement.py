"""What the voice says when a number is called, as the clips it is joined from (screens.md, Voice)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Literal

from reception.rules import numbers

Language = Literal["zh", "en"]

DEFAULT_ZH: Final = "请{ticket}号到{place}"
DEFAULT_EN: Final = "Ticket {ticket}, please go to {place}"
LONGEST_TEMPLATE: Final = 80
LONGEST_NAME: Final = 40

_TEMPLATE: Final = re.compile(r"([^{}]*)\{ticket\}([^{}]*)\{place\}([^{}]*)")
# Latin words inside Chinese are clips of their own: they need another voice.
_RUNS: Final = {
    "zh": re.compile(r"[0-9]+|[A-Za-z]+(?:[ '&-]+[A-Za-z]+)*|[^0-9A-Za-z]+"),
    "en": re.compile(r"[0-9]+|[^0-9]+"),
}
_UNSAFE: Final = frozenset('/\\:*?"<>|~')

_DIGITS: Final = "零一二三四五六七八九"
_PLACES: Final = ((1000, "千"), (100, "百"), (10, "十"), (1, ""))
_SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBER_WORDS: Final = {"zh": [*_DIGITS, "十", "百", "千"], "en": [*_SMALL, *_TENS, "hundred", "thousand"]}


@dataclass(frozen=True, slots=True)
class Clip:
    """A piece of speech that is recorded once."""

    language: Language
    text: str

    @property
    def file(self) -> str:
        """The name of its file, such as 'zh-请.wav' or 'en-please go to.wav'; two texts never share one.

        It goes on any disk and stick: at most 40 characters of the text (160 bytes), no slash, none of the signs
        that Windows refuses. A text that had to change for that bears '~' and a hash, and no other name has a '~'.
        """
        kept = "".join(
            "_" if sign in _UNSAFE or not sign.isprintable() or (at == 0 and sign == ".") else sign
            for at, sign in enumerate(unicodedata.normalize("NFC", self.text))
        )[:LONGEST_NAME]
        if kept != self.text:
            kept += "~" + sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return f"{self.language}-{kept}.wav"


def check_template(template: str) -> None:
    """Refuse (`template_invalid`) a sentence that the voice cannot say.

    It holds {ticket} and then {place}, each once, no other brace, and is at most 80 characters long.
    """
    if len(template) > LONGEST_TEMPLATE or not _TEMPLATE.fullmatch(template):
        raise ValueError("template_invalid")


def announcement(
    ticket_no: str,
    place_zh: str,
    place_en: str,
    *,
    template_zh: str = DEFAULT_ZH,
    template_en: str = DEFAULT_EN,
) -> tuple[tuple[Clip, ...], ...]:
    """The call of a ticket to a place: the clips of the Chinese sentence, then those of the English one.

    The ticket is said sign by sign, a number in a place's name as a cardinal. Without a `template_en` or without
    an English name of the place there is no English sentence. Refuses `ticket_no_invalid`, `template_invalid`.
    """
    signs = numbers.spoken(ticket_no)
    said = [_sentence("zh", template_zh, signs, place_zh)]
    if template_en and _runs("en", place_en):
        english = (signs[0], *(_SMALL[_DIGITS.index(sign)] for sign in signs[1:]))
        said.append(_sentence("en", template_en, english, place_en))
    return tuple(said)


def needed(
    prefixes: Iterable[str],
    places: Iterable[tuple[str, str]],
    *,
    template_zh: str = DEFAULT_ZH,
    template_en: str = DEFAULT_EN,
) -> list[Clip]:
    """Every clip that a call may need, Chinese first: tickets with these letters, places with these (zh, en) names.

    Refuses `template_invalid`.
    """
    letters, named = [prefix.upper() for prefix in prefixes], list(places)
    found: set[Clip] = set()
    templates: tuple[tuple[Language, str], ...] = (("zh", template_zh), ("en", template_en))
    for place, (language, template) in enumerate(templates):
        if language == "en" and not template:
            continue
        found |= {Clip(language, word) for word in (*letters, *_NUMBER_WORDS[language])}
        for text in (*_fragments(template), *(names[place] for names in named)):
            found |= set(_runs(language, text))
    return sorted(found, key=lambda clip: (clip.language != "zh", clip.text))


def _sentence(language: Language, template: str, ticket: Iterable[str], place: str) -> tuple[Clip, ...]:
    before, between, after = _fragments(template)
    return (
        *_runs(language, before),
        *(Clip(language, sign) for sign in ticket),
        *_runs(language, between),
        *_runs(language, place),
        *_runs(language, after),
    )


def _fragments(template: str) -> tuple[str, str, str]:
    check_template(template)
    match = _TEMPLATE.fullmatch(template)
    assert match is not None
    return match[1], match[2], match[3]


def _runs(language: Language, text: str) -> tuple[Clip, ...]:
    """The clips of a text: its numbers word by word, what stands between them whole."""
    return tuple(Clip(language, word) for word in _words(language, unicodedata.normalize("NFKC", text)))


def _words(language: Language, text: str) -> Iterator[str]:
    for run in _RUNS[language].findall(text):
        if run[0] in "0123456789":
            yield from _number(language, run)
        elif any(sign.isalnum() for sign in run):
            yield _bare(run)


def _bare(run: str) -> str:
    """The run without signs that are not spoken at its ends, and with one space for any gap."""
    start, end = 0, len(run)
    while unicodedata.category(run[start])[0] in "PZCS":
        start += 1
    while unicodedata.category(run[end - 1])[0] in "PZCS":
        end -= 1
    return " ".join(run[start:end].split())


def _number(language: Language, digits: str) -> Iterable[str]:
    """A number as a cardinal up to 9999; longer ones and those that begin with 0 digit by digit."""
    if len(digits) > 4 or (digits[0] == "0" and digits != "0"):
        return [(_DIGITS if language == "zh" else _SMALL)[int(digit)] for digit in digits]
    return _cardinal_zh(int(digits)) if language == "zh" else _cardinal_en(int(digits))


def _cardinal_zh(number: int) -> Iterable[str]:
    """1005 is 一千零五, 110 一百一十, 12 十二: a gap is one 零, and a leading 一十 loses its 一."""
    words: list[str] = []
    gap = False
    for value, unit in _PLACES:
        digit, number = divmod(number, value)
        if not digit:
            gap = bool(words)
            continue
        words += ["零"] if gap else []
        words += [] if value == 10 and digit == 1 and not words else [_DIGITS[digit]]
        words += [unit] if unit else []
        gap = False
    return words or ["零"]


def _cardinal_en(number: int) -> Iterable[str]:
    words: list[str] = []
    for value, unit in ((1000, "thousand"), (100, "hundred")):
        count, number = divmod(number, value)
        words += [_SMALL[count], unit] if count else []
    if number >= 20:
        words.append(_TENS[number // 10 - 2])
        number %= 10
    return words if words and not number else [*words, _SMALL[number]]
