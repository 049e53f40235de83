"""What the accused tries: every side door by which he might learn of a complaint, or stand in its way."""

import itertools
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.store import Store, open_store
from desk.app import create as desk_app_of
from kiosk.app import create as kiosk_app_of
from lobbydesk.home import store_path
from reception import (
    about_staff,
    case_links,
    cases,
    complaint_steps,
    counters,
    follow_up_sheet,
    follow_ups,
    hand_numbers,
    hearers,
    incidents,
    new_heads,
    queue,
    repairs,
    reprints,
    seals,
    tables,
    transfers,
    without_consent,
)
from reception.cases import Case
from reception.complaints import register
from reception.permissions import BOX, KIOSK, Role
from reception.refusal import Refused
from reception.table_columns import TABLES
from reception.tickets import Ticket
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of, give_password
from tests.conftest import _close as close
from tests.desk.test_sealed import PASSING, Affair, read, reader
from tests.reception.test_complaints import Complaints

FORM = {"category": "service", "facts": "态度恶劣", "name": "李明", "phone": "13812345678"}


def sealed(store: Store, clock: Clock, *, role: Role = Role.SERVICE_HEAD, n: str = "s", **more: object) -> Case:
    """Receive one, as the head who hears it."""
    given = {"hears": str(role), **FORM, **more}
    return register(store, nonce=n, by=actor(store, role), now=clock(), **given)  # type: ignore[arg-type]


def in_private(store: Store, clock: Clock, line: str = "heard-by-head") -> Ticket:
    return check_in(store, line=line, nonce=line, by=KIOSK, now=clock())


def test_the_file_of_the_home_does_not_begin_to_show_the_visit(desk_app: Flask, store: Store, clock: Clock) -> None:
    """Whoever came with an ordinary number and told a head of one of us: his name and home go to the case alone."""
    mine = reader(desk_app, store, clock, "wanglin")
    head = actor(store, Role.SERVICE_HEAD)
    check_in(store, line="general", nonce="g", by=KIOSK, now=clock())
    ticket = queue.call_next(store, counter="3", by=head, now=clock())
    assert ticket is not None
    read(mine, desk_app)
    before = read(mine, desk_app)
    sealed(store, clock, unit="1-1-101", phone="5678", name="", visit_id=ticket.visit_id, accused=["wanglin"])
    after = read(mine, desk_app)
    assert [path for path in before if before[path] != after[path]] == []
    assert tuple(store.row("SELECT name, phone, unit_id FROM visits") or ()) == (None, None, None)


def test_hand_written_numbers_are_none_of_a_private_line(store: Store, clock: Clock) -> None:
    """Else the desk reads from the refusal that L001 was taken, and spoils the series."""
    codes = []
    for turn in range(2):
        with pytest.raises(Refused) as refused:
            hand_numbers.enter(
                store,
                line="heard-by-head",
                first="1",
                nonce=f"h{turn}",
                by=actor(store, Role.RECEPTIONIST),
                now=clock(),
            )
        codes.append(refused.value.code)
        if turn == 0:
            in_private(store, clock)
    assert codes == ["line_unknown", "line_unknown"]


def test_the_administrator_neither_shuts_a_private_line_nor_learns_from_the_answer(store: Store, clock: Clock) -> None:
    also = {"by": actor(store, Role.ADMINISTRATOR), "now": clock()}
    codes = []
    for turn in range(2):
        with pytest.raises(Refused) as refused:
            tables.save(store, table=TABLES["lines"], key="heard-by-head", values={"active": "0"}, **also)  # type: ignore[arg-type]
        codes.append(refused.value.code)
        if turn == 0:
            in_private(store, clock)
    assert codes == ["line_in_private", "line_in_private"]
    # What it is called is his to say.
    tables.save(store, table=TABLES["lines"], key="heard-by-head", values={"name": "专人"}, **also)  # type: ignore[arg-type]


