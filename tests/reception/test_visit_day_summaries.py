"""The summary of a visit day: its figures against a count of one's own, written once, common issues supervised."""

import json
import random
import sqlite3
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    booking_changes,
    booking_facts,
    cases,
    common_issues,
    supervision_steps,
    supervision_view,
    visit_day_promises,
    visit_day_summaries,
    visit_days,
)
from reception.cases import Case
from reception.permissions import BOX
from reception.refusal import Refused
from reception.rules import clock as times
from reception.site import configure
from tests.conftest import Clock
from tests.reception.after_life import AfterLife

TOPICS = ("parking", "noise", "cleaning")
FATES = ("booked", "waiting", "withdrawn", "not_admitted", "no_show", "here", "met", "decided", "handed", "moved")


@pytest.fixture
def made(store: Store, clock: Clock) -> AfterLife:
    return AfterLife(store, clock)


def day_of(made: AfterLife, case: Case) -> visit_days.Day:
    return booking_facts.details(made.store, case).day


def hold(made: AfterLife, day: visit_days.Day) -> None:
    """Open and end a day by its row: the day itself has tests of its own."""
    moment = times.to_text(made.now)
    with writing(made.store):
        made.store.execute(
            "UPDATE visit_days SET state = 'held', published_at = ?, opened_at = ?, held_at = ? WHERE id = ?",
            [moment, moment, moment, day.id],
        )


def move(made: AfterLife, case: Case, state: str) -> None:
    with writing(made.store):
        cases.move(made.store, cases.whole(made.store, case.id), state, "test", by=made.manager, at=made.now)


