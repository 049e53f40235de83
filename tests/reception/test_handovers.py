"""Papers handed over and official business: told, fetched against a signature, closed by what came of it."""

import sqlite3
from typing import Any

import pytest

from db import paper_care
from db.store import Store
from reception import (
    acknowledgements,
    cases,
    due,
    feedback,
    handover_facts,
    handovers,
    officials,
    practice,
    reprints,
    tellings,
)
from reception.cases import Case
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.visitors import Visitors


@pytest.fixture
def made(store: Store, clock: Clock) -> Visitors:
    return Visitors(store, clock)


def state(store: Store, case: Case) -> str:
    return str(store.value("SELECT state FROM cases WHERE id = ?", [case.id]))


def test_papers_for_a_colleague_are_told_and_fetched_against_a_signature(store: Store, made: Visitors) -> None:
    case = made.receive(pieces="2")
    assert case.no.startswith("WJ") and (case.state, case.department) == ("received", "maintenance")
    assert [(one.kind, one.part) for one in paper_care.of_ref(store, cases.ref(case))] == [
        ("handover_slip", "bringer"),
        ("handover_slip", "item"),
    ]
    (telling,) = tellings.mine(store, by=made.host)
    assert telling.what == "papers"
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(made.host))
    assert state(store, case) == "notified"
    with pytest.raises(Refused, match="signature_not_seen"):
        handovers.deliver(store, no=case.no, taken_by="赵强", signed="", **made.also)
    with pytest.raises(Refused, match="taker_missing"):
        handovers.deliver(store, no=case.no, taken_by=" ", signed="1", **made.also)
    done = handovers.deliver(store, no=case.no, taken_by="赵强", signed="1", **made.also)
    found = handovers.details(store, done)
    assert (done.state, found.taken_by, found.seen_by) == ("delivered", "赵强", "王琳")
    assert not store.value("SELECT 1 FROM clocks WHERE case_id = ? AND stopped_at IS NULL", [case.id])
    with pytest.raises(Refused, match="step_not_now"):
        handovers.give_back(store, no=case.no, reason="x", **made.also)


def test_nobody_attests_his_own_signature(store: Store, made: Visitors) -> None:
    mine = made.receive(to="wanglin")
    with pytest.raises(Refused, match="handover_own"):
        handovers.deliver(store, no=mine.no, taken_by="王琳", signed="1", **made.also)
    with pytest.raises(Refused, match="handover_own"):
        handovers.deliver(store, no=mine.no, taken_by="同事", signed="1", **made.also)
    assistant = actor(store, Role.ASSISTANT)
    assert handovers.deliver(store, no=mine.no, taken_by="王琳", signed="1", **made.by(assistant)).state == "delivered"


def test_papers_for_a_home_lie_in_its_file_and_it_is_told_by_telephone(store: Store, made: Visitors) -> None:
    case = made.receive(to="", unit="1-1-101")
    assert case.unit is not None and case.unit.label == "1-1-101"
    bringer, item = (handover_facts.slip(store, case, part) for part in handovers.PARTS)
    assert (bringer.addressee, bringer.bringer) == ("1号楼", "刘**"), "public paper has the building alone"
    assert (item.addressee, item.bringer) == ("1-1-101", "刘**")
    assert handovers.notify(store, no=case.no, channel="phone", **made.also).state == "notified"
    (notice,) = feedback.of_case(store, case.id)
    assert (notice.receiver, notice.text) == ("1-1-101", "有竣工资料待领取，存放：文件柜")
    back = handovers.give_back(store, no=case.no, reason="户主拒收", **made.also)
    assert back.state == "returned"


def test_who_sent_and_who_fetched_it_is_whole_to_its_holder_alone(store: Store, made: Visitors) -> None:
    case = made.receive(sender="欧阳静姝")
    handovers.deliver(store, no=case.no, taken_by="司马秋月", signed="1", **made.also)

    def seen(who: Actor) -> tuple[str, str]:
        found = handovers.details(store, cases.find(store, case.no, by=who))
        return found.sender, found.taken_by

    assert seen(made.desk) == ("欧阳静姝", "司马秋月")
    assert seen(actor(store, Role.ASSISTANT)) == ("欧阳**", "司马**")
    # He brought it and knows from whom; the other part lies where everybody passes.
    assert [handover_facts.slip(store, case, part).sender for part in handovers.PARTS] == ["欧阳静姝", "欧阳**"]
    practice.come_out(store, now=made.clock())
    for entry in paper_care.of_ref(store, cases.ref(case)):
        by = made.by(actor(store, Role.ASSISTANT))
        reprints.reprint(store, job_id=str(entry.id), nonce=f"p{entry.id}", **by)
    looks = store.rows("SELECT json_extract(detail, '$.part') FROM events JOIN reveals ON event_id = events.id")
    assert [row[0] for row in looks] == ["bringer"]


