"""An incident begins: by the silent key at a counter, or as an arrival that goes past the queue; somebody receives it.

Nothing of it is said aloud, rings, prints or stands on a screen of others (`incident_facts`).
"""

from datetime import datetime, timedelta
from typing import Any

from db.store import Store, writing
from reception import absence, cases, events, incident_facts, incident_lists, lines, nonces, seals, sequences, tickets
from reception.cases import Case
from reception.incident_facts import ARRIVALS, CLASS_OF, DEPARTMENT, KIND, SERIES, SITES, find
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.incident_states import allowed
from reception.site import site
from reception.visits import Particulars

# A second press within so long, of the same counter and visitor, is the same incident.
SAME_WITHIN = timedelta(minutes=10)
# Why a ticket is set aside while its visitor is led away: a reason that tells the others nothing.
PARKED_AS = "specialist"


def press(store: Store, *, nonce: str, counter: str | None, in_room: bool = False, by: Actor, now: datetime) -> Case:
    """Raise an incident at once, of this counter and whoever stands there; its class is chosen later.

    `in_room`: of the room where the visit day is held, and of the guest who is in it.

    A second press of the same within ten minutes is the same incident, so is the same nonce. Refuses `not_permitted`,
    and what `nonces` refuses.
    """
    permit(by, "raise_incident")

    def make(at: datetime) -> int:
        room = lines.session_room(store) if in_room else None
        at_desk = None if room else counter
        there = tickets.at_counter(store, room.no if room else counter or "")
        ticket = there if there is not None and there.open_to(by) else None
        joined = _same(store, at_desk, ticket.id if ticket else None, by=by, at=at)
        if joined is not None:
            return joined
        where = "company" if site(store).incidents_at_company else "office"
        told = {"counter": at_desk, "ticket_id": ticket.id if ticket else None} | (
            {"place": room.name.zh} if room else {}
        )
        return _open(store, where, "", by=by, at=at, **told).id

    content = {"counter": counter} | ({"room": True} if in_room else {})
    return cases.whole(store, nonces.once(store, nonce, "press_incident", content, now=now, make=make))


