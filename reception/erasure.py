"""Erasing a person (个人信息删除, PIPL 47): every word of him goes, what is counted stays.

What tells who somebody is becomes empty, the words of his matters go whole, and his name and telephone are struck out
of whatever else the house wrote; `personal` says what stands where, `person_rows` what is his.
"""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final

from db import scrub as scrubbing
from db.store import Store
from reception import house_words, photo_files, photos
from reception.person_rows import Found, find, plain_name
from reception.person_rows import Person as Person
from reception.personal import INVENTORY, MARK, MATTERS, PEOPLE, Kept
from reception.rules.striking import Striker

_CASES: Final = "(SELECT value FROM json_each(:cases))"
_VISITS: Final = "(SELECT value FROM json_each(:visits))"
_PAPERS: Final = (
    "(ref IN (SELECT 'case:' || value FROM json_each(:cases))"  # noqa: S608
    f" OR ref IN (SELECT 'ticket:' || id FROM tickets WHERE visit_id IN {_VISITS}))"
)
# What stands where a home stood, in rows that need none.
_HOMELESS: Final = {
    "cases": "(SELECT unit_id FROM visit_day_bookings WHERE case_id = cases.id)",
    "visits": "NULL",
}


def wipe(store: Store, person: Person, *, at: datetime) -> dict[str, int]:
    """Erase what the store had of a person at the moment `at`, inside an act; return the rows changed by table.

    For acts, and for what replays an erasure: asks nobody, refuses nothing, and finds nothing the second time. Who came
    back after `at` keeps what he gave then. Files of pictures go once the act is committed.
    """
    found = find(store, person, until=at)
    if not found.rows and find(store, person).rows:
        return {}
    return _erase(store, found)


def wipe_case(store: Store, case_id: int, *, at: datetime) -> dict[str, int]:
    """Make one matter, and the visit that led to nothing else, nobody's, inside an act; return the rows by table.

    For retention: what else the house wrote of its person stands.
    """
    visit = store.value("SELECT visit_id FROM cases WHERE id = ?", [case_id])
    shared = store.value("SELECT count(*) FROM cases WHERE visit_id = ? AND name <> '' AND id <> ?", [visit, case_id])
    rows = {"cases": [case_id], "visits": [visit] if visit is not None and not shared else []}
    rows["fault_households"] = [
        row[0]
        for row in store.rows(
            "SELECT fault_households.id FROM fault_cases JOIN cases ON cases.id = case_id"
            " JOIN fault_households ON fault_households.fault_id = fault_cases.fault_id"
            " AND fault_households.unit_id = cases.unit_id AND fault_households.phone = cases.phone WHERE case_id = ?",
            [case_id],
        )
    ]
    return _erase(store, Found(rows=rows))


def wipe_rows(store: Store, table: str, ids: list[int]) -> dict[str, int]:
    """Make rows of a table of people nobody's, inside an act; return the rows by table. For retention, as above."""
    return _erase(store, Found(rows={table: ids}))


def _erase(store: Store, found: Found) -> dict[str, int]:
    assert store.in_transaction
    # Removed bytes are overwritten in the file, not only unlinked.
    store.execute("PRAGMA secure_delete = ON")
    counts: Counter[str] = Counter()
    cases, visits = found.cases, found.visits | _visits_of(store, found)
    keys = {"cases": json.dumps(sorted(cases)), "visits": json.dumps(sorted(visits))}
    with _leave(store):
        _drop_prints_and_forms(store, keys, found, counts)
        _remove_pictures(store, keys)
        for table, kept in MATTERS.items():
            counts[table] += _erase_matter(store, table, kept, keys)
        _homes(store, cases, found)
        for table, kept in PEOPLE.items():
            ids = visits if table == "visits" else found.rows.get(table, ())
            counts[table] += _erase_people(store, table, kept, ids, keys)
        store.execute("UPDATE suggestions SET on_board = 0 WHERE case_id IN " + _CASES, keys)  # noqa: S608
        store.execute("DELETE FROM home_guesses")
        store.execute("DELETE FROM phone_tail_tries WHERE case_id IN " + _CASES, keys)  # noqa: S608
        # By what the line of an old list is known: a hash of what can be guessed.
        store.execute("DELETE FROM imported_cases WHERE case_id IN " + _CASES, keys)  # noqa: S608
        _strike(store, found, counts)
    store.touch("cases", "queue", "papers")
    return {table: count for table, count in counts.items() if count}


