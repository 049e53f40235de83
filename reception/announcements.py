"""Notices (公告), accounts made public (收支公布), events (社区活动): written, published apart, withdrawn."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from db.store import Store, writing
from reception import announcement_facts, cases, events, nonces
from reception.announcement_facts import KINDS, SIDES, SUBJECT, Announcement, Line
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, money
from reception.site import site
from reception.typed_days import typed_day

TITLE_LIMIT: Final = 60
BODY_LIMIT: Final = 1200
MOST_LINES: Final = 60
# A year typed wrongly would stand on the wall for decades.
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Typed:
    """A notice as it was typed; `lines` are side, item and amount in yuan. What its kind has not is left out."""

    title: str = ""
    title_en: str = ""
    body: str = ""
    body_en: str = ""
    from_on: str = ""
    until_on: str = ""
    period: str = ""
    event_on: str = ""
    begins: str = ""
    ends: str = ""
    place: str = ""
    lines: Sequence[Sequence[str]] = ()


PUBLISH: Final = (
    "UPDATE announcements SET state = 'published', published_by = ?, published_at = ?"
    " WHERE id = ? AND state = 'draft' AND revision = ?"
)
_COLUMNS: Final = tuple(name for name in Typed.__slots__ if name != "lines")


def write(store: Store, *, nonce: str, kind: str, typed: Typed, by: Actor, now: datetime) -> Announcement:
    """Write a draft: nobody outside sees it. The same nonce returns the same one.

    It is shown from today where no day was typed, and of an event until that day. Refuses `choice_unknown` (its kind),
    `title_missing`, `date_invalid`, `announcement_days_reversed`, `announcement_too_long` (over a year), of an event
    `event_day_missing`, `event_place_missing`, `event_time_invalid`, `event_ends_early`, `announcement_after_event`; of
    accounts `accounts_period_missing`, and what `money.parse_yuan` refuses, `account_item_missing`,
    `account_side_missing`, `too_many_lines`;
    what `cases.text` and `nonces` refuse.
    """
    permit(by, "write_announcement")
    cases.choice(kind, KINDS, code="choice_unknown")

    def make(at: datetime) -> int:
        values, lines = _checked(kind, typed, clock.local_day(at, site(store).zone))
        names = ("kind", *_COLUMNS, "written_by", "written_at")
        found = store.insert(
            f"INSERT INTO announcements ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",  # noqa: S608
            [kind, *(values[name] for name in _COLUMNS), by.id, clock.to_text(at)],
        )
        _write_lines(store, found, lines)
        events.record(store, "write_announcement", SUBJECT, found, by=by, at=at, to_state="draft", kind=kind)
        return found

    content = {"kind": kind} | asdict(typed)
    made = nonces.once(store, nonce, "write_announcement", content, now=now, make=make)
    return announcement_facts.find(store, made, by=by)


def change(store: Store, *, announcement_id: int, was: str, typed: Typed, by: Actor, now: datetime) -> Announcement:
    """Write a draft anew; `was` is the revision that the writer had before him.

    Refuses `announcement_unknown`, `announcement_stands` (it is published: withdraw it, and write another),
    `changed_meanwhile`, and what `write` refuses.
    """
    permit(by, "write_announcement")
    with writing(store):
        found = _draft(store, announcement_id, was, by)
        at = events.moment(store, now)
        values, lines = _checked(found.kind, typed, clock.local_day(at, site(store).zone))
        sets = ", ".join(f"{name} = :{name}" for name in _COLUMNS)
        done = store.changed(
            f"UPDATE announcements SET {sets}, revision = revision + 1, written_by = :by, written_at = :at"  # noqa: S608
            " WHERE id = :id AND state = 'draft' AND revision = :was",
            values | {"by": by.id, "at": clock.to_text(at), "id": found.id, "was": found.revision},
        )
        if not done:
            raise Refused("changed_meanwhile")
        store.execute("DELETE FROM announcement_lines WHERE announcement_id = ?", [found.id])
        _write_lines(store, found.id, lines)
        events.record(store, "change_announcement", SUBJECT, found.id, by=by, at=at)
        return announcement_facts.find(store, found.id, by=by)


def publish(store: Store, *, announcement_id: int, was: str, by: Actor, now: datetime) -> Announcement:
    """Publish the revision that was read: kiosk, display and phones show it in its days.

    Refuses `announcement_unknown`, `announcement_stands`, `changed_meanwhile` (somebody wrote it anew since),
    `announcement_past` (its days are over), `accounts_empty`, and of accounts `announcement_own`: figures are published
    by another than wrote them.
    """
    permit(by, "publish_announcement")
    with writing(store):
        found = _draft(store, announcement_id, was, by)
        at = events.moment(store, now)
        if found.until_on < clock.local_day(at, site(store).zone):
            raise Refused("announcement_past")
        if found.kind == "accounts":
            if not found.lines:
                raise Refused("accounts_empty")
            if found.written_by == by.id:
                raise Refused("announcement_own")
        if not store.changed(PUBLISH, [by.id, clock.to_text(at), found.id, found.revision]):
            raise Refused("changed_meanwhile")
        events.record(
            store, "publish_announcement", SUBJECT, found.id, by=by, at=at, from_state="draft", to_state="published"
        )
        store.touch("site")
        return announcement_facts.find(store, found.id, by=by)


def withdraw(store: Store, *, announcement_id: int, reason: str, by: Actor, now: datetime) -> Announcement:
    """Take one back: a published one at once from every screen, and why; a draft is dropped, with a reason or without.

    Refuses `announcement_unknown`, `reason_missing`, `changed_meanwhile` (it is withdrawn already), texts.
    """
    permit(by, "write_announcement")
    with writing(store):
        found = announcement_facts.find(store, announcement_id, by=by)
        if found.state == "published":
            permit(by, "publish_announcement")
        why = cases.text(reason, required=found.state == "published", missing="reason_missing", limit=cases.SHORT_LIMIT)
        at = events.moment(store, now)
        done = store.changed(
            "UPDATE announcements SET state = 'withdrawn', withdrawn_by = ?, withdrawn_at = ?, reason = ?"
            " WHERE id = ? AND state = ? AND state <> 'withdrawn'",
            [by.id, clock.to_text(at), why, found.id, found.state],
        )
        if not done:
            raise Refused("changed_meanwhile")
        events.record(
            store, "withdraw_announcement", SUBJECT, found.id, by=by, at=at, from_state=found.state,
            to_state="withdrawn",
        )  # fmt: skip
        store.touch("site")
        return announcement_facts.find(store, found.id, by=by)


def _draft(store: Store, announcement_id: int, was: str, by: Actor) -> Announcement:
    found = announcement_facts.find(store, announcement_id, by=by)
    if found.state != "draft":
        raise Refused("announcement_stands")
    if was != str(found.revision):
        raise Refused("changed_meanwhile")
    return found


def _write_lines(store: Store, announcement_id: int, lines: list[Line]) -> None:
    for position, line in enumerate(lines, 1):
        store.execute(
            "INSERT INTO announcement_lines (announcement_id, position, side, item, fen) VALUES (?, ?, ?, ?, ?)",
            [announcement_id, position, line.side, line.item, line.fen],
        )


def _checked(kind: str, typed: Typed, today: date) -> tuple[dict[str, Any], list[Line]]:
    """Return the values of the columns, and the lines. Refuses as `write`."""
    values: dict[str, Any] = dict.fromkeys(_COLUMNS, "")
    values |= {
        "title": cases.text(typed.title, missing="title_missing", limit=TITLE_LIMIT),
        "title_en": cases.text(typed.title_en, required=False, limit=cases.SHORT_LIMIT),
        "body": cases.text(typed.body, required=False, limit=BODY_LIMIT),
        "body_en": cases.text(typed.body_en, required=False, limit=2 * BODY_LIMIT),
        "event_on": None,
        "begins": None,
        "ends": None,
    }
    values |= _event(typed) if kind == "event" else {}
    if kind == "accounts":
        values["period"] = cases.text(typed.period, missing="accounts_period_missing", limit=cases.SHORT_LIMIT)
    begin = _day(typed.from_on) if typed.from_on.strip() else today
    end = _day(typed.until_on or (values["event_on"] or ""))
    if end < begin:
        raise Refused("announcement_days_reversed")
    if end - begin > LONGEST:
        raise Refused("announcement_too_long")
    if values["event_on"] and end > date.fromisoformat(values["event_on"]):
        raise Refused("announcement_after_event")
    values |= {"from_on": begin.isoformat(), "until_on": end.isoformat()}
    return values, _lines(typed.lines) if kind == "accounts" else []


def _event(typed: Typed) -> dict[str, str | None]:
    if not typed.event_on.strip():
        raise Refused("event_day_missing")
    begins = _time(typed.begins)
    ends = _time(typed.ends) if typed.ends.strip() else None
    if ends and ends <= begins:
        raise Refused("event_ends_early")
    place = cases.text(typed.place, missing="event_place_missing", limit=cases.SHORT_LIMIT)
    return {"event_on": _day(typed.event_on).isoformat(), "begins": begins, "ends": ends, "place": place}


def _day(text: str) -> date:
    found = typed_day(text)
    if not 2000 <= found.year < 2100:
        raise Refused("date_invalid")
    return found


def _time(text: str) -> str:
    try:
        found = time.fromisoformat(text.strip())
    except ValueError:
        raise Refused("event_time_invalid") from None
    if found.tzinfo is not None:
        raise Refused("event_time_invalid")
    return f"{found:%H:%M}"


def _lines(typed: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines in the order they were typed; an empty row is none."""
    found = []
    for side, item, amount in typed:
        if not item.strip() and not amount.strip():
            continue
        # Never taken for income because nobody chose: what went out would be published as what came in.
        if not side.strip():
            raise Refused("account_side_missing")
        cases.choice(side, SIDES, code="choice_unknown")
        name = cases.text(item, missing="account_item_missing", limit=cases.SHORT_LIMIT)
        try:
            found.append(Line(side, name, money.parse_yuan(amount)))
        except ValueError as error:
            raise Refused(str(error)) from None
    if len(found) > MOST_LINES:
        raise Refused("too_many_lines")
    return found
