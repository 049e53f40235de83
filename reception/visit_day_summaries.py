"""接访日总结 (FRM-11): figures that count themselves, remarks in words, written once; and the day is summed up."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from db.store import Store, writing
from reception import cases, common_issues, events, visit_day_figures, visit_days
from reception.common_issues import Issue
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.visit_days import Day
from reception.wording import Words

REMARKS_LIMIT: Final = 500


@dataclass(frozen=True, slots=True)
class Summary:
    """A day with its figures: live until `written_at`, then what they were. `proposed` as [topic, homes, words]."""

    day: Day
    figures: dict[str, Any]
    host_name: str
    remarks: str
    written_at: str | None
    by_name: str
    issues: list[Issue]
    proposed: list[tuple[str, int, Words]]
    departments: dict[str, Words]
    topics: dict[str, Words]


def of_day(store: Store, day_id: int, *, by: Actor, now: datetime) -> Summary:
    """Return the summary of a day as it stands. Refuses `visit_day_unknown`."""
    permit(by, "see_visit_summary")
    day = visit_days.by_id(store, day_id)
    row = store.row(
        "SELECT figures, remarks, at, staff.name FROM visit_day_summaries JOIN staff ON staff.id = by_id"
        " WHERE visit_day_id = ?",
        [day_id],
    )
    if row is None:
        figures = visit_day_figures.of_day(store, day, by=by, at=events.moment(store, now))
    else:
        figures = json.loads(row["figures"])
    issues = common_issues.of_day(store, day_id)
    known, topics = {one.topic for one in issues}, _names(store, "complaint_classes")
    return Summary(
        day=day,
        figures=figures,
        host_name=store.value("SELECT name FROM staff WHERE id = ?", [day.host_id]) or "",
        remarks="" if row is None else row["remarks"],
        written_at=None if row is None else row["at"],
        by_name="" if row is None else row["name"],
        issues=issues,
        proposed=[(code, homes, topics[code]) for code, homes in figures["common"] if code not in known],
        departments=_names(store, "departments"),
        topics=topics,
    )


def _names(store: Store, table: str) -> dict[str, Words]:
    rows = store.rows(f"SELECT code, name, name_en FROM {table}")  # noqa: S608
    return {row["code"]: Words(row["name"], row["name_en"]) for row in rows}


def write(store: Store, *, day_id: int, remarks: str, by: Actor, now: datetime) -> Day:
    """Write the summary of a day that was held, with its figures as they are now: once, never again.

    Refuses `visit_day_unknown`, `visit_day_not_held`, `summary_written`, texts.
    """
    permit(by, "write_visit_summary")
    with writing(store):
        day, at = visit_days.by_id(store, day_id), events.moment(store, now)
        if day.state == "summarised":
            raise Refused("summary_written")
        clean = cases.text(remarks, required=False, limit=REMARKS_LIMIT)
        figures = visit_day_figures.of_day(store, day, by=by, at=at)
        done = store.changed(
            "UPDATE visit_days SET state = 'summarised', summarised_at = ? WHERE id = ? AND state = 'held'",
            [clock.to_text(at), day_id],
        )
        if not done:
            raise Refused("visit_day_not_held")
        store.execute(
            "INSERT INTO visit_day_summaries (visit_day_id, figures, remarks, at, by_id) VALUES (?, ?, ?, ?, ?)",
            [day_id, json.dumps(figures), clean, clock.to_text(at), by.id],
        )
        events.record(
            store, "summarise_visit_day", "visit_day", day_id, by=by, at=at, from_state="held", to_state="summarised"
        )
        store.touch("cases")
        return visit_days.by_id(store, day_id)


def unwritten(store: Store) -> list[Day]:
    """Return the days that were held and have no summary yet, the oldest first."""
    rows = store.rows(f"{visit_days.SELECT} WHERE visit_days.state = 'held' ORDER BY actual_on LIMIT 12")
    return [visit_days.from_row(row) for row in rows]
