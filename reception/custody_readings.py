"""Meters of a home in custody (RUL-26): readings are added, never changed; above the limit the owner is to be told.

“托管期间水表不超过5o，电表不超过20o” stands in the source: the o is how its degree sign (度) was scanned. Of water a
度 is a m3, of electricity a kWh, over the whole custody.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import cases, custody_facts, custody_tellings, events, nonces
from reception.custody_facts import METERS, SUBJECT, Custody
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, meters, money, numbers

# More are a slip of the pen; a meter read every week for years comes near it.
MOST: Final = 600


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meter showed, in hundredths of its unit; `corrected`: another reading stands in its place.

    `part`: at the begin (`first`), `during`, at the end (`last`). `root`: the reading whose place it takes.
    """

    id: int
    meter: str
    part: str
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
    """What a meter counted in a custody: its first and its latest reading, and what is free of talk."""

    meter: str
    first: Reading
    last: Reading
    limit: int

    @property
    def used(self) -> int:
        """What was used, in hundredths."""
        return max(0, self.last.value - self.first.value)

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
    rows = store.rows(
        "SELECT custody_readings.*, staff.name AS by_name FROM custody_readings JOIN staff ON staff.id = by_id"
        " WHERE custody_id = ? ORDER BY custody_readings.id",
        [custody_id],
    )
    roots: dict[int, int] = {}
    for row in rows:
        roots[row["id"]] = roots.get(row["corrects_id"], row["id"])
    replaced = {row["corrects_id"] for row in rows}
    found = [
        Reading(
            **{name: row[name] for name in ("id", "meter", "part", "value", "corrects_id", "reason", "at", "by_name")},
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
        meter: Use(meter, line[0], line[-1], custody.limits[meter])
        for meter in METERS
        if (line := [one for one in standing if one.meter == meter])
    }


def first_as_signed(custody: Custody, found: Iterable[Reading]) -> dict[str, Reading]:
    """Return by meter the reading at the begin that stood when the agreement was signed; of a draft, that stands."""
    until = custody.signed_at or "9"
    # In the order in which they were written: of those before the signature the last one stood.
    return {one.meter: one for one in found if one.part == "first" and one.at <= until}


def parsed(text: str) -> int:
    """Return the hundredths of a reading as typed. Refuses `custody_reading_invalid`."""
    try:
        return meters.parse_reading(text)
    except ValueError:
        raise Refused("custody_reading_invalid") from None


def take(
    store: Store, *, no: str, nonce: str, water: str = "", electric: str = "", by: Actor, now: datetime
) -> Custody:
    """Write down what the meters of a home in custody show, one of them or both. The same nonce, the same readings.

    Refuses `custody_unknown`, `custody_not_now`, `custody_reading_missing`, `custody_reading_invalid`,
    `custody_reading_below` (than an earlier one: that is corrected first), `custody_readings_many`, nonces.
    """
    permit(by, "read_custody_meter")
    content = {"no": no, "water": water, "electric": electric}

    def make(at: datetime) -> int:
        custody = custody_facts.by_no(store, no)
        if custody.state != "active":
            raise Refused("custody_not_now")
        typed = {meter: parsed(text) for meter, text in (("water", water), ("electric", electric)) if text.strip()}
        if not typed:
            raise Refused("custody_reading_missing")
        add(store, custody, "during", typed, by=by, at=at)
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "read_custody_meter", content, now=now, make=make))


def add(store: Store, custody: Custody, part: str, typed: dict[str, int], *, by: Actor, at: datetime) -> None:
    """Write readings down inside an act. Refuses `custody_reading_below`, `custody_readings_many` (while it lasts)."""
    known = of(store, custody.id)
    # However many there are: it can always be ended.
    if part == "during" and len(known) >= MOST:
        raise Refused("custody_readings_many")
    for meter, value in typed.items():
        if any(one.value > value for one in known if one.meter == meter and not one.corrected):
            raise Refused("custody_reading_below")
        store.execute(
            "INSERT INTO custody_readings (custody_id, meter, part, value, at, by_id) VALUES (?, ?, ?, ?, ?, ?)",
            [custody.id, meter, part, value, clock.to_text(at), by.id],
        )
        if part != "first":
            events.record(store, "read_custody_meter", SUBJECT, custody.id, by=by, at=at, meter=meter, value=value)
    judge(store, custody, "", by=by, at=at)


def correct(
    store: Store, *, no: str, nonce: str, reading: str, value: str, reason: str, by: Actor, now: datetime
) -> Custody:
    """Put another reading in the place of a wrong one, with the reason; both stay. The same nonce, one correction.

    Refuses `custody_unknown`, `custody_not_now`, `custody_reading_unknown` (also one corrected already),
    `custody_reading_invalid`, `custody_reading_between` (it does not lie between its neighbours), `reason_missing`.
    """
    permit(by, "read_custody_meter")
    content = {"no": no, "reading": reading, "value": value, "reason": reason}

    def make(at: datetime) -> int:
        custody = custody_facts.by_no(store, no)
        if custody.state not in {"draft", "active"}:
            raise Refused("custody_not_now")
        known = [one for one in of(store, custody.id) if not one.corrected]
        wrong = next((one for one in known if one.id == numbers.whole(reading)), None)
        if wrong is None:
            raise Refused("custody_reading_unknown")
        right, said = parsed(value), cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        line = [one for one in known if one.meter == wrong.meter]
        if any((one.value > right) if one.root < wrong.root else (one.value < right) for one in line if one != wrong):
            raise Refused("custody_reading_between")
        store.execute(
            "INSERT INTO custody_readings (custody_id, meter, part, value, corrects_id, reason, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [custody.id, wrong.meter, wrong.part, right, wrong.id, said, clock.to_text(at), by.id],
        )
        events.record(
            store, "correct_custody_meter", SUBJECT, custody.id, by=by, at=at,
            meter=wrong.meter, value=right, was_value=wrong.value,
        )  # fmt: skip
        judge(store, custody, said, by=by, at=at)
        return custody.id

    return custody_facts.by_id(store, nonces.once(store, nonce, "correct_custody_meter", content, now=now, make=make))


def judge(store: Store, custody: Custody, corrected: str, *, by: Actor, at: datetime) -> None:
    """Hold the meters against their limits inside an act: what is above is to be told, what is not any more is dropped.

    `corrected`: why a reading was corrected.
    """
    for meter, one in use(custody, of(store, custody.id)).items():
        if one.over:
            custody_tellings.open_overuse(store, custody.id, meter, one.last.id, by=by, at=at)
        elif corrected:
            custody_tellings.drop_overuse(store, custody.id, meter, corrected, by=by, at=at)
    store.touch("cases")
