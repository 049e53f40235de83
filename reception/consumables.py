"""耗材 (SYS-45, FRM-23): what the centre uses up, its plan of a month, and what was used of it.

Rolls of paper are counted by the press of whoever changes one, and estimated by the length that was printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db import paper_length, printers
from db.store import Store, writing
from reception import cases, consumable_months, events, nonces
from reception.consumable_months import Month
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.site import site
from reception.typed_days import typed_day
from reception.wording import Words

MOST = 9999
NOTE_LIMIT = 60
# From so many dots on a printer takes the wide roll (72 mm of 80); the narrow one prints 48 mm of 58.
WIDE_DOTS = 450
SUBJECT = "consumable"


@dataclass(frozen=True, slots=True)
class Item:
    """A consumable in a month. `planned` is None without a plan; `metres` what was printed, None for what is no paper.

    `rolls`: how many rolls that would be, in tenths, so that the count can be held against it.
    """

    code: str
    name: Words
    unit: Words
    planned: int | None
    used: int
    active: bool
    metres: int | None = None
    tenths: int | None = None

    @property
    def left(self) -> int | None:
        """What is left of the plan; below 0 more was used than planned."""
        return None if self.planned is None else self.planned - self.used

    @property
    def rolls(self) -> str:
        """The rolls that were printed, such as 1.7; '' for what is no paper."""
        return "" if self.tenths is None else f"{self.tenths // 10}.{self.tenths % 10}"


@dataclass(frozen=True, slots=True)
class Use:
    """One line of what was used. `printer` is the label of the one whose roll was changed, '' for anything else."""

    id: int
    name: Words
    unit: Words
    used_on: str
    quantity: int
    note: str
    printer: str
    by_name: str
    taken_back_by: str


@dataclass(frozen=True, slots=True)
class Report:
    """A month: each item, and every line that was noted, the newest first."""

    month: Month
    items: list[Item]
    uses: list[Use]


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll in a printer: since when (UTC text; '' while no change was noted), and the metres printed since."""

    since: str
    metres: int


def report(store: Store, *, month: str, by: Actor, now: datetime) -> Report:
    """Return a month's plan and use; without a month the one that runs. Refuses `month_invalid`, `not_permitted`."""
    permit(by, "see_consumables")
    of = consumable_months.month(store, month, now=now)
    printed = _printed(store, of)
    metres = site(store).paper_roll_metres
    found = []
    for row in store.rows(
        "SELECT consumables.*, planned, (SELECT coalesce(sum(quantity), 0) FROM consumable_uses WHERE item = code"
        " AND used_on BETWEEN :first AND :last AND taken_back_at IS NULL) AS used FROM consumables"
        " LEFT JOIN consumable_plans ON item = code AND month = :month ORDER BY position, code LIMIT 200",
        {"first": of.first, "last": of.last, "month": of.code},
    ):
        if not (row["active"] or row["used"] or row["planned"] is not None):
            continue
        mm = printed.get(row["roll"], 0) if row["roll"] else None
        found.append(
            Item(
                row["code"],
                *_worded(row),
                row["planned"],
                row["used"],
                bool(row["active"]),
                None if mm is None else round(mm / 1000),
                None if mm is None else round(mm / (metres * 100)),
            )
        )
    return Report(of, found, _uses(store, of))


def _worded(row: Row) -> tuple[Words, Words]:
    return Words(row["name"], row["name_en"]), Words(row["unit"], row["unit_en"])


def _printed(store: Store, of: Month) -> dict[str, int]:
    """Return width of roll -> millimetres that were printed on it in a month, by every printer that has it."""
    found: dict[str, int] = {}
    for printer in printers.printers(store):
        mm = paper_length.printed_mm(store, printer.name, of.begin, of.end)
        found[width(printer)] = found.get(width(printer), 0) + mm
    return found


def width(printer: printers.Printer) -> str:
    """Return the width of a printer's roll, in millimetres: '80' or '58'."""
    return "80" if printer.width_dots >= WIDE_DOTS else "58"


def _uses(store: Store, of: Month) -> list[Use]:
    rows = store.rows(
        "SELECT consumable_uses.id, consumables.name, name_en, unit, unit_en, used_on, quantity, note,"
        " coalesce(nullif(printers.label, ''), printer, '') AS printer, coalesce(staff.name, '') AS by_name,"
        " coalesce(back.name, '') AS back FROM consumable_uses JOIN consumables ON consumables.code = item"
        " LEFT JOIN printers ON printers.name = printer LEFT JOIN staff ON staff.id = by_id"
        " LEFT JOIN staff AS back ON back.id = taken_back_by"
        " WHERE used_on BETWEEN ? AND ? ORDER BY used_on DESC, consumable_uses.id DESC LIMIT 500",
        [of.first, of.last],
    )
    return [
        Use(
            row["id"],
            *_worded(row),
            row["used_on"],
            row["quantity"],
            row["note"],
            row["printer"],
            row["by_name"],
            row["back"],
        )
        for row in rows
    ]


