"""What a member of staff is told of a case: his visitor is here, papers lie here for him; until he has seen it."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store
from reception import seals
from reception.permissions import FRONT, HEADS, Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.masking import mask_name
from reception.wording import Words

# Who has a page of the desk to be told on, and so may receive visitors.
HOSTS = frozenset({*FRONT, *HEADS})
MOST = 20
WORDS = {
    "booked": Words("有一位访客预约了您", "A visitor is booked with you"),
    "changed": Words("预约有变更", "An appointment was changed"),
    "handed_on": Words("预约已改由他人接待", "Somebody else receives this visitor"),
    "cancelled": Words("预约已取消", "An appointment was cancelled"),
    "arrived": Words("您的访客到了", "Your visitor is here"),
    "missed": Words("访客没有来，请联系", "Your visitor did not come: please call him"),
    "papers": Words("有文件待您领取", "Papers wait for you"),
    "went_back": Words("给您的文件已退回送件人", "Papers for you went back to the sender"),
    "accompany": Words("请您陪同接访日", "Please accompany the visit day"),
    "official": Words("公务来访，请您接洽", "Official business for you"),
    "official_on": Words("公务来访已改由他人接洽", "Somebody else sees to this official business"),
    "to_sign": Words("有接访登记表请您签批", "Visit-day forms wait for your signature"),
    "sign_soon": Words("有接访登记表还没签，时间已过半", "Visit-day forms are unsigned: half of the time is over"),
    "signature_void": Words("接访事由已改，原签批作废", "A visit-day matter was reworded: the signatures are void"),
    "sent_back": Words("接访登记表被退回重审", "A visit-day form was sent back for review"),
    "release_asked": Words("有物品放行待您批准", "Goods wait for your word to leave"),
    "release_approved": Words("物品放行已批准，请打印放行条", "A pass for goods is approved: please print it"),
    "release_refused": Words("物品放行未获批准", "A pass for goods was refused"),
    "release_turned_back": Words("门岗未放行物品", "Goods were turned back at the gate"),
    "inspection_agreed": Words(
        "业主约定了验收时间，请派人陪同", "A home is to be inspected: please send somebody along"
    ),
    "inspection_passed": Words(
        "整改已复检合格，请约业主再次验收", "Defects are put right: please ask the owner to accept"
    ),
    "tour_asked": Words("有参观接待在开放时间以外，待您批准", "A tour outside the opening hours waits for your word"),
    "tour_approved": Words("参观接待的时间已批准", "The time of a tour is approved"),
    "tour_told": Words("有参观接待，请本部门做准备", "A tour comes: please prepare your part"),
    "tour_changed": Words("参观接待有变更，请看新的安排", "A tour was changed: please look at it anew"),
    "tour_cancelled": Words("参观接待已取消", "A tour was called off"),
    "unsigned": Words("有接访登记表到期没签完，请您决定", "Visit-day forms were not signed in time: please decide"),
}
# These lead to the form: whoever signs it may see no more of the case.
OF_THE_FORM = frozenset({"signature_void", "sent_back"})
# These stand for all of their sort, once each, and lead to the list: eight bookings are no eight lines on every page.
OF_THE_LIST = frozenset({"to_sign", "sign_soon", "unsigned"})
# These lead to the plan of the tour: a department that has a part in it may see no more of the case.
OF_THE_PLAN = frozenset({"tour_told", "tour_changed", "tour_cancelled"})
# By seeing these the host says that he receives the visitor.
ASKS = frozenset({"booked", "changed"})


@dataclass(frozen=True, slots=True)
class Telling:
    """One telling, with what its list shows of the case: the name is masked unless the reader holds the case.

    `when`: of an appointment the time, `ticket_no` of who is here his number. `seen_by` is the name of who said that it
    was seen: himself, or a colleague who told him.
    """

    id: int
    what: str
    at: str
    staff_id: int
    staff_name: str
    seen_at: str | None
    seen_by: str
    case_id: int
    case_no: str
    kind: str
    name: str
    when: str | None
    ticket_no: str

    @property
    def words(self) -> Words:
        """What it says."""
        return WORDS[self.what]

    @property
    def page(self) -> str:
        """Where it leads."""
        if self.what == "accompany":
            return "/session/agenda"
        if self.what in OF_THE_LIST:
            return "/signatures"
        if self.what in OF_THE_PLAN:
            return f"/tours/{self.case_no}/plan"
        return f"/visit-day/{self.case_no}/form" if self.what in OF_THE_FORM else f"/cases/{self.case_no}"

    @property
    def asks(self) -> bool:
        """Whether it asks for his word, and is not only news."""
        return self.what in ASKS


def _select(by: Actor) -> str:
    """Return the statement that reads tellings of cases that exist for a reader; conditions may follow."""
    return (
        "SELECT tellings.*, told.name AS told_name, coalesce(seer.name, '') AS seer_name, cases.no, cases.kind,"  # noqa: S608
        " cases.name AS person, cases.owner_id, appointments.expected_at, coalesce(tickets.no, '') AS ticket_no"
        " FROM tellings JOIN cases ON cases.id = tellings.case_id JOIN staff AS told ON told.id = tellings.staff_id"
        " LEFT JOIN staff AS seer ON seer.id = tellings.seen_by"
        " LEFT JOIN appointments ON appointments.case_id = cases.id LEFT JOIN tickets ON tickets.id = ticket_id"
        f" WHERE {seals.open_to(by)}"
    )


def _telling(row: Row, by: Actor) -> Telling:
    return Telling(
        id=row["id"],
        what=row["what"],
        at=row["at"],
        staff_id=row["staff_id"],
        staff_name=row["told_name"],
        seen_at=row["seen_at"],
        seen_by=row["seer_name"],
        case_id=row["case_id"],
        case_no=row["no"],
        kind=row["kind"],
        name=row["person"] if row["owner_id"] == by.id else mask_name(row["person"]),
        when=row["expected_at"],
        ticket_no=row["ticket_no"],
    )


def tell(store: Store, case_id: int, staff_id: int, what: str, *, by: Actor, at: datetime) -> None:
    """Tell a member of staff, inside an act; what he does himself is no news to him."""
    if staff_id == by.id:
        return
    assert what in WORDS, what
    if what in OF_THE_LIST and store.value(
        "SELECT 1 FROM tellings WHERE staff_id = ? AND seen_at IS NULL AND what = ?", [staff_id, what]
    ):
        return
    store.execute(
        "INSERT INTO tellings (case_id, staff_id, what, at) VALUES (?, ?, ?, ?)",
        [case_id, staff_id, what, clock.to_text(at)],
    )
    store.touch("tellings")


def mine(store: Store, *, by: Actor) -> list[Telling]:
    """Return what the reader was told and has not seen: of each case the last word, the newest first."""
    permit(by, "see_tellings")
    rows = store.rows(
        f"{_select(by)} AND tellings.staff_id = ? AND tellings.seen_at IS NULL"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM tellings AS later WHERE later.case_id = tellings.case_id"
        " AND later.staff_id = tellings.staff_id AND later.id > tellings.id)"
        " ORDER BY tellings.id DESC LIMIT ?",
        [by.id, MOST],
    )
    return [_telling(row, by) for row in rows]


def of_case(store: Store, case_id: int, *, by: Actor) -> list[Telling]:
    """Return who was told what of a case that the reader was let in to, oldest first."""
    rows = store.rows(f"{_select(by)} AND tellings.case_id = ? ORDER BY tellings.id", [case_id])
    return [_telling(row, by) for row in rows]


def find(store: Store, telling_id: str, *, by: Actor) -> Telling:
    """Return a telling of the reader's own, or any to the desk, which tells by telephone. Refuses `telling_unknown`."""
    permit(by, "see_tellings")
    known = numbers.whole(telling_id)
    row = store.row(f"{_select(by)} AND tellings.id = ?", [known]) if known else None
    if row is None or (row["staff_id"] != by.id and by.role not in FRONT):
        raise Refused("telling_unknown")
    return _telling(row, by)


