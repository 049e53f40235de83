"""Papers in the hands of staff: 补打 marked and rebuilt from the records, void, move, look; each once, written down."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from db import paper_care, printers, spool
from db.store import Store
from reception import papers, tickets
from reception.permissions import KIOSK, Actor
from reception.rules import clock as clocks
from reception.site import configure
from reception.tickets import Ticket
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock
from tests.desk.test_routing import REPAIR, send
from tests.reception.life import Life


@pytest.fixture(autouse=True)
def second_printer(store: Store) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101")


def take(store: Store, clock: Clock, nonce: str = "n") -> Ticket:
    """A visitor takes a number at the kiosk."""
    return check_in(store, line="general", nonce=nonce, by=KIOSK, now=clock())


def jobs(store: Store, ref: str) -> list[paper_care.Entry]:
    return paper_care.of_ref(store, ref)


def last(store: Store, ticket: Ticket) -> paper_care.Entry:
    return jobs(store, tickets.ref(ticket.id))[-1]


def bring(store: Store, ticket: Ticket, clock: Clock, state: str) -> int:
    """Bring a ticket's paper to a state, as a worker and time do."""
    entry = last(store, ticket)
    at = clocks.to_text(clock())
    if state == "held":
        paper_care.hold_stale(store, clocks.to_text(clock.forward(minutes=4)))
    elif state != "queued":
        spool.claim(store, "front", at)
        if state != "sending":
            spool.settle(store, entry.id, state, at)  # type: ignore[arg-type]
    return entry.id


def press(desk: FlaskClient, job_id: int, act: str, **fields: str) -> tuple[int, str]:
    """Press an act on a paper; return status and text."""
    answer = desk.post(f"/papers/{job_id}/{act}", data={"nonce": f"{act}-{job_id}"} | fields, headers=SAME_ORIGIN)
    assert answer.headers.get("Location") != "/login"
    return answer.status_code, answer.get_data(as_text=True)


def event(store: Store, what: str) -> dict[str, Any]:
    row = store.row("SELECT * FROM events WHERE what = ? ORDER BY id DESC LIMIT 1", [what])
    assert row is not None
    return dict(row)


@pytest.mark.parametrize("state", ["held", "uncertain", "failed", "printed", "sent"])
def test_a_reprint_is_marked_audited_and_settles_what_was_before(
    desk: FlaskClient, store: Store, clock: Clock, receptionist: Actor, state: str
) -> None:
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, state)
    assert press(desk, job_id, "reprint")[0] == 303
    first, copy = jobs(store, tickets.ref(ticket.id))
    assert (copy.state, copy.copy_no, copy.held) == ("queued", 1, None)
    assert first.state == ("void" if state == "held" else state), "its state stays what the printer let us know"
    assert paper_care.held(store) == [] and paper_care.doubtful(store) == []
    written = event(store, "reprint")
    assert (written["subject"], written["subject_id"], written["by_id"]) == ("ticket", ticket.id, receptionist.id)
    assert json.loads(written["detail"])["copy"] == 1
    bring(store, ticket, clock, "printed")
    assert press(desk, copy.id, "reprint", nonce="second")[0] == 303
    assert last(store, ticket).copy_no == 2


def test_a_reprint_does_not_go_stale_in_the_hands_of_staff(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    press(desk, bring(store, ticket, clock, "held"), "reprint")
    assert paper_care.hold_stale(store, clocks.to_text(clock.forward(minutes=60))) == 0
    assert last(store, ticket).held is None


@pytest.mark.parametrize("state", ["queued", "sending"])
def test_what_is_on_its_way_is_not_printed_again(desk: FlaskClient, store: Store, clock: Clock, state: str) -> None:
    ticket = take(store, clock)
    status, text = press(desk, bring(store, ticket, clock, state), "reprint")
    assert status == 409 and "paper_on_its_way" in text
    assert len(jobs(store, tickets.ref(ticket.id))) == 1


def test_a_double_press_prints_one_copy(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, "uncertain")
    assert [press(desk, job_id, "reprint")[0] for _ in range(3)] == [303] * 3
    assert len(jobs(store, tickets.ref(ticket.id))) == 2
    assert press(desk, job_id, "reprint", printer="back")[0] == 422, "the same nonce with other content"


def test_two_desks_that_press_together_print_one_copy(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, "uncertain")
    assert press(desk, job_id, "reprint", nonce="one")[0] == 303
    assert press(desk, job_id, "reprint", nonce="two")[0] == 409
    assert len(jobs(store, tickets.ref(ticket.id))) == 2


def test_a_reprint_is_rebuilt_from_the_records_of_the_moment(desk: FlaskClient, store: Store, clock: Clock) -> None:
    take(store, clock, "before")
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, "held")
    assert paper_care.wipe(store, clocks.to_text(clock() + timedelta(hours=25))) == 2
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert press(desk, job_id, "reprint")[0] == 303
    facts = store.value("SELECT facts FROM print_jobs WHERE id = ?", [last(store, ticket).id])
    paper = papers.from_json("ticket", facts)
    assert isinstance(paper, papers.Ticket)
    assert (paper.no, paper.ahead) == (ticket.no, 0)
    assert paper.url.endswith(ticket.token)