def register(
    store: Store,
    *,
    nonce: str,
    where: str,
    arrival: str,
    organisation: str = "",
    headcount: str = "",
    composition: str = "",
    purpose: str = "",
    eta: str = "",
    place: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Register an arrival that goes past the queue (SYS-49), or one that was told of ahead (`eta`).

    Refuses `not_permitted`, `choice_unknown` (site, arrival), `headcount_invalid`, `time_invalid`, texts, `nonces`.
    """
    permit(by, "raise_incident")
    said = {
        "organisation": organisation,
        "headcount": headcount,
        "composition": composition,
        "purpose": purpose,
        "eta": eta,
        "place": place,
    }

    def make(at: datetime) -> int:
        cases.choice(where, SITES, code="choice_unknown")
        cases.choice(arrival, ARRIVALS, code="choice_unknown")
        told = checked(store, said, at)
        return _open(store, where, CLASS_OF[arrival], by=by, at=at, arrival=arrival, **told).id

    content = {"site": where, "arrival": arrival, **said}
    return cases.whole(store, nonces.once(store, nonce, "register_incident", content, now=now, make=make))


def checked(store: Store, said: dict[str, str], at: datetime) -> dict[str, Any]:
    """Return what was typed of the record, each in its form. Refuses `headcount_invalid`, `time_invalid`, texts."""
    long = {"facts", "actions", "result", "measures"}
    found: dict[str, Any] = {}
    for name, typed in said.items():
        if name == "headcount":
            clean = typed.strip()
            if clean and not (clean.isascii() and clean.isdigit() and len(clean) < 4 and int(clean)):
                raise Refused("headcount_invalid")
            found[name] = int(clean) if clean else None
        elif name == "eta":
            try:
                when = local_times.parse(typed, zone=site(store).zone, now=at) if typed.strip() else None
            except ValueError:
                raise Refused("time_invalid") from None
            found[name] = clock.to_text(when) if when else None
        elif name == "media":
            if typed not in {"", "0", "1"}:
                raise Refused("choice_unknown")
            found[name] = int(typed) if typed else None
        else:
            limit = cases.TEXT_LIMIT if name in long else cases.SHORT_LIMIT
            found[name] = cases.text(typed, required=False, limit=limit)
    return found


def _same(store: Store, counter: str | None, ticket_id: int | None, *, by: Actor, at: datetime) -> int | None:
    """Return what this person raised here of the same visitor a moment ago and what still goes on."""
    found: int | None = store.value(
        "SELECT cases.id FROM cases INDEXED BY cases_open JOIN incidents ON incidents.case_id = cases.id"  # noqa: S608
        " WHERE kind = ? AND closed_at IS NULL AND state IN ('open', 'contained') AND owner_id = ? AND arrival = ''"
        f" AND counter IS ? AND ticket_id IS ? AND received_at >= ? AND {seals.apart_to(by)} ORDER BY cases.id DESC",
        [KIND, by.id, counter, ticket_id, clock.to_text(at - SAME_WITHIN)],
    )
    return found


def _open(store: Store, where: str, letter: str, *, by: Actor, at: datetime, **told: Any) -> Case:
    case = cases.open_case(
        store,
        kind=KIND,
        series=SERIES,
        state="open",
        person=Particulars(),
        visit_id=None,
        department=DEPARTMENT,
        no=sequences.drawn_no(store, SERIES, at),
        sealed=1,
        by=by,
        at=at,
    )
    values = {"case_id": case.id, "site": where, "class": letter or None, **told}
    store.execute(
        f"INSERT INTO incidents ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608
        list(values.values()),
    )
    assert by.id is not None
    let_in(store, case.id, [by.id])
    tell_screens(store, case, where, letter, ("at_once",), by=by, at=at)
    return case


def let_in(store: Store, case_id: int, people: list[int]) -> None:
    """Let members of staff read it, inside an act."""
    for one in people:
        store.execute("INSERT OR IGNORE INTO case_readers (case_id, staff_id) VALUES (?, ?)", [case_id, one])


def tell_screens(
    store: Store, case: Case, where: str, letter: str, moments: tuple[str, ...], *, by: Actor, at: datetime
) -> None:
    """Let those in who are on the list at these moments and work at a desk: it stands on their screens at once."""
    people = incident_lists.on_screens(store, where, letter, moments)
    let_in(store, case.id, people)
    store.touch("cases")


def acknowledge(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """Say that one saw it; whoever says so first receives the visitor. Said twice it is said once.

    Whoever raised it stands before the visitor already, and waits for whoever comes. Refuses `case_unknown`,
    `step_not_now`.
    """
    permit(by, "acknowledge_incident")
    with writing(store):
        case = find(store, no, by=by)
        if not allowed("acknowledge_incident", case.state):
            raise Refused("step_not_now")
        at = events.moment(store, now)
        row = [case.id, by.id, clock.to_text(at)]
        if not store.changed("INSERT OR IGNORE INTO incident_seen (case_id, staff_id, at) VALUES (?, ?, ?)", row):
            return case
        first = case.owner_id != by.id and store.changed(
            "UPDATE incidents SET receiver_id = ?, receiver_at = ? WHERE case_id = ? AND receiver_id IS NULL",
            [by.id, clock.to_text(at), case.id],
        )
        store.execute(
            "INSERT INTO incident_notices (case_id, title, title_en, name, channel, reached, at, by_id)"
            " VALUES (?, '', '', ?, 'screen', 1, ?, ?)",
            [case.id, by.name, clock.to_text(at), by.id],
        )
        events.record(store, "acknowledge_incident", "case", case.id, by=by, at=at, receives=int(bool(first)))
        store.touch("cases")
        return case


def lead_away(store: Store, *, no: str, place: str, by: Actor, now: datetime) -> Case:
    """Lead the visitor to a room: his ticket leaves the queue for a reason that tells nothing, the counter is free.

    Refuses `case_unknown`, `step_not_now`, `place_missing`, texts, and what `absence.park` refuses.
    """
    permit(by, "work_on_incident")
    with writing(store):
        case = find(store, no, by=by)
        if not allowed("lead_away", case.state):
            raise Refused("step_not_now")
        at = events.moment(store, now)
        where = cases.text(place, missing="place_missing", limit=cases.SHORT_LIMIT)
        ticket_id = store.value("SELECT ticket_id FROM incidents WHERE case_id = ?", [case.id])
        ticket = tickets.by_id(store, ticket_id) if ticket_id else None
        # Who is in the room of the visit day stays its guest: how his talk ends is written there.
        if ticket is not None and not ticket.session and ticket.state in {"called", "serving"}:
            absence.park(store, counter=ticket.counter or "", holding=ticket.no, reason=PARKED_AS, by=by, now=at)
        store.execute("UPDATE incidents SET place = ? WHERE case_id = ?", [where, case.id])
        events.record(store, "lead_away", "case", case.id, by=by, at=at)
        store.touch("cases")
        return incident_facts.find(store, no, by=by)
