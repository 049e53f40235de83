"""Matters whose time is over become nobody's: when, which not yet, what goes; the figures of a year stay."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    complaints,
    incident_figures,
    kinds,
    repair_figures,
    retention,
    retention_matters,
    retention_rules,
    session_figures,
    settings,
    visit_day_figures,
    visit_days,
)
from reception.permissions import BOX, Role
from reception.retention import Report
from reception.rules import clock as times
from tests.conftest import Clock, actor
from tests.crash.morning import Morning
from tests.erasing import HOME, NAME, PHONE, PICTURE, TRACES, come_back, live_here
from tests.reception.after_life import AfterLife
from tests.reception.life import Life

YEARS = timedelta(days=1095)
CODES = {rule.code for rule in retention_matters.MATTERS}


class Years:
    """A centre over the years."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def close(self, day: str = "", where: str = "1") -> None:
        """Let what is open have been closed on a day, whatever way it went there."""
        with writing(self.store):
            at = day or times.to_text(self.clock())
            answered = "EXISTS (SELECT 1 FROM feedback_notices WHERE case_id = cases.id AND about = 'result')"
            self.store.execute(
                f"UPDATE cases SET closed_at = ?, state = (SELECT state FROM case_states WHERE kind = cases.kind"  # noqa: S608
                f" AND terminal = 1 AND answered <= {answered} ORDER BY answered DESC, state = 'merged', state LIMIT 1)"
                f" WHERE {where}",
                [at],
            )

    def run(self, at: datetime) -> Report:
        """Run as after a box that was on each night until then."""
        with writing(self.store):
            self.store.execute(
                "INSERT INTO events (at, what, subject, subject_id, by_role, detail)"
                " VALUES (?, 'retention', 'retention', 0, 'box', json_object('as_of', ?))",
                [times.to_text(at)] * 2,
            )
        self.clock.at = at
        return retention.run(self.store, by=BOX, now=at)

    def whom(self, where: str = "1") -> list[Any]:
        """Return the names that matters still have."""
        return [row[0] for row in self.store.rows(f"SELECT name FROM cases WHERE {where} ORDER BY id")]  # noqa: S608


@pytest.fixture
def years(store: Store, clock: Clock) -> Iterator[Years]:
    """A centre where the person of the tests of erasures reported a repair, and a neighbour another."""
    live_here(store.path.parent, clock())
    life = Life(store, clock)
    life.count = 10
    life.register()
    yield Years(store, clock)


def matters(report: Report) -> dict[str, int]:
    """How many of each class became nobody's."""
    return {one.code: one.count for one in report.removed if one.code in CODES and one.count}


def test_a_matter_becomes_nobodys_three_years_after_its_close_and_not_a_day_before(years: Years, home: Path) -> None:
    closed = years.clock()
    years.close(where=f"name = '{NAME}'")
    assert matters(years.run(closed + YEARS - timedelta(days=1))) == {}
    assert NAME in years.whom()
    assert matters(years.run(closed + YEARS + timedelta(seconds=1))) == {"repair": 1}
    # The other is still open: whoever is served is known.
    assert years.whom()[-1] != "" and NAME not in years.whom()
    row = years.store.row("SELECT * FROM cases JOIN repairs ON case_id = id WHERE name = ''")
    assert row is not None and row["no"] and row["category"] == "water" and row["closed_at"] and row["unit_id"] is None
    # Byte for byte, the picture too, and the number he had taken at the kiosk, which was a visitor's and went long ago.
    files = [path for path in home.rglob("*") if path.is_file()]
    assert [path for path in files if any(trace in path.read_bytes() for trace in TRACES)] == []
    assert [path for path in files if path.name in PICTURE] == []
    # Once.
    assert matters(years.run(closed + YEARS + timedelta(days=1))) == {}


def test_how_long_is_a_setting_and_never_less_than_a_year(years: Years) -> None:
    with pytest.raises(Exception, match="number_invalid"):
        settings.change(years.store, values={"keep_case_days": "364"}, by=BOX, now=years.clock())
    settings.change(years.store, values={"keep_case_days": "365"}, by=BOX, now=years.clock())
    years.close()
    assert matters(years.run(years.clock() + timedelta(days=366))) == {"repair": 2}


