"""The sign-off of bookings: the chain in its order, opinion, department and deadline in each signature, and whose."""

import sqlite3
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    booking_facts,
    booking_owners,
    cases,
    events,
    sign_records,
    sign_reminders,
    signing,
    tables,
    tellings,
    visit_slots,
)
from reception.cases import Case
from reception.permissions import Actor, Role
from reception.reveals import Reason
from reception.table_columns import TABLES
from tests.conftest import Clock, actor
from tests.reception.refusing import refused
from tests.reception.sign_life import BY_THEN, SignLife


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    return SignLife(store, clock)


def told(made: SignLife, case: Case, who: Actor) -> list[str]:
    found = made.store.rows("SELECT what FROM tellings WHERE case_id = ? AND staff_id = ?", [case.id, who.id])
    return [row["what"] for row in found]


def states(made: SignLife, case: Case) -> list[str]:
    return [one.state for one in signing.of_case(made.store, case.id)]


def test_the_last_signature_admits_and_nothing_before_it(made: SignLife) -> None:
    case = made.reviewed()
    assert case.state == "signing"
    assert told(made, case, made.maintenance) == told(made, case, made.security) == ["to_sign"]
    refused("not_your_turn", made.sign, case, made.head, "service_head")
    made.sign(case, made.security, "departments", "security")
    refused("not_your_turn", made.sign, case, made.manager, "manager")
    assert told(made, case, made.head) == []
    made.sign(case, made.maintenance, "departments", "maintenance")
    assert told(made, case, made.head) == ["to_sign"] and told(made, case, made.security) == ["to_sign"]
    assert made.sign(case, made.head, "service_head").state == "signing"
    assert made.sign(case, made.manager, "manager").state == "admitted"
    assert states(made, case) == ["agreed"] * 5
    assert [one.for_name for one in signing.of_case(made.store, case.id)] == ["陈静", "赵强", "何军", "陈静", "周明"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("opinion", " ", "opinion_missing"),
        ("department", "", "department_unknown"),
        ("department", "space", "department_unknown"),
        ("deadline_on", "", "date_invalid"),
        ("deadline_on", "soon", "date_invalid"),
        ("deadline_on", "2026-11-23", "deadline_after_today"),
        ("deadline_on", "2026-11-28", "not_a_working_day"),
        ("deadline_on", "2028-12-18", "deadline_too_far"),
    ],
)
def test_a_signature_says_what_who_and_by_when(made: SignLife, field: str, value: str, code: str) -> None:
    case = made.reviewed()
    refused(code, made.sign, case, made.maintenance, "departments", "maintenance", **{field: value})
    review = made.under_review()
    refused(code, made.reviewed, review, **{field: value})
    assert cases.whole(made.store, review.id).state == "under_review" and states(made, review) == []


def test_the_review_is_a_gate(made: SignLife) -> None:
    fresh = made.book()
    with writing(made.store):
        if fresh.state == "booked":
            cases.move(made.store, fresh, "under_review", "submit", by=made.desk, at=made.now)
        made.store.execute("UPDATE visit_day_bookings SET ownership = 'unchecked' WHERE case_id = ?", [fresh.id])
    refused("ownership_unchecked", made.reviewed, fresh)
    case = made.under_review()
    refused("not_permitted", made.reviewed, case, by=made.desk)
    refused("not_permitted", made.reviewed, case, by=made.manager)
    refused("topic_unknown", made.reviewed, case, topic="weather")
    refused("departments_missing", made.reviewed, case, departments=["", ""])
    refused("department_unknown", made.reviewed, case, departments=["maintenance", "space"])
    refused("changed_meanwhile", made.reviewed, case, wording="7")
    booking_owners.settle_ownership(made.store, no=fresh.no, nonce="o", how="papers", by=made.desk, now=made.now)
    assert made.reviewed(fresh, by=made.assistant).state == "signing"
    refused("step_not_now", made.reviewed, fresh)


