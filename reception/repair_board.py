"""The board of repairs (看板): every open repair in the column of what must happen next."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store
from reception import (
    case_deadlines,
    case_filters,
    departments,
    events,
    fault_records,
    order_steps,
    repair_facts,
    work_orders,
)
from reception.case_deadlines import Deadline
from reception.cases import OF_OWN_DEPARTMENT
from reception.estate import Unit
from reception.permissions import Actor, permit
from reception.rules import clock, local_times
from reception.site import site
from reception.wording import Words

# So many cards a column are drawn; the count on top counts all, and the list has the rest.
MOST = 150
COLUMNS: tuple[tuple[str, Words, tuple[str, ...]], ...] = (
    ("to_dispatch", Words("待派工", "To dispatch"), ("registered", "returned", "rework")),
    ("dispatched", Words("已派工", "Dispatched"), ("dispatched", "accepted")),
    ("at_work", Words("维修中", "At work"), ("on_site", "suspended")),
    ("to_accept", Words("待验收", "To be accepted"), ("finished", "rechecked")),
    ("to_follow_up", Words("待回访", "To follow up"), ("signed",)),
    ("to_file", Words("可归档", "To file"), ("followed_up",)),
)
_SAID_BY_COLUMN = frozenset({"registered", "dispatched", "finished", "signed", "followed_up"})
_COLUMN_OF = {state: code for code, _, states in COLUMNS for state in states}


@dataclass(frozen=True, slots=True)
class Card:
    """A repair on the board: nothing of a person. `late`: its appointed time has passed and nobody is there.

    `came_back`: why its order was sent back, while it waits to be dispatched again. `held`: a known fault answers for
    it, so nobody is sent.
    """

    no: str
    state: str
    unit: Unit | None
    place: str
    category: Words
    urgency: str
    urgency_words: Words
    source: Words
    department: Words
    worker: str
    order_no: str
    appointed_at: str | None
    late: bool
    begun: bool
    came_back: Words | None
    held: bool
    received_at: str
    deadline: Deadline | None

    @property
    def state_words(self) -> Words | None:
        """How it stands, where its column does not say it already."""
        if self.state == "on_site":
            return None if self.begun else repair_facts.STATES[self.state]
        return None if self.state in _SAID_BY_COLUMN else repair_facts.STATES[self.state]

    @property
    def overdue(self) -> bool:
        """Whether its first deadline has passed."""
        return self.deadline is not None and self.deadline.stage == "overdue"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the cards to draw, and how many repairs there are in it."""

    code: str
    name: Words
    states: tuple[str, ...]
    cards: tuple[Card, ...]
    total: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    """All columns, and what the filters offer within the reader's reach: (code, name) of departments and workers."""

    columns: tuple[Column, ...]
    departments: list[tuple[str, Words]]
    workers: list[tuple[str, str]]

    @property
    def total(self) -> int:
        """How many repairs are open."""
        return sum(column.total for column in self.columns)

    @property
    def overdue(self) -> int:
        """How many of them are overdue."""
        return sum(column.overdue for column in self.columns)


def board(
    store: Store,
    *,
    department: str = "",
    worker: str = "",
    category: str = "",
    most: int | None = None,
    by: Actor,
    now: datetime,
) -> Board:
    """Return the open repairs within the reader's reach, in columns; of one department, worker (login), category.

    A column holds `most` cards at most, MOST where nothing is said. In it the overdue come first, then the urgent, then
    by their appointed time. Refuses `department_unknown`, `worker_unknown`, `choice_unknown`.
    """
    permit(by, "see_cases")
    asked = {"department": department, "worker": worker, "category": category}
    case_filters.parse(store, {"kind": ["repair"]} | {name: [value] for name, value in asked.items()})
    own = by.department if by.role in OF_OWN_DEPARTMENT else ""
    rows = _rows(store, {"own": own, **asked})
    deadlines = case_deadlines.soonest(store, [row["id"] for row in rows], now=now)
    at = clock.to_text(events.moment(store, now))
    cards: dict[str, list[Card]] = {code: [] for code, _, _ in COLUMNS}
    for row in rows:
        cards[_column_of(row)].append(_card(row, deadlines.get(row["id"]), at))
    return Board(
        tuple(_column(code, name, states, cards[code], most or MOST) for code, name, states in COLUMNS),
        [one for one in departments.all_of_them(store) if own in ("", one[0])],
        work_orders.workers(store, own),
    )


def to_dispatch(store: Store, states: tuple[str, ...], *, most: int, by: Actor, now: datetime) -> Column:
    """Return the repairs in these states of the first column that somebody must be sent to, as the board has them.

    One that a known fault answers for waits for the fault: nobody is sent.
    """
    permit(by, "see_cases")
    own = by.department if by.role in OF_OWN_DEPARTMENT else ""
    rows = [row for row in _rows(store, {"own": own}, states) if not row["held"]]
    deadlines = case_deadlines.soonest(store, [row["id"] for row in rows], now=now)
    at = clock.to_text(events.moment(store, now))
    cards = [_card(row, deadlines.get(row["id"]), at) for row in rows]
    code, name, _ = COLUMNS[0]
    return _column(code, name, states, cards, most)


