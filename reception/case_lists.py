"""One list of cases for every reader: filtered, sorted, a page at a time, masked as everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import case_deadlines, cases, complaint_facts, events, kinds, repair_facts, without_consent
from reception.case_deadlines import FIRST_DUE, Deadline
from reception.case_filters import CATEGORY, OPEN, Filter, categories, conditions
from reception.cases import OF_OWN_DEPARTMENT, Case
from reception.permissions import Actor, permit
from reception.rules import clock, local_times
from reception.site import site
from reception.wording import Words

PAGE = 50
# More than this is not read on a screen nor in a table: the filter is made narrower.
MOST = 5000
_ORDERS = {
    "newest": "cases.received_at DESC, cases.id DESC",
    "oldest": "cases.received_at, cases.id",
    "deadline": f"{FIRST_DUE} IS NULL, {FIRST_DUE}, cases.id",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A case in a list: itself (masked unless the reader holds it), and what its kind adds.

    `urgency` is also how grave a complaint is; `liability` is empty for other kinds than repairs; `worker` is the name
    of whoever has its newest order, or did it: nobody once it was sent back, or must be done again. `begun`: the work
    of that order began. `unconsented`: it was closed without the person's consent.
    """

    case: Case
    category: Words | None
    urgency: str
    liability: str
    worker: str
    appointed_at: str | None
    begun: bool
    deadline: Deadline | None
    unconsented: bool = False

    @property
    def urgency_words(self) -> Words:
        """How urgent it is, or how grave; '' where nobody says."""
        known = complaint_facts.SEVERITIES if self.case.kind == complaint_facts.KIND else repair_facts.URGENCIES
        return known.get(self.urgency, Words("", ""))

    @property
    def presses(self) -> bool:
        """Whether it goes before others: an urgent repair, a serious complaint."""
        return self.urgency in {"urgent", "serious"}

    @property
    def state_words(self) -> Words:
        """How it stands."""
        if self.unconsented:
            return without_consent.NAME
        if self.case.kind == repair_facts.KIND:
            return repair_facts.state_words(self.case.state, begun=self.begun)
        return kinds.KINDS[self.case.kind].states[self.case.state]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list: `total` of all pages, `page` from 1 to `pages`."""

    entries: list[Entry]
    total: int
    page: int
    pages: int


def found(store: Store, wanted: Filter, *, page: int = 1, by: Actor, now: datetime) -> Listed:
    """Return a page of the cases that a filter asks for, within the reader's reach; past the last one: the last."""
    permit(by, "see_cases")
    source, parameters = _source(store, wanted, by=by, now=now)
    total: int = store.value(f"SELECT count(*) {source}", parameters)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    ids = _ids(store, source, parameters, wanted, limit=PAGE, offset=(page - 1) * PAGE)
    return Listed(entries(store, ids, by=by, now=now), total, page, pages)


def everything(store: Store, wanted: Filter, *, by: Actor, now: datetime) -> list[Entry]:
    """Return all cases that a filter asks for, at most MOST, for a table or a print."""
    permit(by, "see_cases")
    source, parameters = _source(store, wanted, by=by, now=now)
    return entries(store, _ids(store, source, parameters, wanted, limit=MOST, offset=0), by=by, now=now)


def _source(store: Store, wanted: Filter, *, by: Actor, now: datetime) -> tuple[str, dict[str, object]]:
    own = by.department if by.role in OF_OWN_DEPARTMENT else None
    at = clock.to_text(events.moment(store, now))
    tests, parameters = conditions(wanted, by=by, own=own, now=at, zone=site(store).zone)
    index = _index(wanted, own)
    return f"FROM cases INDEXED BY {index} WHERE {' AND '.join(tests)}", parameters


def _index(wanted: Filter, own: str | None) -> str:
    """Return the index to walk: named, for without figures of its tables SQLite would rather walk all that ever was."""
    if wanted.home is not None:
        return "cases_unit"
    if wanted.scope != OPEN:
        return "cases_received"
    if wanted.owner:
        return "cases_owner"
    return "cases_department" if own or wanted.department else "cases_open"


def _ids(
    store: Store, source: str, parameters: dict[str, object], wanted: Filter, *, limit: int, offset: int
) -> list[int]:
    return [
        row[0]
        for row in store.rows(
            f"SELECT cases.id {source} ORDER BY {_ORDERS[wanted.sort]} LIMIT :limit OFFSET :offset",
            {**parameters, "limit": limit, "offset": offset},
        )
    ]


