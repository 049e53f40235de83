"""What an owner sees of his repair: where it stands in a plain sentence, what was done, what he can do now.

Pure reading; nothing personal in it (domain.md K12): of the worker his surname, of the owner nothing at all.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import (
    acceptance,
    cases,
    fault_records,
    feedback,
    follow_ups,
    quotations,
    repair_facts,
    without_consent,
    work_orders,
)
from reception.cases import Case
from reception.fault_records import Fault
from reception.owner_steps import Step, both, steps_of, worker
from reception.owner_words import (
    ASK_CHANGE,
    ASK_PRICE,
    AT_WORK,
    CANCELLED,
    CLOSED_TOGETHER,
    DECLINED,
    FAULT_OVER,
    LATE,
    NOBODY,
    TOGETHER,
    UNDER_WAY,
    WAITS,
    WITHOUT_CONSENT,
    of_open_fault,
)
from reception.quotations import Quotation
from reception.repair_facts import Repair, expected
from reception.rules import clock, said_times
from reception.rules.repair_states import allowed
from reception.site import site
from reception.wording import Words
from reception.work_orders import Order


@dataclass(frozen=True, slots=True)
class Progress:
    """How a repair stands. `can`: answer_quote, sign, rate; `by_phone` False: no number to prove oneself by.

    `quotation` waits for the owner (`quoted`) or has his yes (`agreed`); `declined`: he said no, and that is where it
    stands.
    """

    sentence: Words
    note: Words | None
    steps: tuple[Step, ...]
    quotation: Quotation | None
    can: frozenset[str]
    by_phone: bool
    order_no: str
    declined: bool = False


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how a repair stands at a moment; with `now` None times are said by their date alone.

    `judged_at` is then the moment by which a promise may have passed.
    """
    orders, repair = work_orders.of_case(store, case.id), repair_facts.details(store, case)
    newest = orders[-1] if orders else None
    quotation = _open_quotation(store, case)
    can = _can(store, case, repair, newest, quotation)
    if case.merged_into is not None:
        return _together(store, case, now)
    # What a known fault holds waits for the fault, whatever was said of its price before.
    declined = _declined(store, case, repair, newest) and fault_records.holding(store, case.id) is None
    asked = ASK_PRICE if quotations.agreed(store, case.id) is None else ASK_CHANGE
    return Progress(
        DECLINED if declined else _sentence(store, case, repair, newest, now, judged_at or now),
        asked if "answer_quote" in can else _note(store, case, repair, newest, judged_at or now),
        steps_of(store, case, orders, now),
        quotation,
        can,
        bool(case.phone),
        newest.no if newest else "",
        declined,
    )


def followed(store: Store, case: Case) -> Case:
    """Return the case that says how this one stands: itself, or the one that it was merged into; masked."""
    return case if case.merged_into is None else cases.masked(store, case.merged_into)


def _together(store: Store, case: Case, now: datetime | None) -> Progress:
    """Return how it stands with the other report: its state and no word of it, for it is somebody else's."""
    other = followed(store, case)
    orders = work_orders.of_case(store, other.id)
    newest = orders[-1] if orders else None
    at_work = other.state == "on_site" and newest is not None and newest.started_at
    how = AT_WORK if at_work else TOGETHER[other.state]
    if without_consent.stands(store, other.no):
        how = CLOSED_TOGETHER
    # Of the known fault everybody may read.
    fault = fault_records.holding(store, other.id) if other.closed_at is None else None
    if fault is not None:
        how = _of_fault(store, fault, now)
    elif other.state == "cancelled" and _cancel_reason(store, other) == acceptance.WITH_FAULT:
        how = CANCELLED[acceptance.WITH_FAULT]
    steps = [*steps_of(store, case, work_orders.of_case(store, case.id), now)]
    if newest is not None and newest.finished_at and how == TOGETHER["finished"]:
        steps.append(Step(newest.finished_at, Words("已修好", "Repaired")))
    told = [notice.at for notice in feedback.of_case(store, case.id) if notice.about == "result"]
    steps += [Step(at, Words("已告知您结果", "You were told the result")) for at in told]
    when = said_times.moment(clock.from_text(told[-1]), zone=site(store).zone, now=now) if told else ("", "")
    return Progress(
        both("与同一问题的报修合并处理：{}", "Handled together with another report of the same fault: {}", how),
        both("{} 已告知您结果", "You were told the result {}", Words(*when)) if told else None,
        tuple(sorted(steps, key=lambda step: step.at)),
        None,
        frozenset(),
        bool(case.phone),
        "",
    )


def _declined(store: Store, case: Case, repair: Repair, order: Order | None) -> bool:
    """Whether the owner's no to the price is where it stands: nobody has gone out, or begun, since."""
    if order is None or repair.liability != "paid":
        return False
    if case.state == "returned":
        return order.state_reason == "declined"
    price = quotations.latest(store, case.id)
    said_no = price is not None and price.state == "declined" and (price.answered_at or "") >= order.dispatched_at
    # No to a raised price: the one agreed to before stands.
    return (
        said_no and quotations.agreed(store, case.id) is None and case.state in UNDER_WAY and order.started_at is None
    )


def _open_quotation(store: Store, case: Case) -> Quotation | None:
    """Return the quotation that waits for an answer or has a yes, or None."""
    found = quotations.latest(store, case.id)
    return found if found and found.state in {"quoted", "agreed"} else None


def _can(store: Store, case: Case, repair: Repair, newest: Order | None, quotation: Quotation | None) -> frozenset[str]:
    found = set()
    # An answer is asked for as long as it may be given (`quotations.answer_by_token`).
    asked = case.state not in quotations.OVER and repair.liability in {"paid", "undetermined"}
    if quotation and quotation.state == "quoted" and asked:
        found.add("answer_quote")
    if allowed("sign", case.state) and acceptance.before_signing(repair.liability, newest) is None:
        found.add("sign")
    if follow_ups.answerable(case) and follow_ups.own_answer(store, case) is None:
        found.add("rate")
    return frozenset(found)


