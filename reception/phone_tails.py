"""What the bearer of a code proves himself by: the last four digits of the telephone of the case, a few tries only."""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import cases, events
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock

MAX_TRIES = 5
# After so many wrong ones only staff can help, until this has passed.
LOCKED_FOR = timedelta(hours=1)


def prove(store: Store, case_id: int, tail: str, *, by: Actor, now: datetime) -> None:
    """Return if these are the last four digits of the case's telephone.

    Wrong tries are counted in the store, outside the act that asks: a refused act must not forget them. Refuses
    `tail_wrong`, `tail_locked` after five of them in an hour, also across restarts; `phone_missing` without one.
    """
    at = events.moment(store, now)
    row = store.row("SELECT failures, failed_at FROM phone_tail_tries WHERE case_id = ?", [case_id])
    recent = row is not None and at - clock.from_text(row["failed_at"]) < LOCKED_FOR
    if row is not None and recent and row["failures"] >= MAX_TRIES:
        raise Refused("tail_locked")
    phone = cases.whole(store, case_id).phone
    if not phone:
        raise Refused("phone_missing")
    typed = tail.strip().translate({0xFF10 + digit: str(digit) for digit in range(10)})
    if len(typed) == 4 and typed == phone[-4:]:
        return
    with writing(store):
        store.execute(
            "INSERT INTO phone_tail_tries (case_id, failures, failed_at) VALUES (:id, 1, :at) ON CONFLICT (case_id)"
            " DO UPDATE SET failures = iif(:recent, failures + 1, 1), failed_at = :at",
            {"id": case_id, "at": clock.to_text(at), "recent": recent},
        )
        events.record(store, "wrong_phone_tail", "case", case_id, by=by, at=events.moment(store, now))
    raise Refused("tail_wrong")
