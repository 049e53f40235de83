"""How a month stands that is not frozen: it runs, is to be frozen, was never, or lies before the centre began."""

from datetime import date
from typing import Final

from db.store import Store
from reception.case_flow import Month
from reception.rules import clock
from reception.rules.visit_days import month_after
from reception.site import site
from reception.wording import Words

# So long a frozen month is counted again each day; what the records lose later is retention, no correction.
WATCHED_MONTHS: Final = 12
RUNNING, DRAFT, FROZEN, ISSUED = "running", "draft", "frozen", "issued"
BEFORE, MISSED = "before", "missed"
STATES: Final = {
    BEFORE: Words("尚未启用", "Not in use yet"),
    MISSED: Words("未冻结", "Never frozen"),
    RUNNING: Words("进行中", "Running"),
    DRAFT: Words("待冻结", "To be frozen"),
    FROZEN: Words("已冻结，待签发", "Frozen, to be issued"),
    ISSUED: Words("已签发", "Issued"),
}


def begun(store: Store) -> str | None:
    """Return the month of the first event (`2026-11`); None before there is any."""
    first: str | None = store.value("SELECT at FROM events WHERE id = (SELECT min(id) FROM events)")
    return None if first is None else f"{clock.local_day(clock.from_text(first), site(store).zone):%Y-%m}"


def a_year_before(today: date) -> str:
    """Return the oldest month that is still frozen and watched: of an older one nobody knows how it stood."""
    year, number = month_after(today.year, today.month, -WATCHED_MONTHS)
    return f"{year}-{number:02d}"


def of_unfrozen(store: Store, of: Month, today: date) -> str:
    """Return how a month stands that is not frozen."""
    if of.current:
        return RUNNING
    if of.code < (begun(store) or f"{today:%Y-%m}"):
        return BEFORE
    return DRAFT if of.code >= a_year_before(today) else MISSED
