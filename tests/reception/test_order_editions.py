"""Editions of a work order's paper: what is no longer so is replaced by a new one, never by a reprint."""

import json
from typing import Any

import pytest

from db.store import Store
from reception import (
    acceptance,
    cases,
    liability,
    order_editions,
    order_steps,
    quotations,
    repairs,
    reprints,
    work_orders,
)
from reception.permissions import TOKEN_HOLDER
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.work_orders import Order
from tests.conftest import Clock
from tests.reception.life import Life


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


def papers(store: Store, order: Order) -> list[tuple[str, int, str, dict[str, Any]]]:
    """Return part, copy, state and facts of every paper of an order."""
    rows = store.rows("SELECT part, copy_no, state, facts FROM print_jobs WHERE kind = 'work_order' ORDER BY id")
    return [(row[0], row[1], row[2], json.loads(row[3])) for row in rows if row[0].startswith(order.no)]


def changes(store: Store, order: Order) -> list[str]:
    """Return what made the copies old."""
    return [words.en for words in order_editions.state(store, work_orders.find(store, order.no)).changes]


def renew(life: Life, order: Order, nonce: str = "renew") -> None:
    """Print a new edition."""
    order_editions.renew(life.store, order_no=order.no, nonce=nonce, by=life.desk, now=life.now)


def price(life: Life, order: Order) -> None:
    """Quote, and the owner agrees."""
    lines = [Wanted(name="换角阀", price="80", kind="labour")]
    made = quotations.make(life.store, nonce="q", no=order.case_no, lines=lines, by=life.desk, now=life.now)
    quotations.answer(
        life.store, no=order.case_no, quotation_id=made.id, agree=True, how="call", by=life.desk, now=life.now
    )


def test_work_that_becomes_paid_gets_the_paid_form_in_both_copies(life: Life, store: Store) -> None:
    order = life.dispatched()
    assert changes(store, order) == []
    life.bear(order.case_no, "paid")
    price(life, order)
    assert changes(store, order) == ["it was decided anew who bears it", "the owner agreed to a price"]
    renew(life, order)
    assert changes(store, order) == []
    first, second = papers(store, order)[:2], papers(store, order)[2:]
    # What had not come out yet never will; the form follows from the decision (FRM-04).
    assert [(part, state, facts["paid"]) for part, _, state, facts in first] == [
        (f"{order.no}:worker", "void", False),
        (f"{order.no}:owner", "void", False),
    ]
    assert [(part, copy, state) for part, copy, state, _ in second] == [
        (f"{order.no}/2:worker", 0, "queued"),
        (f"{order.no}/2:owner", 0, "queued"),
    ]
    for _, _, _, facts in second:
        assert facts["paid"] and facts["price_total"] == "80.00" and facts["edition"] == 2
        assert facts["consent"][0] == "业主已同意（电话）"


def test_another_time_and_other_details_make_the_copies_old(life: Life, store: Store) -> None:
    order = life.dispatched()
    order_steps.reschedule(
        store, order_no=order.no, appointed_at="2026-11-24T09:00", reason="业主有事", by=life.desk, now=life.now
    )
    assert changes(store, order) == ["another time was agreed"]
    renew(life, order)
    assert papers(store, order)[-1][3]["appointed"] == "2026-11-24 09:00"
    fields = dict.fromkeys(("name", "unit", "category", "content", "place", "convenient_time"), "")
    repairs.amend(store, no=order.case_no, phone="13900001111", **fields, by=life.desk, now=life.now)
    assert changes(store, order) == ["the details were corrected"]
    renew(life, order, "again")
    assert [part for part, *_ in papers(store, order)[-2:]] == [f"{order.no}/3:worker", f"{order.no}/3:owner"]


def test_one_press_is_one_edition_and_nothing_changed_is_none(life: Life, store: Store) -> None:
    order = life.dispatched()
    with pytest.raises(Refused, match="papers_current"):
        renew(life, order)
    life.bear(order.case_no, "paid")
    renew(life, order, "once")
    renew(life, order, "once")
    assert len(papers(store, order)) == 4
    with pytest.raises(Refused, match="papers_current"):
        renew(life, order, "twice")
    assert len(papers(store, order)) == 4


