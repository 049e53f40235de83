"""A home in which somebody else has written: whoever took a web service over writes there, and sees no key."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import restore
from db.sealing import Trouble
from tests.backup import PICTURE, Box, a_box


@pytest.fixture
def box(home: Path, tmp_path: Path) -> Iterator[Box]:
    """A box with work in it, and a picture."""
    yield from a_box(home, tmp_path)


def test_a_link_named_as_a_picture_does_not_bring_the_key_into_the_home(box: Box) -> None:
    picture = box.home / "photos" / PICTURE
    picture.unlink()
    picture.symlink_to(box.key)
    with pytest.raises(OSError, match="symbolic"):
        box.back_up()
    # Nor its folder, nor that of all.
    month = picture.parent
    for one in (month, month.parent):
        kept = one.rename(one.with_name("kept"))
        other = box.home.parent / f"other-{one.name}"
        (other / picture.relative_to(one).parent).mkdir(parents=True)
        (other / picture.relative_to(one)).write_bytes(box.key.read_bytes())
        one.symlink_to(other)
        with pytest.raises(Trouble, match="no file of this home"):
            box.back_up()
        one.unlink()
        kept.rename(one)
    picture.unlink()
    os.mkfifo(picture)
    with pytest.raises(Trouble, match="no file of this home"):
        box.back_up()
    assert not [path for path in box.folder.rglob("*") if path.suffix in {".age", ".part"} and PICTURE in str(path)]
    # One that is gone is left out, as ever.
    picture.unlink()
    assert PICTURE not in box.back_up().details["photos"]


def test_a_link_among_the_own_files_is_said(box: Box) -> None:
    (box.home / "map.png").unlink()
    (box.home / "map.png").symlink_to(box.key)
    with pytest.raises(Trouble, match="a link cannot be backed up"):
        box.back_up()


def test_what_a_restore_that_was_cut_off_left_goes_with_the_next_backup(box: Box) -> None:
    left = box.home / restore.PARTIAL
    left.mkdir()
    (left / "lobbydesk.db").write_bytes(b"everybody's names")
    box.back_up()
    assert not left.exists()
