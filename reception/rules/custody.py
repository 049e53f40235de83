"""A home in custody (房屋托管): which rounds are wanted and how they stand, and its part of the fee.

Sources: domain.md SYS-37, RUL-26 (“物业管理费按全额的70%收取”), RUL-27 (“每周及大雨先后安排人员对托管房进行户外巡查”).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WEEK, BEFORE, AFTER = "week", "before", "after"
DAY: Final = timedelta(days=1)
# A round after rain is due within a day. Late it is better than never: so long it may still be made.
AFTER_DAYS, AFTER_LATE_DAYS = 1, 7
# So many weeks back a page looks.
WEEKS_SHOWN: Final = 53


@dataclass(frozen=True, slots=True)
class Rain:
    """A warning of heavy rain for a day. `came` None: not ended yet; False: called off. `ended_on`: its last day."""

    id: int
    rain_on: date
    came: bool | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A round that is wanted: of which kind, its week (the Monday) or its warning, by which day, until which at all."""

    kind: str
    week: date | None
    warning_id: int | None
    due_on: date
    open_until: date

    @property
    def mark(self) -> str:
        """What a form carries of it: `week-2026-11-23`, `before-3`."""
        return f"{self.kind}-{self.week.isoformat() if self.week else self.warning_id}"

    def standing(self, today: date) -> str:
        """How it stands where nobody made it: `due`, `late` (may still be made), `missed`."""
        if today > self.open_until:
            return "missed"
        return "late" if today > self.due_on else "due"


def monday(day: date) -> date:
    """The Monday of the ISO week that a day belongs to."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, ended: date | None, today: date) -> list[date]:
    """The Mondays of the weeks in which a round is wanted, the newest first, up to this week's.

    Whole weeks alone: the home is looked at when its meters are read at the begin and at the end, so that between two
    looks never lie more days than between a Monday and the Sunday after the next.
    """
    begin = monday(first + 6 * DAY)
    last = monday(today)
    if ended is not None:
        last = min(last, monday(ended - 6 * DAY))
    return [last - timedelta(weeks=back) for back in range((last - begin).days // 7 + 1)]


def wanted(first: date, ended: date | None, today: date, rains: Iterable[Rain]) -> Iterator[Wanted]:
    """The rounds that a custody wants from its first day on: those of weeks, the newest first, and around each rain.

    `ended`: its last day. Weeks further back than `WEEKS_SHOWN` are left out. A rain that was called off wants none.
    """
    for one in rains:
        if one.came is False or first > (one.ended_on or one.rain_on) or (ended is not None and ended < one.rain_on):
            continue
        if first <= one.rain_on:
            # Once it rains, or the rain is over, nobody goes before it.
            until = one.rain_on if one.ended_on is None else min(one.rain_on, one.ended_on - DAY)
            yield Wanted(BEFORE, None, one.id, one.rain_on, until)
        if one.ended_on is not None:
            due = one.ended_on + AFTER_DAYS * DAY
            # The last readings were a look after the rain.
            if ended is None or ended > due:
                yield Wanted(AFTER, None, one.id, due, one.ended_on + AFTER_LATE_DAYS * DAY)
    for week in weeks(first, ended, today)[:WEEKS_SHOWN]:
        yield Wanted(WEEK, week, None, week + 6 * DAY, week + 6 * DAY)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in custody, both counted, and what is asked of the fee meanwhile, in percent."""

    begin: date
    end: date
    share: int


@dataclass(frozen=True, slots=True)
class Part:
    """What is asked of a fee: `days` of its period, `inside` of them in custody, and the amount in fen."""

    days: int
    inside: int
    fen: int


def months(first: int, last: int) -> tuple[date, date]:
    """The first and the last day of a period of months, each counted from year 0, twelve a year."""
    after = last + 1
    return date(first // 12, first % 12 + 1, 1), date(after // 12, after % 12 + 1, 1) - DAY


def part(fen: int, begin: date, end: date, spans: Iterable[Span]) -> Part:
    """What is asked of the full fee of a period (both days counted) of a home that was in custody on some of its days.

    Each day bears the same part of the fee, a day in custody its share of that; a day counts once, for the custody
    that began first. Rounded once, at the end, half up to a fen.
    """
    days, inside, less, free = (end - begin).days + 1, 0, 0, begin
    for span in sorted(spans, key=lambda one: one.begin):
        low, high = max(span.begin, free), min(span.end, end)
        if low <= high:
            count = (high - low).days + 1
            inside += count
            less += count * (100 - span.share)
            free = high + DAY
    whole = 100 * days
    return Part(days, inside, (2 * fen * (whole - less) + whole) // (2 * whole))
