"""The audit log: every event of the history, to be read and searched by whoever answers for the box.

The administrator reads it, and the manager: what an administrator did must be read by somebody else, too. It tells
codes and numbers, never who a visitor is; what is sealed from the reader is no line of it. To read it is an event.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Any, Final

from db.store import Store, writing
from reception import events, seals
from reception.audit_groups import GROUPS, of_groups
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, hours
from reception.rules.numbers import whole
from reception.site import site
from reception.wording import Words

PAGE: Final = 100
# What a table that is taken out holds at most: the period is made narrower.
MOST: Final = 5000
LOOK_BACK: Final = timedelta(days=6)
FIRST_DAY: Final = date(2000, 1, 1)

# Details that are told, each with its name; the others are numbers of rows, which tell a reader nothing.
DETAILS: Final[dict[str, Words]] = {
    "list": Words("表", "list"),
    "rows": Words("行数", "rows"),
    "filters": Words("筛选", "filters"),
    "rule": Words("规则", "rule"),
    "count": Words("数量", "count"),
    "before": Words("早于", "before"),
    "key": Words("代码", "code"),
    "keys": Words("项目", "settings"),
    "fields": Words("项目", "fields"),
    "counter": Words("窗口", "counter"),
    "line": Words("业务", "service"),
    "printer": Words("打印机", "printer"),
    "reason": Words("原因", "reason"),
    "why": Words("原因", "reason"),
    "how": Words("方式", "how"),
    "channel": Words("方式", "by"),
    "order": Words("工单", "order"),
    "people": Words("人数", "people"),
    "score": Words("评分", "score"),
    "fen": Words("金额（分）", "fen"),
    "method": Words("方式", "method"),
    "backup": Words("备份", "backup"),
    "reached": Words("可达", "reached"),
    "form": Words("表格", "form"),
    "whole": Words("含姓名电话", "with names"),
}
_CODE: Final = re.compile(r"[0-9A-Za-z._:*-]{1,60}")

_SELECT = (
    "SELECT events.id, events.at, events.what, events.subject, events.subject_id, events.by_role, events.from_state,"
    " events.to_state, events.detail, doer.name AS by_name, cases.no AS case_no,"
    " cases.kind AS kind, tickets.no AS ticket_no, supervisions.no AS supervision_no, known_faults.no AS fault_no,"
    " custodies.no AS custody_no,"
    " whose.name AS of_name FROM events LEFT JOIN staff AS doer ON doer.id = events.by_id"
    " LEFT JOIN cases ON events.subject = 'case' AND cases.id = events.subject_id"
    " LEFT JOIN tickets ON events.subject = 'ticket' AND tickets.id = events.subject_id"
    " LEFT JOIN supervisions ON events.subject = 'supervision' AND supervisions.id = events.subject_id"
    " LEFT JOIN known_faults ON events.subject = 'fault' AND known_faults.id = events.subject_id"
    " LEFT JOIN custodies ON events.subject = 'custody' AND custodies.id = events.subject_id"
    " LEFT JOIN staff AS whose ON events.subject = 'staff' AND whose.id = events.subject_id"
)

# Whether the reader may know of what has this number, `_told` asks.
_NUMBERED = (
    "SELECT 'case', id FROM cases WHERE no = :no UNION ALL SELECT 'case', case_id FROM work_orders WHERE no = :no"
    " UNION ALL SELECT 'ticket', id FROM tickets WHERE no = :no"
    " UNION ALL SELECT 'supervision', id FROM supervisions WHERE no = :no"
    " UNION ALL SELECT 'fault', id FROM known_faults WHERE no = :no"
    " UNION ALL SELECT 'custody', id FROM custodies WHERE no = :no"
)


def _told(by: Actor) -> str:
    """Return the condition on an event that the reader may know of it: it, and what led to it, is sealed from nobody
    or not from him. A number called for a head's own ear is his alone, as in the work log."""

    def shut(link: str) -> str:
        return (
            f"EXISTS (SELECT 1 FROM cases AS behind WHERE {link}"  # noqa: S608
            f" AND NOT ({seals.open_to(by, 'behind')} OR {seals.apart_to(by, 'behind')}))"
        )

    visit = "(SELECT visit_id FROM tickets WHERE tickets.id = events.subject_id)"
    private = (
        "SELECT 1 FROM tickets JOIN lines ON lines.code = tickets.line WHERE tickets.id = events.subject_id"
        " AND lines.hears IS NOT NULL AND lines.hears <> :role"
    )
    ticket = f"EXISTS ({private}) OR {shut(f'behind.visit_id = {visit}')}"
    # A visitor whom an incident brought has no case of his visit: the incident names his ticket.
    incident = (
        "SELECT case_id FROM incidents WHERE incidents.ticket_id IN"
        " (SELECT id FROM tickets WHERE tickets.visit_id = events.subject_id)"
    )
    of_incident = "SELECT case_id FROM incidents WHERE incidents.ticket_id = events.subject_id"
    supervised = "SELECT case_id FROM supervisions WHERE supervisions.id = events.subject_id"
    called = "SELECT case_id FROM phone_calls WHERE phone_calls.id = events.subject_id"
    return (
        "CASE events.subject"
        f" WHEN 'case' THEN NOT {shut('behind.id = events.subject_id')}"
        f" WHEN 'ticket' THEN NOT ({ticket} OR {shut(f'behind.id IN ({of_incident})')})"
        f" WHEN 'visit' THEN NOT ({shut('behind.visit_id = events.subject_id')}"
        f" OR {shut(f'behind.id IN ({incident})')})"
        f" WHEN 'supervision' THEN NOT {shut(f'behind.id = ({supervised})')}"
        f" WHEN 'call' THEN NOT {shut(f'behind.id = ({called})')}"
        " ELSE 1 END"
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One event: `no` is the number that staff know its subject by, or the name of a colleague; '' where it has none.

    `by_name` is '' where no member of staff did it: `by_role` says which door. `details`: key of DETAILS, and codes.
    """

    at: str
    what: str
    subject: str
    no: str
    kind: str
    by_name: str
    by_role: str
    from_state: str
    to_state: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: a period of days of the site (both inclusive), and what narrows it, '' where nothing does."""

    since: date
    until: date
    who: str = ""
    group: str = ""
    subject: str = ""
    no: str = ""

    def fields(self) -> dict[str, str]:
        """Return it as the fields of a form."""
        days = {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return days | {"who": self.who, "group": self.group, "subject": self.subject, "no": self.no}


@dataclass(frozen=True, slots=True)
class Found:
    """A page of the log, newest first; `more`: another follows."""

    asked: Asked
    lines: list[Line]
    page: int
    more: bool


def asked(store: Store, values: Mapping[str, str], *, now: datetime) -> Asked:
    """Return what a form or an address asks for; a period that is not said is the last seven days.

    `who` is a login, or `kiosk`, `token_holder`, `box`; `group` a code of GROUPS; `no` the number of a case, ticket or
    supervision. Refuses `date_invalid`, `dates_reversed`, `choice_unknown`, `query_invalid`.
    """
    today = clock.local_day(events.moment(store, now), site(store).zone)
    until = _day(values.get("until", ""), today)
    since = _day(values.get("since", ""), until - LOOK_BACK)
    if since > until:
        raise Refused("dates_reversed")
    who, group, subject = (values.get(name, "") for name in ("who", "group", "subject"))
    if (group and group not in GROUPS) or (who and who not in people(store)):
        raise Refused("choice_unknown")
    no = values.get("no", "").strip().upper()
    if any(text and not _CODE.fullmatch(text) for text in (no, subject)):
        raise Refused("query_invalid")
    return Asked(since, until, who, group, subject, no)


def _day(text: str, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text) if text else otherwise
    except ValueError:
        raise Refused("date_invalid") from None
    # Past its ends a day of the site is no time of the calendar.
    if not FIRST_DAY <= found <= date(9990, 1, 1):
        raise Refused("date_invalid")
    return found


def page(store: Store, wanted: Asked, *, number: str = "", by: Actor, now: datetime) -> Found:
    """Return a page of the log, and write down that it was read. Refuses `not_permitted`, `number_invalid`."""
    permit(by, "see_audit")
    at_page = whole(number) if number else 1
    if not at_page or at_page > MOST // PAGE:
        raise Refused("number_invalid")
    found = _lines(store, wanted, by, limit=PAGE + 1, offset=(at_page - 1) * PAGE)
    _note(store, "read_audit", wanted, by=by, now=now, page=at_page)
    return Found(wanted, found[:PAGE], at_page, len(found) > PAGE and at_page < MOST // PAGE)


def table(store: Store, wanted: Asked, *, by: Actor) -> list[Line]:
    """Return what is asked for as far as a table holds (MOST, newest first); `exports` writes that it was taken out.

    Refuses `not_permitted`.
    """
    permit(by, "export_audit")
    return _lines(store, wanted, by, limit=MOST, offset=0)


def people(store: Store) -> dict[str, Words]:
    """Return who can have done something: staff by login, those who left too, and the doors that are not staff."""
    rows = store.rows("SELECT login, name FROM staff ORDER BY active DESC, name")
    staff = {row["login"]: Words(row["name"], row["name"]) for row in rows}
    doors = {
        "kiosk": Words("自助机", "Kiosk"),
        "token_holder": Words("业主（凭码）", "Owner, by code"),
        "box": Words("系统", "The box"),
    }
    return staff | doors


def _lines(store: Store, wanted: Asked, by: Actor, *, limit: int, offset: int) -> list[Line]:
    zone = site(store).zone
    values: dict[str, Any] = {
        "since": clock.to_text(hours.moment(wanted.since, 0, zone)),
        "until": clock.to_text(hours.moment(wanted.until, 24 * 60, zone)),
        "role": str(by.hears_as),
        "limit": limit,
        "offset": offset,
    }
    tests = ["events.at >= :since", "events.at < :until", _told(by)]
    if wanted.who in {"kiosk", "token_holder", "box"}:
        tests.append("events.by_id IS NULL AND events.by_role = :who")
    elif wanted.who:
        tests.append("doer.login = :who")
    if wanted.subject:
        tests.append("events.subject = :subject")
    if wanted.group:
        tests.append(of_groups(wanted.group))
    if wanted.no:
        tests.append(f"(events.subject, events.subject_id) IN ({_NUMBERED})")
    values |= {"who": wanted.who, "subject": wanted.subject, "no": wanted.no}
    rows = store.rows(
        f"{_SELECT} WHERE {' AND '.join(tests)} ORDER BY events.at DESC, events.id DESC LIMIT :limit OFFSET :offset",
        values,
    )
    return [_line(row) for row in rows]


def _line(row: Row) -> Line:
    known = ("case_no", "ticket_no", "supervision_no", "fault_no", "custody_no", "of_name")
    return Line(
        at=row["at"],
        what=row["what"],
        subject=row["subject"],
        no=next((row[name] for name in known if row[name]), ""),
        kind=row["kind"] or "",
        by_name=row["by_name"] or "",
        by_role=row["by_role"],
        from_state=row["from_state"] or "",
        to_state=row["to_state"] or "",
        details=_details(json.loads(row["detail"] or "{}")),
    )


def _details(known: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    said = ((key, _plain(value)) for key, value in known.items() if key in DETAILS)
    return tuple((key, text) for key, text in said if text)


def _plain(value: object) -> str:
    """Return a detail as text when it is a code or a number; a text of people stays on the page of its subject."""
    if isinstance(value, dict):
        return ", ".join(f"{key}={_plain(one)}" for key, one in value.items() if _plain(one))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_plain, value)))
    text = "" if value is None else str(value)
    return text if _CODE.fullmatch(text) else ""


def _note(store: Store, what: str, wanted: Asked, *, by: Actor, now: datetime, page: int) -> None:
    codes = {key: value for key, value in wanted.fields().items() if value}
    with writing(store):
        events.record(store, what, "list", 0, by=by, at=events.moment(store, now), page=page, filters=codes)
