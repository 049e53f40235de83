"""The paper itself: rows of dots that pile up under the head, and the finished piece the cutter drops."""

import io
from dataclasses import dataclass, field

from PIL import Image

# White beside the printable area, as 80 mm paper has round its 72 mm of dots.
MARGIN = 32
# Between head and blade lie about 12 mm: so much of the next ticket's top stays white. Here half of it.
TOP_BLANK = 48
BOTTOM_BLANK = 32
# Distance from the head to the blade: a cut without feed goes through what was printed within it.
BLADE = 96
# Four metres: a stream that feeds more than that is a runaway, and a picture of it would fill the memory.
LONGEST = 32_000
# Of a page with thousands of mistakes nobody reads the rest.
_MOST_SAID = 100


@dataclass
class Paper:
    """One piece of paper. Its picture is kept as PNG, so that thousands of papers fit in memory.

    `overflows`: one sentence per text line or image wider than the printable area. `mistakes`: what else a
    real printer would have done wrong (no such character, a command in a place where it has no effect).
    `torn`: holds content of a connection that was lost. `data`: the bytes that made it (virtual printer).
    """

    png: bytes
    cut: bool
    text: str
    overflows: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    drawer_kicks: int = 0
    torn: bool = False
    data: bytes = b""

    @property
    def image(self) -> Image.Image:
        """The picture, mode "1": `width` printable dots with MARGIN white dots at each side."""
        with Image.open(io.BytesIO(self.png)) as picture:
            return picture.convert("1")


@dataclass
class Page:
    """The paper being printed: strips of dots with their places, and what there is to say about it."""

    width: int
    y: int = 0
    ink_end: int = 0
    strips: list[tuple[int, int, Image.Image]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    overflows: list[str] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    drawer_kicks: int = 0
    torn: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing has been printed on it yet (feeding is not printing)."""
        return not self.strips

    @property
    def full(self) -> bool:
        """Whether it has reached its greatest length; what is printed now is not shown."""
        return self.y >= LONGEST

    @property
    def height(self) -> int:
        """Rows of the finished piece."""
        return TOP_BLANK + max(self.y, self.ink_end) + BOTTOM_BLANK

    def mistake(self, message: str) -> None:
        """Notes something a real printer would have done wrong, once per page."""
        _say(self.mistakes, message)

    def overflow(self, message: str) -> None:
        """Notes something wider than the printable area."""
        _say(self.overflows, message)

    def print(self, mask: Image.Image, x: int, feed: int) -> None:
        """Burns a mask with its left edge at `x`, clipped to the printable area, and feeds `feed` rows."""
        if self.y + mask.height <= LONGEST:
            self.strips.append((x, self.y, mask))
            self.ink_end = self.y + mask.height
        self.feed(feed)

    def feed(self, rows: int) -> None:
        """Moves the paper."""
        if self.y + rows > LONGEST:
            self.mistake(f"paper longer than {LONGEST} rows: the rest is not shown")
        self.y = min(self.y + rows, LONGEST)

    def finish(self, cut: bool) -> Paper:
        """The piece of paper as it comes out."""
        height = self.height
        ink = Image.new("1", (self.width, height), 0)
        for x, y, mask in self.strips:
            ink.paste(255, (x, TOP_BLANK + y), mask)
        picture = Image.new("1", (self.width + 2 * MARGIN, height), 255)
        picture.paste(0, (MARGIN, 0), ink)
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", dpi=(203, 203))
        text = "\n".join(self.lines)
        return Paper(buffer.getvalue(), cut, text, self.overflows, self.mistakes, self.drawer_kicks, self.torn)


def _say(said: list[str], message: str) -> None:
    if len(said) <= _MOST_SAID and message not in said:
        said.append(message if len(said) < _MOST_SAID else "and more")
