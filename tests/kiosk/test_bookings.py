"""A visit day booked without a clerk: at the kiosk, on the phone of who waits; the page of a booking."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from db.store import Store, writing
from reception import booking_changes, cases, sign_ends, tickets, visit_days
from reception.booking_facts import details
from reception.cases import Case
from reception.permissions import KIOSK
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock
from tests.reception.visit_life import VisitLife

Post = Callable[..., Any]
HOME = {"building": "1", "unit_no": "1", "room": "101", "phone": "5678", "book": "1"}


@pytest.fixture(autouse=True)
def planned(store: Store, clock: Clock) -> None:
    """The days to come, as the box plans them every minute."""
    with writing(store):
        visit_days.plan(store, at=clock())


@pytest.fixture
def post(kiosk: FlaskClient) -> Post:
    """Send what a form of ours sends, with the notice that it showed."""
    return lambda path, **fields: kiosk.post(path, data={"notice": "v1"} | fields, headers=SAME_ORIGIN)


@pytest.fixture
def made(store: Store, clock: Clock) -> VisitLife:
    return VisitLife(store, clock)


def newest(store: Store) -> Case:
    return cases.whole(store, store.value("SELECT max(id) FROM cases WHERE kind = 'visit-day'"))


def refused(answer: Any) -> str:
    found = re.search(r'data-refused="(\w+)"', answer.get_data(as_text=True))
    return found[1] if found else ""


def test_an_owner_books_in_a_few_touches(kiosk: FlaskClient, post: Post, store: Store) -> None:
    assert 'href="/register/visit-day?book=1"' in kiosk.get("/").get_data(as_text=True)
    assert 'name="book" value="1"' in kiosk.get("/register/visit-day?book=1").get_data(as_text=True)
    step = post("/register/visit-day/step", **HOME).get_data(as_text=True)
    assert "step-topic" in step and "张**" in step and 'value="noise"' in step
    confirm = post("/register/visit-day/step", **HOME, topic="noise").get_data(as_text=True)
    # The first free time is proposed.
    assert 'value="2026-12-04 10:00" data-book' in confirm and "详情当面说" in confirm
    nonce = re.search(r'name="nonce" value="([^"]+)"', confirm)
    assert nonce is not None
    sent = {"nonce": nonce[1], "unit": "1-1-101", "phone": "5678", "topic": "noise", "slot": "2026-12-04 10:00"}
    answer = post("/visit-day", **sent)
    case = newest(store)
    booking = details(store, case)
    assert answer.headers["Location"] == f"/visit-day/{case.token}"
    assert (case.state, case.source, booking.starts, booking.ownership, booking.topic) == (
        "under_review", "kiosk", "10:00", "register", "noise",
    )  # fmt: skip
    assert booking.matter.endswith("（详情当面说）")
    assert post("/visit-day", **sent).headers["Location"] == answer.headers["Location"]
    page = kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "审核通过后安排接待" in page
    assert 'data-starts="10:00"' in page and "12月4日" in page and "审核中" in page and case.no in page
    assert kiosk.get(f"/visit-day/{case.token}/state").status_code == 200
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'visit_day_slip'") == 1


def test_another_time_or_day_and_back_again(post: Post) -> None:
    slots = post("/register/visit-day/step", **HOME, topic="noise", another="1").get_data(as_text=True)
    assert "step-slot" in slots and 'value="2026-12-04 11:45"' in slots and 'value="2027-01-04 10:00"' in slots
    assert "暂定" in slots
    chosen = {"choosing": "1", "slot": "2027-01-04 10:30"}
    confirm = post("/register/visit-day/step", **HOME, topic="noise", **chosen).get_data(as_text=True)
    assert 'value="2027-01-04 10:30" data-book' in confirm and "暂定" in confirm
    back = {"slot": "2027-01-04 10:30", "back": "1"}
    assert "step-slot" in post("/register/visit-day/step", **HOME, topic="noise", **back).get_data(as_text=True)
    again = post("/register/visit-day/step", **HOME, topic="noise", choosing="1", back="1").get_data(as_text=True)
    assert "step-booking" in again
    assert "step-topic" in post("/register/visit-day/step", **HOME, topic="noise", back="1").get_data(as_text=True)
    # In the other language the same step stands there.
    english = post("/register/visit-day/step", **HOME, topic="noise", another="1", language="en")
    assert "When do you want to come?" in english.get_data(as_text=True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"skip": "1", "phone": ""}, "phone_missing"),
        ({"phone": "0000"}, "phone_unrecognised"),
        ({"topic": "nonsense"}, "topic_unknown"),
        ({"topic": "noise", "slot": "2026-12-04 10:01"}, "slot_taken"),
        ({"topic": "noise", "slot": "2026-12-05 10:00"}, "slot_taken"),
        ({"topic": "noise", "slot": "\x00"}, "slot_taken"),
    ],
)
def test_what_the_steps_refuse(post: Post, fields: dict[str, str], code: str) -> None:
    answer = post("/register/visit-day/step", **{**HOME, **fields})
    assert answer.status_code in {409, 422} and refused(answer) == code


def test_a_tenant_hears_at_once_and_a_home_that_booked_too(post: Post, store: Store, made: VisitLife) -> None:
    row = store.row(
        "SELECT phone, building, unit, room FROM residents JOIN units ON units.id = unit_id WHERE relation = 'tenant'"
        " ORDER BY residents.id LIMIT 1"
    )
    assert row is not None
    home = {"building": row["building"], "unit_no": row["unit"], "room": row["room"], "phone": row["phone"][-4:]}
    assert refused(post("/register/visit-day/step", **home, book="1")) == "owners_only"
    sent = {"unit": f"{row['building']}-{row['unit']}-{row['room']}", "phone": row["phone"], "topic": "noise"}
    assert refused(post("/visit-day", nonce="t", **sent)) == "owners_only"
    # He may still take a number.
    assert post("/check-in", line="visit-day", nonce="j").status_code == 303
    for number, day in enumerate(("2026-12-04", "2027-01-04", "2027-02-05")):
        made.book(unit="1-1-101", day=day, nonce=f"full{number}")
    assert refused(post("/register/visit-day/step", **HOME)) == "household_booked"


def test_a_stranger_learns_nothing_of_what_a_home_has_booked(post: Post, store: Store, made: VisitLife) -> None:
    for number, day in enumerate(("2026-12-04", "2027-01-04", "2027-02-05")):
        made.book(unit="1-1-101", day=day, nonce=f"full{number}")
    stranger = {"unit": "1-1-101", "phone": "13912345678", "topic": "noise", "slot": "2026-12-04 11:00"}
    assert refused(post("/register/visit-day/step", **{**HOME, "phone": stranger["phone"]})) == "ask_at_the_desk"
    assert refused(post("/visit-day", nonce="s", **stranger)) == "ask_at_the_desk"
    ticket = phone_ticket(store, made.clock)
    assert refused(post(f"/T/{ticket.token}/book", **stranger)) == "ask_at_the_desk"
    # Whom the file of the home names hears it plainly; the number stays either way.
    assert refused(post(f"/T/{ticket.token}/book", **{**stranger, "phone": "13800005678"})) == "household_booked"
    assert tickets.by_token(store, ticket.token).state == "waiting"


def test_a_day_that_closed_is_said(kiosk: FlaskClient, post: Post, store: Store, clock: Clock) -> None:
    assert "data-closed" not in post("/register/visit-day/step", **HOME, topic="noise").get_data(as_text=True)
    clock.at = datetime(2026, 12, 2, 2, tzinfo=UTC)
    for more in ({}, {"another": "1"}):
        page = post("/register/visit-day/step", **HOME, topic="noise", **more).get_data(as_text=True)
        assert 'data-closed="2026-12-04"' in page and "已于12月1日（周二） 24:00截止" in page and "1月4日" in page
    ticket = phone_ticket(store, clock)
    assert 'data-closed="2026-12-04"' in kiosk.get(f"/T/{ticket.token}/book").get_data(as_text=True)


def test_on_its_day_the_display_does_not_say_another_date(kiosk: FlaskClient, clock: Clock) -> None:
    assert "12月4日" in kiosk.get("/display/calls").get_data(as_text=True)
    clock.at = datetime(2026, 12, 4, 1, tzinfo=UTC)
    shown = kiosk.get("/display/calls").get_data(as_text=True)
    assert "今天经理接待日 10:00–12:00" in shown and "1月4日" not in shown


def test_who_is_not_received_learns_what_goes_on_with_it(kiosk: FlaskClient, store: Store, made: VisitLife) -> None:
    case = made.book(unit="1-1-101")
    sign_ends.refuse(
        store, no=case.no, nonce="refuse", reason="先由工程部到现场", channel="phone", becomes="complaint",
        category="noise", by=made.head, now=made.now,
    )  # fmt: skip
    number = store.value("SELECT no FROM cases WHERE spawned_from = ?", [case.id])
    for at_kiosk in ("", "1"):
        kiosk.set_cookie("at_kiosk", at_kiosk)
        text = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
        assert f"由 {number} 继续办理；原因已于11月23日（周一）电话告知您" in text
        # The reason is his; and he is not told where to come, and when.
        assert "到现场" not in text and "物业服务中心接待室" not in text and "2026-12-04" not in text


def test_whom_the_file_does_not_know_books_and_is_checked_later(post: Post, store: Store) -> None:
    sent = {"unit": "1-1-102", "phone": "13912345678", "topic": "noise", "slot": ""}
    assert post("/visit-day", nonce="u", **sent).status_code == 303
    assert details(store, newest(store)).ownership == "unchecked"
    for fields, code in (
        ({"unit": ""}, "unit_missing"),
        ({"phone": ""}, "phone_missing"),
        ({"topic": ""}, "topic_unknown"),
        ({"nonce": ""}, "nonce_missing"),
        ({"slot": "2026-11-06 10:00"}, "visit_day_unknown"),
    ):
        assert refused(post("/visit-day", **{"nonce": "v", **sent, **fields})) == code


def test_a_full_day_offers_its_waiting_list(post: Post, kiosk: FlaskClient, store: Store, made: VisitLife) -> None:
    for _ in range(9):
        made.book(unit=f"1-2-{201 + made.count % 2 + 100 * (made.count // 2)}")
    confirm = post("/register/visit-day/step", **HOME, topic="noise").get_data(as_text=True)
    assert "候补第 2 位" in confirm and 'value="2026-12-04" data-book' in confirm
    answer = post("/visit-day", nonce="w", unit="1-1-101", phone="5678", topic="noise", slot="2026-12-04")
    assert 'data-in-line="2"' in kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert newest(store).state == "booked"


def phone_ticket(store: Store, clock: Clock, line: str = "visit-day", nonce: str = "t") -> tickets.Ticket:
    return check_in(store, line=line, nonce=nonce, by=KIOSK, now=clock())


def test_who_waits_books_on_his_phone_and_gives_the_number_back(
    kiosk: FlaskClient, post: Post, store: Store, clock: Clock
) -> None:
    ticket = phone_ticket(store, clock)
    assert f'href="/T/{ticket.token}/book"' in kiosk.get(f"/T/{ticket.token}").get_data(as_text=True)
    assert "2026-12-04 10:00" in kiosk.get(f"/T/{ticket.token}/book").get_data(as_text=True)
    sent = {"unit": "1-1-101", "phone": "13800005678", "name": "", "matter": "车位", "topic": "parking",
            "slot": "2026-12-04 10:45"}  # fmt: skip
    answer = post(f"/T/{ticket.token}/book", **sent)
    case = newest(store)
    assert answer.headers["Location"] == f"/T/{case.token}"
    booking = details(store, case)
    assert (booking.starts, booking.matter, booking.ownership, case.name) == ("10:45", "车位", "register", "张建国")
    assert tickets.by_token(store, ticket.token).state == "cancelled"
    # No paper comes out for nobody to take.
    assert store.value("SELECT count(*) FROM print_jobs WHERE kind = 'visit_day_slip'") == 0
    assert post(f"/T/{ticket.token}/book", **sent).headers["Location"] == f"/T/{case.token}"
    assert refused(post(f"/T/{ticket.token}/book", **{**sent, "unit": "1-1-102"})) == "nonce_reused"
    assert f'href="/T/{case.token}"' in kiosk.get(f"/T/{ticket.token}").get_data(as_text=True)
    assert store.value("SELECT count(*) FROM cases") == 1


def test_what_the_phone_refuses_keeps_the_number(kiosk: FlaskClient, post: Post, store: Store, clock: Clock) -> None:
    ticket = phone_ticket(store, clock)
    good = {"unit": "1-1-101", "phone": "13800005678", "topic": "noise", "slot": ""}
    for fields, code in (
        ({"phone": "5678"}, "phone_invalid"),
        ({"phone": ""}, "phone_missing"),
        ({"unit": ""}, "unit_missing"),
        ({"unit": "9-9-9"}, "unit_unknown"),
        ({"topic": "x"}, "topic_unknown"),
        ({"slot": "2026-12-04 09:00"}, "slot_taken"),
        ({"matter": "x" * 600}, "text_too_long"),
    ):
        answer = post(f"/T/{ticket.token}/book", **{**good, **fields})
        assert refused(answer) == code and answer.status_code in {409, 422}, code
    assert tickets.by_token(store, ticket.token).state == "waiting"
    assert store.value("SELECT count(*) FROM cases") == 0
    other = phone_ticket(store, clock, "general", "g")
    assert kiosk.get(f"/T/{other.token}/book").status_code == 404
    assert post(f"/T/{other.token}/book", **good).status_code == 404
    assert kiosk.get("/T/" + "A" * 26 + "/book").status_code == 404
    # One that was given back otherwise books nothing.
    post(f"/T/{ticket.token}/cancel")
    assert refused(post(f"/T/{ticket.token}/book", **good)) == "not_waiting"


def test_a_number_is_no_directory_of_who_lives_where(post: Post, store: Store, clock: Clock) -> None:
    ticket = phone_ticket(store, clock)
    row = store.row(
        "SELECT phone, building || '-' || unit || '-' || room AS home FROM residents JOIN units ON units.id = unit_id"
        " WHERE relation = 'tenant' ORDER BY residents.id LIMIT 1"
    )
    assert row is not None
    sent = {"unit": row["home"], "phone": row["phone"], "topic": "noise", "slot": ""}
    codes = [refused(post(f"/T/{ticket.token}/book", **sent)) for _ in range(4)]
    assert codes == ["owners_only"] * 3 + ["ask_at_the_desk"]


def test_the_page_of_a_booking(kiosk: FlaskClient, post: Post, store: Store, made: VisitLife) -> None:
    case = made.book(unit="1-1-101")
    page = kiosk.get(f"/T/{case.token}")
    text = page.get_data(as_text=True)
    assert all(word in text for word in ("12月4日", "10:00", "审核中", "物业服务中心接待室", "换个时间", "撤回预约"))
    assert "张" not in text and "1-1-101" not in text and "地下车库" not in text
    state = kiosk.get(f"/T/{case.token}/state")
    again = kiosk.get(f"/T/{case.token}/state", headers={"If-None-Match": state.headers["ETag"]})
    assert again.status_code == 304
    for tail, slot, code in (
        ("1111", "2026-12-04 10:30", "tail_wrong"),
        ("5678", "2026-12-04 10:31", "slot_taken"),
        ("5678", "2026-12-05 10:30", "visit_day_unknown"),
        ("5678", "2026-12-04 10:00", "nothing_changed"),
    ):
        assert refused(post(f"/T/{case.token}/change", phone=tail, slot=slot)) == code
    assert post(f"/T/{case.token}/change", phone="5678", slot="2026-12-04 10:30").status_code == 303
    assert details(store, case).starts == "10:30"
    assert 'data-changes="1"' in kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    # He knows: nobody need tell him.
    assert booking_changes.untold(store, by=made.desk) == []
    made.admitted(cases.whole(store, case.id))
    assert "已安排接待" in kiosk.get(f"/T/{case.token}/state").get_data(as_text=True)
    wrong = post(f"/T/{case.token}/withdraw", phone="1111", act="withdraw", reason="孩子病了")
    assert refused(wrong) == "tail_wrong"
    # Nothing typed is lost on a phone, and its form stays open.
    assert 'value="孩子病了"' in wrong.get_data(as_text=True) and 'form" open><summary>撤回预约' in wrong.get_data(
        as_text=True
    )
    wrong = post(f"/T/{case.token}/change", phone="1111", act="change", slot="2026-12-04 11:15")
    assert 'value="2026-12-04 11:15" selected' in wrong.get_data(as_text=True)
    assert post(f"/T/{case.token}/withdraw", phone="5678").status_code == 303
    text = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert "已按您的要求撤回" in text and "/withdraw" not in text
    assert post(f"/T/{case.token}/withdraw", phone="5678").status_code == 409
    for act in ("withdraw", "change"):
        assert post(f"/T/{'A' * 26}/{act}", phone="5678").status_code == 404


def test_at_the_kiosk_the_code_leads_to_the_same_acts(
    kiosk: FlaskClient, post: Post, store: Store, made: VisitLife
) -> None:
    case = made.book(unit="1-1-101")
    kiosk.set_cookie("at_kiosk", "1")
    text = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert "do=another" in text and "do=withdraw" in text
    assert "10:15" in kiosk.get(f"/T/{case.token}?do=another").get_data(as_text=True)
    ask = kiosk.get(f"/T/{case.token}?do=another&slot=2026-12-04+10:15").get_data(as_text=True)
    assert f'action="/T/{case.token}/change"' in ask and 'value="2026-12-04 10:15"' in ask
    answer = post(f"/T/{case.token}/change", phone="0000", slot="2026-12-04 10:15", do="another")
    assert refused(answer) == "tail_wrong" and 'value="2026-12-04 10:15"' in answer.get_data(as_text=True)
    assert f'action="/T/{case.token}/withdraw"' in kiosk.get(f"/T/{case.token}?do=withdraw").get_data(as_text=True)
    assert post(f"/T/{case.token}/withdraw", phone="5678", do="withdraw").status_code == 303
