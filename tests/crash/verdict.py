"""The judge of a store after a crash: is it sound, is every acknowledged act in it whole, and none by half?"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.crash.workload import Ack, fingerprint

# Each act with everything that it commits together; exactly one row must come back.
WHOLE = {
    "check_in": (
        "SELECT count(*) FROM tickets JOIN visits ON visits.id = tickets.visit_id"
        " JOIN events ON subject = 'ticket' AND subject_id = tickets.id AND what = 'check_in'"
        " JOIN print_jobs ON ref = 'ticket:' || tickets.id AND print_jobs.kind = 'ticket'"
        " JOIN nonces ON act = 'check_in' AND result = tickets.id"
        " WHERE no = :no AND token = :token"
    ),
    "call": (
        "SELECT count(*) FROM tickets JOIN calls ON ticket_id = tickets.id"
        " JOIN events ON subject = 'ticket' AND subject_id = tickets.id AND what = 'call'"
        " WHERE no = :no AND calls.counter = :counter AND tickets.state IN ('called', 'completed')"
    ),
    "dispatch": (
        "SELECT count(*) FROM cases JOIN repairs ON repairs.case_id = cases.id"
        " JOIN work_orders ON work_orders.case_id = cases.id"
        " WHERE cases.no = :no AND cases.token = :token AND cases.state = 'dispatched' AND work_orders.no = :order_no"
        " AND (SELECT count(*) FROM print_jobs WHERE ref = 'case:' || cases.id AND kind = 'repair_receipt'"
        "      AND copy_no = 0) = 1"
        " AND (SELECT count(*) FROM print_jobs WHERE ref = 'case:' || cases.id AND kind = 'work_order') = 2"
        " AND (SELECT count(*) FROM events WHERE subject = 'case' AND subject_id = cases.id"
        "      AND what <> 'reprint') = 2"
    ),
    "reprint": (
        "SELECT count(*) FROM print_jobs JOIN nonces ON act = 'reprint' AND result = print_jobs.id"
        " JOIN events ON what = 'reprint' AND json_extract(detail, '$.job') = print_jobs.id"
        " WHERE print_jobs.id = :job AND copy_no > 0"
    ),
    # What was being sent may meanwhile have ended.
    "print": (
        "SELECT count(*) FROM print_jobs WHERE id = :job AND sending_at IS NOT NULL"
        " AND (state = :state OR :state = 'sending' AND state IN ('printed', 'uncertain'))"
    ),
}
# Each counts what can only be half an act.
HALF = {
    "ticket without one visit, one event, one paper": (
        "SELECT count(*) FROM tickets WHERE NOT EXISTS (SELECT 1 FROM visits WHERE id = visit_id)"
        " OR (SELECT count(*) FROM events WHERE subject = 'ticket' AND subject_id = tickets.id"
        "     AND what = 'check_in') <> 1"
        " OR (SELECT count(*) FROM print_jobs WHERE ref = 'ticket:' || tickets.id) <> 1"
    ),
    "visit, event, paper or nonce without ticket": (
        "SELECT abs((SELECT count(*) FROM visits) - tickets)"
        " + abs((SELECT count(*) FROM events WHERE what = 'check_in') - tickets)"
        " + abs((SELECT count(*) FROM print_jobs WHERE kind = 'ticket') - tickets)"
        " + abs((SELECT count(*) FROM nonces WHERE act = 'check_in') - tickets)"
        " FROM (SELECT count(*) AS tickets FROM tickets)"
    ),
    "number taken without ticket": (
        "SELECT count(*) FROM sequences WHERE series LIKE 'ticket:%'"
        " AND last <> (SELECT count(*) FROM tickets WHERE series = 'ticket:' || prefix || ':' || day_on)"
    ),
    "call without its event": (
        "SELECT abs((SELECT count(*) FROM calls) - (SELECT count(*) FROM events WHERE what = 'call'))"
    ),
    "copy without its event or its nonce": (
        "SELECT abs((SELECT count(*) FROM events WHERE what = 'reprint') - copies)"
        " + abs((SELECT count(*) FROM nonces WHERE act = 'reprint') - copies)"
        " FROM (SELECT count(*) AS copies FROM print_jobs WHERE copy_no > 0)"
    ),
    "dispatch without one work order": (
        "SELECT count(*) FROM cases WHERE state <> 'dispatched'"
        " OR (SELECT count(*) FROM work_orders WHERE case_id = cases.id) <> 1"
    ),
}


def lay_out(files: dict[str, bytes], folder: Path) -> None:
    """Write the files found after a crash; whatever lay in the folder is gone."""
    for old in folder.iterdir():
        old.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def judge(path: Path, acks: Sequence[Ack], acknowledged: int) -> list[str]:
    """Open a store after a crash; return what is wrong with it, nothing if all is well.

    `acks` are all the acts of the run with the fingerprint after each, the first being the opening; those up
    to index `acknowledged` were acknowledged before the crash. "lost: ..." is an acknowledged act that is not
    there; "broken: ..." is anything else: a file unsound, half an act, a state that never was.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        try:
            return _unsound(connection) or _wrong(connection, acks, acknowledged)
        except sqlite3.DatabaseError as error:
            return [f"broken: {error}"]


def _unsound(connection: sqlite3.Connection) -> list[str]:
    found = (
        connection.execute("PRAGMA integrity_check").fetchall()
        + connection.execute("PRAGMA foreign_key_check").fetchall()
    )
    return [] if found == [("ok",)] else [f"broken: {found}"]


def _wrong(connection: sqlite3.Connection, acks: Sequence[Ack], acknowledged: int) -> list[str]:
    lost = [f"lost: {ack}" for ack in acks[1 : acknowledged + 1] if not is_whole(connection, ack)]
    broken = [f"broken: {what}" for what, sql in HALF.items() if connection.execute(sql).fetchone()[0]]
    # The store stands exactly where it stood after some act; the act under way may be in it, no later one.
    was = [ack["fingerprint"] for ack in acks[: acknowledged + 2]]
    now = fingerprint(connection)
    if now not in was:
        broken.append("broken: a state in which the store never was")
    elif (was.index(now) < acknowledged) != bool(lost):
        broken.append(f"broken: {was.index(now)} of {acknowledged} acts are there, but missing are {lost}")
    return lost + broken


def is_whole(connection: sqlite3.Connection, ack: Ack) -> bool:
    """Tell whether an acknowledged act is in the store with everything that belongs to it."""
    wanted = {key: value for key, value in ack.items() if key not in {"act", "fingerprint"}}
    count: int = connection.execute(WHOLE[ack["act"]], wanted).fetchone()[0]
    return count == 1
