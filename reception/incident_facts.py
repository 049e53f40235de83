"""What an incident is (突发事件, SYS-33): its classes and sites, its record, and who of those let in may read it.

It is always sealed and on no shared list: everything here asks `seals.apart_to`. Words that a visitor could read over
the counter are neutral; only the record on paper bears the name of the procedure.
"""

from dataclasses import dataclass
from typing import Any, Final

from db.store import Store
from reception import cases, seals
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.wording import Words

NOTHING = Words("", "")
KIND: Final = seals.APART
# Not TF, which emergencies count by: a gap there would tell of an incident.
SERIES: Final = "TX"
NAME = Words("专项接待", "Special reception")
DEPARTMENT: Final = "service"
STATES = {
    "open": Words("进行中", "Going on"),
    "contained": Words("已稳定", "Under control"),
    "handled": Words("已处理", "Handled"),
    "reported": Words("已填报", "Record filed"),
    "archived": Words("已存档", "Archived"),
    "withdrawn": Words("误报，已撤回", "Withdrawn: a mistake"),
}
SITES = {
    "office": Words("管理处客服中心", "Management office"),
    "company": Words("公司办公区", "Company office"),
}
# procedures L291-295; said so that whoever reads it over a shoulder is not offended.
CLASSES = {
    "A": Words("A 业主来访", "A Owners"),
    "B": Words("B 员工来访", "B Employees"),
    "C": Words("C 媒体、政府部门来访", "C Media, authorities"),
}
ARRIVALS = {
    "owner": Words("业主", "Owners"),
    "staff": Words("员工", "Employees"),
    "media": Words("媒体", "Media"),
    "government": Words("公检法、工商、税务等政府部门", "Authorities"),
}
CLASS_OF = {"owner": "A", "staff": "B", "media": "C", "government": "C"}
# What the record must say before it is filed; the class is asked for before.
NEEDED: Final = ("headcount", "composition", "purpose", "media", "facts", "actions", "result")


