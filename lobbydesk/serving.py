"""Serving a Flask app with gunicorn: one worker, forty threads, streams that end on stop, a watchdog fed by work."""

import logging
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import ThreadWorker

from lobbydesk.notify import Notify

if TYPE_CHECKING:
    from flask import Flask

    from db.store import Store

log = logging.getLogger("lobbydesk")

THREADS = 40
LOOK_SECONDS = 1.0
# So long may all threads be taken before that counts as hanging: forty slow connections are let go after five.
BUSY_SECONDS = 20.0


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, which ends the live streams when it is told to stop, and feeds the watchdog."""

    _quitting = False
    _look: "Future[None] | None" = None
    _looked_at = _answered_at = 0.0

    def notify(self) -> None:
        """Called by the loop that accepts connections, every second at least: say that we live, if we do."""
        super().notify()
        now = time.monotonic()
        if self.alive and now >= self._looked_at + LOOK_SECONDS:
            self._looked_at = now
            self._feed(now)

    def _feed(self, now: float) -> None:
        """Feed the watchdog when the store can be read here, and a thread of those that serve read it not long ago."""
        ended = self._look is None or self._look.done()
        if ended and (self._look is None or self._look.exception() is None):
            self._answered_at = now
        if ended:
            # Stands in line behind the requests: where all threads hang, it is never answered.
            self._look = self.tpool.submit(self._serve_a_look)
        try:
            self._read()
        except sqlite3.Error as error:
            log.error("store: %s", getattr(error, "sqlite_errorname", "unreadable"))
            return
        if now - self._answered_at < BUSY_SECONDS:
            self.app.notify.alive()

    def _serve_a_look(self) -> None:
        """What a thread of the pool does: it has read the store, so it can serve, and says so."""
        self._read()
        self.app.notify.ready()

    def _read(self) -> None:
        """Read the store over this thread's own connection, as a request would. Raises `sqlite3.Error`."""
        store: Store = self.wsgi.extensions["stores"].get()
        store.value("SELECT count(*) FROM sqlite_master")

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: end the streams, then finish what is under way."""
        self._end_streams()
        super().handle_exit(sig, frame)

    def handle_quit(self, sig: int, frame: Any) -> None:
        """SIGINT or SIGQUIT: the same, in haste.

        Ctrl-C reaches parent and worker alike, and the parent passes it on: the second signal must not enter the
        handler while the first holds the pool's lock (it stood still there until it was killed).
        """
        if self._quitting:
            return
        self._quitting = True
        self._end_streams()
        super().handle_quit(sig, frame)

    def _end_streams(self) -> None:
        app = getattr(self, "wsgi", None)
        if app is not None:
            app.extensions["live"].stop()
            if "practice" in app.extensions:
                app.extensions["practice"].end_streams()


class Log(Logger):  # type: ignore[misc]
    """gunicorn's log, written as all of ours is, and without the addresses it would quote: they may hold a token."""

    def setup(self, cfg: Any) -> None:
        """Let its lines go the way of everybody's."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Say that a request broke off, and where."""
        self.error_log.error("a request broke off" if args else msg, exc_info=True)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Say what is amiss, but not what was sent."""
        self.error_log.warning("a request was no HTTP" if msg.startswith("Invalid request") else msg, *args, **kwargs)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line."""

    def __init__(self, make_app: "Callable[[], Flask]", bind: str) -> None:
        self._make_app = make_app
        self._bind = bind
        self.notify = Notify()
        super().__init__()

    def load_config(self) -> None:
        """Set what `box.md` measured: gthread, a short grace, no control socket (two services would share it)."""
        for key, value in {
            # Sockets that systemd hands over (LISTEN_FDS) go before it.
            "bind": self._bind,
            "workers": 1,
            "worker_class": f"{Worker.__module__}.{Worker.__qualname__}",
            "threads": THREADS,
            "graceful_timeout": 2,
            # Longer than the proxy rests (systemd/Caddyfile): the one that closes is the one that asks.
            "keepalive": 2,
            "timeout": 60,
            "control_socket_disable": True,
            "logger_class": f"{Log.__module__}.{Log.__qualname__}",
            "accesslog": None,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm",
            # Over a Unix socket gunicorn believes whatever is sent: it is to believe that the proxy spoke TLS, no more.
            # By its default a header SCRIPT_NAME turns "/display/check-in" into "/check-in" (tried).
            "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"},
            "forwarder_headers": "",
        }.items():
            self.cfg.set(key, value)

    def load(self) -> "Flask":
        """Make the app in the worker, after the fork."""
        return self._make_app()


def serve(make_app: "Callable[[], Flask]", bind: str) -> int:
    """Serve until stopped."""
    Server(make_app, bind).run()
    return 0
