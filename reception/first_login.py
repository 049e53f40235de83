"""The first administrator (首位管理员): a new box gives one login a one-time code, printed once and never stored."""

import secrets
from datetime import datetime

from db.store import Store, writing
from reception import events, login_failures, staff
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused

LOGIN = "admin"
NAME = "系统管理员"
DEPARTMENT = "management"
# Nothing that is read as something else on thermal paper: no 0 and O, no 1, I and L.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4


def new_code() -> str:
    """Return a fresh one-time code of 58 bits, such as `7K3M-Q8ZT-49XA`."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))


def give(store: Store, *, code: str, by: Actor, now: datetime) -> str:
    """Make the first administrator with this one-time code, or give him a new one; return his login.

    The code opens nothing but the page where it is changed (`desk.session`). A new one is given for as long as the
    last was never changed: a slip may be lost. Refuses `already_set_up`.
    """
    permit(by, "set_up")
    hashed = staff.hash_password(code)
    with writing(store):
        row = store.row("SELECT id, login, must_change FROM staff WHERE role = ? ORDER BY id", [Role.ADMINISTRATOR])
        if row is not None and not row["must_change"]:
            raise Refused("already_set_up")
        login = LOGIN if row is None else row["login"]
        if row is None:
            store.insert(
                "INSERT INTO staff (login, name, role, department, password_hash, must_change)"
                " VALUES (?, ?, ?, ?, ?, 1)",
                [login, NAME, Role.ADMINISTRATOR, DEPARTMENT, hashed],
            )
        else:
            store.execute("UPDATE staff SET password_hash = ?, code_until = NULL WHERE id = ?", [hashed, row["id"]])
            login_failures.forgive(store, login_failures.key_of(login))
            store.execute("DELETE FROM sessions WHERE staff_id = ?", [row["id"]])
        subject = store.value("SELECT id FROM staff WHERE login = ?", [login])
        events.record(store, "give_first_code", "staff", subject, by=by, at=events.moment(store, now))
        return str(login)


def awaited(store: Store) -> bool:
    """Whether nobody has yet logged in as administrator and chosen a password."""
    return not store.value("SELECT 1 FROM staff WHERE role = ? AND must_change = 0", [Role.ADMINISTRATOR])