@dataclass(frozen=True, slots=True)
class Incident:
    """The record of an incident. `media` is None until somebody said; `report_due_at` until it is handled."""

    site: str
    letter: str
    arrival: str
    counter: str
    ticket_no: str
    place: str
    receiver: str
    receiver_at: str
    escalated_at: str
    organisation: str
    headcount: int | None
    composition: str
    purpose: str
    eta: str
    media: int | None
    facts: str
    actions: str
    result: str
    measures: str
    version: int
    archive_no: str
    study_title: str
    study: str
    report_due_at: str
    reported_at: str

    @property
    def site_words(self) -> Words:
        """Where it is."""
        return SITES[self.site]

    @property
    def letter_words(self) -> Words:
        """Its class as readers know it; empty until one was chosen."""
        return CLASSES.get(self.letter, NOTHING)

    @property
    def arrival_words(self) -> Words:
        """Who came; empty where the key was pressed."""
        return ARRIVALS.get(self.arrival, NOTHING)

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the record must still say."""
        return tuple(name for name in NEEDED if getattr(self, name) in (None, ""))


# The record with nothing in it, to write on by hand.
_MAY_LACK: Final = frozenset({"headcount", "media"})
_EMPTY: dict[str, Any] = {name: None if name in _MAY_LACK else "" for name in Incident.__dataclass_fields__}
BLANK: Final = Incident(**_EMPTY | {"version": 0})


def find(store: Store, no: str, *, by: Actor) -> Case:
    """Return an incident by its number. Refuses `case_unknown`: also to whoever was not let in, or whom it concerns."""
    permit(by, "see_incidents")
    row = store.row(
        f"{cases.SELECT} WHERE cases.no = ? AND {seals.apart_to(by)}",
        [no.strip().upper()],
    )
    if row is None:
        raise Refused("case_unknown")
    return cases.from_row(row, whole=True)


def details(store: Store, case: Case) -> Incident:
    """Return the record, for whoever was found to be let in."""
    row = store.row(
        "SELECT incidents.*, tickets.no AS ticket_no, staff.name AS receiver, clocks.due_at AS report_due_at,"
        " clocks.stopped_at AS reported_at FROM incidents LEFT JOIN tickets ON tickets.id = ticket_id"
        " LEFT JOIN staff ON staff.id = receiver_id LEFT JOIN clocks ON clocks.case_id = incidents.case_id"
        " AND clock = 'incident_report' AND void = 0 WHERE incidents.case_id = ?",
        [case.id],
    )
    assert row is not None
    found: dict[str, Any] = dict(row) | {"letter": row["class"]}
    values: dict[str, Any] = {
        name: found[name] if name in _MAY_LACK or found[name] is not None else ""
        for name in Incident.__dataclass_fields__
    }
    return Incident(**values)


@dataclass(frozen=True, slots=True)
class Live:
    """An incident that goes on, as it stands on the screens of those let in."""

    no: str
    letter: str
    counter: str
    place: str
    receiver: str
    at: str
    mine: bool
    seen: bool

    @property
    def letter_words(self) -> Words:
        """Its class; empty until one was chosen."""
        return CLASSES.get(self.letter, NOTHING)


def live(store: Store, *, by: Actor) -> list[Live]:
    """Return what goes on now and is open to this reader, oldest first; `seen`: he said that he saw it."""
    return [
        Live(
            row["no"],
            row["class"] or "",
            row["counter"] or "",
            row["place"],
            row["receiver"] or "",
            row["received_at"],
            row["owner_id"] == by.id,
            bool(row["seen"]),
        )
        for row in store.rows(
            "SELECT cases.no, class, counter, place, staff.name AS receiver, received_at, owner_id, EXISTS (SELECT 1"  # noqa: S608
            " FROM incident_seen WHERE case_id = cases.id AND staff_id = :me) AS seen"
            " FROM cases INDEXED BY cases_open JOIN incidents ON incidents.case_id = cases.id"
            " LEFT JOIN staff ON staff.id = receiver_id WHERE cases.kind = :kind AND cases.closed_at IS NULL"
            f" AND cases.state IN ('open', 'contained') AND {seals.apart_to(by)} ORDER BY cases.id LIMIT 8",
            {"me": by.id, "kind": KIND},
        )
    ]


@dataclass(frozen=True, slots=True)
class Entry:
    """An incident in the list of its own room."""

    no: str
    state: str
    letter: str
    site: str
    at: str
    holder: str
    receiver: str
    due_at: str
    reported_at: str
    archive_no: str
    study_title: str

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    @property
    def letter_words(self) -> Words:
        """Its class; empty until one was chosen."""
        return CLASSES.get(self.letter, NOTHING)

    @property
    def site_words(self) -> Words:
        """Where it is."""
        return SITES[self.site]


def listed(store: Store, *, by: Actor) -> list[Entry]:
    """Return the incidents open to this reader, those that are not over first, then the newest; at most a page."""
    permit(by, "see_incidents")
    rows = store.rows(
        "SELECT cases.no, cases.state, class, incidents.site, received_at, holds.name AS holder,"  # noqa: S608
        " receiver.name AS receiver, due_at, stopped_at, archive_no, study_title"
        " FROM incidents CROSS JOIN cases ON cases.id = incidents.case_id JOIN staff AS holds ON holds.id = owner_id"
        " LEFT JOIN staff AS receiver ON receiver.id = receiver_id LEFT JOIN clocks ON clocks.case_id = cases.id"
        f" AND clock = 'incident_report' AND void = 0 WHERE {seals.apart_to(by)}"
        " ORDER BY closed_at IS NOT NULL, incidents.case_id DESC LIMIT ?",
        [cases.PAGE],
    )
    return [Entry(*("" if value is None else value for value in row)) for row in rows]


def concerned(store: Store, case: Case) -> list[tuple[str, str]]:
    """Return the members of staff whom it concerns, as (login, name): it does not exist for them."""
    rows = store.rows(
        "SELECT login, name FROM case_accused JOIN staff ON staff.id = staff_id WHERE case_id = ? ORDER BY staff.id",
        [case.id],
    )
    return [(row["login"], row["name"]) for row in rows]


def seen_by(store: Store, case: Case) -> list[tuple[str, str]]:
    """Return who said that he saw it, as (name, when), in that order."""
    rows = store.rows(
        "SELECT staff.name, at FROM incident_seen JOIN staff ON staff.id = staff_id WHERE case_id = ? ORDER BY at",
        [case.id],
    )
    return [(row["name"], row["at"]) for row in rows]
