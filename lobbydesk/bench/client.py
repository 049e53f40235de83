"""One client of the HTTP measurement, a process of its own: told by lines on stdin when, where and how long."""

import http.client
import json
import secrets
import sys
import time
from typing import Any

HEADERS = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Work through the orders until stdin ends; answer each with the requests a second that were done."""
    for line in sys.stdin:
        print(json.dumps(work(json.loads(line))), flush=True)


def work(order: dict[str, Any]) -> float:
    """Post forms over one connection that is kept, from `begin` (monotonic seconds) on; return requests a second.

    Raises RuntimeError at any answer but 303: an error is quickly given, and would count as speed.
    """
    connection = http.client.HTTPConnection(order["host"], order["port"], timeout=30)
    connection.connect()
    time.sleep(max(0.0, order["begin"] - time.monotonic()))
    begun, done = time.monotonic(), 0
    while (now := time.monotonic()) < begun + order["seconds"]:
        connection.request("POST", order["path"], f"line={order['line']}&nonce={secrets.token_hex(16)}", HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 303:
            raise RuntimeError(f"answered {answer.status}")
        done += 1
    connection.close()
    return done / (now - begun)


if __name__ == "__main__":
    main()
