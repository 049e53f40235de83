"""The journal of erasures: nothing readable, whole or not there, united with what other places kept."""

import json
import os
import stat
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from db import erasure_journal as journal
from db import sealing
from db.sealing import Trouble

AT = "2026-11-23T04:00:00.000Z"
WHO = {"phone": "13812345678", "name": "诸葛明远", "unit": "1-1-101"}


@pytest.fixture
def identity() -> Identity:
    """A key of backups."""
    return Identity.generate()


def names(home: Path) -> list[str]:
    """Return what lies in the journal."""
    return sorted(path.name for path in journal.folder(home).iterdir())


def test_an_entry_says_nothing_that_can_be_read_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    entry = journal.append(tmp_path, WHO, AT)
    assert journal.entries(tmp_path) == [entry]
    assert entry.at == AT and set(entry.hashes) == set(WHO)
    folder = journal.folder(tmp_path)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert not any(
            value.encode(code) in path.read_bytes() for value in WHO.values() for code in ("utf8", "gb18030")
        )


def test_the_key_is_made_once_and_the_hash_is_of_the_field_too(tmp_path: Path) -> None:
    first, second = journal.append(tmp_path, WHO, AT), journal.append(tmp_path, {"phone": WHO["phone"]}, AT)
    ((name, key),) = journal.keys(tmp_path).items()
    assert first.key == second.key == name and first.id != second.id
    assert first.hashes["phone"] == second.hashes["phone"] == journal.digest(key, "phone", "+86 138-1234-5678")
    assert journal.digest(key, "name", WHO["phone"]) != first.hashes["phone"]
    assert journal.digest(os.urandom(32), "phone", WHO["phone"]) != first.hashes["phone"]


@pytest.mark.parametrize(
    ("field", "spellings"),
    [
        ("phone", ("13812345678", "138 1234 5678", "+8613812345678", "１３８１２３４５６７８", "138-1234-5678")),
        ("name", ("爱新觉罗·启功", "爱新觉罗•启功", " 爱新觉罗 启功\u200b")),
        ("unit", ("1-1-101a", "１-1-101A", "1‐1‐101A")),
    ],
)
def test_spelling_tells_nobody_apart(field: str, spellings: tuple[str, ...]) -> None:
    assert len({journal.normal(field, one) for one in spellings}) == 1


def test_homes_stay_apart_although_their_figures_run_together() -> None:
    assert journal.normal("unit", "1-11-01") != journal.normal("unit", "11-1-01")


@pytest.mark.parametrize("fields", [{}, {"phone": " - "}, {"mail": "a@b"}])
def test_an_erasure_of_nobody_is_a_mistake(tmp_path: Path, fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="nobody"):
        journal.append(tmp_path, fields, AT)
    assert journal.entries(tmp_path) == []


def test_what_is_no_entry_is_said_and_the_others_count(tmp_path: Path) -> None:
    whole, torn = journal.append(tmp_path, WHO, AT), journal.append(tmp_path, {"phone": "139"}, AT)
    path = journal.folder(tmp_path) / f"{torn.id}.json"
    path.write_text(torn.text[:-9])
    (journal.folder(tmp_path) / "half.json.part").write_text("{")
    assert journal.entries(tmp_path) == [whole]
    assert journal.damaged(tmp_path) == [path.name]
    # A flipped figure is none either: its name no longer is its hash.
    path.write_text(torn.text.replace("2026", "2027"))
    assert journal.entries(tmp_path) == [whole]
    assert journal.damaged(tmp_path) == [path.name]


def test_an_entry_taken_back_is_gone_though_a_backup_took_it_along(tmp_path: Path, identity: Identity) -> None:
    home, place = tmp_path / "home", tmp_path / "place"
    entry, other = journal.append(home, WHO, AT), journal.append(home, {"phone": "139"}, AT)
    journal.seal(home, place, identity)
    journal.withdraw(home, entry)
    journal.withdraw(home, entry)
    assert journal.entries(home) == [other] and journal.damaged(home) == []
    journal.seal(home, place, identity)
    assert journal.entries(home) == [other] and f"{entry.id}.json" not in names(home)
    assert journal.unite(tmp_path / "fresh", place / journal.SEALED, identity) == 1
    assert journal.entries(tmp_path / "fresh") == [other]


