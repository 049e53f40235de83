"""Review and sign-off of bookings for the visit day (RUL-05, RUL-06, K7): from customer service to the manager.

A booking goes into signing with a row for each signature its chain asks for; the last one admits it. Whoever
disagrees, and whoever words the matter anew, voids them all. The store holds to the same (0041, 0041b).
"""

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import (
    booking_changes,
    booking_facts,
    cases,
    complaint_facts,
    events,
    sign_chain,
    sign_records,
    sign_rows,
)
from reception.cases import Case
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.booking_states import LIFE
from reception.sign_ends import admit_walk_in, refuse
from reception.sign_records import mine, of_case
from reception.sign_reminders import watch as signing_watch
from reception.sign_rows import Given

__all__ = [
    "admit_walk_in",
    "disagree",
    "mine",
    "of_case",
    "pass_review",
    "prepare",
    "rechain",
    "refuse",
    "reword",
    "sign",
    "sign_many",
    "sign_on_paper",
    "signing_watch",
]


def _at_hand(store: Store, act: str, no: str, *, by: Actor, now: datetime) -> tuple[Case, datetime]:
    case = cases.whole(store, sign_records.find(store, no, by=by, now=now).id)
    if not LIFE.allowed(act, case.state):
        raise Refused("step_not_now")
    return case, events.moment(store, now)


def prepare(store: Store, *, no: str, matter: str, topic: str, by: Actor, now: datetime) -> Case:
    """Word the matter and find its topic before anybody signs.

    Refuses `case_unknown`, `step_not_now`, `topic_unknown`, `matter_missing`, texts.
    """
    permit(by, "prepare_booking")
    with writing(store):
        case, at = _at_hand(store, "prepare", no, by=by, now=now)
        clean = cases.text(matter, missing="matter_missing")
        _describe(store, case, topic)
        store.execute(
            "UPDATE visit_day_bookings SET wording = wording + (matter <> :matter), matter = :matter"
            " WHERE case_id = :id",
            {"matter": clean, "id": case.id},
        )
        events.record(store, "prepare_booking", "case", case.id, by=by, at=at, topic=topic)
        store.touch("cases")
        return case


def _describe(store: Store, case: Case, topic: str) -> None:
    was = booking_facts.details(store, case).topic
    cases.choice(topic, complaint_facts.classes(store, also=was), code="topic_unknown")
    store.execute("UPDATE visit_day_bookings SET topic = ? WHERE case_id = ?", [topic, case.id])


