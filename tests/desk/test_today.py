"""今日待办: what waits for each role, counted as the lists count that it comes from; each row leads to its place."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from desk import today
from reception import due, known_faults, order_steps, supervision_steps, supervisions
from reception.due import escalate_due
from reception.permissions import BOX, KIOSK, Role
from reception.visits import check_in
from tests.conftest import Clock, actor, client_of
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints
from tests.reception.test_incidents import Incidents
from tests.reception.visitors import Visitors
from tests.test_plans import heard, walks


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Repairs of the receptionist."""
    return Life(store, clock)


def groups(client: FlaskClient) -> dict[str, int]:
    """Return the groups of the page with what each counts."""
    html = client.get("/today").get_data(as_text=True)
    return {code: int(total) for code, total in re.findall(r'data-group="([^"]+)" data-total="(\d+)"', html)}


def test_an_empty_day_says_so(desk: FlaskClient) -> None:
    assert groups(desk) == {} and "all-done" in desk.get("/today").get_data(as_text=True)


def test_each_row_leads_to_where_it_is_done(desk: FlaskClient, store: Store, made: Life, clock: Clock) -> None:
    case = made.register()
    check_in(store, line="general", nonce="w", by=KIOSK, now=clock())
    assert groups(desk) == {"mine": 1, "to_dispatch": 1}
    # What is empty is one folded line, not a paragraph of names.
    folded = re.search(
        r'<details class="today-quiet[^>]*><summary>其余 (\d+) 项均无</summary>', desk.get("/today").text
    )
    assert folded and int(folded[1]) > 5
    clock.forward(minutes=40)
    order = made.dispatch(case, "")
    client = client_of(desk.application, store, made.desk, clock())
    found = groups(client)
    assert found == {"mine": 1, "unclaimed": 1, "waiting": 1}, found
    html = client.get("/today").get_data(as_text=True)
    for path in set(re.findall(r'class="task[^"]*" href="([^"]+)"', html)):
        assert client.get(path).status_code == 200, path
    assert order in html and case.no in html and "A001" in html


def test_what_came_back_counts_as_the_tab_counts_it(desk_app: Flask, store: Store, made: Life, clock: Clock) -> None:
    held, free = made.register(), made.register(unit="1-1-102", phone="13900000001")
    for case in (held, free):
        order = made.dispatch(case)
        order_steps.send_back(store, order_no=order, reason="other", note="x", by=made.worker, now=made.now)
    fault = known_faults.declare(
        store, nonce="f", area="building", building="1", cause="water", what="停水", by=made.desk, now=made.now
    )
    known_faults.attach_case(store, fault_id=str(fault.id), case_no=held.no, by=made.desk, now=made.now)
    found = groups(client_of(desk_app, store, made.desk, clock()))
    assert found.get("returned") == due.returned_count(store, by=made.desk) == 1


def test_heads_see_what_is_late_and_what_was_handed_up_to_them(
    desk_app: Flask, store: Store, made: Life, clock: Clock
) -> None:
    ours, theirs = made.register(), made.register()
    with writing(store):
        store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [theirs.id])
    clock.forward(days=2)
    escalate_due(store, by=BOX, now=clock())
    for role in (Role.DEPARTMENT_HEAD, Role.MANAGER, Role.SERVICE_HEAD, Role.TEAM_LEADER):
        who = actor(store, role)
        found = groups(client_of(desk_app, store, who, clock()))
        assert found["overdue"] == due.overdue_count(store, by=who, now=clock()), role
        handed = due.due_list(store, by=who, now=clock(), escalated_to=who.id)
        assert found.get("escalated", 0) == len(handed), role
    head = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock()).get("/today").get_data(as_text=True)
    assert ours.no in head and theirs.no not in head


