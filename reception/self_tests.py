"""The morning self-test (晨检, `domain.md` SYS-10): one press tries every printer, display, voice and clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from db import paper_care, printers
from db.store import Store, writing
from reception import devices, events, nonces, reach
from reception.permissions import Actor, permit
from reception.reach import Reach
from reception.refusal import Refused
from reception.rules import clock
from reception.site import site

TOPIC = "self_test"
# How long a display shows the test, and how long it may still say that it did.
SHOWN_FOR = timedelta(seconds=30)
MAX_DISPLAYS = 16
VOICES = frozenset({"ok", "missing", "blocked"})
DISPLAY_KEY = re.compile(r"[0-9a-zA-Z]{1,64}")
# The desk's computer and the box may stand apart by so much (`domain.md` K3, 16).
CLOCK_TOLERANCE = 120


@dataclass(frozen=True, slots=True)
class PrinterTest:
    """What became of the slip on one printer: the state of its paper, or `held`."""

    printer: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Result:
    """How a self-test stands. `clock_apart` in seconds, None when the desk's computer did not say.

    `voices` has a word a display: ok, missing (its clips), blocked (by its browser). `reach` is how the public address
    was found the last time, None without one or before a try.
    """

    id: int
    at: str
    by_name: str
    printers: list[PrinterTest]
    displays: int
    voices: list[str]
    reach: Reach | None
    clock_apart: int | None
    clock_behind: bool

    @property
    def clock_good(self) -> bool:
        """True when the clocks agree and the box's own never ran back."""
        return self.clock_apart is not None and abs(self.clock_apart) <= CLOCK_TOLERANCE and not self.clock_behind


def run(store: Store, *, nonce: str, desk_clock: str = "", by: Actor, now: datetime) -> int:
    """Start a self-test; return its id. `desk_clock`: milliseconds since 1970 by the desk's computer, or ''.

    The same nonce starts one. Refuses `not_permitted`, `property_invalid`.
    """
    permit(by, "self_test")

    def make(at: datetime) -> int:
        test_id = store.insert(
            "INSERT INTO self_tests (at, by_id, clock_apart) VALUES (?, ?, ?)",
            [clock.to_text(at), by.id, _apart(desk_clock, now)],
        )
        for printer in printers.printers(store):
            devices.test_page(store, printer, f"self_test:{test_id}", whole=False, now=now)
        events.record(store, "self_test", "self_test", test_id, by=by, at=at)
        store.touch(TOPIC)
        return test_id

    return nonces.once(store, nonce, "self_test", {}, now=now, make=make)


def _apart(desk_clock: str, now: datetime) -> int | None:
    if not desk_clock:
        return None
    if not (desk_clock.isascii() and desk_clock.isdigit() and len(desk_clock) < 15):
        raise Refused("property_invalid")
    return round(int(desk_clock) / 1000 - now.timestamp())


def latest(store: Store, now: datetime) -> Result | None:
    """Return how today's last self-test stands, or None when there was none today."""
    row = store.row(
        "SELECT self_tests.*, staff.name FROM self_tests LEFT JOIN staff ON staff.id = by_id"
        " ORDER BY self_tests.id DESC LIMIT 1"
    )
    zone, at = site(store).zone, events.moment(store, now)
    if row is None or clock.local_day(clock.from_text(row["at"]), zone) != clock.local_day(at, zone):
        return None
    labels = {printer.name: printer.label for printer in printers.printers(store)}
    tests = [
        PrinterTest(entry.part, labels.get(entry.part, entry.part), entry.condition)
        for entry in paper_care.of_ref(store, f"self_test:{row['id']}")
    ]
    voices = [
        voice for (voice,) in store.rows("SELECT voice FROM self_test_displays WHERE self_test_id = ?", [row["id"]])
    ]
    return Result(
        row["id"],
        row["at"],
        row["name"] or "",
        tests,
        len(voices),
        voices,
        reach.last(store),
        row["clock_apart"],
        events.clock_is_behind(store, now),
    )


def showing(store: Store, now: datetime) -> int | None:
    """Return the id of the self-test that displays show now, or None."""
    row = store.row("SELECT id, at FROM self_tests ORDER BY id DESC LIMIT 1")
    # Either way: with a clock that was set back it must not stand there until the clock has caught up.
    if row is None or abs(now - clock.from_text(row["at"])) > SHOWN_FOR:
        return None
    test_id: int = row["id"]
    return test_id


def shown(store: Store, *, test_id: str, display: str, voice: str = "missing", by: Actor, now: datetime) -> None:
    """Note that a display shows the running self-test; `display` is a key of its own, `voice` what it can say.

    A display that spoke after it was seen corrects itself. Refuses `code_unknown`.
    """
    permit(by, "show_self_test")
    running = showing(store, now)
    if running is None or test_id != str(running) or not DISPLAY_KEY.fullmatch(display) or voice not in VOICES:
        raise Refused("code_unknown")
    with writing(store):
        if store.value("SELECT count(*) FROM self_test_displays WHERE self_test_id = ?", [running]) >= MAX_DISPLAYS:
            raise Refused("code_unknown")
        news = store.changed(
            "INSERT INTO self_test_displays (self_test_id, display, shown_at, voice) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET voice = excluded.voice WHERE voice <> excluded.voice",
            [running, display, clock.to_text(events.moment(store, now)), voice],
        )
        if news:
            store.touch(TOPIC)
