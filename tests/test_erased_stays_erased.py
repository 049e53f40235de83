"""What was erased stays erased: across restores of any backup, on any box, whatever was cut off in between."""

import json
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from db import backup_folder, restore
from db import erasure_journal as journal
from db.store import open_store, writing
from lobbydesk.cli import main
from reception import erasure, erasure_replay, retention
from reception.erasure import Person
from reception.permissions import BOX
from tests.backup import NOON, Box, a_box
from tests.erasing import NAME, PERSON, PHONE, PICTURE, WORDS, come_back, erase, erase_in, live_here, rows, traces

DAY = timedelta(days=1)
MEMORY = Path("/dev/shm")


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Iterator[Box]:
    """A box where the person of these tests lives."""
    for one in a_box(home, tmp_path):
        live_here(home, NOON)
        yield one


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder on another file system, where the machine has one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        yield Path(folder)


def where(box: Box) -> list[str]:
    """Return the options that name a box."""
    return ["--home", str(box.home), "--folder", str(box.folder), "--identity", str(box.key)]


@pytest.mark.parametrize("exact", [False, True])
def test_an_old_backup_brings_back_nobody_who_was_erased_since(box: Box, exact: bool) -> None:
    made = box.back_up(NOON)
    assert traces(box.home)
    erase_in(box.home, NOON + DAY)
    assert traces(box.home) == []
    told = box.put_back(made.path, exact=exact, at=NOON + 2 * DAY)
    assert told["erased_again"] == 1
    assert traces(box.home) == []
    # What is counted stays; and a second look finds nothing to do.
    assert rows(box.home, "SELECT count(*) FROM repairs JOIN cases ON id = case_id WHERE name = ''") == [(1,)]
    assert rows(box.home, "SELECT what, by_role FROM events WHERE what = 'erase_again'") == [("erase_again", "box")]
    with closing(open_store(box.store)) as store:
        assert erasure_replay.replay(store, box.home, now=NOON + 2 * DAY).entries == 0


def test_without_the_journal_he_would_be_back(box: Box) -> None:
    """The control: or these tests are blind."""
    made = box.back_up(NOON)
    erase_in(box.home, NOON + DAY)
    shutil.rmtree(journal.folder(box.home))
    box.put_back(made.path, at=NOON + 2 * DAY)
    assert {"lobbydesk.db", f"photos/{PICTURE}"} <= set(traces(box.home))


@pytest.mark.parametrize("sealed", ["beside the backup", "in the second place"])
def test_a_fresh_box_after_a_burnt_disk_knows_it_from_the_copies(box: Box, tmp_path: Path, sealed: str) -> None:
    old, place = box.back_up(NOON), tmp_path / "place"
    if sealed == "beside the backup":
        erase_in(box.home, NOON + DAY)
        box.back_up(NOON + DAY)
    else:
        place.mkdir()
        shutil.copytree(box.folder, place, dirs_exist_ok=True)
        erase_in(box.home, NOON + DAY)
        box.back_up(NOON + DAY)
        box.folder.rename(tmp_path / "second")
        old = backup_folder.listed(place)[0]
    fresh = tmp_path / "fresh"
    shutil.rmtree(box.home)
    words = ["restore", str(old.path), "--to", str(fresh), "--identity", str(box.key)]
    assert main([*words, "--folder", str(box.folder), "--second", str(tmp_path / "second")]) == 0
    assert (fresh / "lobbydesk.db").is_file() and traces(fresh) == []
    assert len(journal.entries(fresh)) > 0


def test_a_backup_made_after_it_tells_the_journal_what_it_lost(box: Box) -> None:
    erase_in(box.home, NOON + DAY)
    made = box.back_up(NOON + DAY)
    told = {entry.id for entry in journal.entries(box.home)}
    shutil.rmtree(journal.folder(box.home))
    (box.folder / journal.SEALED).unlink()
    box.put_back(made.path, at=NOON + 2 * DAY)
    assert rows(box.home, "SELECT count(*) FROM erasure_entries") == [(len(told),)]
    assert main(["migrate", *where(box)]) == 0
    assert {entry.id for entry in journal.entries(box.home)} == told


