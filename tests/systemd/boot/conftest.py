"""One box for the whole walk: installed once from a bundle, without a network, then broken in every way."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.systemd.boot import bundles
from tests.systemd.boot.lobby import Building, Desk, VirtualPaper, Visitors, is_well
from tests.systemd.boot.machine import Machine, bare_tree, eventually

TREES = bundles.REPOSITORY / "var" / "box"
PASSWORD = "a long and quiet password"
CODE = re.compile(r"登录名 name +(?P<login>\S+)\s+密码 code +(?P<code>\S+)")


@dataclass
class Box:
    """An installed box with its lobby: what it said at the installation, its visitors, its printer, its desk, and who
    comes by the network."""

    machine: Machine
    bundle: Path
    said: str
    visitors: Visitors
    paper: VirtualPaper
    desk: Desk
    building: Building

    def install(self, bundle: Path, *options: str, check: bool = True) -> str:
        """Run the installation of a bundle inside, with nothing but what the bundle holds."""
        return install(self.machine, bundle, *options, check=check)

    def begin(self, bundle: Path) -> None:
        """Begin an installation, as a process of the machine's own: what happens to the machine happens to it."""
        subprocess.run(["cp", "-a", bundle, self.machine.root / "root" / bundle.name], check=True)
        self.machine.run("systemd-run", "--quiet", "--unit=installing", f"/root/{bundle.name}/systemd/install")

    def said_by(self, unit: str) -> str:
        """Return what a unit had to say since the start."""
        return self.machine.run("journalctl", "--no-pager", "--boot", "--unit", unit)

    def log_in(self) -> None:
        """Sit down at the desk, anew after whatever happened to it."""
        status, _ = self.desk.post("/login", name="admin", password=PASSWORD)
        assert status == 303


def install(machine: Machine, bundle: Path, *options: str, check: bool = True) -> str:
    """Copy a bundle to the machine, as from a stick, and run its installation; return all that it said."""
    target = machine.root / "root" / bundle.name
    subprocess.run(["rm", "-rf", target], check=True)
    subprocess.run(["cp", "-a", bundle, target], check=True)
    command = f"/root/{bundle.name}/systemd/install {' '.join(options)} 2>&1"
    said = machine.run("sh", "-c", command, check=check, seconds=200)
    subprocess.run(["rm", "-rf", target], check=True)
    return said


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for bundles and machines."""
    assert os.geteuid() == 0, "the boot test boots a machine: it needs root"
    return tmp_path_factory.mktemp("box")


@pytest.fixture(scope="session")
def bundle(workshop: Path) -> Path:
    """The bundle of this checkout."""
    made = os.environ.get("LOBBYDESK_BUNDLE")
    return Path(made) if made else bundles.bundle(workshop / "bundle", packages=True)


@pytest.fixture(scope="module")
def box(workshop: Path, bundle: Path) -> Iterator[Box]:
    """A box that was bare a minute ago; its printer stands in the lobby before it is installed."""
    machine = Machine(workshop, bare_tree(TREES), "lobby")
    machine.boot()
    paper = VirtualPaper(machine, workshop / "paper")
    try:
        paper.plug()
        said = install(machine, bundle, "--printer", "tcp://127.0.0.1:9100")
        eventually("kiosk and desk are well", lambda: is_well(machine))
        yield Box(machine, bundle, said, Visitors(machine, workshop), paper, Desk(machine), Building(machine))
    finally:
        paper.pull()
        machine.close()
