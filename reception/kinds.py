"""The kinds of case this house knows: one line a kind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from db.store import Store
from reception import (
    acceptance,
    appointments,
    booking_ends,
    booking_facts,
    booking_papers,
    cases,
    charges,
    complaint_facts,
    complaint_steps,
    complaints,
    emergencies,
    handovers,
    inquiries,
    inquiry_facts,
    inspections,
    officials,
    procedure_facts,
    release_facts,
    repairs,
    suggestion_facts,
    suggestions,
    tour_facts,
    work_orders,
)
from reception.cases import Case
from reception.papers import Paper
from reception.rules import booking_states, complaint_states
from reception.rules.repair_states import STEPS, allowed
from reception.site import Site
from reception.wording import Words


def _everyone(centre: Site) -> int:
    return 100


@dataclass(frozen=True, slots=True)
class End:
    """How a kind comes to its end: followed up, filed, merged, closed without the person's consent, opened again.

    `follow_up` is the state that is followed up and the one that it leads to, `share` how many in a hundred are;
    `rated_in` the states in which the person may say how content he is; `filed_from` those that it is filed from;
    `may_merge` tells of a state whether it may be merged; `let_go` ends inside that act what must not outlive it;
    `reopen` opens it again inside an act. `without_consent_from` are the states that a manager may close it from though
    the person does not agree; `before_giving_up` returns the code of what else keeps him from it, and `give_up` ends
    inside that act what is still under way. `followed_through` does inside that act what follows once a supervision of
    the case ended and its person was told: what he is told of one is then the result of the case, or a part of it, and
    he is told too of one that is withdrawn.
    """

    follow_up: tuple[str, str] = ("", "")
    share: Callable[[Site], int] = _everyone
    rated_in: frozenset[str] = frozenset()
    filed_from: frozenset[str] = frozenset()
    may_merge: Callable[[str], bool] | None = None
    let_go: Callable[..., object] | None = None
    reopen: Callable[..., Case] | None = None
    without_consent_from: frozenset[str] = frozenset()
    before_giving_up: Callable[[Store, Case], str | None] | None = None
    give_up: Callable[..., None] | None = None
    followed_through: Callable[..., None] | None = None


NO_END = End()


@dataclass(frozen=True, slots=True)
class Kind:
    """What the lists, the progress page, a reprint and the end of a case need to know of a kind."""

    code: str
    name: Words
    states: dict[str, Words]
    details: Callable[[Store, Case], Any]
    rebuild: Callable[[Store, Case, str, str], Paper]
    end: End = NO_END


KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            repairs.KIND,
            repairs.NAME,
            repairs.STATES,
            repairs.details,
            repairs.rebuild,
            End(
                follow_up=("signed", "followed_up"),
                share=lambda centre: centre.repair_follow_up_percent,
                rated_in=frozenset({"signed", "followed_up", "closed"}),
                filed_from=frozenset({"signed", "followed_up"}),
                may_merge=partial(allowed, "merge"),
                let_go=charges.let_go,
                reopen=acceptance.reopen,
                without_consent_from=STEPS["close_without_consent"].before,
                before_giving_up=acceptance.before_giving_up,
                give_up=acceptance.give_up,
            ),
        ),
        Kind(
            complaint_facts.KIND,
            complaint_facts.NAME,
            complaint_facts.STATES,
            complaint_facts.details,
            complaints.rebuild,
            End(
                follow_up=("replied", "followed_up"),
                rated_in=frozenset({"replied", "followed_up", "closed"}),
                filed_from=frozenset({"followed_up"}),
                may_merge=partial(complaint_states.allowed, "merge"),
                reopen=complaint_steps.reopen,
                without_consent_from=complaint_states.STEPS["close_without_consent"].before,
                before_giving_up=complaint_steps.before_giving_up,
            ),
        ),
        Kind(
            inquiry_facts.KIND,
            inquiry_facts.NAME,
            inquiry_facts.STATES,
            inquiry_facts.details,
            inquiries.rebuild,
            End(filed_from=frozenset({"answered", "replied"})),
        ),
        Kind(
            suggestion_facts.KIND,
            suggestion_facts.NAME,
            suggestion_facts.STATES,
            suggestion_facts.details,
            suggestions.rebuild,
            End(filed_from=frozenset({"answered"})),
        ),
        Kind(emergencies.KIND, emergencies.NAME, emergencies.STATES, emergencies.details, emergencies.rebuild),
        Kind(
            booking_facts.KIND,
            booking_facts.NAME,
            booking_facts.STATES,
            booking_facts.details,
            booking_papers.rebuild,
            End(
                follow_up=("fed_back", "followed_up"),
                share=lambda centre: centre.visit_day_follow_up_percent,
                rated_in=frozenset({"fed_back", "followed_up", "closed"}),
                filed_from=booking_states.STEPS["close"].before,
                reopen=booking_ends.reopen,
                without_consent_from=booking_states.STEPS["close_without_consent"].before,
                before_giving_up=booking_ends.before_giving_up,
                followed_through=booking_ends.followed_through,
            ),
        ),
        Kind(appointments.KIND, appointments.NAME, appointments.STATES, appointments.details, appointments.rebuild),
        Kind(handovers.KIND, handovers.NAME, handovers.STATES, handovers.details, handovers.rebuild),
        Kind(officials.KIND, officials.NAME, officials.STATES, officials.details, officials.rebuild),
        Kind(
            procedure_facts.KIND,
            procedure_facts.NAME,
            procedure_facts.STATES,
            procedure_facts.details,
            procedure_facts.rebuild,
        ),
        Kind(
            release_facts.KIND, release_facts.NAME, release_facts.STATES, release_facts.details, release_facts.rebuild
        ),
        Kind(inspections.KIND, inspections.NAME, inspections.STATES, inspections.details, inspections.rebuild),
        Kind(tour_facts.KIND, tour_facts.NAME, tour_facts.STATES, tour_facts.details, tour_facts.rebuild),
    )
}


def case_of_code(store: Store, token: str) -> Case:
    """Return the case that a code on any of our papers leads to, masked. Refuses `code_unknown`."""
    passed = release_facts.case_id_of(store, token)
    if passed is not None:
        return cases.masked(store, passed)
    return work_orders.case_of_order(store, token) or cases.by_token(store, token)
