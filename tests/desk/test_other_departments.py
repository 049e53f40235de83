"""A work order stays within its department: another's workers are not offered, and refused in the act."""

import re

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import cases, order_steps, work_orders
from reception.permissions import Actor, Role
from reception.refusal import Refused
from tests.conftest import SAME_ORIGIN
from tests.desk.test_slips import life, refused
from tests.reception.life import Life, staff

__all__ = ["life"]


@pytest.fixture
def guard(store: Store) -> Actor:
    """A worker of another department."""
    return staff(store, "qianwei", Role.WORKER, "security")


def team_order(life: Life) -> work_orders.Order:
    """Return an order of the team of maintenance."""
    case = life.register()
    work_orders.dispatch(life.store, no=case.no, department="maintenance", by=life.desk, now=life.now)
    order = work_orders.live(life.store, case.id)
    assert order is not None
    return order


def offered(html: str, name: str) -> list[str]:
    """Return what a select offers."""
    found = re.search(rf'<select name="{name}".*?</select>', html, re.DOTALL)
    assert found is not None
    return re.findall(r'<option value="([^"]*)"', found[0])


def test_nobody_of_another_department_takes_an_order_on(
    desk: FlaskClient, life: Life, store: Store, guard: Actor
) -> None:
    order = team_order(life)
    page = desk.get(f"/cases/{order.case_no}").get_data(as_text=True)
    assert sorted(offered(page, "worker")) == ["sunlei", "zhaogang"]
    slip = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    assert sorted(offered(slip, "worker")) == ["", "sunlei", "zhaogang"]
    answer = desk.post(f"/orders/{order.no}/accept", data={"worker": guard.name}, headers=SAME_ORIGIN)
    assert (answer.status_code, refused(answer.get_data(as_text=True))) == (422, "worker_elsewhere")
    for step in (order_steps.accept, order_steps.arrive):
        with pytest.raises(Refused, match="worker_elsewhere"):
            step(store, order_no=order.no, worker=guard.name, by=life.desk, now=life.now)
    assert work_orders.find(store, order.no).worker_id is None
    desk.post(f"/orders/{order.no}/accept", data={"worker": "zhaogang"}, headers=SAME_ORIGIN)
    assert work_orders.find(store, order.no).worker_name == "赵刚"


def test_to_send_it_to_his_department_is_said_in_the_form(
    desk: FlaskClient, life: Life, store: Store, guard: Actor
) -> None:
    case = life.register()
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    group = re.search(r'<optgroup label="秩序维护部">.*?</optgroup>', page)
    assert group is not None and f'value="{guard.name}"' in group[0] and "zhaogang" not in group[0]
    assert '<optgroup label="秩序维护部">' in desk.get("/repairs/new").get_data(as_text=True)
    desk.post(f"/repairs/{case.no}/dispatch", data={"to": guard.name}, headers=SAME_ORIGIN)
    order = work_orders.live(store, case.id)
    assert order is not None and (order.department, order.worker_id) == ("security", guard.id)
    assert cases.whole(store, case.id).department == "security"


def test_the_demo_shows_where_categories_go(desk: FlaskClient, life: Life, store: Store) -> None:
    went = {}
    for category in ("safety", "door", "wall", "water"):
        case = life.register(category=category)
        desk.post(f"/repairs/{case.no}/dispatch", data={"to": ""}, headers=SAME_ORIGIN)
        order = work_orders.live(store, case.id)
        assert order is not None
        went[category] = (order.department, order.worker_name)
    assert went == {
        "safety": ("security", None),
        "door": ("maintenance", "赵刚"),
        "wall": ("maintenance", None),
        "water": ("maintenance", None),
    }
