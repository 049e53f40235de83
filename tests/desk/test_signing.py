"""The form on screen and the page that signs many, over HTTP: from review to admitted; every door refuses."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store
from desk import signing as views
from reception import cases, signing
from reception.cases import Case
from reception.permissions import Actor
from tests.conftest import SAME_ORIGIN, Clock, client_of
from tests.desk.test_follow_ups import post, text
from tests.reception.sign_life import BY_THEN, SignLife

SAID: dict[str, Any] = {"opinion": "同意接待", "department": "maintenance", "deadline_on": BY_THEN}


@pytest.fixture
def made(store: Store, clock: Clock) -> SignLife:
    return SignLife(store, clock)


class Desk:
    """Everybody's browser."""

    def __init__(self, app: Flask, made: SignLife, clock: Clock) -> None:
        self.app, self.made, self.clock = app, made, clock

    def of(self, who: Actor) -> FlaskClient:
        """Return a browser of this member of staff."""
        return client_of(self.app, self.made.store, who, self.clock())


@pytest.fixture
def at(desk_app: Flask, made: SignLife, clock: Clock) -> Desk:
    return Desk(desk_app, made, clock)


def row(page: str) -> str:
    """Return the id of what the reader is asked to sign."""
    found = re.search(r'data-asked="(\d+)"', page)
    assert found, "nothing to sign"
    return found[1]


def state(made: SignLife, case: Case) -> str:
    return cases.whole(made.store, case.id).state


def test_from_the_review_to_admitted_through_the_forms(at: Desk, made: SignLife) -> None:
    case = made.under_review()
    form, step = f"/visit-day/{case.no}/form", f"/visit-day/{case.no}/sign"
    head, security = at.of(made.head), at.of(made.security)
    assert security.get(form).status_code == 404, "he is not asked yet"
    assert "data-total" in text(head, "/signatures") and case.no in text(head, "/today")
    page = text(head, f"/cases/{case.no}")
    assert f"{step}/review" in page and 'value="security" checked' in page, "the topic proposes its department"
    said = SAID | {"wording": "1", "topic": "parking", "departments": ["maintenance", "security"]}
    assert post(head, f"{step}/review", **said) == (303, form)
    page = text(security, form)
    assert "张**" in page and "13800005678" not in page and 'data-state="signing"' in page
    assert "地下车库车位" in page and "王琳" in page and "To sign" not in page
    assert security.get(f"/cases/{case.no}").status_code == 404 and f'href="/cases/{case.no}"' not in page
    assert "张建国" in security.post(f"{form}/reveal", data={"reveal_reason": "asked"}, headers=SAME_ORIGIN).get_data(
        as_text=True
    )
    assert case.no in text(security, "/today") and f'href="{form}"' in text(security, "/today")
    assert post(security, f"{step}/agree", signature=row(page), **SAID) == (303, form)
    head_of = at.of(made.maintenance)
    page = text(head_of, form)
    given = next(one for one in signing.of_case(made.store, case.id) if one.department == "security")
    assert f'name="inherits" value="{given.id}"' in page
    assert post(head_of, f"{step}/agree", signature=row(page), inherits=str(given.id)) == (303, form)
    assert post(head, f"{step}/agree", signature=row(text(head, form)), **SAID) == (303, form)
    manager = at.of(made.manager)
    assert post(manager, f"{step}/agree", signature=row(text(manager, form)), **SAID) == (303, form)
    page = text(manager, form)
    assert 'data-state="admitted"' in page and page.count('data-state="agreed"') == 5 and "data-asked" not in page
    history = text(at.of(made.desk), f"/cases/{case.no}")
    assert "签批齐全，已受理" in history and page.count("何军") >= 2


def test_one_page_signs_many_and_names_what_it_did_not(at: Desk, made: SignLife) -> None:
    ready = [made.heads_signed(made.reviewed()) for _ in range(3)]
    manager = at.of(made.manager)
    page = text(manager, "/signatures?all=1")
    chosen = re.findall(r'name="chosen" value="([^"]+)"[^>]* checked', page)
    assert len(chosen) == 3 and " checked" not in text(manager, "/signatures").split('data-list="deputies"')[0]
    signing.reword(made.store, no=ready[1].no, matter="改", reason="x", by=made.desk, now=made.now)
    answer = manager.post(
        "/signatures", data={"chosen": chosen, "inherit": "1"}, headers=SAME_ORIGIN | {"HX-Request": "true"}
    ).get_data(as_text=True)
    assert re.findall(r'data-signed="([^"]+)"', answer) == [ready[0].no, ready[2].no]
    assert re.findall(r'data-not-signed="([^"]+)" data-code="([^"]+)"', answer) == [(ready[1].no, "signature_void")]
    assert "已改写或退回" in answer and answer.strip().startswith('<div id="signatures">')
    assert [state(made, case) for case in ready] == ["admitted", "under_review", "admitted"]
    again = manager.post("/signatures", data={"chosen": chosen[:1], "inherit": "1"}, headers=SAME_ORIGIN)
    assert again.status_code == 200 and "signed_already" in again.get_data(as_text=True)
    assert post(manager, "/signatures") == (422, "nothing_chosen")
    odd = manager.post("/signatures", data={"chosen": ["", ":", "x:y", f"{ready[1].no}:999"]}, headers=SAME_ORIGIN)
    assert odd.status_code == 200 and odd.get_data(as_text=True).count("data-not-signed") == 3


