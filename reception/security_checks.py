"""安全检查 (SYS-48): an optional step before a number is taken at the desk, by a list of points; passed or refused.

Of a refusal nothing is kept but the point of the list: no word about the visitor, no word of what was found.
"""

from collections.abc import Sequence
from datetime import datetime

from db.store import Store, writing
from reception import absence, events, nonces, rings, tickets, visits
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

OK, REFUSED = "ok", "refused"


def wanted(store: Store) -> bool:
    """Whether this centre checks visitors before they take a number at the desk."""
    return site(store).security_check


def points(store: Store) -> dict[str, Words]:
    """Return what is looked at: code -> words, in order."""
    rows = store.rows(
        "SELECT code, name, name_en FROM security_items WHERE active = 1 ORDER BY position, code LIMIT 50"
    )
    return {row["code"]: Words(row["name"], row["name_en"]) for row in rows}


def issue(store: Store, *, line: str, nonce: str, seen: Sequence[str] = (), by: Actor, now: datetime) -> Ticket:
    """Take a number for a visitor at the desk (代客取号); where the centre checks, once every point was `seen`.

    Refuses `security_unseen`, and as `visits.check_in`.
    """
    permit(by, "check_in")
    with writing(store):
        listed = points(store) if wanted(store) else {}
        if listed.keys() - set(seen):
            raise Refused("security_unseen")
        ticket = visits.check_in(store, line=line, nonce=nonce, by=by, now=now)
        at = events.moment(store, now)
        # The same form twice is the same ticket, checked once.
        new = listed and store.changed(
            "INSERT INTO security_checks (visit_id, result, at, by_id) VALUES (?, 'ok', ?, ?)"
            " ON CONFLICT (visit_id) DO NOTHING",
            [ticket.visit_id, clock.to_text(at), by.id],
        )
        if new:
            seen_to = list(listed)
            events.record(store, "check_security", "visit", ticket.visit_id, by=by, at=at, to_state=OK, points=seen_to)
        return ticket


def refuse(store: Store, *, nonce: str, item: str, ticket: str = "", by: Actor, now: datetime) -> int:
    """A point was not passed: security is called at every desk, no number is taken, and one that he holds ends.

    The same nonce calls once. Return the check's id. Refuses `security_off`, `security_item_unknown`; of the number
    `ticket_unknown`, `guest_of_session`, and `not_waiting` once he is at a counter, or done.
    """
    permit(by, "check_security")

    def make(at: datetime) -> int:
        if not wanted(store):
            raise Refused("security_off")
        if item not in points(store):
            raise Refused("security_item_unknown")
        visit_id = _end(store, ticket.strip(), by=by, now=now, at=at) if ticket.strip() else None
        check_id = store.insert(
            "INSERT INTO security_checks (visit_id, result, item, at, by_id) VALUES (?, 'refused', ?, ?, ?)"
            " ON CONFLICT (visit_id) DO UPDATE SET result = 'refused', item = excluded.item, at = excluded.at,"
            " by_id = excluded.by_id",
            [visit_id, item, clock.to_text(at), by.id],
        )
        events.record(store, "check_security", "visit", visit_id or 0, by=by, at=at, to_state=REFUSED, point=item)
        rings.begin(store, rings.SECURITY, None, by=by, at=at)
        return check_id

    return nonces.once(store, nonce, "refuse_security", {"item": item, "ticket": ticket}, now=now, make=make)


def _end(store: Store, ticket_no: str, *, by: Actor, now: datetime, at: datetime) -> int:
    """End the number of somebody who was not let through, inside the act; return his visit."""
    found = tickets.of_today(store, ticket_no, by=by, now=at, zone=site(store).zone)
    if found is None:
        raise Refused("ticket_unknown")
    if found.session:
        raise Refused("guest_of_session")
    if found.state not in absence.NOT_AT_A_COUNTER:
        raise Refused("not_waiting")
    return absence.give_back(store, found, by=by, now=now).visit_id


def passed_at(store: Store, visit_id: int) -> str:
    """Return when a visitor was checked and let through (UTC text); '' where he was not checked."""
    return store.value("SELECT at FROM security_checks WHERE visit_id = ? AND result = 'ok'", [visit_id]) or ""
