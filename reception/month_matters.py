"""A month's complaints, suggestions and visit days (domain.md K10, STA-05, STA-06): numbers alone, nobody's matter.

Everything here is counted for `by`: what is sealed from him is not counted.
"""

from collections import Counter
from datetime import date, datetime
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import (
    choice_lists,
    complaint_facts,
    repair_rates,
    seals,
    suggestion_facts,
    visit_day_figures,
    visit_days,
    without_consent,
)
from reception.case_flow import Month
from reception.month_content import BARS, Section, Table
from reception.month_definitions import figure
from reception.month_tables import parts
from reception.permissions import Actor
from reception.repair_rates import Figure
from reception.rules.month_days import first_of_next
from reception.visit_day_shifts import CAUSES
from reception.wording import Words

CASES: Final = [("count", Words("件", "Cases"))]
HOMES: Final = [("count", Words("户", "Homes"))]
NO_FINDING: Final = {"": Words("尚无结论", "No finding yet")}
# Counts of a visit day that the month adds up.
_DAY_COUNTS: Final = ("booked", "admitted", "met", "handed_over", "no_show", "walk_in", "not_admitted")


def complaints(store: Store, of: Month, values: dict[str, str], *, by: Actor) -> Section:
    """Return the complaints received in a month: by class, severity and finding; in time, repeated, opened again."""
    rows = store.rows(
        "SELECT category, severity, round,"  # noqa: S608
        " (SELECT finding FROM complaint_findings AS found WHERE found.case_id = cases.id ORDER BY id DESC LIMIT 1)"
        " AS finding, EXISTS (SELECT 1 FROM cases AS other JOIN complaints AS before ON before.case_id = other.id"
        " WHERE other.unit_id = cases.unit_id AND other.id < cases.id AND before.category = complaints.category"
        " AND julianday(cases.received_at) - julianday(other.received_at) <= :days"
        f" AND {seals.open_to(by, 'other')}) AS again"
        " FROM cases INDEXED BY cases_received JOIN complaints ON complaints.case_id = cases.id"
        " WHERE cases.kind = 'complaint' AND cases.received_at >= :begin AND cases.received_at < :end"
        f" AND {seals.open_to(by)}",
        {"begin": of.begin, "end": of.end, "days": complaint_facts.REPEATED_WITHIN_DAYS},
    )
    looked = [row for row in rows if row["finding"]]
    valid = sum(row["finding"] in {"valid", "partly"} for row in looked)
    findings = _by(rows, "finding", "complaint_finding", complaint_facts.FINDINGS | NO_FINDING)
    # The rate adds up findings, and tells how many there are none of.
    all_shown = findings.rows and all(row.cells != (None,) for row in findings.rows)
    closed = Figure(
        "complaints_without_consent",
        without_consent.NAME,
        repair_rates.unconsented(store, values, kind="complaint", by=by),
        "count",
        Words(
            "本月由经理未经投诉人同意结案的次数（不含受限事项）。",
            "Times that a manager closed a complaint in the month without the person's consent (sealed ones not).",
        ),
    )
    return Section(
        "complaints",
        complaint_facts.NAME,
        (
            figure("complaints", len(rows)),
            *repair_rates.on_time(store, values, kind="complaint", by=by),
            figure("complaints_valid", *((valid, len(looked)) if all_shown else (None, None))),
            figure("complaints_repeated", sum(row["again"] for row in rows), len(rows)),
            figure("complaints_reopened", sum(row["round"] > 0 for row in rows), len(rows)),
            closed,
        ),
        (
            _by(rows, "category", "complaint_class", choice_lists.every(store, "complaint_classes")),
            _by(rows, "severity", "complaint_severity", complaint_facts.SEVERITIES),
            findings,
        ),
    )


def suggestions(store: Store, of: Month, *, by: Actor) -> Section:
    """Return the suggestions received in a month: how many were answered, by topic."""
    rows = store.rows(
        "SELECT topic, answered_at FROM cases INDEXED BY cases_received"  # noqa: S608
        " JOIN suggestions ON suggestions.case_id = cases.id WHERE kind = 'suggestion' AND received_at >= :begin"
        f" AND received_at < :end AND {seals.open_to(by)}",
        {"begin": of.begin, "end": of.end},
    )
    return Section(
        "suggestions",
        suggestion_facts.NAME,
        (
            figure("suggestions", len(rows)),
            figure("suggestions_answered", sum(row["answered_at"] is not None for row in rows), len(rows)),
        ),
        (_by(rows, "topic", "suggestion_topic", choice_lists.every(store, "suggestion_topics")),),
    )


def _by(rows: list[Row], column: str, code: str, names: dict[str, Words]) -> Table:
    counts = Counter(row[column] or "" for row in rows)
    rows_shown = [(value or "none", name, counts[value]) for value, name in names.items() if counts[value]]
    return parts(code, CASES, rows_shown, drawn=BARS)


def visit_day(store: Store, of: Month, *, by: Actor, at: datetime) -> Section:
    """Return the visit days held in a month: their dates, who came, what was promised and kept, what many brought."""
    rows = store.rows(
        f"{visit_days.SELECT} WHERE actual_on >= ? AND actual_on < ? AND state <> 'planned' ORDER BY actual_on",
        [f"{of.code}-01", first_of_next(of.code).isoformat()],
    )
    days = [visit_days.from_row(row) for row in rows]
    held = [visit_day_figures.of_day(store, day, by=by, at=at) for day in days if day.over]
    promises: Counter[str] = Counter()
    topics: Counter[str] = Counter()
    for one in held:
        promises.update(one["promises"])
        topics.update(dict(one["topics"]))
    names = choice_lists.every(store, "complaint_classes")
    return Section(
        "visit_day",
        Words("接访日", "Visit day"),
        (
            figure("visit_days", len(held)),
            *(
                Figure(
                    f"day_{code}",
                    visit_day_figures.COUNTS[code][0],
                    sum(one["counts"][code] for one in held),
                    "count",
                    visit_day_figures.COUNTS[code][1],
                )
                for code in _DAY_COUNTS
            ),
            figure("promises_kept", promises["kept"], promises["kept"] + promises["late"]),
        ),
        (
            # In the order of the list: the order of their counts would tell of what is hidden.
            parts(
                "visit_day_topics",
                HOMES,
                [(code, name, topics[code]) for code, name in names.items() if topics[code]],
                drawn=BARS,
            ),
        ),
        tuple(_note(store, day.id, day.nominal_on, day.actual_on) for day in days),
    )


def _note(store: Store, day_id: int, nominal_on: date, actual_on: date) -> Words:
    """Return the date of a day as the rule names it and as it was, and why it moved."""
    if nominal_on == actual_on:
        return Words(f"接访日 {actual_on}，与规则日一致。", f"Visit day {actual_on}, as its rule names it.")
    cause: str | None = store.value(
        "SELECT cause FROM visit_day_moves WHERE visit_day_id = ? ORDER BY id DESC LIMIT 1", [day_id]
    )
    why = CAUSES.get(cause or "calendar", CAUSES["calendar"])
    return Words(
        f"接访日 {actual_on}（规则日 {nominal_on}；{why.zh}）。",
        f"Visit day {actual_on} (by its rule {nominal_on}; {why.en}).",
    )
