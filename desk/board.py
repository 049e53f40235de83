"""The board of repairs: what must happen next with each, at a glance, live."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import lists
from desk.session import actor
from reception import case_lists, repair_board, repair_facts
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


@views.post("/board/export")
def export() -> ResponseReturnValue:
    """Answer every card of the board as a spreadsheet."""
    facts = _facts(most=case_lists.MOST)
    rows = repair_board.rows(store(), facts["board"])
    return lists.workbook("board", _("Repairs board"), repair_board.columns(), rows, filters=facts["asked"])


def _facts(most: int | None = None) -> dict[str, Any]:
    asked = {name: request.values.get(name, "") for name in FILTERS}
    return {
        "board": repair_board.board(store(), **asked, most=most, by=actor(), now=now()),
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
    }
