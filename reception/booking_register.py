"""预约登记 (FRM-07): who booked a visit day, by time, topic, department; and who waits; masked for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.store import Store
from reception import seals
from reception.booking_facts import OWNERSHIP, STATES
from reception.permissions import Actor, permit
from reception.rules.masking import mask_name, mask_phone
from reception.wording import Words

MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking of the register. `starts` is '' on the waiting list, where `in_line` says its place, from 1.

    `departments` look into its topic, or are asked to sign; `live` False: it takes no place any more.
    """

    no: str
    state: str
    starts: str
    in_line: int
    home: str
    name: str
    phone: str
    topic: Words
    matter: str
    departments: Words
    ownership: str
    walk_in: bool
    live: bool

    @property
    def state_words(self) -> Words:
        """How it stands."""
        return STATES[self.state]

    @property
    def ownership_words(self) -> Words:
        """How it is known that an owner booked."""
        return OWNERSHIP[self.ownership]


def of_day(store: Store, day_id: int, *, by: Actor) -> list[Entry]:
    """Return the bookings of a day: by their time, then those who wait in their order, then what takes no place."""
    permit(by, "see_bookings")
    rows = store.rows(
        "SELECT cases.no, cases.state, cases.name, cases.phone, booked.*, coalesce(slots.starts, '') AS starts,"  # noqa: S608
        " units.building || '-' || units.unit || '-' || units.room AS home, classes.name AS topic_zh,"
        " classes.name_en AS topic_en, coalesce(signing.zh, departments.name) AS department_zh,"
        " coalesce(signing.en, departments.name_en) AS department_en"
        " FROM visit_day_bookings AS booked JOIN cases ON cases.id = booked.case_id"
        " JOIN units ON units.id = booked.unit_id JOIN complaint_classes AS classes ON classes.code = booked.topic"
        " LEFT JOIN departments ON departments.code = coalesce(classes.department, cases.department)"
        # Once it is decided who signs, those are the departments.
        " LEFT JOIN (SELECT case_id, group_concat(name, '、') AS zh, group_concat(name_en, ', ') AS en"
        " FROM (SELECT DISTINCT case_id, department FROM endorsements WHERE state <> 'void' AND case_id IN"
        " (SELECT case_id FROM visit_day_bookings WHERE visit_day_id = :day)) JOIN departments ON code = department"
        " GROUP BY case_id) AS signing ON signing.case_id = booked.case_id"
        " LEFT JOIN visit_day_slots AS slots ON slots.case_id = booked.case_id"
        f" WHERE booked.visit_day_id = :day AND {seals.open_to(by)}"
        " ORDER BY booked.live DESC, slots.starts IS NULL, slots.starts, booked.waiting_at IS NULL, booked.waiting_at,"
        " cases.id"
        " LIMIT :most",
        {"day": day_id, "most": MOST},
    )
    found, in_line = [], 0
    for row in rows:
        waits = bool(row["live"] and row["waiting_at"])
        in_line += waits
        found.append(
            Entry(
                no=row["no"],
                state=row["state"],
                starts=row["starts"],
                in_line=in_line if waits else 0,
                home=row["home"],
                name=mask_name(row["name"]),
                phone=mask_phone(row["phone"]),
                topic=Words(row["topic_zh"], row["topic_en"]),
                matter=row["matter"],
                departments=Words(row["department_zh"] or "", row["department_en"] or ""),
                ownership=row["ownership"],
                walk_in=bool(row["walk_in"]),
                live=bool(row["live"]),
            )
        )
    return found


def columns() -> list[tuple[str, Words]]:
    """Return the columns of the register as a table. Rows are what `rows` gives."""
    return [
        ("starts", Words("时间", "Time")),
        ("no", Words("编号", "No.")),
        ("state", Words("状态", "State")),
        ("home", Words("房号", "Home")),
        ("name", Words("业主", "Owner")),
        ("phone", Words("电话", "Phone")),
        ("topic", Words("类别", "Topic")),
        ("matter", Words("事由", "Matter")),
        ("departments", Words("责任部门", "Departments")),
        ("ownership", Words("业主身份", "Ownership")),
        ("walk_in", Words("现场来访", "Walked in")),
    ]


def time_of(entry: Entry) -> Words:
    """Return when a booking is received: its time, its place on the waiting list, or neither."""
    if entry.in_line:
        return Words(f"候补{entry.in_line}", f"waiting {entry.in_line}")
    return Words(entry.starts or "—", entry.starts or "—")


def rows(listed: Sequence[Entry]) -> list[dict[str, str | Words]]:
    """Return the register as rows of a table, masked as the list is."""
    return [
        {
            "starts": time_of(one),
            "no": one.no,
            "state": one.state_words,
            "home": one.home,
            "name": one.name,
            "phone": one.phone,
            "topic": one.topic,
            "matter": one.matter,
            "departments": one.departments,
            "ownership": one.ownership_words,
            "walk_in": Words("是", "yes") if one.walk_in else "",
        }
        for one in listed
    ]
