"""What a centre decides: values and lists at the desk, checked, written down, in force at once; and as a file."""

import json
import re
import tomllib
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.migrations import migrate
from db.store import Store, open_store
from lobbydesk.cli import main
from lobbydesk.home import store_path
from reception import SCHEMA, settings, standing, tables
from reception.permissions import BOX, KIOSK, Role
from reception.refusal import Refused
from reception.site import site
from reception.table_columns import TABLES
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of


@pytest.fixture
def manager(desk_app: Flask, store: Store, clock: Clock) -> FlaskClient:
    """The manager's browser."""
    return client_of(desk_app, store, actor(store, Role.MANAGER), clock())


def post(client: FlaskClient, path: str, **fields: object) -> tuple[int, str]:
    """Send a form as a browser without scripts does; return status and text."""
    answer = client.post(path, data=fields, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def test_every_group_and_list_is_shown_and_saved_unchanged(manager: FlaskClient, store: Store) -> None:
    before = site(store)
    for group in settings.GROUPS:
        html = manager.get(f"/settings/{group.code}").get_data(as_text=True)
        values = {one.key: settings.value_of(store, one) for one in group.settings}
        for key, value in values.items():
            assert f'name="{key}"' in html
            values[key] = int(value) if isinstance(value, bool) else value
        assert post(manager, f"/settings/{group.code}", **values)[0] == 303, group.code
    assert site(store) == before
    for table in TABLES.values():
        assert manager.get(f"/settings/list/{table.code}").status_code == 200
        assert manager.get(f"/settings/list/{table.code}/new").status_code == 200
        for row in tables.rows(store, table)[:3]:
            assert manager.get(f"/settings/list/{table.code}/edit/{row[table.key]}").status_code == 200


def test_a_change_is_in_force_at_once_and_written_down(manager: FlaskClient, kiosk: FlaskClient, store: Store) -> None:
    assert post(manager, "/settings/texts", welcome="欢迎来到锦绣家园")[0] == 303
    assert "欢迎来到锦绣家园" in kiosk.get("/").get_data(as_text=True)
    row = store.row("SELECT by_id, detail FROM events WHERE what = 'configure'")
    assert row is not None and json.loads(row["detail"]) == {"keys": ["welcome"]} and row["by_id"]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("hours_work", "8-12", "hours_invalid"),
        ("voice_zh", "请到{place}", "template_invalid"),
        ("voice_volume", "loud", "volume_invalid"),
        ("public_url", "lobby.example.com", "url_invalid"),
        ("public_url", "https://lobby.example.com/path", "url_invalid"),
        ("public_url", "https://a:b@lobby.example.com", "url_invalid"),
        ("public_url", "https://lobby.example.com:99999", "url_invalid"),
        ("timezone", "Asia/Nowhere", "timezone_unknown"),
        ("timezone", "../../etc/passwd", "timezone_unknown"),
        ("timezone", "localtime", "timezone_unknown"),
        ("kiosk_url", "http://h#x", "url_invalid"),
        ("kiosk_url", "http://a b", "url_invalid"),
        ("priority_in_a_row", "0", "number_invalid"),
        ("phone", "call me", "phone_number_invalid"),
        ("name", "", "text_missing"),
    ],
)
def test_bad_values_are_refused_and_nothing_of_the_form_is_kept(
    manager: FlaskClient, store: Store, key: str, value: str, code: str
) -> None:
    before = site(store)
    status, html = post(manager, "/settings/site", **{"name_en": "Elsewhere", key: value})
    assert status == 422 and f'data-refused="{code}"' in html
    assert site(store) == before


