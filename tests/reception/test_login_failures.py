"""Wrong passwords: a growing lock that tells nobody who works here, and locks nobody out of his own place."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import _password_hasher, low_level

from db.migrations import migrate
from db.store import Store, open_store, writing
from reception import SCHEMA, login_failures, sessions, staff
from reception.refusal import Refused
from reception.rules import clock as times
from reception.rules import passwords
from tests.conftest import REAL_HASHER, Clock, give_password

RIGHT = "korrekte Pferde"


def tries(store: Store, clock: Clock, name: str = "wanglin", *, password: str = "wrong-wrong", **other: str) -> str:
    """Log in; return what it was refused with, '' where it was not."""
    try:
        staff.log_in(store, name=name, password=password, now=clock(), **other)
    except Refused as refused:
        return refused.code
    return ""


def test_the_lock_grows_across_restarts_alike_for_whoever_exists_and_whoever_does_not(
    store: Store, clock: Clock
) -> None:
    give_password(store, "wanglin", RIGHT)
    for minutes in (1, 2, 4, 8, 15, 15):
        for name in ("wanglin", "nobody-here"):
            last = "throttled"
            for _ in range(login_failures.FREE):
                last = tries(store, clock, name)
            assert last == ("login_failed" if minutes == 1 else "login_throttled"), (name, minutes)
        clock.forward(minutes=minutes, seconds=-1)
        again = open_store(store.path)
        assert tries(again, clock, "wanglin", password=RIGHT) == "login_throttled", minutes
        assert tries(again, clock, "nobody-here") == "login_throttled", minutes
        again.close()
        clock.forward(seconds=1)
    assert tries(store, clock, "wanglin", password=RIGHT) == ""
    assert store.value("SELECT count(*) FROM login_failures") == 1, "nobody's count stays, hers is forgiven"


def test_a_day_without_a_wrong_one_forgets_them(store: Store, clock: Clock) -> None:
    for _ in range(login_failures.FREE):
        tries(store, clock)
    clock.forward(hours=24)
    assert [tries(store, clock) for _ in range(5)] == ["login_failed"] * 5


def test_a_stranger_does_not_lock_the_staff_out_of_their_own_browser(store: Store, clock: Clock) -> None:
    give_password(store, "wanglin", RIGHT)
    _, browser = staff.log_in(store, name="wanglin", password=RIGHT, now=clock())
    for _ in range(9):
        tries(store, clock)
    assert tries(store, clock, password=RIGHT) == "login_throttled"
    assert tries(store, clock, password=RIGHT, browser=browser) == ""
    # Another's browser is none of hers, and a made-up key is taken from nobody.
    assert tries(store, clock, password=RIGHT, browser="made-up") == "login_throttled"
    give_password(store, "liuyang", RIGHT)
    _, theirs = staff.log_in(store, name="liuyang", password=RIGHT, browser="made-up", now=clock())
    assert theirs != "made-up"
    assert tries(store, clock, password=RIGHT, browser=theirs) == "login_throttled"
    # Her own browser has its own count, which locks, too.
    assert [tries(store, clock, browser=browser) for _ in range(6)][-1] == "login_throttled"
    # And where she sits, she changes her password all the same.
    key = staff.open_session(store, staff.prove(store, name="liuyang", password=RIGHT, now=clock()), clock())
    sitting = staff.session(store, key, now=clock())
    assert sitting is not None
    for _ in range(9):
        tries(store, clock, "liuyang")
    staff.change_password(store, sitting, old=RIGHT, new="another good one", now=clock())


def test_made_up_names_fill_nothing_and_free_nobody(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_failures, "MOST", 20)
    for _ in range(login_failures.FREE):
        tries(store, clock)
    for number in range(60):
        try:
            login_failures.count(store, login_failures.key_of(f"made-up-{number}"), now=clock.forward(milliseconds=10))
        except Refused:
            pytest.fail("a new name is not locked")
    assert store.value("SELECT count(*) FROM login_failures") <= 20
    assert tries(store, clock) == "login_throttled"
    before = store.value("SELECT count(*) FROM events")
    tries(store, clock, "one-more")
    assert store.value("SELECT count(*) FROM events") == before, "a flood does not fill the history"


def test_a_try_that_is_locked_is_not_even_checked(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(login_failures.FREE):
        tries(store, clock)
    monkeypatch.setattr(staff, "verify", lambda *_: pytest.fail("checked"))
    assert tries(store, clock) == "login_throttled"


def test_known_and_unknown_names_cost_one_hash_each(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Argon2 itself is counted, from the first try after a start on: as often for either, with the same parameters."""
    monkeypatch.setattr(staff, "_hasher", REAL_HASHER)
    with writing(store):
        store.execute("UPDATE staff SET password_hash = ?", [staff.hash_password(RIGHT)])
    computed: list[str] = []
    hashing, checking = low_level.hash_secret, low_level.verify_secret

    def make(*given: Any, **named: Any) -> bytes:
        computed.append("made")
        return hashing(*given, **named)

    def check(hashed: bytes, *given: Any) -> bool:
        computed.append(hashed.decode().rpartition("p=")[0])
        return checking(hashed, *given)

    monkeypatch.setattr(_password_hasher, "hash_secret", make)
    monkeypatch.setattr(_password_hasher, "verify_secret", check)
    before = store.value("SELECT count(*) FROM events")
    for name in ("wanglin", "nobody-here"):
        for first in (True, False):
            if first:
                staff._hash_of_nobody.cache_clear()
            assert tries(store, clock, name) == "login_failed"
    assert computed[0] == "made" and "m=19456,t=2" in computed[1]
    assert computed == [*computed[:2], computed[1]] * 2
    assert store.value("SELECT count(*) FROM events") == before + 4
    assert "nobody-here" not in str([tuple(row) for row in store.rows("SELECT * FROM login_failures")])


