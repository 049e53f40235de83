"""参观接待 (SYS-43): a tour is registered and its departments told; agreed anew, approved, called off."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from db.store import Store
from reception import (
    case_steps,
    cases,
    checklists,
    feedback,
    nonces,
    procedure_templates,
    rooms,
    tellings,
    tour_facts,
    tour_tellings,
    tour_typed,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.procedure_tables import CHECK, START
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.tour_states import tour
from reception.site import site
from reception.tour_facts import KIND, LEVELS, SERIES, TEMPLATE, WAYS
from reception.tour_typed import Typed

# RUL-42 names four.
SAFETY_CHECKS: Final = 4
# Refuses `case_unknown`, `step_not_now`, `changed_meanwhile`.
_step = partial(case_steps.step, kind=KIND, life=tour)


def register(
    store: Store,
    *,
    nonce: str,
    organisation: str,
    name: str,
    phone: str,
    level: str,
    way: str,
    day: str,
    from_: str,
    to: str,
    people: str,
    places: str,
    plates: str = "",
    guests: str = "",
    needs: str = "",
    letter: str = "",
    room: str = "",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Register a tour with the tasks of its level, book it a room where one is named, and tell its departments.

    `name` and `phone` are of the contact; `level` is 1 to 4, `way` of `WAYS`. Outside the opening hours the manager is
    asked. The same nonce returns the same case. Refuses `organisation_missing`, `tour_level_unknown`,
    `tour_way_unknown`, `tour_checks_missing` (the lists of the centre lack the four safety checks), and what
    `tour_typed.read`, `cases.complainant`, `rooms.book` and `nonces` refuse.
    """
    permit(by, "register_tour")
    said = {"day": day, "from_": from_, "to": to, "people": people, "plates": plates, "guests": guests}
    said |= {"places": places, "needs": needs, "letter": letter}
    who = {"organisation": organisation, "name": name, "phone": phone, "level": level, "way": way, "room": room}

    def make(at: datetime) -> int:
        person = cases.complainant(store, name=name, phone=phone, unit="", by=by, unit_required=False)
        body = cases.text(organisation, missing="organisation_missing", limit=cases.SHORT_LIMIT)
        variant = _variant(store, level)
        if way not in WAYS:
            raise Refused("tour_way_unknown")
        typed = tour_typed.read(store, said, at)
        case = cases.open_case(
            store, kind=KIND, series=SERIES, state="received", person=person, visit_id=visit_id,
            department=by.department, by=by, at=at, category=level,
        )  # fmt: skip
        row = {"case_id": case.id, "organisation": body, "level": int(level), "booked": int(way == "booked")}
        _insert(store, row | typed.columns)
        checklists.begin(store, case, TEMPLATE, variant, anchor=typed.starts, ends=typed.ends, at_once=way == "ad_hoc")
        if room:
            _book(store, case, room, typed, nonce=f"{nonce}.room", by=by, at=at)
        tour_tellings.departments(store, case, "tour_told", by=by, at=at)
        if typed.columns["outside"]:
            tour_tellings.manager(store, case, by=by, at=at)
        return case.id

    content = said | who | {"visit": visit_id}
    return cases.whole(store, nonces.once(store, nonce, "register_tour", content, now=now, make=make))


def _variant(store: Store, level: str) -> str:
    """Return the variant of a level whose list has the safety checks. Refuses `tour_level_unknown`,
    `tour_checks_missing`."""
    variant = f"{TEMPLATE}-{level}"
    known = procedure_templates.offered(store, serves=KIND)
    if level not in {str(one) for one in LEVELS} or TEMPLATE not in known:
        raise Refused("tour_level_unknown")
    if variant not in procedure_templates.variants(store, TEMPLATE):
        raise Refused("tour_level_unknown")
    found = procedure_templates.items(store, TEMPLATE, variant)
    if sum(item.gate == CHECK and item.required for item in found) < SAFETY_CHECKS:
        raise Refused("tour_checks_missing")
    return variant


def _insert(store: Store, row: dict[str, Any]) -> None:
    store.execute(
        f"INSERT INTO tours ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})",  # noqa: S608
        row,
    )