_SELECT = (
    "SELECT cases.id, cases.no, cases.state, cases.source, cases.received_at, cases.unit_id, units.building,"  # noqa: S608
    " units.unit, units.room, departments.name AS department, departments.name_en AS department_en,"
    " repairs.category, repairs.urgency, repairs.place, newest.no AS order_no, newest.appointed_at,"
    " newest.arrived_at, newest.started_at, newest.state AS order_state, newest.state_reason, newest.state_note,"
    f" worker.name AS worker, {fault_records.HOLDS.format(case='cases.id')} AS held FROM cases INDEXED BY {{index}}"
    " JOIN repairs ON repairs.case_id = cases.id JOIN departments ON departments.code = cases.department"
    " LEFT JOIN units ON units.id = cases.unit_id LEFT JOIN work_orders AS newest"
    " ON newest.id = (SELECT max(id) FROM work_orders WHERE case_id = cases.id)"
    " LEFT JOIN staff AS worker ON worker.id = newest.worker_id"
    " WHERE cases.kind = 'repair' AND cases.closed_at IS NULL"
)
_TESTS = {
    "own": "cases.department = :own",
    "department": "cases.department = :department",
    "worker": "worker.login = :worker AND newest.state IN ('live', 'done') AND cases.state <> 'rework'",
    "category": "repairs.category = :category",
}


def _rows(store: Store, asked: dict[str, str], states: tuple[str, ...] = ()) -> list[Row]:
    index = "cases_department" if asked["own"] or asked.get("department") else "cases_open"
    tests = [_TESTS[name] for name, value in asked.items() if value]
    of_state = {f"state{number}": state for number, state in enumerate(states)}
    if of_state:
        tests.append(f"cases.state IN ({','.join(f':{name}' for name in of_state)})")
    return store.rows(" AND ".join([_SELECT.format(index=index), *tests]), asked | of_state)


def _column_of(row: Row) -> str:
    # What one of us found is not followed up: it is filed as soon as it is accepted.
    return "to_file" if row["source"] == repair_facts.FOUND and row["state"] == "signed" else _COLUMN_OF[row["state"]]


def _card(row: Row, deadline: Deadline | None, at: str) -> Card:
    # Of an order that came back, or whose work must be done again, nothing is shown: nobody has it.
    gone_out = row["order_state"] in {"live", "done"} and row["state"] != "rework"
    appointed = row["appointed_at"] if gone_out else None
    return Card(
        no=row["no"],
        state=row["state"],
        unit=Unit(row["unit_id"], row["building"], row["unit"], row["room"]) if row["unit_id"] else None,
        place=row["place"],
        category=repair_facts.CATEGORIES[row["category"]],
        urgency=row["urgency"],
        urgency_words=repair_facts.URGENCIES[row["urgency"]],
        source=repair_facts.SOURCES[row["source"]],
        department=Words(row["department"], row["department_en"]),
        worker=(row["worker"] or "") if gone_out else "",
        order_no=row["order_no"] if gone_out else "",
        appointed_at=appointed,
        late=row["order_state"] == "live" and row["arrived_at"] is None and appointed is not None and appointed < at,
        begun=row["started_at"] is not None,
        came_back=(
            order_steps.why_returned(row["state_reason"], row["state_note"]) if row["state"] == "returned" else None
        ),
        held=bool(row["held"]),
        received_at=row["received_at"],
        deadline=deadline,
    )


def _column(code: str, name: Words, states: tuple[str, ...], cards: list[Card], most: int) -> Column:
    cards.sort(
        key=lambda card: (not card.overdue, card.urgency != "urgent", card.appointed_at or "9", card.received_at)
    )
    return Column(code, name, states, tuple(cards[:most]), len(cards), sum(card.overdue for card in cards))


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the board as a table. Rows are what `rows` gives."""
    return [
        ("column", Words("看板列", "Column")),
        ("no", Words("编号", "No.")),
        ("state", Words("状态", "State")),
        ("home", Words("住址", "Home")),
        ("place", Words("部位", "Place")),
        ("category", Words("类别", "Category")),
        ("urgency", Words("紧急程度", "Urgency")),
        ("department", Words("部门", "Department")),
        ("worker", Words("维修人员", "Worker")),
        ("order", Words("工单号", "Work order")),
        ("appointed", Words("约定时间", "Agreed time")),
        ("received", Words("受理时间", "Received")),
        ("due", Words("时限", "Due")),
        ("stage", Words("时限状态", "Deadline")),
    ]


def rows(store: Store, shown: Board) -> list[dict[str, str | Words]]:
    """Return the cards of a board as rows of a table, column by column; times of the site."""
    zone = site(store).zone

    def time(text: str | None) -> str:
        return local_times.written(clock.from_text(text), zone=zone) if text else ""

    return [
        {
            "column": column.name,
            "no": card.no,
            "state": repair_facts.state_words(card.state, begun=card.begun),
            "home": card.unit.label if card.unit else "",
            "place": card.place,
            "category": card.category,
            "urgency": card.urgency_words,
            "department": card.department,
            "worker": card.worker,
            "order": card.order_no,
            "appointed": time(card.appointed_at),
            "received": time(card.received_at),
            "due": time(card.deadline.due_at) if card.deadline else "",
            "stage": card.deadline.stage_words if card.deadline else Words("", ""),
        }
        for column in shown.columns
        for card in column.cards
    ]
