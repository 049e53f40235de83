"""Visitors at the kiosk of a booted box: they tap until they hold a number, and remember each they were shown.

Run on the machine's network (`Machine.on_its_network`); prints one line of JSON for each number that was acknowledged.
"""

import argparse
import http.client
import itertools
import json
import secrets
import sys
import threading
import time

KIOSK = ("127.0.0.1", 8600)
LINES = ("general", "repair", "complaint", "visit-day")
AGAIN_SECONDS = 0.1
TURN = threading.Lock()


def tap(line: str, nonce: str) -> str | None:
    """Take a number as the kiosk's page does; return the token of its page, or None when nobody answered."""
    connection = http.client.HTTPConnection(*KIOSK, timeout=5)
    try:
        connection.request(
            "POST",
            "/check-in",
            f"line={line}&nonce={nonce}",
            {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status == 303:
            return answer.headers["Location"].rsplit("/", 1)[1]
        # 503 is an answer too: the disk is full, or the store is busy. Anything else is a defect.
        return None if answer.status == 503 else sys.exit(f"{answer.status} for a tap")
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def visit(number: int, pause: float) -> None:
    """Come again and again, with the same nonce until it is answered, as a page does that tries again."""
    for visitor in itertools.count():
        nonce, tries = secrets.token_hex(8), 0
        while (token := tap(LINES[(number + visitor) % len(LINES)], nonce)) is None:
            tries += 1
            time.sleep(AGAIN_SECONDS)
        with TURN:
            print(json.dumps({"nonce": nonce, "token": token, "tries": tries, "at": time.time()}), flush=True)
        time.sleep(pause)


def main() -> None:
    """Send so many visitors until killed, or one for one number."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--visitors", type=int, default=3)
    parser.add_argument("--pause", type=float, default=0.2, help="seconds between two numbers of one")
    options = parser.parse_args()
    for number in range(options.visitors):
        threading.Thread(target=visit, args=(number, options.pause), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
