"""Telephone calls about fees (催缴, SYS-39): one a day a home, taken before it is made, noted with what was said.

Never a threat: the page says what to say, and the outcomes are what a person may answer.
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, estate, events, fees, reveals
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

OUTCOMES = {
    "will_pay": Words("答应缴纳", "Will pay"),
    "told": Words("已告知", "Told"),
    "has_paid": Words("说已缴（请财务核对）", "Says it is paid (to check)"),
    "disputes": Words("有异议", "Disagrees"),
    "unreached": Words("未接通", "Not reached"),
}
# Somebody must be able to follow what he says.
NEEDS_NOTE = frozenset({"has_paid", "disputes"})
MOST = 20
_OPEN = "unit_id = ? AND by_id = ? AND outcome IS NULL"


@dataclass(frozen=True, slots=True)
class Call:
    """A call: on which day of the site, since when (UTC text), by whom; `code` None while it is being made."""

    called_on: str
    at: str
    by_id: int
    by_name: str
    code: str | None
    note: str

    @property
    def outcome(self) -> Words:
        """What came of it."""
        return OUTCOMES[self.code] if self.code else Words("结果未记", "no result noted")


def of_home(store: Store, unit_id: int) -> tuple[Call, ...]:
    """Return the calls to a home, the last first, for an act that has asked who may know."""
    rows = store.rows(
        "SELECT called_on, at, by_id, staff.name, outcome, note FROM fee_calls JOIN staff ON staff.id = by_id"
        " WHERE unit_id = ? ORDER BY called_on DESC LIMIT ?",
        [unit_id, MOST],
    )
    return tuple(Call(*row) for row in rows)


def take(store: Store, *, unit: str, by: Actor, now: datetime) -> Unit:
    """Take the call to a home (`1-1-101`): its people are shown whole, which is written down. Return the home.

    Taken again by the same one while it has no result it is the same call. Refuses `unit_invalid`, `unit_unknown`,
    `fee_nothing_open`, `fee_nothing_late`,
    `fee_called_today`.
    """
    permit(by, "call_about_fees")
    with writing(store):
        home, at = estate.find_unit(store, unit.strip()), events.moment(store, now)
        lines = fees.open_of(store, home.id, now=now)
        if not lines:
            raise Refused("fee_nothing_open")
        if not any(one.overdue for one in lines):
            raise Refused("fee_nothing_late")
        if not store.changed(
            "INSERT INTO fee_calls (unit_id, called_on, at, by_id) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [home.id, fees.today(store, now), clock.to_text(at), by.id],
        ) and not held(store, home.id, by=by, now=now):
            raise Refused("fee_called_today")
        reveals.note(store, "call_about_fees", "unit", home.id, reason=reveals.FEES, by=by, at=at)
        store.touch("cases")
        return home


def note(store: Store, *, unit: str, outcome: str, note: str = "", by: Actor, now: datetime) -> Unit:
    """Note what came of the call that this member of staff took, on an earlier day perhaps, and what was said.

    Return the home.

    Refuses `unit_invalid`, `unit_unknown`, `fee_outcome_unknown`, `fee_note_missing`, `fee_call_not_held`, texts.
    """
    permit(by, "call_about_fees")
    if outcome not in OUTCOMES:
        raise Refused("fee_outcome_unknown")
    said = cases.text(note, missing="fee_note_missing") if note.strip() or outcome in NEEDS_NOTE else ""
    with writing(store):
        home, at = estate.find_unit(store, unit.strip()), events.moment(store, now)
        if not store.changed(
            f"UPDATE fee_calls SET outcome = ?, note = ?, at = ? WHERE {_OPEN} AND called_on = ?",  # noqa: S608
            [outcome, said, clock.to_text(at), home.id, by.id, unnoted(store, home.id, by=by)],
        ):
            raise Refused("fee_call_not_held")
        events.record(store, "note_fee_call", "unit", home.id, by=by, at=at, outcome=outcome)
        store.touch("cases")
        return home


def let_go(store: Store, *, unit: str, by: Actor, now: datetime) -> Unit:
    """The call was not made after all, today or on an earlier day: a colleague may make it. Return the home.

    Refuses `unit_invalid`, `unit_unknown`, `fee_call_not_held`.
    """
    permit(by, "call_about_fees")
    with writing(store):
        home, at = estate.find_unit(store, unit.strip()), events.moment(store, now)
        if not store.changed(
            f"DELETE FROM fee_calls WHERE {_OPEN} AND called_on = ?",  # noqa: S608
            [home.id, by.id, unnoted(store, home.id, by=by)],
        ):
            raise Refused("fee_call_not_held")
        events.record(store, "drop_fee_call", "unit", home.id, by=by, at=at)
        store.touch("cases")
        return home


def held(store: Store, unit_id: int, *, by: Actor, now: datetime) -> bool:
    """Whether this member of staff is calling a home just now: he took the call today, and it has no result yet."""
    return unnoted(store, unit_id, by=by) == fees.today(store, now)


def unnoted(store: Store, unit_id: int, *, by: Actor) -> str | None:
    """Return the day of the last call to a home that this member of staff took and noted nothing of; None if none."""
    day = store.value(f"SELECT max(called_on) FROM fee_calls WHERE {_OPEN}", [unit_id, by.id])  # noqa: S608
    return None if day is None else str(day)
