"""What the page of a booking is made of: each subject of the visit day adds its facts, and its parts of the page."""

from collections.abc import Callable
from typing import Any, Final

from desk import signing, visit_after, visit_day, visit_session
from reception.cases import Case

# In the order in which they stand on the page; a template `_visit_day_<part>_acts.html` or `_more.html` that there is
# not is passed over.
PARTS: Final = ("booking", "signing", "session", "after")
FACTS: Final[tuple[Callable[[Case], dict[str, Any]], ...]] = (
    visit_day.facts,
    signing.facts,
    visit_session.facts,
    visit_after.facts,
)


def facts(case: Case) -> dict[str, Any]:
    """Return all that the page of a booking shows beside its details."""
    found: dict[str, Any] = {"visit_day_parts": PARTS}
    for read in FACTS:
        found |= read(case)
    return found
