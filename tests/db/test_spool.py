"""The spool: a paper goes from state to state only where it stands, and one worker at a time has it."""

import secrets
import sqlite3
import threading
from typing import Any

import pytest

from db import printers, pulse, spool
from db.store import Store, open_store, writing

AT = "2026-11-23T02:24:00.000Z"
LATER = "2026-11-23T02:25:00.000Z"
END_STATES = ["printed", "sent", "uncertain", "failed"]


def enqueue(store: Store, ref: str = "", printer: str = "front", **more: Any) -> int:
    """Queue a paper about a subject of its own, unless `ref` names one."""
    ref = ref or f"other:{secrets.token_hex(4)}"
    return spool.enqueue(store, printer=printer, kind="ticket", ref=ref, facts='{"no": "A001"}', at=AT, **more)


def job(store: Store, job_id: int) -> tuple[str, str | None, str | None, str | None]:
    row = store.row("SELECT state, sending_at, ended_at, error FROM print_jobs WHERE id = ?", [job_id])
    assert row is not None
    return tuple(row)


def revision(store: Store, topic: str) -> int:
    return pulse.revisions(store.connection).get(topic, 0)


@pytest.fixture(autouse=True)
def second_printer(store: Store) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101", width_dots=384, columns=32)


def test_a_paper_waits_until_it_is_claimed(store: Store) -> None:
    assert not spool.has_queued(store, "front", AT)
    first, second = enqueue(store, "ticket:1"), enqueue(store, "ticket:2")
    assert spool.has_queued(store, "front", AT)
    assert not spool.has_queued(store, "back", AT)
    assert spool.claim(store, "back", AT) is None
    assert spool.unsettled(store) == 2
    assert spool.claim(store, "front", LATER) == spool.Job(first, "ticket", "ticket:1", 0, '{"no": "A001"}')
    assert job(store, first) == ("sending", LATER, None, None)
    assert job(store, second) == ("queued", None, None, None)
    assert (spool.unsettled(store), spool.paper_state(store, "ticket:1")) == (2, "sending")


def test_an_urgent_paper_goes_before_all_that_wait(store: Store) -> None:
    waiting = [enqueue(store), enqueue(store)]
    urgent = [enqueue(store, urgent=True), enqueue(store, urgent=True)]
    order = []
    for _ in range(4):
        claimed = spool.claim(store, "front", AT)
        assert claimed is not None
        order.append(claimed.id)
        spool.settle(store, claimed.id, "printed", AT)
    assert order == urgent + waiting


def test_nothing_is_claimed_beside_a_paper_being_sent(store: Store) -> None:
    first, second = enqueue(store), enqueue(store)
    other = enqueue(store, printer="back")
    assert spool.claim(store, "front", AT) is not None
    assert spool.claim(store, "front", AT) is None
    claimed = spool.claim(store, "back", AT)
    assert claimed is not None
    assert claimed.id == other
    assert spool.settle(store, first, "printed", AT)
    claimed = spool.claim(store, "front", AT)
    assert claimed is not None
    assert claimed.id == second


def test_sql_itself_admits_one_paper_being_sent(store: Store) -> None:
    _, second = enqueue(store), enqueue(store)
    spool.claim(store, "front", AT)
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        store.execute("UPDATE print_jobs SET state = 'sending', sending_at = ? WHERE id = ?", [AT, second])


def test_of_many_who_claim_one_gets_the_paper(store: Store) -> None:
    enqueue(store)
    enqueue(store)
    start, claimed = threading.Barrier(8), []

    def claim() -> None:
        own = open_store(store.path)
        start.wait()
        claimed.append(spool.claim(own, "front", AT))
        own.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in claimed if one is not None]) == 1
    assert len(claimed) == 8


@pytest.mark.parametrize("outcome", END_STATES)
def test_a_paper_is_settled_once_and_only_while_it_is_sent(store: Store, outcome: spool.Outcome) -> None:
    job_id = enqueue(store)
    assert not spool.settle(store, job_id, outcome, AT)
    assert job(store, job_id)[0] == "queued"
    spool.claim(store, "front", AT)
    assert spool.settle(store, job_id, outcome, LATER, "why")
    assert job(store, job_id) == (outcome, AT, LATER, "why")
    for again in END_STATES:
        assert not spool.settle(store, job_id, again, LATER)  # type: ignore[arg-type]
    assert not spool.put_back(store, job_id)
    assert job(store, job_id) == (outcome, AT, LATER, "why")
    assert spool.claim(store, "front", AT) is None
    assert spool.unsettled(store) == 0


