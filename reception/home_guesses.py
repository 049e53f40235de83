"""Guesses at whose home it is: at the kiosk a home and the end of a telephone show a masked name, a few guesses long.

Past that nobody is recognised: whoever lives there types his whole number, and is served as ever. Nothing else is said,
so that a stranger does not learn whether his last guess was a good one.
"""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import estate, events
from reception.estate import Resident, Unit
from reception.permissions import Actor, Role
from reception.refusal import Refused
from reception.rules import clock

# Other ends of a telephone that were tried at one home, other homes that one was tried at, and of all: within a day.
# A family that mistypes meets none of them; all ten thousand ends of one home would take six years.
PER_HOME = 5
PER_TAIL = 5
OF_ALL = 100
KEPT_FOR = timedelta(hours=24)
TAIL = 4


class Unrecognised(Refused):
    """`phone_unrecognised`, with what was guessed: whoever answers it counts it (`missed`), once the act is undone."""

    def __init__(self, home: Unit, phone: str) -> None:
        super().__init__("phone_unrecognised")
        self.home, self.phone = home, phone


def recognise(store: Store, home: Unit, phone: str, *, by: Actor) -> Resident | None:
    """Return the resident as `estate.recognise`; None to the kiosk and the phones of the LAN after too many guesses."""
    if by.role in {Role.KIOSK, Role.TOKEN_HOLDER} and _too_many(store, home, phone[-TAIL:]):
        return None
    return estate.recognise(store, home, phone, by=by)


def _too_many(store: Store, home: Unit, tail: str) -> bool:
    # What was tried before may be tried again: it is no new guess.
    return bool(
        store.value(
            "SELECT (SELECT count(*) FROM home_guesses WHERE unit_id = :home AND tail <> :tail) >= :per_home"
            " OR (SELECT count(*) FROM home_guesses WHERE tail = :tail AND unit_id <> :home) >= :per_tail"
            " OR (SELECT count(*) FROM home_guesses) >= :of_all",
            {"home": home.id, "tail": tail, "per_home": PER_HOME, "per_tail": PER_TAIL, "of_all": OF_ALL},
        )
    )


def still_answered(store: Store, home: Unit, phone: str) -> None:
    """Refuse `ask_at_the_desk` after too many guesses: what else would tell whether a telephone is that of a home."""
    if _too_many(store, home, phone[-TAIL:]):
        raise Refused("ask_at_the_desk")


def missed(store: Store, home: Unit, phone: str, *, now: datetime) -> None:
    """Keep that a telephone (the whole, or its end) did not fit a home; what is older than a day goes.

    The same wrong end is one guess, however often it is typed.
    """
    tail = phone[-TAIL:]
    with writing(store):
        at = events.moment(store, now)
        store.execute("DELETE FROM home_guesses WHERE at <= ?", [clock.to_text(at - KEPT_FOR)])
        if len(tail) == TAIL and not _too_many(store, home, tail):
            store.execute(
                "INSERT INTO home_guesses (unit_id, tail, at) VALUES (?, ?, ?) ON CONFLICT (unit_id, tail) DO NOTHING",
                [home.id, tail, clock.to_text(at)],
            )


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right nobody guessed later than now: until then the guesses would not go."""
    store.execute("UPDATE home_guesses SET at = :at WHERE at > :at", {"at": clock.to_text(at)})
