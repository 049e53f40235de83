"""在楼人员 (`domain.md` SYS-26): who is in the building now, as far as the centre knows.

Whoever else knows of people inside (an appointment whose guest has arrived) adds a reader of his own to `READERS`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from sqlite3 import Row

from db.store import Store, writing
from reception import events, reveals, staff
from reception.permissions import Actor, permit
from reception.reveals import Reason
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

LOBBY, HOST, STAFF = "lobby", "host", "staff"
GROUPS = {
    LOBBY: Words("大厅与窗口", "Lobby and counters"),
    HOST: Words("去见接待人的访客", "With a host"),
    STAFF: Words("当班员工", "Staff on duty"),
}
MOST = 500


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody inside. `no` is his ticket, '' without one; `since` is UTC text.

    `private`: one role alone hears him (`lines.hears`), and this reader has not that role.
    """

    group: str
    no: str
    name: str
    phone: str
    since: str
    where: Words
    may_leave: bool = False
    private: bool = False


Reader = Callable[[Store, Actor, datetime], list[Person]]


def people(store: Store, *, whole: bool = False, by: Actor, now: datetime) -> list[Person]:
    """Return who is inside, group by group, who came first, first; names and phones masked unless `whole`.

    Staff stand there by their names. Whom one role alone hears is on nobody else's list; but he must get out of the
    house like everybody: with `whole`, which is written down, he is counted as a visitor without number or name.
    """
    permit(by, "see_inside")
    found = [person for read in READERS for person in read(store, by, now)]
    found.sort(key=lambda person: (list(GROUPS).index(person.group), person.since, person.no))
    return found if whole else [_masked(person) for person in found if not person.private]


def reveal(store: Store, *, why: Reason, by: Actor, now: datetime) -> list[Person]:
    """Show everybody inside by whole name and phone; the look and why are written down."""
    permit(by, "reveal_inside")
    with writing(store):
        found = people(store, whole=True, by=by, now=now)
        at = events.moment(store, now)
        reveals.record(store, "reveal_inside", "building", 0, why=why, by=by, at=at, people=len(found))
        return found


def guests(store: Store, *, by: Actor, now: datetime) -> list[Person]:
    """Return the visitors who went to a host and have not left."""
    permit(by, "see_inside")
    return [person for person in people(store, by=by, now=now) if person.group == HOST]


def _masked(person: Person) -> Person:
    if person.group == STAFF:
        return person
    return replace(
        person,
        name=mask_name(person.name) if person.name else "",
        phone=mask_phone(person.phone) if person.phone else "",
    )


_VISIT = (
    "SELECT visits.name, visits.phone, visits.arrived_at, tickets.no, tickets.state, tickets.called_at, lines.hears,"
    " tickets.park_reason, lines.name AS line, lines.name_en AS line_en, counters.name AS counter,"
    " counters.name_en AS counter_en, departments.name AS host, departments.name_en AS host_en"
    " FROM tickets JOIN visits ON visits.id = tickets.visit_id JOIN lines ON lines.code = tickets.line"
    " LEFT JOIN counters ON counters.no = tickets.counter LEFT JOIN departments ON departments.code = visits.host"
)


def _at_the_queue(store: Store, by: Actor, now: datetime) -> list[Person]:
    """Whose number is not done with: waiting, called, served, set aside, and missed today (he may well still sit).

    Midnight empties no house: where it is open then, the numbers of yesterday wait on until its day is closed.
    """
    today = clock.local_day(events.moment(store, now), site(store).zone).isoformat()
    rows = store.rows(
        f"{_VISIT} WHERE tickets.state IN ('waiting', 'called', 'serving', 'missed', 'parked')"
        f" AND (tickets.state <> 'missed' OR tickets.day_on = ?) ORDER BY tickets.issued_at LIMIT {MOST}",
        [today],
    )
    return [_visitor(row, LOBBY, _where(row), row["state"] in {"waiting", "missed", "parked"}, by) for row in rows]


def _visitor(row: Row, group: str, where: Words, may_leave: bool, by: Actor) -> Person:
    if row["hears"] not in {None, by.hears_as}:
        return Person(LOBBY, "", "", "", row["arrived_at"], GROUPS[LOBBY], private=True)
    return Person(group, row["no"], row["name"] or "", row["phone"] or "", row["arrived_at"], where, may_leave)


def _where(row: Row) -> Words:
    if row["state"] in {"called", "serving"} and row["counter"]:
        return Words(row["counter"], row["counter_en"])
    state = {"missed": Words("过号", "missed"), "parked": Words("稍后再叫", "called again later")}.get(row["state"])
    if state is None:
        return Words(f"等候 · {row['line']}", f"Waiting · {row['line_en']}")
    return Words(f"{state.zh} · {row['line']}", f"{state.en} · {row['line_en']}")


def _with_hosts(store: Store, by: Actor, now: datetime) -> list[Person]:
    """Who was done with at the counter, went on to the department that he came to see, and has not left."""
    rows = store.rows(
        f"{_VISIT} WHERE visits.id IN (SELECT id FROM visits WHERE host IS NOT NULL AND left_at IS NULL)"  # noqa: S608
        f" AND tickets.state = 'completed' ORDER BY visits.arrived_at LIMIT {MOST}"
    )
    return [_visitor(row, HOST, Words(row["host"], row["host_en"]), True, by) for row in rows]


def _on_duty(store: Store, by: Actor, now: datetime) -> list[Person]:
    """The members of staff whose sessions at the desk are alive, each once."""
    since = clock.to_text(events.moment(store, now) - staff.IDLE)
    rows = store.rows(
        "SELECT staff.name, min(sessions.created_at) AS since, departments.name AS department,"  # noqa: S608
        " departments.name_en AS department_en FROM sessions JOIN staff ON staff.id = sessions.staff_id"
        " JOIN departments ON departments.code = staff.department"
        " WHERE sessions.seen_at > ? AND sessions.locked_at IS NULL AND staff.active = 1"
        f" GROUP BY staff.id ORDER BY since LIMIT {MOST}",
        [since],
    )
    return [
        Person(STAFF, "", row["name"], "", row["since"], Words(row["department"], row["department_en"])) for row in rows
    ]


READERS: list[Reader] = [_at_the_queue, _with_hosts, _on_duty]
