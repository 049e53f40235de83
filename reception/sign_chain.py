"""The chain of signatures (签批, RUL-05, K7) as data: which steps, in which order, who signs each, and until when.

The procedures give two orders (part I, trap 3), so the list is the centre's own. Steps of one position are signed side
by side; a position begins when the one before it is complete.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from db.store import Store
from reception import case_filters, clocks, duty, working_calendar
from reception.permissions import Role
from reception.refusal import Refused
from reception.rules import clock, deadlines
from reception.rules.deadlines import Time
from reception.site import site
from reception.supervisions import FURTHEST
from reception.table_types import ACTIVE, Column, Table
from reception.typed_days import typed_day
from reception.visit_days import Day
from reception.wording import Words

STEPS: Final = {
    "review": Words("客服审核", "Review by customer service"),
    "departments": Words("责任部门负责人", "Head of department"),
    "supervisor": Words("主管", "Supervisor"),
    "service_head": Words("客服部负责人", "Head of customer service"),
    "manager": Words("项目经理", "Project manager"),
}
TABLE: Final = Table(
    "sign_steps",
    Words("接访签批顺序", "Visit day: order of signatures"),
    "step",
    (
        Column("step", Words("环节", "Step"), "pick", STEPS),
        Column("position", Words("次序（相同为同时签）", "Order (the same: side by side)"), "number"),
        Column("signer", Words("由谁签（仅主管）", "Who signs (supervisor only)"), "pick", of="staff", optional=True),
        ACTIVE,
    ),
    "position, step",
    ("step", "step"),
)
# Who may be asked to sign at all, and so may be named as somebody's deputy.
SIGNERS: Final = frozenset({Role.ASSISTANT, Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER})
_OWN_HEADS: Final = "('department_head', 'service_head', 'manager')"
# So far before a visit day the calendar is read: longer than any closure, and the days that signing ends before.
LOOK_BACK: Final = timedelta(days=120)


class ChainStep(NamedTuple):
    """A step in use: its code and its place."""

    step: str
    position: int


def chain(store: Store) -> list[ChainStep]:
    """Return the steps in use, in their order."""
    rows = store.rows("SELECT step, position FROM sign_steps WHERE active = 1 ORDER BY position, step")
    return [ChainStep(row["step"], row["position"]) for row in rows]


def check(store: Store, key: str, checked: Mapping[str, Any]) -> None:
    """Hold the list to what it must keep to, inside the act that changes a row of it.

    Refuses `manager_signs_last` (he is always asked, after everybody else), `review_comes_first` (where it is a gate),
    `position_missing`, `supervisor_missing` (that step names who signs), `signer_unfit`.
    """
    if not checked["position"]:
        raise Refused("position_missing")
    if key == "supervisor":
        _check_signer(store, checked)
    elif checked["signer"] is not None:
        raise Refused("signer_unfit")
    places = {one.step: one.position for one in chain(store) if one.step != key}
    if checked["active"]:
        places[key] = checked["position"]
    manager, review = places.pop("manager", 0), places.pop("review", None)
    if not manager or any(place >= manager for place in places.values()) or (review or 0) >= manager:
        raise Refused("manager_signs_last")
    if review is not None and any(place <= review for place in places.values()):
        raise Refused("review_comes_first")


def _check_signer(store: Store, checked: Mapping[str, Any]) -> None:
    login = checked["signer"]
    if login is None:
        if checked["active"]:
            raise Refused("supervisor_missing")
        return
    role = store.value("SELECT role FROM staff WHERE login = ? AND active = 1", [login])
    if role not in SIGNERS:
        raise Refused("signer_unfit")


def signers(store: Store, step: str, department: str | None) -> list[int]:
    """Return who signs a step: the head of the department, of service, the manager, whom the list names.

    A department without a head of its own is answered for as everywhere (`duty`): that is said on the form.
    """
    if step == "departments":
        rows = store.rows(
            f"SELECT id FROM staff WHERE active = 1 AND department = ? AND role IN {_OWN_HEADS} ORDER BY id",  # noqa: S608
            [department],
        )
        found = [row["id"] for row in rows]
        instead = None if found else duty.head_of(store, department or "")
        return found if instead is None else [instead]
    if step == "supervisor":
        rows = store.rows(
            "SELECT staff.id FROM sign_steps JOIN staff ON login = signer WHERE step = ? AND staff.active = 1", [step]
        )
    else:
        rows = store.rows("SELECT id FROM staff WHERE active = 1 AND role = ? ORDER BY id", [step])
    return [row["id"] for row in rows]


def has_own_head(store: Store, department: str) -> bool:
    """Tell whether a department has a head of its own."""
    return bool(
        store.value(f"SELECT 1 FROM staff WHERE active = 1 AND department = ? AND role IN {_OWN_HEADS}", [department])  # noqa: S608
    )


def cut_off(store: Store, day: Day) -> datetime:
    """Return until when bookings of a day are to be signed: the close of business, so many working days before."""
    centre = site(store)
    begin = clock.from_text(case_filters.day_begins(day.actual_on, centre.zone))
    calendar = working_calendar.calendar(store, since=day.actual_on - LOOK_BACK)
    last = calendar.working_days_before(day.actual_on, centre.visit_day_sign_working_days)
    return clocks.timetable(store, centre, since=begin).close_of_business(last)


def half_time(store: Store, begin: datetime, due: datetime) -> datetime:
    """Return when half of the time is over, by opening hours: nobody is reminded at night."""
    if due <= begin:
        return begin
    table = clocks.timetable(store, site(store), since=begin)
    minutes = deadlines.open_time(begin, due, table).total_seconds() / 120
    if minutes < 1:
        return begin + (due - begin) / 2
    return min(due, deadlines.deadline(Time.OPEN, begin, int(minutes), table))


def handling_deadline(store: Store, typed: str, at: datetime) -> str:
    """Return a deadline that a signature sets: a working day after today, as ISO text.

    Refuses `date_invalid`, `deadline_after_today`, `deadline_too_far`, `not_a_working_day`.
    """
    day = typed_day(typed)
    today = clock.local_day(at, site(store).zone)
    if day <= today:
        raise Refused("deadline_after_today")
    if day - today > FURTHEST:
        raise Refused("deadline_too_far")
    if not working_calendar.calendar(store, since=today).is_open(day):
        raise Refused("not_a_working_day")
    return day.isoformat()
