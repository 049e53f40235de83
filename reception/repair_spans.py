"""How long repairs took until somebody came, and until they were finished: on the wall, and without their pauses."""

from collections import defaultdict
from collections.abc import Mapping

from db.store import Store
from reception.rules import clock


def spans(store: Store, values: Mapping[str, str]) -> dict[tuple[str, str], list[float]]:
    """Return the spans in minutes, by (arrive|finish, gross|net), of the repairs received in `begin` <= t < `end`.

    `values`: begin, end (texts of the store), department ('' for all).
    """
    rows = store.rows(
        "SELECT cases.id, received_at, min(arrived_at) AS arrive, min(finished_at) AS finish"
        " FROM cases INDEXED BY cases_received CROSS JOIN work_orders ON work_orders.case_id = cases.id"
        " WHERE kind = 'repair' AND received_at >= :begin AND received_at < :end"
        " AND ('' = :department OR cases.department = :department) GROUP BY cases.id",
        dict(values),
    )
    pauses = _pauses(store, values)
    found: dict[tuple[str, str], list[float]] = {
        (what, way): [] for what in ("arrive", "finish") for way in ("gross", "net")
    }
    for row in rows:
        for what in ("arrive", "finish"):
            if row[what] is None:
                continue
            gross = _minutes(row["received_at"], row[what])
            paused = sum(
                _minutes(max(begin, row["received_at"]), min(until or row[what], row[what]))
                for begin, until in pauses[row["id"]]
            )
            found[what, "gross"].append(gross)
            found[what, "net"].append(max(0.0, gross - paused))
    return found


def _pauses(store: Store, values: Mapping[str, str]) -> dict[int, list[tuple[str, str | None]]]:
    found: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for row in store.rows(
        "SELECT case_pauses.case_id, from_at, until_at FROM cases INDEXED BY cases_received"
        " CROSS JOIN case_pauses ON case_pauses.case_id = cases.id"
        " WHERE kind = 'repair' AND received_at >= :begin AND received_at < :end",
        dict(values),
    ):
        found[row["case_id"]].append((row["from_at"], row["until_at"]))
    return found


def _minutes(begin: str, end: str) -> float:
    """Return the minutes between two texts of the store; nothing when the second is not later."""
    return max(0.0, (clock.from_text(end) - clock.from_text(begin)).total_seconds() / 60)
