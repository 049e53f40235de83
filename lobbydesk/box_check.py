"""What is wrong with a box, for whoever keeps it: each thing in plain words, with the line that mends it."""

import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import printers
from db.store import Store, open_store
from lobbydesk import box_settings
from lobbydesk.home import store_path, unready
from reception import box_care, box_state, first_login
from reception.rules.box_troubles import Trouble
from reception.site import site
from reception.wording import Words

OPT = Path("/opt/lobbydesk")
# What must run on every box, whatever hangs on it.
ALWAYS = ("kiosk.socket", "desk.socket", "kiosk.service", "desk.service", "watch.service", "print-units.path")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `wrong` is None where it is well; else what is wrong, with `mend`, a line to type or do."""

    what: Words
    wrong: Words | None = None
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """What the checks go by. `system` tells whether this runs on a box, with its units, or on a mere home folder."""

    home: Path
    now: datetime
    system: bool
    key_missing: bool = False
    opt: Path = OPT


RELEASE, SETTINGS = Words("程序", "program"), Words("设置", "settings")
STORE, SERVICES = Words("数据", "data"), Words("服务", "services")
PRINTER, BACKUP = Words("打印机", "printers"), Words("备份", "backups")
BOX, STAFF = Words("机器", "machine"), Words("管理员", "administrator")

# What `lobbydesk health` finds, in the words and with the cure of whoever keeps the box.
TROUBLES: dict[str, tuple[Words, Words, str]] = {
    "box_unseen": (
        BOX,
        Words("还没有自检过", "it has not looked after itself yet"),
        "sudo systemctl start lobbydesk-health",
    ),
    "box_silent": (
        BOX,
        Words("五分钟以上没有自检", "it has not looked after itself for five minutes"),
        "journalctl -u lobbydesk-health -n 20; sudo systemctl restart lobbydesk-health.timer",
    ),
    "clock_behind": (
        BOX,
        Words("时钟早于最后一条记录", "the clock stands before the last record"),
        "set the time at the desk: Box, Set the time",
    ),
    "clock_raised": (
        BOX,
        Words("开机时不知道时间", "it did not know the time when it was switched on"),
        "set the time at the desk; a new battery for the clock of the machine helps for good",
    ),
    "clock_jumped": (
        BOX,
        Words("时钟被拨动过", "the clock was moved"),
        "compare it with a telephone; set it at the desk",
    ),
    "disk_full": (
        BOX,
        Words("磁盘已满", "the disk is full"),
        "sudo du -xsh /var/* | sort -h; sudo journalctl --vacuum-size=20M; fewer backups: keep_days in box.toml",
    ),
    "disk_low": (
        BOX,
        Words("磁盘快满了", "the disk is nearly full"),
        "sudo du -xsh /var/* | sort -h; move what is not Lobbydesk's",
    ),
    "unit_down": (
        SERVICES,
        Words("没有运行：%(what)s", "does not run: %(what)s"),
        "journalctl -u %(what)s -n 20; sudo systemctl restart %(what)s",
    ),
    "printer_down": (
        PRINTER,
        Words("%(what)s 不能打印", "%(what)s prints nothing"),
        "look at it: power, paper, cover, cable; then sudo lobbydesk printer list",
    ),
    "backup_unknown": (
        BACKUP,
        Words("读不到备份目录", "the folder of the backups cannot be read"),
        "see [backup] folder in /etc/lobbydesk/box.toml; it belongs to lobbydesk: sudo systemd-tmpfiles --create",
    ),
    "backup_none": (BACKUP, Words("一份也没有", "there is none"), "sudo lobbydesk backup --reason asked"),
    "backup_old": (
        BACKUP,
        Words("最近一份已超过一天", "the newest is older than a day"),
        "sudo lobbydesk backup --reason asked; journalctl -u lobbydesk-backup -n 20",
    ),
    "backup_late": (
        BACKUP,
        Words("最近一份已超过三小时", "the newest is older than three hours"),
        "journalctl -u lobbydesk-backup -n 20",
    ),
    "backup_unread": (
        BACKUP,
        Words("最近一份没有验证过", "the newest was not read back"),
        "sudo lobbydesk backup --reason asked",
    ),
    "second_missing": (
        BACKUP,
        Words("第二存放处没有今天的备份", "the second place has none of today"),
        "see whether it is mounted: findmnt; [backup] second in /etc/lobbydesk/box.toml",
    ),
}


def findings(box: Box) -> Iterator[Finding]:
    """Look at everything, from what all else stands on to what hangs on it; nothing is changed."""
    if box.system:
        yield from _release(box)
    yield from _settings()
    if box.system:
        yield from _services()
    trouble = unready(store_path(box.home))
    if trouble:
        yield Finding(
            STORE,
            Words("不能使用", trouble),
            "sudo systemctl restart lobbydesk-migrate; journalctl -u lobbydesk-migrate -n 20",
        )
        return
    store = open_store(store_path(box.home))
    try:
        for look in (_store, _printers, _administrator, _care):
            yield from look(box, store)
    finally:
        store.close()


def _release(box: Box) -> Iterator[Finding]:
    current = box.opt / "current"
    if not (current / "venv" / "bin" / "python").exists():
        yield Finding(
            RELEASE, Words("程序不完整", "the program is not whole"), "sudo /opt/lobbydesk/current/systemd/install"
        )
        return
    if (box.opt / "upgrade").exists():
        yield Finding(
            RELEASE,
            Words("升级没有完成", "an upgrade was interrupted"),
            "sudo systemctl start lobbydesk.target",
        )
        return
    name = current.resolve().name
    yield Finding(Words(f"程序 {name}", f"program {name}"))


def _settings() -> Iterator[Finding]:
    try:
        box_settings.read()
    except box_settings.BadSettings as bad:
        yield Finding(SETTINGS, Words("box.toml 有错", str(bad)), "sudo nano /etc/lobbydesk/box.toml")
        return
    yield Finding(SETTINGS)


def _services() -> Iterator[Finding]:
    """What should run and does not; what fails again and again, the box's own look tells."""
    names = [f"lobbydesk-{unit}" for unit in ALWAYS]
    said = subprocess.run(
        ["systemctl", "is-active", *names], capture_output=True, text=True, check=False
    ).stdout.split()
    down = [
        name for name, state in zip(names, said, strict=False) if state not in {"active", "activating", "reloading"}
    ]
    for name in down:
        yield Finding(
            SERVICES,
            Words(f"没有运行：{name}", f"does not run: {name}"),
            f"sudo systemctl start {name}; journalctl -u {name} -n 20",
        )
    if not down:
        yield Finding(SERVICES)