class Told:
    """What one knows oneself of a random day."""

    def __init__(self, made: AfterLife, seed: int) -> None:
        self.made, self.dice = made, random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.topics: Counter[str] = Counter()
        self.departments: Counter[str] = Counter()
        self.promises: Counter[str] = Counter()
        self.minutes: list[int] = []
        self.due: list[tuple[str, bool]] = []

    def one(self) -> Case:
        """Book one, and let happen to it what the dice say."""
        made, fate, topic = self.made, self.dice.choice(FATES), self.dice.choice(TOPICS)
        case, walk_in = made.book(), self.dice.random() < 0.2 and fate in {"met", "decided"}
        with writing(made.store):
            made.store.execute(
                "UPDATE visit_day_bookings SET topic = ?, walk_in = ?, waiting_at = ? WHERE case_id = ?",
                [topic, walk_in, times.to_text(made.now) if fate == "waiting" else None, case.id],
            )
        self.counts["walk_in" if walk_in else "booked"] += fate != "moved"
        if fate not in {"withdrawn", "no_show", "moved"}:
            self.topics[topic] += 1
        getattr(self, f"_{fate}")(case)
        return case

    def _booked(self, case: Case) -> None:
        """Another time of the same day is no other day."""
        with writing(self.made.store):
            booking_changes.note(
                self.made.store,
                case,
                was_on=day_of(self.made, case).actual_on,
                was_starts="10:00",
                cause="slot_changed",
                reason="早一点",
                by=self.made.desk,
                at=self.made.now,
            )

    def _waiting(self, case: Case) -> None:
        self.counts["waiting"] += 1

    def _withdrawn(self, case: Case) -> None:
        self.counts["withdrawn"] += 1
        move(self.made, case, "withdrawn")

    def _not_admitted(self, case: Case) -> None:
        self.counts["not_admitted"] += 1
        with writing(self.made.store):
            self.made.store.execute(
                "INSERT INTO feedback_notices (case_id, round, about, channel, receiver, text, at, by_id)"
                " VALUES (?, 0, 'result', 'phone', '', '转部门', ?, ?)",
                [case.id, times.to_text(self.made.now), self.made.desk.id],
            )
        move(self.made, case, "not_admitted")

    def _no_show(self, case: Case) -> None:
        self.counts["admitted"] += 1
        self.counts["no_show"] += 1
        self.made.admitted(case)
        move(self.made, case, "no_show")

    def _here(self, case: Case) -> None:
        self.counts["admitted"] += 1
        self.counts["not_met"] += 1
        self.made.checked_in(case)

    def _met(self, case: Case) -> None:
        self._talk(case)
        self.counts["undecided"] += 1

    def _talk(self, case: Case) -> None:
        self.minutes.append(self.dice.choice([5, 12, 15, 22]))
        self.counts["admitted"] += 1
        self.counts["met"] += 1
        self.made.met(case, minutes=self.minutes[-1])

    def _decided(self, case: Case) -> None:
        self._talk(case)
        self._decide(case)

    def _handed(self, case: Case) -> None:
        self.counts["admitted"] += 1
        self.counts["handed_over"] += 1
        self.made.checked_in(case)
        self._decide(case)

    def _decide(self, case: Case) -> None:
        for _ in range(self.dice.choice([1, 1, 2])):
            department = self.dice.choice(["maintenance", "security"])
            self.departments[department] += 1
            self.made.decide(case, department=department, due_on=self.dice.choice(["2026-12-08", "2026-12-25"]))
        if self.dice.random() < 0.2:
            self.promises["unread"] += len(self.made_decisions(case))
            return
        self.made.read_back(case)
        for due_on, no in zip(self.made_decisions(case), self.made.supervisions(case), strict=True):
            fate = self.dice.choice(["open", "done", "told", "withdrawn"])
            if fate in {"done", "told"}:
                self.made.finish(no)
            if fate == "told":
                self.made.tell(no)
            if fate == "withdrawn":
                supervision_steps.withdraw(self.made.store, no=no, reason="重复", channel="face", text="不再办",
                                           by=self.made.head, now=self.made.now)  # fmt: skip
            self.due.append((due_on, fate == "open"))
            if fate != "open":
                self.promises["withdrawn" if fate == "withdrawn" else "kept"] += 1

    def made_decisions(self, case: Case) -> list[str]:
        return [row[0] for row in self.made.store.rows(
            "SELECT due_on FROM resolutions WHERE case_id = ? ORDER BY id", [case.id])]  # fmt: skip

    def _moved(self, case: Case) -> None:
        """To the next day, and counted there."""
        self.counts["rebooked"] += 1
        was = day_of(self.made, case)
        other = self.made.store.value("SELECT id FROM visit_days WHERE actual_on > ? ORDER BY actual_on",
                                      [was.actual_on.isoformat()])  # fmt: skip
        with writing(self.made.store):
            self.made.store.execute("UPDATE visit_day_slots SET case_id = NULL WHERE case_id = ?", [case.id])
            self.made.store.execute(
                "UPDATE visit_day_bookings SET visit_day_id = ? WHERE case_id = ?", [other, case.id]
            )
            booking_changes.note(self.made.store, case, was_on=was.actual_on, was_starts="10:00", cause="rebooked",
                                 reason="另有事", by=self.made.desk, at=self.made.now)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_are_what_one_counts_oneself(made: AfterLife, store: Store, seed: int) -> None:
    told = Told(made, seed)
    day = day_of(made, made.book())
    told.counts["booked"] += 1
    told.topics["other"] += 1
    for _ in range(18):
        told.one()
    figures = visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now).figures
    assert figures["counts"] == {code: told.counts[code] for code in figures["counts"]}
    assert dict(figures["topics"]) == told.topics and dict(figures["departments"]) == told.departments
    assert figures["decisions"] == told.departments.total()
    took = told.minutes
    assert figures["talk"]["average"] == (round(sum(took) / len(took), 1) if took else None)
    assert figures["talk"]["overran"] == sum(minutes > 15 for minutes in took)
    assert figures["talk"]["overrun_minutes"] == sum(max(0, minutes - 15) for minutes in took)
    still = [due for due, runs in told.due if runs]
    expected = told.promises | Counter({"open": len(still)})
    assert {code: figures["promises"][code] for code in ("kept", "late", "open", "withdrawn", "unread")} == {
        code: expected[code] for code in ("kept", "late", "open", "withdrawn", "unread")
    }
    assert figures["here"]["on_time"] == sum(told.counts[code] for code in ("met", "handed_over", "not_met"))
    homes = {topic: count for topic, count in told.topics.items() if count >= 2}
    assert dict(figures["common"]) == homes
    # Two weeks later what was due meanwhile is late.
    made.clock.at = times.from_text("2026-12-15T02:00:00.000Z")
    supervision_steps.watch(store, by=BOX, now=made.clock())
    later = visit_day_summaries.of_day(store, day.id, by=made.head, now=made.clock()).figures["promises"]
    assert later["late"] == still.count("2026-12-08") and later["open"] == still.count("2026-12-25")
    assert later["untold"] == sum(not row.told_at for row in visit_day_promises.of_day(
        store, day.id, by=made.head, now=made.clock()))  # fmt: skip


