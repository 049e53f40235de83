"""How much paper the printers took: by what was printed, in millimetres."""

from db.store import Store


def printed_mm(store: Store, printer: str, since: str, until: str) -> int:
    """Return the millimetres that a printer took for papers which ended from `since` up to `until` (UTC text)."""
    found: int = store.value(
        "SELECT coalesce(sum(length_mm), 0) FROM print_jobs WHERE printer = ? AND ended_at >= ? AND ended_at < ?"
        " AND length_mm IS NOT NULL",
        [printer, since, until],
    )
    return found
