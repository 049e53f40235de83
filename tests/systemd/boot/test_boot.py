"""From a bare Debian to a printed ticket, and through every fault: what was shown is kept, once.

One box is installed and then goes from fault to fault, in the order of this file, with visitors at its kiosk.
"""

import json
import os
import re
import signal
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from tests.systemd.boot import bundles
from tests.systemd.boot.conftest import CODE, PASSWORD, Box
from tests.systemd.boot.lobby import Desk, check_kept, check_papers, health, is_well, rows
from tests.systemd.boot.machine import STATE, eventually

pytestmark = pytest.mark.timeout(300)

SERVED = ("lobbydesk-kiosk.service", "lobbydesk-desk.service", "lobbydesk-print-net@front.service")
ALL = (*SERVED, "lobbydesk-watch.service", "lobbydesk-deliver.service")
KILLS = 10
# WatchdogSec (45 of a print worker), the time to be killed, the start, on a slow machine.
FROZEN_SECONDS = 90.0


def kept(box: Box) -> None:
    """After a fault: all is well again, and every number that was ever shown is there, once."""
    eventually("kiosk and desk are well", lambda: is_well(box.machine), 60)
    check_kept(box.machine, box.visitors.shown)
    check_papers(box.machine)


def read_codes(paper: Path) -> list[str]:
    """Return what the codes on the picture of a paper say."""
    with Image.open(paper) as image:
        return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


def test_a_bare_debian_is_a_box(box: Box) -> None:
    code = CODE.search(box.said)
    assert code, box.said
    # The slips went past the spool: no secret stands in the store.
    assert len(box.paper.papers) >= 2, "no set-up slip"
    assert not rows(box.machine, "SELECT 1 FROM print_jobs WHERE kind IN ('setup_slip', 'recovery_key')")
    # With the code of the slip the first administrator gets in, and has to choose a password at once.
    assert box.desk.post("/login", name=code["login"], password=code["code"])[0] == 303
    assert box.desk.post("/password", old=code["code"], new=PASSWORD, again=PASSWORD)[0] == 303
    box.log_in()
    status, _ = box.desk.post("/settings/hours", hours_work="00:00-24:00", hours_rest="00:00-24:00")
    assert status == 303
    assert box.machine.run("systemctl", "--failed", "--no-legend") == ""
    # Nothing is left to do but for the disk of this test, which is smaller than any that is sold.
    checked = box.machine.run("lobbydesk", "check", check=False)
    assert [line for line in checked.splitlines() if line.startswith("✗") and "磁盘快满了" not in line] == [], checked


def test_a_ticket_is_printed_and_its_code_read(box: Box) -> None:
    before = len(box.paper.papers)
    with box.visitors:
        box.visitors.go_on(5)
    shown = {one["token"] for one in box.visitors.shown}
    eventually("the tickets are printed", lambda: len(box.paper.papers) >= before + len(shown))
    eventually(
        "and confirmed",
        lambda: not rows(box.machine, "SELECT 1 FROM print_jobs WHERE state NOT IN ('printed', 'void')"),
    )
    read = {text.rpartition("/")[2] for paper in box.paper.papers[before:] for text in read_codes(paper)}
    assert shown <= read
    kept(box)


def test_the_building_comes_in_by_the_proxy(box: Box) -> None:
    with box.visitors:
        box.visitors.go_on(1)
    token, no = rows(box.machine, "SELECT token, no FROM tickets ORDER BY id DESC LIMIT 1")[0]
    page, display, login = box.building.ask(
        f"http://lobbydesk.local/T/{token}", "http://lobbydesk.local/display", "https://lobbydesk.local/login"
    )
    assert (page[0], display[0], login[0]) == (200, 200, 200)
    assert no in page[2]
    assert 'name="password"' in login[2]
    # Who types the desk's address is led to where it is safe; there is no other door.
    assert box.building.ask("http://lobbydesk.local/login")[0][:2] == (302, "https://lobbydesk.local/login")
    closed = ("check-in", "settings", "health", "events", "tickets/1", "scan", "staff", "%2e%2e/etc/passwd")
    found = box.building.ask(*(f"http://lobbydesk.local/{path}" for path in closed))
    assert [status for status, _, _ in found] == [404] * len(closed)
    # By its own name in the building, not by the machine's.
    avahi = ("org.freedesktop.Avahi", "/", "org.freedesktop.Avahi.Server", "GetHostName")
    assert box.machine.run("busctl", "call", *avahi) == 's "lobbydesk"\n'
    # What staff compare is what they were told.
    told = box.machine.run("/opt/lobbydesk/current/systemd/fingerprint").split()
    slip = rows(box.machine, "SELECT value FROM settings WHERE key = 'tls_fingerprint'")
    assert slip == [(json.dumps(":".join(told)),)]


