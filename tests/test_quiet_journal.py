"""What the apps write down names nobody: every route of both, with a person in every field, and a store in trouble."""

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from db.store import Store
from lobbydesk.logs import Plain
from reception.permissions import Role
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_work import sign_in
from tests.foreign import NAME, PHONE, WORDS
from tests.routes import STREAMS, endpoints
from tests.test_foreign_ids import FORM

LOUD = {**dict.fromkeys(FORM, WORDS), "name": NAME, "phone": PHONE, "query": PHONE, "unit": "1-1-101", "nonce": NAME}
SECRETS = (NAME, PHONE, WORDS, "1-1-101", PHONE[-4:])


class Journal(logging.Handler):
    """Keeps the lines as the services write them."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.setFormatter(Plain(weighed=True))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(self.format(record))


@pytest.fixture
def journal() -> Iterator[Journal]:
    """Everything that is logged, of any logger and weight."""
    found = Journal()
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(found)
    root.setLevel(logging.DEBUG)
    yield found
    root.removeHandler(found)
    root.setLevel(before)


def test_whatever_is_typed_stands_in_no_line(
    desk_app: Flask,
    kiosk_app: Flask,
    store: Store,
    clock: Clock,
    home: Path,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clients = [
        (desk_app, client_of(desk_app, store, actor(store, Role.MANAGER), clock())),
        (desk_app, sign_in(desk_app, home)),
        (kiosk_app, kiosk_app.test_client()),
    ]

    def walk() -> None:
        for app, client in clients:
            for endpoint, (method, path) in endpoints(app).items():
                if endpoint not in STREAMS | {"login.leave", "login.lock", "work_sign_in.leave", "work_sign_in.lock"}:
                    with client.open(
                        path,
                        method=method,
                        headers=SAME_ORIGIN,
                        query_string=LOUD,
                        data=LOUD if method == "POST" else None,
                    ) as got:
                        assert got.status_code < 500 or broken, (path, got.status_code)

    broken = False
    walk()
    # A defect: what it says may quote what was typed, and what was typed stands in the request.
    broken = True
    for app in (desk_app, kiosk_app):
        app.config["PROPAGATE_EXCEPTIONS"] = False

    def trouble(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError(f"near {NAME} {PHONE}: {WORDS}")

    monkeypatch.setattr("db.store.Store.row", trouble)
    walk()
    assert len(journal.lines) > 50, "nothing was said: the walk was blind"
    assert not [line for line in journal.lines if any(secret in line for secret in SECRETS)]


def test_nor_in_what_history_keeps_of_an_act(store: Store, clock: Clock, desk_app: Flask) -> None:
    client = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    for method, path in endpoints(desk_app).values():
        if method == "POST" and not path.startswith(("/logout", "/practice")):
            client.post(path, data=LOUD, headers=SAME_ORIGIN)
    kept = [tuple(row) for row in store.rows("SELECT detail FROM events UNION ALL SELECT place || code FROM refusals")]
    assert not [row for row in kept if any(secret in str(row) for secret in SECRETS)]
