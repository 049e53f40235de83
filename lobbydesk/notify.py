"""Word to systemd: that a service is ready, that it lives (sd_notify(3)); outside a unit nobody listens."""

import contextlib
import os
import signal
import socket
import threading


class Notify:
    """The way to the service manager, taken out of the environment: only who holds this speaks for the service.

    gunicorn's parent would say READY before anybody can serve, and feed a watchdog over a worker that hangs.
    """

    def __init__(self) -> None:
        self._address = os.environ.pop("NOTIFY_SOCKET", "")
        self._is_ready = False

    def ready(self) -> None:
        """Say that the service serves; what is known already is not said again."""
        if not self._is_ready:
            self._say("READY=1")
            self._is_ready = True

    def alive(self) -> None:
        """Feed the watchdog; to be called only after something that a hanging service could not have done."""
        self._say("WATCHDOG=1")

    def _say(self, word: str) -> None:
        if not self._address:
            return
        # A manager that does not listen just now must not end a service that works.
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
            way.setblocking(False)
            way.sendto(word.encode(), self._address.replace("@", "\0", 1) if self._address[0] == "@" else self._address)


def stop_asked() -> threading.Event:
    """Return what is set once the service manager, or whoever started us at a terminal, asks us to end."""
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    return stop
