"""Papers that did not simply come out: held, diverted, moved, voided, looked at, wiped; each only where it stands."""

from collections.abc import Callable

import pytest

from db import paper_care, printers, spool
from db.store import Store

AT = "2026-11-23T02:24:00.000Z"
LATER = "2026-11-23T02:25:00.000Z"
MUCH_LATER = "2026-11-24T02:25:00.000Z"


def enqueue(
    store: Store, ref: str, printer: str = "front", stale_at: str | None = None, wipe_at: str | None = None
) -> int:
    return spool.enqueue(
        store,
        printer=printer,
        kind="ticket",
        ref=ref,
        facts='{"no": "A001"}',
        at=AT,
        stale_at=stale_at,
        wipe_at=wipe_at,
    )


def note(store: Store, name: str, state: str, at: str) -> None:
    printer = printers.find(store, name)
    assert printer is not None
    printers.note_state(store, printer, state, at)


def brought_to(store: Store, state: str, ref: str = "ticket:1") -> int:
    """Queue a paper and bring it to a state."""
    job_id = enqueue(store, ref)
    if state == "held":
        paper_care.hold(store, ref, "called", AT)
    elif state == "void":
        paper_care.void(store, job_id, AT)
    elif state != "queued":
        spool.claim(store, "front", AT)
        if state != "sending":
            spool.settle(store, job_id, state, AT)  # type: ignore[arg-type]
    return job_id


@pytest.fixture(autouse=True)
def second_printer(store: Store) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101")