def test_the_desk_prepares_but_lets_nothing_through(made: SignLife) -> None:
    case = made.under_review()
    prepare = signing.prepare
    said: dict[str, Any] = {"matter": "车位被占", "topic": "parking", "now": made.now}
    prepare(made.store, no=case.no, **said, by=made.desk)
    assert booking_facts.details(made.store, case).wording == 2
    prepare(made.store, no=case.no, **said, by=made.desk)
    assert booking_facts.details(made.store, case).wording == 2, "the same words are no new wording"
    refused("not_permitted", prepare, made.store, no=case.no, **said, by=made.manager)
    made.reviewed(case)
    refused("step_not_now", prepare, made.store, no=case.no, **said, by=made.desk)


def test_nobody_signs_for_another_unless_he_was_named(made: SignLife) -> None:
    case = made.reviewed()
    for who in (made.head, made.manager, made.security, made.assistant):
        refused("not_yours_to_sign", made.sign, case, who, "departments", "maintenance")
    refused("deputy_not_yours", made.deputy, "zhaoqiang", "liuyang", made.head)
    refused("deputy_is_himself", made.deputy, "zhaoqiang", "zhouming", made.manager)
    refused("deputy_is_himself", made.deputy, "", "zhaoqiang", made.maintenance)
    refused("staff_unknown", made.deputy, "", "wanglin", made.maintenance)
    refused("time_past", made.deputy, "", "sunlei", made.maintenance, from_on="2026-11-22")
    refused("dates_reversed", made.deputy, "", "sunlei", made.maintenance, until_on="2026-11-22")
    refused("reason_missing", made.deputy, "", "sunlei", made.maintenance, reason=" ")
    made.deputy("", "sunlei", made.maintenance, from_on="2026-11-24")
    leader = actor(made.store, Role.TEAM_LEADER)
    refused("case_unknown", made.sign, case, leader, "departments", "maintenance")
    made.clock.forward(days=1)
    made.sign(case, leader, "departments", "maintenance")
    one = next(one for one in signing.of_case(made.store, case.id) if one.department == "maintenance")
    assert (one.for_name, one.by_name, one.on_behalf) == ("赵强", "孙磊", True)


def test_a_deputy_is_one_no_more_once_that_ended(made: SignLife) -> None:
    from reception import sign_deputies

    case = made.reviewed()
    named = made.deputy("zhaoqiang", "liuyang", made.manager)
    refused("deputy_named", made.deputy, "zhaoqiang", "liuyang", made.manager)
    assert [one.for_name for one in sign_deputies.listed(made.store, by=made.assistant, now=made.now)] == ["赵强"]
    assert sign_deputies.listed(made.store, by=made.security, now=made.now) == []
    assert [one.for_name for one in signing.mine(made.store, by=made.assistant, now=made.now)] == ["赵强"]
    refused("deputy_not_yours", sign_deputies.end, made.store, deputy_id=str(named), by=made.security, now=made.now)
    refused("deputy_unknown", sign_deputies.end, made.store, deputy_id="x", by=made.manager, now=made.now)
    sign_deputies.end(made.store, deputy_id=str(named), by=made.maintenance, now=made.now)
    refused("not_yours_to_sign", made.sign, case, made.assistant, "departments", "maintenance")
    refused("changed_meanwhile", sign_deputies.end, made.store, deputy_id=str(named), by=made.manager, now=made.now)


def paper(made: SignLife, case: Case, by: Actor, whose: str, step: str = "", **other: Any) -> Case:
    said: dict[str, Any] = {"opinion": "同意", "department": "maintenance", "deadline_on": BY_THEN, "agrees": True}
    asked = str(made.pending(case, step).id)
    return signing.sign_on_paper(made.store, no=case.no, signature=asked, whose=whose, **said | other, by=by,
                                 now=made.now)  # fmt: skip