def test_the_start_of_a_box_with_a_damaged_store_erases_again_too(box: Box) -> None:
    box.back_up(NOON)
    erase_in(box.home, NOON + DAY)
    box.store.write_bytes(b"\0" * 4096)
    for ending in ("-wal", "-shm"):
        box.store.with_name(f"lobbydesk.db{ending}").unlink(missing_ok=True)
    assert main(["migrate", "--recover", *where(box)]) == 0
    assert rows(box.home, "SELECT count(*) FROM restorations") == [(1,)]
    assert traces(box.home) == []


def test_a_power_cut_between_journal_and_act_is_made_good_at_the_next_start(box: Box) -> None:
    journal.append(box.home, {"phone": PHONE, "name": NAME}, "2026-11-24T04:00:00.000Z")
    assert main(["migrate", *where(box)]) == 0
    assert traces(box.home) == []


def test_each_night_does_it_too(box: Box) -> None:
    journal.append(box.home, {"phone": PHONE, "name": NAME}, "2026-11-24T04:00:00.000Z")
    assert main(["retention", "--home", str(box.home)]) == 0
    assert traces(box.home) == []


def test_who_comes_back_after_his_erasure_keeps_what_he_gives_then(box: Box) -> None:
    erase_in(box.home, NOON + DAY)
    with closing(open_store(box.store)) as store:
        visit = come_back(store, NOON + 2 * DAY, "again")
    made = box.back_up(NOON + 2 * DAY)
    assert main(["migrate", *where(box)]) == 0
    box.put_back(made.path, at=NOON + 3 * DAY)
    assert rows(box.home, f"SELECT name, phone FROM visits WHERE id = {visit}") == [(NAME, PHONE)]  # noqa: S608


def test_an_act_that_did_not_come_about_leaves_no_word_of_it(box: Box) -> None:
    with closing(open_store(box.store)) as store:
        with pytest.raises(RuntimeError, match="no"), erasure_replay.noted(store) as note, writing(store):
            note(PERSON, NOON + DAY)
            raise RuntimeError("no")
        with pytest.raises(RuntimeError, match="inside its act"):
            note(PERSON, NOON + DAY)
    assert journal.entries(box.home) == []
    assert main(["migrate", *where(box)]) == 0
    assert "lobbydesk.db" in traces(box.home)


def test_what_the_store_says_was_done_counts_though_its_act_was_told_otherwise(box: Box) -> None:
    """A disk that reports an error at the commit, and keeps it all the same."""
    erase_in(box.home, NOON + DAY)
    told = journal.entries(box.home)
    for entry in told:
        journal.withdraw(box.home, entry)
    assert main(["migrate", *where(box)]) == 0
    assert journal.entries(box.home) == told


def test_who_shares_his_telephone_stays(box: Box) -> None:
    with closing(open_store(box.store)) as store:
        come_back(store, NOON, "wife", name="上官云")
    made = box.back_up(NOON)
    erase_in(box.home, NOON + DAY)
    box.put_back(made.path, at=NOON + 2 * DAY)
    assert rows(box.home, f"SELECT name FROM visits WHERE phone = '{PHONE}'") == [("上官云",)]  # noqa: S608


def test_a_store_that_knows_his_telephone_and_not_his_name_loses_what_bears_none(box: Box) -> None:
    with closing(open_store(box.store)) as store:
        bare = come_back(store, NOON, "bare", name="")
    journal.append(box.home, {"phone": PHONE, "name": "不在此处"}, "2026-11-24T04:00:00.000Z")
    assert main(["migrate", *where(box)]) == 0
    assert rows(box.home, f"SELECT phone FROM visits WHERE id = {bare}") == [(None,)]  # noqa: S608
    assert rows(box.home, f"SELECT DISTINCT name FROM visits WHERE phone = '{PHONE}'") == [(NAME,)]  # noqa: S608


