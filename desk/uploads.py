"""Files that wait between their check and their import: in memory alone, one a session, for half an hour."""

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, current_app

from reception.imports import Report
from web.app import now

KEPT_FOR = timedelta(minutes=30)
# The oldest goes first: whatever many sessions upload, the box keeps its memory.
AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was checked. It may hold data of persons: it never touches the disk, a log or a backup."""

    kind: str
    data: bytes
    sha256: str
    report: Report
    at: datetime


class Uploads:
    """The waiting files by session. The desk is one process (`lobbydesk.serving`); a restart forgets them all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, Upload] = {}

    def keep(self, session: str, upload: Upload) -> None:
        """Keep a file for its session in place of the one before."""
        with self._lock:
            self._kept.pop(session, None)
            self._kept[session] = upload
            while len(self._kept) > AT_MOST:
                self._kept.pop(next(iter(self._kept)))

    def of(self, session: str) -> Upload | None:
        """Return the file of a session, or None."""
        return self._kept.get(session)

    def move(self, session: str, to: str) -> None:
        """Keep a file on under the new key of its session."""
        with self._lock:
            if session in self._kept:
                self._kept[to] = self._kept.pop(session)

    def drop(self, session: str) -> None:
        """Forget the file of a session: used, or logged out."""
        with self._lock:
            self._kept.pop(session, None)

    def sweep(self, at: datetime) -> None:
        """Forget what waited for more than half an hour."""
        if self._kept:
            with self._lock:
                self._kept = {key: one for key, one in self._kept.items() if timedelta(0) <= at - one.at <= KEPT_FOR}


def install(app: Flask) -> None:
    """Keep uploads with the app, and sweep them with every request of anybody."""
    app.extensions["uploads"] = Uploads()
    app.before_request(lambda: uploads().sweep(now()))


def uploads() -> Uploads:
    """Return the waiting files of this app."""
    found: Uploads = current_app.extensions["uploads"]
    return found
