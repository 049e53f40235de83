"""What the session of a visit day was (K10): how its guests came, how long they waited, how long the talks took.

How many came, were met or handed over is counted in `visit_day_figures`.
"""

from dataclasses import dataclass
from statistics import mean, median

from db.store import Store
from reception.rules import clock

# More talks than any day holds.
MOST = 500


@dataclass(frozen=True, slots=True)
class Figures:
    """The session of a day. `arrivals`: by `booking_facts.ARRIVALS`; waits and talks in minutes, None where nobody was.

    `over` talks ended after their time, by `over_minutes` in all; the minutes that the host gave are not among them:
    `extended` talks were given `extended_minutes`. `out_of_order`: calls for a reason.
    """

    arrivals: dict[str, int]
    wait_median: float | None
    wait_longest: float | None
    talk_average: float | None
    talk_median: float | None
    talk_longest: float | None
    over: int
    over_minutes: float
    extended: int
    extended_minutes: int
    out_of_order: int

    @property
    def came(self) -> int:
        """How many were here."""
        return sum(self.arrivals.values())


def of_day(store: Store, day_id: int) -> Figures:
    """Return the figures of the session of a visit day, as they stand: numbers alone, of nobody's case."""
    arrivals = store.counts(
        "SELECT arrival, count(*) FROM visit_day_bookings WHERE visit_day_id = ? AND arrival IS NOT NULL"
        " GROUP BY arrival",
        [day_id],
    )
    talks = store.rows(
        "SELECT began_at, planned_end_at, ended_at, extended_minutes, arrived_at FROM visit_day_meetings AS talk"
        " JOIN visit_day_bookings AS booked ON booked.case_id = talk.case_id WHERE talk.visit_day_id = ? LIMIT ?",
        [day_id, MOST],
    )
    waits = [_minutes(row["arrived_at"], row["began_at"]) for row in talks if row["arrived_at"]]
    lengths = [_minutes(row["began_at"], row["ended_at"]) for row in talks if row["ended_at"]]
    ends = [_minutes(row["planned_end_at"], row["ended_at"]) for row in talks if row["ended_at"]]
    over = [minutes for minutes in ends if minutes > 0]
    out_of_order: int = store.value(
        "SELECT count(*) FROM calls JOIN visit_day_bookings AS booked ON booked.ticket_id = calls.ticket_id"
        " WHERE visit_day_id = ? AND called_as = 'picked' AND recall = 0 AND undone_at IS NULL",
        [day_id],
    )
    return Figures(
        arrivals=arrivals,
        wait_median=_rounded(median(waits)) if waits else None,
        wait_longest=_rounded(max(waits)) if waits else None,
        talk_average=_rounded(mean(lengths)) if lengths else None,
        talk_median=_rounded(median(lengths)) if lengths else None,
        talk_longest=_rounded(max(lengths)) if lengths else None,
        over=len(over),
        over_minutes=_rounded(sum(over)),
        extended=sum(bool(row["extended_minutes"]) for row in talks),
        extended_minutes=sum(row["extended_minutes"] for row in talks),
        out_of_order=out_of_order,
    )


def _minutes(begin: str, end: str) -> float:
    return (clock.from_text(end) - clock.from_text(begin)).total_seconds() / 60


def _rounded(minutes: float) -> float:
    return round(minutes, 1)
