"""Imports: samples work as they come, every bad line is named, nothing is half done, and nothing comes twice."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from db.store import Store, writing
from reception import SCHEMA, cases, due, duty, erasure, imports, message_texts, owner_view, residents, spreadsheets
from reception.import_kinds import KINDS
from reception.imports import Report
from reception.permissions import BOX, KIOSK, Actor, Role
from reception.person_rows import Person
from reception.refusal import Refused
from reception.rules.deadlines import Stage
from tests.conftest import Clock, actor
from web.sentences import SENTENCES

TABLES = ("units", "residents", "cases", "repairs", "price_items", "imports", "imported_cases", "events", "nonces")


@pytest.fixture
def manager(store: Store) -> Actor:
    """Who may import."""
    return actor(store, Role.MANAGER)


def table(*rows: Iterable[object]) -> bytes:
    """A CSV file of these rows."""
    return "\n".join(",".join(map(str, row)) for row in rows).encode()


def snapshot(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything an import could have changed."""
    return {name: [tuple(row) for row in store.rows(f"SELECT * FROM {name}")] for name in TABLES}  # noqa: S608


def check(store: Store, kind: str, data: bytes, by: Actor, clock: Clock) -> Report:
    """A dry run, which leaves no trace."""
    before = snapshot(store)
    report = imports.dry_run(store, kind=kind, data=data, by=by, now=clock())
    assert snapshot(store) == before
    return report


def bad(report: Report) -> list[tuple[int, str, str]]:
    """Row, column and code of each bad line."""
    return [(one.row, one.column.zh, one.code) for one in report.bad]


def take(store: Store, kind: str, data: bytes, by: Actor, clock: Clock, nonce: str = "n") -> tuple[int, int, int]:
    """Import; return added, changed, same."""
    done = imports.apply(store, kind=kind, data=data, nonce=nonce, by=by, now=clock())
    return done.added, done.changed, done.same


@pytest.mark.parametrize("kind", list(KINDS))
def test_no_head_means_two_columns(kind: str) -> None:
    heads = [head for field in KINDS[kind].fields for head in field.heads]
    assert len(heads) == len(set(heads))


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("form", imports.FORMS)
@pytest.mark.parametrize("english", [False, True])
def test_every_sample_is_imported_as_it_comes(
    store: Store, manager: Actor, clock: Clock, kind: str, form: str, english: bool
) -> None:
    data = imports.sample(kind, form, english=english)
    report = check(store, kind, data, manager, clock)
    assert report.ok and report.lines == 2 and report.unknown == ()
    added, changed, same = take(store, kind, data, manager, clock)
    assert added + changed + same == 2
    # The same file again, under another nonce: nothing changes any more.
    assert take(store, kind, data, manager, clock, nonce="m") == (0, 0, 2)


def test_every_code_has_its_sentence() -> None:
    reception = Path(imports.__file__).parent
    files = [*reception.glob("import*.py"), reception / "spreadsheets.py", reception / "rules" / "people.py"]
    text = "".join(file.read_text(encoding="utf-8") for file in [*files, reception / "rules" / "money.py"])
    codes = set(re.findall(r'(?:Refused|ValueError)\("(\w+)"', text)) | set(
        re.findall(r'BadCell\("\w+", "(\w+)"', text)
    )
    codes |= set(re.findall(r'"(\w+_unknown)"', text)) | {"line_twice", "column_twice", "columns_missing"}
    assert len(codes) > 40
    assert codes - {"quantity_invalid"} <= set(SENTENCES)


