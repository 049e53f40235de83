"""共性问题 (SYS-23): what many homes brought to a visit day, and what shall keep it from coming again: supervised."""

from dataclasses import dataclass
from datetime import date, datetime

from db.store import Store
from reception import cases, events, nonces, supervision_records, supervisions, visit_day_figures, visit_days
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.supervision_records import Supervision
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Issue:
    """A common issue: what is done against it, by whom and until when stands in its supervision."""

    topic: str
    topic_words: Words
    count: int
    action: str
    owner_name: str
    due_on: str
    supervision: Supervision


def of_day(store: Store, day_id: int) -> list[Issue]:
    """Return the common issues of a day that something is done against, oldest first."""
    return [
        Issue(
            row["topic"],
            Words(row["name"], row["name_en"]),
            row["count"],
            row["action"],
            row["owner"],
            row["due_on"],
            supervision_records.by_id(store, row["supervision_id"]),
        )
        for row in store.rows(
            "SELECT common_issues.*, classes.name, classes.name_en, staff.name AS owner FROM common_issues"
            " JOIN complaint_classes AS classes ON classes.code = topic JOIN staff ON staff.id = owner_id"
            " WHERE visit_day_id = ? ORDER BY common_issues.id",
            [day_id],
        )
    ]


def prevent(
    store: Store,
    *,
    nonce: str,
    day_id: int,
    topic: str,
    action: str,
    owner: str,
    due_on: str,
    by: Actor,
    now: datetime,
) -> Supervision:
    """Say what shall keep a common issue from coming again, who (by login) sees to it and by when; it is supervised.

    How many homes brought it is counted by the box. The same nonce does it once. Refuses `visit_day_unknown`,
    `topic_not_common` (nobody brought it), `common_issue_known`, `action_missing`, `charge_unknown`, what
    `supervisions.close_of_day` refuses, texts.
    """
    permit(by, "prevent_common_issue")
    content = {"day": day_id, "topic": topic, "action": action, "owner": owner, "due": due_on}

    def make(at: datetime) -> int:
        day = visit_days.by_id(store, day_id)
        count = dict(visit_day_figures.of_day(store, day, by=by, at=at)["topics"]).get(topic, 0)
        if not count:
            raise Refused("topic_not_common")
        if store.value("SELECT 1 FROM common_issues WHERE visit_day_id = ? AND topic = ?", [day_id, topic]):
            raise Refused("common_issue_known")
        clean = cases.text(action, missing="action_missing")
        who = store.row("SELECT id, department, role FROM staff WHERE login = ? AND active = 1", [owner])
        if who is None or who["role"] not in supervisions.IN_CHARGE:
            raise Refused("charge_unknown")
        due, remind = supervisions.close_of_day(store, due_on, at)
        day_on = date.fromisoformat(due_on.strip()).isoformat()
        name = store.value("SELECT name FROM complaint_classes WHERE code = ?", [topic])
        one = supervisions.put(
            store,
            matter=f"接访日 {day.actual_on} 共性问题：{name}（{count} 户）",
            opinion=clean,
            department=who["department"],
            charge=who["id"],
            decider=by.id or 0,
            due=due,
            remind=remind,
            by=by,
            at=at,
        )
        store.execute(
            "INSERT INTO common_issues (visit_day_id, topic, count, action, owner_id, due_on, supervision_id, at,"
            " by_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [day_id, topic, count, clean, who["id"], day_on, one.id, clock.to_text(at), by.id],
        )
        events.record(store, "prevent_common_issue", "visit_day", day_id, by=by, at=at, topic=topic)
        return one.id

    return supervision_records.by_id(store, nonces.once(store, nonce, "prevent", content, now=now, make=make))
