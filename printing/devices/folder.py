"""Papers into a folder, one file each, for another program to take. The honest word for them is "sent"."""

import contextlib
import fcntl
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from printing.devices.device import Condition, ConnectionLost, PrinterAbsent

ROOM_BYTES = 1_000_000
NUMBERED = re.compile(r"(\d{5,})\.bin")


class PaperFolder:
    """Writes papers as `00001.bin`, `00002.bin`, ... behind the highest there. Raises `PrinterAbsent`."""

    can_confirm: bool = False

    def __init__(self, path: str) -> None:
        self._folder = Path(path)
        if not self._usable():
            raise PrinterAbsent(f"{path} is no folder that can be written")

    def _usable(self) -> bool:
        try:
            return self._folder.is_dir() and os.access(self._folder, os.W_OK | os.X_OK, effective_ids=True)
        except OSError:
            return False

    def condition(self) -> Condition:
        """Return ready, absent when the folder is gone, or error when less than 1 MB of room is left."""
        if not self._usable():
            return Condition("absent")
        try:
            room = os.statvfs(self._folder)
        except OSError:
            return Condition("absent")
        return Condition("ready" if room.f_bavail * room.f_frsize >= ROOM_BYTES else "error")

    def send(self, data: bytes, *, patient: Callable[[float], bool]) -> None:
        """Write a paper whole or not at all. Raises `ConnectionLost`: 0 when no file of it is there."""
        with self._alone() as folder:
            path = self._folder / f"{self._last_number() + 1:05d}.bin"
            part = path.with_name(f".{path.name}.part")
            try:
                with part.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                part.replace(path)
            except OSError:
                with contextlib.suppress(OSError):
                    part.unlink()
                raise ConnectionLost(0) from None
            try:
                os.fsync(folder)
            except OSError:
                # Somebody may have taken the file already.
                raise ConnectionLost(len(data)) from None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        """Hold the folder: two printers that share one must not take the same number."""
        try:
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise ConnectionLost(0) from None
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield folder
        except BlockingIOError:
            raise ConnectionLost(0) from None
        finally:
            os.close(folder)

    def _last_number(self) -> int:
        names = (NUMBERED.fullmatch(path.name) for path in self._folder.iterdir())
        return max((int(name[1]) for name in names if name), default=0)

    def confirmed(self, confirms: str, job_id: int, seconds: float) -> bool:
        """Return False: a folder confirms nothing."""
        return False

    def model(self) -> str:
        """Return "": a folder has no maker."""
        return ""

    def close(self) -> None:
        """Nothing is held open between two papers."""
