"""The end of a work order: inspected again, signed by the owner or the reason why not; done again, or cancelled."""

from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import (
    case_steps,
    cases,
    charges,
    events,
    feedback,
    order_steps,
    phone_tails,
    quotations,
    repair_facts,
    work_orders,
)
from reception.cases import Case
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.repair_states import allowed
from reception.wording import Words
from reception.work_orders import Order

# How staff record the end: the owner's signature on paper, or why there is none (K3, 10).
BY_STAFF = {
    "paper": Words("业主已在工作单签字", "The owner signed the slip"),
    "owner_absent": Words("业主不在场", "The owner was absent"),
    "common_area": Words("公共部位，无需业主签字", "Shared area: no owner signs"),
}
CANCEL_REASONS = {
    "owner_wish": Words("业主要求取消", "The owner wants it no more"),
    "declined": Words("业主不同意报价", "The owner declined the price"),
    "nothing_found": Words("现场无故障", "Nothing was broken"),
    "not_ours": Words("不在服务范围", "Not ours to repair"),
    "twice": Words("重复报修", "Reported twice"),
}
# Why an order ended that nobody signed: the manager closed the repair.
WITHOUT_CONSENT = "without_consent"

# It ended with the known fault that it was; no choice of a form, but a reason that papers and charges tell.
WITH_FAULT = "with_fault"
ENDS = CANCEL_REASONS | {WITH_FAULT: Words("所属故障已恢复", "The known fault is over")}


def recheck(store: Store, *, order_no: str, nonce: str = "", by: Actor, now: datetime) -> Case:
    """Inspect finished work again (复检): a second pair of eyes on what the warranty pays. Never the worker himself.

    Refuses as `order_steps.step`, and `recheck_own`.
    """

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        if order.worker_id == by.id:
            raise Refused("recheck_own")
        return {"rechecked_at": clock.to_text(at), "rechecked_by": by.id}

    return order_steps.step(store, "recheck", order_no, change, permission="recheck_order", nonce=nonce, by=by, now=now)


def sign(store: Store, *, order_no: str, how: str, note: str = "", nonce: str = "", by: Actor, now: datetime) -> Case:
    """Record the owner's signature on the slip, as seen by a member of staff, or why nobody signed.

    `how`: paper, owner_absent (the note says why), common_area. Refuses as `order_steps.step`, `signature_unknown`,
    `note_missing`, `liability_undetermined`, `recheck_missing`, `signature_own` (the worker sees no signature of his
    own work), `not_common_area`.
    """

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(how, BY_STAFF, code="signature_unknown")
        clean = cases.text(note, required=how == "owner_absent", limit=cases.SHORT_LIMIT, missing="note_missing")
        if order.worker_id == by.id:
            raise Refused("signature_own")
        liability = _signable(store, order)
        if how == "common_area" and liability != "common":
            raise Refused("not_common_area")
        quotations.lapse(store, case.id, by=by, at=at)
        return _signed(at, how, clean, by.id)

    return order_steps.step(
        store, "sign", order_no, change, permission="see_signature", nonce=nonce, by=by, now=now, how=how, note=note
    )


def may_be_recorded(liability: str) -> dict[str, Words]:
    """Return how the end may be recorded of work that is borne so; while nobody has decided, all may come to be."""
    barred = set() if liability in {"common", "undetermined"} else {"common_area"}
    return {code: words for code, words in BY_STAFF.items() if code not in barred}


def sign_by_token(store: Store, *, token: str, phone_tail: str, nonce: str = "", by: Actor, now: datetime) -> Case:
    """The owner accepts the work himself, on the phone page or at the kiosk, by the end of his telephone number.

    Refuses `code_unknown`, `step_not_now`, what `phone_tails.prove` refuses, and as `sign`.
    """
    permit(by, "sign_as_owner")
    case = cases.by_token(store, token)
    orders = work_orders.of_case(store, case.id)
    if not orders:
        raise Refused("step_not_now")
    phone_tails.prove(store, case.id, phone_tail, by=by, now=now)

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        _signable(store, order)
        quotations.lapse(store, case.id, by=by, at=at)
        return _signed(at, "kiosk" if by.role is Role.KIOSK else "phone", "", None)

    # The newest, not the live one: a press that is tried again finds the order signed, by its own nonce.
    newest = orders[-1].no
    return order_steps.step(store, "sign", newest, change, permission="sign_as_owner", nonce=nonce, by=by, now=now)


def _signable(store: Store, order: Order) -> str:
    liability = repair_facts.liability(store, order.case_id)
    lacking = before_signing(liability, order)
    if lacking:
        raise Refused(lacking)
    return liability


def before_signing(liability: str, order: Order | None) -> str | None:
    """Return the code of what must still be so before finished work is signed, or None."""
    if liability == "undetermined":
        return "liability_undetermined"
    if liability == "warranty" and (order is None or order.rechecked_at is None):
        return "recheck_missing"
    return None


