"""How loud the voice is by the hour, written as `07:00=100,21:00=40`: from each time on, in percent."""

import re
from typing import Final

_STEP: Final = re.compile(r"([0-9]{2}):([0-9]{2})=([0-9]{1,3})")


def parse(text: str) -> tuple[tuple[int, int], ...]:
    """Return the steps as (minute of the day, percent), in order. Refuses `volume_invalid`."""
    steps = []
    for part in text.replace("，", ",").split(","):
        match = _STEP.fullmatch(part.strip())
        if match is None or int(match[1]) > 23 or int(match[2]) > 59 or int(match[3]) > 100:
            raise ValueError("volume_invalid")
        steps.append((int(match[1]) * 60 + int(match[2]), int(match[3])))
    if sorted({minute for minute, _ in steps}) != [minute for minute, _ in steps]:
        raise ValueError("volume_invalid")
    return tuple(steps)


def volume_at(text: str, minute: int) -> float:
    """Return the volume at a minute of the day, 0 to 1; before the first step the last one of yesterday goes on."""
    steps = parse(text)
    percent = next((percent for begin, percent in reversed(steps) if begin <= minute), steps[-1][1])
    return percent / 100
