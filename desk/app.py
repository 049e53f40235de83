"""The desk's Flask app: every door a member of staff uses."""

from pathlib import Path

from flask import Flask

from desk import (
    accounts,
    answers,
    audit,
    board,
    box,
    box_backups,
    calls,
    case_care,
    case_list,
    cases,
    day_checks,
    day_logs,
    due,
    feedback,
    fees,
    figures,
    follow_ups,
    hand_numbers,
    homes,
    identity,
    imports,
    incidents,
    inside,
    keys,
    known_faults,
    login,
    orders,
    paid_work,
    papers,
    password,
    persons,
    practice,
    printers,
    privacy,
    queue,
    residents,
    reveals,
    rings,
    rooms,
    scripts,
    search,
    self_test,
    session,
    settings,
    signing,
    slips,
    supervisions,
    tellings,
    today,
    uploads,
    visit_after,
    visit_day_bookings,
    visit_days,
    visit_session,
    work,
    work_log,
    work_photos,
    work_sign_in,
    worker_quote,
    workers,
    working_calendar,
)
from desk.kinds import KINDS
from web.app import Clock, create_app, system_clock

ROOMS = (
    login,
    accounts,
    queue,
    box_backups,
    day_logs,
    audit,
    work_log,
    day_checks,
    inside,
    cases,
    case_care,
    feedback,
    orders,
    paid_work,
    slips,
    calls,
    answers,
    search,
    keys,
    today,
    scripts,
    practice,
    papers,
    password,
    printers,
    self_test,
    hand_numbers,
    rings,
    settings,
    box,
    known_faults,
    imports,
    incidents,
    due,
    work_sign_in,
    work,
    work_photos,
    worker_quote,
    board,
    case_list,
    figures,
    homes,
    persons,
    privacy,
    residents,
    reveals,
    workers,
    tellings,
    identity,
    follow_ups,
    supervisions,
    rooms,
    visit_day_bookings,
    visit_session,
    visit_days,
    working_calendar,
    visit_after,
    signing,
    fees,
)


def create(store_path: Path, *, clock: Clock = system_clock, draw: practice.Draw | None = None) -> Flask:
    """Return the desk app on the store at `store_path`; `draw` makes the pictures of papers that practice shows."""
    app = _build(store_path, clock)
    practice.install(app, store_path, lambda path: _build(path, clock), clock, draw)
    return app


def _build(store_path: Path, clock: Clock) -> Flask:
    app = create_app("desk", Path(__file__).parent, store_path=store_path, clock=clock)
    session.install(app)
    uploads.install(app)
    for room in ROOMS:
        app.register_blueprint(room.views)
    for kind in KINDS.values():
        app.register_blueprint(kind.views)
    return app
