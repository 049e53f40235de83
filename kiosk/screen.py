"""What every screen of the kiosk shares: whose browser it is, the size of print, and changing language on the way."""

import secrets
from dataclasses import replace

from flask import Response, g, request

from reception.permissions import KIOSK, TOKEN_HOLDER, Actor
from web.lan import from_lan
from web.languages import COOKIE, LOCALES, choose

# The browser of the touch screen itself: nobody else is shown "/". Phones see the visitor's page instead.
AT_KIOSK = "at_kiosk"
SIZE = "size"
LARGE = "large"


def new_nonce() -> str:
    """Return a nonce for one form on one showing of a page."""
    return secrets.token_urlsafe(16)


def at_kiosk() -> bool:
    """Tell whether the touch screen itself asks; a cookie alone says nothing, for a phone can send it as well."""
    return request.cookies.get(AT_KIOSK) == "1" and not from_lan()


def holder() -> Actor:
    """Return who acts by a code: the touch screen itself, or whoever has it on a phone."""
    return KIOSK if at_kiosk() else TOKEN_HOLDER


def told(who: Actor) -> Actor:
    """Return who acts, with the version of the privacy notice that the form says he was shown last."""
    return replace(who, notice=(request.form.getlist("notice") or [""])[-1])


def is_large() -> bool:
    """Tell whether the visitor chose larger print (大字版), by cookie or in this very request."""
    chosen: str = g.get("size", request.cookies.get(SIZE, ""))
    return chosen == LARGE


def take_choices() -> None:
    """Take a change of language or size that came with a form, so that this very answer shows it."""
    if request.form.get("language") in LOCALES:
        choose(request.form["language"])
    if "size" in request.form:
        g.size = LARGE if request.form["size"] == LARGE else ""


def keep_choices(response: Response) -> Response:
    """Keep what `take_choices` took, for the pages that follow."""
    if request.form.get("language") in LOCALES:
        response.set_cookie(COOKIE, request.form["language"], samesite="Strict", httponly=True)
    if "size" in request.form:
        response.set_cookie(SIZE, g.size, samesite="Strict", httponly=True)
    return response
