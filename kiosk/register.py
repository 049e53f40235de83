"""Registering at the kiosk, for those who want it: the matter, the home by 楼栋→单元→房号, the phone by a ten-key pad.

Nothing is kept between the steps: what was chosen travels in the form, and a wipe of the page is a wipe of all.
"""

from dataclasses import dataclass, replace

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from kiosk import booking_steps, repair_steps
from kiosk.screen import keep_choices, new_nonce, take_choices
from reception import (
    departments,
    estate,
    home_guesses,
    known_faults,
    lines,
    purposes,
    repair_facts,
    visit_matters,
    visits,
)
from reception.lines import Line
from reception.permissions import KIOSK
from reception.rules.masking import mask_name, mask_phone
from web.app import now, store
from web.languages import current_site

views = Blueprint("register", __name__)

# So many homes' entrances fit one screen as `1栋1单元`: then building and unit are one touch.
ENTRANCES_ON_ONE_SCREEN = 12


@dataclass(frozen=True, slots=True)
class Draft:
    """What was chosen so far; an empty part is not chosen yet. `above` is the category whose parts are shown."""

    building: str = ""
    unit_no: str = ""
    room: str = ""
    phone: str = ""
    typed: str = ""
    skipped: bool = False
    whole_phone: bool = False
    matters: tuple[str, ...] = ()
    above: str = ""
    several: bool = False
    priority: bool = False
    repair: repair_steps.Chosen = repair_steps.NOTHING
    booking: booking_steps.Chosen = booking_steps.NOTHING
    # It is not the known fault of this home.
    other: bool = False
    # The version of the privacy notice that stood before the first question who he is.
    notice: str = ""

    @property
    def home(self) -> str:
        """The unit as `building-unit-room`, or '' while it is not complete."""
        return f"{self.building}-{self.unit_no}-{self.room}" if self.room else ""


def _draft(form: MultiDict[str, str]) -> Draft:
    # The language was changed on the way: what stands in the field of the ten-key pad is not finished.
    switching = form.get("typing") == "1" and ("language" in form or "size" in form)
    entrance = form.get("entrance", "").partition("|")
    return Draft(
        building=entrance[0] or form.get("building", ""),
        unit_no=entrance[2] or form.get("unit_no", ""),
        room=form.get("room", ""),
        phone="" if switching else form.get("phone", ""),
        typed=form.get("phone", "")[:12] if switching else "",
        skipped=form.get("skip") == "1",
        whole_phone=form.get("whole_phone") == "1",
        matters=tuple(dict.fromkeys(form.getlist("matter"))),
        above=form.get("above", ""),
        several=form.get("several") == "1",
        priority=form.get("priority") == "1",
        repair=repair_steps.chosen(form),
        booking=booking_steps.chosen(form),
        other=form.get("other") == "1",
        notice=form.get("notice", ""),
    )


@views.get("/register/<code>")
def begin(code: str) -> ResponseReturnValue:
    """Show the first step; `book` in the address books a visit day right here."""
    return _page(lines.find_line(store(), code), Draft(booking=booking_steps.chosen(request.args)))


@views.post("/register/<code>/step")
def step(code: str) -> ResponseReturnValue:
    """Show the step that follows from what was chosen; a change of language or size shows the same step anew."""
    take_choices()
    line = lines.find_line(store(), code)
    draft = _draft(request.form)
    if "toggle" in request.form:
        draft = replace(draft, matters=_toggled(draft.matters, request.form["toggle"]))
    if "back" in request.form:
        draft = _before(draft, line)
    return keep_choices(make_response(_page(line, draft)))


def _toggled(matters: tuple[str, ...], code: str) -> tuple[str, ...]:
    """Return the matters with this one taken in, or taken out again."""
    return tuple(one for one in matters if one != code) if code in matters else (*matters, code)


def _before(draft: Draft, line: Line) -> Draft:
    """Return the draft without what was chosen last."""
    ways = (_without_matter, _without_home) if line.home_first else (_without_home, _without_matter)
    before = repair_steps.before(draft.repair)
    if before != draft.repair:
        return replace(draft, repair=before)
    booking = booking_steps.before(draft.booking)
    if booking != draft.booking:
        return replace(draft, booking=booking)
    return next((found for found in (way(draft) for way in ways) if found != draft), draft)


def _without_matter(draft: Draft) -> Draft:
    if draft.several or draft.matters:
        return replace(draft, several=False, matters=())
    if draft.above:
        return replace(draft, above="")
    return replace(draft, repair=repair_steps.NOTHING)


