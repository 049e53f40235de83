"""Whose rows are whose: a person is found by telephone, name and home, wherever rows say who somebody is."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Row
from typing import Final

from db.store import Store
from reception.personal import PEOPLE
from reception.rules import clock


@dataclass(frozen=True, slots=True)
class Person:
    """Who is meant: a telephone (digits), a name as it was written, a home (`1-1-101`); None: not known."""

    phone: str | None
    name: str | None
    unit: str | None


@dataclass(slots=True)
class Found:
    """What is a person's: rows by table (ids), his matters and visits, and what he is called anywhere."""

    rows: dict[str, list[int]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    homes: set[int] = field(default_factory=set)

    @property
    def cases(self) -> set[int]:
        """The ids of his matters."""
        return set(self.rows.get("cases", ()))

    @property
    def visits(self) -> set[int]:
        """The ids of his visits."""
        return set(self.rows.get("visits", ()))


def _select(table: str) -> str:
    kept = PEOPLE[table]
    name, home = (f"coalesce({kept.name}, '')" if kept.name else "''"), kept.home or "NULL"
    phone = kept.phone.split()[0]
    return (
        f"SELECT '{table}' AS source, {table}.rowid AS id, {name} AS name, coalesce({phone}, '') AS phone,"  # noqa: S608
        f" {home} AS home, {kept.since} AS since FROM {table}"
    )


_EVERYBODY: Final = " UNION ALL ".join(_select(table) for table in PEOPLE)
_MEANT: Final = (
    f"SELECT * FROM ({_EVERYBODY}) WHERE phone IN (SELECT value FROM json_each(:phones))"  # noqa: S608
    " OR plain_name(name) IN (SELECT value FROM json_each(:names))"
)


def plain_name(name: str) -> str:
    """Return a name without its spaces, in small letters: as it is compared."""
    return "".join(name.split()).casefold()


def alike(store: Store, phones: set[str], names: set[str]) -> list[Row]:
    """Return every row (source, id, name, phone, home, since) with one of these telephones or plain names."""
    store.connection.create_function("plain_name", 1, plain_name, deterministic=True)
    return store.rows(_MEANT, {"phones": json.dumps(sorted(phones)), "names": json.dumps(sorted(names))})


def find(store: Store, person: Person, *, until: datetime | None = None) -> Found:
    """Return what the store has of a person; with `until`, only what it had at that moment.

    The telephone finds him, with his name where two share it; his name finds him in his home. What that tells of other
    telephones, homes and ways to write him finds the rest. Rows of a namesake elsewhere are not his.
    """
    found = Found(phones={person.phone} if person.phone else set(), homes=_home(store, person.unit))
    names = {plain_name(person.name)} if person.name else set()
    mine: list[Row] = []
    while True:
        known = (len(names), len(found.phones), len(found.homes), len(mine))
        rows = alike(store, found.phones, names)
        mine = [row for row in rows if _is_his(row, rows, person, found, names)]
        for row in mine:
            names |= {plain_name(row["name"])} - {""}
            found.phones |= {row["phone"]} - {""}
            # A home that he wrote without a name may be anybody's of his telephone.
            found.homes |= {row["home"]} - {None} if row["name"] else set()
        if known == (len(names), len(found.phones), len(found.homes), len(mine)):
            break
    latest = None if until is None else clock.to_text(until)
    for row in mine:
        found.names |= {row["name"]} - {""}
        if latest is None or row["since"] is None or row["since"] <= latest:
            found.rows.setdefault(row["source"], []).append(row["id"])
    found.names |= {person.name} if person.name else set()
    return found


def _home(store: Store, unit: str | None) -> set[int]:
    sql = "SELECT id FROM units WHERE building || '-' || unit || '-' || room = ?"
    return {row[0] for row in store.rows(sql, [unit])} if unit else set()


def _is_his(row: Row, rows: list[Row], person: Person, found: Found, names: set[str]) -> bool:
    by_phone, named = row["phone"] in found.phones and bool(row["phone"]), plain_name(row["name"])
    if person.name is None and person.phone is not None and row["phone"] == person.phone:
        return True
    if not named:
        return by_phone
    if named not in names:
        return False
    if by_phone or row["home"] in found.homes:
        return True
    # A bare name: his, unless somebody else is called so.
    return not row["phone"] and row["home"] is None and not any(_is_another(one, found, names) for one in rows)


def _is_another(row: Row, found: Found, names: set[str]) -> bool:
    """Tell whether a row is of a namesake: another telephone, and not in the same home."""
    known = row["phone"] in found.phones or row["home"] in found.homes
    return plain_name(row["name"]) in names and not known and bool(row["phone"] or row["home"])
