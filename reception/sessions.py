"""Sessions at the desk (登录会话): open while somebody works, locked when nobody does, over after twelve hours.

A locked session is not gone: the same person gives his password and goes on where he was. Its key opens nothing until
then, and is another one afterwards.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store, writing
from reception import counters, events
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock

IDLE = counters.LEFT_AFTER
# Since the password was given, whatever was done in between (NIST SP 800-63B, 2.2.3).
LIFE = timedelta(hours=12)
# seen_at is written at most so often: a busy desk must not add a commit to every press.
SEEN_EVERY = timedelta(minutes=1)
# Of the key's hash: so much tells one session from another on a page, and opens nothing.
MARK = 16

_SELECT = (
    "SELECT sessions.*, staff.id, staff.login, staff.name, staff.role, staff.department, staff.must_change,"
    " staff.unconfirmed"
    " FROM sessions JOIN staff ON staff.id = sessions.staff_id WHERE staff.active = 1"
)


@dataclass(frozen=True, slots=True)
class Session:
    """Who sits at the desk, and at which counter (None: none chosen yet).

    `must_change`: he came in with a one-time code, and does nothing before he has changed it. `locked`: nothing is
    shown or done before he has given his password again.
    """

    key_hash: str
    actor: Actor
    counter: str | None
    must_change: bool = False
    locked: bool = False
    login: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as a list shows it; times are UTC text. `mark` names it, `own` is the reader's own."""

    mark: str
    login: str
    name: str
    device: str
    created_at: str
    seen_at: str
    counter: str | None
    locked: bool
    own: bool


def hash_of(key: str) -> str:
    """Return what the store keeps of a key."""
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def actor_of(row: Row) -> Actor:
    """Return who a row of the staff is."""
    return Actor(Role(row["role"]), row["id"], row["name"], row["department"], bool(row["unconfirmed"]))


def open_session(
    store: Store, who: Actor, now: datetime, *, device: str = "", counter: str | None = None, what: str = "log_in"
) -> str:
    """Open a session for somebody who proved who he is; return its key. Old ones are cleared away."""
    key = secrets.token_urlsafe(32)
    with writing(store):
        at = events.moment(store, now)
        clear_idle(store, by=who, at=at)
        store.execute(
            "INSERT INTO sessions (key_hash, staff_id, created_at, seen_at, device, counter) VALUES (?, ?, ?, ?, ?, ?)",
            [hash_of(key), who.id, clock.to_text(at), clock.to_text(at), device[:40], counter],
        )
        events.record(store, what, "staff", who.id or 0, by=who, at=at)
    return key


def clear_idle(store: Store, *, by: Actor, at: datetime) -> int:
    """Lock the sessions that were idle too long and end those whose time is over, inside an act; return how many.

    A counter that nobody sits at any more closes; whoever unlocks finds it open again.
    """
    idle, over = clock.to_text(at - IDLE), clock.to_text(at - LIFE)
    left = store.rows(
        "SELECT DISTINCT counter FROM sessions WHERE counter IS NOT NULL AND (created_at < :over OR seen_at < :idle)",
        {"idle": idle, "over": over},
    )
    ended = store.execute("DELETE FROM sessions WHERE created_at < ?", [over]).rowcount
    sql = "UPDATE sessions SET locked_at = ? WHERE locked_at IS NULL AND seen_at < ?"
    locked = store.execute(sql, [clock.to_text(at), idle]).rowcount
    for row in left:
        counters.close_idle(store, row["counter"], by=by, at=at)
    return ended + locked


def any_idle(store: Store, before: str) -> bool:
    """Whether an open session was last used before (UTC text, `IDLE` ago), or one is over: its counter is to close."""
    over = clock.to_text(clock.from_text(before) + IDLE - LIFE)
    sql = "SELECT EXISTS (SELECT 1 FROM sessions WHERE created_at < ? OR (locked_at IS NULL AND seen_at < ?))"
    return bool(store.value(sql, [over, before]))