def test_whom_a_head_hears_never_comes_into_the_common_queue(desk_app: Flask, store: Store, clock: Clock) -> None:
    """His number L001 in everybody's list, with the name that the case brought, would tell who was with a head."""
    head = actor(store, Role.SERVICE_HEAD)
    in_private(store, clock)
    also = {"counter": "3", "by": head, "now": clock()}
    called = queue.call_next(store, line="heard-by-head", **also)  # type: ignore[arg-type]
    assert called is not None
    with pytest.raises(Refused, match="heard_in_private"):
        transfers.to_line(store, holding="L001", line="general", **also)  # type: ignore[arg-type]
    page = client_of(desk_app, store, head, clock())
    page.post("/queue/seat", data={"counter": "3"}, headers=SAME_ORIGIN)
    told = page.get("/queue/counter").get_data(as_text=True)
    assert 'value="heard-by-manager"' in told and 'name="line" value="general"' not in told
    # From one head to the other he goes.
    sent = transfers.to_line(store, holding="L001", line="heard-by-manager", **also)  # type: ignore[arg-type]
    assert sent.hears == "manager"


def test_one_who_hears_always_stays(store: Store, clock: Clock) -> None:
    """The last head and the last manager stay, whether anything is sealed or not: the refusal tells nothing."""
    also = {"table": TABLES["staff"], "now": clock()}
    for login, role in (("chenjing", Role.ADMINISTRATOR), ("zhouming", Role.ADMINISTRATOR), ("zhouming", Role.MANAGER)):
        for values in ({"active": "0"}, {"role": "receptionist"}):
            with pytest.raises(Refused, match="last_hearer"):
                tables.save(store, key=login, values=values, by=actor(store, role), **also)  # type: ignore[arg-type]
    new = {"login": "sunli", "name": "孙丽", "role": "manager", "department": "management", "active": "1"}
    boss = actor(store, Role.MANAGER)
    tables.save(store, key="", values=new, by=boss, **also)  # type: ignore[arg-type]
    # Nor does one whom no other head has confirmed take his place.
    with pytest.raises(Refused, match="last_hearer"):
        tables.save(store, key="zhouming", values={"active": "0"}, by=boss, **also)  # type: ignore[arg-type]
    give_password(store, "sunli", "one of my own")
    new_heads.confirm(store, login="sunli", by=actor(store, Role.SERVICE_HEAD), now=clock())
    tables.save(store, key="zhouming", values={"active": "0"}, by=boss, **also)  # type: ignore[arg-type]


def test_a_head_promoted_over_the_complaint_about_him_leaves_it_to_somebody(store: Store, clock: Clock) -> None:
    """Known to the manager alone; he leaves, and whom it is about becomes the manager: the new head hears it."""
    case = sealed(store, clock, role=Role.MANAGER, accused=["chenjing"])
    boss = actor(store, Role.MANAGER)
    also = {"table": TABLES["staff"], "by": boss, "now": clock()}
    new = {"login": "sunli", "name": "孙丽", "role": "service_head", "department": "service", "active": "1"}
    tables.save(store, key="", values=new, **also)  # type: ignore[arg-type]
    give_password(store, "sunli", "one of my own")
    new_heads.confirm(store, login="sunli", by=actor(store, Role.SERVICE_HEAD), now=clock())
    tables.save(store, key="chenjing", values={"role": "manager"}, **also)  # type: ignore[arg-type]
    tables.save(store, key="zhouming", values={"active": "0"}, **also)  # type: ignore[arg-type]
    assert not any(seals.is_open_to(store, case.id, row["id"]) for row in store.rows("SELECT id FROM staff"))
    hearers.open_wider(store, by=BOX, now=clock())
    readers = [
        row["login"] for row in store.rows("SELECT id, login FROM staff") if seals.is_open_to(store, case.id, row["id"])
    ]
    assert readers == ["sunli"]
    assert store.value("SELECT login FROM cases JOIN staff ON staff.id = owner_id") == "sunli"


