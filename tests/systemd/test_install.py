"""What install rests on, without a box: the scripts are whole, the order of the units, the question after health."""

import json
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

import pytest

FOLDER = Path(__file__).parents[2] / "systemd"
SCRIPTS = [file for file in FOLDER.iterdir() if file.is_file() and file.read_bytes().startswith(b"#!/bin/sh")]
BEFORE_ALL = ("lobbydesk-finish-upgrade", "lobbydesk-python")


@pytest.mark.parametrize("script", [*SCRIPTS, FOLDER / "steps", FOLDER / "packages"], ids=lambda path: path.name)
def test_the_shell_can_read_it(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert script not in SCRIPTS or script.stat().st_mode & 0o111
    assert len(script.read_text(encoding="utf-8").splitlines()) <= 320


@pytest.mark.parametrize("first", BEFORE_ALL)
def test_nothing_that_opens_the_store_starts_before_an_upgrade_has_gone_back(first: str) -> None:
    text = (FOLDER / f"{first}.service").read_text(encoding="utf-8")
    after = set(" ".join(re.findall(r"^Before=(.*)", text, re.MULTILINE)).split())
    for unit in FOLDER.glob("lobbydesk-*.service"):
        runs = re.search(r"^ExecStart=/opt/lobbydesk/current/venv", unit.read_text(encoding="utf-8"), re.MULTILINE)
        # Instances are started by print-units; the others wait for the migration, or for a folder that is theirs alone.
        ordered = ("lobbydesk-migrate.service" in _after(unit)) or (f"{first}.service" in _after(unit))
        if runs and "@" not in unit.name and not ordered:
            assert unit.name in after, unit.name
    assert "lobbydesk-print-units.service" in after


def _after(unit: Path) -> str:
    return " ".join(re.findall(r"^After=(.*)", unit.read_text(encoding="utf-8"), re.MULTILINE))


def test_an_empty_key_is_no_key_and_a_new_one_takes_its_place(tmp_path: Path) -> None:
    key = tmp_path / "backup-identity"
    key.touch()
    command = [sys.executable, str(FOLDER / "new-key"), str(key)]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=FOLDER.parent).stdout
    assert key.read_text(encoding="utf-8") == made.splitlines()[0] + "\n"
    assert key.stat().st_mode & 0o777 == 0o600
    # The second time it is the same one.
    assert subprocess.run(command, capture_output=True, text=True, check=True, cwd=FOLDER.parent).stdout == made
    assert [path.name for path in tmp_path.iterdir()] == [key.name]


STUBS = """
set -eu
version=1 OPT=$1 bundle=$2 left=$3
say() { :; }
stop_all() { :; }
chown() { :; }
cut() { left=$((left - 1)); [ "$left" -gt 0 ] || exit 9; }
for_real() { cut; command "$@"; }
cp() { for_real cp "$@"; }
mv() { for_real mv "$@"; }
rm() { for_real rm "$@"; }
sync() { cut; }
mkdir() { for_real mkdir "$@"; }
"""


