"""Who lives in a home, or owns it (业主档案, SYS-15, SYS-16): added, corrected, moved out."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import cases, consents, estate, events, nonces
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers, people
from reception.rules.masking import mask_name, mask_phone
from reception.visits import NAME_LIMIT
from reception.wording import Words

RELATIONS = {
    "owner": Words("业主", "Owner"),
    "family": Words("家属", "Family"),
    "tenant": Words("租户", "Tenant"),
    "agent": Words("代理人", "Agent"),
}
# What the file of a home tells of these acts.
ACTS = {
    "add_resident": Words("登记住户", "resident added"),
    "correct_resident": Words("更正住户", "resident corrected"),
    "move_out_resident": Words("住户迁出", "resident moved out"),
}


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of a home; masked unless the file was shown whole. `moved_out_at` None: he still belongs to it."""

    id: int
    name: str
    phone: str
    code: str
    moved_out_at: str | None

    @property
    def relation(self) -> Words:
        """What he is to the home."""
        return RELATIONS[self.code]


def of_home(store: Store, home: Unit, *, whole: bool) -> tuple[Resident, ...]:
    """Return who belongs to a home now, for an act that has asked who may see them whole."""
    rows = store.rows(
        "SELECT id, name, phone, relation, NULL AS moved_out_at FROM residents WHERE unit_id = ? ORDER BY id", [home.id]
    )
    return tuple(_resident(row, whole) for row in rows)


def former(store: Store, home: Unit, *, whole: bool) -> tuple[Resident, ...]:
    """Return who moved out of a home, the last first, for an act that has asked who may see them whole."""
    rows = store.rows(
        "SELECT id, name, phone, relation, moved_out_at FROM former_residents WHERE unit_id = ? ORDER BY id DESC",
        [home.id],
    )
    return tuple(_resident(row, whole) for row in rows)


def _resident(row: Row, whole: bool) -> Resident:
    name, phone = row["name"], row["phone"]
    return Resident(
        row["id"],
        name if whole else mask_name(name),
        phone if whole else mask_phone(phone),
        row["relation"],
        row["moved_out_at"],
    )


def add(store: Store, *, nonce: str, unit: str, name: str, phone: str, relation: str, by: Actor, now: datetime) -> Unit:
    """Add somebody to a home (`1-1-101`); return the home. The same nonce adds him once.

    Refuses `unit_invalid`, `unit_unknown`, `name_missing`, `phone_missing`, `phone_invalid`, `relation_unknown`,
    `resident_known` (this person with this phone is in the home already), texts.
    """
    permit(by, "keep_residents")
    home = estate.find_unit(store, unit.strip())
    person = _checked(name, phone, relation)

    def make(at: datetime) -> int:
        _only_once(store, home, person, 0)
        # Never an id of somebody who moved out: a screen that still shows him must not change another.
        resident_id = store.insert(
            "INSERT INTO residents (id, unit_id, name, phone, relation) SELECT 1 + max("
            "(SELECT coalesce(max(id), 0) FROM residents),"
            " (SELECT coalesce(max(resident_id), 0) FROM former_residents)), ?, ?, ?, ?",
            [home.id, *person],
        )
        consents.keep(store, "residents", resident_id, by=by, at=at)
        events.record(store, "add_resident", "unit", home.id, by=by, at=at, resident=resident_id, relation=relation)
        return resident_id

    nonces.once(store, nonce, "add_resident", {"unit": home.id, "person": person}, now=now, make=make)
    return home


def correct(
    store: Store, *, unit: str, resident_id: str, name: str, phone: str, relation: str, by: Actor, now: datetime
) -> Unit:
    """Correct what is known of somebody; what is empty stays as it is. Return the home.

    Refuses as `add`, and `resident_unknown` (he is not, or no longer, of this home).
    """
    permit(by, "keep_residents")
    with writing(store):
        home, before = _find(store, unit, resident_id)
        person = _checked(
            name.strip() or before["name"], phone.strip() or before["phone"], relation or before["relation"]
        )
        _only_once(store, home, person, before["id"])
        changed = [
            field for field, value in zip(("name", "phone", "relation"), person, strict=True) if value != before[field]
        ]
        if changed:
            store.execute(
                "UPDATE residents SET name = ?, phone = ?, relation = ? WHERE id = ?", [*person, before["id"]]
            )
            at = events.moment(store, now)
            consents.keep(store, "residents", before["id"], by=by, at=at)
            events.record(
                store, "correct_resident", "unit", home.id, by=by, at=at, resident=before["id"], fields=changed
            )
        return home


def move_out(store: Store, *, unit: str, resident_id: str, by: Actor, now: datetime) -> Unit:
    """Somebody moved out: kept in the file of the home, recognised nowhere any more. Return the home.

    Refuses `unit_invalid`, `unit_unknown`, `resident_unknown`.
    """
    permit(by, "keep_residents")
    with writing(store):
        home, who = _find(store, unit, resident_id)
        at = events.moment(store, now)
        former_id = store.insert(
            "INSERT INTO former_residents (resident_id, unit_id, name, phone, relation, moved_out_at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [who["id"], home.id, who["name"], who["phone"], who["relation"], clock.to_text(at), by.id],
        )
        consents.keep(store, "former_residents", former_id, by=by, at=at)
        store.execute("DELETE FROM residents WHERE id = ?", [who["id"]])
        events.record(store, "move_out_resident", "unit", home.id, by=by, at=at, resident=who["id"])
        return home


def _find(store: Store, unit: str, resident_id: str) -> tuple[Unit, Row]:
    home = estate.find_unit(store, unit.strip())
    row = store.row("SELECT * FROM residents WHERE id = ? AND unit_id = ?", [numbers.whole(resident_id) or 0, home.id])
    if row is None:
        raise Refused("resident_unknown")
    return home, row


def _checked(name: str, phone: str, relation: str) -> tuple[str, str, str]:
    if not phone.strip():
        raise Refused("phone_missing")
    try:
        number = people.clean_phone(phone)
    except ValueError as error:
        raise Refused(str(error)) from None
    clean = cases.text(name, limit=NAME_LIMIT, missing="name_missing")
    return clean, number, cases.choice(relation, RELATIONS, code="relation_unknown")


def _only_once(store: Store, home: Unit, person: tuple[str, str, str], besides: int) -> None:
    if store.value(
        "SELECT 1 FROM residents WHERE unit_id = ? AND name = ? AND phone = ? AND id <> ?",
        [home.id, person[0], person[1], besides],
    ):
        raise Refused("resident_known")
