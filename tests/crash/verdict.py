"""The judge of a store after a crash: is it sound, is every acknowledged act in it whole, and none by half?"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.crash.morning import Ack
from tests.crash.workload import fingerprint

# Each act with everything that it commits together; exactly one row must come back.
WHOLE = {
    "check_in": (
        "SELECT count(*) FROM tickets JOIN visits ON visits.id = tickets.visit_id"
        " JOIN events ON subject = 'ticket' AND subject_id = tickets.id AND what = 'check_in'"
        " JOIN print_jobs ON ref = 'ticket:' || tickets.id AND print_jobs.kind = 'ticket'"
        " JOIN nonces ON act = 'check_in' AND result = tickets.id"
        " WHERE no = :no AND token = :token"
    ),
    # Whom a counter called it may meanwhile have received, or missed.
    "call": (
        "SELECT count(*) FROM tickets JOIN calls ON ticket_id = tickets.id"
        " JOIN events ON subject = 'ticket' AND subject_id = tickets.id AND what = 'call'"
        " WHERE no = :no AND calls.counter = :counter"
        " AND tickets.state IN ('called', 'serving', 'completed', 'missed')"
    ),
    "mark_ticket": (
        "SELECT count(*) FROM tickets JOIN visits ON visits.id = visit_id"
        " JOIN events ON subject = 'ticket' AND subject_id = tickets.id AND what = :mark"
        " WHERE no = :no AND CASE :mark"
        " WHEN 'miss' THEN tickets.state = 'missed' AND misses = 1 AND counter IS NULL"
        " WHEN 'start' THEN tickets.state IN ('serving', 'completed') AND started_at = events.at"
        "  AND visits.state IN ('in_reception', 'closed')"
        " ELSE tickets.state = 'completed' AND ended_at = events.at AND visits.state = 'closed' END"
    ),
    "dispatch": (
        "SELECT count(*) FROM cases JOIN repairs ON repairs.case_id = cases.id"
        " JOIN work_orders ON work_orders.case_id = cases.id"
        " WHERE cases.no = :no AND cases.token = :token AND cases.state = 'dispatched' AND work_orders.no = :order_no"
        " AND (SELECT count(*) FROM print_jobs WHERE ref = 'case:' || cases.id AND kind = 'repair_receipt'"
        "      AND copy_no = 0) = 1"
        " AND (SELECT count(*) FROM print_jobs WHERE ref = 'case:' || cases.id AND kind = 'work_order') = 2"
        " AND (SELECT count(*) FROM events WHERE subject = 'case' AND subject_id = cases.id"
        "      AND what NOT IN ('reprint', 'void_paper', 'paper_came_out')) = 2"
    ),
    # The signature with all three that it says (RUL-06); the last one with what it leads to.
    "sign_booking": (
        "SELECT count(*) FROM endorsements JOIN cases ON cases.id = case_id"
        " JOIN events ON subject = 'case' AND subject_id = case_id AND what = 'sign_booking'"
        "  AND json_extract(detail, '$.signature') = endorsements.id"
        " WHERE endorsements.id = :signature AND cases.no = :no AND endorsements.state = 'agreed'"
        " AND signed_by = by_id AND signed_at = events.at AND opinion <> '' AND deadline_on <> ''"
        " AND (NOT :admits OR cases.state = 'admitted' AND EXISTS (SELECT 1 FROM events AS next"
        "      WHERE next.subject = 'case' AND next.subject_id = case_id AND next.what = 'admit'))"
    ),
    "sign_work": (
        "SELECT count(*) FROM work_orders JOIN cases ON cases.id = case_id"
        " JOIN events ON subject = 'case' AND subject_id = case_id AND what = 'sign'"
        " JOIN nonces ON act = 'sign' AND result = case_id"
        " WHERE work_orders.no = :order_no AND work_orders.state = 'done' AND signed_how = 'paper'"
        " AND signed_at = events.at AND signed_seen_by = by_id AND cases.state = 'signed'"
    ),
    "reprint": (
        "SELECT count(*) FROM print_jobs JOIN nonces ON act = 'reprint' AND result = print_jobs.id"
        " JOIN events ON what = 'reprint' AND json_extract(detail, '$.job') = print_jobs.id"
        " WHERE print_jobs.id = :job AND copy_no > 0"
    ),
    # What was being sent may meanwhile have ended, and then been looked at or declared void.
    "print": (
        "SELECT count(*) FROM print_jobs WHERE id = :job AND sending_at IS NOT NULL"
        " AND (state = :state OR :state = 'sending' AND state IN ('printed', 'uncertain'))"
    ),
    "mark_paper": (
        "SELECT count(*) FROM print_jobs JOIN events ON what = :mark AND json_extract(detail, '$.paper') = :job"
        " WHERE print_jobs.id = :job"
        " AND iif(:mark = 'void_paper', state = 'void' AND ended_at = events.at, looked_at = events.at)"
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
    "ticket marked without its event": (
        "SELECT abs((SELECT count(*) FROM tickets WHERE started_at IS NOT NULL)"
        "           - (SELECT count(*) FROM events WHERE what = 'start'))"
        " + abs((SELECT total(misses) FROM tickets) - (SELECT count(*) FROM events WHERE what = 'miss'))"
        " + abs((SELECT count(*) FROM tickets WHERE state = 'completed')"
        "       - (SELECT count(*) FROM events WHERE what = 'complete'))"
    ),
    "visit that stands elsewhere than its ticket": (
        "SELECT count(*) FROM visits JOIN tickets ON visit_id = visits.id WHERE visits.state <> CASE tickets.state"
        " WHEN 'serving' THEN 'in_reception' WHEN 'completed' THEN 'closed' ELSE 'registered' END"
    ),
    "copy without its event or its nonce": (
        "SELECT abs((SELECT count(*) FROM events WHERE what = 'reprint') - copies)"
        " + abs((SELECT count(*) FROM nonces WHERE act = 'reprint') - copies)"
        " FROM (SELECT count(*) AS copies FROM print_jobs WHERE copy_no > 0)"
    ),
    # A paper is looked at by a word of the desk or by its copy, or its number is over.
    "paper marked without its event": (
        "SELECT count(*) FROM print_jobs WHERE (state = 'void' AND error IS NULL OR looked_at IS NOT NULL"
        "  AND NOT EXISTS (SELECT 1 FROM tickets WHERE 'ticket:' || id = ref AND state = 'completed'))"
        " AND NOT EXISTS (SELECT 1 FROM events WHERE what IN ('void_paper', 'paper_came_out', 'reprint')"
        "                 AND json_extract(detail, '$.paper') = print_jobs.id)"
    ),
    "event of a mark without the marked paper": (
        "SELECT count(*) FROM events WHERE what IN ('void_paper', 'paper_came_out') AND NOT EXISTS ("
        " SELECT 1 FROM print_jobs WHERE id = json_extract(detail, '$.paper')"
        "  AND (state = 'void' OR looked_at IS NOT NULL))"
    ),
    "dispatch without one work order": (
        "SELECT count(*) FROM repairs JOIN cases ON cases.id = case_id WHERE cases.state = 'registered'"
        " OR (SELECT count(*) FROM work_orders WHERE work_orders.case_id = cases.id) <> 1"
    ),
    "signature without its event": (
        "SELECT abs((SELECT count(*) FROM endorsements WHERE state = 'agreed' AND step <> 'review')"
        "           - (SELECT count(*) FROM events WHERE what = 'sign_booking'))"
    ),
    "booking that stands elsewhere than its signatures": (
        "SELECT count(*) FROM visit_day_bookings JOIN cases ON cases.id = case_id WHERE (cases.state = 'admitted')"
        " = EXISTS (SELECT 1 FROM endorsements WHERE case_id = cases.id AND state = 'pending')"
    ),
    "told to sign what was signed": (
        "SELECT count(*) FROM tellings JOIN endorsements ON signed_by = staff_id AND signed_at > tellings.at"
        " WHERE what = 'to_sign' AND seen_at IS NULL AND state = 'agreed' AND step <> 'review'"
    ),
    "work signed by half": (
        "SELECT count(*) FROM work_orders JOIN cases ON cases.id = case_id WHERE (work_orders.state = 'done')"
        " <> (cases.state = 'signed') OR (cases.state = 'signed') <> EXISTS (SELECT 1 FROM events"
        "  WHERE subject = 'case' AND subject_id = cases.id AND what = 'sign')"
    ),
    "signature of work without its nonce": (
        "SELECT abs((SELECT count(*) FROM work_orders WHERE signed_at IS NOT NULL)"
        "           - (SELECT count(*) FROM nonces WHERE act = 'sign'))"
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
    lost = [f"lost: {ack['act']} {ack}" for ack in acks[1 : acknowledged + 1] if not is_whole(connection, ack)]
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
