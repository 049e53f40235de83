"""The papers of A4 that are signed and filed: what stands on them, who reads names, that each print is written down."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import (
    complaint_steps,
    complaints,
    events,
    feedback,
    filed_prints,
    quotations,
    visits,
)
from reception.cases import Case
from reception.filed_names import NAMES
from reception.permissions import Role
from reception.price_lines import Wanted
from reception.refusal import Refused
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.after_life import AfterLife
from tests.reception.life import NAME, PHONE, Life
from tests.reception.test_incidents import Incidents

LINES = [
    Wanted(name="更换水龙头", unit="个", price="30"),
    Wanted(name="软管", unit="根", price="85.5", kind="material"),
]
COMPLAINT: dict[str, Any] = {
    "name": "李红梅",
    "phone": "13900001234",
    "unit": "1-1-102",
    "category": "noise",
    "severity": "serious",
    "facts": "深夜装修",
    "wish": "请制止",
}


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


@pytest.fixture
def head(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The head of service, who holds none of these cases."""
    return client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())


def boxes(page: str) -> dict[str, str]:
    """Return what stands in each box of a form, by its title."""
    cells = re.findall(r'<th scope="row">(.*?)</th><td[^>]*>(.*?)</td>', page, re.DOTALL)
    return {plain(title): plain(value) for title, value in cells}