def test_half_open_connections_stop_nobody(box: Box) -> None:
    with box.visitors, box.building.half_open(100):
        box.visitors.go_on(3)
        began = time.time()
        box.visitors.go_on(60)
        token = box.visitors.shown[-1]["token"]
        page, login = box.building.ask(f"http://lobbydesk.local/T/{token}", "https://lobbydesk.local/login")
        box.log_in()
        waited = box.visitors.longest_wait(began)
    print(f"\na hundred half open: the slowest number after {waited:.1f} s")
    assert (page[0], login[0]) == (200, 200)
    assert waited < 3
    kept(box)


def is_active(box: Box, unit: str) -> bool:
    """Tell whether systemd takes a unit for up and ready."""
    return box.machine.run("systemctl", "is-active", unit, check=False).strip() == "active"


def kill_one(box: Box, unit: str, number: int) -> None:
    """Kill a process of a unit: now the parent, now the worker, where there are two; wait until another is there."""
    victims: set[int] = set()

    def killed() -> bool:
        victims.clear()
        victims.update(found := box.machine.pids(unit))
        # Gone by itself meanwhile, as what looks before the start (ExecStartPre): it was not we who killed it.
        with suppress(ProcessLookupError):
            if found:
                os.kill(found[number % len(found)], signal.SIGKILL)
                return True
        return False

    eventually(f"{unit} is killed", killed)
    eventually(f"{unit} is another", lambda: set(box.machine.pids(unit)) - victims)


@pytest.mark.parametrize("unit", ALL)
def test_killed_ten_times_under_load(box: Box, unit: str) -> None:
    with box.visitors:
        box.visitors.go_on(3)
        for number in range(KILLS):
            kill_one(box, unit, number)
        box.visitors.go_on(5)
    kept(box)
    eventually(f"{unit} is up", lambda: is_active(box, unit))


@pytest.mark.parametrize("unit", SERVED)
def test_frozen_and_thawed_by_the_watchdog(box: Box, unit: str) -> None:
    with box.visitors:
        box.visitors.go_on(3)
        # The worker alone: a parent that still lives must not vouch for it.
        frozen = box.machine.pids(unit)[-1]
        os.kill(frozen, signal.SIGSTOP)
        began = time.monotonic()
        eventually("the frozen one is gone", lambda: frozen not in box.machine.pids(unit), FROZEN_SECONDS)
        eventually(f"{unit} runs", lambda: box.machine.pids(unit), FROZEN_SECONDS)
        print(f"\n{unit}: frozen, back after {time.monotonic() - began:.1f} s")
        box.visitors.go_on(5)
    kept(box)


def test_the_printer_is_pulled(box: Box) -> None:
    with box.visitors:
        box.visitors.go_on(3)
        box.paper.pull()
        box.visitors.go_on(5)
        box.paper.plug()
        box.visitors.go_on(5)
    eventually(
        "what waits is printed, what is in doubt stays for staff",
        lambda: not rows(box.machine, "SELECT 1 FROM print_jobs WHERE state IN ('queued', 'sending')"),
        120,
    )
    kept(box)


def test_the_disk_is_full(box: Box) -> None:
    filler = box.machine.root / STATE / "filler"
    with box.visitors:
        box.visitors.go_on(3)
        room = os.statvfs(filler.parent)
        try:
            # All that is not kept back for root: the services are not root.
            with filler.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - 65536)
            # It says so, and gives nobody a number that it could not keep: who got none taps again.
            eventually("health says that the store cannot be written", lambda: not is_well(box.machine))
            eventually("nobody gets a number any more", lambda: box.visitors.pause_of(1.0), 60)
        finally:
            filler.unlink()
        box.visitors.go_on(5)
    kept(box)


def test_the_clock_is_set_back(box: Box) -> None:
    library = box.machine.run("sh", "-c", "ls /usr/lib/*/faketime/libfaketime.so.1").strip()
    text = f'[Service]\nEnvironment=LD_PRELOAD={library} "FAKETIME=-3h"\n'
    for unit in ("lobbydesk-kiosk", "lobbydesk-desk"):
        box.machine.run("mkdir", "-p", f"/run/systemd/system/{unit}.service.d")
        box.machine.run("tee", f"/run/systemd/system/{unit}.service.d/clock.conf", text=text)
    box.machine.run("systemctl", "daemon-reload")
    box.machine.run("systemctl", "restart", "lobbydesk-kiosk.service", "lobbydesk-desk.service")
    with box.visitors:
        box.visitors.go_on(5)
    # History never runs back, and the box says that its clock is wrong.
    times = [at for (at,) in rows(box.machine, "SELECT at FROM events ORDER BY id")]
    assert times == sorted(times)
    assert health(box.machine)["clock"] == "behind"
    for unit in ("lobbydesk-kiosk", "lobbydesk-desk"):
        box.machine.run("rm", "-r", f"/run/systemd/system/{unit}.service.d")
    box.machine.run("systemctl", "daemon-reload")
    box.machine.run("systemctl", "restart", "lobbydesk-kiosk.service", "lobbydesk-desk.service")
    kept(box)


