"""Who may know what of a person's sealed matters, and who may then erase them (`domain.md` SYS-07, K3 18)."""

import json
from dataclasses import dataclass

from db.store import Store
from reception import seals
from reception.permissions import Actor, Role
from reception.person_rows import Found
from reception.refusal import Refused


@dataclass(frozen=True, slots=True)
class Reach:
    """A person's matters and visits as one reader may know them; `hidden`: matters sealed from him.

    `told`: he may know that there are such. Never of one that is about himself.
    """

    cases: tuple[int, ...]
    visits: tuple[int, ...]
    hidden: frozenset[int]
    about_him: frozenset[int]

    @property
    def told(self) -> bool:
        """Whether the reader is told that there is more."""
        return bool(self.hidden - self.about_him)


def of(store: Store, found: Found, *, by: Actor) -> Reach:
    """Return what of a person's this reader may know."""
    shown = _open(store, found.cases, by)
    hidden = frozenset(found.cases - shown)
    accused = store.rows(
        "SELECT case_id FROM case_accused WHERE staff_id = ? AND case_id IN (SELECT value FROM json_each(?))",
        [by.id, json.dumps(sorted(hidden))],
    )
    visits = store.rows(
        "SELECT visits.id FROM visits LEFT JOIN tickets ON tickets.visit_id = visits.id"
        " LEFT JOIN lines ON lines.code = tickets.line WHERE visits.id IN (SELECT value FROM json_each(:visits))"
        # Who came to be heard in private came for that, whatever became of it.
        " AND (lines.hears IS NULL OR lines.hears = :role) AND visits.id NOT IN (SELECT visit_id FROM cases"
        "  WHERE visit_id IS NOT NULL AND id IN (SELECT value FROM json_each(:hidden))) ORDER BY visits.id",
        {"visits": json.dumps(sorted(found.visits)), "role": by.hears_as, "hidden": json.dumps(sorted(hidden))},
    )
    return Reach(tuple(sorted(shown)), tuple(row[0] for row in visits), hidden, frozenset(row[0] for row in accused))


def open_cases(by: Actor) -> str:
    """Return the SQL of the ids of all matters that are open to a reader, incidents by their own rule."""
    return f"SELECT id FROM cases WHERE ({seals.open_to(by)} OR {seals.apart_to(by)})"  # noqa: S608


def _open(store: Store, cases: set[int], by: Actor) -> set[int]:
    sql = f"{open_cases(by)} AND id IN (SELECT value FROM json_each(?))"  # noqa: S608
    rows = store.rows(sql, [json.dumps(sorted(cases))])
    return {row[0] for row in rows}


def may_erase(store: Store, reach: Reach, *, by: Actor) -> None:
    """Refuse who may not decide on what is sealed: `person_for_another`, `person_for_manager`.

    Nobody erases what is about himself. The administrator leaves sealed matters to the manager, but where there is no
    manager whom they are not about: else nobody could answer a person who complained of the manager.
    """
    if reach.about_him:
        raise Refused("person_for_another")
    if reach.hidden and by.unconfirmed:
        # Else whoever made him a manager would have erased, unseen, what is about himself.
        raise Refused("person_for_manager")
    if reach.hidden and by.role is Role.ADMINISTRATOR:
        managers = [row[0] for row in store.rows("SELECT id FROM staff WHERE role = 'manager' AND active = 1")]
        if any(set(reach.hidden) == _open(store, set(reach.hidden), Actor(Role.MANAGER, one)) for one in managers):
            raise Refused("person_for_manager")
