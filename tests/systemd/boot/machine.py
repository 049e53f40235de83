"""A box to break: a bare Debian tree booted by systemd-nspawn, without a network, its state on a disk of its own."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

# What a Debian has that was installed with nothing chosen; the rest is the product's own affair.
BARE = ("systemd", "systemd-sysv", "dbus", "udev")
# Only the test needs it: no container may set the clock of its host.
FAKE_CLOCK = "faketime"
CGROUPS = Path("/sys/fs/cgroup")
STATE = "var/lib/lobbydesk"
STATE_MEGABYTES = 512
# A slow machine, not a broken one: nothing waits longer for being given more.
BOOT_SECONDS = 90.0
REBOOTING = 133
UP = ("running", "degraded")


def bare_tree(folder: Path, release: str = "bookworm") -> Path:
    """Return a bare Debian tree below `folder`, made by mmdebstrap when it is not there yet."""
    tree = folder / release
    if not tree.exists():
        part = folder / f"{release}.part"
        shutil.rmtree(part, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join((*BARE, FAKE_CLOCK))}", release, part],
            check=True,
        )
        part.rename(tree)
    return tree


def eventually(what: str, found: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until `found()` is true. Raises AssertionError that names `what`."""
    deadline = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.05)


class Machine:
    """One box. Its root is a folder, its state an ext4 disk in a file: what never reached that file is lost when the
    power goes."""

    def __init__(self, folder: Path, tree: Path, name: str) -> None:
        self.name = name
        self.root = folder / "root"
        self.disk = folder / "state.img"
        self._log = folder / "console.log"
        self._nspawn: subprocess.Popen[bytes] | None = None
        self.leader = 0
        # One hierarchy of the kernel's, or two on a host of the older kind.
        self._groups = [
            hierarchy / f"lobbydesk-{name}-{os.getpid()}"
            for hierarchy in (CGROUPS, CGROUPS / "systemd", CGROUPS / "unified")
            if (hierarchy / "cgroup.procs").exists()
        ]
        subprocess.run(["cp", "-a", tree, self.root], check=True)
        with self.disk.open("wb") as file:
            file.truncate(STATE_MEGABYTES * 1024 * 1024)
        subprocess.run(["mkfs.ext4", "-q", self.disk], check=True)

    def boot(self, before: Callable[[Path], None] = lambda state: None, until: Collection[str] = UP) -> None:
        """Switch it on, and wait until systemd says that it is so far; `before` may do something to its disk."""
        (self.root / STATE).mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-o", "loop", self.disk, self.root / STATE], check=True)
        before(self.root / STATE)
        self._spawn(until)

    def _spawn(self, until: Collection[str] = UP) -> None:
        with self._log.open("ab") as log:
            self._nspawn = subprocess.Popen(
                [
                    *("systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit", "--private-network"),
                    *("--machine", self.name, "--directory", str(self.root)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=self._into_its_own_group,
            )
        nspawn = self._nspawn
        # nspawn forks twice: the first child is still nspawn itself, and soon gone.
        eventually("the machine has a first process", lambda: _first_processes(nspawn.pid))
        self.leader = _first_processes(nspawn.pid)[0]
        eventually("the machine is up", lambda: self._state() in until, BOOT_SECONDS)

    def _into_its_own_group(self) -> None:
        # Two machines in one group of the host would see each other's processes, and could end none.
        for group in self._groups:
            group.mkdir(exist_ok=True)
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def _state(self) -> str:
        return self.run("systemctl", "is-system-running", check=False).strip()

    def run(self, *command: str, check: bool = True, seconds: float = 60.0, text: str | None = None) -> str:
        """Run a command inside as root; return what it printed. Raises AssertionError with both outputs if it fails."""
        done = subprocess.run(
            ["nsenter", "--target", str(self.leader), "--all", *command],
            input=text,
            stdin=subprocess.DEVNULL if text is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
        )
        assert not check or done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def on_its_network(self, *command: str) -> list[str]:
        """Return the words that run a command of this machine's on the network of that one: a hand at its screen."""
        return ["nsenter", "--target", str(self.leader), "--net", *command]

    def inside(self, path: str) -> Path:
        """Return where a path of the machine's own (with what it mounted) lies from here."""
        return Path(f"/proc/{self.leader}/root") / path.lstrip("/")

    def pids(self, unit: str) -> list[int]:
        """Return the processes of a unit by their numbers out here, a parent before its children.

        In that order by descent, not by number: numbers begin anew. Without what systemd forks to prepare a start: its
        name stands in parentheses, and it may be gone before it can be killed.
        """
        found = (pid for pid in _processes(self.leader) if f"/{unit}" in _text(Path(f"/proc/{pid}/cgroup")))
        return [pid for pid in found if not _text(Path(f"/proc/{pid}/comm")).startswith("(")]

    def die(self) -> None:
        """Kill its first process: everything in it is gone at once; what it wrote the host's kernel still has."""
        self._kill()
        self._unmount()

    def cut_power(self) -> None:
        """Let the power go: every process stops, and of its disk stays what had reached it by then."""
        for pid in list(_processes(self.leader)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        left = self.disk.with_suffix(".left")
        # The file holds what the machine's kernel had written out; what it only meant to write stays behind.
        subprocess.run(["cp", "--sparse=always", self.disk, left], check=True)
        self._kill()
        self._unmount()
        left.replace(self.disk)

    def reboot(self) -> None:
        """Reboot in good order."""
        assert self._nspawn is not None
        self.run("systemctl", "reboot", check=False)
        assert self._nspawn.wait(BOOT_SECONDS) == REBOOTING
        self._spawn()

    def close(self) -> None:
        """Switch it off and leave nothing mounted."""
        if self._nspawn is not None:
            self._kill()
            self._unmount()
        for group in self._groups:
            # From the leaves up: a group with others in it is not let go.
            for folder in sorted(group.rglob("*/"), reverse=True):
                folder.rmdir()
            if group.exists():
                group.rmdir()

    def _kill(self) -> None:
        assert self._nspawn is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.leader, signal.SIGKILL)
        self._nspawn.wait(20)
        self._nspawn = None

    def _unmount(self) -> None:
        eventually(
            "its disk is let go",
            lambda: subprocess.run(["umount", self.root / STATE], capture_output=True, check=False).returncode == 0,
        )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _children(pid: int) -> list[int]:
    return [int(word) for word in _text(Path(f"/proc/{pid}/task/{pid}/children")).split()]


def _first_processes(nspawn: int) -> list[int]:
    return [pid for pid in _children(nspawn) if _text(Path(f"/proc/{pid}/comm")).strip() == "systemd"]


def _processes(leader: int) -> Iterator[int]:
    """Yield the processes of a machine, parents first: who descends from its first one, orphans too (its children)."""
    waiting = [leader]
    while waiting:
        pid = waiting.pop()
        yield pid
        # Threads may have children of their own, and one may be gone by now: it has none.
        try:
            threads = list(Path(f"/proc/{pid}/task").iterdir())
        except (FileNotFoundError, ProcessLookupError):
            continue
        for thread in threads:
            waiting += [int(word) for word in _text(thread / "children").split()]
