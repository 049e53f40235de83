"""After a restore: numbers go on behind the gap, nothing prints twice, and whoever may reads what was lost."""

import errno
import json
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pyrage.x25519 import Identity

from db import backup_folder, restore, sealing
from db.sealing import Trouble
from db.store import Store, open_store, writing
from lobbydesk import box_backup, box_recover
from reception import SCHEMA, queue, restorations, sequences, visits
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from reception.rules.numbers import parse_ticket_no, ticket_no
from tests.backup import NOON, Box, a_box
from tests.conftest import actor
from tests.test_backup import _spoil

HOUR = timedelta(hours=1)


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Iterator[Box]:
    """A box with work in it."""
    yield from a_box(home, tmp_path)


def taken(box: Box, series: str, count: int = 1) -> list[int]:
    """Take numbers of a series; return them."""
    with closing(open_store(box.store)) as store, writing(store):
        return [sequences.take(store, series) for _ in range(count)]


def a_ticket(box: Box, at: datetime = NOON) -> str:
    """Take a number at the kiosk; return it."""
    with closing(open_store(box.store)) as store:
        nonce = f"n{random.getrandbits(60)}"
        return visits.check_in(store, line="general", nonce=nonce, by=KIOSK, now=at).no


KNOWN, TODAY, TOMORROW = "BX:20261123", "TS:20261123", "BX:20261124"
MONTH, NEXT_YEAR, FAR = "JF:202612", "JF:202711", "JF:202801"


@pytest.mark.parametrize("readable", [True, False], ids=["old store tells its numbers", "old store tells nothing"])
def test_no_number_that_was_lost_is_given_again(box: Box, readable: bool) -> None:
    taken(box, KNOWN, 7)
    first_ticket = a_ticket(box)
    made = box.back_up()
    # An old store that can be read tells its numbers, be they more than a jump.
    count = 700 if readable else 20
    lost = {series: set(taken(box, series, count)) for series in (KNOWN, TODAY, MONTH, NEXT_YEAR, "evacuation")}
    lost_tickets = {a_ticket(box) for _ in range(20)}
    if not readable:
        _spoil(box.store)
    box.put_back(made.path, at=NOON + HOUR)
    for series, numbers in lost.items():
        assert numbers.isdisjoint(taken(box, series, 600)), series
    tickets = [a_ticket(box, NOON + HOUR) for _ in range(3)]
    assert lost_tickets.isdisjoint(tickets)
    # Still three figures, and read back by every form that takes a ticket's number.
    assert all(len(no) == 4 and parse_ticket_no(no) for no in tickets), tickets
    first, after = parse_ticket_no(first_ticket), parse_ticket_no(tickets[0])
    assert first and after and after[1] > first[1] + 500
    # What nobody can have taken yet begins at 1: tomorrow's numbers, and a month that is not booked so early.
    assert taken(box, TOMORROW) == [1]
    assert taken(box, FAR) == [1]


def test_behind_three_figures_the_number_grows_a_fourth(box: Box) -> None:
    with closing(open_store(box.store)) as store, writing(store):
        series = str(store.value("SELECT series FROM sequences WHERE series LIKE 'ticket:%' LIMIT 1"))
        store.execute("UPDATE sequences SET last = 720 WHERE series = ?", [series])
    made = box.back_up()
    box.put_back(made.path, at=NOON + HOUR)
    (number,) = taken(box, series)
    assert ticket_no("A", number) == "A1221"
    assert parse_ticket_no("A1221") == ("A", 1221)


def test_a_second_restore_of_the_same_backup_does_not_meet_the_numbers_of_the_first(box: Box) -> None:
    taken(box, KNOWN, 7)
    made = box.back_up()
    seen: set[int] = set()
    for turn in range(3):
        numbers = {number for series in (KNOWN, TODAY) for number in taken(box, series, 30)}
        if turn == 0:
            numbers -= set(range(1, 100))
        assert seen.isdisjoint(numbers)
        seen |= numbers
        _spoil(box.store)
        box.put_back(made.path, at=NOON + timedelta(minutes=turn))


@pytest.mark.parametrize("days", [-400, 0, 400], ids=["clock far behind", "clock right", "clock far ahead"])
def test_neither_does_a_restore_by_a_clock_that_is_wrong(box: Box, days: int) -> None:
    taken(box, KNOWN, 7)
    made, seen = box.back_up(), set[int]()
    _spoil(box.store)
    box.put_back(made.path, at=NOON + timedelta(days=days))
    # One made after the first restore knows of it; those before it do not, whatever the clock said.
    later = box.back_up(NOON + timedelta(days=days, hours=1))
    for source in (later, made, later, made):
        numbers = set(taken(box, KNOWN, 30))
        assert seen.isdisjoint(numbers)
        seen |= numbers
        _spoil(box.store)
        box.put_back(source.path, at=NOON + HOUR)


