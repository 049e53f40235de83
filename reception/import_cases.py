"""Lines of repairs that were open in the old system: opened here with their own time, each once."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from db.store import Store
from reception import cases, clocks, duty, estate, repairs
from reception.import_estate import homes
from reception.import_steps import SAME, BadCell, Deed, Judge, Step
from reception.permissions import may
from reception.refusal import Refused
from reception.repair_facts import OF_SHARED_AREAS
from reception.rules import clock
from reception.site import site
from reception.visits import Particulars


def cases_of_old(store: Store, given: frozenset[str], now: datetime) -> Judge:
    """Judge opening repairs; one taken over before, by its old number or else by home, time and matter, stays as it is.

    Refuses `unit_unknown`, `unit_missing`, `place_missing`, `received_in_future`.
    """
    ids, zone = homes(store), site(store).zone
    known = {row[0] for row in store.rows("SELECT fingerprint FROM imported_cases")}

    def judge(values: dict[str, Any]) -> Step:
        home = values["home"]
        if home and home not in ids:
            raise BadCell("home", "unit_unknown")
        if not home and values["category"] not in OF_SHARED_AREAS:
            raise BadCell("home", "unit_missing")
        if not home and not values["place"]:
            raise BadCell("place", "place_missing")
        received = values["received"].at.replace(tzinfo=zone).astimezone(UTC)
        if received > now:
            raise BadCell("received", "received_in_future")
        mark = fingerprint(values)
        if mark in known:
            return SAME
        unit = estate.unit_by_id(store, ids[home]) if home else None
        return Step("added", lambda deed: _open(store, values, unit, received, mark, deed))

    return judge


def fingerprint(values: dict[str, Any]) -> str:
    """Return what a repair of the old system is known by: its old number, or home, time and matter."""
    told = [values["old_no"]] if values["old_no"] else [
        values["home"], values["received"].text, values["category"], values["content"], values["place"]
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _open(
    store: Store, values: dict[str, Any], unit: estate.Unit | None, received: datetime, mark: str, deed: Deed
) -> None:
    # Who holds a case must be able to see it: an administrator and the box are not.
    holder = deed.by.id if may(deed.by, "see_cases") else duty.head_of(store, repairs.DEPARTMENT)
    if holder is None:
        raise Refused("owner_missing")
    case = cases.open_case(
        store,
        kind=repairs.KIND,
        series=repairs.SERIES,
        state="registered",
        person=Particulars(values["name"], values["phone"], unit),
        visit_id=None,
        department=repairs.DEPARTMENT,
        owner=holder,
        source="import",
        by=deed.by,
        at=deed.at,
        category=values["category"],
    )
    # The event is now; when the owner came is the file's to say.
    store.execute("UPDATE cases SET received_at = ? WHERE id = ?", [clock.to_text(received), case.id])
    store.execute(
        "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency) VALUES (?, ?, ?, ?, ?, ?)",
        [
            case.id,
            values["category"],
            values["content"],
            values["place"] or "",
            values["convenient_time"] or "",
            values["urgency"] or "ordinary",
        ],
    )
    # The owner has waited since then, whatever he was promised elsewhere: an old repair is overdue at once.
    clocks.moved(store, case.id, repairs.KIND, "described", by=deed.by, at=deed.at, since=received)
    if values["old_no"]:
        cases.write_note(store, case.id, f"原编号 {values['old_no']}", by=deed.by, at=deed.at)
    store.execute(
        "INSERT INTO imported_cases (case_id, import_id, fingerprint) VALUES (?, ?, ?)",
        [case.id, deed.import_id, mark],
    )
