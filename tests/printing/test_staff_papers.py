"""The papers of those who keep the box: both self-tests, the set-up slip, and the slips for days without the box."""

import re

import pytest
import zxingcpp

from printing import documents
from printing.interpreter import tokenize
from reception import papers
from tests.printing.samples import (
    DESK_URL,
    LINES,
    PRINTERS,
    ROMS,
    URL,
    flawless,
    printed,
    prints,
    profile,
    recorded,
    sample,
    scanned,
)


@pytest.mark.parametrize("chinese", ROMS)
@pytest.mark.parametrize("width", [width for width, _ in PRINTERS])
def test_the_long_self_test_asks_what_a_printer_can_do(
    width: int, chinese: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = recorded(monkeypatch)
    on = profile(width, chinese, native_qr=False, buzzer="esc_b")
    data = documents.build(sample("self_test"), on, job_id=1)
    # Questions are drawn: they must be legible on a printer that prints no Chinese at all.
    asked = [text for text in drawn if text.startswith("▼")]
    assert [
        text for text in asked if re.search(r"哪一行最长|A B C 哪几行清楚|1、2 哪个码|切纸了吗|响铃了吗", text)
    ] == [asked[number] for number in (0, 1, 3, 4, 5)]
    assert "C 䶮㛃𬱖" in drawn
    # The rows under test are sent in native form, whatever the profile says of the printer.
    assert b"\x1c&" + "A 中文清晰可读".encode("gb2312") + b"\x1c.\n" in data
    assert b"\x1c&" + "B 喆玥堃镕".encode("gbk") + b"\x1c.\n" in data
    with pytest.raises(UnicodeError):
        "喆".encode("gb2312")
    commands = list(tokenize(data))
    sizes = {command.params[0] for command in commands if command.name == "GS !"}
    fit = [size for size in range(1, 9) if size * (size + 1) // 2 <= on.columns]
    assert {17 * (size - 1) for size in fit} <= sizes
    assert sum(command.selector == b"1Q" for command in commands) == 1
    rings = [number for number, command in enumerate(commands) if command.name == "ESC B"]
    assert len(rings) == 1
    assert not prints(commands[rings[0] :])
    assert "ESC B" not in {c.name for c in tokenize(documents.build(sample("self_test"), on, job_id=1, copy_no=1))}


@pytest.mark.parametrize("width", [width for width, _ in PRINTERS])
def test_only_the_rulers_of_a_self_test_are_too_wide_and_each_ends_in_its_number(width: int) -> None:
    paper = printed(sample("self_test"), profile(width))
    rulers = [ruler for ruler in (32, 42, 48, 64) if ruler * 12 > width]
    assert [re.findall(r"-+ (\d+)' is (\d+) dots", line)[0] for line in paper.overflows] == [
        (str(ruler), str(ruler * 12)) for ruler in rulers
    ]
    assert paper.mistakes == []
    assert scanned(paper) == [URL, URL]
    image = paper.image.convert("L")
    one, two = sorted(zxingcpp.read_barcodes(image), key=lambda code: code.position.top_left.y)
    # Its number stands right above each code.
    for code in (one, two):
        place = code.position
        above = image.crop((place.top_left.x, place.top_left.y - 90, place.top_right.x, place.top_left.y - 34))
        assert 100 < above.histogram()[0] < 1500


def test_the_short_self_test_is_short() -> None:
    paper = printed(sample("self_test", whole=False), profile())
    flawless(paper)
    assert all(word in paper.text for word in ("打印机自检", "前台打印机", "清晰即正常", "2026-11-23"))
    assert paper.image.height / 203 * 25.4 < 80


@pytest.mark.parametrize("width", [width for width, _ in PRINTERS])
def test_a_set_up_slip_says_where_everything_is(width: int) -> None:
    facts = sample("setup_slip")
    assert isinstance(facts, papers.SetupSlip)
    paper = printed(facts, profile(width))
    flawless(paper)
    together = re.sub(r"\s", "", paper.text)
    places = (facts.kiosk_url, facts.desk_url, facts.display_url, *(place.en for place in facts.printers))
    assert all(re.sub(r"\s", "", place) in together for place in places)
    groups = re.findall(r"^ +((?:[0-9A-F]{4} ?)+)$", paper.text, re.M)
    assert {len(row.split()) for row in groups} == {4 if width == 384 else 8}
    assert "".join(groups).replace(" ", "") == facts.fingerprint.replace(":", "")
    assert re.findall(r"^(\d) ", paper.text, re.M) == ["1", "2", "3", "4"]
    assert f"{facts.desk_url}/lobbydesk.crt" in together
    assert scanned(paper) == [DESK_URL]
    bare = printed(sample("setup_slip", desk_url="", fingerprint="", printers=()), profile(width))
    flawless(bare)
    assert "指纹 TLS" not in bare.text and ".crt" not in bare.text
    assert re.findall(r"^(\d) ", bare.text, re.M) == ["1", "2"]


@pytest.mark.parametrize("english", [True, False])
@pytest.mark.parametrize("width", [width for width, _ in PRINTERS])
def test_a_hand_slip_has_boxes_for_the_number_and_for_the_line(width: int, english: bool) -> None:
    paper = printed(sample("hand_slip", english=english), profile(width))
    flawless(paper)
    assert scanned(paper) == []
    lines = paper.text.split("\n")
    boxes = [line for line in lines if line.strip("│ ") == "" and "│" in line]
    assert {line.count("│") for line in boxes} == {5}
    assert len({len(box) for line in boxes for box in line.strip("│").split("│")}) == 1
    assert len(boxes) * 24 / 8 >= 15
    assert [line for line in lines if line.startswith("□")] == [f"□ {line.zh}" for line in LINES]
    assert [line.en in paper.text for line in LINES] == [english] * len(LINES)
    assert re.search(r"取号时间.*_{8}", paper.text)
    assert all(words in paper.text for words in ("过号请告知窗口", "恢复后请到前台补录", "印制时间"))
