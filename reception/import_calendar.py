"""The notice of the State Council from a file (K6): rest days and make-up days of a year, official from then on.

The manager's word stands above it: his days stay as they are, and the notice holds when he takes his word back.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from db.store import Store
from reception import calendar_care, visit_day_shifts, working_calendar
from reception.import_steps import SAME, Deed, Judge, Step
from reception.rules.working_days import DayKind
from reception.wording import Words

KINDS: Final = {DayKind.REST.value: Words("休息", "Rest"), DayKind.WORK.value: Words("上班", "Work")}
OTHER_KINDS: Final = {
    "休": "rest", "放假": "rest", "假": "rest", "holiday": "rest", "off": "rest", "班": "work", "补班": "work",
    "调休上班": "work", "工作": "work", "workday": "work",
}  # fmt: skip
UNNAMED: Final = "放假安排"


def days(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge the days of a notice by their date. What the file does not name stays as it is."""
    known = {row["day_on"]: (row["kind"], row["name"]) for row in store.rows("SELECT * FROM official_days")}
    official = working_calendar.official_years(store)

    def judge(values: dict[str, Any]) -> Step:
        day, said = values["day"], (values["kind"], values["name"] or UNNAMED)
        if known.get(day) == said and int(day[:4]) in official:
            return SAME
        return Step("changed" if day in known else "added", lambda deed: _put(store, day, said, deed))

    return judge


def _put(store: Store, day: str, said: tuple[str, str], deed: Deed) -> None:
    kind, name = said
    reason = calendar_care.SOURCES["import"].zh
    calendar_care.put_notice(store, day, kind, name, source="import", reason=reason, by=deed.by, at=deed.at)


def of_part(store: Store, lines: list[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, str, str]]:
    """Yield (line, column, code) of every line of a year that the file would make official with a part of its notice.

    Each notice begins with New Year's Day; a file without it is another year's, or half of one.
    """
    official = working_calendar.official_years(store)
    begun = {values["day"][:4] for _, values in lines if values["day"].endswith("-01-01")}
    for row, values in lines:
        year = values["day"][:4]
        if year not in begun and int(year) not in official:
            yield row, "day", "notice_of_part"


def after(store: Store, deed: Deed) -> None:
    """Let the visit days follow."""
    visit_day_shifts.settle(store, reason=visit_day_shifts.NOTICE, by=deed.by, at=deed.at)