@contextmanager
def _leave(store: Store) -> Iterator[None]:
    store.execute("INSERT INTO erasure_leave (one) VALUES (1)")
    yield
    store.execute("DELETE FROM erasure_leave")


def _visits_of(store: Store, found: Found) -> set[int]:
    """Return the visits of his matters: nobody else's matter may hang on one."""
    rows = store.rows(
        "SELECT DISTINCT visit_id FROM cases WHERE id IN (SELECT value FROM json_each(:cases)) AND visit_id IS NOT NULL"
        " AND visit_id NOT IN (SELECT visit_id FROM cases WHERE visit_id IS NOT NULL AND name <> ''"
        " AND id NOT IN (SELECT value FROM json_each(:cases)))",
        {"cases": json.dumps(sorted(found.cases))},
    )
    return {row[0] for row in rows}


def _drop_prints_and_forms(store: Store, keys: dict[str, str], found: Found, counts: Counter[str]) -> None:
    """Papers of his in the spool, and the hashes of forms that made what is his (known by their moment)."""
    counts["print_jobs"] += store.execute(
        "UPDATE print_jobs SET facts = '{}', wiped = 1, held = iif(state = 'queued', coalesce(held, 'wiped'), held)"  # noqa: S608
        f" WHERE facts <> '{{}}' AND {_PAPERS}",
        keys,
    ).rowcount
    households = json.dumps(found.rows.get("fault_households", []))
    residents = json.dumps(found.rows.get("residents", []))
    counts["nonces"] += store.execute(
        "DELETE FROM nonces WHERE at IN ("  # noqa: S608
        f" SELECT at FROM events WHERE subject = 'case' AND subject_id IN {_CASES}"
        f" UNION SELECT arrived_at FROM visits WHERE id IN {_VISITS}"
        f" UNION SELECT events.at FROM events JOIN tickets ON tickets.id = subject_id"
        f"  WHERE subject = 'ticket' AND visit_id IN {_VISITS}"
        " UNION SELECT at FROM fault_households WHERE id IN (SELECT value FROM json_each(:households))"
        " UNION SELECT at FROM events WHERE what = 'add_resident'"
        "  AND json_extract(detail, '$.resident') IN (SELECT value FROM json_each(:residents)))",
        keys | {"households": households, "residents": residents},
    ).rowcount


def _remove_pictures(store: Store, keys: dict[str, str]) -> None:
    place = photos.folder(store)
    for row in store.rows(f"SELECT file FROM photos WHERE case_id IN {_CASES}", keys):  # noqa: S608
        # A crash before this leaves a picture without a row, which `photos.sweep` takes away.
        store.afterwards(partial(photo_files.remove, place, row["file"]))


def _of_his(kept: Kept) -> str:
    """Return the condition that a row belongs to a matter or a visit of his."""
    conditions = [f"{kept.case} IN {_CASES}"] if kept.case else []
    conditions += [f"{kept.visit} IN {_VISITS}"] if kept.visit else []
    return f"({' OR '.join(conditions)})"


