"""Putting papers into the spool inside their acts: on which printer, until when, and how long their facts are kept."""

from datetime import datetime, timedelta
from typing import Any

from db import printers, spool
from db.printers import Printer
from db.store import Store
from reception import papers
from reception.rules import clock
from reception.site import Site
from reception.wording import Words

# A route for what is asked for by hand at the desk: it comes out where it was asked for.
AT_DESK = "at_desk"


def heading(site: Site, at: datetime) -> dict[str, Any]:
    """Return the facts that every paper shares."""
    return {
        "site": Words(site.name, site.name_en),
        "at": at.astimezone(site.zone).strftime("%Y-%m-%d %H:%M"),
        "english": site.paper_english,
    }


def coded(site: Site, token: str, at: datetime) -> dict[str, Any]:
    """Return the facts that every paper with a code shares."""
    return heading(site, at) | {"url": site.page_url(token), "on_phone": site.on_phone}


def ticket_printer(store: Store, site: Site) -> Printer | None:
    """Return the printer that hands out tickets at the kiosk; None in a centre without one."""
    name = printers.printer_for(store, papers.Ticket.KIND, site.front_printer)
    return printers.find(store, name) if name else None


def desk_printer(store: Store) -> str | None:
    """Return the printer for what is asked for by hand at the desk; None when the centre set none apart."""
    return printers.routes(store).get(AT_DESK)


def staff_printer(store: Store, kind: str, site: Site) -> str | None:
    """Return the printer behind the desk for a paper that no visitor may see; None where only the kiosk's is there."""
    found = printers.routes(store)
    name = found.get(kind) or found.get(AT_DESK)
    at_kiosk = ticket_printer(store, site)
    return None if at_kiosk is not None and name == at_kiosk.name else name


def enqueue(
    store: Store,
    site: Site,
    paper: papers.Paper,
    *,
    ref: str,
    at: datetime,
    part: str = "",
    copy_no: int = 0,
    printer: str | None = None,
    pinned: bool = False,
    urgent: bool = False,
    stale_after: timedelta | None = None,
    now: datetime | None = None,
) -> int | None:
    """Put a paper into the spool of the printer that its kind goes to, or of the one named; return the job id.

    `ref` says what it is about (`ticket:12`), `part` which of several papers of its kind; an `urgent` one
    comes out before all that wait. Once `stale_after` is over it
    is held for staff instead of printed. `now` is the box's own clock, by which spans run when effective time stands
    still. None, and no paper, in a centre without a printer: its numbers are good all the same.
    """
    name = printer or printers.printer_for(store, paper.KIND, site.front_printer)
    if name is None:
        return None
    begins = now or at
    return spool.enqueue(
        store,
        printer=name,
        kind=paper.KIND,
        ref=ref,
        part=part,
        copy_no=copy_no,
        facts=papers.to_json(paper),
        at=clock.to_text(at),
        stale_at=clock.to_text(begins + stale_after) if stale_after else None,
        wipe_at=clock.to_text(begins + timedelta(hours=site.print_payload_hours)),
        pinned=pinned,
        urgent=urgent,
    )
