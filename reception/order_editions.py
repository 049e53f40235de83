"""Editions of a work order's paper: once what it says has changed, a new one (更新版, 第 n 版) replaces both copies.

An edition is no reprint: a reprint (补打 n) says what its own edition says. So each edition is a paper of its own in
the spool, by its `part`; what changed since the last one is read from the history, which is never rewritten.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from db import paper_care
from db.paper_care import Entry
from db.store import Store
from reception import cases, events, nonces, order_papers, order_parts, work_orders
from reception.cases import Case
from reception.order_parts import Part
from reception.papers import WorkOrder
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words
from reception.work_orders import Order

RENEWED = order_papers.RENEWED
# What made the copies old, by the act that did.
CHANGES: Mapping[str, Words] = MappingProxyType(
    {
        "reschedule": Words("上门时间已改", "another time was agreed"),
        "decide_liability": Words("保修判定已改", "it was decided anew who bears it"),
        "quote_agreed": Words("业主已同意报价", "the owner agreed to a price"),
        "amend": Words("登记内容已改", "the details were corrected"),
    }
)
# Signed elsewhere than on the paper: its form is still wanted for the file (FRM-04).
NOT_ON_PAPER = frozenset({"phone", "kiosk"})


class Papers(NamedTuple):
    """How the papers of an order stand: the edition that holds, and what changed since it was printed."""

    order_no: str
    edition: int
    changes: tuple[Words, ...]


def state(store: Store, order: Order) -> Papers:
    """Return how the papers of an order stand; of one that came back, or whose paper was signed, nothing is old."""
    changed: dict[str, Words] = {}
    edition = 1
    for row in store.rows(
        "SELECT what, detail FROM events WHERE subject = 'case' AND subject_id = ? AND at >= ? ORDER BY id",
        [order.case_id, order.dispatched_at],
    ):
        detail = json.loads(row["detail"] or "{}")
        if row["what"] == RENEWED and detail.get("order") == order.no:
            edition, changed = detail["edition"], {}
        elif row["what"] == "dispatch":
            # What was said before, or of the order before, stands on this one.
            changed = {}
        elif row["what"] in CHANGES and _matters(row["what"], detail):
            changed[row["what"]] = CHANGES[row["what"]]
    in_use = order.state == "live" or (order.state == "done" and order.signed_how in NOT_ON_PAPER)
    return Papers(order.no, edition, tuple(changed.values()) if in_use else ())


def _matters(what: str, detail: dict[str, Any]) -> bool:
    if what == "decide_liability":
        return bool(detail.get("liability") != detail.get("was"))
    if what == "quote_agreed":
        # Signed on the copy itself: it is the paper that holds.
        return detail.get("how") != "paper"
    return what != "amend" or bool(detail.get("fields"))


def renew(store: Store, *, order_no: str, nonce: str, by: Actor, now: datetime) -> Case:
    """Queue a new edition of both copies; copies of earlier ones that did not come out yet never will.

    The same nonce prints once. Refuses `order_unknown`, `papers_current` (nothing changed since), `case_over`.
    """
    permit(by, RENEWED)

    def make(at: datetime) -> int:
        order = work_orders.find(store, order_no)
        # Before its case is looked for: the order of another department is no more than one that does not exist.
        work_orders.reach(order, by)
        case = cases.whole(store, cases.find(store, order.case_no, by=by).id)
        if case.closed_at is not None:
            raise Refused("case_over")
        papers = state(store, order)
        if not papers.changes:
            raise Refused("papers_current")
        for entry in order_parts.entries(store, case.id, order.no):
            paper_care.void(store, entry.id, clock.to_text(at))
        edition = papers.edition + 1
        events.record(store, RENEWED, "case", case.id, by=by, at=at, order=order.no, edition=edition)
        work_orders.enqueue_copies(store, case, order.no, edition=edition, at=at)
        store.touch("cases")
        return case.id

    return cases.whole(store, nonces.once(store, nonce, RENEWED, {"order": order_no}, now=now, make=make))


def holds(store: Store, part: Part) -> bool:
    """Whether this part's edition may be printed again: it is the last, and says what is so."""
    order = work_orders.find(store, part.order_no)
    return _holds(part, state(store, order), order)


def _holds(part: Part, papers: Papers, order: Order) -> bool:
    return part.edition == papers.edition and not (order.state == "live" and papers.changes)


def old(store: Store, found: Iterable[Entry]) -> dict[int, str]:
    """Return those papers of a case that are no longer so, by id: `replaced` by a later edition, or `outdated`."""
    parts = [(entry.id, order_parts.of_part(entry.part)) for entry in found if entry.kind == WorkOrder.KIND]
    orders = {no: work_orders.find(store, no) for no in {part.order_no for _, part in parts}}
    now = {no: state(store, order) for no, order in orders.items()}
    return {
        job: "replaced" if part.edition < now[part.order_no].edition else "outdated"
        for job, part in parts
        if not _holds(part, now[part.order_no], orders[part.order_no])
    }
