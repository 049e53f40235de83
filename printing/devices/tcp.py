"""The line to a printer on TCP port 9100."""

import select
import socket
import time

from printing.devices.conversation import CHUNK
from printing.devices.device import PrinterAbsent

CONNECT_SECONDS = 2.0
DRAIN_SECONDS = 0.2


class TcpLine:
    """One connection to `place`, host:port. Raises `PrinterAbsent`."""

    def __init__(self, place: str) -> None:
        host, _, port = place.rpartition(":")
        try:
            self._socket = socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS)
        except (OSError, UnicodeError) as error:
            raise PrinterAbsent(str(error)) from None
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """Return the socket's number."""
        return self._socket.fileno()

    def read(self) -> bytes:
        """Return what has come, empty when nothing. Raises OSError when the connection has ended."""
        try:
            said = self._socket.recv(CHUNK)
        except BlockingIOError:
            return b""
        if not said:
            raise ConnectionResetError("the printer ended the connection")
        return said

    def write(self, data: bytes) -> int:
        """Hand over what there is room for; return how many bytes. Raises OSError."""
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        """Half-close, drain, close: an abrupt end may take the last bytes of a paper with it."""
        deadline = time.monotonic() + DRAIN_SECONDS
        try:
            self._socket.shutdown(socket.SHUT_WR)
            while (remaining := deadline - time.monotonic()) > 0:
                readable, _, _ = select.select([self._socket], [], [], remaining)
                if not readable or not self._socket.recv(CHUNK):
                    break
        except OSError:
            pass
        finally:
            self._socket.close()