def test_the_manager_alone_prints_its_papers_again(store: Store, clock: Clock) -> None:
    sealed(store, clock, role=Role.MANAGER, accused=["chenjing"])
    job = store.value("SELECT id FROM print_jobs WHERE kind = 'private_receipt'")
    store.execute(
        "UPDATE print_jobs SET state = 'uncertain', sending_at = queued_at, ended_at = queued_at WHERE id = ?", [job]
    )
    manager = actor(store, Role.MANAGER)
    reprints.came_out(store, job_id=str(job), by=manager, now=clock())
    again = reprints.reprint(store, job_id=str(job), nonce="r", by=manager, now=clock())
    reprints.void(store, job_id=str(again), by=manager, now=clock())


def test_what_is_merged_is_sealed_with_it(desk_app: Flask, store: Store, clock: Clock) -> None:
    """Else the accused merges another complaint into the one about him, and it can never be sealed."""
    made = Complaints(store, clock)
    first, second = made.receive(), made.receive()
    accused = reader(desk_app, store, clock, "wanglin")
    into = {"into": first.no}
    assert accused.post(f"/cases/{second.no}/merge", data=into, headers=SAME_ORIGIN).status_code == 303
    head = actor(store, Role.SERVICE_HEAD)
    about_staff.seal(store, no=second.no, accused=["wanglin"], by=head, now=clock())
    for case in (first, second):
        assert accused.get(f"/cases/{case.no}").status_code == 404
        assert cases.find(store, case.no, by=head)
    about_staff.name(store, no=first.no, accused="zhaoqiang", by=head, now=clock())
    assert [about_staff.accused_of(store, case.id) for case in (first, second)] == [
        [("wanglin", "王琳"), ("zhaoqiang", "赵强")]
    ] * 2


