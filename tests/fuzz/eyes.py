"""Whose name and telephone a member of staff may read whole: asked of the store, not of the code that masks.

Homes are no secret at the desk (domain.md K12 masks names and telephones there); outside it they are judged.
"""

from functools import cache

from db.store import Store
from reception import seals
from reception.permissions import Actor
from reception.personal import INVENTORY, PEOPLE
from tests.fuzz import rules
from tests.fuzz.people import Part, Person, seen

Seen = set[tuple[Person, Part]]

# The matters that are somebody's own: he holds them, is their host, works on them, or was asked about them.
_HELD = """
WITH own AS (SELECT id, name, phone FROM cases WHERE owner_id = :me
  OR id IN (SELECT case_id FROM appointments WHERE host_id = :me)
  OR id IN (SELECT case_id FROM handovers WHERE to_staff_id = :me)
  OR id IN (SELECT case_id FROM complaints WHERE handler_id = :me)
  OR id IN (SELECT case_id FROM work_orders WHERE worker_id = :me)
  OR id IN (SELECT case_id FROM inquiries WHERE expert_id = :me)
  OR id IN (SELECT case_id FROM officials WHERE counterpart_id = :me)
  OR id IN (SELECT case_id FROM follow_up_claims WHERE by_id = :me))
SELECT name, phone FROM own
UNION ALL SELECT case_agents.name, case_agents.phone FROM case_agents JOIN own ON own.id = case_id
UNION ALL SELECT fault_households.name, phone FROM fault_households
  JOIN known_faults ON known_faults.id = fault_id WHERE owner_id = :me
UNION ALL SELECT '', phone FROM phone_calls WHERE by_id = :me AND case_id IS NULL
"""
# Who stands before him now, and all matters of that telephone where it and a home recognised a resident.
_SERVED = """
WITH served AS (
  SELECT visits.id, name, phone, recognised = 1 AND phone_by IS NOT :me AND phone <> '' AS known
  FROM visits JOIN tickets ON visit_id = visits.id
  WHERE served_by = :me AND tickets.state IN ('called', 'serving'))
SELECT name, phone FROM served
UNION ALL SELECT cases.name, cases.phone FROM cases JOIN served
  ON cases.visit_id = served.id OR (cases.phone = served.phone AND served.known)
UNION ALL SELECT case_agents.name, case_agents.phone FROM case_agents JOIN cases ON cases.id = case_id JOIN served
  ON cases.visit_id = served.id OR (cases.phone = served.phone AND served.known)
"""
# Papers and the search's spelling hold names as those who come hold them; the rest of what is written is words.
_NO_WORDS = {"print_jobs", "names_spelt", "names_to_spell", "nonces", "events", "erasure_entries"}


def own(store: Store, who: Actor) -> Seen:
    """Return what of whom this reader may see whole now."""
    rows = [*store.rows(_HELD, {"me": who.id}), *store.rows(_SERVED, {"me": who.id})]
    found = seen("\n".join(f"{row['name']} {row['phone']}" for row in rows))
    # Whose matter it is he knows by name and telephone.
    return {(one, part) for one, _ in found for part in (Part.NAME, Part.PHONE)}


def is_word(store: Store, one: Person, part: Part) -> bool:
    """Whether it was written as free text, or as the name of a thing: then it is no longer told from a word."""
    return _any(store, _anywhere(), one.part(part))


def said_openly(store: Store, one: Person, who: Actor) -> bool:
    """Whether somebody's words stand in a case that this reader may open, or in what belongs to no case."""
    opened = f"(SELECT id FROM cases WHERE {seals.open_to(who)})"  # noqa: S608
    asked = []
    for table, columns in _written():
        of_case = INVENTORY[table].case
        # Of what names no case, everybody may know.
        within = f" AND coalesce(({of_case}) IN {opened}, 1)" if of_case else ""
        asked += [f'EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" LIKE :like{within})' for column in columns]  # noqa: S608
    return _any(store, asked, one.part(Part.WORDS))


@cache
def _anywhere() -> list[str]:
    return [
        f'EXISTS (SELECT 1 FROM "{table}" WHERE "{column}" LIKE :like)'  # noqa: S608
        for table, columns in _written()
        for column in columns
    ]


def _written() -> list[tuple[str, list[str]]]:
    """Return the tables and columns that hold words, whoever is named in them."""
    found = []
    for table, kept in INVENTORY.items():
        if table not in _NO_WORDS:
            who = set(f"{kept.name} {kept.phone} {kept.home}".split()) if table in PEOPLE else set(kept.home.split())
            found.append((table, sorted(kept.listed - who)))
    return found


def _any(store: Store, asked: list[str], text: str) -> bool:
    return bool(store.value(f"SELECT {' OR '.join(asked)}", {"like": f"%{text}%"}))


def stranger(store: Store, who: Actor, endpoint: str, found: Seen, revealed: bool) -> str:
    """Tell whose name or telephone stands whole in an answer to a member of staff to whom he is a stranger; or ''."""
    whole = rules.WHOLE.get(endpoint)
    if revealed or (whole is not None and (not whole[0] or who.role in whole[0])):
        return ""
    found = {(one, part) for one, part in found if part in (Part.NAME, Part.PHONE)}
    found -= own(store, who) if found else set()
    for one, part in sorted(found, key=str):
        if not is_word(store, one, part):
            return f"the {part} of person {one.number} is shown whole to {who.role}"
    return ""
