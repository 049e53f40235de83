"""Incidents: their way, whom they exist for, the two working days, and what a refusal leaves as it was."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    cases,
    due,
    incident_facts,
    incident_figures,
    incident_lists,
    incident_slips,
    incident_steps,
    incidents,
    kinds,
    queue,
    seals,
    sequences,
    tickets,
    working_calendar,
)
from reception.cases import Case
from reception.permissions import BOX, KIOSK, MAY, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as clocks
from reception.rules import incident_states
from reception.rules.local_times import written
from reception.site import configure, site
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.reception.test_races import Gate, race

RECORD: dict[str, Any] = {
    "headcount": "3",
    "composition": "业主两人、记者一人",
    "purpose": "反映电梯",
    "media": "1",
    "facts": "三人到窗口大声说话",
    "actions": "引导到洽谈室，主任接待",
    "result": "约定三日内答复",
}


class Incidents:
    """Raises incidents and walks them on, each act a minute after the one before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store, self.clock, self._made = store, clock, 0
        self.desk = actor(store, Role.RECEPTIONIST)
        self.head = actor(store, Role.SERVICE_HEAD)
        self.manager = actor(store, Role.MANAGER)

    @property
    def also(self) -> dict[str, Any]:
        """By whom and when, for the desk."""
        return {"by": self.desk, "now": self.clock.forward(minutes=1)}

    def serve(self) -> str:
        """Let a visitor stand at counter 1; return the number."""
        check_in(self.store, line="general", nonce=f"t{self.clock.forward(minutes=1)}", by=KIOSK, now=self.clock())
        ticket = queue.call_next(self.store, counter="1", **self.also)
        assert ticket is not None
        return ticket.no

    def press(self, counter: str | None = "1", by: Actor | None = None) -> Case:
        """Press the silent key."""
        self._made += 1
        also = self.also | ({"by": by} if by else {})
        return incidents.press(self.store, nonce=f"p{self._made}", counter=counter, **also)

    def handled(self, letter: str = "A", counter: str | None = None) -> Case:
        """Walk one until it is over."""
        self.clock.forward(minutes=11)
        case = self.press(counter)
        incident_steps.classify(self.store, no=case.no, where="office", letter=letter, **self.also)
        return incident_steps.handle(self.store, no=case.no, **self.also)

    def filed(self, letter: str = "A") -> Case:
        """Walk one until its record is filed."""
        case = self.handled(letter)
        incident_steps.record(self.store, no=case.no, version="0", **RECORD, **self.also)
        return incident_steps.report(self.store, no=case.no, **self.also)


@pytest.fixture
def made(store: Store, clock: Clock) -> Incidents:
    return Incidents(store, clock)


def state(store: Store, case: Case) -> str:
    return str(store.value("SELECT state FROM cases WHERE id = ?", [case.id]))


def test_the_whole_way_of_an_incident(store: Store, made: Incidents) -> None:
    no = made.serve()
    case = made.press()
    assert case.state == "open" and case.sealed == 1 and case.visit_id is None
    assert incident_facts.details(store, case).ticket_no == no
    assert [one.no for one in incident_facts.live(store, by=made.head)] == [case.no]
    incidents.acknowledge(store, no=case.no, by=made.manager, now=made.clock.forward(minutes=1))
    incident_steps.classify(store, no=case.no, where="office", letter="C", **made.also)
    incidents.lead_away(store, no=case.no, place="洽谈室", **made.also)
    ticket = tickets.by_no(store, no, by=made.desk)
    assert (ticket.state, ticket.park_reason, ticket.counter) == ("parked", "specialist", None)
    assert incident_steps.contain(store, no=case.no, **made.also).state == "contained"
    incident_steps.escalate(store, no=case.no, reason="人越来越多", **made.also)
    assert incident_steps.handle(store, no=case.no, **made.also).state == "handled"
    with pytest.raises(Refused, match="record_incomplete"):
        incident_steps.report(store, no=case.no, **made.also)
    incident_steps.record(store, no=case.no, version="0", **RECORD, **made.also)
    assert incident_steps.report(store, no=case.no, **made.also).state == "reported"
    with pytest.raises(Refused, match="step_not_now"):
        incident_steps.record(store, no=case.no, version="1", **RECORD, **made.also)
    with pytest.raises(Refused, match="not_permitted"):
        incident_steps.archive(store, no=case.no, **made.also)
    now = made.clock.forward(minutes=1)
    assert incident_steps.archive(store, no=case.no, by=made.manager, now=now).closed_at
    kept = incident_facts.details(store, case)
    assert kept.archive_no == "TF2026-001" and kept.receiver == made.manager.name and kept.place == "洽谈室"