STATES = ["queued", "held", "sending", "printed", "sent", "uncertain", "failed", "void"]
ACTS: dict[str, tuple[Callable[[Store, int], bool], set[str]]] = {
    "move": (lambda store, job: paper_care.move(store, job, "back"), {"queued"}),
    "void": (lambda store, job: paper_care.void(store, job, LATER), {"queued", "held", "uncertain", "failed"}),
    "look": (lambda store, job: paper_care.look(store, job, LATER), {"uncertain", "failed"}),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_takes_a_paper_only_where_it_stands(store: Store, act: str, state: str) -> None:
    job_id = brought_to(store, state)
    before = paper_care.find(store, job_id)
    done, allowed = ACTS[act]
    assert done(store, job_id) == (state in allowed)
    after = paper_care.find(store, job_id)
    assert (after == before) == (state not in allowed)


def test_what_is_held_is_never_claimed_and_waits_for_staff(store: Store) -> None:
    enqueue(store, "ticket:1")
    paper_care.hold(store, "ticket:1", "called", AT)
    assert spool.paper_state(store, "ticket:1") == "held"
    assert not spool.has_queued(store, "front", AT)
    assert spool.claim(store, "front", AT) is None
    assert [entry.ref for entry in paper_care.held(store)] == ["ticket:1"]
    assert paper_care.waiting(store) == [] and spool.unsettled(store) == 0
    paper_care.release(store, "ticket:1", "stale")
    assert spool.paper_state(store, "ticket:1") == "held", "another reason stands"
    paper_care.release(store, "ticket:1", "called")
    claimed = spool.claim(store, "front", AT)
    assert claimed is not None and claimed.ref == "ticket:1"


def test_a_stale_paper_is_never_claimed_and_is_held(store: Store) -> None:
    enqueue(store, "ticket:1", stale_at=LATER)
    enqueue(store, "receipt:1")
    assert spool.has_queued(store, "front", LATER)
    claimed = spool.claim(store, "front", LATER)
    assert claimed is not None and claimed.ref == "receipt:1", "the stale one is passed over, not waited for"
    spool.settle(store, claimed.id, "printed", LATER)
    assert not spool.has_queued(store, "front", LATER)
    assert paper_care.hold_stale(store, AT) == 0
    assert paper_care.hold_stale(store, LATER) == 1
    assert paper_care.hold_stale(store, LATER) == 0
    (entry,) = paper_care.held(store)
    assert (entry.ref, entry.held) == ("ticket:1", "stale")


def test_only_trouble_that_lasts_diverts_and_only_to_a_printer_that_works(store: Store) -> None:
    printers.save(store, "front", fallback="back", fallback_after=60)
    job_id = enqueue(store, "ticket:1")
    note(store, "back", "ready", AT)
    note(store, "front", "ready", AT)
    assert paper_care.divert(store, "front", LATER) == 0, "no trouble"
    note(store, "front", "paper_out", LATER)
    assert paper_care.divert(store, "front", AT) == 0, "not long enough"
    note(store, "back", "absent", LATER)
    assert paper_care.divert(store, "front", LATER) == 0, "the other one does not work either"
    note(store, "back", "paper_low", LATER)
    assert paper_care.divert(store, "front", LATER) == 1
    entry = paper_care.find(store, job_id)
    assert entry is not None and (entry.printer, entry.diverted_from, entry.state) == ("back", "front", "queued")


def test_a_paper_in_the_printer_s_hands_is_not_diverted(store: Store) -> None:
    printers.save(store, "front", fallback="back")
    note(store, "back", "ready", AT)
    note(store, "front", "paper_out", AT)
    brought_to(store, "sending")
    paper_care.hold(store, "ticket:2", "called", AT)
    assert paper_care.divert(store, "front", LATER) == 0


@pytest.mark.parametrize("state", STATES)
def test_facts_are_wiped_when_their_time_is_over_and_the_state_stays(store: Store, state: str) -> None:
    job_id = brought_to(store, state)
    store.execute("UPDATE print_jobs SET wipe_at = ?", [LATER])
    assert paper_care.wipe(store, AT) == 0
    assert paper_care.wipe(store, MUCH_LATER) == (state != "sending")
    assert paper_care.wipe(store, MUCH_LATER) == 0
    row = store.row("SELECT facts, state, held FROM print_jobs WHERE id = ?", [job_id])
    assert row is not None
    assert row["facts"] == ('{"no": "A001"}' if state == "sending" else "{}")
    assert row["state"] == ("queued" if state == "held" else state)
    assert row["held"] == {"queued": "wiped", "held": "called"}.get(state), "what cannot print waits for staff"
    assert spool.claim(store, "front", MUCH_LATER) is None


def test_what_is_over_needs_no_paper(store: Store) -> None:
    printed, waiting = brought_to(store, "printed", "ticket:2"), enqueue(store, "ticket:1")
    paper_care.close(store, "ticket:1", LATER)
    paper_care.close(store, "ticket:2", LATER)
    states = [entry.state for job in (waiting, printed) if (entry := paper_care.find(store, job))]
    assert states == ["void", "printed"]
    paper_care.reopen(store, "ticket:1")
    assert spool.paper_state(store, "ticket:1") == "held", "closed by mistake: it waits for staff"
    doubt = brought_to(store, "uncertain", "ticket:3")
    paper_care.close(store, "ticket:3", LATER)
    assert doubt not in [entry.id for entry in paper_care.doubtful(store)]


@pytest.mark.parametrize(
    "act",
    [
        lambda store: paper_care.hold(store, "ticket:1", "called", LATER),
        lambda store: paper_care.close(store, "ticket:1", LATER),
    ],
)
def test_what_is_called_while_it_is_being_sent_does_not_come_out_when_it_is_put_back(
    store: Store, act: Callable[[Store], None]
) -> None:
    job_id = brought_to(store, "sending")
    act(store)
    assert spool.put_back(store, job_id)
    assert spool.claim(store, "front", LATER) is None
    assert paper_care.hold_stale(store, LATER) == 1


def test_a_pinned_paper_goes_to_no_other_printer(store: Store) -> None:
    printers.save(store, "front", fallback="back")
    note(store, "back", "ready", AT)
    note(store, "front", "paper_out", AT)
    job_id = spool.enqueue(store, printer="front", kind="self_test", ref="self_test:1", facts="{}", at=AT, pinned=True)
    assert paper_care.divert(store, "front", LATER) == 0
    assert not paper_care.move(store, job_id, "back")
    assert paper_care.waiting_for(store, "front") == []


def test_only_a_printer_in_trouble_is_given_up(store: Store) -> None:
    job_id = brought_to(store, "sending")
    assert not paper_care.give_up(store, job_id, LATER)
    note(store, "front", "paper_out", AT)
    assert paper_care.give_up(store, job_id, LATER)
    assert not spool.is_sending(store, job_id)
    assert not spool.settle(store, job_id, "printed", LATER)
    assert [entry.id for entry in paper_care.doubtful(store)] == [job_id]


def test_wiped_facts_are_not_released(store: Store) -> None:
    enqueue(store, "ticket:1", wipe_at=LATER)
    paper_care.hold(store, "ticket:1", "called", AT)
    paper_care.wipe(store, LATER)
    paper_care.release(store, "ticket:1", "called")
    assert spool.paper_state(store, "ticket:1") == "held"


def test_what_staff_must_look_at_comes_newest_first_until_they_looked(store: Store) -> None:
    ids = [
        brought_to(store, state, f"ticket:{n}")
        for n, state in enumerate(["uncertain", "failed", "printed", "uncertain"])
    ]
    assert [entry.id for entry in paper_care.doubtful(store)] == [ids[3], ids[1], ids[0]]
    paper_care.look(store, ids[1], LATER)
    assert [entry.id for entry in paper_care.doubtful(store)] == [ids[3], ids[0]]
    entry = paper_care.find(store, ids[1])
    assert entry is not None and entry.state == "failed", "a look is no confirmation"
