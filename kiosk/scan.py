"""The USB scanner: a code that somebody holds to it is read here, and goes to the first handler that knows it.

A new kind of code (a booking, an appointment) adds a handler of its own module to `HANDLERS`; nothing else changes.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from db.store import Store
from reception import absence, appointment_arrivals, session_arrivals
from reception.kinds import case_of_code
from reception.permissions import KIOSK
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site

views = Blueprint("scan", __name__)

# A handler answers with the page that the code leads to, or None for a code that is not of its kind.
Handler = Callable[[Store, str, datetime], str | None]
LONGEST = 200
TOKEN = re.compile(r"[A-Z2-7]{26}")


def ticket(store: Store, token: str, moment: datetime) -> str | None:
    """A number of the queue: shows its place; a missed one goes on waiting, a called one is known to be here."""
    try:
        return f"/T/{absence.shown(store, token, by=KIOSK, now=moment).token}"
    except Refused as refused:
        if refused.code == "code_unknown":
            return None
        raise


def appointment(store: Store, token: str, moment: datetime) -> str | None:
    """The slip of an appointment: checks the visitor in, and shows his number; or says why not now."""
    page = appointment_arrivals.shown(store, token=token, by=KIOSK, now=moment)
    return page and f"/T/{page}"


def visit_day(store: Store, token: str, moment: datetime) -> str | None:
    """The slip of the visit day: checks the guest in on his day, and shows his number; or says why not now."""
    page = session_arrivals.shown(store, token=token, by=KIOSK, now=moment)
    return page and f"/T/{page}"


def case(store: Store, token: str, moment: datetime) -> str | None:
    """A receipt, a booking slip, a work order: shows how the case stands."""
    try:
        case_of_code(store, token)
    except Refused:
        return None
    # The very code that was held to it: a worker's slip leads to no page where the owner's word is given.
    return f"/T/{token}"


HANDLERS: list[Handler] = [ticket, appointment, visit_day, case]


@views.post("/scan")
def scan() -> ResponseReturnValue:
    """Lead to the page of a scanned code.

    Refuses `scan_unreadable`, `scan_foreign` (somebody else's code), `code_unknown` (ours once, or made up), and what a
    handler refuses.
    """
    token, host = _read(request.form.get("code", ""))
    moment = now()
    for handler in HANDLERS:
        page = handler(store(), token, moment)
        if page is not None:
            return redirect(page, 303)
    raise Refused("code_unknown" if host in _own_hosts() else "scan_foreign")


def _own_hosts() -> set[str]:
    site = current_site()
    return {""} | {urlsplit(url.upper()).netloc for url in (site.kiosk_url, site.public_url) if url}


def _read(text: str) -> tuple[str, str]:
    """Return the token in what the scanner typed, and the host of the address around it ('' for a bare token).

    Whose host it is matters only for the sentence: paper outlives the box's address. Refuses `scan_unreadable` (too
    long, not printable ASCII, nothing at all) and `scan_foreign` (no token of ours in it).
    """
    code = text.strip().upper()
    if not code or len(code) > LONGEST or not (code.isascii() and code.isprintable()):
        raise Refused("scan_unreadable")
    try:
        address = urlsplit(code)
        host = address.netloc
    except ValueError:
        raise Refused("scan_unreadable") from None
    token = address.path.rpartition("/T/")[2] if host else code
    if not TOKEN.fullmatch(token):
        raise Refused("scan_foreign")
    return token, host
