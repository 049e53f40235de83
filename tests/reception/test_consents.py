"""No name and no telephone without a ground: every act that writes one says in the same act how it came here."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from db.migrations import migrate
from db.store import Store, open_store, writing
from reception import (
    SCHEMA,
    cases,
    consents,
    erasure,
    events,
    follow_up_desk,
    handovers,
    identity,
    imports,
    known_faults,
    phone_calls,
    privacy_notices,
    repairs,
    residents,
    retention,
    visits,
    withdrawals,
)
from reception.permissions import BOX, KIOSK, TOKEN_HOLDER, Actor, Role
from reception.refusal import Refused
from tests.conftest import MORNING, Clock, actor
from tests.grounds import WRITTEN
from tests.reception.life import Life
from tests.reception.test_complaints import Complaints
from tests.reception.test_imports import table
from tests.reception.visitors import Visitors

# Whose form showed him the first version.
AT_KIOSK = Actor(Role.KIOSK, notice="v1")
WHO = {"name": "欧阳静姝", "phone": "13987650123"}


def _take(store: Store, clock: Clock) -> None:
    by, sheet = actor(store, Role.MANAGER), table(["房号", "姓名", "电话", "关系"], ["1-1-101", *WHO.values(), "家属"])
    imports.apply(store, kind="residents", data=sheet, nonce="n", by=by, now=clock())


def _complete(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    case = life.register()
    said = {"category": "door", "content": "门锁坏了", "place": "", "convenient_time": "", "unit": ""}
    repairs.amend(store, no=case.no, **WHO, **said, by=life.desk, now=clock())


def _correct_phone(store: Store, clock: Clock) -> None:
    life = Life(store, clock)
    no = life.signed().case_no
    follow_up_desk.take(store, no=no, by=life.desk, now=life.now)
    follow_up_desk.correct_phone(store, no=no, phone="13700001111", by=life.desk, now=life.now)


def _agent(store: Store, clock: Clock) -> None:
    made = Complaints(store, clock)
    identity.name_agent(store, no=made.receive().no, name="李代办", phone="13700001111", **made.also)


def _papers(store: Store, clock: Clock) -> None:
    made = Visitors(store, clock)
    case = made.receive(sender="欧阳静姝")
    handovers.deliver(store, no=case.no, taken_by="赵强", signed="1", **made.also)


def _papers_taken_in(store: Store, clock: Clock) -> None:
    Visitors(store, clock).receive(sender="欧阳静姝")


def _call(store: Store, clock: Clock) -> None:
    said = {"outcome": "information", "phone": WHO["phone"]}
    phone_calls.note(store, nonce="call", **said, by=actor(store, Role.RECEPTIONIST), now=clock())  # type: ignore[arg-type]


def _home(store: Store, clock: Clock) -> None:
    by = actor(store, Role.RECEPTIONIST)
    also = {"unit": "1-1-101", "by": by, "now": clock()}
    residents.add(store, nonce="home", **WHO, relation="family", **also)  # type: ignore[arg-type]


def _home_corrected(store: Store, clock: Clock) -> None:
    one = str(store.value("SELECT min(id) FROM residents"))
    by = actor(store, Role.RECEPTIONIST)
    residents.correct(store, unit="1-1-101", resident_id=one, **WHO, relation="", by=by, now=clock())


def _home_left(store: Store, clock: Clock) -> None:
    one = str(store.value("SELECT min(id) FROM residents"))
    residents.move_out(store, unit="1-1-101", resident_id=one, by=actor(store, Role.RECEPTIONIST), now=clock())


def _at_the_desk(store: Store, clock: Clock) -> None:
    by = actor(store, Role.RECEPTIONIST)
    visits.check_in(store, line="general", nonce="n", **WHO, by=by, now=clock())  # type: ignore[arg-type]


def _at_the_kiosk(store: Store, clock: Clock) -> None:
    visits.check_in(store, line="general", nonce="n", **WHO, by=AT_KIOSK, now=clock())  # type: ignore[arg-type]


def _fault(store: Store, clock: Clock) -> None:
    said = {"area": "building", "building": "1", "cause": "water", "what": "主管爆裂", "what_en": "Burst"}
    fault = known_faults.declare(store, nonce="d", **said, by=actor(store, Role.RECEPTIONIST), now=clock())
    also = {"fault_id": str(fault.id), "unit": "1-1-101", "by": AT_KIOSK, "now": clock()}
    known_faults.add_household(store, nonce="a", **also)  # type: ignore[arg-type]
    known_faults.add_household(store, nonce="b", phone="5678", **also)  # type: ignore[arg-type]


ACTS: dict[str, tuple[Callable[[Store, Clock], None], str, set[tuple[str, str, str]]]] = {
    "taken a number at the kiosk": (_at_the_kiosk, "visits", {("visits", "kiosk", "consent")}),
    "taken a number at the desk": (_at_the_desk, "visits", {("visits", "desk", "service")}),
    "a list of residents": (_take, "residents", {("residents", "list", "service")}),
    "a resident added": (_home, "residents", {("residents", "desk", "service")}),
    "a resident corrected": (_home_corrected, "residents", {("residents", "desk", "service")}),
    "a resident moved out": (_home_left, "former_residents", {("former_residents", "desk", "service")}),
    "a case opened and completed": (_complete, "cases", {("cases", "desk", "service"), ("visits", "desk", "service")}),
    "a telephone corrected": (_correct_phone, "cases", {("cases", "desk", "service"), ("cases", "call", "service")}),
    "an agent": (_agent, "case_agents", {("case_agents", "desk", "service")}),
    "papers taken in": (_papers_taken_in, "handovers", {("handovers", "desk", "service")}),
    "papers fetched": (_papers, "handovers", {("handovers", "desk", "service")}),
    "a call": (_call, "phone_calls", {("phone_calls", "call", "service")}),
    "a known fault": (_fault, "fault_households", {("fault_households", "kiosk", "consent")}),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_writes_a_person_says_on_what_ground(store: Store, clock: Clock, act: str) -> None:
    do, subject, grounds = ACTS[act]
    before = store.value("SELECT coalesce(max(id), 0) FROM consents")
    do(store, clock)
    said = {
        tuple(row)
        for row in store.rows("SELECT subject, channel, ground FROM consents WHERE id > ?", [before])
        if row["subject"] == subject
    }
    assert said == {one for one in grounds if one[0] == subject}
    assert consents.missing(store) == []
    assert {row[0] for row in store.rows("SELECT DISTINCT notice FROM consents")} == {1}


def test_every_table_of_people_is_written_by_one_of_these_acts() -> None:
    assert {subject for _, subject, _ in ACTS.values()} == set(WRITTEN)


@pytest.mark.parametrize("act", ACTS)
def test_no_act_writes_somebody_without_its_ground(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    """In any test at all (`tests/grounds.py`): with the ground of this table left out, nothing of the act is kept."""
    do, subject, _ = ACTS[act]
    keep = consents.keep

    def all_but_one(store: Store, table: str, row: int, **more: Any) -> None:
        if table != subject:
            keep(store, table, row, **more)

    monkeypatch.setattr(consents, "keep", all_but_one)
    with pytest.raises(AssertionError, match=f"no ground was said for .*'{subject}'"):
        do(store, clock)


LISTED = ", ".join(["channel", "purpose", "name", "phone", "notice_version", "arrived_at"])


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE visits SET phone = :phone",
        "UPDATE visits SET name = iif(1, :name, name)",
        "INSERT INTO visits(channel, purpose, name, arrived_at)VALUES ('desk', 'x', :name, 'x')",
        f"INSERT INTO visits ({LISTED}) VALUES ('desk', 'x', :name, NULL, NULL, 'x')",  # noqa: S608
        "INSERT OR REPLACE INTO visits (id, channel, purpose, name, arrived_at) VALUES (1, 'desk', 'x', :name, 'x')",
    ],
)
def test_it_is_seen_however_the_statement_is_spelt(store: Store, clock: Clock, sql: str) -> None:
    """A second time too: the ground that was said before is not said of what is written now."""
    _at_the_desk(store, clock)
    store.execute("PRAGMA foreign_keys = OFF")
    with pytest.raises(AssertionError, match="no ground was said for"), writing(store):
        store.execute(sql, {"name": "林晚晴", "phone": "13700002222"})
    assert not store.value("SELECT 1 FROM visits WHERE name = '林晚晴' OR phone = '13700002222'")


def test_the_seeded_centre_has_a_ground_for_everybody(store: Store) -> None:
    assert consents.missing(store) == []
    assert [tuple(row) for row in store.rows("SELECT DISTINCT channel, ground, purposes FROM consents")] == [
        ("list", "service", "residents")
    ]


def test_who_is_erased_leaves_no_ground_behind(store: Store, clock: Clock) -> None:
    _at_the_kiosk(store, clock)
    _call(store, clock)
    _home(store, clock)
    assert _of(store, "visits", "phone_calls") == 2
    with writing(store):
        erasure.wipe(store, erasure.Person(WHO["phone"], WHO["name"], None), at=clock())
    assert (consents.missing(store), _of(store, "visits", "phone_calls")) == ([], 0)
    assert store.value("SELECT count(*) FROM consents WHERE subject = 'residents'") == store.value(
        "SELECT count(*) FROM residents"
    )


def _of(store: Store, *subjects: str) -> int:
    marks = ",".join("?" * len(subjects))
    return int(store.value(f"SELECT count(*) FROM consents WHERE subject IN ({marks})", list(subjects)))  # noqa: S608


def test_what_is_nobody_s_after_its_time_has_no_ground(store: Store, clock: Clock) -> None:
    _at_the_desk(store, clock)
    store.execute("UPDATE visits SET state = 'closed', left_at = arrived_at")
    assert _of(store, "visits") == 1
    for _ in range(20):
        retention.run(store, by=BOX, now=clock.forward(days=2))
    assert (store.value("SELECT name FROM visits"), _of(store, "visits")) == (None, 0)


_COLUMNS = "INSERT INTO consents (subject, subject_id, notice, purposes, channel, ground, at"
_CONSENT = "VALUES ('visits', 1, 1, 'handle', 'kiosk', 'consent', 'x'"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE consents SET ground = 'consent'",
        "UPDATE consents SET notice = 2",
        "UPDATE consents SET withdrawn_at = at, withdrawn_by = 1",
        _COLUMNS + ") VALUES ('visits', 1, 1, 'handle', 'desk', 'consent', 'x')",
        # Somebody of the staff agreed for him; it was taken back before it was given.
        f"{_COLUMNS}, by_id) {_CONSENT}, 1)",
        f"{_COLUMNS}, withdrawn_at, withdrawn_by) {_CONSENT}, 'x', 1)",
        "INSERT OR REPLACE INTO consents SELECT id, subject, subject_id, notice, purposes, 'kiosk', 'consent',"
        " at, NULL, NULL, NULL FROM consents",
        "UPDATE OR REPLACE consents SET id = 1 WHERE id = 2",
        "UPDATE privacy_notices SET text = 'x'",
        "INSERT OR REPLACE INTO privacy_notices SELECT version, 'x', 'x', purposes, published_at, NULL"
        " FROM privacy_notices",
        "DELETE FROM privacy_notices",
    ],
)
def test_a_ground_is_never_changed_and_agreement_never_made_up(store: Store, clock: Clock, sql: str) -> None:
    _at_the_desk(store, clock)
    with pytest.raises(sqlite3.IntegrityError):
        store.execute(sql)


@pytest.mark.parametrize("act", ACTS)
def test_a_ground_goes_with_what_stands_on_it_and_not_before(store: Store, clock: Clock, act: str) -> None:
    do, subject, _ = ACTS[act]
    do(store, clock)
    with pytest.raises(sqlite3.IntegrityError, match="a ground goes with what stands on it"):
        store.execute("DELETE FROM consents WHERE subject = ?", [subject])


def test_what_left_a_list_leaves_no_ground_for_the_next_of_its_number(store: Store, clock: Clock) -> None:
    _fault(store, clock)
    store.execute("DELETE FROM fault_households")
    assert _of(store, "fault_households") == 0


def test_the_holder_of_a_number_agrees_on_his_phone(store: Store, clock: Clock) -> None:
    _at_the_kiosk(store, clock)
    with writing(store):
        consents.keep(store, "visits", 1, by=replace(TOKEN_HOLDER, notice="v1"), at=clock())
    row = store.row("SELECT channel, ground, by_id FROM consents ORDER BY id DESC")
    assert row is not None and tuple(row) == ("phone", "consent", None)


@pytest.mark.parametrize("shown", ["", "v1", "v3", "2026-11"])
def test_nobody_agrees_to_what_he_was_not_shown(store: Store, clock: Clock, shown: str) -> None:
    by = actor(store, Role.MANAGER)
    privacy_notices.publish(store, after="1", text="新的说明", text_en="New", by=by, now=clock())
    also = {"line": "general", "now": clock(), **WHO}
    with pytest.raises(Refused, match="notice_changed"):
        visits.check_in(store, nonce="a", by=replace(KIOSK, notice=shown), **also)  # type: ignore[arg-type]
    assert store.value("SELECT count(*) FROM visits") == 0
    visits.check_in(store, nonce="a", by=replace(KIOSK, notice="v2"), **also)  # type: ignore[arg-type]
    # Where no form of ours asked him, nothing is agreed to.
    visits.check_in(store, nonce="b", by=KIOSK, **also)  # type: ignore[arg-type]
    rows = store.rows("SELECT channel, ground, notice FROM consents WHERE subject = 'visits' ORDER BY id")
    assert [tuple(row) for row in rows] == [("kiosk", "consent", 2), ("kiosk", "service", 2)]


def test_the_next_version_is_in_force_and_the_one_before_stays(store: Store, clock: Clock) -> None:
    by, first = actor(store, Role.MANAGER), privacy_notices.in_force(store)
    also = {"by": by, "now": clock()}
    with pytest.raises(Refused, match="notice_unchanged"):
        privacy_notices.publish(store, after="1", text=first.text, text_en=first.text_en, **also)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="text_missing"):
        privacy_notices.publish(store, after="1", text=" ", text_en="x", **also)  # type: ignore[arg-type]
    new = privacy_notices.publish(store, after="1", text="新的说明", text_en="New", **also)  # type: ignore[arg-type]
    assert (new.label, new.by_name, new.words.zh) == ("v2", by.name, "新的说明")
    with pytest.raises(Refused, match="changed_meanwhile"):
        privacy_notices.publish(store, after="1", text="又", text_en="Again", **also)  # type: ignore[arg-type]
    assert [one.text for one in privacy_notices.all_of(store, by=actor(store, Role.MANAGER))] == [
        "新的说明",
        first.text,
    ]
    _at_the_desk(store, clock)
    assert store.value("SELECT notice_version FROM visits") == "v2"
    assert store.value("SELECT notice FROM consents ORDER BY id DESC") == 2


def test_only_the_manager_publishes(store: Store) -> None:
    for role in (Role.ADMINISTRATOR, Role.RECEPTIONIST, Role.SERVICE_HEAD):
        with pytest.raises(Refused, match="not_permitted"):
            privacy_notices.publish(store, after="1", text="a", text_en="a", by=actor(store, role), now=MORNING)


def test_an_old_store_keeps_the_labels_of_its_time(tmp_path: Path) -> None:
    """Whoever came before there were texts agreed to the sentence of that label: nothing else is claimed of him."""
    old, path = tmp_path / "schema", tmp_path / "old.db"
    old.mkdir()
    for file in SCHEMA.glob("*.sql"):
        if file.name != "0052_consents.sql":
            (old / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    migrate(path, [old])
    store = open_store(path)
    store.execute("PRAGMA foreign_keys = OFF")
    store.execute(
        "INSERT INTO visits (channel, purpose, name, notice_version, arrived_at) VALUES ('kiosk', 'x', '张', ?, ?)",
        ["2026-11", "2026-11-02T02:00:00.000Z"],
    )
    (old / "0052_consents.sql").write_text((SCHEMA / "0052_consents.sql").read_text(encoding="utf-8"), encoding="utf-8")
    store.close()
    migrate(path, [old])
    store = open_store(path)
    assert store.value("SELECT notice_version FROM visits") == "2026-11"
    assert (store.value("SELECT count(*) FROM consents"), privacy_notices.label(store)) == (0, "v1")
    assert consents.missing(store) == [("visits", 1)]
    assert privacy_notices.in_force(store).published_at <= datetime.now(UTC).isoformat()
    store.close()


def _waiting(store: Store, by: Actor) -> list[tuple[str, str]]:
    return [(one.kind, one.no) for one in withdrawals.waiting(store, by=by)]


def _of_the_kiosk(store: Store, clock: Clock) -> cases.Case:
    """Return a case at the desk of a visitor who said at the kiosk who he is."""
    ticket = visits.check_in(store, line="repair", nonce="k", **WHO, by=AT_KIOSK, now=clock())  # type: ignore[arg-type]
    life = Life(store, clock)
    return life.register(**WHO, visit_id=ticket.visit_id)


def test_consent_is_taken_back_at_the_desk_once_and_waits_for_the_manager(store: Store, clock: Clock) -> None:
    case, desk, head = _of_the_kiosk(store, clock), actor(store, Role.RECEPTIONIST), actor(store, Role.MANAGER)
    assert [(one.ground.en, one.withdrawn_at) for one in withdrawals.of_case(store, case)] == [
        ("Consent", None),
        ("Property service contract", None),
    ]
    assert withdrawals.waiting(store, by=head) == []
    withdrawals.withdraw(store, no=case.no, sure="1", by=desk, now=clock.forward(minutes=1))
    assert _waiting(store, head) == [("case", case.no)]
    # What stands on the contract stays as it is.
    assert store.value("SELECT count(*) FROM consents WHERE withdrawn_at IS NOT NULL") == 1
    with pytest.raises(Refused, match="nothing_agreed"):
        withdrawals.withdraw(store, no=case.no, sure="1", by=desk, now=clock())
    assert events.history(store, "case", case.id)[-1]["what"] == "withdraw_consent"
    with writing(store):
        erasure.wipe(store, erasure.Person(WHO["phone"], WHO["name"], None), at=clock())
    assert withdrawals.waiting(store, by=head) == []


def test_a_sealed_case_waits_for_nobody_whom_it_is_sealed_from(store: Store, clock: Clock) -> None:
    case = Complaints(store, clock).receive()
    with writing(store):
        consents.keep(store, "cases", case.id, by=AT_KIOSK, at=clock())
    withdrawals.withdraw(store, no=case.no, sure="1", by=actor(store, Role.RECEPTIONIST), now=clock())
    head = actor(store, Role.ADMINISTRATOR)
    assert len(withdrawals.waiting(store, by=head)) == 1
    store.execute("UPDATE cases SET sealed = 2 WHERE id = ?", [case.id])
    assert withdrawals.waiting(store, by=head) == []
