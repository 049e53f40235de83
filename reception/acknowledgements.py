"""A member of staff says that he has seen what he was told, or the desk that it told him: what follows by kind."""

from datetime import datetime

from db.store import Store, writing
from reception import appointments, events, handovers, tellings
from reception.permissions import Actor, permit
from reception.tellings import Telling


def acknowledge(store: Store, *, telling_id: str, by: Actor, now: datetime) -> Telling:
    """Note that a telling was seen; a second press changes nothing.

    An appointment that asked for the host's word is confirmed by it, papers count as told. Refuses `telling_unknown`.
    """
    permit(by, "acknowledge_telling")
    with writing(store):
        told = tellings.find(store, telling_id, by=by)
        at = events.moment(store, now)
        if tellings.seen(store, told.case_id, told.staff_id, by=by, at=at, until=told.id):
            events.record(store, "see_telling", "case", told.case_id, by=by, at=at, told=told.what)
            if told.kind == appointments.KIND:
                appointments.host_agreed(store, told.case_id, told.staff_id, by=by, at=at)
            elif told.kind == handovers.KIND:
                handovers.addressee_knows(store, told.case_id, by=by, at=at)
        return tellings.find(store, telling_id, by=by)
