"""Somebody leaves (离职交接): what he holds goes to others, his log-ins and phones end, his name stays in history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import (
    events,
    hearers,
    leaving_kinds,
    login_failures,
    seals,
    sessions,
    sign_chain,
    sign_deputies,
    signing,
    staff,
    table_rules,
    tellings,
    worker_devices,
)
from reception.leaving_kinds import Kind
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock

BY = {kind.code: kind for kind in leaving_kinds.KINDS}


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody holds of a kind: `items` as (id, number), and who may take it as (login, name)."""

    kind: Kind
    items: tuple[tuple[int, str], ...]
    takers: tuple[tuple[str, str], ...]


def held(store: Store, *, login: str, by: Actor, now: datetime) -> list[Held]:
    """Return all that a member of staff holds and the reader may know of. Refuses `staff_unknown`."""
    permit(by, "manage_staff")
    who = _id(store, login)
    at = events.moment(store, now)
    found = ((kind, _items(store, kind, who, by, at)) for kind in leaving_kinds.KINDS)
    return [Held(kind, items, _takers(store, kind, who)) for kind, items in found if items]


def _id(store: Store, login: str, *, active: bool = False) -> int:
    found = store.value("SELECT id FROM staff WHERE login = ? AND active >= ?", [login, active])
    if found is None:
        raise Refused("staff_unknown")
    return int(found)


def _items(store: Store, kind: Kind, who: int, by: Actor, at: datetime) -> tuple[tuple[int, str], ...]:
    rows = store.rows(leaving_kinds.sql(kind, by), {"who": who, "now": clock.to_text(at)})
    return tuple((row["id"], row["no"]) for row in rows)


def _takers(store: Store, kind: Kind, who: int) -> tuple[tuple[str, str], ...]:
    rows = store.rows("SELECT id, login, name, role FROM staff WHERE active = 1 AND id <> ? ORDER BY name", [who])
    return tuple((row["login"], row["name"]) for row in rows if row["role"] in kind.takers)


def hand_on(store: Store, *, login: str, to: Mapping[str, str], by: Actor, now: datetime) -> int:
    """Give what somebody holds to others: `to` says, by code of a kind, to whom (login); return how many went.

    A kind that `to` does not name stays. Refuses `staff_unknown`, `taker_unfit`.
    """
    permit(by, "manage_staff")
    with writing(store):
        who, at, count = _id(store, login), events.moment(store, now), 0
        chain = sign_chain.chain(store)
        for kind in leaving_kinds.KINDS:
            items = _items(store, kind, who, by, at) if to.get(kind.code) and kind.give else ()
            for one, _ in items:
                _give(store, kind, one, who, to[kind.code], by=by, at=at)
                count += 1
        if sign_chain.chain(store) != chain:
            signing.rechain(store, by=by, at=at)
        store.touch("cases", "queue", "site", "faults", "tellings")
        return count


def _give(store: Store, kind: Kind, one: int, who: int, login: str, *, by: Actor, at: datetime) -> None:
    row = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1 AND id <> ?", [login, who])
    if row is None or row["role"] not in kind.takers or kind.unfit(store, one, row["id"]):
        raise Refused("taker_unfit")
    if not store.changed(kind.give, {"id": one, "who": who, "to": row["id"]}):
        raise Refused("changed_meanwhile")
    if kind.also:
        store.execute(kind.also, {"id": one, "to": row["id"]})
    about = store.value(f"SELECT {kind.about}", {"id": one})
    if kind.subject == "case":
        # What he was told of it and had not seen yet, his successor is told.
        sql = "UPDATE tellings SET staff_id = ? WHERE case_id = ? AND staff_id = ? AND seen_at IS NULL"
        heard = store.changed(sql, [row["id"], about, who])
        if kind.tell and not heard:
            tellings.tell(store, about, row["id"], kind.tell, by=by, at=at)
    events.record(store, kind.what, kind.subject, about, by=by, at=at, owner=row["id"], was=who, why="leaving")