def test_two_presses_are_one_incident_and_another_visitor_is_another(store: Store, made: Incidents) -> None:
    made.serve()
    first = made.press()
    assert made.press().no == first.no
    made.serve()
    other = made.press()
    assert other.no != first.no
    made.clock.forward(minutes=11)
    assert made.press().no not in {first.no, other.no}


def test_the_same_nonce_is_the_same_incident(store: Store, made: Incidents) -> None:
    first = incidents.press(store, nonce="n", counter="1", **made.also)
    made.clock.forward(hours=1)
    assert incidents.press(store, nonce="n", counter="1", **made.also).no == first.no
    with pytest.raises(Refused, match="nonce_reused"):
        incidents.press(store, nonce="n", counter="2", **made.also)


def test_numbers_tell_nothing(store: Store, made: Incidents, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda most: next(drawn))
    first = made.press(None)
    made.clock.forward(minutes=11)
    assert [first.no[-3:], made.press(None).no[-3:]] == ["107", "108"]
    assert not store.rows("SELECT 1 FROM sequences WHERE series LIKE 'TX%' OR series LIKE 'TF%'")


def test_an_incident_is_never_open(store: Store, made: Incidents) -> None:
    case = made.press()
    with pytest.raises(Exception, match="an incident is sealed"), writing(store):
        store.execute("UPDATE cases SET sealed = 0 WHERE id = ?", [case.id])


def test_who_it_exists_for(store: Store, made: Incidents) -> None:
    case = made.press()
    assistant, leader = actor(store, Role.ASSISTANT), actor(store, Role.TEAM_LEADER)
    for outsider in (assistant, leader, actor(store, Role.DEPARTMENT_HEAD)):
        assert incident_facts.live(store, by=outsider) == [] and incident_facts.listed(store, by=outsider) == []
        with pytest.raises(Refused, match="case_unknown"):
            incident_facts.find(store, case.no, by=outsider)
    # Not even those let in find it where others look too; nor does the box, whose lists others read.
    assert not seals.is_open(store, case.id, by=BOX)
    for insider in (made.desk, made.head, made.manager):
        assert incident_facts.find(store, case.no, by=insider).no == case.no
        assert cases.open_counts(store, by=insider).get("incident") is None
        assert not seals.is_open(store, case.id, by=insider)
        with pytest.raises(Refused, match="case_unknown"):
            cases.find(store, case.no, by=insider)
    for code in (case.token, case.token.lower()):
        with pytest.raises(Refused, match="code_unknown"):
            kinds.case_of_code(store, code)


def test_whom_it_concerns_sees_it_no_more_and_of_the_head_the_manager_alone_hears(
    store: Store, made: Incidents
) -> None:
    case = made.press()
    incidents.acknowledge(store, no=case.no, by=made.head, now=made.clock.forward(minutes=1))
    now = made.clock.forward(minutes=1)
    incident_steps.name_concerned(store, no=case.no, logins=["chenjing", "wanglin"], by=made.manager, now=now)
    row = store.row("SELECT sealed, owner_id FROM cases WHERE id = ?", [case.id])
    assert row is not None and tuple(row) == (2, made.manager.id)
    assert incident_facts.details(store, case).receiver == ""
    for concerned in (made.head, made.desk):
        assert incident_facts.listed(store, by=concerned) == [] and incident_facts.live(store, by=concerned) == []
        with pytest.raises(Refused, match="case_unknown"):
            incident_facts.find(store, case.no, by=concerned)
    with pytest.raises(Refused, match="concerned_oneself"):
        incident_steps.name_concerned(store, no=case.no, logins=["zhouming"], by=made.manager, now=now)
    # Named by mistake: whoever still sees it takes it back.
    incident_steps.name_concerned(store, no=case.no, logins=[], by=made.manager, now=now)
    assert incident_facts.find(store, case.no, by=made.head).sealed == 1


