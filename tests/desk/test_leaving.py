"""The question before a visitor leaves with no matter recorded: asked once by the desk's page, never of a script."""

import re

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import complaints, visit_ends
from reception.permissions import KIOSK, Actor
from reception.refusal import Refused
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock
from tests.desk.test_queue import held, press, state


@pytest.fixture(autouse=True)
def called(store: Store, clock: Clock, desk: FlaskClient) -> None:
    """A001 is at counter 1, A002 and A003 wait."""
    for number in range(3):
        check_in(store, line="general", nonce=f"w{number}", by=KIOSK, now=clock())
        clock.forward(seconds=1)
    assert held(press(desk, "next")) == "A001"


def reason(store: Store, no: str) -> str | None:
    """Return why the visit of a ticket left nothing behind."""
    found: str | None = store.value(
        "SELECT reason FROM visit_ends JOIN tickets USING (visit_id) WHERE tickets.no = ?", [no]
    )
    return found


def test_a_script_is_never_asked(desk: FlaskClient, store: Store) -> None:
    assert held(press(desk, "next", holding="A001")) == "A002"
    assert "data-asks" not in press(desk, "complete", holding="A002")
    assert [state(store, no) for no in ("A001", "A002")] == ["completed"] * 2 and reason(store, "A001") is None


@pytest.mark.parametrize("act", ["next", "complete"])
def test_the_page_is_asked_once_and_goes_on_at_the_second_press(desk: FlaskClient, store: Store, act: str) -> None:
    asked = press(desk, act, holding="A001", ask="1")
    assert held(asked) == "A001" and f'data-asks="{act}"' in asked and state(store, "A001") == "called"
    # Of the buttons that end a visit none asks again, and the screen that renews itself keeps the question.
    assert 'name="ask"' not in asked
    again = re.search(r'hx-get="(/queue/counter[^"]+)"', asked)
    assert again and "data-asks" in desk.get(again[1].replace("&amp;", "&")).get_data(as_text=True)
    done = press(desk, act, holding="A001")
    assert held(done) == ("A002" if act == "next" else None) and state(store, "A001") == "completed"
    assert "data-asks" not in desk.get(again[1].replace("&amp;", "&")).get_data(as_text=True)


def test_the_reason_is_kept_with_the_visit_and_taken_back_with_the_press(desk: FlaskClient, store: Store) -> None:
    press(desk, "next", holding="A001", reason="answered")
    assert reason(store, "A001") == "answered"
    assert held(press(desk, "undo", holding="A002")) == "A001"
    assert reason(store, "A001") is None
    assert "data-asks" in press(desk, "next", holding="A001", ask="1")
    press(desk, "complete", holding="A001", reason="made_up", status=422)
    assert state(store, "A001") == "called"


def test_a_double_press_of_a_reason_is_of_that_visitor_alone(desk: FlaskClient, store: Store) -> None:
    for _ in range(2):
        assert held(press(desk, "next", holding="A001", reason="form_only")) == "A002"
    assert (reason(store, "A001"), reason(store, "A002")) == ("form_only", None)


def test_with_a_matter_nobody_is_asked(desk: FlaskClient, store: Store, clock: Clock, receptionist: Actor) -> None:
    visit = store.value("SELECT visit_id FROM tickets WHERE no = 'A001'")
    complaints.register(
        store,
        nonce="c",
        name="张建国",
        phone="13800005678",
        unit="1-1-101",
        category="noise",
        severity="ordinary",
        facts="夜间施工",
        visit_id=visit,
        by=receptionist,
        now=clock(),
    )
    assert held(press(desk, "next", holding="A001", ask="1")) == "A002"


def test_a_page_that_is_behind_gets_a_fresh_view(desk: FlaskClient) -> None:
    press(desk, "next", holding="A001")
    assert "data-asks" not in press(desk, "next", holding="A001", ask="1")
    for query in ("asking=next&holding=A001", "asking=made-up&holding=A002", "asking=next"):
        assert "data-asks" not in desk.get(f"/queue/counter?{query}").get_data(as_text=True)


def test_without_htmx_the_question_comes_with_the_page(desk: FlaskClient) -> None:
    form = {"counter": "1", "holding": "A001", "ask": "1"}
    answer = desk.post("/queue/complete", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303
    assert 'data-asks="complete"' in desk.get(answer.headers["Location"]).get_data(as_text=True)


def test_what_a_subject_traces_counts_as_a_matter(
    desk: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit_ends, "TRACES", (lambda _, visit: visit == 1,))
    assert held(press(desk, "next", holding="A001", ask="1")) == "A002"
    assert "data-asks" in press(desk, "next", holding="A002", ask="1")


@pytest.mark.parametrize("subject", ["handover", "official", "appointment", "identity"])
def test_whatever_a_visitor_left_with_the_desk_is_a_matter(
    desk: FlaskClient, store: Store, clock: Clock, subject: str
) -> None:
    press(desk, "start", holding="A001")
    path, form = {
        "handover": (
            "/handovers",
            {"to": "zhaoqiang", "item": "合同", "place": "柜子", "name": "钱多多", "pieces": "1"},
        ),
        "official": ("/officials", {"organisation": "街道办", "name": "钱多多", "matter": "检查"}),
        "appointment": (
            "/appointments",
            {"host": "zhaoqiang", "expected_at": "2026-11-24T11:00", "name": "钱多多", "phone": "13911112222"}
            | {"purpose": "方案", "source": "desk", "slip": "0"},
        ),
        "identity": ("/queue/identity", {"document": "id_card", "matched": "1"}),
    }[subject]
    answer = desk.post(path, data=form | {"nonce": "n", "ticket": "A001"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert "data-asks" not in press(desk, "complete", holding="A001", ask="1") and state(store, "A001") == "completed"


def test_an_unknown_reason_is_refused_by_the_act(store: Store, clock: Clock, receptionist: Actor) -> None:
    with pytest.raises(Refused, match="end_reason_unknown"):
        visit_ends.keep(store, 1, "x", by=receptionist, at=clock())
