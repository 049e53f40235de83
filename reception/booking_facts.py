"""What a booking for the visit day is (接访预约, SYS-08, FRM-01): its matter, day and slot, how far it was signed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception import visit_days
from reception.cases import Case
from reception.rules.booking_states import BEFORE_MEETING, EXPECTED, UNSIGNED
from reception.visit_days import Day
from reception.wording import Words

KIND: Final = "visit-day"
SERIES: Final = "JF"
NAME = Words("接访日预约", "Visit-day booking")
DEPARTMENT: Final = "service"
STATES = {
    "booked": Words("已登记", "Booked"),
    "under_review": Words("审核中", "Under review"),
    "signing": Words("签批中", "Being signed"),
    "admitted": Words("已受理", "Admitted"),
    "scheduled": Words("已安排", "Arranged"),
    "checked_in": Words("已到", "Here"),
    "met": Words("已接待", "Met"),
    "resolved": Words("已决议", "Decided"),
    "supervised": Words("督办中", "Supervised"),
    "fed_back": Words("已反馈", "Fed back"),
    "followed_up": Words("已回访", "Followed up"),
    "reopened": Words("重新处理", "Opened again"),
    "not_admitted": Words("转部门先行处理", "A department handles it first"),
    "no_show": Words("未到", "Did not come"),
    "withdrawn": Words("已撤回", "Withdrawn"),
    "closed": Words("已办结", "Closed"),
}
ARRIVALS = {
    "early": Words("提前到", "Early"),
    "on_time": Words("准时到", "On time"),
    "late": Words("迟到", "Late"),
    "walk_in": Words("未预约", "Walked in"),
}
OWNERSHIP = {
    "register": Words("业主档案相符", "Known as the owner"),
    "papers": Words("已看产权证明", "Property papers seen"),
    "agent": Words("受业主委托", "For the owner"),
    "unchecked": Words("业主身份待核", "Owner still to be checked"),
}
# The state of the signatures as owners read it (issue, screens.md, Words).
UNDER_REVIEW = Words("审核中", "Under review")
ARRANGED = Words("已安排接待", "You will be received")
ELSEWHERE = STATES["not_admitted"]


@dataclass(frozen=True, slots=True)
class Booking:
    """The details of a booking.

    `starts` is the time of its slot on the site's own clock, '' while it has none; `waiting_at` since when it is on the
    waiting list. `wording` counts the wordings of the matter, `edition` those of its slip.
    """

    day: Day
    matter: str
    topic: str
    topic_words: Words
    wording: int
    ownership: str
    starts: str
    minutes: int
    waiting_at: str | None
    walk_in: bool
    live: bool
    edition: int
    arrived_at: str | None
    arrival: str | None
    ticket_id: int | None

    @property
    def visit_day_on(self) -> str:
        """The day as ISO text."""
        return self.day.actual_on.isoformat()

    @property
    def provisional(self) -> bool:
        """Whether the day may still change."""
        return self.day.provisional


def details(store: Store, case: Case) -> Booking:
    """Return what was booked."""
    return details_of(store, [case.id])[case.id]


def details_of(store: Store, ids: Sequence[int]) -> dict[int, Booking]:
    """Return what was booked in these cases, by their ids."""
    rows = store.rows(
        "SELECT booked.*, classes.name AS topic_zh, classes.name_en AS topic_en, coalesce(slots.starts, '') AS starts,"
        " coalesce(slots.minutes, 0) AS minutes FROM visit_day_bookings AS booked"
        " JOIN complaint_classes AS classes ON classes.code = topic"
        " LEFT JOIN visit_day_slots AS slots ON slots.case_id = booked.case_id WHERE booked.case_id IN"
        " (SELECT value FROM json_each(?))",
        [json.dumps(ids)],
    )
    days = {day_id: visit_days.by_id(store, day_id) for day_id in {row["visit_day_id"] for row in rows}}
    return {row["case_id"]: _from_row(row, days[row["visit_day_id"]]) for row in rows}


def _from_row(row: Row, day: Day) -> Booking:
    return Booking(
        day=day,
        matter=row["matter"],
        topic=row["topic"],
        topic_words=Words(row["topic_zh"], row["topic_en"]),
        wording=row["wording"],
        ownership=row["ownership"],
        starts=row["starts"],
        minutes=row["minutes"],
        waiting_at=row["waiting_at"],
        walk_in=bool(row["walk_in"]),
        live=bool(row["live"]),
        edition=row["edition"],
        arrived_at=row["arrived_at"],
        arrival=row["arrival"],
        ticket_id=row["ticket_id"],
    )


def signatures(state: str) -> Words:
    """Return the state of the signatures in the owner's words; empty once they are behind him."""
    if state in UNSIGNED:
        return UNDER_REVIEW
    if state in EXPECTED or state in BEFORE_MEETING:
        return ARRANGED
    return ELSEWHERE if state == "not_admitted" else Words("", "")
