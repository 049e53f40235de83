"""Deciding on the visit day: never without a department and a deadline, read back, supervised, printed."""

import sqlite3
from typing import Any

import pytest

from db.store import Store, writing
from reception import booking_papers, cases, papers, resolution_facts, resolutions
from reception.cases import Case
from reception.permissions import Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.after_life import AfterLife


@pytest.fixture
def made(store: Store, clock: Clock) -> AfterLife:
    return AfterLife(store, clock)


def slips(store: Store) -> list[tuple[str, str]]:
    return [
        tuple(row) for row in store.rows("SELECT part, state FROM print_jobs WHERE kind = 'decision_slip' ORDER BY id")
    ]


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("opinion_missing", {"opinion": " "}),
        ("department_unknown", {"department": ""}),
        ("department_unknown", {"department": "nobody"}),
        ("date_invalid", {"due_on": ""}),
        ("date_invalid", {"due_on": "2026-13-01"}),
        ("not_a_working_day", {"due_on": "2026-12-05"}),
        ("time_past", {"due_on": "2026-11-20"}),
        ("deadline_too_far", {"due_on": "9999-01-01"}),
        ("text_too_long", {"opinion": "修" * 501}),
    ],
)
def test_a_decision_has_an_opinion_a_department_and_a_working_day(
    made: AfterLife, code: str, changed: dict[str, Any]
) -> None:
    case = made.met()
    with pytest.raises(Refused, match=code):
        made.decide(case, **changed)
    assert not resolution_facts.of_case(made.store, case.id)


def test_decisions_are_read_back_and_each_is_supervised(made: AfterLife, store: Store) -> None:
    case = made.met()
    assert made.decide(case).state == "met"
    made.decide(case, department="security", opinion="加派巡逻")
    assert [one.supervision for one in resolution_facts.of_case(store, case.id)] == [None, None]
    after = made.read_back(case)
    assert after.state == "supervised"
    first, second = resolution_facts.of_case(store, case.id)
    for one, department in ((first, "maintenance"), (second, "security")):
        watched = one.supervision
        assert watched is not None and watched.state == "open" and watched.department == department
        assert watched.decided_by == made.manager.id and watched.matter == "地下车库车位"
        assert watched.opened_at == one.at
    assert first.supervision and first.supervision.charge_id == made.maintenance.id
    assert slips(store) == [("0.2", "queued")]
    paper = papers.from_json("decision_slip", store.value("SELECT facts FROM print_jobs WHERE kind = 'decision_slip'"))
    assert isinstance(paper, papers.DecisionSlip)
    assert [(one.department.zh, one.due.zh) for one in paper.decisions] == [
        ("工程维修部", "12月18日（周五）"), ("秩序维护部", "12月18日（周五）"),
    ]  # fmt: skip
    assert (paper.name, paper.phone) == ("张**", "138****5678")


def test_nothing_is_read_back_without_a_decision_nor_twice(made: AfterLife) -> None:
    case = made.met()
    for code, signed in (("decision_missing", "paper"), ("signed_unknown", "yes")):
        with pytest.raises(Refused, match=code):
            made.read_back(case, signed)
    made.decide(case)
    made.read_back(case)
    with pytest.raises(Refused, match="step_not_now"):
        made.read_back(case)


def test_who_is_handed_to_a_department_is_decided_without_a_talk(made: AfterLife) -> None:
    case = made.checked_in()
    made.decide(case)
    assert made.read_back(case, "absent").state == "supervised"


def test_a_decision_is_never_changed_but_one_may_be_added_with_a_reason(made: AfterLife, store: Store) -> None:
    case = made.supervised()
    with pytest.raises(Refused, match="step_not_now"):
        made.decide(case)
    with pytest.raises(Refused, match="reason_missing"):
        made.add(case, reason=" ")
    made.add(case)
    found = resolution_facts.of_case(store, case.id)
    assert [bool(one.supervision) for one in found] == [True, True]
    assert found[1].reason == "业主又提出"
    assert slips(store) == [("0.1", "void"), ("0.2", "queued")]
    with pytest.raises(Refused, match="paper_outdated"):
        booking_papers.rebuild(store, cases.whole(store, case.id), "decision_slip", "0.1")
    assert booking_papers.rebuild(store, cases.whole(store, case.id), "decision_slip", "0.2")
    for change in ("opinion = '改'", "due_on = '2026-12-22'", "reason = '改'", "supervision_id = NULL"):
        with pytest.raises(sqlite3.IntegrityError), writing(store):
            store.execute(f"UPDATE resolutions SET {change} WHERE id = ?", [found[1].id])  # noqa: S608


def test_the_same_nonce_decides_once(made: AfterLife, store: Store) -> None:
    case = made.met()
    for _ in range(2):
        made.decide(case, nonce="twice")
    assert len(resolution_facts.of_case(store, case.id)) == 1
    with pytest.raises(Refused, match="nonce_reused"):
        made.decide(case, nonce="twice", opinion="别的")


def test_a_head_of_department_decides_only_as_host(made: AfterLife, store: Store) -> None:
    case = made.met()
    with pytest.raises(Refused, match="case_unknown"):
        made.decide(case, by=made.maintenance)
    with writing(store):
        store.execute("UPDATE cases SET department = 'maintenance' WHERE id = ?", [case.id])
    with pytest.raises(Refused, match="not_the_host"):
        made.decide(case, by=made.maintenance)
    with writing(store):
        store.execute("UPDATE visit_day_meetings SET host_id = ?", [made.maintenance.id])
    made.decide(case, by=made.maintenance)
    found: Case = made.read_back(case, by=made.maintenance)
    supervision = resolution_facts.of_case(store, found.id)[0].supervision
    assert supervision is not None and supervision.decided_by == made.maintenance.id
    with pytest.raises(Refused, match="not_permitted"):
        made.decide(case, by=actor(store, Role.ADMINISTRATOR))


def test_what_is_no_booking_is_not_decided(made: AfterLife) -> None:
    with pytest.raises(Refused, match="case_unknown"):
        resolutions.decide(made.store, no="JF209901-01", nonce="n", opinion="x", department="maintenance",
                           due_on="2026-12-18", by=made.desk, now=made.now)  # fmt: skip


def test_a_deadline_that_passed_before_it_was_read_back_is_late_and_not_refused(made: AfterLife, store: Store) -> None:
    case = made.met()
    made.decide(case, due_on="2026-12-04")
    made.clock.forward(days=30)
    assert made.read_back(case, "absent").state == "supervised"
    supervision = resolution_facts.of_case(store, case.id)[0].supervision
    assert supervision is not None and supervision.due_at.startswith("2026-12-04")
