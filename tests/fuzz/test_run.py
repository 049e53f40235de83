"""A small share of the fuzz run, what longer runs found once, and that each of its questions sees what it asks for."""

from collections import Counter
from collections.abc import Iterator

import pytest

from db.store import Store
from reception import practice, reprints
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from tests.conftest import actor
from tests.fuzz import machine, oracles
from tests.fuzz.machine import Machine
from tests.fuzz.pages import MARK, Page
from tests.fuzz.people import Part, Person, seen
from tests.fuzz.sending import Sent

SHARE = 3300
# What was found once: (caller, method, address, form), to the desk.
FOUND = [
    # The number of whose deadlines are asked for is none of the texts that a filter is recorded as.
    ("zhouming", "POST", "/due/export", [("show", "all"), ("department", ""), ("person", "1")]),
    # A line end in an address stood in the head of the answer that leads to the PIN.
    ("nobody", "GET", "/work/o/a%0Ab", []),
]
HEADERS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def at_work() -> Iterator[Machine]:
    """Both apps on a centre of their own."""
    with machine.machine(1) as made:
        yield made


def test_a_share_of_the_run(at_work: Machine) -> None:
    for _ in range(SHARE):
        at_work.step()
    at_work.check_store()
    assert [f"{one.what}: {one.sent.line()} {one.near}" for one in at_work.failures] == []
    assert at_work.figures.requests == SHARE
    assert min(at_work.figures.by_route.values()) >= 3 and at_work.figures.acts > SHARE / 20


@pytest.mark.parametrize(("caller", "method", "url", "form"), FOUND, ids=[found[2] for found in FOUND])
def test_what_was_found_once(at_work: Machine, caller: str, method: str, url: str, form: list[tuple[str, str]]) -> None:
    at_work.begin(0)
    at_work.failures.clear()
    one = next(one for one in at_work.callers if one.name == caller)
    at_work.send(one, "", Sent("desk", caller, method, url, form, HEADERS))
    assert at_work.failures == []


def test_a_run_can_be_done_again() -> None:
    def drawn() -> list[str]:
        with machine.machine(5) as made:
            return [made.step().line() for _ in range(150)]

    lines = drawn()
    assert drawn() == lines
    told, found = machine.again(5, 150)
    assert told.splitlines()[0] == lines[-1] and not found


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        (f"<p>{MARK}</p>", ""),
        ("<p>&lt;fzmark></p><br><select><option>a<option>b</select>", ""),
        (f"<p><{MARK}></{MARK}></p>", "what was sent became part of the page"),
        (f'<input value="" {MARK}="1">', "what was sent became part of the page"),
        ("<p><b></p>", "</p> closes nothing"),
        ("<p>", "<p> is never closed"),
        ('<p id="a"></p><p id="a"></p>', "the id 'a' stands twice"),
        ("<form><form></form></form>", "a form in a form"),
        ('<p onclick="x()"></p>', "<p> bears a script of its own"),
        ("<script>x()</script>", "<script> bears a script of its own"),
        ('<p style="x"></p>', "<p> bears a style of its own"),
    ],
)
def test_a_page_is_read_as_a_browser_would(text: str, trouble: str) -> None:
    assert (Page(text, "/").troubles or [""])[0] == trouble


def trace_of(*statements: str) -> oracles.Trace:
    """Return the trace of a request that ran these."""
    trace = oracles.Trace()
    for statement in statements:
        trace.note(statement)
    return trace


def test_what_a_request_wrote_is_seen() -> None:
    act = ("BEGIN IMMEDIATE", "UPDATE cases SET x = 1", "COMMIT")
    assert oracles.written("a", "POST", 303, trace_of(*act), True) == ""
    assert oracles.written("a", "POST", 422, trace_of(*act), True) == "a 422 wrote ['cases']"
    assert oracles.written("a", "GET", 200, trace_of(*act), True) == "a GET wrote ['cases']"
    assert oracles.written("a", "POST", 303, trace_of(*act, *act), True) == "one request was 2 acts: ['cases']"
    assert oracles.written("a", "POST", 422, trace_of(*act[:2], "ROLLBACK"), False) == ""
    assert "no transaction" in oracles.written("a", "POST", 303, trace_of(), True)
    # Written past `writing`: each statement is an act.
    assert "2 acts" in oracles.written("a", "POST", 303, trace_of(act[1], act[1]), True)
    # What was refused is counted, and an idle session locked, beside what the request does.
    counted = ("BEGIN IMMEDIATE", "INSERT INTO refusals VALUES (1)", "COMMIT")
    assert oracles.written("a", "POST", 403, trace_of(*counted), True) == ""
    assert oracles.written("a", "POST", 303, trace_of(*counted), True) == "a 303 was counted as a refusal"
    locked = ("BEGIN IMMEDIATE", "UPDATE sessions SET locked_at = 1", "INSERT INTO events VALUES (1)", "COMMIT")
    assert oracles.written("a", "GET", 423, trace_of(*locked), True) == ""
    # A counted failure may keep what it counts, and nothing else.
    tries = ("BEGIN IMMEDIATE", "INSERT INTO phone_tail_tries VALUES (1)", "COMMIT")
    assert oracles.written("booking.change", "POST", 422, trace_of(*tries), True) == ""
    assert oracles.written("booking.change", "POST", 422, trace_of(*act), True) != ""


def test_people_are_known_wherever_they_stand() -> None:
    one, other = Person(3), Person(4)
    assert seen(f"a{one.name}b {other.phone} {one.words}") == {
        (one, Part.NAME), (other, Part.PHONE), (one, Part.WORDS),
    }  # fmt: skip
    from reception.rules.masking import mask_name, mask_phone

    assert seen(mask_name(one.name) + mask_phone(one.phone)) == set()