def plain(html: str) -> str:
    """Return the words of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def complain(life: Life, **other: Any) -> Case:
    """Receive a complaint."""
    return complaints.register(life.store, nonce="c", **COMPLAINT | other, by=life.desk, now=life.now)


def printed(store: Store) -> list[tuple[str, str, str]]:
    """Return each print that was written down: of what, by whom (role), and its details."""
    found = "SELECT subject, by_role, detail FROM events WHERE what = ? ORDER BY id"
    return [(row[0], row[1], row[2]) for row in store.rows(found, [filed_prints.PRINTED])]


def test_the_form_of_a_repair_says_all_that_is_known(desk: FlaskClient, store: Store, life: Life) -> None:
    order = life.signed(place="厨房")
    feedback.give(store, no=order.case_no, about="result", channel="phone", text="阀芯已换", by=life.desk, now=life.now)
    page = text(desk, f"/cases/{order.case_no}/form")
    said = boxes(page)
    assert "业主报修登记表（维修工作单）" in page and "Repair form (work order)" in page and order.case_no in page
    assert (said["姓名"], said["电话"], said["住址"], said["位置"]) == (NAME, PHONE, "1-1-101", "厨房")
    assert "☑ 水暖管道" in said["类别"] and said["类别"].count("☑") == 1 and "□ 电梯" in said["类别"]
    assert "☑ 保修" in said["保修判定"] and "按现场情况" in said["保修判定"]
    assert order.no in page and said["维修情况"] == "更换阀芯" and said["维修人员"] == "赵刚"
    assert said["业主签字"].startswith("业主已在工作单签字") and "阀芯已换" in said["告知内容"]
    assert "业主（签字）" in page and "盖章及日期" in page
    assert f"/cases/{order.case_no}/form" in text(desk, f"/cases/{order.case_no}")


def test_a_repair_that_was_not_sent_out_has_room_to_write(desk: FlaskClient, life: Life) -> None:
    page = text(desk, f"/cases/{life.register().no}/form")
    assert boxes(page)["维修情况"] == "" and "hand room-4" in page


def test_paid_work_has_a_form_of_its_own(desk: FlaskClient, store: Store, life: Life) -> None:
    order = life.on_site(liability="paid")
    before = text(desk, f"/cases/{order.case_no}/form")
    assert "业主报修有偿服务登记表" in before and "￥" not in before
    quotations.make_agreed(store, nonce="q", no=order.case_no, lines=LINES, by=life.desk, now=life.now)
    page = text(desk, f"/cases/{order.case_no}/form")
    assert 'data-total="11550"' in page and "￥115.50" in page and "人民币壹佰壹拾伍元伍角" in page
    assert "软管" in page and "业主已同意" in boxes(page)["业主对报价的意见"]


def test_the_form_of_a_complaint(desk: FlaskClient, store: Store, life: Life) -> None:
    case = complain(life)
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", by=life.head, now=life.now)
    said = boxes(text(desk, f"/cases/{case.no}/form"))
    assert (said["反映情况"], said["诉求"], said["责任人"]) == ("深夜装修", "请制止", "赵强")
    assert said["严重程度"] == "□ 一般 ☑ 严重" and "☑" not in said["调查结论"]


def test_names_are_for_who_holds_it_and_for_a_reason_that_is_kept(
    desk: FlaskClient, head: FlaskClient, store: Store, life: Life
) -> None:
    path = f"/cases/{life.register().no}/form"
    assert NAME in text(desk, path) and "姓名、电话已隐去" not in text(desk, path)
    masked = text(head, path)
    assert NAME not in masked and PHONE not in masked and "姓名、电话已隐去" in masked
    assert post(head, path) == (422, "reveal_reason_missing")
    assert store.value("SELECT count(*) FROM reveals") == 0
    whole = head.post(path, data={"reveal_reason": "paper"}, headers=SAME_ORIGIN).get_data(as_text=True)
    assert NAME in whole and PHONE in whole and store.value("SELECT reason FROM reveals") == "paper"


def test_what_is_sealed_has_no_form_for_others(desk: FlaskClient, store: Store, life: Life) -> None:
    manager = actor(store, Role.MANAGER)
    case = complaints.register(store, nonce="s", **COMPLAINT, hears="manager", by=manager, now=life.now)
    assert desk.get(f"/cases/{case.no}/form").status_code == 404
    assert post(desk, f"/forms/complaint_form/{case.no}/printed") == (404, "case_unknown")
    assert printed(store) == []


def test_a_supervision_has_its_form_without_the_person(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    made = AfterLife(store, clock)
    case = made.supervised()
    (no,) = made.supervisions(case)
    page = text(desk, f"/supervisions/{no}/form")
    said = boxes(page)
    assert "督办单" in page and no in page and said["处理意见"] == "一周内修好道闸" and said["关联事项"] == case.no
    assert case.name not in page and f"/supervisions/{no}/form" in text(desk, f"/supervisions/{no}")
    made.finish(no)
    assert boxes(text(desk, f"/supervisions/{no}/form"))["结果"].startswith("道闸已修好")
    assert desk.get("/supervisions/DB20200101-001/form").status_code == 404


def test_a_print_is_written_down_with_what_stood_on_it(
    desk: FlaskClient, head: FlaskClient, store: Store, clock: Clock, life: Life
) -> None:
    case, made = life.register(), AfterLife(store, clock)
    booked = made.supervised()
    (no,) = made.supervisions(booked)
    incident = Incidents(store, clock).press()
    assert post(desk, f"/forms/repair_form/{case.no}/printed", whole="1") == (204, "")
    assert post(head, f"/forms/repair_form/{case.no}/printed", whole="0") == (204, "")
    assert post(head, f"/forms/visit_form/{booked.no}/printed", whole="0") == (204, "")
    assert post(head, f"/forms/supervision_form/{no}/printed") == (204, "")
    assert post(head, f"/forms/incident_form/{incident.no}/printed") == (204, "")
    assert printed(store) == [
        ("case", "receptionist", '{"form": "repair_form", "whole": 1}'),
        ("case", "service_head", '{"form": "repair_form", "whole": 0}'),
        ("case", "service_head", '{"form": "visit_form", "whole": 0}'),
        ("supervision", "service_head", '{"form": "supervision_form", "whole": 0}'),
        ("case", "service_head", '{"form": "incident_form", "whole": 0}'),
    ]
    assert "打印表格" in text(desk, f"/cases/{case.no}") and "打印表格" in text(desk, f"/supervisions/{no}")
    admin = client_of(desk.application, store, actor(store, Role.ADMINISTRATOR), clock())
    assert "业主报修登记表" in text(admin, "/audit?group=taken")


@pytest.mark.parametrize(
    ("form", "code"), [("log", "form_unknown"), ("work_log", "form_unknown"), ("x", "form_unknown")]
)
def test_what_is_no_form_of_a_matter_is_refused(
    desk: FlaskClient, store: Store, life: Life, form: str, code: str
) -> None:
    assert post(desk, f"/forms/{form}/{life.register().no}/printed") == (404, code)
    assert printed(store) == []


def test_other_kinds_have_no_such_form(desk: FlaskClient, store: Store, clock: Clock) -> None:
    answer = desk.get(f"/cases/{AfterLife(store, clock).supervised().no}/form")
    assert answer.status_code == 404 and "没有这种表格" in answer.get_data(as_text=True)


def check_in(life: Life, nonce: str, line: str = "general", **who: Any) -> str:
    """Register a visitor at the desk; return his number."""
    return visits.check_in(life.store, line=line, nonce=nonce, **who, by=life.desk, now=life.now).no


def test_the_register_of_a_day_is_masked(desk: FlaskClient, life: Life) -> None:
    no = check_in(life, "v", name="王小明", phone="13800005678", unit="1-1-101")
    page = text(desk, "/visits/register")
    assert f'data-visit="{no}"' in page and "王**" in page and "138****5678" in page and "1号楼" in page
    assert "王小明" not in page and "13800005678" not in page and "1-1-101" not in page and "across" in page
    assert "当日无来访" in text(desk, "/visits/register?day=2026-11-22")
    assert f'data-visit="{no}"' in text(desk, "/visits/register?day=2026-11-23")
    for day in ("2027-01-01", "x", "0001-01-01"):
        assert desk.get(f"/visits/register?day={day}").status_code == 422, day


def test_whom_one_role_hears_is_in_nobody_elses_register(
    desk: FlaskClient, store: Store, desk_app: Flask, clock: Clock, life: Life
) -> None:
    no = check_in(life, "v")
    with writing(store):
        store.execute("UPDATE lines SET hears = 'manager' WHERE code = 'general'")
    assert f'data-visit="{no}"' not in text(desk, "/visits/register")
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert f'data-visit="{no}"' in text(manager, "/visits/register")


def test_the_work_log_as_a_form_has_every_line(desk: FlaskClient, life: Life) -> None:
    numbers = [life.register().no for _ in range(3)]
    page = text(desk, "/log/form")
    assert all(no in page for no in numbers) and "客户服务中心工作日志" in page and NAME not in page
    assert desk.get("/log/form?day=x").status_code == 422
    assert "/log/form?day=2026-11-23" in text(desk, "/log")


def test_every_form_may_be_printed_blank(desk: FlaskClient, store: Store, life: Life) -> None:
    life.signed()
    listed = re.findall(r'data-blank="(\w+)"', text(desk, "/forms"))
    # These are made of figures or of a plan: there is nothing to write by hand.
    assert set(listed) == set(NAMES) - {
        "visit_summary", "month_report", "tour_plan", "tour_review", "procedure_list", "household_form", "goods_receipt"
    }  # fmt: skip
    for code in listed:
        page = text(desk, f"/forms/{code}")
        assert NAMES[code].zh in page and NAMES[code].en in page and "☑" not in page, code
        assert NAME not in page and not re.search(r"[A-Z]{2}20\d{6}-\d{3}", page), code
        assert "data-prints" not in page and "data-print>" in page, code
        desk.set_cookie("language", "en")
        assert NAMES[code].zh in text(desk, f"/forms/{code}"), code
        desk.set_cookie("language", "zh")
    assert desk.get("/forms/x").status_code == 404 and desk.get("/forms/visit_summary").status_code == 404


def test_the_blank_visit_day_form_has_a_box_for_each_who_signs(desk: FlaskClient, store: Store) -> None:
    steps = store.value("SELECT count(*) FROM sign_steps WHERE active = 1")
    assert text(desk, "/forms/visit_form").count("data-opinion=") == steps > 3


def test_the_note_of_a_print_and_its_check_are_one(store: Store, life: Life) -> None:
    """Nobody notes a print of what he may not read."""
    worker = life.worker
    case = life.register()
    with pytest.raises(Refused, match="not_permitted"):
        filed_prints.note(store, form="repair_form", no=case.no, whole=True, by=worker, now=life.now)
    other = actor(store, Role.DEPARTMENT_HEAD)
    sealed = complain(life)
    with pytest.raises(Refused, match="case_unknown"):
        filed_prints.note(store, form="complaint_form", no=sealed.no, whole=True, by=other, now=life.now)
    assert [one["what"] for one in events.history(store, "case", case.id)] == ["open_repair"]
