"""The store: an act is written whole or not at all, in its turn, and told to others only afterwards."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db import pulse
from db.migrations import migrate
from db.store import Store, StoreBusy, is_trouble, open_store, writing


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "lobbydesk.db"
    migrate(path, [])
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)")
    connection.close()
    return path


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def other(path: Path) -> Iterator[Store]:
    """Another connection, as another process has it."""
    opened = open_store(path, busy_seconds=0.1)
    yield opened
    opened.close()


def note(store: Store, text: str) -> int:
    return store.insert("INSERT INTO notes (text) VALUES (?)", [text])


def notes(store: Store) -> list[str]:
    return [row[0] for row in store.rows("SELECT text FROM notes ORDER BY id")]


def test_it_is_opened_to_survive_a_power_cut(store: Store) -> None:
    assert store.value("PRAGMA journal_mode") == "wal"
    assert store.value("PRAGMA synchronous") == 2
    assert store.value("PRAGMA foreign_keys") == 1


def test_the_control_of_the_crash_test_alone_is_opened_otherwise(path: Path) -> None:
    control = open_store(path, synchronous="NORMAL")
    assert control.value("PRAGMA synchronous") == 1
    control.close()


def test_a_store_belongs_to_its_thread(store: Store) -> None:
    errors: list[Exception] = []

    def use() -> None:
        try:
            store.value("SELECT 1")
        except sqlite3.ProgrammingError as error:
            errors.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(errors) == 1


def test_a_file_that_cannot_be_opened_is_trouble(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as caught:
        open_store(tmp_path)
    assert is_trouble(caught.value)


def test_an_act_is_committed_at_its_end_and_not_before(store: Store, other: Store) -> None:
    with writing(store):
        note(store, "one")
        assert store.in_transaction
        assert notes(other) == []
    assert notes(other) == ["one"]
    assert not store.in_transaction


def test_an_act_that_fails_leaves_nothing(store: Store, other: Store) -> None:
    with pytest.raises(ZeroDivisionError), writing(store):
        note(store, "one")
        store.touch("notes")
        raise ZeroDivisionError
    assert notes(other) == []
    assert pulse.revisions(other.connection) == {}
    with writing(store):
        note(store, "two")
    assert notes(other) == ["two"]
    assert pulse.revisions(other.connection) == {}


def test_a_statement_that_fails_takes_its_act_with_it(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        note(store, "one")
        note(store, "one")
    assert notes(store) == []


def test_a_commit_that_fails_leaves_nothing_and_frees_the_turn(store: Store, other: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        store.execute("CREATE TABLE child (parent INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)")
        store.execute("INSERT INTO child VALUES (99)")
    assert not store.in_transaction
    with writing(other):
        note(other, "one")
    assert notes(store) == ["one"]


def test_an_act_within_an_act_joins_it(store: Store, other: Store) -> None:
    with writing(store):
        note(store, "outer")
        with writing(store):
            note(store, "inner")
        assert notes(other) == []
    assert notes(other) == ["outer", "inner"]


def test_an_act_within_an_act_falls_with_it(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), writing(store):
        with writing(store):
            note(store, "inner")
        raise ZeroDivisionError
    assert notes(store) == []


def test_the_error_of_an_inner_act_caught_by_the_outer_one_keeps_the_transaction(store: Store) -> None:
    with writing(store):
        note(store, "outer")
        with pytest.raises(ZeroDivisionError), writing(store):
            raise ZeroDivisionError
        assert store.in_transaction
    assert notes(store) == ["outer"]


@contextmanager
def held_elsewhere(path: Path) -> Iterator[None]:
    """Another thread of this process is in the middle of an act."""
    begun, end = threading.Event(), threading.Event()

    def hold() -> None:
        own = open_store(path)
        with writing(own):
            begun.set()
            end.wait(10)
        own.close()

    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        end.set()
        thread.join()


def test_a_turn_that_does_not_come_is_refused_and_nothing_is_written(store: Store, path: Path) -> None:
    with held_elsewhere(path):
        with pytest.raises(StoreBusy) as caught, writing(store, busy_seconds=0.05):
            note(store, "one")
        assert is_trouble(caught.value)
        assert not store.in_transaction
    with writing(store, busy_seconds=0.05):
        note(store, "two")
    assert notes(store) == ["two"]


def test_another_process_in_the_way_is_trouble_too_and_the_turn_is_free_again(store: Store, other: Store) -> None:
    store.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as caught, writing(other):
        note(other, "one")
    assert is_trouble(caught.value)
    store.execute("ROLLBACK")
    with writing(other, busy_seconds=0.05):
        note(other, "two")
    assert notes(store) == ["two"]


def test_an_act_has_the_store_from_its_beginning(store: Store, other: Store) -> None:
    # Begun deferred, reading and then writing fails under load with "database is locked".
    with writing(store), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_many_writers_lose_nothing(path: Path) -> None:
    def count(start: int) -> None:
        own = open_store(path)
        for number in range(start, start + 10):
            with writing(own):
                before = own.value("SELECT count(*) FROM notes")
                note(own, f"{number}")
                assert own.value("SELECT count(*) FROM notes") == before + 1
        own.close()

    threads = [threading.Thread(target=count, args=(10 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    final = open_store(path)
    assert len(notes(final)) == 80
    final.close()


@pytest.fixture
def listener(path: Path) -> Iterator[pulse.Listener]:
    with pulse.Listener(pulse.run_folder(path), "test") as opened:
        yield opened


def test_the_pulse_comes_after_the_commit_and_not_before(
    store: Store, other: Store, listener: pulse.Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    announce, seen = pulse.announce, []

    def watched(folder: Path, topics: frozenset[str]) -> None:
        seen.append((topics, store.in_transaction, pulse.revisions(other.connection)))
        announce(folder, topics)

    monkeypatch.setattr(pulse, "announce", watched)
    with writing(store):
        note(store, "one")
        store.touch("notes", "queue")
        with writing(store):
            store.touch("notes")
        assert not listener.wait(0)
    assert listener.wait(1)
    assert seen == [(frozenset({"notes", "queue"}), False, {"notes": 1, "queue": 1})]
    assert not listener.wait(0)


def test_a_failed_act_sends_no_pulse(store: Store, listener: pulse.Listener) -> None:
    with pytest.raises(ZeroDivisionError), writing(store):
        store.touch("notes")
        raise ZeroDivisionError
    assert not listener.wait(0.05)


def test_an_act_that_touched_nothing_sends_no_pulse(store: Store, listener: pulse.Listener) -> None:
    with writing(store):
        note(store, "one")
    assert not listener.wait(0.05)


def test_revisions_count_the_acts(store: Store) -> None:
    for _ in range(3):
        with writing(store):
            store.touch("notes")
    assert pulse.revisions(store.connection) == {"notes": 3}


def test_nothing_is_touched_outside_an_act(store: Store) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        store.touch("notes")


def test_trouble_of_the_box_is_told_from_a_defect(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError) as caught:
        store.execute("SELECT nothing")
    assert not is_trouble(caught.value)
    assert not is_trouble(sqlite3.ProgrammingError("closed"))
    assert is_trouble(StoreBusy("busy"))
    full = sqlite3.OperationalError("database or disk is full")
    for code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR | 10 << 8, sqlite3.SQLITE_BUSY_SNAPSHOT):
        full.sqlite_errorcode = code
        assert is_trouble(full)


def test_the_small_questions(store: Store) -> None:
    with writing(store):
        first, second = note(store, "a"), note(store, "b")
        assert store.changed("UPDATE notes SET text = 'c' WHERE id = ?", [first])
        assert not store.changed("UPDATE notes SET text = 'c' WHERE id = 99")
    assert second == first + 1
    assert store.value("SELECT text FROM notes WHERE id = 99") is None
    assert store.row("SELECT text FROM notes WHERE id = 99") is None
    assert store.counts("SELECT text, count(*) FROM notes GROUP BY text") == {"b": 1, "c": 1}
    store.close()
    store.close()


def test_a_store_that_is_gone_is_trouble_and_never_an_empty_one(tmp_path: Path) -> None:
    """A timer that made it would have the next migration fill it: a lobby that forgot everything, and looks well."""
    path = tmp_path / "odd ?#%20 name.db"
    with pytest.raises(sqlite3.OperationalError) as caught:
        open_store(path)
    assert is_trouble(caught.value)
    assert not path.exists()
    open_store(path, create=True).close()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]
    open_store(path).close()
