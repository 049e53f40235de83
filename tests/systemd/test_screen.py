"""The lobby's screens: what their browser may open, and that a page which crashed is opened again."""

import json
import os
import re
import socket
import subprocess
import time
from pathlib import Path

from tests.systemd.lan import SYSTEMD

# Stands for the compositor with the browser in it: it holds, or does not, the line of a live page.
PAGE = """#!/usr/bin/python3
import os, socket, time
print(os.environ["XDG_RUNTIME_DIR"], flush=True)
line = socket.create_connection(("127.0.0.1", int(os.environ["LOBBYDESK_KIOSK_PORT"]))) if os.environ["PAGE"] else None
time.sleep(60)
"""


def screen(tmp_path: Path, port: int, *, page: bool) -> subprocess.Popen[bytes]:
    """Start the script of the screen's unit."""
    cage = tmp_path / "cage"
    cage.write_text(PAGE)
    cage.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "RUNTIME_DIRECTORY": str(tmp_path),
        "LOBBYDESK_KIOSK_PORT": str(port),
        "LOBBYDESK_SCREEN_LOOK": "0.02",
        "PAGE": "1" if page else "",
    }
    return subprocess.Popen(
        [SYSTEMD / "screen", "kiosk"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ends(process: subprocess.Popen[bytes], within: float) -> bool:
    """Tell whether it ends by itself in time; end it otherwise."""
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.terminate()
        process.wait(5)
        return False
    finally:
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    return True


def test_a_page_that_is_gone_while_the_kiosk_listens_is_opened_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as kiosk:
        port = kiosk.getsockname()[1]
        assert ends(screen(tmp_path, port, page=False), 10)
        living = screen(tmp_path, port, page=True)
        assert living.stdout is not None and living.stdout.readline().strip() == str(tmp_path).encode()
        assert not ends(living, 1.5)
    # Nobody listens: the page that waits says so in its own words, and stays.
    started = time.monotonic()
    assert not ends(screen(tmp_path, port, page=False), 1.5)
    assert time.monotonic() - started < 5


def test_the_screens_open_the_lobby_and_nothing_else() -> None:
    policy = json.loads((SYSTEMD / "chromium-policy.json").read_text())
    script = (SYSTEMD / "screen").read_text()
    assert "*" in policy["URLBlocklist"]
    assert re.findall(r'"(http://[^"$]*:)\$port/"', script) == ["http://127.0.0.1:"]
    assert policy["URLAllowlist"] == ["http://127.0.0.1:8600", "http://*/display"]
    assert policy["DeveloperToolsAvailability"] == 2 and policy["DownloadRestrictions"] == 3
    for name in ("RemoteDebugging", "Printing", "PasswordManager", "AutofillAddress", "AutofillCreditCard"):
        assert not policy.get(f"{name}Enabled", policy.get(f"{name}Allowed"))
    for unit in ("kiosk-browser", "display"):
        text = (SYSTEMD / f"lobbydesk-{unit}.service").read_text()
        assert "RuntimeDirectory=lobbydesk-screen\n" in text and "StateDirectory=" not in text
