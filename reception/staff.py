"""Members of staff and their sessions at the desk."""

import hashlib
import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from sqlite3 import Row
from typing import TYPE_CHECKING

from db.store import Store, writing
from reception import counters, events
from reception.lines import find_counter
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock

if TYPE_CHECKING:
    from argon2 import PasswordHasher

IDLE = timedelta(minutes=15)
# seen_at is written at most so often: a busy desk must not add a commit to every press.
SEEN_EVERY = timedelta(minutes=1)
MAX_FAILURES = 5
PASSWORD_LEAST = 10
LOCKED_FOR = timedelta(minutes=1)

# One hash at a time: each takes 19 MiB, and a flood of logins must not eat the box.
_hashing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Session:
    """Who sits at the desk, and at which counter (None: none chosen yet).

    `must_change`: he came in with a one-time code, and does nothing before he has changed it.
    """

    key_hash: str
    actor: Actor
    counter: str | None
    must_change: bool = False


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # box.md, Security


@cache
def _hash_of_nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))


def add(store: Store, *, login: str, name: str, role: Role, department: str, password: str) -> int:
    """Add a member of staff; return the id."""
    hashed = hash_password(password)
    with writing(store):
        return store.insert(
            "INSERT INTO staff (login, name, role, department, password_hash) VALUES (?, ?, ?, ?, ?)",
            [login, name, role, department, hashed],
        )


def active(store: Store, roles: Iterable[Role], department: str = "") -> list[tuple[str, str]]:
    """Return who works here in these roles, as (login, name), of one department or of all."""
    chosen = list(roles)
    rows = store.rows(
        f"SELECT login, name FROM staff WHERE active = 1 AND role IN ({','.join('?' * len(chosen))})"  # noqa: S608
        " AND (? IN ('', department)) ORDER BY name",
        [*chosen, department],
    )
    return [(row["login"], row["name"]) for row in rows]


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _hashing:
        return _hasher().hash(password)


def verify(password_hash: str, password: str) -> bool:
    """Whether this is the password, or the PIN, of a hash."""
    from argon2.exceptions import VerificationError

    with _hashing:
        try:
            return _hasher().verify(password_hash, password)
        except VerificationError:
            return False


def log_in(store: Store, *, name: str, password: str, now: datetime) -> str:
    """Open a session and return its key, which only the browser keeps. Refuses what `prove` refuses."""
    return open_session(store, prove(store, name=name, password=password, now=now), now)


def prove(store: Store, *, name: str, password: str, now: datetime) -> Actor:
    """Return who has this name and password; whoever goes on from here clears the failures (`forgive`).

    Refuses `login_failed` (the same for an unknown name and a wrong password, in the same time) and
    `login_throttled` after five failures in a row, for a minute.
    """
    # Effective time: a clock that was set back must not lock anybody in or out for hours.
    at = events.moment(store, now)
    row = store.row("SELECT * FROM staff WHERE login = ? AND active = 1", [name])
    if row is not None and row["failures"] >= MAX_FAILURES and _within(row["failed_at"], at, LOCKED_FOR):
        raise Refused("login_throttled")
    matches = verify(row["password_hash"] if row is not None else _hash_of_nobody(), password[:1024])
    if row is None:
        raise Refused("login_failed")
    if not matches:
        with writing(store):
            store.execute(
                "UPDATE staff SET failures = failures + 1, failed_at = ? WHERE id = ?", [clock.to_text(at), row["id"]]
            )
            events.record(store, "login_failed", "staff", row["id"], by=actor_of(row), at=events.moment(store, now))
        raise Refused("login_failed")
    return actor_of(row)


def forgive(store: Store, who: Actor) -> None:
    """Forget the wrong passwords of somebody who then gave the right one, inside an act."""
    store.execute("UPDATE staff SET failures = 0, failed_at = NULL WHERE id = ?", [who.id])


def open_session(store: Store, who: Actor, now: datetime) -> str:
    """Open a session for somebody who proved who he is; return its key. Old ones are cleared away."""
    key = secrets.token_urlsafe(32)
    with writing(store):
        at = events.moment(store, now)
        forgive(store, who)
        clear_idle(store, by=who, at=at)
        store.execute(
            "INSERT INTO sessions (key_hash, staff_id, created_at, seen_at) VALUES (?, ?, ?, ?)",
            [_hash(key), who.id, clock.to_text(at), clock.to_text(at)],
        )
        events.record(store, "log_in", "staff", who.id or 0, by=who, at=at)
    return key


