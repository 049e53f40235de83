"""What is sealed does not exist for others: every page, list, search, count and export of the accused stays the same,
to the letter, while a complaint about him runs from the kiosk to a second reopening and the manager's close."""

import io
import re
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db import printers, spool
from db.store import Store
from reception import complaint_steps, due, repairs, seals, supervisions
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.refusal import Refused
from reception.rules import clock as times
from reception.visits import check_in
from tests.conftest import SAME_ORIGIN, Clock, actor, client_of
from tests.reception.test_complaints import Complaints
from tests.routes import STREAMS, endpoints

SECRET = "态度恶劣摔门而去"
EXPORTS = (
    *(f"/{room}/export" for room in ("cases", "board", "due", "figures", "workers", "days", "log")),
    "/follow-ups/export",
    "/follow-ups/coverage/export",
    "/supervisions/export",
    "/months/export",
)
SEARCHED = ("5678", "1-1-101", "陈", "陈静", "李", "L001", "M001", "ZJ20261123-001", "TS20261123-001", "A001")
# The audit log and the looks at names tell of this very reading, too: each has its own test of what is sealed.
PASSED_BY = ("/assets", "/audit", "/reveals")
# Who reads these sees which counter is open, whoever is called there.
SEATS = ("/", "/now", "/now/figures")
# Numbers used once, and how old what is shown is.
PASSING = re.compile(
    r'name="nonce" value="[^"]*"|value="[\w-]{16,}"|\?v=[\w.]+|data-(?:revision|seen)="[^"]*"|csrf[^"]*"[^"]*"'
)


def read(client: FlaskClient, app: Flask) -> dict[str, str]:
    """Return every page that this reader can open, every search and every table he can take out."""
    found = {}
    for endpoint, (method, path) in endpoints(app).items():
        if method == "GET" and endpoint not in STREAMS and not path.startswith(PASSED_BY):
            found[path] = _page(client.get(path))
    for scope in ("open", "closed", "all"):
        for more in ("", "&only=mine", "&kind=complaint", "&overdue=1", "&only=department"):
            path = f"/cases?scope={scope}{more}"
            found[path] = _page(client.get(path))
    for tab in ("mine", "department", "escalated", "all"):
        found[f"/due?show={tab}"] = _page(client.get(f"/due?show={tab}"))
    for show in ("overdue", "untold", "kept", "late", "withdrawn"):
        found[f"/supervisions?show={show}"] = _page(client.get(f"/supervisions?show={show}"))
    for query in SEARCHED:
        found[f"search {query}"] = _page(client.post("/search", data={"query": query}, headers=SAME_ORIGIN))
        found[f"export of {query}"] = _table(client.post("/search/export", data={"query": query}, headers=SAME_ORIGIN))
    for path in EXPORTS:
        found[path] = _table(client.post(path, data={"scope": "all"}, headers=SAME_ORIGIN))
    for path in ("/homes", "/homes/reveal", "/homes/export"):
        answer = client.post(path, data={"unit": "1-1-101", "reveal_reason": "asked"}, headers=SAME_ORIGIN)
        found[path] = _table(answer) if path.endswith("export") else _page(answer)
    return found


def _page(answer: object) -> str:
    status, text = answer.status_code, answer.get_data(as_text=True)  # type: ignore[attr-defined]
    return f"{status} {PASSING.sub('', text)}"


def _table(answer: object) -> str:
    if answer.status_code != 200:  # type: ignore[attr-defined]
        return _page(answer)
    # As it lies in the file: to build every cell of every sheet anew takes longer than to write them.
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:  # type: ignore[attr-defined]
        parts = [book.read(name).decode() for name in sorted(book.namelist()) if name.startswith("xl/")]
    return "\n".join(parts).replace("<row", "\n<row").replace("<si>", "\n<si>")


