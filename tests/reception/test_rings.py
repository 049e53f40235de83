"""Rings and emergencies: one alarm, one case, one slip; one member of staff takes it."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import cases, emergencies, rings
from reception.permissions import KIOSK, Actor, Role
from reception.refusal import Refused
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock, actor


def press(store: Store, clock: Clock, hazard: str = "gas", nonce: str = "n") -> rings.Ring:
    """Press the alarm at the kiosk."""
    return emergencies.raise_alarm(store, hazard=hazard, nonce=nonce, by=KIOSK, now=clock())


def test_a_press_opens_a_case_that_somebody_answers_for_and_its_slip_waits_for_the_printer(
    store: Store, clock: Clock
) -> None:
    ring = press(store, clock)
    assert ring.case_no == "TF20261123-001"
    case = cases.find(store, ring.case_no, by=actor(store, Role.SERVICE_HEAD))
    assert (case.kind, case.state, case.owner_name) == ("emergency", "open", "陈静")
    assert store.value("SELECT state FROM print_jobs WHERE kind = 'emergency_slip'") == "queued"


def test_repeats_join_until_it_is_taken_and_then_begin_anew(store: Store, clock: Clock, receptionist: Actor) -> None:
    first = press(store, clock, nonce="a")
    # The same press sent twice is one; another finger's press counts.
    assert press(store, clock, nonce="a").presses == 1
    second = press(store, clock, nonce="b")
    assert (second.id, second.presses, second.case_no) == (first.id, 2, first.case_no)
    assert press(store, clock, "water", "c").id != first.id
    rings.take(store, ring_id=str(first.id), by=receptionist, now=clock())
    assert press(store, clock, nonce="d").case_no != first.case_no
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'emergency_slip'") == 3


def test_whoever_takes_it_holds_the_case_and_the_second_is_told(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    ring = press(store, clock)
    rings.take(store, ring_id=str(ring.id), by=receptionist, now=clock())
    assert store.value("SELECT owner_id FROM cases") == receptionist.id
    with pytest.raises(Refused, match="ring_taken"):
        rings.take(store, ring_id=str(ring.id), by=actor(store, Role.MANAGER), now=clock())


@pytest.mark.parametrize("guarded", [True, False])
def test_of_eight_desks_that_take_it_at_once_one_has_it(
    home: Path, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The condition of the update is the guard: without it several believe that they are going."""
    ring = press(store, clock)
    people = [row["id"] for row in store.rows("SELECT id FROM staff WHERE role <> 'worker'")]
    gate, taken = threading.Barrier(len(people)), []
    if not guarded:
        changed, guard = Store.changed, " AND taken_at IS NULL"
        monkeypatch.setattr(
            Store, "changed", lambda self, sql, values=(): changed(self, sql.replace(guard, ""), values)
        )

    def go(staff_id: int) -> None:
        mine = open_store(store_path(home))
        gate.wait()
        try:
            rings.take(mine, ring_id=str(ring.id), by=Actor(Role.RECEPTIONIST, staff_id), now=clock())
            taken.append(staff_id)
        except Refused:
            pass
        finally:
            mine.close()

    threads = [threading.Thread(target=go, args=(one,)) for one in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken) == 1) is guarded
    if guarded:
        assert store.value("SELECT taken_by FROM rings") == taken[0]


def test_after_a_minute_without_an_answer_the_screen_shows_the_telephone(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    place = kiosk.post("/emergency/gas", data={"nonce": "n"}, headers=SAME_ORIGIN).headers["Location"]
    clock.forward(seconds=59)
    assert 'data-state="ringing"' in kiosk.get(f"{place}/state").get_data(as_text=True)
    clock.forward(seconds=1)
    assert 'data-state="phone"' in kiosk.get(f"{place}/state").get_data(as_text=True)
    assert "010-6200-8610" in kiosk.get(place).get_data(as_text=True)


def test_outside_the_hours_the_telephone_comes_at_once(kiosk: FlaskClient, store: Store) -> None:
    configure(store, hours_work="", hours_rest="")
    place = kiosk.post("/emergency/fire", data={"nonce": "n"}, headers=SAME_ORIGIN).headers["Location"]
    assert 'data-state="phone"' in kiosk.get(place).get_data(as_text=True)


def test_help_rings_until_it_is_taken_and_danger_stands_before_it(
    store: Store, clock: Clock, receptionist: Actor
) -> None:
    first = rings.ring_for_help(store, by=KIOSK, now=clock())
    press(store, clock)
    assert [ring.kind for ring in rings.waiting(store)] == ["gas", "help"]
    clock.forward(minutes=11)
    # Another visitor: it is the same ring at the desks, and his minute begins now.
    ring = rings.ring_for_help(store, by=KIOSK, now=clock())
    assert (ring.id, ring.presses) == (first.id, 2)
    assert not rings.unanswered(ring, now=clock() + timedelta(seconds=59))
    rings.take(store, ring_id=str(ring.id), by=receptionist, now=clock())
    assert [ring.kind for ring in rings.waiting(store)] == ["gas"]


def test_an_emergency_is_moved_on_and_entered_by_telephone(store: Store, clock: Clock, receptionist: Actor) -> None:
    case = emergencies.register(store, nonce="n", hazard="lift", place="3号楼2单元", by=receptionist, now=clock())
    assert emergencies.register(
        store, nonce="n", hazard="lift", place="3号楼2单元", by=receptionist, now=clock()
    ) == cases.whole(store, case.id)
    assert emergencies.advance(store, no=case.no, by=receptionist, now=clock()).state == "contained"
    assert emergencies.advance(store, no=case.no, by=receptionist, now=clock()).state == "handled"
    with pytest.raises(Refused, match="nothing_next"):
        emergencies.advance(store, no=case.no, by=receptionist, now=clock())
    with pytest.raises(Refused, match="hazard_unknown"):
        emergencies.register(store, nonce="m", hazard="ghost", by=receptionist, now=clock())


def test_a_centre_without_staff_says_so_and_keeps_nothing(store: Store, clock: Clock) -> None:
    store.execute("UPDATE staff SET active = 0")
    with pytest.raises(Refused, match="nobody_on_duty"):
        press(store, clock)
    assert store.value("SELECT count(*) FROM rings") == store.value("SELECT count(*) FROM cases") == 0


def test_a_danger_days_after_one_that_nobody_took_has_a_case_and_a_slip_of_its_own(store: Store, clock: Clock) -> None:
    first = press(store, clock, nonce="a")
    clock.forward(days=3)
    second = press(store, clock, nonce="b")
    assert second.id == first.id and second.case_no != first.case_no
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'emergency_slip'") == 2
    assert not rings.unanswered(second, now=clock())
