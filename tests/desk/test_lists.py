"""Desk views over HTTP: the list of cases, the board, workers, homes, figures, and the header that leads to them."""

import re
import sqlite3

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import acceptance, case_lists, cases, known_faults, liability, repair_board
from reception.permissions import Role, may
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import NAME, PHONE, Life, deadline, utc
from tests.test_permissions import STAFF

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
STAFF_WITH_CASES = [role for role in STAFF if role not in {Role.WORKER, Role.ADMINISTRATOR}]


@pytest.fixture
def made(store: Store, clock: Clock) -> Life:
    """Life to take where a test wants them."""
    return Life(store, clock)


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def numbers(text: str) -> list[str]:
    return re.findall(r'data-case-no="([^"]+)"', text)


def test_tabs_filters_and_count(desk: FlaskClient, store: Store, clock: Clock, made: Life) -> None:
    urgent = made.register(urgency="urgent")
    lamp = made.register(category="power")
    made.dispatch(lamp)
    deadline(store, urgent, clock(), clock="on_site_urgent")
    clock.forward(minutes=1)
    assert numbers(text_of(desk, "/cases")) == [lamp.no, urgent.no]
    text = text_of(desk, "/cases?kind=repair&urgency=urgent&overdue=1&sort=deadline")
    assert numbers(text) == [urgent.no] and 'data-total="1"' in text
    assert 'class="dl overdue"' in text and 'class="chip urgent"' in text
    assert numbers(text_of(desk, "/cases?kind=repair&state=dispatched&state=accepted&worker=zhaogang")) == [lamp.no]
    assert numbers(text_of(desk, "/cases?kind=complaint")) == []
    # The quick filters keep what else was asked.
    assert 'href="/cases?kind=repair&amp;category=power&amp;only=mine"' in text_of(
        desk, "/cases?kind=repair&category=power"
    )


def test_a_page_leads_to_the_next_with_its_filters(desk: FlaskClient, made: Life) -> None:
    for _ in range(case_lists.PAGE + 1):
        made.register()
    text = text_of(desk, "/cases?kind=repair&category=water")
    assert len(numbers(text)) == case_lists.PAGE
    found = re.search(r'rel="next" href="([^"]+)"', text)
    assert found and len(numbers(text_of(desk, found[1].replace("&amp;", "&")))) == 1
    assert found[1] == "/cases?kind=repair&amp;category=water&amp;page=2"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("kind=nonsense", "choice_unknown"),
        ("page=x", "number_invalid"),
        ("page=-1", "number_invalid"),
        ("from=yesterday", "date_invalid"),
        ("from=2026-11-02&to=2026-11-01", "dates_reversed"),
        ("department=nowhere", "department_unknown"),
    ],
)
def test_a_bad_filter_gets_a_sentence(desk: FlaskClient, query: str, code: str) -> None:
    answer = desk.get(f"/cases?{query}")
    assert answer.status_code == 422 and f'data-refused="{code}"' in answer.get_data(as_text=True)


PAGES = ("/cases", "/cases?scope=all&sort=deadline", "/board", "/board/cards", "/workers", "/workers/zhaogang")


@pytest.mark.parametrize("role", STAFF_WITH_CASES)
def test_no_list_shows_a_person_whole_but_to_the_holder(
    desk_app: Flask, store: Store, clock: Clock, made: Life, role: Role
) -> None:
    """What is printed is the page itself: so it is masked on paper too."""
    case = made.register()
    made.dispatch(case)
    made.dispatch(made.register(), worker="")
    client = client_of(desk_app, store, actor(store, role), clock())
    holds = actor(store, role).id == made.desk.id
    for page in PAGES:
        text = text_of(client, page)
        assert ((NAME in text) or (PHONE in text)) is (holds and page.startswith("/cases")), page
    file = client.post("/homes", data={"unit": "1-1-101"}, headers=SAME_ORIGIN).get_data(as_text=True)
    residents = file[file.index("home-top") : file.index("home-low")].split("<table")[1]
    assert 'data-home-file="masked"' in file and "138****5678" in residents
    assert NAME not in residents and PHONE not in residents
    if not holds:
        assert NAME not in file and PHONE not in file


