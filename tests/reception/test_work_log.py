"""The work log: every intake is a line by itself, whatever its door; a day that is over does not change any more."""

import random
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from db.store import Store, writing
from reception import (
    bookings,
    case_care,
    closing,
    complaints,
    emergencies,
    hand_numbers,
    kinds,
    log_notes,
    log_paper,
    papers,
    queue,
    repairs,
    visits,
    work_log,
)
from reception.kinds import KINDS
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.life import FIVE_FIELDS, Life

PERSON: dict[str, Any] = {"name": "张建国", "phone": "13800005678", "unit": "1-1-101"}


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Who works there."""
    return Life(store, clock)


def read(store: Store, clock: Clock, role: Role = Role.MANAGER, **asked: str) -> list[work_log.Line]:
    return work_log.day(store, **asked, by=actor(store, role), now=clock()).lines


def serve(made: Life, line: str = "general", **said: Any) -> str:
    """Let somebody take a number at the kiosk and be served; return it, the visit still open."""
    made.count += 1
    ticket = visits.check_in(made.store, line=line, nonce=f"t{made.count}", **said, by=KIOSK, now=made.now)
    assert queue.call_next(made.store, counter="1", holding="", by=made.desk, now=made.now) is not None
    return ticket.no


def leave(made: Life, no: str) -> None:
    queue.complete(made.store, counter="1", holding=no, by=made.desk, now=made.now)


def a_complaint(made: Life, **more: Any) -> str:
    made.count += 1
    form = {**PERSON, "category": "noise", "facts": "夜里装修", **more}
    return complaints.register(made.store, nonce=f"c{made.count}", **form, by=made.desk, now=made.now).no


def at_the_kiosk(made: Life) -> str:
    made.count += 1
    form: dict[str, Any] = {**FIVE_FIELDS, "source": "kiosk", "nonce": f"k{made.count}"}
    return repairs.register(made.store, **form, by=KIOSK, now=made.now).no


def an_emergency(made: Life) -> str:
    made.count += 1
    return emergencies.register(
        made.store, nonce=f"e{made.count}", hazard="water", place="3号楼", by=made.desk, now=made.now
    ).no


def a_booking(made: Life) -> str:
    made.count += 1
    # One for each home and day.
    person = PERSON | {"unit": f"1-1-{made.count % 6 + 1}01"}
    return bookings.book(made.store, nonce=f"b{made.count}", **person, matter="车位", by=made.desk, now=made.now).no


def a_service(made: Life) -> str:
    no = serve(made)
    leave(made, no)
    return no


def a_matter_at_the_counter(made: Life) -> str:
    """A number, served, that led to a case: one line, that of the case."""
    no = serve(made, "complaint")
    visit = made.store.value("SELECT visit_id FROM tickets WHERE no = ?", [no])
    found = a_complaint(made, visit_id=visit)
    leave(made, no)
    return found


DOORS: list[Callable[[Life], str]] = [
    lambda made: made.register().no,
    lambda made: made.register(source="phone").no,
    lambda made: made.register(source="patrol").no,
    lambda made: made.dispatched().case_no,
    lambda made: made.finished().case_no,
    at_the_kiosk,
    a_complaint,
    an_emergency,
    a_booking,
    a_service,
    a_matter_at_the_counter,
]


@pytest.mark.parametrize("seed", range(4))
def test_every_intake_is_one_line_and_nothing_else_is(store: Store, clock: Clock, made: Life, seed: int) -> None:
    chance = random.Random(seed)
    expected = [chance.choice(DOORS)(made) for _ in range(14)]
    assert [line.no for line in sorted(read(store, clock), key=lambda line: expected.index(line.no))] == expected
    cases = {row["no"]: row["kind"] for row in store.rows("SELECT no, kind FROM cases")}
    for line in read(store, clock):
        assert line.kind == cases.get(line.no, work_log.SERVICE)
        assert line.result.zh and line.by_name.zh and line.title.zh


def test_a_line_tells_what_who_and_what_came_of_it(store: Store, clock: Clock, made: Life) -> None:
    at_the_kiosk(made)
    done = made.finished(category="power")
    first, second = read(store, clock, Role.RECEPTIONIST)
    assert (first.matter.zh, first.door.zh, first.by_id, first.by_name.zh) == ("水暖管道", "自助机", None, "自助机")
    assert first.result == KINDS["repair"].states["registered"]
    assert (second.no, second.by_id) == (done.case_no, made.desk.id)
    assert second.result == KINDS["repair"].states["rechecked"]
    # Whoever first acts on what the kiosk took in answers for it.
    made.dispatch(case_of(store, first.no))
    assert read(store, clock)[0].by_id == made.desk.id


def case_of(store: Store, no: str) -> Any:
    from reception import cases

    return cases.whole(store, store.value("SELECT id FROM cases WHERE no = ?", [no]))


def test_kinds_to_come_appear_by_themselves(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that it asks of a kind is that it is opened by `cases.open_case` and stands in KINDS."""
    from reception import cases
    from reception.visits import Particulars
    from reception.wording import Words

    kind = kinds.Kind("pigeon", Words("信鸽", "Pigeon"), {"open": Words("在飞", "Flying")}, lambda *_: None, None)  # type: ignore[arg-type]
    monkeypatch.setitem(KINDS, "pigeon", kind)
    desk = actor(store, Role.RECEPTIONIST)
    with writing(store):
        store.execute("INSERT INTO case_states (kind, state, terminal) VALUES ('pigeon', 'open', 0)")
        cases.open_case(
            store, kind="pigeon", series="GE", state="open", person=Particulars(), visit_id=None, department="service",
            by=desk, at=clock(),
        )  # fmt: skip
    (line,) = read(store, clock)
    assert (line.kind, line.title.zh, line.result.zh) == ("pigeon", "信鸽", "在飞")


