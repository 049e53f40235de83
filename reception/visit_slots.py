"""The slots of a visit day (K6): cut from its hours, each seat taken by one household."""

from dataclasses import dataclass
from datetime import time

from db.store import Store
from reception.refusal import Refused
from reception.rules import visit_days as rules
from reception.site import site


@dataclass(frozen=True, slots=True)
class Slot:
    """A seat of a slot: `starts` of the site's own clock; `slack` is kept free until the day itself."""

    id: int
    starts: str
    minutes: int
    slack: bool
    case_id: int | None


def cut(store: Store, day_id: int, opens: time, closes: time) -> None:
    """Write the slots of a day that has none yet, inside an act, as the settings are now."""
    for seat in _seats(store, opens, closes):
        store.execute(
            "INSERT INTO visit_day_slots (visit_day_id, starts, minutes, seat, slack) VALUES (?, ?, ?, ?, ?)",
            [day_id, *seat],
        )


def are_stale(store: Store, day_id: int, opens: time, closes: time) -> bool:
    """Tell whether the slots of a day are not what the settings would make of its hours now."""
    rows = store.rows(
        "SELECT starts, minutes, seat, slack FROM visit_day_slots WHERE visit_day_id = ? ORDER BY starts, seat",
        [day_id],
    )
    return [tuple(row) for row in rows] != _seats(store, opens, closes)


def _seats(store: Store, opens: time, closes: time) -> list[tuple[str, int, int, int]]:
    """Return (starts, minutes, seat, slack) of every seat that the settings make."""
    centre = site(store)
    minutes, kept = centre.visit_day_slot_minutes, rules.slack_places(centre.visit_day_slack)
    return [
        (f"{starts:%H:%M}", minutes, seat, int(place in kept))
        for place, starts in enumerate(rules.slots(opens, closes, minutes), start=1)
        for seat in range(1, centre.visit_day_capacity + 1)
    ]


def of_day(store: Store, day_id: int) -> list[Slot]:
    """Return the seats of a day by their time."""
    rows = store.rows(
        "SELECT id, starts, minutes, slack, case_id FROM visit_day_slots WHERE visit_day_id = ? ORDER BY starts, seat",
        [day_id],
    )
    return [Slot(row["id"], row["starts"], row["minutes"], bool(row["slack"]), row["case_id"]) for row in rows]


def free(store: Store, day_id: int) -> list[str]:
    """Return the times that still have a seat for a booking, soonest first."""
    return [
        row[0]
        for row in store.rows(
            "SELECT DISTINCT starts FROM visit_day_slots WHERE visit_day_id = ? AND case_id IS NULL AND slack = 0"
            " ORDER BY starts",
            [day_id],
        )
    ]


def take(
    store: Store, day_id: int, case_id: int, starts: str = "", *, slack: bool = False, not_before: str = ""
) -> str:
    """Give a case a free seat inside an act, at a time or the first there is; return its time, '' where none is free.

    `slack`: also one that was kept free; `not_before` a time of the day. A seat is taken by the very statement that
    finds it free: two who press together never have the same. Refuses `slot_taken` where a time was asked for.
    """
    given: str | None = store.value(
        "UPDATE visit_day_slots SET case_id = :case WHERE case_id IS NULL AND id = (SELECT id FROM visit_day_slots"
        " WHERE visit_day_id = :day AND case_id IS NULL AND (:starts = '' OR starts = :starts) AND slack <= :slack"
        " AND starts >= :not_before"
        " ORDER BY slack, starts, seat LIMIT 1) RETURNING starts",
        {"case": case_id, "day": day_id, "starts": starts, "slack": slack, "not_before": not_before},
    )
    if given is None and starts:
        raise Refused("slot_taken")
    return given or ""


def give_back(store: Store, case_id: int) -> str:
    """Free the seat of a case inside an act; return its time, '' where it had none."""
    had: str | None = store.value(
        "UPDATE visit_day_slots SET case_id = NULL WHERE case_id = ? RETURNING starts", [case_id]
    )
    return had or ""


def of_case(store: Store, case_id: int) -> Slot | None:
    """Return the seat that a case has, or None."""
    row = store.row("SELECT id, starts, minutes, slack, case_id FROM visit_day_slots WHERE case_id = ?", [case_id])
    return Slot(row["id"], row["starts"], row["minutes"], bool(row["slack"]), row["case_id"]) if row else None
