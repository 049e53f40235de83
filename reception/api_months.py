"""What a company's own systems may read of the month reports: frozen figures and their corrections (docs/api.md)."""

import json
from typing import Any

from db.store import Store
from reception import month_content
from reception.permissions import Actor, permit


def months(store: Store, *, by: Actor) -> dict[str, Any]:
    """Return the months that are frozen, the last first; `issued_at` is null until a head issued it."""
    permit(by, "read_api")
    rows = store.rows("SELECT month, frozen_at, issued_at FROM month_reports ORDER BY month DESC")
    return {"items": [dict(row) for row in rows]}


def month(store: Store, code: str, *, by: Actor) -> dict[str, Any] | None:
    """Return the report of a frozen month (`2026-11`), each figure under its key; None where there is none.

    What is not shown (`rules.small_cells`: too few, or hidden for their sake) is null here as everywhere, with `few`
    true. A correction says
    what a figure became after later edits; the frozen one stays.
    """
    permit(by, "read_api")
    row = store.row("SELECT month, frozen_at, issued_at, figures FROM month_reports WHERE month = ?", [code])
    if row is None:
        return None
    items = month_content.items(month_content.from_json(row["figures"]))
    edits = store.rows("SELECT figure, became, at FROM month_corrections WHERE month = ? ORDER BY id", [code])
    return {
        "month": row["month"],
        "frozen_at": row["frozen_at"],
        "issued_at": row["issued_at"],
        "figures": [
            {
                "figure": key,
                "section": one.section.zh,
                "section_en": one.section.en,
                "name": one.name.zh,
                "name_en": one.name.en,
                "definition": one.hint.zh,
                "unit": one.unit,
                **_value(one.value, one.whole),
                "few": one.few and one.value is None,
            }
            for key, one in items.items()
        ],
        "corrections": [
            {"figure": edit["figure"], "at": edit["at"], **_value(*json.loads(edit["became"]))} for edit in edits
        ],
    }


def _value(value: int | None, whole: int | None) -> dict[str, int | None]:
    return {"value": value, "out_of": whole}