def test_the_file_of_a_home(desk_app: Flask, store: Store, clock: Clock, made: Life) -> None:
    called = made.register(source="phone")
    made.sign(called, made.dispatch(called))
    other = made.register(unit="1-1-102")
    with writing(store):
        store.execute(
            "UPDATE units SET completion_on = '2020-05-01', handover_on = '2020-08-01'"
            " WHERE building = '1' AND unit = '1' AND room = '101'"
        )
    client = client_of(desk_app, store, made.head, clock())
    assert "1-1-101" not in text_of(client, "/homes").split("<main")[1].replace('placeholder="1-1-101"', "")
    file = client.post("/homes", data={"unit": "1-1-101"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert numbers(file) == [called.no] and other.no not in file
    assert "2020-05-01" in file and "2020-08-01" in file
    assert re.search(r"data-calls>1<", file) and re.search(r"data-open>1<", file)
    whole = client.post(
        "/homes/reveal", data={"unit": "1-1-101", "reveal_reason": "asked"}, headers=SAME_ORIGIN
    ).get_data(as_text=True)
    assert 'data-home-file="whole"' in whole and NAME in whole and PHONE in whole
    seen = store.rows("SELECT what, by_id FROM events WHERE subject = 'unit' ORDER BY id")
    assert [tuple(row) for row in seen] == [("see_home", made.head.id), ("reveal_home", made.head.id)]
    for unit, code in (("", "unit_invalid"), ("9-9-999", "unit_unknown")):
        answer = client.post("/homes", data={"unit": unit}, headers=SAME_ORIGIN)
        assert answer.status_code == 422 and code in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM events WHERE subject = 'unit'") == 2


def test_the_dates_of_a_home_are_changed_with_a_reason_and_its_warranties_follow(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock, made: Life
) -> None:
    case = made.register()
    head = client_of(desk_app, store, made.head, clock())
    before = liability.proposal(store, cases.whole(store, case.id), part="pipes")
    assert 'action="/homes"' in text_of(desk, f"/cases/{case.no}")
    home = {"unit": "1-1-101"}
    page = head.post("/homes", data=home, headers=SAME_ORIGIN).get_data(as_text=True)
    seal = re.search(r'name="seal" value="([^"]*)"', page)
    assert seal is not None and 'action="/homes/dates"' in page
    assert "/homes/dates" not in desk.post("/homes", data=home, headers=SAME_ORIGIN).get_data(as_text=True)

    form = home | {"seal": seal[1], "completion_on": "1999-05-01", "handover_on": "1999-08-01", "contract_end_on": ""}
    lacking = head.post("/homes/dates", data=form, headers=SAME_ORIGIN)
    assert 'data-refused="reason_missing"' in lacking.get_data(as_text=True)
    for _ in range(2):  # A double tap changes it once.
        answer = head.post("/homes/dates", data=form | {"reason": "交付单补录"}, headers=HTMX).get_data(as_text=True)
        assert answer.lstrip().startswith('<section id="home-dates"') and "<html" not in answer
        assert "1999-08-01" in answer and answer.count("交付单补录") == 2
    other = form | {"completion_on": "2001-01-01", "handover_on": "2001-01-01", "reason": "x"}
    assert head.post("/homes/dates", data=other, headers=SAME_ORIGIN).status_code == 409
    for wrong, code in (
        ({"completion_on": "2099-01-01", "handover_on": "2001-01-01"}, "handover_before_completion"),
        ({"completion_on": "soon"}, "date_invalid"),
        ({"unit": "9-9-999"}, "unit_unknown"),
    ):
        answer = head.post("/homes/dates", data=other | wrong, headers=SAME_ORIGIN).get_data(as_text=True)
        assert f'data-refused="{code}"' in answer

    rows = store.rows("SELECT field, became, by_id FROM home_date_changes ORDER BY id")
    assert [tuple(row) for row in rows] == [
        ("completion_on", "1999-05-01", made.head.id),
        ("handover_on", "1999-08-01", made.head.id),
    ]
    event = store.row("SELECT by_id, detail FROM events WHERE what = 'change_home_dates'")
    assert event is not None and event["by_id"] == made.head.id
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.execute("UPDATE home_date_changes SET reason = 'y'")
    after = liability.proposal(store, cases.whole(store, case.id), part="pipes")
    assert (before.liability, after.liability) == ("warranty", "paid")


def test_the_board_is_live_and_keeps_its_filters(desk: FlaskClient, store: Store, made: Life) -> None:
    water, power = made.register(), made.register(category="power")
    made.dispatch(power)
    text = text_of(desk, "/board?category=power")
    assert 'hx-get="/board/cards?category=power"' in text and 'data-topics="cases"' in text
    assert power.no in text and water.no not in text
    fragment = text_of(desk, "/board/cards")
    assert fragment.startswith('<section id="board"') and "<html" not in fragment
    assert f'href="/cases/{water.no}"' in fragment
    counts = dict(re.findall(r'data-count="(\w+)">(\d+)<', fragment))
    assert counts == {
        "to_dispatch": "1",
        "dispatched": "1",
        "at_work": "0",
        "to_accept": "0",
        "to_follow_up": "0",
        "to_file": "0",
    }


def test_a_full_column_says_how_many_more_there_are(
    desk: FlaskClient, made: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repair_board, "MOST", 2)
    for _ in range(3):
        made.register()
    text = text_of(desk, "/board")
    assert text.count("data-card=") == 2 and 'data-count="to_dispatch">3<' in text
    assert "/cases?kind=repair&amp;state=registered&amp;state=returned&amp;state=rework" in text


def test_workers_and_the_sheet_of_a_day(desk: FlaskClient, made: Life) -> None:
    team = made.dispatch(made.register(), worker="")
    order = made.dispatch(made.register(), appointed_at="2026-11-23T15:00")
    text = text_of(desk, "/workers")
    assert text.index(team) < text.index("data-worker=") < text.index(order)
    assert 'data-unclaimed="1"' in text
    sheet = text_of(desk, "/workers/zhaogang")
    assert order in sheet and team not in sheet and "data-print" in sheet
    assert desk.get("/workers/wanglin").status_code == 422


def test_the_month_s_figures(desk_app: Flask, store: Store, clock: Clock, made: Life) -> None:
    case = made.register()
    made.sign(case, made.dispatch(case))
    made.register()
    acceptance.cancel(
        store,
        no=made.register().no,
        reason="owner_wish",
        channel="phone",
        text="取消",
        by=made.desk,
        now=made.now,
    )
    client = client_of(desk_app, store, made.head, clock())
    text = text_of(client, "/figures")
    assert 'data-month="2026-11"' in text
    first = text[text.index("<tbody>") : text.index("</tr>", text.index("<tbody>"))]
    assert re.findall(r'class="number">(\d+)<', first) == ["0", "3", "0", "1", "2"]
    assert re.search(r'data-figure="completion">.*?50\.0% \(1/2\)', text, re.DOTALL)
    assert 'data-month="2026-10"' in text_of(client, "/figures?month=2026-10&department=maintenance")
    for query, code in (("month=2027-01", "month_invalid"), ("department=x", "department_unknown")):
        answer = client.get(f"/figures?{query}")
        assert answer.status_code == 422 and f'data-refused="{code}"' in answer.get_data(as_text=True)


def test_a_month_is_of_the_site_in_the_night_of_its_end(
    desk_app: Flask, store: Store, clock: Clock, made: Life
) -> None:
    clock.at = utc("2026-11-30T15:59:58")
    made.register()
    clock.at = utc("2026-11-30T16:00:00")
    made.register()
    client = client_of(desk_app, store, made.head, clock())
    for month, new in (("2026-11", "1"), ("2026-12", "1")):
        text = text_of(client, f"/figures?month={month}")
        first = text[text.index("<tbody>") : text.index("</tr>", text.index("<tbody>"))]
        assert re.findall(r'class="number">(\d+)<', first)[1] == new


@pytest.mark.parametrize("role", STAFF)
def test_the_header_leads_where_the_role_may_go(desk_app: Flask, store: Store, clock: Clock, role: Role) -> None:
    who = actor(store, role)
    client = client_of(desk_app, store, who, clock())
    text = client.get("/", follow_redirects=True).get_data(as_text=True)
    header = text[text.index("<header") : text.index("</header>")]
    for path, act in {
        "/cases": "see_cases",
        "/board": "see_cases",
        "/workers": "see_workers",
        "/homes": "see_home",
        "/figures": "see_figures",
        "/printers": "see_printers",
        "/days": "see_day_logs",
        "/settings": "see_settings",
    }.items():
        assert (f'href="{path}"' in header) is may(who, act), (role, path)
        if may(who, act):
            assert client.get(path).status_code == 200, (role, path)


def test_what_strikes_a_home_stands_in_its_file(desk: FlaskClient, store: Store, clock: Clock) -> None:
    by = actor(store, Role.RECEPTIONIST)
    for nonce, building in (("f1", "1"), ("f2", "2")):
        fault: dict[str, str] = {
            "area": "building",
            "cause": "water",
            "what": f"{building}号楼停水",
            "building": building,
        }
        known_faults.declare(store, nonce=nonce, **fault, by=by, now=clock())
    file = desk.post("/homes", data={"unit": "1-1-101"}, headers=SAME_ORIGIN).get_data(as_text=True)
    main = file[file.index("<main") :]
    assert "1号楼停水" in main and "2号楼停水" not in main


def test_what_must_be_done_again_is_with_nobody(desk: FlaskClient, made: Life) -> None:
    case = made.register()
    made.sign(case, made.dispatch(case))
    for path in ("/board", "/board?worker=zhaogang", "/cases?kind=repair&worker=zhaogang"):
        assert case.no in text_of(desk, path), path
    acceptance.rework(made.store, no=case.no, reason="又漏了", by=made.desk, now=made.now)
    for path in ("/board", "/cases?kind=repair"):
        (row,) = re.findall(rf'data-(?:card|case-no)="{case.no}".*?</(?:a|tr)>\n', text_of(desk, path), re.DOTALL)
        assert "赵刚" not in row, path
    for path in ("/board?worker=zhaogang", "/cases?kind=repair&worker=zhaogang"):
        assert case.no not in text_of(desk, path), path


def test_chips_of_a_list_are_no_buttons(desk: FlaskClient) -> None:
    with desk.get("/assets/lists.css") as answer:
        css = answer.get_data(as_text=True)
    (rule,) = re.findall(r"^\.chip \{([^}]*)\}", css, re.MULTILINE)
    assert "min-height: 0" in rule and "border: 0" in rule
