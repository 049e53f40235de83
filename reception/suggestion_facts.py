"""What a suggestion is (意见建议, SYS-20): its topic, the words, what was answered and where that can be read."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import choice_lists
from reception.cases import Case
from reception.wording import Words

KIND: Final = "suggestion"
SERIES: Final = "JY"
NAME = Words("意见建议", "Suggestion")
DEPARTMENT: Final = "service"
STATES = {
    "received": Words("已收到", "Received"),
    "forwarded": Words("已转交", "Passed on"),
    "answered": Words("已答复", "Answered"),
    "closed": Words("已办结", "Closed"),
}
# Where whoever left no contact reads the answer; it stands in the record as the receiver.
BOARD: Final = "公告栏"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The details of a suggestion; `answer` is empty until there is one. `on_board`: it is for the notice board."""

    topic: str
    topic_words: Words
    text: str
    answer: str
    answered_at: str | None
    answered_by: str
    on_board: bool


def topics(store: Store) -> dict[str, Words]:
    """Return the topics in use, in their order."""
    return choice_lists.in_use(store, "suggestion_topics")


def all_topics(store: Store) -> dict[str, Words]:
    """Return every topic that a suggestion may bear, also those no longer in use."""
    return choice_lists.every(store, "suggestion_topics")


def proposed_department(store: Store, topic: str) -> str:
    """Return the department that decides on a topic; '' where the centre set none."""
    return choice_lists.department(store, "suggestion_topics", topic)


def details(store: Store, case: Case) -> Suggestion:
    """Return what was suggested, and what became of it."""
    row = store.row(
        "SELECT topic, suggestion_topics.name, suggestion_topics.name_en, text, answer, answered_at,"
        " coalesce(staff.name, ''), on_board FROM suggestions"
        " JOIN suggestion_topics ON suggestion_topics.code = topic LEFT JOIN staff ON staff.id = answered_by"
        " WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    return Suggestion(row[0], Words(row[1], row[2]), row[3], row[4], row[5], row[6], bool(row[7]))
