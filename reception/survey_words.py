"""What people wrote with their points (SYS-19): each is read by somebody, and stays on the list until then."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, seals
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock

PAGE = 50


@dataclass(frozen=True, slots=True)
class Written:
    """Words of a person that nobody has read yet."""

    id: int
    case_no: str
    kind: str
    channel: str
    score: int
    comment: str
    at: str


def unread(store: Store, *, by: Actor) -> list[Written]:
    """Return what nobody has read, within the reader's reach: the least content first, then the oldest."""
    permit(by, "read_answers")
    return _found(store, by, "TRUE", {})


def _found(store: Store, by: Actor, test: str, values: dict[str, object]) -> list[Written]:
    rows = store.rows(
        "SELECT said.id, cases.no, cases.kind, channel, score, comment, at FROM survey_responses AS said"  # noqa: S608
        " INDEXED BY survey_responses_unread JOIN cases ON cases.id = said.case_id"
        f" WHERE comment <> '' AND read_at IS NULL AND {test} AND (:own IS NULL OR cases.department = :own)"
        f" AND {seals.open_to(by)} ORDER BY score, said.id LIMIT :page",
        {"own": by.department if by.role in cases.OF_OWN_DEPARTMENT else None, "page": PAGE, **values},
    )
    return [Written(*row) for row in rows]


def mark_read(store: Store, *, answer_id: int, by: Actor, now: datetime) -> None:
    """Note that somebody has read it. Refuses `answer_gone`: it was read, or is none of his."""
    permit(by, "read_answers")
    with writing(store):
        found = _found(store, by, "said.id = :id", {"id": answer_id})
        if not found:
            raise Refused("answer_gone")
        at = events.moment(store, now)
        done = store.changed(
            "UPDATE survey_responses SET read_at = ?, read_by = ? WHERE id = ? AND read_at IS NULL",
            [clock.to_text(at), by.id, answer_id],
        )
        if not done:
            raise Refused("answer_gone")
        case = cases.find(store, found[0].case_no, by=by)
        events.record(store, "read_answer", "case", case.id, by=by, at=at)
        store.touch("cases")
