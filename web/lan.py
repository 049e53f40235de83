"""What came in from the LAN: the proxy's requests arrive over a Unix socket, and theirs alone."""

from flask import Flask, abort, request


def from_lan() -> bool:
    """Tell whether the request came through the proxy; the kiosk's own browser comes over the loopback."""
    # gunicorn gives a peer on a Unix socket no address, and a TCP peer always one.
    return not request.remote_addr


def source() -> str:
    """Return the address of who asks over the LAN, as the proxy saw it (whatever he says himself it throws away); ''
    for the kiosk's own browser. Never written down."""
    return request.headers.get("X-Forwarded-For", "") if from_lan() else ""


def keep_to(app: Flask, *paths: str) -> None:
    """Answer the LAN with 404 outside these paths, whatever the proxy let through: it may be wrongly set up."""

    def check() -> None:
        if from_lan() and not request.path.lower().startswith(paths):
            abort(404)

    app.before_request(check)
