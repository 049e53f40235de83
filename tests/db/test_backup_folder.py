"""A place for backups that others write in as well: a share, a disk that went from hand to hand."""

import errno
from pathlib import Path

import pytest

from db import backup_folder
from db.backup_keep import Keep

NAME = "lobbydesk-000001-20261123T040000Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A place with one backup, its sidecar and its picture."""
    folder = tmp_path / "folder"
    (folder / "photos" / "2026-11").mkdir(parents=True)
    (folder / "photos" / "2026-11" / "a.jpg.age").write_bytes(b"sealed")
    (folder / f"{NAME}.tar.age").write_bytes(b"sealed")
    (folder / f"{NAME}.json").write_text('{"photos": ["2026-11/a.jpg"]}')
    return folder


@pytest.mark.parametrize("name", [f"{NAME}.tar.age", f"{NAME}.json", "photos/2026-11/a.jpg.age"])
def test_a_link_in_a_second_place_does_not_lead_into_the_store(folder: Path, tmp_path: Path, name: str) -> None:
    store, place = tmp_path / "lobbydesk.db", tmp_path / "second"
    store.write_bytes(b"the store")
    (place / name).parent.mkdir(parents=True)
    (place / f"{name}.part").symlink_to(store)
    with pytest.raises(OSError) as refused:
        backup_folder.copy(backup_folder.listed(folder)[0], place)
    assert refused.value.errno == errno.ELOOP and store.read_bytes() == b"the store"
    # Which is gone by then: the next one is copied.
    assert backup_folder.copy(backup_folder.listed(folder)[0], place).path.read_bytes() == b"sealed"
    assert store.read_bytes() == b"the store"


@pytest.mark.parametrize("text", ["[" * 200_000, '{"photos": 5}', '{"photos": [[]]}', "\udcff", "5", ""])
def test_whatever_stands_beside_a_backup_holds_nobody_up(folder: Path, text: str) -> None:
    (folder / f"{NAME}.json").write_text(text, errors="surrogateescape")
    assert backup_folder.prune(folder, Keep()) == []
    assert [one.path.name for one in backup_folder.newest(folder)] == [f"{NAME}.tar.age"]
