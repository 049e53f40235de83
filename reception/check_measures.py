"""What the store itself knows of a point of the day's checklists: a count of what stands open, 0 when all is well."""

from collections.abc import Callable
from datetime import date, datetime

from db import paper_care, printers
from db.store import Store
from reception import devices, events, in_building, log_notes, notices, sealed_papers, self_tests, tickets
from reception.permissions import Actor, Role
from reception.rules import clock, hours
from reception.site import site
from reception.tickets import Ticket
from reception.wording import Words

SELF_TEST, HANDOVERS = "self_test", "handovers"
# Of each: what is counted, for a list of the centre to choose from.
MEASURES: dict[str, Words] = {
    SELF_TEST: Words("设备自检的结果", "Result of the self-test"),
    "printers": Words("缺纸、故障的打印机", "Printers in trouble or low on paper"),
    "clock": Words("时钟倒退", "The clock was set back"),
    HANDOVERS: Words("没看的交接班留言", "Unread notes for this shift"),
    "notices": Words("正在显示的公告", "Notices shown today"),
    "waiting": Words("还在等候、办理的号", "Numbers still waiting or served"),
    "aside": Words("稍后再叫、过号的号", "Parked and missed numbers"),
    "guests": Words("未登记离开的来访客人", "Visitors to hosts not gone"),
    "promises": Words("今天到期、尚未做到的时限", "Deadlines of today not met"),
    "papers": Words("需要处理的单据", "Papers that need a look"),
}
# A count of these is no trouble.
NEUTRAL = frozenset({"notices"})


def count(store: Store, measure: str, *, by: Actor, now: datetime) -> int:
    """Return what a measure counts now, as this reader may know it. Raises KeyError for an unknown measure."""
    return _COUNTS[measure](store, by, now)


def count_to_keep(store: Store, measure: str, *, by: Actor, now: datetime) -> int:
    """Return what a measure counts now of what everybody may know: for the record that everybody reads."""
    reader = by if measure == HANDOVERS else Actor(Role.RECEPTIONIST)
    return count(store, measure, by=reader, now=now)


def _self_test(store: Store, by: Actor, now: datetime) -> int:
    """What did not answer well in today's last self-test; a display that said nothing may be one that is not there."""
    result = self_tests.latest(store, now)
    if result is None:
        return 0
    bad = sum(test.state not in {"printed", "sent", "queued", "sending"} for test in result.printers)
    return bad + sum(voice != "ok" for voice in result.voices) + (not result.clock_good)


def _printers(store: Store, by: Actor, now: datetime) -> int:
    every = printers.printers(store)
    used = devices.in_use(store, every)
    return sum(printer.name in used and (printer.in_trouble or printer.state == "paper_low") for printer in every)


def _known(read: Callable[[Store], list[Ticket]]) -> Callable[[Store, Actor, datetime], int]:
    return lambda store, by, now: len(sealed_papers.known_tickets(read(store), by=by))


def _promises(store: Store, by: Actor, now: datetime) -> int:
    """The clocks that run out before midnight; of cases that are sealed to nobody, for the count is written down."""
    zone, at = site(store).zone, events.moment(store, now)
    midnight = clock.to_text(hours.moment(clock.local_day(at, zone), 24 * 60, zone))
    found: int = store.value(
        "SELECT count(*) FROM clocks JOIN cases ON cases.id = clocks.case_id"
        " WHERE clocks.stopped_at IS NULL AND clocks.due_at < ? AND cases.sealed = 0",
        [midnight],
    )
    return found


def _papers(store: Store, by: Actor, now: datetime) -> int:
    return sum(len(sealed_papers.known(store, read(store), by=by)) for read in (paper_care.held, paper_care.doubtful))


def _notices(store: Store, by: Actor, now: datetime) -> int:
    return len(notices.current(store, _today(store, now)))


def _today(store: Store, now: datetime) -> date:
    return clock.local_day(events.moment(store, now), site(store).zone)


_COUNTS: dict[str, Callable[[Store, Actor, datetime], int]] = {
    SELF_TEST: _self_test,
    "printers": _printers,
    "clock": lambda store, by, now: int(events.clock_is_behind(store, now)),
    HANDOVERS: lambda store, by, now: len(log_notes.unread(store, by=by, now=now)),
    "notices": _notices,
    "waiting": _known(lambda store: tickets.waiting(store) + tickets.current(store)),
    "aside": _known(tickets.set_aside),
    "guests": lambda store, by, now: len(in_building.guests(store, by=by, now=now)),
    "promises": _promises,
    "papers": _papers,
}
