"""The units: systemd finds nothing to say against them, their sandboxes are whole, and each line is explained."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lobbydesk.cli import COMMANDS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "systemd"
UNITS = sorted(path for path in FOLDER.glob("lobbydesk*") if path.suffix in {".service", ".socket", ".timer", ".path"})
SERVICES = [path for path in UNITS if path.suffix == ".service"]
MODEL = FOLDER / "lobbydesk-kiosk.service"
# What the issue promises. A unit that needs more than the web services says how much, and why, in a line of its own.
PROMISED = {"lobbydesk-print-usb@": 0.6, "lobbydesk-print-net@": 1.0}
STRICTEST = 0.5
EXPOSURE = re.compile(r"^# Exposure at most ([0-9.]+): \w+", re.MULTILINE)
# Of the timers and web services nothing is taken back.
NEVER_MORE = {"kiosk", "desk", "migrate", "watch", "clocks", "close-day", "retention", "backup", "health"}


def lines(path: Path) -> list[str]:
    """Return the settings of a unit."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#["]


def shared() -> list[str]:
    """Return the lines that every unit has from the model."""
    every = lines(MODEL)
    return every[every.index("User=lobbydesk") : every.index("SystemCallErrorNumber=EPERM") + 1]


def test_systemd_finds_nothing_to_say(tmp_path: Path) -> None:
    # The programs are not there where tests run; the units are those of the box in everything else.
    for path in FOLDER.glob("lobbydesk*"):
        if path in UNITS or path.suffix in {".target", ".mount"}:
            text = re.sub(
                r"^(Exec\w+=[-+!@:]*)/\S+", r"\1/bin/true", path.read_text(encoding="utf-8"), flags=re.MULTILINE
            )
            (tmp_path / path.name.replace("@.", "@one.")).write_text(text, encoding="utf-8")
    for path in FOLDER.glob("lobbydesk*@.service"):
        shutil.copy(tmp_path / path.name.replace("@.", "@one."), tmp_path / path.name)
    found = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            *sorted(str(path) for path in tmp_path.iterdir() if "@." not in path.name),
        ],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
    )
    # It returns 0 on a word that it does not know.
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_the_exposure_is_what_was_promised(unit: Path) -> None:
    stated = EXPOSURE.search(unit.read_text(encoding="utf-8"))
    most = PROMISED.get(unit.stem, float(stated[1]) if stated else STRICTEST)
    assert unit.stem.removeprefix("lobbydesk-") not in NEVER_MORE or most == STRICTEST
    found = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={round(most * 10)}", str(unit)],
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, "\n".join(line for line in found.stdout.splitlines() if line[:1] in "✗→")
    # And as docs/units.md has it, once.
    row = rf"^\|[^|]*`{unit.stem}(?:NAME)?\.[^|]*\|[^|]*\| ([0-9.]+) \|$"
    said = re.findall(row, (ROOT / "docs" / "units.md").read_text(encoding="utf-8"), re.MULTILINE)
    measured = re.search(r"Overall exposure level[^:]*: ([0-9.]+)", found.stdout)
    assert measured and said == [measured[1]]


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_a_line_of_the_sandbox_that_is_missing_is_accounted_for(unit: Path) -> None:
    text, own = unit.read_text(encoding="utf-8"), lines(unit)
    said = " ".join(line for line in text.splitlines() if line.startswith("#"))
    missing = [line for line in shared() if line not in own and not re.search(rf"\b{line.partition('=')[0]}\b", said)]
    assert not missing, "left out or changed without a comment that names it"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_every_unit_begins_and_ends_with_the_target(unit: Path) -> None:
    own = lines(unit)
    # Or a comment says why not: once a start of the machine, say.
    assert "PartOf=lobbydesk.target" in own or re.search(r"^#.*\bPartOf\b", unit.read_text("utf-8"), re.MULTILINE)
    assert "WantedBy=lobbydesk.target" in own or unit.suffix == ".service", "nobody starts it"


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.stem)
def test_it_runs_what_there_is(unit: Path) -> None:
    starts = [line.partition("=")[2].lstrip("-+!@:").split() for line in lines(unit) if line.startswith("ExecStart=")]
    assert starts
    for program, *words in starts:
        if program.startswith("/opt/lobbydesk/current/systemd/"):
            assert (FOLDER / Path(program).name).stat().st_mode & 0o111
        if program.endswith("/bin/lobbydesk"):
            assert words[0] in COMMANDS
    if unit.stem.removeprefix("lobbydesk-") not in {"python", "print-units"}:
        # They hold the store, what a visitor types, passwords on their way, or a key.
        assert "LimitCORE=0" in lines(unit)
    if unit.stem.removeprefix("lobbydesk-") in {"kiosk", "desk", "watch", "deliver", "print-usb@", "print-net@"}:
        # Ten crashes must not leave the lobby dark.
        assert {"Type=notify", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSignal=SIGKILL"} <= set(
            lines(unit)
        )


