"""One person's rights (PIPL 45-47): what is kept of him shown, taken out, erased. By POST: he stands in no address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import exports, forms
from desk.session import actor
from reception import persons
from reception.permissions import permit
from reception.person_rows import Person
from reception.persons import Dossier
from web.app import now, store
from web.languages import current_site

views = Blueprint("persons", __name__)


@views.get("/persons")
def page() -> ResponseReturnValue:
    """Ask who, and why."""
    permit(actor(), "see_persons")
    return _page()


@views.post("/persons")
def look_up() -> ResponseReturnValue:
    """Show what is kept of a person, or whom the words may mean; the look is written down with its reason."""
    person, reason = _asked("see_persons"), request.form.get("reason", "")
    meant = persons.candidates(store(), person, reason=reason, by=actor(), now=now())
    if len(meant) > 1:
        return _page(person=person, reason=reason, candidates=meant)
    dossier = persons.look_up(store(), meant[0], reason=reason, by=actor(), now=now())
    return _page(person=meant[0], reason=reason, dossier=dossier)


@views.post("/persons/withdraw")
def withdraw() -> ResponseReturnValue:
    """He takes back what he agreed to; show what is kept of him then."""
    person = _asked("see_persons")
    dossier = persons.withdraw(store(), person, **forms.fields("reason", "sure"), by=actor(), now=now())
    return _page(person=person, reason=request.form.get("reason", ""), dossier=dossier)


@views.post("/persons/export")
def export() -> ResponseReturnValue:
    """Answer the same as a file; written down."""
    at = now()
    data = persons.export(store(), _asked("export_person"), reason=request.form.get("reason", ""), by=actor(), now=at)
    return exports.answer_file(f"person-{at:%Y%m%d-%H%M%S}.json", data)


@views.post("/persons/erase")
def erase() -> ResponseReturnValue:
    """Erase him, and say what went."""
    form = forms.fields("reason", "seal")
    counts = persons.erase(store(), _asked("erase_person"), **form, by=actor(), now=now())
    return _page(erased=counts)


def _asked(act: str) -> Person:
    # Who may not is told that, whatever he typed.
    permit(actor(), act)
    return persons.asked(**forms.fields("phone", "name", "unit", "reason"))


def _page(
    person: Person | None = None,
    reason: str = "",
    dossier: Dossier | None = None,
    candidates: list[Person] | None = None,
    erased: dict[str, int] | None = None,
) -> str:
    return render_template(
        "persons.html",
        site=current_site(),
        reasons=persons.REASONS,
        person=person,
        reason=reason,
        dossier=dossier,
        candidates=candidates,
        erased=erased,
        titles=persons.TITLES,
    )
