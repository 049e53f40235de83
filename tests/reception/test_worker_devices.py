"""A worker's own phone: name and password once, then a PIN, five wrong tries, thirty days; gone when he is."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from db.store import Store, open_store
from lobbydesk.home import store_path
from reception import one_time_codes, tables, worker_devices
from reception.permissions import Role
from reception.refusal import Refused
from reception.rules import pins
from reception.table_columns import TABLES
from tests.conftest import Clock, actor

PIN = "2580"
SignIn = Callable[..., tuple[str, str]]


@pytest.fixture
def password(home: Path) -> str:
    """The password of everybody in the demo."""
    return str(json.loads((home / "login.json").read_text())["password"])


@pytest.fixture
def sign_in(store: Store, clock: Clock, password: str) -> SignIn:
    """Sign a phone in; return its two keys."""

    def sign(name: str = "zhaogang", **other: str) -> tuple[str, str]:
        form = {"name": name, "password": password, "pin": PIN, "again": PIN} | other
        return worker_devices.sign_in(store, **form, now=clock())[:2]

    return sign


def unlocked(store: Store, clock: Clock, key: str, opening: str, **other: bool) -> bool | None:
    found = worker_devices.device(store, key, opening, now=clock(), **other)
    return None if found is None else found.unlocked


def events_of(store: Store) -> list[str]:
    return [row[0] for row in store.rows("SELECT what FROM events WHERE what LIKE 'phone%' ORDER BY id")]


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("", "pin_invalid"),
        ("123", "pin_invalid"),
        ("1234567", "pin_invalid"),
        ("12a4", "pin_invalid"),
        ("١٢٣٤", "pin_invalid"),
        ("1111", "pin_simple"),
        ("1234", "pin_simple"),
        ("98765", "pin_simple"),
        ("7890", "pin_simple"),
    ],
)
def test_what_is_no_pin(pin: str, code: str) -> None:
    with pytest.raises(ValueError, match=code):
        pins.chosen(pin)


@pytest.mark.parametrize("pin", ["2580", "1357", "112233", " 2580 ", "２５８０"])
def test_what_is_one(pin: str) -> None:
    assert pins.chosen(pin).isascii()


def test_a_phone_is_signed_in_and_the_store_keeps_only_hashes(store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, opening = sign_in(kind="android")
    found = worker_devices.device(store, key, opening, now=clock())
    assert found is not None and found.unlocked and found.actor.name == "赵刚" and found.kind == "android"
    row = store.row("SELECT * FROM worker_devices")
    assert row is not None and key not in str(tuple(row)) and opening not in str(tuple(row))
    assert row["pin_hash"].startswith("$argon2id$")
    assert events_of(store) == ["phone_signed_in"]
    assert worker_devices.device(store, "x", opening, now=clock()) is None
    assert unlocked(store, clock, key, "x") is False


def test_only_who_goes_out_on_orders_signs_a_phone_in(store: Store, sign_in: SignIn) -> None:
    assert sign_in("sunlei")
    for name in ("wanglin", "zhaoqiang", "admin", "zhouming"):
        with pytest.raises(Refused, match="not_permitted"):
            sign_in(name)
    with pytest.raises(Refused, match="pin_differs"):
        sign_in(again="2581")
    assert store.value("SELECT count(*) FROM worker_devices") == 1


def test_the_password_is_throttled_as_at_the_desk(store: Store, clock: Clock, sign_in: SignIn) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match="login_failed"):
            sign_in(password="wrong-wrong")
    with pytest.raises(Refused, match="login_throttled"):
        sign_in()
    clock.forward(minutes=2)
    assert sign_in()
    assert store.value("SELECT count(*) FROM login_failures") == 0


def test_a_stranger_does_not_keep_a_worker_from_signing_his_phone_in_again(
    store: Store, clock: Clock, password: str
) -> None:
    form = {"name": "zhaogang", "password": password, "pin": PIN, "again": PIN}
    known = worker_devices.sign_in(store, **form, now=clock())[2]
    for _ in range(5):
        with pytest.raises(Refused, match="login_failed"):
            worker_devices.sign_in(store, **form | {"password": "wrong-wrong"}, now=clock())
    with pytest.raises(Refused, match="login_throttled"):
        worker_devices.sign_in(store, **form, now=clock())
    assert worker_devices.sign_in(store, **form, browser=known, now=clock())[2] == known
    # Known as his alone, and as long as he has the password that he had then.
    with pytest.raises(Refused, match="login_throttled"):
        worker_devices.sign_in(store, **form, browser=known + "x", now=clock())
    one_time_codes.give(store, login="zhaogang", by=actor(store, Role.MANAGER), now=clock())
    assert store.value("SELECT count(*) FROM known_browsers") == 0


def test_the_pin_is_asked_again_after_idle_and_by_a_new_opening(store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, opening = sign_in()
    for _ in range(3):
        clock.forward(minutes=14)
        assert unlocked(store, clock, key, opening)
    # The page that looks by itself keeps nothing open.
    clock.forward(minutes=10)
    assert unlocked(store, clock, key, opening, look=True)
    clock.forward(minutes=10)
    assert unlocked(store, clock, key, opening) is False
    assert unlocked(store, clock, key, "") is False
    renewed = worker_devices.unlock(store, key=key, pin=PIN, now=clock())
    assert unlocked(store, clock, key, renewed) and unlocked(store, clock, key, opening) is False
    device = worker_devices.device(store, key, renewed, now=clock())
    assert device is not None
    worker_devices.lock(store, device)
    assert unlocked(store, clock, key, renewed) is False


def test_thirty_days_are_counted_by_effective_time(store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, _ = sign_in()
    clock.forward(days=29, hours=23)
    assert worker_devices.unlock(store, key=key, pin=PIN, now=clock())
    clock.forward(hours=2)
    assert unlocked(store, clock, key, "") is None
    with pytest.raises(Refused, match="device_unknown"):
        worker_devices.unlock(store, key=key, pin=PIN, now=clock())
    other, opening = sign_in("sunlei")
    assert store.value("SELECT count(*) FROM worker_devices") == 1
    # A clock that was set back opens nothing again.
    clock.forward(days=-20)
    assert unlocked(store, clock, key, "") is None
    assert unlocked(store, clock, other, opening)


def test_five_wrong_pins_end_the_phone(store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, opening = sign_in()
    for _ in range(4):
        clock.forward(days=1)
        with pytest.raises(Refused, match="pin_wrong"):
            worker_devices.unlock(store, key=key, pin="9999", now=clock())
    with pytest.raises(Refused, match="pin_ended"):
        worker_devices.unlock(store, key=key, pin="9999", now=clock())
    assert unlocked(store, clock, key, opening) is None
    with pytest.raises(Refused, match="device_unknown"):
        worker_devices.unlock(store, key=key, pin=PIN, now=clock())
    assert events_of(store)[-2:] == ["phone_pin_wrong", "phone_ended"]


def test_the_right_pin_clears_the_wrong_ones(store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, _ = sign_in()
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(Refused, match="pin_wrong"):
                worker_devices.unlock(store, key=key, pin="9999", now=clock())
        assert worker_devices.unlock(store, key=key, pin=PIN, now=clock())


def test_pins_tried_at_once_are_not_more_tries(home: Path, store: Store, clock: Clock, sign_in: SignIn) -> None:
    key, _ = sign_in()
    told: list[str] = []

    def guess(pin: str) -> None:
        mine = open_store(store_path(home))
        try:
            worker_devices.unlock(mine, key=key, pin=pin, now=clock())
        except Refused as refused:
            told.append(refused.code)
        finally:
            mine.close()

    threads = [threading.Thread(target=guess, args=[f"98{number:02d}"]) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(told) == 12
    assert told.count("pin_wrong") <= 4, told
    assert store.value("SELECT count(*) FROM worker_devices") == 0


@pytest.mark.parametrize(
    "change",
    [{"active": "0"}, {}, {"role": "receptionist"}],
    ids=["left", "code", "role"],
)
def test_who_leaves_loses_his_phones_at_once(
    store: Store, clock: Clock, sign_in: SignIn, change: dict[str, str]
) -> None:
    key, opening = sign_in()
    theirs, other = sign_in("sunlei")
    by = actor(store, Role.ADMINISTRATOR)
    if change:
        tables.save(store, table=TABLES["staff"], key="zhaogang", values=change, by=by, now=clock())
    else:
        one_time_codes.give(store, login="zhaogang", by=by, now=clock())
    assert unlocked(store, clock, key, opening) is None
    assert unlocked(store, clock, theirs, other)
    tables.save(store, table=TABLES["staff"], key="sunlei", values={"name": "孙雷"}, by=by, now=clock())
    assert unlocked(store, clock, theirs, other), "a new name ends nothing"


def test_phones_are_listed_and_revoked_by_their_owner_and_by_who_manages_staff(
    store: Store, clock: Clock, sign_in: SignIn
) -> None:
    key, opening = sign_in()
    second, _ = sign_in()
    theirs, their_opening = sign_in("sunlei")
    worker, leader = actor(store, Role.WORKER), actor(store, Role.TEAM_LEADER)
    listed = worker_devices.own(store, by=worker, now=clock())
    assert len(listed) == 2
    with pytest.raises(Refused, match="device_unknown"):
        worker_devices.revoke(store, device_id=listed[0].id, by=leader, now=clock())
    worker_devices.revoke(store, device_id=listed[0].id, by=worker, now=clock())
    assert unlocked(store, clock, second, "") is None and unlocked(store, clock, key, opening)
    with pytest.raises(Refused, match="not_permitted"):
        worker_devices.revoke_all(store, login="zhaogang", by=leader, now=clock())
    with pytest.raises(Refused, match="staff_unknown"):
        worker_devices.revoke_all(store, login="nobody", by=actor(store, Role.MANAGER), now=clock())
    assert len(worker_devices.of_login(store, "zhaogang", by=actor(store, Role.MANAGER), now=clock())) == 1
    assert worker_devices.revoke_all(store, login="zhaogang", by=actor(store, Role.MANAGER), now=clock()) == 1
    assert unlocked(store, clock, key, opening) is None
    assert unlocked(store, clock, theirs, their_opening)
