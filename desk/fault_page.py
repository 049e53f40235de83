"""The page of one known fault at the desk: how it stands, its homes, what is told to whom."""

from typing import Any

from flask import render_template

from desk.session import actor
from reception import events, fault_cases, fault_ends, fault_promises, fault_records
from reception.fault_records import Fault
from web.app import now, store
from web.languages import current_site


def state(fault: Fault) -> str:
    """Return how a fault stands, for the live screen and after an act."""
    return render_template("_fault.html", **facts(fault, whole=False))


def page(fault: Fault, *, whole: bool = False) -> str:
    """Return the page of a fault; `whole` only after the act that wrote the look down."""
    return render_template(
        "fault.html",
        site=current_site(),
        prepared=fault_ends.prepared(store(), fault) if fault.state == "open" else "",
        joined=None,
        **facts(fault, whole=whole),
    )


def facts(fault: Fault, *, whole: bool) -> dict[str, Any]:
    """Return what the page tells; `whole` only after the act that wrote the look down."""
    by = actor()
    homes = (
        fault_records.of_list(store(), fault, whole=True) if whole else fault_records.households(store(), fault, by=by)
    )
    moment = events.moment(store(), now())
    hear = fault_promises.to_hear(store(), fault)
    waiting = [home for home in homes if home.id in hear or (fault.state != "open" and home.to_tell)]
    return {
        "fault": fault,
        "homes": homes,
        "hear": hear,
        "to_tell": {home.id for home in waiting},
        "entrances": fault_promises.entrances(waiting),
        "common_text": fault_promises.prepared(store(), fault, moment) if hear else fault.notice,
        "told_count": sum(home.told_at is not None for home in homes),
        "missed_count": sum(home.unreachable_at is not None for home in homes),
        "whole": whole or fault.owner_id == by.id,
        "expectations": fault_records.expectations(store(), fault),
        "attached": fault_cases.of_fault(store(), fault),
        "channels": fault_ends.CHANNELS,
        "texts": {home.id: fault_ends.telling_text(fault, home) for home in homes if home.to_tell and fault.notice},
        "history": events.history(store(), fault_records.SUBJECT, fault.id),
        "moment": moment,
        "zone": current_site().zone,
    }
