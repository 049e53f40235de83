"""Who is called next: the order of the queue (`domain.md` K5), as pure functions of who waits and who was called."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from reception.rules import clock


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules a centre may set. The values are the defaults of `domain.md` K5 and K2."""

    priority_in_a_row: int = 2
    ages_after: timedelta = timedelta(minutes=30)
    booked_early: timedelta = timedelta(minutes=10)
    booked_late: timedelta = timedelta(minutes=15)
    let_pass: int = 3
    max_returns: int = 2
    max_calls: int = 3
    recall_apart: timedelta = timedelta(seconds=20)
    undo_within: timedelta = timedelta(seconds=10)


class Group(StrEnum):
    """As what somebody is called. Kept with the call: the rule of "two in a row" and the day's log go by it."""

    SENT = "sent"
    BOOKED = "booked"
    RETURNED = "returned"
    PRIORITY = "priority"
    ORDINARY = "ordinary"
    # Called out of order, by a member of staff, with a reason.
    PICKED = "picked"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits. Times are texts as `clock.to_text` writes them.

    `sent`: a colleague sent him to one certain counter. `to_pass`: he came back after a missed call and lets so many go
    first; None for everybody else.
    """

    id: int
    line: str
    issued_at: str
    due_at: str | None = None
    priority: bool = False
    sent: bool = False
    to_pass: int | None = None


def group(one: Waiting, now: datetime, policy: Policy) -> Group:
    """Return as what somebody would be called now.

    An appointment counts from `booked_early` before its time, if its holder checked in by `booked_late` after it;
    who came later goes as priority, who came too early waits like everybody until then.
    """
    if one.sent:
        return Group.SENT
    if one.to_pass is not None:
        return Group.RETURNED
    if one.due_at is not None:
        due = clock.from_text(one.due_at)
        if clock.from_text(one.issued_at) > due + policy.booked_late:
            return Group.PRIORITY
        if now >= due - policy.booked_early:
            return Group.BOOKED
    return Group.PRIORITY if one.priority else Group.ORDINARY


def order(waiting: Sequence[Waiting], *, run: int, now: datetime, policy: Policy) -> Iterator[tuple[Waiting, Group]]:
    """Yield everybody in the order in which they would be called if all calls came now, and as what.

    `waiting` stands in the order of ranks (who came first, first). `run`: how many with priority were called in a row
    before an ordinary visitor waited in vain (`run_of`). The first one is who is called next.

    Sent and booked first, then those back from a missed call once they let the next three pass; then at most
    `priority_in_a_row` with priority, then one without. Who has waited for `ages_after` is not overtaken by priority
    any more, so nobody starves.
    """
    aged_before = clock.to_text(now - policy.ages_after)
    queues = _Queues(waiting, now, policy)
    while (picked := queues.pick(run, aged_before, policy)) is not None:
        one, of = picked
        yield one, of
        if of is Group.PRIORITY:
            run += 1
        elif of is Group.ORDINARY:
            run = 0
        queues.passed()


class _Queues:
    """Who waits, in one queue a group."""

    def __init__(self, waiting: Sequence[Waiting], now: datetime, policy: Policy) -> None:
        self.of: dict[Group, deque[Waiting]] = {of: deque() for of in Group}
        self.passing: list[Waiting] = []
        for one in waiting:
            of = group(one, now, policy)
            if of is Group.RETURNED and one.to_pass:
                self.passing.append(one)
            else:
                self.of[of].append(one)
        self.of[Group.BOOKED] = deque(sorted(self.of[Group.BOOKED], key=lambda one: one.due_at or ""))
        self._place = {one.id: place for place, one in enumerate(waiting)}

    def pick(self, run: int, aged_before: str, policy: Policy) -> tuple[Waiting, Group] | None:
        """Take who is next out of the queues."""
        for of in (Group.SENT, Group.BOOKED, Group.RETURNED):
            if self.of[of]:
                return self.of[of].popleft(), of
        priority, ordinary = self.of[Group.PRIORITY], self.of[Group.ORDINARY]
        if priority and ordinary:
            first = ordinary[0]
            earlier = self._place[first.id] < self._place[priority[0].id]
            waits_long = first.issued_at <= aged_before and earlier
            if run >= policy.priority_in_a_row or waits_long:
                return ordinary.popleft(), Group.ORDINARY
        if priority:
            return priority.popleft(), Group.PRIORITY
        if ordinary:
            return ordinary.popleft(), Group.ORDINARY
        if self.passing:
            # Fewer wait than he has to let pass: then he is next, after those before him.
            one = min(self.passing, key=lambda one: (one.to_pass or 0, self._place[one.id]))
            self.passing.remove(one)
            return one, Group.RETURNED
        return None

    def passed(self) -> None:
        """Note that somebody was called: those who let people pass have one less to wait for."""
        for place, one in enumerate(self.passing):
            if one.to_pass:
                self.passing[place] = replace(one, to_pass=one.to_pass - 1)
        back = [one for one in self.passing if one.to_pass == 0]
        if back:
            self.passing = [one for one in self.passing if one.to_pass]
            self.of[Group.RETURNED].extend(back)


def run_of(called: Iterable[str]) -> int:
    """Return how many with priority were called in a row, from the groups of the last calls, the newest first.

    Booked, returned, sent and picked ones neither lengthen nor end a run: they are no one's doing in the queue.
    """
    run = 0
    for of in called:
        if of == Group.ORDINARY:
            break
        run += of == Group.PRIORITY
    return run
