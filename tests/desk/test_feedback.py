"""Telling people at the desk: the ready text on the case's page, and the record that it was said."""

import re

from flask.testing import FlaskClient

from db.store import Store
from reception import case_links, feedback
from reception.permissions import Role
from tests import owner_cases
from tests.conftest import SAME_ORIGIN, Clock, actor


def tell(desk: FlaskClient, no: str, **fields: str) -> tuple[int, str]:
    """Record that somebody was told; return the status and the code of a refusal."""
    form = {"about": "progress", "channel": "phone", "text": "已派赵师傅", **fields}
    answer = desk.post(f"/cases/{no}/feedback", data=form, headers=SAME_ORIGIN)
    refused = re.findall(r'data-refused="([^"]+)"', answer.get_data(as_text=True))
    return answer.status_code, refused[0] if refused else ""


def test_the_page_offers_the_text_and_shows_what_was_said(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.dispatched(store, clock)
    html = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "已派赵师傅，11月23日 14:00 上门" in html and "data-copy" in html
    assert "还没有告知记录" in html
    assert tell(desk, case.no, text="已派赵师傅，下午两点") == (303, "")
    html = desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert "已派赵师傅，下午两点" in html and "还没有告知记录" not in html
    [notice] = feedback.of_case(store, case.id)
    assert (notice.about, notice.channel, notice.by_name) == ("progress", "phone", "王琳")


def test_bad_input_is_a_sentence_and_nothing_is_kept(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.registered(store, clock)
    assert tell(desk, case.no, text=" ") == (422, "feedback_text_missing")
    assert tell(desk, case.no, channel="pigeon") == (422, "channel_unknown")
    assert tell(desk, case.no, about="weather") == (422, "about_unknown")
    assert tell(desk, case.no, text="x" * 501) == (422, "text_too_long")
    assert tell(desk, "BX20200101-001") == (404, "case_unknown")
    assert not feedback.of_case(store, case.id)


def test_whoever_was_merged_is_told_in_the_same_press(desk: FlaskClient, store: Store, clock: Clock) -> None:
    first = owner_cases.registered(store, clock)
    second = owner_cases.registered(store, clock, nonce="second")
    case_links.merge(store, no=second.no, into=first.no, by=actor(store, Role.RECEPTIONIST), now=clock())
    assert 'name="merged_too"' in desk.get(f"/cases/{first.no}").get_data(as_text=True)
    assert tell(desk, first.no, merged_too="1")[0] == 303
    assert len(feedback.of_case(store, first.id)) == len(feedback.of_case(store, second.id)) == 1
    assert tell(desk, first.no)[0] == 303
    assert (len(feedback.of_case(store, first.id)), len(feedback.of_case(store, second.id))) == (2, 1)


def test_the_text_leads_each_to_his_own_page(store: Store, clock: Clock) -> None:
    first = owner_cases.registered(store, clock)
    second = owner_cases.registered(store, clock, nonce="second")
    front = actor(store, Role.RECEPTIONIST)
    case_links.merge(store, no=second.no, into=first.no, by=front, now=clock())
    text = f"已修好，查看： https://lobby.example.com/T/{first.token} "
    feedback.give(store, no=first.no, about="result", channel="chat", text=text, merged_too=True, by=front, now=clock())
    [mine], [theirs] = feedback.of_case(store, first.id), feedback.of_case(store, second.id)
    assert first.token in mine.text and second.token in theirs.text
    assert first.token not in theirs.text, "the key to somebody else's case"


def test_a_case_that_is_over_takes_no_more(desk: FlaskClient, store: Store, clock: Clock) -> None:
    case = owner_cases.registered(store, clock)
    tell(desk, case.no, about="result")
    store.execute("UPDATE cases SET state = 'cancelled', closed_at = changed_at WHERE id = ?", [case.id])
    assert 'action="/cases/' + case.no + '/feedback"' not in desk.get(f"/cases/{case.no}").get_data(as_text=True)
    assert tell(desk, case.no) == (422, "case_over")
