"""Who saw whose name and telephone whole, and why: each look is an event with a reason, and a head reads them all.

Whoever holds a matter, or serves the visitor whose matter it is, needs no reason: the acts do not come here then. Where
the work itself shows a name (a call of the follow-up desk, a paper printed again) the act gives the reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from sqlite3 import Row
from typing import Any

from db.store import Store
from reception import events, seals
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, id_numbers, numbers, people
from reception.site import site
from reception.wording import Words

OTHER = "other"
REASONS = {
    "asked": Words("本人来电或来访询问", "The person asks, by phone or in person"),
    "call_back": Words("需要联系本人", "The person must be reached"),
    "colleague": Words("代经办同事办理", "On behalf of the colleague who holds it"),
    "oversight": Words("督办、复核", "Supervision or review"),
    "danger": Words("紧急情况", "Danger"),
    "paper": Words("归档、填写纸质表格", "Filing, or a form on paper"),
    OTHER: Words("其他", "Another reason"),
}
# What the act itself says: nobody chooses these.
FOLLOW_UP, REPRINT, FEES = "follow_up", "reprint", "fees"
_OF_ACTS = {
    FOLLOW_UP: Words("回访", "Follow-up call"),
    REPRINT: Words("补打票据", "A paper printed again"),
    FEES: Words("催缴电话", "A call about fees"),
}
# Why all that is kept of one person is looked up (`persons`).
OF_RIGHTS = {
    "request": Words("本人请求", "The person asks"),
    "authorised": Words("受托人请求", "Somebody asks on his behalf"),
    "withdrawn": Words("撤回同意", "Consent withdrawn"),
    "correction": Words("更正信息", "Something to correct"),
    "authority": Words("主管部门要求", "An authority asks"),
}
# Every code that a look bears.
KNOWN = REASONS | _OF_ACTS | OF_RIGHTS
LIMIT = 80
# More looks an hour than any work of the lobby asks for: a head is shown them.
UNUSUAL = 20
# A search by name or telephone shows where somebody lives; a busy counter needs one for each visitor.
UNUSUAL_SEARCHES = 40
SEARCH = "search_person"
UNUSUAL_WITHIN = timedelta(hours=1)
LONGEST = timedelta(days=92)
PAGE = 200
WHATS = {
    "reveal": Words("事项", "Case"),
    "reveal_home": Words("业主档案", "Home file"),
    "reveal_fault": Words("已知故障的住户", "Homes of a known fault"),
    "reveal_inside": Words("在楼人员", "Who is in the building"),
    "print_evacuation": Words("疏散名单（打印）", "Roll for an evacuation (printed)"),
    "take_call": Words("回访", "Follow-up call"),
    "call_about_fees": Words("催缴电话", "Call about fees"),
    "reprint": Words("补打的票据", "Paper printed again"),
    "find_person": Words("个人信息：可能的人", "Personal data: who may be meant"),
    "see_person": Words("个人信息", "Personal data"),
    "export_person": Words("个人信息（导出）", "Personal data (taken out)"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody looks, as it was typed: a code of `REASONS`, and words where the code is `other`."""

    code: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Reveal:
    """One look: who, when (UTC text), of what kind, its number where it has one, and why; `of_case`: of a case."""

    by_name: str
    at: str
    what: Words
    no: str
    reason: Words
    words: str
    of_case: bool


@dataclass(frozen=True, slots=True)
class Unusual:
    """Somebody who looked more than `UNUSUAL` times within an hour that began at `since` (UTC text).

    `searches`: he searched by names and telephones, more than `UNUSUAL_SEARCHES` times.
    """

    by_name: str
    since: str
    count: int
    searches: bool = False


def record(
    store: Store,
    what: str,
    subject: str,
    subject_id: int,
    *,
    why: Reason,
    by: Actor,
    at: datetime,
    people: int = 1,
    **detail: Any,
) -> None:
    """Write a look down inside its act: the event with the code of the reason, and the words of another beside it.

    Refuses `reveal_reason_missing`, `reveal_words_missing`, `text_too_long`, `text_invalid`, `id_number`.
    """
    code, words = checked(why)
    note(store, what, subject, subject_id, reason=code, words=words, by=by, at=at, people=people, **detail)


def note(
    store: Store,
    what: str,
    subject: str,
    subject_id: int,
    *,
    reason: str,
    words: str = "",
    by: Actor,
    at: datetime,
    **detail: Any,
) -> None:
    """Write down a look whose reason, a code of `KNOWN`, is the act's own or was checked by it."""
    events.record(store, what, subject, subject_id, by=by, at=at, reason=reason, **detail)
    store.execute(
        "INSERT INTO reveals (event_id, by_id, at, reason, words) VALUES (last_insert_rowid(), ?, ?, ?, ?)",
        [by.id, clock.to_text(at), reason, words],
    )
    store.touch("reveals")


def checked(why: Reason) -> tuple[str, str]:
    """Return code and words of a reason in their normal form; refuses as `record`."""
    if why.code not in REASONS:
        raise Refused("reveal_reason_missing")
    if why.code != OTHER:
        return why.code, ""
    try:
        words = id_numbers.free_of(people.clean_text(why.words, limit=LIMIT))
    except ValueError as error:
        raise Refused(str(error)) from None
    if not words:
        raise Refused("reveal_words_missing")
    return OTHER, words


