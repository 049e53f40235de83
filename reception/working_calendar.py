"""The working calendar: official holidays and make-up days, and the manager's word above them."""

from datetime import date

from db.store import Store, writing
from reception.official_days import official_days
from reception.rules.working_days import Calendar, DayKind


def calendar(store: Store, *, since: date = date.min) -> Calendar:
    """Return the working calendar from `since` on: the exceptions in the store, and the years with official data."""
    days = {
        date.fromisoformat(row["day_on"]): DayKind(row["kind"])
        for row in store.rows("SELECT day_on, kind FROM calendar_days WHERE day_on >= ?", [since.isoformat()])
    }
    return Calendar(days=days, official_years=official_years(store))


def official_years(store: Store) -> frozenset[int]:
    """Return the years whose notice is in the store."""
    return frozenset(row[0] for row in store.rows("SELECT year FROM calendar_years"))


def load_official_days(store: Store) -> int:
    """Fill the calendar with the official holidays and make-up days that come with the box; return how many days.

    The manager's word stands above the notice: his days stay as they are.
    """
    days = official_days()
    with writing(store):
        for day, (kind, name) in sorted(days.items()):
            put_official(store, day.isoformat(), kind, name)
        for year in sorted({day.year for day in days}):
            mark_official(store, year)
    return len(days)


def put_official(store: Store, day_on: str, kind: str, name: str) -> None:
    """Write inside an act what the notice says of a day; it holds unless the manager said something else."""
    store.execute(
        "INSERT INTO official_days (day_on, kind, name) VALUES (?, ?, ?)"
        " ON CONFLICT (day_on) DO UPDATE SET kind = excluded.kind, name = excluded.name",
        [day_on, kind, name],
    )
    store.execute(
        "INSERT INTO calendar_days (day_on, kind, note, source) VALUES (?, ?, ?, 'official') ON CONFLICT (day_on)"
        " DO UPDATE SET kind = excluded.kind, note = excluded.note WHERE source = 'official'",
        [day_on, kind, name],
    )


def mark_official(store: Store, year: int) -> None:
    """Write inside an act that the notice of a year is in the table: its days are no longer provisional."""
    store.execute("INSERT INTO calendar_years (year) VALUES (?) ON CONFLICT DO NOTHING", [year])
