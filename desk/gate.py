"""The gate on the guard's phone: the passes of today, one pass by its code, and out it goes or not."""

import secrets

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import work_door
from desk.forms import fields
from reception import release_gate, tour_lists
from web.app import now, store
from web.languages import current_site

views = Blueprint("gate", __name__)


@views.app_template_global()
def keeps_gate() -> bool:
    """Tell whether the worker whose phone it is stands at the gate."""
    worker = work_door.worker()
    return worker is not None and release_gate.keeps_gate(store(), worker)


@views.get("/work/gate")
def passes() -> ResponseReturnValue:
    """Show the passes that are good today, those still to come first."""
    by, at = work_door.actor(), now()
    found = release_gate.of_today(store(), by=by, now=at)
    tours = tour_lists.at_gate(store(), by=by, now=at)
    response = make_response(render_template("gate_day.html", passes=found, tours=tours, site=current_site()))
    # The page looks again by itself: unchanged, it costs nothing on a thin line.
    response.headers["Cache-Control"] = "no-store"
    response.add_etag()
    return response.make_conditional(request)


@views.get("/work/gate/<token>")
def one(token: str) -> ResponseReturnValue:
    """Show one pass with its lines to tick."""
    opened = release_gate.opened(store(), token, by=work_door.actor(), now=now())
    return render_template(
        "gate_pass.html",
        opened=opened,
        case=opened.case,
        found=opened.found,
        just=request.args.get("done") == "out" and opened.found.out_at is not None,
        nonces={act: secrets.token_urlsafe(16) for act in ("out", "back")},
        site=current_site(),
    )


@views.post("/work/gate/<token>/out")
def let_out(token: str) -> ResponseReturnValue:
    """The goods fit, and leave."""
    release_gate.let_out(
        store(),
        code=token,
        went=request.form.getlist("went"),
        **fields("nonce", "rest"),
        by=work_door.actor(),
        now=now(),
    )
    # He just pressed, and the goods go: whoever scans the pass after that reads that they are gone.
    return redirect(f"/work/gate/{token}?done=out", 303)


@views.post("/work/gate/<token>/back")
def turn_back(token: str) -> ResponseReturnValue:
    """The goods differ, and do not leave."""
    release_gate.turn_back(store(), code=token, **fields("nonce", "reason"), by=work_door.actor(), now=now())
    return redirect(f"/work/gate/{token}", 303)