def test_homes_are_added_and_dated_and_an_empty_date_changes_nothing(
    store: Store, manager: Actor, clock: Clock
) -> None:
    head = ("楼栋", "单元", "房号", "竣工日期", "交付日期")
    first = table(
        head, ("9栋", "2单元", "301室", "2024/6/30", ""), ("1", "1", "101", "2024年6月30日", "2024-09-15 0:00")
    )
    assert take(store, "units", first, manager, clock) == (1, 1, 0)
    assert take(store, "units", table(head, ("９", "2", "301", "", "2025-01-02")), manager, clock, "b") == (0, 1, 0)
    row = store.row("SELECT completion_on, handover_on, contract_end_on FROM units WHERE building = '9'")
    assert row is not None and tuple(row) == ("2024-06-30", "2025-01-02", None)
    wrong = table(head, ("1", "1", "101", "2024-06-30", "2024-06-29"), ("a-b", "", "1" * 9, "30.6.24", "x"))
    assert bad(check(store, "units", wrong, manager, clock)) == [
        (2, "交付日期", "handover_before_completion"),
        (3, "楼栋", "unit_part_invalid"),
        (3, "单元", "cell_missing"),
        (3, "房号", "unit_part_invalid"),
        (3, "竣工日期", "date_invalid"),
        (3, "交付日期", "date_invalid"),
    ]


def test_residents_are_known_by_home_and_phone_and_never_removed(store: Store, manager: Actor, clock: Clock) -> None:
    before = store.value("SELECT count(*) FROM residents")
    head = ("房号*", "姓名", "手机（必填）", "关系", "车牌")
    data = table(
        head,
        ("1栋1单元101室", "新人", "+86 139-1111-2222", "租客", "x"),
        ("1-1-102", "Ann Lee", "13911112222", "OWNER"),
    )
    report = check(store, "residents", data, manager, clock)
    assert report.ok and report.unknown == ("车牌",) and report.added == 2
    assert take(store, "residents", data, manager, clock) == (2, 0, 0)
    changed = table(head, ("1-1-101", "新人", "13911112222", "业主"))
    assert take(store, "residents", changed, manager, clock, "b") == (0, 1, 0)
    assert store.value("SELECT count(*) FROM residents") == before + 2
    row = store.row("SELECT name, relation FROM residents WHERE phone = '13911112222' AND relation = 'owner' LIMIT 1")
    assert row is not None and row["name"] == "新人"


def test_whoever_moved_out_does_not_come_back_by_an_old_list(store: Store, manager: Actor, clock: Clock) -> None:
    data = table(("房号", "姓名", "手机", "关系"), ("1-1-101", "何晓东", "13911112222", "租客"))
    assert take(store, "residents", data, manager, clock) == (1, 0, 0)
    new = str(store.value("SELECT id FROM residents WHERE unit_id = 1 AND phone = '13911112222'"))
    residents.move_out(store, unit="1-1-101", resident_id=new, by=manager, now=clock())
    assert take(store, "residents", data, manager, clock, "again") == (0, 0, 1)
    assert store.value("SELECT count(*) FROM residents WHERE phone = '13911112222' AND unit_id = 1") == 0


def test_whoever_moved_out_takes_nobody_s_place_who_has_his_phone(store: Store, manager: Actor, clock: Clock) -> None:
    head = ("房号", "姓名", "手机", "关系")
    both = table(head, ("1-1-101", "何晓东", "13911112222", "业主"))
    assert take(store, "residents", both, manager, clock) == (1, 0, 0)
    gone = str(store.value("SELECT id FROM residents WHERE unit_id = 1 AND phone = '13911112222'"))
    store.execute("INSERT INTO residents (unit_id, name, phone, relation) VALUES (1, '林芳', '13911112222', 'family')")
    residents.move_out(store, unit="1-1-101", resident_id=gone, by=manager, now=clock())
    # The old list names him; she who stayed, by the same number, keeps her name.
    assert take(store, "residents", both, manager, clock, "again") == (0, 0, 1)
    here = "SELECT name, relation FROM residents WHERE unit_id = 1 AND phone = '13911112222'"
    assert [tuple(row) for row in store.rows(here)] == [("林芳", "family")]