def test_not_while_what_came_of_it_is_younger(years: Years) -> None:
    closed = years.clock()
    first, second = (
        row[0] for row in years.store.rows("SELECT id FROM cases WHERE kind = 'repair' ORDER BY id DESC LIMIT 2")
    )
    years.close()
    for column in ("spawned_from", "merged_into"):
        with writing(years.store):
            years.store.execute("UPDATE cases SET spawned_from = NULL, merged_into = NULL")
            years.store.execute(
                f"UPDATE cases SET {column} = ?, closed_at = ? WHERE id = ?",  # noqa: S608
                [first, times.to_text(closed + timedelta(days=30)), second],
            )
        assert matters(years.run(closed + YEARS + timedelta(days=1 + (column == "merged_into")))) == {}
    assert matters(years.run(closed + YEARS + timedelta(days=31)))["repair"] >= 2


def test_not_while_its_result_is_supervised(store: Store, clock: Clock) -> None:
    after, years = AfterLife(store, clock), Years(store, clock)
    case = after.supervised()
    with writing(store):
        # Whatever way it came to be closed before its supervision was.
        for trigger in store.rows("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'cases'"):
            store.execute(f"DROP TRIGGER {trigger[0]}")
    years.close()
    assert "visit-day" not in matters(years.run(clock() + YEARS + timedelta(days=1)))
    assert store.value("SELECT name FROM cases WHERE id = ?", [case.id]) != ""


def test_the_visit_of_who_came_to_his_appointment_goes_after_it(years: Years) -> None:
    store, after = years.store, AfterLife(years.store, years.clock)
    case = after.fed_back()
    visit = come_back(store, years.clock(), "guest")
    with writing(store):
        store.execute("UPDATE visit_day_bookings SET ticket_id = (SELECT id FROM tickets WHERE visit_id = ?)", [visit])
    years.close()
    closed = years.clock()
    named = f"SELECT count(*) FROM visits WHERE id = {visit} AND name IS NOT NULL"  # noqa: S608
    years.run(closed + YEARS - timedelta(days=1))
    assert store.value(named) == 1
    years.run(closed + YEARS + timedelta(days=1))
    assert store.value(named) == 0 and store.value("SELECT phone FROM cases WHERE id = ?", [case.id]) == ""


def test_every_kind_of_matter_has_its_rule(store: Store) -> None:
    known = {row[0] for row in store.rows("SELECT DISTINCT kind FROM case_states")}
    assert known <= CODES
    assert known >= set(kinds.KINDS)
    assert {rule.code for rule in retention_rules.RULES} > CODES


def test_homes_of_a_known_fault_and_who_moved_out_go_too(years: Years) -> None:
    store, at = years.store, times.to_text(years.clock())
    unit = store.value("SELECT id FROM units LIMIT 1")
    fault = store.insert(
        "INSERT INTO known_faults (no, cause, what, what_en, building, unit, owner_id, declared_at)"
        " VALUES ('GZ1', 'water', '停水', 'no water', '1', '', 1, ?)",
        [at],
    )
    store.execute(
        "INSERT INTO fault_households (fault_id, unit_id, name, phone, outside, source, notice_version, at, by_id)"
        " VALUES (?, ?, ?, ?, 0, 'desk', 'v', ?, 1)",
        [fault, unit, NAME, PHONE, at],
    )
    store.execute(
        "INSERT INTO former_residents (resident_id, unit_id, name, phone, relation, moved_out_at, by_id)"
        " VALUES (99, ?, ?, ?, 'tenant', ?, 1)",
        [unit, NAME, PHONE, at],
    )
    store.execute("UPDATE known_faults SET state = 'restored', restored_at = ?, notice = '已恢复'", [at])
    store.execute("UPDATE fault_households SET told_at = ?, told_by = 1, told_channel = 'face'", [at])
    store.execute("UPDATE known_faults SET state = 'closed', closed_at = ?", [at])
    assert not {"households", "former"} & matters(years.run(years.clock() + YEARS - timedelta(days=1))).keys()
    went = matters(years.run(years.clock() + timedelta(days=2)))
    assert (went["households"], went["former"]) == (1, 1)
    assert [tuple(row) for row in store.rows("SELECT name, phone FROM fault_households")] == [("", "")]
    assert store.value("SELECT count(*) FROM former_residents") == 0


