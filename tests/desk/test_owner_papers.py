"""Papers that an owner asks for at the desk: the receipt of what he reported by telephone, the result in writing."""

import json
import re
from typing import Any

from flask.testing import FlaskClient

from db.store import Store
from reception import acceptance, cases, feedback, reprints, result_papers
from tests.conftest import SAME_ORIGIN, Clock
from tests.desk.test_case_end import again
from tests.reception.life import Life


def papers(store: Store, kind: str) -> list[tuple[str, int, dict[str, Any]]]:
    """Return part, copy and facts of the papers of a kind."""
    rows = store.rows("SELECT part, copy_no, facts FROM print_jobs WHERE kind = ? ORDER BY id", [kind])
    return [(row[0], row[1], json.loads(row[2])) for row in rows]


def hand_out(desk: FlaskClient, no: str, kind: str) -> tuple[int, str]:
    """Press the button; return the status and the code of a refusal."""
    answer = desk.post(f"/cases/{no}/hand-out", data={"kind": kind}, headers=SAME_ORIGIN)
    refused = re.findall(r'data-refused="([^"]+)"', answer.get_data(as_text=True))
    return answer.status_code, refused[0] if refused else ""


def offered(desk: FlaskClient, no: str) -> list[str]:
    """Return which papers the page of a case offers."""
    return re.findall(r'name="kind" value="(\w+)"', desk.get(f"/cases/{no}").get_data(as_text=True))


def test_who_reported_by_telephone_gets_his_receipt_at_the_desk(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    called = life.register(source="phone", name="张建国", phone="13800005678")
    assert papers(store, "repair_receipt") == []
    assert offered(desk, called.no) == ["repair_receipt"]
    for _ in range(2):
        assert hand_out(desk, called.no, "repair_receipt") == (303, "")
    [(_, copy, facts)] = papers(store, "repair_receipt")
    assert (copy, facts["no"], facts["name"], facts["phone"]) == (0, called.no, "张**", "138****5678")
    assert offered(desk, called.no) == []
    # Who stood at the desk has it already.
    assert offered(desk, life.register().no) == []


def test_the_result_in_writing_once_he_was_told(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.signed(name="张建国", phone="13800005678")
    assert offered(desk, order.case_no) == []
    assert hand_out(desk, order.case_no, "result_slip") == (422, "feedback_missing")
    feedback.give(store, no=order.case_no, about="result", channel="phone", text="阀芯已换", by=life.head, now=life.now)
    assert offered(desk, order.case_no) == ["result_slip"]
    for _ in range(2):
        assert hand_out(desk, order.case_no, "result_slip") == (303, "")
    [(part, copy, facts)] = papers(store, "result_slip")
    assert (part, copy) == ("0", 0)
    assert facts["no"] == order.case_no and facts["work_done"] == "更换阀芯" and facts["result"][0] == "已修好"
    assert facts["told"].startswith("2026-11-23 10:") and facts["told_by"] == [f"{life.head.name} 电话", "Telephone"]
    assert (facts["name"], facts["phone"], facts["unit"]) == ("张**", "138****5678", "1号楼")
    assert "处理结果单" in desk.get(f"/cases/{order.case_no}/papers").get_data(as_text=True)


def test_each_round_has_its_own_and_a_reprint_is_of_its_round(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    order = life.signed()
    feedback.give(store, no=order.case_no, about="result", channel="phone", text="已换", by=life.desk, now=life.now)
    hand_out(desk, order.case_no, "result_slip")
    job = store.value("SELECT id FROM print_jobs WHERE kind = 'result_slip'")
    store.execute(
        "UPDATE print_jobs SET state = 'printed', sending_at = queued_at, ended_at = queued_at WHERE id = ?", [job]
    )
    acceptance.rework(store, no=order.case_no, reason="又漏", by=life.desk, now=life.now)
    assert offered(desk, order.case_no) == []
    assert hand_out(desk, order.case_no, "result_slip") == (422, "feedback_missing")
    # While it is done again, what was told of the first time stays so.
    assert result_papers.slip(store, cases.whole(store, order.case_id), 0).result.zh == "已修好"
    again(life, order.case_no)
    reprints.reprint(store, job_id=str(job), nonce="again", by=life.desk, now=life.now)
    assert [(part, copy, facts["work_done"]) for part, copy, facts in papers(store, "result_slip")] == [
        ("0", 0, "更换阀芯"),
        ("0", 1, "更换阀芯"),
    ]


def test_a_cancelled_repair_says_why_and_other_kinds_have_none(desk: FlaskClient, store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    case = life.register(name="张建国", phone="13800005678")
    said = {"reason": "owner_wish", "channel": "face", "text": "按要求取消"}
    acceptance.cancel(store, no=case.no, **said, by=life.desk, now=life.now)
    assert hand_out(desk, case.no, "result_slip") == (303, "")
    [(_, _, facts)] = papers(store, "result_slip")
    assert facts["result"][0] == "已取消：业主要求取消" and facts["work_done"] == ""
    other = life.signed()
    mine = life.register(name="李四", phone="13900007777", unit="1-1-102")
    store.execute(
        "UPDATE cases SET state = 'merged', merged_into = ?, closed_at = changed_at WHERE id = ?",
        [other.case_id, mine.id],
    )
    feedback.give(store, no=mine.no, about="result", channel="phone", text="已修好", by=life.desk, now=life.now)
    assert hand_out(desk, mine.no, "result_slip") == (303, "")
    assert papers(store, "result_slip")[-1][2]["result"][0] == "与同一问题的报修合并处理：已修好"
    assert papers(store, "result_slip")[-1][2]["work_done"] == ""
    assert hand_out(desk, case.no, "ticket") == (409, "step_not_now")
    assert hand_out(desk, "TS20200101-001", "result_slip") == (404, "case_unknown")
