"""接访日问题督办: every decision of a visit day as it stands, for the list that is printed and followed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import cases, events, seals, supervision_records, visit_days
from reception.permissions import Actor, permit
from reception.rules import clock
from reception.supervision_records import Supervision
from reception.wording import Words

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Promise:
    """A decision of a day: nothing of the owner but his home. `supervision` None: it was not read to him yet.

    `stands`: kept, late, open, withdrawn, or '' while nobody follows it; `told_at` when the owner was told its end.
    """

    case_no: str
    home: str
    matter: str
    opinion: str
    department: Words
    due_on: str
    supervision: Supervision | None
    stands: str
    told_at: str | None


def of_day(store: Store, day_id: int, *, by: Actor, now: datetime) -> list[Promise]:
    """Return every decision of a day, oldest first, as it stands now. Refuses `visit_day_unknown`.

    A head of department who did not receive that day reads those of his own department.
    """
    permit(by, "see_visit_summary")
    day, moment = visit_days.by_id(store, day_id), clock.to_text(events.moment(store, now))
    own = by.department if by.role in cases.OF_OWN_DEPARTMENT and by.id != day.host_id else None
    found = []
    for row in store.rows(
        "SELECT cases.no, units.building, units.unit, units.room, booked.matter, resolutions.opinion,"  # noqa: S608
        " resolutions.due_on, resolutions.supervision_id, departments.name, departments.name_en,"
        " (SELECT notice.at FROM supervision_tellings JOIN feedback_notices AS notice ON notice.id = notice_id"
        " WHERE supervision_tellings.supervision_id = resolutions.supervision_id) AS told_at"
        " FROM visit_day_bookings AS booked JOIN resolutions ON resolutions.case_id = booked.case_id"
        " JOIN cases ON cases.id = booked.case_id JOIN units ON units.id = booked.unit_id"
        " JOIN departments ON departments.code = resolutions.department"
        f" WHERE booked.visit_day_id = :day AND (:own IS NULL OR resolutions.department = :own) AND {seals.open_to(by)}"
        " ORDER BY resolutions.id LIMIT :most",
        {"day": day.id, "own": own, "most": MOST},
    ):
        watched = supervision_records.by_id(store, row["supervision_id"]) if row["supervision_id"] else None
        found.append(
            Promise(
                case_no=row["no"],
                home=f"{row['building']}-{row['unit']}-{row['room']}",
                matter=row["matter"],
                opinion=row["opinion"],
                department=Words(row["name"], row["name_en"]),
                due_on=row["due_on"],
                supervision=watched,
                stands=_stands(watched, moment),
                told_at=row["told_at"],
            )
        )
    return found


def _stands(watched: Supervision | None, now: str) -> str:
    if watched is None:
        return ""
    return supervision_records.stands(
        state=watched.state, due_at=watched.due_at, done_at=watched.done_at, overdue_at=watched.overdue_at, now=now
    )
