"""A sender on a real socket, for the tests of the virtual printer."""

import contextlib
import socket
from collections.abc import Iterator

from printing.virtual import VirtualPrinter

TICKET = b"\x1b@A001\n\x1c&" + "请留意叫号".encode("gbk") + b"\x1c.\n\x1dVB\x00"
CONFIRM = b"\x1d(H\x06\x0000abcd"
CONFIRMED = b"\x37\x22abcd\x00"


@contextlib.contextmanager
def wire(printer: VirtualPrinter) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", printer.port), timeout=3) as connection:
        yield connection


def ask(connection: socket.socket, request: bytes, count: int = 1) -> bytes:
    connection.sendall(request)
    return receive(connection, count)


def receive(connection: socket.socket, count: int) -> bytes:
    answer = b""
    while len(answer) < count:
        piece = connection.recv(count - len(answer))
        if not piece:
            break
        answer += piece
    return answer


def silent(connection: socket.socket, seconds: float = 0.15) -> bool:
    connection.settimeout(seconds)
    try:
        return not connection.recv(1)
    except TimeoutError:
        return True
    finally:
        connection.settimeout(3)
