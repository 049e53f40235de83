"""房屋验收 (SYS-36): a home is inspected with its owner, its meters read, and checked again once it was put right.

What is wrong with it, and its work orders, stand in `inspection_defects`; how it ends in `inspection_ends`.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from db.store import Store, writing
from reception import (
    case_steps,
    cases,
    checklists,
    clocks,
    events,
    feedback,
    inspection_facts,
    nonces,
    procedure_templates,
    repairs,
    staff,
    tellings,
)
from reception.cases import Case
from reception.inspection_facts import KIND, NAME, SERIES, STATES, details, rebuild
from reception.inspection_times import MAINTENANCE, agreed, tell_maintenance
from reception.permissions import Actor, permit
from reception.procedure_tables import GATES
from reception.refusal import Refused
from reception.rules import clock, meters
from reception.rules.inspection_states import inspection
from reception.site import site

__all__ = ["KIND", "NAME", "SERIES", "STATES", "details", "rebuild"]

DEVELOPER_LIMIT = 60
REASON_LIMIT = 80


def open_inspection(
    store: Store,
    *,
    nonce: str,
    unit: str,
    name: str = "",
    phone: str = "",
    developer: str = "",
    agreed_at: str = "",
    remark: str = "",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Open the inspection of a home for an agreed time ('': now), with the items of the centre's list.

    The heads of maintenance are told. The same nonce returns the same case. Refuses `inspection_running` (of this home
    one is open), `inspection_developer_missing`, `procedure_unknown` (no list is in use), what `agreed` refuses, and
    what `cases.complainant`, `cases.text` and `nonces` refuse.
    """
    permit(by, "open_inspection")
    content: dict[str, object] = {
        "person": [unit, name, phone],
        "developer": developer,
        "at": agreed_at,
        "remark": remark,
    }
    content |= {"visit": visit_id}

    def make(at: datetime) -> int:
        template = next(iter(procedure_templates.offered(store, serves=KIND)), "")
        procedure_templates.in_use(store, template, serves=KIND)
        person = cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=True)
        assert person.unit is not None
        if running(store, person.unit.id):
            raise Refused("inspection_running")
        built = cases.text(
            developer or site(store).inspection_developer,
            missing="inspection_developer_missing",
            limit=DEVELOPER_LIMIT,
        )
        said, when = cases.text(remark, required=False), agreed(store, agreed_at, at)
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="appointed",
            person=person,
            visit_id=visit_id,
            # Whose work it is: maintenance sees it, and so its heads are told.
            department=repairs.DEPARTMENT,
            by=by,
            at=at,
        )
        store.execute(
            "INSERT INTO inspections (case_id, template, developer, agreed_at, remark) VALUES (?, ?, ?, ?, ?)",
            [case.id, template, built, clock.to_text(when), said],
        )
        checklists.begin(store, case, template, None, anchor=when)
        clocks.moved(store, case.id, KIND, "agree_inspection", by=by, at=at, appointed_at=clock.to_text(when))
        tell_maintenance(store, case, "inspection_agreed", by=by, at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "open_inspection", content, now=now, make=make))


def running(store: Store, unit_id: int) -> str | None:
    """Return the number of the inspection of a home that is open; None for none."""
    found: str | None = store.value(
        "SELECT no FROM cases WHERE unit_id = ? AND kind = 'inspection' AND closed_at IS NULL AND sealed = 0", [unit_id]
    )
    return found


# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=inspection)


def reschedule(store: Store, *, no: str, agreed_at: str, by: Actor, now: datetime) -> Case:
    """Another time is agreed for the first inspection; what is due before it moves. Refuses as `_step`, `agreed`."""

    def change(case: Case, at: datetime) -> dict[str, object]:
        return _agree(store, case, agreed(store, agreed_at, at, or_now=False), by=by, at=at)

    return _step(
        store, "reschedule", no, change, event="reschedule_inspection", permission="arrange_inspection", by=by, now=now
    )


def _agree(store: Store, case: Case, when: datetime, *, by: Actor, at: datetime) -> dict[str, object]:
    store.execute("UPDATE inspections SET agreed_at = ? WHERE case_id = ?", [clock.to_text(when), case.id])
    checklists.move_anchor(store, case.id, when)
    tell_maintenance(store, case, "inspection_agreed", by=by, at=at)
    return {"detail": {"appointed_at": clock.to_text(when)}}


