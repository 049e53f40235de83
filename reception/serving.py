"""Whose visitor stands before whom: who serves somebody sees him and his matters whole, and is asked for no reason."""

from db.store import Store
from reception.permissions import Actor


def holds_or_serves(store: Store, *, owner_id: int | None, visit_id: int | None, phone: str, by: Actor) -> bool:
    """Whether this reader sees the person of a matter whole: he holds it, or has him before him now."""
    return owner_id == by.id or has_before_him(store, visit_id=visit_id, phone=phone, by=by)


def has_before_him(store: Store, *, visit_id: int | None, phone: str, by: Actor) -> bool:
    """Whether this reader serves the person of a matter now: by its visit, or by the whole telephone of that visit.

    The call of the ticket is the audit line of it. A telephone opens other matters only where it and a home recognised
    a resident, as he typed them or a colleague did: anybody can type another's number at the kiosk, or book under it.
    What the reader typed himself opens nothing: he would see the matters of anybody whose number he knows.
    """
    return bool(
        store.value(
            "SELECT 1 FROM tickets JOIN visits ON visits.id = visit_id WHERE tickets.served_by = :me"
            " AND tickets.state IN ('called', 'serving')"
            " AND (visits.id = :visit OR (visits.phone = :phone AND :phone <> '' AND visits.recognised = 1"
            " AND visits.phone_by IS NOT :me))",
            {"me": by.id, "visit": visit_id, "phone": phone},
        )
    )
