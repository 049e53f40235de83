"""Supervision (督办): opened with all that a decision needs, reminded, overdue, done, told; nothing moves silently."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db import printers
from db.store import Store
from reception import (
    about_staff,
    case_care,
    cases,
    clock_care,
    events,
    feedback,
    follow_ups,
    reprints,
    supervision_lists,
    supervision_records,
    supervision_steps,
    supervision_view,
    supervisions,
)
from reception.cases import Case
from reception.papers import SupervisionSlip
from reception.permissions import BOX, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.site import configure
from reception.supervision_records import Supervision
from tests.conftest import Clock, actor
from tests.reception.test_complaints import Complaints
from tests.reception.test_races import Gate, race


class Decisions:
    """Decides and follows through, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        configure(store, hours_work="08:30-12:00,13:30-17:30", hours_rest="")
        self.manager, self.head = actor(store, Role.MANAGER), actor(store, Role.SERVICE_HEAD)
        self.desk, self.maintenance = actor(store, Role.RECEPTIONIST), actor(store, Role.DEPARTMENT_HEAD)

    @property
    def now(self) -> datetime:
        """A minute later than before."""
        return self.clock.forward(minutes=1)

    def open(self, by: Actor | None = None, **said: Any) -> Supervision:
        """Decide something for maintenance, by Thursday."""
        self._made += 1
        form = {
            "nonce": f"s{self._made}",
            "matter": "更换3号楼门禁",
            "opinion": "由工程部一周内更换",
            "department": "maintenance",
            "due_on": "2026-11-26",
            **said,
        }
        return supervisions.open_(self.store, **form, by=by or self.manager, now=self.now)

    def done(self, one: Supervision, by: Actor | None = None) -> Supervision:
        """Report it done."""
        return supervision_steps.finish(
            self.store, no=one.no, result="已更换，试用正常", by=by or self.maintenance, now=self.now
        )

    def tell(self, one: Supervision, by: Actor | None = None) -> Supervision:
        """Tell the person."""
        text = "门禁已更换"
        return supervision_steps.tell(
            self.store, no=one.no, text=text, channel="phone", by=by or self.desk, now=self.now
        )

    def watch(self) -> tuple[int, int]:
        """Let the box look."""
        return supervision_steps.watch(self.store, by=BOX, now=self.now)

    def again(self, one: Supervision) -> Supervision:
        """Return it as it stands now."""
        return supervision_records.by_id(self.store, one.id)


@pytest.fixture
def made(store: Store, clock: Clock) -> Decisions:
    return Decisions(store, clock)


@pytest.fixture
def complaint(store: Store, clock: Clock) -> Case:
    return Complaints(store, clock).replied()


def local(text: str) -> str:
    """Return a time of the store as it is in Shanghai."""
    return (times.from_text(text) + timedelta(hours=8)).strftime("%m-%d %H:%M")


def test_a_decision_on_its_own_is_closed_by_its_result(store: Store, made: Decisions) -> None:
    one = made.open()
    assert (one.no, one.state, one.charge_name, one.decided_name) == ("DB20261123-001", "open", "赵强", "周明")
    # By the close of business of the day; reminded when half of the opening hours are over.
    assert (local(one.due_at), local(one.remind_at)) == ("11-26 17:30", "11-25 09:27")
    assert made.watch() == (0, 0)
    made.clock.forward(days=2)
    assert made.watch() == (1, 0) and made.watch() == (0, 0)
    assert made.again(one).state == "reminded"
    done = made.done(one)
    assert (done.state, done.verdict, done.result) == ("closed", "kept", "已更换，试用正常")
    assert [event["what"] for event in events.history(store, "supervision", one.id)] == [
        "supervise",
        "supervision_reminded",
        "supervision_done",
    ]


def test_with_a_case_it_is_closed_only_once_the_person_knows(store: Store, made: Decisions, complaint: Case) -> None:
    one = made.open(case_no=complaint.no)
    done = made.done(one)
    assert (done.state, done.verdict, done.closed_at) == ("done", "kept", None)
    with pytest.raises(sqlite3.IntegrityError, match="closed before the person knew"):
        store.execute("UPDATE supervisions SET state = 'closed', closed_at = done_at WHERE id = ?", [one.id])
    told = made.tell(one)
    assert told.state == "closed"
    notice = feedback.of_case(store, complaint.id)[-1]
    # How it goes on: it never stands for the answer that the complaint itself needs.
    assert (notice.text, notice.about) == ("门禁已更换", "progress")
    assert "supervise" in [event["what"] for event in events.history(store, "case", complaint.id)]


