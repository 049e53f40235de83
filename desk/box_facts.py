"""How the box is: open cases, printers in trouble, papers to look at, the clock; the last column of the counter."""

from typing import Any

from db import paper_care, printers
from desk.kinds import KINDS
from desk.session import actor
from reception import cases, events, lines, sealed_papers, supervision_lists
from reception.permissions import may
from web.app import now, store


def facts() -> dict[str, Any]:
    """Return what `_box.html` shows."""
    return {
        "kinds": KINDS,
        "open_counts": cases.open_counts(store(), by=actor()) if may(actor(), "see_cases") else {},
        "printers": printers.printers(store()),
        "unsettled": sealed_papers.unsettled(store(), by=actor()),
        "to_do": sum(
            len(sealed_papers.known(store(), read(store()), by=actor()))
            for read in (paper_care.held, paper_care.doubtful)
        ),
        "clock_behind": events.clock_is_behind(store(), now()),
        "unserved": lines.unserved(store()),
        "supervised_late": supervision_lists.overdue_count(store(), by=actor(), now=now()),
    }