@pytest.mark.parametrize("way", ["the first process is killed", "the power goes", "a reboot in good order"])
def test_the_machine_goes_down(box: Box, way: str) -> None:
    with box.visitors:
        box.visitors.go_on(10)
        box.paper.pull()
        if way == "a reboot in good order":
            box.machine.reboot()
        elif way == "the power goes":
            box.machine.cut_power()
        else:
            box.machine.die()
        if way != "a reboot in good order":
            box.machine.boot()
    box.paper.plug()
    kept(box)
    with box.visitors:
        box.visitors.go_on(3)
    kept(box)


@pytest.fixture(scope="module")
def later(box: Box, workshop: Path) -> Path:
    """The bundle of the next version."""
    return bundles.next_version(box.bundle, workshop)


def version(box: Box) -> str:
    """Return the version in use."""
    return str((box.machine.root / "opt" / "lobbydesk" / "current").readlink())


def test_the_power_goes_in_the_middle_of_an_upgrade(box: Box, later: Path) -> None:
    before, journal = version(box), box.machine.root / "opt" / "lobbydesk" / "upgrade"
    key = box.machine.root / "etc" / "lobbydesk" / "credentials" / "backup-identity"
    with box.visitors:
        box.visitors.go_on(3)
        box.begin(later)
        # The new version is on trial: its migrations are in the store, and nobody was let in.
        eventually("the switch", lambda: version(box) == bundles.NEXT and "backup=" in journal.read_text(), 60)
        box.paper.pull()
        box.machine.cut_power()
    shown = len(box.visitors.shown)
    # And when the way back is barred: a number that is given out now would be lost on it later.
    key.rename(key.with_name("mislaid"))
    box.machine.boot(until={"starting"})
    with box.visitors:
        eventually("the way back is barred", lambda: "could not go back" in box.said_by("lobbydesk-finish-upgrade"))
        assert box.visitors.pause_of(3.0)
        key.with_name("mislaid").rename(key)
        eventually("it opens by itself", lambda: len(box.visitors.shown) > shown + 5, 60)
    box.paper.plug()
    assert version(box) == before
    assert not journal.exists()
    kept(box)


def test_an_upgrade(box: Box, later: Path) -> None:
    # As where the power went right after Debian's packages: its own caddy waits to take our doors at the next start.
    box.machine.run("systemctl", "enable", "caddy.service")
    with box.visitors:
        box.visitors.go_on(3)
        began = time.time()
        said = box.install(later)
        box.visitors.go_on(5)
    print(f"\nupgrade: no number for {box.visitors.longest_wait(began):.1f} s")
    assert bundles.NEXT in said
    assert box.machine.run("systemctl", "is-enabled", "caddy.service", check=False).strip() == "disabled"
    assert version(box).endswith(bundles.NEXT)
    kept(box)


@pytest.mark.parametrize("change", [bundles.kiosk_that_never_starts, bundles.migration_that_fails])
def test_an_upgrade_that_fails(box: Box, workshop: Path, change: bundles.Change) -> None:
    before = box.machine.run("readlink", "/opt/lobbydesk/current")
    broken = bundles.next_version(box.bundle, workshop, version=f"{bundles.NEXT}.1", change=change)
    with box.visitors:
        box.visitors.go_on(3)
        said = box.install(broken, check=False)
        box.visitors.go_on(5)
    assert box.machine.run("readlink", "/opt/lobbydesk/current") == before, said
    assert not rows(box.machine, "SELECT 1 FROM sqlite_master WHERE name = 'marks'")
    kept(box)


