"""Wrong passwords, counted in the store by what was tried: a lock that grows, the same for names that nobody has.

Nobody learns from an answer who works here: an unknown name is counted, locked and answered like a known one. And
nobody is locked out by a stranger: a browser that a member of staff used before, and an open session, count apart.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events
from reception.refusal import Refused
from reception.rules import clock
from reception.sessions import hash_of

# So many in a row before the first lock: whoever mistypes is not punished.
FREE = 5
LOCKS = (1, 2, 4, 8, 15)
# A day without one, and they are forgotten.
FORGOTTEN = timedelta(hours=24)
# Names that somebody makes up cost the box no more rows than this.
MOST = 5000
KNOWN_FOR = timedelta(days=180)
KNOWN_MOST = 20


def key_of(name: str, place: str = "") -> str:
    """Return under which key a log-in counts: of the name as typed, or of it in a place that it is known in."""
    return hashlib.sha256(f"{place}\n{name.strip().casefold()}".encode(errors="replace")).hexdigest()


def locked_for(failures: int) -> timedelta:
    """Return how long nobody may try after so many wrong ones in a row: 1, 2, 4, 8, then always 15 minutes."""
    if failures < FREE:
        return timedelta(0)
    return timedelta(minutes=LOCKS[min(failures - FREE, len(LOCKS) - 1)])


def count(store: Store, key: str, *, now: datetime) -> int:
    """Count a try before it is checked (tries that come at once are not more tries); return how many it is.

    Refuses `login_throttled` while the key is locked; such a try counts for nothing, and is not checked either.
    """
    with writing(store):
        # Effective time: a clock that was set back must not lock anybody in or out for hours.
        at = events.moment(store, now)
        row = store.row("SELECT failures, failed_at FROM login_failures WHERE key_hash = ?", [key])
        since = at - clock.from_text(row["failed_at"]) if row is not None else FORGOTTEN
        failures = row["failures"] if row is not None and since < FORGOTTEN else 0
        if since < locked_for(failures):
            raise Refused("login_throttled")
        store.execute(
            "INSERT INTO login_failures (key_hash, failures, failed_at) VALUES (:key, :count, :at)"
            " ON CONFLICT (key_hash) DO UPDATE SET failures = :count, failed_at = :at",
            {"key": key, "count": failures + 1, "at": clock.to_text(at)},
        )
        if row is None:
            _make_room(store, at)
        return int(failures + 1)


def _make_room(store: Store, at: datetime) -> None:
    store.execute("DELETE FROM login_failures WHERE failed_at < ?", [clock.to_text(at - FORGOTTEN)])
    # What is not locked goes first: a flood of made-up names sets no lock free.
    store.execute(
        "DELETE FROM login_failures WHERE key_hash IN (SELECT key_hash FROM login_failures"
        " ORDER BY failures >= ?, failed_at LIMIT max(0, (SELECT count(*) FROM login_failures) - ?))",
        [FREE, MOST],
    )


def flooded(store: Store) -> bool:
    """Whether so many names are tried that single failures are not written into the history any more."""
    return int(store.value("SELECT count(*) FROM login_failures")) > MOST // 10


def forgive(store: Store, *keys: str) -> None:
    """Forget the wrong ones of whoever then gave the right one, inside an act."""
    for key in keys:
        store.execute("DELETE FROM login_failures WHERE key_hash = ?", [key])


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right nobody failed later than now: until then the lock would not end."""
    store.execute("UPDATE login_failures SET failed_at = :at WHERE failed_at > :at", {"at": clock.to_text(at)})


def is_known(store: Store, browser: str, name: str, *, at: datetime) -> bool:
    """Whether this browser (by the key that it keeps) is one in which the member of staff of this name logged in."""
    sql = (
        "SELECT 1 FROM known_browsers JOIN staff ON staff.id = staff_id"
        " WHERE known_browsers.key_hash = ? AND staff.login = ? AND staff.active = 1 AND used_at > ?"
    )
    return bool(browser) and bool(store.value(sql, [hash_of(browser), name, clock.to_text(at - KNOWN_FOR)]))


def know(store: Store, browser: str, staff_id: int, *, at: datetime) -> str:
    """Know the browser of somebody who has just logged in, inside an act; return its key, a new one where it had none.

    One that the store never gave is not taken: nobody chooses the key of another's browser.
    """
    given = browser and store.value("SELECT 1 FROM known_browsers WHERE key_hash = ?", [hash_of(browser)])
    key = browser if given else secrets.token_urlsafe(32)
    store.execute(
        "INSERT INTO known_browsers (key_hash, staff_id, used_at) VALUES (:key, :staff, :at)"
        " ON CONFLICT (key_hash, staff_id) DO UPDATE SET used_at = :at",
        {"key": hash_of(key), "staff": staff_id, "at": clock.to_text(at)},
    )
    store.execute(
        "DELETE FROM known_browsers WHERE staff_id = :staff AND (used_at <= :gone OR key_hash NOT IN"
        " (SELECT key_hash FROM known_browsers WHERE staff_id = :staff ORDER BY used_at DESC LIMIT :most))",
        {"staff": staff_id, "gone": clock.to_text(at - KNOWN_FOR), "most": KNOWN_MOST},
    )
    return key


def forget_browsers(store: Store, staff_id: int) -> None:
    """Know none of somebody's browsers any more, inside an act: he left, or his password was found out."""
    store.execute("DELETE FROM known_browsers WHERE staff_id = ?", [staff_id])
