"""Notices (公告): what the attract screen and the display tell, in its dates."""

from datetime import date

from db.store import Store
from reception.wording import Words


def current(store: Store, today: date) -> list[Words]:
    """Return the notices of a day, those that end first before the others."""
    rows = store.rows(
        "SELECT title, title_en FROM notices WHERE active = 1 AND until_on >= ? AND from_on <= ? ORDER BY until_on, id",
        [today.isoformat(), today.isoformat()],
    )
    return [Words(row["title"], row["title_en"]) for row in rows]
