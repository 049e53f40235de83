"""What a rule of retention is (保存期限)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.store import Store
from reception.site import Site
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes: `keep` says for how long it stays, `due` whether any is older than `before` (UTC text), and `remove`
    takes away a portion of that inside an act (with its moment), and returns how many it was."""

    code: str
    what: Words
    keep: Callable[[Site], timedelta]
    due: Callable[[Store, str], bool]
    remove: Callable[[Store, str, datetime], int]


def days(key: str) -> Callable[[Site], timedelta]:
    """Return how long a setting in days keeps."""
    return lambda site: timedelta(days=getattr(site, key))
