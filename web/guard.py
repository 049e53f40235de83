"""The request guard: what changes state comes from our own pages, without tokens (`box.md`, Security)."""

from flask import Flask, abort, request

from web import problems

SAFE = {"GET", "HEAD", "OPTIONS"}


def install(app: Flask) -> None:
    """Refuse with 403 every state-changing request that does not come from the same origin."""
    app.before_request(_check)


def _check() -> None:
    # A program hears that nothing is ever changed there (405), wherever it says that it comes from.
    reads_only = problems.asked() and request.routing_exception is not None
    if request.method not in SAFE and not reads_only and not same_origin():
        abort(403)
    # Browsers say how long a form is. One that does not may have been cut on its way, and would be read as if whole.
    if "Transfer-Encoding" in request.headers:
        abort(411)


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