def test_opening_hours_close_the_kiosk(manager: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    post(manager, "/settings/hours", hours_work="08:30-12:00,13:30-17:30", last_ticket_minutes="10")
    assert 'data-line="general"' in kiosk.get("/").get_data(as_text=True)
    clock.forward(hours=2)  # 12:24: the lunch break
    page = kiosk.get("/").get_data(as_text=True)
    assert "data-closed" in page and "13:30" in page
    answer = kiosk.post("/check-in", data={"line": "general", "nonce": "n"}, headers=SAME_ORIGIN)
    assert answer.status_code == 422 and "closed_now" in answer.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM tickets") == 0
    clock.forward(hours=5)  # 17:24: open, but no more numbers
    assert "data-no-more" in kiosk.get("/").get_data(as_text=True)


def test_a_wait_past_the_end_of_the_day_is_not_promised(
    manager: FlaskClient, store: Store, clock: Clock, desk: FlaskClient
) -> None:
    post(manager, "/settings/hours", hours_work="08:30-10:30", last_ticket_minutes="0")
    desk.post("/queue/seat", data={"counter": "1"}, headers=SAME_ORIGIN)
    for number in range(6):
        check_in(store, line="general", nonce=f"{number}", by=KIOSK, now=clock())
    desk.post("/queue/next", data={"counter": "1"}, headers=SAME_ORIGIN)
    place = standing.newcomer(store, "general", now=clock() + timedelta(minutes=1))
    assert place.late and place.ahead == 5


def test_a_new_line_with_purposes_and_a_counter_for_it(
    manager: FlaskClient, kiosk: FlaskClient, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    new = {"key": "", "code": "parcels", "prefix": "k", "name": "快递", "name_en": "Parcels", "position": "9"}
    assert "prefix_invalid" in post(manager, "/settings/list/lines", **{**new, "prefix": "B"})[1]
    assert "prefix_taken" in post(manager, "/settings/list/lines", **{**new, "prefix": "W"})[1]
    assert post(manager, "/settings/list/lines", **new, active="1")[0] == 303
    purpose = {
        "key": "",
        "code": "parcel-lost",
        "line": "parcels",
        "name": "找不到",
        "name_en": "Lost",
        "position": "1",
    }
    assert "choice_unknown" in post(manager, "/settings/list/purposes", **purpose, asks="everything")[1]
    assert post(manager, "/settings/list/purposes", **purpose, asks="nothing", active="1")[0] == 303
    counter = {"key": "", "no": "4", "name": "4号窗口", "name_en": "Counter 4", "lines": ["parcels"], "active": "1"}
    assert post(manager, "/settings/list/counters", **counter)[0] == 303
    assert 'data-line="parcels"' in kiosk.get("/").get_data(as_text=True)
    assert "找不到" in kiosk.get("/register/parcels").get_data(as_text=True)
    kiosk.post("/check-in", data={"line": "general", "nonce": "a"}, headers=SAME_ORIGIN)
    kiosk.post("/check-in", data={"line": "parcels", "nonce": "k", "matter": "parcel-lost"}, headers=SAME_ORIGIN)
    headers = SAME_ORIGIN | {"HX-Request": "true"}
    called = desk.post("/queue/next", data={"counter": "4"}, headers=headers).get_data(as_text=True)
    assert 'data-ticket-no="K001"' in called and "找不到" in called
    # Somebody stands there: the line cannot go now.
    assert "row_in_use" in post(manager, "/settings/list/lines", **{**new, "key": "parcels"}, active="0")[1]


def test_the_calendar_is_the_manager_s_with_a_reason(manager: FlaskClient, kiosk: FlaskClient, store: Store) -> None:
    post(manager, "/settings/hours", hours_work="00:00-24:00", hours_rest="")
    day = {"day_on": "2026-11-23", "kind": "rest", "note": ""}
    assert "reason_missing" in post(manager, "/calendar", **day, reason=" ")[1]
    assert post(manager, "/calendar", **day, reason="停电检修")[0] == 303
    assert "data-closed" in kiosk.get("/").get_data(as_text=True)
    assert store.value("SELECT source FROM calendar_days WHERE day_on = '2026-11-23'") == "manager"


def test_notices_show_in_their_dates(manager: FlaskClient, kiosk: FlaskClient, clock: Clock) -> None:
    notice = {"key": "", "title": "周三停水", "title_en": "No water on Wednesday", "active": "1"}
    wrong = post(manager, "/settings/list/notices", **notice, from_on="2026-11-25", until_on="2026-11-24")
    assert "dates_reversed" in wrong[1]
    post(manager, "/settings/list/notices", **notice, from_on="2026-11-24", until_on="2026-11-25")
    assert "周三停水" not in kiosk.get("/").get_data(as_text=True)
    clock.forward(days=1)
    assert "周三停水" in kiosk.get("/").get_data(as_text=True)
    assert "周三停水" in kiosk.get("/display").get_data(as_text=True)
    clock.forward(days=2)
    assert "周三停水" not in kiosk.get("/").get_data(as_text=True)


def test_staff_come_and_go(manager: FlaskClient, desk_app: Flask, desk: FlaskClient, store: Store) -> None:
    who = {"key": "", "login": "lina", "name": "李娜", "role": "receptionist", "department": "service", "active": "1"}
    assert post(manager, "/settings/list/staff", **who, password="ignored")[0] == 303
    code = re.search("data-code>([^<]+)<", post(manager, "/accounts/lina/code")[1])
    assert code is not None and code[1] not in manager.get("/accounts/lina").get_data(as_text=True)
    new = desk_app.test_client()
    form = {"name": "lina", "password": code[1]}
    assert new.post("/login", data=form, headers=SAME_ORIGIN).headers["Location"] == "/"
    assert new.get("/").headers["Location"] == "/password"
    chosen = {"old": code[1], "new": "correct horse"}
    assert new.post("/password", data=chosen, headers=SAME_ORIGIN).status_code == 303
    assert new.get("/").status_code == 200
    assert "correct horse" not in json.dumps([tuple(row) for row in store.rows("SELECT * FROM events")])
    assert post(manager, "/settings/list/staff", **{**who, "key": "lina", "active": "0"})[0] == 303
    assert new.get("/").status_code == 303
    admin = {**who, "key": "admin", "role": "manager", "department": "management"}
    assert "last_administrator" in post(manager, "/settings/list/staff", **admin)[1]
    # A password that nobody typed stays.
    hashed = store.value("SELECT password_hash FROM staff WHERE login = 'lina'")
    post(manager, "/settings/list/staff", **{**who, "key": "lina"}, password="")
    assert store.value("SELECT password_hash FROM staff WHERE login = 'lina'") == hashed


def test_receptionists_do_not_set_anything(desk: FlaskClient, store: Store, clock: Clock) -> None:
    before = site(store)
    assert post(desk, "/settings/site", name="别的")[0] == 403
    with pytest.raises(Refused, match="not_permitted"):
        settings.change(store, values={"name": "x"}, by=actor(store, Role.RECEPTIONIST), now=clock())
    assert site(store) == before


def test_the_file_of_one_lobby_sets_up_the_next(
    store: Store, home: object, tmp_path: object, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.change(store, values={"welcome": "您好", "let_pass": "5"}, by=BOX, now=clock())
    values = {"title": "停水", "from_on": "2026-11-23", "until_on": "2026-11-24"}
    tables.save(store, table=TABLES["notices"], key="", values=values, by=BOX, now=clock())
    tables.save(store, table=TABLES["complaint_classes"], key="noise", values={"name": "噪声扰民"}, by=BOX, now=clock())
    assert main(["settings", "export", "--home", str(home)]) == 0
    text = capsys.readouterr().out
    content = tomllib.loads(text)
    assert content["site"]["let_pass"] == 5 and len(content["lines"]) == 7
    assert "password" not in text and "5678" not in text
    second = tmp_path / "second"  # type: ignore[operator]
    migrate(store_path(second), [SCHEMA])
    file = tmp_path / "lobby.toml"  # type: ignore[operator]
    file.write_text(text, encoding="utf-8")
    assert main(["settings", "import", str(file), "--home", str(second)]) == 0, capsys.readouterr().err
    other = open_store(store_path(second))
    try:
        assert (site(other).welcome, site(other).let_pass) == ("您好", 5)
        for code in ("lines", "purposes", "counters", "departments", "complaint_classes", "check_items", "scripts"):
            assert tables.rows(other, TABLES[code]) == tables.rows(store, TABLES[code])
        assert other.value("SELECT count(*) FROM staff WHERE active = 1") == 0
        # A rule that names a worker who is not in use there goes to his team.
        rule = "SELECT department, worker FROM dispatch_rules WHERE category = 'door'"
        assert tuple(store.execute(rule).fetchone()) == ("maintenance", "zhaogang")
        assert tuple(other.execute(rule).fetchone()) == ("maintenance", None)
        assert other.value("SELECT address FROM printers") == "tcp://127.0.0.1:9100"
        # Again, and nothing doubles.
        assert main(["settings", "import", str(file), "--home", str(second)]) == 0
        assert other.value("SELECT count(*) FROM lines") == 7
    finally:
        other.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = [", "not TOML"),
        ("[nonsense]\na = 1", "unknown: nonsense"),
        ('[site]\nname = "新名"\nhours_work = "never"', "site: hours_invalid"),
        ('[site]\nname = "新名"\n[[lines]]\ncode = "x"\nprefix = "B"\nname = "x"\nname_en = "x"', "lines, row 1"),
        ('[site]\nname = "新名"\nnothing = 1', "site: setting_unknown"),
        ("lines = 3", "lines is no list"),
    ],
)
def test_a_file_with_one_bad_value_changes_nothing(
    store: Store, home: object, tmp_path: object, capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    before = site(store)
    file = tmp_path / "bad.toml"  # type: ignore[operator]
    file.write_text(text, encoding="utf-8")
    assert main(["settings", "import", str(file), "--home", str(home)]) == 1
    assert told in capsys.readouterr().err
    assert site(store) == before