def test_a_follow_up_is_on_the_day_it_is_due(desk_app: Flask, store: Store, made: Life, clock: Clock) -> None:
    made.signed()
    assert "follow_ups" not in groups(client_of(desk_app, store, made.desk, clock()))
    clock.forward(days=3, hours=1)
    assert groups(client_of(desk_app, store, made.desk, clock()))["follow_ups"] == 1


def test_who_has_no_counter_begins_here_and_who_sees_no_case_never(desk_app: Flask, store: Store, clock: Clock) -> None:
    for role in (Role.TEAM_LEADER, Role.DEPARTMENT_HEAD):
        answer = client_of(desk_app, store, actor(store, role), clock()).get("/")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/today")
    for role in (Role.WORKER, Role.ADMINISTRATOR):
        assert client_of(desk_app, store, actor(store, role), clock()).get("/today").status_code == 403


def test_every_group_knows_its_permission_and_its_place(desk_app: Flask, store: Store, clock: Clock) -> None:
    client = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    for group in today.GROUPS:
        assert client.get(group.path).status_code == 200, group.path
    assert len({group.code for group in today.GROUPS}) == len(today.GROUPS)


def test_it_walks_through_no_history(desk_app: Flask, store: Store, made: Life, clock: Clock) -> None:
    made.dispatch(made.register())
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    for role in (Role.RECEPTIONIST, Role.MANAGER, Role.TEAM_LEADER):
        client = client_of(desk_app, store, actor(store, role), clock())
        with heard(mine) as said:
            assert client.get("/today").status_code == 200
        assert walks(store, said) == [], role


def test_a_supervision_that_presses_stands_before_whoever_is_in_charge(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    manager = actor(store, Role.MANAGER)
    one = supervisions.open_(
        store,
        nonce="n",
        matter="更换门禁",
        opinion="一周内更换",
        department="maintenance",
        due_on="2026-11-25",
        by=manager,
        now=clock(),
    )
    assert "supervisions" not in groups(client_of(desk_app, store, manager, clock()))
    clock.forward(days=4)
    assert groups(client_of(desk_app, store, manager, clock()))["supervisions"] == 1
    page = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock()).get("/today").get_data(as_text=True)
    assert f'href="/supervisions/{one.no}"' in page


def test_what_is_done_and_not_told_stands_there_until_it_is(desk_app: Flask, store: Store, clock: Clock) -> None:
    manager, case = actor(store, Role.MANAGER), Complaints(store, clock).receive()
    one = supervisions.open_(
        store, nonce="n", matter="更换门禁", opinion="一周内更换", department="maintenance", due_on="2026-11-25",
        case_no=case.no, by=manager, now=clock(),
    )  # fmt: skip
    assert "untold" not in groups(client_of(desk_app, store, manager, clock()))
    supervision_steps.finish(store, no=one.no, result="已更换", by=manager, now=clock())
    assert groups(client_of(desk_app, store, manager, clock()))["untold"] == 1
    supervision_steps.tell(store, no=one.no, channel="phone", text="门禁已更换", by=manager, now=clock())
    assert "untold" not in groups(client_of(desk_app, store, manager, clock()))


def test_who_is_expected_stands_before_the_desk_and_before_his_host_alone(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    made = Visitors(store, clock)
    made.book()
    assert groups(client_of(desk_app, store, made.desk, clock()))["expected"] == 1
    assert groups(client_of(desk_app, store, made.host, clock()))["expected"] == 1
    assert "expected" not in groups(client_of(desk_app, store, actor(store, Role.MANAGER), clock()))


def test_a_special_reception_stands_before_those_let_in(desk_app: Flask, store: Store, clock: Clock) -> None:
    made = Incidents(store, clock)
    case = made.press()
    assert groups(client_of(desk_app, store, made.head, clock()))["incidents"] == 1
    outsider = client_of(desk_app, store, actor(store, Role.TEAM_LEADER), clock())
    assert "incidents" not in groups(outsider)
    assert case.no not in outsider.get("/today").get_data(as_text=True)
