"""The judge's eyes: each of its questions finds the very wound that it is there for."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.crash.disk import Disk
from tests.crash.morning import Ack
from tests.crash.replay import Run
from tests.crash.verdict import HALF, WHOLE, is_whole, lay_out

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (make setup installs it)")


def _event(what: str) -> str:
    return f"DELETE FROM events WHERE id = (SELECT max(id) FROM events WHERE what = '{what}')"  # noqa: S608


# For each question, what is taken from a whole morning so that it must be the one to say so.
WOUNDS = {
    "ticket without one visit, one event, one paper": [
        "DELETE FROM visits WHERE id = (SELECT max(visit_id) FROM tickets)",
        _event("check_in"),
        "DELETE FROM print_jobs WHERE id = (SELECT max(id) FROM print_jobs WHERE kind = 'ticket' AND copy_no = 0)",
    ],
    "visit, event, paper or nonce without ticket": [
        "DELETE FROM tickets WHERE id = (SELECT max(id) FROM tickets)",
        "DELETE FROM nonces WHERE nonce = (SELECT max(nonce) FROM nonces WHERE act = 'check_in')",
    ],
    "number taken without ticket": ["UPDATE sequences SET last = last + 1 WHERE series LIKE 'ticket:%'"],
    "call without its event": [_event("call"), "DELETE FROM calls WHERE id = (SELECT max(id) FROM calls)"],
    "ticket marked without its event": [_event("start"), _event("miss"), _event("complete")],
    "visit that stands elsewhere than its ticket": [
        "UPDATE visits SET state = 'registered', left_at = NULL WHERE id ="
        " (SELECT max(visit_id) FROM tickets WHERE state = 'completed')",
        "UPDATE visits SET state = 'in_reception' WHERE id ="
        " (SELECT max(visit_id) FROM tickets WHERE state = 'waiting')",
    ],
    "copy without its event or its nonce": [
        _event("reprint"),
        "DELETE FROM nonces WHERE nonce = (SELECT max(nonce) FROM nonces WHERE act = 'reprint')",
    ],
    "paper marked without its event": [_event("void_paper"), _event("paper_came_out")],
    "event of a mark without the marked paper": [
        "UPDATE print_jobs SET looked_at = NULL WHERE id = (SELECT max(json_extract(detail, '$.paper')) FROM events"
        " WHERE what = 'paper_came_out')",
        "UPDATE print_jobs SET state = 'queued', ended_at = NULL WHERE id ="
        " (SELECT max(json_extract(detail, '$.paper')) FROM events WHERE what = 'void_paper')",
    ],
    "dispatch without one work order": [
        "DELETE FROM work_orders WHERE id = (SELECT max(id) FROM work_orders)",
        "UPDATE cases SET state = 'registered' WHERE id = (SELECT max(case_id) FROM repairs)",
    ],
    "signature without its event": [_event("sign_booking")],
    "booking that stands elsewhere than its signatures": [
        "UPDATE cases SET state = 'signing' WHERE id = (SELECT max(id) FROM cases WHERE state = 'admitted')",
    ],
    "told to sign what was signed": [
        "UPDATE tellings SET seen_at = NULL, seen_by = NULL WHERE id ="
        " (SELECT min(id) FROM tellings WHERE what = 'to_sign' AND seen_at IS NOT NULL)",
    ],
    "work signed by half": [
        _event("sign"),
        "UPDATE cases SET state = 'finished' WHERE id = (SELECT max(id) FROM cases WHERE state = 'signed')",
        "UPDATE work_orders SET state = 'live' WHERE id = (SELECT max(id) FROM work_orders WHERE state = 'done')",
    ],
    "signature of work without its nonce": ["DELETE FROM nonces WHERE act = 'sign'"],
}  # fmt: skip

_TICKET = "(SELECT id FROM tickets WHERE no = :no)"
_CASE = "(SELECT id FROM cases WHERE no = :no)"
_WORK = "(SELECT case_id FROM work_orders WHERE no = :order_no)"


def _event_of(what: str, subject: str) -> str:
    return f"DELETE FROM events WHERE what = {what} AND subject_id = {subject}"  # noqa: S608


def _nonce_of(act: str, result: str) -> str:
    return f"DELETE FROM nonces WHERE act = '{act}' AND result = {result}"  # noqa: S608


# For each act, what is taken from one that was acknowledged, so that it is there in part.
PARTS = {
    "check_in": [
        _event_of("'check_in'", _TICKET),
        _nonce_of("check_in", _TICKET),
        "DELETE FROM print_jobs WHERE ref = (SELECT 'ticket:' || id FROM tickets WHERE no = :no)",
    ],
    "call": [
        _event_of("'call'", _TICKET),
        "DELETE FROM calls WHERE ticket_id = (SELECT id FROM tickets WHERE no = :no)",
    ],
    "mark_ticket": [_event_of(":mark", _TICKET), "UPDATE tickets SET state = 'called', counter = NULL WHERE no = :no"],
    "dispatch": [
        _event_of("'dispatch'", _CASE),
        "DELETE FROM work_orders WHERE no = :order_no",
        "DELETE FROM print_jobs WHERE ref = (SELECT 'case:' || id FROM cases WHERE no = :no) AND kind = 'work_order'",
    ],
    "sign_booking": [
        _event_of("'sign_booking'", _CASE),
        "UPDATE endorsements SET state = 'pending', signed_at = NULL WHERE id = :signature",
    ],
    "sign_work": [
        _event_of("'sign'", _WORK),
        _nonce_of("sign", _WORK),
        "UPDATE cases SET state = 'finished' WHERE id = (SELECT case_id FROM work_orders WHERE no = :order_no)",
    ],
    "reprint": [
        "DELETE FROM events WHERE what = 'reprint' AND json_extract(detail, '$.job') = :job",
        _nonce_of("reprint", ":job"),
    ],
    "print": ["UPDATE print_jobs SET state = 'queued', sending_at = NULL WHERE id = :job"],
    "mark_paper": [
        "DELETE FROM events WHERE what = :mark AND json_extract(detail, '$.paper') = :job",
        "UPDATE print_jobs SET state = 'printed', looked_at = NULL WHERE id = :job",
    ],
}


@pytest.fixture(scope="module")
def evening(full: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store after every act of the recorded morning, without what guards it from being wounded."""
    disk = Disk(full.before)
    for call in full.calls:
        disk.feed(call)
    folder = tmp_path_factory.mktemp("evening")
    lay_out(disk.after_crash("all", random.Random(1)), folder)
    path = folder / "lobbydesk.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
    return path


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    # What a constraint forbids a crash may do all the same.
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return connection