def test_the_old_store_is_kept_a_month_though_the_clock_did_not_know_the_time(box: Box) -> None:
    made = box.back_up()
    box.put_back(made.path, at=NOON - timedelta(days=400))
    box.back_up(NOON + HOUR)
    assert len(list((box.home / restore.ASIDE).iterdir())) == 1


def test_a_series_begun_and_lost_twice_begins_behind_both_gaps(box: Box) -> None:
    made = box.back_up()
    box.put_back(made.path)
    # The backup knows of the first restore, and not of this series, which began behind its gap.
    later = box.back_up(NOON + HOUR)
    first = set(taken(box, TODAY, 20))
    _spoil(box.store)
    box.put_back(later.path, at=NOON + HOUR)
    assert first.isdisjoint(taken(box, TODAY, 20))


def test_drawn_numbers_and_hand_numbers_keep_clear_of_what_was_lost(box: Box) -> None:
    made = box.back_up()
    box.put_back(made.path, at=NOON + HOUR)
    with closing(open_store(box.store)) as store, writing(store):
        # Before the restore they had three figures.
        assert all(len(sequences.drawn_no(store, "TF", NOON).split("-")[1]) == 4 for _ in range(50))
        assert len(sequences.drawn_no(store, "TF", NOON + timedelta(days=1)).split("-")[1]) == 3
        # The first hand-written number of a line goes on behind the gap, and reaching back opens nothing.
        series = "ticket:Q:2026-11-23"
        assert sequences.last(store, series) == 500
        sequences.reach(store, series, 12)
        assert sequences.take(store, series) == 501


def test_what_waited_for_a_printer_is_doubtful_and_nobody_is_logged_in(box: Box) -> None:
    with closing(open_store(box.store)) as store, writing(store):
        store.execute(
            "UPDATE print_jobs SET state = 'queued', sending_at = NULL, ended_at = NULL, error = NULL, held = NULL"
        )
        staff = store.value("SELECT id FROM staff LIMIT 1")
        store.execute("INSERT INTO sessions (key_hash, staff_id, created_at, seen_at) VALUES ('k', ?, '', '')", [staff])
        store.execute(
            "INSERT INTO box_wishes (kind, detail, asked_by, asked_at) VALUES ('set_time', '{}', ?, ?)",
            [staff, "2026-11-23T03:00:00.000Z"],
        )
    made = box.back_up()
    box.put_back(made.path, at=NOON + HOUR)
    tables = box.tables()
    with closing(open_store(box.store)) as store:
        assert store.counts("SELECT state, count(*) FROM print_jobs GROUP BY 1").keys() == {"uncertain"}
        assert store.value("SELECT outcome FROM box_wishes WHERE state = 'failed'") == "restored"
        event = store.row("SELECT * FROM events ORDER BY id DESC LIMIT 1")
    assert tables["sessions"] == []
    assert event is not None and event["what"] == "restore_store"
    detail = json.loads(event["detail"])
    assert (detail["numbers_jump"], detail["backup"]) == (500, made.path.name)
    # Exactly as it was, on the other hand, is exactly as it was.
    box.put_back(made.path, exact=True)
    assert len(box.tables()["sessions"]) == 1
    assert box.tables()["restorations"] == []


def test_the_gap_is_said_until_somebody_who_may_has_read_it(box: Box) -> None:
    made = box.back_up()
    a_ticket(box)
    box.put_back(made.path, at=NOON + HOUR)
    with closing(open_store(box.store)) as store:
        gap = restorations.unread(store)
        assert gap is not None and gap["lost_from"] == "2026-11-23T04:00:00.000Z" and gap["reason"] == "asked"
        for wrong in ("", "0", "99", "x", "9" * 30):
            with pytest.raises(Refused, match="restoration_unknown"):
                restorations.acknowledge(store, restoration=wrong, by=actor(store, Role.MANAGER), now=NOON + HOUR)
        with pytest.raises(Refused, match="not_permitted"):
            restorations.acknowledge(store, restoration="1", by=actor(store, Role.RECEPTIONIST), now=NOON + HOUR)
        restorations.acknowledge(store, restoration="1", by=actor(store, Role.MANAGER), now=NOON + HOUR)
        assert restorations.unread(store) is None
        assert restorations.latest(store) is not None
        # The queue goes on.
        assert queue.call_next(store, counter="1", by=actor(store, Role.RECEPTIONIST), now=NOON + HOUR)


