"""The list of cases, the board, workers' days, the file of a home: what they show, to whom, by which indexes."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.store import Store, writing
from reception import case_filters, case_lists, complaints, home_files, order_steps, repair_board, worker_days
from reception.case_filters import ALL, CLOSED, Filter
from reception.permissions import MAY, Actor, Role
from reception.refusal import Refused
from reception.reveals import Reason
from tests.conftest import Clock, actor
from tests.reception.life import NAME, PHONE, Life, deadline
from tests.test_plans import heard

WALK = re.compile(
    r"SCAN (cases|events|work_orders|repairs|clocks|deadlines|follow_ups|survey_responses|visits|tickets)\b"
)


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Life to take where a test wants them."""
    return Life(store, clock)


def numbers(store: Store, wanted: Filter, by: Actor, clock: Clock) -> list[str]:
    return [entry.case.no for entry in case_lists.found(store, wanted, by=by, now=clock()).entries]


def test_each_filter_finds_its_own(store: Store, clock: Clock, made: Life) -> None:
    leak = made.register(urgency="urgent", source="phone")
    lamp = made.register(category="power", unit="1-1-102")
    order = made.dispatch(lamp)
    made.sign(lamp, order)
    noise = complaints.register(
        store, nonce="c", name=NAME, phone=PHONE, category="noise", facts="吵", wish="", by=made.head, now=made.now
    )
    deadline(store, leak, clock() - timedelta(minutes=1))
    deadline(store, lamp, clock() - timedelta(minutes=1), stopped=clock() - timedelta(hours=1))
    by = made.desk
    home = store.value("SELECT unit_id FROM cases WHERE no = ?", [lamp.no])
    found = {
        "kind": (Filter(kind="complaint"), [noise.no]),
        "state": (Filter(states=("signed",)), [lamp.no]),
        "department": (Filter(department="service"), [noise.no]),
        "owner": (Filter(owner="chenjing"), [noise.no]),
        "worker": (Filter(worker="zhaogang"), [lamp.no]),
        "category": (Filter(kind="repair", category="power"), [lamp.no]),
        "urgency": (Filter(urgency="urgent"), [leak.no]),
        "liability": (Filter(liability="common"), [lamp.no]),
        "source": (Filter(source="phone"), [leak.no]),
        "overdue": (Filter(overdue=True), [leak.no]),
        "home": (Filter(home=home), [lamp.no]),
        "mine": (Filter(only="mine"), [lamp.no, leak.no]),
        "our department": (Filter(only="department"), [noise.no]),
        "from": (Filter(received_from=date(2026, 11, 24)), []),
        "to": (Filter(received_to=date(2026, 11, 22)), []),
        "today": (
            Filter(received_from=date(2026, 11, 23), received_to=date(2026, 11, 23)),
            [noise.no, lamp.no, leak.no],
        ),
        "over": (Filter(scope=CLOSED), []),
        "all": (Filter(scope=ALL), [noise.no, lamp.no, leak.no]),
        "oldest": (Filter(sort="oldest"), [leak.no, lamp.no, noise.no]),
        "due first": (Filter(sort="deadline"), [leak.no, noise.no, lamp.no]),
    }
    assert {name: numbers(store, wanted, by, clock) for name, (wanted, _) in found.items()} == {
        name: expected for name, (_, expected) in found.items()
    }


