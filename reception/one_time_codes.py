"""One-time codes (一次性口令): for somebody new, and for a password that was forgotten.

A code is shown once and kept nowhere in readable form. For a day it opens one page: that on which it is changed.
"""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events, first_login, login_failures, seals, sessions, staff
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock

LIFE = timedelta(hours=24)


def give(store: Store, *, login: str, by: Actor, now: datetime) -> str:
    """Give a member of staff a code in place of his password, and return it; whoever is logged in as him is out.

    Refuses `staff_unknown`, `code_for_oneself`, and `password_of_a_head`: whoever gives it could log in with it and
    read what is about himself, so a head's is given at the box.
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
        if row["role"] in seals.RANKS and by.role is not Role.BOX and not _never_in(store, row["id"]):
            raise Refused("password_of_a_head")
        at = events.moment(store, now)
        store.execute(
            "UPDATE staff SET password_hash = ?, must_change = 1, code_until = ? WHERE id = ?",
            [hashed, clock.to_text(at + LIFE), row["id"]],
        )
        login_failures.forgive(store, login_failures.key_of(login))
        login_failures.forget_browsers(store, row["id"])
        sessions.end_all(store, row["id"], by=by, at=at)
        events.record(store, "give_code", "staff", row["id"], by=by, at=at)
    return code


def _never_in(store: Store, staff_id: int) -> bool:
    """Whether somebody never chose a password: he heard nothing yet, so a code for him opens nothing."""
    sql = "SELECT 1 FROM events WHERE subject = 'staff' AND subject_id = ? AND what = 'change_password'"
    waits = store.value("SELECT must_change FROM staff WHERE id = ?", [staff_id])
    return bool(waits) and store.value(sql, [staff_id]) is None


def waits_until(store: Store, login: str) -> str | None:
    """Return until when (UTC text) the code of a member of staff opens anything; None where none is out."""
    text = store.value("SELECT code_until FROM staff WHERE login = ? AND must_change = 1", [login])
    return None if text is None else str(text)
