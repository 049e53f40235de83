"""Consent taken back: of whoever gave it, wherever it was, and of nobody else."""

import pytest

from db.store import Store, writing
from reception import consents, erasure, events, known_faults, person_words, persons, visits, withdrawals
from reception.permissions import Actor, Role
from reception.person_rows import Person
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.visitors import Visitors

AT_KIOSK = Actor(Role.KIOSK, notice="v1")
WHO = {"name": "欧阳静姝", "phone": "13987650123"}
OTHER = {"name": "林晚晴", "phone": "13700002222"}
HE = Person(WHO["phone"], WHO["name"], None)


def number(store: Store, clock: Clock, line: str = "repair", **who: str) -> int:
    """Return the visit of somebody who took a number at the kiosk and said who he is."""
    also = {"line": line, "nonce": f"k-{line}", "by": AT_KIOSK, "now": clock()}
    return visits.check_in(store, **also, **(who or WHO)).visit_id  # type: ignore[arg-type]


def withdraw(store: Store, clock: Clock, no: str) -> None:
    withdrawals.withdraw(store, no=no, sure="1", by=actor(store, Role.RECEPTIONIST), now=clock.forward(minutes=1))


def taken_back(store: Store) -> list[tuple[str, int]]:
    rows = store.rows("SELECT subject, subject_id FROM consents WHERE withdrawn_at IS NOT NULL ORDER BY id")
    return [tuple(row) for row in rows]


def waiting(store: Store, role: Role = Role.MANAGER) -> list[tuple[str, str, str, str]]:
    found = withdrawals.waiting(store, by=actor(store, role))
    return [(one.kind, one.no, one.name, one.phone) for one in found]


@pytest.mark.parametrize("first", [0, 1])
def test_of_two_who_come_with_one_number_only_who_agreed_takes_it_back(store: Store, clock: Clock, first: int) -> None:
    visit_id, life = number(store, clock), Life(store, clock)
    said = [(WHO, "a"), (OTHER, "b")]
    made = [life.register(**who, visit_id=visit_id, nonce=nonce) for who, nonce in (said[first], said[1 - first])]
    his, other = made[first], made[1 - first]
    # Who speaks for another goes on standing there himself.
    row = store.row("SELECT name, phone FROM visits WHERE id = ?", [visit_id])
    assert row is not None and tuple(row) == (WHO["name"], WHO["phone"])
    assert not any(one.agreed for one in withdrawals.of_case(store, other))
    with pytest.raises(Refused, match="nothing_agreed"):
        withdraw(store, clock, other.no)
    withdraw(store, clock, his.no)
    assert (taken_back(store), [one[:2] for one in waiting(store)]) == ([("visits", visit_id)], [("case", his.no)])
    assert [one.withdrawn_at is None for one in withdrawals.of_case(store, other)] == [True]


@pytest.mark.parametrize("corrected", [{"name": "欧阳静淑"}, {"phone": "13987650124"}])
def test_who_is_put_right_at_the_desk_is_still_himself(store: Store, clock: Clock, corrected: dict[str, str]) -> None:
    visit_id = number(store, clock)
    case = Life(store, clock).register(**WHO | corrected, visit_id=visit_id)
    withdraw(store, clock, case.no)
    assert taken_back(store) == [("visits", visit_id)]


def test_a_number_that_led_to_no_matter_and_a_home_on_a_list_are_taken_back_as_persons(
    store: Store, clock: Clock
) -> None:
    visit_id, desk, head = number(store, clock, "general"), actor(store, Role.RECEPTIONIST), actor(store, Role.MANAGER)
    said = {"area": "building", "building": "1", "cause": "water", "what": "主管爆裂", "what_en": "Burst"}
    fault = known_faults.declare(store, nonce="d", **said, by=desk, now=clock())
    home = {"fault_id": str(fault.id), "unit": "1-1-102", "phone": WHO["phone"]}
    joined = known_faults.add_household(store, nonce="f", **home, by=AT_KIOSK, now=clock())
    stranger = number(store, clock, "complaint", **OTHER)
    assert persons.look_up(store, HE, reason="withdrawn", by=head, now=clock()).agreed
    with pytest.raises(Refused, match="withdrawal_unsure"):
        persons.withdraw(store, HE, reason="withdrawn", sure="", by=head, now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        persons.withdraw(store, HE, reason="withdrawn", sure="1", by=desk, now=clock())
    assert taken_back(store) == []
    dossier = persons.withdraw(store, HE, reason="withdrawn", sure="1", by=head, now=clock.forward(minutes=1))
    assert not dossier.agreed
    assert taken_back(store) == [("visits", visit_id), ("fault_households", joined.household_id)]
    assert store.value("SELECT count(*) FROM consents WHERE subject_id = ? AND withdrawn_at IS NULL", [stranger])
    assert sorted(waiting(store)) == [
        ("household", "1-1-102", "", "139****0123"),
        ("visit", "A001", "欧阳**", "139****0123"),
    ]
    assert sorted(waiting(store, Role.ADMINISTRATOR)) == sorted(waiting(store))
    done = events.history(store, persons.SUBJECT, 0)[-1]
    assert (done["what"], done["by_id"]) == ("withdraw_consent", head.id)
    assert WHO["phone"] not in done["detail"] and WHO["name"] not in done["detail"]
    with pytest.raises(Refused, match="nothing_agreed"):
        persons.withdraw(store, HE, reason="withdrawn", sure="1", by=head, now=clock())
    with writing(store):
        erasure.wipe(store, HE, at=clock())
    assert waiting(store) == []


def test_who_came_to_be_heard_in_private_waits_for_that_reader_alone(store: Store, clock: Clock) -> None:
    number(store, clock, "heard-by-manager")
    head, other = actor(store, Role.MANAGER), Role.ADMINISTRATOR
    with pytest.raises(Refused, match="nothing_agreed"):
        persons.withdraw(store, HE, reason="withdrawn", sure="1", by=actor(store, other), now=clock())
    persons.withdraw(store, HE, reason="withdrawn", sure="1", by=head, now=clock())
    assert (len(waiting(store)), waiting(store, other)) == (1, [])


def test_who_sent_what_was_handed_over_in_his_matter_has_his_ground_told(store: Store, clock: Clock) -> None:
    Visitors(store, clock).receive(sender="某某快递", **WHO)
    head = actor(store, Role.MANAGER)
    dossier = persons.look_up(store, HE, reason="request", by=head, now=clock())
    told = next(part for part in dossier.parts if part.table == "consents")
    assert {person_words.TABLES["cases"], person_words.TABLES["handovers"]} == {row[1].words for row in told.rows}
    assert not dossier.agreed


def test_the_desk_confirms_that_he_asked_for_it(store: Store, clock: Clock) -> None:
    case = Life(store, clock).register(**WHO, visit_id=number(store, clock))
    with pytest.raises(Refused, match="withdrawal_unsure"):
        withdrawals.withdraw(store, no=case.no, sure="", by=actor(store, Role.RECEPTIONIST), now=clock())
    assert taken_back(store) == [] and len(consents.missing(store)) == 0
