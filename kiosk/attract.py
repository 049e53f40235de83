"""The attract screen: the lines, one tap a number; outside the hours the closed screen; and the way back to it."""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue

from kiosk.notices import told_today
from kiosk.screen import AT_KIOSK, SIZE, is_large, keep_choices, new_nonce, take_choices
from reception import (
    events,
    lines,
    opening,
    price_list,
    repair_facts,
    reprints,
    rings,
    spooling,
    standing,
    visit_days,
)
from reception.permissions import KIOSK
from web import live
from web.app import now, store
from web.languages import COOKIE, current_site, own_path

views = Blueprint("attract", __name__)


@views.get("/")
def home() -> ResponseReturnValue:
    """Show the lines with their waits, the notices, the next visit day; or when the centre opens again."""
    facts = _tiles() | _printer() | {"notices": told_today()}
    template = "attract.html" if facts["opening"].is_open else "closed.html"
    response = make_response(render_template(template, site=current_site(), **facts))
    response.set_cookie(AT_KIOSK, "1", samesite="Strict", httponly=True)
    return response


@views.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Answer the tiles alone, for the live screen; while closed, when we open."""
    facts = _tiles()
    template = "_tiles.html" if facts["opening"].is_open else "_closed.html"
    return render_template(template, site=current_site(), **facts)


@views.get("/printer")
def printer() -> ResponseReturnValue:
    """Answer how the printer is, for the live screen: nobody takes a number and waits at an empty slot."""
    return render_template("_printer.html", **_printer())


@views.get("/about")
def about() -> ResponseReturnValue:
    """Show where things are, and the opening hours."""
    return render_template(
        "about.html",
        site=current_site(),
        opening=opening.opening(store(), now=now()),
        week=opening.week(store(), now=now()),
        has_map=_map().is_file(),
        visit_day=visit_days.upcoming(store(), now=now()),
    )


@views.get("/prices")
def prices() -> ResponseReturnValue:
    """Show the published prices of paid work, a category at a time: nobody has to scroll."""
    found = price_list.by_category(store(), list(repair_facts.CATEGORIES))
    chosen = request.args.get("category", "")
    return render_template(
        "prices.html",
        site=current_site(),
        prices=found,
        chosen=chosen if chosen in found else next(iter(found), ""),
        categories=repair_facts.CATEGORIES,
    )


@views.get("/map.png")
def floor_plan() -> ResponseReturnValue:
    """Answer the centre's plan, as it lies beside the store."""
    if not _map().is_file():
        abort(404)
    return send_file(_map().resolve(), mimetype="image/png", max_age=300)


def _map() -> Path:
    return store().path.parent / "map.png"


@views.post("/help")
def help_wanted() -> ResponseReturnValue:
    """Ring at the desks for somebody who needs help."""
    rings.ring_for_help(store(), by=KIOSK, now=now())
    if request.headers.get("HX-Request") == "true":
        return render_template("_help.html", **_help(pressed=True))
    return redirect("/", 303)


@views.get("/help")
def help_state() -> ResponseReturnValue:
    """Answer whether somebody is coming, for the live screen."""
    return render_template("_help.html", **_help(pressed=request.args.get("pressed") == "1"))


def _help(*, pressed: bool) -> dict[str, object]:
    wanted = [ring for ring in rings.waiting(store()) if not ring.danger]
    unanswered = bool(wanted) and rings.unanswered(wanted[0], now=events.moment(store(), now()))
    return {"site": current_site(), "pressed": pressed, "wanted": bool(wanted), "unanswered": unanswered}


def _printer() -> dict[str, Any]:
    found = spooling.ticket_printer(store(), current_site())
    trouble = found is not None and found.in_trouble
    return {"printer_trouble": trouble, "unprinted": reprints.tickets_without_paper(store()) if trouble else []}


def _tiles() -> dict[str, Any]:
    business, moment = lines.lines(store()), events.moment(store(), now())
    return {
        "lines": business,
        "places": standing.newcomers(store(), [line.code for line in business], now=moment),
        "opening": opening.opening(store(), now=moment),
        "visit_day": visit_days.upcoming(store(), now=moment),
        "nonce": new_nonce(),
    }


@views.get("/events")
def stream() -> ResponseReturnValue:
    """Stream what the touch screen watches."""
    return live.answer("queue", "papers", "printers", "site", "rings", "faults", "cases")


@views.post("/reset")
def reset() -> ResponseReturnValue:
    """Forget the last visitor: language, size, and whatever the browser kept of the pages."""
    response = redirect("/", 303)
    response.delete_cookie(COOKIE)
    response.delete_cookie(SIZE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@views.post("/show")
def show() -> ResponseReturnValue:
    """Show the page one is on in the other language or size; a page with something entered has its own way."""
    take_choices()
    return keep_choices(make_response(redirect(own_path(request.form.get("back", "/")), 303)))


@views.app_context_processor
def _shared() -> dict[str, object]:
    return {"large": is_large(), "help_facts": lambda: _help(pressed=False)}