def lose_pages(state: Path) -> None:
    """Damage the store as a dying disk does: pages in its middle are gone."""
    with (state / "lobbydesk.db").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 8 // 4096 * 4096)
        file.write(bytes(size // 4 * 3))


def test_a_damaged_store(box: Box) -> None:
    box.machine.run("systemctl", "start", "lobbydesk-backup.service")
    known = box.visitors.shown
    with box.visitors:
        box.visitors.go_on(3)
    taken = set(rows(box.machine, "SELECT no, day_on FROM tickets"))
    box.machine.die()
    box.machine.boot(before=lose_pages)
    eventually("kiosk and desk are well", lambda: is_well(box.machine), 30)
    # What the backup knew is there, what it did not know is lost, and the desk says so.
    check_kept(box.machine, known)
    there = set(rows(box.machine, "SELECT no, day_on FROM tickets"))
    assert there < taken
    box.visitors.forget_all_but(known)
    box.log_in()
    assert "data-restored" in box.desk.get("/box")[1]
    assert list((box.machine.root / STATE / "kept-aside").iterdir())
    # No number that anybody may still hold is given to somebody else.
    with box.visitors:
        box.visitors.go_on(5)
    fresh = set(rows(box.machine, "SELECT no, day_on FROM tickets")) - there
    assert len(fresh) >= 5
    assert not fresh & taken
    kept(box)


# Who moved in, and later asks that nothing be kept of him (PIPL 47).
NAME, PHONE = "欧阳震华", "13912345671"


def traces(box: Box) -> list[str]:
    """Return every file in the box's home that still holds a word of him, in the form of text, paper or picture."""
    words = [word.encode(form) for word in (NAME, PHONE) for form in ("utf-8", "gb18030", "utf-16-le")]
    home = box.machine.root / STATE
    files = sorted(path for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    return [str(path.relative_to(home)) for path in files if any(word in path.read_bytes() for word in words)]


def the_manager(box: Box) -> Desk:
    """Return the desk of a manager, whom the administrator adds, with the code that the box gives at its terminal."""
    department = rows(box.machine, "SELECT code FROM departments ORDER BY code LIMIT 1")[0][0]
    box.log_in()
    staff = {"login": "wang", "name": "王经理", "role": "manager", "department": department, "active": "1", "key": ""}
    assert box.desk.post("/settings/list/staff", **staff)[0] == 303
    code = box.machine.run("lobbydesk", "staff", "password", "wang").split()[-1]
    desk = Desk(box.machine)
    assert desk.post("/login", name="wang", password=code)[0] == 303
    assert desk.post("/password", old=code, new=PASSWORD, again=PASSWORD)[0] == 303
    return desk


def test_who_was_erased_is_not_brought_back_by_a_backup(box: Box) -> None:
    desk = the_manager(box)
    lists = {"units": "楼栋,单元,房号\n9,9,909\n", "residents": f"房号,姓名,电话,身份\n9-9-909,{NAME},{PHONE},业主\n"}
    for kind, text in lists.items():
        box.machine.run("lobbydesk", "import", kind, "-", "--apply", text=text)
    box.machine.run("systemctl", "start", "lobbydesk-backup.service")
    assert traces(box), "or this test is blind"
    resident = rows(box.machine, "SELECT max(id) FROM residents")[0][0]
    assert desk.post(f"/homes/residents/{resident}/moved-out", unit="9-9-909")[0] == 200
    who = {"phone": PHONE, "name": NAME, "unit": "", "reason": "request"}
    status, page = desk.post("/persons", **who)
    seal = re.search('name="seal" value="([^"]+)"', page)
    assert status == 200 and seal, page
    assert desk.post("/persons/erase", **who, seal=seal[1])[0] == 200
    assert traces(box) == []
    # The disk dies: the backup from before, in which he lives here, is put back at the start.
    box.machine.die()
    box.machine.boot(before=lose_pages)
    eventually("kiosk and desk are well", lambda: is_well(box.machine), 30)
    assert rows(box.machine, "SELECT count(*) FROM restorations WHERE reason = 'damaged'")[0][0] >= 1
    assert traces(box) == []
    assert rows(box.machine, "SELECT count(*) FROM events WHERE what = 'erase_again'")[0][0] >= 1


def test_the_systems_python_changed(box: Box) -> None:
    environment = box.machine.root / "opt" / "lobbydesk" / bundles.NEXT / "venv"
    (environment / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.10.0\n")
    (environment / "bin" / "python3").unlink()
    (environment / "bin" / "python3").symlink_to("/usr/bin/python3.10")
    box.paper.pull()
    box.machine.reboot()
    box.paper.plug()
    kept(box)


def test_no_ticket_came_out_twice(box: Box) -> None:
    eventually("the printer is idle", lambda: not rows(box.machine, "SELECT 1 FROM print_jobs WHERE state = 'sending'"))
    tokens = Counter(code.rpartition("/")[2] for paper in box.paper.papers for code in read_codes(paper))
    assert len(tokens) > 100
    # Whatever was in doubt, after all the kills and cuts, staff decide: no original prints again by itself.
    assert [token for token, count in tokens.items() if count > 1] == []


def test_what_the_journal_holds(box: Box) -> None:
    lines = box.machine.run("journalctl", "--no-pager", "-u", "lobbydesk-*")
    tokens = [one["token"] for one in box.visitors.shown]
    assert not [token for token in tokens if token in lines]
    assert "Traceback" not in lines
