"""What becomes of the file of a home once a procedure is done: its day of hand-over, and who lives in or owns it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from db.store import Store
from reception import home_dates, residents
from reception.cases import Case
from reception.estate import Unit
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.typed_days import typed_day

# A named person of the case becomes this of the home.
BECOMES: Final = {"move_in": "owner", "lease": "tenant", "transfer": "owner"}


def apply(
    store: Store, case: Case, effect: str, *, handover_on: str = "", leaving: Sequence[str] = (), by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Bring the file of the home up to date, inside the act that ends the procedure.

    `handover_on` is of a move-in into a home whose day is not known yet, `leaving` the residents (ids) who move out at
    a change of owner. Refuses `date_missing`, `date_invalid`, `date_to_come`, `handover_before_completion`,
    `resident_unknown`, `tenant_is_owner`, and what `residents.add` refuses.
    """
    EFFECTS[effect](store, case, handover_on, leaving, by, at)


def check(store: Store, home: Unit, effect: str, name: str, phone: str) -> None:
    """Refuse `tenant_is_owner`: whom a lease names is the owner in the file, and would be made less than he is."""
    if effect == "lease" and any(one.code == "owner" for one in _known(store, home, name, phone)):
        raise Refused("tenant_is_owner")


def _known(store: Store, home: Unit, name: str, phone: str) -> list[residents.Resident]:
    """Return who of the home's file is the person of a case."""
    return [one for one in residents.of_home(store, home, whole=True) if (one.name, one.phone) == (name, phone)]


def _nothing(store: Store, case: Case, day: str, leaving: Sequence[str], by: Actor, at: datetime) -> None:
    pass


def _move_in(store: Store, case: Case, day: str, leaving: Sequence[str], by: Actor, at: datetime) -> None:
    assert case.unit is not None
    # A day that is known stands, whatever was typed.
    if home_dates.of_home(store, case.unit.id).handover_on is None:
        on = typed_day(day, code="date_invalid" if day.strip() else "date_missing")
        if on > clock.local_day(at, site(store).zone):
            raise Refused("date_to_come")
        home_dates.handed_over(store, case.unit, on.isoformat(), f"入住办理 {case.no}", by=by, at=at)
    _joins(store, case, "move_in", by, at)


def _lease(store: Store, case: Case, day: str, leaving: Sequence[str], by: Actor, at: datetime) -> None:
    assert case.unit is not None
    check(store, case.unit, "lease", case.name, case.phone)
    _joins(store, case, "lease", by, at)


def _transfer(store: Store, case: Case, day: str, leaving: Sequence[str], by: Actor, at: datetime) -> None:
    assert case.unit is not None
    for one in dict.fromkeys(leaving):
        residents.move_out(store, unit=case.unit.label, resident_id=one, by=by, now=at)
    _joins(store, case, "transfer", by, at)


def _joins(store: Store, case: Case, effect: str, by: Actor, at: datetime) -> None:
    """Put the person of the case into the file, unless he stands there already."""
    assert case.unit is not None
    relation = BECOMES[effect]
    same = _known(store, case.unit, case.name, case.phone)
    who = {"name": case.name, "phone": case.phone, "relation": relation}
    if not same:
        nonce = f"procedure-{case.no}"
        residents.add(store, nonce=nonce, unit=case.unit.label, **who, by=by, now=at)
    elif same[0].code != relation:
        residents.correct(store, unit=case.unit.label, resident_id=str(same[0].id), **who, by=by, now=at)


EFFECTS: Final[dict[str, Callable[[Store, Case, str, Sequence[str], Actor, datetime], None]]] = {
    "none": _nothing,
    "move_in": _move_in,
    "lease": _lease,
    "transfer": _transfer,
}