def plan(
    store: Store, *, month: str, values: Mapping[str, str], was: Mapping[str, str], by: Actor, now: datetime
) -> None:
    """Set the plan of a month: `values` are item -> number ('' for none), `was` what the form showed before.

    What a colleague planned meanwhile is not overwritten. Refuses `month_invalid`, `consumable_unknown`,
    `used_invalid`, `changed_meanwhile`.
    """
    permit(by, "plan_consumables")
    with writing(store):
        of = consumable_months.month(store, month, now=now)
        known = {row["code"]: row["planned"] for row in _planned(store, of)}
        at, changed = events.moment(store, now), {}
        for item, typed in values.items():
            if item not in known:
                raise Refused("consumable_unknown")
            stands = "" if known[item] is None else str(known[item])
            wanted = typed.strip()
            if wanted in (stands, was.get(item, "").strip()):
                continue
            if was.get(item, "").strip() != stands:
                raise Refused("changed_meanwhile")
            changed[item] = wanted and _number(wanted, least=0)
            store.execute("DELETE FROM consumable_plans WHERE month = ? AND item = ?", [of.code, item])
            if wanted:
                store.execute(
                    "INSERT INTO consumable_plans (month, item, planned, at, by_id) VALUES (?, ?, ?, ?, ?)",
                    [of.code, item, changed[item], clock.to_text(at), by.id],
                )
        if changed:
            subject_id = int(of.code.replace("-", ""))
            events.record(store, "plan_consumables", SUBJECT, subject_id, by=by, at=at, month=of.code, planned=changed)


def _planned(store: Store, of: Month) -> list[Row]:
    return store.rows(
        "SELECT code, planned FROM consumables LEFT JOIN consumable_plans ON item = code AND month = ?", [of.code]
    )


def _number(typed: str, *, least: int) -> int:
    found = numbers.whole(typed.strip())
    if found is None or not least <= found <= MOST:
        raise Refused("used_invalid")
    return found


def note(
    store: Store, *, nonce: str, item: str, quantity: str, on: str = "", text: str = "", by: Actor, now: datetime
) -> int:
    """Note that so many of an item were used, today or on an earlier day; return the line's id.

    The same nonce notes it once. Refuses `consumable_unknown`, `used_invalid`, `date_invalid`, `day_to_come`, texts,
    the refusals of a nonce.
    """
    permit(by, "note_consumable")

    def make(at: datetime) -> int:
        if not store.value("SELECT 1 FROM consumables WHERE code = ? AND active = 1", [item]):
            raise Refused("consumable_unknown")
        count, said = _number(quantity, least=1), cases.text(text, required=False, limit=NOTE_LIMIT)
        return _use(store, item, _day(store, on, at), count, said, None, by=by, at=at)

    content = {"item": item, "quantity": quantity, "on": on, "text": text}
    return nonces.once(store, nonce, "note_consumable", content, now=now, make=make)


def _day(store: Store, on: str, at: datetime) -> str:
    today = clock.local_day(at, site(store).zone)
    day = typed_day(on) if on.strip() else today
    if day > today:
        raise Refused("day_to_come")
    if day.year < consumable_months.FIRST_YEAR:
        raise Refused("date_invalid")
    return day.isoformat()


def _use(
    store: Store, item: str, on: str, quantity: int, text: str, printer: str | None, *, by: Actor, at: datetime
) -> int:
    use_id = store.insert(
        "INSERT INTO consumable_uses (item, used_on, quantity, note, printer, at, by_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [item, on, quantity, text, printer, clock.to_text(at), by.id],
    )
    what = "change_roll" if printer else "note_consumable"
    events.record(store, what, SUBJECT, use_id, by=by, at=at, item=item, quantity=quantity, on=on)
    return use_id


def take_back(store: Store, *, use_id: str, by: Actor, now: datetime) -> None:
    """Take back a line that was noted by mistake; it stays to be read, struck out.

    Refuses `use_unknown`, and `use_taken_back` when somebody was first.
    """
    permit(by, "note_consumable")
    with writing(store):
        known, at = numbers.whole(use_id), events.moment(store, now)
        if not store.value("SELECT 1 FROM consumable_uses WHERE id = ?", [known]):
            raise Refused("use_unknown")
        done = store.changed(
            "UPDATE consumable_uses SET taken_back_at = ?, taken_back_by = ? WHERE id = ? AND taken_back_at IS NULL",
            [clock.to_text(at), by.id, known],
        )
        if not done:
            raise Refused("use_taken_back")
        events.record(store, "take_back_consumable", SUBJECT, known or 0, by=by, at=at)
        store.touch("printers")


def change_roll(store: Store, *, nonce: str, printer: str, by: Actor, now: datetime) -> int:
    """Note that a new roll was put into a printer: it counts as one used today; return the line's id.

    The same nonce counts it once. Refuses `printer_unknown`, `roll_not_listed` (the list has none of this width), the
    refusals of a nonce.
    """
    permit(by, "change_roll")

    def make(at: datetime) -> int:
        found = next((one for one in printers.printers(store) if one.name == printer), None)
        if found is None:
            raise Refused("printer_unknown")
        item = store.value("SELECT code FROM consumables WHERE roll = ?", [width(found)])
        if item is None:
            raise Refused("roll_not_listed")
        store.touch("printers")
        return _use(store, item, _day(store, "", at), 1, "", printer, by=by, at=at)

    return nonces.once(store, nonce, "change_roll", {"printer": printer}, now=now, make=make)


def roll_in(store: Store, printer: str, *, now: datetime) -> Roll:
    """Return the roll in a printer, as far as its changes were noted."""
    since: str | None = store.value(
        "SELECT max(at) FROM consumable_uses WHERE printer = ? AND taken_back_at IS NULL", [printer]
    )
    if since is None:
        return Roll("", 0)
    # What ends in this very moment is printed, too.
    until = clock.to_text(events.moment(store, now) + consumable_months.A_MOMENT)
    return Roll(since, round(paper_length.printed_mm(store, printer, since, until) / 1000))
