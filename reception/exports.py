"""Lists as spreadsheets: one way out for every list, and every time written to the history."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import events, spreadsheets
from reception.permissions import Actor, permit

_CODE: Final = re.compile(r"[0-9A-Za-z._:-]{0,60}")


def export(
    store: Store,
    *,
    what: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    filters: Mapping[str, str] | None = None,
    act: str = "export_lists",
    by: Actor,
    now: datetime,
) -> bytes:
    """Return a list as XLSX, and record who took it out: what, how many rows, by which filters.

    `rows` hold what the screen shows to this reader: masked where it is masked there. `what` and `filters` are codes,
    never data of a person: what cannot be a code is recorded as `*`. Refuses `not_permitted` by `act`.
    """
    permit(by, act)
    data = spreadsheets.write(title, columns, rows)
    codes = {key: value if _CODE.fullmatch(value) else "*" for key, value in (filters or {}).items() if value}
    with writing(store):
        at = events.moment(store, now)
        events.record(store, "export", "list", 0, by=by, at=at, list=what, rows=len(rows), filters=codes)
    return data
