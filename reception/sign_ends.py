"""Two ways past the chain (K6, RUL-05): the manager alone admits who walked in; who is not admitted gets a case.

Both are of the day's exceptions: the first is counted as one, the second is told to the owner with its reason.
"""

from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import (
    booking_facts,
    booking_places,
    cases,
    complaints,
    events,
    feedback,
    nonces,
    repairs,
    sign_records,
    sign_rows,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules.booking_states import LIFE
from reception.sign_chain import ChainStep, chain
from reception.wording import Words

BECOMES: Final = {
    "complaint": Words("转为投诉", "Becomes a complaint"),
    "repair": Words("转为报修", "Becomes a repair"),
}


def admit_walk_in(
    store: Store, *, no: str, opinion: str, department: str, deadline_on: str, by: Actor, now: datetime
) -> Case:
    """The manager admits, with his own signature, somebody who walked in on the day: that is his whole chain.

    No deputy does, and nothing on paper. It is counted as an exception: in the figures of the day, and as a finding of
    `oversight_rules`. Refuses `case_unknown`, `step_not_now`, `not_a_walk_in`, `ownership_unchecked`, `signing_over`,
    and what `sign_rows.given` refuses.
    """
    permit(by, "admit_walk_in")
    with writing(store):
        case = cases.whole(store, sign_records.find(store, no, by=by, now=now).id)
        if not LIFE.allowed("admit_walk_in", case.state):
            raise Refused("step_not_now")
        booking, at = booking_facts.details(store, case), events.moment(store, now)
        if not booking.walk_in:
            raise Refused("not_a_walk_in")
        if booking.ownership == "unchecked":
            raise Refused("ownership_unchecked")
        sign_rows.check_day(store, booking, at)
        place = next(one.position for one in chain(store) if one.step == "manager")
        row = sign_rows.ask(store, case, booking, [ChainStep("manager", place)], [], at)["manager"]
        said = sign_rows.given(store, row, opinion, department, deadline_on, "", at)
        assert by.id is not None
        sign_rows.put(store, row, "agreed", said, whose=by.id, by=by, at=at)
        cases.move(store, case, "admitted", "admit_walk_in", by=by, at=at, detail={"exception": "walk_in"})
        return cases.whole(store, case.id)


def refuse(
    store: Store,
    *,
    no: str,
    nonce: str,
    reason: str,
    channel: str,
    becomes: str,
    category: str,
    urgency: str = "ordinary",
    place: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Do not admit a booking: a department handles it first, as a complaint or a repair that comes out of it.

    The owner is told the reason in the same act, by `channel`; its slot is free again. `category` is a class of
    complaints, or a category of repairs with `urgency` and, of shared areas, `place`. The same nonce refuses it once.
    Refuses `case_unknown`, `step_not_now`, `reason_missing`, `channel_unknown`, `becomes_unknown`, and what
    `complaints.register` and `repairs.register` refuse.
    """
    permit(by, "refuse_booking")
    content = {"no": no, "reason": reason, "becomes": becomes, "category": category, "urgency": urgency, "place": place}

    def make(at: datetime) -> int:
        case = cases.whole(store, sign_records.find(store, no, by=by, now=now).id)
        if not LIFE.allowed("refuse", case.state):
            raise Refused("step_not_now")
        why = cases.text(reason, missing="reason_missing", limit=WHY_LIMIT)
        cases.choice(channel, feedback.CHANNELS, code="channel_unknown")
        kind = cases.choice(becomes, BECOMES, code="becomes_unknown")
        made = (
            _complaint(store, case, nonce, category, by=by, at=at)
            if kind == "complaint"
            else _repair(store, case, nonce, category, urgency=urgency, place=place, by=by, at=at)
        )
        said = f"{why}（{BECOMES[kind].zh}：{made.no}）"
        feedback.tell(store, case, about="result", channel=channel, text=said, by=by, at=at)
        sign_rows.void(store, case.id, "returned")
        booking_places.leave(store, case, by=by, at=at)
        cases.move(store, case, "not_admitted", "refuse_booking", by=by, at=at, detail={"becomes": made.id})
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "refuse_booking", content, now=now, make=make))


# What is left of a notice once the new number stands behind it.
WHY_LIMIT: Final = 400


def _complaint(store: Store, case: Case, nonce: str, category: str, *, by: Actor, at: datetime) -> Case:
    return complaints.register(
        store,
        nonce=_own(nonce),
        name=case.name,
        phone=case.phone,
        unit=case.unit.label if case.unit else "",
        category=category,
        facts=booking_facts.details(store, case).matter,
        source="case",
        spawned_from=case.no,
        by=by,
        now=at,
    )


def _repair(
    store: Store, case: Case, nonce: str, category: str, *, urgency: str, place: str, by: Actor, at: datetime
) -> Case:
    return repairs.register(
        store,
        nonce=_own(nonce),
        name=case.name,
        phone=case.phone,
        unit=case.unit.label if case.unit else "",
        category=category,
        content=booking_facts.details(store, case).matter,
        place=place,
        urgency=urgency,
        spawned_from=case.no,
        by=by,
        now=at,
    )


def _own(nonce: str) -> str:
    """Return the nonce of the case that comes out of it: another than that of this act, and as long at most."""
    return f"{nonce[: nonces.LIMIT - len(OUT_OF)]}{OUT_OF}"


OUT_OF: Final = "+case"
