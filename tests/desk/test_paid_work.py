"""Paid work at the desk: deciding, quoting, answering, paying, by the forms; the price list at desk and kiosk."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import spool
from db.store import Store
from reception import charges, liability, quotations, settings, tables
from reception.cases import Case
from reception.permissions import BOX, Role
from reception.price_lines import Wanted
from reception.refusal import Refused
from reception.rules.clock import to_text
from reception.site import site
from reception.table_columns import TABLES
from tests.conftest import MORNING, SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_paid_work import agreed, begin, decided, opened, quoted

HTMX = SAME_ORIGIN | {"HX-Request": "true"}
# Two taps, and half an hour of cleaning: all lists in step.
BASKET = {
    "item": ["tap", ""],
    "quantity": ["2", "0.5"],
    "price": ["", "15"],
    "name": ["", "清理"],
    "unit": ["", "时"],
    "kind": ["labour", "labour"],
    "owner_material": ["1", "0"],
}


def post(client: FlaskClient, path: str, fields: dict[str, Any] | None = None, **more: Any) -> tuple[int, str]:
    """Send a form as a browser without scripts does; return status and text."""
    answer = client.post(path, data=(fields or {}) | more, headers=SAME_ORIGIN)
    return answer.status_code, answer.get_data(as_text=True)


def refusal(text: str) -> str:
    found = re.search(r'data-refused="(\w+)"', text)
    assert found, text
    return found[1]


def page(client: FlaskClient, case: Case) -> str:
    return client.get(f"/cases/{case.no}").get_data(as_text=True)


def test_a_paid_repair_from_the_decision_to_the_refund(desk: FlaskClient, store: Store, receptionist: Any) -> None:
    case = opened(store, receptionist)
    html = page(desk, case)
    assert 'id="liability"' in html and 'id="charges"' not in html and "/quotation" not in html
    # Another part is looked at without anything being kept.
    looked = desk.post(f"/repairs/{case.no}/liability/proposal", data={"part": "structure"}, headers=HTMX)
    assert 'class="proposal warranty"' in looked.get_data(as_text=True)
    assert store.value("SELECT count(*) FROM liability_decisions") == 0
    assert post(desk, f"/repairs/{case.no}/liability", liability="paid", part="pipes", reason="")[0] == 303
    assert f"/repairs/{case.no}/quotation" in page(desk, case)
    assert post(desk, f"/repairs/{case.no}/quotation", BASKET, nonce="n")[0] == 303
    (made,) = quotations.of_case(store, case.id)
    assert made.total_fen == 6750
    html = page(desk, case)
    assert "67.50" in html and 'name="agree"' in html and 'id="charges"' not in html
    assert post(desk, f"/repairs/{case.no}/quotation/{made.id}/answer", agree="1", how="call")[0] == 303
    html = page(desk, case)
    assert 'name="amount" value="67.50"' in html
    assert post(desk, f"/repairs/{case.no}/pay", nonce="p", amount="６7.5", method="cash")[0] == 303
    assert post(desk, f"/repairs/{case.no}/pay", nonce="p", amount="67.50", method="cash")[0] == 303
    account = charges.of_case(store, case.id)
    assert (account.paid_fen, account.due_fen) == (6750, 0)
    assert "YS20261123-001" in page(desk, case)
    back = {"nonce": "r", "amount": "7.5", "method": "cash", "reason": "少做"}
    assert post(desk, f"/repairs/{case.no}/refund", back)[0] == 303
    assert charges.of_case(store, case.id).refunded_fen == 750
    # Its receipt can be printed again, and is known by its own number.
    while (claimed := spool.claim(store, "front", to_text(MORNING))) is not None:
        spool.settle(store, claimed.id, "printed", to_text(MORNING))
    job = store.value("SELECT id FROM print_jobs WHERE kind = 'payment_receipt' ORDER BY id LIMIT 1")
    assert post(desk, f"/papers/{job}/reprint", nonce="again")[0] == 303
    assert "YS20261123-001" in desk.get("/printers").get_data(as_text=True)


def test_the_owner_at_the_desk_agrees_in_the_same_press(desk: FlaskClient, store: Store, receptionist: Any) -> None:
    case = decided(store, receptionist)
    assert post(desk, f"/repairs/{case.no}/quotation", BASKET, nonce="n", agreed="face")[0] == 303
    # The double tap.
    assert post(desk, f"/repairs/{case.no}/quotation", BASKET, nonce="n", agreed="face")[0] == 303
    (made,) = quotations.of_case(store, case.id)
    assert (made.state, made.answered_how) == ("agreed", "face")
    assert post(desk, f"/repairs/{case.no}/charge")[0] == 303
    assert charges.of_case(store, case.id).due_fen == 6750


def test_a_draft_reckons_and_keeps_nothing(desk: FlaskClient, store: Store, receptionist: Any) -> None:
    case = decided(store, receptionist)
    url = f"/repairs/{case.no}/quotation/draft"
    before = list(store.connection.iterdump())

    def draft(**more: Any) -> str:
        return desk.post(url, data=BASKET | more, headers=HTMX).get_data(as_text=True)

    html = draft()
    assert html.lstrip().startswith("<form") and "￥67.50" in html
    assert "￥60.00" in html  # two taps with the owner's own material
    assert 'value="lamp"' in draft(find="灯具") and 'name="add" value="tap"' not in draft(find="灯具")
    added = draft(add="lamp")
    assert added.count('class="basket-line"') == 3 and "￥67.50" in added  # it lacks its price yet
    assert draft(add_free="material").count('class="basket-line"') == 3
    assert draft(without="0").count('class="basket-line"') == 1 and "￥7.50" in draft(without="0")
    for odd in ({"without": "99"}, {"without": "x"}, {"add": "moon"}, {"add_free": "gift"}, {"without": "²"}):
        assert desk.post(url, data=BASKET | odd, headers=HTMX).status_code == 200
    # Without scripts it is a page.
    assert "<html" in post(desk, url, BASKET)[1]
    assert desk.get(f"/repairs/{case.no}/quotation").status_code == 200
    assert [line for line in store.connection.iterdump() if "sessions" not in line] == [
        line for line in before if "sessions" not in line
    ]


def test_a_new_version_starts_from_the_one_before(desk: FlaskClient, store: Store, receptionist: Any) -> None:
    case = decided(store, receptionist)
    quoted(
        store, receptionist, case,
        Wanted(item="tap", quantity="2"), Wanted(item="socket", owner_material=True), Wanted(item="lamp", price="25"),
    )  # fmt: skip
    html = desk.get(f"/repairs/{case.no}/quotation").get_data(as_text=True)
    assert html.count('class="basket-line"') == 3
    assert "￥150.00" in html and "￥190.00" in html and 'value="25.00"' in html


@pytest.mark.parametrize(
    ("path", "fields", "code", "status"),
    [
        ("liability", {"liability": "paid", "part": "pipes"}, "reason_missing", 422),
        ("liability", {"liability": "x"}, "liability_unknown", 422),
        ("liability/proposal", {"part": "moon"}, "part_unknown", 422),
        ("liability/proposal", {"exclusion": "moon"}, "exclusion_unknown", 422),
        ("quotation", {"nonce": "n"} | BASKET, "not_paid_work", 422),
        ("quotation", BASKET, "nonce_missing", 422),
        ("quotation/9/answer", {"how": "face"}, "quotation_unknown", 404),
        ("charge", {}, "not_paid_work", 422),
        ("pay", {"nonce": "n", "amount": "1", "method": "cash"}, "not_paid_work", 422),
        ("pay", {"nonce": "n", "amount": "-1", "method": "cash"}, "money_invalid", 422),
        ("refund", {"nonce": "n", "amount": "1", "method": "cash", "reason": "x"}, "not_charged", 422),
    ],
)
def test_refusals_are_sentences(
    desk: FlaskClient, store: Store, receptionist: Any, path: str, fields: dict[str, Any], code: str, status: int
) -> None:
    case = opened(store, receptionist, unit="5-1-101")
    answered, text = post(desk, f"/repairs/{case.no}/{path}", fields)
    assert (answered, refusal(text)) == (status, code)


def test_an_answer_to_a_version_that_is_no_longer_open(desk: FlaskClient, store: Store, receptionist: Any) -> None:
    case = decided(store, receptionist)
    first = quoted(store, receptionist, case)
    quoted(store, receptionist, case, nonce="second")
    status, text = post(desk, f"/repairs/{case.no}/quotation/{first.id}/answer", agree="1", how="face")
    assert (status, refusal(text)) == (409, "quotation_superseded")
    assert quotations.agreed(store, case.id) is None


def test_a_worker_quotes_his_own_order_at_the_desk_s_door(
    desk_app: Flask, store: Store, clock: Clock, receptionist: Any
) -> None:
    case = decided(store, receptionist)
    worker = client_of(desk_app, store, actor(store, Role.WORKER), clock())
    assert worker.get(f"/repairs/{case.no}/quotation").status_code == 404
    begin(store, case, started=False)
    assert worker.get(f"/repairs/{case.no}/quotation").status_code == 200
    answer = worker.post(f"/repairs/{case.no}/quotation", data=BASKET | {"nonce": "w"}, headers=SAME_ORIGIN)
    assert answer.status_code == 303 and answer.location.endswith(f"/repairs/{case.no}/quotation")
    assert post(worker, f"/repairs/{case.no}/pay", nonce="n", amount="1", method="cash")[0] == 403


def test_who_only_looks_sees_no_forms(desk_app: Flask, store: Store, clock: Clock, receptionist: Any) -> None:
    case = agreed(store, receptionist)
    html = page(client_of(desk_app, store, actor(store, Role.MANAGER), clock()), case)
    assert "150.00" in html
    for path in ("liability", "quotation", "charge", "pay", "refund"):
        assert f'action="/repairs/{case.no}/{path}"' not in html


def test_the_price_list_is_public(desk: FlaskClient, kiosk: FlaskClient, store: Store) -> None:
    assert "更换水龙头" in desk.get("/prices").get_data(as_text=True)
    assert 'href="/prices"' in kiosk.get("/about").get_data(as_text=True)
    assert "￥30.00/个" in kiosk.get("/prices").get_data(as_text=True)
    power = kiosk.get("/prices?category=power").get_data(as_text=True)
    assert "更换插座" in power and "更换水龙头" not in power
    assert kiosk.get("/prices?category=moon").status_code == 200
    store.execute("UPDATE price_items SET active = 0")
    for client in (desk, kiosk):
        assert client.get("/prices").status_code == 200


# The lists in the settings


def save(store: Store, table: str, key: str = "", **values: str) -> dict[str, Any]:
    """Save a row as typed; return it as it stands then."""
    chosen = TABLES[table]
    written = tables.save(store, table=chosen, key=key, values=values, by=BOX, now=MORNING)
    return next(row for row in tables.rows(store, chosen) if str(row[chosen.key]) == written)


ITEM = {"code": "x", "category": "water", "name": "试压", "unit": "次", "pricing": "fixed", "material": "own"}


def test_prices_are_typed_in_yuan_and_kept_in_fen(store: Store) -> None:
    row = save(store, "price_items", **ITEM, low_fen="12.5", high_fen="99", material_fen="3", active="1")
    # What this way of pricing does not use is dropped.
    assert (row["low_fen"], row["high_fen"], row["material_fen"]) == (1250, None, None)
    row = save(store, "price_items", "x", pricing="range", high_fen="２０", material="priced", material_fen="3")
    assert (row["low_fen"], row["high_fen"], row["material_fen"]) == (1250, 2000, 300)
    row = save(store, "price_items", "x", pricing="free", material="included")
    assert (row["low_fen"], row["high_fen"], row["material_fen"]) == (None, None, None)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"low_fen": ""}, "price_missing"), ({"low_fen": "x"}, "money_invalid"), ({"low_fen": "-1"}, "money_invalid"),
        ({"low_fen": "99999999"}, "money_too_large"), ({"low_fen": "5", "pricing": "range"}, "price_range_invalid"),
        ({"low_fen": "5", "pricing": "range", "high_fen": "4"}, "price_range_invalid"),
        ({"low_fen": "5", "material": "priced"}, "material_price_missing"),
        ({"low_fen": "5", "pricing": "gift"}, "choice_unknown"), ({"low_fen": "5", "unit": ""}, "text_missing"),
    ],
)  # fmt: skip
def test_what_is_no_price(store: Store, values: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        save(store, "price_items", **ITEM | values)


def test_terms_and_rules_of_dispatch(store: Store) -> None:
    row = save(store, "warranty_rules", "doors", completion_months="36", handover_months="")
    assert (row["completion_months"], row["handover_months"]) == (36, None)
    with pytest.raises(Refused, match="term_missing"):
        save(store, "warranty_rules", "doors", completion_months="0", handover_months="")
    row = save(store, "dispatch_rules", category="water", department="maintenance", worker="zhaogang")
    assert row["worker"] == "zhaogang"
    assert save(store, "dispatch_rules", "water", worker="")["worker"] is None
    for worker in ("wanglin", "zhaoqiang"):
        with pytest.raises(Refused, match="worker_unfit"):
            save(store, "dispatch_rules", "water", worker=worker)
    with pytest.raises(Refused, match="worker_unfit"):
        save(store, "dispatch_rules", "water", department="security", worker="zhaogang")


def test_a_longer_term_and_another_season_hold_at_once(store: Store, receptionist: Any) -> None:
    case = opened(store, receptionist, unit="3-1-101")
    save(store, "warranty_rules", "pipes", completion_months="240")
    assert liability.proposal(store, case, part="pipes").liability == "warranty"
    heating = liability.proposal(store, case, part="heating")
    assert heating.ends_on is not None and heating.ends_on.isoformat() == "2014-03-15"
    values = {"heating_from": "10-15", "heating_until": "04-30"}
    settings.change(store, values=values, by=BOX, now=MORNING)
    assert site(store).heating_until == "04-30"
    heating = liability.proposal(store, case, part="heating")
    assert heating.ends_on is not None and heating.ends_on.isoformat() == "2014-04-30"
    with pytest.raises(Refused, match="month_day_invalid"):
        settings.change(store, values={"heating_from": "02-29"}, by=BOX, now=MORNING)


def test_the_lists_go_to_the_next_lobby_in_yuan(store: Store) -> None:
    import tomllib

    from lobbydesk import settings_file

    text = settings_file.export(store)
    exported = {row["code"]: row for row in tomllib.loads(text)["price_items"]}
    assert exported["tap"]["low_fen"] == "30.00" and "high_fen" not in exported["tap"]
    before = tables.rows(store, TABLES["price_items"])
    store.execute("UPDATE price_items SET low_fen = 1 WHERE code = 'tap'")
    settings_file.load(store, text, by=BOX, now=MORNING)
    assert tables.rows(store, TABLES["price_items"]) == before