def test_somebody_is_always_left_to_see_it(store: Store, made: Incidents) -> None:
    case = made.press()
    heads = [row[0] for row in store.rows("SELECT login FROM staff WHERE role IN ('service_head', 'manager')")]
    with pytest.raises(Refused, match="nobody_left"):
        incident_steps.name_concerned(store, no=case.no, logins=heads, **made.also)
    assert incident_facts.concerned(store, case) == []
    assert incident_facts.find(store, case.no, by=made.head).sealed == 1


def test_who_is_on_the_list_and_works_here_is_let_in_when_his_moment_comes(store: Store, made: Incidents) -> None:
    lists = "UPDATE incident_contacts SET staff = ? WHERE site = 'office' AND class = ? AND moment = ?"
    people = {role: actor(store, role) for role in (Role.ASSISTANT, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD)}
    logins = {role: store.value("SELECT login FROM staff WHERE id = ?", [one.id]) for role, one in people.items()}
    with writing(store):
        store.execute(lists, [logins[Role.ASSISTANT], "C", "at_once"])
        store.execute(lists, [logins[Role.TEAM_LEADER], "A", "media"])
        store.execute(lists, [logins[Role.DEPARTMENT_HEAD], "A", "out_of_control"])
    case = made.press()

    def reads(role: Role) -> bool:
        return bool(incident_facts.live(store, by=people[role]))

    assert not any(map(reads, people))
    incident_steps.classify(store, no=case.no, where="office", letter="A", **made.also)
    assert not any(map(reads, people)), "of another class, or not yet"
    incident_steps.record(store, no=case.no, version="0", media="1", **made.also)
    assert reads(Role.TEAM_LEADER) and not reads(Role.DEPARTMENT_HEAD)
    incident_steps.escalate(store, no=case.no, reason="控制不住", **made.also)
    assert reads(Role.DEPARTMENT_HEAD) and not reads(Role.ASSISTANT)
    incident_steps.classify(store, no=case.no, where="office", letter="C", **made.also)
    assert reads(Role.ASSISTANT)


def test_who_is_called_if_needed_is_let_in_when_he_is_called(store: Store, made: Incidents) -> None:
    with writing(store):
        store.execute("UPDATE incident_contacts SET staff = 'liuyang' WHERE moment = 'if_needed'")
    case, assistant = made.press(), actor(store, Role.ASSISTANT)
    incident_steps.classify(store, no=case.no, where="office", letter="B", **made.also)
    assert incident_facts.live(store, by=assistant) == []
    listed = incident_lists.contacts(store, case, "office", "B", now=made.clock())
    one = next(one for one in listed if one.moment == "if_needed")
    incident_steps.notify(store, no=case.no, contact=str(one.id), channel="phone", reached="1", **made.also)
    assert [one.no for one in incident_facts.live(store, by=assistant)] == [case.no]


def test_the_turn_goes_down_the_list(store: Store, made: Incidents) -> None:
    case = made.press()
    incident_steps.classify(store, no=case.no, where="office", letter="C", **made.also)

    def turn() -> list[str]:
        listed = incident_lists.contacts(store, case, "office", "C", now=made.clock())
        return [one.title.zh for one in listed if one.next_now]

    def told(reached: str) -> None:
        listed = incident_lists.contacts(store, case, "office", "C", now=made.clock())
        one = next(one for one in listed if one.next_now)
        incident_steps.notify(store, no=case.no, contact=str(one.id), channel="phone", reached=reached, **made.also)

    assert turn() == ["管理处主任"]
    told("0")
    assert turn() == [], "he may call back"
    made.clock.forward(minutes=5)
    assert turn() == ["安全主管"]
    told("1")
    assert turn() == ["公司行政公关部"]
    assert [one.reached for one in incident_lists.notices(store, case)] == [False, True]


@pytest.mark.parametrize(
    ("handled", "due_on"),
    [("2026-09-18", "2026-09-21"), ("2026-09-30", "2026-10-09"), ("2026-10-09", "2026-10-12")],
)
def test_the_record_is_due_in_two_working_days(store: Store, made: Incidents, handled: str, due_on: str) -> None:
    working_calendar.load_official_days(store)
    configure(store, hours_work="08:30-12:00,13:30-17:30")
    made.clock.at = datetime.fromisoformat(f"{handled}T02:00:00+00:00")
    case = made.handled()
    found = incident_facts.details(store, case).report_due_at
    assert written(clocks.from_text(found), zone=site(store).zone) == f"{due_on} 17:30"
    # The days are a setting.
    configure(store, incident_report_working_days=1)
    again = incident_facts.details(store, made.handled()).report_due_at
    assert again < found


