"""Serving a Flask app with gunicorn: one worker, forty threads, streams that end on stop."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

if TYPE_CHECKING:
    from flask import Flask

THREADS = 40


class Worker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, which ends the live streams when it is told to stop."""

    _quitting = False

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


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn without its command line."""

    def __init__(self, make_app: "Callable[[], Flask]", bind: str) -> None:
        self._make_app = make_app
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        """Set what `box.md` measured: gthread, a short grace, no control socket (two services would share it)."""
        for key, value in {
            "bind": self._bind,
            "workers": 1,
            "worker_class": f"{Worker.__module__}.{Worker.__qualname__}",
            "threads": THREADS,
            "graceful_timeout": 2,
            # Longer than the proxy rests (systemd/Caddyfile): the one that closes is the one that asks.
            "keepalive": 2,
            "timeout": 60,
            "control_socket_disable": True,
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
