"""What an owner sees of his repair: where it stands in a plain sentence, what was done, what he can do now.

Pure reading; nothing personal in it (domain.md K12): of the worker his surname, of the owner nothing at all.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from db.store import Store
from reception import acceptance, fault_records, follow_ups, order_steps, quotations, repair_facts, work_orders
from reception.cases import Case
from reception.fault_records import Fault
from reception.quotations import Quotation
from reception.repair_facts import Repair, expected
from reception.rules import clock, said_times, surnames
from reception.rules.repair_states import allowed
from reception.site import site
from reception.wording import Words
from reception.work_orders import Order

# Why a repair stands still, as its owner reads it (of K2's reasons).
WAITS: Mapping[str, Words] = MappingProxyType(
    {
        "material": Words(
            "暂停：等待配件到货，到货后马上联系您", "Paused: we wait for material and call you when it is here"
        ),
        "owner": Words(
            "暂停：等您方便时继续，请与我们约时间", "Paused until it suits you: please agree on a time with us"
        ),
        "developer": Words(
            "暂停：等待开发商处理，有进展就告诉您", "Paused: we wait for the developer and keep you informed"
        ),
    }
)
CANCELLED: Mapping[str, Words] = MappingProxyType(
    {
        "owner_wish": Words("已按您的要求取消", "Cancelled as you wished"),
        "declined": Words("您未同意报价，已取消", "Cancelled: you did not agree to the price"),
        "nothing_found": Words("现场未发现故障，已取消", "Cancelled: nothing was found broken"),
        "not_ours": Words("不在我们的服务范围，已取消", "Cancelled: it is not ours to repair"),
        acceptance.WITH_FAULT: Words("所属故障已恢复，一并办结", "Ended with the known fault, which is over"),
        "twice": Words("与另一件报修重复，已取消", "Cancelled: it was reported twice"),
    }
)
ASK_PRICE = Words("请您确认报价，同意后才开始收费维修", "Please answer the price: paid work begins only once you agree")
NOBODY = Words("师傅", "our worker")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done; `at` a UTC text."""

    at: str
    words: Words


@dataclass(frozen=True, slots=True)
class Progress:
    """How a repair stands. `can`: answer_quote, sign, rate; `by_phone` False: no number to prove oneself by.

    `quotation` waits for the owner (`quoted`) or has his yes (`agreed`).
    """

    sentence: Words
    note: Words | None
    steps: tuple[Step, ...]
    quotation: Quotation | None
    can: frozenset[str]
    by_phone: bool
    order_no: str


