"""`lobbydesk simulate`: whole days hold together, and its checks see it when one does not."""

import json
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, open_store
from lobbydesk.cli import main
from lobbydesk.home import store_path
from lobbydesk.simulation import checks, day, guests, report, visit_checks, visitors
from lobbydesk.simulation.replay import replay
from reception import queue
from reception.rules import order
from reception.rules.waits import Range

DAYS = ("normal", "visit-day", "burst")


def simulated(home: Path, kind: str, counters: int = 3, until: float = 24 * visitors.HOUR) -> dict[str, Any]:
    """Run a day of seed 1, with those visitors who come before `until`; return its figures."""
    who = [one for one in visitors.expected(kind, 1) if one.at < until]
    received = guests.invited(1) if kind == "visit-day" else []
    return day.simulate(home, who, counters=counters, seed=1, report=report.figures, invited=received)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A home for each kind of day."""
    return {kind: tmp_path_factory.mktemp(kind) for kind in DAYS}


@pytest.fixture(scope="module")
def days(homes: dict[str, Path]) -> dict[str, dict[str, Any]]:
    """The figures of one day of each kind, made once."""
    return {kind: simulated(home, kind) for kind, home in homes.items()}


@pytest.fixture
def past(days: dict[str, dict[str, Any]], homes: dict[str, Path], tmp_path: Path) -> Iterator[Store]:
    """A copy of the records of the normal day, to spoil."""
    yield from _copied(homes["normal"], tmp_path)


@pytest.fixture
def held(days: dict[str, dict[str, Any]], homes: dict[str, Path], tmp_path: Path) -> Iterator[Store]:
    """A copy of the records of the visit day, to spoil."""
    yield from _copied(homes["visit-day"], tmp_path)


def _copied(home: Path, tmp_path: Path) -> Iterator[Store]:
    store = open_store(Path(shutil.copy(store_path(home), tmp_path / "past.db")))
    yield store
    store.close()


@pytest.mark.parametrize("kind", DAYS)
def test_a_day_holds(days: dict[str, dict[str, Any]], kind: str) -> None:
    found = days[kind]
    assert (found["invariants"], found["unexpected"], found["problems"]) == ([], [], [])
    assert (found["unaccounted"], found["double_called"], found["starved"]) == (0, 0, 0)
    assert report.is_clean(found)
    ends = ("completed", "missed", "cancelled", "expired")
    assert found["tickets"] == sum(found[name] for name in ends) > 150
    assert found["completed"] > 100 and found["cancelled"] > 0 and found["missed"] > 0
    assert found["double_presses"] > 0 and found["refused_at_closing"] > 0
    assert found["longest_wait"] == max(values["longest"] for values in found["waits"].values() if values)


@pytest.mark.parametrize("kind", ["normal", "visit-day"])
def test_what_visitors_are_told_is_honest(days: dict[str, dict[str, Any]], kind: str) -> None:
    assert days[kind]["estimate_answers"] > 100
    assert days[kind]["estimate_within_range"] >= 0.7
    assert days[kind]["estimate_width"] <= 15


def test_the_kinds_of_day_differ(days: dict[str, dict[str, Any]]) -> None:
    assert days["burst"]["tickets"] == days["normal"]["tickets"] + visitors.BURST
    assert days["visit-day"]["waits"]["guest"]["count"] > 5
    assert days["normal"]["waits"]["guest"] is None and days["normal"]["visit_day"] is None
    assert days["burst"]["expired"] > 0


def test_more_counters_are_a_shorter_wait(days: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    found = simulated(tmp_path, "burst", counters=12)
    assert report.is_clean(found)
    assert found["expired"] == 0 and found["longest_wait"] < days["burst"]["longest_wait"] / 2


def test_the_day_goes_every_way_a_ticket_can_go(past: Store) -> None:
    done = {row[0] for row in past.rows("SELECT DISTINCT what FROM events")}
    ways = {"check_in", "call", "recall", "miss", "restore", "start", "complete", "undo_call", "undo_complete"}
    ways |= {"transfer", "send", "park", "unpark", "cancel", "arrive", "counter_paused", "counter_closed", "close_day"}
    assert ways <= done
    # Nobody printed: the papers wait in the spool.
    assert past.value("SELECT count(*) FROM print_jobs WHERE state NOT IN ('queued', 'held', 'void')") == 0


def test_the_same_seed_is_the_same_day_and_its_home_is_kept(
    days: dict[str, dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The visit day holds the visitors of the normal day, and all that happens to them.
    day_of_one = ["simulate", "--day", "visit-day", "--seed", "1"]
    facts = {"day": "visit-day", "seed": 1, "counters": 3}
    home = tmp_path / "kept"
    assert main([*day_of_one, "--home", str(home)]) == 0
    text = capsys.readouterr().out
    assert text == report.table(days["visit-day"] | facts) + "\n"
    assert "visit-day, seed 1, 3 counters" in text and "all hold" in text
    assert all(heading in text for heading in (*report.HEADINGS.values(), *report.VISIT.values()))
    assert store_path(home).exists()
    assert main([*day_of_one, "--home", str(home)]) == 2
    assert "already" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["simulate", "--counters", "13"])
    assert visitors.expected("normal", 3) != visitors.expected("normal", 4)


def test_the_figures_for_programs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(visitors, "NORMAL", 4)
    assert main(["simulate", "--seed", "2", "--counters", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["day"], found["seed"], found["counters"], found["invariants"]) == ("normal", 2, 1, [])
    assert found["visit_day"] is None


def test_starvation_is_seen_when_priority_always_jumps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pick = order._Queues.pick

    def jump(
        self: order._Queues, run: int, aged: str, policy: order.Policy
    ) -> tuple[order.Waiting, order.Group] | None:
        return pick(self, 0, "", policy)

    monkeypatch.setattr(order._Queues, "pick", jump)
    found = simulated(tmp_path, "burst", until=11 * visitors.HOUR)
    assert found["starved"] > 0 and not report.is_clean(found)
    assert found["double_called"] == 0


def test_an_answer_that_breaks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no such hour")

    monkeypatch.setattr(queue, "start", broken)
    found = simulated(tmp_path, "normal", until=9 * visitors.HOUR)
    assert not report.is_clean(found)
    assert any("/queue/start" in line and "500" in line for line in found["unexpected"])
    assert any("no such hour" in line and "desk/queue.py" in line for line in found["unexpected"])
    assert "problems" in report.table(found | {"day": "normal", "seed": 1, "counters": 3})


SPOILS = {
    "K3.1": ("UPDATE tickets SET number = 700, no = 'A700' WHERE no = 'A005'", "missing [5,"),
    "K3.2": (
        "INSERT INTO events (at, what, subject, subject_id, by_role, from_state, to_state, detail)"
        " SELECT (SELECT max(at) FROM events), 'call', 'ticket', id, 'receptionist', 'waiting', 'called',"
        " '{\"counter\": \"1\"}' FROM tickets WHERE no IN ('A001', 'A002')",
        "counter 1 called ticket",
    ),
    "K3.3": ("DELETE FROM calls WHERE id = 9", "only in one of calls and events"),
    "K3.4": (
        "INSERT INTO nonces SELECT 'second', act, fingerprint, result, at FROM nonces WHERE act = 'check_in' LIMIT 1",
        "2 forms for ticket",
    ),
    "K3.5": ("DELETE FROM print_jobs WHERE ref = 'ticket:7'", "has 0 papers"),
    "K3.14": (
        "INSERT INTO events (at, what, subject, subject_id, by_role, detail)"
        " SELECT (SELECT max(at) FROM events), 'note', 'visit', id, 'kiosk', json_object('said', phone)"
        " FROM visits WHERE phone IS NOT NULL LIMIT 1",
        "data of 1 visitors",
    ),
    "K3.16": (
        "UPDATE tickets SET ended_at = '2026-11-22T00:00:00.000Z' WHERE no = 'A003'",
        "the times of A003 run back",
    ),
    "K3.17": ("DROP TRIGGER events_no_delete", "events_no_delete is gone"),
    "K2.states": ("UPDATE tickets SET state = 'expired' WHERE no = 'A003'", "A003 is expired"),
    "K2.limits": ("UPDATE tickets SET misses = 9 WHERE no = 'A003'", "A003 was missed 9 times"),
    "K5.order": (
        "UPDATE tickets SET rank_at = '2026-11-23T00:00:00.000Z' WHERE id = (SELECT ticket_id FROM calls JOIN tickets"
        " ON tickets.id = ticket_id WHERE called_as = 'ordinary' AND recall = 0 AND undone_at IS NULL"
        " ORDER BY julianday(calls.at) - julianday(issued_at) DESC LIMIT 1)",
        "who came first",
    ),
}


# Of the visit day; what the store itself refuses is taken away first.
VISIT_SPOILS = {
    "K5.session": (
        "UPDATE calls SET counter = '1' WHERE id = (SELECT max(calls.id) FROM calls JOIN tickets"
        " ON tickets.id = ticket_id WHERE tickets.line = 'visit-guest')",
        "was called to 1",
    ),
    "K3.11": (
        "DROP TRIGGER endorsements_signed_stay; UPDATE endorsements SET state = 'void', void_reason = 'reworded'"
        " WHERE step = 'service_head'",
        "without the signature of service_head",
    ),
    "K3.7": ("UPDATE resolutions SET read_back_at = NULL WHERE id = 2", "was not read to him"),
    "K6.seats": (
        "INSERT INTO visit_day_slots (visit_day_id, starts, minutes, seat, case_id) SELECT visit_day_id, '10:00', 15,"
        " 2, case_id FROM visit_day_bookings WHERE case_id NOT IN (SELECT case_id FROM visit_day_slots"
        " WHERE case_id IS NOT NULL) LIMIT 1",
        "2 households at 10:00",
    ),
    "K6.talks": ("UPDATE visit_day_meetings SET ended_at = '2026-12-04T09:00:00.000Z' WHERE id = 1", "began before"),
}


def test_every_check_has_a_spoilt_day() -> None:
    assert SPOILS.keys() | VISIT_SPOILS.keys() == checks.CHECKS.keys()
    assert VISIT_SPOILS.keys() == visit_checks.CHECKS.keys()


@pytest.mark.parametrize("row", VISIT_SPOILS)
def test_a_check_of_the_visit_day_sees_what_it_is_for(held: Store, row: str) -> None:
    spoil, problem = VISIT_SPOILS[row]
    assert checks.CHECKS[row](held) == []
    held.connection.executescript(spoil)
    assert any(problem in one for one in checks.CHECKS[row](held)), checks.CHECKS[row](held)


def test_a_visit_day_is_played_through_by_its_own_doors(days: dict[str, dict[str, Any]], held: Store) -> None:
    found = days["visit-day"]["visit_day"]
    assert (found["booked"], found["withdrawn"], found["walk_in"]) == (guests.BOOKED, 1, guests.WALK_INS)
    assert found["arrivals"].keys() == {"early", "on_time", "late", "walk_in"}
    assert found["met"] + found["handed_over"] == found["came"] == found["decisions"] >= 8
    assert found["no_show"] == 1 and found["extended_minutes"] > 0
    done = {row[0] for row in held.rows("SELECT DISTINCT what FROM events")}
    assert {"visit_day_published", "withdraw", "move_up", "admit", "admit_walk_in", "check_in_visit_day"} <= done
    assert {"open_visit_day", "meet_visit_day", "extend_talk", "end_talk", "hold_visit_day"} <= done
    # People who came to book took numbers of their own line meanwhile, and were served at counters.
    served = "SELECT count(*) FROM tickets WHERE line = 'visit-day' AND state = 'completed' AND counter <> 'session'"
    assert held.value(served) > 5
    assert held.value("SELECT count(*) FROM visit_day_bookings JOIN cases ON cases.id = case_id WHERE source = 'kiosk'")


def test_the_guests_of_a_seed_are_always_the_same() -> None:
    assert guests.invited(3) == guests.invited(3) != guests.invited(4)


@pytest.mark.parametrize("row", SPOILS)
def test_a_check_sees_what_it_is_for(past: Store, row: str) -> None:
    spoil, problem = SPOILS[row]
    assert checks.CHECKS[row](past) == []
    past.execute(spoil)
    found = checks.CHECKS[row](past)
    assert any(problem in one for one in found), found
    assert any(one.startswith(f"{row}: ") for one in checks.broken(past))


def test_an_event_out_of_time_is_seen(past: Store) -> None:
    past.execute("DROP TRIGGER events_time_never_runs_back")
    past.execute(
        "INSERT INTO events (at, what, subject, subject_id, by_role) VALUES"
        " ('2026-11-23T00:00:00.000Z', 'note', 'visit', 1, 'kiosk')"
    )
    assert "is before" in checks.time_never_runs_back(past)[0]


def test_a_second_call_is_seen(past: Store) -> None:
    assert checks.double_called(past) == []
    past.execute(
        "INSERT INTO calls (ticket_id, counter, at, line, called_as) SELECT ticket_id, '2',"
        " strftime('%Y-%m-%dT%H:%M:%fZ', at, '+1 second'), line, called_as FROM calls WHERE id = 5"
    )
    past.execute(
        "INSERT INTO calls (ticket_id, counter, at, line, called_as, recall) SELECT ticket_id,"
        " CASE counter WHEN '1' THEN '2' ELSE '1' END, at, line, called_as, 1 FROM calls WHERE id = 8"
    )
    assert len(checks.double_called(past)) == 2


def test_an_end_that_is_none_is_seen(past: Store) -> None:
    assert checks.unaccounted(past) == []
    past.execute("UPDATE tickets SET state = 'waiting', ended_at = NULL WHERE no = 'A004'")
    assert checks.unaccounted(past) == ["A004"]


def test_who_waits_while_three_with_priority_are_called_starves(past: Store) -> None:
    assert checks.starved(past) == []
    in_line = {event.id: len(standing.in_line()) for event, standing in replay(past) if event.what == "call"}
    crowded = [event for event, count in in_line.items() if count > 8]
    for event in crowded:
        past.execute(
            "UPDATE calls SET called_as = 'priority'"
            " WHERE (ticket_id, at) = (SELECT subject_id, at FROM events WHERE id = ?)",
            [event],
        )
    assert checks.starved(past)


def test_what_was_told_is_compared_with_what_came() -> None:
    guest = partial(report.Served, of="ordinary", straight=True)
    guests = [guest(1, minutes=3.0), guest(2, minutes=9.0), guest(3, minutes=1.0), guest(4, minutes=5.0)]
    told = {1: Range(2, 4), 2: Range(0, 5), 3: Range(5, 10), 4: None}
    found = report.estimates([*guests, report.Served(5, "ordinary", 90.0, False)], told | {5: Range(0, 2)})
    assert found == {
        "estimate_within_range": 0.333,
        "estimate_answers": 3,
        "estimate_too_short": 1,
        "estimate_too_long": 1,
        "estimate_width": 5,
    }
    assert report.spread([]) is None
