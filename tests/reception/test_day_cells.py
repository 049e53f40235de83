"""Permission cells of the day: the log, its notes, the checklists, who is in the building; each asks its own first."""

import pytest

from db.store import Store
from reception import day_checks, departures, evacuation, in_building, log_notes, log_paper, work_log
from reception.reveals import Reason
from tests.conftest import Clock
from tests.reception.test_permission_cells import Act, is_asked_first

CELLS: dict[str, tuple[str, Act]] = {
    "day": ("see_log", lambda s, by, now: work_log.day(s, on="x", by=by, now=now)),
    "write": ("write_log_note", lambda s, by, now: log_notes.write(s, nonce="n", kind="x", text="x", by=by, now=now)),
    "unread": ("write_log_note", lambda s, by, now: log_notes.unread(s, by=by, now=now)),
    "read": ("write_log_note", lambda s, by, now: log_notes.read(s, by=by, now=now)),
    "print_day": ("print_log", lambda s, by, now: log_paper.print_day(s, nonce="n", on="x", by=by, now=now)),
    "checklist": ("check_day", lambda s, by, now: day_checks.checklist(s, "x", by=by, now=now)),
    "tick": ("check_day", lambda s, by, now: day_checks.tick(s, part="x", item="x", by=by, now=now)),
    "people": ("see_inside", lambda s, by, now: in_building.people(s, by=by, now=now)),
    "guests": ("see_inside", lambda s, by, now: in_building.guests(s, by=by, now=now)),
    "reveal": ("reveal_inside", lambda s, by, now: in_building.reveal(s, why=Reason("asked"), by=by, now=now)),
    "print_roll": ("print_evacuation", lambda s, by, now: evacuation.print_roll(s, nonce="n", by=by, now=now)),
    "send_to_host": (
        "complete",
        lambda s, by, now: departures.send_to_host(s, counter="1", holding="x", host="x", by=by, now=now),
    ),
    "leave": ("mark_left", lambda s, by, now: departures.leave(s, ticket_no="x", by=by, now=now)),
    "leave_by_token": ("mark_left", lambda s, by, now: departures.leave_by_token(s, token="x", by=by, now=now)),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    is_asked_first(store, clock, *CELLS[name])