def test_bad_residents(store: Store, manager: Actor, clock: Clock) -> None:
    store.execute("INSERT INTO residents (unit_id, name, phone, relation) VALUES (1, '甲', '13800000000', 'owner')")
    store.execute("INSERT INTO residents (unit_id, name, phone, relation) VALUES (1, '乙', '13800000000', 'family')")
    label = "-".join(store.row("SELECT building, unit, room FROM units WHERE id = 1") or ())
    data = table(
        ("房号", "姓名", "电话", "身份"),
        ("99-9-999", "张三", "13911112222", "业主"),
        ("1-1-101", "张三", "1391111222x", "邻居"),
        ("1-1-101", "", "#N/A", "业主"),
        ("1-1-101", "张三", "13911112222", "业主"),
        ("1-1-101", "李四", "13911112222", "业主"),
        (label, "丙", "13800000000", "业主"),
        (label, "乙", "13800000000", "家属"),
        ("2010-01-01", "张" * 99, "13911112222", "业主"),
    )
    assert bad(check(store, "residents", data, manager, clock)) == [
        (2, "房号", "unit_unknown"),
        (3, "电话", "phone_invalid"),
        (3, "身份", "relation_unknown"),
        (4, "姓名", "cell_missing"),
        (4, "电话", "cell_error"),
        (6, "电话", "line_twice"),
        (7, "电话", "resident_ambiguous"),
        (8, "电话", "line_twice"),
        (9, "姓名", "text_too_long"),
    ]


CASES = ("编号", "房号", "姓名", "电话", "类别", "内容", "缓急", "报修时间", "位置", "方便上门时间")


def test_opening_repairs_keep_their_time_and_their_number(store: Store, manager: Actor, clock: Clock) -> None:
    papers = store.value("SELECT count(*) FROM print_jobs")
    data = table(
        CASES,
        ("OLD-7", "1-1-101", "张建国", "13800005678", "水暖管道", "漏水", "急修", "2026-11-03 09:20", "厨房", "周六"),
        ("", "", "李四", "13800005679", "公共设施", "路灯不亮", "", "2026/11/5", "2栋门口", ""),
    )
    assert take(store, "cases", data, manager, clock) == (2, 0, 0)
    rows = store.rows("SELECT * FROM cases JOIN repairs ON case_id = cases.id ORDER BY cases.id")
    assert [(row["source"], row["state"], row["received_at"], row["urgency"]) for row in rows] == [
        ("import", "registered", "2026-11-03T01:20:00.000Z", "urgent"),
        ("import", "registered", "2026-11-04T16:00:00.000Z", "ordinary"),
    ]
    assert rows[0]["owner_id"] == manager.id and rows[0]["no"] == "BX20261123-001" and rows[1]["unit_id"] is None
    assert store.value("SELECT text FROM case_notes WHERE case_id = ?", [rows[0]["id"]]) == "原编号 OLD-7"
    # The events are of now, and no receipt came out.
    assert {row[0] for row in store.rows("SELECT at FROM events WHERE what = 'open_repair'")} == {
        "2026-11-23T02:24:00.000Z"
    }
    assert store.value("SELECT count(*) FROM print_jobs") == papers
    assert [case.no for case in cases.open_cases(store, "repair", by=manager)] == ["BX20261123-002", "BX20261123-001"]
    # The list grown by one: only that one is new, though the file is another.
    grown = data + b"\n" + table(("", "1-1-102", "Z", "13800005678", "other", "x", "", "2026-11-06", "", ""))
    assert take(store, "cases", grown, manager, clock, "b") == (1, 0, 2)


def test_whoever_is_erased_leaves_no_mark_of_his_line_and_the_same_file_brings_him_not_back(
    store: Store, manager: Actor, clock: Clock
) -> None:
    person = Person("13800005678", "张建国", None)
    data = table(
        CASES,
        ("", "1-1-101", person.name, person.phone, "水暖管道", "漏水", "急修", "2026-11-03 09:20", "厨房", "周六"),
        ("", "", "李四", "13800005679", "公共设施", "路灯不亮", "", "2026/11/5", "2栋门口", ""),
    )
    take(store, "cases", data, manager, clock)
    with writing(store):
        erasure.wipe(store, person, at=clock())
    assert store.value("SELECT count(*) FROM imported_cases") == 1
    assert take(store, "cases", data, manager, clock, "b") == (0, 0, 2)
    # Another list that still names him is another matter: of him nothing is known here any more.
    assert take(store, "cases", data + b"\n", manager, clock, "c") == (1, 0, 1)