def figures(store: Store, now: datetime) -> list[Any]:
    """Return every figure of a year that this house reports."""
    by = actor(store, Role.MANAGER)
    found: list[Any] = [incident_figures.of_year(store, "2026", by=by, now=now)]
    for month in range(1, 13):
        report = repair_figures.report(store, month=f"2026-{month:02}", by=by, now=now)
        found.append(replace(report, month=None))  # type: ignore[arg-type]
    for row in store.rows("SELECT id, actual_on FROM visit_days ORDER BY id"):
        day = visit_days.by_id(store, row["id"])
        found += [session_figures.of_day(store, row["id"]), visit_day_figures.of_day(store, day, by=by, at=now)]
    return found


def test_the_figures_of_a_year_stay_what_they_were(store: Store, clock: Clock) -> None:
    after, repairs = AfterLife(store, clock), Life(store, clock)
    for _ in range(3):
        repairs.tell(repairs.register())
        repairs.signed()
        after.fed_back()
    morning = Morning(store, 3)
    for _ in range(80):
        morning.act()
    clock.at = max(clock.at, morning.now)
    by, now = actor(store, Role.RECEPTIONIST), clock.forward(hours=1)
    said = {"category": "service", "facts": "态度", "wish": "道歉", "name": NAME, "phone": PHONE, "unit": HOME}
    complaints.register(store, **said, nonce="c", by=by, now=now)  # type: ignore[arg-type]
    with writing(store):
        store.execute(
            "INSERT INTO survey_responses (case_id, round, channel, score, comment, at)"
            " SELECT id, 0, 'phone', 4, '', ? FROM cases WHERE kind = 'repair'",
            [times.to_text(now)],
        )
        store.execute(
            "INSERT INTO follow_ups (case_id, round, method, reached, score, comment, at, by_id)"
            " SELECT id, 0, 'phone', 1, 5, '谢谢', ?, 1 FROM cases WHERE kind = 'repair' AND id % 2",
            [times.to_text(now)],
        )
    years = Years(store, clock)
    years.close(where="closed_at IS NULL")
    end = clock.at + YEARS + timedelta(days=40)
    was, tables = figures(store, end), counts(store)
    assert any("'" in str(one) for one in was)
    removed = matters(years.run(end))
    assert removed["repair"] >= 6 and removed["visit-day"] >= 3 and removed["complaint"] == 1
    assert set(years.whom()) == {""}
    assert figures(store, end) == was
    changed = {name for name, count in counts(store).items() if count != tables[name]}
    # Homes of nobody come; grounds, marks of forms and of papers go; no record does.
    assert changed <= {
        "units",
        "consents",
        "nonces",
        "names_to_spell",
        "retired_cases",
        "sessions",
        "pulse",
        "identity_checks",
        "phone_tail_tries",
        "events",
    }


def counts(store: Store) -> dict[str, int]:
    """Return how many rows each table has."""
    names = [row[0] for row in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return {name: store.value(f"SELECT count(*) FROM {name}") for name in names}  # noqa: S608


def test_so_few_an_act_that_a_check_in_waits_for_no_more_than_a_blink(
    years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention_matters, "AT_ONCE", 1)
    years.close()
    years.run(years.clock() + YEARS + timedelta(days=1))
    rows = years.store.rows(
        "SELECT json_extract(detail, '$.count') FROM events WHERE what = 'remove'"
        " AND json_extract(detail, '$.rule') = 'repair'"
    )
    assert [row[0] for row in rows] == [1, 1]
