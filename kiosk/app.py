"""The kiosk's Flask app: every door a visitor uses."""

from pathlib import Path

from flask import Flask

from kiosk import (
    attract,
    booking,
    case_page,
    check_in,
    display,
    emergency,
    faults,
    in_private,
    register,
    repair,
    scan,
    visitor_page,
)
from web import lan
from web.app import Clock, create_app, system_clock

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
    ):
        app.register_blueprint(room.views)
    return app
