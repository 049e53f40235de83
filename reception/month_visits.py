"""A month's visits (domain.md K10, STA-01, STA-02): who came for what and when, how long they waited and stayed."""

from collections import Counter
from sqlite3 import Row
from zoneinfo import ZoneInfo

from db.store import Store
from reception.case_flow import Month
from reception.month_content import BARS, GRID, Section, Table
from reception.month_definitions import figure
from reception.month_tables import parts, table
from reception.rules import clock, month_days
from reception.rules.small_cells import hide
from reception.rules.spans_of_time import spread
from reception.site import site
from reception.wording import Words

CHANNELS = {"kiosk": Words("自助机", "Kiosk"), "desk": Words("前台", "Desk")}
COUNT = [("count", Words("人次", "Visits"))]
# Whom one role alone receives, and the guests of a visit day: others would read of them here.
_APART = "(SELECT code FROM lines WHERE hears IS NOT NULL OR session = 1)"
_OF_MONTH = (
    "FROM visits INDEXED BY visits_arrived LEFT JOIN tickets ON tickets.visit_id = visits.id"
    " WHERE visits.arrived_at >= :begin AND visits.arrived_at < :end"
    f" AND purpose NOT IN {_APART} AND (line IS NULL OR line NOT IN {_APART})"
)


def section(store: Store, of: Month) -> Section:
    """Return the visits of a month, each figure with its definition."""
    rows = store.rows(
        "SELECT visits.channel, visits.purpose, visits.arrived_at AS came_at, visits.state AS visit, left_at, line,"
        f" tickets.state, issued_at, called_at, started_at, ended_at, closed_by_day, misses {_OF_MONTH}",
        {"begin": of.begin, "end": of.end},
    )
    served = [row for row in rows if row["state"] == "completed"]
    waits = spread(_minutes(row["issued_at"], row["called_at"]) for row in served if row["called_at"])
    service = spread(
        _minutes(row["started_at"], row["ended_at"]) for row in served if row["started_at"] and not row["closed_by_day"]
    )
    stay = spread(_minutes(row["came_at"], row["left_at"]) for row in rows if row["visit"] == "closed")
    states = Counter(row["state"] for row in rows)
    return Section(
        "visits",
        Words("来访与等候", "Visits and waits"),
        (
            figure("visits", len(rows)),
            figure("served", len(served), len(rows) - states[None]),
            figure("cancelled", states["cancelled"]),
            figure("expired", states["expired"]),
            figure("missed", sum(row["misses"] or 0 for row in rows)),
            figure("closed_by_day", sum(bool(row["closed_by_day"]) for row in rows)),
            figure("out_of_order", _out_of_order(store, of)),
            figure("wait_average", waits.average),
            figure("wait_median", waits.median),
            figure("wait_p90", waits.p90),
            figure("wait_longest", waits.longest),
            figure("service_average", service.average),
            figure("service_median", service.median),
            figure("stay_average", stay.average),
        ),
        _tables(store, of, rows, site(store).zone),
    )


def _tables(store: Store, of: Month, rows: list[Row], zone: ZoneInfo) -> tuple[Table, ...]:
    names = {
        row["code"]: Words(row["name"], row["name_en"])
        for row in store.rows("SELECT * FROM lines ORDER BY position, code")
    }
    came = [(row["purpose"], clock.from_text(row["came_at"]).astimezone(zone)) for row in rows]
    purposes = [code for code in names if any(code == purpose for purpose, _at in came)]
    hours = sorted({at.hour for _purpose, at in came})
    hours = list(range(hours[0], hours[-1] + 1)) if hours else []
    cells = Counter((purpose, at.hour) for purpose, at in came)
    days = Counter(at.day for _purpose, at in came)
    channels = Counter(row["channel"] for row in rows)
    by_line = Counter(purpose for purpose, _at in came)
    lines = parts("by_purpose", COUNT, [(code, names[code], by_line[code]) for code in purposes], drawn=BARS)
    all_days = range(1, month_days.length(of.code) + 1)
    return (
        table(
            "by_day",
            [(f"{day:02d}", Words(str(day), str(day))) for day in all_days],
            [("visits", Words("来访", "Visits"), [days[day] for day in all_days])],
            drawn=BARS,
        ),
        table(
            "by_hour",
            [(f"{hour:02d}", Words(f"{hour}时", f"{hour}:00")) for hour in hours],
            # The hours of a line would add up to what is hidden of it.
            [
                (row.code, row.name, hide([cells[row.code, hour] for hour in hours]))
                if row.cells != (None,)
                else (row.code, row.name, [None] * len(hours))
                for row in lines.rows
            ],
            drawn=GRID,
            few=True,
        ),
        lines,
        table("by_channel", COUNT, [(code, name, [channels[code]]) for code, name in CHANNELS.items()], drawn=BARS),
    )


def _out_of_order(store: Store, of: Month) -> int:
    found: int = store.value(
        f"SELECT count(*) FROM calls WHERE called_as = 'picked' AND recall = 0 AND undone_at IS NULL AND ticket_id IN"  # noqa: S608
        f" (SELECT tickets.id {_OF_MONTH})",
        {"begin": of.begin, "end": of.end},
    )
    return found


def _minutes(begin: str, end: str) -> float:
    return max(0.0, (clock.from_text(end) - clock.from_text(begin)).total_seconds() / 60)
