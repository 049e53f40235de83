"""The ground both Flask apps stand on: one factory that wires store, clock, guard, languages and refusals."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request, send_from_directory
from flask_htmx import HTMX

from db.store import Store, open_store
from web import guard, headers, health, hosts, lan, languages, live, refusals, visit_days

Clock = Callable[[], datetime]

# A registration is a few hundred bytes; nothing a visitor types needs more.
MAX_BODY = 64 * 1024
HERE = Path(__file__).parent


def system_clock() -> datetime:
    """Return the time of the box, in UTC: the clock that apps take at creation."""
    return datetime.now(UTC)


class Stores:
    """One connection a thread, opened when the thread first asks, and kept with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    def get(self) -> Store:
        """Return the calling thread's store."""
        store: Store | None = getattr(self._local, "store", None)
        if store is None:
            store = self._local.store = open_store(self.path)
        return store

    def close(self) -> None:
        """Close the calling thread's store, if it has one."""
        store: Store | None = getattr(self._local, "store", None)
        if store is not None:
            store.close()
            self._local.store = None


class App(Flask):
    """Flask, with a log that quotes nobody."""

    def log_exception(self, exc_info: Any) -> None:
        """Say where a defect showed: by its route, for an address may be somebody's key (`/T/<code>`)."""
        self.logger.error("defect at %s %s", request.method, request.url_rule or "no page", exc_info=exc_info)


def create_app(name: str, folder: Path, *, store_path: Path, clock: Clock = system_clock) -> Flask:
    """Return a Flask app with everything the two have in common; the caller registers its views."""
    app = App(name, root_path=str(folder), static_folder="static", static_url_path="/assets")
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=64,
        SEND_FILE_MAX_AGE_DEFAULT=300,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.extensions["stores"] = Stores(store_path)
    app.extensions["clock"] = clock
    HTMX(app)
    app.register_blueprint(_shared())
    hosts.install(app)
    guard.install(app)
    headers.install(app)
    languages.install(app)
    refusals.install(app)
    visit_days.install(app)
    live.install(app, store_path, name)
    app.add_url_rule("/health", "health", lambda: health_answer())
    return app


def _shared() -> Blueprint:
    """The files both apps serve: our own, and htmx as its package holds it (no CDN, no copy in this repository)."""
    shared = Blueprint("web", __name__, template_folder="templates")
    htmx = Path(str(files("js_lib_htmx"))) / "static" / "htmx"

    @shared.get("/assets/web/<path:filename>")
    def asset(filename: str) -> Response:
        return send_from_directory(HERE / "static", filename)

    @shared.get("/assets/htmx.min.js")
    def htmx_script() -> Response:
        return send_from_directory(htmx, "htmx.min.js")

    return shared


def store() -> Store:
    """Return the store of this request's thread."""
    stores: Stores = current_app.extensions["stores"]
    return stores.get()


def now() -> datetime:
    """Return one reading of the app's clock, in UTC."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def health_answer() -> tuple[Response, int]:
    """Answer `/health`: 503 only when the store cannot be read or written, or migrations are pending.

    Who asks over the LAN is a stranger, logged in or not: staff have the page of the box.
    """
    report: dict[str, Any] = health.report(store, now(), stranger=lan.from_lan())
    return jsonify(report), 200 if report["ok"] else 503