def test_a_backup_of_an_older_version_is_brought_up_to_date_and_of_a_newer_one_refused(box: Box) -> None:
    with closing(open_store(box.store)) as store, writing(store):
        store.execute("DROP TABLE restorations")
        store.execute("DELETE FROM _sqlite_migrations WHERE name IN ('0045_restorations', '0075_systems_ended')")
    older = box.back_up()
    box.put_back(older.path, at=NOON + HOUR)
    assert len(box.tables()["restorations"]) == 1
    with closing(open_store(box.store)) as store, writing(store):
        store.execute(
            "INSERT INTO _sqlite_migrations VALUES (NULL, 'lobbydesk', '9999_later', '2030')"
            if _with_id(box)
            else "INSERT INTO _sqlite_migrations VALUES ('lobbydesk', '9999_later', '2030')"
        )
    newer = box.back_up(NOON + 2 * HOUR)
    before = box.tables()
    for exact in (True, False):
        with pytest.raises(Trouble, match="of a newer version"):
            box.put_back(newer.path, exact=exact)
    assert box.tables() == before


def _with_id(box: Box) -> bool:
    with closing(sqlite3.connect(box.store)) as store:
        return len(store.execute("PRAGMA table_info(_sqlite_migrations)").fetchall()) == 4


def recovered(box: Box, *folders: Path) -> dict[str, object] | None:
    """Start the box; return what was put back."""
    box.last_written(NOON + HOUR)
    return box_recover.recover(box.home, folders or [box.folder], box.key, now=NOON + HOUR)


def test_a_sound_store_and_a_new_box_are_left_alone(box: Box, tmp_path: Path) -> None:
    box.back_up()
    before = box.tables()
    assert recovered(box) is None
    assert box.tables() == before
    # Nothing is there: a new box; its key may be missing, too.
    assert box_recover.recover(tmp_path / "new", [tmp_path / "none"], tmp_path / "no key", now=NOON) is None
    assert box_recover.recover(box.home, [box.folder], tmp_path / "no key", now=NOON) is None


@pytest.mark.parametrize("harm", ["pages", "header", "half", "empty", "gone", "something else"])
def test_a_damaged_store_is_kept_aside_and_the_newest_good_backup_put_back(box: Box, harm: str) -> None:
    box.back_up()
    box.work(5, seed=4)
    made, before = box.back_up(NOON + timedelta(minutes=30)), box.tables()
    a_ticket(box)
    bad = _harm(box, harm)
    told = recovered(box)
    assert told is not None and told["backup"] == made.path.name
    after = box.tables()
    assert after["tickets"] == before["tickets"]
    reason = "missing" if harm == "gone" else "damaged"
    assert [(row[2], row[3]) for row in after["restorations"]] == [(reason, made.path.name)]
    if bad is not None:
        (aside,) = (box.home / restore.ASIDE).iterdir()
        assert (aside / "lobbydesk.db").read_bytes() == bad
    assert recovered(box) is None


