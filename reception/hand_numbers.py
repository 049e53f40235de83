"""Continue on paper: slips for days when the box is down, and the numbers written on them, entered afterwards."""

from datetime import datetime, timedelta

from db.store import Store
from reception import events, lines, nonces, papers, sequences, spooling, visits
from reception.lines import Line
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

MAX_SLIPS = 30
MAX_NUMBERS = 100
# A number so far behind the last one is a slip of the pen, and would spoil the numbers of the whole day.
FURTHEST = 300


def print_slips(store: Store, *, count: str, nonce: str, by: Actor, now: datetime) -> int:
    """Queue blank slips for hand-written numbers; return how many. The same nonce prints them once.

    Refuses `count_invalid` (1 to 30), `printer_unknown`.
    """
    permit(by, "print_hand_slips")

    def make(at: datetime) -> int:
        if not (count.isascii() and count.isdigit() and len(count) < 4 and 1 <= int(count) <= MAX_SLIPS):
            raise Refused("count_invalid")
        centre = site(store)
        paper = papers.HandSlip(
            **spooling.heading(centre, at),
            lines=tuple(Words(f"{line.prefix} {line.name.zh}", line.name.en) for line in lines.lines(store)),
            desk_phone=centre.phone,
        )
        batch = sequences.take(store, "hand_slips")
        printer = spooling.desk_printer(store)
        for number in range(int(count)):
            ref = f"hand_slip:{batch}"
            if spooling.enqueue(store, centre, paper, ref=ref, part=str(number), at=at, printer=printer) is None:
                raise Refused("printer_unknown")
        events.record(store, "print_hand_slips", "hand_slip", batch, by=by, at=at, count=int(count))
        return int(count)

    return nonces.once(store, nonce, "hand_slips", {"count": count}, now=now, make=make)


def enter(
    store: Store,
    *,
    line: str,
    first: str,
    last: str = "",
    taken_at: str = "",
    served: str = "",
    nonce: str,
    by: Actor,
    now: datetime,
) -> int:
    """Enter the hand-written numbers of a line, from `first` to `last` (`W015`, or 15 alone), and count on behind them.

    `taken_at` is the time on the slips (`HH:MM`, of today): they rank by it, so who took a number on paper goes before
    who took one afterwards. `served`: they were served already, and are kept as completed. Nothing prints: their
    paper is in their hands. Return how many. Refuses `line_unknown`, `hand_number_invalid`, `hand_numbers_too_many`,
    `hand_number_too_far`, `hand_number_taken`, `time_invalid`.
    """
    permit(by, "enter_hand_numbers")
    content = {"line": line, "first": first, "last": last, "taken_at": taken_at, "served": served}

    def make(at: datetime) -> int:
        business = lines.find_line(store, line)
        # No slip bears one of a line that a head hears; whether one is taken is not the desk's to ask.
        if business.hears is not None:
            raise Refused("line_unknown")
        start = _number(business, first)
        end = _number(business, last) if last.strip() else start
        if end < start:
            raise Refused("hand_number_invalid")
        if end - start >= MAX_NUMBERS:
            raise Refused("hand_numbers_too_many")
        written = _time(store, taken_at, at)
        _count_on(store, business, start, end, at)
        for number in range(start, end + 1):
            _enter_one(store, business, number, written, served == "1", by=by, at=at)
        store.touch("queue")
        return end - start + 1

    return nonces.once(store, nonce, "hand_numbers", content, now=now, make=make)


def last_numbers(store: Store, now: datetime) -> dict[str, int]:
    """Return the last number of today by the code of its line; 0 where none was taken."""
    day = clock.local_day(events.moment(store, now), site(store).zone).isoformat()
    return {line.code: sequences.last(store, visits.series(line, day)) for line in lines.lines(store)}


def _number(line: Line, text: str) -> int:
    """Return the number of `W015` or `15` on this line. Refuses `hand_number_invalid`."""
    typed = text.strip().upper().removeprefix(line.prefix)
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4 and int(typed) > 0):
        raise Refused("hand_number_invalid")
    return int(typed)


def _time(store: Store, text: str, at: datetime) -> datetime:
    """Return the moment of `HH:MM` today at the site; the present one for ''. Refuses `time_invalid`."""
    if not text.strip():
        return at
    local = at.astimezone(site(store).zone)
    try:
        written = datetime.strptime(text.strip(), "%H:%M").time()  # noqa: DTZ007 (a time of day, put into the zone below)
    except ValueError:
        raise Refused("time_invalid") from None
    moment = local.replace(hour=written.hour, minute=written.minute, second=0, microsecond=0)
    # A minute's grace: the slip says minutes only.
    if moment > local + timedelta(minutes=1):
        raise Refused("time_invalid")
    return min(moment, local)


def _count_on(store: Store, line: Line, start: int, end: int, at: datetime) -> None:
    day = clock.local_day(at, site(store).zone).isoformat()
    series = visits.series(line, day)
    taken = store.value(
        "SELECT count(*) FROM tickets WHERE day_on = ? AND prefix = ? AND number BETWEEN ? AND ?",
        [day, line.prefix, start, end],
    )
    if taken:
        raise Refused("hand_number_taken")
    if start > sequences.last(store, series) + FURTHEST:
        raise Refused("hand_number_too_far")
    sequences.reach(store, series, end)


def _enter_one(
    store: Store, line: Line, number: int, written: datetime, served: bool, *, by: Actor, at: datetime
) -> None:
    then, ended = clock.to_text(written), clock.to_text(at) if served else None
    day = clock.local_day(at, site(store).zone).isoformat()
    visit_id = store.insert(
        "INSERT INTO visits (channel, purpose, arrived_at, state, left_at) VALUES ('desk', ?, ?, ?, ?)",
        [line.code, then, "closed" if served else "registered", ended],
    )
    ticket_id = visits.add_ticket(store, line, visit_id, day, number, issued_at=then, ended_at=ended)
    state = "completed" if served else "waiting"
    events.record(store, "enter_hand_number", "ticket", ticket_id, by=by, at=at, to_state=state, line=line.code)
