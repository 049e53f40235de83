"""The visit days at the desk: the year's list, the page of one, its notice for the wall, whom to tell of a change."""

from datetime import date, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms, lists
from desk.session import actor
from reception import (
    booking_changes,
    booking_days,
    booking_slips,
    events,
    feedback,
    visit_day_calendar,
    visit_day_lists,
)
from reception.permissions import permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.working_days import ONE_DAY
from reception.visit_day_lists import Listed
from reception.visit_day_shifts import CAUSES
from reception.visit_days import place
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("visit_days", __name__)

# Rooms of a day that other subjects open: (words, address below the day, the act that opens it). One line each.
ROOMS: list[tuple[Words, str, str]] = [
    (Words("预约登记", "Register of bookings"), "bookings", "see_bookings"),
    (Words("总结", "Summary"), "summary", "see_visit_summary"),
    (Words("问题督办", "Promises"), "promises", "see_visit_summary"),
]
# What happened to a day, as its history says it.
ACTS = {
    "visit_day_published": _l("announced"),
    "published_late": _l("announced late"),
    "visit_day_moved": _l("moved"),
    "summarise_visit_day": _l("summary written"),
    "prevent_common_issue": _l("something done against a common issue"),
    "correct_finding": _l("a finding put right"),
    "visit_day_fixed": _l("the date is fixed"),
    "room_not_held": _l("its room was taken by somebody else"),
    "visit_day_room": _l("given another room"),
    "visit_day_deputy": _l("who receives"),
    "visit_day_deputy_seen": _l("the deputy knows"),
}


@views.get("/visit-days")
def page() -> ResponseReturnValue:
    """Show the days of a year."""
    year = visit_day_lists.year_asked(store(), request.args.get("year", ""), now=now())
    return render_template(
        "visit_days.html",
        year=year,
        listed=visit_day_lists.of_year(store(), year, by=actor()),
        named=visit_day_lists.named(store(), year, by=actor(), now=now()),
        why=lambda day: visit_day_lists.why(store(), day),
        untold=len(booking_changes.untold(store(), by=actor())),
        **lists.shared(),
    )


@views.get("/visit-days/tell")
def to_tell() -> ResponseReturnValue:
    """Show the owners who do not know the last change of their booking."""
    found = visit_day_lists.to_tell(store(), by=actor())
    return render_template("visit_days_tell.html", found=found, channels=feedback.CHANNELS, **lists.shared())


@views.post("/visit-days/tell/<no>")
def tell(no: str) -> ResponseReturnValue:
    """Note that an owner was told."""
    text, channel = request.form.get("text", ""), request.form.get("channel", "")
    feedback.give(store(), no=no, about="progress", channel=channel, text=text, by=actor(), now=now())
    return forms.lead_to("/visit-days/tell")


@views.get("/visit-days/<day_id>")
def one(day_id: str) -> ResponseReturnValue:
    """Show a day."""
    found = _one(day_id)
    return render_template(
        "visit_day.html",
        one=found,
        day=found.day,
        rooms=ROOMS,
        place=place(current_site(), found.day),
        causes={code: CAUSES[code] for code in sorted(visit_day_calendar.BY_HAND)},
        late=visit_day_calendar.late(store(), found.day, at=_at()),
        to_come=visit_day_calendar.is_to_come(store(), found.day, at=_at()),
        deputies=visit_day_lists.deputies(store(), found.day.id),
        people=visit_day_lists.may_receive(store(), visit_day_calendar.DEPUTIES),
        asked=any(day.id == found.day.id for day in visit_day_lists.asked_of(store(), by=actor())),
        history=events.history(store(), "visit_day", found.day.id),
        acts=ACTS,
        **lists.shared(),
    )


@views.get("/visit-days/<day_id>/notice")
def notice(day_id: str) -> ResponseReturnValue:
    """Show the notice of a day, as it hangs on the wall."""
    found = _one(day_id)
    return render_template(
        "visit_day_notice.html",
        one=found,
        day=found.day,
        place=place(current_site(), found.day),
        weekday=booking_slips.weekday(found.day.actual_on),
        until=_until(found),
        issued=clock.local_day(_at(), current_site().zone),
        **lists.shared(),
    )


@views.post("/visit-days/<day_id>/publish")
def publish(day_id: str) -> ResponseReturnValue:
    """Announce a day."""
    form = forms.fields("reason")
    day = visit_day_calendar.publish(store(), day_id=_id(day_id), **form, by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{day.id}")


@views.post("/visit-days/<day_id>/move")
def move(day_id: str) -> ResponseReturnValue:
    """Move a day."""
    form = forms.fields("to", "cause", "reason")
    day = visit_day_calendar.move(store(), day_id=_id(day_id), **form, by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{day.id}")


@views.post("/visit-days/<day_id>/deputy")
def deputy(day_id: str) -> ResponseReturnValue:
    """Say who receives in the host's place."""
    form = forms.fields("staff_id", "reason")
    day = visit_day_calendar.name_deputy(store(), day_id=_id(day_id), **form, by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{day.id}")


@views.post("/visit-days/<day_id>/seen")
def seen(day_id: str) -> ResponseReturnValue:
    """Note that the deputy knows."""
    visit_day_calendar.seen(store(), day_id=_id(day_id), by=actor(), now=now())
    return forms.lead_to(f"/visit-days/{_id(day_id)}")


def _until(found: Listed) -> tuple[date, str]:
    """Return the last day to book and its hour; the end of a whole day is that day's."""
    until = booking_days.closes_at(store(), found.day)
    return (until.date(), f"{until:%H:%M}") if until.hour or until.minute else (until.date() - ONE_DAY, "24:00")


def _one(text: str) -> Listed:
    permit(actor(), "see_visit_days")
    return visit_day_lists.one(store(), _id(text), by=actor())


def _id(text: str) -> int:
    found = numbers.whole(text)
    if found is None:
        raise Refused("visit_day_unknown")
    return found


def _at() -> datetime:
    return events.moment(store(), now())
