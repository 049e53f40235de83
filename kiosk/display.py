"""The call display: who is called where, shown and spoken; readable from eight metres, never a name."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from kiosk import voice
from reception import (
    calls,
    events,
    lines,
    notices,
    opening,
    self_tests,
    session_view,
    standing,
    tickets,
    visit_day_session,
    visit_days,
)
from reception.permissions import KIOSK
from reception.rules import clock, hours, numbers
from reception.rules.announcement import announcement
from reception.rules.volume import volume_at
from reception.visit_days import Day
from web import live
from web.app import now, store
from web.lan import from_lan, source
from web.languages import current_site

views = Blueprint("display", __name__)


@views.get("/display")
def display() -> ResponseReturnValue:
    """Show the whole screen; `?lines=repair,general` shows and speaks those lines alone."""
    return render_template("display.html", site=current_site(), **_facts())


@views.get("/display/room")
def room() -> ResponseReturnValue:
    """Show the session of the visit day before its room: who is in, who is next and when; numbers alone (K3, 14)."""
    return render_template("room.html", site=current_site(), **_room_facts())


@views.get("/display/room/now")
def room_now() -> ResponseReturnValue:
    """Answer the same alone, for the live screen."""
    return render_template("_room.html", site=current_site(), **_room_facts())


@views.get("/display/calls")
def current() -> ResponseReturnValue:
    """Answer the calls alone, for the live screen."""
    return render_template("_calls.html", site=current_site(), **_facts())


@views.get("/display/events")
def stream() -> ResponseReturnValue:
    """Stream what the display watches."""
    places = live.MAX_LAN_STREAMS if from_lan() else live.MAX_STREAMS
    return live.answer("queue", "self_test", "site", "faults", places=places, who=source())


@views.get("/display/since")
def since() -> ResponseReturnValue:
    """Answer, as JSON, what is to be spoken after the call that the display spoke last, and how loud (0 to 1).

    Without `after` it answers where a display that begins now stands: it says nothing of earlier calls.
    """
    site, text = current_site(), request.args.get("after", "")
    last = calls.last_id(store())
    asked = numbers.whole(text)
    after = last if asked is None else asked
    local = events.moment(store(), now()).astimezone(site.zone)
    found = calls.since(store(), min(after, last), _lines())
    return jsonify(
        last=last,
        volume=volume_at(site.voice_volume, hours.minute_of(local)),
        calls=[{"id": call.id, "no": call.ticket_no, "sound": f"/display/voice/{call.id}.wav"} for call in found],
    )


@views.get("/display/voice/<int(max=999999999999999):call_id>.wav")
def spoken(call_id: int) -> ResponseReturnValue:
    """Answer a call as sound; 404 when there is no such call, or a clip is missing."""
    call = calls.find(store(), call_id)
    if call is None:
        abort(404)
    return _sound(call.ticket_no, call.place.zh, call.place.en)


@views.get("/display/voice/test.wav")
def test_sound() -> ResponseReturnValue:
    """Answer the sound of the self-test: a number that nobody has, to the first counter."""
    first, place = lines.lines(store())[:1], lines.counters(store())[:1]
    if not first or not place:
        abort(404)
    return _sound(f"{first[0].prefix}888", place[0].name.zh, place[0].name.en)


def _sound(ticket_no: str, place: str, place_en: str) -> Response:
    site = current_site()
    said = announcement(ticket_no, place, place_en, template_zh=site.voice_zh, template_en=site.voice_en)
    sound = voice.spoken_wav(voice.folders(store().path.parent), said)
    if sound is None:
        abort(404)
    return Response(sound, mimetype="audio/wav")


@views.post("/display/shown")
def shown() -> ResponseReturnValue:
    """Hear from a display that it shows the running self-test, and whether it can speak."""
    form = request.form
    self_tests.shown(
        store(),
        test_id=form.get("test", ""),
        display=form.get("display", ""),
        voice=form.get("voice", "missing"),
        by=KIOSK,
        now=now(),
    )
    return "", 204


def _lines() -> set[str]:
    """Return the lines that this display is for: those named, else all; who is received in private, or on the visit
    day, on every one."""
    guests = lines.guest_line(store()).code
    # Before the room of the visit day its own guests alone are called.
    if request.args.get("room") == "1":
        return {guests}
    every = {line.code for line in lines.lines(store())}
    chosen = every & set(request.args.get("lines", "").split(",")) or every
    return chosen | {line.code for line in lines.in_private(store())} | {guests}


def _received_today(today: date) -> Day | None:
    """Return the visit day of this day while it is not over: whoever came for it does not read the next one's date."""
    day = visit_days.on(store(), today)
    return None if day is None or day.over else day


def _room_facts() -> dict[str, Any]:
    moment, zone = events.moment(store(), now()), current_site().zone
    day = _received_today(clock.local_day(moment, zone))
    return {
        "room": lines.session_room(store()),
        "day": day,
        "board": None if day is None else session_view.board(store(), day, now=now()),
        "ticket": visit_day_session.in_room(store()),
        "coming": visit_days.upcoming(store(), now=moment),
        "zone": zone,
        "self_test": self_tests.showing(store(), now()),
    }


def _facts() -> dict[str, Any]:
    moment, chosen = events.moment(store(), now()), _lines()
    business = [line for line in lines.lines(store()) if line.code in chosen]
    shown = [ticket for ticket in tickets.current(store()) if ticket.line in chosen]
    today = moment.astimezone(current_site().zone).date()
    told = notices.today_s(store(), today)
    return {
        "self_test": self_tests.showing(store(), now()),
        "calls": shown,
        # Whom a head received is on the wall while he is called, and no longer.
        "recent": calls.recent(store(), {line.code for line in business}),
        "counters": {ticket.counter: lines.name_of_counter(store(), ticket.counter) for ticket in shown},
        "lines": business,
        "waiting": standing.waiting_counts(store()),
        "places": standing.newcomers(store(), [line.code for line in business], now=moment),
        "missed": [
            ticket for ticket in tickets.set_aside(store()) if ticket.state == "missed" and ticket.line in chosen
        ][-4:],
        # Below the calls there is room for two, in their place for four: with every minute those that follow.
        "told_now": notices.in_turn(told, 2 if shown else 4, int(moment.timestamp()) // 60),
        "opening": opening.opening(store(), now=moment),
        "visit_day": visit_days.upcoming(store(), now=moment),
        "today": _received_today(today),
        "query": f"?lines={','.join(sorted(chosen))}" if request.args.get("lines") else "",
    }
