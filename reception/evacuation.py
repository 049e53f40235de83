"""疏散点名单: one press prints everybody in the building, to be called and ticked at the place of assembly.

It bears whole names and telephones. Everywhere else `domain.md` K12 masks them; here somebody must be called by his
name, and rung up when he does not answer, because a life may hang on it (and 个人信息保护法 art. 13 (4) allows what an
emergency needs to protect life). What pays for it: the press is written down, the paper says that it is to be
destroyed, it cannot be reprinted, and one that did not come out in ten minutes waits for staff instead.
"""

from datetime import datetime, timedelta

from db import printers
from db.store import Store
from reception import in_building, nonces, papers, reveals, sequences, spooling
from reception.in_building import Person
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.site import Site, site
from reception.wording import Words

WANTED_FOR = timedelta(minutes=10)
SOMEBODY = "访客"


def print_roll(store: Store, *, nonce: str, by: Actor, now: datetime) -> int:
    """Queue the roll before everything that waits; return its job id. The same nonce prints one.

    It goes to the desk's printer, or to whichever works when that one does not. Refuses `printer_unknown` (the screen
    shows the same list), and what nonces refuse.
    """
    permit(by, "print_evacuation")

    def make(at: datetime) -> int:
        found, centre = in_building.people(store, whole=True, by=by, now=now), site(store)
        paper = papers.EvacuationRoll(
            **spooling.heading(centre, at),
            people=tuple(_called(person) for person in found),
            places=tuple(_place(person, centre) for person in found),
            count=len(found),
            printed_by=by.name,
        )
        job = spooling.enqueue(
            store,
            centre,
            paper,
            ref=f"evacuation:{sequences.take(store, 'evacuation')}",
            at=at,
            now=now,
            printer=_printer(store, centre),
            urgent=True,
            stale_after=WANTED_FOR,
        )
        if job is None:
            raise Refused("printer_unknown")
        # Nobody is asked why while the alarm rings; it is listed with every other look.
        why, count = reveals.Reason("danger"), len(found)
        reveals.record(store, "print_evacuation", "building", 0, why=why, by=by, at=at, people=count, job=job)
        return job

    return nonces.once(store, nonce, "print_evacuation", {}, now=now, make=make)


def _called(person: Person) -> str:
    """Return how somebody is called outside: by name, else by number; with the telephone where there is one."""
    return " ".join(part for part in (person.name or person.no or SOMEBODY, person.phone) if part)


def _place(person: Person, centre: Site) -> Words:
    known = person.no if person.name else ""
    return Words(
        " ".join(part for part in (known, person.where.zh) if part),
        person.where.en,
    )


def _printer(store: Store, centre: Site) -> str | None:
    """Return the printer that comes first and works; where none works, the first."""
    routes = printers.routes(store)
    every = {printer.name: printer for printer in printers.printers(store)}
    wanted = (routes.get(papers.EvacuationRoll.KIND), spooling.desk_printer(store), centre.front_printer, *every)
    known = [every[name] for name in dict.fromkeys(wanted) if name in every]
    return next((one.name for one in known if not one.in_trouble), known[0].name if known else None)