class Affair:
    """A complaint about somebody, walked on step by step by those who may hear it."""

    def __init__(self, app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, accused: str) -> None:
        self.kiosk, self.store, self.clock, self.accused = kiosk, store, clock, accused
        self.head = client_of(app, store, actor(store, Role.SERVICE_HEAD), clock())
        self.manager = client_of(app, store, actor(store, Role.MANAGER), clock())
        self.no = ""

    def by(self, client: FlaskClient, path: str, **form: str) -> None:
        """Send a form, which must be good."""
        answer = client.post(path, data=form, headers=SAME_ORIGIN)
        assert answer.status_code in {200, 204, 303}, (path, answer.get_data(as_text=True)[-900:])

    def steps(self) -> Iterator[str]:
        """Walk from the kiosk to the manager's close; yield after each step what was done."""
        page = self.kiosk.get("/in-private").get_data(as_text=True)
        assert 'data-line="heard-by-head"' in page
        self.by(self.kiosk, "/check-in", line="heard-by-head", nonce="p1", unit="1-1-101", phone="5678")
        yield "number taken"
        self.by(self.head, "/queue/next", counter="3", line="heard-by-head")
        yield "called"
        form = {"category": "service", "facts": SECRET, "wish": "道歉", "unit": "1-1-101", "phone": "5678"}
        self.by(
            self.head, "/complaints", nonce="sealed", ticket="L001", hears="service_head", accused=self.accused, **form
        )
        self.no = self.store.value("SELECT no FROM cases WHERE sealed > 0")
        assert re.fullmatch(r"ZJ20261123-[1-9]\d\d", self.no)
        yield "received"
        self.by(self.head, "/queue/complete", counter="3", holding="L001")
        for turn in ("first", "second", "third"):
            self.by(self.head, f"/complaints/{self.no}/assign", handler="chenjing")
            self.by(self.head, f"/complaints/{self.no}/investigate", finding="valid", findings=f"{SECRET}，监控属实")
            yield f"{turn}: looked into"
            self.by(self.head, f"/complaints/{self.no}/reply", text=f"已批评教育 {turn}", channel="phone")
            yield f"{turn}: replied to"
            if turn == "first":
                yield from self.follow_through()
            if turn == "third":
                break
            self.by(self.manager, f"/cases/{self.no}/follow-up", method="phone", reached="1", score="1", comment=SECRET)
            assert self.state() == ("reopened", {"first": 1, "second": 2}[turn])
            yield f"{turn}: reopened"
        self.by(self.manager, f"/cases/{self.no}/close-without-consent", reason="已两次处理并道歉，要求辞退无依据")
        assert self.state() == ("closed", 2)
        yield "closed by the manager"

    def follow_through(self) -> Iterator[str]:
        """Put a matter of it under supervision, up to the word to the person, and take the call."""
        form = {"matter": f"{SECRET}：培训", "opinion": "一周内培训", "department": "service", "due_on": "2026-11-30"}
        self.by(self.manager, "/supervisions", nonce="s", case_no=self.no, **form)
        no = self.store.value("SELECT no FROM supervisions ORDER BY id DESC LIMIT 1")
        yield "under supervision"
        self.by(self.head, f"/supervisions/{no}/done", result=f"{SECRET}：已培训")
        self.by(self.head, f"/supervisions/{no}/tell", text="已培训", channel="phone")
        self.by(self.manager, f"/follow-ups/{self.no}/call")
        yield "followed through, and being called"
        self.by(self.manager, f"/follow-ups/{self.no}/release")

    def state(self) -> tuple[str, int]:
        """Return state and round."""
        row = self.store.row("SELECT state, round FROM cases WHERE no = ?", [self.no])
        assert row is not None
        return row["state"], row["round"]


@pytest.fixture
def house(store: Store, clock: Clock) -> Complaints:
    """Ordinary work is about, so that lists and counts are not empty; a head sits at counter 3."""
    made = Complaints(store, clock)
    made.receive()
    repairs.register(
        store, nonce="r", name="", phone="5678", unit="1-1-101", category="water", content="漏水", place="厨房",
        convenient_time="今天 14:00", urgency="ordinary", by=made.desk, now=clock(),
    )  # fmt: skip
    check_in(store, line="general", nonce="g", by=KIOSK, now=clock())
    from reception import counters

    counters.open_counter(store, counter="3", by=actor(store, Role.SERVICE_HEAD), now=clock())
    return made


def reader(app: Flask, store: Store, clock: Clock, login: str) -> FlaskClient:
    row = store.row("SELECT id, role, name, department FROM staff WHERE login = ?", [login])
    assert row is not None
    return client_of(app, store, Actor(Role(row["role"]), row["id"], row["name"], row["department"]), clock())