def test_an_order_that_came_back_is_no_worker_s(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    order = made.dispatch(case)
    order_steps.send_back(store, order_no=order, reason="no_time", by=made.desk, now=made.now)
    assert numbers(store, Filter(worker="zhaogang"), made.desk, clock) == []
    assert case_lists.found(store, Filter(), by=made.desk, now=clock()).entries[0].worker == ""


def test_a_suspended_repair_is_not_overdue(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    order = made.dispatch(case)
    order_steps.accept(store, order_no=order, by=made.desk, now=made.now)
    deadline(store, case, clock() + timedelta(hours=1))
    order_steps.suspend(store, order_no=order, reason="material", by=made.desk, now=made.now)
    clock.forward(hours=2)
    entry = case_lists.found(store, Filter(), by=made.desk, now=clock()).entries[0]
    assert entry.deadline is not None and entry.deadline.stage == "paused"
    assert numbers(store, Filter(overdue=True), made.desk, clock) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": ["nonsense"]}, "choice_unknown"),
        ({"kind": ["repair"], "state": ["received"]}, "choice_unknown"),
        ({"kind": ["repair"], "category": ["noise"]}, "choice_unknown"),
        ({"category": ["water"]}, "choice_unknown"),
        ({"urgency": ["very"]}, "choice_unknown"),
        ({"liability": ["free"]}, "choice_unknown"),
        ({"source": ["moon"]}, "choice_unknown"),
        ({"scope": ["some"]}, "choice_unknown"),
        ({"sort": ["name"]}, "choice_unknown"),
        ({"only": ["yours"]}, "choice_unknown"),
        ({"department": ["nowhere"]}, "department_unknown"),
        ({"owner": ["nobody"]}, "staff_unknown"),
        ({"worker": ["nobody"]}, "worker_unknown"),
        ({"overdue": ["perhaps"]}, "flag_invalid"),
        ({"from": ["2026-02-30"]}, "date_invalid"),
        ({"to": ["0001-01-01"]}, "date_invalid"),
        ({"from": ["2026-11-02"], "to": ["2026-11-01"]}, "dates_reversed"),
    ],
)
def test_a_bad_filter_is_refused(store: Store, fields: dict[str, list[str]], code: str) -> None:
    with pytest.raises(Refused, match=code):
        case_filters.parse(store, fields)


def test_a_state_says_itself_whether_its_cases_are_over(store: Store) -> None:
    assert case_filters.parse(store, {"state": ["closed"]}).scope == ALL
    assert case_filters.parse(store, {"scope": ["closed"], "state": ["signed"]}).scope == case_filters.OPEN


def test_pages(store: Store, clock: Clock, made: Life) -> None:
    cases = [made.register().no for _ in range(case_lists.PAGE + 3)]
    first = case_lists.found(store, Filter(), by=made.desk, now=clock())
    last = case_lists.found(store, Filter(), page=99, by=made.desk, now=clock())
    assert (first.total, first.pages, first.page, last.page) == (len(cases), 2, 1, 2)
    assert [entry.case.no for entry in (*first.entries, *last.entries)] == cases[::-1]
    assert len(case_lists.everything(store, Filter(), by=made.desk, now=clock())) == len(cases)


LIMITED = [Role.DEPARTMENT_HEAD, Role.TEAM_LEADER]


@pytest.mark.parametrize("role", LIMITED)
def test_a_head_of_department_sees_his_own_alone(store: Store, clock: Clock, made: Life, role: Role) -> None:
    ours = made.register()
    theirs = made.register(unit="1-1-102", source="phone")
    order = made.dispatch(theirs, worker="")
    noise = complaints.register(
        store,
        nonce="c",
        name=NAME,
        phone=PHONE,
        unit="1-1-101",
        category="noise",
        facts="吵",
        wish="",
        by=made.desk,
        now=made.now,
    )
    with writing(store):
        store.execute("UPDATE cases SET department = 'security' WHERE id = ?", [theirs.id])
        store.execute("UPDATE work_orders SET department = 'security' WHERE no = ?", [order])
    head = actor(store, role)
    for wanted in (
        Filter(),
        Filter(scope=ALL),
        Filter(department="security"),
        Filter(department="service"),
        Filter(owner="wanglin"),
        Filter(home=theirs.unit.id if theirs.unit else 0, scope=ALL),
        Filter(sort="deadline"),
    ):
        seen = set(numbers(store, wanted, head, clock))
        assert seen <= {ours.no}, wanted
        assert {e.case.no for e in case_lists.everything(store, wanted, by=head, now=clock())} <= {ours.no}
    assert numbers(store, Filter(), head, clock) == [ours.no]
    for department in ("", "security"):
        board = repair_board.board(store, department=department, by=head, now=clock())
        assert {card.no for column in board.columns for card in column.cards} <= {ours.no}
    assert [code for code, _ in board.departments] == ["maintenance"]
    assert worker_days.workshop(store, by=head, now=clock()).unclaimed == ()
    file = home_files.look_up(store, "1-1-101", by=head, now=clock())
    assert [entry.case.no for entry in file.cases] == [ours.no] and noise.no not in str(file)
    assert home_files.look_up(store, "1-1-102", by=head, now=clock()).cases == ()
    with pytest.raises(Refused, match="home_not_yours"):
        home_files.reveal(store, "1-1-102", why=Reason("asked"), by=head, now=clock())
    assert home_files.reveal(store, "1-1-101", why=Reason("asked"), by=head, now=clock()).residents[0].phone == PHONE


