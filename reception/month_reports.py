"""The month report (月报, domain.md SYS-22, RUL-17, K10): running, frozen on the third working day, issued by a head.

What is frozen never changes. Later edits of the records are found by counting again, and stand beside it.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row
from typing import Final

from db.store import Store, writing
from reception import case_flow, cases, events, month_content, month_figures, month_standing, working_calendar
from reception.case_flow import Month
from reception.month_content import Item, Section
from reception.month_standing import FROZEN, ISSUED, STATES
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, month_days
from reception.site import site
from reception.wording import Words

SUBJECT: Final = "month"
ANALYSIS_LIMIT: Final = 2000
# A value, and of how many it is a share.
Value = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """A figure that later edits changed: under its key, which, what it was, what it became, when that was found."""

    key: str
    section: Words
    name: Words
    was: Words
    became: Words
    at: str


@dataclass(frozen=True, slots=True)
class Report:
    """A month with its figures: as of now until `frozen_at`, then what they were. `freezes_on`: its third working day.

    `due`: that day has come. `first`: no month is before it, for the centre was not in use.
    `checked_on`: the day on which it was last counted again ('' before it is frozen).
    """

    month: Month
    state: str
    freezes_on: date
    due: bool
    first: bool
    sections: tuple[Section, ...]
    frozen_at: str | None
    checked_on: str
    corrections: tuple[Correction, ...]
    analysis: str
    issued_at: str | None
    issued_by: str

    @property
    def state_words(self) -> Words:
        """How it stands, as readers know it."""
        return STATES[self.state]


def of_month(store: Store, *, month: str = "", by: Actor, now: datetime) -> Report:
    """Return the report of a month of the site (`2026-11`; '' is the one that runs). Refuses `month_invalid`."""
    permit(by, "see_month_report")
    of = case_flow.month(store, month, now=now)
    on = month_days.freezes_on(of.code, working_calendar.calendar(store))
    today, first = clock.local_day(events.moment(store, now), site(store).zone), month_standing.begun(store) == of.code
    row = _frozen(store, of.code)
    if row is None:
        found = month_figures.of_month(store, of, now=now)
        state = month_standing.of_unfrozen(store, of, today)
        return Report(of, state, on, on <= today, first, found, None, "", (), "", None, "")
    sections = month_content.from_json(row["figures"])
    return Report(
        month=of,
        state=FROZEN if row["issued_at"] is None else ISSUED,
        freezes_on=on,
        due=True,
        first=first,
        sections=sections,
        frozen_at=row["frozen_at"],
        checked_on=row["checked_on"],
        corrections=_corrections(store, of.code, month_content.items(sections)),
        analysis=row["analysis"],
        issued_at=row["issued_at"],
        issued_by=row["issuer"] or "",
    )


def to_issue(store: Store, *, by: Actor) -> list[tuple[str, str]]:
    """Return the frozen months that nobody has issued, the oldest first, each with the moment (UTC text)."""
    permit(by, "issue_month_report")
    rows = store.rows("SELECT month, frozen_at FROM month_reports WHERE issued_at IS NULL ORDER BY month")
    return [(row["month"], row["frozen_at"]) for row in rows]


def _frozen(store: Store, month: str) -> Row | None:
    return store.row(
        "SELECT month_reports.*, staff.name AS issuer FROM month_reports LEFT JOIN staff ON staff.id = issued_by"
        " WHERE month = ?",
        [month],
    )


def _corrections(store: Store, month: str, frozen: dict[str, Item]) -> tuple[Correction, ...]:
    found = []
    for row in store.rows("SELECT figure, was, became, at FROM month_corrections WHERE month = ? ORDER BY id", [month]):
        item = frozen.get(row["figure"]) or _like(frozen, row["figure"])
        was, became = (
            item._replace(value=value, whole=whole).shown
            for value, whole in map(json.loads, (row["was"], row["became"]))
        )
        found.append(Correction(row["figure"], item.section, item.name, was, became, row["at"]))
    return tuple(found)


def _like(frozen: dict[str, Item], key: str) -> Item:
    """Return what a cell is called that the frozen table did not have: by its table, its row and column as codes."""
    table, _, _ = key.rpartition("/")[0].rpartition("/")
    near = next(item for known, item in frozen.items() if known.startswith(f"{table}/"))
    row, column = key.split("/")[-2:]
    zh, en = near.name.zh.partition("：")[0], near.name.en.partition(": ")[0]
    return near._replace(name=Words(f"{zh}：{row}，{column}", f"{en}: {row}, {column}"))


def watch(store: Store, *, by: Actor, now: datetime) -> list[str]:
    """Freeze a month whose third working day has come, and count one frozen month again each day; say what was done.

    One of each a run: a box that was off for a year catches up within minutes, and keeps nobody waiting.
    """
    permit(by, "freeze_month")
    today = clock.local_day(events.moment(store, now), site(store).zone)
    done = []
    month = _to_freeze(store, today)
    if month is not None:
        freeze(store, month=month, by=by, now=now)
        done.append(f"month {month}: frozen")
    due: str | None = store.value(
        "SELECT month FROM month_reports WHERE checked_on < ? AND month >= ? ORDER BY month LIMIT 1",
        [today.isoformat(), month_standing.a_year_before(today)],
    )
    if due is not None:
        found = check(store, month=due, by=by, now=now)
        done += [f"month {due}: corrections {found}"] if found else []
    return done


def _to_freeze(store: Store, today: date) -> str | None:
    """Return the oldest month since the first event that is over, not frozen, and has had its third working day.

    Not of more than a year ago: what was never frozen then says nothing of how it stood.
    """
    begun = month_standing.begun(store)
    if begun is None:
        return None
    month = max(begun, month_standing.a_year_before(today))
    known = {row[0] for row in store.rows("SELECT month FROM month_reports")}
    while month < f"{today:%Y-%m}":
        if month not in known:
            due = month_days.freezes_on(month, working_calendar.calendar(store)) <= today
            return month if due else None
        month = f"{month_days.first_of_next(month):%Y-%m}"
    return None


def freeze(store: Store, *, month: str, by: Actor, now: datetime) -> None:
    """Keep the figures of a month as they are now: once, whoever comes second finds them kept.

    Refuses `month_invalid`, `month_not_over` before its third working day.
    """
    permit(by, "freeze_month")
    with writing(store):
        of, at = case_flow.month(store, month, now=now), events.moment(store, now)
        today = clock.local_day(at, site(store).zone)
        if month_days.freezes_on(of.code, working_calendar.calendar(store)) > today:
            raise Refused("month_not_over")
        if _frozen(store, of.code) is not None:
            return
        store.execute(
            "INSERT INTO month_reports (month, frozen_at, figures, checked_on) VALUES (?, ?, ?, ?)",
            [
                of.code,
                clock.to_text(at),
                month_content.to_json(month_figures.of_month(store, of, now=now)),
                today.isoformat(),
            ],
        )
        events.record(store, "freeze_month", SUBJECT, _number(of.code), by=by, at=at)
        store.touch("cases")


def check(store: Store, *, month: str, by: Actor, now: datetime) -> int:
    """Count a frozen month again, and write down each figure that is another now; return how many.

    A figure whose definition changed since is left alone, and what counts cases of which one was sealed since: a
    correction would tell of it, and of what becomes of it, whom it is kept from.

    Refuses `month_invalid`, `month_not_frozen`.
    """
    permit(by, "check_month")
    with writing(store):
        of, at = case_flow.month(store, month, now=now), events.moment(store, now)
        row = _frozen(store, of.code)
        if row is None:
            raise Refused("month_not_frozen")
        found = _differences(
            _known(store, of.code, month_content.items(month_content.from_json(row["figures"]))),
            month_content.items(month_figures.of_month(store, of, now=now)),
        )
        if _sealed_since(store, of, row["frozen_at"]):
            found = [one for one in found if one[0].partition("/")[0] not in month_figures.OF_SEALABLE]
        for key, was, became in found:
            store.execute(
                "INSERT INTO month_corrections (month, figure, was, became, at) VALUES (?, ?, ?, ?, ?)",
                [of.code, key, json.dumps(was), json.dumps(became), clock.to_text(at)],
            )
        today = clock.local_day(at, site(store).zone).isoformat()
        store.execute("UPDATE month_reports SET checked_on = ? WHERE month = ?", [today, of.code])
        if found:
            events.record(store, "correct_month", SUBJECT, _number(of.code), by=by, at=at, count=len(found))
            store.touch("cases")
        return len(found)


def _sealed_since(store: Store, of: Month, frozen_at: str) -> bool:
    """Tell whether a case that a month may have counted was sealed after it was frozen. Whoever asks learns no more."""
    return (
        store.value(
            "SELECT 1 FROM cases INDEXED BY cases_sealed WHERE sealed > 0 AND received_at < ? AND EXISTS (SELECT 1 FROM"
            " events WHERE subject = 'case' AND subject_id = cases.id AND what = 'seal' AND at >= ?)",
            [of.end, frozen_at],
        )
        is not None
    )


def _known(store: Store, month: str, frozen: dict[str, Item]) -> dict[str, Item]:
    """Return the figures of a frozen month as they were last known."""
    known = dict(frozen)
    for row in store.rows("SELECT figure, became FROM month_corrections WHERE month = ? ORDER BY id", [month]):
        value, whole = json.loads(row["became"])
        item = known.get(row["figure"]) or _like(frozen, row["figure"])
        known[row["figure"]] = item._replace(value=value, whole=whole)
    return known


def _differences(known: dict[str, Item], now: dict[str, Item]) -> list[tuple[str, Value, Value]]:
    tables = [
        {key.rsplit("/", 2)[0]: _sentence(one.hint) for key, one in items.items() if key.count("/") == 3}
        for items in (known, now)
    ]
    found = []
    for key in dict.fromkeys([*known, *now]):
        old, new = known.get(key), now.get(key)
        if old is None or new is None:
            # A row or a column that came or went with what it counted; a figure that software brought or took is none.
            sentences = [one.get(key.rsplit("/", 2)[0]) for one in tables]
            if key.count("/") != 3 or None in sentences or sentences[0] != sentences[1]:
                continue
        elif _sentence(old.hint) != _sentence(new.hint):
            continue
        was, became = ((item.value, item.whole) if item else (0, None) for item in (old, new))
        if was != became:
            found.append((key, was, became))
    return found


def _sentence(hint: Words) -> str:
    """Return a definition without the counts that some carry."""
    return re.sub(r"\d+", "", hint.zh)


def issue(store: Store, *, month: str, analysis: str, by: Actor, now: datetime) -> None:
    """Issue a frozen month with what there is to say to it (分析): once.

    Refuses `month_invalid`, `month_not_frozen`, `month_issued`, and what texts refuse.
    """
    permit(by, "issue_month_report")
    with writing(store):
        of, at = case_flow.month(store, month, now=now), events.moment(store, now)
        clean = cases.text(analysis, required=False, limit=ANALYSIS_LIMIT)
        if _frozen(store, of.code) is None:
            raise Refused("month_not_frozen")
        issued = store.execute(
            "UPDATE month_reports SET analysis = ?, issued_at = ?, issued_by = ? WHERE month = ? AND issued_at IS NULL",
            [clean, clock.to_text(at), by.id, of.code],
        )
        if not issued.rowcount:
            raise Refused("month_issued")
        events.record(store, "issue_month", SUBJECT, _number(of.code), by=by, at=at)
        store.touch("cases")


def set_right(store: Store, *, at: datetime) -> None:
    """Let go what a clock that ran ahead froze, inside the act that declares it right: its time is still to come."""
    store.execute("DELETE FROM month_reports WHERE frozen_at > ?", [clock.to_text(at)])


def _number(month: str) -> int:
    return int(month.replace("-", ""))
