"""The reader of tables: what people's programs write is read, whatever else comes is refused with a code."""

import csv
import io
import time
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from reception import imports, spreadsheets
from reception.import_kinds import KINDS
from reception.refusal import Refused
from reception.spreadsheets import Grid, read, write


def local(*parts: int) -> datetime:
    """A time as Excel knows it, without a zone."""
    return datetime(*parts)  # type: ignore[arg-type] # noqa: DTZ001


def book(*rows: list[object]) -> bytes:
    """A workbook as Excel would save it."""
    made = Workbook()
    for row in rows:
        made.active.append(row)
    return saved(made)


def saved(made: Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def texts(data: bytes) -> list[tuple[str, ...]]:
    """Header and rows."""
    grid = read(data)
    return [grid.header, *(line.cells for line in grid.lines)]


WANTED = [("房号", "姓名"), ("1-1-101", "张建国")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_as_it_comes(encoding: str, delimiter: str) -> None:
    text = f"房号{delimiter}姓名\r\n1-1-101{delimiter}张建国\r\n"
    assert texts(text.encode(encoding)) == WANTED


def test_rare_characters_come_through() -> None:
    assert texts("房号,姓名\n1-1-101,𬱖㛃䶮".encode("gb18030"))[1] == ("1-1-101", "𬱖㛃䶮")


def test_rows_have_the_number_that_a_spreadsheet_shows() -> None:
    grid = read('住户登记表\n\n房号,姓名\n\n1-1-101,"a\nb"\n,\n1-1-102,c'.encode())
    assert grid == Grid(
        3, ("房号", "姓名"), (spreadsheets.Line(5, ("1-1-101", "a\nb")), spreadsheets.Line(7, ("1-1-102", "c")))
    )
    grid = read(book(["住户登记表"], [], ["房号", "姓名"], [], ["1-1-101", "x"]))
    assert (grid.header_row, grid.lines[0].row) == (3, 5)


def test_cells_of_a_workbook_become_text() -> None:
    data = book(
        ["a", "b"],
        [101.0, 13800005678],
        [local(2026, 11, 3), date(2026, 11, 4)],
        [local(2026, 11, 3, 9, 20), 12.5],
        [True, None],
        [1e20, 0.1],
        [None, "=1+1"],
    )
    assert texts(data)[1:] == [
        ("101", "13800005678"),
        ("2026-11-03", "2026-11-04"),
        ("2026-11-03 09:20", "12.5"),
        ("1", ""),
        ("100000000000000000000", "0.1"),
    ]


def test_hidden_and_empty_sheets_are_passed_over_and_merged_cells_are_not_guessed() -> None:
    made = Workbook()
    made.active.append(["secret", "x"])
    made.active.append(["1", "2"])
    made.active.sheet_state = "hidden"
    made.create_sheet("empty")
    sheet = made.create_sheet("住户")
    for row in (["楼栋", "房号"], ["1", "101"], ["", "102"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    assert texts(saved(made)) == [("楼栋", "房号"), ("1", "101"), ("", "102")]


def test_a_workbook_full_of_formatted_nothing_is_read() -> None:
    made = Workbook()
    made.active.append(["a", "b"])
    made.active.append(["1", "2"])
    made.active.cell(1_048_576, 16_384).number_format = "@"
    started = time.monotonic()
    assert texts(saved(made)) == [("a", "b"), ("1", "2")]
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n ", "file_empty"),
        ("房号,姓名\n".encode(), "file_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_old_excel"),
        (b"x" * (spreadsheets.MAX_BYTES + 1), "file_too_big"),
        (b"a,b\n" + b"1,2\n" * (spreadsheets.MAX_ROWS + 1), "file_too_many_rows"),
        (b"a,b\n" + b"1," * spreadsheets.MAX_COLUMNS + b"2", "file_too_many_columns"),
        (b"a,b\n1," + b"x" * (spreadsheets.MAX_CELL + 1), "file_cell_too_long"),
        (b'a,b\n1,"never closed', "file_unreadable"),
        (b"a,b\n\x00,2", "file_unreadable"),
        (b"a,b\n\xff\xff,2", "file_unreadable"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "file_unreadable"),
        (b"PK\x03\x04" + b"\0" * 100, "file_unreadable"),
    ],
)
def test_what_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused, match=f"^{code}$"):
        read(data)


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts beside those of a good workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["a", "b"], ["1", "2"]))) as good, zipfile.ZipFile(out, "w", 8) as bad:
        for name in good.namelist():
            bad.writestr(name, parts.get(name, good.read(name)))
        for name in parts.keys() - set(good.namelist()):
            bad.writestr(name, parts[name])
    return out.getvalue()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the library was given to read; it reads nothing in these tests."""
    import openpyxl

    found: list[object] = []
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *words, **options: found.append(words))
    return found


def test_a_zip_bomb_is_refused_before_the_library_reads_it(opened: list[object]) -> None:
    bomb = packed({"xl/worksheets/sheet1.xml": b"<x>" + b" " * 200_000_000 + b"</x>"})
    assert len(bomb) < spreadsheets.MAX_BYTES
    with pytest.raises(Refused, match="file_too_big"):
        read(bomb)
    assert opened == []


def test_a_zip_bomb_that_lies_about_its_size_is_no_better(opened: list[object]) -> None:
    bomb = packed({"xl/worksheets/sheet1.xml": b"<x>" + b" " * 200_000_000 + b"</x>"})
    lying = bomb.replace((200_000_007).to_bytes(4, "little"), (7).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(Refused, match="file_unreadable"):
        read(lying)
    assert opened == []


def test_many_parts_count_together() -> None:
    part = b"<x>" + b" " * 9_000_000 + b"</x>"
    with pytest.raises(Refused, match="file_too_big"):
        read(packed({f"xl/worksheets/sheet{number}.xml": part for number in range(1, 4)}))


def test_what_is_not_read_does_not_count() -> None:
    assert texts(packed({"xl/media/image1.png": b"\0" * 40_000_000})) == [("a", "b"), ("1", "2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(opened: list[object], encoding: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{laughs}'.encode(encoding)
    with pytest.raises(Refused, match="file_unreadable"):
        read(packed({"xl/styles.xml": text}))
    assert opened == [], "refused here, before the library sees any of it"


def test_a_cell_far_below_does_not_hold_the_reader() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1"><v>1</v></c></row><row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'
        b"</sheetData></worksheet>"
    )
    started = time.monotonic()
    with pytest.raises(Refused):
        read(packed({"xl/worksheets/sheet1.xml": sheet}))
    assert time.monotonic() - started < 20


GOOD = book(["房号", "姓名"], ["1-1-101", "张建国"], [101.5, local(2026, 11, 3)])
SETTINGS = settings(max_examples=300, deadline=None, derandomize=True)


def held(data: bytes) -> None:
    """Read it, or refuse it: nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            grid = read(data)
        except Refused:
            return
    assert all(len(line.cells) == len(grid.header) for line in grid.lines)


