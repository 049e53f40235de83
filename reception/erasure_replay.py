"""What was erased stays erased: a store is held against the journal beside it, and who was erased since goes again.

An entry that a store does not know came after that store: a backup was put back, or the power went between the journal
and the act. By that alone it is known what to do, and by no clock: who was erased and came back later is let be.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from pathlib import Path

from db import erasure_journal as journal
from db import restore
from db.backup import STORE
from db.erasure_journal import Entry
from db.store import Store, writing
from reception import erasure, events, photo_files, photos
from reception.erasure import Person
from reception.permissions import BOX
from reception.person_rows import Found, find
from reception.personal import INVENTORY, PEOPLE
from reception.rules import clock

# Figures in a text, however they are spaced: a telephone number, or several.
_FIGURES = re.compile(r"[0-9０-９](?:[\s()（）\-‐-—−]{0,2}[0-9０-９]){6,}")
_LENGTHS = range(7, 13)


@dataclass(slots=True)
class Counts:
    """What a replay did: entries that the store had not known, those of them that found somebody, rows by class, the
    pictures (`files`, below their folder) that are to go once the store is in its place, and what of whom was `found`.
    """

    entries: int = 0
    persons: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


class Note:
    """What an erasing act writes down of whom it erases, before it commits."""

    def __init__(self, store: Store) -> None:
        self.store, self.entries = store, list[Entry]()

    def __call__(self, person: Person, at: datetime) -> None:
        """Write a person into the journal, durably, and into the store as done: inside the act, before the wipe, for
        an older store may know him by what this one still tells of him. Raises OSError as the disk does: then the act
        must not come about."""
        if not self.store.in_transaction:
            raise RuntimeError("an erasure is noted inside its act")
        for one in known_as(self.store, person):
            said = {"phone": one.phone, "name": one.name, "unit": one.unit}
            fields = {name: value for name, value in said.items() if value}
            entry = journal.append(_home(self.store), fields, clock.to_text(at))
            self.entries.append(entry)
            _done(self.store, entry, at)


@contextmanager
def noted(store: Store) -> Iterator[Note]:
    """Give the `Note` of an erasing act, around it: `with noted(store) as note, writing(store): ...`.

    When the act does not come about and says so, its entries are taken back: else whoever it refused to erase would go
    at the next start. What broke only once it was committed takes nothing back, nor where the store cannot say. When it
    does, old stores that were put aside and still name him go.
    """
    note = Note(store)
    try:
        yield note
    except BaseException:
        for entry in note.entries:
            if not _stands(store, entry):
                journal.withdraw(_home(store), entry)
        raise
    with suppress(OSError):
        # The act is done, whatever a disk says of this: each start and each night does it again.
        clear_aside(_home(store))


def _stands(store: Store, entry: Entry) -> bool:
    with suppress(sqlite3.Error):
        return store.value("SELECT 1 FROM erasure_entries WHERE id = ?", [entry.id]) is not None
    return True


def known_as(store: Store, person: Person) -> list[Person]:
    """Return a person by every telephone, and every home with a name, that the store knows him by, himself first."""
    found = find(store, person)
    units = "SELECT building || '-' || unit || '-' || room FROM units WHERE building <> '' AND id = ?"
    homes = [row[0] for home in sorted(found.homes) for row in store.rows(units, [home])]
    names = sorted(found.names)
    others = [Person(phone, name, None) for phone in sorted(found.phones) for name in names]
    others += [Person(None, name, unit) for unit in homes for name in names]
    return list(dict.fromkeys([person, *others]))


def replay(store: Store, home: Path, *, now: datetime) -> Counts:
    """Erase again whom the journal of a home names and the store does not know to be erased; return what was done.

    Nothing to do costs a look into a folder. What only the store knows goes back into the journal. `home` need not be
    where the store lies: one that is put back is held against the journal before it comes to its place.
    """
    known = {row["id"]: row["entry"] for row in store.rows("SELECT id, entry FROM erasure_entries")}
    told = journal.entries(home)
    for missing in known.keys() - {entry.id for entry in told}:
        journal.put(home, known[missing], done=True)
    new, counts = [entry for entry in told if entry.id not in known], Counts()
    if not new:
        return counts
    # Overwritten in the file, not only unlinked.
    store.execute("PRAGMA secure_delete = ON")
    said = _Said(store)
    for entry in new:
        _again(store, entry, journal.keys(home).get(entry.key), said, counts, now)
    for found in counts.found:
        erasure.scrub(store, found)
    return counts


def finish(home: Path, counts: Counts) -> None:
    """Let go what of a replay lies outside the store, once that is in its place: pictures, old stores put aside."""
    for name in counts.files:
        photo_files.remove(home / photos.FOLDER, name)
    clear_aside(home)


def _again(store: Store, entry: Entry, key: bytes | None, said: "_Said", counts: Counts, now: datetime) -> None:
    with writing(store):
        at, before = events.moment(store, now), _pictures(store)
        rows: dict[str, int] = {}
        for person in _meant(entry, key, said):
            whom = find(store, person)
            for name, count in erasure.wipe(store, person, at=clock.from_text(entry.at)).items():
                rows[name] = rows.get(name, 0) + count
            counts.found.append(whom)
        _done(store, entry, at)
        found = any(rows.values())
        if found:
            events.record(store, "erase_again", "erasure", 0, by=BOX, at=at, entry=entry.id[:8], rows=rows)
            store.touch("cases", "queue")
        files = sorted(before - _pictures(store))
    counts.entries += 1
    counts.persons += found
    counts.files += files
    for name, count in rows.items():
        counts.rows[name] = counts.rows.get(name, 0) + count


def _meant(entry: Entry, key: bytes | None, said: "_Said") -> list[Person]:
    """Return who of a store an entry means: its telephone, or its name in its home. Nobody where the key is gone."""
    if key is None:
        return []
    found = {name: said.by_hash(key, name).get(digest, []) for name, digest in entry.hashes.items()}
    phones, names, units = (found.get(name, []) for name in journal.FIELDS)
    # A name that the store does not know: what stands under his telephone without a name is his, the others' is not.
    called: list[str | None] = [*names] or ([entry.hashes["name"]] if "name" in entry.hashes else [None])
    homes: list[str | None] = [*units] or [None]
    if phones:
        return [Person(*who) for who in product(phones, called, homes)]
    return [Person(None, *who) for who in product(names, units)] if names and units else []


class _Said:
    """Every telephone, name and home by which a store knows somebody, looked up once: telephones in its words, too,
    for the register forgets its visitors sooner than the log does what was noted of them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hashed: dict[tuple[bytes, str], dict[str, list[str]]] = {}

    def by_hash(self, key: bytes, name: str) -> dict[str, list[str]]:
        """Return those of a field of the journal, each by its keyed hash: how it is written may differ."""
        if (key, name) not in self._hashed:
            found = self._homes() if name == "unit" else self._told(name)
            hashed: dict[str, list[str]] = {}
            for value in sorted(found | self._numbers() if name == "phone" else found):
                hashed.setdefault(journal.digest(key, name, value), []).append(value)
            self._hashed[key, name] = hashed
        return self._hashed[key, name]

    def _homes(self) -> set[str]:
        return {row[0] for row in self._store.rows("SELECT building || '-' || unit || '-' || room FROM units")}

    def _told(self, name: str) -> set[str]:
        found: set[str] = set()
        for table, kept in PEOPLE.items():
            for column in (kept.phone if name == "phone" else kept.name).split()[:1]:
                rows = self._store.rows(f"SELECT DISTINCT {column} FROM {table} WHERE coalesce({column}, '') <> ''")  # noqa: S608
                found |= {row[0] for row in rows}
        return found

    def _numbers(self) -> set[str]:
        found: set[str] = set()
        for table, kept in INVENTORY.items():
            for column in f"{kept.words} {kept.struck} {kept.json}".split():
                for row in self._store.rows(f"SELECT {column} FROM {table} WHERE {column} GLOB '*[0-9０-９]*'"):  # noqa: S608
                    found |= _numbers_in(row[0])
        return found


