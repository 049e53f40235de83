"""Which addresses a message of ours may go to (只限局域网): those of a LAN, never the box itself, never beyond."""

import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

# The same stand in lobbydesk-deliver.service. Not the loopback: whoever comes there is the touch screen. Not what a
# link gives itself (169.254): on some networks somebody's master key lies there.
NETWORKS: Final = tuple(
    ipaddress.ip_network(one) for one in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
)
LIMIT: Final = 300
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_TARGET: Final = re.compile(r"[!-~]*")


class Receiver(NamedTuple):
    """Where a message goes: `target` is the path with its query."""

    secure: bool
    host: str
    port: int
    target: str


def is_lan(address: str) -> bool:
    """Whether this is an address of a LAN; what is no address is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    # An old address in the clothes of a new one is judged as what it is.
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in NETWORKS)


def parsed(url: str) -> Receiver:
    """Return where an address of a receiver leads, wherever that is.

    Raises ValueError `webhook_url_invalid` for what is no `http://` or `https://` address; with a name and a password
    in it, too: those would stand in the store.
    """
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        raise ValueError("webhook_url_invalid") from None
    host = (found.hostname or "").lower()
    # 2130706433 and 127.1 are addresses to some, and names to others.
    named = bool(_HOST.fullmatch(host)) and not host.rsplit(".", 1)[-1].isdigit()
    if not _well_formed(url, found, port) or not (_is_address(host) or named):
        raise ValueError("webhook_url_invalid")
    target = (found.path or "/") + (f"?{found.query}" if found.query else "")
    return Receiver(found.scheme == "https", host, port or (443 if found.scheme == "https" else 80), target)


def receiver(url: str) -> Receiver:
    """Return the same of an address that messages may be sent to.

    Raises ValueError as `parsed`, and `webhook_not_lan` for one that lies outside of a LAN by what it says; a name is
    looked up each time something is sent, and judged then.
    """
    found = parsed(url)
    here = found.host == "localhost" or found.host.endswith(".localhost")
    if here or (_is_address(found.host) and not is_lan(found.host)):
        raise ValueError("webhook_not_lan")
    return found


def _well_formed(url: str, found: SplitResult, port: int | None) -> bool:
    named = found.scheme in {"http", "https"} and found.username is None and found.password is None
    return named and port != 0 and not found.fragment and len(url) <= LIMIT and bool(_TARGET.fullmatch(url))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
