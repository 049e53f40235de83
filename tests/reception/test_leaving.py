"""Somebody leaves: nothing stays with him, nothing of his lets him in, and his name stays in history."""

from datetime import timedelta

import pytest
from flask import Flask

from db.store import Store
from reception import (
    SCHEMA,
    acceptance,
    leaving,
    one_time_codes,
    sessions,
    sign_deputies,
    staff,
    tables,
    work_orders,
)
from reception.leaving_kinds import KINDS
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.site import site
from reception.table_columns import TABLES
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of, give_password
from tests.desk.test_sealed_accused import sealed
from tests.reception.life import Life

OLD_PASSWORD = "right horse battery"
UPGRADE = SCHEMA / "0059_left_behind.sql"


def of(store: Store, login: str) -> Actor:
    """Return a member of staff by his login."""
    row = store.row("SELECT * FROM staff WHERE login = ?", [login])
    assert row is not None
    return staff.actor_of(row)


def holds(store: Store, login: str, clock: Clock, by: Actor | None = None) -> dict[str, int]:
    """Return how many of each kind somebody holds."""
    found = leaving.held(store, login=login, by=by or of(store, "zhouming"), now=clock())
    return {held.kind.code: len(held.items) for held in found}


def test_the_receptionist_leaves_and_her_cases_go_to_another(desk_app: Flask, store: Store, clock: Clock) -> None:
    life, boss = Life(store, clock), of(store, "zhouming")
    case, other = life.register(), life.register()
    closed = life.register()
    ended = {"reason": "owner_wish", "channel": "phone", "text": "已告知"}
    acceptance.cancel(store, no=closed.no, **ended, by=life.desk, now=life.now)
    her = client_of(desk_app, store, of(store, "wanglin"), clock())
    assert holds(store, "wanglin", clock) == {"cases": 2}
    with pytest.raises(Refused, match="still_holds"):
        leaving.leave(store, login="wanglin", to={}, by=boss, now=life.now)
    for unfit in ("zhaogang", "admin", "wanglin", "nobody"):
        with pytest.raises(Refused, match="taker_unfit"):
            leaving.leave(store, login="wanglin", to={"cases": unfit}, by=boss, now=life.now)
    assert her.get("/").status_code == 200, "what was refused changed nothing"
    leaving.leave(store, login="wanglin", to={"cases": "liuyang"}, by=boss, now=life.now)
    for one in (case, other):
        assert store.value("SELECT owner_id FROM cases WHERE id = ?", [one.id]) == of(store, "liuyang").id
    assert store.value("SELECT owner_id FROM cases WHERE id = ?", [closed.id]) == life.desk.id, "history stays"
    assert her.get("/").status_code == 303
    assert store.value("SELECT name FROM staff WHERE login = 'wanglin' AND active = 0") == "王琳"
    page = client_of(desk_app, store, of(store, "chenjing"), clock()).get(f"/cases/{case.no}")
    assert "王琳" in page.get_data(as_text=True) and "刘洋" in page.get_data(as_text=True)


