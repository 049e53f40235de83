"""A disk that keeps only what it was told to keep: what may be found on it after the power went.

Between two syncs of a file the disk may have written any of what came since, in any order, and the last
of it in part. A sector of 512 bytes is written whole or not at all. A name in a folder (a file made or
removed) lasts only once the folder was synced; names are kept in order, as journals of file systems do.
"""

import random
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from tests.crash.trace import Call

SECTOR = 512
How = Literal["none", "all", "some", "torn"]
WAYS: tuple[How, ...] = ("none", "all", "some", "torn")


@dataclass
class File:
    """One file: what is safe, and the calls since, not yet synced."""

    safe: bytearray = field(default_factory=bytearray)
    unsafe: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        """Make everything so far safe."""
        for call in self.unsafe:
            _apply(self.safe, call)
        self.unsafe.clear()

    def after_crash(self, how: How, chance: random.Random) -> bytes:
        """Return what may be found."""
        content = bytearray(self.safe)
        if how == "none":
            return bytes(content)
        share = 1.0 if how == "all" else chance.choice((0.1, 0.5, 0.9))
        for call in self.unsafe:
            if how == "torn" and call.what == "write" and chance.random() < 0.5:
                for sector in _sectors(call):
                    if chance.random() < share:
                        _apply(content, sector)
            elif chance.random() < share:
                _apply(content, call)
        return bytes(content)


def _apply(content: bytearray, call: Call) -> None:
    if call.what == "truncate":
        del content[call.number :]
    end = call.number if call.what == "truncate" else call.number + len(call.data)
    content.extend(bytes(max(0, end - len(content))))
    if call.what == "write":
        content[call.number : end] = call.data


def _sectors(call: Call) -> list[Call]:
    """Cut a write where the sectors of the disk meet."""
    end = call.number + len(call.data)
    cuts = [call.number, *range((call.number // SECTOR + 1) * SECTOR, end, SECTOR), end]
    return [
        Call("write", call.file, call.data[start - call.number : stop - call.number], start)
        for start, stop in pairwise(cuts)
    ]


class Disk:
    """The folder of the store, fed with the calls of a process one by one."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._safe = {name: File(bytearray(content)) for name, content in files.items()}
        self._unsafe: list[tuple[str, File | None]] = []

    def _names(self, changes: int) -> dict[str, File]:
        names: dict[str, File | None] = {**self._safe}
        names.update(self._unsafe[:changes])
        return {name: file for name, file in names.items() if file is not None}

    @property
    def at_risk(self) -> bool:
        """True while anything is not yet safe."""
        return bool(self._unsafe) or any(file.unsafe for file in self._safe.values())

    def feed(self, call: Call) -> None:
        """Take note of one call."""
        if call.file is None:
            return
        files = self._names(len(self._unsafe))
        if call.what == "sync" and call.file == "":
            self._safe, self._unsafe = files, []
        elif call.what == "sync":
            files[call.file].sync()
        elif call.what == "create":
            if call.file not in files:
                self._unsafe.append((call.file, File()))
        elif call.what == "unlink":
            self._unsafe.append((call.file, None))
        else:
            files[call.file].unsafe.append(call)

    def after_crash(self, how: How, chance: random.Random) -> dict[str, bytes]:
        """Return the files that may be found after the power went now."""
        every = len(self._unsafe)
        changes = {"none": 0, "all": every}.get(how, chance.randint(0, every))
        return {name: file.after_crash(how, chance) for name, file in self._names(changes).items()}