def test_another_department_s_worker_is_unknown_to_a_head(store: Store, clock: Clock) -> None:
    with writing(store):
        store.execute("UPDATE staff SET department = 'security' WHERE login = 'zhaogang'")
    head = actor(store, Role.DEPARTMENT_HEAD)
    assert [day.login for day in worker_days.workshop(store, by=head, now=clock()).workers] == ["sunlei"]
    with pytest.raises(Refused, match="worker_unknown"):
        worker_days.day_sheet(store, "zhaogang", by=head, now=clock())
    assert worker_days.day_sheet(store, "zhaogang", by=actor(store, Role.MANAGER), now=clock()).login == "zhaogang"


def test_lists_show_nobody_whole_but_to_the_holder(store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    made.dispatch(case)
    home = case.unit.id if case.unit else 0
    for role in MAY["see_cases"]:
        by = actor(store, role)
        holds = by.id == made.desk.id
        entries = case_lists.found(store, Filter(home=home, scope=ALL), by=by, now=clock()).entries
        table = case_lists.rows(store, entries)
        assert (NAME in str(entries)) is (PHONE in str(table)) is holds, role
        assert PHONE not in str(repair_board.board(store, by=by, now=clock()))
        shop = worker_days.workshop(store, by=by, now=clock())
        sheet = worker_days.day_sheet(store, "zhaogang", by=by, now=clock())
        for shown in (shop, sheet, worker_days.rows(store, shop)):
            assert NAME not in str(shown) and PHONE not in str(shown), role
            assert "138****5678" in str(shown)
        file = home_files.look_up(store, "1-1-101", by=by, now=clock())
        assert (PHONE in str(file.residents), PHONE in str(file.cases)) == (False, holds), role


def test_rows_have_the_columns_that_are_named(store: Store, clock: Clock, made: Life) -> None:
    made.dispatch(made.register())
    entries = case_lists.everything(store, Filter(), by=made.head, now=clock())
    shop = worker_days.workshop(store, by=made.head, now=clock())
    for columns, rows in (
        (case_lists.columns(), case_lists.rows(store, entries)),
        (worker_days.columns(), worker_days.rows(store, shop)),
    ):
        assert rows and all(list(row) == [key for key, _ in columns] for row in rows)


def test_the_board_has_every_open_repair_in_one_column(store: Store, clock: Clock, made: Life) -> None:
    urgent = made.register(urgency="urgent")
    waiting, out, there, done, signed = (made.register() for _ in range(5))
    made.dispatch(out, appointed_at="2026-11-23T15:00")
    for case, until in ((there, "on_site"), (done, "finished"), (signed, "signed")):
        made.sign(case, made.dispatch(case), until=until)
    deadline(store, waiting, clock() - timedelta(minutes=1))
    board = repair_board.board(store, by=made.desk, now=clock())
    assert {column.code: [card.no for card in column.cards] for column in board.columns} == {
        "to_dispatch": [waiting.no, urgent.no],
        "dispatched": [out.no],
        "at_work": [there.no],
        "to_accept": [done.no],
        "to_follow_up": [signed.no],
        "to_file": [],
    }
    assert (board.total, board.overdue) == (6, 1)
    states = {state for _, _, states in repair_board.COLUMNS for state in states}
    known = store.rows("SELECT state FROM case_states WHERE kind = 'repair' AND terminal = 0")
    assert states == {row[0] for row in known}
    clock.forward(hours=6)
    late = repair_board.board(store, worker="zhaogang", by=made.desk, now=clock()).columns[1].cards
    assert [card.late for card in late] == [True]


def test_a_worker_s_day_is_in_the_order_he_goes(store: Store, clock: Clock, made: Life) -> None:
    tomorrow = made.dispatch(made.register(), appointed_at="2026-11-24T09:00")
    late = made.dispatch(made.register(), appointed_at="2026-11-23T16:00")
    early = made.dispatch(made.register(), appointed_at="2026-11-23T11:00")
    urgent = made.dispatch(made.register(urgency="urgent"))
    finished = made.register()
    made.sign(finished, made.dispatch(finished), until="finished")
    team = made.dispatch(made.register(), worker="")
    clock.forward(hours=3)
    shop = worker_days.workshop(store, by=made.desk, now=clock())
    assert [job.order_no for job in shop.unclaimed] == [team]
    day = next(one for one in shop.workers if one.login == "zhaogang")
    assert [job.order_no for job in day.today] == [urgent, early, late]
    assert [job.order_no for job in day.later] == [tomorrow]
    assert (day.open, day.overdue, day.done_today, len(day.to_accept)) == (4, 2, 1, 1)
    clock.forward(days=1)
    assert worker_days.day_sheet(store, "zhaogang", by=made.desk, now=clock()).done_today == 0


def test_each_look_into_a_home_is_written_down(store: Store, clock: Clock, made: Life) -> None:
    home_files.look_up(store, "1-1-101", by=made.desk, now=clock())
    home_files.reveal(store, "1-1-101", why=Reason("asked"), by=made.head, now=clock())
    unit = store.value("SELECT id FROM units WHERE building = '1' AND unit = '1' AND room = '101'")
    rows = store.rows("SELECT what, by_id, subject_id, detail FROM events WHERE subject = 'unit' ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("see_home", made.desk.id, unit, None),
        ("reveal_home", made.head.id, unit, '{"reason": "asked", "people": 1}'),
    ]


def test_no_list_walks_through_all_that_ever_was(store: Store, clock: Clock, made: Life) -> None:
    fifty_thousand(store)
    case = made.register()
    made.dispatch(case)
    store.execute("PRAGMA optimize")
    by, now = made.head, clock()
    head = actor(store, Role.DEPARTMENT_HEAD)
    wanted = [
        Filter(),
        Filter(kind="repair"),
        Filter(kind="repair", category="water", urgency="urgent", liability="common"),
        Filter(department="maintenance"),
        Filter(owner="wanglin"),
        Filter(worker="zhaogang"),
        Filter(only="mine"),
        Filter(overdue=True),
        Filter(sort="deadline"),
        Filter(kind="repair", scope=ALL),
        Filter(kind="repair", scope=CLOSED, received_from=date(2026, 11, 1), received_to=date(2026, 11, 30)),
        Filter(scope=ALL, home=1),
    ]
    for reader in (by, head):
        for one in wanted:
            with heard(store) as said:
                case_lists.found(store, one, by=reader, now=now)
            check(store, said, one)
            if one.scope == case_filters.OPEN and one.home is None:
                # Of the open ones alone: by a partial index.
                assert any(re.search("INDEXED BY cases_(open|owner|department)", statement) for statement in said), one
    with heard(store) as said:
        repair_board.board(store, by=by, now=now)
        repair_board.board(store, by=head, now=now)
        worker_days.workshop(store, by=by, now=now)
        home_files.look_up(store, "1-1-101", by=by, now=now)
    check(store, said, "others")


def check(store: Store, said: list[str], what: object) -> None:
    for statement in set(said):
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            plan = " / ".join(row["detail"] for row in store.rows(f"EXPLAIN QUERY PLAN {statement}"))
            # The newest event, by its own key.
            if "ORDER BY id DESC LIMIT 1" not in statement or "SCAN events" not in plan:
                assert not WALK.search(plan), (what, statement, plan)


def fifty_thousand(store: Store) -> None:
    """Fill the store with closed repairs of earlier years, by themselves: what counts is how they are looked for."""
    with writing(store):
        store.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)"
            " INSERT INTO cases (no, token, kind, state, name, phone, unit_id, owner_id, department, received_at,"
            " changed_at) SELECT 'BX-' || i, printf('%026d', i), 'repair', 'registered', '', '', 1 + i % 120,"
            " (SELECT id FROM staff WHERE login = 'wanglin'), 'maintenance',"
            " strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', '+' || i || ' hours'), '2020-01-01T00:00:00.000Z' FROM n"
        )
        store.execute("UPDATE cases SET state = 'merged', closed_at = received_at")
        store.execute(
            "INSERT INTO repairs (case_id, category, content, place, convenient_time, urgency)"
            " SELECT id, 'water', '-', '', '', 'ordinary' FROM cases"
        )


def test_a_home_stands_in_no_address(store: Store) -> None:
    assert "home" not in case_filters.FIELDS and "unit" not in case_filters.FIELDS
    assert replace(case_filters.parse(store, {"home": ["1"], "unit": ["1-1-101"]}), home=None) == Filter()
    assert case_filters.parse(store, {"home": ["1"]}).home is None
