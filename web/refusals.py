"""Refusals: every code in a sentence of the reader's language, every error as a page that says what to do."""

import sqlite3

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from db.store import is_trouble
from reception.refusal import Refused
from web import problems, refused_counts
from web.sentences import SENTENCES
from web.statuses import STATUS

# Where a fragment shows a refusal: the page's own line, or that of the window over it.
PLACES = {"refusal", "call-refusal", "lock-refusal"}


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and trouble of the store with a page, or with a fragment to htmx."""
    app.extensions["refused"] = refused_counts.Counts()
    app.add_template_filter(sentence)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(sqlite3.Error, troubled)


def sentence(code: str) -> str:
    """Return the sentence for a code."""
    return str(SENTENCES[code])


def refused(error: Refused) -> ResponseReturnValue:
    """Answer an act that could not be done: a sentence, a 4xx, and `data-refused` for programs."""
    first = sentence(error.code)
    said = " ".join((first % error.said if error.said else first, *(sentence(code) for code in error.also)))
    return _answer(error.code, said, STATUS.get(error.code, 422))


def failed(error: HTTPException) -> ResponseReturnValue:
    """Answer Flask's own errors in the reader's language."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    if problems.asked():
        return _to_a_program(f"http_{status}", status, error)
    say = {
        403: _("This request did not come from this screen, and was not carried out."),
        404: _("There is nothing at this address."),
        405: _("This cannot be done this way."),
        413: _("That is too much at once."),
        421: _("This box is not at that address."),
        429: _("Too many screens are watching. This one will look again by itself."),
    }.get(status, _("The request could not be understood.") if status < 500 else _("Something went wrong here."))
    return _answer(f"http_{status}", say, status)


def troubled(error: sqlite3.Error) -> ResponseReturnValue:
    """Answer trouble of the box with a 503: nothing was written. A defect of ours stays a defect."""
    if not is_trouble(error):
        raise error
    current_app.logger.error("store: %s", getattr(error, "sqlite_errorname", "unavailable"))
    return _answer("store_trouble", _("The service is busy for a moment. Nothing was lost; please try again."), 503)


def count(code: str) -> None:
    """Count a refusal of this request, for the audit log."""
    extensions = current_app.extensions
    counts: refused_counts.Counts = extensions["refused"]
    counts.note(refused_counts.key(code), extensions["clock"]())


def _answer(code: str, say: str, status: int) -> ResponseReturnValue:
    if problems.asked():
        return _to_a_program(code, status)
    if status in refused_counts.COUNTED:
        count(code)
    if request.headers.get("HX-Request") == "true":
        # A window over the page has a place of its own for what it refuses.
        asked = request.headers.get("X-Refusal-At", "")
        place = asked if asked in PLACES else "refusal"
        response = make_response(render_template("_refusal.html", code=code, sentence=say, place=place), status)
        response.headers["HX-Retarget"] = f"#{place}"
        response.headers["HX-Reswap"] = "outerHTML"
        # A form that takes a part out of its answer takes this one, too.
        response.headers["HX-Reselect"] = f"#{place}"
        return response
    return render_template("refused.html", code=code, sentence=say), status


def _to_a_program(code: str, status: int, error: HTTPException | None = None) -> ResponseReturnValue:
    if status in refused_counts.COUNTED:
        count(code)
    # What may be done here instead, and when to come back.
    told = dict(error.get_headers()) if error is not None else {}
    kept: dict[str, str] = {name: told[name] for name in ("Allow", "Retry-After") if name in told}
    return problems.answer(code, status, headers=kept)