def _store(box: Box, store: Store) -> Iterator[Finding]:
    path = store_path(box.home)
    mode = stat.S_IMODE(box.home.stat().st_mode)
    if mode & 0o077:
        yield Finding(
            STORE,
            Words("别的用户能读数据目录", "other users can read the folder of the data"),
            f"sudo chmod 700 {box.home}",
        )
    if path.stat().st_uid != os.getuid():
        yield Finding(
            STORE,
            Words("数据不属于 lobbydesk", "the data do not belong to lobbydesk"),
            f"sudo chown -R lobbydesk: {box.home}",
        )
    try:
        answer = store.value("PRAGMA quick_check(1)")
    except sqlite3.DatabaseError as error:
        answer = error.sqlite_errorname
    if answer != "ok":
        yield Finding(
            STORE,
            Words("数据已损坏", "the data are damaged"),
            "sudo systemctl restart lobbydesk-migrate, which puts the newest backup back",
        )
        return
    yield Finding(STORE)


def _printers(_: Box, store: Store) -> Iterator[Finding]:
    every = printers.printers(store)
    front = site(store).front_printer
    if not any(printer.name == front for printer in every):
        yield Finding(
            PRINTER,
            Words("还没有前台打印机", "there is no front printer yet"),
            "sudo lobbydesk printer add front tcp://192.168.1.31",
        )
    for printer in every:
        name = Words(f"打印机 {printer.name}", f"printer {printer.name}")
        if printer.in_trouble:
            mend = f"look at it: power, paper, cover, cable; then sudo lobbydesk printer test {printer.name}"
            yield Finding(name, Words(printer.condition, f"{printer.condition} ({printer.address})"), mend)
        else:
            yield Finding(name)


def _administrator(_: Box, store: Store) -> Iterator[Finding]:
    if first_login.awaited(store):
        yield Finding(
            STAFF,
            Words("一次性密码还没有用过", "the one-time code was never used"),
            "log in at the desk with the set-up slip; lost: sudo lobbydesk set-up prints a new one",
        )


def _care(box: Box, store: Store) -> Iterator[Finding]:
    if box.key_missing:
        yield Finding(
            BACKUP,
            Words("没有备份密钥", "the key of the backups is not there"),
            "type it from the sealed slip into /etc/lobbydesk/credentials/backup-identity; lost: install makes another",
        )
    # Each printer was told of above, with its address.
    troubles = box_care.troubles_of(store, box_state.read(store_path(box.home)), box.now)
    found = [_of_trouble(one) for one in troubles if one.code != "printer_down"]
    yield from found
    if any(one.code in {"box_unseen", "box_silent"} for one in troubles):
        # Nobody looked: nothing is known to be well.
        return
    for what in (BACKUP, BOX):
        if not any(one.what == what for one in found) and not (what == BACKUP and box.key_missing):
            yield Finding(what)


def _of_trouble(trouble: Trouble) -> Finding:
    what, wrong, mend = TROUBLES[trouble.code]

    def named(text: str) -> str:
        return text.replace("%(what)s", trouble.what)

    return Finding(what, Words(named(wrong.zh), named(wrong.en)), named(mend))
