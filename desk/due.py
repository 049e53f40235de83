"""Due lists (时限) at the desk: mine, my department's, what was handed up to me; and a deadline changed."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.kinds import KINDS
from desk.session import actor
from reception import case_clocks, case_lists, cases, departments, due, events, supervision_lists
from reception.permissions import Actor, may, permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("due", __name__)

SHOWN = ("mine", "department", "escalated", "all")
# What concerns the reader himself is counted on its tab, whatever he looks at.
COUNTED = ("mine", "escalated")


@views.get("/due")
def page() -> ResponseReturnValue:
    """Show the running clocks, soonest first."""
    return render_template("due.html", site=current_site(), **_facts())


@views.get("/due/list")
def listing() -> ResponseReturnValue:
    """Answer the list, for the live screen."""
    return render_template("_due.html", **_facts())


@views.post("/due/export")
def export() -> ResponseReturnValue:
    """Answer the list that the screen shows as a spreadsheet."""
    facts = _facts(most=case_lists.MOST)
    return lists.workbook(
        "due", _("Deadlines"), due.columns(), due.rows(store(), facts["found"]), filters=facts["filters"]
    )


@views.get("/due/count")
def count() -> ResponseReturnValue:
    """Answer how many are overdue, for the live head of every screen."""
    permit(actor(), "see_due")
    return render_template("_due_count.html")


@views.post("/cases/<no>/deadline")
def change(no: str) -> ResponseReturnValue:
    """Set another deadline, with the reason."""
    typed = forms.fields("clock", "due_at", "reason", "was")
    case_clocks.change(store(), no=no, **typed, by=actor(), now=now())
    return forms.lead_to(f"/cases/{no}")


@views.app_context_processor
def _badge() -> dict[str, object]:
    return {
        "overdue": lambda: due.overdue_count(store(), by=actor(), now=now()),
        "sent_back": lambda: due.returned_count(store(), by=actor()),
    }


def _facts(*, most: int = due.PAGE) -> dict[str, Any]:
    by = actor()
    permit(by, "see_due")
    everywhere = by.role not in cases.OF_OWN_DEPARTMENT
    asked = {name: request.values.get(name, "") for name in ("show", "department", "person")}
    show = asked["show"] if asked["show"] in SHOWN and (everywhere or asked["show"] != "all") else _usual(by)
    known = departments.all_of_them(store()) if everywhere else []
    people = due.people_of(store(), by=by)
    department = next((code for code, _ in known if show == "all" and code == asked["department"]), None)
    person = next((id_ for id_, _ in people if show != "mine" and str(id_) == asked["person"]), None)
    found = _list(by, show, department, person, most)
    supervised = {one: supervision_lists.pressing(store(), show=one, by=by, now=now()) for one in {*COUNTED, show}}
    return {
        "show": show,
        "tabs": [one for one in SHOWN if everywhere or one != "all"],
        "counts": {
            one: len(found if one == show else _list(by, one, None, None)) + len(supervised[one])
            for one in {*COUNTED, show}
        },
        "found": found,
        "filters": {"show": show, "department": department or "", "person": str(person or "")},
        "departments": known,
        "people": people,
        "kinds": KINDS,
        "supervised": supervised[show],
        "clock_behind": events.clock_is_behind(store(), now()),
    }


def _usual(by: Actor) -> str:
    """Return what a reader looks at first: a head all that is his to see, others their own."""
    if not may(by, "change_deadline"):
        return "mine"
    return "department" if by.role in cases.OF_OWN_DEPARTMENT else "all"


def _list(by: Actor, show: str, department: str | None, person: int | None, most: int = due.PAGE) -> list[due.Due]:
    return due.due_list(
        store(),
        by=by,
        now=now(),
        department=by.department if show == "department" else department,
        owner=by.id if show == "mine" else person,
        escalated_to=by.id if show == "escalated" else None,
        most=most,
    )
