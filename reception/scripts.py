"""What to say and what comes next (SYS-32, SYS-31): the centre's words for what stands in front of the desk.

A line is found by its code: `ticket-serving`, or the kind of a case and its state, `repair-on-site`. What has no line
shows nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.store import Store
from reception import events
from reception.rules import clock
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

# So long without a matter at the counter, and the visitor is told that he is not forgotten (RUL-40).
LONG_LOOK: Final = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Script:
    """`say`: the sentence for the person; `then`: what is to be done next, and by whom. Either may be empty."""

    say: Words
    then: Words


def of_state(store: Store, kind: str, state: str) -> Script | None:
    """Return the words for a kind of case in a state, or None."""
    return _find(store, f"{kind}-{state.replace('_', '-')}")


def of_ticket(store: Store, ticket: Ticket, *, matters: bool, now: datetime) -> list[Script]:
    """Return the words for the ticket at a counter: an apology first where he waited long, or waits for an answer."""
    centre, at = site(store), events.moment(store, now)
    waited = clock.from_text(ticket.called_at or ticket.issued_at) - clock.from_text(ticket.issued_at)
    looked = at - clock.from_text(ticket.started_at) if ticket.started_at else timedelta()
    long = waited >= timedelta(minutes=centre.wait_warn_minutes) or (not matters and looked >= LONG_LOOK)
    codes = ["ticket-waited"] if long else []
    codes.append("ticket-called" if ticket.state == "called" else "ticket-done" if matters else "ticket-serving")
    return [found for found in (_find(store, code) for code in codes) if found is not None]


def _find(store: Store, code: str) -> Script | None:
    row = store.row("SELECT say, say_en, then_do, then_do_en FROM scripts WHERE code = ? AND active = 1", [code])
    return None if row is None else Script(Words(row[0], row[1]), Words(row[2], row[3]))
