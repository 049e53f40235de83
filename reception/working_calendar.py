"""The working calendar: official holidays and make-up days, and the manager's word above them."""

from datetime import date

from db.store import Store, writing
from reception.rules.working_days import Calendar, DayKind


def calendar(store: Store, *, since: date = date.min) -> Calendar:
    """Return the working calendar from `since` on: the exceptions in the store, and the years with official data."""
    days = {
        date.fromisoformat(row["day_on"]): DayKind(row["kind"])
        for row in store.rows("SELECT day_on, kind FROM calendar_days WHERE day_on >= ?", [since.isoformat()])
    }
    return Calendar(
        days=days, official_years=frozenset(row[0] for row in store.rows("SELECT year FROM calendar_years"))
    )


def load_official_days(store: Store) -> int:
    """Fill the calendar with the official holidays and make-up days we have data for; return how many days.

    Days already in the table stay as they are: the manager's word stands above the notice.
    """
    import chinese_calendar

    rest = {day: (DayKind.REST, name) for day, name in chinese_calendar.holidays.items()}
    work = {day: (DayKind.WORK, name) for day, name in chinese_calendar.workdays.items()}
    days = rest | work
    with writing(store):
        for day, (kind, name) in sorted(days.items()):
            store.execute(
                "INSERT INTO calendar_days (day_on, kind, note, source) VALUES (?, ?, ?, 'official')"
                " ON CONFLICT (day_on) DO NOTHING",
                [day.isoformat(), kind, name],
            )
        for year in sorted({day.year for day in days}):
            store.execute("INSERT INTO calendar_years (year) VALUES (?) ON CONFLICT DO NOTHING", [year])
    return len(days)
