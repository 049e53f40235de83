"""The steps of a work order on its way (domain.md K2): accept, arrive, start, suspend, resume, finish, send back, 改约.

The worker does them on his phone; for one who works by paper the desk does them, with the times from his slip.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from db.store import Store, writing
from reception import cases, events, nonces, order_materials, quotations, repair_facts, work_orders
from reception.cases import Case
from reception.order_materials import Material
from reception.permissions import Actor, Role, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.repair_states import STEPS, SUSPENDED_FROM, allowed
from reception.site import site
from reception.wording import Words
from reception.work_orders import Order

# K2: the clocks of a repair pause for these reasons alone.
SUSPEND_REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "material": Words("待料", "Waiting for material"),
        "owner": Words("待业主", "Waiting for the owner"),
        "developer": Words("待开发商", "Waiting for the developer"),
    }
)
SEND_BACK_REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "not_ours": Words("不属于本部门", "Not of this department"),
        "other_trade": Words("需要其他工种", "Needs another trade"),
        "nobody_home": Words("业主不在家", "Nobody at home"),
        "no_time": Words("排不开", "No time"),
        "declined": Words("业主不同意报价", "The owner declined the price"),
        "other": Words("其他", "Another reason"),
    }
)
LONGEST_LABOUR = 7 * 24 * 60
# What an act changes of the order and of the event: filled in by each step.
Change = Callable[[Order, Case, datetime], dict[str, Any]]


def step(
    store: Store,
    what: str,
    order_no: str,
    change: Change,
    *,
    permission: str = "work_on_order",
    nonce: str = "",
    by: Actor,
    now: datetime,
    **content: Any,
) -> Case:
    """Do a step of a live order in one transaction; return the case.

    `change` returns the columns of the order that it sets, and besides them `detail` for the event, `note` for the
    pause that begins, and `to`, the state that it leads to where the table does not say.

    With a nonce the step is done once, however often it comes. Refuses `order_unknown`, `order_over`, `step_not_now`,
    `changed_meanwhile`, `nonce_reused`.
    """
    permit(by, permission)

    def make(at: datetime) -> int:
        order = work_orders.find(store, order_no)
        work_orders.reach(order, by)
        case = cases.whole(store, order.case_id)
        if order.state != "live":
            raise Refused("order_over")
        if not allowed(what, case.state):
            raise Refused("step_not_now")
        columns = change(order, case, at)
        detail, note, to = columns.pop("detail", {}), columns.pop("note", ""), columns.pop("to", None)
        if columns:
            sets = ", ".join(f"{name} = :{name}" for name in columns)
            done = store.changed(
                f"UPDATE work_orders SET {sets} WHERE id = :id AND state = 'live'",  # noqa: S608
                {**columns, "id": order.id},
            )
            if not done:
                raise Refused("changed_meanwhile")
        target = to or STEPS[what].after or case.state
        cases.move(store, case, target, what, by=by, at=at, note=note, detail={"order": order.no, **detail})
        return case.id

    if nonce:
        form = {"order": order_no, "by": by.id, **content}
        return cases.whole(store, nonces.once(store, nonce, what, form, now=now, make=make))
    with writing(store):
        return cases.whole(store, make(events.moment(store, now)))


def accept(store: Store, *, order_no: str, nonce: str = "", worker: str = "", by: Actor, now: datetime) -> Case:
    """Take an order on. Of a team's order the first worker who accepts is its worker. Refuses as `step`, and
    `worker_missing` when the desk accepts a team's order without naming who, `worker_elsewhere` when he is of another
    department."""
    return step(
        store,
        "accept",
        order_no,
        lambda order, case, at: {"worker_id": _worker(store, order, worker, by), "accepted_at": clock.to_text(at)},
        nonce=nonce,
        by=by,
        now=now,
    )


def _worker(store: Store, order: Order, login: str, by: Actor) -> int:
    """Return who works on an order: whoever is named (from the slip), whom it was given to, or who says so himself."""
    if login:
        worker = work_orders.worker_of_login(store, login)
        # To another department an order goes by being sent back and out again, never by a name on a slip.
        if worker.department != order.department:
            raise Refused("worker_elsewhere")
        return worker.id
    if order.worker_id is not None:
        return order.worker_id
    if by.role in {Role.WORKER, Role.TEAM_LEADER} and by.id is not None:
        return by.id
    raise Refused("worker_missing")


def happened(store: Store, typed: str, order: Order, at: datetime) -> datetime:
    """Return when something on a slip happened: now, or what was typed. Refuses `time_invalid`, `time_impossible`
    (before the order went out, or still to come)."""
    if not typed:
        return at
    try:
        when = local_times.parse(typed, zone=site(store).zone, now=at)
    except ValueError as error:
        raise Refused(str(error)) from None
    # A slip gives minutes: within the minute of the dispatch is not before it.
    if when > at or when < clock.from_text(order.dispatched_at).replace(second=0, microsecond=0):
        raise Refused("time_impossible")
    return when


def arrive(
    store: Store, *, order_no: str, nonce: str = "", at_time: str = "", worker: str = "", by: Actor, now: datetime
) -> Case:
    """The worker is on site, now or at the local time of his slip. Work that costs the owner nothing begins with it.

    Refuses as `step`, `accept` and `happened`.
    """

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        when = clock.to_text(happened(store, at_time, order, at))
        liability = repair_facts.liability(store, case.id)
        return {
            "worker_id": _worker(store, order, worker, by),
            "accepted_at": order.accepted_at or when,
            "arrived_at": when,
            "started_at": when if liability in {"warranty", "common", "waived"} else None,
            "detail": {"happened_at": when},
        }

    return step(store, "arrive", order_no, change, nonce=nonce, by=by, now=now, at=at_time)


def start(store: Store, *, order_no: str, nonce: str = "", at_time: str = "", by: Actor, now: datetime) -> Case:
    """Begin the work (开工). Paid work begins only once the owner has agreed to the price (K3, 8); work that begins
    undetermined stays free. Refuses as `step` and `happened`, `quotation_not_agreed`, `started_already`."""

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        if order.started_at is not None:
            raise Refused("started_already")
        _agreed(store, case)
        when = max(clock.to_text(happened(store, at_time, order, at)), order.arrived_at or "")
        return {"started_at": when, "detail": {"happened_at": when}}

    return step(store, "start", order_no, change, nonce=nonce, by=by, now=now, at=at_time)


def _agreed(store: Store, case: Case) -> None:
    paid = repair_facts.liability(store, case.id) == "paid"
    if paid and quotations.agreed(store, case.id) is None:
        raise Refused("quotation_not_agreed")


def suspend(
    store: Store, *, order_no: str, reason: str, note: str = "", nonce: str = "", by: Actor, now: datetime
) -> Case:
    """Set the work aside (挂起): the clocks pause for it. Refuses as `step`, `reason_unknown`, texts."""

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(reason, dict(SUSPEND_REASONS), code="reason_unknown")
        clean = cases.text(note, required=False, limit=cases.SHORT_LIMIT)
        store.execute("UPDATE repairs SET suspended_from = ? WHERE case_id = ?", [case.state, case.id])
        return {"detail": {"reason": reason}, "note": clean}

    return step(store, "suspend", order_no, change, nonce=nonce, by=by, now=now, reason=reason, note=note)


def why_suspended(store: Store, case_id: int) -> Words | None:
    """Return why a repair is suspended, with the note of it; None while it is not."""
    row = store.row("SELECT reason, note FROM case_pauses WHERE case_id = ? AND until_at IS NULL", [case_id])
    if row is None or row["reason"] not in SUSPEND_REASONS:
        return None
    reason, note = SUSPEND_REASONS[row["reason"]], row["note"]
    return Words(f"{reason.zh}：{note}", f"{reason.en}: {note}") if note else reason


def resume(store: Store, *, order_no: str, nonce: str = "", by: Actor, now: datetime) -> Case:
    """Go on with the work, from where it was set aside. Refuses as `step`."""

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        back = store.value("SELECT suspended_from FROM repairs WHERE case_id = ?", [case.id])
        go_on(store, case.id)
        return {"to": back if back in SUSPENDED_FROM else None}

    return step(store, "resume", order_no, change, nonce=nonce, by=by, now=now)


def go_on(store: Store, case_id: int) -> None:
    """A repair is not set aside any more, inside the act that moves it; its clocks then run on by themselves."""
    store.execute("UPDATE repairs SET suspended_from = NULL WHERE case_id = ?", [case_id])


def finish(
    store: Store,
    *,
    order_no: str,
    work_done: str,
    labour_minutes: int | None = None,
    materials: Sequence[Material] = (),
    at_time: str = "",
    nonce: str = "",
    by: Actor,
    now: datetime,
) -> Case:
    """The repair is done: what was done, how long it took, with what.

    `materials`: (name, quantity in hundredths, unit, supplied by `house` or `owner`). Refuses as `step` and `happened`,
    `not_started`, `quotation_not_agreed`, `work_done_missing`, `labour_invalid`, `materials_invalid`, texts.
    """

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        if order.started_at is None:
            raise Refused("not_started")
        _agreed(store, case)
        when = max(clock.to_text(happened(store, at_time, order, at)), order.started_at)
        if labour_minutes is not None and not 0 <= labour_minutes <= LONGEST_LABOUR:
            raise Refused("labour_invalid")
        order_materials.keep(store, order.id, materials)
        return {
            "finished_at": when,
            "work_done": cases.text(work_done, missing="work_done_missing"),
            "labour_minutes": labour_minutes,
            "detail": {"happened_at": when},
        }

    form: dict[str, Any] = {
        "done": work_done,
        "labour": labour_minutes,
        "materials": [list(one) for one in materials],
        "at": at_time,
    }
    return step(store, "finish", order_no, change, nonce=nonce, by=by, now=now, **form)


def labour(typed: str) -> int | None:
    """Return the minutes of labour as typed; None for nothing. Refuses `labour_invalid`."""
    clean = typed.strip()
    if not clean:
        return None
    if not (clean.isascii() and clean.isdigit() and len(clean) < 6):
        raise Refused("labour_invalid")
    return int(clean)


def send_back(
    store: Store, *, order_no: str, reason: str, note: str = "", nonce: str = "", by: Actor, now: datetime
) -> Case:
    """Give an order back (退单), with a reason: the repair waits to be dispatched anew. Not once work has begun.

    其他 alone says nothing: it asks for words. Refuses as `step`, `reason_unknown`, `reason_missing`,
    `started_already`, texts.
    """

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        cases.choice(reason, dict(SEND_BACK_REASONS), code="reason_unknown")
        clean = cases.text(note, required=reason == "other", limit=cases.SHORT_LIMIT, missing="reason_missing")
        if order.started_at is not None:
            raise Refused("started_already")
        go_on(store, case.id)
        work_orders.end(store, order, "returned", reason, note=clean, at=at)
        return {"detail": {"reason": reason}}

    form = {"reason": reason} | ({"note": note} if note else {})
    return step(store, "send_back", order_no, change, nonce=nonce, by=by, now=now, **form)


def why_returned(reason: str, note: str) -> Words:
    """Return why an order came back, as staff read it; empty for one that did not."""
    found = SEND_BACK_REASONS.get(reason, Words("", ""))
    return Words(*(f"{words}：{note}" if note and words else words for words in found))


def reschedule(
    store: Store, *, order_no: str, appointed_at: str, reason: str, nonce: str = "", by: Actor, now: datetime
) -> Case:
    """Agree on another time (改约), with a reason (RUL-19). Refuses as `step`, `time_invalid`, `appointed_past`,
    `reason_missing`."""

    def change(order: Order, case: Case, at: datetime) -> dict[str, Any]:
        clean = cases.text(reason, missing="reason_missing", limit=cases.SHORT_LIMIT)
        when = work_orders.appointment(store, appointed_at or "-", "", at)
        assert when is not None
        note = f"改约 {local_times.written(when, zone=site(store).zone)}：{clean}"
        cases.write_note(store, case.id, note, by=by, at=at)
        return {"appointed_at": clock.to_text(when), "detail": {"appointed_at": clock.to_text(when)}}

    form = {"appointed": appointed_at, "reason": reason}
    return step(store, "reschedule", order_no, change, nonce=nonce, by=by, now=now, **form)