def test_a_reprint_is_of_the_edition_that_holds_alone(life: Life, store: Store) -> None:
    order = life.dispatched()
    jobs = [row[0] for row in store.rows("SELECT id FROM print_jobs WHERE kind = 'work_order' ORDER BY id")]
    store.execute(
        "UPDATE print_jobs SET state = 'printed', ended_at = queued_at, sending_at = queued_at WHERE state = 'queued'"
    )
    life.bear(order.case_no, "paid")
    # Between the change and the new edition too: a copy marked 补打 would say what the first never said.
    with pytest.raises(Refused, match="paper_outdated"):
        reprints.reprint(store, job_id=str(jobs[0]), nonce="r1", by=life.desk, now=life.now)
    renew(life, order)
    with pytest.raises(Refused, match="paper_outdated"):
        reprints.reprint(store, job_id=str(jobs[0]), nonce="r2", by=life.desk, now=life.now)
    store.execute(
        "UPDATE print_jobs SET state = 'printed', ended_at = queued_at, sending_at = queued_at WHERE state = 'queued'"
    )
    newest = store.value("SELECT max(id) FROM print_jobs WHERE kind = 'work_order'")
    reprints.reprint(store, job_id=str(newest), nonce="r3", by=life.desk, now=life.now)
    part, copy, _, facts = papers(store, order)[-1]
    assert (part, copy, facts["edition"]) == (f"{order.no}/2:owner", 1, 2)


def test_an_order_that_comes_back_takes_all_its_editions_along(life: Life, store: Store) -> None:
    order = life.dispatched()
    life.bear(order.case_no, "paid")
    renew(life, order)
    order_steps.send_back(store, order_no=order.no, reason="no_time", by=life.desk, now=life.now)
    assert {state for _, _, state, _ in papers(store, order)} == {"void"}
    assert changes(store, order) == []


def test_signed_on_the_phone_it_still_wants_the_paid_form(life: Life, store: Store) -> None:
    order = life.dispatched(phone="13800005678")
    life.bear(order.case_no, "paid")
    price(life, order)
    order_steps.arrive(store, order_no=order.no, by=life.worker, now=life.now)
    order_steps.start(store, order_no=order.no, by=life.worker, now=life.now)
    order_steps.finish(store, order_no=order.no, work_done="换角阀", by=life.worker, now=life.now)
    token = store.value("SELECT token FROM cases WHERE no = ?", [order.case_no])
    acceptance.sign_by_token(store, token=token, phone_tail="5678", by=TOKEN_HOLDER, now=life.now)
    assert len(changes(store, order)) == 2
    renew(life, order)
    assert papers(store, order)[-1][3]["paid"]


def test_what_changes_nothing_on_the_paper_makes_no_copy_old(life: Life, store: Store) -> None:
    order = life.dispatched(name="张建国", phone="13800005678")
    same = {"name": "张建国", "phone": "13800005678", "unit": "1-1-101", "category": "water", "content": ""}
    repairs.amend(
        store, no=order.case_no, **same, place="", convenient_time="", by=life.desk, now=life.now
    )  # the same words again
    life.bear(order.case_no, "undetermined")
    assert changes(store, order) == []
    life.bear(order.case_no, "paid")
    renew(life, order)
    # Signed on the copy itself: it is the very paper that holds.
    lines = [Wanted(name="换角阀", price="80", kind="labour")]
    made = quotations.make(store, nonce="q", no=order.case_no, lines=lines, by=life.desk, now=life.now)
    said = {"quotation_id": made.id, "agree": True, "how": "paper"}
    quotations.answer(store, no=order.case_no, **said, by=life.desk, now=life.now)  # type: ignore[arg-type]
    assert changes(store, order) == []


def test_while_another_price_waits_the_paper_says_the_one_agreed_to(life: Life, store: Store) -> None:
    order = life.dispatched()
    life.bear(order.case_no, "paid")
    price(life, order)
    renew(life, order)
    dearer = [Wanted(name="换水管", price="300", kind="labour")]
    quotations.make(store, nonce="q2", no=order.case_no, lines=dearer, by=life.desk, now=life.now)
    # Printed again, the same edition: the price that stands, and no box in which another could be signed by mistake.
    facts = liability.order_facts(store, cases.whole(store, order.case_id))
    assert facts["price_total"] == "80.00" and facts["consent"].zh == "业主已同意（电话）"
    printed = papers(store, order)[-1][3]
    assert (printed["price_total"], printed["consent"]) == (facts["price_total"], [*facts["consent"]])
