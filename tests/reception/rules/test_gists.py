"""The one sentence of a text that a small place has room for."""

import pytest

from reception.rules.gists import columns, first_sentence


@pytest.mark.parametrize(
    ("text", "room", "said"),
    [
        ("", 40, ""),
        ("  \n ", 40, ""),
        ("周二9时停水。请储水。", 40, "周二9时停水。"),
        ("周二停水\n请储水", 40, "周二停水"),
        ("尊敬的业主：\n周二停水。", 40, "周二停水。"),
        # A greeting that is all there is, and one on the line of its sentence, stay.
        ("各位业主：", 40, "各位业主："),
        ("各位业主：周二停水。", 40, "各位业主：周二停水。"),
        ("Off at 9.30 in No. 3. Store some.", 40, "Off at 9.30 in No. 3."),
        ("周二停水周二停水", 16, "周二停水周二停水"),
        ("周二停水周二停水", 15, "周二停水周二停…"),
        ("Water off all day", 11, "Water off…"),
    ],
)
def test_the_first_sentence_cut_to_its_room(text: str, room: int, said: str) -> None:
    assert first_sentence(text, room) == said
    assert columns(said) <= room
