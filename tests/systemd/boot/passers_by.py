"""Computers and phones of the building, as they come in by the box's proxy.

Run on the machine's network (`Machine.on_its_network`). `ask AUTHORITY URL...` prints a line of JSON for each URL:
status, where it leads, what is on it; `hold COUNT` keeps so many connections half open at each door until it is killed.
"""

import contextlib
import http.client
import json
import select
import socket
import ssl
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

NAME = "lobbydesk.local"
ADDRESS = "127.0.0.1"
# Half a header, and a form that never ends.
HALVES = (
    b"GET /T/ABC HTTP/1.1\r\nHost: lobbydesk.local\r\nX-Slow: ",
    b"POST /login HTTP/1.1\r\nHost: lobbydesk.local\r\nContent-Length: 40\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname=",
    b"POST /T/ABC/quote HTTP/1.1\r\nHost: lobbydesk.local\r\nContent-Length: 40\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\nname=",
)


def ask(authority: str, urls: list[str]) -> Iterator[tuple[int, str, str]]:
    """Ask for pages by the box's name, trusting nobody but its own authority."""
    trusted = ssl.create_default_context(cafile=authority)
    for url in urls:
        secure = url.startswith("https:")
        connection = http.client.HTTPConnection(NAME, timeout=10)
        connection.sock = socket.create_connection((ADDRESS, 443 if secure else 80), timeout=10)
        if secure:
            connection.sock = trusted.wrap_socket(connection.sock, server_hostname=NAME)
        with contextlib.closing(connection):
            connection.request("GET", urlsplit(url).path, headers={"Host": NAME})
            answer = connection.getresponse()
            yield answer.status, answer.headers.get("Location", ""), answer.read().decode()


def half_open(number: int) -> socket.socket:
    """Open a connection at one of the doors and say half of something."""
    secure = number % 2 == 0
    connection = socket.create_connection((ADDRESS, 443 if secure else 80), timeout=10)
    if secure:
        blind = ssl.create_default_context()
        blind.check_hostname, blind.verify_mode = False, ssl.CERT_NONE
        connection = blind.wrap_socket(connection, server_hostname=NAME)
    connection.sendall(HALVES[number // 2 % len(HALVES)])
    return connection


def hold(count: int) -> None:
    """Keep so many half open, each opened again when it is closed; say so once all are."""
    held: dict[socket.socket, int] = {half_open(number): number for number in range(count)}
    print("held", flush=True)
    while True:
        for connection in select.select(list(held), [], [], 1.0)[0]:
            number = held.pop(connection)
            connection.close()
            with contextlib.suppress(OSError):
                held[half_open(number)] = number


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        for found in ask(sys.argv[2], sys.argv[3:]):
            print(json.dumps(found), flush=True)
    else:
        hold(int(sys.argv[2]))
