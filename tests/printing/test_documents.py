"""Every paper, on every kind of printer: read back by the interpreter, which was written apart from the builder."""

import logging
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from db.store import Store
from printing import documents, glyphs
from printing.interpreter import Paper, tokenize
from reception import papers, repairs
from reception.permissions import Actor
from tests.conftest import MORNING
from tests.printing.samples import ROMS, URL, WIDTHS, printed, profile, sample, told

KINDS = sorted(papers.KINDS)
LONG_HAN = "水" * 500
LONG_LATIN = "supercalifragilistic" * 25
# Outside GB2312, outside GBK, outside the first plane; emoji; accents; what keyboards paste.
RARE = ["䶮", "㛃", "𬱖", "𠮷", "😀", "👨‍👩‍👧", "ñ", "ő", "€", "Ł", "٣", "한", "e̊"]
SAME = {"￥": "￥192.00", "¥": "￥192.00", "\u00a0": " 192.00", "ＡＢ": "ＡＢ192.00", "é": "é192.00"}


def flawless(paper: Paper) -> None:
    """No line wider than the paper, no character that the printer lacks, no question mark in its place."""
    assert paper.overflows == []
    assert paper.mistakes == []
    assert "?" not in re.sub(r"Missed .*\?", "", paper.text)
    assert "\ufffd" not in paper.text


def pictures(paper: papers.Paper, chinese: str = "gbk") -> int:
    """Return how many lines of a paper are sent as pictures."""
    data = documents.build(paper, profile(chinese=chinese), job_id=123)
    return sum(command.name == "GS v 0" for command in tokenize(data))


def scanned(paper: Paper) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))]


def test_every_kind_has_a_document() -> None:
    assert documents.DOCUMENTS.keys() == papers.KINDS.keys()


@pytest.mark.parametrize("native_qr", [True, False])
@pytest.mark.parametrize("chinese", ROMS)
@pytest.mark.parametrize("width", [width for width, _ in WIDTHS])
@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_on_every_printer(kind: str, width: int, chinese: str, native_qr: bool) -> None:
    facts = sample(kind)
    paper = printed(facts, profile(width, chinese, native_qr=native_qr))
    flawless(paper)
    assert paper.cut
    assert scanned(paper) == [facts.url]
    assert f"{facts.at}  #123" in paper.text
    if chinese == "gbk":
        assert facts.no in paper.text.split("\n")  # type: ignore[attr-defined]
        assert facts.site.zh in paper.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_printer_without_a_cutter_feeds_beyond_the_blade(kind: str) -> None:
    data = documents.build(sample(kind), profile(cutter=False), job_id=1)
    assert not any(command.name == "GS V" for command in tokenize(data))
    assert data.endswith(b"\n" * 5)


@pytest.mark.parametrize("rare", RARE)
@pytest.mark.parametrize("width", [width for width, _ in WIDTHS])
def test_a_rare_character_takes_its_own_line_alone_into_a_picture(rare: str, width: int) -> None:
    plain = sample("repair_receipt", name="李明")
    facts = sample("repair_receipt", name=f"李{rare}")
    paper = printed(facts, profile(width))
    flawless(paper)
    assert (pictures(plain), pictures(facts)) == (0, 1)
    lines = printed(plain, profile(width)).text.split("\n")
    assert paper.text.split("\n") == [line for line in lines if not line.startswith("姓名")]


@pytest.mark.parametrize(("told_so", "shown"), SAME.items())
def test_what_the_rom_has_under_another_code_stays_text(told_so: str, shown: str) -> None:
    facts = sample("complaint_receipt", wish=f"退{told_so}192.00")
    paper = printed(facts, profile())
    flawless(paper)
    assert pictures(facts) == 0
    assert f"退{shown}" in paper.text


