"""The names this box goes by: a request for another one is refused before anything else is asked of it.

A page of anybody's can name the box's address as its own (DNS rebinding): to the browser it is then the same site, and
the guard would believe it. It cannot choose what the browser says it asked for: the public name of that page.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, abort, request

from web.lan import from_lan
from web.languages import current_site

# Names that no public register gives away (RFC 6762, 6761, 8375; `.internal` and `.lan` are kept for homes).
INSIDE = (".local", ".localhost", ".lan", ".internal", ".home.arpa")
# The proxy says by it which name the settings of the box give it; of the kiosk's own browser it is not believed.
NAME = "X-Box-Name"


def install(app: Flask) -> None:
    """Answer 421 to a request for a name that is not ours."""
    app.before_request(_check)


def _check() -> None:
    host = _name(f"//{request.host}")
    # Who names nobody (HTTP/1.0) is no browser; the guard lets him change nothing.
    if host and not _of_a_lan(host) and host not in _told():
        abort(421)


def _name(address: str) -> str:
    """Return the host in an address, without its port; one that is no name of a host stays a name of nobody's."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return "."


def _of_a_lan(host: str) -> bool:
    """Tell whether no page of the internet can have this name: an address, one word, or an ending of LANs."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host or host.endswith(INSIDE)
    return True


def _told() -> set[str]:
    """Return the names that the settings give: of the centre, and of the box by its proxy."""
    site = current_site()
    named = {_name(url) for url in (site.kiosk_url, site.public_url, site.desk_url)}
    return named | {request.headers.get(NAME, "").lower() if from_lan() else ""}
