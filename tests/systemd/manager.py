"""What a service sees of systemd: a socket that listens already, and a place for its words."""

import os
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

# As systemd does it: the sockets from number 3 on, for this process alone.
HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.executable, [sys.executable, "-m", "lobbydesk", *sys.argv[2:]])
"""


class Manager:
    """One service under a service manager; `heard` keeps (process id, word) in their order."""

    def __init__(self, folder: Path, *command: str) -> None:
        self.door = folder / "door.sock"
        self.heard: list[tuple[int, str]] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.door))
        self._listening.listen()
        self._words = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._words.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._words.bind(str(folder / "notify.sock"))
        number = self._listening.fileno()
        self.process = subprocess.Popen(
            [sys.executable, "-c", HAND_OVER, str(number), *command],
            pass_fds=[number],
            env=os.environ | {"NOTIFY_SOCKET": str(folder / "notify.sock")},
        )

    def hears(self, word: str, seconds: float = 20.0) -> int:
        """Wait for a word; return the id of the process that said it."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._words.settimeout(left)
            try:
                data, extra, _, _ = self._words.recvmsg(1024, socket.CMSG_SPACE(12))
            except TimeoutError:
                break
            who: int = struct.unpack("iII", extra[0][2])[0]
            self.heard.append((who, data.decode()))
            if data.decode() == word:
                return who
        raise AssertionError(f"{word} was not said; heard: {self.heard}")

    def get(self, path: str) -> str:
        """Return the answer to a request through the door."""
        with socket.socket(socket.AF_UNIX) as caller:
            caller.settimeout(20)
            caller.connect(str(self.door))
            caller.sendall(f"GET {path} HTTP/1.1\r\nHost: box\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while part := caller.recv(65536):
                answer += part
            return answer.decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self._listening.close()
        self._words.close()
