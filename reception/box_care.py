"""How the box is, for whoever keeps it: what it says of itself, its clock, its printers, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db import paper_care, printers
from db.printers import Printer
from db.store import Store
from reception import box_state, box_wishes, devices, events, restorations, sealed_papers
from reception.box_state import BoxState
from reception.permissions import Actor, permit
from reception.rules import box_troubles, clock
from reception.rules.box_troubles import Facts, Trouble


@dataclass(frozen=True, slots=True)
class BoxView:
    """What the status page shows; no `state` where the box never looked at itself; `restored`: the last restore."""

    state: BoxState | None
    troubles: list[Trouble]
    printers: list[Printer]
    papers_waiting: int
    last_event_at: str | None
    restored: Row | None

    @property
    def grave(self) -> bool:
        """Whether anything needs somebody today."""
        return any(one.grave for one in self.troubles)


def troubles(store: Store, *, now: datetime) -> list[Trouble]:
    """Return what is wrong with the box itself; its printers have a banner and a page of their own."""
    return troubles_of(store, box_state.read(store.path), now)


def view(store: Store, *, by: Actor, now: datetime) -> BoxView:
    """Return what the status page shows. A printer in trouble that papers come to stands among the troubles."""
    permit(by, "see_box")
    state, every = box_state.read(store.path), printers.printers(store)
    bad = [Trouble("printer_down", True, one.label) for one in in_trouble(store, every)]
    last = events.last_at(store)
    return BoxView(
        state=state,
        troubles=sorted(troubles_of(store, state, now) + bad, key=lambda one: not one.grave),
        printers=every,
        papers_waiting=sum(
            # Nobody learns of a sealed matter by counting its papers.
            len(sealed_papers.known(store, read(store), by=by))
            for read in (paper_care.held, paper_care.doubtful)
        ),
        last_event_at=None if last is None else clock.to_text(last),
        restored=restorations.latest(store),
    )


def in_trouble(store: Store, every: list[Printer]) -> list[Printer]:
    """Return those of these printers that papers come to and nothing comes out of."""
    used = devices.in_use(store, every)
    return [one for one in every if one.in_trouble and one.name in used]


def troubles_of(store: Store, state: BoxState | None, now: datetime) -> list[Trouble]:
    """Return what is wrong by this look of the box at itself, and by the store; the grave first."""
    behind, done = events.clock_is_behind(store, now), box_wishes.latest(store, "set_time")
    if state is None:
        return box_troubles.troubles(Facts(clock_behind=behind), now)
    facts = Facts(
        at=clock.from_text(state.at),
        disk_free=state.disk_free,
        inodes_free=state.inodes_free,
        failed_units=state.failed_units or (),
        backups_known=state.backup is not None,
        backup_at=_time(state.backup.newest_at if state.backup else None),
        backup_verified=state.backup.verified if state.backup else None,
        second_wanted=state.second is not None,
        second_at=_time(state.second.newest_at if state.second else None),
        clock_behind=behind,
        synchronized=state.synchronized,
        jumped_at=_time(state.jumped_at),
        raised_at=_time(state.raised_at),
        set_at=clock.from_text(done["ended_at"]) if done is not None and done["state"] == "done" else None,
    )
    return box_troubles.troubles(facts, now)


def _time(text: str | None) -> datetime | None:
    return None if text is None else clock.from_text(text)
