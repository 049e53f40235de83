"""How the printers are, and which papers somebody must look at."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from db import spool
from desk.session import actor
from reception.permissions import permit
from web.app import store
from web.languages import current_site

views = Blueprint("printers", __name__)


@views.get("/printers")
def page() -> ResponseReturnValue:
    """Show every printer and the papers that wait or are in doubt."""
    permit(actor(), "see_printers")
    return render_template("printers.html", site=current_site(), **_facts())


@views.get("/printers/state")
def state() -> ResponseReturnValue:
    """Answer the same as a fragment, for the live screen."""
    permit(actor(), "see_printers")
    return render_template("_printers.html", **_facts())


def _facts() -> dict[str, object]:
    return {
        "printers": spool.printers(store()),
        "unsettled": spool.unsettled(store()),
        "doubtful": spool.doubtful(store()),
    }
