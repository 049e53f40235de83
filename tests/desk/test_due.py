"""Due lists at the desk: what each role sees, the badge, a deadline changed by a form."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import due
from reception.permissions import BOX, Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_clocks import complaint, repair


def rows(page: str) -> list[tuple[str, str]]:
    """Return the rows of a due list as (clock, stage)."""
    return re.findall(r'data-clock="([^"]*)" data-stage="([^"]*)"', page)


def test_the_list_soonest_first_with_words_for_each_stage(desk: FlaskClient, store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    complaint(store, clock)
    clock.forward(minutes=10)
    page = desk.get("/due").get_data(as_text=True)
    assert rows(page) == [
        ("on_site_urgent", "running"),
        ("complaint_first_feedback", "running"),
        ("complaint_reply", "running"),
    ]
    clock.forward(minutes=14)
    assert rows(desk.get("/due/list").get_data(as_text=True))[0] == ("on_site_urgent", "warn")
    clock.forward(minutes=14)
    fragment = desk.get("/due/list").get_data(as_text=True)
    assert rows(fragment)[0] == ("on_site_urgent", "overdue")
    # Not by colour alone.
    assert "⚠" in fragment and fragment.count('id="due"') == 1


def test_the_badge_counts_what_is_overdue(desk_app: Flask, store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    who = actor(store, Role.RECEPTIONIST)
    assert 'data-overdue="0"' in client_of(desk_app, store, who, clock()).get("/cases").get_data(as_text=True)
    clock.forward(minutes=31)
    client = client_of(desk_app, store, who, clock())
    for page in ("/", "/due/count"):
        assert 'data-overdue="1"' in client.get(page).get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.TEAM_LEADER])
@pytest.mark.parametrize("show", ["", "all", "department", "escalated", "mine"])
def test_a_head_of_department_never_sees_another_one_s(
    desk_app: Flask, store: Store, clock: Clock, role: Role, show: str
) -> None:
    repair(store, clock, "urgent")
    complaint(store, clock)
    client = client_of(desk_app, store, actor(store, role), clock())
    page = client.get("/due", query_string={"show": show, "department": "service"}).get_data(as_text=True)
    assert not [found for found in rows(page) if found[0].startswith("complaint")]
    assert bool(rows(page)) == (show in {"", "all", "department"})


def test_filters_by_department_and_person(desk_app: Flask, store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    complaint(store, clock)
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())

    def seen(**query: object) -> set[str]:
        return {found[0] for found in rows(client.get("/due", query_string=query).get_data(as_text=True))}

    assert len(seen(show="all")) == 3
    assert seen(show="all", department="maintenance") == {"on_site_urgent"}
    assert seen(show="all", person=actor(store, Role.RECEPTIONIST).id) == seen(show="all")
    # Nobody of this id has anything running: the filter is not known, and everything is shown.
    assert seen(show="all", person="999") == seen(show="all", person="x") == seen(show="all")
    assert seen(show="nothing of ours") == seen() == seen(show="all")
    assert seen(show="department") == set()


def test_what_was_handed_up_stands_with_its_head(desk_app: Flask, store: Store, clock: Clock) -> None:
    repair(store, clock, "urgent")
    due.escalate_due(store, by=BOX, now=clock.forward(minutes=31))
    for role, count in ((Role.DEPARTMENT_HEAD, 1), (Role.SERVICE_HEAD, 0)):
        client = client_of(desk_app, store, actor(store, role), clock())
        assert len(rows(client.get("/due?show=escalated").get_data(as_text=True))) == count


def test_a_deadline_is_changed_by_a_form_of_the_case(desk_app: Flask, store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    client = client_of(desk_app, store, actor(store, Role.DEPARTMENT_HEAD), clock())
    page = client.get(f"/cases/{case.no}").get_data(as_text=True)
    was = re.search(r'name="was" value="([^"]*)"', page)
    assert was is not None and 'value="2026-11-23T10:54"' in page
    form = {"clock": "on_site_urgent", "due_at": "2026-11-23T12:00", "reason": "路上堵车", "was": was[1]}
    answer = client.post(f"/cases/{case.no}/deadline", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    page = client.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "路上堵车" in page and "赵强" in page and "11-23 12:00" in page
    # A second press of the same old page changes nothing.
    answer = client.post(f"/cases/{case.no}/deadline", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 409 and "changed_meanwhile" in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM deadlines") == 2


def test_the_front_sees_the_clocks_of_a_case_and_no_form(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = repair(store, clock, "urgent")
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert 'data-clock="on_site_urgent"' in page and "/deadline" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_name_or_phone_of_somebody_else_s_case(desk_app: Flask, store: Store, clock: Clock, language: str) -> None:
    repair(store, clock, "urgent")
    client = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    client.set_cookie("language", language)
    page = client.get("/due?show=all").get_data(as_text=True)
    assert "张建国" not in page and "13800005678" not in page and "张**" in page