def test_the_proxy_cannot_pass_for_the_touch_screen() -> None:
    """The kiosk takes whoever comes over the loopback for its own screen: not somebody who has taken caddy over."""
    assert "IPAddressDeny=localhost" in lines(FOLDER / "lobbydesk-proxy.service")
    assert "ListenStream=127.0.0.1:8600" in lines(FOLDER / "lobbydesk-kiosk.socket")


def test_timers_and_paths_have_their_services() -> None:
    for unit in UNITS:
        if unit.suffix in {".timer", ".path", ".socket"}:
            named = [line.partition("=")[2] for line in lines(unit) if re.match("(Unit|Service)=", line)]
            assert (FOLDER / (named[0] if named else f"{unit.stem}.service")).exists()


def test_the_page_has_each_unit_once_and_its_exposure() -> None:
    rows = re.findall(
        r"^\| (`lobbydesk-.*?) \|.*\| ([0-9.]+) \|$", (ROOT / "docs" / "units.md").read_text("utf-8"), re.M
    )
    for unit in SERVICES:
        told = [figure for names, figure in rows if re.search(rf"`{unit.stem}(NAME)?\.", names)]
        measured = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True
        ).stdout
        figure = re.search(r"exposure level for \S+: ([0-9.]+)", measured)
        assert figure is not None and len(told) == 1 and float(told[0]) >= float(figure[1]), unit.name


def test_every_line_is_explained() -> None:
    explained = (ROOT / "docs" / "units.md").read_text(encoding="utf-8")
    keys = {line.partition("=")[0] for unit in UNITS for line in lines(unit)}
    assert not {key for key in keys if not re.search(rf"`{key}[=`]", explained)}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give folders away")
def test_the_users_and_folders_are_as_systemd_reads_them(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    for program, file in (
        ("systemd-sysusers", "lobbydesk-sysusers.conf"),
        ("systemd-tmpfiles", "lobbydesk-tmpfiles.conf"),
    ):
        create = ["--create"] if program == "systemd-tmpfiles" else []
        found = subprocess.run(
            [program, *create, f"--root={tmp_path}", str(FOLDER / file)], capture_output=True, text=True
        )
        assert found.returncode == 0, found.stderr
    users = [line.split(":") for line in (tmp_path / "etc/passwd").read_text().splitlines()]
    # None has a home to leave keys for ssh in, or units that logind would start outside of every sandbox.
    assert {user[0]: user[5:] for user in users if user[0].startswith("lobbydesk")} == {
        name: ["/", "/usr/sbin/nologin"] for name in ("lobbydesk", "lobbydesk-proxy", "lobbydesk-screen")
    }
    assert (tmp_path / "etc/lobbydesk/credentials").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "var/backups/lobbydesk").stat().st_mode & 0o777 == 0o700
