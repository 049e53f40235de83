"""That a form was printed: who took which paper out of the house, and whether names stood on it, in its history."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import cases, custody_facts, events, incident_facts, supervision_records, tour_lists, visit_form
from reception.permissions import Actor, permit
from reception.refusal import Refused

PRINTED = "print_form"


def _case(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    return "case", cases.find(store, no, by=by).id


def _booking(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    # Whoever signs or accompanies reads the form without seeing the case.
    return "case", visit_form.form(store, no=no, by=by, now=now).case_id


def _incident(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    return "case", incident_facts.find(store, no, by=by).id


def _supervision(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    return supervision_records.SUBJECT, supervision_records.find(store, no, by=by).id


def _custody(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    return custody_facts.SUBJECT, custody_facts.find(store, no, by=by).id


def _tour(store: Store, no: str, by: Actor, now: datetime) -> tuple[str, int]:
    # A department that has a task of it prints the plan without seeing the case.
    return "case", tour_lists.find(store, no, by=by).id


# Forms of one matter; lists (register, log, summary) bear no whole name, and are noted nowhere.
_OF: dict[str, Callable[[Store, str, Actor, datetime], tuple[str, int]]] = {
    "repair_form": _case,
    "paid_form": _case,
    "complaint_form": _case,
    "acceptance_form": _case,
    "procedure_list": _case,
    "goods_receipt": _case,
    "household_form": _case,
    "visit_form": _booking,
    "incident_form": _incident,
    "supervision_form": _supervision,
    "custody_agreement": _custody,
    "tour_plan": _tour,
    "tour_review": _tour,
    "tour_signs": _tour,
}


def note(store: Store, *, form: str, no: str, whole: bool, by: Actor, now: datetime) -> None:
    """Write down that a form is printed now; `whole`: with name and telephone, as it stands on the reader's screen.

    Refuses `form_unknown`, and as the form itself does: `case_unknown`, `supervision_unknown`.
    """
    permit(by, "print_form")
    if form not in _OF:
        raise Refused("form_unknown")
    with writing(store):
        subject, subject_id = _OF[form](store, no, by, now)
        detail: dict[str, Any] = {"form": form, "whole": int(whole)}
        events.record(store, PRINTED, subject, subject_id, by=by, at=events.moment(store, now), **detail)
        store.touch("cases")
