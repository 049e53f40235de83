"""Consent taken back at the desk (撤回同意, PIPL 15): said of a case and its visit; what follows is the erasing.

What stands on the service contract or a duty by law was never agreed to and is not taken back: whoever wants it gone
asks to be erased, which says what stands in the way (`persons`).
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store, writing
from reception import cases, events, seals
from reception.cases import Case
from reception.consents import CHANNELS, GROUNDS
from reception.permissions import Actor, permit
from reception.privacy_notices import label_of
from reception.refusal import Refused
from reception.rules import clock
from reception.wording import Words

_OF_CASE = (
    "((subject IN ('cases', 'case_agents', 'handovers') AND subject_id = :case)"
    " OR (subject = 'visits' AND subject_id = :visit))"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground the person of a case stands here; `withdrawn_at` None: it holds."""

    label: str
    channel: Words
    ground: Words
    withdrawn_at: str | None
    agreed: bool


def of_case(store: Store, case: Case) -> list[Ground]:
    """Return the grounds of a case that the reader was let in to, and of its visit, each once, the oldest first."""
    rows = store.rows(
        "SELECT notice, channel, ground, max(withdrawn_at) AS withdrawn_at FROM consents"  # noqa: S608
        f" WHERE {_OF_CASE} GROUP BY notice, channel, ground, withdrawn_at IS NULL ORDER BY min(id)",
        {"case": case.id, "visit": case.visit_id},
    )
    return [
        Ground(
            label_of(row["notice"]),
            CHANNELS[row["channel"]],
            GROUNDS[row["ground"]],
            row["withdrawn_at"],
            row["ground"] == "consent",
        )
        for row in rows
    ]


def withdraw(store: Store, *, no: str, by: Actor, now: datetime) -> Case:
    """The person of a case takes back what he agreed to; the manager finds it on the page of the notice, and erases.

    Refuses `case_unknown`, `nothing_agreed` (nothing stands on his consent, or it is taken back already).
    """
    permit(by, "withdraw_consent")
    with writing(store):
        case, at = cases.find(store, no, by=by), events.moment(store, now)
        done = store.changed(
            f"UPDATE consents SET withdrawn_at = :at, withdrawn_by = :by WHERE {_OF_CASE}"  # noqa: S608
            " AND ground = 'consent' AND withdrawn_at IS NULL",
            {"at": clock.to_text(at), "by": by.id, "case": case.id, "visit": case.visit_id},
        )
        if not done:
            raise Refused("nothing_agreed")
        events.record(store, "withdraw_consent", "case", case.id, by=by, at=at)
        store.touch("cases")
        return case


def waiting(store: Store, *, by: Actor) -> list[tuple[str, str]]:
    """Return the cases (number, when) whose person took his consent back and is not erased yet, the oldest first.

    Refuses `not_permitted`.
    """
    permit(by, "see_persons")
    rows = store.rows(
        "SELECT cases.no, min(withdrawn_at) AS withdrawn_at FROM consents JOIN cases"  # noqa: S608
        " ON (subject = 'cases' AND subject_id = cases.id) OR (subject = 'visits' AND subject_id = cases.visit_id)"
        f" WHERE withdrawn_at IS NOT NULL AND {seals.open_to(by)} GROUP BY cases.id"
        " ORDER BY min(withdrawn_at) LIMIT 200"
    )
    return [(row["no"], row["withdrawn_at"]) for row in rows]
