"""Backups: whole, consistent while everybody writes, and refused in plain words when they are not what they must be."""

import gzip
import io
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest

from db import backup, backup_folder, restore, sealing
from db.backup_keep import Keep
from db.sealing import Trouble
from lobbydesk import box_backup
from lobbydesk.cli import main
from tests.backup import NOON, PICTURE, Box, a_box, tables
from tests.crash.test_kill import assert_whole, held


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Iterator[Box]:
    """A box with work in it."""
    yield from a_box(home, tmp_path)


def test_a_restore_gives_back_every_row_of_every_table_and_what_lies_beside(box: Box, tmp_path: Path) -> None:
    before = box.tables()
    made = box.back_up()
    other = Box(tmp_path / "other", box.folder, box.key)
    told = other.put_back(made.path, exact=True)
    assert told["pictures_missing"] == 0
    after = other.tables()
    assert list(after) == list(before)
    for name, rows in before.items():
        assert after[name] == rows, name
    for name in (f"photos/{PICTURE}", f"photos/{PICTURE[:-4]}-s.jpg", "map.png", "voice-own/zh-A.wav"):
        assert (other.home / name).read_bytes() == (box.home / name).read_bytes()
    # Over what came since, to the last row as well.
    box.work(10, seed=2)
    (box.home / "map.png").write_bytes(b"a later plan")
    assert box.tables() != before
    box.put_back(made.path, exact=True)
    assert box.tables() == before
    assert (box.home / "map.png").read_bytes() == b"plan"


def test_what_stands_beside_a_backup_holds_nothing_personal(box: Box) -> None:
    made = box.back_up(reason="upgrade")
    details = made.details
    assert {"at", "version", "reason", "size", "verified", "rows", "photos"} <= set(details)
    assert (details["verified"], details["reason"], details["at"]) == (True, "upgrade", "2026-11-23T04:00:00.000Z")
    assert details["size"] == made.path.stat().st_size
    assert details["rows"]["tickets"] == len(box.tables()["tickets"]) > 0
    everything = b"".join(path.read_bytes() for path in box.folder.rglob("*") if path.is_file())
    # The name and telephone number of the workload's owner, and the picture.
    for secret in ("欧阳文静".encode(), b"13800005678", b"whole", b"SQLite format"):
        assert secret not in everything
    assert {path.stat().st_mode & 0o077 for path in (box.folder, *box.folder.rglob("*"))} == {0}
    assert not (box.home / backup.WORK).exists()


def test_a_backup_taken_while_eight_processes_write_is_consistent(box: Box, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.crash.workload", str(box.store), "--seed"]
    writers = [subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE) for seed in range(100, 108)]
    try:
        counts = []
        for writer in writers:
            assert writer.stdout is not None and writer.stdout.readline()
        for turn in range(3):
            made = box.back_up(NOON + timedelta(minutes=turn))
            counts.append(made.details["rows"]["tickets"])
    finally:
        for writer in writers:
            writer.kill()
            writer.communicate()
    assert counts == sorted(set(counts)), "the writers did not write meanwhile"
    for made in backup_folder.listed(box.folder):
        room = tmp_path / made.path.stem
        room.mkdir()
        backup.unpack(made.path, room, box.identity)
        assert_whole(room / backup.STORE)
        # Numbers without a gap: the counter and the tickets are of the same moment.
        held(room / backup.STORE)


def test_a_picture_is_sealed_once_and_goes_with_the_last_backup_that_needs_it(box: Box) -> None:
    box.back_up()
    sealed = box.folder / "photos" / f"{PICTURE}.age"
    first = sealed.stat()
    box.back_up(NOON + timedelta(hours=1))
    assert sealed.stat().st_ino == first.st_ino and sealed.stat().st_mtime_ns == first.st_mtime_ns
    with closing(sqlite3.connect(box.store)) as store, store:
        store.execute("DELETE FROM photos")
    box.back_up(NOON + timedelta(hours=2), keep=Keep(2, 0, 0))
    assert sealed.exists()
    box.back_up(NOON + timedelta(hours=3), keep=Keep(2, 0, 0))
    assert [one.number for one in backup_folder.listed(box.folder)] == [4, 3]
    assert not list((box.folder / "photos").glob("*/*"))


