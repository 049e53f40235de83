"""A repair registered right at the kiosk: its steps, one question each; once, in the hours, without a number."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import kiosk_repairs
from reception.site import configure
from tests.conftest import SAME_ORIGIN, Clock

HOME = {"building": "1", "unit_no": "1", "room": "101", "phone": "5678", "notice": "v1"}
CHOSEN = {"matter": "repair-water", "place": "kitchen", "urgency": "ordinary", "time": "2026-11-24-am"}
UNIT = {"unit": "1-1-101", "phone": "5678", "notice": "v1"}


def step(kiosk: FlaskClient, **fields: str) -> tuple[str, str]:
    """Take a step; return its name and its page."""
    answer = kiosk.post("/register/repair/step", data=fields, headers=SAME_ORIGIN)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    html = answer.get_data(as_text=True)
    return re.findall(r'class="register step-(\w+)"', html)[0], html


def register(kiosk: FlaskClient, **fields: str) -> tuple[int, str]:
    """Send the last form; return the status, and where it leads or the code of the refusal."""
    answer = kiosk.post("/repair", data={"nonce": "n", **UNIT, **CHOSEN, **fields}, headers=SAME_ORIGIN)
    if answer.status_code == 303:
        return 303, answer.headers["Location"]
    return answer.status_code, re.findall(r'data-refused="([^"]+)"', answer.get_data(as_text=True))[0]


def hidden(html: str) -> dict[str, str]:
    """Return what a page's form carries."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html.split("</form>")[0]))


def test_every_step_to_the_end(kiosk: FlaskClient, store: Store) -> None:
    name, html = step(kiosk, **HOME)
    assert name == "matter" and 'name="direct"' in html
    name, html = step(kiosk, **HOME, direct="1")
    assert name == "matter" and 'formaction="/check-in"' not in html.split("</form>")[0]
    name, html = step(kiosk, **hidden(html), matter="repair-water")
    assert name == "place" and html.count('name="place"') == len(kiosk_repairs.PLACES)
    name, html = step(kiosk, **hidden(html), place="kitchen")
    assert name == "urgency" and 'href="/emergency"' in html
    name, html = step(kiosk, **hidden(html), urgency="ordinary")
    assert name == "time"
    name, html = step(kiosk, **hidden(html), time="2026-11-24-am")
    assert name == "registering"
    for words in ("水暖管道 · 厨房", "明天上午", "138****5678", "张**"):
        assert words in html
    assert "张建国" not in html
    answer = kiosk.post("/repair", data=hidden(html), headers=SAME_ORIGIN)
    assert answer.status_code == 303
    case = store.row("SELECT cases.*, repairs.* FROM cases JOIN repairs ON case_id = cases.id")
    assert case is not None
    assert (case["source"], case["state"], case["name"], case["phone"]) == (
        "kiosk",
        "registered",
        "张建国",
        "13800005678",
    )
    assert (case["category"], case["content"], case["place"]) == ("water", "水暖管道 · 厨房", "厨房")
    assert (case["urgency"], case["convenient_time"]) == ("ordinary", "11月24日（周二）上午")
    assert store.value("SELECT count(*) FROM tickets") == 0
    assert store.value("SELECT kind FROM print_jobs") == "repair_receipt"
    done = kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert case["no"] in done and "可以离开了" in done and "4 个工作小时内与您联系" in done
    assert not re.search("张|1380|5678|1-1-101", done)
    assert kiosk.get(f"/T/{case['token']}/qr.svg").mimetype == "image/svg+xml"
    assert kiosk.get(f"/repair/{case['token']}/state").status_code == 200


def test_without_a_phone_nobody_is_promised_a_call(kiosk: FlaskClient, desk: FlaskClient, store: Store) -> None:
    home = {key: value for key, value in HOME.items() if key != "phone"} | {"skip": "1"}
    name, html = step(kiosk, **home, direct="1", matter="repair-water", place="kitchen")
    assert name == "urgency" and "先与您联系" not in html and "扫码或致电查看进度" in html
    name, html = step(kiosk, **hidden(html), urgency="ordinary")
    assert name == "time" and "打电话" not in html
    name, html = step(kiosk, **hidden(html), time="any")
    assert name == "registering" and "打电话" not in html and "未留" in html
    answer = kiosk.post("/repair", data=hidden(html), headers=SAME_ORIGIN)
    done = kiosk.get(answer.headers["Location"]).get_data(as_text=True)
    assert "与您联系" not in done and "未留电话：请拨 010-6200-8600 补留号码" in done
    case = store.row("SELECT no, token, phone FROM cases")
    assert case is not None and case["phone"] == ""
    # Nor on the receipt, or on the page of progress; and nobody is sent before there is a number.
    desk.post(f"/repairs/{case['no']}/amend", data={"name": "张建国"}, headers=SAME_ORIGIN)
    sent = desk.post(f"/repairs/{case['no']}/dispatch", data={"to": "zhaogang"}, headers=SAME_ORIGIN)
    assert "phone_missing" in sent.get_data(as_text=True)
    said = kiosk.get(f"/T/{case['token']}").get_data(as_text=True)
    said += "".join(row[0] for row in store.rows("SELECT facts FROM print_jobs"))
    assert "与您联系" not in said and "未留电话：请拨 010-6200-8600 补留号码" in said and "来前先打电话" not in said
    assert "data-no-phone" in desk.get("/cases").get_data(as_text=True)


