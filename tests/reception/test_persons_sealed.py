"""One person's rights and what is sealed of him: told to whom it is open, erased by nobody whom it is about."""

import json

import pytest

from db.store import Store, writing
from reception import persons, visits
from reception.complaints import register as complain
from reception.permissions import KIOSK, Actor, Role
from reception.person_rows import Person
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.test_persons import NAME, PHONE, WHO, erased, lived


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def _sealed(store: Store, life: Life, hears: str, by: Actor, *accused: str) -> int:
    case = complain(
        store, nonce=f"s{hears}{accused}", name=NAME, phone=PHONE, category="service", facts="经理收了红包",
        hears=hears, accused=accused, by=by, now=life.now,
    )  # fmt: skip
    return case.id


def _closed(store: Store, case_id: int) -> None:
    with writing(store):
        store.execute(
            "INSERT INTO feedback_notices (case_id, round, about, channel, receiver, text, at, by_id)"
            " SELECT id, round, 'result', 'face', name, '听取意见', received_at, owner_id FROM cases WHERE id = ?",
            [case_id],
        )
        store.execute("UPDATE cases SET state = 'withdrawn', closed_at = received_at WHERE id = ?", [case_id])


def test_what_is_sealed_is_told_to_the_manager_alone(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)
    case_id = _sealed(store, life, "manager", manager)
    admin = actor(store, Role.ADMINISTRATOR)
    seen = persons.look_up(store, WHO, reason="request", by=admin, now=life.now)
    told = json.loads(persons.export(store, WHO, reason="request", by=admin, now=life.now))
    assert seen.more and told["more"]
    for text in (repr(seen.parts), repr(seen.holds), json.dumps(told, ensure_ascii=False)):
        assert "红包" not in text and "complaint" not in text
    assert "红包" in repr(persons.look_up(store, WHO, reason="request", by=manager, now=life.now).parts)
    _closed(store, case_id)
    with pytest.raises(Refused, match="person_for_manager"):
        erased(store, life, admin)
    erased(store, life, manager)
    assert store.value("SELECT facts FROM complaints") == "（已删除）"


def test_nobody_erases_a_complaint_about_himself_nor_learns_of_it(
    store: Store, life: Life, clock: Clock, manager: Actor
) -> None:
    lived(life, clock)
    head = actor(store, Role.SERVICE_HEAD)
    login = store.value("SELECT login FROM staff WHERE id = ?", [manager.id])
    case_id = _sealed(store, life, "service_head", head, login)
    seen = persons.look_up(store, WHO, reason="request", by=manager, now=life.now)
    assert not seen.more and seen.holds == () and "红包" not in repr(seen.parts)
    _closed(store, case_id)
    with pytest.raises(Refused, match="person_for_another"):
        erased(store, life, manager)
    # Else nobody could answer whoever complained of the manager.
    erased(store, life, actor(store, Role.ADMINISTRATOR))
    assert store.value("SELECT name || facts FROM complaints JOIN cases ON id = case_id") == "（已删除）"


def test_no_name_and_no_number_is_told_out_of_what_is_sealed(store: Store, life: Life, manager: Actor) -> None:
    ticket = visits.check_in(store, line="heard-by-head", nonce="h", name=NAME, phone=PHONE, by=KIOSK, now=life.now)
    head = actor(store, Role.SERVICE_HEAD)
    _sealed(store, life, "service_head", head, store.value("SELECT login FROM staff WHERE id = ?", [manager.id]))
    other = life.register(name="林晚晴", phone="13700001111", unit="2-1-101")
    with writing(store):
        store.execute("UPDATE cases SET sealed = 0 WHERE id = ?", [other.id])
    for reader in (manager, actor(store, Role.ADMINISTRATOR)):
        for asked in (Person(PHONE, None, None), Person(None, NAME, None)):
            assert persons.candidates(store, asked, reason="request", by=reader, now=life.now) == [asked]
        seen = persons.look_up(store, Person(PHONE, None, None), reason="request", by=reader, now=life.now)
        assert (seen.parts, seen.holds, seen.papers) == ((), (), 0) and ticket.no not in repr(seen)
    # Another's sealed matter that names somebody is counted for nobody who may not read it.
    case_id = _sealed(store, life, "manager", manager)
    with writing(store):
        store.execute("UPDATE complaints SET facts = '与林晚晴有关' WHERE case_id = ?", [case_id])
    who = Person("13700001111", "林晚晴", None)
    counted = {
        role: persons.look_up(store, who, reason="request", by=actor(store, role), now=life.now).mentions
        for role in (Role.MANAGER, Role.ADMINISTRATOR)
    }
    assert counted == {Role.MANAGER: 1, Role.ADMINISTRATOR: 0}
