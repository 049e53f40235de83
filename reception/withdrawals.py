"""Consent taken back (撤回同意, PIPL 15): by the person of a case at the desk, or as the page of persons finds him.

What stands on the service contract or a duty by law was never agreed to and is not taken back: whoever wants it gone
asks to be erased, which says what stands in the way (`persons`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store, writing
from reception import cases, events, person_reach, seals
from reception.cases import Case
from reception.consents import CHANNELS, GROUNDS
from reception.permissions import Actor, permit
from reception.privacy_notices import label_of
from reception.refusal import Refused
from reception.rules import clock
from reception.rules.masking import mask_name, mask_phone
from reception.wording import Words

# That a visit was that of the person of a case: several may be spoken for at the counter, and one of them agreed.
_HIS_VISIT: Final = (
    "((cases.name <> '' AND cases.name = visits.name)"
    " OR (cases.phone <> '' AND cases.phone = visits.phone AND '' IN (cases.name, coalesce(visits.name, '')))"
    " OR (coalesce(visits.name, '') = '' AND coalesce(visits.phone, '') = '' AND cases.unit_id = visits.unit_id))"
)
_VISIT: Final = (
    "(subject = 'visits' AND subject_id = (SELECT visits.id FROM visits JOIN cases ON cases.visit_id = visits.id"  # noqa: S608
    f" WHERE cases.id = :case AND {_HIS_VISIT}))"
)
_OF_CASE: Final = f"((subject IN ('cases', 'case_agents', 'handovers') AND subject_id = :case) OR {_VISIT})"


@dataclass(frozen=True, slots=True)
class Ground:
    """On what ground the person of a case stands here; `withdrawn_at` None: it holds."""

    label: str
    channel: Words
    ground: Words
    withdrawn_at: str | None
    agreed: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who took his consent back and is not erased yet: a case (`no`), a number (`no`, `on`) or a home (`no`).

    `name` and `phone` are masked, and '' for a case, which tells who it is itself.
    """

    kind: str
    no: str
    on: str
    name: str
    phone: str
    withdrawn_at: str


def of_case(store: Store, case: Case) -> list[Ground]:
    """Return the grounds of a case that the reader was let in to, and of its visit, each once, the oldest first."""
    rows = store.rows(
        "SELECT notice, channel, ground, max(withdrawn_at) AS withdrawn_at FROM consents"  # noqa: S608
        f" WHERE {_OF_CASE} GROUP BY notice, channel, ground, withdrawn_at IS NULL ORDER BY min(id)",
        {"case": case.id},
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


def withdraw(store: Store, *, no: str, sure: str, by: Actor, now: datetime) -> Case:
    """The person of a case takes back what he agreed to; the manager finds it on the page of the notice, and erases.

    `sure` "1": he himself asked for it, as whoever presses confirms, for nothing undoes it. Refuses `case_unknown`,
    `withdrawal_unsure`, `nothing_agreed` (nothing stands on his consent, or it is taken back already).
    """
    permit(by, "withdraw_consent")
    with writing(store):
        case, at = cases.find(store, no, by=by), events.moment(store, now)
        visits = store.rows(f"SELECT subject_id FROM consents WHERE {_VISIT}", {"case": case.id})  # noqa: S608
        mark(store, {"cases": [case.id], "visits": [row[0] for row in visits]}, sure=sure, by=by, at=at)
        events.record(store, "withdraw_consent", "case", case.id, by=by, at=at)
        store.touch("cases")
        return case


def mark(store: Store, rows: Mapping[str, Sequence[int]], *, sure: str, by: Actor, at: datetime) -> None:
    """Mark as taken back, inside an act, what somebody agreed to; `rows` are his, ids by table.

    Refuses `withdrawal_unsure`, `nothing_agreed`.
    """
    if sure != "1":
        raise Refused("withdrawal_unsure")
    done = [
        store.changed(
            "UPDATE consents SET withdrawn_at = ?, withdrawn_by = ? WHERE subject = ? AND subject_id = ?"
            " AND ground = 'consent' AND withdrawn_at IS NULL",
            [clock.to_text(at), by.id, table, one],
        )
        for table, ids in rows.items()
        for one in set(ids)
    ]
    if not any(done):
        raise Refused("nothing_agreed")


def waiting(store: Store, *, by: Actor) -> list[Waiting]:
    """Return who took his consent back and is not erased yet, whatever it was given for, the oldest first.

    Nothing of what is sealed from the reader, nor of who came to be heard in private by another. Refuses
    `not_permitted`.
    """
    permit(by, "see_persons")
    rows = store.rows(
        "SELECT 'case' AS kind, cases.no AS no, '' AS day, '' AS name, '' AS phone, min(withdrawn_at) AS gone_at"  # noqa: S608
        " FROM consents LEFT JOIN visits ON subject = 'visits' AND visits.id = subject_id JOIN cases ON"
        " (subject = 'cases' AND subject_id = cases.id)"
        f" OR (subject = 'visits' AND cases.visit_id = visits.id AND {_HIS_VISIT})"
        f" WHERE withdrawn_at IS NOT NULL AND {seals.open_to(by)} GROUP BY cases.id"
        " UNION ALL SELECT 'visit', coalesce(tickets.no, ''), coalesce(tickets.day_on, ''), coalesce(visits.name, ''),"
        " coalesce(visits.phone, ''), min(withdrawn_at) FROM consents JOIN visits ON subject = 'visits'"
        " AND visits.id = subject_id LEFT JOIN tickets ON tickets.visit_id = visits.id"
        " LEFT JOIN lines ON lines.code = tickets.line WHERE withdrawn_at IS NOT NULL"
        " AND (lines.hears IS NULL OR lines.hears = :role) AND NOT EXISTS (SELECT 1 FROM cases WHERE"
        f" cases.visit_id = visits.id AND ({_HIS_VISIT} OR cases.id NOT IN ({person_reach.open_cases(by)})))"
        " GROUP BY visits.id UNION ALL"
        " SELECT 'household', building || '-' || unit || '-' || room, '', name, phone, min(withdrawn_at)"
        " FROM consents JOIN fault_households ON subject = 'fault_households' AND fault_households.id = subject_id"
        " JOIN units ON units.id = unit_id WHERE withdrawn_at IS NOT NULL GROUP BY fault_households.id"
        " ORDER BY gone_at LIMIT 200",
        {"role": by.role},
    )
    return [
        Waiting(row["kind"], row["no"], row["day"], mask_name(row["name"]), mask_phone(row["phone"]), row["gone_at"])
        for row in rows
    ]
