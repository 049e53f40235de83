"""Words in both languages, for data that screens and papers show alike."""

from typing import NamedTuple


class Words(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str
