"""What a member of staff holds that must not be left without anybody: one entry a kind (`reception.leaving`).

A new kind of thing that is somebody's is one more entry. `found` reads (id, no) of what `:who` holds; `give` makes it
another's (`:to`), under the condition that it is still `:who`'s. Nothing sealed is here: `hearers` sees to that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import seals
from reception.complaint_steps import HANDLERS
from reception.inquiry_steps import EXPERTS
from reception.permissions import FRONT, HEADS, Actor, Role
from reception.rooms import HOLDERS
from reception.sign_chain import SIGNERS
from reception.supervision_records import OVER_ALL
from reception.supervisions import IN_CHARGE
from reception.tellings import HOSTS
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing held. `give` '' : it is handed on one by one, with the person told (`page` says where).

    `subject`, `about` (SQL: its id) and `what` are of the event that each handing over writes; `unfit` asks whether
    somebody may not have one. `also` is what moves with it, `tell` what its new one is told (`tellings.WORDS`).
    """

    code: str
    words: Words
    found: str
    give: str
    takers: frozenset[Role]
    subject: str
    what: str
    page: str = ""
    about: str = ":id"
    unfit: Callable[[Store, int, int], bool] = lambda store, one, to: False
    also: str = ""
    tell: str = ""


# Who looks at the list sees no sealed case in it; and such a one is not handed on here.
OPEN: Final = "cases.closed_at IS NULL AND cases.sealed = 0 AND {open_to}"
_WORKERS: Final = frozenset({Role.WORKER, Role.TEAM_LEADER})
_OWNERS: Final = frozenset(FRONT | HEADS)
# As where the desk gives it to somebody: his department has the case from now on.
_DEPARTMENT: Final = "department = (SELECT department FROM staff WHERE id = :to)"
_MOVE: Final = f"UPDATE cases SET {_DEPARTMENT} WHERE id = :id"  # noqa: S608


def _other_team(store: Store, order: int, to: int) -> bool:
    """Of another department; or he looked at the finished work himself, and would have done it then."""
    sql = (
        "SELECT 1 FROM work_orders JOIN staff ON staff.id = ? WHERE work_orders.id = ?"
        " AND staff.department = work_orders.department AND rechecked_by IS NOT staff.id"
        " AND signed_seen_by IS NOT staff.id"
    )
    return store.value(sql, [to, order]) is None


def _not_in_charge(store: Store, one: int, to: int) -> bool:
    """Neither of the department that was given the decision, nor over all of them."""
    row = store.row("SELECT role, department FROM staff WHERE id = ?", [to])
    given = store.value("SELECT department FROM supervisions WHERE id = ?", [one])
    return row is None or not (row["department"] == given or row["role"] in OVER_ALL)


def _of_case(table: str, column: str, also: str = "") -> tuple[str, str]:
    found = (
        f"SELECT cases.id, cases.no FROM {table} JOIN cases ON cases.id = {table}.case_id"  # noqa: S608
        f" WHERE {table}.{column} = :who{also} AND {OPEN} ORDER BY cases.id"
    )
    return found, f"UPDATE {table} SET {column} = :to WHERE case_id = :id AND {column} = :who"  # noqa: S608


