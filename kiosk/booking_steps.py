"""The steps of a booking for the visit day right at the kiosk: what it is about, and the time that is free first.

They follow home and phone in `kiosk/register.py`, whose draft carries what is chosen here. Nobody types there.
"""

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from kiosk.screen import new_nonce
from reception import booking_days, booking_slips, complaint_facts, own_bookings, visit_days
from reception.booking_days import Offer
from reception.lines import Line
from reception.permissions import KIOSK
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen of the booking so far; `direct`: it is booked here instead of at the counter.

    `slot` as `booking_days.parted` reads it, '' for the first that is free; `choosing`: another is looked for.
    """

    direct: bool = False
    topic: str = ""
    slot: str = ""
    choosing: bool = False


NOTHING = Chosen()


def offered(line: Line) -> bool:
    """Tell whether what is asked for at this line may be booked right here."""
    return line.code == own_bookings.LINE


def chosen(form: MultiDict[str, str]) -> Chosen:
    """Return what a form carries of it."""
    direct, topic = form.get("book") == "1", form.get("topic", "")
    if form.get("another") == "1":
        return Chosen(direct, topic, "", choosing=True)
    return Chosen(direct, topic, form.get("slot", ""), form.get("choosing") == "1")


def before(draft: Chosen) -> Chosen:
    """Return it without what was chosen last; unchanged when nothing of it is chosen."""
    if draft.choosing:
        return replace(draft, choosing=False)
    if draft.slot:
        return replace(draft, slot="", choosing=True)
    return replace(draft, topic="") if draft.topic else draft


def next_step(draft: Chosen, *, unit: str, phone: str) -> dict[str, object]:
    """Return the step that follows, with what it shows. Refuses as `own_bookings.offers`, `topic_unknown`,
    `slot_taken`."""
    offers = own_bookings.offers(store(), unit=unit, phone=phone, by=KIOSK, now=now())
    topics = complaint_facts.classes(store())
    if not draft.topic:
        return {"step": "topic", "choices": topics}
    if draft.topic not in topics:
        raise Refused("topic_unknown")
    closed = booking_days.closed_before(store(), now=now())
    if draft.choosing and not draft.slot:
        return {"step": "slot", "offers": offers, "closed": closed}
    offer, starts = _found(offers, draft.slot)
    return {
        "step": "booking",
        "topic": topics[draft.topic],
        "offer": offer,
        "place": visit_days.place(current_site(), offer.day),
        "starts": starts,
        "closed": closed,
        "slot": f"{offer.day.actual_on.isoformat()} {starts}".strip(),
        "before_minutes": booking_slips.BEFORE_MINUTES,
        "nonce": new_nonce(),
    }


def _found(offers: list[Offer], slot: str) -> tuple[Offer, str]:
    """Return the day and time that were chosen, or the first; the time is '' where the day is full."""
    if not slot:
        return offers[0], next(iter(offers[0].free), "")
    day, starts = booking_days.parted(slot)
    for one in offers:
        if one.day.actual_on.isoformat() == day and (starts in one.free or (not starts and not one.free)):
            return one, starts
    raise Refused("slot_taken")
