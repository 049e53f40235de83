"""The interpreter's letters: every font Debian may bring serves."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from printing.interpreter import render


@pytest.fixture
def fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[tuple[tuple[str, int], ...]], None]]:
    def use(found: tuple[tuple[str, int], ...]) -> None:
        monkeypatch.setattr(render, "_FONTS", found)
        render._fonts.cache_clear()
        render.glyph.cache_clear()
        render._enlarged.cache_clear()

    yield use
    for cached in (render._fonts, render.glyph, render._enlarged):
        cached.cache_clear()


def test_a_missing_font_names_the_package(fonts: Callable[[tuple[tuple[str, int], ...]], None]) -> None:
    fonts(())
    with pytest.raises(render.FontMissing, match="fonts-noto-cjk"):
        render.glyph("号", render.HAN)


@pytest.mark.parametrize("font", [font for font in render._FONTS if Path(font[0]).is_file()])
def test_every_font_of_the_list_yields_all_letters(
    font: tuple[str, int], fonts: Callable[[tuple[tuple[str, int], ...]], None]
) -> None:
    fonts((font,))
    for cell, characters in ((render.FONT_A, "A0gé"), (render.FONT_B, "A0g"), (render.HAN, "号“，￥")):
        drawn = [render.glyph(character, cell).tobytes() for character in characters]
        assert len(set(drawn)) == len(characters)
        assert render.glyph("\uffff", cell).tobytes() not in drawn
