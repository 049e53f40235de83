"""The headers of every answer."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)


def install(app: Flask) -> None:
    """Add the headers to every answer; a page with data is never kept by a cache unless it says otherwise."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    # No page of anybody's may draw in what our pages show, not even where a browser asks for it with our keys.
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    # With no-referrer a plain-HTTP form sends `Origin: null` and is refused (tried).
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if not request.path.startswith("/assets/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response