def _signed(at: datetime, how: str, note: str, seen_by: int | None) -> dict[str, Any]:
    return {
        "signed_at": clock.to_text(at),
        "signed_how": how,
        "signed_note": note,
        "signed_seen_by": seen_by,
        "state": "done",
        "detail": {"how": how},
    }


def rework(store: Store, *, no: str, reason: str, by: Actor, now: datetime) -> Case:
    """The work must be done again (返修): the repair waits for a new order that names the old one.

    Refuses `case_unknown`, `step_not_now`, `reason_missing`, `changed_meanwhile`.
    """
    permit(by, "rework_order")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        return reopen(store, case, clean, by=by, at=events.moment(store, now))


def reopen(
    store: Store,
    case: Case,
    reason: str,
    *,
    by: Actor,
    at: datetime,
    owner: int | None = None,
    noted_by: Actor | None = None,
) -> Case:
    """Open a repair for rework inside an act; `owner` is who holds it from now on, `noted_by` whose words these are.

    Refuses `step_not_now`.
    """
    if case.kind != repair_facts.KIND or not allowed("rework", case.state):
        raise Refused("step_not_now")
    live = work_orders.live(store, case.id)
    if live is not None:
        work_orders.end(store, live, "returned", "rework", at=at)
    return case_steps.open_round(store, case, "rework", "rework", reason, owner=owner, noted_by=noted_by, by=by, at=at)


def cancel(store: Store, *, no: str, reason: str, channel: str, text: str, by: Actor, now: datetime) -> Case:
    """End a repair before any work began, with a reason and with what the person was told; a charge is withdrawn.

    Refuses `case_unknown`, `reason_unknown`, what `before_cancelling` says, and what `feedback.give` refuses.
    """
    permit(by, "cancel_repair")
    with writing(store):
        case = cases.whole(store, cases.find(store, no, by=by).id)
        cases.choice(reason, CANCEL_REASONS, code="reason_unknown")
        return end_unworked(store, case, reason, channel=channel, text=text, by=by, now=now)


def end_unworked(
    store: Store,
    case: Case,
    reason: str,
    *,
    channel: str,
    text: str,
    merged_too: bool = True,
    by: Actor,
    now: datetime,
) -> Case:
    """End a repair before any work began, inside an act that has asked who may. Refuses as `cancel`.

    Whoever was merged into it hears of its end too, but for the act that knows better who was told (`merged_too`).
    """
    with writing(store):
        lacking = before_cancelling(store, case)
        if lacking:
            raise Refused(lacking)
        at = events.moment(store, now)
        charges.let_go(store, case, ENDS[reason].zh, by=by, at=at)
        feedback.give(
            store, no=case.no, about="result", channel=channel, text=text, merged_too=merged_too, by=by, now=at
        )
        live = work_orders.live(store, case.id)
        if live is not None:
            work_orders.end(store, live, "cancelled", reason, at=at)
        order_steps.go_on(store, case.id)
        quotations.lapse(store, case.id, by=by, at=at)
        cases.move(store, case, "cancelled", "cancel", by=by, at=at, detail={"reason": reason})
        return cases.whole(store, case.id)


def before_cancelling(store: Store, case: Case) -> str | None:
    """Return the code of what keeps a repair from being cancelled: `step_not_now`, `started_already`, `money_held`."""
    if case.kind != repair_facts.KIND or not allowed("cancel", case.state):
        return "step_not_now"
    if store.value("SELECT 1 FROM work_orders WHERE case_id = ? AND started_at IS NOT NULL", [case.id]):
        return "started_already"
    return "money_held" if charges.of_case(store, case.id).held_fen else None


def before_giving_up(store: Store, case: Case) -> str | None:
    """Return what keeps a repair from being closed without consent: `never_finished` (it is no matter of consent),
    `liability_undetermined` (as nothing undecided is signed either), or None."""
    if not store.value("SELECT 1 FROM work_orders WHERE case_id = ? AND finished_at IS NOT NULL", [case.id]):
        return "never_finished"
    return "liability_undetermined" if repair_facts.liability(store, case.id) == "undetermined" else None


def give_up(store: Store, case: Case, *, by: Actor, at: datetime) -> None:
    """End what is still under way of a repair, inside the act that closes it without the owner's consent.

    The work was done for the price that was agreed to: so it is charged, where nobody charged it or withdrew that.
    """
    live = work_orders.live(store, case.id)
    if live is not None:
        work_orders.end(store, live, "cancelled", WITHOUT_CONSENT, at=at)
    order_steps.go_on(store, case.id)
    quotations.lapse(store, case.id, by=by, at=at)
    agreed = quotations.agreed(store, case.id)
    if agreed is None or repair_facts.liability(store, case.id) != "paid" or quotations.is_charged(store, case.id):
        return
    if agreed.id not in {one.quotation_id for one in charges.withdrawn(store, case.id)}:
        charges.charge_agreed(store, case, by=by, at=at)
