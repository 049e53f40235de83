"""Lines of units and residents against the estate as it stands."""

from datetime import datetime
from typing import Any

from db.store import Store
from reception import consents, home_dates
from reception.import_steps import SAME, BadCell, Deed, Judge, Step

DATES = tuple(home_dates.NAMES)


def units(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge homes by building, unit, room. An empty date leaves what was known.

    Refuses `handover_before_completion`.
    """
    known = {
        (row["building"], row["unit"], row["room"]): row
        for row in store.rows(f"SELECT id, building, unit, room, {', '.join(DATES)} FROM units")  # noqa: S608
    }

    def judge(values: dict[str, Any]) -> Step:
        home = [values["building"], values["unit"], values["room"]]
        row = known.get(tuple(home))
        dates = [values[name] or (row[name] if row is not None else None) for name in DATES]
        if dates[0] and dates[1] and dates[1] < dates[0]:
            raise BadCell("handover_on", "handover_before_completion")
        if row is None:
            sql = f"INSERT INTO units (building, unit, room, {', '.join(DATES)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
            return Step("added", lambda deed: store.execute(sql, [*home, *dates]))
        if dates == [row[name] for name in DATES]:
            return SAME
        sql = f"UPDATE units SET {', '.join(f'{name} = ?' for name in DATES)} WHERE id = ?"  # noqa: S608
        return Step("changed", lambda deed: store.execute(sql, [*dates, row["id"]]))

    return judge


def homes(store: Store) -> dict[str, int]:
    """Return the id of each unit by its label, `1-1-101`."""
    return {row[0]: row[1] for row in store.rows("SELECT building || '-' || unit || '-' || room, id FROM units")}


def residents(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge residents by home and phone; nobody is ever removed (FRM-12), nobody who moved out comes back, not even in
    the place of somebody who stayed and has the same phone.

    Refuses `unit_unknown`, and `resident_ambiguous` where two of this home share the phone and neither has the name.
    """
    ids = homes(store)
    known: dict[tuple[int, str], list[Any]] = {}
    gone = {tuple(row) for row in store.rows("SELECT unit_id, phone, name FROM former_residents")}
    for row in store.rows("SELECT id, unit_id, phone, name, relation FROM residents ORDER BY id"):
        known.setdefault((row["unit_id"], row["phone"]), []).append(row)

    def judge(values: dict[str, Any]) -> Step:
        unit_id = ids.get(values["home"])
        if unit_id is None:
            raise BadCell("home", "unit_unknown")
        name, phone, relation = values["name"], values["phone"], values["relation"]
        here = known.get((unit_id, phone), [])
        if (unit_id, phone, name) in gone and name not in {row["name"] for row in here}:
            return SAME
        if not here:
            return Step("added", lambda deed: _add(store, [unit_id, name, phone, relation], deed))
        found = here[0] if len(here) == 1 else next((row for row in here if row["name"] == name), None)
        if found is None:
            raise BadCell("phone", "resident_ambiguous")
        if (found["name"], found["relation"]) == (name, relation):
            return SAME
        return Step("changed", lambda deed: _correct(store, [name, relation, found["id"]], deed))

    return judge


def _add(store: Store, person: list[Any], deed: Deed) -> None:
    resident_id = store.insert("INSERT INTO residents (unit_id, name, phone, relation) VALUES (?, ?, ?, ?)", person)
    consents.keep(store, "residents", resident_id, by=deed.by, at=deed.at, source="import")


def _correct(store: Store, person: list[Any], deed: Deed) -> None:
    store.execute("UPDATE residents SET name = ?, relation = ? WHERE id = ?", person)
    consents.keep(store, "residents", person[-1], by=deed.by, at=deed.at, source="import")