def leave(store: Store, *, login: str, to: Mapping[str, str], by: Actor, now: datetime) -> None:
    """Hand everything on and end the account; its name stays in history.

    Refuses `staff_unknown`, `taker_unfit`, `still_holds` when anything is left with him, `last_administrator`,
    `last_hearer`.
    """
    permit(by, "manage_staff")
    nobody = staff.unknown_hash()
    with writing(store):
        _id(store, login, active=True)
        table_rules.check_last(store, login)
        hand_on(store, login=login, to=to, by=by, now=now)
        if held(store, login=login, by=by, now=now):
            raise Refused("still_holds")
        was = hearers.before(store, login)
        store.execute("UPDATE staff SET active = 0 WHERE login = ?", [login])
        settle(store, login, nobody=nobody, by=by, now=now)
        hearers.after(store, login, was, by=by, now=now)
        at = events.moment(store, now)
        events.record(store, "staff_left", "staff", _id(store, login), by=by, at=at)
        store.touch("site", "queue")


def settle(store: Store, login: str, *, nobody: str, by: Actor, now: datetime) -> None:
    """End, inside the act that took somebody's account away, what lets him in or is decided by him alone.

    `nobody`: a `staff.unknown_hash`, made before that act began, for the store is locked while it goes on.
    """
    row = store.row("SELECT id, active, password_hash FROM staff WHERE login = ?", [login])
    if row is not None and not (row["active"] and row["password_hash"]):
        # Whoever comes back begins with a one-time code, as somebody new: nobody knows a password of his any more.
        store.execute(
            "UPDATE staff SET password_hash = ?, must_change = 1, code_until = NULL WHERE id = ?",
            [nobody, row["id"]],
        )
    if row is None or row["active"]:
        return
    at = events.moment(store, now)
    sessions.end_all(store, row["id"], by=by, at=at)
    worker_devices.revoke_all(store, login=login, by=by, now=now)
    login_failures.forget_browsers(store, row["id"])
    sign_deputies.end_of(store, row["id"], by=by, at=at)
    # His team has the repairs now; nobody is called first who is gone; the head comes for his department.
    store.execute("UPDATE dispatch_rules SET worker = NULL WHERE worker = ?", [login])
    store.execute("UPDATE incident_contacts SET staff = NULL WHERE staff = ?", [login])
    store.execute(
        "UPDATE visit_day_departments SET staff_id = NULL WHERE staff_id = ? AND visit_day_id IN"
        " (SELECT id FROM visit_days WHERE state IN ('planned', 'published', 'open'))",
        [row["id"]],
    )
    incidents_on(store, row["id"], by=by, at=at)
    manager = store.value("SELECT id FROM staff WHERE role = ? AND active = 1 ORDER BY id", [Role.MANAGER])
    if manager is not None:
        store.execute(
            "UPDATE visit_days SET host_id = ? WHERE host_id = ? AND deputy_id IS NOT ?"
            " AND state IN ('planned', 'published')",
            [manager, row["id"], manager],
        )


def incidents_on(store: Store, who: int, *, by: Actor, at: datetime) -> None:
    """Give the open incidents of whoever is gone to the manager, else to another head who may read of them: their
    record, and the visitor whom nobody receives.

    Not on the list of what he holds, for it is sealed from most who read that.
    """
    sql = (
        "SELECT cases.id, owner_id, receiver_id FROM incidents JOIN cases ON cases.id = case_id"
        " WHERE closed_at IS NULL AND (owner_id = :who OR receiver_id = :who)"
    )
    for row in store.rows(sql, {"who": who}):
        manager = next((one for one in seals.heads_apart(store, row["id"]) if one != who), None)
        if manager is None:
            continue
        owner = manager if row["owner_id"] == who else row["owner_id"]
        store.execute("UPDATE cases SET owner_id = ? WHERE id = ?", [owner, row["id"]])
        if row["receiver_id"] in {who, owner}:
            # Whoever raised it receives nobody: he stands before the visitor (`incidents.acknowledge`).
            receives = manager if owner != manager else None
            moment = clock.to_text(at) if receives else None
            receiver = [receives, moment, row["id"]]
            store.execute("UPDATE incidents SET receiver_id = ?, receiver_at = ? WHERE case_id = ?", receiver)
        events.record(store, "assign", "case", row["id"], by=by, at=at, owner=owner, was=who, why="leaving")
    store.touch("cases")
