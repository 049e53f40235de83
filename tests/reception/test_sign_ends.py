"""Past the chain: who walked in, who is not admitted; reminders, the cut-off, and which owners are to be told."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    booking_facts,
    booking_steps,
    cases,
    clock_care,
    clocks,
    complaint_facts,
    feedback,
    repairs,
    sign_chain,
    sign_reminders,
    sign_rows,
    signing,
    visit_day_figures,
    visit_days,
    visit_slots,
)
from reception.cases import Case
from reception.permissions import BOX, Actor
from reception.rules import clock as times
from reception.rules import deadlines
from reception.sign_chain import ChainStep
from reception.sign_rows import Given
from reception.site import configure, site
from tests.conftest import Clock
from tests.reception.refusing import refused
from tests.reception.sign_life import BY_THEN, SignLife
from tests.reception.test_signing import told

CUT_OFF = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    configure(store, hours_work="08:30-17:30", hours_rest="")
    return SignLife(store, clock)


def walked_in(made: SignLife) -> Case:
    case = made.under_review()
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET walk_in = 1 WHERE case_id = ?", [case.id])
    return case


def admit(made: SignLife, case: Case, by: Actor, **other: Any) -> Case:
    said = {"opinion": "当场接待", "department": "service", "deadline_on": BY_THEN} | other
    return signing.admit_walk_in(made.store, no=case.no, **said, by=by, now=made.now)


def test_the_manager_alone_admits_who_walked_in(made: SignLife) -> None:
    case = walked_in(made)
    refused("walk_in_manager_signs", made.reviewed, case)
    made.deputy("", "liuyang", made.manager)
    for who in (made.assistant, made.head, made.desk, made.maintenance):
        refused("not_permitted", admit, made, case, who)
    refused("opinion_missing", admit, made, case, made.manager, opinion="")
    refused("deadline_after_today", admit, made, case, made.manager, deadline_on="2026-11-23")
    refused("not_a_walk_in", admit, made, made.under_review(), made.manager)
    assert admit(made, case, made.manager).state == "admitted"
    assert [(one.step, one.for_name, one.by_name) for one in signing.of_case(made.store, case.id)] == [
        ("manager", "周明", "周明")
    ]
    made.signed()
    day = booking_facts.details(made.store, case).day
    assert visit_day_figures.of_day(made.store, day, by=made.manager, at=made.now)["counts"]["walk_in"] == 1
    refused("step_not_now", admit, made, case, made.manager)


@pytest.mark.parametrize("how", ["on_behalf", "on_paper"])
def test_the_store_knows_the_managers_own_hand(made: SignLife, how: str) -> None:
    case = walked_in(made)
    made.deputy("", "liuyang", made.manager)
    with pytest.raises(sqlite3.IntegrityError, match="without every signature"), writing(made.store):
        booking = booking_facts.details(made.store, case)
        at = made.now
        row = sign_rows.ask(made.store, case, booking, [ChainStep("manager", 4)], [], at)["manager"]
        by = made.assistant if how == "on_behalf" else made.desk
        said = Given("同意", "service", BY_THEN)
        sign_rows.put(made.store, row, "agreed", said, whose=made.manager.id or 0, by=by, at=at, **{how: True})
        cases.move(made.store, case, "admitted", "admit_walk_in", by=made.manager, at=at)


def test_an_owner_is_known_before_he_walks_in_to_the_manager(made: SignLife) -> None:
    case = walked_in(made)
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET ownership = 'unchecked' WHERE case_id = ?", [case.id])
    refused("ownership_unchecked", admit, made, case, made.manager)


def refuse(made: SignLife, case: Case, by: Actor, nonce: str = "r", **other: Any) -> Case:
    said = {"reason": "先由工程部答复", "channel": "phone", "becomes": "complaint", "category": "parking"} | other
    return signing.refuse(made.store, no=case.no, nonce=nonce, **said, by=by, now=made.now)


@pytest.mark.parametrize("becomes", ["complaint", "repair"])
@pytest.mark.parametrize("ready", ["under_review", "reviewed", "heads_signed"])
def test_who_is_not_admitted_gets_a_case_and_the_reason(made: SignLife, becomes: str, ready: str) -> None:
    case: Case = getattr(made, ready)()
    category = "parking" if becomes == "complaint" else "water"
    papers = made.store.value("SELECT count(*) FROM print_jobs")
    done = refuse(made, case, made.manager, becomes=becomes, category=category)
    assert done.state == "not_admitted" and done.closed_at
    row = made.store.row("SELECT id FROM cases WHERE spawned_from = ?", [case.id])
    assert row is not None
    spawned = cases.whole(made.store, row["id"])
    assert (spawned.kind, spawned.source, spawned.name, spawned.phone) == (becomes, "case", case.name, case.phone)
    assert spawned.unit == case.unit
    facts = (complaint_facts.details(made.store, spawned).facts if becomes == "complaint"
             else repairs.details(made.store, spawned).content)  # fmt: skip
    assert facts == "地下车库车位"
    notice = feedback.of_case(made.store, case.id)[-1]
    assert notice.about == "result" and "先由工程部答复" in notice.text and spawned.no in notice.text
    assert visit_slots.of_case(made.store, case.id) is None and not booking_facts.details(made.store, case).live
    assert {one.state for one in signing.of_case(made.store, case.id)} <= {"void"}
    assert made.store.value("SELECT count(*) FROM print_jobs") > papers, "the receipt of the new case"
    assert refuse(made, case, made.manager, becomes=becomes, category=category).id == case.id, "a second tap"
    assert made.store.value("SELECT count(*) FROM cases WHERE spawned_from = ?", [case.id]) == 1
    refused("step_not_now", refuse, made, case, made.manager, nonce="other")


def test_a_refusal_that_cannot_be_leaves_everything(made: SignLife) -> None:
    case = made.reviewed()
    for code, wrong in (
        ("reason_missing", {"reason": " "}),
        ("channel_unknown", {"channel": "pigeon"}),
        ("becomes_unknown", {"becomes": "song"}),
        ("category_unknown", {"category": "weather"}),
        ("category_unknown", {"becomes": "repair", "category": "parking"}),
        ("urgency_unknown", {"becomes": "repair", "category": "water", "urgency": "never"}),
        ("nonce_missing", {"nonce": ""}),
        ("text_too_long", {"reason": "x" * 401}),
    ):
        refused(code, refuse, made, case, made.head, **wrong)
    for who in (made.desk, made.maintenance):
        refused("not_permitted", refuse, made, case, who)
    assert cases.whole(made.store, case.id).state == "signing"
    assert made.store.value("SELECT count(*) FROM cases") == 1
    assert made.store.value("SELECT count(*) FROM feedback_notices") == 0
    refused("step_not_now", refuse, made, made.signed(), made.manager)
    refuse(made, case, made.manager, nonce="n" * 128, reason="y" * 400)


def test_the_freed_home_may_book_again(made: SignLife) -> None:
    case = made.under_review()
    refuse(made, case, made.head)
    assert case.unit is not None
    assert made.book(unit=case.unit.label).state


def test_signing_ends_one_working_day_before_the_visit_day(made: SignLife) -> None:
    day = booking_facts.details(made.store, made.under_review()).day
    # Friday 4 December; until 17:30 on Thursday.
    assert sign_chain.cut_off(made.store, day) == CUT_OFF
    configure(made.store, visit_day_sign_working_days=5)
    assert times.local_day(sign_chain.cut_off(made.store, day), site(made.store).zone).isoformat() == "2026-11-27"
    configure(made.store, visit_day_sign_working_days=0)
    assert times.local_day(sign_chain.cut_off(made.store, day), site(made.store).zone) == day.actual_on


def test_half_time_is_counted_in_opening_hours(made: SignLife) -> None:
    case = made.reviewed()
    row = made.store.row("SELECT asked_at, remind_at, due_at FROM endorsements WHERE case_id = ?", [case.id])
    assert row is not None and times.from_text(row["due_at"]) == CUT_OFF
    begin, half = times.from_text(row["asked_at"]), times.from_text(row["remind_at"])
    table = clocks.timetable(made.store, site(made.store), since=begin)
    spans = [deadlines.open_time(*pair, table).total_seconds() for pair in ((begin, half), (half, CUT_OFF))]
    assert abs(spans[0] - spans[1]) <= 120
    assert sign_chain.half_time(made.store, CUT_OFF, CUT_OFF) == CUT_OFF
    assert sign_chain.half_time(made.store, CUT_OFF, begin) == CUT_OFF


def test_who_has_not_signed_is_reminded_once_at_half_time(made: SignLife, clock: Clock) -> None:
    case = made.reviewed()
    made.sign(case, made.maintenance, "departments", "maintenance")
    assert made.watch() == (0, 0)
    clock.forward(days=5)
    assert made.watch() == (1, 0) and made.watch() == (0, 0)
    assert told(made, case, made.security) == ["to_sign", "sign_soon"]
    assert told(made, case, made.maintenance) == ["to_sign"] and told(made, case, made.manager) == []
    made.deputy("", "liuyang", made.head)
    made.sign(case, made.security, "departments", "security")
    # It is past half time already: asked and reminded, and whoever stands in with him.
    assert told(made, case, made.head) == told(made, case, made.assistant) == ["to_sign"]
    assert made.watch() == (1, 0) and told(made, case, made.head)[-1] == "sign_soon"


def test_what_is_unsigned_at_the_cut_off_stands_before_the_manager_and_its_owner_is_told(
    made: SignLife, clock: Clock
) -> None:
    case, unread, done = made.reviewed(), made.under_review(), made.signed()
    clock.at = CUT_OFF - timedelta(seconds=5)
    assert made.watch() == (1, 0)
    assert sign_reminders.unsigned(made.store, by=made.manager, now=clock()) == []
    clock.forward(minutes=1)
    assert made.watch() == (0, 2) and made.watch() == (0, 0)
    late = sign_reminders.unsigned(made.store, by=made.manager, now=made.now)
    assert [one.case.no for one in late] == [case.no, unread.no]
    assert told(made, case, made.manager) == ["unsigned"] and told(made, done, made.manager) == ["to_sign"]
    news = sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now)
    assert [(one.case.no, one.what.en) for one in news] == [(no, "Not signed in time") for no in (case.no, unread.no)]
    feedback.give(made.store, no=case.no, about="progress", channel="phone", text="未签完", by=made.desk, now=made.now)
    assert [one.case.no for one in sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now)] == [unread.no]
    # He may not sign for those who are missing; he does not admit it, and then nothing is left to tell or decide.
    refused("not_your_turn", made.sign, case, made.manager, "manager")
    refuse(made, unread, made.manager)
    assert sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now) == []
    assert [one.case.no for one in sign_reminders.unsigned(made.store, by=made.manager, now=made.now)] == [case.no]
    # Signed late, it is admitted all the same.
    assert made.signed(cases.whole(made.store, case.id)).state == "admitted"
    assert sign_reminders.unsigned(made.store, by=made.manager, now=made.now) == []


def test_nobody_is_admitted_to_a_day_that_is_over(made: SignLife, clock: Clock) -> None:
    case, unread, walked = made.heads_signed(), made.under_review(), walked_in(made)
    clock.at = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)
    refused("signing_over", made.sign, case, made.manager, "manager")
    refused("signing_over", made.reviewed, unread)
    refused("signing_over", admit, made, walked, made.manager)
    day = booking_facts.details(made.store, case).day
    with writing(made.store):
        now = "2026-12-04T04:00:00.000Z"
        made.store.execute(
            "UPDATE visit_days SET state = 'held', published_at = ?1, opened_at = ?1, held_at = ?1 WHERE id = ?2",
            [now, day.id],
        )
    # It does not vanish with its day: somebody decides.
    assert {one.case.no for one in sign_reminders.unsigned(made.store, by=made.manager, now=made.now)} == {
        case.no, unread.no,
    }  # fmt: skip
    booking_steps.change(
        made.store, no=case.no, day="2027-01-04", starts="", reason="没签完", by=made.manager, now=made.now
    )
    assert made.sign(case, made.manager, "manager").state == "admitted"


def test_another_day_gives_another_cut_off(made: SignLife, clock: Clock) -> None:
    case = made.reviewed()
    day = booking_facts.details(made.store, case).day
    later = visit_days.coming(made.store, after=day.actual_on)[0]
    clock.at = CUT_OFF.replace(hour=8)
    made.watch()
    with writing(made.store):
        visit_slots.give_back(made.store, case.id)
        made.store.execute("UPDATE visit_day_bookings SET visit_day_id = ? WHERE case_id = ?", [later.id, case.id])
    clock.forward(hours=5)
    assert made.watch() == (0, 0)
    due = made.store.value("SELECT due_at FROM endorsements WHERE case_id = ? AND state = 'pending'", [case.id])
    assert due == times.to_text(sign_chain.cut_off(made.store, later))


def test_a_clock_that_went_back_says_nothing(made: SignLife, clock: Clock) -> None:
    made.reviewed()
    clock.forward(days=30)
    made.book()
    clock.forward(days=-10)
    assert signing.signing_watch(made.store, by=BOX, now=clock()) == (0, 0)


def test_what_a_clock_that_ran_ahead_said_is_taken_back(made: SignLife, clock: Clock) -> None:
    case, other = made.reviewed(), made.under_review()
    before = clock()
    clock.forward(days=11)
    made.watch()
    signing.reword(made.store, no=other.no, matter="改", reason="x", by=made.desk, now=made.now)
    late = made.reviewed(cases.whole(made.store, other.id), deadline_on="2027-01-15")
    assert len(sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now)) == 3
    clock.at = before + timedelta(hours=1)
    clock_care.correct(made.store, by=made.manager, now=clock())
    news = sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now)
    assert [(one.case.no, one.what.en[:23]) for one in news] == [(other.no, "The matter was reworded")]
    assert sign_reminders.unsigned(made.store, by=made.manager, now=made.now) == []
    feedback.give(made.store, no=other.no, about="progress", channel="phone", text="x", by=made.desk, now=made.now)
    assert sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now) == []
    assert made.watch() == (0, 0)
    clock.at = CUT_OFF - timedelta(hours=1)
    assert made.watch() == (2, 0), (case.no, late.no)


def test_the_list_to_review_shows_the_soonest_day_first(made: SignLife) -> None:
    first, second = made.under_review(), made.under_review()
    made.reviewed(first)
    waiting = sign_reminders.to_review(made.store, by=made.desk, now=made.now)
    assert [(one.case.no, one.late) for one in waiting] == [(second.no, False)]
    walked = walked_in(made)
    assert [one.case.no for one in sign_reminders.walked_in(made.store, by=made.manager, now=made.now)] == [walked.no]