def test_what_did_not_get_onto_the_disk_is_no_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append(tmp_path, {"phone": "139"}, AT)
    (known,) = journal.entries(tmp_path)

    def broken(folder: Path) -> None:
        raise OSError(5, "Input/output error", str(folder))

    with monkeypatch.context() as patched, pytest.raises(OSError, match="Input/output"):
        patched.setattr("db.durable.settle", broken)
        journal.append(tmp_path, WHO, AT)
    assert journal.entries(tmp_path) == [known]


def test_the_journals_of_two_boxes_are_united_with_their_keys(tmp_path: Path, identity: Identity) -> None:
    one, other, place, fresh = (tmp_path / name for name in ("one", "other", "place", "fresh"))
    a, b = journal.append(one, WHO, AT), journal.append(other, WHO, AT)
    journal.note_reached(one, "2026-11-22T00:00:00.000Z")
    journal.note_reached(other, "2026-11-21T00:00:00.000Z")
    journal.seal(one, place, identity)
    # What lies there is not overwritten: it is united first.
    journal.seal(other, place, identity)
    assert {entry.id for entry in journal.entries(other)} == {a.id, b.id}
    assert journal.unite(fresh, place / journal.SEALED, identity) == 2
    assert journal.unite(fresh, place / journal.SEALED, identity) == 0
    assert names(fresh) == names(other)
    assert len(journal.keys(fresh)) == 2
    assert journal.reached(fresh) == "2026-11-22T00:00:00.000Z"


def test_a_damaged_entry_comes_back_from_the_copy(tmp_path: Path, identity: Identity) -> None:
    entry = journal.append(tmp_path / "home", WHO, AT)
    journal.seal(tmp_path / "home", tmp_path, identity)
    for path in journal.folder(tmp_path / "home").iterdir():
        path.write_bytes(b"\0\0")
    assert journal.unite(tmp_path / "home", tmp_path / journal.SEALED, identity) == 1
    assert journal.entries(tmp_path / "home") == [entry]
    assert entry.key in journal.keys(tmp_path / "home")


def test_the_copy_is_sealed_and_written_only_when_there_is_news(tmp_path: Path, identity: Identity) -> None:
    home, place = tmp_path / "home", tmp_path / "place"
    journal.seal(home, place, identity)
    assert not place.exists()
    entry = journal.append(home, WHO, AT)
    journal.seal(home, place, identity)
    sealed = (place / journal.SEALED).read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert entry.hashes["phone"].encode() not in sealed
    journal.seal(home, place, identity)
    assert (place / journal.SEALED).read_bytes() == sealed
    journal.append(home, {"phone": "139"}, AT)
    journal.seal(home, place, identity)
    assert (place / journal.SEALED).read_bytes() != sealed


def test_a_copy_that_cannot_be_opened_is_refused_and_never_overwritten(tmp_path: Path, identity: Identity) -> None:
    home, place = tmp_path / "home", tmp_path / "place"
    journal.append(tmp_path / "other", WHO, AT)
    journal.seal(tmp_path / "other", place, Identity.generate())
    kept = (place / journal.SEALED).read_bytes()
    with pytest.raises(Trouble, match="another key"):
        journal.unite(home, place / journal.SEALED, identity)
    mine = journal.append(home, {"phone": "139"}, AT)
    journal.seal(home, place, identity)
    assert [path.read_bytes() for path in place.glob("unreadable-*")] == [kept]
    assert journal.unite(tmp_path / "fresh", place / journal.SEALED, identity) == 1
    assert journal.entries(tmp_path / "fresh") == [mine]


def test_a_link_in_the_journal_seals_nothing(tmp_path: Path, identity: Identity) -> None:
    """Who took a web service over writes in the home, but may not read what the backup reads."""
    home, secret = tmp_path / "home", tmp_path / "secret"
    entry = journal.append(home, WHO, AT)
    secret.write_text(entry.text)
    path = journal.folder(home) / f"{entry.id}.json"
    path.unlink()
    path.symlink_to(secret)
    os.mkfifo(journal.folder(home) / f"{'0' * 16}.key")
    assert journal.entries(home) == []
    journal.seal(home, tmp_path / "place", identity)
    assert json.loads(sealing.opened(tmp_path / "place" / journal.SEALED, identity))["entries"] == []
