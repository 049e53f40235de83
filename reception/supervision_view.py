"""跟进落实: how a promise of follow-through stands for the person of the case.

Nothing of its matter, decision, or people: that is told to him, not shown to whoever holds the paper. But for what was
decided on the visit day: the paper that leads here says all of it, and the owner looks how far each is.
"""

from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Row

from db.store import Store
from reception import supervision_records
from reception.rules import clock, said_times
from reception.site import site
from reception.wording import Words

NOTHING = Words("", "")
VERDICTS = {"": NOTHING, "kept": Words("按期", "In time"), "late": Words("逾期", "Late")}
# So many, the newest; of one visit there may be more decisions.
MOST = 12
SOMEBODY = Words("负责人", "The person in charge")


@dataclass(frozen=True, slots=True)
class Line:
    """One promise: how it stands in a sentence; `at` its last change (UTC text).

    `decision`: the words of what was decided on the visit day, else ''; `promise`: who was to do it by when, where the
    sentence does not say so any more; `verdict`: kept or late, once that is known.
    """

    state: str
    words: Words
    at: str
    decision: str = ""
    promise: Words = NOTHING
    verdict: str = ""

    @property
    def verdict_words(self) -> Words:
        """Whether the promise was kept."""
        return VERDICTS[self.verdict]


def of_case(store: Store, case_id: int, *, now: datetime) -> list[Line]:
    """Return the promises of a case as its person reads them, the newest first."""
    zone, moment = site(store).zone, clock.to_text(now)
    rows = store.rows(
        "SELECT supervisions.state, due_at, opened_at, done_at, closed_at, overdue_at, name, name_en,"
        " coalesce((SELECT resolutions.opinion FROM resolutions WHERE supervision_id = supervisions.id), '')"
        " AS decision FROM supervisions JOIN departments ON departments.code = department WHERE case_id = ?"
        " ORDER BY supervisions.id DESC LIMIT ?",
        [case_id, MOST],
    )
    found = []
    sealed = store.value("SELECT sealed FROM cases WHERE id = ?", [case_id])
    for row in rows:
        # Whoever finds the receipt of a sealed case learns nothing from it.
        who = SOMEBODY if sealed else Words(row["name"], row["name_en"])
        state = "overdue" if row["done_at"] is None and row["closed_at"] is None and row["due_at"] < moment else ""
        said = _SENTENCES[state or row["state"]]
        zh, en = said_times.day(clock.from_text(row["due_at"]).astimezone(zone).date())
        told_zh, told_en = said_times.day(clock.from_text(row["closed_at"] or moment).astimezone(zone).date())
        found.append(
            Line(
                state or row["state"],
                Words(
                    said.zh.format(who=who.zh, day=zh, told=told_zh), said.en.format(who=who.en, day=en, told=told_en)
                ),
                row["closed_at"] or row["done_at"] or row["opened_at"],
                row["decision"],
                Words(f"{who.zh} {zh}前", f"{who.en}, by {en}")
                if row["decision"] and row["state"] in {"done", "closed", "withdrawn"}
                else NOTHING,
                _verdict(row, moment) if row["decision"] else "",
            )
        )
    return found


def _verdict(row: Row, now: str) -> str:
    """Return whether a decision was kept: `kept` or `late`; '' while nobody knows, and of one that is withdrawn."""
    of = {name: row[name] for name in ("state", "due_at", "done_at", "overdue_at")}
    found = supervision_records.stands(**of, now=now)
    return found if found in {"kept", "late"} else ""


_RUNS = Words("{who} {day}前落实，结果会告诉您", "{who} does it by {day}; you are told the result")
_SENTENCES = {
    "open": _RUNS,
    "reminded": _RUNS,
    "overdue": Words(
        "{who} 原定 {day} 前落实，抱歉已晚，我们正在督促",
        "{who} was to do it by {day}. Sorry, it is late: we are pressing for it",
    ),
    "done": Words("{who} 已落实，我们会把结果告诉您", "{who} has done it; you will be told the result"),
    "closed": Words("已落实，{told}已告诉您结果", "Done; you were told the result on {told}"),
    "withdrawn": Words("这项跟进已取消，想了解原因请联系我们", "This is no longer followed through; please ask us why"),
}
