"""Retention: each rule takes what has had its time and nothing younger, history says so; no wrong clock does."""

import sqlite3
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from lobbydesk.cli import main
from reception import (
    audit_groups,
    events,
    identity,
    phone_calls,
    photos,
    queue,
    retention,
    retention_rules,
    reveals,
    settings,
    staff,
    visits,
)
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from reception.retention import Report
from reception.rules import clock as times
from tests.conftest import Clock, actor
from tests.reception.life import Life

WHO = {"name": "诸葛明远", "phone": "13912345678", "unit": "1-1-101"}


class Days:
    """A centre over the days: what comes in, and the run of each morning."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self.count = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)

    def check_in(self, **other: Any) -> int:
        """Somebody says who he is; return the visit."""
        self.count += 1
        form = WHO | {"line": "general", "nonce": f"day{self.count}"} | other
        return visits.check_in(self.store, **form, by=self.desk, now=self.clock()).visit_id

    def pass_by(self, days: int) -> Report:
        """Let the days go by, each with its run; return the last."""
        for _ in range(days):
            report = self.run_after(days=1)
        return report

    def run_after(self, **span: float) -> Report:
        """Return the run after this time."""
        return retention.run(self.store, by=BOX, now=self.clock.forward(**span))

    def named(self, visit: int) -> list[Any]:
        """What the register still says of a visitor."""
        row = self.store.row("SELECT name, phone, unit_id FROM visits WHERE id = ?", [visit])
        assert row is not None
        return [value for value in row if value is not None]


@pytest.fixture
def days(store: Store, clock: Clock) -> Days:
    """A centre on its first day."""
    found = Days(store, clock)
    found.run_after(seconds=1)
    return found


def counts(report: Report) -> dict[str, int]:
    """How many each rule removed, but for those that removed nothing."""
    return {one.code: one.count for one in report.removed if one.count}


def test_the_register_forgets_who_came_after_its_days_and_keeps_that_somebody_did(days: Days) -> None:
    visit = days.check_in(priority="1")
    days.pass_by(30)
    assert len(days.named(visit)) == 3
    assert counts(days.pass_by(1)) == {"visitors": 1}
    assert days.named(visit) == []
    row = days.store.row("SELECT purpose, priority, arrived_at FROM visits WHERE id = ?", [visit])
    assert row is not None and (row["purpose"], row["priority"]) == ("general", 1)
    assert days.store.value("SELECT count(*) FROM tickets WHERE visit_id = ?", [visit]) == 1


def test_a_visit_that_became_a_matter_stays_with_it(days: Days) -> None:
    case, visit, plain = Life(days.store, days.clock).register(), days.check_in(), days.check_in()
    with writing(days.store):
        days.store.execute("UPDATE cases SET visit_id = ? WHERE id = ?", [visit, case.id])
    days.pass_by(40)
    assert (len(days.named(visit)), days.named(plain)) == (3, [])


@pytest.mark.parametrize("of", ["visit_day_bookings", "appointments", "incidents"])
def test_nor_does_who_came_to_his_appointment_lose_his_name(days: Days, of: str) -> None:
    visit = days.check_in()
    days.store.execute("PRAGMA foreign_keys = OFF")
    days.store.execute("PRAGMA ignore_check_constraints = ON")
    columns = [row["name"] for row in days.store.rows(f"PRAGMA table_info({of})") if row["notnull"] or row["pk"]]
    ticket = days.store.value("SELECT id FROM tickets WHERE visit_id = ?", [visit])
    days.store.execute(
        f"INSERT INTO {of} (ticket_id, {', '.join(columns)}) VALUES (?, {', '.join('1' for _ in columns)})",  # noqa: S608
        [ticket],
    )
    days.pass_by(40)
    assert len(days.named(visit)) == 3


def test_a_document_seen_goes_with_its_visit(days: Days) -> None:
    days.check_in()
    called = queue.call_next(days.store, counter="1", by=days.desk, now=days.clock())
    assert called is not None
    form = {"nonce": "id", "ticket": called.no, "document": "id_card", "matched": "1", "note": "本人"}
    identity.check_visitor(days.store, **form, by=days.desk, now=days.clock())
    days.pass_by(30)
    assert days.store.value("SELECT count(*) FROM identity_checks") == 1
    assert counts(days.pass_by(1)) == {"visitors": 1, "identity": 1}
    assert days.store.value("SELECT count(*) FROM identity_checks") == 0


def test_a_call_without_a_matter_loses_its_number(days: Days) -> None:
    said: dict[str, Any] = {"nonce": "call", "outcome": "information", "phone": "13912345678", "note": "问停车"}
    phone_calls.note(days.store, **said, by=days.desk, now=days.clock())
    days.pass_by(30)
    assert days.store.value("SELECT phone FROM phone_calls") == "13912345678"
    assert counts(days.pass_by(1)) == {"calls": 1}
    assert tuple(days.store.rows("SELECT outcome, phone, note FROM phone_calls")[0]) == ("information", "", "")


def test_words_of_surveys_go_when_their_days_are_over_and_points_stay(days: Days) -> None:
    order = Life(days.store, days.clock).signed()
    said = [order.case_id, "师傅姓诸葛", times.to_text(days.clock())]
    with writing(days.store):
        days.store.execute(
            "INSERT INTO survey_responses (case_id, round, channel, score, comment, at)"
            " VALUES (?, 1, 'phone', 2, ?, ?)",
            said,
        )
        days.store.execute(
            "INSERT INTO follow_ups (case_id, round, method, reached, score, comment, at, by_id)"
            " VALUES (?, 1, 'phone', 1, 2, ?, ?, 1)",
            said,
        )
    settings.change(days.store, values={"keep_survey_days": "30"}, by=BOX, now=days.clock())
    days.pass_by(29)
    assert days.store.value("SELECT count(*) FROM survey_responses WHERE comment <> ''") == 1
    found = counts(days.pass_by(2))
    assert (found["survey"], found["follow-ups"]) == (1, 1)
    for table in ("survey_responses", "follow_ups"):
        rows = days.store.rows(f"SELECT score, comment FROM {table}")  # noqa: S608
        assert [tuple(row) for row in rows] == [(2, "")]


def history(store: Store, *, at: str, whats: Iterable[str] = ("reveal", "log_in", "dispatch")) -> None:
    """Write what was looked at and what was done long ago, before all else that the store knows."""
    with writing(store):
        trigger = store.value("SELECT sql FROM sqlite_master WHERE name = 'events_time_never_runs_back'")
        store.execute("DROP TRIGGER events_time_never_runs_back")
        first = store.value("SELECT min(id) FROM events")
        for number, what in enumerate(whats, start=1):
            store.execute(
                "INSERT INTO events (id, at, what, subject, subject_id, by_role) VALUES (?, ?, ?, 'case', 1, 'box')",
                [first - number, at, what],
            )
        store.execute(trigger)


def test_who_looked_goes_after_three_years_and_what_was_done_stays(days: Days) -> None:
    history(days.store, at="2023-11-25T12:00:00.000Z")
    assert counts(days.pass_by(1)) == {}
    assert counts(days.pass_by(1))["audit"] == 2
    left = days.store.rows("SELECT what FROM events WHERE at < '2024-01-01T00:00:00.000Z'")
    assert [row["what"] for row in left] == ["dispatch"]
    assert days.store.value("SELECT count(*) FROM retention_leave") == 0


def test_every_look_that_the_audit_page_shows_goes_after_its_time(days: Days) -> None:
    """What the page calls a look, a log-in, or taken out is what goes: one list."""
    looks = {*reveals.WHATS, "read_answer", "see_home", "search_person", "read_audit"} - {reveals.REPRINT}
    others = {"export_person", "print_log", "log_in", "phone_pin_wrong"}
    history(days.store, at="2023-11-25T12:00:00.000Z", whats=[*sorted(looks | others), "dispatch", "erase_person"])
    shown = {
        row["what"]
        for row in days.store.rows(
            f"SELECT what FROM events WHERE at < '2024-01-01' AND {audit_groups.of_groups('looks')}"  # noqa: S608
        )
    }
    assert shown == looks
    assert counts(days.pass_by(2))["audit"] == len(looks | others)
    left = days.store.rows("SELECT what FROM events WHERE at < '2024-01-01T00:00:00.000Z'")
    assert {row["what"] for row in left} == {"dispatch", "erase_person"}


def test_the_shortest_time_a_centre_may_set_is_one_that_the_store_grants(days: Days) -> None:
    settings.change(days.store, values={"keep_audit_days": "190"}, by=BOX, now=days.clock())
    history(days.store, at="2026-05-17T12:00:00.000Z")
    # After a day on which nobody came: the last event is of the run before.
    assert counts(days.run_after(days=2)) == {"audit": 2}


def test_history_is_removed_by_nobody_else(days: Days) -> None:
    history(days.store, at="2023-11-25T00:00:00.000Z")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        days.store.execute("DELETE FROM events WHERE id = (SELECT min(id) FROM events)")
    with pytest.raises(sqlite3.IntegrityError, match="six months"):
        days.store.execute("INSERT INTO retention_leave (one, before) VALUES (1, '2026-11-01T00:00:00.000Z')")
    with writing(days.store):
        days.store.execute("INSERT INTO retention_leave (one, before) VALUES (1, '2024-01-01T00:00:00.000Z')")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            days.store.execute("DELETE FROM events WHERE id = (SELECT max(id) FROM events)")
        with pytest.raises(sqlite3.IntegrityError, match="widened"):
            days.store.execute("UPDATE retention_leave SET before = '2030-01-01T00:00:00.000Z'")
    for key, value in (("keep_audit_days", "189"), ("keep_visitor_days", "0"), ("keep_survey_days", "29")):
        with pytest.raises(Refused, match="number_invalid"):
            settings.change(days.store, values={key: value}, by=BOX, now=days.clock())


def test_papers_log_ins_marks_and_work_phones_go(days: Days) -> None:
    visits.check_in(days.store, line="general", nonce="k", by=KIOSK, now=days.clock())
    staff.open_session(days.store, days.desk, days.clock())
    at = times.to_text(days.clock())
    with writing(days.store):
        days.store.execute(
            "INSERT INTO worker_devices (staff_id, kind, key_hash, pin_hash, added_at, seen_at, expires_at)"
            " VALUES (1, 'other', 'k', 'p', ?, ?, ?)",
            [at, at, times.to_text(days.clock() + timedelta(hours=12))],
        )
    assert counts(days.run_after(minutes=14)) == {}
    assert counts(days.run_after(minutes=2)) == {"sessions": 1}
    assert days.store.value("SELECT count(*) FROM sessions WHERE locked_at IS NOT NULL") == 1, "locked, not gone"
    assert counts(days.run_after(hours=12)) == {"sessions": 1, "phones": 1}
    assert days.store.value("SELECT count(*) FROM sessions") == 0
    assert counts(days.run_after(hours=12)) == {"papers": 1}
    assert days.store.value("SELECT facts FROM print_jobs") == "{}"
    days.pass_by(88)
    assert days.store.value("SELECT count(*) FROM nonces") == 1
    assert counts(days.pass_by(1)) == {"nonces": 1}


def test_pictures_without_a_record_go(days: Days) -> None:
    month = photos.folder(days.store) / "2026-11"
    month.mkdir(parents=True)
    for name in ("a.jpg", "a-s.jpg"):
        (month / name).write_bytes(b"x")
    assert counts(days.pass_by(1)) == {"photos": 2}
    assert list(month.iterdir()) == []


def test_a_clock_that_jumped_ahead_takes_two_days_and_not_a_year(days: Days) -> None:
    days.pass_by(1)
    visit = days.check_in()
    report = days.run_after(days=365)
    assert report.as_of == days.clock() - timedelta(days=363)
    assert counts(report) == {"papers": 1}
    assert len(days.named(visit)) == 3
    days.clock.forward(days=-365)
    # Found wrong and set right: retention goes on from the right day, and not from the one it had come to.
    assert days.run_after(hours=1).as_of == days.clock()


def test_a_new_box_begins_at_what_it_last_wrote(store: Store, clock: Clock) -> None:
    visit = Days(store, clock).check_in()
    report = retention.run(store, by=BOX, now=clock.forward(days=365))
    assert report.as_of == clock() - timedelta(days=363)
    assert len(Days(store, clock).named(visit)) == 3


def test_each_portion_is_an_act_with_its_event(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention_rules, "AT_ONCE", 2)
    for _ in range(5):
        days.check_in()
    assert counts(days.pass_by(31))["visitors"] == 5
    rows = days.store.rows(
        "SELECT json_extract(detail, '$.count') AS count, by_role FROM events WHERE what = 'remove'"
        " AND json_extract(detail, '$.rule') = 'visitors'"
    )
    assert [tuple(row) for row in rows] == [(2, "box"), (2, "box"), (1, "box")]


def test_what_history_cannot_say_is_not_removed(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = days.check_in()
    days.clock.forward(days=1)
    days.pass_by(29)

    def broken(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as patched, pytest.raises(sqlite3.OperationalError):
        patched.setattr(events, "record", broken)
        days.pass_by(1)
    assert len(days.named(visit)) == 3
    # The next run takes it up.
    assert counts(days.run_after(hours=1)) == {"visitors": 1}


def test_nothing_of_the_name_is_left_in_the_files(days: Days, home: Path) -> None:
    for number in range(60):
        days.check_in(phone=f"139123456{number:02}")
    traces = (str(WHO["name"]).encode(), b"139123456")

    def found() -> list[bool]:
        return [any(trace in file.read_bytes() for file in home.glob("lobbydesk.db*")) for trace in traces]

    assert found() == [True, True]
    days.pass_by(31)
    assert found() == [False, False]


def test_nobody_presses_it(store: Store, clock: Clock) -> None:
    for role in set(Role) - {Role.BOX}:
        with pytest.raises(Refused, match="not_permitted"):
            retention.run(store, by=Actor(role), now=clock())


def test_the_command_says_what_went_and_nothing_personal(
    home: Path, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["retention", "--home", str(home)]) == 0
    said = capsys.readouterr().out
    assert [line.split()[0] for line in said.splitlines() if not line.startswith("counted")] == [
        rule.code for rule in retention_rules.RULES
    ]
    assert store.value("SELECT count(*) FROM events WHERE what = 'retention'") == 1