def pass_review(
    store: Store,
    *,
    no: str,
    wording: str,
    topic: str,
    departments: Sequence[str],
    opinion: str = "",
    department: str = "",
    deadline_on: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Customer service lets a booking through, with its own opinion, and asks everybody of the chain to sign.

    `departments` are those responsible: the head of each signs; `wording` is the one that was read. Refuses
    `case_unknown`, `step_not_now`, `changed_meanwhile` (worded anew since), `walk_in_manager_signs`,
    `ownership_unchecked`, `signing_over`, `topic_unknown`, `departments_missing`, `department_unknown`, and what
    `sign_rows.given` refuses.
    """
    permit(by, "review_booking")
    with writing(store):
        case, at = _at_hand(store, "pass_review", no, by=by, now=now)
        _describe(store, case, topic)
        booking = booking_facts.details(store, case)
        if str(booking.wording) != wording.strip():
            raise Refused("changed_meanwhile")
        if booking.walk_in:
            raise Refused("walk_in_manager_signs")
        if booking.ownership == "unchecked":
            raise Refused("ownership_unchecked")
        sign_rows.check_day(store, booking, at)
        steps = sign_chain.chain(store)
        chosen = sign_rows.departments(store, departments) if any(one.step == "departments" for one in steps) else []
        rows = sign_rows.ask(store, case, booking, steps, chosen, at)
        if "review" in rows:
            said = sign_rows.given(store, rows["review"], opinion, department, deadline_on, "", at)
            assert by.id is not None
            sign_rows.put(store, rows["review"], "agreed", said, whose=by.id, by=by, at=at)
        cases.move(store, case, "signing", "pass_review", by=by, at=at, detail={"departments": chosen, "topic": topic})
        sign_rows.tell_turn(store, case.id, "to_sign", by=by, at=at)
        return cases.whole(store, case.id)


def sign(
    store: Store,
    *,
    no: str,
    signature: str,
    opinion: str = "",
    department: str = "",
    deadline_on: str = "",
    inherits: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Sign, for oneself or as a deputy: an opinion, who handles it, by when; the last signature admits (RUL-06).

    `signature` is the id of what is asked for; `inherits` the id of an earlier one whose words, department and
    deadline are taken over (同意前述意见). Refuses `case_unknown`, `nothing_to_sign`, `signed_already`,
    `signature_void`, `not_your_turn`, `not_yours_to_sign`, `signing_over`, and what `sign_rows.given` refuses.
    """
    permit(by, "sign_booking")
    with writing(store):
        case, row, at = _asked(store, no, signature, by=by, now=now)
        whose, on_behalf = sign_rows.whose(store, row, by=by, at=at)
        said = sign_rows.given(store, row["id"], opinion, department, deadline_on, inherits, at)
        sign_rows.put(store, row["id"], "agreed", said, whose=whose, on_behalf=on_behalf, by=by, at=at)
        return _go_on(store, case, row["id"], by=by, at=at)


def _asked(store: Store, no: str, signature: str, *, by: Actor, now: datetime) -> tuple[Case, Row, datetime]:
    case = cases.whole(store, sign_records.find(store, no, by=by, now=now).id)
    row = sign_rows.find(store, case, signature)
    if case.state != "signing":
        raise Refused("step_not_now")
    return case, row, events.moment(store, now)


def _go_on(store: Store, case: Case, signature: int, *, by: Actor, at: datetime) -> Case:
    """Admit where that was the last signature; else ask those whose turn it is now."""
    sign_rows.check_day(store, booking_facts.details(store, case), at)
    events.record(store, "sign_booking", "case", case.id, by=by, at=at, signature=signature)
    store.touch("cases")
    if sign_rows.pending(store, case.id):
        sign_rows.tell_turn(store, case.id, "to_sign", by=by, at=at, after=signature)
        return cases.whole(store, case.id)
    if sign_rows.lacks(store, case.id):
        raise Refused("signatures_missing")
    cases.move(store, case, "admitted", "admit", by=by, at=at)
    return cases.whole(store, case.id)


def sign_many(
    store: Store,
    *,
    chosen: Sequence[tuple[str, str]],
    opinion: str = "",
    department: str = "",
    deadline_on: str = "",
    inherit: bool = False,
    by: Actor,
    now: datetime,
) -> list[tuple[str, str]]:
    """Sign many (number of the booking, id of the signature) in one press; return (number, '' or why it was not).

    Each booking is a transaction of its own: a signature is an act by itself, and a matter that was worded anew while
    seven others were read is no reason to lose those. Nothing of one that is refused is written. `inherit`: each
    agrees with what was signed last before it. Refuses `nothing_chosen`, `too_many_chosen`.
    """
    permit(by, "sign_booking")
    if not chosen:
        raise Refused("nothing_chosen")
    if len(chosen) > sign_records.MOST:
        raise Refused("too_many_chosen")
    done = []
    for no, signature in dict.fromkeys(chosen):
        try:
            last = sign_rows.last(store, no, signature) if inherit else ""
            said = {} if inherit else {"opinion": opinion, "department": department, "deadline_on": deadline_on}
            sign(store, no=no, signature=signature, inherits=last, **said, by=by, now=now)
        except Refused as refused:
            done.append((no, refused.code))
        else:
            done.append((no, ""))
    return done


def disagree(store: Store, *, no: str, signature: str, reason: str, by: Actor, now: datetime) -> Case:
    """Send a booking back to customer service with a reason: no signature counts any more. Refuses as `sign`, and
    `reason_missing`."""
    permit(by, "sign_booking")
    with writing(store):
        case, row, at = _asked(store, no, signature, by=by, now=now)
        whose, on_behalf = sign_rows.whose(store, row, by=by, at=at)
        said = Given(cases.text(reason, missing="reason_missing"))
        sign_rows.put(store, row["id"], "disagreed", said, whose=whose, on_behalf=on_behalf, by=by, at=at)
        return _return(store, case, row["id"], by=by, at=at)


def _return(store: Store, case: Case, signature: int | None, *, by: Actor, at: datetime, why: str = "returned") -> Case:
    reviewers = sign_rows.reviewers(store, case.id)
    sign_rows.void(store, case.id, why)
    cases.move(store, case, "under_review", "return_booking", by=by, at=at, detail={"signature": signature, "why": why})
    sign_rows.tell(store, case.id, reviewers, "sent_back", by=by, at=at)
    return cases.whole(store, case.id)


def sign_on_paper(
    store: Store,
    *,
    no: str,
    signature: str,
    whose: str,
    agrees: bool,
    opinion: str = "",
    department: str = "",
    deadline_on: str = "",
    inherits: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """Enter a signature that stands on the printed form: whose (login) it is, and who saw it.

    Nobody enters his own, nor one of a chain that he signs in himself (K3, 6). Refuses as `sign`, `signer_unknown`,
    `own_hand_signs_here`, `witness_signs_himself`.
    """
    permit(by, "record_paper_signature")
    with writing(store):
        case, row, at = _asked(store, no, signature, by=by, now=now)
        signer = sign_rows.on_paper_by(store, row, whose)
        sign_rows.check_witness(store, row, signer, by=by)
        if not agrees:
            said = Given(cases.text(opinion, missing="reason_missing"))
            sign_rows.put(store, row["id"], "disagreed", said, whose=signer, on_paper=True, by=by, at=at)
            return _return(store, case, row["id"], by=by, at=at)
        said = sign_rows.given(store, row["id"], opinion, department, deadline_on, inherits, at)
        sign_rows.put(store, row["id"], "agreed", said, whose=signer, on_paper=True, by=by, at=at)
        return _go_on(store, case, row["id"], by=by, at=at)


def reword(store: Store, *, no: str, matter: str, reason: str, by: Actor, now: datetime) -> Case:
    """Word the matter anew: every signature under the old words is void, and it is reviewed again, admitted or not.

    The owner stands on the list of those to tell, who signed is told. Refuses `case_unknown`, `step_not_now`,
    `matter_missing`, `reason_missing`, `wording_unchanged`, texts.
    """
    permit(by, "reword_booking")
    with writing(store):
        case, at = _at_hand(store, "reword", no, by=by, now=now)
        clean = cases.text(matter, missing="matter_missing")
        why = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        wording = store.value(
            "UPDATE visit_day_bookings SET wording = wording + 1, matter = :matter"
            " WHERE case_id = :id AND matter <> :matter RETURNING wording",
            {"matter": clean, "id": case.id},
        )
        if wording is None:
            raise Refused("wording_unchanged")
        touched = sign_rows.involved(store, case.id)
        sign_rows.void(store, case.id, "reworded")
        cases.move(store, case, "under_review", "reword_booking", by=by, at=at, detail={"wording": wording})
        cases.write_note(store, case.id, why, by=by, at=at)
        store.execute(
            "INSERT INTO signing_news (case_id, what, about, at) VALUES (?, 'reworded', ?, ?)",
            [case.id, str(wording), clock.to_text(at)],
        )
        sign_rows.tell(store, case.id, touched, "signature_void", by=by, at=at)
        # The slip that he holds says the old words.
        booking = booking_facts.details(store, case)
        booking_changes.note(
            store,
            cases.whole(store, case.id),
            was_on=booking.day.actual_on,
            was_starts=booking.starts,
            cause="reworded",
            reason=why,
            by=by,
            at=at,
        )
        return cases.whole(store, case.id)


def rechain(store: Store, *, by: Actor, at: datetime) -> int:
    """Send back, inside the act that changed the chain, whatever is being signed by the old one; return how many."""
    rows = store.rows("SELECT DISTINCT case_id FROM endorsements WHERE state = 'pending' ORDER BY case_id")
    found = [case for row in rows if LIFE.allowed("return", (case := cases.whole(store, row["case_id"])).state)]
    for case in found:
        _return(store, case, None, by=by, at=at, why="rechained")
    return len(found)
