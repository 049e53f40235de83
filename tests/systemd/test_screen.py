"""The lobby's screens: what their browser may open, and that a page which crashed is opened again."""

import contextlib
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.demo import free_ports
from tests.systemd.lan import SYSTEMD

# Stands for the compositor with the browser in it: it holds, or does not, the line of a live page.
PAGE = """#!/usr/bin/python3
import os, socket, time
from urllib.parse import urlsplit
print(os.environ["XDG_RUNTIME_DIR"], flush=True)
kiosk = "127.0.0.1", urlsplit(os.environ["LOBBYDESK_KIOSK"]).port
line = socket.create_connection(kiosk) if os.environ["PAGE"] else None
time.sleep(60)
"""


class Kiosk(BaseHTTPRequestHandler):
    """Answers, or says that it cannot."""

    status = 200

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Starting(Kiosk):
    """The proxy's word while the kiosk starts."""

    status = 502


@contextlib.contextmanager
def answering(handler: type[Kiosk]) -> Iterator[int]:
    """Serve on a port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def ends(tmp_path: Path, port: int, *, page: bool, within: float) -> bool:
    """Start the script of the screen's unit; tell whether it ends by itself in time, and end it otherwise."""
    cage = tmp_path / "cage"
    cage.write_text(PAGE)
    cage.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "RUNTIME_DIRECTORY": str(tmp_path),
        "LOBBYDESK_KIOSK": f"http://127.0.0.1:{port}/",
        "LOBBYDESK_SCREEN_LOOK": "0.01",
        "LOBBYDESK_SCREEN_PATIENCE": "2",
        "PAGE": "1" if page else "",
    }
    with subprocess.Popen([SYSTEMD / "screen", "kiosk"], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline().strip() == str(tmp_path).encode()
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.terminate()
            process.wait(5)
            return False
        return True


def test_a_page_that_is_gone_while_the_kiosk_answers_is_opened_again(tmp_path: Path) -> None:
    with answering(Kiosk) as port:
        assert ends(tmp_path, port, page=False, within=15)
        assert not ends(tmp_path, port, page=True, within=4)


def test_a_page_that_waits_for_a_kiosk_stays(tmp_path: Path) -> None:
    with answering(Starting) as port:
        assert not ends(tmp_path, port, page=False, within=1)
    (nobody,) = free_ports(1)
    assert not ends(tmp_path, nobody, page=False, within=1)


# What a visitor could leave the lobby by, keep something with, or learn of the one before him by.
SWITCHED_OFF = (
    "RemoteDebugging TaskManagerEndProcess AllowDinosaurEasterEgg UserFeedback AllowFileSelectionDialogs Printing"
    " ScreenCapture AudioCapture VideoCapture AutofillAddress AutofillCreditCard PasswordManager BrowserAddPerson"
    " BrowserGuestMode BackgroundMode DefaultBrowserSetting BookmarkBar EditBookmarks Translate Spellcheck"
    " SearchSuggest DefaultSearchProvider MetricsReporting ComponentUpdates PromotionalTabs AlternateErrorPages"
    " BuiltInDnsClient"
)
NEVER = (
    "GeolocationSetting NotificationsSetting PopupsSetting ClipboardSetting SensorsSetting SerialGuardSetting"
    " WebBluetoothGuardSetting WebUsbGuardSetting WebHidGuardSetting FileSystemReadGuardSetting"
    " FileSystemWriteGuardSetting"
)


def test_the_screens_open_the_lobby_and_nothing_else() -> None:
    policy = json.loads((SYSTEMD / "chromium-policy.json").read_text())
    assert "*" in policy["URLBlocklist"]
    assert policy["URLAllowlist"] == ["http://127.0.0.1:8600", "http://*/display"]
    # Each line closes a way out; one that is gone, or opened, fails here. Pages may speak without a press: the voice.
    assert policy.pop("AutoplayAllowed") is True
    assert {"*", "file://*", "chrome://*", "devtools://*", "view-source:*", "javascript:*"} <= set(
        policy["URLBlocklist"]
    )
    assert policy["ExtensionInstallBlocklist"] == ["*"]
    for name in SWITCHED_OFF.split():
        assert policy.get(f"{name}Enabled", policy.get(f"{name}Allowed", policy.get(name))) is False, name
    for name in NEVER.split():
        assert policy[f"Default{name}"] == 2, name
    for name, value in {
        "DeveloperToolsAvailability": 2, "DownloadRestrictions": 3, "IncognitoModeAvailability": 2, "BrowserSignin": 0,
        "SyncDisabled": True, "SavingBrowserHistoryDisabled": True, "DnsOverHttpsMode": "off",
        "NetworkPredictionOptions": 2,
    }.items():  # fmt: skip
        assert policy[name] == value, name
    # What the script opens is what the policy allows.
    script = (SYSTEMD / "screen").read_text()
    assert set(re.findall(r":-(http://[^}]*)}", script)) == {"http://127.0.0.1:8600/", "http://127.0.0.1:8600/display"}
    for unit in ("kiosk-browser", "display"):
        text = (SYSTEMD / f"lobbydesk-{unit}.service").read_text()
        assert "RuntimeDirectory=lobbydesk-screen\n" in text and "StateDirectory=" not in text
