"""Who bears a repair (保修判定): two clocks and the contract (domain.md J3), never "paid" from dates nobody knows.

`end = max(completion + A, hand-over + B, contract end)`: A is the builder's term towards the developer (质量管理条例
40, 保修办法 7), B the developer's towards the buyer (商品住宅两书规定). The end is the last day that is still covered;
the first day does not count (民法典 201). What is decided here is a proposal: an officer confirms it.
"""

import calendar
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Final

# 保修办法 17 leaves these out of the warranty, whatever the dates say. `service`: what the owner asks for is no defect
# (a lamp to be hung, a bulb to be changed).
EXCLUSIONS: Final = ("misuse", "third_party", "force_majeure", "service")
# Excluded, and whoever ordered the repair pays for it. Force majeure is not among them: it is nobody's fault, and
# whether an insurer, the maintenance fund (专项维修资金) or the owner bears it is for an officer to find out. It
# ends the cover, and the proposal is "undetermined" unless the term had run out anyway.
_PAID_EXCLUSIONS: Final = frozenset({"misuse", "third_party", "service"})

# Words of a place that belongs to all: a hint for the proposal, no more.
_COMMON_PLACES: Final = ("楼道", "走廊", "大堂", "电梯", "楼梯间", "车库", "天台", "屋面", "公共", "园区", "消防通道")
_COMMON_PLACES_EN: Final = ("corridor", "staircase", "lobby", "lift", "garage", "rooftop")

_MONTH_DAY: Final = re.compile(r"([0-9]{2})-([0-9]{2})")
_COMMON_YEAR: Final = 2001


@dataclass(frozen=True, slots=True)
class Term:
    """How long a part is covered: from completion (A) and from hand-over (B), in months or in heating seasons."""

    completion_months: int | None = None
    handover_months: int | None = None
    completion_seasons: int | None = None
    handover_seasons: int | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a home. `contract_end_on` is set where the contract promises more than the law; without one, the
    contract adds nothing."""

    completion_on: date | None = None
    handover_on: date | None = None
    contract_end_on: date | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """The local heating season (采暖期): its first and its last day, as (month, day); it may cross the new year."""

    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the clocks: `completion`, `handover` or `contract`; `ends_on` is None while its date is missing."""

    name: str
    from_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the dates say: `liability` (warranty, paid, common, undetermined), why, and until when it is covered.

    `why`: common_area, misuse, third_party, service, force_majeure, in_warranty, ended, dates_missing, part_missing.
    `ends_on` is the end as far as it is known; `missing` names the clocks that lack their date.
    """

    liability: str
    why: str
    ends_on: date | None = None
    clocks: tuple[Clock, ...] = ()
    missing: tuple[str, ...] = field(default=())


def parse_month_day(text: str) -> tuple[int, int]:
    """Month and day of 'MM-DD'. Refuses what is no day of every year, 02-29 too (`month_day_invalid`)."""
    match = _MONTH_DAY.fullmatch(text.strip())
    if match is None:
        raise ValueError("month_day_invalid")
    month, day = int(match[1]), int(match[2])
    try:
        date(_COMMON_YEAR, month, day)
    except ValueError:
        raise ValueError("month_day_invalid") from None
    return month, day


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last day of the month where that has no such day (29 Feb -> 28 Feb)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def season_end(day: date, seasons: int, season: Season) -> date:
    """The last day of the n-th heating season after a day.

    A season is not a year. Only seasons that begin on that day or later count: one that was already running was never
    a whole one, and the doubt is the owner's gain.
    """
    year = day.year if date(day.year, *season.first) >= day else day.year + 1
    year += seasons - 1
    if season.last < season.first:
        year += 1
    return date.max if year > date.max.year else date(year, *season.last)


def clocks(term: Term, dates: Dates, season: Season) -> tuple[Clock, ...]:
    """The clocks that this part has, each with its end where its date is known."""
    found = []
    for name, start, months, seasons in (
        ("completion", dates.completion_on, term.completion_months, term.completion_seasons),
        ("handover", dates.handover_on, term.handover_months, term.handover_seasons),
    ):
        if months is None and seasons is None:
            continue
        ends = None
        if start is not None:
            by_months = add_months(start, months) if months is not None else start
            ends = max(by_months, season_end(start, seasons, season)) if seasons is not None else by_months
        found.append(Clock(name, start, ends))
    if dates.contract_end_on is not None:
        found.append(Clock("contract", None, dates.contract_end_on))
    return tuple(found)


def end(term: Term, dates: Dates, season: Season) -> date | None:
    """The last covered day, or None when a date is missing that could make it later."""
    found = clocks(term, dates, season)
    ends = [clock.ends_on for clock in found if clock.ends_on is not None]
    return max(ends) if ends and len(ends) == len(found) else None


def is_common_place(place: str) -> bool:
    """Whether the words of a place name what belongs to all: the corridor, the lift, the garage."""
    return any(word in place for word in _COMMON_PLACES) or any(word in place.lower() for word in _COMMON_PLACES_EN)


def propose(
    term: Term | None, dates: Dates, *, on: date, season: Season, common: bool = False, exclusion: str = ""
) -> Proposal:
    """What the dates say of a defect that was reported on a day; the day counts on which the owner spoke.

    One clock that still runs is enough for `warranty`, whatever else is missing. `paid` is proposed only when every
    clock of the part is known and has ended, or when the cause is excluded from the warranty; anything else is
    `undetermined` (domain.md K3, 9). What is common stays common: no owner is charged for it (K3, 8). Refuses an
    exclusion that is none (`exclusion_unknown`).
    """
    if exclusion and exclusion not in EXCLUSIONS:
        raise ValueError("exclusion_unknown")
    if common:
        return Proposal("common", "common_area")
    found = () if term is None else clocks(term, dates, season)
    known = [clock.ends_on for clock in found if clock.ends_on is not None]
    missing = tuple(clock.name for clock in found if clock.ends_on is None)
    ends_on = max(known, default=None)
    if exclusion in _PAID_EXCLUSIONS:
        return Proposal("paid", exclusion, ends_on, found, missing)
    ended = bool(known) and not missing and max(known) < on
    if exclusion == "force_majeure" and not ended:
        return Proposal("undetermined", exclusion, ends_on, found, missing)
    if term is None:
        return Proposal("undetermined", "part_missing")
    if ends_on is not None and ends_on >= on:
        return Proposal("warranty", "in_warranty", ends_on, found, missing)
    if ended:
        return Proposal("paid", "ended", ends_on, found)
    return Proposal("undetermined", "dates_missing", ends_on, found, missing)