def _numbers_in(text: str) -> set[str]:
    """Return every run of figures in a text that may be a telephone number (`people.clean_phone`)."""
    found: set[str] = set()
    for run in _FIGURES.findall(text):
        figures = "".join(str(int(figure)) for figure in run if figure.isdecimal())
        found |= {figures[at : at + length] for length in _LENGTHS for at in range(len(figures) - length + 1)}
    return found


def _pictures(store: Store) -> set[str]:
    return {row[0] for row in store.rows("SELECT file FROM photos")}


def _done(store: Store, entry: Entry, at: datetime) -> None:
    store.execute(
        "INSERT INTO erasure_entries (id, entry, at) VALUES (?, ?, ?)", [entry.id, entry.text, clock.to_text(at)]
    )


def _home(store: Store) -> Path:
    return store.path.parent


def clear_aside(home: Path) -> list[str]:
    """Remove the old stores that were put aside by a restore and lack an erasure of the journal; return their names.

    One that cannot be read any more was a store of this home until the time in its name, and knew what came before.
    """
    told, gone = {entry.id: entry.at for entry in journal.entries(home)}, []
    for path in sorted((home / restore.ASIDE).glob("*")):
        known = _known(path / STORE)
        put_aside = f"{path.name[:4]}-{path.name[4:6]}-{path.name[6:11]}:{path.name[11:13]}:{path.name[13:15]}"
        missing = {name for name, at in told.items() if at[:19] > put_aside} if known is None else told.keys() - known
        if missing:
            shutil.rmtree(path)
            gone.append(path.name)
    return gone


def _known(store: Path) -> set[str] | None:
    """Return the erasures that a store knows; None when it cannot be read."""
    try:
        # Read only: it is kept as it was, its log is not played in.
        with closing(sqlite3.connect(f"{store.absolute().as_uri()}?mode=ro", uri=True)) as old:
            if old.execute("SELECT 1 FROM sqlite_schema WHERE name = 'erasure_entries'").fetchone() is None:
                return set()
            return {name for (name,) in old.execute("SELECT id FROM erasure_entries")}
    except sqlite3.Error:
        return None
