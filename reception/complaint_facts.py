"""What a complaint is (SYS-07): its classes, how grave it is, what was found, what was replied, who has it."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import choice_lists, seals
from reception.cases import Case
from reception.permissions import Actor
from reception.wording import Words

KIND: Final = "complaint"
SERIES: Final = "TS"
NAME = Words("投诉", "Complaint")
# Who takes complaints in; the class may name another that looks into them (`proposed_handler`).
DEPARTMENT: Final = "service"
STATES = {
    "received": Words("已受理", "Received"),
    "acknowledged": Words("已回执", "Acknowledged"),
    "assigned": Words("已转办", "Assigned"),
    "investigating": Words("调查中", "Being looked into"),
    "replied": Words("已答复", "Replied"),
    "followed_up": Words("已回访", "Followed up"),
    "reopened": Words("重新处理", "Opened again"),
    "closed": Words("已办结", "Closed"),
    "withdrawn": Words("已撤回", "Withdrawn"),
    "merged": Words("已并案", "Merged"),
}
SEVERITIES = {"ordinary": Words("一般", "Ordinary"), "serious": Words("严重", "Serious")}
FINDINGS = {
    "valid": Words("属实", "Valid"),
    "partly": Words("部分属实", "Partly valid"),
    "invalid": Words("不属实", "Not valid"),
}
# A second complaint of the same home and class within so many days is a repeated one (K10).
REPEATED_WITHIN_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Complaint:
    """The details of a complaint; `finding` and `findings` are empty until it was looked into in this round."""

    category: str
    category_words: Words
    severity: str
    facts: str
    wish: str
    handler: str
    finding: str
    findings: str

    @property
    def severity_words(self) -> Words:
        """How grave it is, as readers know it."""
        return SEVERITIES[self.severity]

    @property
    def finding_words(self) -> Words:
        """What was found; empty until then."""
        return FINDINGS.get(self.finding, Words("", ""))


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found, and in which round."""

    finding: str
    text: str
    at: str
    by_name: str
    round: int

    @property
    def words(self) -> Words:
        """The finding as readers know it."""
        return FINDINGS[self.finding]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply in the words that were given, and in which round."""

    text: str
    at: str
    by_name: str
    round: int


@dataclass(frozen=True, slots=True)
class Escalation:
    """A complaint in the hands of a superior: to whom, why, what happens now, when the person hears next."""

    level: int
    to_name: str
    reason: str
    plan: str
    next_update_at: str
    at: str
    by_name: str


def classes(store: Store, *, also: str = "") -> dict[str, Words]:
    """Return the classes in use, in their order; `also` one that is kept though it is no longer in use."""
    return choice_lists.in_use(store, "complaint_classes", also=also)


def proposed_handler(store: Store, code: str) -> str:
    """Return the login of the head of the department that looks into a class; '' where none is set or has a head."""
    found: str | None = store.value(
        "SELECT login FROM staff JOIN complaint_classes USING (department)"
        " WHERE code = ? AND staff.active = 1 AND role IN ('department_head', 'service_head', 'manager')"
        " ORDER BY role, staff.id LIMIT 1",
        [code],
    )
    return found or ""


def department_of(store: Store, code: str) -> str:
    """Return the department that answers for a class, as the centre's list has it; '' where none is set."""
    found: str | None = store.value("SELECT department FROM complaint_classes WHERE code = ?", [code])
    return found or ""


def all_classes(store: Store) -> dict[str, Words]:
    """Return every class that a complaint may bear, also those no longer in use."""
    return choice_lists.every(store, "complaint_classes")


def details(store: Store, case: Case) -> Complaint:
    """Return what the complaint is about and how far it was looked into."""
    row = store.row(
        "SELECT complaints.*, complaint_classes.name AS class, complaint_classes.name_en AS class_en,"
        " coalesce(staff.name, '') AS handler, coalesce(finding, '') AS finding, coalesce(last.text, '') AS findings"
        " FROM complaints JOIN complaint_classes ON complaint_classes.code = category"
        " LEFT JOIN staff ON staff.id = handler_id LEFT JOIN complaint_findings AS last ON last.id ="
        " (SELECT max(id) FROM complaint_findings WHERE case_id = complaints.case_id AND round = :round)"
        " WHERE complaints.case_id = :case",
        {"case": case.id, "round": case.round},
    )
    assert row is not None
    return Complaint(
        row["category"],
        Words(row["class"], row["class_en"]),
        row["severity"],
        row["facts"],
        row["wish"],
        row["handler"],
        row["finding"],
        row["findings"],
    )


def findings(store: Store, case_id: int) -> list[Finding]:
    """Return what was found, oldest first."""
    return [
        Finding(*row)
        for row in store.rows(
            "SELECT finding, text, at, staff.name, round FROM complaint_findings JOIN staff ON staff.id = by_id"
            " WHERE case_id = ? ORDER BY complaint_findings.id",
            [case_id],
        )
    ]


def replies(store: Store, case_id: int) -> list[Reply]:
    """Return the replies of a complaint, oldest first."""
    return [
        Reply(*row)
        for row in store.rows(
            "SELECT text, at, staff.name, round FROM complaint_replies JOIN staff ON staff.id = by_id"
            " WHERE case_id = ? ORDER BY complaint_replies.id",
            [case_id],
        )
    ]


def escalations(store: Store, case_id: int) -> list[Escalation]:
    """Return to whom a case was handed up and what the person was promised, oldest first."""
    return [
        Escalation(*row)
        for row in store.rows(
            "SELECT level, taker.name, reason, plan, next_update_at, at, staff.name FROM case_escalations"
            " JOIN staff AS taker ON taker.id = to_id JOIN staff ON staff.id = case_escalations.by_id"
            " WHERE case_id = ? ORDER BY case_escalations.id",
            [case_id],
        )
    ]


def repeats(store: Store, case: Case, *, by: Actor) -> list[str]:
    """Return the numbers of complaints of the same home and class received within the 90 days before, newest first.

    Without what is sealed from the reader.
    """
    return [
        row[0]
        for row in store.rows(
            "SELECT other.no FROM complaints JOIN cases AS other ON other.id = complaints.case_id"  # noqa: S608
            " WHERE other.unit_id = ? AND other.id < ? AND category = (SELECT category FROM complaints"
            " WHERE case_id = ?) AND julianday(?) - julianday(other.received_at) <= ?"
            f" AND {seals.open_to(by, 'other')} ORDER BY other.id DESC",
            [case.unit.id if case.unit else None, case.id, case.id, case.received_at, REPEATED_WITHIN_DAYS],
        )
    ]
