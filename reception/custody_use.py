"""What the meters of a home in custody showed, and what was used: across corrections and exchanged meters."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception.custody_facts import METERS, Custody
from reception.rules import money

_AS_KEPT: Final = ("id", "meter", "part", "piece", "value", "corrects_id", "reason", "at", "by_name")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed, in hundredths of its unit; `corrected`: another reading stands in its place.

    `part`: at the begin (`first`), `during`, at the end (`last`). `piece`: of which meter, 0 that of the begin, one
    more with each exchange. `root`: the reading whose place it takes.
    """

    id: int
    meter: str
    part: str
    piece: int
    value: int
    corrects_id: int | None
    reason: str
    at: str
    by_name: str
    root: int
    corrected: bool

    @property
    def text(self) -> str:
        """The value as people write it."""
        return money.format_quantity(self.value)


@dataclass(frozen=True, slots=True)
class Use:
    """What a meter counted in a custody: the readings that stand, in their order, and what is free of talk."""

    meter: str
    line: tuple[Reading, ...]
    limit: int

    @property
    def first(self) -> Reading:
        """What it showed at the begin."""
        return self.line[0]

    @property
    def last(self) -> Reading:
        """What it showed last; after an exchange, the new one."""
        return self.line[-1]

    @property
    def counted(self) -> dict[int, int]:
        """What was used until each reading (its id), in hundredths: a new meter counts on where the old one stopped."""
        found, used = {self.first.id: 0}, 0
        for before, after in pairwise(self.line):
            used += after.value - before.value if after.piece == before.piece else 0
            found[after.id] = used
        return found

    @property
    def used(self) -> int:
        """What was used, in hundredths."""
        return self.counted[self.last.id]

    @property
    def exchanged(self) -> tuple[tuple[Reading, Reading], ...]:
        """The exchanges: what the old meter showed at the end, and the new one at its begin."""
        return tuple((before, after) for before, after in pairwise(self.line) if before.piece != after.piece)

    @property
    def over(self) -> bool:
        """Whether it is more than was agreed."""
        return self.used > self.limit

    @property
    def used_text(self) -> str:
        """What was used, as people write it."""
        return money.format_quantity(self.used)

    @property
    def limit_text(self) -> str:
        """The limit, as people write it."""
        return money.format_quantity(self.limit)

    @property
    def over_text(self) -> str:
        """By how much it is above the limit; '0' where it is not."""
        return money.format_quantity(max(0, self.used - self.limit))


def of(store: Store, custody_id: int) -> tuple[Reading, ...]:
    """Return all readings of a custody, each correction behind what it corrects, for a reader that has asked."""
    return of_many(store, [custody_id]).get(custody_id, ())


def of_many(store: Store, custody_ids: Sequence[int]) -> dict[int, tuple[Reading, ...]]:
    """Return the same of several, by custody."""
    rows = store.rows(
        "SELECT custody_readings.*, staff.name AS by_name FROM custody_readings JOIN staff ON staff.id = by_id"
        " WHERE custody_id IN (SELECT value FROM json_each(?)) ORDER BY custody_id, custody_readings.id",
        [json.dumps(list(custody_ids))],
    )
    return {custody_id: _line(list(group)) for custody_id, group in groupby(rows, key=lambda row: row["custody_id"])}


def _line(rows: Sequence[Row]) -> tuple[Reading, ...]:
    roots: dict[int, int] = {}
    for row in rows:
        roots[row["id"]] = roots.get(row["corrects_id"], row["id"])
    replaced = {row["corrects_id"] for row in rows}
    found = [
        Reading(
            **{name: row[name] for name in _AS_KEPT},
            root=roots[row["id"]],
            corrected=row["id"] in replaced,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.root, one.id)))


def use(custody: Custody, found: Iterable[Reading]) -> dict[str, Use]:
    """Return what each meter counted, by what stands now."""
    standing = [one for one in found if not one.corrected]
    return {
        meter: Use(meter, line, custody.limits[meter])
        for meter in METERS
        if (line := tuple(one for one in standing if one.meter == meter))
    }


def first_as_signed(custody: Custody, found: Iterable[Reading]) -> dict[str, Reading]:
    """Return by meter the reading at the begin that stood when the agreement was signed; of a draft, that stands."""
    until = custody.signed_at or "9"
    # In the order in which they were written: of those before the signature the last one stood.
    return {one.meter: one for one in found if one.part == "first" and one.at <= until}