def test_marks_of_who_was_erased_before_go_with_the_upgrade(store: Store, manager: Actor, clock: Clock) -> None:
    take(store, "cases", table(CASES, OLD), manager, clock)
    store.execute("UPDATE cases SET name = ''")
    store.connection.executescript((SCHEMA / "0059_left_behind.sql").read_text(encoding="utf-8"))
    assert store.value("SELECT count(*) FROM imported_cases") == 0


def test_bad_opening_repairs(store: Store, manager: Actor, clock: Clock) -> None:
    good = ("", "1-1-101", "张", "13800005678", "water", "漏水", "", "2026-11-03", "", "")
    data = table(
        CASES,
        good,
        ("", "1-1-101", "另一个人", "13800000000", "water", "漏水", "", "2026-11-03", "", ""),
        ("", "", "张", "13800005678", "water", "漏水", "", "2026-11-03", "", ""),
        ("", "", "张", "13800005678", "public", "漏水", "", "2026-11-03", "", ""),
        ("", "1-1-101", "张", "13800005678", "水", "x", "马上", "2026-11-23 10:25", "", ""),
        ("", "1-1-101", "张", "13800005678", "water", "x", "", "2026-11-23 10:25", "", ""),
        ("1", "1-1-101", "张", "13800005678", "water", "y", "", "2026-11-03", "", ""),
        ("1", "1-1-102", "张", "13800005678", "water", "z", "", "2026-11-03", "", ""),
    )
    assert bad(check(store, "cases", data, manager, clock)) == [
        (3, "原编号", "line_twice"),
        (4, "房号", "unit_missing"),
        (5, "位置", "place_missing"),
        (6, "类别", "category_unknown"),
        (6, "缓急", "urgency_unknown"),
        (7, "报修时间", "received_in_future"),
        (9, "原编号", "line_twice"),
    ]
    # Repairs are held by somebody who sees them: where there is nobody, the box takes none in.
    store.execute("UPDATE staff SET active = 0 WHERE role IN ('department_head', 'service_head', 'manager')")
    before = snapshot(store)
    with pytest.raises(Refused, match="owner_missing"):
        take(store, "cases", table(CASES, good), BOX, clock)
    assert snapshot(store) == before


OLD = ("", "1-1-101", "张建国", "13800005678", "水暖管道", "漏水", "急修", "2026-11-15 09:20", "厨房", "")


def test_an_old_repair_is_overdue_at_once(store: Store, manager: Actor, clock: Clock) -> None:
    today = ("", "1-1-102", "李四", "13800005679", "门窗锁具", "门锁", "", "2026-11-23 09:54", "", "")
    take(store, "cases", table(CASES, OLD, today), manager, clock)
    found = due.due_list(store, by=manager, now=clock())
    assert [(one.code, one.due_at, one.stage) for one in found] == [
        ("on_site_urgent", "2026-11-15T01:50:00.000Z", Stage.OVERDUE),
        ("response", "2026-11-23T05:54:00.000Z", Stage.RUNNING),
    ]
    # That it was set today stands in its history.
    row = store.row("SELECT at, by_id FROM deadlines WHERE clock = 'on_site_urgent'")
    assert row is not None and tuple(row) == ("2026-11-23T02:24:00.000Z", manager.id)


def test_nobody_is_promised_what_has_passed(store: Store, manager: Actor, clock: Clock) -> None:
    take(store, "cases", table(CASES, OLD), manager, clock)
    (case,) = cases.open_cases(store, "repair", by=manager)
    (said,) = message_texts.texts(store, cases.whole(store, case.id), now=clock())
    assert "分钟内" not in said.words.zh and "within" not in said.words.en
    assert "晚于承诺的时间，十分抱歉" in said.words.zh and "are sorry" in said.words.en
    page = owner_view.progress(store, case, now=clock())
    assert "十分抱歉" in page.sentence.zh


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.BOX])
def test_who_holds_what_was_taken_over_may_see_it(store: Store, clock: Clock, role: Role) -> None:
    take(store, "cases", table(CASES, OLD), actor(store, role), clock)
    (holder,) = [row["owner_id"] for row in store.rows("SELECT owner_id FROM cases")]
    head = actor(store, Role.DEPARTMENT_HEAD)
    assert holder == duty.head_of(store, "maintenance") and head.department == "maintenance" and holder == head.id
    assert [case.whole for case in cases.open_cases(store, "repair", by=head)] == [True]


