"""What a company's own systems may read (docs/api.md): numbers, states and times; of no person anything.

Sealed cases do not exist here, nor does whoever is received in private. Every value is ready for JSON.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from db.store import Store
from reception import lines, seals, standing
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.site import site

# Where a list goes on: the time and the number of the last that was read.
CURSOR: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z)~([A-Z0-9-]{1,24})")
_FIRST = ("", "")
_TICKETS = (
    "SELECT tickets.no, tickets.line, tickets.state, tickets.counter, issued_at, called_at, started_at, ended_at"
    " FROM tickets JOIN lines ON lines.code = tickets.line WHERE day_on = ? AND hears IS NULL"
    " AND (issued_at, tickets.no) > (?, ?) AND (? = '' OR tickets.state = ?) AND (? = '' OR tickets.line = ?)"
    " ORDER BY issued_at, tickets.no LIMIT ?"
)
_CASE = "no, kind, state, department, received_at, changed_at, closed_at"


def queue(store: Store, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Return how the queue stands: by line who waits and how long a newcomer would, by counter whom it holds."""
    permit(by, "read_api")
    waiting = store.counts("SELECT line, count(*) FROM tickets WHERE state = 'waiting' GROUP BY line")
    known = lines.lines(store)
    places = standing.newcomers(store, [one.code for one in known], now=now)
    held = {
        row["counter"]: row["no"]
        for row in store.rows(
            "SELECT counter, no FROM tickets JOIN lines ON lines.code = tickets.line"
            " WHERE tickets.state IN ('called', 'serving') AND hears IS NULL"
        )
    }
    return {
        "at": clock.to_text(now),
        "lines": [
            {
                "line": one.code,
                "name": one.name.zh,
                "name_en": one.name.en,
                "waiting": waiting.get(one.code, 0),
                "wait_minutes": _minutes(places[one.code]),
            }
            for one in known
        ],
        "counters": [
            {"counter": one.no, "state": one.state, "ticket": held.get(one.no)} for one in lines.counters(store)
        ],
    }


def tickets(store: Store, asked: Mapping[str, str], *, by: Actor, now: datetime) -> dict[str, Any]:
    """Return a page of the tickets of today, as they were issued. `asked` is what the request names, well formed."""
    permit(by, "read_api")
    today = clock.local_day(now, site(store).zone).isoformat()
    state, line, limit = asked.get("state", ""), asked.get("line", ""), int(asked["limit"])
    found = store.rows(_TICKETS, [today, *_after(asked), state, state, line, line, limit + 1])
    return _page([dict(row) for row in found], limit, "issued_at")


def cases(store: Store, asked: Mapping[str, str], *, by: Actor) -> dict[str, Any]:
    """Return a page of the cases, in the order in which they changed: whoever copies them goes on from there."""
    permit(by, "read_api")
    after, limit = max(_after(asked), (_since(asked), "")), int(asked["limit"])
    kind, state, still = (asked.get(name, "") for name in ("kind", "state", "open"))
    found = store.rows(
        f"SELECT {_CASE} FROM cases INDEXED BY cases_changed WHERE (changed_at, no) > (?, ?) AND {seals.open_to(by)}"  # noqa: S608
        " AND (? = '' OR kind = ?) AND (? = '' OR state = ?) AND (? = '' OR (closed_at IS NULL) = (? = 'true'))"
        " ORDER BY changed_at, no LIMIT ?",
        [*after, kind, kind, state, state, still, still, limit + 1],
    )
    return _page([dict(row) for row in found], limit, "changed_at")


def case(store: Store, no: str, *, by: Actor) -> dict[str, Any] | None:
    """Return one case; None where there is none of this number for whoever bears a key."""
    permit(by, "read_api")
    row = store.row(f"SELECT {_CASE} FROM cases WHERE no = ? AND {seals.open_to(by)}", [no])  # noqa: S608
    return None if row is None else dict(row)


def history(store: Store, no: str, asked: Mapping[str, str], *, by: Actor) -> dict[str, Any] | None:
    """Return a page of the states that a case went through; None where there is no such case.

    `after` counts those that were read: history is only ever added to.
    """
    permit(by, "read_api")
    case_id = store.value(f"SELECT id FROM cases WHERE no = ? AND {seals.open_to(by)}", [no])  # noqa: S608
    if case_id is None:
        return None
    read, limit = int(asked.get("after", "0")), int(asked["limit"])
    found = store.rows(
        "SELECT at, what, from_state, to_state AS state FROM events WHERE subject = 'case' AND subject_id = ?"
        " AND to_state IS NOT NULL AND to_state IS NOT from_state ORDER BY id LIMIT ? OFFSET ?",
        [case_id, limit + 1, read],
    )
    more = str(read + limit) if len(found) > limit else None
    return {"items": [dict(row) for row in found[:limit]], "next": more}


def _minutes(place: standing.Place) -> list[int] | None:
    return None if place.wait is None else [place.wait.low, place.wait.high]


def _after(asked: Mapping[str, str]) -> tuple[str, str]:
    found = CURSOR.fullmatch(asked.get("after", ""))
    return _FIRST if found is None else (found[1], found[2])


def _since(asked: Mapping[str, str]) -> str:
    """Return the moment as the store writes it, so that texts compare as times do."""
    text = asked.get("changed_since", "")
    return f"{text[:-1]}.000Z" if len(text) == len("2026-11-23T02:24:00Z") else text


def _page(found: list[dict[str, Any]], limit: int, ordered_by: str) -> dict[str, Any]:
    shown = found[:limit]
    more = f"{shown[-1][ordered_by]}~{shown[-1]['no']}" if len(found) > limit else None
    return {"items": shown, "next": more}
