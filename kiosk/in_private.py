"""关于工作人员: whoever complains of one of us chooses which head hears him; nobody else calls that number."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from kiosk.screen import new_nonce
from reception import events, lines, opening
from web.app import now, store
from web.languages import current_site

views = Blueprint("in_private", __name__)


@views.get("/in-private")
def choose() -> ResponseReturnValue:
    """Show by whom one may be heard."""
    moment = events.moment(store(), now())
    return render_template(
        "in_private.html",
        site=current_site(),
        lines=lines.in_private(store()),
        opening=opening.opening(store(), now=moment),
        nonce=new_nonce(),
    )