@SETTINGS
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    held(data)
    held(b"PK\x03\x04" + data)
    held(b"\xff\xfe" + data)


@SETTINGS
@given(st.text(max_size=200), st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_text(text: str, encoding: str) -> None:
    held(text.encode(encoding, "ignore"))


@SETTINGS
@given(st.integers(0, len(GOOD)))
def test_a_workbook_cut_off(end: int) -> None:
    held(GOOD[:end])


@SETTINGS
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_workbook_with_flipped_bytes(flips: list[tuple[int, int]]) -> None:
    data = bytearray(GOOD)
    for at, value in flips:
        data[at] = value
    held(bytes(data))


@SETTINGS
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]),
    st.integers(0, 5000),
    st.sampled_from([b"", b"<", b'r="ZZZZ9"', b"-1", b"999999999999", b"</c>", b's="99"', b't="s"', b"NaN", b"1e999"]),
)
def test_a_workbook_whose_xml_is_mangled(name: str, at: int, put: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        content = good.read(name)
    cut = at % (len(content) + 1)
    held(packed({name: content[:cut] + put + content[cut + len(put) :]}))


FORMULAS = ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0"]


def test_nothing_that_is_written_is_a_formula() -> None:
    data = write("名单", ["=head", "b"], [[text, 12] for text in FORMULAS])
    sheet = load_workbook(io.BytesIO(data)).active
    for row in sheet.iter_rows():
        assert row[0].data_type == "s" and row[0].number_format == "@", row[0].value
    assert [row[1].data_type for row in sheet.iter_rows(min_row=2)] == ["n"] * len(FORMULAS)


def test_the_only_csv_that_goes_out_holds_words_of_ours_alone() -> None:
    """A list goes out as a workbook; the samples of an import are the one CSV, and nothing in them begins a formula."""
    root = Path(__file__).parents[2]
    rooms = ("reception", "web", "kiosk", "desk")
    writing = {path.name for room in rooms for path in (root / room).rglob("*.py") if "csv.writer" in path.read_text()}
    assert writing == {"imports.py"}
    for kind in KINDS:
        for english in (False, True):
            rows = list(csv.reader(io.StringIO(imports.sample(kind, "csv", english=english).decode("utf-8-sig"))))
            assert len(rows) == 3
            assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_what_is_written_is_read_back() -> None:
    rows = [["张建国", 12, None, "x\x0by"], ["𬱖", 1.5, "", "\ud800"]]
    data = write("a/b:c*d" * 9, ["姓名", "数", "空", "怪"], rows)
    assert texts(data)[1:] == [("张建国", "12", "", "xy"), ("𬱖", "1.5", "", "?")]
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet["A1"].font.b and not sheet["A2"].font.b and sheet.freeze_panes == "A2" and len(sheet.title) <= 31
    assert sheet.column_dimensions["A"].width > 6


def test_a_list_without_rows_is_still_a_list() -> None:
    assert load_workbook(io.BytesIO(write("x", ["a"], []))).active["A1"].value == "a"
