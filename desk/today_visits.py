"""Groups of 今日待办 that are about visitors: who is expected, and special receptions for those let in to them."""

from datetime import datetime

from desk.today_tasks import MOST, Found, Task
from reception import appointment_day, booking_facts, events, incident_facts, room_table, visit_day_session
from reception.permissions import FRONT, Actor, may
from reception.rules import clock
from reception.wording import Words
from web.app import store
from web.languages import words

# Of a date that may still change.
PROVISIONAL = Words("（暂定）", "(provisional)")


def expected(by: Actor, at: datetime) -> Found:
    """Who is still to come today: at the desk everybody, elsewhere the reader's own, also who is here and waits."""
    front = by.role in FRONT
    today = appointment_day.day(store(), "", now=at)
    listed = [
        one
        for one in appointment_day.of_day(store(), today, mine=not front, by=by, now=at)
        if one.to_come or (one.state == "arrived" and not front)
    ]
    tasks = [
        Task(
            one.no,
            f"/cases/{one.no}",
            one.state_words if one.state == "arrived" else Words(one.purpose, one.purpose),
            one.name,
            one.host_name if front else "",
            one.expected_at,
            one.late or one.state == "arrived",
        )
        for one in listed[:MOST]
    ]
    return Found(tasks, len(listed))


def left_over(by: Actor, at: datetime) -> Found:
    """Whom a visit day that is over left behind: each gets another day, or a department."""
    listed = visit_day_session.left_over(store(), by=by)
    tasks = [
        Task(
            one.no,
            f"/session/guest/{one.no}" if one.state == "checked_in" else f"/cases/{one.no}",
            booking_facts.STATES[one.state],
            one.day_on,
            loud=True,
        )
        for one in listed[:MOST]
    ]
    return Found(tasks, len(listed))


def received_apart(by: Actor, at: datetime) -> Found:
    """Special receptions that are not over, for those let in; a filed record waits for whoever puts it away.

    No number, no name of a visitor: whoever looks over a shoulder reads nothing, and it leads to the list.
    """
    moment = clock.to_text(events.moment(store(), at))
    over = {"archived", "withdrawn"} | (set() if may(by, "archive_incident") else {"reported"})
    listed = [one for one in incident_facts.listed(store(), by=by) if one.state not in over]
    tasks = [
        Task(
            "",
            "/special",
            one.state_words,
            "",
            one.receiver or one.holder,
            None if one.reported_at else one.due_at or None,
            one.state == "open" or (not one.reported_at and "" < one.due_at < moment),
        )
        for one in listed[:MOST]
    ]
    return Found(tasks, len(listed))


def without_room(by: Actor, at: datetime) -> Found:
    """Visit days whose room somebody else has: it leads to the presses that solve it."""
    found = room_table.conflicts(store(), by=by, now=at)
    tasks = [
        Task(
            one.day.actual_on.isoformat(),
            f"/rooms?day={one.day.actual_on.isoformat()}",
            Words(booked.purpose, booked.purpose),
            f"{words(one.day.room_name)} {words(PROVISIONAL)}" if one.day.provisional else words(one.day.room_name),
            booked.holder_name,
            loud=True,
        )
        for one in found
        for booked, _moves in one.in_the_way[:1]
    ]
    return Found(tasks[:MOST], len(found))
