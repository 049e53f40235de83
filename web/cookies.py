"""Cookies that are keys: over TLS they have a name that plain HTTP cannot write.

Phones read pages in plain HTTP under the very host name of the desk. Whoever sits on that wire can give a browser any
ordinary cookie there, and the browser would send it to the desk: somebody would work in a session that another opened.
Of names with these prefixes browsers take a cookie from HTTPS alone (RFC 6265bis, 4.1.3).
"""

from flask import request
from werkzeug.wrappers import Request
from werkzeug.wrappers import Response as Answer


def named(base: str, asked: Request, *, path: str = "/") -> str:
    """Return the name that the cookie goes by in this request: `__Host-` is for the whole host, `__Secure-` for a part.

    Without TLS (the demo, a test) a browser would throw such a cookie away: there it is the bare name.
    """
    if not asked.is_secure:
        return base
    return f"__Host-{base}" if path == "/" else f"__Secure-{base}"


def key(base: str, *, path: str = "/") -> str:
    """Return what the browser gave back, or ''. A cookie of the bare name is nobody's over TLS."""
    return request.cookies.get(named(base, request, path=path), "")


def put(response: Answer, base: str, value: str, *, path: str = "/", max_age: int | None = None) -> None:
    """Give the browser a key: not for scripts, not for other sites; without `max_age` (seconds) until it is closed."""
    response.set_cookie(
        named(base, request, path=path),
        value,
        max_age=max_age,
        path=path,
        httponly=True,
        samesite="Strict",
        secure=request.is_secure,
    )


def drop(response: Answer, base: str, *, path: str = "/", asked: Request | None = None) -> None:
    """Take a key from the browser; `asked` where there is no request of Flask's."""
    asked = asked or request
    # Without `Secure` a browser refuses even the end of such a cookie.
    response.delete_cookie(
        named(base, asked, path=path), path=path, httponly=True, samesite="Strict", secure=asked.is_secure
    )
