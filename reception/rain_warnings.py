"""大雨预警 (RUL-27): declared for a day by the desk; the homes in custody are looked at before, and after its end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from db.store import Store, writing
from reception import custody_facts, events, nonces
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, numbers
from reception.rules.custody import WEEKS_SHOWN, Rain
from reception.typed_days import typed_day
from reception.wording import Words

SUBJECT: Final = "rain"
# No forecast reaches further.
AHEAD: Final = timedelta(days=10)
SHOWN: Final = 5
STANDINGS = {
    None: Words("已发布", "Declared"),
    True: Words("已结束", "Over"),
    False: Words("已取消（未下）", "Called off, it did not come"),
}


@dataclass(frozen=True, slots=True)
class Warning:
    """A warning: for which day, since when (UTC text) and by whom; how it ended, on which day."""

    id: int
    rain_on: str
    declared_at: str
    declared_name: str
    came: bool | None
    ended_on: str | None

    @property
    def standing(self) -> Words:
        """How it stands."""
        return STANDINGS[self.came]


def of_late(store: Store, *, now: datetime) -> list[Rain]:
    """Return the warnings around which rounds may be wanted or were missed within a year, the newest first."""
    since = custody_facts.today(store, now) - timedelta(weeks=WEEKS_SHOWN)
    rows = store.rows(
        "SELECT id, rain_on, came, ended_on FROM rain_warnings WHERE coalesce(ended_on, rain_on) >= ?"
        " ORDER BY rain_on DESC, id DESC",
        [since.isoformat()],
    )
    return [
        Rain(
            row["id"],
            date.fromisoformat(row["rain_on"]),
            None if row["came"] is None else bool(row["came"]),
            date.fromisoformat(row["ended_on"]) if row["ended_on"] else None,
        )
        for row in rows
    ]


def listed(store: Store, *, by: Actor) -> list[Warning]:
    """Return those that are not over, and the last ones that are."""
    permit(by, "walk_custody")
    if not custody_facts.walks(store, by):
        return []
    rows = store.rows(
        "SELECT rain_warnings.id, rain_on, declared_at, staff.name, came, ended_on FROM rain_warnings"
        " JOIN staff ON staff.id = declared_by WHERE came IS NULL OR rain_warnings.id IN (SELECT id FROM rain_warnings"
        " WHERE came IS NOT NULL ORDER BY rain_on DESC, id DESC LIMIT ?)"
        " ORDER BY came IS NOT NULL, rain_on DESC, rain_warnings.id DESC",
        [SHOWN],
    )
    return [
        Warning(row[0], row[1], row[2], row[3], None if row["came"] is None else bool(row["came"]), row["ended_on"])
        for row in rows
    ]


def declare(store: Store, *, rain_on: str, nonce: str, by: Actor, now: datetime) -> int:
    """Declare heavy rain for a day; return the warning's id. The same nonce declares it once.

    Refuses `rain_day_invalid`, `rain_day_past`, `rain_day_far`, `rain_declared` (for this day already), nonces.
    """
    permit(by, "warn_of_rain")

    def make(at: datetime) -> int:
        day, today = typed_day(rain_on, code="rain_day_invalid"), custody_facts.today(store, at)
        if day < today:
            raise Refused("rain_day_past")
        if day > today + AHEAD:
            raise Refused("rain_day_far")
        if not store.changed(
            "INSERT INTO rain_warnings (rain_on, declared_at, declared_by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [day.isoformat(), clock.to_text(at), by.id],
        ):
            raise Refused("rain_declared")
        warning: int = store.value("SELECT id FROM rain_warnings WHERE rain_on = ? AND came IS NULL", [day.isoformat()])
        events.record(store, "declare_rain", SUBJECT, warning, by=by, at=at, day=day.isoformat())
        store.touch("cases")
        return warning

    return nonces.once(store, nonce, "declare_rain", {"day": rain_on}, now=now, make=make)


def end(store: Store, *, warning: str, came: str, by: Actor, now: datetime) -> None:
    """The rain is over (`came` "1": the homes are looked at within a day), or did not come ("0").

    Refuses `choice_unknown`, `rain_over` (or no such warning), `rain_not_yet` (its day has not come).
    """
    permit(by, "warn_of_rain")
    if came not in {"0", "1"}:
        raise Refused("choice_unknown")
    with writing(store):
        at, chosen = events.moment(store, now), numbers.whole(warning)
        today = custody_facts.today(store, at).isoformat()
        day = store.value("SELECT rain_on FROM rain_warnings WHERE id = ? AND came IS NULL", [chosen])
        if came == "1" and day is not None and today < day:
            raise Refused("rain_not_yet")
        if not store.changed(
            "UPDATE rain_warnings SET came = ?, ended_on = ?, ended_by = ? WHERE id = ? AND came IS NULL",
            [int(came), today, by.id, chosen],
        ):
            raise Refused("rain_over")
        events.record(store, "end_rain", SUBJECT, int(chosen or 0), by=by, at=at, came=int(came))
        store.touch("cases")
