"""Sending one message to a system of the company: only into the LAN, to the address that was judged."""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Collection
from typing import Final

from reception.rules import lan_address, webhook_signing
from reception.rules.lan_address import Receiver
from reception.webhook_outbox import Message

# Of each step, and of the whole: who answers a byte a second holds nobody up for long.
STEP_SECONDS: Final = 5.0
WHOLE_SECONDS: Final = 10.0


def send(
    message: Message,
    stamp: int,
    *,
    reachable: Callable[[str], bool] = lan_address.is_lan,
    printers: Collection[str] = (),
) -> str:
    """Send a message; return '' once its receiver answered 2xx, else in one word why it is not taken.

    `stamp`: when, in seconds since 1970. `reachable` judges the very address that is connected to, whatever a name led
    to a moment before; `printers` are hosts that would print it. A redirect is an answer like any other: not taken.
    """
    try:
        receiver = lan_address.parsed(message.url)
        address = _looked_up(receiver)
    except (OSError, ValueError):
        return "no_such_name"
    if not reachable(address):
        return "not_lan"
    if not {address, receiver.host}.isdisjoint(printers):
        return "a_printer"
    late = threading.Event()
    try:
        return _answer(message, stamp, receiver, address, late)
    except ssl.SSLCertVerificationError:
        return "certificate"
    except (OSError, http.client.HTTPException) as error:
        return "timeout" if late.is_set() else _why(error)


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    spoke = isinstance(error, http.client.HTTPException | ssl.SSLError | ConnectionResetError)
    return "no_http" if spoke else "unreachable"


def _looked_up(receiver: Receiver) -> str:
    found = socket.getaddrinfo(receiver.host, receiver.port, type=socket.SOCK_STREAM)
    return str(found[0][4][0])


def _answer(message: Message, stamp: int, receiver: Receiver, address: str, late: threading.Event) -> str:
    with contextlib.ExitStack() as held:
        spoken = held.enter_context(socket.create_connection((address, receiver.port), STEP_SECONDS))

        peer = spoken.getpeername()[0]
        if spoken.getsockname()[0] == peer and not ipaddress.ip_address(peer).is_loopback:
            # The box itself by its address in the LAN; of the loopback `reachable` has judged.
            return "own_address"

        def give_up() -> None:
            late.set()
            with contextlib.suppress(OSError):
                # Of the socket beneath: another thread may be reading what is wrapped around it.
                socket.socket.shutdown(spoken, socket.SHUT_RDWR)

        timer = threading.Timer(WHOLE_SECONDS, give_up)
        timer.daemon = True
        timer.start()
        held.callback(timer.cancel)
        if receiver.secure:
            # The bare socket is an empty shell from here on: what is shut is the wrapped one, during the handshake too.
            spoken = held.enter_context(
                ssl.create_default_context().wrap_socket(
                    spoken, server_hostname=receiver.host, do_handshake_on_connect=False
                )
            )
            if late.is_set():
                raise TimeoutError
            spoken.do_handshake()
        talk = http.client.HTTPConnection(receiver.host, receiver.port, timeout=STEP_SECONDS)
        talk.sock = spoken
        talk.request("POST", receiver.target, message.body.encode(), _heads(message, stamp))
        answer = talk.getresponse()
        if late.is_set():
            # A line that was cut off in the middle of "HTTP/1.1 200" reads like one.
            return "timeout"
        # What it says besides is of no interest, and may be without end.
        return "" if 200 <= answer.status < 300 else f"http_{answer.status}"


def _heads(message: Message, stamp: int) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Lobbydesk",
        "Connection": "close",
        "webhook-id": message.mark,
        "webhook-timestamp": str(stamp),
        "webhook-signature": webhook_signing.sign(message.secret, message.mark, stamp, message.body),
    }
