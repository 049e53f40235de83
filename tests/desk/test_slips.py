"""回单, 来电登记 and the page of a repair at the desk, through their forms."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from reception import cases, order_steps, repair_facts, work_orders
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.life import Life, staff

HTMX = SAME_ORIGIN | {"HX-Request": "true"}


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    """The acts of a repair."""
    return Life(store, clock)


def refused(answer_text: str) -> str:
    """Return the code of a refusal."""
    found = re.search(r'data-refused="(\w+)"', answer_text)
    return found[1] if found else ""


def kept(store: Store) -> list[str]:
    """Return all that the store holds, but for when a session was last seen, and that something was refused."""
    passing = ('INSERT INTO "sessions"', 'INSERT INTO "refusals"')
    return [line for line in store.connection.iterdump() if not line.startswith(passing)]


def test_a_signed_slip_is_one_scan_and_one_form(desk_app: Flask, life: Life, store: Store, clock: Clock) -> None:
    order = life.dispatched()
    token = store.value("SELECT token FROM work_orders WHERE id = ?", [order.id])
    clock.forward(hours=3)
    desk = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    scan = desk.post("/slips/find", data={"code": f"HTTP://127.0.0.1:8600/T/{token}"}, headers=SAME_ORIGIN)
    assert scan.headers["Location"] == f"/slips/{order.no}"
    page = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    assert "水龙头漏水" in page and "13800005678" not in page
    # The same words as on the phone.
    assert re.findall(r'data-words="([^"]+)"', page) == [words.zh for words in repair_facts.WORK_DONE.values()]
    form = {
        "nonce": "slip",
        "arrived_at": "11:30",
        "finished_at": "12:10",
        "work_done": "更换阀芯",
        "labour": "40",
        "mat_name": "阀芯",
        "mat_quantity": "1.5",
        "mat_unit": "个",
        "mat_from": "house",
        "liability": "warranty",
        "reason": "现场确认",
        "rechecked": "1",
        "how": "paper",
        "score": "5",
        "told": "1",
    }
    for _ in range(2):
        answer = desk.post(f"/slips/{order.no}", data=form, headers=SAME_ORIGIN)
        assert answer.headers["Location"] == f"/slips?done={order.no}", answer.get_data(as_text=True)
    done = work_orders.find(store, order.no)
    assert (done.state, done.arrived_at, done.finished_at, done.labour_minutes) == (
        "done",
        "2026-11-23T03:30:00.000Z",
        "2026-11-23T04:10:00.000Z",
        40,
    )
    assert store.value("SELECT count(*) FROM order_materials WHERE quantity = 150") == 1
    assert store.value("SELECT score FROM survey_responses WHERE channel = 'paper'") == 5
    assert store.value("SELECT count(*) FROM feedback_notices WHERE about = 'result' AND channel = 'face'") == 1
    assert life.state(order) == "signed"


def test_a_slip_with_a_price_needs_the_owner_s_consent(desk: FlaskClient, life: Life, store: Store) -> None:
    order = life.dispatched()
    form = {
        "nonce": "slip",
        "work_done": "疏通",
        "liability": "paid",
        "reason": "已过保修期",
        "price_item": "",
        "price_name": "疏通",
        "price_quantity": "1",
        "price_each": "80",
        "how": "paper",
    }
    answer = desk.post(f"/slips/{order.no}", data=form, headers=SAME_ORIGIN)
    assert (answer.status_code, refused(answer.get_data(as_text=True))) == (422, "quotation_not_agreed")
    # All or nothing: the decision did not stay either.
    assert store.value("SELECT count(*) FROM liability_decisions") == 0
    answer = desk.post(f"/slips/{order.no}", data=form | {"price_agreed": "1"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert tuple(store.execute("SELECT state, answered_how FROM quotations").fetchone()) == ("agreed", "paper")
    assert life.state(order) == "signed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"work_done": ""}, "work_done_missing"),
        ({"mat_name": "阀芯", "mat_quantity": "x"}, "materials_invalid"),
        ({"how": "no"}, "signature_unknown"),
        ({"score": "9"}, "score_invalid"),
    ],
)
def test_a_slip_that_cannot_stand_leaves_nothing(
    desk: FlaskClient, life: Life, store: Store, wrong: dict[str, str], code: str
) -> None:
    order = life.dispatched()
    form = {
        "nonce": "slip",
        "work_done": "疏通",
        "labour": "30",
        "mat_name": "管件",
        "mat_quantity": "1",
        "mat_unit": "个",
        "mat_from": "house",
        "liability": "paid",
        "reason": "已过保修期",
        "price_item": "",
        "price_name": "疏通",
        "price_quantity": "1",
        "price_each": "80",
        "price_agreed": "1",
        "how": "paper",
        "told": "1",
        "score": "5",
    }
    before = kept(store)
    answer = desk.post(f"/slips/{order.no}", data=form | wrong, headers=SAME_ORIGIN)
    assert refused(answer.get_data(as_text=True)) == code
    assert kept(store) == before
    assert desk.post(f"/slips/{order.no}", data=form, headers=SAME_ORIGIN).status_code == 303
    assert life.state(order) == "signed"


def test_a_slip_of_work_not_done(desk: FlaskClient, life: Life) -> None:
    first, second = life.on_site(), life.dispatched()
    desk.post(f"/slips/{first.no}/not-fixed", data={"why": "suspend:material"}, headers=SAME_ORIGIN)
    desk.post(f"/slips/{second.no}/not-fixed", data={"why": "back:nobody_home"}, headers=SAME_ORIGIN)
    assert (life.state(first), life.state(second)) == ("suspended", "returned")


@pytest.mark.parametrize("code", ["", "GD20260101-001", "nonsense", "A" * 26, "x" * 300])
def test_a_code_that_is_no_slip(desk: FlaskClient, code: str) -> None:
    answer = desk.post("/slips/find", data={"code": code}, headers=SAME_ORIGIN)
    assert (answer.status_code, refused(answer.get_data(as_text=True))) == (404, "order_unknown")


def test_a_call_is_noted_with_home_and_matter_alone_and_nothing_below_it_is_lost(
    desk: FlaskClient, store: Store, clock: Clock
) -> None:
    ticket = check_in(store, line="general", nonce="served", by=KIOSK, now=clock())
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    assert 'id="call-form"' in desk.get("/calls/new").get_data(as_text=True)
    answer = desk.post(
        "/calls", data={"nonce": "call", "unit": "1-1-102", "content": "门锁坏了"}, headers=HTMX
    ).get_data(as_text=True)
    no = re.search(r'data-case-no="(BX[^"]+)"', answer)
    assert no is not None
    case = cases.whole(store, store.value("SELECT id FROM cases WHERE no = ?", [no[1]]))
    assert (case.state, case.source, case.name) == ("registered", "phone", "")
    # Nobody stands here to take a receipt; the ticket is served as before.
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'repair_receipt'") == 0
    assert f'data-ticket-no="{ticket.no}"' in desk.get("/queue/counter").get_data(as_text=True)
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "lacking" in page
    refusal = desk.post(
        "/calls", data={"nonce": "call2", "content": "x"}, headers=HTMX | {"X-Refusal-At": "call-refusal"}
    )
    assert refusal.status_code == 422 and refusal.headers["HX-Retarget"] == "#call-refusal"
    other = desk.post("/calls", data={"nonce": "call2"}, headers=HTMX | {"X-Refusal-At": "x';evil"})
    assert other.headers["HX-Retarget"] == "#refusal"


def test_a_finding_of_a_patrol_needs_a_place_and_no_home(desk: FlaskClient, store: Store) -> None:
    form = {"nonce": "p", "content": "楼道灯不亮", "category": "public", "place": "3号楼2单元5层", "source": "patrol"}
    answer = desk.post("/calls", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert store.value("SELECT source FROM cases") == "patrol"


def test_a_complaint_leads_to_a_repair(desk: FlaskClient, store: Store) -> None:
    person = {"name": "张建国", "phone": "13800005678", "unit": "1-1-101"}
    complaint = person | {"nonce": "c", "category": "repair", "facts": "报修三次没人来", "wish": "尽快修"}
    no = desk.post("/complaints", data=complaint, headers=SAME_ORIGIN).headers["Location"].rpartition("/")[2]
    assert no in desk.get(f"/repairs/new?from={no}").get_data(as_text=True)
    repair = person | {"nonce": "r", "from": no, "category": "water", "content": "漏水", "urgency": "urgent"}
    page = desk.post("/repairs", data=repair, headers=SAME_ORIGIN).headers["Location"]
    text = desk.get(page).get_data(as_text=True)
    assert no in text and "由其他事项转来" in text
    assert page.rpartition("/")[2] in desk.get(f"/cases/{no}").get_data(as_text=True)


def test_the_page_of_a_repair_offers_what_can_be_done_now(desk: FlaskClient, life: Life) -> None:
    order = life.dispatched()
    page = desk.get(f"/cases/{order.case_no}").get_data(as_text=True)
    for offered in ("accept", "arrive", "send-back", "reschedule"):
        assert f"/orders/{order.no}/{offered}" in page
    for never in ("finish", "resume", "recheck"):
        assert f"/orders/{order.no}/{never}" not in page
    assert f"/cases/{order.case_no}/close" not in page
    moved = desk.post(f"/orders/{order.no}/accept", headers=SAME_ORIGIN)
    assert moved.headers["Location"] == f"/cases/{order.case_no}" and life.state(order) == "accepted"
    assert desk.post(f"/orders/{order.no}/fly", headers=SAME_ORIGIN).status_code == 404
    again = desk.post(f"/orders/{order.no}/accept", headers=SAME_ORIGIN)
    assert (again.status_code, refused(again.get_data(as_text=True))) == (409, "step_not_now")


def test_the_urgency_of_a_repair_is_corrected_with_a_reason(desk: FlaskClient, life: Life, store: Store) -> None:
    case = life.register()
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert 'name="urgency"' in page
    form = {"category": "water", "urgency": "urgent"}
    answer = desk.post(f"/repairs/{case.no}/amend", data=form, headers=SAME_ORIGIN)
    assert refused(answer.get_data(as_text=True)) == "reason_missing"
    desk.post(f"/repairs/{case.no}/amend", data=form | {"reason": "水漫到楼下"}, headers=SAME_ORIGIN)
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "急修" in page and "水漫到楼下" in page
    order = life.on_site()
    assert 'name="urgency"' not in desk.get(f"/cases/{order.case_no}").get_data(as_text=True)


def test_cases_are_merged_noted_handed_over_and_filed(
    desk_app: Flask, desk: FlaskClient, life: Life, store: Store, clock: Clock
) -> None:
    order, twin = life.signed(), life.register(unit="1-1-102", phone="13912345678", name="李秀英")
    other = life.register()
    desk.post(f"/cases/{twin.no}/merge", data={"into": order.case_no}, headers=SAME_ORIGIN)
    desk.post(f"/cases/{order.case_no}/link", data={"other": other.no}, headers=SAME_ORIGIN)
    desk.post(f"/cases/{order.case_no}/note", data={"text": "业主周末在家"}, headers=SAME_ORIGIN)
    page = desk.get(f"/cases/{order.case_no}").get_data(as_text=True)
    assert twin.no in page and other.no in page and "业主周末在家" in page
    assert (
        desk.post(f"/cases/{order.case_no}/assign", data={"owner": "chenjing"}, headers=SAME_ORIGIN).status_code == 403
    )
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert (
        head.post(f"/cases/{order.case_no}/assign", data={"owner": "liuyang"}, headers=SAME_ORIGIN).status_code == 303
    )
    form = {"method": "phone", "reached": "1", "score": "4", "comment": "好"}
    desk.post(f"/cases/{order.case_no}/follow-up", data=form, headers=SAME_ORIGIN)
    lacking = desk.post(f"/cases/{order.case_no}/close", headers=SAME_ORIGIN)
    assert refused(lacking.get_data(as_text=True)) == "feedback_missing"


def scan(desk: FlaskClient, code: str) -> str:
    """Scan at the pile; return where it leads."""
    answer = desk.post("/slips/find", data={"code": code}, headers=SAME_ORIGIN)
    return answer.headers.get("Location", "") or refused(answer.get_data(as_text=True))


def test_the_owner_s_copy_and_the_number_of_the_repair_lead_to_the_order(
    desk: FlaskClient, life: Life, store: Store
) -> None:
    order = life.dispatched()
    case = cases.whole(store, order.case_id)
    assert scan(desk, f"HTTP://127.0.0.1:8600/T/{case.token}") == f"/slips/{order.no}?by=owner"
    assert scan(desk, f" {case.no.lower()} ") == f"/slips/{order.no}?by=case"
    assert 'data-copy="owner"' in desk.get(f"/slips/{order.no}?by=owner").get_data(as_text=True)
    assert scan(desk, order.no) == f"/slips/{order.no}"
    # After it came back and went out again, the slip of the first leads on to the second.
    desk.post(f"/slips/{order.no}/not-fixed", data={"why": "back:nobody_home"}, headers=SAME_ORIGIN)
    assert scan(desk, case.no) == f"/slips/{order.no}?by=case"
    page = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    assert "data-over" in page and "退回" in page
    work_orders.dispatch(store, no=case.no, worker="zhaogang", by=life.desk, now=life.now)
    second = work_orders.live(store, case.id)
    assert second is not None and scan(desk, case.no) == f"/slips/{second.no}?by=case"
    assert f'href="/slips/{second.no}"' in desk.get(f"/slips/{order.no}").get_data(as_text=True)


def test_a_repair_that_is_not_out_says_so_and_others_stay_unknown(
    desk_app: Flask, desk: FlaskClient, life: Life, store: Store, clock: Clock
) -> None:
    case = life.register()
    assert scan(desk, case.no) == "not_out"
    other = client_of(desk_app, store, staff(store, "qian", Role.TEAM_LEADER, "security"), clock())
    assert scan(other, case.no) == scan(other, case.token) == "order_unknown"
    order = life.dispatched()
    assert scan(other, order.case_no) == "order_unknown"


def test_a_repair_out_of_a_complaint_brings_along_what_is_known(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    facts = {"name": "张建国", "phone": "13800005678", "unit": "1-1-101", "category": "other", "wish": ""}
    said = facts | {"nonce": "c", "facts": "楼上漏水，\n多次反映 <没人> 管"}
    no = desk.post("/complaints", data=said, headers=SAME_ORIGIN).headers["Location"].rpartition("/")[2]
    form = desk.get(f"/repairs/new?from={no}").get_data(as_text=True)
    assert "楼上漏水，\n多次反映 &lt;没人&gt; 管</textarea>" in form
    for field in ('name="unit" value="1-1-101"', 'name="phone" value="13800005678"', 'name="name" value="张建国"'):
        assert field in form, field
    # Whoever does not hold it gets the home and the matter, and no masked value in a field.
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    form = head.get(f"/repairs/new?from={no}").get_data(as_text=True)
    assert 'name="unit" value="1-1-101"' in form and "楼上漏水" in form
    assert 'name="phone" value=""' in form and 'name="name" value=""' in form
    assert "13800005678" not in form and "张建国" not in form and "138****5678" in form


def test_the_page_says_when_the_next_try_counts(desk: FlaskClient, life: Life, clock: Clock) -> None:
    order = life.signed(liability="common")
    page = f"/cases/{order.case_no}"
    assert "data-vain" not in desk.get(page).get_data(as_text=True)
    for _ in range(3):
        desk.post(f"{page}/follow-up", data={"method": "phone", "reached": "0"}, headers=SAME_ORIGIN)
    html = desk.get(page).get_data(as_text=True)
    due = (clock() + timedelta(hours=2)).astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M")
    assert 'data-vain="1"' in html and due in html and life.state(order) == "signed"


@pytest.mark.parametrize(("bears", "offered"), [("", True), ("common", True), ("warranty", False), ("waived", False)])
def test_a_shared_area_is_offered_only_where_it_may_be_recorded(
    desk_app: Flask, life: Life, store: Store, clock: Clock, bears: str, offered: bool
) -> None:
    order = life.on_site(liability="" if bears == "waived" else bears)
    if bears == "waived":
        order_steps.start(store, order_no=order.no, by=life.worker, now=life.now)
        life.bear(order.case_no, "waived")
    desk = client_of(desk_app, store, actor(store, Role.RECEPTIONIST), clock())
    page = desk.get(f"/slips/{order.no}").get_data(as_text=True)
    assert ('value="common_area"' in page) is offered
    assert page.count('name="how"') == 2 + offered and 'name="how" value="paper" checked' in page
