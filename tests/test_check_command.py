"""`lobbydesk check`: each thing that is wrong is said in both languages, with the line that mends it."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import erasure_journal, printers
from db.store import Store, writing
from lobbydesk import box_check, box_check_words, box_look, box_running, box_settings
from lobbydesk.cli import COMMANDS, main
from lobbydesk.commands.health import WORDS
from lobbydesk.home import store_path

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of this box."""
    monkeypatch.setattr(box_settings.read, "__defaults__", (tmp_path / "box.toml",))
    return tmp_path / "box.toml"


def wrong(home: Path, *, key_missing: bool = False) -> dict[str, str]:
    """Return what is wrong, in English, with what mends it."""
    box = box_check.Box(home, datetime.now(UTC), system=False, key_missing=key_missing)
    return {found.wrong.en: found.mend for found in box_check.findings(box) if found.wrong is not None}


def test_a_box_that_lacks_much_says_so(home: Path, store: Store, settings: Path) -> None:
    settings.write_text("[lan]\nnmae = 'x'")
    with writing(store):
        store.execute("UPDATE staff SET must_change = 1 WHERE role = 'administrator'")
    home.chmod(0o755)
    found = wrong(home, key_missing=True)
    assert any("lan.nmae is not known" in one for one in found)
    assert found["other users can read the folder of the data"] == f"sudo chmod 700 {home}"
    assert "sealed slip" in found["the key of the backups is not there"]
    assert "set-up slip" in found["the one-time code was never used"]
    assert any("(tcp://" in one for one in found), "a printer that nobody serves"


def test_a_journal_of_erasures_that_cannot_be_read(home: Path, store: Store) -> None:
    erasure_journal.append(home, {"phone": "13912345678"}, "2026-11-23T04:00:00.000Z")
    assert "part of the journal of erasures cannot be read" not in wrong(home)
    next(erasure_journal.folder(home).glob("*.key")).unlink()
    assert wrong(home)["part of the journal of erasures cannot be read"] == "sudo lobbydesk backup"


def test_a_store_that_is_not_there_and_one_of_another_version(home: Path, store: Store, tmp_path: Path) -> None:
    assert any("no store" in one for one in wrong(tmp_path / "empty"))
    with writing(store):
        store.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0047%'")
    assert any("migrations pending" in one for one in wrong(home))


@pytest.mark.parametrize(("lost", "said"), [("sqlite_schema", "the store cannot be read"), ("events", "damaged")])
def test_a_damaged_store(home: Path, store: Store, lost: str, said: str) -> None:
    page = store.value("SELECT rootpage FROM sqlite_schema WHERE name = ?", [lost]) or 1
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    with store_path(home).open("r+b") as file:
        # Behind the hundred bytes by which a file is a store at all.
        file.seek(max(100, 4096 * (page - 1)))
        file.write(b"\xff" * 3996)
    # While the services have it open nothing is put back.
    assert [mend.startswith(box_check.FROM_THE_START) for one, mend in wrong(home).items() if said in one] == [True]


def test_the_command_prints_what_is_well_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.chmod(0o700)
    assert main(["check", "--home", str(home)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "✓ 数据 data" in lines and "✓ 设置 settings" in lines
    assert all(lines[at + 1].startswith("    → ") for at, line in enumerate(lines) if line.startswith("✗"))


def test_every_trouble_of_the_box_has_its_cure() -> None:
    assert box_check_words.TROUBLES.keys() == WORDS.keys()
    for _, said, mend in box_check_words.TROUBLES.values():
        assert said.zh and said.en and mend
        for command in re.findall(r"lobbydesk ([a-z-]+)", mend):
            assert command in COMMANDS or command.startswith("-")


def test_a_printer_in_trouble_is_told_in_words(home: Path, store: Store) -> None:
    # The states of the desk's own table.
    template = (ROOT / "desk" / "templates" / "_printer_words.html").read_text(encoding="utf-8")
    assert box_check_words.CONDITIONS.keys() == set(re.findall(r'"(\w+)": _', template)) - set(printers.WORKING)
    mend = next(mend for said, mend in wrong(home).items() if said.startswith("its print service does not run"))
    assert "lobbydesk-watch" in mend


SHOWN = """Id={target}
ActiveState={state}

Id=lobbydesk-proxy.service
Type=notify
ActiveState=inactive
ConditionResult=yes

Id=lobbydesk-kiosk-browser.service
Type=simple
ActiveState=inactive
ConditionResult=no

Id=lobbydesk-migrate.service
Type=oneshot
ActiveState=inactive

Id=lobbydesk-health.timer
ActiveState=inactive

Id=lobbydesk-desk.service
Type=notify
ActiveState=active
"""


def test_what_should_run_and_does_not() -> None:
    def stopped(state: str) -> list[str]:
        return box_running.of(box_look.units_said(SHOWN.format(target=box_running.TARGET, state=state)))

    assert stopped("active") == ["lobbydesk-proxy.service", "lobbydesk-health.timer"]
    # Where nothing was begun, one line mends all.
    assert stopped("inactive") == [box_running.TARGET]
