"""练习模式 (SYS-50): a store of its own to practise on: the centre's lists, made-up people, no data of anybody.

Nothing here knows the real store but the one reading that copies the lists. Numbers begin at 901 and papers come out on
the screen alone, so that neither can be taken for a real one.
"""

import secrets
from datetime import datetime
from pathlib import Path
from typing import Final

from db import printers, spool
from db.migrations import migrate
from db.store import Store, open_store, writing
from reception import SCHEMA, consents, events, staff, visits
from reception.permissions import BOX, Actor, permit
from reception.rules import clock
from reception.site import configure, site
from reception.table_columns import TABLES
from reception.tickets import Ticket

# What a centre decides; nothing of these is about a resident or a visitor.
COPIED: Final = ("settings", *TABLES, "counter_lines", "calendar_years", "training_passes")
# Behind the numbers of any day: A901, BX20261128-901.
NUMBERS_FROM: Final = 900
PRINTER: Final = "practice"
# No such address is reached from anywhere (RFC 2606): a code of practice leads nowhere.
NOWHERE: Final = "http://practice.invalid"
PEOPLE: Final = ("练习甲", "练习乙", "练习丙", "练习丁", "练习戊", "练习己", "练习庚", "练习辛")
PAPERS: Final = 30


def build(real: Store, path: Path, *, by: Actor, now: datetime) -> None:
    """Make a store to practise on at `path`, which must not exist, with three visitors who wait."""
    permit(by, "practise")
    path.parent.mkdir(mode=0o700, parents=True)
    migrate(path, [SCHEMA])
    store = open_store(path)
    try:
        _copy_lists(real, store)
        with writing(store):
            _make_up(store, now=now)
        arrive(store, nonce=secrets.token_urlsafe(16), by=by, now=now)
        come_out(store, now=now)
    finally:
        store.close()


def _copy_lists(real: Store, store: Store) -> None:
    nobody = staff.hash_password(secrets.token_hex(16))
    # In whatever order: all of it is checked at the end.
    store.execute("PRAGMA foreign_keys = OFF")
    with writing(store):
        for table in COPIED:
            names = [row["name"] for row in store.rows(f"PRAGMA table_info({table})")]
            marks = ", ".join("?" * len(names))
            store.execute(f"DELETE FROM {table}")  # noqa: S608
            for row in real.rows(f"SELECT {', '.join(names)} FROM {table}"):  # noqa: S608
                store.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", tuple(row))  # noqa: S608
        # What is practised on begins at the first case: nobody is a head only since later ones.
        store.execute(
            "UPDATE staff SET password_hash = ?, must_change = 0, code_until = NULL, heads_behind = NULL,"
            " unconfirmed = 0",
            [nobody],
        )
        store.execute("UPDATE counters SET state = 'closed', state_reason = NULL, state_at = NULL")
        assert store.rows("PRAGMA foreign_key_check") == []
    store.execute("PRAGMA foreign_keys = ON")


def _make_up(store: Store, *, now: datetime) -> None:
    centre = site(store)
    configure(
        store,
        name=f"【练习】{centre.name}",
        name_en=f"PRACTICE: {centre.name_en}",
        kiosk_url=NOWHERE,
        desk_url=NOWHERE,
        public_url="",
        front_printer=PRINTER,
    )
    store.execute("INSERT OR REPLACE INTO settings (key, value) VALUES ('numbers_from', ?)", [str(NUMBERS_FROM)])
    printers.save(store, PRINTER, label="练习打印机 Practice printer")
    for number, name in enumerate(PEOPLE):
        unit = store.insert(
            "INSERT INTO units (building, unit, room) VALUES ('1', ?, ?)",
            [str(1 + number // 4), f"{101 + number % 4 // 2 * 100 + number % 2}"],
        )
        resident_id = store.insert(
            "INSERT INTO residents (unit_id, name, phone, relation) VALUES (?, ?, ?, 'owner')",
            [unit, name, f"1380000000{number + 1}"],
        )
        consents.keep(store, "residents", resident_id, by=BOX, at=now, source="import")


def arrive(store: Store, *, nonce: str, by: Actor, now: datetime) -> list[Ticket]:
    """Let three made-up visitors take a number."""
    permit(by, "check_in")
    codes = [
        row[0]
        for row in store.rows(
            "SELECT code FROM lines WHERE active = 1 AND hears IS NULL AND session = 0 ORDER BY position"
        )
    ]
    homes = store.rows("SELECT building, unit, room, phone_tail FROM units JOIN residents ON unit_id = units.id")
    with writing(store):
        return [
            visits.check_in(
                store,
                line=codes[number % len(codes)],
                nonce=f"{nonce}-{number}",
                unit=f"{home['building']}-{home['unit']}-{home['room']}",
                phone=home["phone_tail"],
                by=by,
                now=now,
            )
            for number, home in enumerate(secrets.SystemRandom().sample(homes, 3))
        ]


def come_out(store: Store, *, now: datetime) -> None:
    """Let every waiting paper come out: on the screen, where practice has its printer."""
    at = clock.to_text(events.moment(store, now))
    for printer in printers.printers(store):
        printers.note_state(store, printer, "ready", at)
        while (job := spool.claim(store, printer.name, at)) is not None:
            spool.settle(store, job.id, "printed", at)


def papers(store: Store) -> list[tuple[int, str, str]]:
    """Return the papers that came out, the newest first, as (id, kind, when)."""
    rows = store.rows(
        "SELECT id, kind, ended_at FROM print_jobs WHERE state = 'printed' ORDER BY id DESC LIMIT ?", [PAPERS]
    )
    return [(row["id"], row["kind"], row["ended_at"]) for row in rows]


def paper(store: Store, job_id: int) -> tuple[str, str, int] | None:
    """Return a paper that came out, as (kind, facts, number of the copy); None for one that did not, or was wiped."""
    row = store.row(
        "SELECT kind, facts, copy_no FROM print_jobs WHERE id = ? AND state = 'printed' AND facts <> '{}'", [job_id]
    )
    return None if row is None else (row["kind"], row["facts"], row["copy_no"])


def somebody_practises(store: Store, *, now: datetime) -> bool:
    """Tell whether anybody sits in the store now."""
    since = clock.to_text(events.moment(store, now) - staff.IDLE)
    return store.value("SELECT 1 FROM sessions WHERE seen_at >= ?", [since]) is not None


def sit_down(store: Store, *, login: str, now: datetime) -> str:
    """Open a session for the member of staff of this login, as he stands in the copied list; return its key."""
    row = store.row("SELECT id, role, name, department, unconfirmed FROM staff WHERE login = ? AND active = 1", [login])
    assert row is not None
    return staff.open_session(store, staff.actor_of(row), now)
