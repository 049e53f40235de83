"""代签 (K3, 6): who signs on whose behalf, from when until when; named by the person himself or by the manager."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store, writing
from reception import case_filters, cases, events, nonces
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.sign_chain import SIGNERS
from reception.site import site

SUBJECT: Final = "sign_deputy"
MOST: Final = 50
# Longer than this is another post, not an absence.
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Deputy:
    """Who stands in for whom; times are UTC text, `until_at` is the end of the last day."""

    id: int
    for_id: int
    for_name: str
    deputy_id: int
    deputy_name: str
    from_at: str
    until_at: str
    reason: str
    by_name: str


def name(
    store: Store,
    *,
    nonce: str,
    whose: str,
    deputy: str,
    from_on: str,
    until_on: str,
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """Let somebody (by login) sign for another, from one day to another, both included; return its id.

    `whose` empty: for himself. The manager names for anybody, but never himself. The same nonce names once. Refuses
    `staff_unknown`, `deputy_not_yours`, `deputy_is_himself`, `date_invalid`, `dates_reversed`, `time_past`,
    `deputy_too_long`, `reason_missing`, `deputy_named`.
    """
    permit(by, "name_sign_deputy")
    content = {"whose": whose, "deputy": deputy, "from": from_on, "until": until_on, "reason": reason}

    def make(at: datetime) -> int:
        for_id = _signer(store, whose) if whose else by.id
        assert for_id is not None
        if for_id != by.id and by.role is not Role.MANAGER:
            raise Refused("deputy_not_yours")
        chosen = _signer(store, deputy)
        if chosen in {for_id, by.id}:
            raise Refused("deputy_is_himself")
        begins, ends = _span(store, from_on, until_on, at)
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        if store.value(
            "SELECT 1 FROM sign_deputies WHERE for_id = ? AND deputy_id = ? AND ended_at IS NULL"
            " AND from_at < ? AND until_at > ?",
            [for_id, chosen, ends, begins],
        ):
            raise Refused("deputy_named")
        made = store.insert(
            "INSERT INTO sign_deputies (for_id, deputy_id, from_at, until_at, reason, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [for_id, chosen, begins, ends, why, clock.to_text(at), by.id],
        )
        events.record(store, "name_sign_deputy", SUBJECT, made, by=by, at=at, whose=for_id, deputy=chosen)
        store.touch("cases")
        return made

    return nonces.once(store, nonce, "name_sign_deputy", content, now=now, make=make)


def _signer(store: Store, login: str) -> int:
    row = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1", [login])
    if row is None or row["role"] not in SIGNERS:
        raise Refused("staff_unknown")
    return int(row["id"])


def _span(store: Store, from_on: str, until_on: str, at: datetime) -> tuple[str, str]:
    try:
        first, last = date.fromisoformat(from_on.strip()), date.fromisoformat(until_on.strip())
    except ValueError:
        raise Refused("date_invalid") from None
    zone = site(store).zone
    if last < first:
        raise Refused("dates_reversed")
    if first < clock.local_day(at, zone):
        raise Refused("time_past")
    if last - first > LONGEST or first - clock.local_day(at, zone) > LONGEST:
        raise Refused("deputy_too_long")
    # From now on where it begins today: nothing that was signed before becomes right by it.
    begins = max(case_filters.day_begins(first, zone), clock.to_text(at))
    return begins, case_filters.day_begins(last + timedelta(days=1), zone)


def end(store: Store, *, deputy_id: str, by: Actor, now: datetime) -> None:
    """Let somebody sign for another no more. Refuses `deputy_unknown`, `deputy_not_yours`, `changed_meanwhile`."""
    permit(by, "name_sign_deputy")
    with writing(store):
        known = numbers.whole(deputy_id)
        row = store.row("SELECT for_id, ended_at FROM sign_deputies WHERE id = ?", [known]) if known else None
        if row is None:
            raise Refused("deputy_unknown")
        if row["for_id"] != by.id and by.role is not Role.MANAGER:
            raise Refused("deputy_not_yours")
        at = events.moment(store, now)
        if not store.changed(
            "UPDATE sign_deputies SET ended_at = ?, ended_by = ? WHERE id = ? AND ended_at IS NULL",
            [clock.to_text(at), by.id, known],
        ):
            raise Refused("changed_meanwhile")
        events.record(store, "end_sign_deputy", SUBJECT, known or 0, by=by, at=at)
        store.touch("cases")


def end_of(store: Store, staff_id: int, *, by: Actor, at: datetime) -> None:
    """Let nobody sign for somebody who left, nor him for others, inside an act."""
    if by.id is None:
        # The box, with a file of settings: each ends by its date, and he signs nothing any more (`active`).
        return
    rows = store.rows(
        "SELECT id FROM sign_deputies WHERE ? IN (for_id, deputy_id) AND ended_at IS NULL AND until_at > ?",
        [staff_id, clock.to_text(at)],
    )
    for row in rows:
        sql = "UPDATE sign_deputies SET ended_at = ?, ended_by = ? WHERE id = ?"
        store.execute(sql, [clock.to_text(at), by.id, row["id"]])
        events.record(store, "end_sign_deputy", SUBJECT, row["id"], by=by, at=at)


def stands_for(store: Store, staff_id: int, at: datetime) -> list[int]:
    """Return for whom a member of staff may sign at a moment."""
    rows = store.rows(
        "SELECT DISTINCT for_id FROM sign_deputies WHERE deputy_id = :who AND ended_at IS NULL"
        " AND from_at <= :now AND until_at > :now ORDER BY for_id",
        {"who": staff_id, "now": clock.to_text(at)},
    )
    return [row["for_id"] for row in rows]


def of(store: Store, staff_id: int, at: datetime) -> list[int]:
    """Return who may sign for a member of staff at a moment."""
    rows = store.rows(
        "SELECT DISTINCT deputy_id FROM sign_deputies INDEXED BY sign_deputies_until WHERE for_id = :who"
        " AND ended_at IS NULL AND from_at <= :now AND until_at > :now ORDER BY deputy_id",
        {"who": staff_id, "now": clock.to_text(at)},
    )
    return [row["deputy_id"] for row in rows]


def listed(store: Store, *, by: Actor, now: datetime) -> list[Deputy]:
    """Return who stands in now or later, at most `MOST`: all of it to the manager, to others what concerns them."""
    permit(by, "name_sign_deputy")
    rows = store.rows(
        "SELECT sign_deputies.*, whose.name AS for_name, deputy.name AS deputy_name, namer.name AS by_name"
        " FROM sign_deputies JOIN staff AS whose ON whose.id = for_id JOIN staff AS deputy ON deputy.id = deputy_id"
        " JOIN staff AS namer ON namer.id = by_id WHERE ended_at IS NULL AND until_at > :now"
        " AND (:all OR :me IN (for_id, deputy_id)) ORDER BY from_at, sign_deputies.id LIMIT :most",
        {
            "now": clock.to_text(events.moment(store, now)),
            "all": by.role is Role.MANAGER,
            "me": by.id,
            "most": MOST,
        },
    )
    return [Deputy(**{field: row[field] for field in Deputy.__slots__}) for row in rows]