def clear_idle(store: Store, *, by: Actor, at: datetime) -> int:
    """End the sessions that were idle too long, inside an act; return how many. A counter that nobody sits at any more
    closes."""
    idle = [clock.to_text(at - IDLE)]
    left = [row[0] for row in store.rows("SELECT DISTINCT counter FROM sessions WHERE seen_at < ?", idle) if row[0]]
    ended = store.execute("DELETE FROM sessions WHERE seen_at < ?", idle).rowcount
    for counter in left:
        counters.close_idle(store, counter, by=by, at=at)
    return ended


def _within(since: str | None, at: datetime, span: timedelta) -> bool:
    return since is not None and at - clock.from_text(since) < span


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def session(store: Store, key: str, *, now: datetime) -> Session | None:
    """Return the session of a key, or None when there is none or it was idle for 15 minutes."""
    row = store.row(
        "SELECT sessions.key_hash, sessions.counter, sessions.seen_at, staff.id, staff.name, staff.role,"
        " staff.department, staff.must_change FROM sessions JOIN staff ON staff.id = sessions.staff_id"
        " WHERE sessions.key_hash = ? AND staff.active = 1",
        [_hash(key)],
    )
    at = events.moment(store, now)
    if row is None or not _within(row["seen_at"], at, IDLE):
        return None
    if not _within(row["seen_at"], at, SEEN_EVERY):
        with writing(store):
            store.execute("UPDATE sessions SET seen_at = ? WHERE key_hash = ?", [clock.to_text(at), row["key_hash"]])
    return Session(row["key_hash"], actor_of(row), row["counter"], bool(row["must_change"]))


def actor_of(row: Row) -> Actor:
    """Return who a row of the staff is."""
    return Actor(Role(row["role"]), row["id"], row["name"], row["department"])


def change_password(store: Store, sitting: Session, *, old: str, new: str, now: datetime) -> None:
    """Change one's own password; whoever else is logged in with it is out.

    Refuses `login_throttled`, `password_wrong`, `password_too_short`, and `password_same` for a one-time code, which
    others have read.
    """
    login = store.value("SELECT login FROM staff WHERE id = ?", [sitting.actor.id])
    try:
        prove(store, name=login, password=old, now=now)
    except Refused as refused:
        raise Refused("password_wrong" if refused.code == "login_failed" else refused.code) from None
    if sitting.must_change and new == old:
        raise Refused("password_same")
    hashed = hash_password(_long_enough(new))
    with writing(store):
        forgive(store, sitting.actor)
        store.execute("UPDATE staff SET password_hash = ?, must_change = 0 WHERE id = ?", [hashed, sitting.actor.id])
        store.execute("DELETE FROM sessions WHERE staff_id = ? AND key_hash <> ?", [sitting.actor.id, sitting.key_hash])
        at = events.moment(store, now)
        events.record(store, "change_password", "staff", sitting.actor.id or 0, by=sitting.actor, at=at)


def set_password(store: Store, *, login: str, new: str, by: Actor, now: datetime) -> None:
    """Set a forgotten password at the box; whoever is logged in with the old one is out.

    Refuses `staff_unknown`, `password_too_short`.
    """
    permit(by, "set_passwords")
    hashed = hash_password(_long_enough(new))
    with writing(store):
        row = store.row("SELECT id FROM staff WHERE login = ?", [login])
        if row is None:
            raise Refused("staff_unknown")
        store.execute(
            "UPDATE staff SET password_hash = ?, failures = 0, failed_at = NULL WHERE id = ?", [hashed, row["id"]]
        )
        store.execute("DELETE FROM sessions WHERE staff_id = ?", [row["id"]])
        events.record(store, "set_password", "staff", row["id"], by=by, at=events.moment(store, now))


def _long_enough(password: str) -> str:
    if len(password) < PASSWORD_LEAST:
        raise Refused("password_too_short")
    return password


def choose_counter(store: Store, sitting: Session, counter: str, *, now: datetime) -> None:
    """Sit down at a counter, which opens it; the one left behind closes when nobody is there.

    Refuses `counter_unknown`, `not_permitted`.
    """
    permit(sitting.actor, "choose_counter")
    find_counter(store, counter)
    with writing(store):
        at = events.moment(store, now)
        store.execute("UPDATE sessions SET counter = ? WHERE key_hash = ?", [counter, sitting.key_hash])
        if sitting.counter and sitting.counter != counter:
            counters.close_idle(store, sitting.counter, by=sitting.actor, at=at)
        counters.wake(store, counter, by=sitting.actor, at=at)


def log_out(store: Store, sitting: Session, *, now: datetime) -> None:
    """End the session."""
    with writing(store):
        at = events.moment(store, now)
        store.execute("DELETE FROM sessions WHERE key_hash = ?", [sitting.key_hash])
        if sitting.counter:
            counters.close_idle(store, sitting.counter, by=sitting.actor, at=at)
        events.record(store, "log_out", "staff", sitting.actor.id or 0, by=sitting.actor, at=at)
