"""Who became a head hears nothing that is sealed before another head has confirmed him.

Else whoever manages the staff made himself a head in another name, and read what is about himself: also what comes
later. None of those through whose hands the account went confirms it, nor who made these, and so on (`staff_makers`).
"""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import events, seals
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused

_HEADS = f"FROM staff WHERE active = 1 AND role IN {seals.HEADS}"
_HANDS = (
    "WITH RECURSIVE hands (id) AS (SELECT by_id FROM staff_makers WHERE staff_id = :id"
    " UNION SELECT by_id FROM staff_makers JOIN hands ON staff_id = hands.id)"
    " SELECT id, name FROM staff JOIN hands USING (id) ORDER BY name"
)


@dataclass(frozen=True, slots=True)
class NewHead:
    """A head whom no other has confirmed yet. `hands`: the names of those through whose hands the account went.

    `ready`: he came in and chose a password of his own. `mine`: the reader may confirm him, once he is ready.
    """

    login: str
    name: str
    role: Role
    hands: tuple[str, ...]
    ready: bool
    mine: bool


def through(store: Store, staff_id: int, *, by: Actor) -> None:
    """Write down inside an act that an account went through somebody's hands: he made it, or could log in as it."""
    if by.id is not None and by.id != staff_id:
        sql = "INSERT INTO staff_makers (staff_id, by_id) VALUES (?, ?) ON CONFLICT DO NOTHING"
        store.execute(sql, [staff_id, by.id])


def begin(store: Store, staff_id: int, *, by: Actor) -> None:
    """Let an account that became a head's wait, inside that act; what the box made is confirmed."""
    store.execute("UPDATE staff SET unconfirmed = ? WHERE id = ?", [int(by.role is not Role.BOX), staff_id])
    hear_from_now(store, staff_id)


def first(store: Store, staff_id: int) -> None:
    """Confirm a head inside an act where there is none who could: the first of a centre."""
    if not store.value(f"SELECT 1 {_HEADS} AND unconfirmed = 0"):
        sql = f"UPDATE staff SET unconfirmed = 0 WHERE id = ? AND active = 1 AND role IN {seals.HEADS}"  # noqa: S608
        store.execute(sql, [staff_id])


def is_there_another(store: Store, but: int) -> bool:
    """Tell whether another head is confirmed and has come in: he could confirm somebody."""
    found = store.value(f"SELECT 1 {_HEADS} AND unconfirmed = 0 AND must_change = 0 AND id <> ?", [but])
    return found is not None


def hear_from_now(store: Store, staff_id: int) -> None:
    """Let a head hear by his rank what comes from now on, inside an act."""
    last = "(SELECT coalesce(max(id), 0) FROM cases)"
    store.execute(f"UPDATE staff SET heads_behind = {last} WHERE id = ?", [staff_id])  # noqa: S608


def waiting(store: Store, *, by: Actor) -> list[NewHead]:
    """Return the heads who wait for another to confirm them."""
    permit(by, "confirm_head")
    rows = store.rows(f"SELECT id, login, name, role, must_change {_HEADS} AND unconfirmed = 1 ORDER BY name")
    return [_new(store, row, by) for row in rows]


def _new(store: Store, row: Row, by: Actor) -> NewHead:
    hands = {one["id"]: one["name"] for one in store.rows(_HANDS, {"id": row["id"]})}
    mine = by.id != row["id"] and by.id not in hands
    return NewHead(row["login"], row["name"], Role(row["role"]), tuple(hands.values()), not row["must_change"], mine)


def confirm(store: Store, *, login: str, by: Actor, now: datetime) -> None:
    """Say that a head is who he is said to be, and that nobody else has his password: he hears what comes from now on.

    Refuses `head_unknown` (also who is confirmed already), `head_not_in_yet` (whoever gave his one-time code could
    still come in as him), `head_of_your_making`.
    """
    permit(by, "confirm_head")
    with writing(store):
        row = store.row(
            f"SELECT id, login, name, role, must_change {_HEADS} AND unconfirmed = 1 AND login = ?", [login]
        )
        if row is None:
            raise Refused("head_unknown")
        found = _new(store, row, by)
        if not found.mine:
            raise Refused("head_of_your_making")
        if not found.ready:
            raise Refused("head_not_in_yet")
        store.execute("UPDATE staff SET unconfirmed = 0 WHERE id = ?", [row["id"]])
        hear_from_now(store, row["id"])
        events.record(store, "confirm_head", "staff", row["id"], by=by, at=events.moment(store, now))
        store.touch("cases", "site")
