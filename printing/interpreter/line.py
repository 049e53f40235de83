"""The line buffer: characters and column images side by side, waiting to be printed as one row of dots."""

from dataclasses import dataclass, field

from PIL import Image

# A program may print a row of any number of characters over one another and never feed: what is kept of it has an end.
_MOST_ITEMS = 256
_MOST_TEXT = 1000


@dataclass
class Line:
    """Masks with their places from the left margin.

    `wrapped`: the width of the rows this line has already filled; `total`: its width as if paper had no end.
    """

    cursor: int = 0
    wrapped: int = 0
    total: int = 0
    text: str = ""
    whole_text: str = ""
    items: list[tuple[int, Image.Image]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to print."""
        return not self.items

    def fits(self, width: int, area: int) -> bool:
        """Whether `width` more dots stay inside `area`; at the very start anything fits, and is clipped."""
        return self.cursor == 0 or self.cursor + width <= area

    def put(self, mask: Image.Image, text: str, area: int) -> None:
        """Adds a mask at the cursor, and moves on by its width; beyond `area` dots nothing of it is kept."""
        room = area - self.cursor
        # Cut off at once: 255 dots of gap, eight times as wide, make a mask of a megabyte.
        self.items.append((self.cursor, mask if mask.width <= room else mask.crop((0, 0, max(room, 1), mask.height))))
        if len(self.items) > _MOST_ITEMS:
            row = self._row(area)
            self.items = [(0, row)]
        self.cursor += mask.width
        self.total = max(self.total, self.wrapped + self.cursor)
        self.add_text(text)

    def add_text(self, text: str) -> None:
        """Notes what the row says; of an endless one only the beginning."""
        if len(self.text) < _MOST_TEXT:
            self.text += text
        if len(self.whole_text) < _MOST_TEXT:
            self.whole_text += text

    def draw(self, upside_down: bool, area: int) -> Image.Image | None:
        """The row as one mask, cells standing on one bottom line as in a printer; None if empty."""
        if self.empty:
            return None
        row = self._row(area)
        return row.transpose(Image.Transpose.ROTATE_180) if upside_down else row

    def _row(self, area: int) -> Image.Image:
        height = max(mask.height for _, mask in self.items)
        right = min(max(x + mask.width for x, mask in self.items), area)
        row = Image.new("1", (max(right, 1), height), 0)
        for x, mask in self.items:
            row.paste(255, (x, height - mask.height), mask)
        return row

    def overflow(self, area: int) -> str | None:
        """A sentence if the whole line, before any wrapping, is wider than `area` dots."""
        if self.total <= area:
            return None
        return f"{self.whole_text!r} is {self.total} dots wide, the printable area is {area}"

    def clear(self, *, keep_total: bool = False) -> None:
        """Empties the buffer; `keep_total` when the line only went on to a new row."""
        self.wrapped = self.total if keep_total else 0
        self.cursor = 0
        self.text = ""
        self.items = []
        if not keep_total:
            self.total = 0
            self.whole_text = ""
