"""Documents that were seen: that, by whom, whether it matched; never a number. And who acts for an owner."""

import sqlite3

import pytest

from db.store import Store
from reception import case_care, cases, identity, queue
from reception.cases import Case
from reception.permissions import KIOSK, Role
from reception.refusal import Refused
from reception.rules import id_numbers
from reception.visits import check_in
from tests.conftest import Clock, actor
from tests.reception.test_complaints import Complaints

# The example of the standard itself (GB 11643), no person's.
NUMBER = "11010519491231002X"


@pytest.fixture
def made(store: Store, clock: Clock) -> Complaints:
    return Complaints(store, clock)


def check(store: Store, made: Complaints, case: Case, **said: str) -> Case:
    form = {"nonce": f"i{made.clock()}", "whose": "visitor", "document": "id_card", "matched": "1", **said}
    return identity.check(store, no=case.no, **form, **made.also)  # type: ignore[arg-type]


def test_that_a_document_was_seen_is_kept_and_nothing_of_it(store: Store, made: Complaints) -> None:
    case = made.receive()
    check(store, made, case, note="照片较旧")
    check(store, made, case, document="work_card", matched="0")
    seen = identity.of_case(store, case)
    assert [(one.document, one.matched, one.note, one.by_name) for one in seen] == [
        ("id_card", True, "照片较旧", "王琳"),
        ("work_card", False, "", "王琳"),
    ]


def test_a_second_press_records_nothing(store: Store, made: Complaints) -> None:
    case = made.receive()
    for _ in range(2):
        check(store, made, case, nonce="same")
    assert len(identity.of_case(store, case)) == 1
    with pytest.raises(Refused, match="nonce_reused"):
        check(store, made, case, nonce="same", document="passport")
    with pytest.raises(Refused, match="nonce_missing"):
        check(store, made, case, nonce="")


def test_no_column_takes_a_number(store: Store, made: Complaints) -> None:
    """Every text column of both tables is tried with the number of an identity card, in ASCII and in full width."""
    case = made.receive()
    check(store, made, case)
    identity.name_agent(store, no=case.no, name="李代办", **made.also)
    wide = NUMBER.translate({code - 0xFEE0: code for code in range(0xFF10, 0xFF1A)})
    for table in ("identity_checks", "case_agents"):
        kept = dict(store.rows(f"SELECT * FROM {table}")[0])  # noqa: S608
        columns = [row["name"] for row in store.rows(f"PRAGMA table_info({table})") if row["type"] == "TEXT"]
        assert columns
        # In the place of the row that was good: nothing but the number can be what is refused.
        store.execute("DROP TRIGGER IF EXISTS identity_checks_no_update")
        for column in columns:
            assert store.changed(f"UPDATE {table} SET {column} = ?", [kept[column]])  # noqa: S608
            for number in (NUMBER, wide):
                with pytest.raises(sqlite3.IntegrityError):
                    store.execute(f"UPDATE {table} SET {column} = ?", [number])  # noqa: S608


@pytest.mark.parametrize("note", [NUMBER, "尾号1234", "１２", "第③张", "٣"])
def test_figures_in_a_note_are_refused(store: Store, made: Complaints, note: str) -> None:
    case = made.receive()
    before = list(store.connection.iterdump())
    with pytest.raises(Refused, match=r"digits_in_note|id_number"):
        check(store, made, case, note=note)
    assert list(store.connection.iterdump()) == before


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        f"证件 {NUMBER.lower()}。",
        "110105 19491231 002X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105-1949-1231-002x",
    ],
)
def test_no_text_of_a_case_keeps_the_number_of_an_identity_card(store: Store, made: Complaints, text: str) -> None:
    case = made.receive()
    with pytest.raises(Refused, match="id_number"):
        case_care.add_note(store, no=case.no, text=text, **made.also)
    with pytest.raises(Refused, match="id_number"):
        made.receive(facts=text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800005678",
        "110105194912310021",
        "110105194913310028",
        "BX20261123-001",
        "6222020200112233445",
        "约 110105 号",
    ],
)
def test_other_figures_are_none(text: str) -> None:
    assert not id_numbers.holds_one(text)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"whose": "x"}, "whose_unknown"),
        ({"document": "library_card"}, "document_unknown"),
        ({"matched": ""}, "flag_invalid"),
        ({"note": "长" * 41}, "text_too_long"),
    ],
)
def test_what_is_not_recorded(store: Store, made: Complaints, said: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        check(store, made, made.receive(), **said)


def test_of_the_visitor_in_front_by_whoever_serves_him(store: Store, clock: Clock, made: Complaints) -> None:
    ticket = check_in(store, line="general", nonce="n", by=KIOSK, now=clock())
    form = {"nonce": "v", "ticket": ticket.no, "document": "id_card", "matched": "1"}
    with pytest.raises(Refused, match="not_serving"):
        identity.check_visitor(store, **form, **made.also)  # type: ignore[arg-type]
    queue.call_next(store, counter="1", line=None, holding=None, **made.also)
    visit = identity.check_visitor(store, **form, **made.also)  # type: ignore[arg-type]
    assert [one.document for one in identity.of_visit(store, visit)] == ["id_card"]


def test_an_agent_speaks_for_the_owner_once_both_documents_were_seen(store: Store, made: Complaints) -> None:
    case = made.receive()
    assert identity.agent(store, case) is None
    check(store, made, case, whose="agent", document="power_of_attorney")
    identity.name_agent(store, no=case.no, name="李代办", phone="139 0000 1111", **made.also)

    def stands() -> tuple[bool, bool, bool]:
        found = identity.agent(store, case)
        assert found is not None
        return found.power_seen, found.owner_seen, found.authorised

    assert stands() == (False, False, False), "what was seen before he was named is not his"
    check(store, made, case, whose="agent", document="power_of_attorney")
    check(store, made, case, whose="agent", document="id_card")
    check(store, made, case, whose="owner", document="id_card", matched="0")
    check(store, made, case, whose="owner", document="property_papers")
    assert stands() == (True, False, False)
    check(store, made, case, whose="owner", document="id_card")
    assert stands() == (True, True, True)
    identity.name_agent(store, no=case.no, name="李代办", phone="13900002222", **made.also)
    assert stands() == (True, True, True), "another telephone is no other person"
    identity.name_agent(store, no=case.no, name="王代办", **made.also)
    assert stands() == (False, True, False)


def test_an_agent_is_masked_to_who_does_not_hold_the_case(store: Store, made: Complaints) -> None:
    case = made.receive()
    identity.name_agent(store, no=case.no, name="李代办", phone="13900001111", **made.also)
    other = identity.agent(store, cases.find(store, case.no, by=actor(store, Role.MANAGER)))
    assert other is not None and (other.name, other.phone) == ("李**", "139****1111")


@pytest.mark.parametrize(
    ("name", "phone", "code"), [("", "", "name_missing"), ("李4", "", "digits_in_note"), ("李", "x", "phone_invalid")]
)
def test_what_is_no_agent(store: Store, made: Complaints, name: str, phone: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        identity.name_agent(store, no=made.receive().no, name=name, phone=phone, **made.also)
