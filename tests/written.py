"""What stands in a store, in one word: whether anything was written in between."""

import hashlib

from db.store import Store

# That something was refused is counted (reception/refusal_counts.py): of every such answer something is written there.
COUNTED = "refusals"


def written(store: Store, but: str = "") -> str:
    """Return a hash over every row of every table but the counts of what was refused, and one more."""
    found = hashlib.sha256()
    tables = store.rows(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    for (table,) in tables:
        if table not in {COUNTED, but}:
            found.update(repr([table, *map(tuple, store.rows(f"SELECT * FROM {table}"))]).encode())  # noqa: S608
    return found.hexdigest()
