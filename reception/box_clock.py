"""Setting the time of the box: an administrator asks at the desk, a unit that may do nothing else sets the clock."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row
from typing import Any

from db.store import Store, writing
from reception import box_wishes, clock_care, events
from reception.permissions import BOX, Actor, permit
from reception.refusal import Refused
from reception.rules import clock, clock_setting
from reception.site import site

KIND = "set_time"
# How a wish may end; the page has a sentence for each.
DONE, NO_CHIP = "set", "set_no_chip"
NOT_TAKEN, OUT_OF_RANGE, REFUSED = "not_taken", "clock_out_of_range", "clock_refused"


@dataclass(frozen=True, slots=True)
class LastSetting:
    """The newest wish to set the time: what was asked (UTC text), its state, how it ended, since when (UTC text).

    `left`: nobody took it up in time, and nobody will.
    """

    to: str
    state: str
    outcome: str
    at: str
    left: bool


def ask(store: Store, *, day: str, at: str, sure: str = "", by: Actor, now: datetime) -> int:
    """Ask that the box's clock be set to this day and time at the site; return the id of the wish.

    Refuses `date_invalid`, `time_invalid`, `clock_out_of_range`; `clock_back` and `clock_far` where the time lies
    before the last event or far behind it, unless `sure` is `1`; `box_wish_open` while one is under way.
    """
    permit(by, "set_time")
    with writing(store):
        try:
            wanted = clock_setting.wanted(day, at, site(store).zone)
        except ValueError as error:
            raise Refused(str(error)) from None
        doubt = clock_setting.doubt(wanted, events.last_at(store))
        if doubt and sure != "1":
            raise Refused(doubt)
        moment = events.moment(store, now)
        _end_what_was_left(store, now, moment)
        # By the clock itself, not by effective time: what is measured against it is the clock.
        detail = {"to": clock.to_text(wanted), "clock": clock.to_text(now), "back": doubt == "clock_back"}
        return box_wishes.ask(store, KIND, detail, by=by, at=moment)


def last(store: Store, *, by: Actor, now: datetime) -> LastSetting | None:
    """Return the newest wish to set the time, or None."""
    permit(by, "see_box")
    wish = box_wishes.latest(store, KIND)
    if wish is None:
        return None
    left = wish["state"] == "asked" and not _wanted(wish, now)
    return LastSetting(_detail(wish)["to"], wish["state"], wish["outcome"], wish["ended_at"] or wish["asked_at"], left)


def carry_out(store: Store, *, read: Callable[[], datetime], put: Callable[[datetime], bool]) -> str | None:
    """Set the clock as asked, and say how that ended; None where nobody asks.

    `read` reads the clock; `put` sets it and tells whether the clock chip took the time as well, and raises OSError
    where the clock may not be set. What the store says is looked at again: it is not this unit's own.
    """
    found = [wish for wish in box_wishes.asked(store) if wish["kind"] == KIND]
    if not found:
        return None
    wish, now = found[0], read()
    if not _wanted(wish, now):
        return _settle(store, wish, NOT_TAKEN, read())
    detail = _detail(wish)
    target = clock.from_text(detail["to"]) + (now - clock.from_text(detail["clock"]))
    if not clock_setting.possible(target):
        return _settle(store, wish, OUT_OF_RANGE, now)
    try:
        outcome = DONE if put(target) else NO_CHIP
    except OSError:
        return _settle(store, wish, REFUSED, read())
    return _settle(store, wish, outcome, read(), back=detail["back"] is True)


def _settle(store: Store, wish: Row, outcome: str, now: datetime, *, back: bool = False) -> str:
    with writing(store):
        # Somebody said that the records lie ahead of the right time: it goes on from there at once.
        if back and events.clock_is_behind(store, now):
            clock_care.correct(store, by=BOX, now=now)
        at = events.moment(store, now)
        box_wishes.settle(store, wish["id"], done=outcome in {DONE, NO_CHIP}, outcome=outcome, at=at)
    return outcome


def _end_what_was_left(store: Store, now: datetime, at: datetime) -> None:
    """End a wish that nobody took up, or it would stand in the way of every other for ever."""
    for wish in box_wishes.asked(store):
        if wish["kind"] == KIND and not _wanted(wish, now):
            box_wishes.settle(store, wish["id"], done=False, outcome=NOT_TAKEN, at=at)


def _wanted(wish: Row, now: datetime) -> bool:
    return clock_setting.still_wanted(clock.from_text(_detail(wish)["clock"]), now)


def _detail(wish: Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(wish["detail"])
    return found
