"""Who calls whom just now (正在回访): a call is taken by one, and falls back by itself when it was forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from db.store import Store
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site

TAKE = (
    "INSERT INTO follow_up_claims (case_id, by_id, taken_at, until_at) VALUES (:case, :me, :now, :until)"
    " ON CONFLICT (case_id) DO UPDATE SET by_id = :me, taken_at = :now, until_at = :until"
    " WHERE by_id = :me OR until_at <= :now"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A call in somebody's hands until `until_at`."""

    by_id: int
    by_name: str
    until_at: str


def take(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """Take a call inside an act, or keep it longer. Refuses `call_taken`: somebody else has it."""
    until = at + timedelta(minutes=site(store).follow_up_claim_minutes)
    values = {"case": case_id, "me": by.id, "now": clock.to_text(at), "until": clock.to_text(until)}
    if not store.changed(TAKE, values):
        raise Refused("call_taken")


def holder(store: Store, case_id: int, *, at: datetime) -> Claim | None:
    """Return who has the call at a moment, or None."""
    row = store.row(
        "SELECT by_id, name, until_at FROM follow_up_claims JOIN staff ON staff.id = by_id"
        " WHERE case_id = ? AND until_at > ?",
        [case_id, clock.to_text(at)],
    )
    return Claim(*row) if row is not None else None


def set_right(store: Store, *, at: datetime) -> None:
    """Let go, once the box's clock was put right, of what was taken at a time still to come."""
    store.execute("DELETE FROM follow_up_claims WHERE taken_at > ?", [clock.to_text(at)])


def drop(store: Store, case_id: int) -> bool:
    """Let go of a call inside an act; tell whether there was one."""
    return store.changed("DELETE FROM follow_up_claims WHERE case_id = ?", [case_id])
