"""The pulse: an empty datagram after a commit wakes every service, which then asks which topics moved."""

import contextlib
import functools
import itertools
import os
import select
import socket
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Self

# Tells the listeners of one process apart.
_numbers = itertools.count(1)


@functools.cache
def run_folder(store_path: Path) -> Path:
    """Return the folder that holds the services' pulse sockets: `run` beside the store."""
    return store_path.parent / "run"


def announce(folder: Path, topics: frozenset[str]) -> None:
    """Wake every service that listens in `folder`, if any topic moved. Never raises: the slow watch is the net."""
    if not topics:
        return
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
            for name in os.listdir(handle):  # noqa: PTH208 (a folder by its handle)
                if name.endswith(".pulse"):
                    # A full buffer means the listener is already due to wake; a dead one is not our concern.
                    with contextlib.suppress(OSError):
                        sender.sendto(b"", _address(handle, name))
    finally:
        os.close(handle)


def listening(folder: Path, name: str) -> bool:
    """Tell whether anybody listens in `folder` under this name."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        return any(_answers(handle, path.name) for path in folder.glob(f"{name}.*.pulse"))
    finally:
        os.close(handle)


def _answers(handle: int, name: str) -> bool:
    """Tell whether the socket of this name has an owner; its process id may be another's after a power cut."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as probe:
        try:
            probe.connect(_address(handle, name))
        except OSError:
            return False
        return True


def _address(handle: int, name: str) -> str:
    # A socket's path may have 107 bytes only; through the open folder any home works.
    return f"/proc/self/fd/{handle}/{name}"


class Listener:
    """A service's own pulse socket, `<name>.<pid>-<number>.pulse` in the run folder."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{name}.{os.getpid()}-{next(_numbers)}.pulse"
        self._folder = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        self._clear_the_dead(folder, name)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._socket.bind(_address(self._folder, self.path.name))

    def wait(self, seconds: float) -> bool:
        """Wait for a pulse at most `seconds`; True if one came. Pulses that piled up count as one."""
        ready, _, _ = select.select([self._socket], [], [], seconds)
        if not ready:
            return False
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.recv(1)
        return True

    def close(self) -> None:
        """Close the socket and remove its name."""
        self._socket.close()
        os.close(self._folder)
        self.path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _clear_the_dead(self, folder: Path, name: str) -> None:
        """Remove the sockets that killed processes of this name left behind."""
        for path in folder.glob(f"{name}.*.pulse"):
            if not _answers(self._folder, path.name):
                path.unlink(missing_ok=True)


def revisions(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the revision of every topic that was ever touched."""
    return dict(connection.execute("SELECT topic, revision FROM pulse"))