def _without_home(draft: Draft) -> Draft:
    if draft.skipped or draft.phone or draft.whole_phone:
        return replace(draft, phone="", typed="", skipped=False, whole_phone=False, priority=False, other=False)
    if draft.room:
        return replace(draft, room="")
    # One touch chose building and unit where both stand on one screen.
    if draft.unit_no and not _entrances():
        return replace(draft, unit_no="")
    return replace(draft, building="", unit_no="")


def _page(line: Line, draft: Draft) -> str:
    facts = _next(line, draft)
    return render_template("register.html", line=line, draft=draft, site=current_site(), **facts)


def _next(line: Line, draft: Draft) -> dict[str, object]:
    matter = purposes.find(store(), draft.matters[0], line.code) if draft.matters and not draft.several else None
    if not line.home_first and purposes.choices(store(), line.code):
        if matter is None:
            return _matters(line, draft)
        if matter.asks == "department":
            return {"step": "host", "departments": departments.all_of_them(store()), "nonce": new_nonce()}
    asked = _home(draft)
    if asked is not None:
        return asked
    # First of all: a phone that does not fit is refused while the keypad is still there.
    person = _person(draft)
    known = known_faults.affecting(store(), _unit(draft)) if line.code == repair_facts.KIND and not draft.other else []
    if known:
        return {"step": "fault", "home": _unit(draft), "home_faults": known, "nonce": new_nonce()}
    if draft.booking.direct and booking_steps.offered(line):
        return (
            person | booking_steps.next_step(draft.booking, unit=draft.home, phone=draft.phone) | {"home": _unit(draft)}
        )
    if draft.repair.direct and matter is not None:
        return person | repair_steps.next_step(matter, draft.repair, phone=draft.phone) | {"home": _unit(draft)}
    if line.home_first and purposes.choices(store(), line.code):
        return person | _matters(line, draft) | {"step": "matter", "home": _unit(draft)}
    facts = {"step": "confirm", "home": _unit(draft), "nonce": new_nonce()}
    return person | facts | {"may_book": booking_steps.offered(line) and bool(draft.phone)}


def _matters(line: Line, draft: Draft) -> dict[str, object]:
    found = purposes.choices(store(), line.code, draft.above or None)
    facts = {"step": "matter", "choices": found, "nonce": new_nonce()}
    return facts | {"may_be_direct": repair_steps.offered(line)}


def _home(draft: Draft) -> dict[str, object] | None:
    """Return the step that still asks for home or phone, or None once both are there."""
    if draft.home:
        if not draft.phone and not draft.skipped:
            return {"step": "phone", "home": _unit(draft)}
        return None
    if not draft.building or not draft.unit_no:
        entrances = _entrances()
        if entrances:
            return {"step": "entrance", "choices": entrances}
    if not draft.building:
        return {"step": "building", "choices": estate.buildings(store())}
    if not draft.unit_no:
        return {"step": "unit_no", "choices": estate.units_of(store(), draft.building)}
    return {"step": "room", "choices": estate.rooms_of(store(), draft.building, draft.unit_no)}


def _entrances() -> list[tuple[str, str]]:
    found = [(building, unit) for building in estate.buildings(store()) for unit in estate.units_of(store(), building)]
    return found if len(found) <= ENTRANCES_ON_ONE_SCREEN else []


def _unit(draft: Draft) -> estate.Unit:
    return estate.find_unit(store(), draft.home)


def _person(draft: Draft) -> dict[str, object]:
    """Return the masked name and phone, and the open repairs of a home whose resident was recognised."""
    person = visits.particulars(store(), phone=draft.phone, unit=draft.home, by=KIOSK)
    recognised = bool(person.name)
    if person.phone and not recognised:
        # Whose home it is was not shown; nor is it shown to whoever goes on asking.
        home_guesses.missed(store(), _unit(draft), person.phone, now=now())
    known = visit_matters.repairs_of_home(store(), _unit(draft), by=KIOSK) if recognised else []
    return {
        "masked_name": mask_name(person.name),
        "masked_phone": mask_phone(person.phone),
        "household": known,
        "repair_states": {one.no: repair_facts.state_of(store(), one.no, one.state) for one in known},
        "repair_categories": repair_facts.CATEGORIES,
    }


def home_steps(form: MultiDict[str, str]) -> tuple[Draft, dict[str, object] | None]:
    """Return what a form chose of home and phone, and the step that still asks; None once both are there.

    For other screens that ask where somebody lives, by the same steps (`_home_steps.html`).
    """
    draft = _draft(form)
    if "back" in form:
        draft = _without_home(draft)
    return draft, _home(draft)
