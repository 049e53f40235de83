"""Times of the store as tables and papers write them."""

from collections.abc import Callable

from reception.rules import clock, local_times
from reception.site import Site


def writer(centre: Site) -> Callable[[str | None], str]:
    """Return what writes a time of the store in the zone of the site: `2026-11-23 14:05`; '' for none."""

    def time(text: str | None) -> str:
        return local_times.written(clock.from_text(text), zone=centre.zone) if text else ""

    return time
