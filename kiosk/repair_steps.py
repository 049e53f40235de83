"""The steps of a repair that is registered right at the kiosk: place, urgency, convenient time; one question a screen.

They follow the matter in `kiosk/register.py`, whose draft carries what is chosen here.
"""

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from kiosk.screen import new_nonce
from reception import kiosk_repairs
from reception.lines import Line
from reception.purposes import Purpose
from reception.refusal import Refused
from web.app import now, store


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen of the repair so far; `direct`: it is registered here instead of at the counter."""

    direct: bool = False
    place: str = ""
    urgency: str = ""
    time: str = ""


NOTHING = Chosen()


def offered(line: Line) -> bool:
    """Tell whether what is told at this line may be registered right here."""
    return line.code == kiosk_repairs.LINE


def chosen(form: MultiDict[str, str]) -> Chosen:
    """Return what a form carries of it. Refuses `choice_unknown`: a place or urgency that is none of ours."""
    found = Chosen(
        direct=form.get("direct") == "1",
        place=form.get("place", ""),
        urgency=form.get("urgency", ""),
        time=form.get("time", ""),
    )
    if found.place and found.place not in kiosk_repairs.PLACES:
        raise Refused("choice_unknown")
    if found.urgency and found.urgency not in kiosk_repairs.URGENT_OR_NOT:
        raise Refused("choice_unknown")
    return found


def before(draft: Chosen) -> Chosen:
    """Return it without what was chosen last; unchanged when nothing of it is chosen."""
    if draft.time:
        return replace(draft, time="")
    if draft.urgency:
        return replace(draft, urgency="")
    return replace(draft, place="") if draft.place else draft


def next_step(matter: Purpose, draft: Chosen, *, phone: str) -> dict[str, object]:
    """Return the step that follows, with what it shows; `phone` '' promises no call."""
    if not draft.place:
        return {"step": "place", "choices": kiosk_repairs.PLACES}
    if not draft.urgency:
        return {"step": "urgency", "choices": kiosk_repairs.urgencies(phone=phone)}
    offers = kiosk_repairs.times(store(), urgency=draft.urgency, phone=phone, now=now())
    time = next((one for one in offers if one.code == draft.time), None)
    if draft.urgency != "urgent" and time is None:
        return {"step": "time", "choices": offers}
    return {
        "step": "registering",
        "matter": matter.name,
        "place": kiosk_repairs.PLACES[draft.place],
        "urgency": kiosk_repairs.URGENT_OR_NOT[draft.urgency][0],
        "time": time,
        "nonce": new_nonce(),
    }
