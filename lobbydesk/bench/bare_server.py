"""The least that a Flask view can do durably: the yardstick for the check-in over HTTP. Run as a process."""

import sys
import threading
from pathlib import Path

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue

from lobbydesk.bench.acts import bare_connection, commit_row
from lobbydesk.serving import serve
from web import headers, live
from web.app import Stores


def create(path: Path) -> Flask:
    """Return an app whose `POST /row` commits one row and answers as the check-in does, with the same headers."""
    app = Flask("bare")
    headers.install(app)
    # The server class ends the streams of its app when it stops.
    live.install(app, path, "bare")
    # It reads its store once a second, too: to know that it can serve.
    stores = app.extensions["stores"] = Stores(path)
    bare_connection(path).close()
    # Without it eight threads fight inside SQLite, and the yardstick would be too short (`box.md`).
    turn = threading.Lock()

    @app.post("/row")
    def row() -> ResponseReturnValue:
        with turn:
            commit_row(stores.get().connection, request.form["nonce"])
        return redirect("/", 303)

    @app.get("/")
    def home() -> str:
        return "ready"

    return app


if __name__ == "__main__":
    raise SystemExit(serve(lambda: create(Path(sys.argv[1])), sys.argv[2]))