def test_a_late_record_is_on_no_common_list_of_deadlines(store: Store, made: Incidents) -> None:
    case = made.handled()
    made.clock.forward(days=9)
    due.escalate_due(store, by=BOX, now=made.clock())
    for reader in (made.desk, made.head, made.manager):
        assert due.due_list(store, by=reader, now=made.clock()) == []
        assert due.overdue_count(store, by=reader, now=made.clock()) == 0
        assert due.people_of(store, by=reader) == []
    assert incident_facts.listed(store, by=made.head)[0].due_at < clocks.to_text(made.clock())
    assert case.no


def test_figures_are_not_broken_down_below_five(store: Store, made: Incidents) -> None:
    def figures() -> incident_figures.Figures:
        return incident_figures.of_year(store, "", by=made.manager, now=made.clock())

    for _ in range(5):
        made.filed("A")
    made.handled("B")
    withdrawn = made.press()
    incident_steps.withdraw(store, no=withdrawn.no, reason="误按", **made.also)
    found = figures()
    assert (found.total, found.by_class, found.in_time, found.due) == (6, None, 5, 5)
    for _ in range(4):
        made.handled("B")
    assert [count for _, count in figures().by_class or ()] == [5, 5, 0]
    made.clock.forward(days=9)
    assert (figures().in_time, figures().due, figures().percent) == (5, 10, 50)
    with pytest.raises(Refused, match="number_invalid"):
        incident_figures.of_year(store, "x", by=made.manager, now=made.clock())


@pytest.mark.parametrize("text", ["拨打 １３８００１３８０００", "住在 1-1-101", "3 号楼的业主", "当时王琳在场"])
def test_a_case_study_tells_of_nobody(store: Store, made: Incidents, text: str) -> None:
    case = made.filed()
    now = made.clock.forward(minutes=1)
    incident_steps.archive(store, no=case.no, by=made.head, now=now)
    with pytest.raises(Refused, match="study_tells_who"):
        incident_steps.keep_study(store, no=case.no, title="案例", text=text, by=made.head, now=now)
    incident_steps.keep_study(
        store, no=case.no, title="多人到访", text="先请到洽谈室，再请负责人 face-to-face。", by=made.head, now=now
    )
    assert incident_facts.details(store, case).study_title == "多人到访"


def test_pressed_by_mistake_it_is_withdrawn_and_kept(store: Store, made: Incidents) -> None:
    case = made.press()
    with pytest.raises(Refused, match="reason_missing"):
        incident_steps.withdraw(store, no=case.no, reason=" ", **made.also)
    assert incident_steps.withdraw(store, no=case.no, reason="误按", **made.also).closed_at
    assert incident_facts.find(store, case.no, by=made.head).state == "withdrawn"
    assert incident_facts.live(store, by=made.head) == []


def test_two_who_write_the_record_at_once(store: Store, made: Incidents) -> None:
    case = made.press()
    incident_steps.record(store, no=case.no, version="0", facts="甲写的", **made.also)
    with pytest.raises(Refused, match="changed_meanwhile"):
        incident_steps.record(store, no=case.no, version="0", facts="乙写的", **made.also)
    assert incident_facts.details(store, case).facts == "甲写的"


def test_the_slip_never_comes_out_at_the_kiosk(store: Store, made: Incidents) -> None:
    from db import printers

    case = made.press()
    with pytest.raises(Refused, match="staff_printer_missing"):
        incident_slips.print_slip(store, no=case.no, **made.also)
    with writing(store):
        printers.save(store, "back", address="tcp://127.0.0.1:9101")
        printers.route(store, "at_desk", "back")
    incident_slips.print_slip(store, no=case.no, **made.also)
    row = store.row("SELECT printer, facts FROM print_jobs WHERE kind = 'reception_slip'")
    assert row is not None and row["printer"] == "back" and "突发" not in row["facts"]


def come(store: Store, gate: Gate, no: str, role: Role, now: datetime) -> int:
    """Say that one saw it; return whether he receives the visitor, as his own event says."""
    gate.wait(60)
    by = actor(store, role)
    incidents.acknowledge(store, no=no, by=by, now=now)
    found = store.value("SELECT detail FROM events WHERE what = 'acknowledge_incident' AND by_id = ?", [by.id])
    return int('"receives": 1' in str(found))


