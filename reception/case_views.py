"""How a case stands for the person who raised it, whatever kind it is of."""

from collections.abc import Callable
from datetime import datetime

from db.store import Store
from reception import (
    appointment_facts,
    appointment_view,
    asked_view,
    booking_facts,
    booking_view,
    complaint_facts,
    complaint_view,
    inquiry_facts,
    inspection_facts,
    inspection_view,
    owner_view,
    repair_facts,
    suggestion_facts,
)
from reception.cases import Case
from reception.owner_view import Progress

_VIEWS: dict[str, Callable[..., Progress]] = {
    repair_facts.KIND: owner_view.progress,
    complaint_facts.KIND: complaint_view.progress,
    appointment_facts.KIND: appointment_view.progress,
    booking_facts.KIND: booking_view.progress,
    inquiry_facts.KIND: asked_view.of_inquiry,
    inspection_facts.KIND: inspection_view.progress,
    suggestion_facts.KIND: asked_view.of_suggestion,
}


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress | None:
    """Return how a case stands at a moment, or None for a kind that shows its state alone.

    With `now` None times are said by their date alone; `judged_at` is then the moment by which a promise may have
    passed.
    """
    view = _VIEWS.get(case.kind)
    return view(store, case, now=now, judged_at=judged_at) if view else None
