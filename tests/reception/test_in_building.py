"""Who is in the building now, who has left, and the roll that one press prints for an evacuation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from db import printers, spool
from db.store import Store
from reception import absence, clock_care, closing, departures, evacuation, in_building, papers, queue, staff, visits
from reception.in_building import GROUPS, HOST, LOBBY, STAFF, Person
from reception.permissions import BOX, KIOSK, TOKEN_HOLDER, Role
from reception.refusal import Refused
from reception.reveals import Reason
from reception.site import configure
from reception.wording import Words
from tests.conftest import Clock, actor
from tests.reception.life import Life

NAME, PHONE = "张建国", "13800005678"


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Who works there."""
    return Life(store, clock)


def come(made: Life, line: str = "general", **said: Any) -> str:
    made.count += 1
    return visits.check_in(made.store, line=line, nonce=f"v{made.count}", **said, by=KIOSK, now=made.now).no


def call(made: Life) -> str:
    ticket = queue.call_next(made.store, counter="1", by=made.desk, now=made.now)
    assert ticket is not None
    return ticket.no


def to_a_host(made: Life) -> str:
    """Somebody who came to see a department, and was done with at the counter."""
    no = come(made, host="maintenance", name=NAME, phone=PHONE)
    assert call(made) == no
    queue.complete(made.store, counter="1", holding=no, by=made.desk, now=made.now)
    return no


def inside(store: Store, clock: Clock, role: Role = Role.RECEPTIONIST, **asked: Any) -> dict[str, Person]:
    found = in_building.people(store, **asked, by=actor(store, role), now=clock())
    return {person.no or person.name: person for person in found}


def test_everybody_whose_number_is_not_done_with_is_inside(store: Store, clock: Clock, made: Life) -> None:
    missed, parked, served, gone = come(made), come(made), come(made), come(made)
    assert call(made) == missed
    absence.miss(store, counter="1", holding=missed, by=made.desk, now=made.now)
    assert call(made) == parked
    absence.park(store, counter="1", holding=parked, reason="phone", by=made.desk, now=made.now)
    assert call(made) == served
    queue.complete(store, counter="1", holding=served, by=made.desk, now=made.now)
    token = store.value("SELECT token FROM tickets WHERE no = ?", [gone])
    absence.cancel(store, token=token, by=TOKEN_HOLDER, now=made.now)
    called, waiting = come(made), come(made)
    assert call(made) == called
    found = inside(store, clock)
    assert set(found) == {missed, parked, called, waiting}
    assert found[called].where == Words("1号窗口", "Counter 1")
    assert found[missed].where.zh.startswith("过号") and found[parked].where.zh.startswith("稍后再叫")


def test_a_visitor_to_a_host_stays_inside_until_he_leaves(store: Store, clock: Clock, made: Life) -> None:
    no = to_a_host(made)
    person = inside(store, clock)[no]
    assert (person.group, person.name, person.phone, person.may_leave) == (HOST, "张**", "138****5678", True)
    assert store.value("SELECT state FROM visits") == "in_reception"
    for _ in range(2):
        departures.leave(store, ticket_no=no, by=made.desk, now=made.now)
        assert no not in inside(store, clock)
    row = store.row("SELECT state, left_at FROM visits")
    assert row is not None and row["state"] == "closed" and row["left_at"] is not None
    assert store.value("SELECT count(*) FROM events WHERE what = 'leave'") == 1


def test_the_counter_sends_somebody_on_to_a_host(store: Store, clock: Clock, made: Life) -> None:
    no = come(made)
    assert call(made) == no
    for holding, host, code in [(no, "nowhere", "department_unknown"), ("A999", "maintenance", "no_longer_held")]:
        with pytest.raises(Refused, match=code):
            departures.send_to_host(store, counter="1", holding=holding, host=host, by=made.desk, now=made.now)
    assert store.value("SELECT host FROM visits") is None
    departures.send_to_host(store, counter="1", holding=no, host="maintenance", by=made.desk, now=made.now)
    assert (inside(store, clock)[no].group, inside(store, clock)[no].where.en) == (HOST, "Maintenance")
    assert store.value("SELECT state FROM tickets") == "completed"