def test_of_two_who_come_at_once_one_receives(home: Path, store: Store, made: Incidents) -> None:
    case = made.press()
    first = race(home, *[(come, case.no, role, made.clock()) for role in (Role.SERVICE_HEAD, Role.MANAGER)])
    assert sorted(first) == [0, 1]
    assert len(incident_facts.seen_by(store, case)) == 2
    # Whoever comes later takes nothing away.
    receiver = incident_facts.details(store, case).receiver
    incidents.acknowledge(store, no=case.no, by=made.desk, now=made.clock.forward(minutes=1))
    assert incident_facts.details(store, case).receiver == receiver != ""


NO = "TX20260101-100"
# What each act asks for, and a call of it that is refused for other reasons once the role is right.
CELLS: dict[str, tuple[str, Callable[..., Any]]] = {
    "press": ("raise_incident", lambda s, **who: incidents.press(s, nonce="", counter=None, **who)),
    "register": ("raise_incident", lambda s, **who: incidents.register(s, nonce="n", where="", arrival="", **who)),
    "acknowledge": ("acknowledge_incident", lambda s, **who: incidents.acknowledge(s, no=NO, **who)),
    "lead_away": ("work_on_incident", lambda s, **who: incidents.lead_away(s, no=NO, place="x", **who)),
    "classify": ("work_on_incident", lambda s, **who: incident_steps.classify(s, no=NO, where="", letter="", **who)),
    "notify": (
        "work_on_incident",
        lambda s, **who: incident_steps.notify(s, no=NO, contact="1", channel="", reached="", **who),
    ),
    "escalate": ("work_on_incident", lambda s, **who: incident_steps.escalate(s, no=NO, reason="", **who)),
    "record": ("work_on_incident", lambda s, **who: incident_steps.record(s, no=NO, version="0", **who)),
    "contain": ("work_on_incident", lambda s, **who: incident_steps.contain(s, no=NO, **who)),
    "handle": ("work_on_incident", lambda s, **who: incident_steps.handle(s, no=NO, **who)),
    "report": ("work_on_incident", lambda s, **who: incident_steps.report(s, no=NO, **who)),
    "withdraw": ("work_on_incident", lambda s, **who: incident_steps.withdraw(s, no=NO, reason="", **who)),
    "name_concerned": ("work_on_incident", lambda s, **who: incident_steps.name_concerned(s, no=NO, logins=[], **who)),
    "slip": ("work_on_incident", lambda s, **who: incident_slips.print_slip(s, no=NO, **who)),
    "archive": ("archive_incident", lambda s, **who: incident_steps.archive(s, no=NO, **who)),
    "study": ("archive_incident", lambda s, **who: incident_steps.keep_study(s, no=NO, title="", text="", **who)),
    "find": ("see_incidents", lambda s, by, now: incident_facts.find(s, NO, by=by)),
    "listed": ("see_incidents", lambda s, by, now: incident_facts.listed(s, by=by)),
    "figures": ("see_incident_figures", lambda s, by, now: incident_figures.of_year(s, "", by=by, now=now)),
}


def test_every_act_asks_its_cell_first(store: Store, clock: Clock) -> None:
    before = store.connection.total_changes
    for name, (cell, act) in CELLS.items():
        for role in Role:
            code = ""
            try:
                act(store, by=actor(store, role), now=clock())
            except Refused as refused:
                code = refused.code
            assert (code == "not_permitted") == (role not in MAY[cell]), (name, role, code)
    assert store.connection.total_changes == before


def test_every_step_is_done_only_in_its_states(store: Store, made: Incidents) -> None:
    assert {one.after for one in incident_states.STEPS.values()} - {None} | {"open"} == set(incident_facts.STATES)
    assert all(not incident_states.STEPS[act].before & {"withdrawn"} for act in incident_states.STEPS)


def test_numbers_that_are_drawn_begin_where_those_of_practice_do(store: Store, clock: Clock) -> None:
    assert 100 <= int(sequences.drawn_no(store, "TX", clock())[-3:]) < 1000
    store.execute("INSERT INTO settings (key, value) VALUES ('numbers_from', '900')")
    for _ in range(9):
        assert int(sequences.drawn_no(store, "TX", clock())[-3:]) > 900