def test_an_older_store_may_know_him_by_another_telephone(box: Box) -> None:
    with closing(open_store(box.store)) as store:
        come_back(store, NOON, "second")
        store.execute("UPDATE visits SET phone = '13700000001' WHERE id = (SELECT max(id) FROM visits)")
        with writing(store):
            store.execute("UPDATE tickets SET state = 'cancelled', ended_at = issued_at WHERE ended_at IS NULL")
        late = box.back_up(NOON)
        # This one still knows both; the backup is of a store that had only the other.
        erase(store, NOON + DAY, Person(PHONE, NAME, None))
    said = {hashed for entry in journal.entries(box.home) for hashed in entry.hashes.values()}
    key = next(iter(journal.keys(box.home).values()))
    assert journal.digest(key, "phone", "13700000001") in said
    box.put_back(late.path, at=NOON + 2 * DAY)
    assert rows(box.home, "SELECT count(*) FROM visits WHERE phone = '13700000001'") == [(0,)]


def test_where_only_the_log_still_speaks_of_him_it_is_his_telephone_that_tells(box: Box) -> None:
    with closing(open_store(box.store)) as store, writing(store):
        at = "2026-11-23T04:00:00.000Z"
        note = "INSERT INTO log_notes (at, by_id, kind, text) VALUES (?, 1, 'note', ?)"
        store.execute(note, [at, f"{NAME}来电 139-8765 0123，另留 13811110000"])
        erasure.wipe(store, PERSON, at=NOON + DAY)
        store.insert(note, [at, "住户来电 139-8765 0123 13811110000"])
    made = box.back_up(NOON)
    journal.append(box.home, {"phone": PHONE, "name": NAME}, "2026-11-24T04:00:00.000Z")
    box.put_back(made.path, at=NOON + 2 * DAY)
    last = str(rows(box.home, "SELECT text FROM log_notes ORDER BY id")[-1])
    assert "0123" not in last and "13811110000" in last


def test_the_two_boxes_of_a_centre_that_became_one(box: Box, tmp_path: Path) -> None:
    """A spare took over for a week and erased; then the old box's backup is put back on it."""
    made, spare = box.back_up(NOON), Box(tmp_path / "spare", tmp_path / "spare-backups", box.key)
    shutil.copytree(box.home, spare.home)
    erase_in(spare.home, NOON + 7 * DAY)
    journal.append(box.home, {"phone": "13811112222", "name": "某某"}, "2026-11-24T04:00:00.000Z")
    box.back_up(NOON + DAY)
    spare.put_back(made.path, at=NOON + 8 * DAY)
    assert traces(spare.home) == []
    assert len(journal.keys(spare.home)) == 2
    kept = {entry.id for entry in journal.entries(spare.home)}
    assert {entry.id for entry in journal.entries(box.home)} < kept


def test_old_stores_that_were_put_aside_go_with_whom_they_name(box: Box) -> None:
    made = box.back_up(NOON)
    box.put_back(made.path, at=NOON + DAY)
    assert any(name.startswith(restore.ASIDE) for name in traces(box.home))
    erase_in(box.home, NOON + 2 * DAY)
    assert traces(box.home) == []
    # What is put aside after it knew of it, and is kept.
    box.put_back(made.path, at=NOON + 3 * DAY)
    assert len(list((box.home / restore.ASIDE).iterdir())) == 1
    assert traces(box.home) == []


