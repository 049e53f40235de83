"""The day's checklists (开门检查、关门检查): shown, ticked, passed over; and the strip that reminds of them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor
from reception import closing, day_checks, events, log_notes, self_tests
from reception.permissions import permit
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("day_checks", __name__)


@views.get("/day/<part>")
def page(part: str) -> ResponseReturnValue:
    """Show a list of today with what stands open."""
    checks = day_checks.checklist(store(), part, by=actor(), now=now())
    return render_template(
        "checklist.html",
        site=current_site(),
        part=part,
        parts=day_checks.PARTS,
        checks=checks,
        today=closing.today(store(), now=now()),
        moment=clock.to_text(events.moment(store(), now())),
        self_test=self_tests.latest(store(), now()),
    )


@views.post("/day/<part>/<item>")
def tick(part: str, item: str) -> ResponseReturnValue:
    """Tick a point, or pass over it with a reason."""
    day_checks.tick(store(), part=part, item=item, **forms.fields("skip", "reason"), by=actor(), now=now())
    return forms.lead_to(f"/day/{part}")


@views.get("/day-strip")
def strip() -> ResponseReturnValue:
    """Answer the strip of the desk's first page, for the live screen."""
    permit(actor(), "check_day")
    return render_template("_day_strip.html")


@views.app_context_processor
def _strip() -> dict[str, object]:
    return {"day_strip": _facts}


def _facts() -> dict[str, int]:
    """Return what the strip tells: points of the opening list that nobody saw to, and notes not read."""
    return {
        "open": day_checks.still_open(store(), day_checks.OPENING, now=now()),
        "notes": len(log_notes.unread(store(), by=actor(), now=now())),
    }