@pytest.mark.parametrize(
    ("password", "refused"),
    [
        ("short", "password_too_short"),
        ("x" * 257, "password_too_long"),
        ("password123", "password_common"),
        ("Woaini1314520", "password_common"),
        ("1234567890", "password_common"),
        ("aaaaaaaaaaaa", "password_common"),
        ("20261128!!", "password_common"),
        ("wanglin2026", "password_named"),
        ("锦绣花园物业服务中心1", "password_named"),
    ],
)
def test_what_everybody_tries_first_is_no_password(password: str, refused: str) -> None:
    with pytest.raises(ValueError, match=refused):
        passwords.chosen(password, names=("wanglin", "王琳", "锦绣花园物业服务中心", ""))


@pytest.mark.parametrize(
    "password", ["correct horse", "春眠不觉晓处处闻啼鸟", "wanglin likes jasmine tea", "x8#kQ2!vLp0z"]
)
def test_long_words_of_any_kind_are_one(password: str) -> None:
    assert passwords.chosen(password, names=("wanglin", "王琳", "Centre")) == password


def test_an_old_code_opens_nothing_and_says_no_more_than_a_wrong_one(store: Store, clock: Clock) -> None:
    from reception import one_time_codes
    from reception.permissions import Role
    from tests.conftest import actor

    code = one_time_codes.give(store, login="wanglin", by=actor(store, Role.MANAGER), now=clock())
    assert len(code) == 14 and code not in str([tuple(row) for row in store.rows("SELECT * FROM staff")])
    assert tries(store, clock, password=code) == ""
    clock.at += timedelta(hours=24)
    assert tries(store, clock, password=code) == "login_failed"


def test_an_upgrade_in_the_middle_of_a_day_loses_nobody_his_place(tmp_path: Path, clock: Clock) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.stem < "0049":
            shutil.copy(file, before)
    path, at = tmp_path / "lobbydesk.db", times.to_text(clock() - timedelta(minutes=3))
    migrate(path, [before])
    store = open_store(path)
    with writing(store):
        store.execute("INSERT INTO departments (code, name, name_en) VALUES ('service', '客户服务部', 'Service')")
        who = store.insert(
            "INSERT INTO staff (login, name, role, department, password_hash, failures, failed_at)"
            " VALUES ('wanglin', '王琳', 'receptionist', 'service', ?, 7, ?)",
            [staff.hash_password(RIGHT), at],
        )
        store.execute(
            "INSERT INTO sessions (key_hash, staff_id, created_at, seen_at) VALUES (?, ?, ?, ?)",
            [sessions.hash_of("key"), who, at, at],
        )
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    sitting = staff.session(store, "key", now=clock())
    assert sitting is not None and not sitting.locked and sitting.login == "wanglin"
    assert [one.device for one in sessions.own(store, sitting, now=clock())] == [""]
    assert tries(store, clock, password=RIGHT) == "", "what was counted before does not lock her out"
    clock.forward(minutes=16)
    idle = staff.session(store, "key", now=clock())
    assert idle is not None and idle.locked
    assert staff.unlock(store, "key", login="wanglin", password=RIGHT, now=clock())
    assert store.rows("PRAGMA foreign_key_check") == [] and store.value("PRAGMA integrity_check") == "ok"
    store.close()
