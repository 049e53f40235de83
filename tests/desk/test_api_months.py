"""Frozen month reports, read by another system: figures as they were, later edits beside them, few people hidden."""

from typing import Any

import pytest
import schemathesis
from flask import Flask

from db.store import Store
from reception import month_reports
from reception.permissions import BOX, Role
from tests.conftest import Clock, actor
from tests.desk.test_api import Caller, key_of, problem
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints
from tests.reception.test_months import FREEZES, Queue


@pytest.fixture
def system(desk_app: Flask, store: Store, clock: Clock) -> Caller:
    """A system that may read figures alone, after a November with visits, a complaint and a repair was frozen."""
    made, visitors = Life(store, clock), Queue(store, clock)
    made.register()
    Complaints(store, clock).receive()
    for _ in range(6):
        visitors.come()
        visitors.serve(wait=3, take=4)
    clock.at = FREEZES
    month_reports.watch(store, by=BOX, now=clock())
    return Caller(desk_app, key_of(store, clock, "figures"))


def test_a_frozen_month_is_read_as_the_desk_shows_it(system: Caller, store: Store, clock: Clock) -> None:
    assert [one["month"] for one in system.read("/months")["items"]] == ["2026-11"]
    told = system.read("/months/2026-11")
    shown = month_reports.of_month(store, month="2026-11", by=actor(store, Role.MANAGER), now=clock())
    figures = {one["figure"]: one for one in told["figures"]}
    for section in shown.sections:
        for one in section.figures:
            said = figures[f"{section.code}/{one.code}"]
            assert (said["value"], said["out_of"], said["name"]) == (one.value, one.whole, one.name.zh)
    assert told["issued_at"] is None and told["corrections"] == []
    # One complaint would be somebody: too few to be shown here as on paper.
    assert not [key for key in figures if key.startswith("complaints/complaint_class")]
    problem(system.get("/months/2026-10"), 404, "unknown")
    problem(system.get("/cases"), 403, "scope_missing")


def test_what_later_edits_made_of_a_figure_stands_beside_it(system: Caller, store: Store, clock: Clock) -> None:
    store.execute("UPDATE cases SET received_at = '2026-10-30T02:00:00.000Z' WHERE kind = 'repair'")
    changed = month_reports.check(store, month="2026-11", by=actor(store, Role.MANAGER), now=clock())
    assert changed
    told = system.read("/months/2026-11")
    edits = {one["figure"]: (one["value"], one["out_of"]) for one in told["corrections"]}
    assert edits
    frozen = {one["figure"]: (one["value"], one["out_of"]) for one in told["figures"]}
    assert all(frozen[figure] != value for figure, value in edits.items() if figure in frozen)


def test_the_answer_is_what_the_document_promises(system: Caller, desk_app: Flask) -> None:
    found: Any = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", desk_app)
    for path, parameters in (("/months", {}), ("/months/{no}", {"no": "2026-11"})):
        case = found[path]["GET"].Case(path_parameters=parameters)
        case.call_and_validate(headers={"Authorization": f"Bearer {system.key}"})
