"""Matters whose time is over (保存期限, domain.md K12): three years after the close they become nobody's, kind by kind.

The general limitation period (民法典 188) is over then: nobody needs to prove any more what was said. Name, telephone,
home, words and pictures go; number, kind, times, states and money stay, so that the figures of a year stay what they
were.
"""

from datetime import datetime

from db.store import Store
from reception import erasure, incident_facts
from reception.kinds import KINDS
from reception.retention_types import Rule, days
from reception.rules import clock
from reception.wording import Words

# Each is a hundred statements: so few an act, or a check-in waits for more than a blink.
AT_ONCE = 10
_KEPT = days("keep_case_days")
# Not while a matter that came of it, or that it went into, is younger; nor while somebody watches over its result.
_OVER = (
    "FROM cases WHERE kind = :kind AND closed_at < :before AND id NOT IN (SELECT case_id FROM retired_cases)"
    " AND NOT EXISTS (SELECT 1 FROM cases AS other WHERE (other.spawned_from = cases.id OR other.id = cases.merged_into"
    " OR other.merged_into = cases.id) AND (other.closed_at IS NULL OR other.closed_at >= :before))"
    " AND NOT EXISTS (SELECT 1 FROM supervisions WHERE case_id = cases.id AND closed_at IS NULL)"
)
_HOUSEHOLDS = (
    "FROM fault_households WHERE (name <> '' OR phone <> '') AND fault_id IN ("
    "SELECT id FROM known_faults WHERE closed_at < :before)"
)
_FORMER = "FROM former_residents WHERE moved_out_at < :before"


def _kind(code: str, name: Words) -> Rule:
    def due(store: Store, before: str) -> bool:
        sql = f"SELECT EXISTS (SELECT 1 {_OVER})"
        return bool(store.value(sql, {"kind": code, "before": before}))

    def remove(store: Store, before: str, at: datetime) -> int:
        sql = f"SELECT id {_OVER} ORDER BY closed_at LIMIT :most"
        cases = [row[0] for row in store.rows(sql, {"kind": code, "before": before, "most": AT_ONCE})]
        for case in cases:
            erasure.wipe_case(store, case, at=at)
            store.execute("INSERT INTO retired_cases (case_id, at) VALUES (?, ?)", [case, clock.to_text(at)])
        return len(cases)

    words = Words(
        f"{name.zh}：办结满期，姓名、电话、房号、文字、照片", f"{name.en}: whom and what it was about, after its close"
    )
    return Rule(code, words, _KEPT, due, remove)


def _rows(code: str, words: Words, table: str, found: str) -> Rule:
    def due(store: Store, before: str) -> bool:
        return bool(store.value(f"SELECT EXISTS (SELECT 1 {found})", {"before": before}))

    def remove(store: Store, before: str, at: datetime) -> int:
        rows = store.rows(f"SELECT id {found} LIMIT :most", {"before": before, "most": 10 * AT_ONCE})
        erasure.wipe_rows(store, table, [row[0] for row in rows])
        return len(rows)

    return Rule(code, words, _KEPT, due, remove)


MATTERS: tuple[Rule, ...] = (
    *(_kind(kind.code, kind.name) for kind in KINDS.values()),
    _kind(incident_facts.KIND, incident_facts.NAME),
    _rows(
        "households",
        Words("已结束故障的受影响住户", "Homes that a known fault concerned, once it is over"),
        "fault_households",
        _HOUSEHOLDS,
    ),
    _rows("former", Words("已迁出的住户", "Who moved out of a home"), "former_residents", _FORMER),
)
