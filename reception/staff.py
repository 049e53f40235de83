"""Members of staff: who works here, and how he proves it (their sessions are `reception.sessions`)."""

import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from sqlite3 import Row
from typing import TYPE_CHECKING

from db.store import Store, writing
from reception import counters, events, login_failures, sessions
from reception.lines import find_counter
from reception.permissions import BOX, Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, passwords
from reception.sessions import IDLE, Session, actor_of, log_out, open_session, session
from reception.site import site

if TYPE_CHECKING:
    from argon2 import PasswordHasher

__all__ = [
    "IDLE",
    "Session",
    "active",
    "actor_of",
    "add",
    "change_password",
    "check_password",
    "choose_counter",
    "hash_password",
    "log_in",
    "log_out",
    "open_session",
    "prove",
    "proved",
    "session",
    "still",
    "unknown_hash",
    "unlock",
    "verify",
]

# One hash at a time: each takes 19 MiB, and a flood of logins must not eat the box.
_hashing = threading.Lock()
# So many wait for theirs, each in one of the desk's forty threads: a flood must leave the others to the work. Whoever
# sits where he sat before waits apart, where no stranger comes.
WAITING = 6
_strangers, _known = threading.BoundedSemaphore(WAITING), threading.BoundedSemaphore(WAITING)


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


def unknown_hash() -> str:
    """Return the hash of a password that nobody knows. A hash takes its time: ask before a transaction, not in it."""
    return hash_password(secrets.token_hex(16))


def verify(password_hash: str, password: str) -> bool:
    """Whether this is the password, or the PIN, of a hash."""
    from argon2.exceptions import VerificationError

    with _hashing:
        try:
            return _hasher().verify(password_hash, password)
        except VerificationError:
            return False


def log_in(
    store: Store, *, name: str, password: str, browser: str = "", device: str = "", now: datetime
) -> tuple[str, str]:
    """Open a session; return its key and that of the browser, which only the browser keeps.

    `browser`: the key that it was given at an earlier log-in, or ''. Refuses what `prove` refuses.
    """
    proof = proved(store, name=name, password=password, browser=browser, now=now)
    with writing(store):
        who = still(store, proof)
        key = open_session(store, who, now, device=device)
        return key, login_failures.know(store, browser, who.id or 0, at=events.moment(store, now))


@contextmanager
def _waiting(*, known: bool) -> Iterator[None]:
    places = _known if known else _strangers
    if not places.acquire(blocking=False):
        raise Refused("login_busy")
    try:
        yield
    finally:
        places.release()


def prove(store: Store, *, name: str, password: str, browser: str = "", seat: str = "", now: datetime) -> Actor:
    """Return who has this name and password, where nothing is done upon it; refuses as `proved`."""
    return actor_of(proved(store, name=name, password=password, browser=browser, seat=seat, now=now))


def proved(store: Store, *, name: str, password: str, browser: str = "", seat: str = "", now: datetime) -> Row:
    """Return the row of who has this name and password; the act that it lets through asks whether it is `still` so.

    It counts under the name as it was typed; in a `browser` that he used before, and at a `seat` (the hash of his own
    session's key) where he sits already, for itself: a stranger's tries do not lock him out there. Refuses
    `login_failed` (the same for an unknown name, a wrong password and a one-time code that is too old, in the same
    time), `login_throttled` (the same for any name): see `login_failures`; and `login_busy`, which counts for nothing.
    """
    at = events.moment(store, now)
    place = seat or (browser if login_failures.is_known(store, browser, name, at=at) else "")
    key = login_failures.key_of(name, place)
    # Made at the first try of all, whoever it names: else the first name that nobody has would take twice as long.
    nobody = _hash_of_nobody()
    with _waiting(known=bool(place)):
        login_failures.count(store, key, now=now)
        row = store.row("SELECT * FROM staff WHERE login = ? AND active = 1", [name])
        matches = verify(row["password_hash"] if row is not None else nobody, password[:1024])
    stale = row is not None and row["must_change"] and row["code_until"] and row["code_until"] <= clock.to_text(at)
    good = row is not None and matches and not stale
    with writing(store):
        if good:
            login_failures.forgive(store, key)
        elif row is not None or not login_failures.flooded(store):
            # Known or not, it is written: neither the answer nor its time tells which.
            by = actor_of(row) if row is not None else BOX
            who = row["id"] if row is not None else 0
            events.record(store, "login_failed", "staff", who, by=by, at=events.moment(store, now))
    if row is None or not good:
        raise Refused("login_failed")
    return row


def still(store: Store, proof: Row) -> Actor:
    """Return who proved himself, inside the act that this lets through.

    Refuses `login_failed` where his password is another by now, or his account ended: a hash takes time, a flood of
    them much, and whoever knows the old password would slip in behind the one who took it away.
    """
    sql = "SELECT * FROM staff WHERE id = ? AND active = 1 AND password_hash = ?"
    row = store.row(sql, [proof["id"], proof["password_hash"]])
    if row is None:
        raise Refused("login_failed")
    return actor_of(row)


def unlock(
    store: Store, key: str, *, login: str, password: str, browser: str = "", device: str = "", now: datetime
) -> tuple[str, str] | None:
    """Go on where a locked session stopped, or log in anew where it is over by now (the page and what was typed into
    it stay); return the new keys as `log_in` does. None: somebody else logged in meanwhile, the page is not his.

    Refuses what `prove` refuses.
    """
    found = session(store, key, look=True, now=now)
    if found is None:
        return log_in(store, name=login, password=password, browser=browser, device=device, now=now)
    if found.login != login:
        return None
    proof = proved(store, name=login, password=password, seat=found.key_hash, now=now)
    with writing(store):
        who = still(store, proof)
        fresh = sessions.unlock(store, found, device=device, now=now)
        return fresh, login_failures.know(store, browser, who.id or 0, at=events.moment(store, now))


def change_password(store: Store, sitting: Session, *, old: str, new: str, now: datetime) -> None:
    """Change one's own password; whoever else is logged in with it is out.

    Refuses `login_throttled`, `password_wrong`, what `check_password` refuses, and `password_same` for a one-time
    code, which others have read.
    """
    try:
        proof = proved(store, name=sitting.login, password=old, seat=sitting.key_hash, now=now)
    except Refused as refused:
        raise Refused("password_wrong" if refused.code == "login_failed" else refused.code) from None
    if sitting.must_change and new == old:
        raise Refused("password_same")
    hashed = hash_password(check_password(store, new, sitting.login, sitting.actor.name))
    with writing(store):
        try:
            still(store, proof)
        except Refused:
            raise Refused("password_wrong") from None
        at = events.moment(store, now)
        sql = "UPDATE staff SET password_hash = ?, must_change = 0, code_until = NULL WHERE id = ?"
        store.execute(sql, [hashed, sitting.actor.id])
        sessions.end_all(store, sitting.actor.id or 0, but=sitting.key_hash, by=sitting.actor, at=at)
        events.record(store, "change_password", "staff", sitting.actor.id or 0, by=sitting.actor, at=at)


def check_password(store: Store, password: str, login: str, name: str) -> str:
    """Return a password that may be chosen.

    Refuses `password_too_short`, `password_too_long`, `password_common`, `password_named`.
    """
    centre = site(store)
    try:
        return passwords.chosen(password, names=(login, name, centre.name, centre.name_en))
    except ValueError as error:
        raise Refused(str(error)) from None


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