KINDS: tuple[Kind, ...] = (
    Kind(
        "cases",
        Words("未办结事项（首问负责人）", "Open cases, as holder"),
        f"SELECT id, no FROM cases WHERE owner_id = :who AND {OPEN} ORDER BY id",  # noqa: S608
        "UPDATE cases SET owner_id = :to WHERE id = :id AND owner_id = :who",
        _OWNERS,
        "case",
        "assign",
    ),
    Kind(
        "orders",
        Words("未完成维修单", "Unfinished work orders"),
        "SELECT id, no FROM work_orders WHERE worker_id = :who AND state = 'live' ORDER BY id",
        "UPDATE work_orders SET worker_id = :to WHERE id = :id AND worker_id = :who AND state = 'live'",
        _WORKERS,
        "case",
        "hand_order_on",
        about="(SELECT case_id FROM work_orders WHERE id = :id)",
        unfit=_other_team,
    ),
    Kind(
        "complaints",
        Words("正在处理的投诉", "Complaints to look into"),
        *_of_case("complaints", "handler_id"),
        HANDLERS,
        "case",
        "assign_complaint",
        also=_MOVE,
    ),
    Kind(
        "inquiries",
        Words("等待其答复的咨询", "Inquiries that wait for his advice"),
        *_of_case("inquiries", "expert_id"),
        EXPERTS,
        "case",
        "consult_expert",
        also=_MOVE,
    ),
    Kind(
        "appointments",
        Words("预约来访（被访人）：请逐个改约并告知来访人", "Appointments, as host: change each, and tell the visitor"),
        _of_case("appointments", "host_id", " AND appointments.live = 1")[0],
        "",
        HOSTS,
        "case",
        "",
        page="/cases/",
    ),
    Kind(
        "handovers",
        Words("待交给其本人的文件", "Papers that wait for him"),
        *_of_case("handovers", "to_staff_id"),
        IN_CHARGE,
        "case",
        "hand_papers_on",
        also=_MOVE,
        tell="papers",
    ),
    Kind(
        "officials",
        Words("公务接洽对接人", "Official visitors, as counterpart"),
        *_of_case("officials", "counterpart_id"),
        HOSTS,
        "case",
        "hand_official_on",
        also=f"UPDATE cases SET owner_id = :to, {_DEPARTMENT} WHERE id = :id",  # noqa: S608
        tell="official",
    ),
    Kind(
        "faults",
        Words("已知故障", "Known faults"),
        "SELECT id, no FROM known_faults WHERE owner_id = :who AND state IN ('open', 'restored') ORDER BY id",
        "UPDATE known_faults SET owner_id = :to WHERE id = :id AND owner_id = :who",
        FRONT | {Role.MANAGER},
        "fault",
        "hold_fault",
    ),
    Kind(
        "supervisions",
        Words("督办责任", "Supervised promises"),
        "SELECT supervisions.id, supervisions.no FROM supervisions LEFT JOIN cases ON cases.id = supervisions.case_id"
        " WHERE charge_id = :who AND supervisions.state IN ('open', 'reminded', 'overdue')"
        " AND (cases.id IS NULL OR (cases.sealed = 0 AND {open_to})) ORDER BY supervisions.id",
        "UPDATE supervisions SET charge_id = :to WHERE id = :id AND charge_id = :who",
        IN_CHARGE,
        "supervision",
        "supervision_handed",
        unfit=_not_in_charge,
    ),
    Kind(
        "rooms",
        Words("会议室预订", "Room bookings"),
        "SELECT id, purpose AS no FROM room_bookings WHERE holder_id = :who AND state = 'booked' AND to_at > :now"
        " ORDER BY from_at",
        "UPDATE room_bookings SET holder_id = :to WHERE id = :id AND holder_id = :who",
        HOLDERS,
        "room",
        "hand_room_on",
    ),
    Kind(
        "signs",
        Words("签批环节（主管）", "Step of the sign-off chain"),
        "SELECT position AS id, step AS no FROM sign_steps WHERE active = 1 AND"
        " signer = (SELECT login FROM staff WHERE id = :who)",
        "UPDATE sign_steps SET signer = (SELECT login FROM staff WHERE id = :to) WHERE position = :id"
        " AND signer = (SELECT login FROM staff WHERE id = :who)",
        SIGNERS,
        "setting",
        "set_sign_steps",
        about="0",
    ),
    Kind(
        "visit-days",
        Words("接访日代接待：请重新指定", "Visit days, as deputy: name another"),
        "SELECT id, actual_on AS no FROM visit_days WHERE deputy_id = :who"
        " AND state IN ('planned', 'published', 'open') ORDER BY actual_on",
        "",
        HOSTS,
        "visit_day",
        "",
        page="/visit-days",
    ),
)


def sql(kind: Kind, by: Actor) -> str:
    """Return what reads a kind for this reader."""
    return kind.found.replace("{open_to}", seals.open_to(by))
