"""A long paper on a slow line: it moves, and whoever watches over the worker hears of it all the while."""

import socket

from printing.devices.conversation import Conversation


class SlowLine:
    """A line that always has room, for fifty bytes at a time."""

    def __init__(self) -> None:
        self.near, self._far = socket.socketpair()
        self.took = b""

    def fileno(self) -> int:
        return self.near.fileno()

    def read(self) -> bytes:
        return b""

    def write(self, data: bytes) -> int:
        self.took += data[:50]
        return len(data[:50])

    def close(self) -> None:
        self.near.close()
        self._far.close()


def test_a_paper_that_moves_says_so_and_is_not_given_up() -> None:
    line, heard = SlowLine(), list[float]()

    def patient(stalled: float) -> bool:
        heard.append(stalled)
        # A worker that is told to stop has no more patience; a paper that moves comes to its end all the same.
        return False

    conversation = Conversation(line, answers=False)
    conversation.send(bytes(1000), patient=patient)
    conversation.close()
    assert len(line.took) == 1000
    assert heard == [0.0] * 20
