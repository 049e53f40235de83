"""The request guard: what changes state comes from our own pages, without tokens (`box.md`, Security)."""

from contextlib import suppress
from typing import IO

from flask import Flask, Response, abort, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.wsgi import LimitedStream

from web import problems

SAFE = {"GET", "HEAD", "OPTIONS"}
# The most the proxy lets through (`systemd/Caddyfile`).
MOST_SENT = 13_000_000


def install(app: Flask) -> None:
    """Refuse with 403 every state-changing request that does not come from the same origin."""
    app.before_request(_check)
    app.after_request(_read_to_the_end)


def _check() -> None:
    # A program hears that nothing is ever changed there (405), wherever it says that it comes from.
    reads_only = problems.asked() and request.routing_exception is not None
    if request.method not in SAFE and not reads_only and not same_origin():
        abort(403)
    # Browsers say how long a form is. One that does not may have been cut on its way, and would be read as if whole.
    if "Transfer-Encoding" in request.headers:
        abort(411)


def _read_to_the_end(response: Response) -> Response:
    """Read what was sent and nobody asked for, before the answer.

    gunicorn reads 64 KB of that and closes: to a proxy that still sends, a broken line, and it shows its own 502.
    The proxy holds what it passes on, so nobody keeps a thread waiting by this; but for streams, which are GET.
    """
    if request.method in SAFE or not request.content_length:
        return response
    try:
        body: IO[bytes] | LimitedStream = request.stream
    except RequestEntityTooLarge:
        body = LimitedStream(request.input_stream, request.content_length)
    left = MOST_SENT
    with suppress(ClientDisconnected):
        while left > 0 and (some := body.read(min(left, 65_536))):
            left -= len(some)
    return response


def same_origin() -> bool:
    """Tell whether the browser says that the request comes from this very site.

    `Sec-Fetch-Site` where it is sent; browsers leave it out on plain HTTP, and there `Origin` must equal the host.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # Whoever sits on the wire can write a page of our name in plain HTTP; it is not the site behind TLS.
    schemes = ("https",) if request.is_secure else ("http", "https")
    # Compared as it stands: an address that is taken apart first can be one that cannot be.
    ours = {f"{scheme}://{request.host}".lower() for scheme in schemes}
    return bool(request.host) and request.headers.get("Origin", "").lower() in ours
