"""The list of cases: tabs by kind, filters in the address, fifty a page; a home is none of them: /homes asks for it."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import lists
from desk.kinds import KINDS
from desk.session import actor
from reception import case_filters, case_lists, cases, departments, repair_facts, staff, work_orders
from reception.permissions import Actor, Role
from reception.refusal import Refused
from web.app import now, store

views = Blueprint("case_list", __name__)
HOLDERS = tuple(
    role for role in Role if role not in {Role.WORKER, Role.ADMINISTRATOR, Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}
)


@views.get("/cases")
def page() -> ResponseReturnValue:
    """List the cases that the address asks for."""
    wanted = case_filters.parse(store(), request.args.to_dict(flat=False))
    listed = case_lists.found(store(), wanted, page=_number(request.args.get("page", "1")), by=actor(), now=now())
    return render_template(
        "cases.html",
        kinds=KINDS,
        chosen=KINDS.get(wanted.kind),
        counts=cases.open_counts(store(), by=actor()),
        wanted=wanted,
        listed=listed,
        address=address,
        asked=[
            (name, value) for name, values in request.args.lists() if name in case_filters.FIELDS for value in values
        ],
        **_choices(wanted.kind, actor()),
        **lists.shared(),
    )


@views.post("/cases/export")
def export() -> ResponseReturnValue:
    """Answer every case of the list as a spreadsheet, each as the screen shows it to this reader."""
    wanted = case_filters.parse(store(), request.form.to_dict(flat=False))
    listed = case_lists.everything(store(), wanted, by=actor(), now=now())
    asked = {name: ",".join(values) for name, values in request.form.lists() if name in case_filters.FIELDS}
    rows = case_lists.rows(store(), listed)
    return lists.workbook("cases", _("All cases"), case_lists.columns(), rows, filters=asked)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 7):
        raise Refused("number_invalid")
    return int(text)


def address(**changes: Any) -> str:
    """Return the address of this list with some of its filters changed; an empty one is left out."""
    asked = {name: values for name, values in request.args.lists() if name in case_filters.FIELDS}
    asked |= {name: [value] for name, value in changes.items()}
    kept = [(name, value) for name, values in asked.items() for value in values if value]
    return f"/cases?{urlencode(kept)}" if kept else "/cases"


def _choices(kind: str, by: Actor) -> dict[str, Any]:
    """Return what the filters offer, within the reader's reach."""
    own = by.department if by.role in cases.OF_OWN_DEPARTMENT else ""
    return {
        "scopes": case_filters.SCOPES,
        "sorts": case_filters.SORTS,
        "states": KINDS[kind].kind.states if kind else {},
        "categories": case_filters.categories(store(), kind),
        "urgencies": repair_facts.URGENCIES if kind == repair_facts.KIND else {},
        "liabilities": repair_facts.LIABILITIES if kind == repair_facts.KIND else {},
        "sources": repair_facts.SOURCES,
        "departments": dict(departments.all_of_them(store())) if not own else {},
        "owners": dict(staff.active(store(), HOLDERS, own)),
        "workers": dict(work_orders.workers(store(), own)) if kind == repair_facts.KIND else {},
    }
