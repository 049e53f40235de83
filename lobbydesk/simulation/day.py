"""A simulated day from the opening to the close, through both apps, on one clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from db.store import Store
from lobbydesk.simulation import visit_day
from lobbydesk.simulation.agenda import Agenda
from lobbydesk.simulation.counter import STAYS_ON, Crew
from lobbydesk.simulation.guests import Invited
from lobbydesk.simulation.house import DAY, VISIT_DAY, House
from lobbydesk.simulation.lobby import CLOSING, OPENING, Lobby
from lobbydesk.simulation.session import Session
from lobbydesk.simulation.visitors import MINUTE, Visitor
from reception import closing
from reception.permissions import BOX
from reception.rules.waits import Range

Found = TypeVar("Found")
LOOK_EVERY = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a day left besides its records.

    `told`: by the id of his ticket, the range each visitor read on his page when he took it (None: no range).
    `unexpected`: every answer of an app that was not the one to be expected; '' none.
    """

    told: dict[int, Range | None]
    refused_at_closing: int
    double_presses: int
    unexpected: list[str]
    day_log: dict[str, Any]
    turned_away: int = 0


def run(
    house: House, visitors: Sequence[Visitor], *, counters: int, seed: int, invited: Sequence[Invited] = ()
) -> Outcome:
    """Let these visitors come to the house, serve them until half an hour after closing time, and close the day.

    `invited` are received in the session of its visit day; what comes before it happens first.
    """
    guests = visit_day.prepare(house, invited, Random(f"visit-day:{seed}")) if invited else []
    agenda = Agenda(house.set_time)
    session = Session(house, agenda, guests, Random(f"session:{seed}")) if invited else None
    lobby = Lobby(house, agenda, visitors)
    crew = Crew(house, agenda, lobby, Random(f"staff:{seed}"), counters)
    _watch(agenda, lobby)
    agenda.run(CLOSING + STAYS_ON)
    day_log = closing.close_day(house.store, day=house.day, by=BOX, now=house.clock())
    return Outcome(
        {guest.ticket_id: guest.told for guest in lobby.by_no.values()},
        lobby.refused_at_closing,
        crew.double_presses,
        house.unexpected,
        day_log,
        session.turned_away if session else 0,
    )


def _watch(agenda: Agenda, lobby: Lobby) -> None:
    def look() -> None:
        lobby.look_around()
        agenda.after(LOOK_EVERY, look)

    agenda.at(OPENING + LOOK_EVERY, look)


def simulate(
    home: Path,
    visitors: Sequence[Visitor],
    *,
    counters: int,
    seed: int,
    report: Callable[[Store, Outcome], Found],
    invited: Sequence[Invited] = (),
) -> Found:
    """Found a centre in `home`, run the day there, and return what `report` makes of store and outcome."""
    with House(home, counters, VISIT_DAY if invited else DAY) as house:
        return report(house.store, run(house, visitors, counters=counters, seed=seed, invited=invited))
