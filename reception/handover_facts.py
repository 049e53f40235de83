"""What is handed over (文件转交, SYS-25): by whom for whom, where it lies, how it ended; and its record (FRM-08)."""

from dataclasses import dataclass
from typing import Final

from db.store import Store
from reception import departments, estate, papers, spooling
from reception.cases import Case
from reception.rules import clock, local_times
from reception.rules.masking import mask_name, public_unit
from reception.site import site
from reception.wording import Words

KIND: Final = "handover"
SERIES: Final = "WJ"
NAME = Words("文件转交", "Hand-over")
STATES = {
    "received": Words("已接收", "Taken in"),
    "notified": Words("已通知", "Told"),
    "delivered": Words("已领取", "Delivered"),
    "returned": Words("已退回", "Given back"),
}
# For whom it was left.
TO = {"staff": Words("给工作人员", "For staff"), "home": Words("给住户", "For a home")}


@dataclass(frozen=True, slots=True)
class Handover:
    """What was left: by whom for whom, where it lies; `taken_at` and `taken_by` (who saw him sign: `seen_by`) at its
    end. `staff_name` is empty for a home, `unit` None for a member of staff."""

    sender: str
    staff_id: int | None
    staff_name: str
    staff_department: Words
    unit: estate.Unit | None
    item: str
    pieces: int
    place: str
    taken_at: str | None
    taken_by: str
    seen_by: str

    @property
    def addressee(self) -> str:
        """For whom it is: a name of ours, or a home."""
        return self.staff_name or (self.unit.label if self.unit else "")


def details(store: Store, case: Case) -> Handover:
    """Return what was left, and how it ended; who sent and who took it masked where the case is."""
    said = str if case.whole else mask_name
    row = store.row(
        "SELECT handovers.*, coalesce(staff.name, '') AS name, staff.department, coalesce(seer.name, '') AS seer"
        " FROM handovers LEFT JOIN staff ON staff.id = to_staff_id LEFT JOIN staff AS seer ON seer.id = seen_by"
        " WHERE case_id = ?",
        [case.id],
    )
    assert row is not None
    return Handover(
        sender=said(row["sender"]),
        staff_id=row["to_staff_id"],
        staff_name=row["name"],
        staff_department=departments.name(store, row["department"]) if row["department"] else Words("", ""),
        unit=estate.unit_by_id(store, row["to_unit_id"]),
        item=row["item"],
        pieces=row["pieces"],
        place=row["place"],
        taken_at=row["taken_at"],
        taken_by=said(row["taken_by"]),
        seen_by=row["seer"],
    )


def slip(store: Store, case: Case, part: str) -> papers.HandoverSlip:
    """Return the facts of a part of the record, from the records."""
    centre, found = site(store), details(store, case)
    for_item = part == "item"
    home = found.unit.label if found.unit else ""
    received = clock.from_text(case.received_at)
    return papers.HandoverSlip(
        **spooling.coded(centre, case.token, received),
        no=case.no,
        for_item=for_item,
        item=found.item,
        pieces=found.pieces,
        # He knows from whom he brings it; whoever stands at the shelf needs the number, and for whom it is.
        sender=mask_name(found.sender) if for_item else found.sender,
        bringer=mask_name(case.name),
        addressee=found.staff_name or (home if for_item else public_unit(home)),
        department=found.staff_department,
        place=found.place,
        received_by=store.value(
            "SELECT staff.name FROM events JOIN staff ON staff.id = events.by_id WHERE subject = 'case'"
            " AND subject_id = ? AND what = 'open_handover'",
            [case.id],
        ),
        received=local_times.written(received, zone=centre.zone),
        desk_phone=centre.phone,
    )


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of a part of the record anew."""
    return slip(store, case, part)


def who_may_be_sent(store: Store) -> dict[str, str]:
    """Return everybody who works here, as login -> name."""
    rows = store.rows("SELECT login, name FROM staff WHERE active = 1 AND role <> 'administrator' ORDER BY name")
    return {row[0]: row[1] for row in rows}
