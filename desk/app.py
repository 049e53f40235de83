"""The desk's Flask app: every door a member of staff uses."""

from pathlib import Path

from flask import Flask

from desk import (
    cases,
    feedback,
    hand_numbers,
    login,
    papers,
    printers,
    queue,
    rings,
    search,
    self_test,
    session,
    settings,
)
from desk.kinds import KINDS
from web.app import Clock, create_app, system_clock


def create(store_path: Path, *, clock: Clock = system_clock) -> Flask:
    """Return the desk app on the store at `store_path`."""
    app = create_app("desk", Path(__file__).parent, store_path=store_path, clock=clock)
    session.install(app)
    for room in (login, queue, cases, feedback, search, papers, printers, self_test, hand_numbers, rings, settings):
        app.register_blueprint(room.views)
    for kind in KINDS.values():
        app.register_blueprint(kind.views)
    return app
