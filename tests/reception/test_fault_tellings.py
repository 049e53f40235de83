"""Telling many homes of a fault at once: of its end, of another time; each kept by itself, nobody said to be told."""

import pytest

from db.store import Store
from reception import fault_ends, fault_promises, fault_records, feedback, known_faults, papers
from reception.estate import find_unit
from reception.fault_records import Fault
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.life import Life

HOMES = ("3-1-101", "3-1-102", "3-2-501")


@pytest.fixture
def fault(store: Store, clock: Clock, receptionist: Actor) -> Fault:
    """A burst pipe that three homes of two entrances joined."""
    pipe = {"area": "building", "building": "3", "cause": "water", "what": "主管爆裂", "what_en": "Main pipe burst"}
    found = known_faults.declare(store, nonce="d", **pipe, expected_at="2026-11-23T16:00", by=receptionist, now=clock())
    for unit in HOMES:
        join(store, clock, found, unit, receptionist)
    return fault_records.by_id(store, found.id)


def join(store: Store, clock: Clock, fault: Fault, unit: str, by: Actor) -> None:
    """Put a home on the list."""
    known_faults.add_household(
        store, nonce=unit, fault_id=str(fault.id), unit=unit, by=by, now=clock.forward(seconds=1)
    )


def ids(store: Store, fault: Fault, *units: str) -> list[str]:
    """Return the homes as a form names them."""
    return [str(one.id) for one in fault_records.of_list(store, fault, whole=True) if one.unit.label in units]


def postpone(store: Store, clock: Clock, fault: Fault, by: Actor) -> Fault:
    """Promise another time."""
    return known_faults.update(
        store,
        fault_id=str(fault.id),
        expected_at="2026-11-24T18:30",
        reason="配件未到",
        by=by,
        now=clock.forward(minutes=1),
    )


def test_those_ticked_and_those_of_an_entrance_are_told_each_by_itself(
    store: Store, clock: Clock, receptionist: Actor, fault: Fault
) -> None:
    number = str(fault.id)

    def many(*units: str, entrance: str = "", channel: str = "paper") -> Fault:
        named = ids(store, fault, *units)
        return fault_ends.told_many(
            store,
            fault_id=number,
            household_ids=named,
            entrance=entrance,
            channel=channel,
            by=receptionist,
            now=clock.forward(seconds=1),
        )

    with pytest.raises(Refused, match="fault_not_over"):
        many("3-1-101")
    fault_ends.restore(store, fault_id=number, text="", by=receptionist, now=clock())
    for wrong in ({"entrance": ""}, {"entrance": "9-9"}):
        with pytest.raises(Refused, match="homes_missing"):
            many(**wrong)
    with pytest.raises(Refused, match="channel_unknown"):
        many("3-1-101", channel="pigeon")
    assert many("3-2-501", channel="message").untold == 2
    # One press for the note at the door of an entrance; who was told meanwhile is passed over.
    assert many("3-2-501", entrance="3-1").state == "closed"
    told = [(one.unit.label, one.told_channel) for one in fault_records.of_list(store, fault, whole=True)]
    assert told == [("3-1-101", "paper"), ("3-1-102", "paper"), ("3-2-501", "message")]
    assert store.value("SELECT count(*) FROM fault_tellings") == 3
    assert store.value("SELECT count(*) FROM events WHERE what = 'tell_household'") == 3
    with pytest.raises(Refused, match="not_permitted"):
        fault_ends.told_many(
            store, fault_id=number, household_ids=[], channel="paper", by=actor(store, Role.WORKER), now=clock()
        )


def test_another_time_is_told_to_whoever_was_told_the_first(
    store: Store, clock: Clock, receptionist: Actor, fault: Fault
) -> None:
    number = str(fault.id)
    assert fault_promises.to_hear(store, fault) == set()
    fault = postpone(store, clock, fault, receptionist)
    join(store, clock, fault, "3-2-502", receptionist)
    assert fault_promises.to_hear(store, fault) == {int(one) for one in ids(store, fault, *HOMES)}
    text = fault_promises.prepared(store, fault, clock())
    assert "3号楼供水故障（主管爆裂）的恢复时间有变化：预计 11月24日 18:30 恢复" in text
    assert "expected back 24 Nov 18:30" in text

    def tell(*units: str, entrance: str = "") -> None:
        named = ids(store, fault, *units)
        form = {"fault_id": number, "entrance": entrance, "channel": "paper"}
        fault_promises.told(store, household_ids=named, **form, by=receptionist, now=clock.forward(seconds=1))

    tell(entrance="3-1")
    assert fault_promises.to_hear(store, fault) == {int(one) for one in ids(store, fault, "3-2-501")}
    # Nobody is told twice, nor what he heard when he joined.
    for home in ("3-1-101", "3-2-502"):
        with pytest.raises(Refused, match="homes_missing"):
            tell(home)
    tell("3-2-501")
    assert fault_promises.to_hear(store, fault) == set()
    assert store.value("SELECT count(*) FROM events WHERE what = 'tell_promise'") == 3
    # It was no word of the end: that is still to be told to each.
    over = fault_ends.restore(store, fault_id=number, text="", by=receptionist, now=clock())
    assert over.untold == 4
    with pytest.raises(Refused, match="fault_over"):
        tell("3-1-101")


def test_a_promise_of_today_is_told_by_its_date(store: Store, clock: Clock, receptionist: Actor, fault: Fault) -> None:
    assert "预计 11月23日 16:00 恢复" in fault_promises.prepared(store, fault, clock())


def test_the_repair_of_the_home_hears_of_it_too(store: Store, clock: Clock, receptionist: Actor, fault: Fault) -> None:
    case = Life(store, clock).register(unit="3-1-101", phone="13800005678", name="李桂兰")
    known_faults.attach_case(store, fault_id=str(fault.id), case_no=case.no, by=receptionist, now=clock())
    fault = postpone(store, clock, fault, receptionist)
    form = {"fault_id": str(fault.id), "entrance": "3-1", "channel": "message"}
    fault_promises.told(store, household_ids=[], **form, by=receptionist, now=clock.forward(minutes=1))
    (notice,) = feedback.of_case(store, case.id)
    assert (notice.about, notice.channel) == ("progress", "message") and "18:30" in notice.text


def test_the_printed_list_names_the_matter(store: Store, clock: Clock, receptionist: Actor, fault: Fault) -> None:
    fault_ends.restore(store, fault_id=str(fault.id), text="", by=receptionist, now=clock())
    facts = store.value("SELECT facts FROM print_jobs WHERE kind = 'fault_list'")
    paper = papers.from_json("fault_list", facts)
    assert isinstance(paper, papers.FaultList) and paper.what == ("主管爆裂", "Main pipe burst")
    # One that was queued before papers told it still comes out.
    old = papers.from_json(
        "fault_list", facts.replace('"what"', '"was"').replace('"was": ["主管爆裂", "Main pipe burst"], ', "")
    )
    assert isinstance(old, papers.FaultList) and old.what.zh == ""


def test_entrances_of_those_to_tell(store: Store, fault: Fault) -> None:
    found = fault_promises.entrances(fault_records.of_list(store, fault, whole=False))
    assert [(code, name.zh, count) for code, name, count in found] == [
        ("3-1", "3号楼1单元", 2),
        ("3-2", "3号楼2单元", 1),
    ]
    assert find_unit(store, "3-1-101").unit == "1"
