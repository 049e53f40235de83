"""The kinds of case this house knows: one line a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.store import Store
from reception import cases, complaints, emergencies, repairs, visit_day, work_orders
from reception.cases import Case
from reception.papers import Paper
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """What the lists, the progress page and a reprint need to know of a kind."""

    code: str
    name: Words
    states: dict[str, Words]
    details: Callable[[Store, Case], Any]
    rebuild: Callable[[Store, Case, str, str], Paper]


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(repairs.KIND, repairs.NAME, repairs.STATES, repairs.details, repairs.rebuild),
        Kind(complaints.KIND, complaints.NAME, complaints.STATES, complaints.details, complaints.rebuild),
        Kind(emergencies.KIND, emergencies.NAME, emergencies.STATES, emergencies.details, emergencies.rebuild),
        Kind(visit_day.KIND, visit_day.NAME, visit_day.STATES, visit_day.details, visit_day.rebuild),
    )
}


def case_of_code(store: Store, token: str) -> Case:
    """Return the case that a code on any of our papers leads to, masked. Refuses `code_unknown`."""
    return work_orders.case_of_order(store, token) or cases.by_token(store, token)
