"""The list of inspections at hand-over that are under way (房屋验收)."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from desk import lists
from desk.kinds import KINDS
from desk.session import actor
from reception import inspection_facts, inspection_lists
from web.app import now, store

views = Blueprint("inspection_lists", __name__)


@views.get("/inspections")
def page() -> ResponseReturnValue:
    """Show them by how they stand, the late ones first."""
    return render_template(
        "inspections.html",
        kinds=KINDS,
        states=inspection_facts.STATES,
        found=inspection_lists.under_way(store(), by=actor(), now=now()),
        **lists.shared(),
    )