def test_whose_papers_went_back_is_told_so(store: Store, made: Visitors) -> None:
    case = made.receive()
    handovers.give_back(store, no=case.no, reason="送错了", **made.also)
    # That they lie here is no news any more; that they were here and are gone is.
    (telling,) = tellings.mine(store, by=made.host)
    assert (telling.what, telling.case_no) == ("went_back", case.no)
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(made.host))
    assert tellings.mine(store, by=made.host) == [] and state(store, case) == "returned"


def test_a_worker_without_a_page_of_the_desk_is_told_by_the_desk(store: Store, made: Visitors) -> None:
    case = made.receive(to="zhaogang")
    (telling,) = tellings.of_case(store, case.id, by=made.desk)
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.also)
    assert state(store, case) == "notified"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"to": ""}, "addressee_missing"),
        ({"unit": "1-1-101"}, "addressee_twice"),
        ({"to": "nobody"}, "addressee_unknown"),
        ({"to": "", "unit": "9-9-999"}, "unit_unknown"),
        ({"name": ""}, "name_missing"),
        ({"item": ""}, "item_missing"),
        ({"place": ""}, "shelf_missing"),
        ({"pieces": "0"}, "pieces_invalid"),
        ({"pieces": "1000"}, "pieces_invalid"),
        ({"pieces": "两"}, "pieces_invalid"),
    ],
)
def test_what_is_not_taken_in(store: Store, made: Visitors, said: dict[str, str], code: str) -> None:
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        made.receive(**said)
    assert list(store.connection.iterdump()) == before


def test_what_nobody_fetches_is_overdue(store: Store, made: Visitors, clock: Clock) -> None:
    case = made.receive()
    clock.forward(days=2)
    assert due.overdue_count(store, by=made.host, now=clock()) == 0
    clock.forward(days=2)
    (one,) = due.due_list(store, by=made.host, now=clock())
    assert (one.code, one.case_no) == ("handover", case.no)
    assert due.escalate_due(store, by=BOX, now=clock()) == 1


def test_the_store_delivers_to_nobody(store: Store, made: Visitors) -> None:
    case = made.receive()
    with pytest.raises(sqlite3.IntegrityError, match="delivered to nobody"):
        store.execute("UPDATE cases SET state = 'delivered', closed_at = 'x' WHERE id = ?", [case.id])


def test_it_lies_somewhere_else(store: Store, made: Visitors) -> None:
    case = made.receive()
    handovers.moved_to(store, no=case.no, place="二楼", **made.also)
    assert handovers.details(store, case).place == "二楼" and state(store, case) == "received"


def test_official_business_is_led_to_its_counterpart_who_says_what_came_of_it(store: Store, made: Visitors) -> None:
    case = made.official()
    assert case.no.startswith("GW") and case.state == "received"
    handed = officials.hand(store, no=case.no, counterpart="zhaoqiang", **made.also)
    assert (handed.state, handed.owner_id, handed.department) == ("handed", made.host.id, "maintenance")
    assert [one.what for one in tellings.mine(store, by=made.host)] == ["official"]
    with pytest.raises(Refused, match="nothing_changed"):
        officials.hand(store, no=case.no, counterpart="zhaoqiang", **made.also)
    leader = actor(store, Role.TEAM_LEADER)
    with pytest.raises(Refused, match="official_not_yours"):
        officials.close(store, no=case.no, result="x", channel="face", **made.by(leader))
    with pytest.raises(Refused, match="result_missing"):
        officials.close(store, no=case.no, result=" ", channel="face", **made.by(made.host))
    closed = officials.close(store, no=case.no, result="下周整改后复查", channel="face", **made.by(made.host))
    assert closed.state == "closed" and tellings.mine(store, by=made.host) == []
    assert [one.text for one in feedback.of_case(store, case.id)] == ["下周整改后复查"]


def test_the_wrong_counterpart_leads_him_on(store: Store, made: Visitors) -> None:
    case = made.official(counterpart="zhaoqiang")
    assert case.state == "handed"
    officials.hand(store, no=case.no, counterpart="zhouming", **made.by(made.host))
    assert tellings.mine(store, by=made.host) == []
    assert [one.what for one in tellings.mine(store, by=made.manager)] == ["official"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"organisation": ""}, "organisation_missing"),
        ({"matter": ""}, "business_missing"),
        ({"counterpart": "zhaogang"}, "host_unknown"),
    ],
)
def test_what_is_no_official_business(store: Store, made: Visitors, said: dict[str, Any], code: str) -> None:
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=code):
        made.official(**said)
    assert list(store.connection.iterdump()) == before


def test_who_knew_of_official_business_hears_that_it_went_to_another(store: Store, made: Visitors) -> None:
    case = made.official(counterpart="zhaoqiang")
    officials.hand(store, no=case.no, counterpart="zhouming", **made.also)
    assert tellings.mine(store, by=made.host) == [], "he never knew"
    (telling,) = tellings.mine(store, by=made.manager)
    acknowledgements.acknowledge(store, telling_id=str(telling.id), **made.by(made.manager))
    officials.hand(store, no=case.no, counterpart="zhaoqiang", **made.also)
    assert [one.what for one in tellings.mine(store, by=made.manager)] == ["official_on"]