def test_a_head_alone_comes_to_the_end_of_one_about_the_manager(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    """Nobody else may close it: he does what the manager does with every other one."""
    case = sealed(store, clock, accused=["zhouming"])
    head = actor(store, Role.SERVICE_HEAD)
    also = {"no": case.no, "by": head}
    for _ in range(2):
        complaint_steps.investigate(store, finding="valid", findings="属实", now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
        complaint_steps.reply(store, text="已转公司", channel="phone", now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
        follow_ups.record(store, method="phone", reached="1", score="1", now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
    complaint_steps.investigate(store, finding="valid", findings="属实", now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
    complaint_steps.reply(store, text="已转公司", channel="phone", now=clock.forward(minutes=1), **also)  # type: ignore[arg-type]
    client = client_of(desk_app, store, head, clock())
    assert "close-without-consent" in client.get(f"/cases/{case.no}").get_data(as_text=True)
    form = {"reason": "已转公司纪检，本中心无权处理"}
    assert client.post(f"/cases/{case.no}/close-without-consent", data=form, headers=SAME_ORIGIN).status_code == 303
    told = kiosk.get(f"/T/{case.token}").get_data(as_text=True)
    assert "未表示同意" in told and "项目经理" not in told
    # One that the manager knows of is the manager's to close.
    other = sealed(store, clock, n="t", accused=["wanglin"])
    with pytest.raises(Refused, match="not_permitted"):
        without_consent.close(store, no=other.no, reason="x", by=head, now=clock())


def test_merged_or_closed_the_page_of_its_paper_says_no_word_of_what_it_is(
    kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    one, other = sealed(store, clock), sealed(store, clock, n="t")
    case_links.merge(store, no=one.no, into=other.no, by=actor(store, Role.SERVICE_HEAD), now=clock())
    for path in (f"/T/{one.token}", f"/T/{one.token}/state"):
        told = kiosk.get(path).get_data(as_text=True)
        assert "投诉" not in told and "omplain" not in told, path


def test_a_wrong_name_is_taken_back(desk_app: Flask, store: Store, clock: Clock) -> None:
    """A slip of the pointer must not shut the manager out for ever."""
    case = sealed(store, clock)
    head, manager = (client_of(desk_app, store, actor(store, r), clock()) for r in (Role.SERVICE_HEAD, Role.MANAGER))

    def send(client: FlaskClient, way: str, **form: str) -> int:
        return client.post(f"/complaints/{case.no}/{way}", data=form, headers=SAME_ORIGIN).status_code

    assert send(head, "name", accused="zhouming") == 303
    assert send(manager, "unname", accused="zhouming", reason="不是我") == 404
    assert manager.get(f"/cases/{case.no}").status_code == 404
    assert send(head, "unname", accused="zhouming", reason="") == 422
    assert send(head, "unname", accused="wanglin", reason="点错了") == 422
    assert send(head, "unname", accused="zhouming", reason="点错了") == 303
    assert "点错了" in manager.get(f"/cases/{case.no}").get_data(as_text=True)


def test_the_kiosk_offers_nobody_who_is_not_there(kiosk: FlaskClient, store: Store) -> None:
    store.execute("UPDATE staff SET active = 0 WHERE role = 'manager'")
    page = kiosk.get("/in-private").get_data(as_text=True)
    assert 'data-line="heard-by-head"' in page and "heard-by-manager" not in page


def test_whom_a_head_received_is_gone_from_the_wall_afterwards(kiosk: FlaskClient, store: Store, clock: Clock) -> None:
    in_private(store, clock)
    also = {"counter": "3", "by": actor(store, Role.SERVICE_HEAD), "now": clock()}
    queue.call_next(store, line="heard-by-head", **also)  # type: ignore[arg-type]
    assert "L001" in kiosk.get("/display").get_data(as_text=True)
    queue.complete(store, holding="L001", **also)  # type: ignore[arg-type]
    assert "L001" not in kiosk.get("/display").get_data(as_text=True)


def test_an_incident_about_the_head_is_not_opened_to_him_by_a_change_of_the_staff(store: Store, clock: Clock) -> None:
    """Incidents are of another wall: what no list of cases opens is not without hearers therefore."""
    row = incidents.press(store, nonce="i", counter=None, by=actor(store, Role.RECEPTIONIST), now=clock())
    store.execute("UPDATE cases SET sealed = 2 WHERE id = ?", [row.id])
    hearers.open_wider(store, by=BOX, now=clock())
    assert store.value("SELECT sealed FROM cases") == 2


def _same(text: str) -> str:
    """A page without what differs in any two houses: numbers of papers in addresses, marks of sessions."""
    return re.sub(r"/papers/\d+|data-job=\"\d+\"|data-session=\"\w+\"|name=\"mark\" value=\"\w+\"", "", text)


def test_no_number_that_the_others_read_has_a_gap(tmp_path: Path, seeded: Path) -> None:
    """Two houses on the same day, one with such a complaint from begin to end: afterwards their pages are alike.

    But for the numbers of papers, which stand in no sentence: they are in addresses alone.
    """
    found = []
    for house in ("plain", "affair"):
        home, clock = tmp_path / house, Clock()
        shutil.copytree(seeded, home)
        apps = [create(store_path(home), clock=clock) for create in (desk_app_of, kiosk_app_of)]
        store, kiosk = open_store(store_path(home)), apps[1].test_client()
        made = Complaints(store, clock)
        made.receive()
        counters.open_counter(store, counter="3", by=actor(store, Role.SERVICE_HEAD), now=clock())
        affair = Affair(apps[0], kiosk, store, clock, "wanglin")
        if house == "affair":
            assert list(affair.steps())[-1] == "closed by the manager"
        made.receive()
        check_in(store, line="general", nonce="g", by=KIOSK, now=clock())
        assert queue.call_next(store, counter="1", by=made.desk, now=clock()) is not None
        pages = read(reader(apps[0], store, clock, "wanglin"), apps[0])
        pages |= {path: kiosk.get(path).get_data(as_text=True) for path in ("/display/calls", "/printer")}
        found.append({path: _same(text) for path, text in pages.items()})
        store.close()
        for app in apps:
            close(app)
    changed = [path for path in found[0] if found[0][path] != found[1][path]]
    assert changed == []


def test_the_receipt_of_a_call_noted_for_a_head_counts_nothing(desk_app: Flask, store: Store, clock: Clock) -> None:
    """The accused at the desk notes calls that nobody made, and reads the numbers on their receipts."""
    desk = reader(desk_app, store, clock, "wanglin")
    for turn in range(6):
        form = {"category": "service", "facts": "请回电", "name": "李", "phone": "13812345678", "hears": "manager"}
        assert desk.post("/complaints", data=form | {"nonce": f"c{turn}"}, headers=SAME_ORIGIN).status_code == 303
    told = [int(row[0][-3:]) for row in store.rows("SELECT no FROM cases ORDER BY id")]
    assert len(set(told)) == 6 and min(told) >= 100
    assert [two - one for one, two in itertools.pairwise(told)] != [1] * 5


def test_no_repair_carries_the_words_of_a_sealed_complaint(desk_app: Flask, store: Store, clock: Clock) -> None:
    """The button brought what was complained of as a draft, for the order of the very worker it was about."""
    case = sealed(store, clock, unit="1-1-101", phone="5678", name="", accused=["zhaogang"])
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    assert "/repairs/new?from" not in head.get(f"/cases/{case.no}").get_data(as_text=True)
    answer = head.get(f"/repairs/new?from={case.no}")
    assert answer.status_code == 409 and FORM["facts"] not in answer.get_data(as_text=True)
    with pytest.raises(Refused, match="nothing_out_of_sealed"):
        repairs.out_of(store, case.no, by=actor(store, Role.SERVICE_HEAD))
    form = {
        "from": case.no,
        "category": "water",
        "content": "漏水",
        "place": "厨房",
        "urgency": "ordinary",
        "nonce": "r",
    }
    form |= {"unit": "1-1-101", "phone": "5678", "nonce": "r"}
    assert head.post("/repairs", data=form, headers=SAME_ORIGIN).status_code == 409
    assert store.value("SELECT count(*) FROM cases WHERE kind = 'repair'") == 0


def test_a_link_to_a_sealed_complaint_leaves_no_trace_at_the_other_end(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    made = Complaints(store, clock)
    plain, case = made.receive(), sealed(store, clock)
    mine = reader(desk_app, store, clock, "wanglin")
    read(mine, desk_app)
    before = read(mine, desk_app), mine.get(f"/cases/{plain.no}").get_data(as_text=True)
    case_links.link(store, no=plain.no, other=case.no, by=actor(store, Role.SERVICE_HEAD), now=clock())
    after = read(mine, desk_app), mine.get(f"/cases/{plain.no}").get_data(as_text=True)
    assert [path for path in before[0] if before[0][path] != after[0][path]] == []
    assert PASSING.sub("", before[1]) == PASSING.sub("", after[1])


def test_the_sheet_for_follow_ups_lies_about_without_it(store: Store, clock: Clock) -> None:
    """One prints it for whoever telephones: even a head's bears no word of a sealed complaint. It is in his lists."""
    head = actor(store, Role.SERVICE_HEAD)
    Complaints(store, clock).replied()
    case = sealed(store, clock)
    complaint_steps.investigate(store, no=case.no, finding="valid", findings="属实", by=head, now=clock())
    complaint_steps.reply(store, no=case.no, text="已处理", channel="phone", by=head, now=clock())
    told = [line.case.no for line in follow_up_sheet.lines(store, by=head, now=clock())]
    assert told == ["TS20261123-001"]