def _book(store: Store, case: Case, room: str, typed: Typed, *, nonce: str, by: Actor, at: datetime) -> None:
    """Book a room for the whole quarters that a tour touches. Refuses what `rooms.book` refuses."""
    zone = site(store).zone
    first, last = (one.astimezone(zone) for one in (typed.starts, typed.ends))
    begin = first.hour * 60 + first.minute // 15 * 15
    end = min(last.hour * 60 + -(-last.minute // 15) * 15, 24 * 60)
    held = rooms.book(
        store, nonce=nonce, room=room, day=f"{first:%Y-%m-%d}", from_=f"{begin // 60:02d}:{begin % 60:02d}",
        to=f"{end // 60:02d}:{end % 60:02d}", purpose=f"参观接待 {case.no}", by=by, now=at,
    )  # fmt: skip
    store.execute("UPDATE tours SET room_booking_id = ? WHERE case_id = ?", [held.id, case.id])


def change(
    store: Store,
    *,
    nonce: str,
    no: str,
    was: str,
    day: str,
    from_: str,
    to: str,
    people: str,
    places: str,
    plates: str = "",
    guests: str = "",
    needs: str = "",
    letter: str = "",
    room: str | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """It was agreed anew, before it began; the departments are told again. `was` is what the form showed (`stamp`).

    `room` None is the one it has, '' is none. Another time moves the tasks and the room with it; what was prepared
    stays, what was checked is checked anew, and the manager is asked anew where that time is outside the opening hours.
    Refuses as `_step`, `nothing_changed`, and as `register`.
    """
    permit(by, "see_to_tour")
    said = {"day": day, "from_": from_, "to": to, "people": people, "plates": plates, "guests": guests}
    said |= {"places": places, "needs": needs, "letter": letter}

    def make(at: datetime) -> int:
        case = cases.find(store, no, by=by)
        before = _kept(store, case)
        if before is None or not tour.allowed("change", case.state):
            raise Refused("step_not_now")
        if stamp(store, case) != was:
            raise Refused("changed_meanwhile")
        typed = tour_typed.read(store, said, at)
        moved = any(before[name] != typed.columns[name] for name in ("starts_at", "ends_at"))
        if not moved:
            # The manager's word is on this time as it was agreed, whatever became of the opening hours since.
            typed.columns["outside"] = before["outside"]
        held = tour_facts.room_of(store, case.id)
        had = rooms.find(store, held, by=by).room if held is not None else ""
        wanted = had if room is None else room
        if wanted == had and all(before[name] == value for name, value in typed.columns.items()):
            raise Refused("nothing_changed")
        _update(store, case, typed, moved)
        if moved:
            checklists.move_anchor(store, case.id, typed.starts, ends=typed.ends, anew=(CHECK, START))
        if moved or wanted != had:
            if held is not None:
                rooms.let_go(store, held, f"{case.no} {'改了时间' if moved else '换了会议室'}", by=by, at=at)
                store.execute("UPDATE tours SET room_booking_id = NULL WHERE case_id = ?", [case.id])
            if wanted:
                _book(store, case, wanted, typed, nonce=f"{nonce}.room", by=by, at=at)
        state = "received" if moved else case.state
        cases.move(store, case, state, "move_tour" if moved else "change_tour", by=by, at=at)
        tour_tellings.departments(store, case, "tour_changed", by=by, at=at)
        if moved and typed.columns["outside"]:
            tour_tellings.manager(store, case, by=by, at=at)
        return case.id

    content = said | {"no": no, "was": was, "room": room}
    return cases.whole(store, nonces.once(store, nonce, "change_tour", content, now=now, make=make))


def stamp(store: Store, case: Case) -> str:
    """Return what a form that changes a tour believes of it: no press undoes what somebody else changed meanwhile."""
    last = store.value("SELECT max(id) FROM events WHERE subject = 'case' AND subject_id = ? AND what IN"
                       " ('open_tour', 'change_tour', 'move_tour')", [case.id])  # fmt: skip
    return f"{case.state} {last}"


def _kept(store: Store, case: Case) -> dict[str, Any] | None:
    row = store.row("SELECT * FROM tours WHERE case_id = ?", [case.id])
    return dict(row) if row is not None else None


def _update(store: Store, case: Case, typed: Typed, moved: bool) -> None:
    """Write what was agreed anew; what the manager approved was the time before."""
    columns = typed.columns | ({"approved_at": None, "approved_by": None, "approval": ""} if moved else {})
    store.execute(
        f"UPDATE tours SET {', '.join(f'{name} = :{name}' for name in columns)} WHERE case_id = :case",  # noqa: S608
        {**columns, "case": case.id},
    )


def approve(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """The manager approves its time outside the opening hours, and says why (RUL-32); whoever holds it is told.

    Refuses as `_step`, `tour_needs_no_approval` (also: it is approved), `reason_missing`, texts.
    """

    def change(case: Case, at: datetime) -> None:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        if not store.changed(
            "UPDATE tours SET approved_at = ?, approved_by = ?, approval = ?"
            " WHERE case_id = ? AND outside = 1 AND approved_by IS NULL",
            [clock.to_text(at), by.id, why, case.id],
        ):
            raise Refused("tour_needs_no_approval")
        assert by.id is not None
        tellings.seen(store, case.id, by.id, by=by, at=at)
        tellings.tell(store, case.id, case.owner_id, "tour_approved", by=by, at=at)

    return _step(store, "approve", no, change, event="approve_tour", permission="approve_tour", by=by, now=now)


def cancel(store: Store, *, no: str, reason: str, channel: str, by: Actor, now: datetime) -> Case:
    """It is called off before it began: its room is free, the departments are told, and so was the contact by this way.

    Refuses as `_step`, `reason_missing`, `channel_unknown`, texts.
    """

    def change(case: Case, at: datetime) -> None:
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        store.execute("UPDATE tours SET reason = ? WHERE case_id = ?", [why, case.id])
        held = tour_facts.room_of(store, case.id)
        if held is not None:
            rooms.let_go(store, held, f"{case.no} 已取消", by=by, at=at)
        feedback.tell(store, case, about="result", channel=channel, text=f"参观接待已取消：{why}", by=by, at=at)
        tour_tellings.departments(store, case, "tour_cancelled", by=by, at=at)

    return _step(store, "cancel", no, change, event="cancel_tour", permission="see_to_tour", by=by, now=now)
