"""The interface does what its OpenAPI document says: requests good and bad are drawn from it (schemathesis)."""

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from db.store import Store
from desk.api_resources import RESOURCES, Resource
from reception import queue
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.desk.test_api import key_of
from tests.owner_cases import dispatched, registered


@pytest.fixture
def interface(desk_app: Flask, store: Store, clock: Clock) -> Any:
    """The document as it is served, of a lobby at work, to a key for everything."""
    dispatched(store, clock)
    for number in range(3):
        registered(store, clock, nonce=f"s{number}")
        check_in(store, line="general", nonce=f"v{number}", by=KIOSK, now=clock())
    queue.call_next(store, counter="1", by=actor(store, Role.RECEPTIONIST), now=clock())
    found = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", desk_app)
    key = key_of(store, clock)

    @found.auth()
    class Key:
        def get(self, case: Any, context: Any) -> str:
            return key

        def set(self, case: Any, data: str, context: Any) -> None:
            # A second passes between two requests: whether a key asks too often has a test of its own.
            clock.forward(seconds=1)
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}

    return found


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_every_answer_is_one_that_the_document_promises(
    interface: Any, resource: Resource, mode: GenerationMode
) -> None:
    operation = interface[resource.path]["GET"]
    if mode is GenerationMode.NEGATIVE and not (resource.parameters or "{" in resource.path):
        return

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def answers(case: Any) -> None:
        case.call_and_validate()

    answers()
