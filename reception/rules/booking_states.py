"""The life of a booking for the visit day as data (domain.md K2): which act leads from which states to which."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from reception.rules.states import Life, Step, step

# Not admitted yet: reviewed, signed, sent back.
UNSIGNED: Final = frozenset({"booked", "under_review", "signing"})
# Every signature is there; the guest is still to come.
EXPECTED: Final = frozenset({"admitted", "scheduled"})
# He is still to be met.
BEFORE_MEETING: Final = UNSIGNED | EXPECTED | {"checked_in"}

STEPS: Final[Mapping[str, Step]] = MappingProxyType(
    {
        # It has a slot, and it is known that an owner asks: customer service reviews it.
        "submit": step("under_review", "booked"),
        # Worded, and its topic found, before anybody signed.
        "prepare": step(None, "booked", "under_review"),
        "pass_review": step("signing", "under_review"),
        # Somebody disagreed, or the matter was worded anew: back to customer service, all signatures void.
        "return": step("under_review", "signing"),
        "reword": step("under_review", "under_review", "signing", *EXPECTED),
        "admit": step("admitted", "signing"),
        # Whoever walked in on the day: the manager signs, that is his whole chain, and it is counted as an exception.
        "admit_walk_in": step("admitted", "booked", "under_review"),
        # It becomes a complaint or a repair instead, with the reason that the owner is given.
        "refuse": step("not_admitted", *UNSIGNED),
        # The day's agenda is settled: accompanying departments, order.
        "schedule": step("scheduled", "admitted"),
        "check_in": step("checked_in", *EXPECTED),
        "meet": step("met", "checked_in"),
        # The beginning was pressed by mistake: he is called, nothing was decided.
        "unmeet": step("checked_in", "met"),
        # As often as it takes; the state stays.
        "decide": step(None, "met", "checked_in", "reopened"),
        # Decided in the room, or handed to a department for want of time: with department and deadline either way.
        "resolve": step("resolved", "met", "checked_in", "reopened"),
        "supervise": step("supervised", "resolved"),
        # One more, with a reason, while the others are followed.
        "add_decision": step(None, "supervised"),
        # The paper came out, and the owner took it otherwise than was written.
        "note_signature": step(None, "supervised"),
        # The owner was told what became of every decision.
        "feed_back": step("fed_back", "supervised"),
        "follow_up": step("followed_up", "fed_back"),
        # Where the share of follow-ups leaves it out it is filed without one.
        "close": step("closed", "fed_back", "followed_up"),
        "close_without_consent": step("closed", "fed_back", "followed_up", "reopened"),
        "reopen": step("reopened", "fed_back", "followed_up", "closed"),
        "miss": step("no_show", *EXPECTED),
        # He checked in, was called and never came to the room.
        "miss_called": step("no_show", "checked_in"),
        "withdraw": step("withdrawn", *BEFORE_MEETING),
        # Another day or slot: what was signed stays signed, who was here is expected again.
        "change": step(None, *UNSIGNED, *EXPECTED),
        "rebook": step("admitted", *EXPECTED, "checked_in"),
    }
)
TERMINAL: Final = frozenset({"not_admitted", "no_show", "withdrawn", "closed"})

LIFE: Final = Life(STEPS)
allowed, acts_in = LIFE.allowed, LIFE.acts_in