def test_foreign_data_are_seen(at_work: Machine) -> None:
    at_work.begin(0)
    store, one = at_work.store, Person(2)
    assert "person 2" in oracles.foreign(store, KIOSK, one.phone, "", set())
    assert oracles.foreign(store, KIOSK, one.phone, one.phone, set()) == "", "he typed it himself"
    assert oracles.foreign(store, KIOSK, one.phone, "", {one}) == ""
    sealed = sealed_words(store)
    assert "sealed" in oracles.foreign(store, actor(store, Role.RECEPTIONIST), sealed, "", set())
    assert oracles.foreign(store, actor(store, Role.MANAGER), sealed, "", set()) == ""
    # The same words, said of a repair too, are no longer a secret; said of the sealed case itself, they are one still.
    case_id = store.value("SELECT case_id FROM complaints WHERE facts = ?", [sealed])
    store.execute("UPDATE complaints SET wish = ? WHERE case_id = ?", [sealed, case_id])
    assert "sealed" in oracles.foreign(store, actor(store, Role.RECEPTIONIST), sealed, "", set())
    store.execute("UPDATE repairs SET convenient_time = ?", [sealed])
    assert oracles.foreign(store, actor(store, Role.RECEPTIONIST), sealed, "", set()) == ""
    at_work.begin(0)


def test_whoever_is_a_stranger_is_masked_at_the_desk(at_work: Machine) -> None:
    at_work.begin(0)
    store, desk = at_work.store, actor(at_work.store, Role.RECEPTIONIST)
    other = next(one.who for one in at_work.callers if one.name == "liuyang" and one.who)
    sql = "SELECT name || ' ' || phone FROM cases WHERE owner_id = ? AND kind = 'repair' ORDER BY id DESC"
    held = str(store.value(sql, [desk.id]))
    assert oracles.foreign(store, desk, held, "", set()) == "", "he holds the matter"
    assert "is shown whole to" in oracles.foreign(store, other, held, "", set())
    assert oracles.foreign(store, other, held, held, set()) == "", "he typed it himself"
    assert oracles.foreign(store, other, held, "", set(), revealed=True) == "", "he said why"
    assert "whole" in oracles.foreign(store, other, held, "", set(), endpoint="cases.page")
    assert oracles.foreign(store, other, held, "", set(), endpoint="visit_session.agenda") == ""
    served = "SELECT visits.name || ' ' || phone AS who, served_by FROM tickets JOIN visits ON visits.id = visit_id"
    row = store.row(f"{served} WHERE tickets.state = 'serving'")
    assert row is not None
    serving = {one.who.id: one.who for one in at_work.callers if one.who}[row["served_by"]]
    assert oracles.foreign(store, serving, row["who"], "", set()) == ""
    assert "whole" in oracles.foreign(store, other, row["who"], "", set())
    home = Person(9).unit
    assert oracles.foreign(store, other, home, "", set()) == "", "homes are known at the desk"
    assert "the home of person 9" in oracles.foreign(store, KIOSK, home, "", set())


def test_whoever_was_shut_out_is_let_in_again(at_work: Machine) -> None:
    at_work.begin(0)
    for name, url in (("liuyang", "/lock"), ("liuyang", "/logout"), ("phone of zhaogang", "/work/lock")):
        one = next(one for one in at_work.callers if one.name == name)
        home = "/work" if one.is_phone else "/today"
        at_work.send(one, "", Sent("desk", name, "POST", url, [], HEADERS))
        for _ in range(2):
            at_work.send(one, "", Sent("desk", name, "GET", home, [], HEADERS))
        assert at_work.last.startswith("200"), url


def sealed_words(store: Store) -> str:
    """Return what was said in the complaint that only the manager hears."""
    return str(store.value("SELECT facts FROM complaints JOIN cases ON cases.id = case_id WHERE sealed = 2"))


def test_a_broken_promise_of_the_store_is_seen(at_work: Machine) -> None:
    at_work.begin(0)
    assert oracles.never(at_work.store) == ""
    for statement in ("PRAGMA foreign_keys = OFF", "UPDATE residents SET unit_id = 99999", "PRAGMA foreign_keys = ON"):
        at_work.store.execute(statement)
    assert oracles.never(at_work.store) == "a row points at nothing"
    at_work.begin(0)


def test_a_defect_is_seen() -> None:
    assert oracles.answered(500, "", None) == "a 500"
    assert oracles.answered(200, "x $argon2id$v=19", None) != ""
    assert oracles.answered(200, "fine", Page("<p>", "/")) == "<p> is never closed"


def test_whatever_paper_names_somebody_is_a_look_when_it_is_printed_again(at_work: Machine) -> None:
    at_work.begin(0)
    store, by = at_work.store, actor(at_work.store, Role.ASSISTANT)
    practice.come_out(store, now=at_work.clock())
    named = Counter[str]()
    for job in store.rows("SELECT id FROM print_jobs ORDER BY id"):
        looks = store.value("SELECT count(*) FROM reveals")
        try:
            new = reprints.reprint(store, job_id=str(job["id"]), nonce=f"p{job['id']}", by=by, now=at_work.clock())
        except Refused:
            continue
        paper = store.row("SELECT kind, part, facts FROM print_jobs WHERE id = ?", [new])
        assert paper is not None
        whole = oracles.foreign(store, by, paper["facts"], "", set())
        assert store.value("SELECT count(*) FROM reveals") == looks + bool(whole), (paper["kind"], paper["part"], whole)
        named[paper["kind"]] += bool(whole)
        practice.come_out(store, now=at_work.clock.forward(seconds=1))
    assert len(named) > 3 and named["work_order"] > 1
    at_work.begin(0)
