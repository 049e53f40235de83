"""One-time codes (一次性口令): for somebody new, and for a password that was forgotten.

A code is shown once and kept nowhere in readable form. For a day it opens one page: that on which it is changed.
"""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events, first_login, hearers, leaving, login_failures, new_heads, seals, sessions, staff
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock

LIFE = timedelta(hours=24)


def give(store: Store, *, login: str, by: Actor, now: datetime) -> str:
    """Give a member of staff a code in place of his password, and return it; whoever is logged in as him is out.

    Whoever gives it could log in with it. So the account leaves behind what it was let in on that is sealed, and open
    incidents go to a head, whether there are any or not, which tells nothing; at the box it keeps them. Refuses
    `staff_unknown`, `code_for_oneself`, and `password_of_a_head`: a head's is given at the box.
    """
    permit(by, "manage_staff")
    code = first_login.new_code()
    hashed = staff.hash_password(code)
    with writing(store):
        row = store.row("SELECT id, role FROM staff WHERE login = ? AND active = 1", [login])
        if row is None:
            raise Refused("staff_unknown")
        if row["id"] == by.id:
            raise Refused("code_for_oneself")
        at = events.moment(store, now)
        if by.role is not Role.BOX:
            if row["role"] in seals.RANKS and not _first_time(store, row["id"]):
                raise Refused("password_of_a_head")
            leaving.incidents_on(store, row["id"], by=by, at=at)
            hearers.leave_behind(store, row["id"])
            new_heads.through(store, row["id"], by=by)
        store.execute(
            "UPDATE staff SET password_hash = ?, must_change = 1, code_until = ? WHERE id = ?",
            [hashed, clock.to_text(at + LIFE), row["id"]],
        )
        login_failures.forgive(store, login_failures.key_of(login))
        login_failures.forget_browsers(store, row["id"])
        sessions.end_all(store, row["id"], by=by, at=at)
        events.record(store, "give_code", "staff", row["id"], by=by, at=at)
    return code


def _first_time(store: Store, staff_id: int) -> bool:
    """Whether a code for a head opens nothing: he never chose a password, and no other head has confirmed him yet; or
    he is the first of a centre, and nobody but him could."""
    sql = "SELECT 1 FROM events WHERE subject = 'staff' AND subject_id = ? AND what = 'change_password'"
    row = store.row("SELECT must_change, unconfirmed FROM staff WHERE id = ?", [staff_id])
    if row is None or not row["must_change"] or store.value(sql, [staff_id]) is not None:
        return False
    return bool(row["unconfirmed"]) or not new_heads.is_there_another(store, staff_id)


def waits_until(store: Store, login: str) -> str | None:
    """Return until when (UTC text) the code of a member of staff opens anything; None where none is out."""
    text = store.value("SELECT code_until FROM staff WHERE login = ? AND must_change = 1", [login])
    return None if text is None else str(text)
