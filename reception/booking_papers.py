"""The papers of a booking, rebuilt from the records when they are asked for again: one line a paper."""

from db.store import Store
from reception import bookings, papers, resolution_papers
from reception.cases import Case


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a booking's paper anew. Refuses `paper_outdated`: another one says what stands now."""
    if kind == papers.DecisionSlip.KIND:
        return resolution_papers.rebuild(store, case, part)
    return bookings.rebuild(store, case, kind, part)