@pytest.mark.parametrize("accused", ["wanglin", "zhaoqiang"])
def test_the_accused_reads_the_same_at_every_step(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints, accused: str
) -> None:
    mine = reader(desk_app, store, clock, accused)
    # Who is on duty is no secret: the heads sit there before.
    affair = Affair(desk_app, kiosk, store, clock, accused)
    # The first look writes that it was a look.
    read(mine, desk_app)
    before = read(mine, desk_app)
    for step in affair.steps():
        after = read(mine, desk_app)
        assert before.keys() == after.keys()
        changed = {path: after[path] for path in before if before[path] != after[path]}
        assert not changed, (step, {path: _difference(before[path], text) for path, text in changed.items()})
    sought = [mine.post("/search", data={"query": no}, headers=SAME_ORIGIN) for no in (affair.no, "ZJ20261123-009")]
    assert _page(sought[0]).replace(affair.no, "ZJ20261123-009") == _page(sought[1])
    for client in (affair.head, affair.manager):
        assert SECRET in client.get(f"/cases/{affair.no}").get_data(as_text=True)
    # The next complaint's number has no gap before it.
    assert house.receive().no == "TS20261123-002"


def _difference(one: str, other: str) -> list[str]:
    lines, known = other.split("\n"), set(one.split("\n"))
    return [line[:300] for line in lines if line not in known][:5]


ROLES = [Role.RECEPTIONIST, Role.ASSISTANT, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.WORKER, Role.ADMINISTRATOR]


