"""Many desks book one room at the same moment: each quarter has one meeting, and it is the store that sees to it."""

from itertools import pairwise
from pathlib import Path

import pytest

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import rooms
from reception.permissions import Role
from reception.refusal import Refused
from reception.rules import room_times
from tests.conftest import actor
from tests.reception.test_races import NOW, Gate, race

DESKS, ROUNDS = 6, 10


def book_all(store: Store, gate: Gate, desk: int) -> int:
    """Book every half hour of an afternoon, each desk a quarter apart from the next; return how many it got."""
    by, got = actor(store, Role.RECEPTIONIST), 0
    for place in range(ROUNDS):
        begin = 13 * 60 + place * 30 + 15 * (desk % 2)
        times = {"from_": room_times.written(begin), "to": room_times.written(begin + 30)}
        form = {"room": "meeting", "day": "2026-11-23", "purpose": "会", "nonce": f"{desk}-{place}"} | times
        try:
            rooms.book(store, **form, by=by, now=NOW)
            got += 1
        except Refused as refused:
            assert refused.code == "room_taken", refused.code
    return got


def overlaps(home: Path) -> int:
    store = open_store(store_path(home))
    rows = store.rows("SELECT from_at, to_at FROM room_bookings WHERE room = 'meeting' ORDER BY from_at, to_at")
    store.close()
    return sum(second["from_at"] < first["to_at"] for first, second in pairwise(rows))


@pytest.mark.parametrize("guarded", [True, False])
def test_one_meeting_at_a_time(home: Path, guarded: bool) -> None:
    """Without its triggers the same harness must see two meetings in one room, or it would see nothing."""
    if not guarded:
        store = open_store(store_path(home))
        store.execute("DROP TRIGGER room_bookings_apart")
        store.execute("DROP TRIGGER room_bookings_moved_apart")
        store.close()
    got = race(home, *((book_all, desk) for desk in range(DESKS)))
    if guarded:
        assert overlaps(home) == 0 and 0 < sum(got) <= ROUNDS + 1
    else:
        assert overlaps(home) > 0 and sum(got) == DESKS * ROUNDS
