"""The last four digits of a case's phone: what the holder of a paper says to prove that he is the one it was given to.

A token is a bearer's key (design.md, Storage): accepting a quote, signing and withdrawing ask this besides.
"""

import hmac
from datetime import datetime

from db.store import Store, writing
from reception import events
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock

TRIES = 5
# Chinese keyboards easily give full-width digits.
_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)}


def prove(store: Store, case_id: int, tail: str, *, by: Actor, now: datetime) -> None:
    """Return if these are the last four digits of the case's phone; a right answer clears the wrong ones.

    Refuses `phone_tail_wrong`, and after five wrong ones in a row `phone_tail_locked`: then only staff can act. Call it
    before the act's own `writing`: a wrong try is kept although the act is refused.
    """
    assert not store.in_transaction, "a wrong try must be kept, whatever becomes of the act"
    with writing(store):
        known = store.value("SELECT phone_tail FROM cases WHERE id = ?", [case_id]) or ""
        failures = store.value("SELECT failures FROM phone_tail_tries WHERE case_id = ?", [case_id]) or 0
        if failures >= TRIES:
            raise Refused("phone_tail_locked")
        typed = tail.strip().translate(_DIGITS)
        if len(known) == 4 and hmac.compare_digest(typed.encode(), known.encode()):
            store.execute("DELETE FROM phone_tail_tries WHERE case_id = ?", [case_id])
            return
        at = events.moment(store, now)
        store.execute(
            "INSERT INTO phone_tail_tries (case_id, failures, failed_at) VALUES (?, 1, ?)"
            " ON CONFLICT (case_id) DO UPDATE SET failures = failures + 1, failed_at = excluded.failed_at",
            [case_id, clock.to_text(at)],
        )
        events.record(store, "phone_tail_wrong", "case", case_id, by=by, at=at, tries=failures + 1)
    raise Refused("phone_tail_wrong")