def test_he_says_himself_that_he_leaves(store: Store, clock: Clock, made: Life) -> None:
    no, waiting = to_a_host(made), come(made)
    tokens = {row["no"]: row["token"] for row in store.rows("SELECT no, token FROM tickets")}
    departures.leave_by_token(store, token=tokens[no], by=TOKEN_HOLDER, now=made.now)
    assert no not in inside(store, clock)
    with pytest.raises(Refused, match="at_a_counter"):
        departures.leave_by_token(store, token=tokens[waiting], by=TOKEN_HOLDER, now=made.now)


def test_whoever_gave_up_waiting_is_marked_gone_and_nobody_at_a_counter_is(
    store: Store, clock: Clock, made: Life
) -> None:
    no, other = come(made), come(made)
    departures.leave(store, ticket_no=no, by=made.desk, now=made.now)
    assert store.value("SELECT state FROM tickets WHERE no = ?", [no]) == "cancelled"
    assert call(made) == other
    for ticket, code in [(other, "at_a_counter"), ("A999", "ticket_unknown"), ("", "ticket_unknown")]:
        with pytest.raises(Refused, match=code):
            departures.leave(store, ticket_no=ticket, by=made.desk, now=made.now)


def test_the_undone_completion_of_a_visit_to_a_host(store: Store, clock: Clock, made: Life) -> None:
    no = come(made, host="maintenance")
    assert call(made) == no
    second = come(made)
    assert call(made) == second
    queue.undo_call(store, counter="1", holding=second, by=made.desk, now=made.now)
    assert inside(store, clock)[no].group == LOBBY


def test_the_close_of_the_day_ends_what_nobody_ended(store: Store, clock: Clock, made: Life) -> None:
    no = to_a_host(made)
    closing.close_day(store, day=closing.today(store, now=clock()), by=BOX, now=made.now)
    assert no not in inside(store, clock)
    assert store.value("SELECT state FROM visits") == "auto_closed", "未登记离开"


def test_midnight_empties_no_house(store: Store, clock: Clock, made: Life) -> None:
    configure(store, hours_work="00:00-24:00", hours_rest="00:00-24:00")
    clock.at = datetime(2026, 11, 23, 15, 55, tzinfo=UTC)
    missed, waiting = come(made), come(made)
    assert call(made) == missed
    absence.miss(store, counter="1", holding=missed, by=made.desk, now=made.now)
    assert {missed, waiting} <= inside(store, clock).keys()
    clock.forward(minutes=10)
    assert closing.today(store, now=clock()) == date(2026, 11, 24)
    assert closing.close_due(store, by=BOX, now=clock()) == []
    assert waiting in inside(store, clock) and missed not in inside(store, clock)
    # He goes home after midnight, and the desk can say so.
    departures.leave(store, ticket_no=waiting, by=made.desk, now=made.now)
    assert waiting not in inside(store, clock)


def test_a_guest_of_a_clock_that_ran_ahead_goes_home_too(store: Store, clock: Clock, made: Life) -> None:
    right = clock()
    clock.at = right + timedelta(days=400)
    no = to_a_host(made)
    clock.at = right + timedelta(minutes=5)
    clock_care.correct(store, by=actor(store, Role.MANAGER), now=clock())
    assert inside(store, clock)[no].group == HOST
    departures.leave(store, ticket_no=no, by=made.desk, now=made.now)
    assert no not in inside(store, clock)
    no = to_a_host(made)
    store.execute("UPDATE visits SET arrived_at = ? WHERE left_at IS NULL", ["2028-01-01T00:00:00.000Z"])
    closing.close_day(store, day=closing.today(store, now=clock()), by=BOX, now=made.now)
    assert no not in inside(store, clock)


