"""Years of past visits, written straight into a store: what a box holds when it has served for long."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lobbydesk.bench.centre import LINE

A_DAY = 1000
APART_SECONDS = 30
LETTER = "A"

# A visit every half minute from midnight UTC on, so that the local day of the demo's zone is the same day.
PAST = """
CREATE TEMP TABLE past AS
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :visits)
SELECT i, (i - 1) % :a_day + 1 AS number,
       date(:first_on, ((i - 1) / :a_day) || ' days') AS day_on,
       time((i - 1) % :a_day * :apart, 'unixepoch') AS o_clock
FROM n
"""
# In this order: foreign keys are checked, and history never runs back.
TABLES = [
    "INSERT INTO visits (id, channel, purpose, arrived_at, state, left_at)"
    " SELECT i, 'kiosk', :line, day_on || 'T' || o_clock || '.000Z', 'closed', day_on || 'T' || o_clock || '.020Z'"
    " FROM past",
    "INSERT INTO tickets (id, visit_id, token, day_on, prefix, number, no, line, state, counter, served_by,"
    " issued_at, rank_at, calls, called_at, started_at, ended_at)"
    " SELECT i, i, hex(randomblob(13)), day_on, :letter, number, printf('%s%03d', :letter, number), :line,"
    " 'completed', '1', (SELECT min(id) FROM staff), day_on || 'T' || o_clock || '.000Z',"
    " day_on || 'T' || o_clock || '.000Z', 1, day_on || 'T' || o_clock || '.010Z',"
    " day_on || 'T' || o_clock || '.015Z', day_on || 'T' || o_clock || '.020Z' FROM past",
    "INSERT INTO calls (ticket_id, counter, at) SELECT i, '1', day_on || 'T' || o_clock || '.010Z' FROM past",
    "INSERT INTO events (at, what, subject, subject_id, by_role, to_state, detail)"
    " SELECT day_on || 'T' || o_clock || step.after, step.what, 'ticket', i, 'receptionist', step.to_state,"
    " json_object('line', :line) FROM past CROSS JOIN (SELECT '.000Z' AS after, 'check_in' AS what,"
    " 'waiting' AS to_state UNION ALL SELECT '.010Z', 'call', 'called'"
    " UNION ALL SELECT '.020Z', 'complete', 'completed') AS step ORDER BY i, step.after",
    "INSERT INTO print_jobs (printer, kind, ref, facts, wiped, state, queued_at, sending_at, ended_at)"
    " SELECT 'front', 'ticket', 'ticket:' || i, '{}', 1, 'printed',"
    " day_on || 'T' || o_clock || '.000Z', day_on || 'T' || o_clock || '.005Z', day_on || 'T' || o_clock || '.009Z'"
    " FROM past",
    "INSERT INTO nonces (nonce, act, fingerprint, result, at)"
    " SELECT hex(randomblob(16)), 'check_in', hex(randomblob(32)), i, day_on || 'T' || o_clock || '.000Z' FROM past",
    "INSERT INTO sequences (series, last)"
    " SELECT 'ticket:' || :letter || ':' || day_on, max(number) FROM past GROUP BY day_on",
]


def fill(path: Path, visits: int) -> None:
    """Write `visits` completed visits, with all that each leaves behind, into the store at `path`.

    The store must hold no visit yet, and nobody else may have it open. One transaction, all on the disk on return.
    """
    first_on = (datetime.now(UTC) - timedelta(days=visits // A_DAY + 2)).date().isoformat()
    values = {"visits": visits, "first_on": first_on, "a_day": A_DAY, "apart": APART_SECONDS}
    values |= {"line": LINE, "letter": LETTER}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # Nothing here need survive a crash: without a journal a million visits take a minute, not ten.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON", "cache_size = -131072"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute(PAST, values)
        connection.execute("BEGIN IMMEDIATE")
        for statement in TABLES:
            connection.execute(statement, values)
        connection.execute("COMMIT")
    # What the kernel still had to write would be paid by the measurements that follow.
    with path.open("rb") as file:
        os.fsync(file.fileno())
