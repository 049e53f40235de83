"""Visits (来访登记): somebody arrives, a number is taken, a ticket is queued for printing, in one transaction."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.store import Store
from reception import (
    consents,
    estate,
    events,
    home_guesses,
    nonces,
    opening,
    papers,
    privacy_notices,
    sequences,
    spooling,
    standing,
    tickets,
    visit_matters,
)
from reception.lines import Line, find_line, guest_line
from reception.permissions import Actor, Role, may, permit
from reception.refusal import Refused
from reception.rules import clock, id_numbers, numbers, people
from reception.site import Site, site
from reception.standing import Place
from reception.tickets import Ticket

NAME_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a visitor tells of himself; every part may be empty, for the number comes first."""

    name: str = ""
    phone: str = ""
    unit: estate.Unit | None = None
    priority: bool = False
    # Home and telephone, both typed, are those of one resident.
    recognised: bool = False

    @property
    def personal(self) -> bool:
        """True when anything here is data of a person."""
        return bool(self.name or self.phone or self.unit)


def particulars(
    store: Store, *, name: str = "", phone: str = "", unit: str = "", priority: str = "", by: Actor
) -> Particulars:
    """Return what was typed, checked and in its normal form.

    A phone of four digits counts only with a unit whose resident it recognises (`home_guesses`).
    Refuses `text_too_long`, `text_invalid`, `id_number`, `phone_invalid`, `phone_unrecognised`, `unit_invalid`,
    `unit_unknown`, `flag_invalid`.
    """
    try:
        clean_name = id_numbers.free_of(people.clean_text(name, limit=NAME_LIMIT))
        flag = people.parse_flag(priority)
        tail = phone.strip()
        is_tail = len(tail) == 4 and tail.isascii() and tail.isdigit()
        clean_phone = tail if is_tail or not tail else people.clean_phone(phone)
    except ValueError as error:
        raise Refused(str(error)) from None
    home = estate.find_unit(store, unit.strip()) if unit.strip() else None
    # Whoever may look nobody up gives the whole telephone, and is told nothing by it.
    looks = is_tail or may(by, "recognise_resident")
    resident = home_guesses.recognise(store, home, clean_phone, by=by) if home and clean_phone and looks else None
    if is_tail and resident is None:
        if home is not None:
            raise home_guesses.Unrecognised(home, clean_phone)
        raise Refused("phone_unrecognised")
    if resident is not None:
        clean_name, clean_phone = clean_name or resident.name, resident.phone
    return Particulars(clean_name, clean_phone, home, flag, resident is not None)