def test_a_closed_day_does_not_change(store: Store, clock: Clock, made: Life) -> None:
    order, first, untouched = made.finished(), made.register(), at_the_kiosk(made)
    a_matter_at_the_counter(made)
    a_service(made)
    log_notes.write(store, nonce="n", kind="note", text="电梯保养", by=made.desk, now=made.now)
    day = closing.today(store, now=clock())
    closing.close_day(store, day=day, by=BOX, now=made.now)
    before = read(store, clock, on=day.isoformat())
    assert len(before) == 6
    clock.forward(days=1)
    store.execute("UPDATE repairs SET category = 'power' WHERE case_id = ?", [first.id])
    store.execute("UPDATE cases SET name = '改了', department = 'service' WHERE id = ?", [first.id])
    made.dispatch(first)
    made.dispatch(case_of(store, untouched))
    case_care.assign(store, no=first.no, owner="chenjing", by=made.head, now=made.now)
    from reception import acceptance

    acceptance.sign(store, order_no=order.no, how="paper", by=made.desk, now=made.now)
    clock.forward(days=3)
    assert read(store, clock, on=day.isoformat()) == before


def test_what_ends_later_is_a_line_of_that_day(store: Store, clock: Clock, made: Life) -> None:
    from reception import acceptance

    old = made.register()
    clock.forward(days=1)
    cancelled = made.register()
    for no in (old.no, cancelled.no):
        acceptance.cancel(store, no=no, reason="twice", channel="phone", text="重复", by=made.desk, now=made.now)
    ended, opened = sorted(read(store, clock), key=lambda line: line.kind)
    assert (ended.kind, ended.no, ended.result) == (work_log.ENDED, old.no, KINDS["repair"].states["cancelled"])
    assert (opened.kind, opened.no, opened.result) == ("repair", cancelled.no, KINDS["repair"].states["cancelled"])


def test_what_is_sealed_is_a_line_for_those_alone_who_may_know(store: Store, clock: Clock, made: Life) -> None:
    no = serve(made, "complaint")
    visit = store.value("SELECT visit_id FROM tickets WHERE no = ?", [no])
    plain = a_complaint(made)
    sealed = complaints.register(
        store, nonce="s", **PERSON, category="service", facts="态度恶劣", hears="service_head", visit_id=visit,
        by=made.head, now=made.now,
    ).no  # fmt: skip
    leave(made, no)
    assert {line.no for line in read(store, clock)} == {plain, sealed}
    # To the others somebody was served: no gap says that there was more.
    for role in (Role.RECEPTIONIST, Role.ASSISTANT):
        lines = read(store, clock, role)
        assert {(line.no, line.kind) for line in lines} == {(plain, "complaint"), (no, work_log.SERVICE)}
    # Paper lies about: it tells what everybody may know, whoever prints it.
    log_paper.print_day(store, nonce="p", by=made.head, now=made.now)
    facts = store.value("SELECT facts FROM print_jobs WHERE kind = 'work_log'")
    assert plain in facts and sealed not in facts and no in facts


def test_nothing_of_a_person_stands_in_the_log(store: Store, clock: Clock, made: Life) -> None:
    for door in DOORS:
        door(made)
    log_paper.print_day(store, nonce="p", by=made.desk, now=made.now)
    told = str(read(store, clock)) + store.value("SELECT facts FROM print_jobs WHERE kind = 'work_log'")
    for data in ("张建国", "13800005678", "5678", "1-1-101"):
        assert data not in told


def test_who_went_to_a_host_and_what_he_said_at_the_kiosk(store: Store, clock: Clock, made: Life) -> None:
    code = store.value("SELECT code FROM purposes WHERE line = 'general' AND parent IS NULL ORDER BY position")
    leave(made, serve(made, matters=[code], host="maintenance"))
    (line,) = read(store, clock)
    assert " · " in line.matter.zh and line.result.zh.startswith("去见")