def _wounded(connection: sqlite3.Connection, wound: str, ack: Ack) -> None:
    connection.execute("BEGIN")
    assert connection.execute(wound, ack).rowcount > 0, wound


def test_every_half_act_is_seen(evening: Path) -> None:
    assert set(WOUNDS) == set(HALF)
    with closing(_opened(evening)) as connection:
        assert {what for what, sql in HALF.items() if connection.execute(sql).fetchone()[0]} == set()
        for what, wounds in WOUNDS.items():
            for wound in wounds:
                _wounded(connection, wound, {})
                assert connection.execute(HALF[what]).fetchone()[0] > 0, wound
                connection.execute("ROLLBACK")


def test_every_part_of_an_acknowledged_act_is_missed(evening: Path, full: Run) -> None:
    assert set(PARTS) == set(WHOLE)
    # Each kind once, and each mark.
    acks = {(ack["act"], ack.get("mark"), ack.get("admits")): ack for ack in full.acks[1:]}
    with closing(_opened(evening)) as connection:
        for ack in acks.values():
            assert is_whole(connection, ack)
            for part in PARTS[ack["act"]]:
                _wounded(connection, part, ack)
                assert not is_whole(connection, ack), (ack, part)
                connection.execute("ROLLBACK")
        signed = next(ack for ack in full.acks if ack.get("admits"))
        connection.execute("UPDATE cases SET state = 'signing' WHERE no = ?", [signed["no"]])
        assert not is_whole(connection, signed)
