"""The month report and the page of today over HTTP: who sees them, what stands beside each figure, what is refused."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from desk import month_page
from reception import month_content, month_reports, month_tables
from reception.month_content import Section
from reception.permissions import BOX, KIOSK, Role
from reception.visits import check_in
from reception.wording import Words
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints
from tests.reception.test_months import FREEZES, PRINTED, Queue
from tests.test_plans import heard, walks

HTMX = SAME_ORIGIN | {"HX-Request": "true"}


@pytest.fixture
def month(store: Store, clock: Clock) -> Life:
    """A November with visits, a complaint and a repair."""
    made, queue = Life(store, clock), Queue(store, clock)
    made.register()
    Complaints(store, clock).receive()
    for _ in range(6):
        queue.come()
        queue.serve(wait=3, take=4)
    return made


@pytest.fixture
def frozen(store: Store, clock: Clock, month: Life) -> Life:
    """The same, frozen on its third working day."""
    clock.at = FREEZES
    assert month_reports.watch(store, by=BOX, now=clock()) == ["month 2026-11: frozen"]
    return month


def manager(app: Flask, store: Store, clock: Clock) -> FlaskClient:
    return client_of(app, store, actor(store, Role.MANAGER), clock())


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def figure(page: str, code: str) -> str:
    [found] = re.findall(rf'data-figure="{code}">.*?<dd class="number">([^<]+)<', page, re.DOTALL)
    return str(found).strip()


def test_a_running_month_shows_each_figure_with_its_definition(
    desk_app: Flask, store: Store, clock: Clock, month: Life
) -> None:
    page = read(manager(desk_app, store, clock), "/months")
    assert 'data-month="2026-11"' in page and 'data-state="running"' in page
    assert (figure(page, "visits"), figure(page, "wait_median")) == ("6", "3分钟")
    assert figure(page, "served") == "100.0% (6/6)"
    assert "分子：其中号票已接待完成的。分母：本月来访中取了号的。" in page
    assert "12月3日" in page, "the day on which it is frozen"
    # Charts have a title, a table stands beside, and nothing is drawn by a style of its own (CSP).
    assert page.count("<svg") > 3 and "style=" not in page and "<title>按日期</title>" in page
    # Nobody has answered: whether none or too few is not told, but that there is something to be told.
    assert re.search(r'data-table="scores"><p class="none"><b>[^<]+</b> 没有，或数量太少而不细分。', page)
    # Every kind adds up on the page itself.
    flows = re.search(r'data-table="flow">.*?</table>', page, re.DOTALL)
    assert flows is not None
    for row in re.findall(r"<tr.*?</tr>", flows[0], re.DOTALL)[1:]:
        opening, received, reopened, closed, carried = map(int, re.findall(r'class="number">(\d+)<', row))
        assert opening + received + reopened - closed == carried


def test_frozen_corrected_issued(desk_app: Flask, store: Store, clock: Clock, frozen: Life) -> None:
    client = manager(desk_app, store, clock)
    assert 'data-group="months"' in read(client, "/today")
    page = read(client, "/months?month=2026-11")
    assert 'data-state="frozen"' in page and 'data-corrections="0"' in page
    with writing(store):
        store.execute("UPDATE visits SET channel = 'desk'")
    form = {"month": "2026-11"}
    clock.forward(minutes=3)
    answer = client.post("/months/check", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    page = read(client, "/months?month=2026-11")
    assert re.findall(r'data-correction="([^"]+)"', page) == [
        "visits/by_channel/kiosk/count",
        "visits/by_channel/desk/count",
    ]
    assert figure(page, "visits") == "6"
    said = "六人来访，平稳。\n=HYPERLINK(1)"
    answer = client.post("/months/issue", data={**form, "analysis": said}, headers=HTMX)
    assert answer.status_code == 204 and answer.headers["HX-Redirect"] == "/months?month=2026-11"
    page = read(client, "/months?month=2026-11")
    assert 'data-state="issued"' in page and "六人来访" in page and "周明" in page
    again = client.post("/months/issue", data={**form, "analysis": "又"}, headers=SAME_ORIGIN)
    assert again.status_code == 409 and 'data-refused="month_issued"' in again.get_data(as_text=True)
    assert 'data-group="months"' not in read(client, "/today")


def test_the_table_is_safe_and_its_numbers_are_numbers(
    desk_app: Flask, store: Store, clock: Clock, month: Life
) -> None:
    with writing(store):
        store.execute("UPDATE lines SET name = '=1+1' WHERE code = 'general'")
    answer = manager(desk_app, store, clock).post("/months/export", data={"month": "2026-11"}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        parts = {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}
    sheet = next(text for name, text in parts.items() if "worksheets" in name)
    assert "<f>" not in sheet, "no cell is a formula"
    assert "=1+1" in "".join(parts.values()) and "按业务：=1+1" in "".join(parts.values())
    assert re.search(r'<c r="D\d+" t="n"><v>6</v>', sheet), "a figure is a number"
    row = store.row("SELECT what, detail FROM events WHERE subject = 'list' ORDER BY id DESC LIMIT 1")
    assert row is not None and row["what"] == "export" and "month_report" in row["detail"]


def test_no_hidden_cell_is_said_to_be_below_five(desk_app: Flask) -> None:
    """A 7 may be hidden for the sake of a 2: one mark for both, on screen, on paper, in tables; old months too."""
    counts = [(code, Words(code, code), count) for code, count in (("a", 2), ("b", 7), ("c", 9))]
    table = month_tables.parts("complaint_class", [("count", Words("件", "Cases"))], counts, drawn="bars")
    section = Section("complaints", Words("投诉", "Complaints"), (), (table,))
    [frozen] = month_content.from_json(month_content.to_json((section,)))
    assert {one.shown for one in month_content.items((frozen,)).values()} == {month_content.HIDDEN, Words("9", "9")}
    with desk_app.test_request_context():
        [drawn] = month_page.part(frozen, {}).tables
    assert [cells[0]["shown"] for _name, cells in drawn.rows] == ["隐去", "隐去", "9"]
    assert drawn.legend == month_content.LEGEND and "<" not in "".join((*month_content.HIDDEN, *month_content.LEGEND))


def test_what_is_counted_for_one_reader_does_not_go_to_paper_with_the_signatures(
    desk_app: Flask, store: Store, clock: Clock, month: Life
) -> None:
    page = read(manager(desk_app, store, clock), "/months")
    assert '<section class="month-part no-print" id="apart">' in page and "也不随本月报打印" in page
    assert page.count('class="month-part no-print"') == 1


def test_the_lines_of_now_are_not_headed_as_lines_of_fees(
    desk_app: Flask, store: Store, clock: Clock, month: Life
) -> None:
    page = read(manager(desk_app, store, clock), "/now")
    assert "<h2>各业务</h2>" in page and "笔数" not in page and "= 未办结" in page


def test_no_month_is_promised_that_never_will_be_frozen(
    desk_app: Flask, store: Store, clock: Clock, month: Life
) -> None:
    client = manager(desk_app, store, clock)
    page = read(client, "/months?month=2026-11")
    assert 'rel="prev"' not in page, "the centre began in this month"
    before = read(client, "/months?month=2026-08")
    assert 'data-state="before"' in before and "那时本中心尚未启用" in before and "9月3日" not in before
    assert "sign-off" not in before and "data-figure" not in before
    assert 'rel="prev"' not in before and 'rel="next"' in before
    # The day came and the box was off: it is no day to come.
    clock.at = FREEZES + timedelta(days=2)
    late = read(manager(desk_app, store, clock), "/months?month=2026-11")
    assert 'data-state="draft"' in late and "原定" in late and "将于" not in late
    clock.at = FREEZES + timedelta(days=500)
    assert 'data-state="missed"' in read(manager(desk_app, store, clock), "/months?month=2026-11")


@pytest.mark.parametrize("role", [Role.RECEPTIONIST, Role.ASSISTANT, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER])
def test_only_the_heads_see_it(desk_app: Flask, store: Store, clock: Clock, role: Role) -> None:
    client = client_of(desk_app, store, actor(store, role), clock())
    for path in ("/months", "/now", "/now/figures"):
        assert client.get(path).status_code == 403
    for path in ("/months/check", "/months/issue", "/months/export"):
        assert client.post(path, data={"month": "2026-11"}, headers=SAME_ORIGIN).status_code == 403
    nav = read(client, "/cases")
    assert 'href="/months"' not in nav and 'href="/now"' not in nav


@pytest.mark.parametrize("typed", ["2026-13", "2027-01", "x", "2026-11\x00", "'; --", "２０２６-11"])
def test_what_is_no_month_is_refused_and_changes_nothing(
    desk_app: Flask, store: Store, clock: Clock, month: Life, typed: str
) -> None:
    client = manager(desk_app, store, clock)
    events = store.value("SELECT count(*) FROM events")
    assert client.get("/months", query_string={"month": typed}).status_code == 422
    for path in ("/months/check", "/months/issue", "/months/export"):
        answer = client.post(path, data={"month": typed, "analysis": "x"}, headers=SAME_ORIGIN)
        assert answer.status_code == 422 and 'data-refused="month_invalid"' in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM events") == events
    answer = client.post("/months/issue", data={"month": "2026-11"}, headers=SAME_ORIGIN)
    assert answer.status_code == 409 and "尚未冻结" in answer.get_data(as_text=True)


def test_the_months_are_compared_once_there_are_two(desk_app: Flask, store: Store, clock: Clock, frozen: Life) -> None:
    client = manager(desk_app, store, clock)
    assert 'id="trend"' not in read(client, "/months?month=2026-11")
    clock.at = FREEZES + timedelta(days=40)
    month_reports.watch(store, by=BOX, now=clock())
    client = manager(desk_app, store, clock)
    page = read(client, "/months?month=2026-12")
    assert 'id="trend"' in page and "<polyline" in page and page.count('<th class="number">2026-1') == 2


def now_figure(page: str, code: str) -> str:
    [found] = re.findall(rf'data-now="{code}".*?<b class="number">([^<]+)</b>', page, re.DOTALL)
    return str(found)


def test_the_centre_now(desk_app: Flask, store: Store, clock: Clock, month: Life) -> None:
    clock.forward(days=1)
    for nonce in ("n1", "n2"):
        check_in(store, line="repair", nonce=nonce, by=KIOSK, now=clock())
    clock.forward(minutes=20)
    client = manager(desk_app, store, clock)
    page = read(client, "/now")
    assert (now_figure(page, "waiting"), now_figure(page, "longest"), now_figure(page, "tickets")) == ("2", "20", "2")
    assert 'data-now="longest" class="warn"' in page, "15 minutes are too long"
    assert int(now_figure(page, "overdue")) >= 1
    fragment = read(client, "/now/figures")
    assert fragment.lstrip().startswith('<section id="now"') and fragment.strip() in page


def test_whom_one_role_alone_hears_is_on_no_page_of_another(
    desk_app: Flask, store: Store, clock: Clock, kiosk: FlaskClient
) -> None:
    client = manager(desk_app, store, clock)

    def seen() -> list[str]:
        return [read(client, path).partition("<main")[2] for path in ("/now", "/months")]

    before = seen()
    answer = kiosk.post("/check-in", data={"line": "heard-by-head", "nonce": "p", "notice": "v1"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    with writing(store):
        store.execute(PRINTED)
    assert seen() == before and all(before)
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert now_figure(read(head, "/now"), "waiting") == "1"


def test_no_page_walks_through_all_history(desk_app: Flask, store: Store, clock: Clock, frozen: Life) -> None:
    with desk_app.app_context():
        mine: Store = desk_app.extensions["stores"].get()
    client = manager(desk_app, store, clock)
    with heard(mine) as said:
        for path in ("/months", "/months?month=2026-11", "/now"):
            read(client, path)
    assert len(said) > 60
    assert walks(store, said) == []
