"""Keys of a company's own systems (访问令牌): made and taken back by the administrator, each for certain readings."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import events, nonces
from reception.permissions import TOKEN_HOLDER, Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

# What a key may be for. Nothing of a person is under any of them.
SCOPES: Final[dict[str, Words]] = {
    "queue": Words("排队与当天号票", "Queue and tickets of today"),
    "cases": Words("事项状态（无姓名电话）", "States of cases, without names or telephones"),
    "figures": Words("已冻结的月报数据", "Figures of the frozen month reports"),
    "health": Words("运行状态", "Whether the box is well"),
}
PREFIX: Final = "lobbydesk_"
NAME_LIMIT: Final = 60
# So many that are open at once; a company has a handful of systems.
MOST: Final = 20
LONGEST: Final = timedelta(days=731)
# used_at is written at most so often: whoever asks each second must not add a commit to each.
USED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Token:
    """A key as the administrator's list shows it; times are UTC text. `open`: it opens something today."""

    id: int
    name: str
    scopes: tuple[str, ...]
    expires_on: str
    made_by: str
    made_at: str
    used_at: str | None
    revoked_at: str | None
    open: bool

    @property
    def actor(self) -> Actor:
        """Who acts: a bearer, who is nobody of the staff, so that nothing sealed exists for him."""
        return TOKEN_HOLDER


_SELECT = "SELECT api_tokens.*, staff.name AS maker FROM api_tokens JOIN staff ON staff.id = made_by"


def listed(store: Store, *, by: Actor, now: datetime) -> list[Token]:
    """Return every key there ever was, the newest first, those that open something before the others."""
    permit(by, "manage_api")
    today = _today(store, now)
    found = [_token(row, today) for row in store.rows(f"{_SELECT} ORDER BY api_tokens.id DESC LIMIT 100")]
    return sorted(found, key=lambda one: not one.open)


def make(store: Store, *, name: str, scopes: list[str], expires_on: str, nonce: str, by: Actor, now: datetime) -> str:
    """Make a key and return it: only here is it ever readable. '' where this very form has made it before.

    Refuses `system_name_invalid`, `scopes_missing`, `expiry_invalid` (a day from today to two years on), `tokens_full`,
    what `nonces.once` refuses, `not_permitted`.
    """
    permit(by, "manage_api")
    clean, chosen, made = system_name(name), [one for one in SCOPES if one in scopes], []
    if not chosen or len(chosen) != len(set(scopes)):
        raise Refused("scopes_missing")

    def insert(at: datetime) -> int:
        until = _expiry(expires_on, _today(store, at))
        sql = "SELECT count(*) FROM api_tokens WHERE revoked_at IS NULL AND expires_on >= ?"
        if store.value(sql, [_today(store, at).isoformat()]) >= MOST:
            raise Refused("tokens_full")
        key = PREFIX + secrets.token_urlsafe(32)
        made.append(key)
        token_id = store.insert(
            "INSERT INTO api_tokens (name, key_hash, scopes, expires_on, made_by, made_at) VALUES (?, ?, ?, ?, ?, ?)",
            [clean, _hash(key), " ".join(chosen), until, by.id, clock.to_text(at)],
        )
        events.record(store, "make_api_token", "api_token", token_id, by=by, at=at, keys=chosen)
        return token_id

    content = {"name": clean, "scopes": chosen, "expires_on": expires_on}
    nonces.once(store, nonce, "make_api_token", content, now=now, make=insert)
    return made[0] if made else ""


def revoke(store: Store, *, token_id: int, by: Actor, now: datetime) -> None:
    """Take a key back, from this moment on. Refuses `token_unknown` (also where it was taken back before)."""
    permit(by, "manage_api")
    with writing(store):
        at = events.moment(store, now)
        sql = "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
        if not store.changed(sql, [clock.to_text(at), token_id]):
            raise Refused("token_unknown")
        events.record(store, "revoke_api_token", "api_token", token_id, by=by, at=at)


def revoke_all(store: Store, *, by: Actor, at: datetime) -> int:
    """Take every key back inside an act and return how many: after a restore, which may lack a taking back."""
    found = [row["id"] for row in store.rows("SELECT id FROM api_tokens WHERE revoked_at IS NULL ORDER BY id")]
    store.execute("UPDATE api_tokens SET revoked_at = ? WHERE revoked_at IS NULL", [clock.to_text(at)])
    for token_id in found:
        events.record(store, "revoke_api_token", "api_token", token_id, by=by, at=at)
    return len(found)


def admitted(store: Store, key: str, *, now: datetime) -> Token | None:
    """Return the key that a request bears, and note that it was used; None where it opens nothing."""
    row = store.row(f"{_SELECT} WHERE key_hash = ?", [_hash(key)])
    if row is None or not (found := _token(row, _today(store, now))).open:
        return None
    permit(found.actor, "read_api")
    at = clock.to_text(now)
    if found.used_at is None or clock.to_text(now - USED_EVERY) >= found.used_at:
        with writing(store):
            sql = "UPDATE api_tokens SET used_at = ? WHERE id = ? AND used_at IS ?"
            store.execute(sql, [at, found.id, found.used_at])
    return found


def system_name(name: str) -> str:
    """Return what a system is called. Refuses `system_name_invalid`: empty, too long, or not printable."""
    clean = " ".join(name.split())
    if not clean or len(clean) > NAME_LIMIT or not clean.isprintable():
        raise Refused("system_name_invalid")
    return clean


def _expiry(text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("expiry_invalid") from None
    if not today <= day <= today + LONGEST:
        raise Refused("expiry_invalid")
    return day.isoformat()


def _today(store: Store, now: datetime) -> date:
    return clock.local_day(now, site(store).zone)


def _hash(key: str) -> str:
    # Of 256 random bits: nothing to guess, so nothing to slow down.
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _token(row: Row, today: date) -> Token:
    return Token(
        row["id"],
        row["name"],
        tuple(row["scopes"].split()),
        row["expires_on"],
        row["maker"],
        row["made_at"],
        row["used_at"],
        row["revoked_at"],
        row["revoked_at"] is None and row["expires_on"] >= today.isoformat(),
    )