def entries(store: Store, ids: Sequence[int], *, by: Actor, now: datetime) -> list[Entry]:
    """Return these cases as entries, in this order; whoever calls has kept to the reader's reach."""
    if not ids:
        return []
    marks = ",".join("?" * len(ids))
    rows = {row["id"]: row for row in store.rows(f"{cases.SELECT} WHERE cases.id IN ({marks})", ids)}
    more = {
        row["id"]: row
        for row in store.rows(
            f"SELECT cases.id, {CATEGORY} AS category,"  # noqa: S608
            " coalesce(repairs.urgency, complaints.severity) AS urgency, repairs.bears AS liability,"
            f" newest.appointed_at, newest.started_at, worker.name AS worker, {without_consent.STANDS} AS unconsented"
            " FROM cases LEFT JOIN repairs ON repairs.case_id = cases.id"
            " LEFT JOIN complaints ON complaints.case_id = cases.id"
            " LEFT JOIN work_orders AS newest"
            " ON newest.id = (SELECT max(id) FROM work_orders WHERE case_id = cases.id)"
            " AND newest.state IN ('live', 'done') AND cases.state <> 'rework'"
            f" LEFT JOIN staff AS worker ON worker.id = newest.worker_id WHERE cases.id IN ({marks})",
            ids,
        )
    }
    deadlines = case_deadlines.soonest(store, ids, now=now)
    named = {kind: categories(store, kind) for kind in {row["kind"] for row in rows.values()}}
    return [
        Entry(
            case=cases.from_row(rows[case_id], whole=rows[case_id]["owner_id"] == by.id),
            category=named[rows[case_id]["kind"]].get(more[case_id]["category"]),
            urgency=more[case_id]["urgency"] or "",
            liability=more[case_id]["liability"] or "",
            worker=more[case_id]["worker"] or "",
            appointed_at=more[case_id]["appointed_at"],
            begun=more[case_id]["started_at"] is not None,
            deadline=deadlines.get(case_id),
            unconsented=bool(more[case_id]["unconsented"]),
        )
        for case_id in ids
    ]


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the list as a table: key and heading. Rows are what `rows` gives."""
    return [
        ("no", Words("编号", "No.")),
        ("kind", Words("类型", "Kind")),
        ("state", Words("状态", "State")),
        ("home", Words("住址", "Home")),
        ("name", Words("姓名", "Name")),
        ("phone", Words("电话", "Phone")),
        ("category", Words("类别", "Category")),
        ("urgency", Words("紧急程度", "Urgency")),
        ("liability", Words("保修判定", "Liability")),
        ("source", Words("来源", "Source")),
        ("department", Words("部门", "Department")),
        ("owner", Words("负责人", "Holder")),
        ("worker", Words("维修人员", "Worker")),
        ("received", Words("受理时间", "Received")),
        ("closed", Words("结束时间", "Over since")),
        ("due", Words("时限", "Due")),
        ("stage", Words("时限状态", "Deadline")),
    ]


def rows(store: Store, listed: Sequence[Entry]) -> list[dict[str, str | Words]]:
    """Return entries as rows of a table: words in both languages, times of the site; masked as the list is."""
    zone = site(store).zone
    nothing = Words("", "")

    def time(text: str | None) -> str:
        return local_times.written(clock.from_text(text), zone=zone) if text else ""

    return [
        {
            "no": entry.case.no,
            "kind": kinds.KINDS[entry.case.kind].name,
            "state": entry.state_words,
            "home": entry.case.unit.label if entry.case.unit else "",
            "name": entry.case.name,
            "phone": entry.case.phone,
            "category": entry.category or nothing,
            "urgency": entry.urgency_words,
            "liability": repair_facts.LIABILITIES.get(entry.liability, nothing),
            "source": repair_facts.SOURCES[entry.case.source],
            "department": entry.case.department_name,
            "owner": entry.case.owner_name,
            "worker": entry.worker,
            "received": time(entry.case.received_at),
            "closed": time(entry.case.closed_at),
            "due": time(entry.deadline.due_at) if entry.deadline else "",
            "stage": entry.deadline.stage_words if entry.deadline else nothing,
        }
        for entry in listed
    ]
