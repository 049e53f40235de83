"""In every test: no act is committed that wrote a name or a telephone and said no ground for it after.

A test that sets somebody down by hand does it outside `writing`.
"""

import sqlite3
import weakref
from functools import partial
from typing import Any, Final

from db.store import Store
from reception.personal import MARK, PEOPLE

# `phone_tail` is made by the store itself.
WRITTEN: Final = {
    table: [column for column in f"{kept.name} {kept.phone}".split() if column != "phone_tail"]
    for table, kept in PEOPLE.items()
} | {"handovers": ["sender", "taken_by"]}

_begin, _commit = Store._begin, Store._commit
# Which rows (table, id) an act wrote somebody into, and said no ground for since; by connection.
_owed: "weakref.WeakKeyDictionary[Store, set[tuple[str, int]]]" = weakref.WeakKeyDictionary()


def watch() -> None:
    """Have every transaction of every store of this process watched, by triggers: however the statement is spelt."""
    Store._begin = _watched_begin  # type: ignore[assignment, method-assign]
    Store._commit = _watched_commit  # type: ignore[assignment, method-assign]


def _watched_begin(store: Store) -> None:
    if store not in _owed and _has_grounds(store):
        _owed[store] = set()
        _install(store.connection, _owed[store])
    _owed.get(store, set()).clear()
    _begin(store)


def _watched_commit(store: Store) -> frozenset[str]:
    owed = _owed.get(store)
    assert not owed, f"no ground was said for {sorted(owed)}: consents.keep belongs into the act that writes them"
    return _commit(store)


def _has_grounds(store: Store) -> bool:
    return bool(store.value("SELECT 1 FROM sqlite_master WHERE name = 'consents'"))


def _install(connection: sqlite3.Connection, owed: set[tuple[str, int]]) -> None:
    def note(said: bool, table: str, row: int) -> None:
        (owed.discard if said else owed.add)((table, row))

    one: Any = partial(connection.create_function, narg=2)
    one("wrote_somebody", func=partial(note, False))
    one("said_why", func=partial(note, True))
    for table, columns in WRITTEN.items():
        bears = " OR ".join(f"coalesce(NEW.{one}, '') NOT IN ('', '{MARK}')" for one in columns)
        other = " OR ".join(
            f"(NEW.{one} IS NOT OLD.{one} AND coalesce(NEW.{one}, '') NOT IN ('', '{MARK}'))" for one in columns
        )
        for when, test in (("INSERT", bears), ("UPDATE", other)):
            connection.execute(
                f"CREATE TEMP TRIGGER seen_{when}_{table} AFTER {when} ON main.{table} WHEN {test}"
                f" BEGIN SELECT wrote_somebody('{table}', NEW.rowid); END"
            )
    connection.execute(
        "CREATE TEMP TRIGGER seen_grounds AFTER INSERT ON main.consents"
        " BEGIN SELECT said_why(NEW.subject, NEW.subject_id); END"
    )