def test_it_is_written_once_with_the_figures_of_that_moment(made: AfterLife, store: Store) -> None:
    case = made.supervised()
    day = day_of(made, case)
    with pytest.raises(Refused, match="visit_day_not_held"):
        visit_day_summaries.write(store, day_id=day.id, remarks="", by=made.head, now=made.now)
    hold(made, day)
    assert [one.id for one in visit_day_summaries.unwritten(store)] == [day.id]
    with pytest.raises(Refused, match="text_too_long"):
        visit_day_summaries.write(store, day_id=day.id, remarks="字" * 501, by=made.head, now=made.now)
    before = visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now)
    assert before.written_at is None and before.figures["promises"]["open"] == 1
    written = visit_day_summaries.write(store, day_id=day.id, remarks="业主最关心停车", by=made.head, now=made.now)
    assert written.state == "summarised" and not visit_day_summaries.unwritten(store)
    with pytest.raises(Refused, match="summary_written"):
        visit_day_summaries.write(store, day_id=day.id, remarks="改", by=made.head, now=made.now)
    (no,) = made.supervisions(case)
    made.finish(no)
    made.tell(no)
    after = visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now)
    assert after.figures["promises"]["open"] == 1 and after.remarks == "业主最关心停车"
    assert json.loads(json.dumps(before.figures)) == after.figures
    with pytest.raises(sqlite3.IntegrityError, match="not rewritten"), writing(store):
        store.execute("UPDATE visit_day_summaries SET remarks = 'x'")
    for unknown in (0, 99):
        with pytest.raises(Refused, match="visit_day_unknown"):
            visit_day_summaries.of_day(store, unknown, by=made.head, now=made.now)


def prevent(made: AfterLife, day_id: int, **other: Any) -> Any:
    form = {"nonce": "issue", "topic": "parking", "action": "重划车位线", "owner": "zhaogang", "due_on": "2026-12-18"}
    return common_issues.prevent(made.store, day_id=day_id, **form | other, by=made.head, now=made.now)


def test_what_two_homes_brought_is_proposed_and_supervised(made: AfterLife, store: Store) -> None:
    first, second = made.met(), made.met()
    third = made.book()
    move(made, third, "withdrawn")
    store.execute("UPDATE visit_day_bookings SET topic = 'parking'")
    day = day_of(made, first)
    assert day_of(made, second).id == day.id

    def summary() -> visit_day_summaries.Summary:
        return visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now)

    assert [(code, homes) for code, homes, _ in summary().proposed] == [("parking", 2)]
    configure(store, visit_day_common_homes=3)
    assert summary().proposed == []
    configure(store, visit_day_common_homes=2)
    owner = store.value("SELECT login FROM staff WHERE id = ?", [made.maintenance.id])
    wrongs: dict[str, dict[str, Any]] = {
        "topic_not_common": {"topic": "noise"},
        "action_missing": {"action": " "},
        "charge_unknown": {"owner": "nobody"},
        "not_a_working_day": {"due_on": "2026-12-19"},
        "date_invalid": {"due_on": ""},
        "visit_day_unknown": {"day_id": 99},
    }
    for code, wrong in wrongs.items():
        with pytest.raises(Refused, match=code):
            prevent(made, **{"day_id": day.id, "owner": owner, "nonce": code} | wrong)
    one = prevent(made, day.id, owner=owner, due_on="20261218")
    assert prevent(made, day.id, owner=owner, due_on="20261218").no == one.no
    with pytest.raises(Refused, match="common_issue_known"):
        prevent(made, day.id, owner=owner, nonce="again")
    assert summary().proposed == []
    (issue,) = summary().issues
    assert (issue.count, issue.due_on, issue.supervision.state) == (2, "2026-12-18", "open")
    assert (
        one.charge_id == made.maintenance.id
        and one.case_id is None
        and "停车" in one.matter.replace("车辆停放", "停车")
    )
    made.finish(one.no)
    assert summary().issues[0].supervision.state == "closed"


def test_the_list_of_promises_says_how_each_stands(made: AfterLife, store: Store) -> None:
    case = made.met()
    made.decide(case, due_on="2026-12-04")
    made.decide(case)
    made.read_back(case)
    day = day_of(made, case)
    first, _ = made.supervisions(case)
    made.clock.at += timedelta(days=16)
    made.finish(first)
    rows = visit_day_promises.of_day(store, day.id, by=made.head, now=made.now)
    assert [(one.case_no, one.stands, one.told_at) for one in rows] == [
        (case.no, "late", None),
        (case.no, "open", None),
    ]
    assert visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now).figures["promises"]["late"] == 1
    made.tell(first)
    assert visit_day_promises.of_day(store, day.id, by=made.head, now=made.now)[0].told_at


def test_a_later_deadline_makes_no_late_promise_kept(made: AfterLife, store: Store) -> None:
    case = made.met()
    made.decide(case, due_on="2026-12-04")
    made.read_back(case)
    (no,) = made.supervisions(case)
    made.clock.at = times.from_text("2026-12-08T02:00:00.000Z")
    was = store.value("SELECT due_at FROM supervisions")
    supervision_steps.move(store, no=no, due_on="2026-12-18", reason="等配件", was=was, by=made.manager, now=made.now)
    made.finish(no)
    day = day_of(made, case)
    promises = visit_day_summaries.of_day(store, day.id, by=made.head, now=made.now).figures["promises"]
    assert (promises["late"], promises["kept"]) == (1, 0)
    assert visit_day_promises.of_day(store, day.id, by=made.head, now=made.now)[0].stands == "late"
    assert supervision_view.of_case(store, case.id, now=made.now)[0].verdict == "late"
