"""Whoever manages the staff reads nothing of himself through an account that he made, or that he gave a code for."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.migrations import migrate
from db.store import Store, open_store
from lobbydesk.cli import main
from reception import (
    SCHEMA,
    about_staff,
    accounts,
    audit,
    hearers,
    home_files,
    incident_facts,
    incidents,
    lines,
    new_heads,
    one_time_codes,
    person_reach,
    person_rows,
    queue,
    tickets,
    work_log,
)
from reception.complaints import register
from reception.permissions import BOX, Actor
from reception.refusal import Refused
from tests.conftest import SAME_ORIGIN, Clock, client_of, give_password
from tests.desk.test_hearers import NEW, confirmed, of, reads, save
from tests.desk.test_sealed import read, reader
from tests.desk.test_sealed_accused import FORM, in_private, sealed
from tests.reception.test_complaints import Complaints

CODE = re.compile(r"data-code>([^<]+)<")


def entry(client: FlaskClient, login: str, *, key: str = "", **values: str) -> int:
    """Change a row of the staff by its form; without a word of `active` it is not in use."""
    form = NEW | ({"key": key} if key else {"login": login}) | values
    return client.post("/settings/list/staff", data=form, headers=SAME_ORIGIN).status_code


def take_over(app: Flask, client: FlaskClient, login: str) -> FlaskClient:
    """Give an account a code and come in as it."""
    found = CODE.search(client.post(f"/accounts/{login}/code", headers=SAME_ORIGIN).get_data(as_text=True))
    assert found is not None
    there = app.test_client()
    there.post("/login", data={"name": login, "password": found[1]}, headers=SAME_ORIGIN)
    form = {"old": found[1], "new": f"quite a long one of {login[:1]}"}
    assert there.post("/password", data=form, headers=SAME_ORIGIN).status_code == 303
    return there


def test_the_accused_manager_reads_nothing_through_an_administrator_of_his(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    case = sealed(store, clock, accused=["zhouming"])
    manager = client_of(desk_app, store, of(store, "zhouming"), clock())
    assert entry(manager, "aide", role="administrator", department="management") == 303
    aide = take_over(desk_app, manager, "aide")
    assert entry(aide, "puppet") == 303
    puppet = take_over(desk_app, aide, "puppet")
    # The head who hears it stays, for nobody has confirmed another.
    assert entry(aide, "", key="chenjing", name="陈静", active="0") == 422
    # Nor does he confirm his own, by whatever hands it went.
    for one in (manager, aide, puppet):
        assert one.post("/new-heads/puppet", headers=SAME_ORIGIN).status_code == 403
    later = sealed(store, clock, n="later", accused=["zhouming"])
    for no in (case.no, later.no):
        assert puppet.get(f"/cases/{no}").status_code == 404
        assert reads(store, no, "chenjing")


def test_even_one_who_was_confirmed_reads_nothing_of_before(store: Store, clock: Clock) -> None:
    """The head who hears it was deceived into confirming, and is taken out of use; once back, she hears it again."""
    case = sealed(store, clock, accused=["zhouming"])
    save(store, clock, "puppet", of(store, "admin"), **NEW)
    confirmed(store, clock, "puppet", of(store, "chenjing"))
    save(store, clock, "chenjing", of(store, "zhouming"), key="chenjing", active="0")
    assert not reads(store, case.no, "puppet")
    save(store, clock, "chenjing", of(store, "zhouming"), key="chenjing", active="1")
    assert reads(store, case.no, "chenjing") and not reads(store, case.no, "puppet")


def test_a_head_who_is_one_no_more_leaves_what_he_was_let_in_on(desk_app: Flask, store: Store, clock: Clock) -> None:
    case = sealed(store, clock, accused=["admin"])
    save(store, clock, "second", BOX, **NEW)
    hearers.let_in(store, no=case.no, login="second", by=of(store, "chenjing"), now=clock())
    give_password(store, "second", "one of my own")
    assert reads(store, case.no, "second")
    admin = client_of(desk_app, store, of(store, "admin"), clock())
    assert admin.post("/accounts/second/code", headers=SAME_ORIGIN).status_code == 422
    assert entry(admin, "", key="second", role="receptionist") == 303
    assert not reads(store, case.no, "second")
    there = take_over(desk_app, admin, "second")
    assert there.get(f"/cases/{case.no}").status_code == 404
    # A head again, he waits: his password went through other hands.
    assert entry(admin, "", key="second") == 303
    assert not reads(store, case.no, "second")
    assert [one.hands for one in new_heads.waiting(store, by=of(store, "chenjing"))] == [(of(store, "admin").name,)]


def test_a_code_from_the_desk_opens_nothing_that_is_sealed(desk_app: Flask, store: Store, clock: Clock) -> None:
    """A head who was let in, and is the last who hears it, is made a receptionist: a code takes it from him."""
    case = sealed(store, clock, accused=["admin", "zhouming"])
    save(store, clock, "second", BOX, **NEW)
    hearers.let_in(store, no=case.no, login="second", by=of(store, "chenjing"), now=clock())
    about_staff.name(store, no=case.no, accused="chenjing", by=of(store, "second"), now=clock())
    admin = client_of(desk_app, store, of(store, "admin"), clock())
    assert entry(admin, "", key="second", role="receptionist") == 303
    assert reads(store, case.no, "second")
    assert take_over(desk_app, admin, "second").get(f"/cases/{case.no}").status_code == 404


def test_whoever_raised_a_special_reception_is_nobodys_eye(desk_app: Flask, store: Store, clock: Clock) -> None:
    """The answer to the code is the same whether there is one; the incident goes to the manager, who may know of it."""
    admin = client_of(desk_app, store, of(store, "admin"), clock())
    case = incidents.press(store, nonce="i", counter=None, by=of(store, "wanglin"), now=clock())
    assert admin.get(f"/special/{case.no}").status_code in {403, 404}
    there = take_over(desk_app, admin, "wanglin")
    assert there.get(f"/special/{case.no}").status_code == 404
    assert case.no not in there.get("/today").get_data(as_text=True)
    held = incident_facts.find(store, case.no, by=of(store, "zhouming"))
    assert held.owner_id == of(store, "zhouming").id
    # At the box it stays hers.
    other = incidents.press(store, nonce="j", counter=None, by=of(store, "liuyang"), now=clock())
    one_time_codes.give(store, login="liuyang", by=BOX, now=clock())
    assert incident_facts.find(store, other.no, by=of(store, "liuyang"))


def test_a_new_head_is_confirmed_by_another_and_hears_what_comes_then(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    admin = client_of(desk_app, store, of(store, "admin"), clock())
    head = client_of(desk_app, store, of(store, "chenjing"), clock())
    manager = client_of(desk_app, store, of(store, "zhouming"), clock())
    assert entry(admin, "second") == 303
    assert "待另一位负责人确认" in admin.get("/accounts").get_data(as_text=True)
    # Every head is told, with the names of those through whose hands the account went.
    for one in (head, manager):
        today = one.get("/today").get_data(as_text=True)
        assert 'data-group="new_heads"' in today and of(store, "admin").name in today
    assert head.post("/new-heads/second", headers=SAME_ORIGIN).status_code == 409
    second = take_over(desk_app, admin, "second")
    assert "尚待另一位负责人确认" in second.get("/today").get_data(as_text=True)
    before = sealed(store, clock, accused=["wanglin"])
    assert second.get(f"/cases/{before.no}").status_code == 404
    assert manager.post("/new-heads/nobody", headers=SAME_ORIGIN).status_code == 404
    assert 'action="/new-heads/second"' in head.get("/new-heads").get_data(as_text=True)
    assert head.post("/new-heads/second", headers=SAME_ORIGIN).status_code == 303
    later = sealed(store, clock, n="l", accused=["wanglin"])
    assert second.get(f"/cases/{before.no}").status_code == 404
    assert second.get(f"/cases/{later.no}").status_code == 200
    assert 'data-group="new_heads"' not in head.get("/today").get_data(as_text=True)
    assert "确认新负责人" in admin.get("/audit").get_data(as_text=True)
    assert 'data-act="confirm_head"' in admin.get("/audit?group=accounts").get_data(as_text=True)
    # From now on his code is given at the box; also that of one who was never in, but needs nobody to confirm him.
    save(store, clock, "third", BOX, **NEW)
    assert admin.post("/accounts/third/code", headers=SAME_ORIGIN).status_code == 422
    assert admin.post("/accounts/second/code", headers=SAME_ORIGIN).status_code == 422


def test_whoever_gave_a_code_or_a_role_confirms_nobody(store: Store, clock: Clock) -> None:
    """The administrator is the manager's, for he gave him his code; what he makes a head is the manager's, too."""
    one_time_codes.give(store, login="admin", by=of(store, "zhouming"), now=clock())
    save(store, clock, "liuyang", of(store, "admin"), key="liuyang", role="service_head")
    with pytest.raises(Refused, match="head_of_your_making"):
        new_heads.confirm(store, login="liuyang", by=of(store, "zhouming"), now=clock())
    # Nor does one who waits himself, nor he himself.
    save(store, clock, "second", of(store, "admin"), **NEW)
    for by in ("second", "liuyang", "admin", "wanglin"):
        with pytest.raises(Refused, match="not_permitted"):
            new_heads.confirm(store, login="liuyang", by=of(store, by), now=clock())
    new_heads.confirm(store, login="liuyang", by=of(store, "chenjing"), now=clock())


def test_a_head_who_waits_receives_nobody_in_private_and_decides_nothing_sealed(store: Store, clock: Clock) -> None:
    ordinary = Complaints(store, clock).receive()
    ticket = in_private(store, clock)
    save(store, clock, "second", of(store, "admin"), **NEW)
    waits = of(store, "second")
    with pytest.raises(Refused, match="line_unknown"):
        queue.call_next(store, line="heard-by-head", counter="3", by=waits, now=clock())
    assert not tickets.by_id(store, ticket.id).open_to(waits)
    with pytest.raises(Refused, match="not_permitted"):
        about_staff.seal(store, no=ordinary.no, by=waits, now=clock())
    told = {"hears": "service_head", "by": waits, "now": clock()} | FORM
    noted = register(store, nonce="noted", **told)  # type: ignore[arg-type]
    assert not reads(store, noted.no, "second")
    assert store.value("SELECT owner_id FROM cases WHERE id = ?", [noted.id]) == of(store, "chenjing").id
    with pytest.raises(Refused, match="not_permitted"):
        register(store, nonce="named", accused=["wanglin"], **told)  # type: ignore[arg-type]
    special = incidents.press(store, nonce="i", counter=None, by=of(store, "wanglin"), now=clock())
    with pytest.raises(Refused, match="case_unknown"):
        incident_facts.find(store, special.no, by=waits)
    # Nor does what comes go to one who waits, be he the first of the list.
    save(store, clock, "wanglin", of(store, "admin"), key="wanglin", role="service_head")
    assert of(store, "wanglin").id < of(store, "chenjing").id  # type: ignore[operator]
    other = register(store, nonce="other", **(told | {"by": of(store, "liuyang")}))  # type: ignore[arg-type]
    assert store.value("SELECT owner_id FROM cases WHERE id = ?", [other.id]) == of(store, "chenjing").id
    # No head lets him in, and the kiosk offers him to nobody.
    with pytest.raises(Refused, match="staff_unknown"):
        hearers.let_in(store, no=noted.no, login="second", by=of(store, "chenjing"), now=clock())
    assert hearers.shut_out(store, noted.id) == []
    store.execute("UPDATE staff SET active = 0 WHERE login = 'chenjing'")
    assert [one.code for one in lines.in_private(store)] == ["heard-by-manager"]


def test_a_manager_who_waits_erases_nothing_that_he_may_not_see(store: Store, clock: Clock) -> None:
    save(store, clock, "second", of(store, "admin"), **(NEW | {"role": "manager"}))
    reach = person_reach.Reach((), (), frozenset({1}), frozenset())
    with pytest.raises(Refused, match="person_for_manager"):
        person_reach.may_erase(store, reach, by=of(store, "second"))
    person_reach.may_erase(store, reach, by=of(store, "zhouming"))


def test_the_first_head_of_a_centre_needs_nobody(store: Store, clock: Clock) -> None:
    store.execute("UPDATE staff SET role = 'receptionist' WHERE role IN ('service_head', 'manager')")
    save(store, clock, "asleep", of(store, "admin"), **(NEW | {"active": "0"}))
    save(store, clock, "first", of(store, "admin"), **NEW)
    assert one_time_codes.give(store, login="first", by=of(store, "admin"), now=clock())
    give_password(store, "first", "one of my own")
    assert [one.login for one in accounts.all_accounts(store, by=BOX) if one.unconfirmed] == ["asleep"]
    save(store, clock, "asleep", of(store, "admin"), key="asleep", active="1")
    assert [one.login for one in new_heads.waiting(store, by=of(store, "first"))] == ["asleep"]
    # He has a password: nobody gives him another at the desk.
    with pytest.raises(Refused, match="password_of_a_head"):
        one_time_codes.give(store, login="first", by=of(store, "admin"), now=clock())


def test_the_box_confirms_where_no_other_head_may(
    store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    save(store, clock, "second", of(store, "admin"), **NEW)
    confirm = ["staff", "confirm", "second", "--home", str(store.path.parent)]
    assert main(confirm) == 1 and "head_not_in_yet" in capsys.readouterr().err
    give_password(store, "second", "one of my own")
    assert main(confirm) == 0 and not of(store, "second").unconfirmed
    assert main(confirm) == 1 and "head_unknown" in capsys.readouterr().err


def test_an_old_store_knows_its_heads_and_through_whose_hands_accounts_went(tmp_path: Path) -> None:
    before, path = tmp_path / "before", tmp_path / "old.db"
    shutil.copytree(SCHEMA, before, ignore=lambda _, names: [name for name in names if name > "0056"])
    migrate(path, [before])
    store = open_store(path)
    store.execute("INSERT INTO departments (code, name, name_en) VALUES ('service', '客户服务部', 'Service')")
    for login, role, waits in (("m", "manager", 0), ("h", "service_head", 1), ("a", "administrator", 0)):
        sql = (
            "INSERT INTO staff (login, name, role, department, password_hash, must_change) VALUES (?, ?, ?, ?, 'x', ?)"
        )
        store.execute(sql, [login, login, role, "service", waits])
    event = "INSERT INTO events (at, what, subject, subject_id, by_role, by_id, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"
    at = "2026-11-23T02:24:00.000Z"
    store.execute(event, [at, "give_code", "staff", 3, "manager", 1, None])
    store.execute(event, [at, "set_staff", "setting", 0, "administrator", 3, '{"key": "h"}'])
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    # Nobody ever was in the head's account: whoever gave its code could be the first.
    assert [tuple(row) for row in store.rows("SELECT login, unconfirmed FROM staff ORDER BY id")] == [
        ("m", 0),
        ("h", 1),
        ("a", 0),
    ]
    (waiting,) = new_heads.waiting(store, by=of(store, "m"))
    assert (waiting.hands, waiting.mine) == (("a", "m"), False)
    store.close()


def test_no_page_of_a_head_who_waits_tells_of_what_is_sealed(desk_app: Flask, store: Store, clock: Clock) -> None:
    save(store, clock, "second", of(store, "admin"), **(NEW | {"role": "manager"}))
    give_password(store, "second", "one of my own")
    mine = reader(desk_app, store, clock, "second")
    read(mine, desk_app)
    before = read(mine, desk_app)
    ticket = in_private(store, clock, "heard-by-manager")
    sealed(store, clock, unit="1-1-101", phone="5678", name="", visit_id=ticket.visit_id, accused=["wanglin"])
    incidents.press(store, nonce="i", counter=None, by=of(store, "wanglin"), now=clock())
    after = read(mine, desk_app)
    assert [path for path in before if before[path] != after[path]] == []


def test_lists_of_who_was_received_in_private_ask_whether_he_is_confirmed(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    manager = of(store, "zhouming")
    ticket = in_private(store, clock, "heard-by-manager")
    store.execute("UPDATE visits SET channel = 'desk', unit_id = (SELECT id FROM units WHERE unit = '1' LIMIT 1)")
    unit = store.row("SELECT building, unit, room FROM units WHERE id = (SELECT unit_id FROM visits)")
    assert unit is not None
    home = "-".join(unit)
    page = client_of(desk_app, store, manager, clock())
    page.post("/queue/seat", data={"counter": "3"}, headers=SAME_ORIGIN)
    press = 'name="line" value="heard-by-manager"'
    assert press in page.get("/queue/counter").get_data(as_text=True)
    store.execute("UPDATE staff SET unconfirmed = 1 WHERE login = 'zhouming'")
    assert press not in page.get("/queue/counter").get_data(as_text=True)
    store.execute("UPDATE staff SET unconfirmed = 0")
    also = {"counter": "3", "by": manager}
    queue.call_next(store, line="heard-by-manager", now=clock(), **also)  # type: ignore[arg-type]
    queue.complete(store, holding=ticket.no, now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
    day = clock().date()
    asked = audit.Asked(day, day)
    visits = person_rows.Found({"visits": [ticket.visit_id]})
    told: dict[str, Callable[[Actor], object]] = {
        "home": lambda by: home_files.look_up(store, home, by=by, now=clock()).visits,
        "log": lambda by: [line.no for line in work_log.day(store, by=by, now=clock()).lines if line.no == ticket.no],
        "audit": lambda by: [
            line.no for line in audit.page(store, asked, by=by, now=clock()).lines if line.no == ticket.no
        ],
        "person": lambda by: person_reach.of(store, visits, by=by).visits,
    }
    for name, read_by in told.items():
        assert read_by(manager) and not read_by(replace(manager, unconfirmed=True)), name
