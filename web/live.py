"""Live screens: streams that carry only which topics changed; a screen then fetches its fragment again."""

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from flask import Flask, Response, abort, current_app

from db import pulse
from db.store import open_store

# Each stream holds a thread of forty; presses and check-ins must always find one free.
MAX_STREAMS = 28
# Of them for the LAN, where anybody may open some: places stay for the touch screen, and threads for its presses.
MAX_LAN_STREAMS = 20
# Of them for one: a member of staff with all his windows, or one address of the LAN with its displays.
MAX_OF_ONE = 8
# Whoever turned the page is noticed by the second of these: until then his old page keeps its place.
HEARTBEAT = 5.0
SLOW_WATCH = 0.5


class Places:
    """The places for streams of one process; the practice beside the desk shares its threads, so it shares these."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken = 0
        self._of_each: Counter[str] = Counter()

    def take(self, of: int = MAX_STREAMS, who: str = "") -> bool:
        """Take one; False when so many are taken, or `who` has his share ('': somebody without a share)."""
        with self._lock:
            if self.taken >= of or (who and self._of_each[who] >= MAX_OF_ONE):
                return False
            self.taken += 1
            self._of_each[who] += 1
            return True

    def leave(self, who: str = "") -> None:
        """Give one back."""
        with self._lock:
            self.taken -= 1
            self._of_each[who] -= 1
            # Whoever has left is not remembered.
            self._of_each += Counter()


class Hub:
    """One watcher an app: it waits for the pulse, reads which topics moved, and wakes the streams."""

    def __init__(self, store_path: Path, name: str) -> None:
        self._store_path = store_path
        self._name = name
        self._changed = threading.Condition()
        self._revisions: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.places = Places()

    def stream(self, topics: frozenset[str], while_: Callable[[], bool] = lambda: True) -> Iterator[str]:
        """Yield an event stream: at once all topics (the screen may have missed some), then those that change.

        It ends once `while_` says no: it is asked at each word and each heartbeat.
        """
        with self._changed:
            self._start()
            seen = {topic: self._revisions.get(topic, 0) for topic in topics}
        yield f"retry: 1000\ndata: {json.dumps(sorted(topics))}\n\n"
        while not self._stopping:
            moved = self._wait(seen)
            if not while_():
                return
            yield f"data: {json.dumps(sorted(moved))}\n\n" if moved else ": still here\n\n"

    def _wait(self, seen: dict[str, int]) -> set[str]:
        deadline = time.monotonic() + HEARTBEAT
        with self._changed:
            while not self._stopping:
                moved = {topic for topic in seen if self._revisions.get(topic, 0) != seen[topic]}
                remaining = deadline - time.monotonic()
                if moved or remaining <= 0:
                    seen.update({topic: self._revisions[topic] for topic in moved})
                    return moved
                self._changed.wait(remaining)
        return set()

    def _start(self) -> None:
        # Not at creation: the server forks its worker after the app may have been made.
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, name="pulse", daemon=True)
            self._thread.start()

    def _watch(self) -> None:
        try:
            self._look()
        except sqlite3.Error:
            if self._store_path.exists():
                raise
            # The store was taken away (a practice was ended): nothing will move any more.
            self.stop()

    def _look(self) -> None:
        version = -1
        with (
            closing(open_store(self._store_path)) as store,
            pulse.Listener(pulse.run_folder(self._store_path), self._name) as listener,
        ):
            while not self._stopping:
                # The pragma is the net: an act whose datagram was lost shows half a second later.
                current = store.value("PRAGMA data_version")
                if current != version:
                    version = current
                    revisions = pulse.revisions(store.connection)
                    with self._changed:
                        self._revisions = revisions
                        self._changed.notify_all()
                listener.wait(SLOW_WATCH)

    def stop(self) -> None:
        """End every stream, so that the service can stop at once."""
        self._stopping = True
        # Called from a signal handler that may have interrupted a holder of the lock: never wait for it here.
        if self._changed.acquire(blocking=False):
            self._changed.notify_all()
            self._changed.release()

    def join(self) -> None:
        """Wait until the watcher has ended."""
        if self._thread is not None:
            self._thread.join(5)


def install(app: Flask, store_path: Path, name: str) -> None:
    """Give the app its hub."""
    app.extensions["live"] = Hub(store_path, name)


def answer(
    *topics: str, places: int = MAX_STREAMS, who: str = "", while_: Callable[[], bool] = lambda: True
) -> Response:
    """Answer with a stream of these topics, for as long as `while_` says; 429 when the `places`, or those of `who`, are
    taken (the screen then polls)."""
    hub: Hub = current_app.extensions["live"]
    if not hub.places.take(places, who):
        abort(429)
    response = Response(hub.stream(frozenset(topics), while_), mimetype="text/event-stream")
    # Not in the stream itself: one that is never begun (HEAD, a reader gone at once) never comes to its end either.
    response.call_on_close(lambda: hub.places.leave(who))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"
    return response
