"""Who hears a sealed complaint while the staff changes: nobody reads of himself by making himself a head.

A head's password is his own (`staff.change_password`) or set at the box (`lobbydesk staff`); an account that becomes a
head's hears what comes once another head has confirmed it (`new_heads`), and what was before only if another who hears
it lets it in. Where all who heard something are gone it is opened to others at the box alone.
"""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, complaint_facts, duty, events, new_heads, seals
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused

_SEALED = "SELECT id, sealed, owner_id FROM cases WHERE sealed > 0 AND kind = ?"

# Whoever may be let in on something sealed.
_CONFIRMED = f"FROM staff WHERE active = 1 AND unconfirmed = 0 AND role IN {seals.HEADS}"


@dataclass(frozen=True, slots=True)
class Was:
    """What an account was before it was changed; `heard` are the sealed complaints that existed for it."""

    role: str
    active: bool
    heard: tuple[int, ...]


def before(store: Store, login: str) -> Was | None:
    """Return what an account is, inside the act that changes it; None for a new one."""
    row = store.row("SELECT id, role, active FROM staff WHERE login = ?", [login])
    if row is None:
        return None
    heard = [one["id"] for one in _sealed(store) if seals.is_open_to(store, one["id"], row["id"])]
    return Was(row["role"], bool(row["active"]), tuple(heard))


def after(store: Store, login: str, was: Was | None, *, by: Actor, now: datetime) -> None:
    """See to it, inside the act that changed an account, that a new head waits, one who goes on keeps what he heard,
    and every sealed complaint is held by one who hears it. Nothing is opened to anybody by it, and nobody is told here,
    for whoever changes the staff may know of none."""
    row = store.row("SELECT id, role, active FROM staff WHERE login = ?", [login])
    assert row is not None
    is_head, was_head = row["role"] in seals.RANKS, was is not None and was.role in seals.RANKS
    if was is None or was.role != row["role"] or (row["active"] and not was.active):
        new_heads.through(store, row["id"], by=by)
    if is_head and not was_head:
        new_heads.begin(store, row["id"], by=by)
    elif is_head and was is not None and (was.role, was.active) != (row["role"], bool(row["active"])):
        # A head who becomes the manager, or who was away, goes on with what he heard.
        new_heads.hear_from_now(store, row["id"])
        for case_id in was.heard:
            _admit(store, case_id, row["id"])
    elif was_head and not is_head:
        store.execute("UPDATE staff SET unconfirmed = 0 WHERE id = ?", [row["id"]])
        _drop(store, row["id"])
    new_heads.first(store, row["id"])
    see_to(store, by=by)


def _drop(store: Store, staff_id: int) -> None:
    """Whoever is a head no more reads no more of what another still hears."""
    for row in _sealed(store):
        if duty.hearer_of(store, row["id"]) is not None:
            store.execute("DELETE FROM case_readers WHERE case_id = ? AND staff_id = ?", [row["id"], staff_id])


def leave_behind(store: Store, staff_id: int) -> None:
    """Take from an account all that it was let in on, inside the act by which somebody else may come in as it."""
    store.execute("DELETE FROM case_readers WHERE staff_id = ?", [staff_id])


def see_to(store: Store, *, by: Actor) -> None:
    """Give every sealed complaint to one who hears it, where there is one, inside an act."""
    for row in _sealed(store):
        if not seals.is_open_to(store, row["id"], row["owner_id"]):
            found = duty.hearer_of(store, row["id"])
            if found is not None:
                store.execute("UPDATE cases SET owner_id = ? WHERE id = ?", [found, row["id"]])
                store.touch("cases")


def open_wider(store: Store, *, by: Actor, now: datetime) -> None:
    """Give what nobody may read any more to whoever is head now: at the box alone, for a change of the staff may be the
    doing of whom it is about.

    Where the manager alone heard it and may no more, the heads of service do; where all who heard it are gone, every
    confirmed head whom it is not about is let in.
    """
    permit(by, "open_wider")
    with writing(store):
        for row in _sealed(store):
            if duty.hearer_of(store, row["id"]) is None:
                _open_wider(store, row["id"], row["sealed"], by=by, now=now)
        see_to(store, by=by)


def _open_wider(store: Store, case_id: int, sealed: int, *, by: Actor, now: datetime) -> None:
    if sealed == seals.RANKS[Role.MANAGER]:
        store.execute("UPDATE cases SET sealed = 1 WHERE id = ?", [case_id])
        events.record(store, "share_sealed", "case", case_id, by=by, at=events.moment(store, now))
    if duty.hearer_of(store, case_id) is not None:
        return
    for row in store.rows(f"SELECT id {_CONFIRMED} ORDER BY id"):
        _admit(store, case_id, row["id"])


def let_in(store: Store, *, no: str, login: str, by: Actor, now: datetime) -> Case:
    """Let another head in on a sealed complaint that was here before he was.

    Refuses `case_unknown`, `not_sealed`, and `staff_unknown`: no head, one not confirmed, or whom it is about.
    """
    permit(by, "hear_about_staff")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        if case.kind != complaint_facts.KIND or not case.sealed:
            raise Refused("not_sealed")
        row = store.row(f"SELECT id {_CONFIRMED} AND login = ?", [login])
        if row is None:
            raise Refused("staff_unknown")
        _admit(store, case.id, row["id"])
        if not seals.is_open_to(store, case.id, row["id"]):
            raise Refused("staff_unknown")
        events.record(store, "let_in", "case", case.id, by=by, at=events.moment(store, now), staff=row["id"])
        store.touch("cases", "papers")
        return cases.whole(store, case.id)


def shut_out(store: Store, case_id: int) -> list[tuple[str, str]]:
    """Return the heads whom a case is not open to and who may be let in, as (login, name)."""
    rows = store.rows(
        f"SELECT id, login, name {_CONFIRMED} AND id NOT IN"  # noqa: S608
        " (SELECT staff_id FROM case_accused WHERE case_id = ?) ORDER BY name",
        [case_id],
    )
    return [(row["login"], row["name"]) for row in rows if not seals.is_open_to(store, case_id, row["id"])]


def _admit(store: Store, case_id: int, staff_id: int) -> None:
    # Whom it is about reads nothing of it all the same (`seals`).
    sql = "INSERT INTO case_readers (case_id, staff_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
    store.execute(sql, [case_id, staff_id])


def _sealed(store: Store) -> list[Row]:
    return store.rows(_SEALED, [complaint_facts.KIND])
