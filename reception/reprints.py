"""Papers in the hands of staff: 补打, void, another printer, and the word on a paper that nobody is sure of."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from db import paper_care, printers
from db.paper_care import Entry
from db.store import Store, writing
from reception import (
    cases,
    events,
    fault_ends,
    nonces,
    order_papers,
    order_parts,
    paper_names,
    reveals,
    sealed_papers,
    spooling,
    standing,
    supervision_papers,
    tickets,
    visits,
)
from reception.kinds import KINDS
from reception.papers import Paper, SupervisionSlip, WorkOrder
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.numbers import whole
from reception.site import site

LIST = 100
OVER = frozenset({"completed", "cancelled", "expired"})
WORK_ORDER, SUPERVISION_SLIP = WorkOrder.KIND, SupervisionSlip.KIND


def find(store: Store, job_id: str, *, by: Actor) -> Entry:
    """Return a paper of the spool by its job id as typed. Refuses `paper_unknown`, also for what is sealed from him."""
    known = whole(job_id)
    entry = None if known is None else paper_care.find(store, known)
    if entry is None or not sealed_papers.is_open(store, entry.ref, by=by):
        raise Refused("paper_unknown")
    return entry


def reprintable(store: Store, entries: Iterable[Entry]) -> set[int]:
    """Return the ids of those papers that may be printed again: all that are about something, but for the slips of an
    order that is over."""
    return {
        entry.id
        for entry in entries
        if entry.ref.partition(":")[0] in {"case", "ticket", "fault", "supervision"}
        and not (entry.kind == SUPERVISION_SLIP and supervision_papers.is_over(store, entry.part))
        and not (entry.kind == WORK_ORDER and order_papers.is_over(store, order_parts.of_part(entry.part).order_no))
    }


def reprint(store: Store, *, job_id: str, nonce: str, printer: str = "", by: Actor, now: datetime) -> int:
    """Print a paper again, rebuilt from the records and marked 补打 n; return the new job's id.

    What waited for staff becomes void and what was in doubt is settled by it, so nothing comes out unmarked
    afterwards. It goes to `printer`, else to the desk's, else to where its kind goes; the slip of a supervision of what
    is sealed keeps to the printer behind the desk. The same nonce prints once. Where it names somebody whole whom this
    member of staff neither holds nor serves, it stands with the looks (`reveals`).

    Refuses `paper_unknown`, `paper_on_its_way`, `ticket_over`, `order_over`, `paper_outdated` (another edition is due,
    or out), `not_reprintable`, `printer_unknown`, `staff_printer_missing`.
    """
    permit(by, "reprint")

    def make(at: datetime) -> int:
        entry = find(store, job_id, by=by)
        last = paper_care.newest(store, entry.ref, entry.kind, entry.part)
        assert last is not None
        if last.on_its_way:
            raise Refused("paper_on_its_way")
        paper = _rebuilt(store, last, at)
        alone = supervision_papers.kept_to(store, last.part) if last.kind == SUPERVISION_SLIP else None
        chosen = _printer(store, printer) if printer else spooling.desk_printer(store)
        if last.state == "queued":
            paper_care.void(store, last.id, clock.to_text(at))
        else:
            paper_care.look(store, last.id, clock.to_text(at))
        job = spooling.enqueue(
            store,
            site(store),
            paper,
            ref=last.ref,
            part=last.part,
            copy_no=last.copy_no + 1,
            at=at,
            printer=alone or chosen,
            pinned=alone is not None,
        )
        if job is None:
            raise Refused("printer_unknown")
        _note(store, last, paper, by=by, at=at, copy=last.copy_no + 1, job=job)
        return job

    content = {"paper": job_id, "printer": printer}
    return nonces.once(store, nonce, "reprint", content, now=now, make=make)


def _note(store: Store, entry: Entry, paper: Paper, *, by: Actor, at: datetime, **detail: Any) -> None:
    subject, _, number = entry.ref.partition(":")
    if subject == "case" and paper_names.shows_stranger(store, cases.whole(store, int(number)), paper, by=by):
        said: dict[str, Any] = {"paper": entry.id, "kind": entry.kind, "part": entry.part, **detail}
        reveals.note(store, "reprint", subject, int(number), reason=reveals.REPRINT, by=by, at=at, **said)
    else:
        _record(store, "reprint", entry, by=by, at=at, **detail)


def _rebuilt(store: Store, entry: Entry, at: datetime) -> Paper:
    subject, _, number = entry.ref.partition(":")
    if entry.kind == SUPERVISION_SLIP:
        return supervision_papers.rebuild(store, entry.part)
    if subject == "case":
        case = cases.whole(store, int(number))
        return KINDS[case.kind].rebuild(store, case, entry.kind, entry.part)
    if subject == "fault":
        return fault_ends.rebuild(store, int(number), at=at)
    if subject != "ticket":
        raise Refused("not_reprintable")
    ticket = tickets.by_id(store, int(number))
    if ticket.state in OVER:
        raise Refused("ticket_over")
    return visits.ticket_paper(store, ticket, site(store), standing.place(store, ticket, now=at))


def _printer(store: Store, name: str) -> str:
    if printers.find(store, name) is None:
        raise Refused("printer_unknown")
    return name


def void(store: Store, *, job_id: str, by: Actor, now: datetime) -> None:
    """Declare a paper void that did not come out. Refuses `paper_unknown`, `paper_not_waiting`."""
    permit(by, "void_paper")
    _change(store, job_id, paper_care.void, "void_paper", "paper_not_waiting", by=by, now=now)


def came_out(store: Store, *, job_id: str, by: Actor, now: datetime) -> None:
    """Note that staff saw a doubtful paper. Its state stays what the printer let us know; it is on no list any more.

    Refuses `paper_unknown`, `paper_not_doubtful`.
    """
    permit(by, "look_at_paper")
    _change(store, job_id, paper_care.look, "paper_came_out", "paper_not_doubtful", by=by, now=now)


def give_up(store: Store, *, job_id: str, by: Actor, now: datetime) -> None:
    """Wait no longer for a printer in trouble that has a paper in its hands: it is uncertain, and can be printed again.

    Refuses `paper_unknown`, `paper_not_stuck`.
    """
    permit(by, "void_paper")
    _change(store, job_id, paper_care.give_up, "give_up_paper", "paper_not_stuck", by=by, now=now)


def _change(
    store: Store,
    job_id: str,
    change: Callable[[Store, int, str], bool],
    what: str,
    otherwise: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Change a paper where it stands and write that down as `what`. Refuses `otherwise` when it does not stand so."""
    with writing(store):
        entry, at = find(store, job_id, by=by), events.moment(store, now)
        if not change(store, entry.id, clock.to_text(at)):
            raise Refused(otherwise)
        _record(store, what, entry, by=by, at=at)


