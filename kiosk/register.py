"""Registering at the kiosk, for those who want it: home by 楼栋→单元→房号, phone by a ten-key pad.

Nothing is kept between the steps: what was chosen travels in the form, and a wipe of the page is a wipe of all.
"""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.attract import new_nonce
from reception import estate, lines, visits
from reception.permissions import KIOSK
from reception.rules.masking import mask_name, mask_phone
from web.app import store
from web.languages import current_site

views = Blueprint("register", __name__)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen so far; an empty part is not chosen yet."""

    building: str
    unit: str
    room: str
    phone: str
    skipped: bool

    @property
    def home(self) -> str:
        """The unit as `building-unit-room`, or '' while it is not complete."""
        return f"{self.building}-{self.unit}-{self.room}" if self.room else ""


@views.get("/register/<code>")
def begin(code: str) -> ResponseReturnValue:
    """Show the privacy notice, before the first field."""
    line = lines.find_line(store(), code)
    return render_template("register.html", line=line, step="notice", site=current_site(), draft=None)


@views.post("/register/<code>/step")
def step(code: str) -> ResponseReturnValue:
    """Show the step that follows from what was chosen."""
    line = lines.find_line(store(), code)
    form = request.form
    draft = Draft(
        form.get("building", ""),
        form.get("unit", ""),
        form.get("room", ""),
        form.get("phone", ""),
        skipped=form.get("skip") == "1",
    )
    template = "_register.html" if request.headers.get("HX-Request") == "true" else "register.html"
    return render_template(template, line=line, draft=draft, site=current_site(), **_next(draft))


def _next(draft: Draft) -> dict[str, object]:
    if not draft.building:
        return {"step": "building", "choices": estate.buildings(store())}
    if not draft.unit:
        return {"step": "unit", "choices": estate.units_of(store(), draft.building)}
    if not draft.room:
        return {"step": "room", "choices": estate.rooms_of(store(), draft.building, draft.unit)}
    home = estate.find_unit(store(), draft.home)
    if not draft.phone and not draft.skipped:
        return {"step": "phone", "home": home}
    person = visits.particulars(store(), phone=draft.phone, unit=draft.home, by=KIOSK)
    return {
        "step": "confirm",
        "home": home,
        "masked_name": mask_name(person.name),
        "masked_phone": mask_phone(person.phone),
        "nonce": new_nonce(),
    }
