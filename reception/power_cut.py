"""The card for days without power: printed in good days, hung up at the desk."""

from datetime import datetime, timedelta

from db.store import Store
from reception import events, hand_numbers, lines, nonces, papers, sequences, spooling
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

LATELY = timedelta(days=60)


def print_card(store: Store, *, nonce: str, by: Actor, now: datetime) -> int:
    """Queue the card at the desk's printer; return its job id. The same nonce prints it once.

    Refuses `printer_unknown` in a centre without a printer.
    """
    permit(by, "print_power_cut_card")

    def make(at: datetime) -> int:
        centre = site(store)
        paper = papers.PowerCutCard(
            **spooling.heading(centre, at),
            lines=tuple(Words(f"{line.prefix} {line.name.zh}", line.name.en) for line in lines.lines(store)),
            first=first_by_hand(store, at),
            desk_phone=centre.phone,
            keeper_phone=centre.keeper_phone,
        )
        ref = f"power_cut_card:{sequences.take(store, 'power_cut_card')}"
        job = spooling.enqueue(store, centre, paper, ref=ref, at=at, printer=spooling.desk_printer(store))
        if job is None:
            raise Refused("printer_unknown")
        events.record(store, "print_power_cut_card", "box", 0, by=by, at=at, job=job)
        return job

    return nonces.once(store, nonce, "power_cut_card", {}, now=now, make=make)


def first_by_hand(store: Store, at: datetime) -> int:
    """Return the number to begin with where nobody knows the last one: a round one that no day of late reached.

    Never so far that it could not be entered afterwards, on a day whose first number is still to come.
    """
    since = clock.local_day(at - LATELY, site(store).zone).isoformat()
    highest = store.value("SELECT max(number) FROM tickets WHERE day_on >= ?", [since]) or 0
    return min((highest // 100 + 1) * 100, hand_numbers.FURTHEST)
