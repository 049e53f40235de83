"""The attract screen: four lines of business, one tap a number; and the way back to it."""

import secrets

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from reception import lines, reprints, spooling, standing, visit_day
from reception.events import moment as moment_of
from web import live
from web.app import now, store
from web.languages import COOKIE, current_site

views = Blueprint("attract", __name__)

# The browser of the touch screen itself: nobody else is shown "/". Phones see the visitor's page instead.
AT_KIOSK = "at_kiosk"
SIZE = "size"


def new_nonce() -> str:
    """Return a nonce for one form on one showing of a page."""
    return secrets.token_urlsafe(16)


@views.get("/")
def home() -> ResponseReturnValue:
    """Show the lines, how many wait, and the next visit day."""
    response = make_response(render_template("attract.html", **_tiles(), **_printer(), site=current_site()))
    response.set_cookie(AT_KIOSK, "1", samesite="Strict", httponly=True)
    return response


@views.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Answer the tiles alone, for the live screen."""
    return render_template("_tiles.html", **_tiles())


@views.get("/printer")
def printer() -> ResponseReturnValue:
    """Answer how the printer is, for the live screen: nobody takes a number and waits at an empty slot."""
    return render_template("_printer.html", **_printer())


def _printer() -> dict[str, object]:
    found = spooling.ticket_printer(store(), current_site())
    trouble = found is not None and found.in_trouble
    return {"printer_trouble": trouble, "unprinted": reprints.tickets_without_paper(store()) if trouble else []}


def _tiles() -> dict[str, object]:
    hints = {
        "general": _("Payments, moving in, renovation, goods pass…"),
        "repair": _("At home or in shared areas"),
        "complaint": _("You get an answer by the time we agree"),
    }
    business, moment = lines.lines(store()), moment_of(store(), now())
    return {
        "lines": business,
        "places": {line.code: standing.newcomer(store(), line.code, now=moment) for line in business},
        "waiting": standing.waiting_counts(store()),
        "hints": hints,
        "visit_day": visit_day.upcoming(store(), now=now()),
        "hours": visit_day.HOURS,
        "nonce": new_nonce(),
    }


@views.get("/events")
def events() -> ResponseReturnValue:
    """Stream what the touch screen watches."""
    return live.answer("queue", "papers", "printers", "site")


@views.post("/reset")
def reset() -> ResponseReturnValue:
    """Forget the last visitor: language, size, and whatever the browser kept of the pages."""
    response = redirect("/", 303)
    response.delete_cookie(COOKIE)
    response.delete_cookie(SIZE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@views.post("/size")
def size() -> ResponseReturnValue:
    """Switch between ordinary and larger print (大字版)."""
    response = redirect("/", 303)
    if request.cookies.get(SIZE) == "large":
        response.delete_cookie(SIZE)
    else:
        response.set_cookie(SIZE, "large", samesite="Strict", httponly=True)
    return response


@views.app_context_processor
def _size() -> dict[str, bool]:
    return {"large": request.cookies.get(SIZE) == "large"}