def _late(store: Store, case: Case, at: datetime | None) -> bool:
    """Tell whether what the receipt promised has passed: nobody is promised it again."""
    return at is not None and bool(
        store.value(
            "SELECT 1 FROM clocks WHERE case_id = ? AND clock IN ('on_site_urgent', 'response')"
            " AND stopped_at IS NULL AND due_at < ?",
            [case.id, clock.to_text(at)],
        )
    )


def _sentence(
    store: Store, case: Case, repair: Repair, order: Order | None, now: datetime | None, judged_at: datetime | None
) -> Words:
    if case.state == "suspended":
        reason = store.value("SELECT reason FROM case_pauses WHERE case_id = ? AND until_at IS NULL", [case.id])
        return _with_new_time(store, case, order, WAITS.get(reason, Words("暂停", "Paused")), now)
    if case.state == "cancelled":
        return CANCELLED.get(_cancel_reason(store, case), Words("已取消", "Cancelled"))
    if without_consent.stands(store, case.no):
        return WITHOUT_CONSENT
    if case.state == "merged":
        return Words("与同一问题的报修合并处理", "Handled together with another report of the same fault")
    fault = fault_records.holding(store, case.id)
    if fault is not None:
        return _of_fault(store, fault, now)
    if case.state == "registered" and _late(store, case, judged_at):
        return LATE
    if order is None or case.state in {"registered", "returned", "rework"}:
        return {
            "returned": Words("正在为您重新安排师傅", "We are finding another worker for you"),
            "rework": Words("将为您返修，正在安排师傅", "The work will be done again; we are finding a worker"),
        }.get(case.state, both("已登记，{}", "Registered. {}", expected(site(store), repair.urgency, phone=case.phone)))
    if case.state in {"dispatched", "accepted"}:
        return _on_the_way(store, case, order, now)
    who = worker(order)
    if case.state == "on_site":
        if order.started_at:
            return both("{}正在维修", "Being repaired by {}", who)
        return both("{}已到场", "{} has arrived", who)
    return _done(case, repair)


def _with_new_time(store: Store, case: Case, order: Order | None, why: Words, now: datetime | None) -> Words:
    """Return why it stands still, with the time that was agreed on since it does."""
    if order is None or not order.appointed_at or last_of(store, case, "suspend", "reschedule") != "reschedule":
        return why
    zh, en = said_times.moment(clock.from_text(order.appointed_at), zone=site(store).zone, now=now)
    return Words(f"{why.zh}；已改约 {zh} 上门", f"{why.en}. The new time: {en}")


def last_of(store: Store, case: Case, *acts: str) -> str:
    """Return which of these acts was done last with a case; '' for none."""
    marks = ",".join("?" * len(acts))
    found = store.value(
        f"SELECT what FROM events WHERE subject = 'case' AND subject_id = ? AND what IN ({marks}) ORDER BY id DESC",  # noqa: S608
        [case.id, *acts],
    )
    return found or ""


def _of_fault(store: Store, fault: Fault, now: datetime | None) -> Words:
    """Return how a repair stands that a known fault answers for."""
    if fault.state != "open":
        return FAULT_OVER
    return of_open_fault(fault, fault.expected(now, site(store).zone) if now else None)


def _on_the_way(store: Store, case: Case, order: Order, now: datetime | None) -> Words:
    when = (
        Words(*said_times.moment(clock.from_text(order.appointed_at), zone=site(store).zone, now=now))
        if order.appointed_at
        else None
    )
    who = worker(order)
    sent = case.department_name if who is NOBODY else Words(who.zh, who.en[:1].upper() + who.en[1:])
    accepted = case.state == "accepted"
    begin = f"{sent.zh}已接单" if accepted else f"已派{sent.zh}"
    if when is None:
        said = "has accepted" if accepted else "is sent"
        return Words(f"{begin}，上门前先与您联系", f"{sent.en} {said}; you are called before anybody comes")
    return Words(f"{begin}，{when.zh} 上门", f"{sent.en} {'has accepted and ' if accepted else ''}comes {when.en}")


def _done(case: Case, repair: Repair) -> Words:
    if case.state == "finished" and repair.liability == "warranty":
        return Words("已修好，等待复检，复检后请您验收", "Repaired; it is inspected once more, then please accept it")
    if case.state == "finished" and repair.liability == "undetermined":
        return Words("已修好，我们核实后请您验收", "Repaired; we check the records, then please accept it")
    return {
        "finished": Words("已修好，请您验收", "Repaired: please accept the work"),
        "rechecked": Words("已修好并复检，请您验收", "Repaired and inspected: please accept the work"),
        "signed": Words("已验收，谢谢", "Accepted, thank you"),
        "followed_up": Words("已验收并回访，谢谢", "Accepted and followed up, thank you"),
    }.get(case.state, Words("已办结，谢谢", "Closed, thank you"))


def _note(store: Store, case: Case, repair: Repair, order: Order | None, at: datetime | None) -> Words | None:
    if case.state == "returned" or (case.state in {"dispatched", "accepted"} and order and order.appointed_at):
        return None
    if case.state in {"dispatched", "accepted", "rework"} and not _late(store, case, at):
        return expected(site(store), repair.urgency, phone=case.phone) if repair.urgency == "urgent" else None
    return None


def _cancel_reason(store: Store, case: Case) -> str:
    text = store.value(
        "SELECT detail FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'cancel' ORDER BY id DESC",
        [case.id],
    )
    return str(json.loads(text or "{}").get("reason", ""))
