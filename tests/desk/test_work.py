"""The worker's phone page over HTTP: its own door, one's own orders, each act once, photos within their limits."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from db.store import Store
from reception import repairs, tables, work_orders
from reception.permissions import Role
from reception.site import configure
from reception.table_columns import TABLES
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of, give_password
from tests.reception.life import Life

PIN = "2580"
LINE = {"work_done": "x", "material": "y", "quantity": "1", "unit": "", "supplied_by": "house"}


def order(
    store: Store,
    clock: Clock,
    *,
    worker: str = "zhaogang",
    urgency: str = "urgent",
    appointed: str = "",
    place: str = "",
) -> str:
    """A repair that is out with a worker, or with the team; return the number of its order."""
    front = actor(store, Role.RECEPTIONIST)
    count = store.value("SELECT count(*) FROM cases")
    case = repairs.register(
        store,
        nonce=f"n{count}",
        name="张建国",
        phone="13800005678",
        unit="1-1-101",
        category="water",
        content="水龙头漏水",
        place=place,
        convenient_time="" if urgency == "urgent" else "随时",
        urgency=urgency,
        by=front,
        now=clock(),
    )
    team = "" if worker else "maintenance"
    work_orders.dispatch(
        store, no=case.no, worker=worker, department=team, appointed_at=appointed, by=front, now=clock()
    )
    live = work_orders.live(store, case.id)
    assert live is not None
    return live.no


def sign_in(app: Flask, home: Path, name: str = "zhaogang") -> FlaskClient:
    """Return the browser of a phone that is signed in and open."""
    client = app.test_client()
    password = json.loads((home / "login.json").read_text())["password"]
    form = {"name": name, "password": password, "pin": PIN, "again": PIN}
    answer = client.post("/work/sign-in", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return client


@pytest.fixture
def phone(desk_app: Flask, home: Path) -> FlaskClient:
    """The worker's phone."""
    return sign_in(desk_app, home)


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def press(client: FlaskClient, no: str, act: str, *, nonce: str = "", **fields: Any) -> int:
    """Press a button of an order; return the status."""
    data = {"nonce": nonce or f"{act}-{no}"} | fields
    return client.post(f"/work/o/{no}/{act}", data=data, headers=SAME_ORIGIN).status_code


def events(store: Store) -> list[str]:
    return [row[0] for row in store.rows("SELECT what FROM events WHERE subject = 'case' ORDER BY id")]


def decide(store: Store, liability: str) -> None:
    """Decide who bears the repair (the act for it belongs to the officer)."""
    store.execute(
        "INSERT INTO liability_decisions (case_id, liability, proposed, reason, at, by_id)"
        " VALUES (1, ?, 'undetermined', 'x', '2026-11-23T02:24:00.000Z', 1)",
        [liability],
    )
    store.execute("UPDATE repairs SET liability = ? WHERE case_id = 1", [liability])


