"""How papers of a work order are told apart in the spool: `GD20261123-001:worker`, then `GD20261123-001/2:worker`."""

from typing import NamedTuple

from db import paper_care
from db.paper_care import Entry
from db.store import Store
from reception.papers import WorkOrder


class Part(NamedTuple):
    """Which paper of a work order: of which edition, and whose copy (`worker`, `owner`)."""

    order_no: str
    edition: int
    copy: str


def part(order_no: str, edition: int, copy: str) -> str:
    """Return the part of the spool; the first edition has none in its name."""
    return f"{order_no}/{edition}:{copy}" if edition > 1 else f"{order_no}:{copy}"


def of_part(text: str) -> Part:
    """Return what a part of the spool says."""
    name, _, copy = text.partition(":")
    order_no, _, edition = name.partition("/")
    return Part(order_no, int(edition or 1), copy)


def entries(store: Store, case_id: int, order_no: str) -> list[Entry]:
    """Return every paper of an order in the spool, of all editions, oldest first."""
    return [
        entry
        for entry in paper_care.of_ref(store, f"case:{case_id}")
        if entry.kind == WorkOrder.KIND and of_part(entry.part).order_no == order_no
    ]
