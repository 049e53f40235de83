"""What to say and what comes next: by what stands in front of whoever sits at the desk, in the centre's own words."""

from flask.testing import FlaskClient

from db.store import Store, writing
from reception import kinds, scripts, table_columns, tables
from reception.permissions import KIOSK, Role
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.desk.test_queue import press
from tests.reception.life import Life


def test_the_counter_says_what_goes_with_the_visitor(desk: FlaskClient, store: Store, clock: Clock) -> None:
    for nonce in "ab":
        check_in(store, line="general", nonce=nonce, by=KIOSK, now=clock())
    assert "data-script" not in desk.get("/queue/counter").get_data(as_text=True)
    assert "请到这边来" in press(desk, "next")
    serving = press(desk, "start", holding="A001")
    assert "有什么可以帮到您" in serving and "让您久等了" not in serving
    clock.forward(minutes=4)
    # The line renews itself: nothing else on the page has moved.
    assert "让您久等了" in desk.get("/scripts/counter").get_data(as_text=True)
    clock.forward(minutes=12)
    assert "让您久等了" in press(desk, "next", holding="A001")


def test_each_case_has_its_line_and_without_one_nothing_is_shown(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = Life(store, clock).register()
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "您的报修已登记" in page and "Your repair is registered" in page and "派工，约好上门时间" in page
    with writing(store):
        store.execute("UPDATE scripts SET active = 0 WHERE code = 'repair-registered'")
    assert "data-script" not in desk.get(f"/cases/{case.no}").get_data(as_text=True)


def test_the_words_are_a_list_of_the_centre(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = Life(store, clock).register()
    tables.save(
        store,
        table=table_columns.TABLES["scripts"],
        key="repair-registered",
        values={"say": "马上安排<b>", "then_do": ""},
        by=actor(store, Role.MANAGER),
        now=clock(),
    )
    page = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "马上安排&lt;b&gt;" in page and "约好上门时间" not in page


def test_the_defaults_are_of_states_that_there_are(store: Store) -> None:
    known = {f"{kind.code}-{state.replace('_', '-')}" for kind in kinds.KINDS.values() for state in kind.states}
    known |= {f"ticket-{what}" for what in ("called", "waited", "serving", "done")}
    codes = {row[0] for row in store.rows("SELECT code FROM scripts")}
    assert codes <= known and len(codes) > 20
    for row in store.rows("SELECT say, say_en, then_do, then_do_en FROM scripts"):
        assert all(0 < len(text) <= 80 for text in row), tuple(row)
    assert scripts.of_state(store, "repair", "made-up") is None