PRICES = (
    "编号",
    "类别",
    "项目",
    "单位",
    "计价方式",
    "单价（元）",
    "最高价（元）",
    "材料",
    "材料价（元）",
    "备注",
    "启用",
)


def test_prices_are_typed_in_yuan_and_kept_in_fen(store: Store, manager: Actor, clock: Clock) -> None:
    with writing(store):
        store.execute("DELETE FROM price_items")
    data = table(
        PRICES,
        ("A1", "water", "换龙头", "个", "一口价", "￥30", "", "物业提供", "12.5", "", ""),
        ("A2", "电路照明", "线路检修", "次", "区间价", "50.00", "80", "业主自购", "", "", "否"),
        ("A3", "water", "疏通", "次", "面议", "", "", "included", "", "x", "是"),
    )
    assert take(store, "prices", data, manager, clock) == (3, 0, 0)
    rows = [
        tuple(row)
        for row in store.rows("SELECT code, low_fen, high_fen, material_fen, active, position FROM price_items")
    ]
    assert rows == [("A1", 3000, None, 1250, 1, 1), ("A2", 5000, 8000, None, 0, 2), ("A3", None, None, None, 1, 3)]
    # A price list without the columns of remarks and use leaves them; a price that the file empties is empty.
    fewer = [name for name in PRICES if name not in {"备注", "启用"}]
    again = table(
        fewer,
        ("A2", "power", "线路检修", "次", "起步价", "50", "", "自购", ""),
        ("A3", "water", "疏通", "次", "免费", "0", "", "included", ""),
    )
    assert take(store, "prices", again, manager, clock, "b") == (0, 2, 0)
    row = store.row("SELECT high_fen, active FROM price_items WHERE code = 'A2'")
    assert row is not None and tuple(row) == (None, 0)
    assert store.value("SELECT remark FROM price_items WHERE code = 'A3'") == "x"
    assert store.value("SELECT count(*) FROM price_items") == 3


def test_bad_prices(store: Store, manager: Actor, clock: Clock) -> None:
    lines: list[tuple[tuple[str, ...], str, str]] = [
        (("fixed", "", "", "own", ""), "单价（元）", "price_low_missing"),
        (("range", "5", "", "own", ""), "最高价（元）", "price_high_missing"),
        (("range", "5", "4", "own", ""), "最高价（元）", "price_reversed"),
        (("from", "5", "9", "own", ""), "最高价（元）", "price_high_unwanted"),
        (("free", "5", "", "own", ""), "单价（元）", "price_unwanted"),
        (("fixed", "5", "", "priced", ""), "材料价（元）", "material_price_missing"),
        (("fixed", "5", "", "own", "3"), "材料价（元）", "material_price_unwanted"),
        (("fixed", "5.001", "", "own", ""), "单价（元）", "money_invalid"),
        (("fixed", "-5", "", "own", ""), "单价（元）", "money_invalid"),
        (("fixed", "999999999", "", "own", ""), "单价（元）", "money_too_large"),
        (("cheap", "5", "", "own", ""), "计价方式", "pricing_unknown"),
        (("fixed", "5", "", "steel", ""), "材料", "material_unknown"),
    ]
    data = table(PRICES, *((f"A{at}", "water", "x", "次", *line, "", "") for at, (line, _, _) in enumerate(lines)))
    assert bad(check(store, "prices", data, manager, clock)) == [
        (at, column, code) for at, (_, column, code) in enumerate(lines, start=2)
    ]
    twice = table(PRICES, *(("A 1", "water", "x", "次", "free", "", "", "own", "", "", ""),) * 2)
    assert bad(check(store, "prices", twice, manager, clock))[0][2] == "item_code_invalid"


