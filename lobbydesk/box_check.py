"""What is wrong with a box, for whoever keeps it: each thing in plain words, with the line that mends it."""

import os
import sqlite3
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import erasure_journal, printers
from db.store import Store, open_store
from lobbydesk import box_look, box_running, box_settings, history_check
from lobbydesk.box_check_words import (
    BACKUP,
    BOX,
    CONDITIONS,
    LOOK_AT_IT,
    PRINTER,
    RELEASE,
    SERVICES,
    SETTINGS,
    STAFF,
    STORE,
    TROUBLES,
    UNSERVED,
)
from lobbydesk.home import store_path, unready
from reception import box_care, box_state, first_login
from reception.rules.box_troubles import Trouble
from reception.site import site
from reception.wording import Words

OPT = Path("/opt/lobbydesk")


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


# A store is put back, or brought up to date, while nobody has it open.
FROM_THE_START = "sudo systemctl stop lobbydesk.target 'lobbydesk-*'; sudo systemctl start lobbydesk.target"


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
            f"{FROM_THE_START}; journalctl -u lobbydesk-migrate -n 20",
        )
        return
    store = open_store(store_path(box.home))
    try:
        whole = yield from _store(box, store)
        # Of one that is damaged nothing else can be asked.
        for look in (_history, _printers, _administrator, _erasures, _care) if whole else ():
            yield from look(box, store)
    finally:
        store.close()


def _release(box: Box) -> Iterator[Finding]:
    current = box.opt / "current"
    if not (current / "venv" / "bin" / "python").exists():
        yield Finding(
            RELEASE, Words("程序不完整", "the program is not whole"), "run install again from the bundle: it repairs"
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
    down = box_running.stopped()
    for name in down or ():
        yield Finding(
            SERVICES,
            Words(f"没有运行：{name}", f"does not run: {name}"),
            f"sudo systemctl start {name}; journalctl -u {name} -n 20",
        )
    desktop = box_running.desktop()
    if desktop:
        yield Finding(
            SERVICES,
            Words("本机的桌面占着自助机的屏幕", "a desktop holds the screen of the kiosk"),
            "sudo systemctl set-default multi-user.target; then start the machine again",
        )
    if down == [] and not desktop:
        yield Finding(SERVICES)


def _store(box: Box, store: Store) -> Generator[Finding, None, bool]:
    """Say whether the store is whole, too."""
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
            f"{FROM_THE_START} (that puts the newest backup back)",
        )
        return False
    yield Finding(STORE)
    return True


def _history(_: Box, store: Store) -> Iterator[Finding]:
    yield Finding(history_check.NAME, *history_check.wrong(store))


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
            said = CONDITIONS[printer.condition]
            # A printer that nobody serves is not to blame.
            mend = UNSERVED if printer.condition == "unserved" else LOOK_AT_IT
            yield Finding(name, Words(said.zh, f"{said.en} ({printer.address})"), mend.format(printer.name))
        else:
            yield Finding(name)


def _administrator(_: Box, store: Store) -> Iterator[Finding]:
    if first_login.awaited(store):
        yield Finding(
            STAFF,
            Words("一次性密码还没有用过", "the one-time code was never used"),
            "log in at the desk with the set-up slip; lost: sudo lobbydesk set-up prints a new one",
        )


def _erasures(box: Box, _: Store) -> Iterator[Finding]:
    if erasure_journal.damaged(box.home):
        yield Finding(
            BACKUP,
            Words("删除记录有读不出的", "part of the journal of erasures cannot be read"),
            "sudo lobbydesk backup",
        )


def _care(box: Box, store: Store) -> Iterator[Finding]:
    if box.key_missing:
        yield Finding(
            BACKUP,
            Words("没有备份密钥", "the key of the backups is not there"),
            "type it from the sealed slip into /etc/lobbydesk/credentials/backup-identity; lost: install makes another",
        )
    state = box_state.read(store_path(box.home))
    troubles = box_care.troubles_of(store, state, box.now)
    if box.system and state is not None:
        # What it wrote down may be old, and on a full disk it writes nothing: look again, and keep that it was silent.
        troubles = [one for one in troubles if one.code == "box_silent"]
        troubles += box_care.troubles_of(store, _seen_now(box), box.now)
    # Each printer was told of above, with its address.
    found = [_of_trouble(one) for one in troubles if one.code != "printer_down"]
    yield from found
    if any(one.code in {"box_unseen", "box_silent"} for one in troubles):
        # Nobody looked: nothing is known to be well.
        return
    for what in (BACKUP, BOX):
        if not any(one.what == what for one in found) and not (what == BACKUP and box.key_missing):
            yield Finding(what)


def _seen_now(box: Box) -> box_state.BoxState:
    try:
        settings = box_settings.read().backup
    except box_settings.BadSettings:
        settings = box_settings.Backup()
    second = Path(settings.second) if settings.second else None
    last, up = box_look.before(box.home), box_look.boottime()
    return box_look.look(box.home, Path(settings.folder), second, last=last, now=box.now, boottime=up)[0]


def _of_trouble(trouble: Trouble) -> Finding:
    what, wrong, mend = TROUBLES[trouble.code]

    def named(text: str) -> str:
        return text.replace("%(what)s", trouble.what)

    return Finding(what, Words(named(wrong.zh), named(wrong.en)), named(mend))