def _harm(box: Box, harm: str) -> bytes | None:
    _spoil(box.store) if harm == "pages" else None
    data = box.store.read_bytes()
    for suffix in ("-wal", "-shm"):
        box.store.with_name(box.store.name + suffix).unlink(missing_ok=True)
    if harm == "gone":
        box.store.unlink()
        return None
    bad = {
        "pages": data,
        "header": b"\0" * 4096 + data[4096:],
        "half": data[: len(data) // 2],
        "empty": b"",
        "something else": b"Dear disk, " * 9000,
    }[harm]
    box.store.write_bytes(bad)
    return bad


@pytest.mark.parametrize("start", [True, False], ids=["at the start of the box", "by hand"])
def test_the_gap_ends_with_the_last_write_not_when_somebody_came(box: Box, start: bool) -> None:
    made = box.back_up(NOON - HOUR)
    _spoil(box.store)
    box.last_written(NOON)
    # Three days without power.
    come = NOON + timedelta(days=3)
    if start:
        box_recover.recover(box.home, [box.folder], box.key, now=come)
    else:
        box_backup.put_back(box.home, made.path, box.identity, exact=False, reason="asked", now=come)
    ((_, at, _, _, start_at, end_at, jump, *_),) = box.tables()["restorations"]
    assert (at[:13], start_at[:13], end_at[:13], jump) == ("2026-11-26T04", "2026-11-23T03", "2026-11-23T04", 500)


def test_a_bad_backup_gives_way_to_an_older_one_and_to_the_second_place(box: Box, tmp_path: Path) -> None:
    old = box.back_up(NOON - HOUR)
    new = box.back_up(NOON)
    new.path.write_bytes(new.path.read_bytes()[:-7])
    _harm(box, "header")
    told = recovered(box)
    assert told is not None and told["backup"] == old.path.name
    # The disk with the first place is gone.
    second = tmp_path / "second"
    backup_folder.copy(old, second)
    shutil.rmtree(box.folder)
    _harm(box, "header")
    told = recovered(box, box.folder, second)
    assert told is not None and told["backup"] == old.path.name


@pytest.mark.parametrize(("trouble", "served"), [(errno.EIO, True), (errno.ENOSPC, False)])
def test_a_backup_that_the_disk_cannot_read_gives_way_too(
    box: Box, monkeypatch: pytest.MonkeyPatch, trouble: int, served: bool
) -> None:
    older, newest = box.back_up(), box.back_up(NOON + HOUR)
    unseal = sealing.unseal

    def dying(source: Path, target: Path, identity: Identity) -> None:
        if source == newest.path:
            raise OSError(trouble, "as the disk says", str(source))
        unseal(source, target, identity)

    monkeypatch.setattr(sealing, "unseal", dying)
    _spoil(box.store)
    if served:
        told = recovered(box)
        assert told is not None
        assert told["backup"] == older.path.name
    else:
        # A full disk is not the backup's fault, and what is newer is not given up for it.
        with pytest.raises(OSError, match="as the disk says"):
            recovered(box)


def test_without_a_good_backup_the_lobby_waits_for_help_and_nothing_is_touched(box: Box, tmp_path: Path) -> None:
    bad = _harm(box, "header")
    with pytest.raises(Trouble, match="no backup can be put back"):
        recovered(box)
    stranger = tmp_path / "stranger"
    sealing.new_identity(stranger)
    Box(box.home, box.folder, box.key)
    with pytest.raises(Trouble, match="backup key is not there"):
        box_recover.recover(box.home, [box.folder], tmp_path / "no key", now=NOON)
    assert box.store.read_bytes() == bad
    # Gone, with backups that another key opens: never start empty.
    sound = Box(tmp_path / "sound", box.folder, stranger)
    sound.home.mkdir()
    shutil.copy(bad_free(box, tmp_path), sound.store)
    sound.back_up()
    box.store.unlink()
    with pytest.raises(Trouble, match="no backup can be put back"):
        recovered(box)
    assert not box.store.exists()


def bad_free(box: Box, tmp_path: Path) -> Path:
    """Make an empty sound store; return it."""
    from db.migrations import migrate

    migrate(tmp_path / "fresh" / "lobbydesk.db", [SCHEMA])
    return tmp_path / "fresh" / "lobbydesk.db"


def test_a_full_disk_or_a_store_in_use_is_not_taken_for_damage(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.back_up()

    def full(path: Path) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(box_recover, "open_store", full)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        recovered(box)
    assert not (box.home / restore.ASIDE).exists()


def test_what_stands_only_in_the_log_of_a_staged_store_is_not_left_behind(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup, note = box.back_up().path, restorations.note_restored
    number = taken(box, "last")[0]
    looking: list[sqlite3.Connection] = []

    def noted(store: Store, *args: Any, **more: Any) -> int:
        jump = note(store, *args, **more)
        # Whoever looks keeps the log from being played in when the store is closed, as a full disk does.
        looking.append(sqlite3.connect(store.path))
        looking[0].execute("SELECT count(*) FROM events").fetchone()
        return jump

    monkeypatch.setattr(restorations, "note_restored", noted)
    try:
        with pytest.raises(sqlite3.OperationalError):
            box.put_back(backup)
    finally:
        looking[0].close()
    # Nothing was put in place, not half of it: the old store goes on.
    assert taken(box, "last") == [number + 1]
    assert not (box.home / restore.READY).exists() and not (box.home / restore.PARTIAL).exists()


def test_old_stores_that_were_put_aside_go_after_a_month(box: Box) -> None:
    made = box.back_up()
    box.put_back(made.path, at=NOON)
    assert len(list((box.home / restore.ASIDE).iterdir())) == 1
    box.back_up(NOON + timedelta(days=29))
    assert len(list((box.home / restore.ASIDE).iterdir())) == 1
    box.back_up(NOON + timedelta(days=31))
    assert not list((box.home / restore.ASIDE).iterdir())
