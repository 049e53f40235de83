"""开门检查、关门检查: what is looked at before the doors open and before they close, ticked by whom and when.

Nothing is forbidden by it: a point is done, or passed over with a reason, and the day opens and ends all the same. The
self-test is the one point that nobody ticks: its own run does, with its own result.
"""

from dataclasses import dataclass
from datetime import date, datetime
from sqlite3 import Row
from typing import Any

from db.store import Store, writing
from reception import cases, check_measures, events, log_notes, work_log
from reception.check_measures import NEUTRAL, SELF_TEST
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site
from reception.wording import Words

OPENING, CLOSING = "opening", "closing"
PARTS = {OPENING: Words("开门检查", "Opening checklist"), CLOSING: Words("关门检查", "Closing checklist")}
DONE, SKIPPED = "done", "skipped"
REASON_LIMIT = 80
TOPIC = log_notes.TOPIC


@dataclass(frozen=True, slots=True)
class Check:
    """A point of a list as it stands on a day. `state` is '' while nobody saw to it.

    `found` is what the store counted when it was ticked, `open_now` what it counts now (None: nothing to count, or not
    a list of today).
    """

    item: str
    name: Words
    measure: str | None
    state: str
    reason: str
    found: int | None
    at: str
    by_name: str
    open_now: int | None = None

    @property
    def by_itself(self) -> bool:
        """True for the point that its own run ticks."""
        return self.measure == SELF_TEST

    @property
    def bad(self) -> int:
        """What stands open now, where a count is trouble."""
        return 0 if self.measure in NEUTRAL else self.open_now or 0


def checklist(store: Store, part: str, *, by: Actor, now: datetime) -> list[Check]:
    """Return a list of today with what stands open now. Refuses `choice_unknown`."""
    permit(by, "check_day")
    if part not in PARTS:
        raise Refused("choice_unknown")
    today = _today(store, now)
    ticked = {check.item: check for check in of_day(store, today) if check.item}
    found = []
    for row in _items(store, part):
        check = ticked.get(row["code"]) or _open(row)
        measure = row["measure"]
        open_now = check_measures.count(store, measure, by=by, now=now) if measure else None
        found.append(
            Check(
                row["code"],
                Words(row["name"], row["name_en"]),
                measure,
                *(check.state, check.reason, check.found, check.at, check.by_name),
                open_now,
            )
        )
    return found


def tick(store: Store, *, part: str, item: str, reason: str = "", skip: str = "", by: Actor, now: datetime) -> None:
    """Tick a point of today's list, or pass over it with a reason (`skip`). Twice is once.

    Refuses `check_unknown`, `ticks_itself` (the self-test), `reason_missing`, and what texts refuse.
    """
    permit(by, "check_day")
    with writing(store):
        row = next((row for row in _items(store, part) if row["code"] == item), None)
        if row is None:
            raise Refused("check_unknown")
        state = SKIPPED if skip else DONE
        if state == DONE and row["measure"] == SELF_TEST:
            raise Refused("ticks_itself")
        said = cases.text(reason, missing="reason_missing", limit=REASON_LIMIT) if skip else ""
        at = events.moment(store, now)
        today = clock.local_day(at, site(store).zone)
        last = next((check for check in _ticked(store, today) if check.item == item), None)
        if last is not None and (last.state, last.reason) == (state, said):
            return
        measure = row["measure"]
        found = check_measures.count_to_keep(store, measure, by=by, now=now) if measure else None
        store.execute(
            "INSERT INTO day_checks (day_on, item, part, name, name_en, state, reason, found, at, by_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [today.isoformat(), item, part, row["name"], row["name_en"], state, said, found, clock.to_text(at), by.id],
        )
        events.record(store, "check_day", "day", int(f"{today:%Y%m%d}"), by=by, at=at, item=item, state=state)
        store.touch(TOPIC)


def of_day(store: Store, on: date) -> list[Check]:
    """Return the points that were seen to on a day, in the order in which they were; the self-test among them."""
    found, tested = _ticked(store, on), _self_test(store, on)
    if tested is not None:
        # Passed over at first and run later is done.
        passed = {check.item for check in found if check.at > tested[0]}
        itself = {row[0] for row in store.rows("SELECT code FROM check_items WHERE measure = 'self_test'")}
        found = [check for check in found if check.item not in itself - passed]
        found += [
            Check(row["code"], Words(row["name"], row["name_en"]), SELF_TEST, DONE, "", None, tested[0], tested[1])
            for row in store.rows("SELECT * FROM check_items WHERE measure = 'self_test' AND active = 1")
            if row["code"] not in passed
        ]
    return sorted(found, key=lambda check: check.at)


def still_open(store: Store, part: str, *, now: datetime) -> int:
    """Return how many points of a list nobody saw to today; 0 also once the day was closed."""
    today = _today(store, now)
    if store.value("SELECT 1 FROM day_logs WHERE day_on = ?", [today.isoformat()]):
        return 0
    seen = {check.item for check in of_day(store, today)}
    return sum(row["code"] not in seen for row in _items(store, part))


def figures(store: Store, on: date) -> dict[str, Any]:
    """Return of each list how many points were done, passed over and not seen to: for the log of a day that closes."""
    seen = {check.item: check.state for check in of_day(store, on)}
    return {
        part: {
            DONE: sum(seen.get(row["code"]) == DONE for row in rows),
            SKIPPED: sum(seen.get(row["code"]) == SKIPPED for row in rows),
            "open": sum(row["code"] not in seen for row in rows),
        }
        for part in PARTS
        for rows in (_items(store, part),)
    }


def _today(store: Store, now: datetime) -> date:
    return clock.local_day(events.moment(store, now), site(store).zone)


def _items(store: Store, part: str) -> list[Row]:
    return store.rows(
        "SELECT code, name, name_en, measure FROM check_items WHERE part = ? AND active = 1 ORDER BY position, code"
        " LIMIT 100",
        [part],
    )


def _open(row: Row) -> Check:
    return Check(row["code"], Words(row["name"], row["name_en"]), row["measure"], "", "", None, "", "")


def _ticked(store: Store, on: date) -> list[Check]:
    rows = store.rows(
        "SELECT item, name, name_en, state, reason, found, at, by_id, (SELECT staff.name FROM staff WHERE id = by_id)"
        " AS by_name FROM day_checks WHERE day_on = ? AND id IN"
        " (SELECT max(id) FROM day_checks WHERE day_on = ? GROUP BY item)",
        [on.isoformat(), on.isoformat()],
    )
    return [
        Check(
            row["item"],
            Words(row["name"], row["name_en"]),
            None,
            row["state"],
            row["reason"],
            row["found"],
            row["at"],
            row["by_name"],
        )
        for row in rows
    ]


def _self_test(store: Store, on: date) -> tuple[str, str] | None:
    """Return when a day's last self-test ran and who started it, or None."""
    row = store.row(
        "SELECT at, coalesce(staff.name, '') AS name FROM self_tests LEFT JOIN staff ON staff.id = by_id"
        " WHERE at >= :since AND at < :until ORDER BY self_tests.id DESC LIMIT 1",
        work_log.span(store, on),
    )
    return None if row is None else (row["at"], row["name"])
