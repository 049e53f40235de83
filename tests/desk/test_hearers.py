"""Nobody reads of himself by making himself a head; and whoever is left may still hear it."""

from datetime import timedelta

import pytest
from flask import Flask

from db.store import Store
from lobbydesk.cli import main
from reception import about_staff, cases, clock_care, hearers, new_heads, one_time_codes, staff, tables
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of, give_password
from tests.desk.test_sealed_accused import sealed

NEW = {"name": "新人", "role": "service_head", "department": "service", "active": "1"}


def save(store: Store, clock: Clock, login: str, by: Actor, *, key: str = "", **values: str) -> None:
    """Change a row of the staff as the settings page does."""
    form = ({} if key else {"login": login}) | values
    tables.save(store, table=TABLES["staff"], key=key, values=form, by=by, now=clock.forward(minutes=1))


def confirmed(store: Store, clock: Clock, login: str, by: Actor) -> None:
    """Let a new head come in with a password of his own, and another head confirm him."""
    give_password(store, login, "one of my own")
    new_heads.confirm(store, login=login, by=by, now=clock())


def of(store: Store, login: str) -> Actor:
    row = store.row("SELECT * FROM staff WHERE login = ?", [login])
    assert row is not None
    return staff.actor_of(row)


def reads(store: Store, no: str, login: str) -> bool:
    try:
        cases.find(store, no, by=of(store, login))
    except Refused:
        return False
    return True


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ADMINISTRATOR])
def test_nobody_sets_the_password_of_a_head(store: Store, clock: Clock, role: Role) -> None:
    for login in ("chenjing", "zhouming"):
        with pytest.raises(Refused, match=r"password_of_a_head|code_for_oneself"):
            one_time_codes.give(store, login=login, by=actor(store, role), now=clock())
    assert one_time_codes.give(store, login="wanglin", by=actor(store, role), now=clock())
    # Somebody new, who heard nothing yet, comes in with a code all the same; once he chose a password, no more.
    save(store, clock, "second", actor(store, role), **NEW)
    code = one_time_codes.give(store, login="second", by=actor(store, role), now=clock())
    key, _ = staff.log_in(store, name="second", password=code, now=clock())
    sitting = staff.session(store, key, now=clock())
    assert sitting is not None
    staff.change_password(store, sitting, old=code, new="one of my own", now=clock())
    with pytest.raises(Refused, match="password_of_a_head"):
        one_time_codes.give(store, login="second", by=actor(store, role), now=clock())


@pytest.mark.parametrize("accused", ["zhouming", "admin"])
def test_a_second_head_made_by_the_accused_reads_nothing_of_before(store: Store, clock: Clock, accused: str) -> None:
    case = sealed(store, clock, accused=[accused])
    me = of(store, accused)
    save(store, clock, "puppet", me, **NEW)
    assert not reads(store, case.no, "puppet")
    # Nor a colleague made a head, nor one who was away and comes back with a password of mine.
    save(store, clock, "liuyang", me, key="liuyang", role="service_head")
    save(store, clock, "liuyang", me, key="liuyang", active="0")
    save(store, clock, "liuyang", me, key="liuyang", active="1")
    assert not reads(store, case.no, "liuyang")
    # Nor what comes: nobody has confirmed them. So the head who hears it stays.
    later = sealed(store, clock, n="later", accused=[accused])
    assert not reads(store, later.no, "puppet") and not reads(store, later.no, "liuyang")
    with pytest.raises(Refused, match="last_hearer"):
        save(store, clock, "chenjing", me, key="chenjing", active="0")


def test_a_head_made_by_a_clock_that_ran_ahead_hears_what_comes_and_nothing_of_before(
    store: Store, clock: Clock
) -> None:
    right, me = clock(), of(store, "zhouming")
    clock.at = right + timedelta(days=400)
    before = sealed(store, clock, accused=["zhouming"])
    save(store, clock, "puppet", me, **NEW)
    clock.at = right + timedelta(minutes=5)
    clock_care.correct(store, by=me, now=clock())
    confirmed(store, clock, "puppet", of(store, "chenjing"))
    assert not reads(store, before.no, "puppet")
    later = sealed(store, clock, role=Role.MANAGER, n="later", hears="service_head", accused=["wanglin"])
    assert reads(store, later.no, "puppet")


