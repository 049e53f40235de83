"""What an inquiry is (SYS-11): what was asked, who was consulted, by when the person hears, what he was told."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import choice_lists
from reception.cases import Case
from reception.wording import Words

KIND: Final = "inquiry"
SERIES: Final = "ZX"
NAME = Words("咨询", "Inquiry")
# Who takes inquiries in, and answers for them.
DEPARTMENT: Final = "service"
STATES = {
    "open": Words("待答复", "Open"),
    "promised": Words("已约定答复", "Answer promised"),
    "answered": Words("已当场答复", "Answered"),
    "replied": Words("已答复", "Replied"),
    "closed": Words("已办结", "Closed"),
}
# How it is answered, as the form asks it.
AT_ONCE, PROMISED = "at_once", "promised"
WAYS = {AT_ONCE: Words("当场答复", "Answered at once"), PROMISED: Words("约定时间答复", "Answer promised")}


@dataclass(frozen=True, slots=True)
class Promise:
    """By when the person hears; `reason` is empty for the first time that was agreed."""

    due_at: str
    reason: str
    at: str
    by_name: str
    round: int


@dataclass(frozen=True, slots=True)
class Consultation:
    """Who was asked: a department, or somebody in it (`expert`)."""

    department: Words
    expert: str
    note: str
    at: str
    by_name: str


@dataclass(frozen=True, slots=True)
class Said:
    """Words of somebody: advice for the desk, or the answer as the person was told it."""

    text: str
    at: str
    by_name: str
    round: int


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The details of an inquiry; `promised_at` and `answer` are empty until there is one in this round."""

    category: str
    category_words: Words
    question: str
    expert: str
    promised_at: str
    answer: str


def categories(store: Store) -> dict[str, Words]:
    """Return the categories in use, in their order."""
    return choice_lists.in_use(store, "inquiry_categories")


def all_categories(store: Store) -> dict[str, Words]:
    """Return every category that an inquiry may bear, also those no longer in use."""
    return choice_lists.every(store, "inquiry_categories")


def proposed_department(store: Store, category: str) -> str:
    """Return the department that knows about a category; '' where the centre set none."""
    return choice_lists.department(store, "inquiry_categories", category)


def details(store: Store, case: Case) -> Inquiry:
    """Return what was asked, and how far it is."""
    row = store.row(
        "SELECT inquiries.category, inquiry_categories.name, inquiry_categories.name_en, question,"
        " coalesce(staff.name, ''),"
        " coalesce((SELECT due_at FROM inquiry_promises WHERE case_id = :case AND round = :round"
        " ORDER BY id DESC LIMIT 1), ''),"
        " coalesce((SELECT text FROM inquiry_answers WHERE case_id = :case AND round = :round), '')"
        " FROM inquiries JOIN inquiry_categories ON inquiry_categories.code = inquiries.category"
        " LEFT JOIN staff ON staff.id = expert_id WHERE case_id = :case",
        {"case": case.id, "round": case.round},
    )
    assert row is not None
    return Inquiry(row[0], Words(row[1], row[2]), *row[3:])


def promises(store: Store, case_id: int) -> list[Promise]:
    """Return the times that were agreed, oldest first."""
    return [
        Promise(*row)
        for row in store.rows(
            "SELECT due_at, reason, at, staff.name, round FROM inquiry_promises JOIN staff ON staff.id = by_id"
            " WHERE case_id = ? ORDER BY inquiry_promises.id",
            [case_id],
        )
    ]


def consultations(store: Store, case_id: int) -> list[Consultation]:
    """Return who was asked, oldest first."""
    return [
        Consultation(Words(row[0], row[1]), *row[2:])
        for row in store.rows(
            "SELECT departments.name, departments.name_en, coalesce(expert.name, ''), note, at, staff.name"
            " FROM inquiry_consultations AS asked JOIN departments ON departments.code = asked.department"
            " LEFT JOIN staff AS expert ON expert.id = asked.expert_id JOIN staff ON staff.id = asked.by_id"
            " WHERE case_id = ? ORDER BY asked.id",
            [case_id],
        )
    ]


def advice(store: Store, case_id: int) -> list[Said]:
    """Return what whoever knows said to the desk, oldest first."""
    return _said(store, "inquiry_advice", case_id)


def answers(store: Store, case_id: int) -> list[Said]:
    """Return what the person was told, oldest first: one answer a round."""
    return _said(store, "inquiry_answers", case_id)


def _said(store: Store, table: str, case_id: int) -> list[Said]:
    return [
        Said(*row)
        for row in store.rows(
            f"SELECT text, at, staff.name, round FROM {table} JOIN staff ON staff.id = by_id"  # noqa: S608
            f" WHERE case_id = ? ORDER BY {table}.id",
            [case_id],
        )
    ]