def test_a_signature_on_paper_says_who_saw_it(made: SignLife) -> None:
    case = made.reviewed()
    refused("not_permitted", paper, made, case, made.manager, "zhaoqiang")
    refused("signer_unknown", paper, made, case, made.desk, "zhouming")
    refused("signer_unknown", paper, made, case, made.desk, "nobody")
    refused("witness_signs_himself", paper, made, case, made.head, "zhaoqiang")
    paper(made, case, made.desk, "zhaoqiang")
    assert tellings.mine(made.store, by=made.maintenance) == [], "nothing is asked of him any more"
    one = next(one for one in signing.of_case(made.store, case.id) if one.department == "maintenance")
    assert (one.for_name, one.by_name, one.on_paper, one.on_behalf) == ("赵强", "王琳", True, False)
    made.sign(case, made.security, "departments", "security")
    refused("own_hand_signs_here", paper, made, case, made.head, "chenjing")
    assert paper(made, case, made.desk, "chenjing", agrees=False, opinion="先由部门答复").state == "under_review"


def test_whoever_saw_a_paper_signs_nothing_beside_it(made: SignLife) -> None:
    case = made.reviewed()
    paper(made, case, made.assistant, "zhaoqiang")
    made.deputy("", "liuyang", made.security)
    refused("witness_signs_himself", made.sign, case, made.assistant, "departments", "security")
    made.sign(case, made.security, "departments", "security")


def test_what_stood_before_may_be_agreed_with(made: SignLife) -> None:
    case, other = made.reviewed(), made.reviewed()
    made.sign(case, made.maintenance, "departments", "maintenance", opinion="加装地锁", department="security")
    first = next(one for one in signing.of_case(made.store, case.id) if one.department == "maintenance")
    elsewhere = next(one for one in signing.of_case(made.store, other.id) if one.state == "agreed")
    pending = made.pending(case, "departments", "security")
    for wrong in (str(elsewhere.id), str(pending.id), "0", "x"):
        refused("earlier_unknown", made.sign, case, made.security, "departments", inherits=wrong)
    made.sign(case, made.security, "departments", opinion="", department="", deadline_on="", inherits=str(first.id))
    second = next(one for one in signing.of_case(made.store, case.id) if one.id == pending.id)
    assert (second.opinion, second.handling_department, second.deadline_on) == ("加装地锁", "security", BY_THEN)
    assert second.inherits_name == "赵强"


def test_a_deadline_that_came_is_taken_over_by_nobody(made: SignLife) -> None:
    case = made.reviewed(deadline_on="2026-11-24")
    made.clock.forward(days=1)
    review = next(one for one in signing.of_case(made.store, case.id) if one.state == "agreed")
    refused("deadline_after_today", made.sign, case, made.maintenance, "departments", inherits=str(review.id))


def test_whoever_disagrees_sends_it_back_and_no_signature_counts(made: SignLife) -> None:
    case = made.heads_signed()
    asked = str(made.pending(case, "manager").id)
    disagree = signing.disagree
    said: dict[str, Any] = {"no": case.no, "signature": asked, "now": made.now}
    refused("reason_missing", disagree, made.store, **said, reason=" ", by=made.manager)
    refused("not_yours_to_sign", disagree, made.store, **said, reason="x", by=made.head)
    assert disagree(made.store, **said, reason="先由工程部答复", by=made.manager).state == "under_review"
    assert states(made, case) == ["void"] * 4 + ["disagreed"]
    assert "sent_back" in told(made, case, made.head)
    refused("signed_already", disagree, made.store, **said, reason="x", by=made.manager)
    again = made.signed(made.reviewed(cases.whole(made.store, case.id)))
    assert again.state == "admitted" and states(made, case)[5:] == ["agreed"] * 5