def test_nobody_but_the_heads_reads_of_it_anywhere(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    clients = {role: client_of(desk_app, store, actor(store, role), clock()) for role in ROLES}
    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    for client in clients.values():
        read(client, desk_app)
    before = {role: read(client, desk_app) for role, client in clients.items()}
    assert list(affair.steps())[-1] == "closed by the manager"
    for role, client in clients.items():
        after = read(client, desk_app)
        changed = {path: _difference(before[role][path], after[path]) for path in after}
        assert not {path: lines for path, lines in changed.items() if lines}, role


def test_every_door_of_the_case_is_shut(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    """A case that exists answers the accused what one does that never existed; so do its papers, its ticket."""
    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    steps = affair.steps()
    while next(steps) != "first: looked into":
        pass
    job = store.value("SELECT id FROM print_jobs WHERE kind = 'private_receipt'")
    ticket = store.value(
        "SELECT id FROM print_jobs WHERE ref = (SELECT 'ticket:' || id FROM tickets WHERE no = 'L001')"
    )
    assert job and ticket
    mine = reader(desk_app, store, clock, "wanglin")
    kept = store.value("SELECT count(*) FROM events")
    for rule in desk_app.url_map.iter_rules():
        method = "POST" if "POST" in (rule.methods or set()) else "GET"
        for names, real, none in (
            ({"<no>"}, affair.no, "ZJ20261123-009"),
            ({"<job_id>"}, str(job), "999999"),
            ({"<job_id>"}, str(ticket), "999999"),
        ):
            if not any(name in rule.rule for name in names):
                continue
            answers = []
            for value in (real, none):
                path = rule.rule
                for name in names:
                    path = path.replace(name, value)
                path = re.sub(r"<(?:int\(max=\d+\):)?\w+>", "1", path.replace("<way>", "reply"))
                data = {"text": "x", "reason": "x", "owner": "wanglin", "printer": "front", "nonce": rule.endpoint}
                answer = mine.open(path, method=method, headers=SAME_ORIGIN, data=data if method == "POST" else None)
                answers.append((answer.status_code, PASSING.sub("", answer.get_data(as_text=True)).replace(value, "")))
            assert answers[0] == answers[1], rule.rule
            # The interface of other systems asks for a key before anything else, the worker's phone for its sign-in.
            shut = {401} if rule.rule.startswith("/api/") else {400, 403, 404, 405, 422}
            shut = {303} if rule.rule.startswith("/work/") else shut
            assert answers[0][0] in shut, (rule.rule, answers[0][0])
    for path, form in (
        ("/queue/restore", {"ticket": "L001"}),
        ("/queue/unpark", {"ticket": "L001"}),
        ("/queue/pick", {"ticket": "L001", "counter": "1", "reason": "manager"}),
        ("/cases/TS20261123-001/merge", {"into": affair.no}),
        ("/cases/TS20261123-001/link", {"other": affair.no}),
    ):
        assert mine.post(path, data=form, headers=SAME_ORIGIN).status_code == 404, path
    assert mine.get("/complaints/new?ticket=L001").status_code == 404
    assert store.value("SELECT count(*) FROM events") == kept


def test_the_head_of_service_does_not_hear_what_is_about_him(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    """The visitor chose the manager; the head reads the same before and after, in his own room, too."""
    head = reader(desk_app, store, clock, "chenjing")
    affair = Affair(desk_app, kiosk, store, clock, "chenjing")
    manager = affair.manager
    read(head, desk_app)
    before = read(head, desk_app)
    affair.by(kiosk, "/check-in", line="heard-by-manager", nonce="p1")
    assert head.post("/queue/next", data={"counter": "3", "line": "heard-by-manager"}, headers=SAME_ORIGIN).status_code
    assert store.value("SELECT state FROM tickets WHERE no = 'M001'") == "waiting"
    affair.by(manager, "/queue/next", counter="2", line="heard-by-manager")
    assert store.value("SELECT state FROM tickets WHERE no = 'M001'") == "called"
    form = {"category": "service", "facts": SECRET, "phone": "13812345678", "name": "李明"}
    affair.by(manager, "/complaints", nonce="c", ticket="M001", hears="manager", **form)
    no = store.value("SELECT no FROM cases WHERE sealed = 2")
    assert head.get(f"/cases/{no}").status_code == 404, "not named yet, and he does not know of it all the same"
    affair.by(manager, f"/complaints/{no}/name", accused="chenjing")
    affair.by(manager, f"/complaints/{no}/investigate", finding="valid", findings=SECRET)
    affair.by(manager, f"/complaints/{no}/reply", text="已处理", channel="phone")
    assert head.get(f"/cases/{no}").status_code == 404
    # Let in by mistake: still not whom it is about.
    affair.by(manager, f"/complaints/{no}/share")
    assert head.get(f"/cases/{no}").status_code == 404
    affair.by(manager, "/queue/complete", counter="2", holding="M001")
    # Nobody else may ask how it was: the manager does.
    affair.by(manager, f"/cases/{no}/follow-up", method="phone", reached="1", score="5")
    after = read(head, desk_app)
    # That counter 2 was opened is seen; the accused sees who sits where, and no more.
    differing = {
        path: _difference(before[path], after[path]) for path in after if "/queue" not in path and path not in SEATS
    }
    assert not {path: lines for path, lines in differing.items() if lines}


def test_what_is_overdue_goes_to_a_head_who_may_know(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    affair = Affair(desk_app, kiosk, store, clock, "chenjing")
    affair.by(
        affair.manager, "/complaints", nonce="c", hears="service_head", accused="chenjing",
        category="service", facts=SECRET, phone="13812345678", name="李明",
    )  # fmt: skip
    clock.forward(days=5)
    due.escalate_due(store, by=BOX, now=clock())
    taken = store.rows(
        "SELECT DISTINCT login FROM escalations JOIN staff ON staff.id = to_id JOIN cases ON cases.id = case_id"
        " WHERE sealed > 0"
    )
    assert [row["login"] for row in taken] == ["zhouming"]


def test_the_person_s_low_score_never_makes_the_accused_its_holder(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    affair = Affair(desk_app, kiosk, store, clock, "chenjing")
    form = {"category": "service", "facts": SECRET, "phone": "13812345678", "name": "李明"}
    affair.by(affair.manager, "/complaints", nonce="c", hears="service_head", accused="chenjing", **form)
    row = store.row("SELECT no, token FROM cases WHERE sealed = 1")
    assert row is not None
    affair.by(affair.manager, f"/complaints/{row['no']}/investigate", finding="valid", findings=SECRET)
    affair.by(affair.manager, f"/complaints/{row['no']}/reply", text="已处理", channel="phone")
    affair.by(kiosk, f"/T/{row['token']}/rate", score="1")
    owner = store.value("SELECT login FROM cases JOIN staff ON staff.id = owner_id WHERE sealed = 1")
    assert owner == "zhouming" and affair.manager.get(f"/cases/{row['no']}").status_code == 200


def test_a_complaint_taken_by_the_desk_for_a_head_is_gone_from_the_desk(
    desk_app: Flask, desk: FlaskClient, store: Store, clock: Clock
) -> None:
    form = {"category": "service", "facts": "请负责人回电", "phone": "5678", "unit": "1-1-101", "hears": "manager"}
    answer = desk.post("/complaints", data=form | {"nonce": "n"}, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    row = store.row("SELECT no, sealed, owner_id FROM cases")
    assert row is not None and row["sealed"] == 2
    assert desk.get(f"/cases/{row['no']}").status_code == 404
    # Whom it is about is named by who hears it, not by the desk.
    refused = desk.post("/complaints", data=form | {"nonce": "m", "accused": "zhaogang"}, headers=SAME_ORIGIN)
    assert refused.status_code == 403 and store.value("SELECT count(*) FROM cases") == 1


def test_an_ordinary_complaint_is_sealed_once_it_turns_out_to_be_about_one_of_us(
    desk_app: Flask, store: Store, clock: Clock
) -> None:
    made = Complaints(store, clock)
    case = made.receive()
    complaint_steps.assign(store, no=case.no, handler="zhaoqiang", **made.also)
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())
    answer = head.post(
        f"/complaints/{case.no}/seal", data={"hears": "service_head", "accused": "zhaoqiang"}, headers=SAME_ORIGIN
    )
    assert answer.status_code == 303
    row = store.row("SELECT sealed, owner_id, handler_id FROM cases JOIN complaints ON case_id = id")
    assert row is not None
    assert (row["sealed"], row["owner_id"], row["handler_id"]) == (1, actor(store, Role.SERVICE_HEAD).id, None)
    for login in ("wanglin", "zhaoqiang"):
        assert reader(desk_app, store, clock, login).get(f"/cases/{case.no}").status_code == 404
    # Nobody whom it is sealed from is given it.
    for path, form in (
        (f"/complaints/{case.no}/assign", {"handler": "zhaoqiang"}),
        (f"/cases/{case.no}/assign", {"owner": "wanglin"}),
    ):
        assert head.post(path, data=form, headers=SAME_ORIGIN).status_code == 422, path
    # Not by himself, and not twice.
    assert (
        head.post(f"/complaints/{case.no}/name", data={"accused": "chenjing"}, headers=SAME_ORIGIN).status_code == 422
    )
    assert (
        head.post(f"/complaints/{case.no}/seal", data={"hears": "service_head"}, headers=SAME_ORIGIN).status_code == 409
    )


def test_what_is_sealed_is_not_merged_with_what_is_not(desk_app: Flask, store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    first, second, third = made.receive(), made.receive(), made.receive()
    head = client_of(desk_app, store, actor(store, Role.SERVICE_HEAD), clock())

    def send(path: str, form: dict[str, str]) -> int:
        return head.post(path, data=form, headers=SAME_ORIGIN).status_code

    assert send(f"/complaints/{first.no}/seal", {"hears": "service_head"}) == 303
    for one, other in ((first, second), (second, first)):
        assert send(f"/cases/{one.no}/merge", {"into": other.no}) == 409
    assert send(f"/cases/{second.no}/merge", {"into": third.no}) == 303
    # What was merged before is sealed with it.
    assert send(f"/complaints/{third.no}/seal", {"hears": "service_head"}) == 303
    assert store.value("SELECT count(*) FROM cases WHERE sealed = 1") == 3


def test_a_repair_is_never_sealed(store: Store, house: Complaints) -> None:
    import sqlite3

    with pytest.raises(sqlite3.IntegrityError, match="never sealed"):
        store.execute("UPDATE cases SET sealed = 1 WHERE kind = 'repair'")


def test_papers_that_wait_are_counted_for_those_who_may_know(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    from reception import sealed_papers

    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    before = spool.unsettled(store)
    steps = affair.steps()
    while next(steps) != "received":
        pass
    front = printers.printers(store)[0].name
    counted = {
        role: sealed_papers.unsettled(store, front, by=actor(store, role))
        for role in (Role.RECEPTIONIST, Role.MANAGER, Role.SERVICE_HEAD)
    }
    # The ticket is held since he was called; the receipt waits.
    assert counted == {Role.RECEPTIONIST: before, Role.MANAGER: before + 1, Role.SERVICE_HEAD: before + 1}
    assert times.to_text(clock())


def test_only_heads_hear(store: Store, clock: Clock) -> None:
    from reception import about_staff

    for role in ROLES:
        with pytest.raises(Refused, match="not_permitted"):
            about_staff.seal(store, no="TS20261123-001", by=actor(store, role), now=clock())
    assert seals.open_to(actor(store, Role.WORKER)).startswith("(cases.sealed = 0 OR")


def test_at_a_counter_where_a_head_receives_nobody_else_reads_or_presses(
    desk_app: Flask, desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    steps = affair.steps()
    while next(steps) != "called":
        pass
    for path in ("next", "recall", "start", "missed", "complete", "park", "transfer", "send"):
        form = {"counter": "3", "holding": "L001", "reason": "phone", "line": "general", "target": "1"}
        answer = desk.post(f"/queue/{path}", data=form, headers=SAME_ORIGIN | {"HX-Request": "true"})
        assert answer.status_code == 409 and "L001" not in answer.get_data(as_text=True), path
    desk.post("/queue/seat", data={"counter": "3"}, headers=SAME_ORIGIN)
    page = desk.get("/queue/counter").get_data(as_text=True)
    assert "L001" not in page and "负责人正在此接待" in page
    assert store.value("SELECT state FROM tickets WHERE no = 'L001'") == "called"


def test_no_counter_calls_by_the_way_whom_a_head_shall_hear(
    desk: FlaskClient, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    for line in ("heard-by-head", "heard-by-manager"):
        assert kiosk.post("/check-in", data={"line": line, "nonce": line}, headers=SAME_ORIGIN).status_code == 303
    from reception import queue, standing

    for role in (Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.MANAGER):
        assert queue.call_next(store, counter="1", by=actor(store, role), now=clock()) is None
    # Nobody waits for the counters, and so the tiles tell the next visitor.
    assert standing.newcomer(store, "complaint", now=clock()).ahead == 0


def test_the_log_of_the_day_counts_none_of_them(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock, house: Complaints
) -> None:
    from reception import closing

    day = closing.today(store, now=clock())
    before = closing.figures(store, day)
    assert list(Affair(desk_app, kiosk, store, clock, "wanglin").steps())
    assert closing.figures(store, day) == before


def test_whoever_held_it_holds_it_no_more_once_it_is_about_him(desk_app: Flask, store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    case = made.receive()
    head, manager = (client_of(desk_app, store, actor(store, r), clock()) for r in (Role.SERVICE_HEAD, Role.MANAGER))
    supervisions.open_(
        store, nonce="s", matter="整改", opinion="限期整改", department="maintenance", due_on="2026-11-30",
        charge="zhaoqiang", case_no=case.no, by=actor(store, Role.SERVICE_HEAD), now=clock(),
    )  # fmt: skip
    head.post(f"/complaints/{case.no}/seal", data={"hears": "service_head"}, headers=SAME_ORIGIN)
    charge = "SELECT login FROM supervisions JOIN staff ON staff.id = charge_id"
    assert store.value(charge) == "chenjing", "whoever sees it no more is not in charge of it either"
    head.post(f"/complaints/{case.no}/assign", data={"handler": "chenjing"}, headers=SAME_ORIGIN)
    assert (
        manager.post(f"/complaints/{case.no}/name", data={"accused": "chenjing"}, headers=SAME_ORIGIN).status_code
        == 303
    )
    row = store.row("SELECT owner_id, handler_id FROM cases JOIN complaints ON case_id = id")
    assert row is not None and (row["owner_id"], row["handler_id"]) == (actor(store, Role.MANAGER).id, None)
    assert store.value(charge) == "zhouming"


def test_whoever_finds_the_receipt_learns_nothing_from_it(
    desk_app: Flask, kiosk: FlaskClient, store: Store, clock: Clock
) -> None:
    affair = Affair(desk_app, kiosk, store, clock, "wanglin")
    assert list(affair.steps())
    facts = store.value("SELECT facts FROM print_jobs WHERE kind = 'private_receipt'")
    token = store.value("SELECT token FROM cases WHERE sealed > 0")
    phone = kiosk.get(f"/T/{token}").get_data(as_text=True)
    kiosk.get("/")
    screen = kiosk.get(f"/T/{token}").get_data(as_text=True)
    assert affair.no in screen and affair.no in phone and phone != screen
    for text in (facts, phone, screen):
        assert "投诉" not in text and "关于工作人员" not in text and SECRET not in text and "王琳" not in text
