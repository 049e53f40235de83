"""Months of the site, and how many cases of a kind stood open, came, were over and are carried in one (K3, 19)."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row

from db.store import Store
from reception import events, kinds, seals
from reception.case_filters import day_begins
from reception.permissions import Actor
from reception.refusal import Refused
from reception.rules import clock, flow
from reception.rules.flow import BEGIN, END, NOTHING, Flow
from reception.rules.visit_days import month_after
from reception.site import site

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
# What a kind's flow is divided by: columns of its own table.
DIVISIONS: dict[str, tuple[str, ...]] = {"repair": ("category", "liability", "urgency")}


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of the site: `begin` <= t < `end`, as the store writes times. `current`: it still runs."""

    code: str
    begin: str
    end: str
    earlier: str
    later: str | None
    current: bool


def month(store: Store, code: str, *, now: datetime) -> Month:
    """Return a month (`2026-11`); without a code the one that runs. Refuses `month_invalid`, also one still to come."""
    zone = site(store).zone
    today = clock.local_day(events.moment(store, now), zone)
    running = f"{today:%Y-%m}"
    match = _MONTH.fullmatch(code or running)
    if match is None or match[0] > running:
        raise Refused("month_invalid")
    first = date(int(match[1]), int(match[2]), 1)
    following = _shift(first, 1)
    return Month(
        code=match[0],
        begin=day_begins(first, zone),
        end=day_begins(following, zone),
        earlier=f"{_shift(first, -1):%Y-%m}",
        later=f"{following:%Y-%m}" if match[0] < running else None,
        current=match[0] == running,
    )


def _shift(first: date, months: int) -> date:
    return date(*month_after(first.year, first.month, months), 1)


def by_kind(store: Store, of: Month, department: str = "", *, by: Actor) -> dict[str, Flow]:
    """Return the flow of each kind in a month; of one department's cases or of all."""
    return {kind: divided(store, kind, of, department, by=by)[""][""] for kind in kinds.KINDS}


def divided(store: Store, kind: str, of: Month, department: str = "", *, by: Actor) -> dict[str, dict[str, Flow]]:
    """Return the flow of a kind in a month, whole (under "") and by each of its divisions: division -> value -> flow.

    opening: cases open at the month's begin. received: cases whose `received_at` lies in it. reopened: times that a
    case which was over (filed, cancelled, merged) was opened again in it. closed: times that a case was over in it, by
    whatever way. carried: cases open at its end, or now. opening + received + reopened - closed = carried, in every
    part. A case counts where it stands today (department, category, liability, urgency). What is sealed from the reader
    is not counted for him.
    """
    names = DIVISIONS.get(kind, ())
    rows = _touching(store, kind, of, department, by)
    again = _turns(store, kind, [row["id"] for row in rows if row["round"]])
    found: dict[str, dict[str, Flow]] = {"": {"": NOTHING}} | {name: {} for name in names}
    for row in rows:
        over = [(row["closed_at"], END)] if row["closed_at"] else []
        turns = [(row["received_at"], BEGIN), *again.get(row["id"], over)]
        one = flow.of_one(turns, of.begin, of.end)
        found[""][""] += one
        for name in names:
            found[name][row[name]] = found[name].get(row[name], NOTHING) + one
    return found


def _touching(store: Store, kind: str, of: Month, department: str, by: Actor) -> list[Row]:
    """Return the cases that were open at some moment of the month, or came in it: others change none of its figures."""
    same = "kind = :kind AND received_at < :end AND ('' = :department OR department = :department)"
    same += f" AND {seals.open_to(by)}"
    return store.rows(
        "SELECT id, received_at, closed_at, round, category, bears AS liability, urgency FROM cases"  # noqa: S608
        " LEFT JOIN repairs ON repairs.case_id = cases.id WHERE id IN ("
        f"SELECT id FROM cases INDEXED BY cases_open WHERE closed_at IS NULL AND {same}"
        f" UNION SELECT id FROM cases INDEXED BY cases_closed WHERE closed_at >= :begin AND {same}"
        f" UNION SELECT id FROM cases INDEXED BY cases_received WHERE received_at >= :begin AND {same})",
        {"kind": kind, "begin": of.begin, "end": of.end, "department": department},
    )


def _turns(store: Store, kind: str, ids: list[int]) -> dict[int, list[tuple[str, int]]]:
    """Return the turns of cases that were opened again, from their history, in its order."""
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    if not ids:
        return found
    for row in store.rows(
        "SELECT subject_id, at, terminal FROM events JOIN case_states ON kind = ? AND state = to_state"  # noqa: S608
        f" WHERE subject = 'case' AND subject_id IN ({','.join('?' * len(ids))}) ORDER BY events.id",
        [kind, *ids],
    ):
        found[row["subject_id"]].append((row["at"], END if row["terminal"] else BEGIN))
    return found
