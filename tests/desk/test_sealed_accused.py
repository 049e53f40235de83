"""What the accused tries: every side door by which he might learn of a complaint, or stand in its way."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import (
    case_links,
    hand_numbers,
    queue,
    tables,
    transfers,
)
from reception.cases import Case
from reception.complaints import register
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from reception.tickets import Ticket
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_sealed import read, reader

FORM = {"category": "service", "facts": "态度恶劣", "name": "李明", "phone": "13812345678"}


def sealed(store: Store, clock: Clock, *, role: Role = Role.SERVICE_HEAD, n: str = "s", **more: object) -> Case:
    """Receive one, as the head who hears it."""
    given = {"hears": str(role), **FORM, **more}
    return register(store, nonce=n, by=actor(store, role), now=clock(), **given)  # type: ignore[arg-type]


def in_private(store: Store, clock: Clock, line: str = "heard-by-head") -> Ticket:
    return check_in(store, line=line, nonce=line, by=KIOSK, now=clock())


def test_the_file_of_the_home_does_not_begin_to_show_the_visit(desk_app: Flask, store: Store, clock: Clock) -> None:
    """Whoever came with an ordinary number and told a head of one of us: his name and home go to the case alone."""
    mine = reader(desk_app, store, clock, "wanglin")
    head = actor(store, Role.SERVICE_HEAD)
    check_in(store, line="general", nonce="g", by=KIOSK, now=clock())
    ticket = queue.call_next(store, counter="3", by=head, now=clock())
    assert ticket is not None
    read(mine, desk_app)
    before = read(mine, desk_app)
    sealed(store, clock, unit="1-1-101", phone="5678", name="", visit_id=ticket.visit_id, accused=["wanglin"])
    after = read(mine, desk_app)
    assert [path for path in before if before[path] != after[path]] == []
    assert tuple(store.row("SELECT name, phone, unit_id FROM visits") or ()) == (None, None, None)


def test_hand_written_numbers_are_none_of_a_private_line(store: Store, clock: Clock) -> None:
    """Else the desk reads from the refusal that L001 was taken, and spoils the series."""
    codes = []
    for turn in range(2):
        with pytest.raises(Refused) as refused:
            hand_numbers.enter(
                store,
                line="heard-by-head",
                first="1",
                nonce=f"h{turn}",
                by=actor(store, Role.RECEPTIONIST),
                now=clock(),
            )
        codes.append(refused.value.code)
        if turn == 0:
            in_private(store, clock)
    assert codes == ["line_unknown", "line_unknown"]


def test_the_administrator_neither_shuts_a_private_line_nor_learns_from_the_answer(store: Store, clock: Clock) -> None:
    also = {"by": actor(store, Role.ADMINISTRATOR), "now": clock()}
    codes = []
    for turn in range(2):
        with pytest.raises(Refused) as refused:
            tables.save(store, table=TABLES["lines"], key="heard-by-head", values={"active": "0"}, **also)  # type: ignore[arg-type]
        codes.append(refused.value.code)
        if turn == 0:
            in_private(store, clock)
    assert codes == ["line_in_private", "line_in_private"]
    # What it is called is his to say.
    tables.save(store, table=TABLES["lines"], key="heard-by-head", values={"name": "专人"}, **also)  # type: ignore[arg-type]


def test_whom_a_head_hears_never_comes_into_the_common_queue(desk_app: Flask, store: Store, clock: Clock) -> None:
    """His number L001 in everybody's list, with the name that the case brought, would tell who was with a head."""
    head = actor(store, Role.SERVICE_HEAD)
    in_private(store, clock)
    also = {"counter": "3", "by": head, "now": clock()}
    called = queue.call_next(store, line="heard-by-head", **also)  # type: ignore[arg-type]
    assert called is not None
    with pytest.raises(Refused, match="heard_in_private"):
        transfers.to_line(store, holding="L001", line="general", **also)  # type: ignore[arg-type]
    page = client_of(desk_app, store, head, clock())
    page.post("/queue/seat", data={"counter": "3"}, headers=SAME_ORIGIN)
    told = page.get("/queue/counter").get_data(as_text=True)
    assert 'value="heard-by-manager"' in told and 'name="line" value="general"' not in told
    # From one head to the other he goes.
    sent = transfers.to_line(store, holding="L001", line="heard-by-manager", **also)  # type: ignore[arg-type]
    assert sent.hears == "manager"


def test_merged_or_closed_the_page_of_its_paper_says_no_word_of_what_it_is(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    one, other = sealed(store, clock), sealed(store, clock, n="t")
    case_links.merge(store, no=one.no, into=other.no, by=actor(store, Role.SERVICE_HEAD), now=clock())
    for path in (f"/T/{one.token}", f"/T/{one.token}/state"):
        told = kiosk.get(path).get_data(as_text=True)
        assert "投诉" not in told and "omplain" not in told, path


def test_the_kiosk_offers_nobody_who_is_not_there(kiosk: FlaskClient, store: Store) -> None:
    store.execute("UPDATE staff SET active = 0 WHERE role = 'manager'")
    page = kiosk.get("/in-private").get_data(as_text=True)
    assert 'data-line="heard-by-head"' in page and "heard-by-manager" not in page
