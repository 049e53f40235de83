"""The board of repairs: what must happen next with each, at a glance, live."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk.session import actor
from reception import repair_board, repair_facts
from web.app import now, store
from web.languages import current_site

views = Blueprint("board", __name__)
FILTERS = ("department", "worker", "category")


@views.get("/board")
def page() -> ResponseReturnValue:
    """Show the board."""
    return render_template("board.html", site=current_site(), categories=repair_facts.CATEGORIES, **_facts())


@views.get("/board/cards")
def cards() -> ResponseReturnValue:
    """Answer the columns, for the live screen."""
    return render_template("_board.html", **_facts())


def _facts() -> dict[str, Any]:
    asked = {name: request.args.get(name, "") for name in FILTERS}
    return {
        "board": repair_board.board(store(), **asked, by=actor(), now=now()),
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
