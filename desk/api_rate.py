"""How often a key may ask: each has a bucket that fills up again, so that no system slows the desk down."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

# At once, and then a second.
BURST: Final = 120
A_SECOND: Final = 2.0


@dataclass
class Buckets:
    """What each key (by its id) has left; of this process alone, and full again after a restart."""

    _left: dict[int, tuple[float, datetime]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, key: int, now: datetime) -> int:
        """Take one; return 0, or the seconds after which there is one again."""
        with self._lock:
            left, at = self._left.get(key, (float(BURST), now))
            # A clock that was set back gives nothing and takes nothing.
            left = min(float(BURST), left + max(0.0, (now - at).total_seconds()) * A_SECOND)
            enough = left >= 1
            self._left[key] = (left - 1 if enough else left, now)
            return 0 if enough else max(1, round((1 - left) / A_SECOND + 0.5))