def test_the_door_is_its_own(desk_app: Flask, home: Path, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    nobody = desk_app.test_client()
    for path in ("/work", f"/work/o/{no}", "/work/phones", "/work/photos/1", f"/work/o/{no}/owner.svg"):
        answer = nobody.get(path)
        assert answer.status_code == 303 and answer.headers["Location"].startswith("/work/sign-in"), path
    assert nobody.get(f"/work/o/{no}").headers["Location"] == f"/work/sign-in?next=/work/o/{no}"
    # The desk's session opens nothing here, not even a worker's own.
    for role in (Role.WORKER, Role.RECEPTIONIST, Role.ADMINISTRATOR):
        at_desk = client_of(desk_app, store, actor(store, role), clock())
        assert at_desk.get("/work").status_code == 303
        assert press(at_desk, no, "accept") == 303
    assert events(store)[-1] == "dispatch"
    phone = sign_in(desk_app, home)
    # And the phone's keys open nothing at the desk.
    for path in ("/", "/cases", "/photos/1", "/settings"):
        assert phone.get(path).headers["Location"] == "/login", path
    for name in ("work", "work_open", "work_known"):
        cookie = phone.get_cookie(name, path="/work")
        assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
        assert (cookie.max_age is not None) == (name != "work_open")
    assert phone.get_cookie("work", path="/") is None


def test_a_phone_that_was_his_signs_in_whatever_strangers_type(desk_app: Flask, home: Path, phone: FlaskClient) -> None:
    assert phone.post("/work/sign-out", headers=SAME_ORIGIN).status_code == 303
    password = json.loads((home / "login.json").read_text())["password"]
    form = {"name": "zhaogang", "password": password, "pin": PIN, "again": PIN}
    stranger = desk_app.test_client()
    for _ in range(5):
        stranger.post("/work/sign-in", data=form | {"password": "wrong-wrong"}, headers=SAME_ORIGIN)
    assert stranger.post("/work/sign-in", data=form, headers=SAME_ORIGIN).status_code == 429
    assert phone.post("/work/sign-in", data=form, headers=SAME_ORIGIN).status_code == 303


def test_only_who_goes_out_signs_in_and_nobody_learns_who_exists(desk_app: Flask, home: Path, store: Store) -> None:
    client = desk_app.test_client()
    password = json.loads((home / "login.json").read_text())["password"]

    def attempt(**fields: str) -> tuple[int, str]:
        form = {"name": "zhaogang", "password": password, "pin": PIN, "again": PIN} | fields
        answer = client.post("/work/sign-in", data=form, headers=SAME_ORIGIN)
        told = re.search(r'data-refused="(\w+)"', answer.get_data(as_text=True))
        return answer.status_code, told[1] if told else ""

    assert attempt(name="wanglin") == (403, "not_permitted")
    assert attempt(name="nobody") == attempt(password="wrong") == (422, "login_failed")
    assert attempt(pin="1234", again="1234") == (422, "pin_simple")
    assert attempt(again="2581") == (422, "pin_differs")
    assert attempt(pin="", again="") == (422, "pin_invalid")
    assert client.get_cookie("work", path="/work") is None
    assert store.value("SELECT count(*) FROM worker_devices") == 0
    assert attempt() == (303, "")


def test_the_pin_is_asked_after_idle_and_leads_back(phone: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    assert "水龙头漏水" in page(phone, f"/work/o/{no}")
    clock.forward(minutes=16)
    answer = phone.get(f"/work/o/{no}")
    assert answer.headers["Location"] == f"/work/pin?next=/work/o/{no}"
    assert press(phone, no, "accept") == 303 and "accept" not in events(store)
    assert "赵刚" in page(phone, f"/work/pin?next=/work/o/{no}")
    wrong = phone.post("/work/pin", data={"pin": "9999"}, headers=SAME_ORIGIN)
    assert wrong.status_code == 422 and 'data-refused="pin_wrong"' in wrong.get_data(as_text=True)
    right = phone.post("/work/pin", data={"pin": PIN, "next": f"/work/o/{no}"}, headers=SAME_ORIGIN)
    assert right.status_code == 303 and right.headers["Location"] == f"/work/o/{no}"
    assert press(phone, no, "accept") == 303 and events(store)[-1] == "accept"
    # A new opening of the browser: the key of the opening is gone with the old one.
    phone.delete_cookie("work_open", path="/work")
    assert phone.get("/work").headers["Location"] == "/work/pin"


@pytest.mark.parametrize(
    "next_page", ["//evil.example", "https://evil.example/work/", "/settings", "/work/../", "\\\\x"]
)
def test_the_door_leads_nowhere_else(phone: FlaskClient, next_page: str) -> None:
    answer = phone.post("/work/pin", data={"pin": PIN, "next": next_page}, headers=SAME_ORIGIN)
    assert answer.headers["Location"].split("?")[0].startswith("/work")


def test_five_wrong_pins_sign_the_phone_out(phone: FlaskClient, store: Store) -> None:
    for _ in range(4):
        assert phone.post("/work/pin", data={"pin": "9999"}, headers=SAME_ORIGIN).status_code == 422
    assert phone.post("/work/pin", data={"pin": "9999"}, headers=SAME_ORIGIN).status_code == 429
    assert phone.get("/work").headers["Location"] == "/work/sign-in"
    assert phone.post("/work/pin", data={"pin": PIN}, headers=SAME_ORIGIN).headers["Location"] == "/work/sign-in"


def test_phones_are_signed_out_here_and_from_the_page_of_staff(
    desk_app: Flask, home: Path, phone: FlaskClient, store: Store, clock: Clock
) -> None:
    second = sign_in(desk_app, home)
    assert page(phone, "/work/phones").count("<section") == 2
    device = store.value("SELECT max(id) FROM worker_devices")
    assert phone.post(f"/work/phones/{device}/end", headers=SAME_ORIGIN).status_code == 303
    assert second.get("/work").headers["Location"] == "/work/sign-in"
    leader = sign_in(desk_app, home, "sunlei")
    mine = store.value("SELECT id FROM worker_devices ORDER BY id LIMIT 1")
    assert leader.post(f"/work/phones/{mine}/end", headers=SAME_ORIGIN).status_code == 404
    manager = client_of(desk_app, store, actor(store, Role.MANAGER), clock())
    assert "/settings/staff/zhaogang/phones/end" in page(manager, "/settings/list/staff/edit/zhaogang")
    assert manager.post("/settings/staff/zhaogang/phones/end", headers=SAME_ORIGIN).status_code == 303
    assert phone.get("/work").headers["Location"] == "/work/sign-in"
    assert leader.post("/work/sign-out", headers=SAME_ORIGIN).status_code == 303
    assert leader.get("/work").headers["Location"] == "/work/sign-in"


def test_the_orders_of_the_day_stand_in_order(phone: FlaskClient, store: Store, clock: Clock) -> None:
    """What one is at, what is late, what is urgent, then by the agreed time; later days and what is done apart."""
    afternoon = order(store, clock, urgency="planned", appointed="2026-11-23T14:00", place="下午")
    late = order(store, clock, urgency="planned", appointed="2026-11-23T10:40", place="迟到")
    urgent = order(store, clock, place="急修")
    tomorrow = order(store, clock, urgency="planned", appointed="2026-11-24T09:00", place="明天")
    team = order(store, clock, worker="", place="班组")
    at_it = order(store, clock, urgency="ordinary", place="在做")
    done = order(store, clock, urgency="ordinary", place="做完")
    order(store, clock, worker="sunlei", place="别人")
    for no in (at_it, done):
        press(phone, no, "arrive")
    press(phone, done, "start")
    assert press(phone, done, "finish", work_done="好了") == 303
    assert press(phone, tomorrow, "suspend", reason="owner") == 409
    clock.forward(minutes=32)
    phone.post("/work/pin", data={"pin": PIN}, headers=SAME_ORIGIN)
    shown = re.findall(r'data-order="([^"]+)"', page(phone, "/work"))
    assert shown == [at_it, late, urgent, afternoon, team, done, tomorrow]
    assert "别人" not in page(phone, "/work")
    text = page(phone, "/work")
    assert text.count("tel:13800005678") == 5, "not of the team's, not of what is done"
    assert 'href="tel:010-6200-8600"' in text


@pytest.mark.parametrize(("minutes", "late"), [(15, True), (30, False)])
def test_late_is_what_the_setting_says(
    phone: FlaskClient, store: Store, clock: Clock, minutes: int, late: bool
) -> None:
    configure(store, appointment_tolerance_minutes=minutes)
    no = order(store, clock, urgency="planned", appointed="2026-11-23T10:40")
    clock.forward(minutes=36)
    phone.post("/work/pin", data={"pin": PIN}, headers=SAME_ORIGIN)
    found = re.search(rf'<article class="job( late)?[^"]*" data-order="{no}"', page(phone, "/work"))
    assert found and (found[1] is not None) == late


def test_an_order_is_whole_to_its_worker_and_its_looks_are_one_line_a_day(
    desk_app: Flask, home: Path, phone: FlaskClient, store: Store, clock: Clock
) -> None:
    no, of_team = order(store, clock), order(store, clock, worker="")
    for _ in range(3):
        assert "13800005678" in page(phone, f"/work/o/{no}")
        page(phone, "/work")
    assert events(store).count("see_order") == 1
    masked = page(phone, f"/work/o/{of_team}")
    assert "13800005678" not in masked and "张建国" not in masked and "1-1-101" not in masked and "1号楼" in masked
    assert press(phone, of_team, "accept") == 303
    assert "13800005678" in page(phone, f"/work/o/{of_team}")
    assert events(store).count("see_order") == 2
    leader = page(sign_in(desk_app, home, "sunlei"), f"/work/o/{no}")
    assert "13800005678" not in leader and events(store).count("see_order") == 2
    clock.forward(days=1)
    phone.post("/work/pin", data={"pin": PIN}, headers=SAME_ORIGIN)
    page(phone, f"/work/o/{no}")
    assert events(store).count("see_order") == 3
    # Another reason is one in words.
    assert press(phone, no, "send_back", reason="other", nonce="wordless-one-1") == 422
    assert press(phone, no, "send_back", reason="other", note="要等邻居") == 303
    assert store.value("SELECT state_note FROM work_orders WHERE no = ?", [no]) == "要等邻居"
    assert "13800005678" not in page(phone, f"/work/o/{no}"), "once it is his no more"


def test_another_worker_s_order_is_not_there(
    desk_app: Flask, home: Path, phone: FlaskClient, store: Store, clock: Clock
) -> None:
    tables.save(
        store,
        table=TABLES["staff"],
        key="",
        values={"login": "qianwei", "name": "钱伟", "role": "worker", "department": "maintenance",
                "active": "1"},
        by=actor(store, Role.ADMINISTRATOR),
        now=clock(),
    )  # fmt: skip
    give_password(store, "qianwei", json.loads((home / "login.json").read_text())["password"])
    theirs = order(store, clock, worker="sunlei")
    token = store.value("SELECT token FROM work_orders WHERE no = ?", [theirs])
    before = events(store)
    for path in (f"/work/o/{theirs}", f"/work/o/{theirs}/owner.svg", f"/work/q/{token}"):
        assert phone.get(path).status_code == 404, path
    for act in ("accept", "arrive", "start", "resume", "suspend", "send_back", "reschedule", "finish", "photos"):
        assert press(phone, theirs, act, reason="owner", work_done="x") == 404, act
    assert events(store) == before
    taken = order(store, clock, worker="")
    assert press(sign_in(desk_app, home, "qianwei"), taken, "accept") == 303
    assert press(phone, taken, "accept", nonce="late") == 404, "a colleague was first"


def test_the_whole_walk_with_one_thumb(phone: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    store.connection.execute("BEGIN")
    decide(store, "warranty")
    store.connection.execute("COMMIT")

    def main() -> str:
        bar = page(phone, f"/work/o/{no}").split('<div class="bar">')[1].split("</div>")[0]
        found = re.search(r'(?:/work/o/[^/"]+/(\w+)"|href="#(\w+)")', bar)
        assert found is not None
        return found[1] or found[2]

    assert main() == "accept" and press(phone, no, "accept") == 303
    assert main() == "arrive" and press(phone, no, "arrive") == 303
    assert main() == "finish"
    assert press(phone, no, "suspend", reason="material", note="等阀芯") == 303
    assert "待料：等阀芯" in page(phone, f"/work/o/{no}")
    assert main() == "resume" and press(phone, no, "resume") == 303
    materials: dict[str, Any] = {
        "material": ["阀芯", "", "生料带"],
        "quantity": ["1", "", "0.5"],
        "unit": ["个", "", "卷"],
    }
    assert (
        press(
            phone,
            no,
            "finish",
            phrase=["replaced", "adjusted", "no-such"],
            work_done="换了厨房龙头",
            labour_minutes="45",
            supplied_by=["house", "house", "owner"],
            **materials,
        )
        == 303
    )
    row = store.row("SELECT work_done, labour_minutes FROM work_orders WHERE no = ?", [no])
    assert row is not None and tuple(row) == ("更换配件、调试正常；换了厨房龙头", 45)
    kept = [tuple(one) for one in store.rows("SELECT name, quantity, unit, supplied_by FROM order_materials")]
    assert kept == [("阀芯", 100, "个", "house"), ("生料带", 50, "卷", "owner")]
    text = page(phone, f"/work/o/{no}")
    assert 'class="bar"' not in text and "更换配件" in text and 'id="sign"' in text
    walked = [what for what in events(store) if what in {"accept", "arrive", "suspend", "resume", "finish"}]
    assert walked == ["accept", "arrive", "suspend", "resume", "finish"]


def test_each_act_is_done_once_however_often_it_is_sent(phone: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    for act in ("accept", "arrive", "start", "finish"):
        fields = {"work_done": "好了"} if act == "finish" else {}
        for _ in range(3):
            assert press(phone, no, act, **fields) == 303, act
        assert events(store).count(act) == 1
    assert press(phone, no, "finish", work_done="别的") == 422, "the same nonce with other content"
    assert press(phone, no, "accept", nonce="another") == 409


@pytest.mark.parametrize(
    ("act", "fields", "code"),
    [
        ("finish", {"work_done": " "}, "work_done_missing"),
        ("finish", {"work_done": "x", "labour_minutes": "-5"}, "labour_invalid"),
        ("finish", {"work_done": "x", "labour_minutes": "999999"}, "labour_invalid"),
        ("finish", {"work_done": "x", "labour_minutes": "20000"}, "labour_invalid"),
        ("finish", LINE | {"quantity": "a"}, "materials_invalid"),
        ("finish", LINE | {"quantity": "0"}, "materials_invalid"),
        ("finish", LINE | {"supplied_by": "z"}, "materials_invalid"),
        ("finish", {"work_done": "x" * 600}, "text_too_long"),
        ("suspend", {"reason": "lunch"}, "reason_unknown"),
        ("finish", {"work_done": "x", "nonce": ""}, "nonce_missing"),
        ("finish", {"work_done": "x", "nonce": "y" * 200}, "nonce_invalid"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_in_a_sentence(
    phone: FlaskClient, store: Store, clock: Clock, act: str, fields: dict[str, str], code: str
) -> None:
    no = order(store, clock)
    for step in ("arrive", "start"):
        assert press(phone, no, step) == 303
    before = events(store)
    answer = phone.post(f"/work/o/{no}/{act}", data={"nonce": "n"} | fields, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert f'data-refused="{code}"' in answer.get_data(as_text=True) and 'href="/work"' in answer.get_data(as_text=True)
    assert events(store) == before
    assert press(phone, no, "no-such-act") == 404


def test_another_time(phone: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    assert press(phone, no, "reschedule", appointed_at="2026-11-23T09:00", reason="业主上班") == 422
    assert press(phone, no, "reschedule", nonce="b", appointed_at="2026-11-24T09:00", reason="业主上班") == 303
    assert "11-24 09:00" in page(phone, f"/work/o/{no}")


def test_the_price_stands_on_the_page(phone: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    press(phone, no, "arrive")
    assert 'data-liability="undetermined" data-quotation="none"' in page(phone, f"/work/o/{no}")
    store.connection.execute("BEGIN")
    decide(store, "paid")
    store.execute(
        "INSERT INTO quotations (id, case_id, version, made_at, made_by)"
        " VALUES (1, 1, 1, '2026-11-23T02:24:00.000Z', 1)"
    )
    store.execute(
        "INSERT INTO quotation_lines (quotation_id, kind, name, unit, quantity, price_fen, amount_fen)"
        " VALUES (1, 'labour', '换龙头', '个', 150, 4000, 6000)"
    )
    store.connection.execute("COMMIT")
    text = page(phone, f"/work/o/{no}")
    assert 'data-quotation="quoted"' in text and "¥60.00" in text and "1.5个" in text
    assert press(phone, no, "start") == 422
    assert "/start" not in text
    store.execute(
        "UPDATE quotations SET state = 'agreed', answered_at = made_at, answered_how = 'face', answer_seen_by = 1"
    )
    assert press(phone, no, "start") == 303


def test_a_price_is_quoted_on_the_spot_and_answered_to_the_worker_s_face(
    phone: FlaskClient, store: Store, clock: Clock
) -> None:
    life = Life(store, clock)
    no = life.on_site(liability="paid").no
    phone.post("/work/pin", data={"pin": PIN}, headers=SAME_ORIGIN)
    text = page(phone, f"/work/o/{no}")
    assert 'id="quote"' in text and "/start" not in text
    # The price of the list says its own unit, once.
    assert re.search(r"￥[\d.]+/个", text) and not re.search(r"￥[\d.]+/(\w+)/\1", text)
    assert press(phone, no, "start") == 422
    line = {"kind": "labour", "name": "换龙头", "unit": "个", "quantity": "1.5", "price": "40"}
    blank = dict.fromkeys(("item", "item_quantity", "item_price"), "")
    for _ in range(2):
        assert press(phone, no, "quote", **blank, **line) == 303
    assert store.value("SELECT count(*) FROM quotations") == 1
    text = page(phone, f"/work/o/{no}")
    assert "¥60.00" in text and "1.5个" in text and 'data-quotation="quoted"' in text
    assert press(phone, no, "quote", nonce="empty") == 422
    for version in ("", "x", "9", "9" * 20):
        assert press(phone, no, "answer", quotation=version, agree="1") in {404, 422}
    for _ in range(2):
        assert press(phone, no, "answer", quotation="1", agree="1") == 303
    row = store.row("SELECT state, answered_how, answer_seen_by FROM quotations")
    assert row is not None and tuple(row) == ("agreed", "face", actor(store, Role.WORKER).id)
    assert press(phone, no, "start") == 303
    theirs = order(store, clock, worker="sunlei")
    assert press(phone, theirs, "quote", **line) == press(phone, theirs, "answer", quotation="1", agree="1") == 404


def test_the_owner_s_code_is_shown_only_where_his_phone_can_read_it(
    phone: FlaskClient, store: Store, clock: Clock
) -> None:
    no = order(store, clock)
    for act in ("arrive", "start"):
        press(phone, no, act)
    press(phone, no, "finish", work_done="好了")
    assert "owner.svg" not in page(phone, f"/work/o/{no}")
    configure(store, public_url="https://lobby.example.com")
    store.execute("INSERT INTO reachability VALUES ('https://lobby.example.com', '2026-11-23T02:24:00.000Z', 1)")
    assert "owner.svg" in page(phone, f"/work/o/{no}")
    for _ in range(2):
        answer = phone.get(f"/work/o/{no}/owner.svg")
        assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    assert events(store).count("show_owner_code") == 1


def test_the_slip_s_code_leads_to_the_order(phone: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    row = store.row("SELECT work_orders.token AS slip, cases.token FROM work_orders JOIN cases ON cases.id = case_id")
    assert row is not None
    progress = page(kiosk, f"/T/{row['slip']}")
    assert f'href="http://127.0.0.1:8601/work/q/{row["slip"]}"' in progress and "张" not in progress
    assert "/work/q/" not in page(kiosk, f"/T/{row['token']}")
    kiosk.set_cookie("at_kiosk", "1")
    assert "/work/q/" not in page(kiosk, f"/T/{row['slip']}"), "the touch screen leads nowhere else"
    for code in (row["slip"], row["slip"].lower()):
        assert phone.get(f"/work/q/{code}").headers["Location"] == f"/work/o/{no}"
    for code in (row["token"], "A" * 26, "x"):
        assert phone.get(f"/work/q/{code}").status_code == 404


def picture(size: tuple[int, int] = (200, 100)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, "JPEG")
    return out


def send_photo(client: FlaskClient, no: str, data: io.BytesIO, nonce: str = "p", **fields: str) -> int:
    # Put together by hand: the test client would leave its own large files open.
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in ({"nonce": nonce, "stage": "before"} | fields).items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="photo"; filename="x.jpg"\r\n\r\n'
    body = b"".join([*parts, head, data.getvalue(), b"\r\n--x--\r\n"])
    kind = "multipart/form-data; boundary=x"
    return client.post(f"/work/o/{no}/photos", data=body, content_type=kind, headers=SAME_ORIGIN).status_code


def test_photos_are_kept_once_and_served_to_few(
    desk_app: Flask, home: Path, phone: FlaskClient, store: Store, clock: Clock
) -> None:
    no = order(store, clock)
    for _ in range(2):
        assert send_photo(phone, no, picture()) == 303
    assert store.value("SELECT count(*) FROM photos") == 1
    assert "/work/photos/1/small" in page(phone, f"/work/o/{no}")
    for path in ("/work/photos/1", "/work/photos/1/small"):
        answer = phone.get(path)
        assert answer.status_code == 200 and answer.mimetype == "image/jpeg"
        assert answer.headers["Content-Disposition"] == "inline"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for role, status in (
        (Role.RECEPTIONIST, 200),
        (Role.SERVICE_HEAD, 200),
        (Role.DEPARTMENT_HEAD, 200),
        (Role.TEAM_LEADER, 200),
        (Role.WORKER, 200),
        (Role.ADMINISTRATOR, 403),
    ):
        assert client_of(desk_app, store, actor(store, role), clock()).get("/photos/1/small").status_code == status
    assert desk_app.test_client().get("/photos/1").status_code == 303
    theirs = order(store, clock, worker="sunlei")
    leader = sign_in(desk_app, home, "sunlei")
    assert send_photo(leader, theirs, picture(), nonce="theirs") == 303
    assert phone.get("/work/photos/2").status_code == 404
    assert phone.post("/work/photos/2/remove", headers=SAME_ORIGIN).status_code == 404
    assert phone.get("/work/photos/99").status_code == 404
    assert phone.post("/work/photos/1/remove", headers=SAME_ORIGIN).status_code == 303
    assert phone.get("/work/photos/1").status_code == 404


def test_a_photo_s_file_that_is_gone_is_said(phone: FlaskClient, home: Path, store: Store, clock: Clock) -> None:
    no = order(store, clock)
    send_photo(phone, no, picture())
    (home / "photos" / store.value("SELECT file FROM photos")).unlink()
    assert 'class="gone"' in page(phone, f"/work/o/{no}")
    assert phone.get("/work/photos/1").status_code == 404


def test_only_the_photo_s_door_takes_more_than_64_kb(
    desk: FlaskClient, phone: FlaskClient, store: Store, clock: Clock
) -> None:
    no = order(store, clock)
    big = io.BytesIO()
    Image.effect_noise((900, 900), 90).convert("RGB").save(big, "JPEG", quality=95)
    assert len(big.getvalue()) > 300_000
    assert send_photo(phone, no, big) == 303
    too_big = b"\xff\xd8\xff" + b"x" * (12 * 1024 * 1024)
    assert send_photo(phone, no, io.BytesIO(too_big), nonce="a") == 413
    assert send_photo(phone, no, io.BytesIO(b"x" * (13 * 1024 * 1024)), nonce="b") == 413
    # A field of the photo's form that is none of the picture stays small.
    assert send_photo(phone, no, picture(), nonce="c", stage="x" * 300_000) == 413
    for path in (f"/work/o/{no}/finish", "/work/pin", "/work/sign-in"):
        assert phone.post(path, data={"nonce": "n", "work_done": "x" * 70_000}, headers=SAME_ORIGIN).status_code == 413
    assert desk.post("/repairs", data={"content": "x" * 70_000}, headers=SAME_ORIGIN).status_code == 413
    upload = {"photo": (io.BytesIO(b"x" * 70_000), "x.jpg")}
    assert desk.post("/repairs", data=upload, headers=SAME_ORIGIN).status_code == 413
    # Nobody without a phone makes the box read anything.
    assert store.value("SELECT count(*) FROM photos") == 1


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, 422, "photo_heic"),
        (b"GIF89a", 422, "photo_unknown"),
        (b"\xff\xd8\xff", 422, "photo_broken"),
        (b"", 422, "photo_missing"),
    ],
)
def test_bad_photos_are_refused_in_a_sentence(
    phone: FlaskClient, store: Store, clock: Clock, data: bytes, status: int, code: str
) -> None:
    no = order(store, clock)
    form = {"nonce": "n", "stage": "before", "photo": (io.BytesIO(data), "x.jpg")}
    answer = phone.post(f"/work/o/{no}/photos", data=form, headers=SAME_ORIGIN)
    assert answer.status_code == status and f'data-refused="{code}"' in answer.get_data(as_text=True)
    assert not store.value("SELECT count(*) FROM photos")


@pytest.mark.parametrize("path", ["/work", "/work/phones", "/work/pin", "/work/sign-in"])
def test_every_page_stands_in_english_too(phone: FlaskClient, path: str) -> None:
    phone.post("/language", data={"language": "en", "back": "/work"}, headers=SAME_ORIGIN)
    text = page(phone, path)
    assert '<html lang="en"' in text and "style=" not in text and "onclick" not in text


def test_the_page_looks_by_itself_without_keeping_the_phone_open(
    phone: FlaskClient, store: Store, clock: Clock
) -> None:
    order(store, clock)
    first = phone.get("/work")
    again = phone.get("/work", headers={"X-Look": "1", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and first.headers["Cache-Control"] == "no-store"
    clock.forward(minutes=10)
    assert phone.get("/work", headers={"X-Look": "1"}).status_code == 200
    clock.forward(minutes=10)
    assert phone.get("/work").headers["Location"] == "/work/pin"


def test_a_worker_at_the_desk_s_address_is_shown_the_way(desk_app: Flask, store: Store, clock: Clock) -> None:
    client = client_of(desk_app, store, actor(store, Role.WORKER), clock())
    page = client.get("/").get_data(as_text=True)
    assert 'href="/work"' in page and ">http://127.0.0.1:8601/work<" in page
    # He may watch no stream: none is asked for, and no line is said to be lost.
    assert "data-live" not in page
    # The door of the phone's page is its own: he signs in there.
    assert client.get("/work").headers["Location"] == "/work/sign-in"