def _gone(store: Store, table: str, kept: Kept) -> list[str]:
    """Return the SET parts that leave nothing of a row: empty where it may be, the mark where it must not be."""
    nullable = {row["name"] for row in store.rows(f"PRAGMA table_info({table})") if not row["notnull"]}
    stored = {row["name"] for row in store.rows(f"PRAGMA table_info({table})")}
    who = [column for column in f"{kept.name} {kept.phone}".split() if column in stored]
    parts = [f"{column} = {'NULL' if column in nullable else repr('')}" for column in who]
    return parts + [f"{column} = iif({_filled(kept, column)}, '{MARK}', {column})" for column in kept.words.split()]


def _filled(kept: Kept, column: str) -> str:
    """Return the condition that something of somebody stands in a column."""
    nothing = ", ".join(f"'{value}'" for value in ("", MARK, *sorted(kept.codes)))
    return f"{column} NOT IN ({nothing})"


def _erase_matter(store: Store, table: str, kept: Kept, keys: dict[str, str]) -> int:
    if kept.goes:
        return store.execute(f"DELETE FROM {table} WHERE {_of_his(kept)}", keys).rowcount  # noqa: S608
    parts = _gone(store, table, kept)
    filled = " OR ".join(_filled(kept, column) for column in kept.words.split())
    sql = f"UPDATE {table} SET {', '.join(parts)} WHERE {_of_his(kept)} AND ({filled})"  # noqa: S608
    return store.execute(sql, keys).rowcount


def _erase_people(store: Store, table: str, kept: Kept, ids: Iterable[int], keys: dict[str, str]) -> int:
    mine = f"rowid IN (SELECT value FROM json_each(:ids)){f' OR {_of_his(kept)}' if kept.case or kept.visit else ''}"  # noqa: S608
    known = keys | {"ids": json.dumps(sorted(ids))}
    if kept.goes:
        return store.execute(f"DELETE FROM {table} WHERE {mine}", known).rowcount  # noqa: S608
    parts = _gone(store, table, kept)
    filled = " OR ".join(_filled(kept, part.split(" = ")[0]) for part in parts)
    if kept.home and table in _HOMELESS:
        # Of a booking that home of nobody which `_homes` gave it; of the others none.
        parts.append(f"{kept.home} = {_HOMELESS[table]}")
        filled += f" OR {kept.home} IN (SELECT id FROM units WHERE building <> '')"  # noqa: S608
    return store.execute(f"UPDATE {table} SET {', '.join(parts)} WHERE ({mine}) AND ({filled})", known).rowcount  # noqa: S608


def _homes(store: Store, cases: set[int], found: Found) -> None:
    """Put a home of nobody where a record must have one: each its own, so that homes are counted as before."""
    for table, column, key, ids in (
        ("visit_day_bookings", "unit_id", "case_id", cases),
        ("handovers", "to_unit_id", "case_id", cases),
        ("fault_households", "unit_id", "id", found.rows.get("fault_households", ())),
    ):
        for row in store.rows(
            f"SELECT {table}.{key} AS id FROM {table} JOIN units ON units.id = {table}.{column}"  # noqa: S608
            f" WHERE {table}.{key} IN (SELECT value FROM json_each(?)) AND building <> ''",
            [json.dumps(sorted(ids))],
        ):
            nowhere = store.insert(
                "INSERT INTO units (building, unit, room) VALUES ('', '', ?)", [secrets.token_hex(8)]
            )
            store.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [nowhere, row["id"]])  # noqa: S608


def mentions(store: Store, found: Found, among: str = "SELECT id FROM cases") -> int:
    """Return how many rows of others name him: out of them he would be struck. `among`: SQL of the matters to look in.

    Papers in the spool are left out: they go by themselves.
    """
    names = _names(store, found)
    namesakes = json.dumps(_namesakes(store, names, found.cases))
    keys = {"cases": json.dumps(sorted(found.cases)), "visits": json.dumps(sorted(found.visits))}
    total = 0
    for table, kept in INVENTORY.items():
        theirs = f" AND NOT coalesce({_of_his(kept)}, 0)" if kept.case or kept.visit else ""
        theirs += f" AND ({kept.case} IS NULL OR {kept.case} IN ({among}))" if kept.case else ""
        changed = [changes for _column, _new, changes in _struck(kept)]
        if changed and table != "print_jobs":
            sql = f"SELECT count(*) FROM {table} WHERE ({' OR '.join(changed)}){theirs}"  # noqa: S608
            total += store.value(sql, keys | {"namesakes": namesakes})
    return total


