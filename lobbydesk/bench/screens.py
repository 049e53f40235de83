"""Some call displays, as their script behaves: told by the stream, each fetches its calls. Run as a process."""

import http.client
import re
import sys
import threading
import time

from lobbydesk.bench.services import HOST, request

CALLED = re.compile(r'data-ticket-no="([A-Z][0-9]+)"')
_said = threading.Lock()


def say(words: str) -> None:
    """Write a line to whoever started this process, whole."""
    with _said:
        print(words, flush=True)


def watch(port: int) -> None:
    """Hold a stream open; say `NUMBER MONOTONIC-SECONDS` when a changed fragment has arrived (`-`: none is called)."""
    stream = http.client.HTTPConnection(HOST, port, timeout=60)
    stream.request("GET", "/display/events")
    answer = stream.getresponse()
    if answer.status != 200:
        raise RuntimeError(f"the stream was answered with {answer.status}")
    shown: str | None = None
    while line := answer.readline():
        if not line.startswith(b"data:"):
            continue
        _, _, fragment = request(port, "GET", "/display/calls")
        arrived = time.monotonic()
        called = CALLED.search(fragment)
        number = called[1] if called else "-"
        if number != shown:
            shown = number
            say(f"{number} {arrived!r}")


def main() -> None:
    """Be `argv[2]` displays of the kiosk on port `argv[1]`, until stopped."""
    for _ in range(int(sys.argv[2])):
        threading.Thread(target=watch, args=(int(sys.argv[1]),), daemon=True).start()
    # Whoever started this holds the other end of stdin: its end is ours too.
    sys.stdin.read()


if __name__ == "__main__":
    main()
