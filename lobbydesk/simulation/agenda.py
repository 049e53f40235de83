"""What is going to happen when: the heart of a simulation by events."""

import heapq
from collections.abc import Callable
from itertools import count

Act = Callable[[], None]


class Agenda:
    """Acts by their time, in seconds after midnight; what was noted first comes first at the same time."""

    def __init__(self, set_time: Callable[[float], None]) -> None:
        """Begin at midnight; `set_time` is told the time before every act."""
        self.now = 0.0
        self._set_time = set_time
        self._coming: list[tuple[float, int, Act]] = []
        self._order = count()

    def at(self, seconds: float, act: Act) -> None:
        """Note an act; one for a time that is past happens now."""
        heapq.heappush(self._coming, (max(seconds, self.now), next(self._order), act))

    def after(self, span: float, act: Act) -> None:
        """Note an act that happens in so many seconds."""
        self.at(self.now + span, act)

    def run(self, until: float) -> None:
        """Let everything happen that comes before `until`, then let it be that time."""
        while self._coming and self._coming[0][0] < until:
            at, _, act = heapq.heappop(self._coming)
            self.set(at)
            act()
        self.set(until)

    def set(self, seconds: float) -> None:
        """Let it be that time."""
        self.now = seconds
        self._set_time(seconds)