def test_a_repair_that_is_cut_off_leaves_a_whole_release(tmp_path: Path) -> None:
    # What it is made of is what the next start builds it anew from: units, scripts, wheels.
    place = re.search(
        r"^place_release\(\) \{\n.*?^\}\n", (FOLDER / "install").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert place
    ends, steps = set(), 0
    while 0 not in ends:
        steps += 1
        opt, bundle = tmp_path / f"opt{steps}", tmp_path / f"bundle{steps}"
        for folder, what in ((opt / "1", "old"), (bundle, "new")):
            for name in (
                "wheels/a.whl",
                f"wheels/{what}.whl",
                "requirements/run.txt",
                "systemd/environment",
                "systemd/parts/a",
                "docs/a.md",
            ):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text("#!/bin/sh\n")
                (folder / name).chmod(0o755)
        (opt / "current").symlink_to("1")
        script = f"{STUBS}{place[0]}place_release"
        ends.add(subprocess.run(["sh", "-c", script, "sh", str(opt), str(bundle), str(steps)], check=False).returncode)
        for name in ("wheels/a.whl", "requirements/run.txt", "systemd/environment", "docs/a.md"):
            assert (opt / "1" / name).read_text() == "#!/bin/sh\n", (steps, name)
    assert ends == {0, 9}
    assert steps > 10
    assert {path.name for path in (opt / "1" / "wheels").iterdir()} == {"a.whl", "new.whl"}


# What an upgrade that is not finished would take away again, when the old version comes back with its data.
WRITES = {
    *("backup", "clocks", "close-day", "deliver", "desk", "kiosk", "migrate", "print-net@", "print-usb@", "retention"),
    "watch",
}


def test_nothing_is_done_that_an_unfinished_upgrade_would_take_away() -> None:
    guard = "ExecStartPre=/usr/bin/test ! -e /opt/lobbydesk/upgrade"
    guarded = {
        unit.stem.removeprefix("lobbydesk-")
        for unit in FOLDER.glob("lobbydesk-*.service")
        if guard in unit.read_text(encoding="utf-8").splitlines()
    }
    assert guarded == WRITES


class Service:
    """What answers /health on a socket: a list of answers, the last one for ever."""

    def __init__(self, path: Path, answers: list[object]) -> None:
        self.path, self.asked = path, 0

        class Handler(BaseHTTPRequestHandler):
            def do_GET(handler) -> None:
                answer = answers[min(self.asked, len(answers) - 1)]
                self.asked += 1
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                handler.send_response(200)
                handler.end_headers()
                handler.wfile.write(body)

            def address_string(handler) -> str:
                return ""

            def log_message(handler, *_: object) -> None:
                pass

        self.server = ThreadingUnixStreamServer(str(path), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a short path: a socket's may have a hundred letters."""
    yield tmp_path_factory.mktemp("h")


def asked(*places: str, seconds: float = 10.0) -> tuple[int, str]:
    """Run `healthy` in a hurry; return its status and what it said."""
    script = (FOLDER / "healthy").read_text(encoding="utf-8")
    for name, value in {"SECONDS = 60.0": f"SECONDS = {seconds}", "ANSWERED_TIMES = 20": "ANSWERED_TIMES = 5"}.items():
        assert script.count(name) == 1
        script = script.replace(name, value)
    script = script.replace("time.sleep(1)", "time.sleep(0.05)")
    done = subprocess.run([sys.executable, "-c", script, *places], capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def test_well_means_thrice_in_a_row(folder: Path) -> None:
    well, ill = {"ok": True}, {"ok": False, "store": "SQLITE_FULL"}
    service = Service(folder / "a", [well, well, ill, well])
    assert asked(str(folder / "a")) == (0, "")
    assert service.asked == 6


def test_what_is_wrong_is_said(folder: Path) -> None:
    Service(folder / "a", [{"ok": True}])
    Service(folder / "b", [{"ok": False, "store": "migrations_pending"}])
    Service(folder / "c", [b"<!doctype html>"])
    assert asked(str(folder / "a"), str(folder / "b")) == (1, f"{folder}/b says: migrations_pending\n")
    # Nothing that answers: only the time ends it.
    assert asked(str(folder / "c"), seconds=0.3)[0] == 1
    assert asked(str(folder / "nobody"), seconds=0.3)[0] == 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        assert asked(f"127.0.0.1:{free.getsockname()[1]}", seconds=0.3)[0] == 1


def test_root_runs_no_python_out_of_the_folder_it_stands_in(tmp_path: Path) -> None:
    """Somebody has left a module of our name there: in /tmp, on a stick."""
    trap, settings = tmp_path / "lobbydesk", "box_settings.py"
    trap.mkdir()
    (trap / "__init__.py").touch()
    (trap / settings).write_text("open('taken', 'w').close()\nprint(True)\n")
    release = tmp_path / "opt" / "current"
    (release / "venv" / "bin").mkdir(parents=True)
    (release / "venv" / "bin" / "python").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (release / "venv" / "bin" / "python").chmod(0o755)
    asked = f". {FOLDER}/steps; OPT={tmp_path}/opt; screen_wanted lobbydesk-display.service"
    done = subprocess.run(["sh", "-c", asked], cwd=tmp_path, check=False)
    assert done.returncode == 1 and not (tmp_path / "taken").exists()
    for script in (*SCRIPTS, FOLDER / "steps"):
        text = script.read_text(encoding="utf-8")
        # `bundle` stands in the checkout that it is part of.
        if script.name != "bundle" and "PYTHONSAFEPATH=1" not in text:
            assert not re.search(r"python3?\"? (-c|-m)", text), script.name
