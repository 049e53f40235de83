"""What describes a setting and the page it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reception.wording import Words

NO_HELP = Words("", "")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value: `kind` says how it is typed and checked; `low` and `high` bound a number."""

    key: str
    name: Words
    kind: str
    low: int = 0
    high: int = 0
    help: Words = NO_HELP
    choices: Mapping[str, Words] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that stand on one page."""

    code: str
    name: Words
    settings: tuple[Setting, ...]


def minutes(key: str, zh: str, en: str, high: int = 240, low: int = 0) -> Setting:
    """Return a setting in minutes."""
    return Setting(key, Words(f"{zh}（分钟）", f"{en} (minutes)"), "number", low, high)


def count(key: str, zh: str, en: str, low: int, high: int, help: Words = NO_HELP) -> Setting:
    """Return a setting that is a number."""
    return Setting(key, Words(zh, en), "number", low, high, help=help)
