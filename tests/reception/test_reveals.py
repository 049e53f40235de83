"""Looks at whole names: each with a reason, none asked of who serves the visitor, all read by the manager."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    appointment_arrivals,
    case_search,
    cases,
    evacuation,
    events,
    follow_up_desk,
    home_files,
    in_building,
    known_faults,
    persons,
    practice,
    queue,
    repairs,
    reprints,
    reveals,
    sign_records,
    tickets,
    visit_form,
    visits,
)
from reception.cases import Case
from reception.complaints import register as complain
from reception.permissions import KIOSK, Actor, Role
from reception.person_rows import Person
from reception.refusal import Refused
from reception.reveals import Reason
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.session_life import SessionLife
from tests.reception.sign_life import SignLife
from tests.reception.visitors import Visitors

NAME, PHONE, HOME = "张建国", "13800005678", "1-1-101"


def look(store: Store, clock: Clock, case: Case, why: Reason, role: Role = Role.SERVICE_HEAD) -> Case:
    return cases.reveal(store, case.no, why=why, by=actor(store, role), now=clock.forward(seconds=30))


@pytest.fixture
def case(store: Store, clock: Clock) -> Case:
    return repairs.register(
        store,
        nonce="r",
        category="water",
        urgency="urgent",
        content="厨房漏水",
        by=actor(store, Role.RECEPTIONIST),
        now=clock(),
        name=NAME,
        phone=PHONE,
        unit=HOME,
    )


@pytest.mark.parametrize(
    ("why", "code"),
    [
        (Reason(), "reveal_reason_missing"),
        (Reason("curious"), "reveal_reason_missing"),
        (Reason("other"), "reveal_words_missing"),
        (Reason("other", "  "), "reveal_words_missing"),
        (Reason("other", "x" * 81), "text_too_long"),
        (Reason("other", "110101199003074477"), "id_number"),
    ],
)
def test_nobody_looks_without_a_reason(store: Store, clock: Clock, case: Case, why: Reason, code: str) -> None:
    with pytest.raises(Refused, match=code):
        look(store, clock, case, why)
    assert store.value("SELECT count(*) FROM events WHERE what = 'reveal'") == 0


def test_the_reason_stands_in_the_event_as_a_code_and_its_words_apart(store: Store, clock: Clock, case: Case) -> None:
    assert look(store, clock, case, Reason("other", "邻居家漏水，找他关阀门")).phone == PHONE
    (event,) = store.rows("SELECT detail FROM events WHERE what = 'reveal'")
    assert '"other"' in event["detail"] and "邻居" not in event["detail"]
    manager = actor(store, Role.MANAGER)
    (seen,) = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    assert (seen.no, seen.words, seen.reason) == (case.no, "邻居家漏水，找他关阀门", reveals.REASONS["other"])
    for change in ("DELETE FROM reveals", "UPDATE reveals SET reason = 'asked', words = ''"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.execute(change)


def test_who_serves_the_visitor_sees_his_case_whole_and_is_asked_nothing(
    store: Store, clock: Clock, case: Case
) -> None:
    # A colleague, who does not hold it.
    helper = actor(store, Role.ASSISTANT)
    # As the kiosk asks: the home, and the end of a telephone.
    ticket = check_in(store, line="repair", nonce="t", phone=PHONE[-4:], unit=HOME, by=KIOSK, now=clock())
    assert not cases.find(store, case.no, by=helper).whole
    called = queue.call_next(store, counter="1", by=helper, now=clock.forward(minutes=1))
    assert called is not None and called.no == ticket.no
    assert cases.find(store, case.no, by=helper).phone == PHONE
    assert not cases.find(store, case.no, by=actor(store, Role.SERVICE_HEAD)).whole
    assert look(store, clock, case, Reason(), Role.ASSISTANT).whole
    assert store.value("SELECT count(*) FROM reveals") == 0
    store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at WHERE id = ?", [ticket.id])
    assert tickets.by_id(store, ticket.id).state == "completed"
    assert not cases.find(store, case.no, by=helper).whole


def test_who_looks_too_often_is_shown_to_the_manager(store: Store, clock: Clock, case: Case) -> None:
    manager = actor(store, Role.MANAGER)
    for number in range(reveals.UNUSUAL + 1):
        assert not reveals.unusual(store, since="", until="", by=manager, now=clock()), number
        look(store, clock, case, Reason("asked"))
    (one,) = reveals.unusual(store, since="", until="", by=manager, now=clock())
    assert one.count == reveals.UNUSUAL + 1


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [("x", "", "date_invalid"), ("2026-12-02", "2026-12-01", "dates_reversed"), ("", "9999-12-31", "date_invalid")],
)
def test_a_period_that_is_none_is_refused(store: Store, clock: Clock, since: str, until: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        reveals.listed(store, person="", since=since, until=until, by=actor(store, Role.MANAGER), now=clock())


# Every act that shows whole names elsewhere: what it records, and how it is done to `no`, a booking, or else.
ACTS: dict[str, tuple[str, Callable[..., Any]]] = {
    "case": ("reveal", lambda s, no, **asked: cases.reveal(s, no, **asked)),
    "sign form": ("reveal", lambda s, no, **asked: sign_records.reveal(s, no=no, **asked)),
    "visit form": ("reveal", lambda s, no, **asked: visit_form.reveal(s, no=no, **asked)),
    "home": ("reveal_home", lambda s, no, **asked: home_files.reveal(s, HOME, **asked)),
    "fault": ("reveal_fault", lambda s, no, **asked: known_faults.reveal(s, fault_id="1", **asked)),
    "inside": ("reveal_inside", lambda s, no, **asked: in_building.reveal(s, **asked)),
}


@pytest.mark.parametrize("act", ACTS)
def test_each_act_that_shows_a_name_asks_why_and_is_listed(store: Store, clock: Clock, act: str) -> None:
    made = SignLife(store, clock)
    no = made.book().no
    fault = {"area": "building", "building": "3", "cause": "water", "what": "爆管", "expected_at": "2026-12-30T16:00"}
    known_faults.declare(store, nonce="f", **fault, by=made.desk, now=made.now)
    what, look_at = ACTS[act]
    for why, code in ((Reason(), "reveal_reason_missing"), (Reason("other"), "reveal_words_missing")):
        with pytest.raises(Refused, match=code):
            look_at(store, no, why=why, by=made.head, now=made.now)
    assert store.value("SELECT count(*) FROM events WHERE what = ?", [what]) == 0
    look_at(store, no, why=Reason("oversight"), by=made.head, now=made.now)
    (seen,) = reveals.listed(store, person="", since="", until="", by=made.manager, now=made.now)
    assert (seen.what, seen.reason) == (reveals.WHATS[what], reveals.REASONS["oversight"])


def test_a_roll_for_the_fire_asks_nothing_and_is_listed(store: Store, clock: Clock) -> None:
    manager = actor(store, Role.MANAGER)
    evacuation.print_roll(store, nonce="e", by=actor(store, Role.RECEPTIONIST), now=clock())
    (seen,) = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    assert (seen.what, seen.reason) == (reveals.WHATS["print_evacuation"], reveals.REASONS["danger"])


def test_a_look_at_what_is_sealed_is_listed_to_nobody_whom_it_is_sealed_from(store: Store, clock: Clock) -> None:
    manager, admin = actor(store, Role.MANAGER), actor(store, Role.ADMINISTRATOR)
    sealed = complain(
        store, nonce="s", name=NAME, phone=PHONE, category="service", facts="收了红包", hears="manager", by=manager,
        now=clock(),
    )  # fmt: skip
    with writing(store):
        for _ in range(reveals.UNUSUAL + 1):
            reveals.record(store, "reveal", "case", sealed.id, why=Reason("oversight"), by=manager, at=clock())

    def told(by: Actor, at: datetime) -> tuple[int, int]:
        asked: dict[str, Any] = {"since": "", "until": "", "by": by, "now": at}
        return len(reveals.listed(store, person="", **asked)), len(reveals.unusual(store, **asked))

    assert (told(manager, clock()), told(admin, clock())) == ((reveals.UNUSUAL + 1, 1), (0, 0))


def test_a_telephone_that_he_typed_himself_opens_no_other_matter(store: Store, clock: Clock, case: Case) -> None:
    helper = actor(store, Role.ASSISTANT)
    ticket = check_in(store, line="repair", nonce="t", by=KIOSK, now=clock.forward(minutes=1))
    queue.call_next(store, counter="1", by=helper, now=clock.forward(minutes=1))
    with writing(store):
        person = visits.particulars(store, name=NAME, phone=PHONE, by=helper)
        visits.remember(store, ticket.visit_id, person, by=helper, at=clock())
    assert visits.visitor(store, tickets.by_id(store, ticket.id), by=helper).phone == PHONE
    assert not cases.find(store, case.no, by=helper).whole


TYPED = {"whole": PHONE, "end": PHONE[-4:]}


@pytest.mark.parametrize(
    ("by", "typed", "unit", "opens"),
    [
        (KIOSK, "end", HOME, True),
        (KIOSK, "whole", HOME, True),
        # Anybody can type another's number at the kiosk.
        (KIOSK, "whole", "", False),
        (KIOSK, "whole", "1-1-102", False),
        (Role.ASSISTANT, "end", HOME, False),
        (Role.ASSISTANT, "whole", "", False),
        (Role.RECEPTIONIST, "end", HOME, True),
        (Role.RECEPTIONIST, "whole", "", False),
    ],
)
def test_only_whom_home_and_telephone_recognise_brings_his_other_matters(
    store: Store, clock: Clock, case: Case, by: Actor | Role, typed: str, unit: str, opens: bool
) -> None:
    helper = actor(store, Role.ASSISTANT)
    door = by if isinstance(by, Actor) else actor(store, by)
    ticket = check_in(store, line="repair", nonce="t", phone=TYPED[typed], unit=unit, by=door, now=clock())
    assert store.value("SELECT phone_by FROM visits") == door.id
    queue.call_next(store, counter="1", by=helper, now=clock.forward(minutes=1))
    assert visits.visitor(store, tickets.by_id(store, ticket.id), by=helper).phone == PHONE
    assert cases.find(store, case.no, by=helper).whole is opens
    # Asked again at the counter, with the home that he knows by now: it stays as it was.
    with writing(store):
        person = visits.particulars(store, name=NAME, phone=PHONE, unit=HOME, by=helper)
        visits.remember(store, ticket.visit_id, person, by=helper, at=clock())
    assert cases.find(store, case.no, by=helper).whole is opens


@pytest.mark.parametrize("by", [Role.ASSISTANT, Role.RECEPTIONIST, KIOSK])
def test_a_booking_under_his_telephone_opens_no_other_matter(
    store: Store, clock: Clock, case: Case, by: Actor | Role
) -> None:
    made, helper = Visitors(store, clock), actor(store, Role.ASSISTANT)
    booked = made.book(name="某人", phone=PHONE, by=helper)
    door = by if isinstance(by, Actor) else actor(store, by)
    ticket = appointment_arrivals.arrive_by(store, who=booked.no, by=door, now=clock())
    queue.call_one(store, counter="1", ticket_no=ticket.no, reason="resumed", by=helper, now=clock.forward(minutes=1))
    assert cases.find(store, booked.no, by=helper).whole
    assert not cases.find(store, case.no, by=helper).whole


def test_a_place_of_the_visit_day_under_his_telephone_opens_no_other_matter(store: Store, clock: Clock) -> None:
    made = SessionLife(store, clock)
    booked = made.admitted(made.book(name="某人", phone=PHONE))
    life = Life(store, clock)
    life.desk = life.assistant
    case = life.register()
    made.at("10:00")
    assert made.scan(booked) and made.call() and store.value("SELECT served_by FROM tickets") == made.desk.id
    assert not cases.find(store, case.no, by=made.desk).whole


def _call(store: Store, life: Life) -> Case:
    return follow_up_desk.take(store, no=life.signed().case_no, by=life.assistant, now=life.now)


def _paper_of_order(store: Store, life: Life) -> Case:
    order = life.dispatched()
    practice.come_out(store, now=life.now)
    (job,) = store.rows("SELECT id FROM print_jobs WHERE kind = 'work_order' AND part LIKE '%worker%'")
    reprints.reprint(store, job_id=str(job[0]), nonce="p", by=life.assistant, now=life.now)
    return cases.find(store, order.case_no, by=life.desk)


@pytest.mark.parametrize(("what", "work"), [("take_call", _call), ("reprint", _paper_of_order)])
def test_what_work_shows_is_listed_and_counted_without_a_press(
    store: Store, clock: Clock, what: str, work: Callable[[Store, Life], Case]
) -> None:
    life, manager = Life(store, clock), actor(store, Role.MANAGER)
    no = work(store, life).no
    (seen,) = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    assert (seen.no, seen.what, seen.by_name, seen.of_case) == (no, reveals.WHATS[what], life.assistant.name, True)
    for _ in range(reveals.UNUSUAL):
        with writing(store):
            reveals.note(store, what, "case", 1, reason=reveals.REPRINT, by=life.assistant, at=clock())
    (one,) = reveals.unusual(store, since="", until="", by=manager, now=clock())
    assert (one.by_name, one.count) == (life.assistant.name, reveals.UNUSUAL + 1)


def test_all_that_is_kept_of_one_person_is_listed_too(store: Store, clock: Clock, case: Case) -> None:
    manager, who = actor(store, Role.MANAGER), Person(PHONE, None, None)
    check_in(store, line="repair", nonce="t", name="林晚晴", phone=PHONE, by=KIOSK, now=clock())
    asked: dict[str, Any] = {"reason": "request", "by": manager, "now": clock()}
    assert len(persons.candidates(store, who, **asked)) == 2
    persons.look_up(store, who, **asked)
    persons.export(store, who, **asked)
    seen = reveals.listed(store, person="", since="", until="", by=manager, now=clock())
    whats = [reveals.WHATS[what] for what in ("export_person", "see_person", "find_person")]
    assert [(one.what, one.reason) for one in seen] == [(what, persons.REASONS["request"]) for what in whats]


def test_nobody_says_himself_that_his_work_shows_it(store: Store, clock: Clock, case: Case) -> None:
    for code in reveals.KNOWN.keys() - reveals.REASONS.keys():
        with pytest.raises(Refused, match="reveal_reason_missing"):
            look(store, clock, case, Reason(code))


def test_a_paper_that_names_nobody_whole_or_its_holder_prints_is_no_look(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    life.dispatched()
    practice.come_out(store, now=life.now)
    for job in store.rows("SELECT id, part FROM print_jobs"):
        whole = "worker" in job["part"]
        reprints.reprint(
            store, job_id=str(job["id"]), nonce=f"p{job['id']}", by=life.desk if whole else life.assistant, now=life.now
        )
    assert store.value("SELECT count(*) FROM events WHERE what = 'reprint'") > 1
    assert store.value("SELECT count(*) FROM reveals") == 0


@pytest.mark.parametrize(("query", "how"), [(PHONE, "phone"), (PHONE[-4:], "tail"), (NAME, "name"), ("zjg", "name")])
def test_who_searches_for_people_is_written_down_and_never_whom(
    store: Store, clock: Clock, case: Case, query: str, how: str
) -> None:
    by, manager = actor(store, Role.ASSISTANT), actor(store, Role.MANAGER)
    found = case_search.search(store, query, by=by, now=clock())
    assert HOME in [unit.label for unit in found.units]
    (event,) = store.rows("SELECT * FROM events WHERE what = ?", [reveals.SEARCH])
    told = {"how": how, "count": len(found.cases) + len(found.units)}
    assert (event["by_id"], event["detail"]) == (by.id, json.dumps(told))
    for _ in range(reveals.UNUSUAL_SEARCHES):
        assert reveals.unusual(store, since="", until="", by=manager, now=clock()) == []
        case_search.search(store, query, by=by, now=clock.forward(seconds=20))
    (one,) = reveals.unusual(store, since="", until="", by=manager, now=clock())
    assert (one.by_name, one.count, one.searches) == (by.name, reveals.UNUSUAL_SEARCHES + 1, True)
    # No look at a name: the list of those stays readable.
    assert reveals.listed(store, person="", since="", until="", by=manager, now=clock()) == []


def test_a_search_by_a_number_or_a_home_is_about_nobody(store: Store, clock: Clock, case: Case) -> None:
    for query in (case.no, case.token, HOME):
        case_search.search(store, query, by=actor(store, Role.ASSISTANT), now=clock())
    assert store.value("SELECT count(*) FROM events WHERE what = ?", [reveals.SEARCH]) == 0


def test_a_number_that_no_store_keeps_is_nobody_s(store: Store, clock: Clock) -> None:
    by = actor(store, Role.MANAGER)
    assert reveals.listed(store, person="9" * 30, since="", until="", by=by, now=clock()) == []


def test_a_clock_that_was_set_back_hides_no_look(store: Store, clock: Clock) -> None:
    """The period ends with the day of what was written last, which a clock that runs behind has not reached."""
    last = reveals.days(store, since="", until="", now=clock())[1]
    with writing(store):
        events.record(store, "see_home", "unit", 1, by=actor(store, Role.MANAGER), at=clock() + timedelta(days=3))
    assert reveals.days(store, since="", until="", now=clock())[1] == last + timedelta(days=3)