def test_an_urgent_one_is_asked_for_no_time(kiosk: FlaskClient, store: Store) -> None:
    name, html = step(kiosk, **HOME, direct="1", matter="repair-water", place="bathroom", urgency="urgent")
    assert name == "registering"
    answer = kiosk.post("/repair", data=hidden(html), headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert store.value("SELECT urgency FROM repairs") == "urgent"
    assert "30 分钟内到场" in kiosk.get(answer.headers["Location"]).get_data(as_text=True)


def test_back_takes_one_choice_back_at_a_time(kiosk: FlaskClient) -> None:
    chosen = {**HOME, "direct": "1", **CHOSEN}
    seen = []
    for _ in range(7):
        name, html = step(kiosk, **chosen, back="1")
        seen.append(name)
        chosen = hidden(html)
    assert seen == ["time", "urgency", "place", "matter", "matter", "phone", "room"]
    assert "direct" not in chosen


def test_a_change_of_language_keeps_the_step(kiosk: FlaskClient) -> None:
    name, html = step(kiosk, **HOME, direct="1", matter="repair-water", place="kitchen", language="en")
    assert name == "urgency" and "How urgent is it?" in html
    assert hidden(html)["place"] == "kitchen"


def test_taking_a_number_stays_one_tap_on_the_matter(kiosk: FlaskClient) -> None:
    _, html = step(kiosk, **HOME)
    assert re.search(r'formaction="/check-in" name="matter" value="repair-water"', html)


def test_the_same_nonce_is_the_same_repair_even_when_its_time_has_passed(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    first = register(kiosk)
    clock.forward(days=2)
    assert register(kiosk) == first
    assert store.value("SELECT count(*) FROM cases") == 1
    assert register(kiosk, place="bedroom") == (422, "nonce_reused")
    assert store.value("SELECT count(*) FROM print_jobs") == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"matter": "pay"}, "matter_unknown"),
        ({"matter": ""}, "matter_unknown"),
        ({"place": "moon"}, "choice_unknown"),
        ({"urgency": "very"}, "urgency_unknown"),
        ({"time": ""}, "convenient_time_missing"),
        ({"time": "2026-11-20-am"}, "appointed_past"),
        ({"time": "2026-11-24-night"}, "choice_unknown"),
        ({"time": "whenever"}, "choice_unknown"),
        ({"urgency": "planned", "time": "any"}, "appointed_past"),
        ({"unit": ""}, "unit_missing"),
        ({"unit": "9-9-999"}, "unit_unknown"),
        ({"phone": "0000"}, "phone_unrecognised"),
        ({"nonce": ""}, "nonce_missing"),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_stored(
    kiosk: FlaskClient, store: Store, fields: dict[str, str], code: str
) -> None:
    assert register(kiosk, **fields) == (422, code)
    for table in ("cases", "events", "print_jobs", "nonces"):
        assert store.value(f"SELECT count(*) FROM {table}") == 0  # noqa: S608


def test_while_closed_nothing_is_registered(kiosk: FlaskClient, store: Store) -> None:
    configure(store, hours_work="08:30-09:00", hours_rest="")
    assert register(kiosk, time="any") == (422, "closed_now")
    assert store.value("SELECT count(*) FROM cases") == 0
    # In the last minutes no number is given any more, yet what is broken may still be told.
    configure(store, hours_work="08:30-10:30", hours_rest="")
    assert register(kiosk, time="any")[0] == 303


def test_without_a_phone_the_page_says_that_nobody_can_call(kiosk: FlaskClient, store: Store) -> None:
    person = {key: value for key, value in HOME.items() if key != "phone"}
    name, html = step(kiosk, **person, skip="1", direct="1", **CHOSEN)
    assert name == "registering" and "无法电话联系您" in html
    assert register(kiosk, phone="")[0] == 303
    assert store.value("SELECT phone FROM cases") == ""


def test_the_household_s_open_repairs_lead_to_their_page(kiosk: FlaskClient, store: Store) -> None:
    register(kiosk)
    token = store.value("SELECT token FROM cases")
    _, html = step(kiosk, **HOME, direct="1")
    assert f'href="/T/{token}"' in html
    # Whoever is not recognised is told nothing of the household.
    person = {key: value for key, value in HOME.items() if key != "phone"}
    assert token not in step(kiosk, **person, skip="1", direct="1")[1]


def test_another_line_offers_no_registration(kiosk: FlaskClient) -> None:
    answer = kiosk.get("/register/complaint")
    assert 'name="direct"' not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("at", "hours", "urgency", "words"),
    [
        # Monday 10:24.
        ((23, 2, 24), "08:30-12:00,13:30-17:30", "ordinary", "今天上午 今天下午 明天上午 明天下午 周末 随时"),
        # 11:24: nobody gets ready and comes in half an hour.
        ((23, 3, 24), "08:30-12:00,13:30-17:30", "planned", "今天下午 明天上午 明天下午 周末"),
        # Friday 17:00: the next working day is Monday.
        ((27, 9, 0), "08:30-12:00,13:30-17:30", "ordinary", "周一上午 周一下午 周二上午 周二下午 周末 随时"),
        # Closed in the afternoon.
        ((23, 2, 24), "08:30-12:00", "planned", "今天上午 明天上午 周末"),
    ],
)
def test_the_times_are_those_still_to_come(
    store: Store, at: tuple[int, int, int], hours: str, urgency: str, words: str
) -> None:
    configure(store, hours_work=hours, hours_rest="09:00-12:00")
    day, hour, minute = at
    now = datetime(2026, 11, day, hour, minute, tzinfo=UTC)
    assert [one.words.zh for one in kiosk_repairs.times(store, urgency=urgency, now=now)] == words.split()
    for one in kiosk_repairs.times(store, urgency=urgency, now=now):
        assert kiosk_repairs.written(one.code)