@pytest.mark.parametrize("ready", ["under_review", "reviewed", "heads_signed", "signed"])
def test_words_changed_void_every_signature_whenever(made: SignLife, ready: str) -> None:
    case: Case = getattr(made, ready)()
    seat = visit_slots.of_case(made.store, case.id)
    reword = signing.reword
    said: dict[str, Any] = {"no": case.no, "by": made.desk, "now": made.now}
    refused("wording_unchanged", reword, made.store, **said, matter="地下车库车位", reason="x")
    refused("reason_missing", reword, made.store, **said, matter="新", reason="")
    refused("matter_missing", reword, made.store, **said, matter=" ", reason="x")
    assert reword(made.store, **said, matter="地面车位", reason="业主更正").state == "under_review"
    assert set(states(made, case)) <= {"void"}
    assert visit_slots.of_case(made.store, case.id) == seat
    news = sign_reminders.owners_to_tell(made.store, by=made.desk, now=made.now)
    assert [(one.case.no, one.what.en) for one in news] == [
        (case.no, "The matter was reworded; signing begins anew")
    ]  # fmt: skip
    if ready == "signed":
        assert told(made, case, made.manager)[-1] == told(made, case, made.security)[-1] == "signature_void"
        # A paper of before is not signed any more.
        old = signing.of_case(made.store, case.id)[-1]
        refused("signature_void", signing.sign, made.store, no=case.no, signature=str(old.id), by=made.manager,
                now=made.now)  # fmt: skip
    assert made.signed(made.reviewed(cases.whole(made.store, case.id))).state == "admitted"


def test_one_press_signs_many_and_says_which_it_did_not(made: SignLife) -> None:
    ready = [made.heads_signed(made.reviewed()) for _ in range(3)]
    chosen = [(case.no, str(made.pending(case, "manager").id)) for case in ready]
    signing.reword(made.store, no=ready[1].no, matter="改", reason="x", by=made.desk, now=made.now)
    before = made.store.rows("SELECT * FROM endorsements WHERE case_id = ?", [ready[1].id])
    done = signing.sign_many(made.store, chosen=chosen, inherit=True, by=made.manager, now=made.now)
    assert done == [(ready[0].no, ""), (ready[1].no, "signature_void"), (ready[2].no, "")]
    found = [cases.whole(made.store, case.id).state for case in ready]
    assert found == ["admitted", "under_review", "admitted"]
    assert made.store.rows("SELECT * FROM endorsements WHERE case_id = ?", [ready[1].id]) == before
    last = signing.of_case(made.store, ready[0].id)[-1]
    assert (last.opinion, last.inherits_name) == ("同意接待", "陈静")
    refused("nothing_chosen", signing.sign_many, made.store, chosen=[], by=made.manager, now=made.now)
    refused("too_many_chosen", signing.sign_many, made.store, chosen=[("a", str(n)) for n in range(300)],
            by=made.manager, now=made.now)  # fmt: skip
    done = signing.sign_many(made.store, chosen=[("?", "x"), ("JF", "9" * 30)], by=made.manager, now=made.now)
    assert {code for _, code in done} == {"case_unknown"}


def test_each_head_reads_the_forms_he_is_to_sign_and_no_other(made: SignLife) -> None:
    case = made.under_review()
    find = sign_records.find
    refused("case_unknown", find, made.store, case.no, by=made.security, now=made.now)
    made.reviewed(case)
    seen = find(made.store, case.no, by=made.security, now=made.now)
    assert seen.name == "张**" and seen.phone == "138****5678"
    assert (
        sign_records.reveal(made.store, no=case.no, why=Reason("asked"), by=made.security, now=made.now).name
        == "张建国"
    )
    assert [one["what"] for one in events.history(made.store, "case", case.id)][-1] == "reveal"
    other = made.reviewed(departments=["maintenance"])
    refused("case_unknown", find, made.store, other.no, by=made.security, now=made.now)
    assert [one.case.no for one in signing.mine(made.store, by=made.security, now=made.now)] == [case.no]
    assert [one.case.no for one in signing.mine(made.store, by=made.maintenance, now=made.now)] == [case.no, other.no]
    assert signing.mine(made.store, by=made.manager, now=made.now) == []
    # It is a telling of his own, though the case itself is not there for him.
    assert [one.page for one in tellings.mine(made.store, by=made.security)] == ["/signatures"]
    signing.reword(made.store, no=case.no, matter="改", reason="x", by=made.desk, now=made.now)
    assert [one.page for one in tellings.mine(made.store, by=made.security)] == [f"/visit-day/{case.no}/form"]


