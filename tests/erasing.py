"""What tests of erasures share: a person who left traces, the act that erases him, and the search for any of them."""

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from db.store import Store, open_store, writing
from reception import persons, visits
from reception.erasure import Person
from reception.permissions import KIOSK, Role
from tests.conftest import Clock, actor
from tests.reception.life import Life

PHONE, NAME, HOME, WORDS = "13987650123", "欧阳静姝", "1-1-102", "阳台漏水影响楼下"
PERSON = Person(PHONE, NAME, None)
PICTURE = "2026-11/fedcba9876543210fedcba9876543210.jpg"
TRACES = tuple(text.encode(code) for text in (PHONE, NAME, WORDS) for code in ("utf-8", "gb18030"))


def live_here(home: Path, at: datetime) -> None:
    """Let the person of these tests report a repair with a picture, and take a number."""
    with closing(open_store(home / "lobbydesk.db")) as store:
        life = Life(store, Clock(at))
        case = life.register(name=NAME, phone=PHONE, unit=HOME, content=WORDS)
        life.tell(case)
        visit = come_back(store, at, "first")
        with writing(store):
            # Long over, and he is out of the house: nothing stands in the way of his wish.
            store.execute("UPDATE cases SET state = 'cancelled', closed_at = received_at WHERE id = ?", [case.id])
            store.execute("UPDATE tickets SET state = 'cancelled', ended_at = issued_at WHERE visit_id = ?", [visit])
            store.execute("UPDATE visits SET state = 'closed', left_at = arrived_at WHERE id = ?", [visit])
            store.execute(
                "INSERT INTO photos (case_id, stage, file, bytes, at) VALUES (?, 'report', ?, 1, ?)",
                [case.id, PICTURE, "2026-11-23T02:30:00.000Z"],
            )
    for name in (PICTURE, f"{PICTURE[:-4]}-s.jpg"):
        (home / "photos" / name).parent.mkdir(parents=True, exist_ok=True)
        (home / "photos" / name).write_bytes(b"his balcony")


def come_back(store: Store, at: datetime, nonce: str, name: str = NAME) -> int:
    """Let him, or who shares his telephone, take a number under a name; return the visit."""
    who = {"name": name, "phone": PHONE, "unit": HOME}
    return visits.check_in(store, line="general", nonce=nonce, **who, by=KIOSK, now=at).visit_id  # type: ignore[arg-type]


def erase(store: Store, at: datetime, person: Person = PERSON) -> None:
    """Erase him, as the manager does."""
    by = actor(store, Role.MANAGER)
    seal = persons.look_up(store, person, reason="request", by=by, now=at).seal
    persons.erase(store, person, seal=seal, reason="request", by=by, now=at)


def erase_in(home: Path, at: datetime) -> None:
    """Erase him in the store of a home."""
    with closing(open_store(home / "lobbydesk.db")) as store:
        erase(store, at)


def traces(home: Path) -> list[str]:
    """Return the files of a home that still tell of him, byte for byte, and the pictures of his."""
    found = [path for path in home.rglob("*") if path.is_file()]
    told = [path for path in found if any(trace in path.read_bytes() for trace in TRACES)]
    return sorted(str(path.relative_to(home)) for path in {*told, *(p for p in found if p.stem[:32] in PICTURE)})


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    """Return what a store says."""
    with closing(sqlite3.connect(home / "lobbydesk.db")) as store:
        return store.execute(sql).fetchall()
