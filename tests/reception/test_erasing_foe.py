"""What an adversary of the erasing tries: what breaks after the act, what is left in the bytes, what a seal tells."""

import sqlite3
from contextlib import closing

import pytest

from db import erasure_journal, pulse
from db.store import Store
from reception import erasure, persons, retention
from reception.permissions import BOX, Actor, Role
from tests.conftest import Clock, actor
from tests.reception.life import Life
from tests.reception.test_persons import NAME, WHO, erased, lived


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def test_what_breaks_once_the_act_is_committed_takes_no_entry_back(
    store: Store, life: Life, clock: Clock, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(life, clock)
    seal = persons.look_up(store, WHO, reason="request", by=manager, now=life.now).seal

    def broken(*_: object) -> None:
        raise SystemExit(1)

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(pulse, "announce", broken)
        persons.erase(store, WHO, seal=seal, reason="request", by=manager, now=life.now)
    assert store.value("SELECT count(*) FROM cases WHERE name = ?", [NAME]) == 0
    # Else a backup of yesterday would bring him back.
    assert len(erasure_journal.entries(store.path.parent)) == store.value("SELECT count(*) FROM erasure_entries") > 0


def test_the_seal_of_what_was_seen_cannot_be_tried_out(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)
    seals = {persons.look_up(store, WHO, reason="request", by=manager, now=life.now).seal for _ in range(3)}
    assert len(seals) == 3
    assert persons.erase(store, WHO, seal=seals.pop(), reason="request", by=manager, now=life.now)


def test_the_night_removes_what_an_erasing_could_not_scrub(
    store: Store, life: Life, clock: Clock, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(life, clock)
    retention.run(store, by=BOX, now=life.now)
    with monkeypatch.context() as patched:
        # The power went, or others held the store.
        patched.setattr(erasure, "scrub", lambda *_: False)
        erased(store, life, manager)
    # A row that SQLite had moved between pages leaves such a copy.
    with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
        other.execute("PRAGMA secure_delete = OFF")
        other.execute("CREATE TABLE moved (text TEXT)")
        other.execute("INSERT INTO moved VALUES (?)", [NAME * 3000])
        other.execute("DROP TABLE moved")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert NAME.encode() in store.path.read_bytes()
    clock.forward(hours=12)
    retention.run(store, by=BOX, now=clock())
    assert NAME.encode() not in store.path.read_bytes()


def test_a_namesakes_paper_that_waits_keeps_his_name(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)
    no = life.on_site(name=NAME, phone="13700000002", unit="1-1-101").case_no
    ref = store.value("SELECT 'case:' || id FROM cases WHERE no = ?", [no])
    told = "SELECT count(*) FROM print_jobs WHERE ref = ? AND facts LIKE ?"
    waiting = store.value(told, [ref, f"%{NAME}%"])
    erased(store, life, manager)
    assert store.value(told, [ref, f"%{NAME}%"]) == waiting > 0
    assert store.value("SELECT name FROM cases WHERE no = ?", [no]) == NAME