def test_a_backup_without_its_sidecar_holds_the_pictures_back(box: Box) -> None:
    made = box.back_up()
    made.sidecar.unlink()
    with closing(sqlite3.connect(box.store)) as store, store:
        store.execute("DELETE FROM photos")
    box.back_up(NOON + timedelta(hours=1))
    assert (box.folder / "photos" / f"{PICTURE}.age").exists()


def test_the_newest_is_the_one_made_last_whatever_the_clock_said(box: Box) -> None:
    box.back_up()
    box.work(5, seed=3)
    last = box.back_up(NOON - timedelta(days=20000))
    assert backup_folder.newest(box.folder)[0] == last


def test_a_damaged_store_makes_no_backup_and_pushes_out_no_good_one(box: Box) -> None:
    good = box.back_up(keep=Keep(1, 0, 0))
    _spoil(box.store)
    with pytest.raises(Trouble, match=r"cannot be read|not whole"):
        box.back_up(NOON + timedelta(hours=1), keep=Keep(1, 0, 0))
    assert backup_folder.listed(box.folder) == [good]
    assert not list(box.folder.glob("*.part"))


def _spoil(store: Path) -> None:
    """Overwrite pages in the middle of a store whose log is played in."""
    with closing(sqlite3.connect(store)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(store.read_bytes())
    for page in range(4, len(data) // 4096, 3):
        data[page * 4096 : page * 4096 + 64] = random.Random(page).randbytes(64)
    store.write_bytes(data)


def test_every_flipped_bit_and_every_cut_is_refused_and_the_store_stays(box: Box, tmp_path: Path) -> None:
    made, before = box.back_up(), box.tables()
    data, chance = made.path.read_bytes(), random.Random(1)
    bad = tmp_path / "bad.tar.age"
    spots = [*range(0, 260, 13), *(chance.randrange(len(data)) for _ in range(60)), len(data) - 1]
    for spot in spots:
        flipped = bytearray(data)
        flipped[spot] ^= 1 << chance.randrange(8)
        bad.write_bytes(flipped)
        with pytest.raises(Trouble, match=r"damaged|no backup of Lobbydesk"):
            box.put_back(bad)
    for length in (0, 1, 20, 100, 200, *(chance.randrange(len(data)) for _ in range(20)), len(data) - 1):
        bad.write_bytes(data[:length])
        with pytest.raises(Trouble, match=r"damaged or cut short|no backup of Lobbydesk"):
            box.put_back(bad)
    assert box.tables() == before
    assert restorations_of(box) == 0
    assert not (box.home / restore.PARTIAL).exists()


def restorations_of(box: Box) -> int:
    """Return how often the store of a box was put back."""
    return len(box.tables()["restorations"])


def test_a_key_of_another_box_and_a_file_of_something_else_are_refused(box: Box, tmp_path: Path) -> None:
    made, before = box.back_up(), box.tables()
    stranger = tmp_path / "stranger"
    sealing.new_identity(stranger)
    foreign = Box(box.home, box.folder, stranger)
    with pytest.raises(Trouble, match="another key"):
        foreign.put_back(made.path)
    # Sealed with the right key, but nothing of ours.
    for content in (b"", b"hello", _tar_with("../../evil", b"x"), _tar_with("manifest.json", b"{}")):
        odd = tmp_path / "odd.tar.age"
        odd.unlink(missing_ok=True)
        sealing.seal(io.BytesIO(content), odd, box.identity)
        with pytest.raises(Trouble, match="no backup of Lobbydesk"):
            box.put_back(odd)
    with pytest.raises(Trouble, match="there is no such backup"):
        box.put_back(tmp_path / "nowhere")
    assert box.tables() == before


@pytest.mark.parametrize("name", ["../evil", "files/../../evil", "/evil", "files//evil", "files/link", "evil"])
def test_nothing_in_a_backup_lands_outside_the_home(box: Box, tmp_path: Path, name: str) -> None:
    made = box.back_up()
    room = tmp_path / "room"
    room.mkdir()
    sealing.unseal(made.path, room / "plain.tar", box.identity)
    with tarfile.open(room / "plain.tar", "a") as archive:
        odd_one = tarfile.TarInfo(name)
        if name.endswith("link"):
            odd_one.type, odd_one.linkname = tarfile.SYMTYPE, str(tmp_path)
        archive.addfile(odd_one)
    odd = box.folder / "odd.tar.age"
    with (room / "plain.tar").open("rb") as stream:
        sealing.seal(stream, odd, box.identity)
    before = box.tables()
    with pytest.raises(Trouble, match="no backup of Lobbydesk"):
        box.put_back(odd)
    assert box.tables() == before
    assert not list(tmp_path.rglob("evil"))


def test_no_picture_of_a_backup_lands_outside_its_folder(box: Box, tmp_path: Path) -> None:
    made = box.back_up()
    room = tmp_path / "room"
    room.mkdir()
    sealing.unseal(made.path, room / "plain.tar", box.identity)
    names = ("manifest.json", "lobbydesk.db.gz")
    with tarfile.open(room / "plain.tar") as archive:
        for name in names:
            member = archive.extractfile(name)
            assert member is not None
            (room / name).write_bytes(member.read())
    manifest = json.loads((room / "manifest.json").read_text())
    (room / "manifest.json").write_text(json.dumps(manifest | {"photos": ["../evil.jpg"]}))
    with tarfile.open(room / "plain.tar", "w") as archive:
        for name in names:
            archive.add(room / name, name)
    odd = box.folder / "odd.tar.age"
    with (room / "plain.tar").open("rb") as stream:
        sealing.seal(stream, odd, box.identity)
    sealing.seal(io.BytesIO(b"x"), box.folder / "evil.jpg.age", box.identity)
    with pytest.raises(Trouble, match="no backup of Lobbydesk"):
        box.put_back(odd)
    assert not (box.home / "evil.jpg").exists()


def _tar_with(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


@pytest.mark.parametrize(
    "text", ["", "none", "AGE-SECRET-KEY-1QQQQ", "two\nlines", "\x00\xff"], ids=["empty", "none", "short", "two", "odd"]
)
def test_a_wrong_key_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key"
    path.write_text(text)
    with pytest.raises(Trouble, match="key"):
        sealing.read_identity(path)


def test_a_key_is_never_written_over_and_reads_as_it_is_typed(tmp_path: Path) -> None:
    path = tmp_path / "key"
    word = sealing.new_identity(path)
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Trouble, match="there is a key already"):
        sealing.new_identity(path)
    typed = sealing.identity_in(
        f"# from the slip\n  {word[:20].lower()}\n{word[20:40]} {word[40:].lower()}\n", "a slip"
    )
    assert str(typed) == word
    # One letter wrong: its check sum tells.
    wrong = word[:-1] + ("Q" if word[-1] != "Q" else "P")
    with pytest.raises(Trouble, match="a letter may be wrong"):
        sealing.identity_in(wrong, "a slip")


def test_a_full_disk_leaves_the_older_backup_and_says_so(box: Box, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    box.folder = place
    # In a place of 760 kB the second one has no room.
    script = (
        f"mount -t tmpfs -o size=760k none {place}; B='{sys.executable} -m lobbydesk backup --home {box.home}"
        f" --folder {place} --identity {box.key}'; head -c 440k /dev/zero > {place}/other; $B && echo first;"
        f" head -c 60k /dev/zero > {place}/more; $B || echo refused; ls {place}"
    )
    result = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert "first" in result.stdout, result.stderr
    assert "refused" in result.stdout
    assert "the disk is full" in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout.count(".tar.age\n") == 2 and ".part" not in result.stdout  # named by the command, then listed


def test_the_second_place_must_be_another_disk_and_gets_a_copy_that_serves(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = box.back_up()
    second = tmp_path / "second"
    with pytest.raises(Trouble, match="is not there"):
        box_backup.copy_to_second(box.home, made, second, Keep(), box.identity)
    second.mkdir()
    with pytest.raises(Trouble, match="on the same disk"):
        box_backup.copy_to_second(box.home, made, second, Keep(), box.identity)
    copy = backup_folder.copy(made, second)
    assert {path.stat().st_mode & 0o077 for path in second.rglob("*")} == {0}
    shutil.rmtree(box.folder)
    other = Box(tmp_path / "other", second, box.key)
    assert other.put_back(copy.path, exact=True)["pictures_missing"] == 0
    assert other.tables() == box.tables()
    # A disk that gives back other than it took.
    monkeypatch.setattr(backup_folder, "_same", lambda one, other: False)
    shutil.rmtree(second)
    with pytest.raises(Trouble, match="does not read back the same"):
        backup_folder.copy(box.back_up(NOON + timedelta(hours=1)), second)
    assert backup_folder.listed(second) == []


def test_the_command_backs_up_lists_and_restores(box: Box, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--home", str(box.home), "--folder", str(box.folder), "--identity", str(box.key)]
    assert main(["backup", *where, "--reason", "asked"]) == 0
    file = capsys.readouterr().out.strip()
    assert main(["backup", *where, "list"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == file
    assert main(["restore", *where, "--newest", "--to", str(tmp_path / "there")]) == 0
    assert json.loads(capsys.readouterr().out)["backup"] == Path(file).name
    assert main(["restore", *where, str(tmp_path / "none")]) == 1
    assert main(["backup", "new-identity", str(tmp_path / "new")]) == 0
    assert sealing.read_identity(tmp_path / "new")
    assert main(["backup", "--home", str(tmp_path / "empty"), *where[2:]]) == 1


def test_no_restore_under_the_feet_of_a_service(box: Box) -> None:
    made = box.back_up()
    command = f"import sqlite3,sys; c=sqlite3.connect({str(box.store)!r}); c.execute('PRAGMA user_version').fetchall();"
    command += "print('open', flush=True); sys.stdin.read()"
    child = subprocess.Popen([sys.executable, "-c", command], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert child.stdout is not None and child.stdout.readline() == b"open\n"
        with pytest.raises(Trouble, match="stop the services first"):
            box.put_back(made.path)
    finally:
        child.communicate()
    box.put_back(made.path)


def test_any_age_tool_opens_a_backup_and_sqlite_what_is_in_it(box: Box, tmp_path: Path) -> None:
    """Nothing of ours is needed: only the format's own library, tar and gzip are used here."""
    made, before = box.back_up(), box.tables()
    plain = pyrage.decrypt(made.path.read_bytes(), [pyrage.x25519.Identity.from_str(box.key.read_text().strip())])
    with tarfile.open(fileobj=io.BytesIO(plain)) as archive:
        member = archive.extractfile("lobbydesk.db.gz")
        assert member is not None
        (tmp_path / "x.db").write_bytes(gzip.decompress(member.read()))
    assert tables(tmp_path / "x.db") == before


def test_a_backup_that_was_written_other_than_meant_does_not_count(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    first, pack = box.back_up(), backup._pack

    def stale(work: Path, manifest: dict[str, object], *rest: object) -> None:
        pack(work, {**manifest, "at": "2026-11-22T00:00:00.000Z"}, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_pack", stale)
    with pytest.raises(Trouble, match="does not read back"):
        box.back_up(NOON + timedelta(hours=1))
    assert [path.name for path in box.folder.glob("*.age*")] == [first.path.name]


@pytest.mark.parametrize("harm", ["a row less", "an index that lies"])
def test_a_store_that_opens_and_is_not_whole_is_refused(
    box: Box, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = backup._pack

    def spoilt(work: Path, *rest: object) -> None:
        with closing(sqlite3.connect(work / backup.STORE)) as store, store:
            if harm == "a row less":
                store.execute("DELETE FROM nonces WHERE nonce = (SELECT min(nonce) FROM nonces)")
            else:
                # The schema says that the index holds none of the rows it holds.
                store.execute("CREATE INDEX lie ON events (id) WHERE id > 0")
                store.execute("PRAGMA writable_schema = ON")
                store.execute("UPDATE sqlite_schema SET sql = replace(sql, '> 0', '< 0') WHERE name = 'lie'")
        pack(work, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_pack", spoilt)
    with pytest.raises(Trouble, match="is not whole"):
        box.back_up()
    assert backup_folder.listed(box.folder) == []
