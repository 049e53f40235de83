"""`lobbydesk health`, `set-time` and `clock-floor`, with a clock and a system that tests may turn."""

import json
import os
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from logging import ERROR, WARNING
from pathlib import Path

import pytest

from db.glimpse import glimpse
from db.store import Store, open_store, writing
from lobbydesk import box_look, cli
from lobbydesk.commands import clock_floor, health, set_time
from lobbydesk.home import store_path
from reception import box_clock, box_state, events, visits
from reception.permissions import BOX, KIOSK, Role
from reception.rules import clock as times
from tests.conftest import MORNING, Clock, actor

SHOWN = """Id=lobbydesk-desk.service
ActiveState=active
SubState=running
NRestarts=3

Id=lobbydesk-kiosk.service
ActiveState=activating
SubState=auto-restart
NRestarts=9

Id=lobbydesk-backup.service
ActiveState=failed
SubState=failed
NRestarts=0

Id=lobbydesk-kiosk.socket
ActiveState=active
SubState=running

Id=lobbydesk-print-usb@front.service
ActiveState=activating
SubState=start
NRestarts=6
"""


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the programs of the system answer; none is asked in earnest."""
    said = {"systemctl": SHOWN, "timedatectl": "no\n"}
    monkeypatch.setattr(box_look, "ask", lambda *words: said.get(words[0]))
    return said


def backup(folder: Path, at: datetime, *, verified: bool = True, whole: bool = True) -> None:
    folder.mkdir(exist_ok=True)
    name = f"lobbydesk-{len(list(folder.iterdir())):06}-{at:%Y%m%dT%H%M%S}Z"
    (folder / f"{name}.json").write_text(json.dumps({"at": times.to_text(at), "verified": verified}))
    if whole:
        (folder / f"{name}.tar.age").write_bytes(b"sealed")


def test_health_writes_how_the_box_is_and_says_only_what_is_news(
    store: Store, home: Path, clock: Clock, system: dict[str, str]
) -> None:
    backups, second = home / "backups", home / "stick"
    backup(backups, clock() - timedelta(minutes=30))
    backup(backups, clock() - timedelta(minutes=5), whole=False)
    second.mkdir()
    lines = health.look(store, home, [backups, second], now=clock())
    assert lines == [
        (ERROR, "a service does not run: lobbydesk-backup.service"),
        (ERROR, "a service does not run: lobbydesk-kiosk.service"),
        (WARNING, "the second folder has no backup of today"),
        (ERROR, "a printer is in trouble: front (unserved)"),
    ]
    found = json.loads((home / "run" / "box.json").read_text())
    assert found["failed_units"] == ["lobbydesk-backup.service", "lobbydesk-kiosk.service"]
    assert found["backup"] == {
        "newest_at": times.to_text(clock() - timedelta(minutes=30)),
        "verified": True,
        "where": str(backups),
        "second": {"newest_at": None, "verified": None},
    }
    assert found["disk"]["free"] > 0 and found["clock"]["synchronized"] is False and found["version"]
    # The desk's screens look again where there is news, and only there.
    moved = "SELECT revision FROM pulse WHERE topic = 'box'"
    revision = store.value(moved)
    assert revision and health.look(store, home, [backups, second], now=clock()) == []
    assert store.value(moved) == revision
    system["systemctl"] = SHOWN.split("\n\n")[0]
    assert health.look(store, home, [backups], now=clock()) == [
        (WARNING, "no longer so: a service does not run: lobbydesk-backup.service"),
        (WARNING, "no longer so: a service does not run: lobbydesk-kiosk.service"),
        (WARNING, "no longer so: the second folder has no backup of today"),
    ]
    assert not [path for path in (home / "run").iterdir() if path.name.endswith(".part")]


def test_a_service_that_starts_in_circles_is_not_well_although_it_never_failed() -> None:
    before = {"lobbydesk-print-usb@front.service": 3, "lobbydesk-desk.service": 2}
    units = box_look.units_of(SHOWN, before)
    assert units is not None and "lobbydesk-print-usb@front.service" in units.failed
    assert "lobbydesk-desk.service" not in units.failed
    assert units.restarts["lobbydesk-print-usb@front.service"] == 6


def test_what_is_not_known_is_not_invented(store: Store, home: Path, clock: Clock, system: dict[str, str]) -> None:
    system.clear()
    health.look(store, home, [home / "nowhere"], now=clock())
    state = box_state.read(store.path)
    assert state is not None
    assert (state.failed_units, state.backup, state.synchronized) == (None, None, None)
    system["systemctl"] = "\n"
    assert box_look.units_of("", {}) is None


def test_a_program_of_the_system_that_is_not_there_answers_nothing() -> None:
    assert box_look.ask("no-such-program") is None and box_look.ask("false") is None


def test_a_backup_of_a_time_to_come_hides_none_that_is_missing(tmp_path: Path) -> None:
    backup(tmp_path / "b", MORNING - timedelta(hours=5), verified=False)
    backup(tmp_path / "b", MORNING + timedelta(days=3000))
    assert box_look.newest(tmp_path / "b", MORNING) == box_state.Backup(
        times.to_text(MORNING - timedelta(hours=5)), False
    )


def test_a_clock_that_was_moved_shows_against_the_time_since_power_on() -> None:
    last = box_state.from_json({"at": times.to_text(MORNING), "boottime": 100.0})
    text = times.to_text(MORNING + timedelta(hours=2))
    assert box_look._jump(last, MORNING + timedelta(hours=2), 160.0) == (text, 7140)
    assert box_look._jump(last, MORNING + timedelta(seconds=61), 160.0) == (None, None)
    # Another start of the machine: how long it was off nobody knows.
    assert box_look._jump(last, MORNING + timedelta(hours=2), 20.0) == (None, None)


def test_health_as_it_is_called(home: Path, capsys: pytest.CaptureFixture[str], system: dict[str, str]) -> None:
    assert cli.main(["health", "--home", str(home), "--folder", str(home / "nowhere")]) == 0
    assert "the folder of the backups cannot be read" in capsys.readouterr().err
    assert (home / "run" / "box.json").exists()


def test_set_time_does_what_was_asked_and_takes_the_word_away(
    store: Store, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    put: list[datetime] = []

    def take(at: datetime) -> bool:
        put.append(at)
        return True

    monkeypatch.setattr(set_time, "put", take)
    word = home / "run" / "wishes" / "set_time"
    word.parent.mkdir(parents=True)
    word.touch()
    assert cli.main(["set-time", "--home", str(home)]) == 0 and not word.exists() and not put
    now = datetime.now(UTC)
    wanted = now.astimezone().date()
    box_clock.ask(store, day=str(wanted), at="12:00", sure="1", by=actor(store, Role.MANAGER), now=now)
    assert cli.main(["set-time", "--home", str(home)]) == 0
    assert len(put) == 1 and "the clock was set" in capsys.readouterr().err

    def refuse(at: datetime) -> bool:
        raise PermissionError

    monkeypatch.setattr(set_time, "put", refuse)
    box_clock.ask(store, day=str(wanted), at="12:00", sure="1", by=actor(store, Role.MANAGER), now=datetime.now(UTC))
    assert cli.main(["set-time", "--home", str(home)]) == 1 and "CAP_SYS_TIME" in capsys.readouterr().err


def test_the_system_s_clock_is_put_and_then_the_chip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put: list[float] = []
    monkeypatch.setattr(time, "clock_settime", lambda which, at: put.append(at))
    monkeypatch.setattr(set_time, "CHIPS", str(tmp_path / "rtc*"))
    assert set_time.put(MORNING) is False and put == [MORNING.timestamp()]
    (tmp_path / "rtc0").touch()
    (tmp_path / "hwclock").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\n')
    (tmp_path / "hwclock").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert set_time.put(MORNING) is True
    assert (tmp_path / "said").read_text().split() == ["--systohc", "--utc", "--noadjfile"]
    (tmp_path / "hwclock").write_text("#!/bin/sh\nexit 1\n")
    assert set_time.put(MORNING) is False


class Floor:
    def __init__(self, home: Path, now: datetime) -> None:
        self.put: list[datetime] = []
        self.noted: list[str] = []
        self.line = clock_floor.raise_clock(store_path(home), now=now, put=self.put.append, note=self.noted.append)


def test_at_start_the_clock_is_not_before_the_last_event(store: Store, home: Path, clock: Clock) -> None:
    visits.check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    floor = Floor(home, datetime(2023, 7, 1, tzinfo=UTC))
    assert floor.put == [MORNING] and floor.noted == [times.to_text(MORNING)]
    assert "2023-07-01" in floor.line
    assert not Floor(home, MORNING + timedelta(seconds=1)).put
    with writing(store):
        events.record(store, "x", "site", 0, by=BOX, at=datetime(2150, 1, 1, tzinfo=UTC))
    assert not Floor(home, MORNING).put


@pytest.mark.parametrize("what", ["missing", "garbage", "empty", "torn"])
def test_a_store_that_cannot_be_read_is_left_to_those_who_mend_it(home: Path, what: str) -> None:
    path = store_path(home)
    if what == "missing":
        path.unlink()
    else:
        path.write_bytes({"garbage": b"x" * 9000, "empty": b"", "torn": path.read_bytes()[:5000]}[what])
    assert Floor(home, datetime(2023, 7, 1, tzinfo=UTC)).line == ""


def test_a_glimpse_leaves_no_trace_and_sees_what_stands_in_the_log_alone(home: Path, tmp_path: Path) -> None:
    """After a power cut: the log holds the last acts, and the migration must still find it there."""
    store = open_store(store_path(home))
    visits.check_in(store, line="general", nonce="n", by=KIOSK, now=MORNING)
    cut = tmp_path / "cut"
    cut.mkdir()
    for file in store_path(home).parent.glob("lobbydesk.db*"):
        (cut / file.name).write_bytes(file.read_bytes())
    store.close()
    before = {file.name: file.read_bytes() for file in cut.iterdir() if not file.name.endswith("-shm")}
    assert len(before["lobbydesk.db-wal"]) > 0
    with glimpse(store_path(cut)) as seen:
        assert events.last_at(seen) == MORNING
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            seen.execute("DELETE FROM nonces")
    assert {file.name: file.read_bytes() for file in cut.iterdir() if not file.name.endswith("-shm")} == before
    # And after a clean stop, when there is no log, it makes none.
    clean = {file.name for file in home.iterdir() if file.name.startswith("lobbydesk.db")}
    with glimpse(store_path(home)) as seen:
        assert events.last_at(seen) == MORNING
    assert {file.name for file in home.iterdir() if file.name.startswith("lobbydesk.db")} == clean == {"lobbydesk.db"}


def test_the_note_of_a_raised_clock_reaches_the_state(
    store: Store, home: Path, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: dict[str, str]
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    clock_floor._note(times.to_text(MORNING))
    monkeypatch.setattr(box_look, "CLOCK_FLOOR", tmp_path / "raised")
    health.look(store, home, [home], now=clock())
    state = box_state.read(store.path)
    assert state is not None and state.raised_at == times.to_text(MORNING)
