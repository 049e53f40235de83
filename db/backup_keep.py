"""Which backups are kept: the newest of each of the last hours, days and months in which there was one."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keep:
    """How many hours, days and months are kept."""

    hours: int = 48
    days: int = 30
    months: int = 6


def kept(backups: Iterable[tuple[int, str]], keep: Keep) -> set[int]:
    """Return the numbers of the backups that stay, of pairs of number and time (`20261128T095500Z`, UTC).

    It counts the hours, days and months that have a backup, and asks no clock: neither a box that stood in a cupboard
    for a year nor a clock that ran ahead loses what there is. The newest always stays, whatever the rule.
    """
    ordered = sorted(backups, reverse=True)
    stay = {number for number, _ in ordered[:1]}
    for figures, count in ((11, keep.hours), (8, keep.days), (6, keep.months)):
        seen: set[str] = set()
        for number, stamp in ordered:
            period = stamp[:figures]
            if period not in seen and len(seen) < count:
                seen.add(period)
                stay.add(number)
    return stay
