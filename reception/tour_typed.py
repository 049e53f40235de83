"""What is typed of a tour, read in one place: when it is registered, and when it is agreed anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from db.store import Store
from reception import cases, tour_facts
from reception.refusal import Refused
from reception.rules import clock, local_times, numbers
from reception.site import site
from reception.typed_days import typed_day

# Further ahead is a slip of the finger.
FURTHEST: Final = timedelta(days=366)
MOST_PEOPLE: Final = 999
PLATES_LIMIT, GUEST_LIMIT, MOST_GUESTS = 200, 24, 30
# The fields of a form that both acts take.
FIELDS: Final = ("day", "from_", "to", "people", "plates", "guests", "places", "needs", "letter")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, as it is kept: columns of `tours`, and both ends of its time."""

    starts: datetime
    ends: datetime
    columns: dict[str, Any]


def read(store: Store, said: dict[str, str], at: datetime) -> Typed:
    """Return what these fields (`FIELDS`, as typed) mean.

    Refuses `date_invalid`, `tour_time_invalid`, `tour_times_reversed`, `tour_past`, `tour_too_far`,
    `tour_people_invalid`, `tour_places_missing`, `tour_guests_too_many`, texts.
    """
    starts, ends = _times(store, said, at)
    people = numbers.whole(said["people"].strip()) or 0
    if not 1 <= people <= MOST_PEOPLE:
        raise Refused("tour_people_invalid")
    columns = {
        "people": people,
        "plates": _plates(said["plates"]),
        "guests": _guests(said["guests"]),
        "places": cases.text(said["places"], missing="tour_places_missing", limit=300),
        "needs": cases.text(said["needs"], required=False, limit=cases.TEXT_LIMIT),
        "letter": cases.text(said["letter"], required=False, limit=cases.SHORT_LIMIT),
        "starts_at": clock.to_text(starts),
        "ends_at": clock.to_text(ends),
        "outside": int(tour_facts.outside(store, starts, ends)),
    }
    return Typed(starts, ends, columns)


def _times(store: Store, said: dict[str, str], at: datetime) -> tuple[datetime, datetime]:
    zone = site(store).zone
    day, today = typed_day(said["day"]), clock.local_day(at, zone)
    if day < today:
        raise Refused("tour_past")
    if day > today + FURTHEST:
        raise Refused("tour_too_far")
    try:
        starts, ends = (
            local_times.from_picker(f"{day.isoformat()}T{said[name].strip()}", zone=zone) for name in ("from_", "to")
        )
    except ValueError:
        raise Refused("tour_time_invalid") from None
    if starts >= ends:
        raise Refused("tour_times_reversed")
    if ends <= at:
        raise Refused("tour_past")
    return starts, ends


def _plates(text: str) -> str:
    """Return number plates in capitals, a space between two."""
    clean = cases.text(text, required=False, limit=PLATES_LIMIT).upper()
    return " ".join(clean.replace("，", " ").replace(",", " ").replace("、", " ").split())


def _guests(text: str) -> str:
    """Return a line for each sign on the table."""
    clean = cases.text(text, required=False, limit=cases.TEXT_LIMIT)
    lines = [" ".join(line.split()) for line in clean.split("\n") if line.strip()]
    if len(lines) > MOST_GUESTS or any(len(line) > GUEST_LIMIT for line in lines):
        raise Refused("tour_guests_too_many")
    return "\n".join(lines)
