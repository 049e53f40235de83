"""A real CUPS for the tests: a scheduler of its own in a folder of its own, that touches nothing of the machine's."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

LIBRARY = Path("/usr/lib/cups")
PROGRAMS = ("cupsd", "lp", "lpstat", "lpadmin", "cancel", "cupsenable", "cupsdisable", "cupsreject")
FILES = """\
ServerRoot {0}/etc
ServerBin {0}/lib
StateDir {0}/state
CacheDir {0}/cache
RequestRoot {0}/spool
TempDir {0}/spool/tmp
DocumentRoot {0}/state
AccessLog {0}/log/access
ErrorLog {0}/log/error
PageLog {0}/log/page
FileDevice No
SystemGroup root
CreateSelfSignedCerts no
"""
RULES = """\
Listen {0}/sock
Browsing No
WebInterface No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
# Not the PATH of the moment: tests of the product change that one.
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# A backend that reports what its address says, as backends do that can ask their printer, and drops the paper;
# with `?stuck` it does not come to an end.
TELLING = """\
#!/bin/sh
[ $# -eq 0 ] && exit 0
told=${DEVICE_URI#telling:/}
echo "STATE: +${told%\\?stuck}" >&2
cat >/dev/null
[ "$told" = "${told%\\?stuck}" ] || exec sleep 60
"""


def program(name: str) -> str:
    """Return where a program of CUPS is; those of the administrator are on no user's PATH."""
    return shutil.which(name, path=PATH) or ""


class Cups:
    """A scheduler under way in `folder`; clients find it by CUPS_SERVER."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = str(folder / "sock")
        self._scheduler: subprocess.Popen[bytes] | None = None
        for name in ("etc", "state", "cache", "spool/tmp", "log", "lib/backend"):
            (folder / name).mkdir(parents=True)
        # The scheduler gives its folders to user lp itself; the way to them must be open.
        folder.chmod(0o755)
        for name in ("daemon", "filter", "notifier"):
            (folder / "lib" / name).symlink_to(LIBRARY / name)
        (folder / "lib/backend/socket").symlink_to(LIBRARY / "backend/socket")
        telling = folder / "lib/backend/telling"
        telling.write_text(TELLING)
        telling.chmod(0o755)
        (folder / "etc/cups-files.conf").write_text(FILES.format(folder))
        (folder / "etc/cupsd.conf").write_text(RULES.format(folder))

    def start(self) -> None:
        """Start the scheduler and wait until it answers."""
        etc = self.folder / "etc"
        self._scheduler = subprocess.Popen(
            [program("cupsd"), "-f", "-c", str(etc / "cupsd.conf"), "-s", str(etc / "cups-files.conf")],
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while self.run("lpstat", "-r", check=False) != "scheduler is running":
            if time.monotonic() > deadline or self._scheduler.poll() is not None:
                pytest.fail(f"cupsd does not run: {(self.folder / 'log/error').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End the scheduler, also one that stands still."""
        if self._scheduler is not None:
            self.freeze(False)
            self._scheduler.terminate()
            self._scheduler.wait(10)
            self._scheduler = None

    def freeze(self, still: bool) -> None:
        """Make the scheduler stand still, or go on."""
        assert self._scheduler is not None
        self._scheduler.send_signal(signal.SIGSTOP if still else signal.SIGCONT)

    def run(self, name: str, *arguments: str, check: bool = True) -> str:
        """Run a program of CUPS against this scheduler; return what it says."""
        done = subprocess.run(
            [program(name), *arguments],
            env={"PATH": PATH, "LC_ALL": "C", "CUPS_SERVER": self.server},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.strip()

    def add_queue(self, name: str, device: str, *options: str) -> None:
        """Add a raw queue in front of a device."""
        self.run("lpadmin", "-p", name, "-E", "-v", device, "-m", "raw", *options)

    def waiting(self) -> list[str]:
        """Return the jobs that are not over, a line each."""
        return self.run("lpstat", "-o").splitlines()


@contextmanager
def running() -> Iterator[Cups]:
    """A scheduler from `with` to the end of it. Fails where CUPS is not installed."""
    if missing := [name for name in PROGRAMS if not program(name)]:
        pytest.fail(f"CUPS is missing ({', '.join(missing)}): run `make setup`, which installs Debian's cups")
    if not (LIBRARY / "backend/socket").exists():
        pytest.fail("the socket backend of CUPS is missing: run `make setup`, which installs Debian's cups")
    # Not pytest's own folder: that one is closed to user lp, who runs the backends; and a socket's path is short.
    with tempfile.TemporaryDirectory(prefix="cups-") as name:
        cups = Cups(Path(name))
        try:
            cups.start()
            yield cups
        finally:
            cups.stop()