def test_both_copies_of_a_work_order_are_printed_again_each_as_it_was(desk: FlaskClient, store: Store) -> None:
    send(desk, "/repairs", REPAIR | {"dispatch": "1"})
    before = store.rows("SELECT id, kind, part, facts FROM print_jobs ORDER BY id")
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    for row in before:
        assert press(desk, row["id"], "reprint", case="BX20261123-001")[0] == 303
    after = store.rows("SELECT kind, part, facts FROM print_jobs WHERE copy_no = 1 ORDER BY id")
    assert [tuple(row)[1:] for row in before] == [tuple(row) for row in after]
    html = desk.get("/cases/BX20261123-001").get_data(as_text=True)
    assert html.count("补打 1") == 3 and "维修联" in html and "业主联" in html


def test_a_number_that_is_over_needs_no_ticket(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, "uncertain")
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    desk.post("/queue/complete", data={"counter": "1", "holding": ticket.no}, headers=SAME_ORIGIN)
    status, text = press(desk, job_id, "reprint")
    assert status == 422 and "ticket_over" in text


def test_a_ticket_called_before_it_was_printed_waits_for_staff(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert last(store, ticket).held == "called"
    assert spool.claim(store, "front", clocks.to_text(clock())) is None
    assert "补打号票" in desk.get("/queue/counter").get_data(as_text=True)
    desk.post("/queue/undo", data={"counter": "1", "holding": ticket.no}, headers=SAME_ORIGIN)
    assert last(store, ticket).held is None, "the call was taken back, and so is the hold"
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    desk.post("/queue/complete", data={"counter": "1", "holding": ticket.no}, headers=SAME_ORIGIN)
    assert last(store, ticket).state == "void", "nobody needs it any more"


def test_the_stale_rule_is_a_setting(store: Store, clock: Clock) -> None:
    configure(store, ticket_stale_minutes=10)
    ticket = take(store, clock)
    assert paper_care.hold_stale(store, clocks.to_text(clock() + timedelta(minutes=9))) == 0
    assert paper_care.hold_stale(store, clocks.to_text(clock() + timedelta(minutes=10))) == 1
    assert last(store, ticket).held == "stale"
    configure(store, ticket_stale_minutes=0)
    take(store, clock, "m")
    assert paper_care.hold_stale(store, clocks.to_text(clock() + timedelta(days=1))) == 0


def test_what_papers_say_is_kept_as_long_as_set(store: Store, clock: Clock) -> None:
    configure(store, print_payload_hours=2)
    ticket = take(store, clock)
    assert paper_care.wipe(store, clocks.to_text(clock() + timedelta(minutes=119))) == 0
    assert paper_care.wipe(store, clocks.to_text(clock() + timedelta(minutes=120))) == 1
    assert last(store, ticket).held == "wiped"


def test_void_move_and_look_are_acts_of_staff(desk: FlaskClient, store: Store, clock: Clock) -> None:
    first, second, third = (take(store, clock, nonce) for nonce in "abc")
    assert press(desk, last(store, first).id, "void")[0] == 303
    assert last(store, first).state == "void" and event(store, "void_paper")["subject_id"] == first.id
    assert press(desk, last(store, first).id, "void")[0] == 409
    assert press(desk, last(store, second).id, "move", printer="back")[0] == 303
    assert (last(store, second).printer, last(store, second).diverted_from) == ("back", "front")
    assert press(desk, last(store, second).id, "move", printer="nowhere")[0] == 404
    doubt = bring(store, third, clock, "uncertain")
    assert press(desk, doubt, "came-out")[0] == 303
    assert last(store, third).state == "uncertain" and paper_care.doubtful(store) == []
    assert press(desk, doubt, "came-out")[0] == 409
    assert press(desk, 999, "reprint")[0] == 404


def test_everything_that_waits_moves_to_another_printer(desk: FlaskClient, store: Store, clock: Clock) -> None:
    waiting = [take(store, clock, nonce) for nonce in "abc"]
    bring(store, waiting[0], clock, "sending")
    desk.post("/printer/front/move-all", data={"printer": "back"}, headers=SAME_ORIGIN)
    assert [last(store, ticket).printer for ticket in waiting] == ["front", "back", "back"]


def test_what_is_asked_for_at_the_desk_comes_out_there(desk: FlaskClient, store: Store, clock: Clock) -> None:
    printers.route(store, "at_desk", "back")
    ticket = take(store, clock)
    press(desk, bring(store, ticket, clock, "held"), "reprint")
    assert last(store, ticket).printer == "back"
    desk.post("/queue/issue", data={"line": "general", "nonce": "issued"}, headers=SAME_ORIGIN)
    assert paper_care.waiting(store)[-1].printer == "back"
    assert last(store, take(store, clock, "kiosk")).printer == "front"


def test_the_kiosk_never_sends_anybody_to_an_empty_slot(
    desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    kiosk.get("/")
    ticket = take(store, clock)
    page = f"/T/{ticket.token}/state"
    job_id = bring(store, ticket, clock, "held")
    html = kiosk.get(page).get_data(as_text=True)
    assert 'data-paper="held"' in html and "请到前台领取号票" in html and "请在下方取票" not in html
    press(desk, job_id, "reprint", printer="back")
    spool.claim(store, "back", clocks.to_text(clock()))
    spool.settle(store, last(store, ticket).id, "printed", clocks.to_text(clock()))
    html = kiosk.get(page).get_data(as_text=True)
    assert "请到前台领取号票" in html and "请在下方取票" not in html, "it was printed, but not here"


def test_the_numbers_without_a_ticket_are_listed_until_they_have_one(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    first, second, third = (take(store, clock, nonce) for nonce in "abc")
    bring(store, first, clock, "printed")
    bring(store, second, clock, "uncertain")
    html = desk.get("/printers/trouble").get_data(as_text=True)
    assert first.no not in html and second.no in html and third.no in html
    press(desk, last(store, second).id, "came-out")
    html = desk.get("/printers/trouble").get_data(as_text=True)
    assert second.no not in html and third.no in html


def test_everything_moves_however_much_waits(desk: FlaskClient, store: Store) -> None:
    for number in range(130):
        spool.enqueue(store, printer="front", kind="ticket", ref=f"ticket:{number + 100}", facts="{}", at="2026")
    desk.post("/printer/front/move-all", data={"printer": "back"}, headers=SAME_ORIGIN)
    assert (spool.unsettled(store, "front"), spool.unsettled(store, "back")) == (0, 130)


def test_a_copy_tells_a_called_visitor_nothing_of_people_ahead(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    press(desk, last(store, ticket).id, "reprint")
    paper = papers.from_json(
        "ticket", store.value("SELECT facts FROM print_jobs WHERE id = ?", [last(store, ticket).id])
    )
    assert isinstance(paper, papers.Ticket) and paper.ahead is None


def test_a_next_pressed_by_mistake_takes_no_paper_away(desk: FlaskClient, store: Store, clock: Clock) -> None:
    first, second = take(store, clock, "a"), take(store, clock, "b")
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert last(store, first).state == "void"
    desk.post("/queue/undo", data={"counter": "1", "holding": second.no}, headers=SAME_ORIGIN)
    assert (last(store, first).state, last(store, first).held) == ("queued", "called")
    assert "补打号票" in desk.get("/queue/counter").get_data(as_text=True)


def test_a_paper_stuck_in_a_printer_is_given_up_by_staff(desk: FlaskClient, store: Store, clock: Clock) -> None:
    ticket = take(store, clock)
    job_id = bring(store, ticket, clock, "sending")
    assert press(desk, job_id, "give-up")[0] == 409
    front = printers.find(store, "front")
    assert front is not None
    printers.note_state(store, front, "paper_out", "2026-11-23T02:24:00.000Z")
    assert "不再等待" in desk.get("/printers/state").get_data(as_text=True)
    assert press(desk, job_id, "give-up")[0] == 303
    assert last(store, ticket).state == "uncertain" and event(store, "give_up_paper")["subject_id"] == ticket.id
    assert press(desk, job_id, "reprint")[0] == 303


def test_a_centre_without_a_printer_gives_numbers_all_the_same(kiosk: FlaskClient, store: Store) -> None:
    store.execute("DELETE FROM printers")
    answer = kiosk.post("/check-in", data={"line": "general", "nonce": "n"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert 'data-ticket-no="A001"' in kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert kiosk.get("/").status_code == 200


def test_tickets_that_came_out_elsewhere_are_told_until_they_are_called(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    printers.save(store, "front", fallback="back")
    here, there = take(store, clock, "a"), take(store, clock, "b")
    assert paper_care.move(store, last(store, there).id, "back")
    at = clocks.to_text(clock())
    for ticket, printer in ((here, "front"), (there, "back")):
        spool.claim(store, printer, at)
        assert spool.settle(store, last(store, ticket).id, "printed", at)
    html = desk.get("/printers/trouble").get_data(as_text=True)
    assert 'data-elsewhere="back"' in html
    told = html[html.index("data-elsewhere") :]
    assert there.no in told and here.no not in told
    # A later copy at the kiosk's own printer is in the visitor's hands.
    press(desk, last(store, there).id, "reprint", printer="front")
    assert "data-elsewhere" not in desk.get("/printers/trouble").get_data(as_text=True)


def test_an_outdated_copy_is_offered_nowhere_again(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.dispatched()
    came_out = "UPDATE print_jobs SET state = 'printed', ended_at = queued_at, sending_at = queued_at"
    store.execute(f"{came_out} WHERE kind = 'work_order'")
    job = store.value("SELECT id FROM print_jobs WHERE part = ?", [f"{order.no}:worker"])
    offer = f'action="/papers/{job}/reprint"'
    assert offer in desk.get("/printers/state").get_data(as_text=True)
    life.bear(order.case_no, "paid")
    html = desk.get("/printers/state").get_data(as_text=True)
    assert f'data-job="{job}"' in html and offer not in html
    assert press(desk, job, "reprint")[0] in (409, 422)
