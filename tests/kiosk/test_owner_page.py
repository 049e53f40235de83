"""The owner's page at phone and kiosk: where it stands, his word to price, work and service; nothing personal in it."""

import re

import pytest
from flask.testing import FlaskClient

from db.store import Store
from reception import work_orders
from reception.cases import Case
from tests import owner_cases
from tests.conftest import SAME_ORIGIN, Clock
from tests.owner_cases import PERSONAL


def at_kiosk(client: FlaskClient) -> FlaskClient:
    """Make this browser the touch screen's."""
    client.set_cookie("at_kiosk", "1")
    return client


def page(client: FlaskClient, case: Case, path: str = "") -> str:
    """Return the page of a case."""
    answer = client.get(f"/T/{case.token}{path}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def say(client: FlaskClient, case: Case, act: str, **fields: str) -> tuple[int, str]:
    """Send a form of the page; return the status and the code of a refusal."""
    answer = client.post(f"/T/{case.token}/{act}", data=fields, headers=SAME_ORIGIN)
    refused = re.findall(r'data-refused="([^"]+)"', answer.get_data(as_text=True))
    return answer.status_code, refused[0] if refused else ""


def state(store: Store, case: Case) -> str:
    """Return where a case stands."""
    found: str = store.value("SELECT state FROM cases WHERE id = ?", [case.id])
    return found


@pytest.mark.parametrize("where", ["phone", "kiosk"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_where_it_stands_and_nothing_personal(
    kiosk: FlaskClient, store: Store, clock: Clock, where: str, language: str
) -> None:
    if where == "kiosk":
        at_kiosk(kiosk)
    kiosk.set_cookie("language", language)
    case = owner_cases.dispatched(store, clock)
    owner_cases.decide(store, case, "paid", clock)
    owner_cases.quoted(store, case, clock)
    html = page(kiosk, case)
    assert {"zh": "已派赵师傅，今天 14:00 上门", "en": "Our worker Zhao comes today 14:00"}[language] in html
    assert "80.00" in html
    for text in (html, page(kiosk, case, "/state"), page(kiosk, case, "?do=agree")):
        # Not even masked.
        assert not re.search(f"{PERSONAL}|张", text)
        assert "赵刚" not in text
    assert len(html.encode()) < 30_000


def test_it_renews_itself_by_an_etag_and_says_the_same_until_something_changes(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    case = owner_cases.finished(store, clock)
    first = kiosk.get(f"/T/{case.token}/state")
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = kiosk.get(f"/T/{case.token}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert say(kiosk, case, "sign", phone="5678")[0] == 303
    changed = kiosk.get(f"/T/{case.token}/state", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


@pytest.mark.parametrize(("where", "how"), [("phone", "phone"), ("kiosk", "kiosk")])
def test_signing_asks_for_the_end_of_the_phone(
    kiosk: FlaskClient, store: Store, clock: Clock, where: str, how: str
) -> None:
    if where == "kiosk":
        at_kiosk(kiosk)
    case = owner_cases.finished(store, clock)
    assert say(kiosk, case, "sign", phone="1234", do="sign") == (422, "tail_wrong")
    assert say(kiosk, case, "sign", do="sign") == (422, "tail_wrong")
    assert state(store, case) == "finished"
    assert say(kiosk, case, "sign", phone="5678", nonce="s") == (303, "")
    assert state(store, case) == "signed"
    assert store.value("SELECT signed_how FROM work_orders") == how
    # A press that is tried again says the same, once.
    assert say(kiosk, case, "sign", phone="5678", nonce="s") == (303, "")
    assert store.value("SELECT count(*) FROM events WHERE what = 'sign'") == 1


def test_five_wrong_ends_lock_the_page_and_the_sixth_right_one_too(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    case = owner_cases.finished(store, clock)
    for _ in range(5):
        assert say(kiosk, case, "sign", phone="0000")[1] == "tail_wrong"
    assert say(kiosk, case, "sign", phone="5678") == (429, "tail_locked")
    clock.forward(hours=2)
    assert say(kiosk, case, "sign", phone="5678")[0] == 303


def test_warranty_work_is_not_accepted_before_it_was_inspected(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock, liability="warranty")
    assert "/sign" not in page(kiosk, case)
    assert say(kiosk, case, "sign", phone="5678") == (422, "recheck_missing")
    assert state(store, case) == "finished"


def test_undetermined_work_is_not_accepted(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock, liability="undetermined")
    assert "/sign" not in page(kiosk, case)
    assert say(kiosk, case, "sign", phone="5678") == (422, "liability_undetermined")


def test_rating_is_once_and_a_bad_one_opens_the_case_again(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.rechecked(store, clock)
    assert say(kiosk, case, "rate", score="5") == (409, "step_not_now")
    assert say(kiosk, case, "sign", phone="5678")[0] == 303
    assert say(kiosk, case, "rate", score="9") == (422, "score_invalid")
    assert "data-rated" not in page(kiosk, case)
    assert say(kiosk, case, "rate", score="4", comment="及时")[0] == 303
    # Whoever pressed reads that it arrived, on his phone and on the touch screen.
    assert "您的评价已收到" in page(kiosk, case)
    kiosk.set_cookie("at_kiosk", "1")
    assert "您的评价已收到" in page(kiosk, case)
    assert say(kiosk, case, "rate", score="1") == (422, "survey_answered")
    assert state(store, case) == "signed"
    assert "/rate" not in page(kiosk, case)


def test_a_bad_rating_leads_to_rework(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    at_kiosk(kiosk)
    case = owner_cases.rechecked(store, clock)
    assert say(kiosk, case, "sign", phone="5678")[0] == 303
    assert say(kiosk, case, "rate", score="1")[0] == 303
    assert state(store, case) == "rework"
    assert "将为您返修" in page(kiosk, case)


def test_the_worker_s_code_shows_and_never_signs(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    slip = work_orders.of_case(store, case.id)[-1].token
    html = kiosk.get(f"/T/{slip}").get_data(as_text=True)
    assert "已修好" in html and "<input" not in html.split("<main>")[1]
    assert case.token not in html
    answer = kiosk.post(f"/T/{slip}/sign", data={"phone": "5678"}, headers=SAME_ORIGIN)
    assert answer.status_code == 404
    # Held to the kiosk's scanner it leads to its own page, not to the owner's.
    at_kiosk(kiosk)
    led = kiosk.post("/scan", data={"code": slip}, headers=SAME_ORIGIN)
    assert led.headers["Location"] == f"/T/{slip}"
    html = kiosk.get(f"/T/{slip}").get_data(as_text=True)
    assert "do=sign" not in html and case.token not in html
    assert "data-keypad-field" not in kiosk.get(f"/T/{slip}?do=sign").get_data(as_text=True)


def test_the_kiosk_asks_by_its_ten_keys(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    at_kiosk(kiosk)
    case = owner_cases.finished(store, clock)
    assert "?do=sign" in page(kiosk, case)
    asked = page(kiosk, case, "?do=sign")
    assert 'data-key="5"' in asked and f'action="/T/{case.token}/sign"' in asked
    # What cannot be answered now is not asked for.
    assert "data-keypad-field" not in page(kiosk, case, "?do=agree")


def test_without_a_phone_number_the_desk_is_named(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.finished(store, clock)
    store.execute("UPDATE cases SET phone = '' WHERE id = ?", [case.id])
    html = page(kiosk, case)
    assert "/sign" not in html and "前台" in html
    assert say(kiosk, case, "sign", phone="")[1] == "phone_missing"


def test_a_refusal_stands_on_the_same_page_in_the_reader_s_language(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    case = owner_cases.finished(store, clock)
    for language, words in (("zh", "后四位"), ("en", "last four digits")):
        kiosk.set_cookie("language", language)
        answer = kiosk.post(f"/T/{case.token}/sign", data={"phone": "1111"}, headers=SAME_ORIGIN)
        html = answer.get_data(as_text=True)
        assert case.no in html and words in re.findall(r'role="alert"[^>]*>([^<]*)<', html)[0]


def test_a_price_that_changed_meanwhile_is_not_agreed_to(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    owner_cases.decide(store, case, "paid", clock)
    owner_cases.quoted(store, case, clock)
    shown = dict(re.findall(r'name="(quotation|total)" value="(\d+)"', page(kiosk, case)))
    newer = owner_cases.quoted(store, case, clock, fen=20000, version=2)
    said = {"agree": "1", "phone": "5678"}
    assert say(kiosk, case, "quote", **shown, **said)[1] == "quotation_superseded"
    # The number of the new one with the sum that was seen is no answer to it either.
    assert say(kiosk, case, "quote", quotation=str(newer), total=shown["total"], **said)[1] == "quotation_changed"
    new = {"quotation": str(newer), "total": "20000"}
    assert say(kiosk, case, "quote", **new, agree="perhaps", phone="5678") == (422, "choice_unknown")
    assert say(kiosk, case, "quote", **new, agree="1", phone="0000")[1] == "tail_wrong"
    assert store.value("SELECT count(*) FROM quotations WHERE state = 'agreed'") == 0
    assert say(kiosk, case, "quote", **new, **said)[0] == 303
    assert store.value("SELECT state FROM quotations WHERE id = ?", [newer]) == "agreed"
