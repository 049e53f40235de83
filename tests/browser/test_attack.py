"""What a real browser makes of an attack: the content policy on every page, the screen's own before a way out."""

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.browser.conftest import CHROMIUM, DESK, PORTRAIT, QUIET, Screens
from tests.demo import Demo, until
from tests.systemd.lan import SYSTEMD

# Heard from the first byte of a page on; what is not done under the policy is named here.
LISTENER = """
  window.found = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.found.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""
# What a text of somebody's would hold who hopes that it is written down as it is.
PAYLOAD = "'\"><img src=x onerror=window.ran=1><script>window.ran=1</script>{{7*7}}${7*7}"
# And if it were: none of this runs.
INLINE = """() => {
  const put = (html) => document.body.insertAdjacentHTML("beforeend", html);
  put('<img src="/nothing-here" onerror="window.ran = 1">');
  put('<a id="lead" href="javascript:window.ran=1">x</a>');
  put('<div hx-get="/assets/htmx.min.js" hx-trigger="load" hx-vals="js:{a:window.ran=1}"></div>');
  put('<div hx-get="/assets/htmx.min.js" hx-trigger="load" hx-on::before-request="window.ran=1"></div>');
  put('<iframe srcdoc="<script>parent.ran=1</script>"></iframe><form id="away" action="http://evil.example/"></form>');
  put('<div style="position:fixed" id="styled"></div>');
  const script = document.createElement("script");
  script.textContent = "window.ran = 1";
  document.body.append(script);
  const other = document.createElement("script");
  other.src = "http://evil.example/x.js";
  document.body.append(other);
  const base = document.createElement("base");
  base.href = "http://evil.example/";
  document.head.append(base);
  if (window.htmx) window.htmx.process(document.body);
  document.getElementById("lead").click();
  document.getElementById("away").submit();
  // Later: to what the test itself says, the policy does not apply.
  setTimeout(() => { try { window.eval("window.ran = 1"); } catch (refused) { window.found.push("eval"); } }, 20);
}"""
WAYS_OUT = (
    "file:///etc/passwd",
    "view-source:{kiosk}",
    "chrome://settings/",
    "chrome://policy/",
    "chrome://dino/",
    "chrome://inspect/",
    "devtools://devtools/bundled/inspector.html",
    "data:text/html,<h1>out</h1>",
    "http://evil.example/",
    "https://127.0.0.1/",
    "http://localhost:1/",
    "{desk}",
)


def watched(page: Page) -> Page:
    """Let each page to come note what its policy forbids."""
    page.add_init_script(LISTENER)
    return page


def pattern(path: str) -> str:
    """Return an address without what differs between two of a kind."""
    return re.sub(r"[A-Z]{2}\d{8}-\d+|[A-Z2-7]{26}|\d+|(?<=/edit/).*|(?<=/list/)\w+|(?<=/sample/).*", "#", path)


def walk(page: Page, start: str, more: list[str]) -> list[str]:
    """Open every page that links lead to, one of a kind; return what their policies forbade."""
    complaints, wanted, seen = [], [start, *(f"{start.rstrip('/')}{path}" for path in more)], set()
    while wanted:
        address = wanted.pop(0)
        parts = urlsplit(address)
        if pattern(parts.path) in seen or parts.netloc != urlsplit(start).netloc:
            continue
        seen.add(pattern(parts.path))
        if "/sample/" in parts.path:
            continue
        answer = page.goto(address, wait_until="domcontentloaded")
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        found, ran = page.evaluate("[window.found, window.ran]")
        complaints += [f"{parts.path}: {one}" for one in found] + ([f"{parts.path}: ran"] if ran else [])
        links = page.eval_on_selector_all("a[href]:not([download])", "all => all.map((one) => one.href)")
        wanted += [link.partition("#")[0] for link in links]
    return [f"{len(seen)} pages", *complaints]


def log_in(screens: Screens, demo: Demo, login: str) -> Page:
    """Open the desk as this member of staff."""
    known = json.loads((demo.home / "staff.json").read_text())
    desk = screens.open(DESK, demo.url("desk", "/login"))
    desk.fill("[name=name]", login)
    desk.fill("[name=password]", next(one["password"] for one in known if one["name"] == login))
    desk.keyboard.press("Enter")
    desk.wait_for_url(demo.url("desk"))
    return watched(desk)


def test_no_page_has_anything_inline_and_what_is_smuggled_in_does_not_run(screens: Screens, demo: Demo) -> None:
    ticket = demo.check_in("general", "n")
    demo.log_in()
    form = {"kind": "repair", "category": "water", "place": "private", "urgency": "ordinary", "phone": "13800005678"}
    status, text, _ = demo.post(
        "desk",
        "/repairs",
        nonce="r",
        unit="1-1-101",
        name="张建国",
        content=PAYLOAD,
        convenient_time=PAYLOAD,
        **form,
    )
    assert status == 204, text
    kiosk = watched(screens.open(PORTRAIT, demo.url("kiosk"), touch=True))
    more = ["/display", "/display/room", ticket, "/register/repair", "/register/complaint", "/register/visit-day"]
    (count, *complaints) = walk(kiosk, demo.url("kiosk"), more)
    assert not complaints and int(count.split()[0]) >= 10, (count, complaints)
    desk = log_in(screens, demo, "zhouming")
    (count, *complaints) = walk(desk, demo.url("desk"), ["/login", "/password", "/nothing", "/cases"])
    assert not complaints and int(count.split()[0]) >= 40, (count, complaints)
    assert not screens.complaints
    for page, start in ((kiosk, demo.url("kiosk")), (desk, demo.url("desk"))):
        page.goto(start)
        page.evaluate(INLINE)
        page.wait_for_timeout(300)
        found, ran = page.evaluate("[window.found.join(' | '), window.ran]")
        assert ran is None and page.url == start, page.url
        for directive in ("script-src-attr", "script-src-elem", "form-action", "base-uri", "style-src-attr", "eval"):
            assert directive in found, (directive, found)
    # These the test itself provoked; up to here the consoles said nothing. The kiosk follows its link again and again.
    screens.close()
    screens.complaints.clear()


def test_the_screen_s_browser_leads_nowhere(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    """Debian's Chromium under the very policy file of the box; without it each of these pages opens."""
    policy = json.loads((SYSTEMD / "chromium-policy.json").read_text())
    # The test holds the browser by what the box has off; the port is this lobby's.
    policy |= {"RemoteDebuggingAllowed": True, "DeveloperToolsAvailability": 1, "IncognitoModeAvailability": 0}
    policy["URLAllowlist"] = ["about:blank", demo.url("kiosk").rstrip("/")]
    (tmp_path / "policy.json").write_text(json.dumps(policy))
    start = tmp_path / "chromium"
    root = "" if os.geteuid() == 0 else "--map-root-user"
    start.write_text(
        f"""#!/bin/sh
exec unshare --mount {root} sh -c 'mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed &&
cp {tmp_path}/policy.json /etc/chromium/policies/managed/ && exec {CHROMIUM} "$@"' sh "$@"
"""
    )
    start.chmod(0o755)
    screen = browser.browser_type.launch_persistent_context(tmp_path / "profile", executable_path=start, args=QUIET)
    try:
        for way in WAYS_OUT:
            page = screen.new_page()
            with pytest.raises(Error, match="BLOCKED_BY_ADMINISTRATOR"):
                page.goto(way.format(kiosk=demo.url("kiosk"), desk=demo.url("desk")), timeout=15_000)
        page = screen.new_page()
        page.goto(demo.url("kiosk"))
        assert page.locator("[data-line]").count() == 4
    finally:
        screen.close()
    plain = browser.new_page()
    plain.goto("file:///etc/passwd")
    until(lambda: "root:" in plain.content())
    plain.close()
