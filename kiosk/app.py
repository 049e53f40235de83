"""The kiosk's Flask app: every door a visitor uses."""

import sqlite3
from pathlib import Path

from flask import Flask
from flask.typing import ResponseReturnValue

from kiosk import (
    attract,
    booking,
    case_page,
    check_in,
    display,
    emergency,
    faults,
    in_private,
    materials,
    notices,
    privacy,
    register,
    repair,
    scan,
    visitor_page,
)
from reception import home_guesses
from web import lan, refusals
from web.app import Clock, create_app, now, store, system_clock

# What phones and displays may reach: a number is taken at the touch screen and at the desk, never from the LAN. How the
# kiosk is, an upgrade asks at a socket; the proxy does not let that through.
LAN = ("/t/", "/display", "/assets/", "/health")


def create(store_path: Path, *, clock: Clock = system_clock) -> Flask:
    """Return the kiosk app on the store at `store_path`."""
    app = create_app("kiosk", Path(__file__).parent, store_path=store_path, clock=clock)
    lan.keep_to(app, *LAN)
    for room in (
        attract,
        check_in,
        register,
        in_private,
        repair,
        faults,
        emergency,
        scan,
        visitor_page,
        case_page,
        booking,
        display,
        privacy,
        materials,
        notices,
    ):
        app.register_blueprint(room.views)
    app.register_error_handler(home_guesses.Unrecognised, _unrecognised)
    return app


def _unrecognised(error: home_guesses.Unrecognised) -> ResponseReturnValue:
    """Count the guess now that the act is undone, whichever door it came by; then answer as any refusal."""
    try:
        home_guesses.missed(store(), error.home, error.phone, now=now())
    except sqlite3.Error as trouble:
        return refusals.troubled(trouble)
    return refusals.refused(error)