def settled(store: Store, staff_id: int, what: str, *, by: Actor, at: datetime) -> None:
    """Take back, inside an act, what somebody was told of a list that holds nothing for him any more."""
    if store.changed(
        "UPDATE tellings SET seen_at = ?, seen_by = ? WHERE staff_id = ? AND seen_at IS NULL AND what = ?",
        [clock.to_text(at), by.id, staff_id, what],
    ):
        store.touch("tellings")


def seen(store: Store, case_id: int, staff_id: int, *, by: Actor, at: datetime, until: int | None = None) -> bool:
    """Note inside an act that what he was told of a case (up to one telling) was seen; whether any was new."""
    done = store.changed(
        "UPDATE tellings SET seen_at = ?, seen_by = ? WHERE case_id = ? AND staff_id = ? AND seen_at IS NULL"
        " AND (? IS NULL OR id <= ?)",
        [clock.to_text(at), by.id, case_id, staff_id, until, until],
    )
    if done:
        store.touch("tellings")
    return done


def seen_by_all(store: Store, case_id: int, *, by: Actor, at: datetime) -> None:
    """Let inside an act nobody wait for a case any more: what anybody was told of it is done."""
    sql = "SELECT DISTINCT staff_id FROM tellings WHERE case_id = ? AND seen_at IS NULL"
    for (told,) in store.rows(sql, [case_id]):
        seen(store, case_id, told, by=by, at=at)