def test_a_worker_leaves_and_his_orders_phones_and_rules_go(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.dispatched()
    worker_devices_before = store.insert(
        "INSERT INTO worker_devices (staff_id, kind, key_hash, pin_hash, added_at, seen_at, expires_at)"
        " VALUES (?, 'other', 'k', 'p', ?, ?, ?)",
        [life.worker.id, *[times.to_text(clock())] * 2, times.to_text(clock() + timedelta(days=3))],
    )
    assert worker_devices_before and holds(store, "zhaogang", clock) == {"orders": 1}
    # Of another team nobody takes it.
    with pytest.raises(Refused, match="taker_unfit"):
        leaving.hand_on(store, login="zhaogang", to={"orders": "wuhao"}, by=of(store, "zhouming"), now=life.now)
    leaving.leave(store, login="zhaogang", to={"orders": "sunlei"}, by=of(store, "admin"), now=life.now)
    assert work_orders.find(store, order.no).worker_id == of(store, "sunlei").id
    assert store.value("SELECT count(*) FROM worker_devices") == 0
    assert store.value("SELECT count(*) FROM dispatch_rules WHERE worker = 'zhaogang'") == 0


def test_deputies_end_with_whoever_leaves(store: Store, clock: Clock) -> None:
    head = of(store, "zhaoqiang")
    today = times.local_day(clock(), site(store).zone)
    days = {"from_on": today.isoformat(), "until_on": (today + timedelta(days=9)).isoformat(), "reason": "休假"}
    sign_deputies.name(store, nonce="d", whose="", deputy="chenjing", **days, by=head, now=clock())
    leaving.leave(store, login="zhaoqiang", to={}, by=of(store, "zhouming"), now=clock.forward(seconds=1))
    assert sign_deputies.stands_for(store, of(store, "chenjing").id or 0, clock.forward(seconds=1)) == []


@pytest.mark.parametrize("how", ["not in use", "left", "before"])
def test_who_comes_back_needs_a_code_and_his_old_password_opens_nothing(store: Store, clock: Clock, how: str) -> None:
    boss, table = of(store, "zhouming"), TABLES["staff"]

    def set_active(value: str) -> None:
        values: dict[str, str | list[str]] = {"active": value}
        tables.save(store, table=table, key="wanglin", values=values, by=boss, now=clock.forward(seconds=1))

    give_password(store, "wanglin", OLD_PASSWORD)
    assert staff.prove(store, name="wanglin", password=OLD_PASSWORD, now=clock()).name == "王琳"
    if how == "left":
        leaving.leave(store, login="wanglin", to={}, by=boss, now=clock())
    elif how == "before":
        # As an older build left him, and the upgrade found him.
        store.execute("UPDATE staff SET active = 0 WHERE login = 'wanglin'")
        store.connection.executescript(UPGRADE.read_text(encoding="utf-8"))
    else:
        set_active("0")
    set_active("1")
    with pytest.raises(Refused, match="login_failed"):
        staff.prove(store, name="wanglin", password=OLD_PASSWORD, now=clock())
    code = one_time_codes.give(store, login="wanglin", by=boss, now=clock())
    assert staff.prove(store, name="wanglin", password=code, now=clock()).name == "王琳"
    assert store.value("SELECT must_change FROM staff WHERE login = 'wanglin'") == 1
    # Who is in use keeps his, whatever else of him is set.
    give_password(store, "wanglin", OLD_PASSWORD)
    set_active("1")
    assert staff.prove(store, name="wanglin", password=OLD_PASSWORD, now=clock()).name == "王琳"


@pytest.mark.parametrize("how", ["not in use", "left"])
def test_nobody_waits_for_the_hash_that_ends_a_password(
    store: Store, clock: Clock, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = []

    def hashed(_: str) -> str:
        locked.append(store.connection.in_transaction)
        return "-"

    monkeypatch.setattr(staff, "hash_password", hashed)
    boss = of(store, "zhouming")
    if how == "left":
        leaving.leave(store, login="wanglin", to={}, by=boss, now=clock())
    else:
        values: dict[str, str | list[str]] = {"active": "0"}
        tables.save(store, table=TABLES["staff"], key="wanglin", values=values, by=boss, now=clock())
    assert locked == [False]
    assert store.value("SELECT password_hash FROM staff WHERE login = 'wanglin'") == "-"


def test_the_last_ones_stay(store: Store, clock: Clock) -> None:
    for login, code in (("admin", "last_administrator"), ("zhouming", "last_hearer"), ("chenjing", "last_hearer")):
        with pytest.raises(Refused, match=code):
            leaving.leave(store, login=login, to={}, by=BOX, now=clock())
    with pytest.raises(Refused, match="not_permitted"):
        leaving.leave(store, login="wanglin", to={}, by=of(store, "chenjing"), now=clock())


def test_a_sealed_matter_is_neither_listed_nor_counted(store: Store, clock: Clock) -> None:
    case = sealed(store, clock, accused=["wanglin"])
    owner = store.value("SELECT login FROM cases JOIN staff ON staff.id = owner_id WHERE cases.id = ?", [case.id])
    for by in ("admin", "zhouming"):
        assert holds(store, owner, clock, of(store, by)) == {}


def test_an_appointment_is_changed_one_by_one(desk_app: Flask, store: Store, clock: Clock) -> None:
    """The visitor must be told: nobody hands an appointment on behind his back (RUL-19)."""
    assert {kind.code for kind in KINDS if not kind.give} == {"appointments", "visit-days"}


def test_the_page_hands_on_and_counts_alone_for_who_sees_no_cases(desk_app: Flask, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    case = life.register()
    admin = client_of(desk_app, store, of(store, "admin"), clock())
    boss = client_of(desk_app, store, of(store, "zhouming"), clock())
    seen = admin.get("/accounts/wanglin").get_data(as_text=True)
    assert 'data-held="cases"' in seen and case.no not in seen
    assert case.no in boss.get("/accounts/wanglin").get_data(as_text=True)
    answer = admin.post("/accounts/wanglin/leave", data={"to": "liuyang"}, headers=SAME_ORIGIN)
    assert answer.headers["Location"] == "/accounts"
    assert "已停用" in boss.get("/accounts").get_data(as_text=True)


def test_every_kind_of_thing_goes(store: Store, clock: Clock) -> None:
    """Each statement of the table runs, and takes what it gave from the first."""
    her, him = of(store, "wanglin"), of(store, "liuyang")
    for kind in KINDS:
        items = leaving._items(store, kind, her.id or 0, of(store, "zhouming"), clock())
        assert items == (), kind.code
        if kind.give:
            assert not store.changed(kind.give, {"id": 1, "who": her.id, "to": him.id}), kind.code


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_a_code_ends_what_the_password_opened(store: Store, clock: Clock, role: Role) -> None:
    her = of(store, "wanglin")
    key = staff.open_session(store, her, clock())
    one_time_codes.give(store, login="wanglin", by=actor(store, role), now=clock())
    assert sessions.session(store, key, now=clock()) is None
    with pytest.raises(Refused, match="code_for_oneself"):
        one_time_codes.give(store, login=store.value("SELECT login FROM staff WHERE role = ?", [role]),
                            by=actor(store, role), now=clock())  # fmt: skip


def test_the_history_says_as_what_somebody_was_here_and_is(desk_app: Flask, store: Store, clock: Clock) -> None:
    boss, table = of(store, "zhouming"), TABLES["staff"]
    for values in ({"name": "王琳琳"}, {"role": "manager"}, {"active": "0"}):
        tables.save(store, table=table, key="wanglin", values=values, by=boss, now=clock.forward(seconds=1))
    new = {"login": "newone", "name": "新人", "role": "worker", "department": "maintenance"}
    tables.save(store, table=table, key="", values=new, by=boss, now=clock.forward(seconds=1))
    rows = store.rows("SELECT from_state, to_state FROM events WHERE what = 'set_staff' ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (None, None),
        ("receptionist", "manager"),
        ("manager", "not_in_use"),
        (None, "worker"),
    ]
    page = client_of(desk_app, store, boss, clock()).get("/audit").get_data(as_text=True)
    assert "接待员 → 项目经理" in page and "项目经理 → 停用" in page
