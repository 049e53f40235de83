"""Rings at the desks: somebody at the kiosk wants help, or there is danger; until one member of staff takes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from sqlite3 import Row

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.wording import Words

HELP = "help"
# Nobody's case: a visitor was not let through (`security_checks`).
SECURITY = "security"
# Unanswered for so long, the screen shows the telephone that is always answered.
UNANSWERED_AFTER = timedelta(seconds=60)
# Somebody who rings so long after the last one is another visitor: the minute that he waits begins with him.
ANOTHER_AFTER = timedelta(minutes=10)
TAKEN_SHOWN = timedelta(minutes=2)
NAMES = {
    HELP: Words("自助机前有人需要帮忙", "Somebody at the kiosk needs help"),
    "gas": Words("燃气泄漏", "Gas leak"),
    "water": Words("水管爆裂", "Burst pipe"),
    "lift": Words("电梯困人", "Trapped in a lift"),
    "fire": Words("火情", "Fire"),
    "injury": Words("有人受伤", "Somebody is hurt"),
    SECURITY: Words("安全检查未通过，请保安到前台", "Security to the desk, please: a check was not passed"),
}


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring. `taken_by` is the name of who took it, None while nobody has."""

    id: int
    kind: str
    at: str
    presses: int
    case_no: str | None
    taken_at: str | None
    taken_by: str | None

    @property
    def name(self) -> Words:
        """What it is about."""
        return NAMES[self.kind]

    @property
    def danger(self) -> bool:
        """True for an emergency, False for a call for help."""
        return self.kind != HELP


SELECT = (
    "SELECT rings.id, rings.kind, rings.at, rings.presses, cases.no AS case_no, rings.taken_at, staff.name AS taken_by"
    " FROM rings LEFT JOIN cases ON cases.id = rings.case_id LEFT JOIN staff ON staff.id = rings.taken_by"
)


def _from_row(row: Row) -> Ring:
    return Ring(**dict(row))


def by_id(store: Store, ring_id: int) -> Ring:
    """Return a ring that is known to exist."""
    row = store.row(f"{SELECT} WHERE rings.id = ?", [ring_id])
    assert row is not None
    return _from_row(row)


def find(store: Store, text: str) -> Ring:
    """Return a ring by its id as typed. Refuses `ring_unknown`."""
    row = store.row(f"{SELECT} WHERE rings.id = ?", [numbers.whole(text)])
    if row is None:
        raise Refused("ring_unknown")
    return _from_row(row)


def ringing(store: Store, *, by: Actor) -> list[Ring]:
    """Return what rings at the desks. Refuses `not_permitted`."""
    permit(by, "see_rings")
    return waiting(store)


def waiting(store: Store) -> list[Ring]:
    """Return what rings now, until somebody takes it: danger first, then the oldest."""
    rows = store.rows(f"{SELECT} WHERE rings.taken_at IS NULL ORDER BY rings.kind = ?, rings.id", [HELP])
    return [_from_row(row) for row in rows]


def just_taken(store: Store, *, by: Actor, now: datetime) -> list[Ring]:
    """Return what this member of staff took within the last minutes: the way to its case stays at hand."""
    since = clock.to_text(events.moment(store, now) - TAKEN_SHOWN)
    rows = store.rows(f"{SELECT} WHERE rings.taken_by = ? AND rings.taken_at >= ? ORDER BY rings.id", [by.id, since])
    return [_from_row(row) for row in rows]


def unanswered(ring: Ring, *, now: datetime) -> bool:
    """Tell whether a ring has waited so long that the visitor must be told another way."""
    return ring.taken_at is None and now - clock.from_text(ring.at) >= UNANSWERED_AFTER


def ring_for_help(store: Store, *, by: Actor, now: datetime) -> Ring:
    """Ring at every desk; a second press joins the ring that nobody took yet."""
    permit(by, "ring")
    with writing(store):
        at = events.moment(store, now)
        old = store.row(f"{SELECT} WHERE rings.kind = ? AND rings.taken_at IS NULL", [HELP])
        if old is not None and at - clock.from_text(old["at"]) > ANOTHER_AFTER:
            store.execute("UPDATE rings SET at = ? WHERE id = ?", [clock.to_text(at), old["id"]])
        return begin(store, HELP, None, by=by, at=at)


def begin(store: Store, kind: str, case_id: int | None, *, by: Actor, at: datetime) -> Ring:
    """Ring inside an act, or join the ring of this kind that nobody took yet."""
    joined = store.changed("UPDATE rings SET presses = presses + 1 WHERE kind = ? AND taken_at IS NULL", [kind])
    if joined:
        ring_id = store.value("SELECT id FROM rings WHERE kind = ? AND taken_at IS NULL", [kind])
    else:
        ring_id = store.insert(
            "INSERT INTO rings (kind, at, case_id) VALUES (?, ?, ?)", [kind, clock.to_text(at), case_id]
        )
    events.record(store, "ring_again" if joined else "ring", "ring", ring_id, by=by, at=at, kind=kind)
    store.touch("rings")
    return by_id(store, ring_id)


def renew(store: Store, ring_id: int, case_id: int, *, by: Actor, at: datetime) -> Ring:
    """Let a ring that nobody took go on for a new danger, inside its act."""
    store.execute(
        "UPDATE rings SET at = ?, presses = 1, case_id = ? WHERE id = ?", [clock.to_text(at), case_id, ring_id]
    )
    events.record(store, "ring", "ring", ring_id, by=by, at=at, case=case_id)
    store.touch("rings")
    return by_id(store, ring_id)


def take(store: Store, *, ring_id: str, by: Actor, now: datetime) -> Ring:
    """Take a ring: the other desks fall silent. Refuses `ring_unknown`, and `ring_taken` when a colleague was first."""
    permit(by, "take_ring")
    with writing(store):
        ring, at = find(store, ring_id), events.moment(store, now)
        taken = store.changed(
            "UPDATE rings SET taken_at = ?, taken_by = ? WHERE id = ? AND taken_at IS NULL",
            [clock.to_text(at), by.id, ring.id],
        )
        if not taken:
            raise Refused("ring_taken")
        if ring.case_no is not None:
            # Who takes an emergency holds its case.
            store.execute("UPDATE cases SET owner_id = ? WHERE no = ?", [by.id, ring.case_no])
            store.touch("cases")
        events.record(store, "take_ring", "ring", ring.id, by=by, at=at, kind=ring.kind)
        store.touch("rings")
        return by_id(store, ring.id)