def test_a_list_to_sign_asks_the_store_no_more_often_for_being_longer(made: SignLife) -> None:
    def asked(by: Actor) -> int:
        said: list[str] = []
        made.store.connection.set_trace_callback(said.append)
        assert signing.mine(made.store, by=by, now=made.now)
        made.store.connection.set_trace_callback(None)
        return len(said)

    made.reviewed()
    of_one = asked(made.security)
    for _ in range(3):
        made.reviewed()
    assert asked(made.security) == of_one


def test_eight_bookings_are_no_eight_lines_on_every_page(made: SignLife) -> None:
    first, second = made.reviewed(), made.reviewed()
    unseen = [one for one in tellings.mine(made.store, by=made.security) if one.what == "to_sign"]
    assert len(unseen) == 1
    made.sign(first, made.security, "departments", "security")
    assert tellings.mine(made.store, by=made.security) == [], "he knows of the other: both stood on one page"
    made.reviewed()
    assert [one.what for one in tellings.mine(made.store, by=made.security)] == ["to_sign"]
    assert made.pending(second, "departments", "security")


def test_a_department_without_a_head_is_answered_for_and_that_is_said(made: SignLife) -> None:
    case = made.reviewed(departments=["cleaning"])
    asked = made.pending(case, "departments")
    assert (asked.asked, asked.own_head) == (("陈静",), False)
    refused("not_yours_to_sign", made.sign, case, made.manager, "departments", "cleaning")
    made.sign(case, made.head, "departments", "cleaning")


def chain(made: SignLife, **steps: dict[str, str]) -> None:
    for step, values in steps.items():
        tables.save(made.store, table=TABLES["sign_steps"], key=step, values=values, by=made.manager, now=made.now)


def test_the_other_order_of_the_procedures_can_be_set(made: SignLife) -> None:
    chain(made, manager={"position": "5"}, service_head={"position": "2"}, departments={"position": "3"},
          supervisor={"position": "4", "active": "1", "signer": "liuyang"})  # fmt: skip
    case = made.reviewed()
    refused("not_your_turn", made.sign, case, made.maintenance, "departments", "maintenance")
    made.sign(case, made.head, "service_head")
    made.sign(case, made.maintenance, "departments", "maintenance")
    made.sign(case, made.security, "departments", "security")
    refused("not_yours_to_sign", made.sign, case, made.head, "supervisor")
    made.sign(case, made.assistant, "supervisor")
    assert made.sign(case, made.manager, "manager").state == "admitted"


@pytest.mark.parametrize(
    ("step", "values", "code"),
    [
        ("manager", {"active": "0"}, "manager_signs_last"),
        ("manager", {"position": "3"}, "manager_signs_last"),
        ("service_head", {"position": "4"}, "manager_signs_last"),
        ("review", {"position": "2"}, "review_comes_first"),
        ("review", {"position": "9"}, "manager_signs_last"),
        ("departments", {"position": "1"}, "review_comes_first"),
        ("departments", {"position": "0"}, "position_missing"),
        ("supervisor", {"active": "1"}, "supervisor_missing"),
        ("supervisor", {"active": "1", "signer": "wanglin"}, "signer_unfit"),
        ("manager", {"signer": "zhouming"}, "signer_unfit"),
        ("", {"step": "review", "position": "1"}, "row_exists"),
        ("", {"step": "mayor", "position": "1"}, "choice_unknown"),
    ],
)
def test_a_chain_that_would_not_hold_is_refused(made: SignLife, step: str, values: dict[str, str], code: str) -> None:
    refused(code, tables.save, made.store, table=TABLES["sign_steps"], key=step, values=values, by=made.manager,
            now=made.now)  # fmt: skip