def check_in(
    store: Store,
    *,
    line: str,
    nonce: str,
    name: str = "",
    phone: str = "",
    unit: str = "",
    priority: str = "",
    matters: Sequence[str] = (),
    host: str = "",
    due_at: datetime | None = None,
    guest: bool = False,
    by: Actor,
    now: datetime,
) -> Ticket:
    """Register a visit, issue its ticket, queue its paper and write its event, all together.

    `matters` are codes of purposes of the line, or numbers of open repairs of the visitor's own home, which he asks
    after; `host` is the department that he came to see; `due_at` the time of an appointment that is checked in by it:
    he is called by that time (`rules.order`); `guest`: he is received on the visit day, and no line is asked for.

    The same nonce returns the same ticket. Refuses what `particulars` and `visit_matters.keep` refuse, `line_unknown`,
    `closed_now` (at the kiosk), `nonce_missing`, `nonce_invalid`, `nonce_reused`, `not_permitted`.
    """
    permit(by, "check_in")
    content: dict[str, Any] = {"line": line, "name": name, "phone": phone, "unit": unit, "priority": priority}
    content |= ({"matters": list(matters)} if matters else {}) | ({"host": host} if host else {})
    content |= ({"due_at": clock.to_text(due_at)} if due_at else {}) | ({"guest": True} if guest else {})

    def make(at: datetime) -> int:
        business, centre = guest_line(store) if guest else find_line(store, line), site(store)
        person = particulars(store, name=name, phone=phone, unit=unit, priority=priority, by=by)
        # At the desk a person decides; the kiosk keeps to the hours, and who was given a time keeps to that.
        if by.role is Role.KIOSK and not guest and not opening.opening(store, now=at).takes_tickets:
            raise Refused("closed_now")
        # Nobody is overtaken by whoever comes last: his place needs no look at the whole queue.
        behind = standing.newcomer(store, business.code, now=at)
        visit_id = _register(store, business, person, by=by, at=at)
        visit_matters.keep(store, visit_id, business, person.unit, matters, host)
        ticket = _issue(store, business, visit_id, centre, priority=person.priority, due_at=due_at, at=at)
        place = standing.place(store, ticket, now=at) if person.priority or due_at else behind
        events.record(store, "check_in", "ticket", ticket.id, by=by, at=at, to_state="waiting", line=business.code)
        spooling.enqueue(
            store,
            centre,
            ticket_paper(store, ticket, centre, place),
            ref=tickets.ref(ticket.id),
            at=at,
            now=now,
            printer=None if by.role is Role.KIOSK else spooling.desk_printer(store),
            # After that it would come out into the hands of a later visitor (printing.md, The spool).
            stale_after=timedelta(minutes=centre.ticket_stale_minutes),
        )
        store.touch("queue")
        return ticket.id

    return tickets.by_id(store, nonces.once(store, nonce, "check_in", content, now=now, make=make))


def _register(store: Store, line: Line, person: Particulars, *, by: Actor, at: datetime) -> int:
    visit_id = store.insert(
        "INSERT INTO visits (channel, purpose, name, phone, unit_id, priority, notice_version, arrived_at, phone_by,"
        " recognised) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            "kiosk" if by.role is Role.KIOSK else "desk",
            line.code,
            person.name or None,
            person.phone or None,
            person.unit.id if person.unit else None,
            person.priority,
            privacy_notices.label(store) if person.personal else None,
            clock.to_text(at),
            by.id if person.phone else None,
            person.recognised,
        ],
    )
    if person.personal:
        consents.keep(store, "visits", visit_id, by=by, at=at)
    return visit_id


def _issue(
    store: Store, line: Line, visit_id: int, centre: Site, *, priority: bool, due_at: datetime | None, at: datetime
) -> Ticket:
    day = clock.local_day(at, centre.zone).isoformat()
    number = sequences.take(store, series(line, day))
    due = clock.to_text(due_at) if due_at else None
    ticket_id = add_ticket(
        store, line, visit_id, day, number, issued_at=clock.to_text(at), priority=priority, due_at=due
    )
    return tickets.by_id(store, ticket_id)


def series(line: Line, day: str) -> str:
    """Return the name of the series that a line's numbers of one day (ISO) are taken from."""
    return f"ticket:{line.prefix}:{day}"


def add_ticket(
    store: Store,
    line: Line,
    visit_id: int,
    day: str,
    number: int,
    *,
    issued_at: str,
    ended_at: str | None = None,
    priority: bool = False,
    due_at: str | None = None,
) -> int:
    """Write a ticket with a number that is its line's to give, ranked by its time of issue; return its id.

    With `ended_at` it is completed already; else it waits.
    """
    return store.insert(
        "INSERT INTO tickets (visit_id, token, day_on, prefix, number, no, line, state, issued_at, rank_at, ended_at,"
        " priority, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            visit_id,
            numbers.new_token(secrets.token_bytes(16)),
            day,
            line.prefix,
            number,
            numbers.ticket_no(line.prefix, number),
            line.code,
            "completed" if ended_at else "waiting",
            issued_at,
            issued_at,
            ended_at,
            priority,
            due_at,
        ],
    )


