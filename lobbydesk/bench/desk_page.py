"""The pages of the desk with a year behind them and a thousand open cases, against those of a new centre."""

import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.store import Store, open_store, writing
from lobbydesk.bench import centre, history
from lobbydesk.bench.figures import Row, ratio
from lobbydesk.bench.services import request, serving
from lobbydesk.home import store_path
from reception import complaints, queue, repairs, staff, work_orders
from reception.permissions import Actor, Role

# What whoever sits at the counter looks at all day, the first of them first.
PAGES = ("/", "/queue/counter", "/queue/list", "/queue/box", "/today", "/cases", "/board", "/due")
A_DAY = 33
PAST = """
CREATE TEMP TABLE past AS
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
SELECT i, (i - 1) % :a_day + 1 AS number, date(:first_on, ((i - 1) / :a_day) || ' days') AS day_on,
       strftime('%H:%M:%S.000Z', (i - 1) % :a_day * 60, 'unixepoch') AS o_clock,
       (SELECT min(id) + i % count(*) FROM units) AS unit_id
FROM n
"""
# Cancelled: what a case must bring before it ends otherwise would make this longer than the year it stands for.
CASES = (
    "INSERT INTO cases (id, no, token, kind, state, unit_id, name, phone, owner_id, department, received_at,"
    " changed_at) SELECT i, printf('BX%s-%03d', replace(day_on, '-', ''), number), hex(randomblob(13)), 'repair',"
    " 'registered', unit_id, '住户' || (i % 997), printf('139%08d', i % 9973),"
    " (SELECT min(id) FROM staff WHERE role = 'receptionist'), 'maintenance', day_on || 'T' || o_clock,"
    " day_on || 'T' || o_clock FROM past",
    "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency)"
    " SELECT i, 'water', '水龙头漏水', '', '下午', 'ordinary' FROM past",
    "INSERT INTO deadlines (case_id, clock, round, due_at, reason, at, by_role)"
    " SELECT i, 'response', 0, day_on || 'T23:00:00.000Z', 'started', day_on || 'T' || o_clock, 'box' FROM past",
    "INSERT INTO clocks (case_id, clock, round, started_at, due_at, stopped_at, void)"
    " SELECT i, 'response', 0, day_on || 'T' || o_clock, day_on || 'T23:00:00.000Z', day_on || 'T22:00:00.000Z', 1"
    " FROM past",
    "INSERT INTO feedback_notices (case_id, round, about, channel, receiver, text, at, by_id)"
    " SELECT i, 0, 'result', 'phone', '', '已告知', day_on || 'T21:00:00.000Z', (SELECT min(id) FROM staff) FROM past",
    "INSERT INTO events (at, what, subject, subject_id, by_role, to_state)"
    " SELECT day_on || 'T' || step.after, step.what, 'case', i, 'receptionist', step.to_state FROM past CROSS JOIN"
    " (SELECT '20:00:00.000Z' AS after, 'open_repair' AS what, 'registered' AS to_state"
    " UNION ALL SELECT '21:00:00.000Z', 'feedback', NULL UNION ALL SELECT '22:00:00.000Z', 'cancel', 'cancelled')"
    " AS step ORDER BY day_on, step.after, i",
    "UPDATE cases SET state = 'cancelled', closed_at = changed_at",
)