LATE = Words(
    "已登记，处理晚于承诺的时间，十分抱歉，我们尽快与您联系",
    "Registered. We are later than we promised and are sorry; we contact you as soon as we can",
)


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how a repair stands at a moment; with `now` None times are said by their date alone.

    `judged_at` is then the moment by which a promise may have passed.
    """
    orders, repair = work_orders.of_case(store, case.id), repair_facts.details(store, case)
    newest = orders[-1] if orders else None
    quotation = _open_quotation(store, case)
    can = _can(store, case, repair, newest, quotation)
    return Progress(
        _sentence(store, case, repair, newest, now, judged_at or now),
        ASK_PRICE if "answer_quote" in can else _note(store, case, repair, newest, judged_at or now),
        _steps(store, case, orders, now),
        quotation,
        can,
        bool(case.phone),
        newest.no if newest else "",
    )


def _open_quotation(store: Store, case: Case) -> Quotation | None:
    """Return the quotation that waits for an answer or has a yes, or None."""
    found = quotations.latest(store, case.id)
    return found if found and found.state in {"quoted", "agreed"} else None


def worker(order: Order) -> Words:
    """Return what the worker of an order is called: 赵师傅, never more; a team has no name."""
    if not order.worker_name:
        return NOBODY
    found = surnames.surname(order.worker_name)
    return Words(f"{found}师傅", f"our worker {surnames.in_letters(found)}")


def _can(store: Store, case: Case, repair: Repair, newest: Order | None, quotation: Quotation | None) -> frozenset[str]:
    found = set()
    # An answer is asked for as long as it may be given (`quotations.answer_by_token`).
    asked = case.state not in quotations.OVER and repair.liability in {"paid", "undetermined"}
    if quotation and quotation.state == "quoted" and asked:
        found.add("answer_quote")
    if allowed("sign", case.state) and acceptance.before_signing(repair.liability, newest) is None:
        found.add("sign")
    if case.state in follow_ups.ANSWERABLE and follow_ups.own_answer(store, case) is None:
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
        return WAITS.get(reason, Words("暂停", "Paused"))
    if case.state == "cancelled":
        return CANCELLED.get(_cancel_reason(store, case), Words("已取消", "Cancelled"))
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
        }.get(case.state, _both("已登记，{}", "Registered: {}", expected(site(store), repair.urgency)))
    if case.state in {"dispatched", "accepted"}:
        return _on_the_way(store, case, order, now)
    who = worker(order)
    if case.state == "on_site":
        if order.started_at:
            return _both("{}正在维修", "Being repaired by {}", who)
        return _both("{}已到场", "On site: {}", who)
    return _done(case, repair)


def _of_fault(store: Store, fault: Fault, now: datetime | None) -> Words:
    """Return how a repair stands that a known fault answers for."""
    if fault.state != "open":
        return Words("所属故障已恢复，我们会告知您", "The fault it belongs to is over; we tell you")
    when = fault.expected(now, site(store).zone) if now else Words("恢复后告知您", "we tell you when it is over")
    return Words(
        f"属于{fault.where.zh}的{fault.name.zh}，正在统一抢修，{when.zh}",
        f"It is the known fault ({fault.name.en}, {fault.where.en}), being repaired: {when.en}",
    )


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
        return expected(site(store), repair.urgency) if repair.urgency == "urgent" else None
    return None


def _cancel_reason(store: Store, case: Case) -> str:
    text = store.value(
        "SELECT detail FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'cancel' ORDER BY id DESC",
        [case.id],
    )
    return str(json.loads(text or "{}").get("reason", ""))


def _steps(store: Store, case: Case, orders: list[Order], now: datetime | None) -> tuple[Step, ...]:
    found = [Step(case.received_at, Words("已登记", "Registered"))]
    for order in orders:
        found += _of_order(order)
    for pause in store.rows("SELECT reason, from_at, until_at FROM case_pauses WHERE case_id = ?", [case.id]):
        why = order_steps.SUSPEND_REASONS.get(pause["reason"], Words("暂停", "Paused"))
        found.append(Step(pause["from_at"], _both("暂停：{}", "Paused: {}", why)))
        if pause["until_at"]:
            found.append(Step(pause["until_at"], Words("继续", "Went on")))
    for row in store.rows("SELECT made_at, state, answered_at FROM quotations WHERE case_id = ?", [case.id]):
        found.append(Step(row["made_at"], Words("已报价", "Price given")))
        if row["answered_at"] and row["state"] in {"agreed", "declined"}:
            yes = row["state"] == "agreed"
            said = Words("您已同意报价", "You agreed") if yes else Words("您未同意报价", "You declined")
            found.append(Step(row["answered_at"], said))
    if case.closed_at:
        found.append(Step(case.closed_at, repair_facts.STATES[case.state]))
    return tuple(sorted(found, key=lambda step: step.at))


def _of_order(order: Order) -> list[Step]:
    who = worker(order)
    again = "返修：" if order.reworks_id else ""
    named = who if who is not NOBODY else Words("师傅", "a worker")
    times = (
        (order.dispatched_at, Words(f"{again}已派{named.zh}", f"{'Again: s' if again else 'S'}ent {named.en}")),
        (order.accepted_at if order.accepted_at != order.arrived_at else None, Words("已接单", "Accepted")),
        (order.arrived_at, Words("已到场", "On site")),
        (order.started_at if order.started_at != order.arrived_at else None, Words("开始维修", "Work begun")),
        (order.finished_at, Words("已修好", "Repaired")),
        (order.rechecked_at, Words("已复检", "Inspected")),
        (order.signed_at, Words("已验收", "Accepted")),
    )
    return [Step(at, words) for at, words in times if at]


def _both(zh: str, en: str, value: Words) -> Words:
    return Words(zh.format(value.zh), en.format(value.en))