def test_a_changed_chain_sends_back_what_is_being_signed(made: SignLife) -> None:
    signing_now, done = made.reviewed(), made.signed()
    chain(made, departments={"position": "2"})
    assert cases.whole(made.store, signing_now.id).state == "signing", "nothing changed"
    chain(made, service_head={"position": "2"})
    assert cases.whole(made.store, signing_now.id).state == "under_review"
    assert {one.void_reason for one in signing.of_case(made.store, signing_now.id)} == {"rechained"}
    assert cases.whole(made.store, done.id).state == "admitted" and "void" not in states(made, done)


def test_without_its_gate_a_booking_still_needs_every_other_signature(made: SignLife) -> None:
    chain(made, review={"active": "0"}, departments={"active": "0"})
    case = made.reviewed(departments=[], opinion="", department="", deadline_on="")
    assert [one.step for one in signing.of_case(made.store, case.id)] == ["service_head", "manager"]
    made.sign(case, made.head, "service_head")
    assert made.sign(case, made.manager, "manager").state == "admitted"


def test_signatures_that_are_lacking_are_said_before_the_store_must(made: SignLife) -> None:
    case = made.heads_signed()
    with writing(made.store):
        # As if the list had been changed behind the act that sends back.
        made.store.execute("UPDATE sign_steps SET active = 1, signer = 'liuyang' WHERE step = 'supervisor'")
    refused("signatures_missing", made.sign, case, made.manager, "manager")
    assert made.pending(case).step == "manager"


def put(made: SignLife, row: int, **values: Any) -> None:
    with writing(made.store):
        said = {"state": "agreed", "opinion": "x", "handling_department": "service", "deadline_on": BY_THEN}
        said |= {"signed_at": "2026-11-23T03:00:00.000Z"} | values
        sets = ", ".join(f"{name} = :{name}" for name in said)
        made.store.execute(f"UPDATE endorsements SET {sets} WHERE id = :id", said | {"id": row})  # noqa: S608


def test_what_the_store_itself_refuses_of_a_signature(made: SignLife) -> None:
    case = made.reviewed()
    row = made.pending(case, "departments", "maintenance").id
    review = next(one for one in signing.of_case(made.store, case.id) if one.state == "agreed").id
    head, desk, his = made.maintenance.id, made.desk.id, {"signed_for": made.maintenance.id}
    for message, values in (
        ("not asked", {"signed_for": made.manager.id, "signed_by": made.manager.id}),
        ("not asked", {"signed_for": made.security.id, "signed_by": made.security.id}),
        ("named no deputy", his | {"signed_by": made.assistant.id, "on_behalf": 1}),
        ("named no deputy", his | {"signed_by": head, "on_behalf": 1}),
        ("signs himself", his | {"signed_by": head, "on_paper": 1}),
        ("signs himself", his | {"signed_by": made.head.id, "on_paper": 1}),
        ("does not stand", his | {"signed_by": head, "inherits_id": row}),
        ("does not stand", his | {"signed_by": head, "inherits_id": review}),
        ("CHECK", his | {"signed_by": desk}),
    ):
        with pytest.raises(sqlite3.IntegrityError, match=message):
            put(made, row, **values)
    put(made, row, **his, signed_by=desk, on_paper=1)
    with pytest.raises(sqlite3.IntegrityError, match="signs himself"):
        other = made.pending(case, "departments", "security").id
        put(made, other, signed_for=made.security.id, signed_by=desk, on_behalf=1)
    named = made.deputy("", "liuyang", made.maintenance)
    for change in ("UPDATE sign_deputies SET until_at = '2027-12-31T00:00:00.000Z'", "DELETE FROM sign_deputies"):
        with pytest.raises(sqlite3.IntegrityError, match="a deputy is ended"), writing(made.store):
            made.store.execute(f"{change} WHERE id = ?", [named])