def homes(count: int, *, broken: int = 0) -> bytes:
    """New homes; the one of that number is broken."""
    return table(
        ("楼栋", "单元", "房号"),
        *((("50", "1", number if number != broken else "?")) for number in range(1, count + 1)),
    )


def test_no_half_import(store: Store, manager: Actor, clock: Clock) -> None:
    before = snapshot(store)
    report = check(store, "units", homes(200, broken=200), manager, clock)
    assert bad(report) == [(201, "房号", "unit_part_invalid")] and report.added == 199 and not report.ok
    with pytest.raises(Refused, match="import_has_errors"):
        take(store, "units", homes(200, broken=200), manager, clock)
    assert snapshot(store) == before
    assert take(store, "units", homes(200), manager, clock) == (200, 0, 0)


def test_no_half_import_when_the_store_itself_fails(store: Store, manager: Actor, clock: Clock) -> None:
    store.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON units WHEN NEW.room = '200' BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    before = snapshot(store)
    with pytest.raises(Exception, match="full"):
        take(store, "units", homes(200), manager, clock)
    assert snapshot(store) == before


def test_columns_missing_twice_and_unknown(store: Store, manager: Actor, clock: Clock) -> None:
    report = check(store, "units", table(("楼栋", "什么", ""), ("1", "2", "3")), manager, clock)
    assert not report.ok and [one.zh for one in report.missing] == ["单元", "房号"] and report.unknown == ("什么",)
    with pytest.raises(Refused, match="columns_missing"):
        take(store, "units", table(("楼栋", "x"), ("1", "2")), manager, clock)
    report = check(store, "units", table(("楼栋", "单元", "房号", "Room"), ("1", "1", "1", "2")), manager, clock)
    assert bad(report) == [(1, "房号", "column_twice")]


def test_the_same_nonce_imports_once_and_never_another_file(store: Store, manager: Actor, clock: Clock) -> None:
    assert take(store, "units", homes(3), manager, clock) == (3, 0, 0)
    before = snapshot(store)
    assert take(store, "units", homes(3), manager, clock) == (3, 0, 0)
    assert snapshot(store) == before
    with pytest.raises(Refused, match="nonce_reused"):
        take(store, "units", homes(4), manager, clock)
    with pytest.raises(Refused, match="nonce_missing"):
        take(store, "units", homes(4), manager, clock, "")


def test_the_history_says_how_many_and_nothing_of_persons(store: Store, manager: Actor, clock: Clock) -> None:
    data = imports.sample("residents", "csv")
    take(store, "residents", data, manager, clock)
    row = store.row("SELECT * FROM events WHERE what = 'import'")
    assert row is not None and row["by_id"] == manager.id
    assert json.loads(row["detail"]) == {"kind": "residents", "added": 1, "changed": 0, "same": 1}
    assert store.value("SELECT sha256 FROM imports") == imports.digest(data)
    assert imports.past(store, by=manager)[0]["by_name"] == manager.name


def test_who_may(store: Store, clock: Clock) -> None:
    for by in (actor(store, Role.RECEPTIONIST), actor(store, Role.SERVICE_HEAD), KIOSK):
        with pytest.raises(Refused, match="not_permitted"):
            imports.dry_run(store, kind="units", data=homes(1), by=by, now=clock())
        with pytest.raises(Refused, match="not_permitted"):
            imports.apply(store, kind="units", data=homes(1), nonce="n", by=by, now=clock())
    with pytest.raises(Refused, match="import_unknown"):
        imports.dry_run(store, kind="staff", data=homes(1), by=actor(store, Role.MANAGER), now=clock())


def test_a_large_estate(store: Store, manager: Actor, clock: Clock) -> None:
    """The most that one file may hold, in one act."""
    rooms = [(str(n // 500 + 100), str(n % 500 // 250 + 1), str(n)) for n in range(spreadsheets.MAX_ROWS)]
    data = spreadsheets.write("房屋", ("楼栋", "单元", "房号"), rooms)
    assert len(data) < spreadsheets.MAX_BYTES
    assert take(store, "units", data, manager, clock) == (spreadsheets.MAX_ROWS, 0, 0)
