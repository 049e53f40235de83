"""What stands in the way of erasing a person: matters that are open, and what the law or a contract has us keep."""

import json
from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception.person_rows import Found
from reception.wording import Words

OPEN: Final = Words("尚未办结", "not finished yet")
HERE: Final = Words("号票尚未办完", "its number is still in the queue")
OWED: Final = Words("收费未结清（会计法）", "money is still owed (Accounting Law)")
WATCHED: Final = Words("督办尚未办结", "its supervision is not finished")
FAULT: Final = Words("故障尚未结束告知", "the fault is not over, or he was not told")
# A contract that runs, and what it needs (PIPL 13(1)(2)): who moves out is moved out first.
RESIDENT: Final = Words(
    "仍登记为住户：履行物业服务合同所必需（个人信息保护法第十三条第一款第二项），请先办理迁出",
    "still a resident: needed for the service contract (PIPL 13(1)(2)); please move him out first",
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a person cannot be erased yet: `about` is the number or the home that it is about.

    `case_id`, `visit_id`: of which matter or visit, for whoever may not know of it.
    """

    about: str
    why: Words
    case_id: int | None = None
    visit_id: int | None = None

    @property
    def where(self) -> str:
        """Where it is put right: `case` or `home`, of which `about` is the number; '' elsewhere."""
        return "case" if self.why in (OPEN, OWED) else "home" if self.why is RESIDENT else ""


_CASES: Final = "(SELECT value FROM json_each(:cases))"
# (reason, SQL: what it is about, of which matter, of which visit; sealed ones too, `persons` shows each reader his own)
_ASKED: Final = (
    (OPEN, f"SELECT no, id, NULL FROM cases WHERE id IN {_CASES} AND closed_at IS NULL"),  # noqa: S608
    (
        HERE,
        "SELECT no, NULL, visit_id FROM tickets WHERE ended_at IS NULL"
        " AND visit_id IN (SELECT value FROM json_each(:visits))",
    ),
    (
        OWED,
        "SELECT cases.no, cases.id, NULL FROM standing_charges AS charged JOIN cases ON cases.id = case_id"  # noqa: S608
        f" WHERE case_id IN {_CASES} AND total_fen > (SELECT coalesce(sum(iif(kind = 'payment', amount_fen,"
        " -amount_fen)), 0) FROM payments WHERE charge_id = charged.id)",
    ),
    (WATCHED, f"SELECT no, case_id, NULL FROM supervisions WHERE case_id IN {_CASES} AND closed_at IS NULL"),  # noqa: S608
    (
        FAULT,
        "SELECT known_faults.no, NULL, NULL FROM fault_households JOIN known_faults ON known_faults.id = fault_id"
        " WHERE fault_households.id IN (SELECT value FROM json_each(:homes)) AND known_faults.closed_at IS NULL",
    ),
    (
        RESIDENT,
        "SELECT building || '-' || units.unit || '-' || room, NULL, NULL FROM residents"
        " JOIN units ON units.id = unit_id"
        " WHERE residents.id IN (SELECT value FROM json_each(:residents))",
    ),
)


def of(store: Store, found: Found) -> tuple[Hold, ...]:
    """Return everything that stands in the way, whoever may know of it."""
    keys = {
        "cases": json.dumps(sorted(found.cases)),
        "visits": json.dumps(sorted(found.visits)),
        "homes": json.dumps(found.rows.get("fault_households", [])),
        "residents": json.dumps(found.rows.get("residents", [])),
    }
    holds = [Hold(row[0], why, row[1], row[2]) for why, sql in _ASKED for row in store.rows(sql, keys)]
    # An open matter says it all.
    open_ = {hold.case_id for hold in holds if hold.why is OPEN}
    return tuple(hold for hold in holds if hold.why is OPEN or hold.case_id is None or hold.case_id not in open_)