def test_a_rom_of_gb2312_draws_what_it_lacks() -> None:
    facts = sample("repair_receipt", name="王喆")
    assert (pictures(facts, "gbk"), pictures(facts, "gb2312")) == (0, 1)
    flawless(printed(facts, profile(chinese="gb2312")))


@pytest.mark.parametrize("long", [LONG_HAN, LONG_LATIN, "𠮷" * 500, "，" * 500, "水\n" * 250, "W" * 31 + " 水" * 200])
@pytest.mark.parametrize("width", [width for width, _ in WIDTHS])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if told(kind)])
def test_long_texts_wrap(kind: str, width: int, long: str) -> None:
    paper = printed(sample(kind, **dict.fromkeys(told(kind), long)), profile(width))
    flawless(paper)
    if long in (LONG_HAN, LONG_LATIN):
        assert re.sub(r"\s", "", paper.text).count(long) >= 1


# What may stand in the store: everything but control characters and surrogates (rules/people.clean_text).
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n 水龙头。，abcA1·—"), max_size=120)


@given(TYPED, st.integers(2, 48))
@settings(deadline=None, database=None)
def test_wrapping_loses_nothing_and_fits(text: str, columns: int) -> None:
    lines = glyphs.wrap(text, columns)
    assert all(glyphs.text_width(line) <= columns for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=10), min_size=1))
@settings(deadline=None, database=None)
def test_wrapping_breaks_no_word_that_fits(words: list[str]) -> None:
    assert " ".join(glyphs.wrap(" ".join(words), 10)).split() == words


@given(TYPED, TYPED, st.sampled_from(WIDTHS), st.sampled_from(ROMS))
@settings(deadline=None, database=None, max_examples=60)
def test_no_text_spoils_a_receipt(content: str, name: str, size: tuple[int, int], chinese: str) -> None:
    facts = sample("repair_receipt", content=content, place=name, convenient_time=name, name=name)
    paper = printed(facts, profile(size[0], chinese))
    assert paper.overflows == paper.mistakes == []
    assert scanned(paper) == [URL]


def test_a_ticket_is_light() -> None:
    for width, _ in WIDTHS:
        assert len(documents.build(sample("ticket"), profile(width), job_id=123456)) <= 700


@pytest.mark.parametrize("no", ["A1", "A001", "W1234", "AB12345", "ABC12345678"])
@pytest.mark.parametrize(("width", "columns"), WIDTHS)
def test_the_number_is_as_large_as_fits(width: int, columns: int, no: str) -> None:
    facts = sample("ticket", no=no)
    paper = printed(facts, profile(width))
    flawless(paper)
    assert no in paper.text.split("\n")
    data = documents.build(facts, profile(width), job_id=1)
    largest = max(command.params[0] & 7 for command in tokenize(data) if command.name == "GS !") + 1
    assert largest == 8 or (largest + 1) * len(no) > columns


@pytest.mark.parametrize("native_qr", [True, False])
@pytest.mark.parametrize("kind", KINDS)
def test_a_code_has_its_quiet_zone(kind: str, native_qr: bool) -> None:
    image = printed(sample(kind), profile(384, native_qr=native_qr)).image.convert("L")
    (code,) = zxingcpp.read_barcodes(image)
    place = code.position
    inner = (place.top_left.x - 3, place.top_left.y - 3, place.bottom_right.x + 4, place.bottom_right.y + 4)
    # The standard's four modules of six dots, less what the reader's corners are unsure of.
    outer = (inner[0] - 20, inner[1] - 20, inner[2] + 20, inner[3] + 20)
    around = image.crop(outer)
    around.paste(255, (20, 20, 20 + inner[2] - inner[0], 20 + inner[3] - inner[1]))
    assert around.getextrema() == (255, 255)