def test_what_is_done_after_the_case_is_over_is_told_all_the_same(
    store: Store, made: Decisions, complaint: Case
) -> None:
    one = made.open(case_no=complaint.no)
    follow_ups.record(store, no=complaint.no, method="phone", reached="1", score="5", by=made.desk, now=made.now)
    case_care.close(store, no=complaint.no, by=made.desk, now=made.now)
    made.done(one)
    assert made.tell(one).state == "closed"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"matter": " "}, "supervised_matter_missing"),
        ({"opinion": ""}, "opinion_missing"),
        ({"department": ""}, "department_unknown"),
        ({"department": "kitchen"}, "department_unknown"),
        ({"due_on": ""}, "date_invalid"),
        ({"due_on": "2026-11-28"}, "not_a_working_day"),
        ({"due_on": "2026-11-22"}, "not_a_working_day"),
        ({"due_on": "2026-11-20"}, "time_past"),
        ({"due_on": "2029-01-02"}, "deadline_too_far"),
        ({"due_on": "0001-01-01"}, "time_past"),
        ({"due_on": "9999-12-31"}, "deadline_too_far"),
        ({"charge": "wanglin"}, "charge_unknown"),
        ({"charge": "nobody"}, "charge_unknown"),
        ({"decided_by": "wanglin"}, "decider_unknown"),
        ({"case_no": "TS20200101-001"}, "case_unknown"),
        ({"matter": "x" * 501}, "text_too_long"),
        ({"matter": "\x00"}, "text_invalid"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_what_lacks_opinion_department_or_deadline_is_no_decision(
    store: Store, made: Decisions, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        made.open(**said)
    assert store.value("SELECT count(*) FROM supervisions") == store.value("SELECT count(*) FROM print_jobs") == 0


def test_today_will_do_until_the_close_of_business(store: Store, made: Decisions, clock: Clock) -> None:
    assert local(made.open(due_on="2026-11-23").due_at) == "11-23 17:30"
    clock.forward(hours=9)
    with pytest.raises(Refused, match="time_past"):
        made.open(due_on="2026-11-23")


def test_the_same_form_twice_is_one_supervision_and_one_paper(store: Store, made: Decisions) -> None:
    one, same = made.open(nonce="once"), made.open(nonce="once")
    assert one.id == same.id
    [job] = store.rows("SELECT kind, ref, part FROM print_jobs")
    assert tuple(job) == ("supervision_slip", f"supervision:{one.id}", one.no)
    with pytest.raises(Refused, match="nonce_reused"):
        made.open(nonce="once", matter="别的事")


def test_overdue_is_late_for_good_whatever_is_set_later(store: Store, made: Decisions, clock: Clock) -> None:
    one = made.open()
    clock.forward(days=4)
    assert made.watch() == (0, 1) and made.watch() == (0, 0)
    overdue = made.again(one)
    assert (overdue.state, overdue.verdict) == ("overdue", "late")
    assert [found.no for found in supervision_lists.pressing(store, show="escalated", by=made.manager, now=made.now)]
    moved = supervision_steps.move(
        store, no=one.no, due_on="2026-12-02", reason="等配件", was=one.due_at, by=made.manager, now=made.now
    )
    assert (moved.state, moved.verdict, moved.moved) == ("open", "late", 1)
    assert made.done(one).verdict == "late"
    assert [(promise.reason, promise.verdict) for promise in supervision_lists.promises(store, made.again(one))] == [
        ("", "late"),
        ("等配件", "kept"),
    ]
    with pytest.raises(sqlite3.IntegrityError, match="late is late"):
        store.execute("UPDATE supervisions SET overdue_at = NULL WHERE id = ?", [one.id])


def test_moved_after_it_passed_it_is_late_though_the_box_did_not_look(made: Decisions, clock: Clock) -> None:
    one = made.open()
    clock.forward(days=4)
    moved = supervision_steps.move(
        made.store, no=one.no, due_on="2026-12-02", reason="等", was=one.due_at, by=made.head, now=made.now
    )
    assert moved.verdict == "late"
    late = made.open(due_on="2026-11-30")
    clock.forward(days=4)
    assert made.done(late).verdict == "late"


def test_a_deadline_moves_only_with_a_reason_and_by_those_over_all(store: Store, made: Decisions) -> None:
    one = made.open()
    said = {"no": one.no, "due_on": "2026-11-30", "reason": "等配件", "was": one.due_at}
    for changed, by, code in (
        ({"reason": " "}, made.manager, "reason_missing"),
        ({"due_on": "2026-11-26"}, made.manager, "deadline_same"),
        ({"was": "2026-11-25T09:30:00.000Z"}, made.manager, "changed_meanwhile"),
        ({}, made.maintenance, "not_permitted"),
    ):
        with pytest.raises(Refused, match=code):
            supervision_steps.move(store, **{**said, **changed}, by=by, now=made.now)
    for sql in (
        "UPDATE supervisions SET due_at = '2027-01-01T00:00:00.000Z'",
        "UPDATE supervision_deadlines SET due_at = '2027-01-01T00:00:00.000Z'",
        "INSERT INTO supervision_deadlines (supervision_id, due_at, reason, at, by_id) SELECT id, due_at, '', due_at, 1"
        " FROM supervisions",
    ):
        with pytest.raises(sqlite3.IntegrityError, match=r"silently|append-only|without a reason"):
            store.execute(sql)


def test_who_sees_and_who_reports(store: Store, made: Decisions, complaint: Case) -> None:
    alone = made.open(department="security")
    bound = made.open(case_no=complaint.no, department="security")

    def sees(by: Actor) -> set[str]:
        return {one.no for one in supervision_lists.listed(store, by=by, now=made.now).found}

    assert sees(made.manager) == sees(made.head) == {alone.no, bound.no}
    assert sees(made.desk) == {bound.no}, "the front tells the person of the case"
    assert sees(made.maintenance) == set()
    with pytest.raises(Refused, match="supervision_unknown"):
        made.done(alone)
    with pytest.raises(Refused, match="not_yours_to_report"):
        made.done(bound, by=Actor(Role.RECEPTIONIST, made.desk.id, "王琳", "service"))
    with pytest.raises(Refused, match="department_not_yours"):
        made.open(by=made.maintenance, department="security")
    own = made.open(by=made.maintenance, charge="sunlei")
    assert own.decided_name == "赵强" and sees(made.maintenance) == {own.no}
    assert (
        supervision_steps.hand_to(store, no=own.no, charge="zhaogang", by=made.maintenance, now=made.now).charge_name
        == "赵刚"
    )
    recorded = made.open(by=made.head, decided_by="zhouming")
    assert recorded.decided_name == "周明"


def test_what_is_sealed_is_supervised_by_those_who_may_know(store: Store, made: Decisions, complaint: Case) -> None:
    before = made.open()
    store.execute("UPDATE cases SET sealed = 1 WHERE id = ?", [complaint.id])
    with pytest.raises(Refused, match="sealed_from_charge"):
        made.open(case_no=complaint.no)
    store.execute("INSERT INTO case_readers (case_id, staff_id) VALUES (?, ?)", [complaint.id, made.maintenance.id])
    secret, after = made.open(case_no=complaint.no), made.open()
    # No gap tells the others that there is one.
    assert (before.no[-3:], after.no[-3:], secret.no[:2]) == ("001", "002", "DM")
    for by in (made.desk, actor(store, Role.TEAM_LEADER)):
        listed = supervision_lists.listed(store, by=by, now=made.now)
        assert secret.no not in {one.no for one in listed.found}
        assert supervision_lists.of_case(store, complaint.id, by=by) == []
        with pytest.raises(Refused, match="supervision_unknown"):
            supervision_records.find(store, secret.no, by=by)
    assert supervision_lists.listed(store, by=actor(store, Role.TEAM_LEADER), now=made.now).counts["running"] == 2
    assert secret.no in {one.no for one in supervision_lists.listed(store, by=made.maintenance, now=made.now).found}
    # Its slip came out nowhere: no printer stands apart from the visitors.
    assert store.value("SELECT count(*) FROM print_jobs WHERE part = ?", [secret.no]) == 0


def test_a_copy_of_the_slip_of_what_is_sealed_keeps_to_the_printer_behind_the_desk(
    store: Store, made: Decisions, complaint: Case
) -> None:
    printers.save(store, "front", label="自助机")
    one = made.open(case_no=complaint.no)
    job = str(store.value("SELECT id FROM print_jobs WHERE kind = 'supervision_slip'"))
    printed = "UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at"
    store.execute(printed)
    about_staff.seal(store, no=complaint.no, accused=["wanglin"], by=made.head, now=made.now)
    again: dict[str, Any] = {"job_id": job, "by": made.head}
    # The kiosk's is the only one: nothing comes out there.
    for chosen in ("", "front"):
        with pytest.raises(Refused, match="staff_printer_missing"):
            reprints.reprint(store, **again, nonce=f"a{chosen}", printer=chosen, now=made.now)
    printers.save(store, "back", label="后台")
    printers.route(store, SupervisionSlip.KIND, "back")
    copy = reprints.reprint(store, **again, nonce="b", now=made.now)
    row = store.row("SELECT printer, pinned, part FROM print_jobs WHERE id = ?", [copy])
    assert row is not None and tuple(row) == ("back", 1, one.no)


def test_what_had_not_come_out_when_a_complaint_was_sealed_never_does(
    store: Store, made: Decisions, complaint: Case
) -> None:
    made.open(case_no=complaint.no)
    waits = "SELECT count(*) FROM print_jobs WHERE ref = ? AND state = 'queued'"
    # The receipt with its matter, and the slip that bids whom it is about to see to it.
    assert store.value(waits, [cases.ref(complaint)]) == 2
    about_staff.seal(store, no=complaint.no, accused=["zhaoqiang"], by=made.head, now=made.now)
    assert store.value(waits, [cases.ref(complaint)]) == 0
    receipt = store.value("SELECT id FROM print_jobs WHERE kind = 'complaint_receipt'")
    copy = reprints.reprint(store, job_id=str(receipt), nonce="r", by=made.head, now=made.now)
    assert store.value("SELECT kind FROM print_jobs WHERE id = ?", [copy]) == "private_receipt"


def test_withdrawn_with_its_reason(store: Store, made: Decisions, complaint: Case) -> None:
    one = made.open(case_no=complaint.no)
    with pytest.raises(Refused, match="reason_missing"):
        supervision_steps.withdraw(store, no=one.no, reason="", by=made.manager, now=made.now)
    gone = supervision_steps.withdraw(store, no=one.no, reason="业主自行解决", by=made.manager, now=made.now)
    assert (gone.state, gone.verdict, gone.reason) == ("withdrawn", "withdrawn", "业主自行解决")
    with pytest.raises(Refused, match="step_not_now"):
        made.done(one)
    with pytest.raises(Refused, match="step_not_now"):
        made.tell(one)
    assert made.watch() == (0, 0)


def test_the_person_reads_how_it_is_followed_through(store: Store, made: Decisions, complaint: Case) -> None:
    def reads() -> list[str]:
        return [line.words.zh for line in supervision_view.of_case(store, complaint.id, now=made.clock())]

    assert reads() == []
    one = made.open(case_no=complaint.no)
    assert reads() == ["工程维修部 11月26日（周四）前落实，结果会告诉您"]
    made.clock.forward(days=4)
    assert reads()[0].startswith("工程维修部 原定 11月26日（周四） 前落实，抱歉已晚")
    made.done(one)
    assert reads() == ["工程维修部 已落实，我们会把结果告诉您"]
    made.tell(one)
    assert reads() == ["已落实，11月27日（周五）已告诉您结果"]
    # What was decided and done is told to him; the paper may be in other hands.
    assert "门禁" not in reads()[0]
    other = made.open(case_no=complaint.no, due_on="2026-12-01")
    supervision_steps.withdraw(store, no=other.no, reason="x", by=made.manager, now=made.now)
    assert reads()[0] == "这项跟进已取消，想了解原因请联系我们"


def test_lists_count_what_was_kept_and_what_late(store: Store, made: Decisions, clock: Clock) -> None:
    made.done(made.open())
    late, running, gone = made.open(), made.open(due_on="2026-12-01"), made.open()
    supervision_steps.withdraw(store, no=gone.no, reason="x", by=made.manager, now=made.now)
    clock.forward(days=4)
    made.done(late)
    listed = supervision_lists.listed(store, show="late", by=made.manager, now=made.now)
    assert listed.counts == {"running": 1, "overdue": 0, "untold": 0, "kept": 1, "late": 1, "withdrawn": 1}
    assert [one.no for one in listed.found] == [late.no]
    clock.forward(days=5)
    assert supervision_lists.overdue_count(store, by=made.manager, now=clock()) == 1
    assert supervision_lists.listed(store, show="overdue", by=made.manager, now=clock()).found[0].no == running.no
    # Of another month.
    assert supervision_lists.listed(store, show="kept", by=made.manager, now=clock()).counts["kept"] == 0
    assert (
        supervision_lists.listed(store, show="kept", month="2026-11", by=made.manager, now=clock()).counts["kept"] == 1
    )


def test_a_clock_set_back_says_nothing_of_lateness(made: Decisions, clock: Clock) -> None:
    made.open()
    clock.forward(days=-1)
    assert made.watch() == (0, 0)


def test_what_a_clock_that_ran_ahead_said_is_taken_back(store: Store, made: Decisions, clock: Clock) -> None:
    one, late = made.open(), made.open(due_on="2026-11-24")
    clock.forward(days=2)
    assert made.watch() == (1, 1)
    ahead = clock() + timedelta(days=400)
    supervision_steps.watch(store, by=BOX, now=ahead)
    assert made.again(one).state == made.again(late).state == "overdue"
    clock_care.correct(store, by=made.manager, now=clock.forward(minutes=1))
    # What was so before stays so.
    assert (made.again(one).state, made.again(one).verdict) == ("open", "")
    assert made.again(late).verdict == "late"
    assert made.watch() == (1, 0)
    assert made.done(one).verdict == "kept"


def test_what_was_decided_and_done_by_a_clock_that_ran_ahead_is_told_and_moved(
    store: Store, made: Decisions, complaint: Case, clock: Clock
) -> None:
    before = made.open(case_no=complaint.no)
    right = clock()
    clock.at = right + timedelta(days=365)
    told, moved = made.open(case_no=complaint.no, due_on="2027-11-25"), made.open(due_on="2027-11-25")
    assert (made.done(told).state, made.done(before).verdict) == ("done", "late")
    clock.at = right + timedelta(minutes=1)
    clock_care.correct(store, by=made.manager, now=clock())
    assert made.tell(made.again(told)).state == "closed"
    assert made.tell(made.again(before)).verdict == "kept"
    again = supervision_steps.move(
        store,
        no=moved.no,
        due_on="2026-11-26",
        reason="主机日期错了",
        was=moved.due_at,
        by=made.manager,
        now=made.now,
    )
    assert (again.state, again.verdict) == ("open", "")


def test_the_slip_prints_again_while_it_runs_and_not_after(store: Store, made: Decisions, complaint: Case) -> None:
    one = made.open(case_no=complaint.no)
    job = store.row("SELECT id, ref FROM print_jobs WHERE kind = 'supervision_slip'")
    assert job is not None and job["ref"] == cases.ref(complaint)
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    again = reprints.reprint(store, job_id=str(job["id"]), nonce="r", by=made.desk, now=made.now)
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    for _ in range(2):
        supervision_steps.print_slip(store, no=one.no, nonce="p", by=made.desk, now=made.now)
    jobs = "SELECT copy_no FROM print_jobs WHERE kind = 'supervision_slip' ORDER BY id"
    assert [row[0] for row in store.rows(jobs)] == [0, 1, 2]
    with pytest.raises(Refused, match="paper_on_its_way"):
        supervision_steps.print_slip(store, no=one.no, nonce="p2", by=made.desk, now=made.now)
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    made.done(one)
    with pytest.raises(Refused, match="step_not_now"):
        supervision_steps.print_slip(store, no=one.no, nonce="q", by=made.desk, now=made.now)
    with pytest.raises(Refused, match="not_reprintable"):
        reprints.reprint(store, job_id=str(again), nonce="s", by=made.desk, now=made.now)


def test_what_ends_while_its_slip_is_asked_for_prints_nothing(
    store: Store, made: Decisions, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = made.open()
    store.execute("UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at")
    found = supervision_records.find

    def meanwhile(*asked: Any, **by: Any) -> Supervision:
        stale = found(*asked, **by)
        monkeypatch.undo()
        made.done(one)
        return stale

    monkeypatch.setattr("reception.supervision_steps.find", meanwhile)
    with pytest.raises(Refused, match="step_not_now"):
        supervision_steps.print_slip(store, no=one.no, nonce="p", by=made.manager, now=made.now)


def finish_once(store: Store, gate: Gate, no: str, number: int, now: datetime) -> str:
    """Report it done, move it, or withdraw it, all at once; return what became of it."""
    by = actor(store, Role.MANAGER)
    try:
        if number == 0:
            supervision_steps.withdraw(store, no=no, reason="x", by=by, now=now)
        elif number == 1:
            supervision_steps.watch(store, by=BOX, now=now)
            return "watched"
        else:
            supervision_steps.finish(store, no=no, result=f"结果{number}", by=by, now=now)
    except Refused as refused:
        return refused.code
    return "ended"


def test_of_all_who_end_it_at_once_one_does(home: Path, store: Store, made: Decisions, clock: Clock) -> None:
    one = made.open()
    clock.forward(days=2)
    answers = race(home, *[(finish_once, one.no, number, clock()) for number in range(5)])
    assert sorted(answers) == ["ended", *["step_not_now"] * 3, "watched"]
    assert made.again(one).state in {"closed", "withdrawn"}
