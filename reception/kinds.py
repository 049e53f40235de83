"""The kinds of case this house knows: one line a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from db.store import Store
from reception import complaints, repairs, visit_day
from reception.cases import Case
from reception.wording import Words


@dataclass(frozen=True, slots=True)
class Kind:
    """What the lists and the progress page need to know of a kind."""

    code: str
    name: Words
    states: dict[str, Words]
    details: Callable[[Store, Case], Any]


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(repairs.KIND, repairs.NAME, repairs.STATES, repairs.details),
        Kind(complaints.KIND, complaints.NAME, complaints.STATES, complaints.details),
        Kind(visit_day.KIND, visit_day.NAME, visit_day.STATES, visit_day.details),
    )
}