def ticket_paper(store: Store, ticket: Ticket, centre: Site, place: Place) -> papers.Ticket:
    """Return the facts of a ticket's paper, from the records and from where the ticket stands now."""
    low, high = place.wait or (None, None)
    return papers.Ticket(
        **spooling.coded(centre, ticket.token, clock.from_text(ticket.issued_at)),
        no=ticket.no,
        line=ticket.line_name,
        # Whoever has an earlier time may come after him: a guest reads his place on the wall and on his phone.
        ahead=place.ahead if ticket.state == "waiting" and not ticket.session else None,
        wait_low=low,
        wait_high=high,
    )


@dataclass(frozen=True, slots=True)
class Visitor:
    """The visitor's record, whole: only for the counter that serves the ticket."""

    visit_id: int
    name: str
    phone: str
    unit: estate.Unit | None
    priority: bool


def visitor(store: Store, ticket: Ticket, *, by: Actor) -> Visitor:
    """Return the record of the visitor, whole, to whoever called the ticket; the call is the audit line.

    Refuses `not_serving` to everyone else.
    """
    permit(by, "call_next")
    if ticket.state not in {"called", "serving"} or ticket.served_by != by.id:
        raise Refused("not_serving")
    return _visitor(store, ticket.visit_id)


def _visitor(store: Store, visit_id: int) -> Visitor:
    row = store.row("SELECT * FROM visits WHERE id = ?", [visit_id])
    assert row is not None
    unit = estate.unit_by_id(store, row["unit_id"])
    return Visitor(row["id"], row["name"] or "", row["phone"] or "", unit, bool(row["priority"]))


def briefs(store: Store, visit_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Return (masked by the caller's template door) name and unit of visits, for the desk's queue."""
    if not visit_ids:
        return {}
    marks = ",".join("?" * len(visit_ids))
    return {
        row["id"]: dict(row)
        for row in store.rows(
            "SELECT visits.id, visits.name, visits.priority, units.building, units.unit, units.room"  # noqa: S608
            f" FROM visits LEFT JOIN units ON units.id = visits.unit_id WHERE visits.id IN ({marks})",
            visit_ids,
        )
    }


def remember(store: Store, visit_id: int, person: Particulars, *, by: Actor, at: datetime) -> None:
    """Complete a visit's record with what the visitor said at the desk; what is known is not emptied.

    The desk asks under the same notice as the kiosk, and its version is kept with the visit. Who typed another
    telephone is kept too: it opens no other matters to him (`serving`); a home alone, typed later, opens none either.
    Another person altogether, for whom the visitor speaks, stands in that matter alone: what the visitor agreed to
    stays his own.
    """
    written = store.changed(
        "UPDATE visits SET phone_by = iif(:phone <> coalesce(phone, ''), :by, phone_by),"
        " recognised = iif(:phone <> coalesce(phone, ''), :recognised, recognised), name = coalesce(:name, name),"
        " phone = coalesce(:phone, phone), unit_id = coalesce(:unit, unit_id),"
        " notice_version = coalesce(notice_version, :notice) WHERE id = :visit"
        # What is not said is no other's.
        " AND NOT (coalesce(:name, '') <> '' AND coalesce(:phone, '') <> '' AND coalesce(name, '') NOT IN ('', :name)"
        " AND coalesce(phone, '') NOT IN ('', :phone))",
        {
            "by": by.id,
            "recognised": person.recognised,
            "name": person.name or None,
            "phone": person.phone or None,
            "unit": person.unit.id if person.unit else None,
            "notice": privacy_notices.label(store) if person.personal else None,
            "visit": visit_id,
        },
    )
    if written and person.personal:
        consents.keep(store, "visits", visit_id, by=by, at=at)


def ticket_no_of(store: Store, visit_id: int | None) -> str:
    """Return the number of a visit's ticket, or '' without one."""
    return store.value("SELECT no FROM tickets WHERE visit_id = ?", [visit_id]) or ""