def read(
    store: Store,
    *,
    no: str,
    readings: Mapping[str, str],
    absent: tuple[str, ...] = (),
    reason: str = "",
    confirmed: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Write down what the meters show (by kind, as typed; '' of one that was not read) and which the home has not.

    Only what the owner confirmed on the form (`confirmed` "1"). One that stands below the reading before asks for a
    `reason`. Refuses as `_step`, `inspection_unconfirmed`, `inspection_nothing_read`, `inspection_reading_invalid`,
    `inspection_reading_below`, `inspection_meter_unknown`, texts.
    """

    def change(case: Case, at: datetime) -> None:
        assert case.unit is not None
        if confirmed != "1":
            raise Refused("inspection_unconfirmed")
        why = cases.text(reason, required=False, limit=REASON_LIMIT)
        typed = _typed(readings, absent)
        before = inspection_facts.last_numbers(store, case.unit.id)
        for kind, hundredths in typed.items():
            if hundredths is not None and hundredths < before.get(kind, 0) and not why:
                raise Refused("inspection_reading_below")
            store.execute(
                "INSERT INTO inspection_readings (case_id, unit_id, kind, hundredths, owner_confirmed, reason, at,"
                " by_id) VALUES (?, ?, ?, ?, 1, ?, ?, ?)",
                [case.id, case.unit.id, kind, hundredths, why, clock.to_text(at), by.id],
            )

    return _step(store, "read", no, change, event="read_meters", permission="record_inspection", by=by, now=now)


def _typed(readings: Mapping[str, str], absent: tuple[str, ...]) -> dict[str, int | None]:
    if not set(absent) | set(readings) <= set(meters.KINDS):
        raise Refused("inspection_meter_unknown")
    found: dict[str, int | None] = dict.fromkeys(absent)
    for kind, text in readings.items():
        if not text.strip():
            continue
        if kind in found:
            # Read, and said to be not there.
            raise Refused("inspection_reading_invalid")
        try:
            found[kind] = meters.parse_reading(text)
        except ValueError:
            raise Refused("inspection_reading_invalid") from None
    if not found:
        raise Refused("inspection_nothing_read")
    return {kind: found[kind] for kind in meters.KINDS if kind in found}


def inspect(store: Store, *, no: str, inspector: str, by: Actor, now: datetime) -> Case:
    """It was looked at item by item with the owner, guided by `inspector` (a login of maintenance); where something is
    wrong the developer's time for it begins at once.

    Refuses as `_step`, `inspector_unknown`, `items_missing`, `inspection_meters_missing`.
    """

    def change(case: Case, at: datetime) -> None:
        guide = _inspector(store, inspector)
        checklists.ask(store, case.id, *GATES)
        if details(store, case).unread:
            raise Refused("inspection_meters_missing")
        store.execute(
            "UPDATE inspections SET inspected_at = ?, inspector_id = ? WHERE case_id = ? AND inspected_at IS NULL",
            [clock.to_text(at), guide, case.id],
        )
        tellings.seen_by_all(store, case.id, by=by, at=at)

    with writing(store):
        case = _step(store, "inspect", no, change, event="inspect_home", permission="record_inspection", by=by, now=now)
        if details(store, case).open_defects:
            cases.move(store, case, "rectifying", "rectify", by=by, at=events.moment(store, now))
        return cases.whole(store, case.id)


def inspectors(store: Store) -> list[tuple[str, str]]:
    """Return who may guide an owner through his home, as (login, name)."""
    return staff.active(store, MAINTENANCE, repairs.DEPARTMENT)


def _inspector(store: Store, login: str) -> int:
    if login not in dict(inspectors(store)):
        raise Refused("inspector_unknown")
    found: int = store.value("SELECT id FROM staff WHERE login = ?", [login])
    return found


def pass_check(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Every defect is done and checked (复检合格): the owner can be asked for the second acceptance.

    Refuses as `_step`, `inspection_defects_open`.
    """

    def change(case: Case, at: datetime) -> None:
        if details(store, case).open_defects:
            raise Refused("inspection_defects_open")
        tellings.tell(store, case.id, case.owner_id, "inspection_passed", by=by, at=at)

    return _step(store, "pass", no, change, event="pass_inspection", permission="pass_inspection", by=by, now=now)


def reappoint(store: Store, *, no: str, agreed_at: str, channel: str, by: Actor, now: datetime) -> Case:
    """The second acceptance is agreed with the owner, who was told by this way; maintenance is told to come along.

    Refuses as `_step`, what `agreed` refuses, `channel_unknown`, `inspection_defects_open`.
    """

    def change(case: Case, at: datetime) -> dict[str, object]:
        when = agreed(store, agreed_at, at, or_now=False)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        if details(store, case).open_defects:
            raise Refused("inspection_defects_open")
        local = when.astimezone(site(store).zone)
        text = f"整改已复检合格，约定 {local:%Y-%m-%d %H:%M} 再次验收"
        feedback.tell(store, case, about="progress", channel=channel, text=text, by=by, at=at)
        return _agree(store, case, when, by=by, at=at)

    return _step(
        store, "reappoint", no, change, event="reappoint_inspection", permission="arrange_inspection", by=by, now=now
    )
