"""Papers into a folder: whole, numbered on, never over another."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from printing.devices import Condition, ConnectionLost, PrinterAbsent, open_device
from printing.devices.probe import Findings, probe

NOBODY = 65534


def patient(stalled: float) -> bool:
    return stalled < 1


def test_papers_are_numbered_behind_the_highest_there(tmp_path: Path) -> None:
    (tmp_path / "00041.bin").write_bytes(b"old")
    (tmp_path / "notes.bin").write_bytes(b"")
    device = open_device(f"folder:{tmp_path}")
    assert device.condition() == Condition("ready")
    device.send(b"one", patient=patient)
    (tmp_path / "00041.bin").unlink()
    device.send(b"two", patient=patient)
    open_device(f"folder:{tmp_path}").send(b"three", patient=patient)
    papers = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert papers == {"notes.bin": b"", "00042.bin": b"one", "00043.bin": b"two", "00044.bin": b"three"}


def test_it_goes_on_behind_99999(tmp_path: Path) -> None:
    (tmp_path / "99999.bin").write_bytes(b"old")
    device = open_device(f"folder:{tmp_path}")
    device.send(b"one", patient=patient)
    device.send(b"two", patient=patient)
    assert (tmp_path / "100001.bin").read_bytes() == b"two"


def test_its_honest_word_is_sent(tmp_path: Path) -> None:
    device = open_device(f"folder:{tmp_path}")
    assert not device.can_confirm
    assert not device.confirmed("gs_r", 1, 0)
    assert probe(device) == Findings(answers=False, confirms="none", model="")
    assert list(tmp_path.iterdir()) == []
    device.close()
    device.close()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for place in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(PrinterAbsent, match="folder"):
            open_device(f"folder:{place}")


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder that this process may see and not write, for the length of the test."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o555)
        was = os.geteuid()
        if was == 0:
            os.seteuid(NOBODY)
        yield Path(name)
        os.seteuid(was)


def test_a_folder_that_cannot_be_written(forbidden: Path) -> None:
    with pytest.raises(PrinterAbsent, match="written"):
        open_device(f"folder:{forbidden}")


def test_a_folder_that_was_taken_away(tmp_path: Path) -> None:
    place = tmp_path / "papers"
    place.mkdir()
    device = open_device(f"folder:{place}")
    place.rmdir()
    assert device.condition() == Condition("absent")
    with pytest.raises(ConnectionLost) as lost:
        device.send(b"one", patient=patient)
    assert lost.value.sent == 0


def test_a_full_disk_is_an_error_and_leaves_no_half_paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = open_device(f"folder:{tmp_path}")
    about = os.statvfs(tmp_path)
    full = os.statvfs_result((*about[:4], 10, *about[5:]))
    monkeypatch.setattr(os, "statvfs", lambda _: full)
    assert device.condition() == Condition("error")

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(ConnectionLost) as lost:
        device.send(b"one", patient=patient)
    assert lost.value.sent == 0
    assert list(tmp_path.iterdir()) == []


def test_a_paper_in_its_place_is_in_doubt_when_the_disk_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = open_device(f"folder:{tmp_path}")
    real, calls = os.fsync, []

    def fails_second(fd: int) -> None:
        calls.append(fd)
        if len(calls) == 2:
            raise OSError(5, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", fails_second)
    with pytest.raises(ConnectionLost) as lost:
        device.send(b"one", patient=patient)
    assert lost.value.sent == 3


def test_two_printers_never_take_one_number(tmp_path: Path) -> None:
    device = open_device(f"folder:{tmp_path}")
    other = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(other, fcntl.LOCK_EX)
    with pytest.raises(ConnectionLost) as lost:
        device.send(b"one", patient=patient)
    assert lost.value.sent == 0
    os.close(other)
    device.send(b"one", patient=patient)
    assert (tmp_path / "00001.bin").read_bytes() == b"one"