def session(store: Store, key: str, *, look: bool = False, now: datetime) -> Session | None:
    """Return the session of a key, locked after 15 minutes without use; None when there is none or it is over.

    A `look` of the page's own is no use: it does not keep the session open.
    """
    row = store.row(f"{_SELECT} AND sessions.key_hash = ?", [hash_of(key)])
    at = events.moment(store, now)
    if row is None or not within(row["created_at"], at, LIFE):
        return None
    locked = row["locked_at"] is not None
    if not locked and not within(row["seen_at"], at, IDLE):
        locked = True
        _lock(store, row["key_hash"], why="idle", by=actor_of(row), now=now)
    if not locked and not look and not within(row["seen_at"], at, SEEN_EVERY):
        with writing(store):
            store.execute("UPDATE sessions SET seen_at = ? WHERE key_hash = ?", [clock.to_text(at), row["key_hash"]])
    return Session(row["key_hash"], actor_of(row), row["counter"], bool(row["must_change"]), locked, row["login"])


def within(since: str | None, at: datetime, span: timedelta) -> bool:
    """Whether a moment (UTC text, None: never) is less than a span ago."""
    return since is not None and at - clock.from_text(since) < span


def is_open(store: Store, key: str, *, now: datetime) -> bool:
    """Whether a key opens anything now: what a stream asks while it runs. Writes nothing."""
    row = store.row(
        "SELECT created_at, seen_at, locked_at FROM sessions JOIN staff ON staff.id = staff_id"
        " WHERE key_hash = ? AND active = 1",
        [hash_of(key)],
    )
    at = events.moment(store, now)
    return (
        row is not None
        and row["locked_at"] is None
        and within(row["seen_at"], at, IDLE)
        and within(row["created_at"], at, LIFE)
    )


def lock(store: Store, sitting: Session, *, now: datetime) -> None:
    """Lock one's own screen (锁屏). Twice is once."""
    _lock(store, sitting.key_hash, why="asked", by=sitting.actor, now=now)


def _lock(store: Store, key_hash: str, *, why: str, by: Actor, now: datetime) -> None:
    with writing(store):
        at = events.moment(store, now)
        sql = "UPDATE sessions SET locked_at = ? WHERE key_hash = ? AND locked_at IS NULL"
        if not store.changed(sql, [clock.to_text(at), key_hash]):
            return
        events.record(store, "lock_session", "staff", by.id or 0, by=by, at=at, why=why)
        counter = store.value("SELECT counter FROM sessions WHERE key_hash = ?", [key_hash])
        # Whoever locks by hand is back in a moment: his counter closes only once he was idle too long.
        if counter and why == "idle":
            counters.close_idle(store, counter, by=by, at=at)


def unlock(store: Store, sitting: Session, *, device: str = "", now: datetime) -> str:
    """Go on with a session whose person has proved who he is; return its new key. His counter opens again."""
    with writing(store):
        at = events.moment(store, now)
        store.execute("DELETE FROM sessions WHERE key_hash = ?", [sitting.key_hash])
        key = open_session(store, sitting.actor, now, device=device, counter=sitting.counter, what="unlock_session")
        state = store.value("SELECT state FROM counters WHERE no = ? AND active = 1", [sitting.counter])
        if sitting.counter and state == "closed":
            counters.wake(store, sitting.counter, by=sitting.actor, at=at)
        return key


def log_out(store: Store, sitting: Session, *, now: datetime) -> None:
    """End the session."""
    with writing(store):
        _end(store, [sitting.key_hash], "log_out", by=sitting.actor, at=events.moment(store, now))


