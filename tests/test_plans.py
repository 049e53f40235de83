"""No page and no worker's round walks through all history: every statement they run is explained by SQLite itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient

from db import paper_care, printers, spool
from db.store import Store
from reception import oversight, reprints, webhook_outbox
from reception.permissions import BOX, KIOSK, Role
from reception.rules import clock as clocks
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_api import Caller, key_of
from tests.reception.after_life import AfterLife
from tests.reception.life import Life
from tests.reception.test_fees import HOME, LINES, bring
from tests.reception.test_webhooks import subscribe, take
from tests.reception.visit_life import VisitLife

# Tables that grow with every visitor. A walk along an index of few rows is none through the table.
GROWING = (
    "print_jobs",
    "tickets",
    "visits",
    "events",
    "calls",
    "nonces",
    "cases",
    "clocks",
    "deadlines",
    "phone_calls",
    "room_bookings",
    "webhook_messages",
    "fees",
    "fee_calls",
)
WALK = re.compile(rf"SCAN ({'|'.join(GROWING)})\b(?! USING (COVERING )?INDEX (\w+))")
# The newest rows, by their own key, until enough are found.
FROM_THE_END = re.compile(r"ORDER BY (\w+\.)?id DESC LIMIT")


@contextmanager
def heard(store: Store) -> Iterator[list[str]]:
    """Collect the statements that run on this connection."""
    said: list[str] = []
    store.connection.set_trace_callback(said.append)
    try:
        yield said
    finally:
        store.connection.set_trace_callback(None)


def walks(store: Store, statements: list[str]) -> list[str]:
    """Return the statements that walk through a growing table."""
    found = []
    for statement in set(statements):
        if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            continue
        plan = " / ".join(row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {statement}"))
        if WALK.search(plan) and not FROM_THE_END.search(statement):
            found.append(f"{statement}\n  {plan}")
    return found


def test_a_walk_is_seen(store: Store) -> None:
    assert walks(store, ["SELECT * FROM print_jobs WHERE kind = 'ticket'"])
    assert not walks(store, ["SELECT * FROM print_jobs WHERE ref = 'ticket:1'"])


def test_a_worker_s_round(store: Store, clock: Clock) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101")
    printers.save(store, "front", fallback="back")
    at = clocks.to_text(clock())
    with heard(store) as said:
        check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
        paper_care.hold_stale(store, at)
        paper_care.divert(store, "front", at)
        paper_care.wipe(store, at)
        spool.has_queued(store, "front", at)
        spool.doubt_interrupted(store, "front", at)
        job = spool.claim(store, "front", at)
        assert job is not None
        spool.settle(store, job.id, "printed", at)
        spool.unsettled(store)
        spool.paper_state(store, "ticket:1")
        reprints.tickets_without_paper(store)
        reprints.tickets_elsewhere(store)
    assert len(said) > 20
    assert walks(store, said) == []


def test_every_page_of_desk_and_kiosk(
    desk_app: Flask, kiosk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    tickets = [check_in(store, line="general", nonce=nonce, by=KIOSK, now=clock()) for nonce in "abc"]
    booked = VisitLife(store, clock).book()
    day = store.value("SELECT visit_day_id FROM visit_day_bookings")
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    with kiosk_app.app_context():
        theirs: Store = kiosk_app.extensions["stores"].get()
    receptionist = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    admin = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    kiosk.get("/")
    with heard(mine) as at_desk, heard(theirs) as at_kiosk:
        receptionist.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
        for page in (
            "/",
            "/printers",
            "/consumables",
            "/printers/trouble",
            "/queue/list",
            "/queue/box",
            "/scripts/counter",
            "/today",
            "/cases",
            "/due",
            "/appointments",
            "/told",
            "/follow-ups",
            "/supervisions",
            "/signatures",
            "/hand-numbers",
            "/special",
            "/special/live",
            "/calls",
            "/answers",
            "/inquiries/new",
            "/rooms",
            "/rooms/week",
            "/rooms/new",
            "/visit-days",
            "/visit-days/tell",
            "/calendar",
            "/visit-day/new",
            f"/visit-days/{day}/bookings",
            "/inspections",
            "/inspections/new",
            "/procedures",
            "/procedures/bring",
            "/procedures/new",
            "/tasks",
            "/tours",
            "/tours/new",
            f"/cases/{booked.no}",
        ):
            assert receptionist.get(page).status_code == 200, page
        for page in ("/printers/setup", "/printer/front"):
            assert admin.get(page).status_code == 200, page
        for page in ("/", "/waiting", "/printer", "/display", f"/T/{tickets[1].token}", f"/T/{tickets[1].token}/state",
                     f"/T/{booked.token}", f"/visit-day/{booked.token}"):  # fmt: skip
            assert kiosk.get(page).status_code == 200, page
    assert len(at_desk) > 50 and len(at_kiosk) > 20
    assert walks(store, at_desk + at_kiosk) == []


def test_the_pages_after_the_visit_day(desk_app: Flask, store: Store, clock: Clock) -> None:
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    no = AfterLife(store, clock).fed_back().no
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    with heard(mine) as said:
        for page in (f"/cases/{no}", f"/cases/{no}/visit-form", "/visit-days/1/summary", "/visit-days/1/promises"):
            assert manager.get(page).status_code == 200, page
        assert manager.get("/oversight").status_code == 200
    with heard(store) as looked:
        oversight.watch(store, by=BOX, now=clock.forward(days=60))
    assert len(said) > 50 and len(looked) > 15
    assert walks(store, said + looked) == []


def test_the_pages_of_the_day(desk_app: Flask, store: Store, clock: Clock) -> None:
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    repair = Life(store, clock).signed()
    forms = ("/log/form", "/visits/register", "/forms", "/forms/visit_form", f"/cases/{repair.case_no}/form")
    with heard(mine) as said:
        for page in ("/log", "/day/opening", "/day/closing", "/day-strip", "/inside", "/days", *forms):
            assert head.get(page).status_code == 200, page
        for post in ("/log/print", "/log/export", "/inside/print", "/inside/reveal"):
            answer = head.post(post, data={"nonce": post, "reveal_reason": "asked"}, headers=SAME_ORIGIN)
            assert answer.status_code in {200, 303}, post
    assert len(said) > 50
    assert walks(store, said) == []


def test_what_other_systems_read_and_are_told(desk_app: Flask, store: Store, clock: Clock) -> None:
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    system = Caller(desk_app, key_of(store, clock))
    hook = subscribe(store, clock)
    no = VisitLife(store, clock).book().no
    check_in(store, line="general", nonce="api", by=KIOSK, now=clock())
    admin = client_of(desk_app, store, actor(store, Role.ADMINISTRATOR), clock())
    with heard(mine) as said:
        for path in ("/health", "/queue", "/tickets?limit=1", "/cases", "/cases?kind=repair&open=true&limit=2",
                     "/cases?changed_since=2026-01-01T00:00:00Z", f"/cases/{no}", f"/cases/{no}/events"):  # fmt: skip
            assert system.get(path).status_code == 200, path
        assert admin.get("/settings/api").status_code == 200
    with heard(store) as told:
        while webhook_outbox.due(store, by=BOX, now=clock()) and webhook_outbox.front(store, hook, by=BOX):
            take(store, hook, clock())
        webhook_outbox.tidy(store, by=BOX, now=clock())
    assert len(said) > 15 and len(told) > 10
    assert walks(store, said + told) == []


def test_the_pages_of_fees(desk_app: Flask, store: Store, clock: Clock) -> None:
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    bring(store, *LINES)
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    with heard(mine) as said:
        for page in ("/fees", "/fees?show=open", "/today"):
            assert head.get(page).status_code == 200, page
        for post in ("home", "call", "called", "slip", "sheets", "export", "paid"):
            form = {"unit": HOME, "nonce": post, "outcome": "told", "fee": "1-53400"}
            assert head.post(f"/fees/{post}", data=form, headers=SAME_ORIGIN).status_code == 200, post
    assert len(said) > 50
    assert walks(store, said) == []