def test_a_new_head_is_let_in_by_one_who_hears_it(desk_app: Flask, store: Store, clock: Clock) -> None:
    case = sealed(store, clock, accused=["wanglin"])
    save(store, clock, "second", BOX, **NEW)
    head = client_of(desk_app, store, of(store, "chenjing"), clock())
    assert "允许另一位负责人查看" in head.get(f"/cases/{case.no}").get_data(as_text=True)
    for login, status in (("wanglin", 422), ("zhaoqiang", 422), ("nobody", 422), ("second", 303)):
        form = {"login": login}
        assert head.post(f"/complaints/{case.no}/let-in", data=form, headers=SAME_ORIGIN).status_code == status, login
    assert reads(store, case.no, "second")
    # Never whom it is about.
    about_staff.name(store, no=case.no, accused="second", by=of(store, "chenjing"), now=clock())
    with pytest.raises(Refused, match="staff_unknown"):
        hearers.let_in(store, no=case.no, login="second", by=of(store, "chenjing"), now=clock())
    assert not reads(store, case.no, "second")


def test_whoever_changes_from_head_to_manager_goes_on_with_what_he_heard(store: Store, clock: Clock) -> None:
    mine, about_me = sealed(store, clock, accused=["wanglin"]), sealed(store, clock, n="t", accused=["wanglin"])
    about_staff.name(store, no=about_me.no, accused="chenjing", by=of(store, "zhouming"), now=clock())
    save(store, clock, "second", BOX, **NEW)
    save(store, clock, "chenjing", BOX, key="chenjing", role="manager")
    assert reads(store, mine.no, "chenjing") and not reads(store, about_me.no, "chenjing")


def test_the_box_alone_gives_the_next_head_what_the_last_one_left(store: Store, clock: Clock) -> None:
    """One about the manager, and its only hearer goes; a change of the staff opens it to nobody."""
    case = sealed(store, clock, accused=["zhouming"])
    save(store, clock, "second", of(store, "admin"), **NEW)
    confirmed(store, clock, "second", of(store, "chenjing"))
    save(store, clock, "third", of(store, "admin"), **NEW)
    save(store, clock, "chenjing", of(store, "admin"), key="chenjing", active="0")
    assert not reads(store, case.no, "second")
    assert main(["staff", "hearers", "--home", str(store.path.parent)]) == 0
    assert [one for one in ("second", "third", "zhouming") if reads(store, case.no, one)] == ["second"]
    assert store.value("SELECT login FROM cases JOIN staff ON staff.id = owner_id WHERE sealed > 0") == "second"


def test_one_s_own_password(desk_app: Flask, store: Store, clock: Clock) -> None:
    me = of(store, "chenjing")
    here, there = client_of(desk_app, store, me, clock()), client_of(desk_app, store, me, clock())
    give_password(store, "wanglin", "old password")
    desk = client_of(desk_app, store, of(store, "wanglin"), clock())
    for form, status in (
        ({"old": "wrong one", "new": "a new password"}, 422),
        ({"old": "old password", "new": "short"}, 422),
        ({}, 422),
        ({"old": "old password", "new": "a new password"}, 303),
        ({"old": "old password", "new": "a new password"}, 422),
    ):
        assert desk.post("/password", data=form, headers=SAME_ORIGIN).status_code == status, form
    assert "密码已修改" in desk.get("/password?changed=1").get_data(as_text=True)
    assert staff.prove(store, name="wanglin", password="a new password", now=clock()).name == "王琳"
    # A head's, set at the box: both his screens are out.
    one_time_codes.give(store, login="chenjing", by=BOX, now=clock())
    assert here.get("/").status_code == 303 and there.get("/").status_code == 303


def test_a_forgotten_password_is_set_at_the_box(store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(store.path.parent)
    assert main(["staff", "password", "zhouming", "--home", home]) == 0
    new = capsys.readouterr().out.strip()
    assert staff.prove(store, name="zhouming", password=new, now=clock()).role == Role.MANAGER
    assert main(["staff", "password", "nobody", "--home", home]) == 1
    with pytest.raises(Refused, match="not_permitted"):
        one_time_codes.give(store, login="zhouming", by=of(store, "wanglin"), now=clock())
