"""What the session of a visit day was, in figures (K10): who came and how, who was met, how long it took."""

from dataclasses import dataclass
from statistics import median

from db.store import Store
from reception import seals
from reception.permissions import KIOSK
from reception.rules import clock


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a day. `arrivals`: by `booking_facts.ARRIVALS`; waits and talks in minutes, None where nobody was.

    `over` talks ended after their time, by `over_minutes` in all, the minutes that the host gave not among them
    (`extended_minutes`). `out_of_order`: calls for a reason. `handed_over`: decided without a talk.
    """

    booked: int
    arrivals: dict[str, int]
    met: int
    no_shows: int
    walk_ins: int
    rebooked: int
    handed_over: int
    over: int
    over_minutes: int
    extended_minutes: int
    out_of_order: int
    wait_median: float | None
    wait_longest: float | None
    talk_median: float | None

    @property
    def came(self) -> int:
        """How many were here."""
        return sum(self.arrivals.values())


def of_day(store: Store, day_id: int) -> Figures:
    """Return the figures of a visit day, as they stand."""
    states = store.counts(
        "SELECT cases.state, count(*) FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"  # noqa: S608
        f" WHERE booked.visit_day_id = ? AND {seals.open_to(KIOSK)} GROUP BY cases.state",
        [day_id],
    )
    arrivals = store.counts(
        "SELECT arrival, count(*) FROM visit_day_bookings WHERE visit_day_id = ? AND arrival IS NOT NULL"
        " GROUP BY arrival",
        [day_id],
    )
    talks = store.rows(
        "SELECT began_at, planned_end_at, ended_at, extended_minutes, arrived_at FROM visit_day_meetings AS talk"
        " JOIN visit_day_bookings AS booked ON booked.case_id = talk.case_id WHERE talk.visit_day_id = ? LIMIT 500",
        [day_id],
    )
    waits = [_minutes(row["arrived_at"], row["began_at"]) for row in talks if row["arrived_at"]]
    lengths = [_minutes(row["began_at"], row["ended_at"]) for row in talks if row["ended_at"]]
    over = [
        found for row in talks if row["ended_at"] and (found := _minutes(row["planned_end_at"], row["ended_at"])) > 0
    ]
    return Figures(
        booked=sum(states.values()),
        arrivals=arrivals,
        met=len(talks),
        no_shows=states.get("no_show", 0),
        walk_ins=_count(store, "FROM visit_day_bookings WHERE visit_day_id = ? AND walk_in = 1", day_id),
        rebooked=_count(
            store,
            "FROM visit_day_changes WHERE cause = 'overrun' AND was_on ="
            " (SELECT actual_on FROM visit_days WHERE id = ?)",
            day_id,
        ),
        handed_over=_count(
            store,
            "FROM visit_day_bookings AS booked WHERE visit_day_id = ? AND arrived_at IS NOT NULL"
            " AND EXISTS (SELECT 1 FROM resolutions WHERE resolutions.case_id = booked.case_id)"
            " AND NOT EXISTS (SELECT 1 FROM visit_day_meetings AS talk WHERE talk.case_id = booked.case_id)",
            day_id,
        ),
        over=len(over),
        over_minutes=round(sum(over)),
        extended_minutes=sum(row["extended_minutes"] for row in talks),
        out_of_order=_count(
            store,
            "FROM calls JOIN visit_day_bookings AS booked ON booked.ticket_id = calls.ticket_id"
            " WHERE visit_day_id = ? AND called_as = 'picked' AND recall = 0 AND undone_at IS NULL",
            day_id,
        ),
        wait_median=round(median(waits), 1) if waits else None,
        wait_longest=round(max(waits), 1) if waits else None,
        talk_median=round(median(lengths), 1) if lengths else None,
    )


def _count(store: Store, rest: str, day_id: int) -> int:
    found: int = store.value(f"SELECT count(*) {rest}", [day_id])
    return found


def _minutes(begin: str, end: str) -> float:
    return (clock.from_text(end) - clock.from_text(begin)).total_seconds() / 60
