"""What was booked before the box knew of slots and signatures, after the upgrade."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from db.migrations import migrate
from db.store import Store, open_store, writing
from reception import (
    SCHEMA,
    booking_facts,
    booking_steps,
    booking_view,
    cases,
    oversight,
    visit_day_calendar,
    visit_day_session,
    visit_days,
)
from reception.cases import Case
from reception.permissions import BOX
from tests.conftest import Clock
from tests.reception.refusing import refused
from tests.reception.sign_life import SignLife


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    return SignLife(store, clock)


def known(made: SignLife, case: Case) -> Case:
    with writing(made.store):
        made.store.execute("UPDATE visit_day_bookings SET ownership = 'register' WHERE case_id = ?", [case.id])
    return cases.whole(made.store, case.id)


def before_slots(made: SignLife) -> list[Case]:
    """Return two bookings of one home, and one of another, as an upgrade finds them: of a day that has no slots."""
    first, second, other = made.book(), made.book(), made.book()
    with writing(made.store):
        made.store.execute("DELETE FROM visit_day_slots WHERE visit_day_id = 1")
        made.store.execute("UPDATE visit_day_bookings SET waiting_at = '2026-11-23T02:00:00.000Z'")
        made.store.execute("UPDATE cases SET state = 'booked' WHERE kind = 'visit-day'")
        made.store.execute(
            "UPDATE visit_day_bookings SET live = 0, unit_id = (SELECT unit_id FROM visit_day_bookings"
            " WHERE case_id = ?) WHERE case_id = ?",
            [first.id, second.id],
        )
        made.store.execute("UPDATE visit_day_bookings SET waiting_at = NULL WHERE live = 0")
        made.store.execute(
            "UPDATE cases SET unit_id = (SELECT unit_id FROM visit_day_bookings WHERE case_id = cases.id) WHERE id = ?",
            [second.id],
        )
    return [first, second, other]


def test_what_was_booked_before_there_were_slots_has_a_time_after_the_upgrade(made: SignLife) -> None:
    first, second, other = before_slots(made)
    visit_day_calendar.tick(made.store, by=BOX, now=made.now)
    assert [booking_facts.details(made.store, one).starts for one in (first, second, other)] == ["10:00", "", "10:15"]
    assert cases.whole(made.store, first.id).state == "under_review"
    assert made.signed(made.reviewed(known(made, first))).state == "admitted"
    # A home has one place of a day now; its second matter can be brought another day, or taken back.
    said = booking_view.progress(made.store, cases.whole(made.store, second.id), now=made.now)
    assert said.note is not None and "另选一天" in said.note.zh and booking_view.CHANGE in said.can
    form: dict[str, Any] = {"starts": "", "reason": "业主另约", "by": made.desk}
    refused("household_booked", booking_steps.change, made.store, no=second.no, day="2026-12-04",
            **form | {"starts": "11:00"}, now=made.now)  # fmt: skip
    later = visit_days.coming(made.store, after=booking_facts.details(made.store, first).day.actual_on)[0]
    moved = booking_steps.change(made.store, no=second.no, day=later.actual_on.isoformat(), **form, now=made.now)
    assert (moved.state, booking_facts.details(made.store, moved).live) == ("under_review", True)


def test_the_second_booking_of_a_home_from_before_the_upgrade_is_taken_back_like_any(made: SignLife) -> None:
    _, second, _ = before_slots(made)
    visit_day_calendar.tick(made.store, by=BOX, now=made.now)
    assert (
        booking_steps.withdraw(made.store, no=second.no, reason="重复", by=made.desk, now=made.now).state == "withdrawn"
    )


def test_a_day_of_before_the_upgrade_broke_no_rule(made: SignLife) -> None:
    before_slots(made)
    made.clock.at = made.clock.at.replace(month=12, day=7)
    visit_day_session.tick(made.store, by=BOX, now=made.now)
    assert oversight.watch(made.store, by=BOX, now=made.now) == 0


def test_the_upgrade_keeps_what_was_booked_before(tmp_path: Path) -> None:
    before = tmp_path / "before"
    before.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.stem < "0039":
            shutil.copy(file, before)
    path = tmp_path / "lobbydesk.db"
    migrate(path, [before])
    store = open_store(path)
    unit = store.insert("INSERT INTO units (building, unit, room) VALUES ('1', '1', '101')")
    store.execute("INSERT INTO departments (code, name, name_en) VALUES ('service', '客户服务部', 'Service')")
    owner = store.insert(
        "INSERT INTO staff (login, name, role, department, password_hash)"
        " VALUES ('wanglin', '王琳', 'receptionist', 'service', 'x')"
    )
    at = "2026-11-20T02:00:00.000Z"
    for number, on in ((1, "2026-12-04"), (2, "2026-12-04"), (3, "2026-11-06")):
        case = store.insert(
            "INSERT INTO cases (no, token, kind, state, unit_id, name, phone, department, received_at, changed_at,"
            " source, owner_id)"
            " VALUES (?, ?, 'visit-day', 'booked', ?, '张', '13800005678', 'service', ?, ?, 'desk', ?)",
            [f"JF202612-0{number}", "ABCDEFGHJKMNPQRSTUVWXYZ23" + str(number + 2), unit, at, at, owner],
        )
        store.execute("INSERT INTO visit_day_bookings VALUES (?, '车位', ?, ?, 0)", [case, on, on])
    store.close()
    migrate(path, [SCHEMA])
    store = open_store(path)
    rows = store.rows("SELECT actual_on, live, waiting_at FROM visit_day_bookings JOIN visit_days ON"
                      " visit_days.id = visit_day_id ORDER BY case_id")  # fmt: skip
    assert [tuple(row) for row in rows] == [("2026-12-04", 1, at), ("2026-12-04", 0, None), ("2026-11-06", 1, at)]
    assert store.rows("PRAGMA foreign_key_check") == [] and store.value("PRAGMA integrity_check") == "ok"
    store.close()
