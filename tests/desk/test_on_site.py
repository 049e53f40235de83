"""On site is not at work: every screen says so until the work begins, also while no price is agreed to."""

import re

from flask.testing import FlaskClient

from db.store import Store
from reception import case_lists, order_steps, owner_view, repair_board, repair_facts, worker_orders
from reception.case_filters import Filter
from reception.worker_days import day_sheet
from tests.conftest import SAME_ORIGIN, Clock
from tests.reception.life import Life

BEFORE, BEGUN = "已到场", "维修中"


def said(desk: FlaskClient, store: Store, life: Life, no: str, order_no: str) -> dict[str, str]:
    """Return what each place calls the state of a repair."""
    head, now = life.head, life.now
    case_id = store.value("SELECT id FROM cases WHERE no = ?", [no])
    [entry] = [one for one in case_lists.everything(store, Filter(), by=head, now=now) if one.case.no == no]
    [card] = [
        one for column in repair_board.board(store, by=head, now=now).columns for one in column.cards if one.no == no
    ]
    html = desk.get(f"/cases/{no}").get_data(as_text=True)
    heading = re.search(r'<h1 class="number">\S+ <span class="state">(.*?)</span>', html)
    sheet = worker_orders.sheet(store, order_no, by=life.worker, now=now)
    [job] = [one for one in day_sheet(store, "zhaogang", by=head, now=now).jobs if one.order_no == order_no]
    assert heading
    return {
        "list": entry.state_words.zh,
        "board": card.state_words.zh if card.state_words else BEGUN,
        "case": heading[1],
        "phone": sheet.card.state_words.zh,
        "day": job.state_words.zh,
        "elsewhere": repair_facts.state_of(store, no, "on_site").zh,
        "owner": BEFORE if BEFORE in owner_view.progress(store, sheet.card.case, now=now).sentence.zh else BEGUN,
    } | {"id": str(case_id)}


def searched(desk: FlaskClient) -> str:
    """Return what the search of the home answers: the only case of a number would be opened."""
    return desk.post("/search", data={"query": "1-1-101"}, headers=SAME_ORIGIN).get_data(as_text=True)


def test_every_screen_says_on_site_until_the_work_began(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.on_site(liability="")
    found = said(desk, store, life, order.case_no, order.no)
    assert {word for place, word in found.items() if place != "id"} == {BEFORE}
    assert f"<td>{BEFORE}</td>" in searched(desk)
    order_steps.start(store, order_no=order.no, by=life.worker, now=life.now)
    found = said(desk, store, life, order.case_no, order.no)
    assert {word for place, word in found.items() if place != "id"} == {BEGUN}
    assert f"<td>{BEGUN}</td>" in searched(desk)
