"""Sealed cases: for whom a case exists at all (`domain.md` SYS-07, K3 18).

A complaint about a member of staff, an incident: only the heads and whoever is let in by name see such a case, and
never the person it is about. Every reader of more than one case asks `open_to`; a test reads all SQL for it.
"""

from db.store import Store
from reception.permissions import Actor, Role

# On no list that others share, whoever reads it: these have a room of their own (`reception.incident_facts`).
APART = "incident"
# To whom a sealed case is open: from this rank on it may be sealed to (`cases.sealed`).
RANKS = {Role.SERVICE_HEAD: 1, Role.MANAGER: 2}
# The same as a list of SQL.
HEADS = "(" + ", ".join(f"'{role}'" for role in RANKS) + ")"


def open_to(by: Actor, cases: str = "cases") -> str:
    """Return the SQL condition on a row of `cases` (or its alias) that it is not sealed from this reader.

    It has no parameters and stands in brackets; the box itself, which acts on what is due, reads all; but an
    incident is shared with nobody here, for what the box writes down others may read: `apart_to`.
    """
    if by.role is Role.BOX:
        return f"({cases}.kind <> '{APART}')"
    if by.id is None:
        return f"({cases}.sealed = 0)"
    return f"({cases}.sealed = 0 OR ({cases}.kind <> '{APART}' AND {_let_in(by, cases)}))"


def apart_to(by: Actor, cases: str = "cases") -> str:
    """Return the same condition for the cases that stand apart, in their own room."""
    if by.id is None:
        return "(0)"
    return f"({cases}.kind = '{APART}' AND {_let_in(by, cases)})"


def _let_in(by: Actor, cases: str) -> str:
    assert by.id is not None
    reader = int(by.id)
    let_in = f"EXISTS (SELECT 1 FROM case_readers WHERE case_id = {cases}.id AND staff_id = {reader})"  # noqa: S608
    accused = f"EXISTS (SELECT 1 FROM case_accused WHERE case_id = {cases}.id AND staff_id = {reader})"  # noqa: S608
    rank = RANKS.get(by.role)
    if rank is not None:
        # The manager hears what is sealed to the heads, not the other way round.
        behind = f"(SELECT coalesce(heads_behind, 0) FROM staff WHERE id = {reader})"  # noqa: S608
        waits = f"(SELECT unconfirmed FROM staff WHERE id = {reader})"  # noqa: S608
        # Who became a head later reads of what was before only as he is let in (`hearers`), and nothing before another
        # has confirmed him (`new_heads`).
        by_rank = f"{cases}.sealed <= {rank} AND {waits} = 0 AND ({cases}.kind = '{APART}' OR {cases}.id > {behind})"
        let_in = f"({by_rank} OR {let_in})"
    return f"({let_in} AND NOT {accused})"


def heads_apart(store: Store, case_id: int) -> list[int]:
    """Return the heads (ids) to whom a case that stands apart is open, the manager first."""
    rows = store.rows(f"SELECT id, role FROM staff WHERE active = 1 AND role IN {HEADS} ORDER BY role <> 'manager', id")  # noqa: S608
    asked = "SELECT 1 FROM cases WHERE id = ? AND "
    return [row["id"] for row in rows if store.value(asked + apart_to(Actor(Role(row["role"]), row["id"])), [case_id])]


def is_open(store: Store, case_id: int, *, by: Actor) -> bool:
    """Tell whether a case exists for this reader."""
    return store.value(f"SELECT 1 FROM cases WHERE id = ? AND {open_to(by)}", [case_id]) is not None  # noqa: S608


def is_open_to(store: Store, case_id: int, staff_id: int) -> bool:
    """Tell whether a case exists for a member of staff who is still with us: so that it is given to nobody else."""
    row = store.row("SELECT role FROM staff WHERE id = ? AND active = 1", [staff_id])
    return row is not None and is_open(store, case_id, by=Actor(Role(row["role"]), staff_id))


def among(store: Store, case_id: int, people: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those of these members of staff (login, name) for whom a case exists: whom it may be given to."""
    return [
        one
        for one in people
        if is_open_to(store, case_id, store.value("SELECT id FROM staff WHERE login = ?", [one[0]]))
    ]


def alike(store: Store, case_id: int, other_id: int) -> bool:
    """Tell whether two cases are open to the same people."""
    found = [
        (
            store.value("SELECT sealed FROM cases WHERE id = ?", [one]),
            *(
                frozenset(row[0] for row in store.rows(f"SELECT staff_id FROM {table} WHERE case_id = ?", [one]))  # noqa: S608
                for table in ("case_accused", "case_readers")
            ),
        )
        for one in (case_id, other_id)
    ]
    return found[0] == found[1]