def test_a_signature_sent_back_stands_struck_through(at: Desk, made: SignLife) -> None:
    case = made.heads_signed()
    step = f"/visit-day/{case.no}/sign"
    manager, desk = at.of(made.manager), at.of(made.desk)
    asked = row(text(manager, f"/visit-day/{case.no}/form"))
    assert post(manager, f"{step}/disagree", signature=asked, reason="") == (422, "reason_missing")
    assert post(manager, f"{step}/disagree", signature=asked, reason="先由工程部答复")[0] == 303
    page = text(desk, f"/visit-day/{case.no}/form")
    assert page.count('data-state="void" class="void"') == 4 and "先由工程部答复" in page
    assert post(desk, f"{step}/reword", matter="新车位", reason="业主更正")[0] == 303
    assert case.no in text(desk, "/signatures") and "signing_news" in text(desk, "/today")


def test_the_desk_enters_what_was_signed_on_paper(at: Desk, made: SignLife) -> None:
    case = made.reviewed(departments=["maintenance"])
    step, desk = f"/visit-day/{case.no}/sign", at.of(made.desk)
    page = text(desk, f"/cases/{case.no}")
    asked = re.search(r'/sign/paper".*?name="signature" value="(\d+)"', page, re.DOTALL)
    assert asked and "王琳" in page
    said = SAID | {"signature": asked[1], "whose": "zhaoqiang", "agrees": "1"}
    assert post(desk, f"{step}/paper", **said | {"whose": "wanglin"}) == (422, "signer_unknown")
    assert post(at.of(made.head), f"{step}/paper", **said) == (403, "witness_signs_himself")
    assert post(desk, f"{step}/paper", **said)[0] == 303
    assert "纸上签字，王琳见证" in text(desk, f"/visit-day/{case.no}/form")


def test_a_deputy_is_named_on_the_page_and_it_says_so(at: Desk, made: SignLife) -> None:
    case = made.reviewed(departments=["maintenance"])
    head, assistant, manager = at.of(made.maintenance), at.of(made.assistant), at.of(made.manager)
    said = {"nonce": "d", "deputy": "liuyang", "from_on": "2026-11-23", "until_on": "2026-11-25", "reason": "培训"}
    assert post(head, "/signatures/deputies", **said | {"whose": "chenjing"}) == (403, "deputy_not_yours")
    assert post(head, "/signatures/deputies", **said) == (303, "/signatures")
    assert post(head, "/signatures/deputies", **said) == (303, "/signatures"), "a second tap"
    page = text(assistant, "/signatures")
    assert "代赵强签" in page and case.no in page
    form = f"/visit-day/{case.no}/form"
    assert post(assistant, f"/visit-day/{case.no}/sign/agree", signature=row(text(assistant, form)), **SAID)[0] == 303
    assert "刘洋 代签" in text(head, form)
    named = re.search(r'data-deputy="(\d+)"', text(manager, "/signatures"))
    assert named
    assert post(assistant, f"/signatures/deputies/{named[1]}/end") == (403, "deputy_not_yours")
    assert post(manager, f"/signatures/deputies/{named[1]}/end") == (303, "/signatures")
    assert post(manager, f"/signatures/deputies/{named[1]}/end") == (409, "changed_meanwhile")
    assert post(manager, "/signatures/deputies/x/end") == (404, "deputy_unknown")


def test_unsigned_at_the_cut_off_stands_on_the_managers_day(at: Desk, made: SignLife, clock: Clock) -> None:
    case = made.reviewed()
    clock.forward(days=12)
    manager, head, desk = at.of(made.manager), at.of(made.head), at.of(made.desk)
    assert 'data-group="unsigned"' in text(manager, "/today") and 'data-group="unsigned"' not in text(head, "/today")
    page = text(manager, "/signatures")
    assert 'data-list="unsigned" data-total="1"' in page
    form = text(manager, f"/visit-day/{case.no}/form")
    assert f"/visit-day/{case.no}/sign/refuse" in form and "data-asked" not in form
    said = {"nonce": "r", "reason": "先答复", "channel": "phone", "becomes": "repair", "category": "public",
            "urgency": "ordinary", "place": "地下车库"}  # fmt: skip
    assert post(manager, f"/visit-day/{case.no}/sign/refuse", **said)[0] == 303
    assert state(made, case) == "not_admitted" and "先由部门处理" in text(desk, f"/visit-day/{case.no}/form")


def test_every_door_refuses_what_it_cannot_do(at: Desk, made: SignLife) -> None:
    case = made.reviewed()
    desk = at.of(made.desk)
    assert post(desk, f"/visit-day/{case.no}/sign/dance")[0] == 404
    assert desk.get("/visit-day/JF000000-00/form").status_code == 404
    for no in (case.no, "JF000000-00", "BX20261123-001", "?"):
        for step in views.STEPS:
            for who in (made.desk, made.assistant, made.head, made.maintenance, made.manager):
                status, _ = post(at.of(who), f"/visit-day/{no}/sign/{step}")
                assert 400 <= status < 500, (no, step, who.role)
    assert state(made, case) == "signing"
