"""One person's rights: all of him is shown to who may, taken out, erased to the last byte; nobody else loses a word."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from db import erasure_journal, scrub
from db.store import Store, open_store, writing
from reception import (
    acceptance,
    case_care,
    erasure,
    estate,
    events,
    feedback,
    follow_ups,
    log_notes,
    persons,
    photo_files,
    photos,
    practice,
    repair_figures,
    residents,
    retention,
    visits,
)
from reception.permissions import BOX, Actor, Role
from reception.person_rows import Person, find
from reception.refusal import Refused
from tests.conftest import Clock, actor
from tests.reception.life import Life

NAME, PHONE, HOME = "司马秋白", "13912340077", "1-2-102"
WHO = Person(PHONE, NAME, None)
# Of his words, each in a table of its own.
SAID = ("阳台漏得像瀑布", "钥匙在门卫老周处", "更换三通一只", "他说满意极了", "已当面说明缘由", "养了两只猫")


@pytest.fixture
def life(store: Store, clock: Clock) -> Life:
    return Life(store, clock)


@pytest.fixture
def manager(store: Store) -> Actor:
    return actor(store, Role.MANAGER)


def lived(life: Life, clock: Clock) -> str:
    """He came, had something repaired, was photographed, told, asked how it was; others wrote of him. Return its no."""
    store = life.store
    visits.check_in(store, line="general", nonce="v1", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    order = life.on_site(name=NAME, phone=PHONE, unit=HOME, content=SAID[0], convenient_time=SAID[1])
    shot = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(shot, "JPEG")
    photos.add(store, order_no=order.no, stage="before", data=shot.getvalue(), nonce="p", by=life.worker, now=life.now)
    from reception import order_steps

    order_steps.finish(store, order_no=order.no, work_done=SAID[2], by=life.worker, now=life.now)
    acceptance.recheck(store, order_no=order.no, by=life.leader, now=life.now)
    acceptance.sign(store, order_no=order.no, how="paper", by=life.desk, now=life.now)
    no = order.case_no
    feedback.give(store, no=no, about="result", channel="phone", text=SAID[4], by=life.desk, now=life.now)
    case_care.add_note(store, no=no, text=SAID[5], by=life.desk, now=life.now)
    follow_ups.record(
        store, no=no, method="phone", reached="1", score="5", comment=SAID[3], by=life.assistant, now=life.now
    )
    case_care.close(store, no=no, by=life.head, now=life.now)
    told = f"{NAME}（139-1234-0077）来电催问，已转王师傅"
    log_notes.write(store, nonce="l", kind="handover", text=told, by=life.desk, now=life.now)
    with writing(store):
        # His number is through; nobody waits for him.
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
    return no


def erased(store: Store, life: Life, by: Actor, who: Person = WHO) -> dict[str, int]:
    """Look, then erase what was seen."""
    seal = persons.look_up(store, who, reason="request", by=by, now=life.now).seal
    return persons.erase(store, who, seal=seal, reason="request", by=by, now=life.now)


def in_bytes(home: Path) -> list[str]:
    """What of him stands in any file of the home, in UTF-8 or as printers are told it."""
    raw = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    return [said for said in (NAME, PHONE, *SAID) for code in ("utf-8", "gb18030") if said.encode(code) in raw]


def test_nothing_of_him_is_left_in_any_byte_of_the_home(
    store: Store, home: Path, life: Life, clock: Clock, manager: Actor
) -> None:
    lived(life, clock)
    [picture] = [path for path in (home / "photos").rglob("*.jpg") if not path.name.endswith("-s.jpg")]
    assert len(in_bytes(home)) >= len(SAID)
    counts = erased(store, life, manager)
    assert in_bytes(home) == [] and not picture.exists()
    assert {"cases", "visits", "repairs", "photos", "log_notes", "case_notes"} <= counts.keys()
    # By the hash of a form he could be guessed: those of his are gone, others' stay.
    assert [row[0] for row in store.rows("SELECT nonce FROM nonces")] == ["l"]
    # What others wrote stands, but for him; what is counted stands.
    assert store.value("SELECT text FROM log_notes") == "（已删除）（（已删除））来电催问，已转王师傅"
    assert store.value("SELECT count(*) FROM cases WHERE kind = 'repair' AND state = 'closed'") == 1
    assert store.value("SELECT score FROM follow_ups") == 5
    assert store.rows("PRAGMA foreign_key_check") == [] and store.value("PRAGMA integrity_check") == "ok"
    with pytest.raises(Refused, match="nobody_found"):
        erased(store, life, manager)
    # The history says that it was done, and of whom nothing.
    [event] = store.rows("SELECT by_role, detail FROM events WHERE what = 'erase_person'")
    assert (event["by_role"], json.loads(event["detail"])["reason"]) == ("manager", "request")
    assert len(erasure_journal.entries(home)) >= 1


def test_all_that_is_kept_is_shown_and_taken_out(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    no = lived(life, clock)
    dossier = persons.look_up(store, WHO, reason="request", by=manager, now=life.now)
    shown = " ".join(cell.text for part in dossier.parts for row in part.rows for cell in row)
    assert [said for said in (NAME, PHONE, HOME, no, *SAID) if said not in shown] == []
    assert (dossier.mentions, dossier.more, dossier.holds) == (1, False, ())
    told = json.loads(persons.export(store, WHO, reason="request", by=manager, now=life.now))
    assert told["kept"]["photos"][0]["jpeg"].startswith("/9j/")
    assert [said for said in (NAME, PHONE, HOME, no, *SAID) if said not in json.dumps(told, ensure_ascii=False)] == []
    # On what ground each stands here, on the page and in the file.
    grounds = next(part for part in dossier.parts if part.table == "consents")
    whole = store.rows(
        "SELECT subject FROM consents WHERE (subject, subject_id) IN (SELECT 'cases', id FROM cases"
        " WHERE phone = :phone UNION SELECT 'visits', id FROM visits WHERE phone = :phone"
        " UNION SELECT 'residents', id FROM residents WHERE phone = :phone)",
        {"phone": PHONE},
    )
    assert {row["subject"] for row in whole} <= {one["subject"] for one in told["grounds"]} and whole
    assert len(grounds.rows) == len(told["grounds"])
    # A bearer's key is not written into a file that is handed on.
    tokens = [row[0] for row in store.rows("SELECT token FROM cases UNION SELECT token FROM tickets")]
    assert [token for token in tokens if token in json.dumps(told)] == []
    looks = store.rows("SELECT what, detail FROM events WHERE subject = 'person'")
    assert [row["what"] for row in looks] == ["see_person", "export_person"]
    assert NAME not in str([row["detail"] for row in looks]) and PHONE not in str([row["detail"] for row in looks])


def test_figures_and_lists_of_homes_stand_as_before(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)

    def figures() -> object:
        now = life.now
        return repair_figures.rows(repair_figures.report(store, by=manager, now=now)), estate.buildings(store)

    before = figures()
    erased(store, life, manager)
    assert figures() == before


def test_a_booking_that_was_erased_has_a_home_of_nobody(store: Store) -> None:
    with writing(store):
        nowhere = store.insert("INSERT INTO units (building, unit, room) VALUES ('', '', 'x')")
    home = estate.unit_by_id(store, nowhere)
    assert home is not None and home.label == "—" and "" not in estate.buildings(store)


@pytest.mark.parametrize("act", ["look_up", "export"])
def test_a_look_needs_a_reason_and_a_right(store: Store, life: Life, manager: Actor, act: str) -> None:
    with pytest.raises(Refused, match="reason_unknown"):
        persons.asked(PHONE, "", "", "")
    for bare in (persons.candidates, getattr(persons, act)):
        with pytest.raises(Refused, match="reason_unknown"):
            bare(store, WHO, reason="", by=manager, now=life.now)
    with pytest.raises(Refused, match="person_too_vague"):
        persons.asked("", " ", HOME, "request")
    for role in (Role.RECEPTIONIST, Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.WORKER):
        with pytest.raises(Refused, match="not_permitted"):
            getattr(persons, act)(store, WHO, reason="request", by=actor(store, role), now=life.now)


def test_what_is_open_or_must_be_kept_holds_him(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    order = life.dispatched(name=NAME, phone=PHONE, unit=HOME)
    residents.add(store, nonce="r", unit=HOME, name=NAME, phone=PHONE, relation="owner", by=life.desk, now=life.now)
    visits.check_in(store, line="general", nonce="v1", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    holds = persons.look_up(store, WHO, reason="request", by=manager, now=life.now).holds
    assert [hold.about for hold in holds] == [order.case_no, "A001", HOME]
    with pytest.raises(Refused, match="person_held"):
        erased(store, life, manager)
    assert erasure_journal.entries(store.path.parent) == []


def test_more_that_came_in_since_he_was_looked_at_is_not_erased_unseen(
    store: Store, life: Life, clock: Clock, manager: Actor
) -> None:
    lived(life, clock)
    seal = persons.look_up(store, WHO, reason="request", by=manager, now=life.now).seal
    visits.check_in(store, line="general", nonce="v2", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at WHERE ended_at IS NULL")
    with pytest.raises(Refused, match="person_changed"):
        persons.erase(store, WHO, seal=seal, reason="request", by=manager, now=life.now)


def test_of_two_who_share_a_telephone_the_other_stays(store: Store, life: Life, manager: Actor) -> None:
    for number, name in enumerate((NAME, "林晚晴")):
        visits.check_in(store, line="general", nonce=f"v{number}", name=name, phone=PHONE, by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
    meant = persons.candidates(store, Person(PHONE, None, None), reason="request", by=manager, now=life.now)
    assert {one.name for one in meant} == {NAME, "林晚晴"}
    told = store.rows("SELECT what, detail FROM events JOIN reveals ON event_id = events.id")
    assert [tuple(row) for row in told] == [("find_person", '{"reason": "request", "people": 2}')]
    erased(store, life, manager)
    assert [tuple(row) for row in store.rows("SELECT name, phone FROM visits ORDER BY id")] == [
        (None, None),
        ("林晚晴", PHONE),
    ]


def test_a_namesake_keeps_name_home_and_words(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)
    other = life.register(name=NAME, phone="13700001111", unit="2-1-101", content=f"{NAME}家停电")
    case_care.add_note(store, no=other.no, text=f"另一位{NAME}的号码是{PHONE}", by=life.desk, now=life.now)
    erased(store, life, manager)
    row = store.row("SELECT name, phone, content FROM cases JOIN repairs ON case_id = id WHERE no = ?", [other.no])
    assert row is not None and tuple(row) == (NAME, "13700001111", f"{NAME}家停电")
    assert store.value("SELECT text FROM case_notes WHERE case_id = ?", [other.id]) == f"另一位{NAME}的号码是（已删除）"


def test_who_comes_back_keeps_what_he_gives_then(store: Store, life: Life, clock: Clock, manager: Actor) -> None:
    lived(life, clock)
    at = events.moment(store, life.now)
    erased(store, life, manager)
    clock.forward(days=3)
    visits.check_in(store, line="general", nonce="v9", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    with writing(store):
        assert erasure.wipe(store, WHO, at=at) == {}
    assert store.value("SELECT name FROM visits ORDER BY id DESC LIMIT 1") == NAME


def test_an_erasing_that_is_cut_off_leaves_nothing_half_done(
    store: Store, life: Life, clock: Clock, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(life, clock)

    def full(*_: object) -> None:
        raise OSError(28, "no space")

    seal = persons.look_up(store, WHO, reason="request", by=manager, now=life.now).seal
    before = [line for line in store.connection.iterdump() if "pulse" not in line]
    monkeypatch.setattr(erasure_journal, "append", full)
    with pytest.raises(Refused, match="erasure_not_noted"):
        persons.erase(store, WHO, seal=seal, reason="request", by=manager, now=life.now)
    assert [line for line in store.connection.iterdump() if "pulse" not in line] == before
    assert list((store.path.parent / "photos").rglob("*.jpg"))


def test_a_picture_that_will_not_go_undoes_nothing(
    store: Store, home: Path, life: Life, clock: Clock, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(life, clock)

    def stuck(*_: object) -> None:
        raise PermissionError(13, "stuck")

    with monkeypatch.context() as patched:
        patched.setattr(photo_files, "remove", stuck)
        erased(store, life, manager)
    assert len(erasure_journal.entries(home)) >= 1 and any((home / "photos").rglob("*.jpg"))
    assert photos.sweep(store, now=life.now) == 2


def test_an_erasing_ends_every_practice_to_the_last_byte_while_it_is_open(
    store: Store, home: Path, life: Life, manager: Actor
) -> None:
    """Under whatever spelling he was typed in there, and while others read and write the copy."""
    visits.check_in(store, line="general", nonce="v", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
    path = home / "practice" / "0a" / "lobbydesk.db"
    practice.build(store, path, by=life.desk, now=life.now)
    copy, reader = open_store(path), open_store(path)
    for nonce, name in (("v", NAME), ("w", "秋白")):
        visits.check_in(copy, line="general", nonce=nonce, name=name, phone=PHONE, by=life.desk, now=life.now)
    # It would not let go of what it sees.
    reader.execute("BEGIN")
    assert reader.value("SELECT count(*) FROM visits WHERE phone = ?", [PHONE]) == 2
    assert _open_copies(PHONE, "秋白") and traces_in(home, PHONE)
    erased(store, life, manager)
    assert not path.exists() and list((home / "practice").iterdir()) == []
    assert traces_in(home, NAME, PHONE, "秋白") == [] and _open_copies(NAME, PHONE, "秋白") == []
    reader.close()
    copy.close()


def traces_in(home: Path, *texts: str) -> list[str]:
    """Return the files of a home in which one of these texts stands."""
    files = [path for path in home.rglob("*") if path.is_file()]
    return [str(path) for path in files if any(text.encode() in path.read_bytes() for text in texts)]


def _open_copies(*texts: str) -> list[str]:
    """Return the files of a practice that this process has open and in which one of these texts stands."""
    held = [handle for handle in Path("/proc/self/fd").iterdir() if "/practice/" in str(handle.resolve())]
    return [str(one.resolve()) for one in held if any(text.encode() in one.read_bytes() for text in texts)]


def test_the_night_ends_a_practice_that_an_erasing_could_not_end(
    store: Store, home: Path, life: Life, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visits.check_in(store, line="general", nonce="v", name=NAME, phone=PHONE, by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE tickets SET state = 'completed', ended_at = issued_at")
    practice.build(store, home / "practice" / "0a" / "lobbydesk.db", by=life.desk, now=life.now)

    def stuck(*_: object) -> None:
        raise PermissionError(13, "stuck")

    with monkeypatch.context() as patched:
        patched.setattr(scrub, "destroy", stuck)
        erased(store, life, manager)
    assert list((home / "practice").iterdir())
    retention.run(store, by=BOX, now=life.now)
    assert list((home / "practice").iterdir()) == []


def test_a_name_without_a_telephone_is_found_by_its_home_and_a_slip_of_the_pen_is_asked(
    store: Store, life: Life, manager: Actor
) -> None:
    life.register(name=NAME, phone=PHONE, unit=HOME)
    residents.add(store, nonce="r", unit=HOME, name=NAME, phone=PHONE, relation="owner", by=life.desk, now=life.now)
    with writing(store):
        store.execute("UPDATE visits SET name = NULL")
        store.execute("UPDATE cases SET phone = '' WHERE name = ?", [NAME])
    meant = persons.candidates(store, Person(None, NAME, None), reason="request", by=manager, now=life.now)
    assert meant == [Person(PHONE, NAME, None), Person(None, NAME, HOME)]
    meant = persons.candidates(store, Person(PHONE, "司马秋月", None), reason="request", by=manager, now=life.now)
    assert meant == [Person(PHONE, NAME, None)]


def test_he_is_found_by_name_and_home_under_another_telephone(store: Store, life: Life, manager: Actor) -> None:
    life.register(name=NAME, phone=PHONE, unit=HOME)
    life.register(name=f"{NAME[:2]} {NAME[2:]}", phone="13700002222", unit=HOME)
    life.register(name="林晚晴", phone="13700002222", unit=HOME)
    found = find(store, WHO)
    assert len(found.cases) == 2 and found.phones == {PHONE, "13700002222"}


def test_without_a_leave_history_is_as_append_only_as_ever(store: Store, life: Life, clock: Clock) -> None:
    import sqlite3

    lived(life, clock)
    for sql in (
        "UPDATE log_notes SET text = 'x'",
        "UPDATE feedback_notices SET text = 'x'",
        "UPDATE events SET detail = '{}'",
    ):
        with pytest.raises(sqlite3.IntegrityError), writing(store):
            store.execute(sql)
    # And with one, words alone are let go.
    for sql in (
        "UPDATE events SET what = 'x'",
        "UPDATE events SET by_id = 1",
        "UPDATE feedback_notices SET at = '2020'",
        "UPDATE log_notes SET kind = 'note'",
    ):
        with pytest.raises(sqlite3.IntegrityError), writing(store):
            store.execute("INSERT INTO erasure_leave (one) VALUES (1)")
            store.execute(sql)
    assert store.value("SELECT count(*) FROM erasure_leave") == 0