def a_year(home: Path, *, closed: int, visits: int, still_open: int) -> None:
    """Fill a new centre: a year of cases, the visits of its last weeks, and cases that are open now."""
    path, now = store_path(home), datetime.now(UTC)
    first_on = now - timedelta(days=visits // history.A_DAY + 4 + closed // A_DAY)
    values = {"count": closed, "a_day": A_DAY, "first_on": first_on.date().isoformat()}
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(PAST, values)
        connection.execute("BEGIN IMMEDIATE")
        for statement in CASES:
            connection.execute(statement, {})
        connection.execute("COMMIT")
    history.fill(path, visits)
    with closing(open_store(path, synchronous="NORMAL")) as store:
        _open_cases(store, still_open, now)
        with writing(store):
            store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")


def _open_cases(store: Store, count: int, now: datetime) -> None:
    """Take in cases by their own acts, over the last hours: seven in ten repairs, most of them sent out."""
    front = _front(store)
    homes = [
        f"{building}-{unit}-{room}" for building, unit, room in store.rows("SELECT building, unit, room FROM units")
    ]
    for number in range(count):
        at = now - timedelta(hours=8) + timedelta(hours=8) * number / count
        name, phone, home = f"住户{number % 97}", f"139{number:08d}", homes[number % len(homes)]
        if number % 10 > 6:
            complaints.register(
                store,
                nonce=f"c{number}",
                name=name,
                phone=phone,
                unit=home,
                category="noise",
                facts="夜间施工",
                severity="",
                by=front,
                now=at,
            )
            continue
        case = repairs.register(
            store,
            nonce=f"r{number}",
            name=name,
            phone=phone,
            unit=home,
            category="water",
            content="水龙头漏水",
            place="",
            convenient_time="下午",
            urgency="urgent" if number % 7 == 0 else "ordinary",
            by=front,
            now=at,
        )
        if number % 10 < 5:
            worker = "zhaogang" if number % 2 else ""
            department = "" if worker else "maintenance"
            work_orders.dispatch(store, no=case.no, worker=worker, department=department, by=front, now=at)


def _front(store: Store) -> Actor:
    row = store.row("SELECT * FROM staff WHERE role = ?", [Role.RECEPTIONIST])
    assert row is not None
    return staff.actor_of(row)


def _sit_down(home: Path) -> str:
    """Sit down at a counter with somebody at it and some who wait; return the key of the session."""
    with closing(open_store(store_path(home))) as store:
        front, now = _front(store), datetime.now(UTC)
        for _ in range(12):
            centre.tap(store)
        key = staff.open_session(store, front, now)
        seated = staff.session(store, key, now=now)
        assert seated is not None
        staff.choose_counter(store, seated, "1", now=now)
        queue.call_next(store, counter="1", by=front, now=now)
    return key


def _timed(get: Callable[[], object]) -> float:
    begins = time.perf_counter()
    get()
    return time.perf_counter() - begins


def measure(folder: Path, small: Path, year: Path, *, rounds: int, still_open: int) -> list[Row]:
    """Return the rows of the pages, in the new centre `small` and the one with the year behind it."""
    log = folder / "desk_page.log"
    times: dict[str, tuple[list[float], list[float]]] = {page: ([], []) for page in PAGES}
    with ExitStack() as stack:
        doors = []
        for home in (small, year):
            cookie = {"Cookie": f"desk={_sit_down(home)}"}
            doors.append((stack.enter_context(serving("desk", home, log))[1], cookie))
        for number in range(rounds + 1):
            for page, found in times.items():
                for (port, cookie), kept in zip(doors, found, strict=True):
                    took = _timed(lambda port=port, page=page, cookie=cookie: _get(port, page, cookie))  # type: ignore[misc]
                    # The first round reads templates and opens the store.
                    if number:
                        kept.append(took)
    return _rows(times, still_open)


def _get(port: int, page: str, cookie: dict[str, str]) -> None:
    status, _, body = request(port, "GET", page, headers=cookie)
    if status != 200:
        raise RuntimeError(f"{page} was answered with {status}: {body[:200]}")


def _rows(times: dict[str, tuple[list[float], list[float]]], still_open: int) -> list[Row]:
    (_, (near, far)), *others = times.items()
    slowest, (before, after) = max(others, key=lambda one: statistics.median(one[1][1]))
    return [
        Row(
            f"desk page after a year, {still_open:,} cases open, time against a new centre",
            f"{ratio(far, near):.2f} ({statistics.median(far) * 1000:.0f} ms, {statistics.median(near) * 1000:.0f} ms)",
            "<= 4, 100 ms",
        ),
        Row(
            "slowest other page of the receptionist's day there",
            f"{ratio(after, before):.2f} ({slowest}: {statistics.median(after) * 1000:.0f} ms)",
            "<= 40, 250 ms",
        ),
    ]