def move(store: Store, *, job_id: str, printer: str, by: Actor, now: datetime) -> None:
    """Give a waiting paper to another printer. Refuses `paper_unknown`, `printer_unknown`, `paper_not_waiting`."""
    permit(by, "move_paper")
    with writing(store):
        _move(store, find(store, job_id, by=by), _printer(store, printer), by=by, at=events.moment(store, now))


def move_all(store: Store, *, source: str, printer: str, by: Actor, now: datetime) -> int:
    """Give everything that waits for one printer to another; return how many. Refuses `printer_unknown`."""
    permit(by, "move_paper")
    with writing(store):
        at, target = events.moment(store, now), _printer(store, printer)
        waiting = [] if source == target else paper_care.waiting_for(store, source)
        for entry in waiting:
            _move(store, entry, target, by=by, at=at)
        return len(waiting)


def _move(store: Store, entry: Entry, printer: str, *, by: Actor, at: datetime) -> None:
    if not paper_care.move(store, entry.id, printer):
        raise Refused("paper_not_waiting")
    _record(store, "move_paper", entry, by=by, at=at, printer=printer)


def _record(store: Store, what: str, entry: Entry, *, by: Actor, at: datetime, **detail: Any) -> None:
    """Write a paper's event to the history of what it is about."""
    subject, _, number = entry.ref.partition(":")
    events.record(
        store, what, subject, int(number), by=by, at=at, paper=entry.id, kind=entry.kind, part=entry.part, **detail
    )


def numbers(store: Store, refs: Iterable[str]) -> dict[str, str]:
    """Return the number that staff know each subject by (`ticket:12` -> `A012`); one without a number is missing."""
    found = {}
    for ref in set(refs):
        subject, _, number = ref.partition(":")
        if subject == "ticket":
            found[ref] = store.value("SELECT no FROM tickets WHERE id = ?", [int(number)])
        elif subject == "case":
            found[ref] = store.value("SELECT no FROM cases WHERE id = ?", [int(number)])
        elif subject == "supervision":
            found[ref] = store.value("SELECT no FROM supervisions WHERE id = ?", [int(number)])
        elif subject == "fault":
            found[ref] = store.value("SELECT no FROM known_faults WHERE id = ?", [int(number)])
    return found


def tickets_without_paper(store: Store) -> list[tickets.Ticket]:
    """Return the tickets that are still good and have no paper in anybody's hand, as far as we know, oldest first.

    Their newest paper waits, is held, uncertain or failed, and nobody has looked at it.
    """
    in_no_hand = (
        "SELECT CAST(substr(ref, 8) AS INTEGER) FROM print_jobs WHERE state = 'queued' AND kind = 'ticket'"
        " UNION SELECT CAST(substr(ref, 8) AS INTEGER) FROM print_jobs"
        " WHERE state IN ('uncertain', 'failed') AND looked_at IS NULL AND kind = 'ticket'"
    )
    rows = store.rows(
        f"{tickets.SELECT} WHERE tickets.id IN ({in_no_hand})"
        " AND tickets.state NOT IN ('completed', 'cancelled', 'expired') ORDER BY tickets.id LIMIT ?",
        [LIST],
    )
    return [tickets.from_row(row) for row in rows]


def tickets_elsewhere(store: Store) -> dict[str, list[tickets.Ticket]]:
    """Return printer -> the waiting tickets that came out there instead of where they should have: somebody must fetch
    them and hand them out."""
    found: dict[str, list[tickets.Ticket]] = {}
    # +id: by the waiting ones first, not through all tickets in their order.
    for row in store.rows(
        f"SELECT {tickets.COLUMNS}, print_jobs.printer, max(print_jobs.copy_no) AS newest FROM tickets"  # noqa: S608
        " JOIN lines ON lines.code = tickets.line"
        " JOIN print_jobs ON print_jobs.ref = 'ticket:' || tickets.id AND print_jobs.kind = 'ticket'"
        " WHERE tickets.state = 'waiting' GROUP BY +tickets.id"
        " HAVING print_jobs.diverted_from IS NOT NULL AND print_jobs.state IN ('printed', 'sent')"
        " ORDER BY +tickets.id LIMIT ?",
        [LIST],
    ):
        values = dict(row)
        printer, _ = values.pop("printer"), values.pop("newest")
        found.setdefault(printer, []).append(tickets.from_row(values))
    return found