def test_an_act_that_is_done_is_done_whatever_becomes_of_old_stores(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    made = box.back_up(NOON)
    box.put_back(made.path, at=NOON + DAY)

    def broken(path: Path) -> None:
        raise OSError(5, "Input/output error", str(path))

    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", broken)
        erase_in(box.home, NOON + 2 * DAY)
    assert traces(box.home) != []
    assert main(["migrate", *where(box)]) == 0
    assert traces(box.home) == []


def test_a_damaged_store_is_kept_aside_unless_it_may_name_whom_came_after(box: Box) -> None:
    aside = box.home / restore.ASIDE / "20261125T040000Z-damaged"
    aside.mkdir(parents=True)
    (aside / "lobbydesk.db").write_bytes(b"\0" * 4096)
    journal.append(box.home, {"phone": "139"}, "2026-11-25T03:59:59.000Z")
    assert erasure_replay.clear_aside(box.home) == []
    journal.append(box.home, {"phone": "139"}, "2026-11-25T04:00:01.000Z")
    assert erasure_replay.clear_aside(box.home) == [aside.name]


def test_backups_of_the_version_before_have_no_journal_beside_them(
    box: Box, capsys: pytest.CaptureFixture[str]
) -> None:
    made = box.back_up(NOON)
    assert not (box.folder / journal.SEALED).exists() and not journal.folder(box.home).exists()
    assert main(["restore", str(made.path), *where(box)]) == 0
    assert json.loads(capsys.readouterr().out)["erased_again"] == 0


@pytest.mark.parametrize("exact", [False, True])
def test_a_store_of_the_version_before_is_held_against_it_once_it_is_brought_up_to_date(
    box: Box, exact: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(box.store)) as store:
        store.executescript(
            "PRAGMA journal_mode = DELETE; DROP TABLE erasure_entries; DROP TABLE retired_cases;"
            "DELETE FROM _sqlite_migrations WHERE name = '0054_erasure_entries'"
        )
    made = box.back_up(NOON)
    assert main(["migrate", *where(box)]) == 0
    erase_in(box.home, NOON + DAY)
    assert main(["restore", str(made.path), *where(box), *(["--exact"] if exact else [])]) == 0
    told = capsys.readouterr().out.splitlines()[-1]
    assert json.loads(told)["erased_again"] == (0 if exact else 1)
    assert main(["migrate", *where(box)]) == 0
    assert traces(box.home) == []


def test_a_copy_that_cannot_be_read_keeps_no_lobby_dark_and_is_said(box: Box) -> None:
    made = box.back_up(NOON)
    erase_in(box.home, NOON + DAY)
    box.back_up(NOON + DAY)
    sealed = box.folder / journal.SEALED
    sealed.write_bytes(sealed.read_bytes()[:-3])
    told = box.put_back(made.path, at=NOON + 2 * DAY)
    assert told["erasures_unread"] == [str(sealed)]
    # The journal of the home still knew.
    assert traces(box.home) == []


def test_nor_do_broken_settings_of_the_box(box: Box, tmp_path: Path) -> None:
    made, broken = box.back_up(NOON), tmp_path / "box.toml"
    erase_in(box.home, NOON + DAY)
    broken.write_text("[lan]\nnmae = 'x'")
    words = ["restore", str(made.path), "--home", str(box.home), "--identity", str(box.key), "--settings", str(broken)]
    assert main(words) == 0
    assert traces(box.home) == []


def test_a_full_disk_for_backups_does_not_keep_the_journal_from_the_copy(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    erase_in(box.home, NOON)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("db.backup.take", full)
    with pytest.raises(OSError, match="No space"):
        box.back_up(NOON)
    assert (box.folder / journal.SEALED).is_file()


def test_the_second_place_and_the_stick_get_the_journal(box: Box, tmp_path: Path, memory: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    if memory.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    erase_in(box.home, NOON)
    assert main(["backup", *where(box), "--second", str(memory)]) == 0
    assert main(["backup", *where(box), "--reason", "stick", "--stick", str(stick)]) == 0
    for place in (box.folder, memory, stick):
        assert journal.unite(tmp_path / place.name / "fresh", place / journal.SEALED, box.identity) == 2


def test_what_retention_had_removed_does_not_come_back_with_an_old_backup(box: Box) -> None:
    with closing(open_store(box.store)) as store:
        # It ran that day, and a run follows the clock by two days at most.
        retention.run(store, by=BOX, now=NOON)
    made = box.back_up(NOON)
    journal.note_reached(box.home, "2027-03-01T00:00:00.000Z")
    box.put_back(made.path, at=NOON + 100 * DAY)
    # The visit of November had gone in December. (His repair has its own time.)
    assert rows(box.home, f"SELECT count(*) FROM visits WHERE phone = '{PHONE}'") == [(0,)]  # noqa: S608
    assert rows(box.home, f"SELECT count(*) FROM repairs WHERE content = '{WORDS}'") == [(1,)]  # noqa: S608


def test_exactly_as_it_was_is_exactly_as_it_was_but_for_the_erased(box: Box) -> None:
    made, was = box.back_up(NOON), box.tables()
    with closing(open_store(box.store)) as store:
        come_back(store, NOON, "lost")
    box.put_back(made.path, exact=True, at=NOON + DAY)
    assert box.tables() == was
