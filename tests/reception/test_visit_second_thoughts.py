"""Of the visit day: a wrong press is taken back, nothing that was decided is left behind, a new wording is printed."""

import sqlite3
from typing import Any

import pytest

from db import paper_care
from db.store import Store, writing
from reception import (
    booking_changes,
    booking_facts,
    booking_steps,
    bookings,
    cases,
    papers,
    resolutions,
    session_calls,
    session_talks,
    sign_reminders,
    signing,
    visit_day_session,
    visit_days,
)
from reception.booking_owners import Proof
from reception.cases import Case
from reception.refusal import Refused
from tests.conftest import Clock
from tests.reception.session_life import SessionLife
from tests.reception.test_session import code_of, later_day, rebook


@pytest.fixture
def made(store: Store, clock: Clock) -> SessionLife:
    life = SessionLife(store, clock, guests=2)
    life.at("10:00")
    life.check_in(life.guests[0])
    return life


def decide(made: SessionLife, case: Case, nonce: str = "one") -> None:
    said: dict[str, Any] = {"opinion": "由工程部上门", "department": "maintenance", "due_on": "2026-12-18"}
    resolutions.decide(made.store, no=case.no, nonce=nonce, **said, by=made.desk, now=made.now)


def take_back(made: SessionLife) -> Case:
    return session_talks.take_back(made.store, holding=made.holding, by=made.desk, now=made.now)


def test_a_beginning_by_mistake_does_not_hold_the_room(made: SessionLife) -> None:
    made.call()
    assert code_of(take_back, made) == "talk_not_begun"
    made.begin()
    made.clock.forward(minutes=4)
    assert take_back(made).state == "checked_in" and made.holding == "H001"
    assert made.store.value("SELECT count(*) FROM visit_day_meetings") == 0
    # He is only called: whoever did not come goes behind, whoever comes is received from now on.
    session_calls.miss(made.store, holding="H001", by=made.desk, now=made.now)
    session_calls.back(made.store, ticket_no="H001", by=made.desk, now=made.now)
    assert made.receive().state == "supervised"
    assert made.store.value("SELECT count(*) FROM visit_day_meetings") == 1


def test_what_was_decided_in_a_talk_is_not_taken_back(made: SessionLife) -> None:
    made.call()
    made.begin()
    decide(made, made.guests[0])
    assert code_of(take_back, made) == "talk_decided"
    assert made.again(made.guests[0]).state == "met"


def test_a_decision_that_was_not_read_is_never_left_behind(made: SessionLife) -> None:
    case = made.guests[0]
    decide(made, case)
    assert code_of(rebook, made, case) == "decision_unread"
    away: dict[str, Any] = {"no": case.no, "reason": "不来了", "by": made.desk, "now": made.now}
    assert code_of(booking_steps.withdraw, made.store, **away) == "decision_unread"
    for state in ("withdrawn", "no_show", "admitted"):
        with pytest.raises(sqlite3.IntegrityError, match="nobody watches"), writing(made.store):
            made.store.execute("UPDATE cases SET state = ? WHERE id = ?", [state, case.id])
    # Called and not there: no no-show, but on the list until it is read, or noted that he has left.
    made.call()
    session_calls.miss(made.store, holding="H001", by=made.desk, now=made.now)
    made.at("12:30")
    assert made.tick() == (0, 1)
    assert [one.no for one in visit_day_session.left_over(made.store, by=made.desk)] == [case.no]
    found = resolutions.read_back(made.store, no=case.no, signed="absent", by=made.desk, now=made.now)
    assert found.state == "supervised"
    assert visit_day_session.left_over(made.store, by=made.desk) == []


def test_a_deputy_of_another_department_gives_another_day(made: SessionLife) -> None:
    case = made.guests[0]
    with writing(made.store):
        made.store.execute(
            "UPDATE visit_days SET deputy_id = ?, deputy_reason = '出差' WHERE id = ?",
            [made.maintenance.id, made.day.id],
        )
    said: dict[str, Any] = {"no": case.no, "day": later_day(made), "starts": "", "reason": "时间不够"}
    found = session_talks.rebook(made.store, **said, by=made.maintenance, now=made.now)
    assert booking_facts.details(made.store, found).visit_day_on == later_day(made)
    # Where he does not sit in the session he gives none.
    with pytest.raises(Refused):
        session_talks.rebook(made.store, **said, by=made.maintenance, now=made.now)


def test_a_new_wording_prints_a_new_slip_and_hides_no_change_that_is_still_to_be_told(
    store: Store, clock: Clock
) -> None:
    made = SessionLife(store, clock)
    case = made.admitted()

    def slips() -> list[tuple[str, str]]:
        found = paper_care.of_ref(store, cases.ref(case))
        return sorted((one.part, one.state) for one in found if one.kind == papers.VisitDaySlip.KIND)

    signing.reword(store, no=case.no, matter="地面车位", reason="业主更正", by=made.desk, now=made.now)
    assert slips() == [("", "void"), ("2", "queued")]
    # Told by one list, not by two.
    assert booking_changes.untold(store, by=made.desk) == []
    assert [one.case.no for one in sign_reminders.owners_to_tell(store, by=made.desk, now=made.now)] == [case.no]
    booking_steps.change(store, no=case.no, day="", starts="11:00", reason="业主要求", by=made.desk, now=made.now)
    signing.reword(store, no=case.no, matter="门口车位", reason="业主更正", by=made.desk, now=made.now)
    assert [one.no for one in booking_changes.untold(store, by=made.desk)] == [case.no]
    assert booking_facts.details(store, case).edition == 4


def test_who_walked_in_has_no_cut_off(made: SessionLife) -> None:
    form = {"nonce": "walk", "name": "李秀英", "phone": "13800001234", "unit": "1-1-301", "matter": "噪声"}
    case = bookings.book_walk_in(made.store, **form, proof=Proof("papers"), by=made.desk, now=made.now)
    (one,) = sign_reminders.walked_in(made.store, by=made.manager, now=made.now)
    assert (one.case.no, one.due_at, one.late) == (case.no, "", False)
    assert visit_days.on(made.store, made.day.actual_on) == made.day
