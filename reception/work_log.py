"""The work log of the centre (工作日志, `domain.md` SYS-30, FRM-09): a day, line by line, read from the history.

It is no book of its own. Every intake, whatever its door, already writes an event with what it was and who took it in;
a second record would only be one that can disagree with it. A day shows what its own events say, up to its midnight:
events are never changed and never dated back, so the log of a day that is over cannot change either. Therefore a line
holds codes of the history alone. Name, home and words of a case may be corrected later, and stand on its page.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from sqlite3 import Row

from db.store import Store
from reception import case_filters, closed_by_manager, events, log_notes, phone_calls, repair_facts, seals
from reception.kinds import KINDS
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, hours
from reception.rules.numbers import whole
from reception.site import site
from reception.wording import Words

MOST = 5000
PAGE = 200
# What the log tells besides the kinds of case; the kinds themselves stand in `kinds.KINDS`.
SERVICE, ENDED, CALL = "service", "ended", "call"
# A note for the next shift; `handover` is a kind of case, papers for somebody.
NEXT_SHIFT = "next-shift"
OTHERS = {
    SERVICE: Words("窗口接待", "Served at a counter"),
    ENDED: Words("以前受理、当日办结", "Received before, ended that day"),
    CALL: Words("来电（不立事项）", "Calls that are no case"),
    log_notes.NOTE: log_notes.KINDS[log_notes.NOTE],
    NEXT_SHIFT: log_notes.KINDS[log_notes.HANDOVER],
}
SERVED = Words("已接待", "Served")
BY_THE_BOX = {Role.KIOSK: Words("自助机", "Kiosk"), Role.TOKEN_HOLDER: Words("业主", "Owner")}
FIRST_DAY = date(2000, 1, 1)

_LAST_STATE = (
    "(SELECT max(id) FROM events AS later WHERE later.subject = events.subject"
    " AND later.subject_id = events.subject_id AND later.to_state IS NOT NULL AND later.at < :until)"
)
_OF_THE_DAY = "events.to_state IS NOT NULL AND events.at >= :since AND events.at < :until"


def _opened(by: Actor) -> str:
    return (
        "SELECT events.id, events.at, events.by_role, events.by_id, events.detail, cases.no, cases.kind, cases.source,"  # noqa: S608
        " last.to_state, last.what, (SELECT by_id FROM events AS one WHERE one.subject = 'case'"
        " AND one.subject_id = cases.id AND one.by_id IS NOT NULL AND one.to_state IS NOT NULL AND one.at < :until"
        " ORDER BY one.id LIMIT 1) AS first_id"
        f" FROM events JOIN cases ON cases.id = events.subject_id JOIN events AS last ON last.id = {_LAST_STATE}"
        f" WHERE {_OF_THE_DAY} AND events.subject = 'case' AND events.what = 'open_' || cases.kind"
        f" AND {seals.open_to(by)} ORDER BY events.id LIMIT {MOST}"
    )


def _ended(by: Actor) -> str:
    return (
        "SELECT events.id, events.at, events.by_role, events.by_id, events.detail, cases.no, cases.kind, cases.source,"  # noqa: S608
        " events.to_state, events.what, NULL AS first_id FROM events JOIN cases ON cases.id = events.subject_id"
        " JOIN case_states ON case_states.kind = cases.kind AND case_states.state = events.to_state"
        f" WHERE {_OF_THE_DAY} AND events.subject = 'case' AND terminal = 1 AND events.id = {_LAST_STATE}"
        # What was opened and ended in one day is one line.
        " AND NOT EXISTS (SELECT 1 FROM events AS first WHERE first.subject = 'case' AND first.subject_id = cases.id"
        " AND first.what = 'open_' || cases.kind AND first.at >= :since)"
        f" AND {seals.open_to(by)} ORDER BY events.id LIMIT {MOST}"
    )


def _served(by: Actor) -> str:
    return (
        "SELECT events.id, events.at, events.by_role, coalesce(tickets.served_by, events.by_id) AS by_id, tickets.no,"  # noqa: S608
        " lines.name, lines.name_en, departments.name AS host, departments.name_en AS host_en,"
        " (SELECT group_concat(name, '、') FROM purposes JOIN visit_matters ON purpose = code"
        " WHERE visit_matters.visit_id = tickets.visit_id) AS said,"
        " (SELECT group_concat(name_en, ', ') FROM purposes JOIN visit_matters ON purpose = code"
        " WHERE visit_matters.visit_id = tickets.visit_id) AS said_en"
        " FROM events JOIN tickets ON tickets.id = events.subject_id JOIN lines ON lines.code = tickets.line"
        " JOIN visits ON visits.id = tickets.visit_id LEFT JOIN departments ON departments.code = visits.host"
        f" WHERE {_OF_THE_DAY} AND events.subject = 'ticket' AND events.to_state = 'completed'"
        f" AND events.id = {_LAST_STATE} AND (lines.hears IS NULL OR lines.hears = :role)"
        f" AND NOT EXISTS (SELECT 1 FROM cases WHERE cases.visit_id = tickets.visit_id AND {seals.open_to(by)})"
        f" ORDER BY events.id LIMIT {MOST}"
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line: when, what (`kind` is a code of KINDS or OTHERS), its number, who, and what came of it by midnight.

    `by_id` is the member of staff who took it in, or first acted on what came without one; None: nobody yet.
    """

    at: str
    order: int
    kind: str
    title: Words
    matter: Words
    no: str
    door: Words
    by_id: int | None
    by_name: Words
    result: Words
    note_id: int | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a day: the lines asked for, how many of each kind the whole day has, and who has lines in it."""

    day: date
    today: date
    lines: list[Line]
    counts: dict[str, int]
    handlers: dict[str, str]
    page: int = 1
    asked: Mapping[str, str] = field(default_factory=dict)

    @property
    def shown(self) -> list[Line]:
        """The lines of the page."""
        return self.lines[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-len(self.lines) // PAGE))


def names() -> dict[str, Words]:
    """Return every kind of line with its name: all kinds of case, and the others."""
    return {code: kind.name for code, kind in KINDS.items()} | OTHERS


def day(
    store: Store, *, on: str = "", kind: str = "", handler: str = "", page: str = "", by: Actor, now: datetime
) -> Log:
    """Return the log of a day (ISO; '' for today), in the order in which things happened, as this reader may know it.

    `kind` is a code of `names`, `handler` the id of a member of staff. A sealed case is no line to whom it is sealed
    from; who was served for it then stands there as served. Refuses `date_invalid` (also a day to come),
    `choice_unknown`, `number_invalid`.
    """
    permit(by, "see_log")
    centre = site(store)
    today = clock.local_day(events.moment(store, now), centre.zone)
    wanted = chosen_day(on, today)
    if kind and kind not in names():
        raise Refused("choice_unknown")
    who, number = whole(handler) if handler else None, whole(page) if page else 1
    if (handler and who is None) or not number:
        raise Refused("number_invalid")
    found = _lines(store, wanted, by)
    counts = {code: sum(line.kind == code for line in found) for code in names()}
    handlers = {str(line.by_id): line.by_name.zh for line in found if line.by_id is not None}
    lines = [line for line in found if (not kind or line.kind == kind) and (who is None or line.by_id == who)]
    asked = {"day": wanted.isoformat(), "kind": kind, "handler": handler}
    return Log(wanted, today, lines, counts, handlers, number, {key: value for key, value in asked.items() if value})


def chosen_day(text: str, today: date) -> date:
    """Return a day of the log as an address names it; today without one. Refuses `date_invalid`."""
    try:
        wanted = date.fromisoformat(text) if text else today
    except ValueError:
        raise Refused("date_invalid") from None
    if not FIRST_DAY <= wanted <= today:
        raise Refused("date_invalid")
    return wanted


def span(store: Store, on: date) -> dict[str, str]:
    """Return when a day at the site begins and ends, as UTC text."""
    zone = site(store).zone
    return {
        "since": clock.to_text(hours.moment(on, 0, zone)),
        "until": clock.to_text(hours.moment(on, 24 * 60, zone)),
    }


def _lines(store: Store, on: date, by: Actor) -> list[Line]:
    asked = span(store, on) | {"role": str(by.hears_as)}
    opened, ended, served = (store.rows(sql(by), asked) for sql in (_opened, _ended, _served))
    known = {row["id"]: row["name"] for row in store.rows("SELECT id, name FROM staff")}
    words = {code: case_filters.categories(store, code) for code in KINDS}
    lines = [_of_case(row, row["kind"], words, known) for row in opened]
    lines += [_of_case(row, ENDED, words, known) for row in ended]
    lines += [_of_service(row, known) for row in served]
    lines += [_of_call(*call, known) for call in phone_calls.without_case(store, **span(store, on))]
    lines += [_of_note(note) for note in log_notes.between(store, **span(store, on))]
    return sorted(lines, key=lambda line: (line.at, line.order))


def _of_case(row: Row, code: str, words: dict[str, dict[str, Words]], known: dict[int, str]) -> Line:
    kind = KINDS[row["kind"]]
    detail = json.loads(row["detail"] or "{}") if code != ENDED else {}
    # A procedure once told what it was as `template`: the history of old days is read as it stands.
    category = detail.get("category") or detail.get("template", "")
    by_id = row["by_id"] or row["first_id"]
    without = row["what"] == "close_without_consent"
    return Line(
        at=row["at"],
        order=row["id"],
        kind=code,
        title=kind.name,
        matter=words[row["kind"]].get(category, OTHERS[ENDED] if code == ENDED else Words("", "")),
        no=row["no"],
        door=repair_facts.SOURCES[Role.KIOSK if row["by_role"] == Role.KIOSK and code != ENDED else row["source"]],
        by_id=by_id,
        by_name=_name(by_id, row["by_role"], known),
        result=closed_by_manager.NAME if without else kind.states[row["to_state"]],
    )


def _of_service(row: Row, known: dict[int, str]) -> Line:
    host = Words(f"去见{row['host']}", f"To see {row['host_en']}") if row["host"] else None
    return Line(
        at=row["at"],
        order=row["id"],
        kind=SERVICE,
        title=OTHERS[SERVICE],
        matter=Words(*(f"{line} · {said}" if said else line for line, said in _said(row))),
        no=row["no"],
        door=Words("取号", "Ticket"),
        by_id=row["by_id"],
        by_name=_name(row["by_id"], row["by_role"], known),
        result=host or SERVED,
    )


def _said(row: Row) -> tuple[tuple[str, str], tuple[str, str]]:
    return (row["name"], row["said"] or ""), (row["name_en"], row["said_en"] or "")


def _of_call(call_id: int, at: str, outcome: Words, by_id: int, known: dict[int, str]) -> Line:
    return Line(
        at=at,
        order=call_id,
        kind=CALL,
        title=Words("来电", "Call"),
        matter=Words("", ""),
        no="",
        door=repair_facts.SOURCES["phone"],
        by_id=by_id,
        by_name=_name(by_id, "", known),
        result=outcome,
    )


def _of_note(note: log_notes.Note) -> Line:
    return Line(
        at=note.at,
        order=note.id,
        kind=NEXT_SHIFT if note.kind == log_notes.HANDOVER else note.kind,
        title=log_notes.KINDS[note.kind],
        matter=Words(note.text, note.text),
        no="",
        door=Words("", ""),
        by_id=note.by_id,
        by_name=Words(note.by_name, note.by_name),
        result=Words("", ""),
        note_id=note.id,
    )


def _name(by_id: int | None, role: str, known: dict[int, str]) -> Words:
    if by_id is not None:
        name = known.get(by_id, "")
        return Words(name, name)
    return BY_THE_BOX.get(Role(role), Words("接待台", "The box"))


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the log as a table. Rows are what `rows` gives."""
    return [
        ("time", Words("时间", "Time")),
        ("kind", Words("类型", "Kind")),
        ("no", Words("编号", "Number")),
        ("matter", Words("事项", "Matter")),
        ("door", Words("来源", "Came by")),
        ("handler", Words("经办人", "Handled by")),
        ("result", Words("结果", "Result")),
    ]


def rows(store: Store, log: Log) -> list[dict[str, str | Words]]:
    """Return the lines asked for as rows of a table; times of the site."""
    zone = site(store).zone
    return [
        {
            "time": clock.from_text(line.at).astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            "kind": names()[line.kind] if line.kind != ENDED else line.title,
            "no": line.no,
            "matter": line.matter,
            "door": line.door,
            "handler": line.by_name,
            "result": line.result,
        }
        for line in log.lines
    ]