def test_staff_are_inside_while_their_sessions_live(store: Store, clock: Clock, made: Life) -> None:
    for _ in range(2):
        staff.open_session(store, made.desk, made.now)
    person = inside(store, clock)[made.desk.name]
    assert (person.group, person.phone) == (STAFF, "")
    clock.forward(minutes=16)
    assert made.desk.name not in inside(store, clock)


def test_names_are_masked_but_for_a_press_that_is_written_down(store: Store, clock: Clock, made: Life) -> None:
    no = to_a_host(made)
    assert inside(store, clock)[no].name == "张**"
    found = in_building.reveal(store, why=Reason("asked"), by=made.desk, now=made.now)
    assert [(person.name, person.phone) for person in found if person.no == no] == [(NAME, PHONE)]
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal_inside'") == 1


def test_whom_one_role_hears_is_on_no_list_but_gets_out_of_the_house(store: Store, clock: Clock, made: Life) -> None:
    no = come(made, "heard-by-head", name=NAME, phone=PHONE)
    assert inside(store, clock) == {} and no in inside(store, clock, Role.SERVICE_HEAD)
    (hidden,) = in_building.reveal(store, why=Reason("asked"), by=made.desk, now=made.now)
    assert (hidden.no, hidden.name, hidden.phone, hidden.where) == ("", "", "", GROUPS[LOBBY])
    assert roll(made).people == (evacuation.SOMEBODY,)
    with pytest.raises(Refused, match="ticket_unknown"):
        departures.leave(store, ticket_no=no, by=made.desk, now=made.now)


def test_others_add_whom_they_know_of(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    guest = Person(HOST, "", "李四", "", "2026-11-23T02:00:00.000Z", Words("会议室", "Meeting room"))
    monkeypatch.setattr(in_building, "READERS", [*in_building.READERS, lambda store, by, now: [guest]])
    assert set(inside(store, clock)) == {"李*"}


def roll(made: Life, nonce: str = "") -> papers.EvacuationRoll:
    """Print the roll, and return its facts as they stand in the spool."""
    made.count += 1
    job = evacuation.print_roll(made.store, nonce=nonce or f"r{made.count}", by=made.desk, now=made.now)
    facts = made.store.value("SELECT facts FROM print_jobs WHERE id = ?", [job])
    paper = papers.from_json("evacuation_roll", facts)
    assert isinstance(paper, papers.EvacuationRoll)
    return paper


def test_the_roll_bears_whole_names_and_goes_before_everything(store: Store, clock: Clock, made: Life) -> None:
    to_a_host(made)
    no = come(made)
    paper = roll(made, "once")
    assert paper.people == (no, f"{NAME} {PHONE}") and paper.count == 2
    roll(made, "once")
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'evacuation_roll'") == 1
    assert store.value("SELECT count(*) FROM events WHERE what = 'print_evacuation'") == 1
    job = spool.claim(store, "front", "2026-11-23T02:25:00.000Z")
    assert job is not None and job.kind == "evacuation_roll", "tickets have waited longer"


def test_the_roll_goes_to_a_printer_that_works(
    store: Store, clock: Clock, made: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    printers.save(store, "back", address="tcp://127.0.0.1:9101")
    printers.route(store, "at_desk", "back")
    # Without any worker both are in trouble: then it is the desk's.
    roll(made)
    monkeypatch.setattr("db.printers.pulse.listening", lambda folder, name: name == "print-front")
    roll(made)
    assert [row[0] for row in store.rows("SELECT printer FROM print_jobs WHERE urgent = 1")] == ["back", "front"]


def test_a_roll_that_did_not_come_out_waits_for_staff(store: Store, clock: Clock, made: Life) -> None:
    roll(made)
    assert spool.claim(store, "front", "2026-11-23T02:40:00.000Z") is None
