"""The kinds of case at the desk: one line a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from desk import (
    appointments,
    complaints,
    emergencies,
    handovers,
    inquiries,
    inspections,
    officials,
    orders,
    procedures,
    release_passes,
    repairs,
    suggestions,
    tours,
    visit_day,
    visit_day_case,
)
from reception import kinds
from reception.cases import Case


def _nothing(case: Case) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class DeskKind:
    """A kind of case with its views: `new` is the address of its form, `template` shows its details.

    `acts` and `more`, where it has them, show what may be done now and what was done, from what `facts` returns;
    `form`, where it is filed on A4, is the address of that paper under the case's.
    """

    kind: kinds.Kind
    views: Blueprint
    new: str
    act: str
    hint: Any
    template: str
    acts: str = ""
    more: str = ""
    form: str = ""
    facts: Callable[[Case], dict[str, Any]] = _nothing


KINDS: dict[str, DeskKind] = {
    entry.kind.code: entry
    for entry in (
        DeskKind(
            kinds.KINDS["repair"],
            repairs.views,
            "/repairs/new",
            "register_repair",
            repairs.HINT,
            "_repair.html",
            acts="_repair_acts.html",
            more="_repair_more.html",
            form="form",
            facts=orders.facts,
        ),
        DeskKind(
            kinds.KINDS["complaint"],
            complaints.views,
            "/complaints/new",
            "register_complaint",
            complaints.HINT,
            "_complaint.html",
            acts="_complaint_acts.html",
            more="_complaint_more.html",
            form="form",
            facts=complaints.facts,
        ),
        DeskKind(
            kinds.KINDS["inquiry"],
            inquiries.views,
            "/inquiries/new",
            "register_inquiry",
            inquiries.HINT,
            "_inquiry.html",
            acts="_inquiry_acts.html",
            more="_inquiry_more.html",
            facts=inquiries.facts,
        ),
        DeskKind(
            kinds.KINDS["suggestion"],
            suggestions.views,
            "/suggestions/new",
            "register_suggestion",
            suggestions.HINT,
            "_suggestion.html",
            acts="_suggestion_acts.html",
            facts=suggestions.facts,
        ),
        DeskKind(
            kinds.KINDS["visit-day"],
            visit_day.views,
            "/visit-day/new",
            "book_visit_day",
            visit_day.HINT,
            "_visit_day.html",
            acts="_visit_day_acts.html",
            more="_visit_day_more.html",
            form="visit-form",
            facts=visit_day_case.facts,
        ),
        DeskKind(
            kinds.KINDS["emergency"],
            emergencies.views,
            "/emergencies/new",
            "register_emergency",
            emergencies.HINT,
            "_emergency.html",
            acts="_emergency_acts.html",
        ),
        DeskKind(
            kinds.KINDS["appointment"],
            appointments.views,
            "/appointments/new",
            "book_appointment",
            appointments.HINT,
            "_appointment.html",
            acts="_appointment_acts.html",
            more="_appointment_more.html",
            facts=appointments.facts,
        ),
        DeskKind(
            kinds.KINDS["handover"],
            handovers.views,
            "/handovers/new",
            "receive_handover",
            handovers.HINT,
            "_handover.html",
            acts="_handover_acts.html",
            facts=handovers.facts,
        ),
        DeskKind(
            kinds.KINDS["official"],
            officials.views,
            "/officials/new",
            "receive_official",
            officials.HINT,
            "_official.html",
            acts="_official_acts.html",
            facts=officials.facts,
        ),
        DeskKind(
            kinds.KINDS["procedure"],
            procedures.views,
            "/procedures/new",
            "begin_procedure",
            procedures.HINT,
            "_procedure.html",
            acts="_procedure_acts.html",
            more="_checklist.html",
            facts=procedures.facts,
        ),
        DeskKind(
            kinds.KINDS["release"],
            release_passes.views,
            "/release-passes/new",
            "apply_release",
            release_passes.HINT,
            "_release.html",
            acts="_release_acts.html",
            facts=release_passes.facts,
        ),
        DeskKind(
            kinds.KINDS["inspection"],
            inspections.views,
            "/inspections/new",
            "open_inspection",
            inspections.HINT,
            "_inspection.html",
            acts="_inspection_acts.html",
            more="_inspection_more.html",
            form="form",
            facts=inspections.facts,
        ),
        DeskKind(
            kinds.KINDS["tour"],
            tours.views,
            "/tours/new",
            "register_tour",
            tours.HINT,
            "_tour.html",
            acts="_tour_acts.html",
            more="_checklist.html",
            facts=tours.facts,
        ),
    )
}