def test_a_number_completed_by_mistake_is_no_service(store: Store, clock: Clock, made: Life) -> None:
    serve(made)
    visits.check_in(store, line="general", nonce="second", by=KIOSK, now=made.now)
    queue.call_next(store, counter="1", by=made.desk, now=made.now)
    assert [line.no for line in read(store, clock)] == ["A001"]
    queue.undo_call(store, counter="1", holding="A002", by=made.desk, now=made.now)
    assert read(store, clock) == []


def test_numbers_written_by_hand_are_lines_of_the_day_on_which_they_were_entered(
    store: Store, clock: Clock, made: Life
) -> None:
    hand_numbers.enter(
        store, line="general", first="1", last="2", taken_at="09:00", served="1", nonce="h", by=made.desk, now=made.now
    )
    assert [line.kind for line in read(store, clock)] == [work_log.SERVICE] * 2


def test_filters(store: Store, clock: Clock, made: Life) -> None:
    made.register()
    a_complaint(made)
    log_notes.write(store, nonce="n", kind="handover", text="钥匙在抽屉", by=made.assistant, now=made.now)
    assert [line.kind for line in read(store, clock, kind="complaint")] == ["complaint"]
    assert [line.kind for line in read(store, clock, handler=str(made.assistant.id))] == ["next-shift"]
    log = work_log.day(store, kind="complaint", by=made.desk, now=clock())
    assert (log.counts["repair"], log.counts["complaint"], log.counts["next-shift"]) == (1, 1, 1)
    for asked, code in [
        ({"on": "2026-13-01"}, "date_invalid"),
        ({"on": "0001-01-01"}, "date_invalid"),
        ({"on": "9999-12-31"}, "date_invalid"),
        ({"on": (closing.today(store, now=clock()) + timedelta(days=1)).isoformat()}, "date_invalid"),
        ({"kind": "x"}, "choice_unknown"),
        ({"handler": "x"}, "number_invalid"),
        ({"page": "0"}, "number_invalid"),
    ]:
        with pytest.raises(Refused, match=code):
            work_log.day(store, **asked, by=made.desk, now=clock())


def test_notes_are_written_once_read_once_and_never_changed(store: Store, clock: Clock, made: Life) -> None:
    for _ in range(2):
        note = log_notes.write(store, nonce="n", kind="handover", text="钥匙在抽屉", by=made.desk, now=made.now)
    assert log_notes.unread(store, by=made.desk, now=clock()) == [], "whoever wrote it knows it"
    assert [one.id for one in log_notes.unread(store, by=made.assistant, now=clock())] == [note]
    assert log_notes.read(store, by=made.assistant, now=made.now) == 1
    assert log_notes.read(store, by=made.assistant, now=made.now) == 0
    for sql in ("UPDATE log_notes SET text = 'x'", "DELETE FROM log_notes"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            store.execute(sql)
    for kind, text, code in [("x", "y", "choice_unknown"), ("note", " ", "text_missing")]:
        with pytest.raises(Refused, match=code):
            log_notes.write(store, nonce="m", kind=kind, text=text, by=made.desk, now=clock())


def test_the_paper_tells_the_day_and_how_much_more_there_is(
    store: Store, clock: Clock, made: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_paper, "MOST", 2)
    for _ in range(3):
        a_service(made)
    jobs = {log_paper.print_day(store, nonce="p", by=made.desk, now=made.now) for _ in range(2)}
    assert len(jobs) == 1, "a double press prints one"
    paper = papers.from_json("work_log", store.value("SELECT facts FROM print_jobs WHERE kind = 'work_log'"))
    assert isinstance(paper, papers.WorkLog)
    assert (len(paper.lines), paper.more) == (2, 1)
    assert dict(zip((label.zh for label in paper.figures), paper.counts, strict=True))["窗口接待"] == "3"


def test_outsiders_of_the_desk_have_no_log(store: Store, clock: Clock) -> None:
    for who in (actor(store, Role.WORKER), actor(store, Role.DEPARTMENT_HEAD), Actor(Role.KIOSK), BOX):
        with pytest.raises(Refused, match="not_permitted"):
            work_log.day(store, by=who, now=clock())


def test_an_alarm_at_the_kiosk_came_by_the_kiosk(store: Store, clock: Clock, made: Life) -> None:
    emergencies.raise_alarm(store, hazard="gas", nonce="a", by=KIOSK, now=made.now)
    (line,) = read(store, clock)
    assert (line.kind, line.door.zh, line.matter) == ("emergency", "自助机", emergencies.HAZARDS["gas"])


def test_what_was_left_to_the_next_shift_is_news_for_a_week(store: Store, clock: Clock, made: Life) -> None:
    log_notes.write(store, nonce="n", kind="handover", text="钥匙在抽屉", by=made.desk, now=made.now)
    clock.forward(days=6)
    assert log_notes.unread(store, by=made.assistant, now=clock())
    clock.forward(days=2)
    assert not log_notes.unread(store, by=made.assistant, now=clock())


def test_no_line_has_the_code_of_another_kind() -> None:
    assert not work_log.OTHERS.keys() & KINDS.keys()