def listed(store: Store, *, person: str, since: str, until: str, by: Actor, now: datetime) -> list[Reveal]:
    """Return the looks of a period (days of the site, both counted), the newest first, at most `PAGE`.

    `person` is the id of a member of staff, or '' for all. What is sealed from the reader is left out. Refuses
    `date_invalid`, `dates_reversed`.
    """
    permit(by, "see_reveals")
    begin, end = period(store, since, until, now=now)
    rows = store.rows(
        "SELECT staff.name, reveals.at, events.what, events.subject, reveals.reason, words,"  # noqa: S608
        " coalesce(cases.no, known_faults.no,"
        " units.building || '-' || units.unit || '-' || units.room, '') AS no"
        " FROM reveals JOIN events ON events.id = event_id JOIN staff ON staff.id = reveals.by_id"
        " LEFT JOIN cases ON events.subject = 'case' AND cases.id = events.subject_id"
        " LEFT JOIN known_faults ON events.what = 'reveal_fault' AND known_faults.id = events.subject_id"
        " LEFT JOIN units ON events.subject = 'unit' AND units.id = events.subject_id"
        " WHERE reveals.at >= :begin AND reveals.at < :end AND (:person = '' OR reveals.by_id = :person)"
        f" AND (cases.id IS NULL OR {seals.open_to(by)}) ORDER BY event_id DESC LIMIT :page",
        {
            "begin": begin,
            "end": end,
            "person": numbers.whole(person) or "",
            "page": PAGE,
        },
    )
    return [
        Reveal(
            by_name=row["name"],
            at=row["at"],
            what=WHATS[row["what"]],
            no=row["no"],
            reason=KNOWN[row["reason"]],
            words=row["words"],
            of_case=row["subject"] == "case",
        )
        for row in rows
    ]


def unusual(store: Store, *, since: str, until: str, by: Actor, now: datetime) -> list[Unusual]:
    """Return who looked more than `UNUSUAL` times within an hour in a period, by the hour that held most.

    And who searched so often by name or telephone, apart from that.
    """
    permit(by, "see_reveals")
    begin, end = period(store, since, until, now=now)
    rows = store.rows(
        "SELECT staff.id, staff.name, reveals.at FROM reveals JOIN events ON events.id = event_id"  # noqa: S608
        " JOIN staff ON staff.id = reveals.by_id LEFT JOIN cases ON subject = 'case' AND cases.id = subject_id"
        f" WHERE reveals.at >= ? AND reveals.at < ? AND (cases.id IS NULL OR {seals.open_to(by)})"
        " ORDER BY reveals.by_id, reveals.at",
        [begin, end],
    )
    searches = store.rows(
        "SELECT staff.id, staff.name, events.at FROM events JOIN staff ON staff.id = by_id"
        " WHERE what = ? AND events.at >= ? AND events.at < ? ORDER BY events.at",
        [SEARCH, begin, end],
    )
    looked = [one for one in _worst(rows, searches=False) if one.count > UNUSUAL]
    return looked + [one for one in _worst(searches, searches=True) if one.count > UNUSUAL_SEARCHES]


def _worst(rows: Sequence[Row], *, searches: bool) -> list[Unusual]:
    times: dict[tuple[int, str], list[str]] = {}
    for row in rows:
        times.setdefault((row["id"], row["name"]), []).append(row["at"])
    return [Unusual(name, *_busiest(those), searches) for (_id, name), those in times.items()]


def _busiest(times: Sequence[str]) -> tuple[str, int]:
    """Return the begin and the number of looks of the hour that holds most; `times` is in order."""
    best, first = (times[0], 0), 0
    for last, text in enumerate(times):
        while clock.from_text(text) - clock.from_text(times[first]) > UNUSUAL_WITHIN:
            first += 1
        if last - first + 1 > best[1]:
            best = (times[first], last - first + 1)
    return best


def days(store: Store, since: str, until: str, *, now: datetime) -> tuple[date, date]:
    """Return the first and the last day of a period; without days the last seven.

    Refuses `date_invalid`, `dates_reversed`; a longer one than `LONGEST` is cut at its begin.
    """
    today = clock.local_day(events.moment(store, now), site(store).zone)
    try:
        last = date.fromisoformat(until) if until else today
        first = date.fromisoformat(since) if since else last - timedelta(days=6)
        if first > last:
            raise Refused("dates_reversed")
        return max(first, last - LONGEST), last
    except (ValueError, OverflowError):
        raise Refused("date_invalid") from None


def period(store: Store, since: str, until: str, *, now: datetime) -> tuple[str, str]:
    """Return begin and end (UTC text) of a period of days of the site. Refuses as `days`."""
    zone = site(store).zone
    first, last = days(store, since, until, now=now)
    try:
        start = datetime(first.year, first.month, first.day, tzinfo=zone)
        after = last + timedelta(days=1)
        return clock.to_text(start), clock.to_text(datetime(after.year, after.month, after.day, tzinfo=zone))
    except (ValueError, OverflowError):
        raise Refused("date_invalid") from None


def staff_of(store: Store, *, by: Actor) -> list[tuple[int, str]]:
    """Return who ever looked: id and name."""
    permit(by, "see_reveals")
    rows = store.rows("SELECT DISTINCT staff.id, staff.name FROM reveals JOIN staff ON staff.id = by_id ORDER BY 2")
    return [(row[0], row[1]) for row in rows]
