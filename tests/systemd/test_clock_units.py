"""The two units that may set the clock may do nothing else; that the kernel lets them, no container can show."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).resolve().parents[2] / "systemd"
SETTERS = ("lobbydesk-set-time.service", "lobbydesk-clock-floor.service")


def lines(name: str) -> list[str]:
    text = (UNITS / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("name", SETTERS)
def test_a_unit_that_sets_the_clock_has_that_right_alone(name: str) -> None:
    found = lines(name)
    rights = [line for line in found if re.match(r"(CapabilityBoundingSet|AmbientCapabilities)=", line)]
    assert rights == ["CapabilityBoundingSet=CAP_SYS_TIME", "AmbientCapabilities=CAP_SYS_TIME"]
    # Without a word of ours it could set none: the filter of every unit takes the call away with @privileged.
    calls = [line for line in found if line.startswith("SystemCallFilter=")]
    assert calls[1:] == ["SystemCallFilter=~@privileged @resources", "SystemCallFilter=clock_settime"]
    assert "User=lobbydesk" in found and "PrivateNetwork=yes" in found and "ProtectClock=yes" not in found


def test_what_reads_the_store_at_start_writes_nothing_there_and_runs_once() -> None:
    found = lines("lobbydesk-clock-floor.service")
    assert not [line for line in found if line.startswith(("StateDirectory=", "ReadWritePaths="))]
    assert "Before=lobbydesk-migrate.service" in found and "RemainAfterExit=yes" in found
    # Its folder stays until the machine stops, and where it is the unit does not run again.
    assert {"ConditionPathExists=!/run/lobbydesk-clock", "RuntimeDirectory=lobbydesk-clock"} <= set(found)
    assert "RuntimeDirectoryPreserve=yes" in found


@pytest.mark.parametrize(("name", "tenths"), [(SETTERS[0], 13), (SETTERS[1], 11)])
def test_their_exposure(name: str, tenths: int, tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={tenths}", str(UNITS / name)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-400:] + done.stderr
