"""What pages of lists share: the words of their cells, and who printed them when."""

from typing import Any

from reception import repair_facts
from reception.rules import clock
from web.app import now
from web.languages import current_site


def shared() -> dict[str, Any]:
    """Return what every page with a list shows beside the list itself."""
    return {
        "site": current_site(),
        "printed_at": clock.to_text(now()),
        "source_words": repair_facts.SOURCES,
        "liability_words": repair_facts.LIABILITIES,
    }
