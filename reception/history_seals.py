"""Seals over the history: whoever changes in the store's file what was written is found out.

Triggers keep the services from it; whoever can write the file itself could take them away. So every hour a timer seals
what is new: a digest of the rows, chained to the seal before. The seal's code also stands in the system's journal,
which the services cannot rewrite, and in every backup: to change the past unseen one must change all three. No act
waits for it (a chain in each act would add a hash and a read to every ticket), and so the last hour is not sealed yet.

What retention takes away after its years leaves its seal with fewer rows: from then on only that nothing was added is
proven of that hour.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.store import Store, writing
from reception import events
from reception.permissions import Actor, permit
from reception.rules import clock

EVERY: Final = timedelta(hours=1)
# So many rows an act, and a seal: whoever checks in meanwhile waits for a blink, also on the first run of an old store.
PIECE: Final = 5000
# What retention may take is older than this (0048): of what is younger every row must be there.
YOUNG: Final = timedelta(days=184)
_ROWS: Final = (
    "SELECT id, at, what, subject, subject_id, by_role, by_id, from_state, to_state FROM events"
    " WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?"
)
_LAST_ID: Final = 2**62


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at all seals found: how many, over how many events (now), in how many hours retention took some.

    `wrong` is the number of the first seal that is broken, None where all hold. `code` stands for the last seal.
    """

    seals: int
    events: int
    thinned: int
    wrong: int | None
    code: str

    @property
    def holds(self) -> bool:
        """Whether nothing was changed."""
        return self.wrong is None


def seal(store: Store, *, by: Actor, now: datetime) -> list[str]:
    """Seal what is new once an hour, or when there is much of it; return a line for the journal for each seal."""
    permit(by, "seal_history")
    said: list[str] = []
    while True:
        with writing(store):
            at = events.moment(store, now)
            last = store.row("SELECT number, to_id, chain, sealed_at FROM history_seals ORDER BY number DESC LIMIT 1")
            rows = store.rows(_ROWS, [last["to_id"] + 1 if last else -_LAST_ID, _LAST_ID, PIECE])
            fresh = last is not None and at - clock.from_text(last["sealed_at"]) < EVERY
            if not rows or (fresh and len(rows) < PIECE):
                return said
            number, before = (last["number"] + 1, last["chain"]) if last else (1, "")
            begin, end, digest = rows[0]["id"], rows[-1]["id"], _digest([tuple(row) for row in rows])
            chain = _chain(before, number, begin, end, len(rows), digest)
            store.execute(
                "INSERT INTO history_seals (number, from_id, to_id, count, digest, chain, sealed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [number, begin, end, len(rows), digest, chain, clock.to_text(at)],
            )
        said.append(f"history: seal {number} up to event {end}, {code_of(chain)}")


def check(store: Store) -> Checked:
    """Compare every seal with the rows that stand there now. It reads the whole history: for `lobbydesk check`."""
    old = _old(store)
    before, covered, thinned, seals, reached = "", 0, 0, 0, None
    for row in store.rows("SELECT * FROM history_seals ORDER BY number"):
        seals += 1
        rows = [tuple(one) for one in store.rows(_ROWS, [row["from_id"], row["to_id"], row["count"] + 1])]
        # Between two seals, and before the first, nothing stands.
        gap = store.value(
            "SELECT EXISTS (SELECT 1 FROM events WHERE id > ? AND id < ?)",
            [-_LAST_ID if reached is None else reached, row["from_id"]],
        )
        took = len(rows) < row["count"] and row["sealed_at"] < old
        same = took or (len(rows), _digest(rows)) == (row["count"], row["digest"])
        linked = row["number"] == seals and row["chain"] == _chain(
            before, row["number"], row["from_id"], row["to_id"], row["count"], row["digest"]
        )
        if gap or not same or not linked:
            return Checked(seals, covered, thinned, row["number"], code_of(before))
        before, reached, covered, thinned = row["chain"], row["to_id"], covered + len(rows), thinned + took
    return Checked(seals, covered, thinned, None, code_of(before))


def last_code(store: Store) -> tuple[str, str]:
    """Return when the last seal was set (UTC text) and its code; '' where there is none yet."""
    row = store.row("SELECT chain, sealed_at FROM history_seals ORDER BY number DESC LIMIT 1")
    return ("", "") if row is None else (row["sealed_at"], code_of(row["chain"]))


def code_of(chain: str) -> str:
    """Return what people compare of a seal: the first 64 bits, in fours."""
    return "-".join(chain[at : at + 4] for at in range(0, 16, 4)) if chain else ""


def _old(store: Store) -> str:
    last = events.last_at(store)
    return "" if last is None else clock.to_text(last - YOUNG)


def _digest(rows: list[tuple[object, ...]]) -> str:
    found = hashlib.sha256()
    for row in rows:
        found.update(json.dumps(row, ensure_ascii=False).encode() + b"\n")
    return found.hexdigest()


def _chain(before: str, *facts: object) -> str:
    return hashlib.sha256(":".join([before, *map(str, facts)]).encode()).hexdigest()
