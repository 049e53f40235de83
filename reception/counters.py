"""Counters: who opens one, pauses and closes it, and which lines it serves."""

from datetime import datetime, timedelta

from db.store import Store, writing
from reception import events, tickets
from reception.lines import find_counter
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

# Nobody who sits at a counter did anything for so long: it is left, and its screens are locked.
LEFT_AFTER = timedelta(minutes=15)
PAUSE_REASONS = {
    "break": Words("短暂休息", "Short break"),
    "meal": Words("用餐", "Meal"),
    "meeting": Words("开会", "Meeting"),
    "away": Words("陪同客户", "With a visitor elsewhere"),
    "paperwork": Words("整理资料", "Paperwork"),
}


def open_counter(store: Store, *, counter: str, by: Actor, now: datetime) -> None:
    """Open a counter, or go on after a pause. Refuses `counter_unknown`."""
    permit(by, "choose_counter")
    with writing(store):
        find_counter(store, counter)
        wake(store, counter, by=by, at=events.moment(store, now))


def wake(store: Store, counter: str, *, by: Actor, at: datetime) -> None:
    """Open the counter inside an act that shows that somebody works there."""
    _set(store, counter, "open", None, by=by, at=at)


def pause(store: Store, *, counter: str, reason: str, by: Actor, now: datetime) -> None:
    """Pause a counter (暂停服务) with a reason. Refuses `counter_unknown`, `pause_reason_unknown`, `counter_busy`."""
    permit(by, "choose_counter")
    if reason not in PAUSE_REASONS:
        raise Refused("pause_reason_unknown")
    with writing(store):
        _must_be_free(store, counter)
        _set(store, counter, "paused", reason, by=by, at=events.moment(store, now))


def close(store: Store, *, counter: str, by: Actor, now: datetime) -> None:
    """Close a counter; whoever was sent to it waits for any counter again.

    Refuses `counter_unknown`, and `counter_busy` while it holds somebody.
    """
    permit(by, "choose_counter")
    with writing(store):
        _must_be_free(store, counter)
        shut(store, counter, by=by, at=events.moment(store, now))


def _must_be_free(store: Store, counter: str) -> None:
    find_counter(store, counter)
    if tickets.at_counter(store, counter) is not None:
        raise Refused("counter_busy")


def close_idle(store: Store, counter: str, *, by: Actor, at: datetime) -> None:
    """Close a counter whose last person leaves, inside that act; one that holds somebody stays open."""
    others = store.value(
        "SELECT count(*) FROM sessions WHERE counter = ? AND seen_at >= ?",
        [counter, clock.to_text(at - LEFT_AFTER)],
    )
    if not others and tickets.at_counter(store, counter) is None:
        shut(store, counter, by=by, at=at)


def shut(store: Store, counter: str, *, by: Actor, at: datetime) -> None:
    """Close a free counter inside an act."""
    _set(store, counter, "closed", None, by=by, at=at)


def _set(store: Store, counter: str, state: str, reason: str | None, *, by: Actor, at: datetime) -> None:
    was = store.value("SELECT state FROM counters WHERE no = ?", [counter])
    changed = store.changed(
        "UPDATE counters SET state = ?, state_reason = ?, state_at = ? WHERE no = ? AND (state <> ? OR"
        " state_reason IS NOT ?)",
        [state, reason, clock.to_text(at), counter, state, reason],
    )
    if not changed:
        return
    if state == "closed":
        store.execute("UPDATE tickets SET for_counter = NULL WHERE state = 'waiting' AND for_counter = ?", [counter])
    detail = {"counter": counter} | ({"reason": reason} if reason else {})
    events.record(
        store, f"counter_{state}", "counter", int(counter) if counter.isdigit() else 0, by=by, at=at,
        from_state=was, to_state=state, **detail,
    )  # fmt: skip
    store.touch("queue")


def set_right(store: Store, *, at: datetime) -> None:
    """Once the box's clock was put right no counter was opened later than now: the close of the day would spare it."""
    moment = clock.to_text(at)
    store.execute("UPDATE counters SET state_at = ? WHERE state_at > ?", [moment, moment])
