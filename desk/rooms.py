"""会议室使用、预定一览表: the rooms of a day and of a week, booking, moving, giving back; and the visit day's own."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from reception import events, room_table, rooms, staff, visit_day_rooms
from reception.permissions import FRONT, may, permit
from reception.rooms import Booking
from reception.rules import clock, hours, room_times
from reception.visit_days import Day
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("rooms", __name__)
STATES = {
    "booked": Words("已预定", "Booked"),
    "used": Words("已使用", "Used"),
    "cancelled": Words("已取消", "Cancelled"),
}
ACTS = {
    "room_booked": _l("room booked"),
    "room_changed": _l("another room or time"),
    "room_cancelled": _l("room given back"),
    "room_used": _l("room used"),
    "room_held": _l("held for the visit day"),
}


@views.get("/rooms")
def page() -> ResponseReturnValue:
    """Show the rooms of a day, hour by hour."""
    return render_template("rooms.html", **_of_day())


@views.get("/rooms/list")
def listing() -> ResponseReturnValue:
    """Answer the table of a day alone, for the live screen."""
    return render_template("_rooms.html", **_of_day())


@views.get("/rooms/week")
def week() -> ResponseReturnValue:
    """Show the rooms of a week: this is what is printed and hung up."""
    return render_template("rooms_week.html", **_of_week())


@views.get("/rooms/week/list")
def week_listing() -> ResponseReturnValue:
    """Answer the table of the week alone, for the live screen."""
    return render_template("_rooms_week.html", **_of_week())


def _of_day() -> dict[str, Any]:
    on = room_table.chosen_day(store(), request.args.get("day", ""), now=now())
    table = room_table.day_table(store(), on, by=actor())
    listed = [one for _room, row in table.rows for _stretch, one in row if one is not None]
    return {
        "table": table,
        # Once more in words: the narrowest part of the table has no place for any.
        "listed": sorted(listed, key=lambda one: one.from_at),
        "states": STATES,
        "passed": _passed(on),
        **_shared(on, 1),
    }


def _passed(on: date) -> int:
    """Return how many minutes of a day are over."""
    local = events.moment(store(), now()).astimezone(current_site().zone)
    return hours.minute_of(local) if on == local.date() else 0 if on > local.date() else room_times.DAY


def _of_week() -> dict[str, Any]:
    on = room_table.chosen_day(store(), request.args.get("day", ""), now=now())
    return {"table": room_table.week_table(store(), on, by=actor()), **_shared(on, room_table.WEEK)}


def _shared(on: date, step: int) -> dict[str, Any]:
    return {
        "site": current_site(),
        "on": on,
        "around": (on - timedelta(days=step), on + timedelta(days=step)),
        "today": room_table.chosen_day(store(), "", now=now()),
        "conflicts": room_table.conflicts(store(), by=actor(), now=now()),
        "written": room_times.written,
    }


@views.get("/rooms/new")
def new() -> ResponseReturnValue:
    """Show the form; the place of the table that was pressed is filled in."""
    permit(actor(), "book_room")
    on = room_table.chosen_day(store(), request.args.get("day", ""), now=now())
    begin = _pressed(request.args.get("from", ""), on)
    return render_template(
        "room_new.html",
        on=on,
        begin=room_times.written(begin),
        end=room_times.written((begin + room_times.HOUR) % room_times.DAY),
        room=request.args.get("room", ""),
        **_choices(),
        **forms.blank(),
    )


def _pressed(text: str, on: date) -> int:
    """Return the time that was pressed; without one the next quarter, or nine o'clock of another day."""
    try:
        return room_times.parse(text) % room_times.DAY
    except ValueError:
        ahead = -(-_passed(on) // room_times.QUARTER) * room_times.QUARTER
        return ahead % room_times.DAY or 9 * room_times.HOUR


def _choices() -> dict[str, Any]:
    return {"rooms": room_table.all_rooms(store()), "holders": staff.active(store(), rooms.HOLDERS)}


@views.post("/rooms")
def book() -> ResponseReturnValue:
    """Book a room, and show its day."""
    form = forms.fields("nonce", "room", "day", "to", "purpose", "holder")
    booked = rooms.book(store(), **form, from_=request.form.get("from", ""), by=actor(), now=now())
    return forms.lead_to(f"/rooms?day={_day(booked)}")


@views.get("/rooms/<int(max=999999999999999):room_booking>")
def one(room_booking: int) -> ResponseReturnValue:
    """Show a booking, and what may be done with it."""
    found = rooms.find(store(), room_booking, by=actor())
    moment = clock.to_text(events.moment(store(), now()))
    mine = may(actor(), "book_room") and rooms.may_touch(found, actor())
    return render_template(
        "room_booking.html",
        one=found,
        day=_day(found),
        runs=found.state == "booked" and found.to_at > moment,
        begun=found.from_at <= moment,
        mine=mine,
        front=actor().role in FRONT,
        state=STATES[found.state],
        free=room_table.free_rooms(store(), found.from_at, found.to_at),
        history=events.history(store(), "room", found.id),
        site=current_site(),
        **_choices(),
    )


@views.post("/rooms/<int(max=999999999999999):room_booking>/change")
def change(room_booking: int) -> ResponseReturnValue:
    """Move a meeting to another room or time, and show its day."""
    form, begin = forms.fields("was", "room", "day", "to"), request.form.get("from", "")
    moved = rooms.change(store(), booking_id=room_booking, **form, from_=begin, by=actor(), now=now())
    return forms.lead_to(f"/rooms?day={_day(moved)}")


@views.post("/rooms/<int(max=999999999999999):room_booking>/cancel")
def cancel(room_booking: int) -> ResponseReturnValue:
    """Give a room back."""
    reason = request.form.get("reason", "")
    given_back = rooms.cancel(store(), booking_id=room_booking, reason=reason, by=actor(), now=now())
    return forms.lead_to(f"/rooms?day={_day(given_back)}")


@views.post("/rooms/<int(max=999999999999999):room_booking>/end")
def end(room_booking: int) -> ResponseReturnValue:
    """Mark a room as used; it is free from now on."""
    used = rooms.end(store(), booking_id=room_booking, by=actor(), now=now())
    return forms.lead_to(f"/rooms?day={_day(used)}")


@views.post("/rooms/visit-days/<int(max=999999999999999):visit_day_id>")
def give_visit_day(visit_day_id: int) -> ResponseReturnValue:
    """Give a visit day another room, and show its day."""
    room = request.form.get("room", "")
    moved = visit_day_rooms.give(store(), day_id=visit_day_id, room=room, by=actor(), now=now())
    return forms.lead_to(f"/rooms?day={moved.actual_on.isoformat()}")


def _day(booked: Booking) -> str:
    zone = current_site().zone
    return clock.local_day(clock.from_text(booked.from_at), zone).isoformat()


@views.app_template_global()
def room_conflict(day: Day) -> room_table.Conflict | None:
    """Return who has the room of a visit day, for the day's own page; None where it is its own."""
    return room_table.conflict_of(store(), day.id, by=actor(), now=now()) if may(actor(), "see_rooms") else None


@views.app_template_filter()
def room_day(text: str) -> str:
    """Return the day of the site of a UTC text, as forms hold it: `2026-12-04`."""
    return clock.local_day(clock.from_text(text), current_site().zone).isoformat()


@views.app_template_filter()
def room_act(what: str) -> str:
    """Return an act of a booking's history in the reader's language."""
    return str(ACTS[what])