def _end(store: Store, key_hashes: list[str], what: str, *, by: Actor, at: datetime) -> None:
    for key_hash in key_hashes:
        row = store.row("SELECT staff_id, counter FROM sessions WHERE key_hash = ?", [key_hash])
        if row is None:
            continue
        store.execute("DELETE FROM sessions WHERE key_hash = ?", [key_hash])
        if row["counter"]:
            counters.close_idle(store, row["counter"], by=by, at=at)
        events.record(store, what, "staff", row["staff_id"], by=by, at=at)


def end_all(store: Store, staff_id: int, *, but: str = "", by: Actor, at: datetime) -> int:
    """End every session of a member of staff, inside an act, `but` the one of this key's hash; return how many."""
    rows = store.rows("SELECT key_hash FROM sessions WHERE staff_id = ? AND key_hash <> ?", [staff_id, but])
    _end(store, [row["key_hash"] for row in rows], "end_session", by=by, at=at)
    return len(rows)


def own(store: Store, sitting: Session, *, now: datetime) -> list[Listed]:
    """Return one's own sessions that are not over, the newest first."""
    return _listed(store, "staff.id = ?", [sitting.actor.id], sitting.key_hash, now)


def everybody(store: Store, sitting: Session, *, login: str = "", now: datetime) -> list[Listed]:
    """Return the sessions of all the staff, or of one, for those who manage the staff."""
    permit(sitting.actor, "manage_staff")
    return _listed(store, "(? IN ('', staff.login))", [login], sitting.key_hash, now)


def _listed(store: Store, where: str, values: list[object], own_hash: str, now: datetime) -> list[Listed]:
    at = events.moment(store, now)
    over = clock.to_text(at - LIFE)
    rows = store.rows(f"{_SELECT} AND {where} AND created_at >= ? ORDER BY seen_at DESC", [*values, over])
    return [
        Listed(
            row["key_hash"][:MARK],
            row["login"],
            row["name"],
            row["device"],
            row["created_at"],
            row["seen_at"],
            row["counter"],
            row["locked_at"] is not None or not within(row["seen_at"], at, IDLE),
            row["key_hash"] == own_hash,
        )
        for row in rows
    ]


def end_own(store: Store, sitting: Session, *, mark: str, now: datetime) -> None:
    """End one of one's own sessions, not the one at which one sits. Refuses `session_gone`, also for another's."""
    with writing(store):
        row = store.row(
            "SELECT key_hash FROM sessions WHERE substr(key_hash, 1, ?) = ? AND staff_id = ? AND key_hash <> ?",
            [MARK, mark, sitting.actor.id, sitting.key_hash],
        )
        if row is None:
            raise Refused("session_gone")
        _end(store, [row["key_hash"]], "end_session", by=sitting.actor, at=events.moment(store, now))


def end_others(store: Store, sitting: Session, *, now: datetime) -> int:
    """End all of one's own sessions but the one at which one sits; return how many."""
    with writing(store):
        at = events.moment(store, now)
        return end_all(store, sitting.actor.id or 0, but=sitting.key_hash, by=sitting.actor, at=at)


def revoke(store: Store, sitting: Session, *, login: str, mark: str = "", now: datetime) -> None:
    """End a session of a member of staff, or all (`mark` ''), but the one at which one sits. Refuses `session_gone`."""
    permit(sitting.actor, "manage_staff")
    with writing(store):
        rows = store.rows(
            "SELECT key_hash FROM sessions WHERE staff_id = (SELECT id FROM staff WHERE login = ?) AND key_hash <> ?"
            " AND ? IN ('', substr(key_hash, 1, ?))",
            [login, sitting.key_hash, mark, MARK],
        )
        if not rows:
            raise Refused("session_gone")
        hashes = [row["key_hash"] for row in rows]
        _end(store, hashes, "end_session", by=sitting.actor, at=events.moment(store, now))


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right no session was used or begun later than now: it would stay open until then."""
    moment = {"now": clock.to_text(at)}
    store.execute("UPDATE sessions SET seen_at = min(seen_at, :now), created_at = min(created_at, :now)", moment)
