"""A worker's own phone (`/work`): signed in once by name and password, then for thirty days behind a PIN.

The phone keeps two keys: of the device, and of the opening that the PIN unlocked; the store keeps their hashes.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store, writing
from reception import events, login_failures, staff
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, pins
from reception.sessions import hash_of, within

LIFE = timedelta(days=30)
# The PIN is asked again after so long without use, and by every new opening of the browser.
IDLE = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
MAX_WRONG = 5
KINDS = ("iphone", "android", "harmony", "other")

_SELECT = (
    "SELECT worker_devices.*, staff.name, staff.role, staff.department FROM worker_devices"
    " JOIN staff ON staff.id = worker_devices.staff_id"
)


@dataclass(frozen=True, slots=True)
class Device:
    """A phone that is signed in, and whose it is. `unlocked`: this opening gave the PIN and was not idle since."""

    id: int
    actor: Actor
    kind: str
    added_at: str
    seen_at: str
    expires_at: str
    unlocked: bool


def sign_in(
    store: Store,
    *,
    name: str,
    password: str,
    pin: str,
    again: str,
    kind: str = "other",
    browser: str = "",
    now: datetime,
) -> tuple[str, str, str]:
    """Sign a phone in; return the key of the device, that of its first opening, and that by which it is known.

    By the last (`browser` at the next time) he signs in again whatever a stranger types under his name elsewhere.

    Refuses `pin_invalid`, `pin_simple`, `pin_differs`, what `staff.proved` refuses, `code_to_change` for a one-time
    code, and `not_permitted` to whoever does not go out on work orders.
    """
    try:
        chosen = pins.chosen(pin)
    except ValueError as error:
        raise Refused(str(error)) from None
    if pins.clean(pin) != again.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)}):
        raise Refused("pin_differs")
    proof = staff.proved(store, name=name, password=password, browser=browser, now=now)
    who = staff.actor_of(proof)
    permit(who, "use_work_phone")
    if store.value("SELECT must_change FROM staff WHERE id = ?", [who.id]):
        # A code that others have read signs no phone in for thirty days.
        raise Refused("code_to_change")
    pin_hash = staff.hash_password(chosen)
    key, opening = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with writing(store):
        staff.still(store, proof)
        at = events.moment(store, now)
        store.execute("DELETE FROM worker_devices WHERE expires_at <= ?", [clock.to_text(at)])
        text = clock.to_text(at)
        device_id = store.insert(
            "INSERT INTO worker_devices (staff_id, kind, key_hash, pin_hash, opening_hash, used_at, added_at, seen_at,"
            " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                who.id,
                kind if kind in KINDS else "other",
                hash_of(key),
                pin_hash,
                hash_of(opening),
                text,
                text,
                text,
                clock.to_text(at + LIFE),
            ],
        )
        events.record(store, "phone_signed_in", "staff", who.id or 0, by=who, at=at, device=device_id)
        known = login_failures.know(store, browser, who.id or 0, at=at)
    return key, opening, known


def device(store: Store, key: str, opening: str, *, look: bool = False, now: datetime) -> Device | None:
    """Return the phone that keeps this key, or None. A `look` of the page's own is no use: it does not keep it open."""
    at = events.moment(store, now)
    row = _row(store, key, at)
    if row is None:
        return None
    unlocked = bool(opening) and row["opening_hash"] == hash_of(opening) and within(row["used_at"], at, IDLE)
    if unlocked and not look and not within(row["used_at"], at, SEEN_EVERY):
        with writing(store):
            store.execute(
                "UPDATE worker_devices SET used_at = :at, seen_at = :at WHERE id = :id AND opening_hash = :opening",
                {"at": clock.to_text(at), "id": row["id"], "opening": row["opening_hash"]},
            )
    return _device(row, unlocked=unlocked)


def _row(store: Store, key: str, at: datetime) -> Row | None:
    return store.row(
        f"{_SELECT} WHERE key_hash = ? AND expires_at > ? AND staff.active = 1 AND role IN ('worker', 'team_leader')",
        [hash_of(key), clock.to_text(at)],
    )


def _device(row: Row, *, unlocked: bool = False) -> Device:
    actor = Actor(Role(row["role"]), row["staff_id"], row["name"], row["department"])
    return Device(row["id"], actor, row["kind"], row["added_at"], row["seen_at"], row["expires_at"], unlocked)


