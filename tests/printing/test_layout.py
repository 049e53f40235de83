"""What papers are made of: columns that align, frames that close, words that drop their English."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printing import glyphs, grids
from printing.grids import Row
from printing.interpreter import interpret, tokenize
from printing.layout import Sheet
from reception.wording import Words
from tests.printing.samples import PRINTERS, ROMS, TYPED, flawless, printed, profile, sample


def lines_of(sheet: Sheet) -> list[str]:
    (paper,) = interpret(sheet.finish(), width=sheet.profile.width_dots, chinese=sheet.profile.chinese)
    flawless(paper)
    return paper.text.split("\n")


PRICES = [
    ("水龙头 DN15 铜", "3", "×", "12.50", "=", "37.50"),
    ("生料带", "10", "×", "1.20", "=", "12.00"),
    ("人工", "1.5", "×", "100.00", "=", "150.00"),
    ("合计", "", "", "", "", "199.50"),
]


@pytest.mark.parametrize(("width", "columns"), PRINTERS)
def test_prices_stand_under_each_other(width: int, columns: int) -> None:
    sheet = Sheet(profile(width))
    sheet.table(PRICES)
    rows = [line for line in lines_of(sheet) if line.rstrip().endswith(("0",))]
    assert len(rows) == 4
    assert {glyphs.text_width(row) for row in rows} == {columns}
    for sign in "×=":
        places = {glyphs.text_width(row[: row.index(sign)]) for row in rows[:3]}
        assert len(places) == 1
    points = {glyphs.text_width(row[: row.rindex(".")]) for row in rows}
    assert points == {columns - 3}


def test_a_table_too_wide_for_its_names_puts_them_above() -> None:
    sheet = Sheet(profile(384))
    sheet.table([("名" * 20, "1234567890", "123456789.00"), ("短", "1", "2.00")])
    lines = [line for line in lines_of(sheet) if line]
    assert lines == [
        "名" * 16,
        "名" * 4,
        "1234567890 123456789.00".rjust(32),
        "短",
        "         1         2.00".rjust(32),
    ]


@pytest.mark.parametrize("kind", ["repair_receipt", "complaint_receipt", "visit_day_slip", "work_order"])
@pytest.mark.parametrize(("width", "columns"), PRINTERS)
@pytest.mark.parametrize("english", [True, False])
def test_values_begin_in_one_column(kind: str, width: int, columns: int, english: bool) -> None:
    text = printed(sample(kind, english=english), profile(width)).text
    starts = set()
    for value in ("张**", "138****5678", "010-6200-8600", "W012", "1号楼"):
        starts |= {glyphs.text_width(line[: line.index(value)]) for line in text.split("\n") if line.endswith(value)}
    assert len(starts) == 1
    assert starts.pop() <= columns // 2


def test_words_drop_their_english_where_it_is_not_wanted() -> None:
    for english in (True, False):
        sheet = Sheet(profile(), english=english)
        sheet.both(Words("中", "English"))
        sheet.fields((Words("姓名", "Name"), "李明"), (Words("类别", "Type"), Words("水", "Water")))
        sheet.tick(Words("甲", "First"))
        found = re.findall("[A-Za-z]+", "\n".join(lines_of(sheet)))
        assert found == (["English", "Name", "Type", "Water", "First"] if english else [])


def test_a_field_of_which_nothing_is_known_is_left_out() -> None:
    sheet = Sheet(profile())
    sheet.fields((Words("位置", "Place"), ""), (Words("部门", "With"), Words("", "")), (Words("姓名", "Name"), "李明"))
    assert [line for line in lines_of(sheet) if line] == ["姓名 Name  李明"]


@given(TYPED, TYPED, st.sampled_from(PRINTERS), st.sampled_from(ROMS))
@settings(deadline=None, database=None, max_examples=40)
def test_no_text_spoils_a_pair_a_tick_a_band_or_a_frame(
    text: str, other: str, size: tuple[int, int], chinese: str
) -> None:
    sheet = Sheet(profile(size[0], chinese))
    sheet.pair(text, other)
    sheet.tick(Words(text, other), size=2, bold=True)
    sheet.reversed_band(text)
    sheet.frame(Row((text, other), (2, 1), bold=True), Row((other,), height=2))
    sheet.table([(text, other.replace("\n", " ")[:10]), (other, "1.00")])
    sheet.big(other.replace("\n", " ") or "A")
    (paper,) = interpret(sheet.finish(), width=size[0], chinese=chinese)
    assert paper.overflows == paper.mistakes == []


@pytest.mark.parametrize(("width", "columns"), PRINTERS)
def test_a_frame_is_closed_on_the_paper_too(width: int, columns: int) -> None:
    for chinese in ROMS:
        sheet = Sheet(profile(width, chinese))
        sheet.frame(Row(("甲", "乙"), height=2, bold=True), Row(("丙",)))
        (paper,) = interpret(sheet.finish(), width=width, chinese=chinese)
        image = paper.image.convert("L")
        left, right = edges(image)
        for row in rows_of_ink(image):
            # Something black near both edges in every row from the first to the last.
            assert image.crop((left, row, left + 4, row + 1)).getextrema()[0] == 0
            assert image.crop((right - 4, row, right, row + 1)).getextrema()[0] == 0


def test_the_bars_of_a_bold_frame_are_not_bold() -> None:
    sheet = Sheet(profile())
    sheet.frame(Row(("甲", "乙"), bold=True))
    bold, emphasised = False, []
    for command in tokenize(sheet.finish()):
        if command.name == "ESC E":
            bold = bool(command.params[0])
        elif command.name == "text" and bold:
            emphasised.append(command.raw.decode("gbk").strip())
    assert emphasised == ["甲", "乙"]


def edges(image: Any) -> tuple[int, int]:
    box = image.point(lambda dot: 255 - dot).getbbox()
    return box[0], box[2]


def rows_of_ink(image: Any) -> Iterator[int]:
    box = image.point(lambda dot: 255 - dot).getbbox()
    yield from range(box[1], box[3])


def test_a_short_value_follows_a_label_that_is_longer_than_half_the_paper() -> None:
    both: str | Words = Words("保洁", "Cleaning")
    labelled = [("打印人 Printed by", "王琳"), ("完成时间 Finished", "2026-11-23 10:10"), ("部门 With", both)]
    assert grids.fields(labelled, 32) == [
        ["打印人 Printed by 王琳"],
        ["完成时间 Finished", "  2026-11-23 10:10"],
        ["部门 With       保洁 Cleaning"],
    ]