def _names(store: Store, found: Found) -> set[str]:
    """Return the names to strike out, and teach the store how; of staff called so the name stays, and a word stays."""
    staff = {plain_name(row[0]) for row in store.rows("SELECT name FROM staff")}
    names = house_words.without(store, {name for name in found.names if plain_name(name) not in staff})
    whole, number = Striker(names, found.phones, MARK), Striker((), found.phones, MARK)
    functions = {"strike": whole.text, "strike_json": whole.json}
    functions |= {"strike_number": number.text, "strike_number_json": number.json}
    for name, function in functions.items():
        store.connection.create_function(name, 1, function, deterministic=True)
    return names


def _namesakes(store: Store, names: set[str], his: set[int]) -> list[int]:
    """Return the matters of others who are called so: of them the name stays."""
    bearers = {plain_name(name) for name in names}
    rows = store.rows("SELECT id, name FROM cases WHERE name <> ''")
    return [row[0] for row in rows if plain_name(row[1]) in bearers and row[0] not in his]


def _strike(store: Store, found: Found, counts: Counter[str]) -> None:
    """Strike him out of what else was written."""
    names = _names(store, found)
    if not names and not found.phones:
        return
    namesakes = json.dumps(_namesakes(store, names, set()))
    for table, kept in INVENTORY.items():
        counts[table] += _strike_table(store, table, kept, namesakes)
    for name in found.names:
        if not store.value(
            "SELECT 1 FROM cases WHERE name = :n UNION SELECT 1 FROM residents WHERE name = :n", {"n": name}
        ):
            store.execute("DELETE FROM names_spelt WHERE name = ?", [name])
            store.execute("DELETE FROM names_to_spell WHERE name = ?", [name])


def _struck(kept: Kept) -> Iterator[tuple[str, str, str]]:
    """Yield of each column in which he may be named: the column, the SQL without him, and that this is another."""
    theirs = f"{kept.case} IN (SELECT value FROM json_each(:namesakes))" if kept.case else "0"  # noqa: S608
    for column in f"{kept.words} {kept.struck}".split():
        new = f"iif({theirs}, strike_number({column}), strike({column}))"
        yield column, new, f"({column} <> '' AND {new} <> {column})"
    for column in kept.json.split():
        new = f"iif({theirs}, strike_number_json({column}), strike_json({column}))"
        yield column, new, f"{new} <> {column}"


def _strike_table(store: Store, table: str, kept: Kept, namesakes: str) -> int:
    return sum(
        store.execute(f"UPDATE {table} SET {column} = {new} WHERE {changes}", {"namesakes": namesakes}).rowcount  # noqa: S608
        for column, new, changes in _struck(kept)
    )


def scrub(store: Store, found: Found) -> bool:
    """Leave nothing of him in the bytes of the store, once the act is committed; every practice ends (`end_practice`).

    Return whether it was done; what could not be done now is done in the night (`retention`).
    """
    ended = end_practice(store)
    return scrubbing.scrub(store, [*found.phones, *_names(store, found)]) and ended


def end_practice(store: Store) -> bool:
    """End whatever is practised beside a store, with all that was typed in there; return whether it is gone.

    He may be in it under any spelling. Whoever practises is led back to the real desk, and told.
    """
    place = store.path.parent / "practice"
    for copy in sorted(path for path in place.glob("*") if path.is_dir()):
        # The last to leave may take it away this very moment.
        with suppress(OSError):
            scrubbing.destroy(copy, store.path.name)
    return not any(place.glob("*"))