def unlock(store: Store, *, key: str, pin: str, now: datetime) -> str:
    """Unlock a phone by its PIN; return the key of this opening.

    Refuses `device_unknown`, `pin_invalid`, `pin_wrong`, and `pin_ended`: after five wrong ones in a row, over any
    time and across restarts, the phone is signed out.
    """
    at = events.moment(store, now)
    row = _row(store, key, at)
    if row is None:
        raise Refused("device_unknown")
    try:
        typed = pins.clean(pin)
    except ValueError as error:
        raise Refused(str(error)) from None
    who = _device(row).actor
    # Counted before it is checked: tries that come at once are not more tries.
    with writing(store):
        counted = store.changed(
            "UPDATE worker_devices SET pin_failures = pin_failures + 1 WHERE id = ? AND pin_failures < ?",
            [row["id"], MAX_WRONG],
        )
    if counted and staff.verify(row["pin_hash"], typed):
        return _open(store, row["id"], now)
    with writing(store):
        at = events.moment(store, now)
        events.record(store, "phone_pin_wrong", "staff", row["staff_id"], by=who, at=at, device=row["id"])
        tries = store.value("SELECT pin_failures FROM worker_devices WHERE id = ?", [row["id"]])
        over = tries is None or tries >= MAX_WRONG
        if over:
            _end(store, row["id"], "pin", by=who, at=at)
    raise Refused("pin_ended" if over else "pin_wrong")


def _open(store: Store, device_id: int, now: datetime) -> str:
    opening = secrets.token_urlsafe(32)
    with writing(store):
        at = clock.to_text(events.moment(store, now))
        done = store.changed(
            "UPDATE worker_devices SET pin_failures = 0, opening_hash = ?, used_at = ?, seen_at = ? WHERE id = ?",
            [hash_of(opening), at, at, device_id],
        )
    if not done:
        raise Refused("device_unknown")
    return opening


def lock(store: Store, own: Device) -> None:
    """Ask for the PIN again from now on."""
    with writing(store):
        store.execute("UPDATE worker_devices SET opening_hash = NULL, used_at = NULL WHERE id = ?", [own.id])


def _end(store: Store, device_id: int, why: str, *, by: Actor, at: datetime) -> None:
    owner = store.value("SELECT staff_id FROM worker_devices WHERE id = ?", [device_id])
    if owner is None:
        return
    store.execute("DELETE FROM worker_devices WHERE id = ?", [device_id])
    events.record(store, "phone_ended", "staff", owner, by=by, at=at, device=device_id, why=why)


def own(store: Store, *, by: Actor, now: datetime) -> list[Device]:
    """Return the phones that somebody is signed in on, the newest first."""
    permit(by, "use_work_phone")
    return _of(store, "staff_id", by.id, now)


def of_login(store: Store, login: str, *, by: Actor, now: datetime) -> list[Device]:
    """Return the phones that a member of staff is signed in on, for those who manage the staff."""
    permit(by, "manage_staff")
    return _of(store, "staff.login", login, now)


def _of(store: Store, column: str, value: object, now: datetime) -> list[Device]:
    sql = f"{_SELECT} WHERE {column} = ? AND expires_at > ? ORDER BY worker_devices.id DESC"
    return [_device(row) for row in store.rows(sql, [value, clock.to_text(events.moment(store, now))])]


def revoke(store: Store, *, device_id: int, by: Actor, now: datetime) -> None:
    """Sign one of one's own phones out. Refuses `device_unknown` (also for somebody else's)."""
    permit(by, "use_work_phone")
    with writing(store):
        if store.value("SELECT staff_id FROM worker_devices WHERE id = ?", [device_id]) != by.id:
            raise Refused("device_unknown")
        _end(store, device_id, "revoked", by=by, at=events.moment(store, now))


def revoke_all(store: Store, *, login: str, by: Actor, now: datetime) -> int:
    """Sign every phone of a member of staff out (lost, stolen); return how many. Refuses `staff_unknown`."""
    permit(by, "manage_staff")
    with writing(store):
        if store.value("SELECT 1 FROM staff WHERE login = ?", [login]) is None:
            raise Refused("staff_unknown")
        found = store.rows(
            "SELECT id FROM worker_devices WHERE staff_id = (SELECT id FROM staff WHERE login = ?)", [login]
        )
        at = events.moment(store, now)
        for row in found:
            _end(store, row["id"], "revoked", by=by, at=at)
        return len(found)


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right, phones used later than now ask for the PIN, and none stays signed in longer.

    Until the wrong time came no opening would have been idle, and no phone signed out.
    """
    moment = clock.to_text(at)
    store.execute("UPDATE worker_devices SET opening_hash = NULL, used_at = NULL WHERE used_at > ?", [moment])
    store.execute(
        "UPDATE worker_devices SET seen_at = min(seen_at, :now), added_at = min(added_at, :now),"
        " expires_at = min(expires_at, :last)",
        {"now": moment, "last": clock.to_text(at + LIFE)},
    )
