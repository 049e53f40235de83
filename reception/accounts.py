"""The accounts of the staff as those who manage them see them: who is in, who waits for a code, what each holds."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import leaving, sessions
from reception.leaving import Held
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.sessions import Listed, Session
from reception.wording import Words

# Sessions shown of one account; more than these is a defect, not a list.
MOST = 500


@dataclass(frozen=True, slots=True)
class Account:
    """An account; times are UTC text. `code_until`: of a one-time code; `must_change`: no password was chosen yet.

    `unconfirmed`: a head whom no other has confirmed (`new_heads`).
    """

    id: int
    login: str
    name: str
    role: Role
    department: Words
    active: bool
    must_change: bool
    unconfirmed: bool
    code_until: str | None
    sessions: int
    seen_at: str | None


@dataclass(frozen=True, slots=True)
class Opened:
    """One account with its sessions, and what its person holds."""

    account: Account
    sessions: list[Listed]
    held: list[Held]


_SELECT = (
    "SELECT staff.id, login, staff.name, role, departments.name AS department_zh, departments.name_en AS department_en,"
    " staff.active, must_change, unconfirmed, code_until, seen_at, coalesce(sessions, 0) AS sessions"
    " FROM staff JOIN departments ON departments.code = staff.department LEFT JOIN (SELECT staff_id, count(*) AS"
    " sessions, max(seen_at) AS seen_at FROM sessions GROUP BY staff_id) AS log_ins ON log_ins.staff_id = staff.id"
)


def all_accounts(store: Store, *, by: Actor) -> list[Account]:
    """Return every account, those in use first."""
    permit(by, "manage_staff")
    rows = store.rows(f"{_SELECT} ORDER BY staff.active DESC, staff.name LIMIT {MOST}")
    return [_account(dict(row)) for row in rows]


def _account(row: dict[str, object]) -> Account:
    words = Words(str(row.pop("department_zh")), str(row.pop("department_en")))
    flags = {name: bool(row[name]) for name in ("active", "must_change", "unconfirmed")}
    return Account(**(row | flags | {"role": Role(str(row["role"])), "department": words}))  # type: ignore[arg-type]


def one(store: Store, sitting: Session, *, login: str, now: datetime) -> Opened:
    """Return an account. Refuses `staff_unknown`."""
    permit(sitting.actor, "manage_staff")
    row = store.row(f"{_SELECT} WHERE login = ?", [login])
    if row is None:
        raise Refused("staff_unknown")
    return Opened(
        _account(dict(row)),
        sessions.everybody(store, sitting, login=login, now=now),
        leaving.held(store, login=login, by=sitting.actor, now=now),
    )
