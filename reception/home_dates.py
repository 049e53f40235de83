"""The dates of a home (竣工, 交付, 合同约定至), which its warranties hang on: read, and changed with a reason."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, estate, events, import_fields
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

NAMES = {
    "completion_on": Words("竣工日期", "Completed on"),
    "handover_on": Words("交付日期", "Handed over on"),
    "contract_end_on": Words("合同约定至", "Contract until"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A date that was changed at the desk. Days are ISO texts, None where it was, or became, unknown."""

    name: Words
    was: str | None
    became: str | None
    reason: str
    at: str
    by_name: str


@dataclass(frozen=True, slots=True)
class HomeDates:
    """The dates of a home as ISO texts or None, in the order of `NAMES`; what was changed of them, newest first."""

    completion_on: str | None
    handover_on: str | None
    contract_end_on: str | None
    changes: tuple[Change, ...]

    @property
    def known(self) -> tuple[str | None, ...]:
        """The three dates."""
        return (self.completion_on, self.handover_on, self.contract_end_on)

    @property
    def seal(self) -> str:
        """What a form carries, to tell whether the dates still are what it showed."""
        return ",".join(one or "" for one in self.known)


def of_home(store: Store, unit_id: int) -> HomeDates:
    """Return the dates of a home."""
    row = store.row(f"SELECT {', '.join(NAMES)} FROM units WHERE id = ?", [unit_id])  # noqa: S608
    assert row is not None
    changes = store.rows(
        "SELECT field, was, became, reason, at, staff.name FROM home_date_changes JOIN staff ON staff.id = by_id"
        " WHERE unit_id = ? ORDER BY home_date_changes.id DESC",
        [unit_id],
    )
    return HomeDates(row[0], row[1], row[2], tuple(Change(NAMES[one[0]], *one[1:]) for one in changes))


def change(
    store: Store,
    *,
    unit: str,
    completion_on: str,
    handover_on: str,
    contract_end_on: str,
    reason: str,
    seal: str = "",
    by: Actor,
    now: datetime,
) -> estate.Unit:
    """Set the dates of a home, an empty one to not known, and keep what each was and why; return the home.

    Warranties not yet decided are proposed by the new dates from now on; decisions stand. `seal` is that of the dates
    which the form showed. Dates that stand already change nothing. Refuses `unit_invalid`, `unit_unknown`,
    `date_invalid`, `handover_before_completion`, `changed_meanwhile`, `reason_missing`, texts.
    """
    permit(by, "change_home_dates")
    wanted = [_day(typed) for typed in (completion_on, handover_on, contract_end_on)]
    if wanted[0] and wanted[1] and wanted[1] < wanted[0]:
        raise Refused("handover_before_completion")
    with writing(store):
        home = estate.find_unit(store, unit.strip())
        before = of_home(store, home.id)
        told = zip(NAMES, before.known, wanted, strict=True)
        changed = [(name, was, became) for name, was, became in told if was != became]
        if not changed:
            return home
        if seal and seal != before.seal:
            raise Refused("changed_meanwhile")
        said, at = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT), events.moment(store, now)
        _write(store, home, changed, said, by=by, at=at)
        return home


def handed_over(store: Store, home: estate.Unit, handover_on: str, reason: str, *, by: Actor, at: datetime) -> None:
    """Set the day of the hand-over inside the act that hands over (a move-in); a day that is known stands.

    The warranties hang on it: what is known a head changes, and says why (`change`). Refuses `date_invalid`,
    `handover_before_completion`.
    """
    before = of_home(store, home.id)
    if before.handover_on:
        return
    wanted = _day(handover_on)
    if before.completion_on and wanted and wanted < before.completion_on:
        raise Refused("handover_before_completion")
    if wanted:
        _write(store, home, [("handover_on", None, wanted)], reason, by=by, at=at)


def _write(
    store: Store, home: estate.Unit, changed: list[tuple[str, str | None, str | None]], said: str, *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    for name, was, became in changed:
        store.execute(f"UPDATE units SET {name} = ? WHERE id = ?", [became, home.id])  # noqa: S608
        store.execute(
            "INSERT INTO home_date_changes (unit_id, field, was, became, reason, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [home.id, name, was, became, said, clock.to_text(at), by.id],
        )
    fields = [name for name, *_ in changed]
    events.record(store, "change_home_dates", "unit", home.id, by=by, at=at, fields=fields)
    store.touch("cases")


def _day(typed: str) -> str | None:
    try:
        return import_fields.day(typed) if typed.strip() else None
    except ValueError as error:
        raise Refused(str(error)) from None
