"""What an appointment is (预约来访, SYS-12): whom somebody comes to see, when, where, and how its slip reads."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import departments
from reception.cases import Case
from reception.wording import Words

KIND: Final = "appointment"
SERIES: Final = "YY"
NAME = Words("预约来访", "Appointment")
STATES = {
    "booked": Words("已预约", "Booked"),
    "confirmed": Words("接待人已确认", "Confirmed by the host"),
    "rescheduled": Words("已改约", "Changed"),
    "arrived": Words("已到访", "Here"),
    "done": Words("已接待", "Received"),
    "cancelled": Words("已取消", "Cancelled"),
    "no_show": Words("未到访", "Did not come"),
}
# Where nothing else was said.
PLACE = Words("服务中心前台", "The service desk")


@dataclass(frozen=True, slots=True)
class Appointment:
    """The details of an appointment; `arrived_at` and `ticket_no` are empty until the visitor is here."""

    host_id: int
    host_name: str
    host_department: Words
    purpose: str
    bring: str
    place: str
    expected_at: str
    edition: int
    arrived_at: str | None
    ticket_no: str

    @property
    def where(self) -> Words:
        """Where the visitor is to come."""
        return Words(self.place, self.place) if self.place else PLACE


@dataclass(frozen=True, slots=True)
class Change:
    """A change of time or host: what it was, why, by whom."""

    edition: int
    was_at: str
    was_host: str
    reason: str
    at: str
    by_name: str


def details(store: Store, case: Case) -> Appointment:
    """Return what was arranged."""
    row = store.row(
        "SELECT appointments.*, staff.name AS host_name, staff.department, coalesce(tickets.no, '') AS ticket_no"
        " FROM appointments JOIN staff ON staff.id = host_id LEFT JOIN tickets ON tickets.id = ticket_id"
        " WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    names = ("host_id", "host_name", "purpose", "bring", "place", "expected_at", "edition", "arrived_at", "ticket_no")
    return Appointment(
        **{name: row[name] for name in names}, host_department=departments.name(store, row["department"])
    )


def changes(store: Store, case_id: int) -> list[Change]:
    """Return how it was changed, oldest first."""
    return [
        Change(*row)
        for row in store.rows(
            "SELECT edition, was_at, was.name, reason, at, staff.name FROM appointment_changes"
            " JOIN staff AS was ON was.id = was_host_id JOIN staff ON staff.id = by_id WHERE case_id = ?"
            " ORDER BY edition",
            [case_id],
        )
    ]
