"""What the bearer of a code proves himself by: the last four digits of the telephone of the case, a few tries only.

A token is a bearer's key (design.md, Storage): accepting a quote, signing and withdrawing ask this besides.
"""

import hmac
from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock

MAX_TRIES = 5
# After so many wrong ones only staff can help for a while, longer after each that follows: whoever found a paper comes
# to one try a day. He who mistypes has five, and one more after an hour.
LOCKS = (1, 2, 4, 8, 24)
FORGOTTEN = timedelta(days=7)
# Chinese keyboards easily give full-width digits.
_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}


def prove(store: Store, case_id: int, tail: str, *, by: Actor, now: datetime) -> None:
    """Return if these are the last four digits of the case's telephone; a right answer clears the wrong ones.

    Call it before the act's own `writing`: a wrong try is kept although the act is refused. Refuses `tail_wrong`,
    `tail_locked` after five of them (an hour, then up to a day), also across restarts; `phone_missing` without one.
    """
    assert not store.in_transaction, "a wrong try must be kept, whatever becomes of the act"
    with writing(store):
        at = events.moment(store, now)
        row = store.row("SELECT failures, failed_at FROM phone_tail_tries WHERE case_id = ?", [case_id])
        since = at - clock.from_text(row["failed_at"]) if row is not None else FORGOTTEN
        recent = since < FORGOTTEN
        if row is not None and since < locked_for(row["failures"]):
            raise Refused("tail_locked")
        known = store.value("SELECT phone_tail FROM cases WHERE id = ?", [case_id]) or ""
        if len(known) < 4:
            raise Refused("phone_missing")
        if hmac.compare_digest(tail.strip().translate(_DIGITS).encode(), known.encode()):
            store.execute("DELETE FROM phone_tail_tries WHERE case_id = ?", [case_id])
            return
        store.execute(
            "INSERT INTO phone_tail_tries (case_id, failures, failed_at) VALUES (:id, 1, :at) ON CONFLICT (case_id)"
            " DO UPDATE SET failures = iif(:recent, failures + 1, 1), failed_at = :at",
            {"id": case_id, "at": clock.to_text(at), "recent": recent},
        )
        events.record(store, "wrong_phone_tail", "case", case_id, by=by, at=at)
    raise Refused("tail_wrong")


def locked_for(failures: int) -> timedelta:
    """Return how long nobody may try after so many wrong ones in a row."""
    if failures < MAX_TRIES:
        return timedelta(0)
    return timedelta(hours=LOCKS[min(failures - MAX_TRIES, len(LOCKS) - 1)])


def set_right(store: Store, *, at: datetime) -> None:
    """Forget, once the box's clock was put right, wrong tries of a time still to come: they would lock until then."""
    store.execute("DELETE FROM phone_tail_tries WHERE failed_at > ?", [clock.to_text(at)])
