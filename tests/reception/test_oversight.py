"""The oversight log: the box finds each thing that breaks a rule, once, and nothing where none is broken."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from db.store import Store, writing
from reception import booking_facts, cases, oversight, oversight_rules
from reception.cases import Case
from reception.permissions import BOX, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.visit_days import Day
from tests.conftest import Clock, actor
from tests.reception.after_life import AfterLife

# Of the day that everybody books: Friday 2026-12-04, 10:00-12:00 in Shanghai.
DAY = "2026-12-04"


def at(text: str) -> datetime:
    """Return a moment at the site, as `12-04 10:00`."""
    return datetime.fromisoformat(f"2026-{text}:00+08:00")


class Watched(AfterLife):
    """A day that was announced, opened and held as it should be, but for what a test changes."""

    def day(self, case: Case) -> Day:
        return booking_facts.details(self.store, case).day

    def set_day(self, **columns: Any) -> None:
        row = {
            "state": "held",
            "published_at": times.to_text(at("11-24 09:00")),
            "opened_at": times.to_text(at("12-04 10:00")),
            "held_at": times.to_text(at("12-04 12:00")),
        } | columns
        sets = ", ".join(f"{name} = :{name}" for name in row)
        with writing(self.store):
            self.store.execute(f"UPDATE visit_days SET {sets} WHERE actual_on = :day", row | {"day": DAY})  # noqa: S608

    def set_talk(self, began: str, ended: str, planned: str) -> None:
        values = [times.to_text(at(f"12-04 {text}")) for text in (began, planned, ended)]
        with writing(self.store):
            self.store.execute("UPDATE visit_day_meetings SET began_at = ?, planned_end_at = ?, ended_at = ?", values)
            self.store.execute("UPDATE visit_day_bookings SET arrived_at = ?", [times.to_text(at("12-04 09:55"))])

    def good(self) -> Case:
        """Return a booking of which everything was right: met, decided, read back, the summary still in time."""
        case = self.supervised()
        self.set_talk("10:00", "10:12", "10:15")
        self.set_day()
        return case

    def found(self, moment: str = "12-04 13:00") -> list[tuple[str, str]]:
        """Let the box look at a moment; return (rule, case) of all findings."""
        self.clock.at = max(self.clock.at, at(moment))
        oversight.watch(self.store, by=BOX, now=self.clock())
        log = oversight.log(self.store, by=self.head, now=self.clock())
        return sorted((one.rule, one.case_no) for one in log.found)


@pytest.fixture
def made(store: Store, clock: Clock) -> Watched:
    return Watched(store, clock)


def test_nothing_is_found_where_nothing_was_wrong(made: Watched) -> None:
    case = made.good()
    assert made.found() == []
    (no,) = made.supervisions(case)
    made.clock.at = at("12-07 09:00")
    made.finish(no)
    made.tell(no)
    made.set_day(state="summarised", summarised_at=times.to_text(at("12-08 09:00")))
    assert made.found("12-20 09:00") == []


def published_late(made: Watched, case: Case) -> None:
    made.set_day(published_at=times.to_text(at("11-28 09:00")))


def moved_late(made: Watched, case: Case) -> None:
    with writing(made.store):
        made.store.execute(
            "INSERT INTO visit_day_moves (visit_day_id, was_on, now_on, cause, reason, at) VALUES (?, ?, ?, 'premises',"
            " '停电', ?)",
            [made.day(case).id, "2026-12-03", DAY, times.to_text(at("12-01 09:00"))],
        )


def deputy_host(made: Watched, case: Case) -> None:
    made.set_day(deputy_id=made.head.id, deputy_reason="出差")


def started_late(made: Watched, case: Case) -> None:
    made.set_talk("10:06", "10:18", "10:21")


def overran(made: Watched, case: Case) -> None:
    made.set_talk("10:00", "10:16", "10:15")


def walk_in(made: Watched, case: Case) -> None:
    made.store.execute("UPDATE visit_day_bookings SET walk_in = 1")


def admitted_late(made: Watched, case: Case) -> None:
    made.store.execute("UPDATE endorsements SET due_at = '2026-11-20T00:00:00.000Z' WHERE step = 'manager'")


def void_signature(made: Watched, case: Case) -> None:
    with writing(made.store):
        made.store.execute(
            "INSERT INTO endorsements (case_id, wording, round, step, position, state, void_reason, opinion, "
            " signed_for, signed_by, signed_at, asked_at) VALUES"
            " (?, 1, 9, 'review', 1, 'void', 'reworded', '同意', ?, ?, ?, ?)",
            [case.id, made.head.id, made.head.id, times.to_text(made.now), times.to_text(made.now)],
        )


CASES: dict[str, tuple[Callable[[Watched, Case], None], bool]] = {
    "published_late": (published_late, False),
    "moved_late": (moved_late, False),
    "deputy_host": (deputy_host, False),
    "started_late": (started_late, False),
    "overran": (overran, True),
    "walk_in": (walk_in, True),
    "void_signature": (void_signature, True),
}


@pytest.mark.parametrize("rule", CASES)
def test_what_breaks_a_rule_is_found_once(made: Watched, rule: str) -> None:
    change, of_case = CASES[rule]
    case = made.good()
    change(made, case)
    expected = [(rule, case.no if of_case else "")]
    assert made.found() == expected
    assert made.found("12-05 13:00") == expected
    assert oversight.watch(made.store, by=BOX, now=made.clock()) == 0


def test_who_was_signed_late_is_found_by_both_rules(made: Watched) -> None:
    case = made.good()
    admitted_late(made, case)
    assert made.found() == [("admitted_late", case.no), ("unsigned", case.no)]


def test_who_was_not_signed_at_the_cut_off_is_found(made: Watched, store: Store) -> None:
    case = made.book()
    with writing(store):
        store.execute(
            "INSERT INTO endorsements (case_id, wording, round, step, position, asked_at, due_at)"
            " VALUES (?, 1, 1, 'review', 1, ?, ?)",
            [case.id, times.to_text(made.now), times.to_text(at("12-03 17:30"))],
        )
    made.set_day(state="published", opened_at=None, held_at=None)
    assert made.found("12-03 17:00") == []
    assert made.found("12-03 18:00") == [("unsigned", case.no)]


def test_a_day_that_nobody_announces_is_found_while_it_can_be_mended(made: Watched) -> None:
    made.book()
    assert made.found("11-27 23:00") == []
    assert made.found("11-28 00:01") == [("published_late", "")]


@pytest.mark.parametrize(("set_up", "found"), [("11-30 15:00", []), ("11-23 15:00", [("published_late", "")])])
def test_a_centre_that_was_set_up_only_then_announced_nothing_late(
    store: Store, clock: Clock, set_up: str, found: list[tuple[str, str]]
) -> None:
    """What happened first is written down first: before that there was nobody who could announce it."""
    clock.at = at(set_up)
    made = Watched(store, clock)
    made.book()
    made.set_day(state="published", published_at=times.to_text(at("12-01 09:00")), opened_at=None, held_at=None)
    assert made.found("12-01 09:01") == found


def test_a_day_that_went_over_its_hours_is_found(made: Watched) -> None:
    made.good()
    made.set_talk("10:00", "12:01", "12:02")
    assert made.found() == [("ended_late", "")]


def test_who_was_here_and_not_met_and_what_was_not_decided_is_found_once_the_day_is_over(made: Watched) -> None:
    here, met = made.checked_in(), made.met()
    made.set_talk("10:00", "10:12", "10:15")
    made.set_day(state="open", held_at=None)
    assert made.found("12-04 11:00") == []
    made.set_day()
    assert made.found() == [("not_met", here.no), ("undecided", met.no)]


def test_an_owner_who_was_not_told_by_the_deadline_is_found_however_it_ended(made: Watched) -> None:
    case = made.good()
    (no,) = made.supervisions(case)
    made.set_day(state="summarised", summarised_at=times.to_text(at("12-07 09:00")))
    assert made.found("12-18 17:00") == []
    made.finish(no)
    assert made.found("12-19 00:01") == [("untold", case.no)]
    made.tell(no)
    assert made.found("12-19 20:00") == [("untold", case.no)]


def test_an_owner_who_was_told_too_late_is_found_though_nobody_looked_meanwhile(made: Watched) -> None:
    case = made.good()
    (no,) = made.supervisions(case)
    made.set_day(state="summarised", summarised_at=times.to_text(at("12-07 09:00")))
    made.clock.at = at("12-19 09:00")
    made.finish(no)
    made.tell(no)
    assert made.found("12-19 10:00") == [("untold", case.no)]


def test_a_summary_is_due_in_working_days(made: Watched) -> None:
    made.good()
    # Three working days after Friday are Wednesday.
    assert made.found("12-09 12:00") == []
    assert made.found("12-10 00:00") == [("summary_late", "")]


def test_every_rule_has_words_and_is_looked_for() -> None:
    looked_for = set(oversight_rules._BY_DAY) | set(oversight_rules._BY_CASE)
    assert looked_for == set(oversight_rules.RULES) - {"seen"}


def test_it_is_put_right_once_and_counted(made: Watched, store: Store) -> None:
    case = made.good()
    overran(made, case)
    walk_in(made, case)
    made.found()
    log = oversight.log(store, by=made.head, now=made.now)
    assert {words.zh: (found, right) for words, found, right in log.counts} == {
        "谈话超时": (1, 0),
        "未预约现场受理（例外）": (1, 0),
    }
    one = log.found[0]
    for code, wrong in {"correction_missing": (one.id, " "), "breach_unknown": (999, "x")}.items():
        with pytest.raises(Refused, match=code):
            oversight.correct(store, finding_id=wrong[0], correction=wrong[1], by=made.head, now=made.now)
    oversight.correct(store, finding_id=one.id, correction="增加机动时段", by=made.head, now=made.now)
    with pytest.raises(Refused, match="changed_meanwhile"):
        oversight.correct(store, finding_id=one.id, correction="再改", by=made.head, now=made.now)
    log = oversight.log(store, by=made.head, now=made.now)
    assert sorted(right for _, _, right in log.counts) == [0, 1]
    assert log.found[0].correction == "增加机动时段" and log.found[0].corrected_name


def test_somebody_notes_what_he_saw(made: Watched, store: Store) -> None:
    day = made.day(made.good())
    for _ in range(2):
        oversight.note(store, nonce="n", day_id=day.id, text="记录不完整", by=made.head, now=made.now)
    (one,) = oversight.log(store, by=made.manager, now=made.now).found
    assert (one.rule, one.note, bool(one.found_name)) == ("seen", "记录不完整", True)
    for code, day_id, said in (("visit_day_unknown", 99, "x"), ("finding_missing", day.id, "")):
        with pytest.raises(Refused, match=code):
            oversight.note(store, nonce=code, day_id=day_id, text=said, by=made.head, now=made.now)


def test_a_period_is_asked_for(made: Watched, store: Store) -> None:
    overran(made, made.good())
    made.found()

    def log(since: str, until: str) -> int:
        return len(oversight.log(store, since=since, until=until, by=made.head, now=made.now).found)

    assert (log("2026-12-04", "2026-12-04"), log("2026-12-05", "2026-12-31"), log("2026-01-01", "2026-12-03")) == (
        1,
        0,
        0,
    )
    for code, since, until in (
        ("date_invalid", "x", ""),
        ("period_invalid", "2026-12-05", "2026-12-04"),
        ("period_invalid", "2020-01-01", "2026-12-04"),
    ):
        with pytest.raises(Refused, match=code):
            log(since, until)
    with pytest.raises(Refused, match="not_permitted"):
        oversight.log(store, by=actor(store, Role.DEPARTMENT_HEAD), now=made.now)


def test_nothing_is_found_while_the_clock_stands_behind(made: Watched, store: Store) -> None:
    overran(made, made.good())
    assert oversight.watch(store, by=BOX, now=made.clock() - timedelta(days=30)) == 0
    with pytest.raises(sqlite3.IntegrityError), writing(store):
        for _ in range(2):
            store.execute(
                "INSERT INTO oversight_findings (visit_day_id, rule, note, found_at) VALUES (1, 'overran', '', 'x')"
            )
    assert cases.whole(store, 1).kind == "visit-day"
