"""The steps of a repair as its owner reads them, and what its worker is called (`owner_view`)."""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import order_steps, repair_facts, without_consent
from reception.cases import Case
from reception.owner_words import NOBODY
from reception.rules import surnames
from reception.wording import Words
from reception.work_orders import Order


@dataclass(frozen=True, slots=True)
class Step:
    """Something that was done; `at` a UTC text."""

    at: str
    words: Words


def steps_of(store: Store, case: Case, orders: list[Order], now: datetime | None) -> tuple[Step, ...]:
    """Return what happened to a repair so far, oldest first."""
    found = [Step(case.received_at, Words("已登记", "Registered"))]
    for order in orders:
        found += _of_order(order)
    for pause in store.rows("SELECT reason, from_at, until_at FROM case_pauses WHERE case_id = ?", [case.id]):
        why = order_steps.SUSPEND_REASONS.get(pause["reason"], Words("暂停", "Paused"))
        found.append(Step(pause["from_at"], both("暂停：{}", "Paused: {}", why)))
        if pause["until_at"]:
            found.append(Step(pause["until_at"], Words("继续", "Went on")))
    for row in store.rows("SELECT made_at, state, answered_at FROM quotations WHERE case_id = ?", [case.id]):
        found.append(Step(row["made_at"], Words("已报价", "Price given")))
        if row["answered_at"]:
            # One that gave way to another had been agreed to before.
            yes = row["state"] != "declined"
            said = Words("您已同意报价", "You agreed") if yes else Words("您未同意报价", "You declined")
            found.append(Step(row["answered_at"], said))
    if case.closed_at:
        end = without_consent.NAME if without_consent.stands(store, case.no) else repair_facts.STATES[case.state]
        found.append(Step(case.closed_at, end))
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


def worker(order: Order) -> Words:
    """Return what the worker of an order is called: 赵师傅, never more; a team has no name."""
    if not order.worker_name:
        return NOBODY
    found = surnames.surname(order.worker_name)
    return Words(f"{found}师傅", f"our worker {surnames.in_letters(found)}")


def both(zh: str, en: str, value: Words) -> Words:
    """Put words into a sentence of both languages."""
    said = en.format(value.en)
    return Words(zh.format(value.zh), said[:1].upper() + said[1:])
