"""培训: the script is passed by what the history of practice shows, and kept in the real store; nothing else is."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from lobbydesk.home import store_path
from reception import SCHEMA, tables, training
from reception.permissions import BOX, MAY, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from reception.training_acts import ACTS
from tests.conftest import SAME_ORIGIN, Clock, _close, actor, client_of
from tests.reception.test_permission_cells import Act

OLD = "来访人到窗口后按“到了，开始”，起身问好；办完按“接待完成”。"
MARK = {"practice": "1"}
COMPLAINT = {
    "name": "练习甲",
    "phone": "13800000001",
    "unit": "1-1-101",
    "category": "noise",
    "facts": "夜间施工",
    "severity": "ordinary",
}
CELLS: dict[str, tuple[str, Act]] = {
    "script": ("see_training", lambda s, by, now: training.script(s, practising=True, by=by)),
    "note": ("practise", lambda s, by, now: training.note(s, tasks=["call"], by=by, now=now)),
    "trainees": ("see_trainees", lambda s, by, now: training.trainees(s, by=by)),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    cell, act = CELLS[name]
    for role in Role:
        before = store.connection.total_changes
        try:
            act(store, actor(store, role), clock.forward(minutes=1))
        except Refused as refused:
            assert refused.code == "not_permitted" and role not in MAY[cell], role
            assert store.connection.total_changes == before, role
        else:
            assert role in MAY[cell], role


@pytest.fixture
def app(home: Path, clock: Clock) -> Iterator[Flask]:
    """The desk with its practice."""
    from desk.app import create

    made = create(store_path(home), clock=clock)
    yield made
    _close(made)


@pytest.fixture
def client(app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """A receptionist who practises."""
    browser = client_of(app, store, actor(store, Role.RECEPTIONIST), clock())
    assert browser.post("/practice/start", headers=SAME_ORIGIN).status_code == 303
    return browser


def send(client: FlaskClient, path: str, **fields: str) -> None:
    """Send a form of practice."""
    answer = client.post(path, data=fields | MARK, headers=SAME_ORIGIN)
    assert answer.status_code in {200, 303}, answer.get_data(as_text=True)


def call(client: FlaskClient, times: int) -> None:
    """Call the next so often."""
    for _ in range(times):
        send(client, "/queue/next", counter="1")


def state(client: FlaskClient, task: str) -> str:
    """Return how a task stands on the page of the script."""
    page = client.get("/training").get_data(as_text=True)
    return page.split(f'data-task="{task}" data-state="')[1].split('"')[0]


def kept(store: Store) -> list[str]:
    """Return what stands as passed in the real store."""
    return [row[0] for row in store.rows("SELECT task FROM training_passes ORDER BY id")]


def test_what_was_done_often_enough_is_passed_and_kept_at_once(
    client: FlaskClient, app: Flask, store: Store, clock: Clock
) -> None:
    call(client, 2)
    assert (state(client, "call"), kept(store)) == ("open", [])
    call(client, 1)
    # The third call completed the second visitor, too.
    assert state(client, "call") == "passed" and set(kept(store)) == {"call", "receive"}
    send(client, "/complaints", nonce="c", **COMPLAINT)
    send(client, "/complaints", nonce="d", **COMPLAINT)
    assert kept(store).count("complaint") == 1
    send(client, "/practice/leave")
    assert state(client, "complaint") == "passed" and state(client, "repair") == "open"
    page = client.get("/training").get_data(as_text=True)
    assert 'data-passed="3"' in page and "data-trainee" not in page
    # In the next practice he goes on where he was.
    assert client.post("/practice/start", headers=SAME_ORIGIN).status_code == 303
    assert state(client, "complaint") == "passed"
    head = client_of(app, store, actor(store, Role.SERVICE_HEAD), clock())
    name = actor(store, Role.RECEPTIONIST).name
    assert f'data-trainee="{name}" data-passes="3"' in head.get("/training").get_data(as_text=True)
    assert store.value("SELECT count(*) FROM events WHERE what = 'pass_training'") == 2


def test_visitors_who_are_made_up_are_no_numbers_that_he_took(client: FlaskClient, store: Store) -> None:
    send(client, "/practice/visitors", nonce="more")
    assert state(client, "for-visitor") == "open"
    send(client, "/queue/issue", line="general", nonce="mine")
    assert kept(store) == ["for-visitor"]


def test_what_is_real_passes_nothing(client: FlaskClient, store: Store) -> None:
    send(client, "/practice/leave")
    for nonce in "abc":
        assert client.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN).status_code == 303
        form = {"nonce": nonce, "line": "general"}
        assert client.post("/queue/issue", data=form, headers=SAME_ORIGIN).status_code == 303
    assert kept(store) == [] and state(client, "call") == state(client, "for-visitor") == "open"


def test_while_the_real_store_is_in_trouble_practice_goes_on_and_it_is_told_later(
    client: FlaskClient, app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = training.note
    monkeypatch.setattr(training, "note", lambda *a, **k: (_ for _ in ()).throw(sqlite3.OperationalError("locked")))
    send(client, "/queue/issue", line="general", nonce="mine")
    assert kept(store) == [] and state(client, "for-visitor") == "passed"
    monkeypatch.setattr(training, "note", note)
    call(client, 1)
    assert kept(store) == ["for-visitor"]


def test_a_task_is_passed_once_and_only_by_who_works_here(store: Store, clock: Clock) -> None:
    by = actor(store, Role.RECEPTIONIST)
    assert training.note(store, tasks=["call", "nothing"], by=by, now=clock.forward(minutes=1)) == ["call"]
    first = store.value("SELECT at FROM training_passes")
    assert training.note(store, tasks=["call"], by=by, now=clock.forward(days=1)) == []
    assert store.value("SELECT at FROM training_passes") == first
    store.execute("UPDATE staff SET active = 0 WHERE id = ?", [by.id])
    assert training.note(store, tasks=["missed"], by=by, now=clock.forward(minutes=1)) == []
    with pytest.raises(sqlite3.IntegrityError, match="stays"):
        store.execute("UPDATE training_passes SET at = at || ''")


def test_a_task_of_the_settings(store: Store, clock: Clock) -> None:
    table, values = TABLES["training_tasks"], {"act": "call", "times": "0", "how": "x", "how_en": "x"}
    for bad in ({"times": "0"}, {"times": "21"}):
        with pytest.raises(Refused, match="times_invalid"):
            tables.save(store, table=table, key="call", values=bad, by=BOX, now=clock())
    with pytest.raises(Refused, match="choice_unknown"):
        tables.save(store, table=table, key="call", values={"act": "erase_person"}, by=BOX, now=clock())
    tables.save(store, table=table, key="call", values=values | {"times": "1", "name": "先叫号"}, by=BOX, now=clock())
    tasks = training.script(store, practising=True, by=actor(store, Role.RECEPTIONIST))
    assert (tasks[0].name.zh, tasks[0].times) == ("先叫号", 1)


def test_every_kind_of_matter_can_be_practised(client: FlaskClient, store: Store) -> None:
    home = {"unit": "1-1-101", "name": "练习甲", "phone": "13800000001"}
    send(client, "/emergencies", nonce="e", hazard="gas", place="1号楼")
    send(client, "/special", nonce="s")
    send(client, "/inspections", nonce="i", **home, developer="安居置业", agreed_at="2026-11-24T09:30")
    assert set(kept(store)) == {"danger", "silent-key", "inspection"}
    acts = {row[0] for row in store.rows("SELECT act FROM training_tasks")}
    assert acts <= set(ACTS) and {"open_release", "open_procedure", "open_tour", "draft_custody"} <= acts


def test_a_text_that_the_centre_wrote_is_not_corrected(store: Store) -> None:
    how = "SELECT how FROM training_tasks WHERE code = 'receive'"
    script = (SCHEMA / "0076_training.sql").read_text(encoding="utf-8")
    assert "“开始接待”" in store.value(how)
    for was, then in (("我们自己的说法", "我们自己的说法"), (OLD, store.value(how))):
        store.execute("UPDATE training_tasks SET how = ? WHERE code = 'receive'", [was])
        store.connection.executescript(script)
        assert store.value(how) == then


def test_the_card_has_the_figures_of_the_procedures(client: FlaskClient) -> None:
    page = client.get("/training/card").get_data(as_text=True)
    for figure in ("15°", "1.5", "8", "颗牙齿", "3 毫米", "1 毫米", "三秒"):
        assert figure in page, figure
