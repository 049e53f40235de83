"""Somebody called like a word of the house: he is erased, and the house keeps its words."""

import pytest

from db.store import Store, writing
from reception import house_words, persons, visits
from reception.permissions import Role
from reception.person_rows import Person
from reception.rules.striking import Striker
from tests.conftest import Clock, actor
from tests.reception.life import Life

# What was his, and what every erasing writes.
HIS = ("visits", "consents", "nonces", "erasure_entries", "pulse", "print_jobs")


def house(store: Store) -> dict[str, list[tuple[object, ...]]]:
    tables = store.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return {name: [tuple(row) for row in store.rows(f"SELECT * FROM {name}")] for (name,) in tables if name not in HIS}  # noqa: S608


@pytest.mark.parametrize("called", ["业主", "维修", "repair", "phone", "general"])
def test_a_name_that_is_a_word_takes_no_text_apart(store: Store, clock: Clock, called: str) -> None:
    life, manager, phone = Life(store, clock), actor(store, Role.MANAGER), "13912340077"
    visits.check_in(store, line="general", nonce="v1", name=called, phone=phone, by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
    before, who = house(store), Person(phone, called, None)
    seal = persons.look_up(store, who, reason="request", by=manager, now=life.now).seal
    persons.erase(store, who, seal=seal, reason="request", by=manager, now=life.now)
    after = house(store)
    for table, rows in before.items():
        assert after[table][: len(rows)] == rows
    assert (
        store.rows("SELECT name, phone FROM visits WHERE coalesce(name, '') <> '' OR coalesce(phone, '') <> ''") == []
    )


def test_a_name_of_somebody_is_no_word(store: Store) -> None:
    assert house_words.without(store, {"司马秋白", "王芳", "Li Wei", "业主"}) == {"司马秋白", "王芳", "Li Wei"}
    assert Striker(["phone"], (), "x").json('{"phone": "phone 1"}') == '{"phone": "x 1"}'