def test_a_paper_put_back_is_the_next_again(store: Store) -> None:
    first, _ = enqueue(store), enqueue(store)
    assert not spool.put_back(store, first)
    spool.claim(store, "front", AT)
    assert spool.put_back(store, first)
    assert job(store, first) == ("queued", None, None, None)
    claimed = spool.claim(store, "front", LATER)
    assert claimed is not None
    assert claimed.id == first


def test_on_a_start_only_what_this_printer_was_sending_is_in_doubt(store: Store) -> None:
    done, sending, queued = enqueue(store), enqueue(store), enqueue(store)
    other = enqueue(store, printer="back")
    spool.claim(store, "front", AT)
    spool.settle(store, done, "printed", AT)
    spool.claim(store, "front", AT)
    spool.claim(store, "back", AT)
    assert spool.doubt_interrupted(store, "front", LATER) == 1
    assert job(store, done) == ("printed", AT, AT, None)
    assert job(store, sending) == ("uncertain", AT, LATER, "interrupted")
    assert job(store, queued)[0] == "queued"
    assert job(store, other)[0] == "sending"
    before = revision(store, spool.TOPIC)
    assert spool.doubt_interrupted(store, "front", LATER) == 0
    assert revision(store, spool.TOPIC) == before


def test_the_screens_hear_of_every_step(store: Store) -> None:
    steps = [revision(store, spool.TOPIC)]
    job_id = enqueue(store)
    steps.append(revision(store, spool.TOPIC))
    spool.claim(store, "front", AT)
    steps.append(revision(store, spool.TOPIC))
    spool.put_back(store, job_id)
    steps.append(revision(store, spool.TOPIC))
    spool.claim(store, "front", AT)
    spool.settle(store, job_id, "printed", AT)
    steps.append(revision(store, spool.TOPIC))
    assert steps == sorted(set(steps))
    spool.claim(store, "front", AT)
    assert revision(store, spool.TOPIC) == steps[-1]


def test_the_state_of_a_paper_is_that_of_its_newest_copy(store: Store) -> None:
    assert spool.paper_state(store, "ticket:1") is None
    first = enqueue(store, "ticket:1")
    spool.claim(store, "front", AT)
    spool.settle(store, first, "uncertain", AT)
    assert spool.paper_state(store, "ticket:1") == "uncertain"
    enqueue(store, "ticket:1", copy_no=1)
    assert spool.paper_state(store, "ticket:1") == "queued"


def test_nothing_prints_twice_unmarked(store: Store) -> None:
    """SQL itself: of each paper there is one original, and one of each copy."""
    enqueue(store, "ticket:1")
    with pytest.raises(sqlite3.IntegrityError):
        enqueue(store, "ticket:1")
    enqueue(store, "ticket:1", copy_no=1)
    with pytest.raises(sqlite3.IntegrityError):
        enqueue(store, "ticket:1", copy_no=1)
    enqueue(store, "ticket:1", part="owner")


def test_job_ids_are_not_used_again(store: Store) -> None:
    job_id = enqueue(store)
    with writing(store):
        store.execute("DELETE FROM print_jobs")
    assert enqueue(store) > job_id


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"state": "printed", "sending_at": AT},
        {"state": "printed", "ended_at": AT},
        {"state": "sent", "ended_at": AT},
        {"state": "uncertain", "ended_at": AT},
        {"state": "failed"},
        {"state": "void"},
        {"state": "queued", "ended_at": AT},
        {"state": "sending"},
        {"state": "sending", "sending_at": AT, "ended_at": AT},
        {"copy_no": -1},
        {"held": "lost"},
        {"held": "stale", "state": "void", "ended_at": AT},
        {"wiped": 1},
        {"facts": "A001"},
        {"printer": "nowhere"},
        {"kind": None},
        {"ref": None},
        {"queued_at": None},
    ],
)
def test_sql_refuses_a_paper_that_cannot_be(store: Store, values: dict[str, Any]) -> None:
    job_id = enqueue(store)
    columns = ", ".join(f"{name} = :{name}" for name in values)
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        store.execute(f"UPDATE print_jobs SET {columns} WHERE id = :id", {**values, "id": job_id})  # noqa: S608
    assert job(store, job_id)[0] == "queued"