def test_a_ticket_has_no_place_for_a_person() -> None:
    assert not {"name", "phone", "unit"} & set(papers.Ticket.__slots__ + papers.Paper.__slots__)
    text = printed(sample("ticket"), profile()).text
    assert not re.search(r"姓名|电话|Name|Phone|1[0-9]{10}", text)


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_a_phone_reaches_promises_the_phone(kind: str) -> None:
    without = printed(sample(kind, on_phone=False), profile()).text
    assert "手机扫码" not in without
    assert "Scan" not in without
    if kind != "work_order":
        assert "自助机" in without
    text = printed(sample(kind, on_phone=True), profile()).text
    assert "手机扫码" in text
    assert "自助机" not in text


def test_the_worker_s_code_is_not_offered_to_phones_of_owners() -> None:
    text = printed(sample("work_order", for_worker=True, on_phone=True), profile()).text
    assert "维修联" in text
    assert "手机扫码" not in text


@pytest.mark.parametrize("width", [width for width, _ in WIDTHS])
def test_a_provisional_day_says_so(width: int) -> None:
    assert "暂定" in printed(sample("visit_day_slip", provisional=True), profile(width)).text
    assert "暂定" not in printed(sample("visit_day_slip", provisional=False), profile(width)).text


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_says_so_first(kind: str) -> None:
    assert "补打" not in printed(sample(kind), profile()).text
    assert printed(sample(kind), profile(), copy_no=3).text.strip().startswith("补打 3 / COPY 3")


def test_the_copies_of_a_work_order_are_as_its_act_says(store: Store, receptionist: Actor) -> None:
    case = repairs.register(
        store, nonce="copies", name="欧阳文静", phone="13812345678", unit="1-1-101", category="water", content="漏水",
        convenient_time="周三", urgency="ordinary", dispatch=True, by=receptionist, now=MORNING,
    )  # fmt: skip
    jobs = store.rows("SELECT kind, facts FROM print_jobs WHERE ref = ? ORDER BY id", [f"case:{case.id}"])
    texts = [printed(papers.from_json(*job), profile()).text for job in jobs]
    worker, owner = (next(text for text in texts if mark in text) for mark in ("维修联", "业主联"))
    assert all(told_so in worker for told_so in ("欧阳文静", "13812345678", "1-1-101"))
    for text in [text for text in texts if text is not worker]:
        assert all(shown in text for shown in ("欧阳**", "138****5678", "1号楼"))
        assert not any(hidden in text for hidden in ("文静", "13812345678", "1-1-101"))
    assert owner in texts


@pytest.mark.parametrize("kind", KINDS)
def test_facts_survive_the_spool(kind: str) -> None:
    facts = sample(kind)
    assert papers.from_json(kind, papers.to_json(facts)) == facts


def test_a_kind_of_another_version_is_refused() -> None:
    with pytest.raises(KeyError):
        papers.from_json("poster", "{}")


def test_building_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    handlers = list(logging.getLogger().handlers)
    documents.build(sample("ticket"), profile(chinese="none", native_qr=False), job_id=1)
    assert list(tmp_path.iterdir()) == []
    assert logging.getLogger().handlers == handlers


def test_building_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    documents.build(sample("ticket"), profile(chinese="none"), job_id=1)
    spoken: Any = capsys.readouterr()
    assert (spoken.out, spoken.err) == ("", "")


def ink_of(paper: Paper) -> int:
    return paper.image.convert("L").histogram()[0]


def test_a_copy_is_white_on_black_without_a_chinese_rom_too() -> None:
    of_rom, drawn = (
        ink_of(printed(sample("ticket"), profile(chinese=chinese), copy_no=1))
        - ink_of(printed(sample("ticket"), profile(chinese=chinese)))
        for chinese in ("gbk", "none")
    )
    assert drawn > of_rom / 2


def test_drawn_values_end_where_printed_ones_do() -> None:
    for text in ("电话 Phone" + " " * 27 + "138****5678",):
        assert glyphs.text_width(text) == 48
        box = glyphs.picture(text, 576).convert("L").point(lambda dot: 255 - dot).getbbox()
        assert box is not None
        assert box[2] >= 576 - 12
