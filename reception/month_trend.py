"""How the frozen months go on from one to the next: the few figures that a year is read by."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import month_content
from reception.permissions import Actor, permit
from reception.wording import Words

MONTHS: Final = 12
# Which figures: by their keys in a report; those of one list have one measure and are drawn together.
VISITS, WAIT = Words("来访（人次）", "Visits"), Words("等候中位数（分钟）", "Median wait, minutes")
LINES: Final[tuple[tuple[Words, tuple[tuple[str, Words], ...]], ...]] = (
    (VISITS, (("visits/visits", VISITS),)),
    (WAIT, (("visits/wait_median", WAIT),)),
    (
        Words("新增事项（件）", "New cases"),
        (
            ("cases/flow/repair/received", Words("新增报修", "New repairs")),
            ("cases/flow/complaint/received", Words("新增投诉", "New complaints")),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A figure over the months: its name, and what it was in each (None: nothing to count from)."""

    name: Words
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """Figures of one measure: what they are, the months, the lines."""

    name: Words
    months: tuple[str, ...]
    lines: tuple[Line, ...]


def of_year(store: Store, *, until: str, by: Actor) -> tuple[Trend, ...]:
    """Return the figures of the last twelve frozen months up to a month (`2026-11`), as they were frozen.

    Empty where fewer than two are: there is nothing to compare.
    """
    permit(by, "see_month_report")
    rows = store.rows(
        "SELECT month, figures FROM month_reports WHERE month <= ? ORDER BY month DESC LIMIT ?", [until, MONTHS]
    )
    found = [(row["month"], month_content.items(month_content.from_json(row["figures"]))) for row in reversed(rows)]
    if len(found) < 2:
        return ()
    months = tuple(month for month, _items in found)
    return tuple(
        Trend(
            name,
            months,
            tuple(
                Line(words, tuple(items[key].value if key in items else None for _month, items in found))
                for key, words in keys
            ),
        )
        for name, keys in LINES
    )
