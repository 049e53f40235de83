"""The mechanism of a printer: its modes, its line buffer, the paper under its head, its cutter.

Source of the behaviour: Epson, *ESC/POS Command Reference*; FS & / FS . with GBK as on Chinese ROMs.
Motion units are dots (203 dpi), as the Chinese makers have them; line spacing begins at 30 dots.
"""

from dataclasses import dataclass, field

from PIL import Image

from printing.interpreter import codepages, render
from printing.interpreter.images import Picture
from printing.interpreter.line import Line
from printing.interpreter.paper import BLADE, Page, Paper
from printing.interpreter.tokenizer import Command

DEFAULT_SPACING = 30
DPI = 203


@dataclass
class Modes:
    """What ESC @ resets."""

    align: int = 0
    scale: tuple[int, int] = (1, 1)
    kanji_scale: tuple[int, int] = (1, 1)
    bold: bool = False
    double_strike: bool = False
    reverse: bool = False
    upside_down: bool = False
    underline: int = 0
    kanji_underline: int = 0
    cell: tuple[int, int] = render.FONT_A
    gap: int = 0
    kanji_gap: tuple[int, int] = (0, 0)
    spacing: int = DEFAULT_SPACING
    left: int = 0
    area: int | None = None
    kanji: bool = False
    table: int = 0
    national: int = 0
    tabs: tuple[int, ...] = tuple(range(8, 256, 8))
    lead: int | None = None
    graphics: Picture | None = None
    qr_data: bytes = b""
    qr_model: int = 50
    qr_module: int = 3
    qr_level: int = 48
    bar_height: int = 162
    bar_module: int = 3
    hri: int = 0
    hri_cell: tuple[int, int] = render.FONT_A


@dataclass
class Mechanism:
    """What the commands work on. `width` is the printable dots, `chinese` the ROM, `papers` what came out.

    `chinese`: "gbk", "gb2312" (a smaller ROM), "gb18030" (two-byte codes as in GBK), "none" (FS & is idle).
    """

    width: int = 576
    chinese: str = "gbk"
    papers: list[Paper] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.chinese not in codepages.CHINESE_CODES:
            raise ValueError(f"chinese must be one of {codepages.CHINESE_CODES}, not {self.chinese!r}")
        if self.width < render.HAN[0]:
            raise ValueError(f"a printer cannot be {self.width} dots wide")
        self.modes = Modes()
        self.page = Page(self.width)
        self.line = Line()
        # ESC =: whether the bytes are for the printer; if not, they are for a display behind it.
        self.selected = True
        self.used = 0

    def switch_on(self) -> None:
        """Power comes back: the paper is where it was, everything else as new."""
        self.modes, self.line, self.selected = Modes(), Line(), True

    def finish(self) -> None:
        """Takes the paper off as it hangs there, without a cut, if anything is printed on it."""
        self.end_text()
        if not self.line.empty:
            self.page.mistake(f"left unprinted in the line buffer: {self.line.text!r}")
            self.line.clear()
        if self.page.blank:
            if self.papers:
                self.late_news(self.papers[-1])
            return
        self._take_off(cut=False)

    def _take_off(self, cut: bool) -> None:
        self.papers.append(self.page.finish(cut))
        self.used += self.page.height
        self.page = Page(self.width)

    def remark(self, message: str) -> None:
        """Prints a framed remark, which no printer does: the virtual printer's word on what it was sent."""
        self.flush(0)
        self.page.lines.append(message)
        if self.page.full:
            return
        mask = render.notice(message, self.width)
        self.page.print(mask, 0, mask.height + 4)

    def late_news(self, paper: Paper) -> None:
        """Gives a cut paper what came after its cut without printing anything: a pulse to the drawer, say."""
        paper.drawer_kicks += self.page.drawer_kicks
        paper.mistakes.extend(self.page.mistakes)
        self.page.drawer_kicks = 0
        self.page.mistakes = []

    # Text

    def end_text(self) -> None:
        """A command or the end comes: a lead byte that still waits for its second is not going to get it."""
        if self.modes.lead is not None:
            self._garbled(bytes([self.modes.lead]))
            self.modes.lead = None

    def text_byte(self, byte: int) -> None:
        modes = self.modes
        if modes.lead is not None:
            pair, modes.lead = bytes([modes.lead, byte]), None
            character = codepages.double_byte(pair, self.chinese)
            if character is not None:
                if character == codepages.NO_CHARACTER:
                    self._note_garbled(pair)
                self._put(character, han=True)
                return
            self._garbled(pair[:1])
        if modes.kanji and codepages.is_lead(byte):
            modes.lead = byte
            return
        character = codepages.single_byte(byte, modes.table, modes.national)
        if character == codepages.NO_CHARACTER:
            self._note_garbled(bytes([byte]))
        self._put(character, han=False)

    def _garbled(self, raw: bytes) -> None:
        self._note_garbled(raw)
        self._put(codepages.NO_CHARACTER, han=False)

    def _note_garbled(self, raw: bytes) -> None:
        self.page.mistake(f"no character for {raw.hex(' ').upper()}")

    def _put(self, character: str, han: bool) -> None:
        modes = self.modes
        scale = modes.kanji_scale if han else modes.scale
        before, after = modes.kanji_gap if han else (0, modes.gap)
        mask = render.character_mask(
            character,
            render.HAN if han else modes.cell,
            scale,
            modes.bold or modes.double_strike,
            modes.kanji_underline if han else modes.underline,
            modes.reverse,
            (before * scale[0], after * scale[0]),
        )
        self.place(mask, character)

    def place(self, mask: Image.Image, text: str) -> None:
        """Puts a mask into the line buffer, going on in a new row where it does not fit."""
        if not self.line.fits(mask.width, self.area):
            # A real printer prints what it has and goes on in the next row: a paper nobody designed.
            self._print_line(self.modes.spacing, wrapped=True)
        self.line.put(mask, text, self.area)

    # The line buffer

    @property
    def area(self) -> int:
        """Dots between the left margin and the end of the print area."""
        room = max(self.width - self.modes.left, render.HAN[0])
        return room if self.modes.area is None else max(min(self.modes.area, room), render.HAN[0])

    def _print_line(self, feed: int, wrapped: bool = False) -> None:
        mask = self.line.draw(self.modes.upside_down, self.area)
        if mask is None:
            self.page.feed(feed)
        else:
            self.page.print(mask, self.modes.left + self._shift(mask.width), max(feed, mask.height))
        if not wrapped:
            complaint = self.line.overflow(self.area)
            if complaint:
                self.page.overflow(f"line {len(self.page.lines) + 1}: {complaint}")
        self.page.lines.append(self.line.text)
        self.line.clear(keep_total=wrapped)

    def _shift(self, width: int) -> int:
        free = max(self.area - width, 0)
        return {0: 0, 1: free // 2, 2: free}[self.modes.align]

    def flush(self, feed: int) -> None:
        """Prints the line buffer if there is anything in it."""
        if not self.line.empty:
            self._print_line(feed)

    def at_line_start(self, command: Command) -> bool:
        """Whether a command valid only at the beginning of a line comes there; if not, notes the mistake."""
        if not self.line.empty:
            self.page.mistake(f"{command.name} in the middle of a line has no effect on many printers")
        return self.line.empty

    def fit(self, picture: Picture, kind: str) -> Image.Image:
        """The picture enlarged and clipped to the area; notes the overflow if it is wider."""
        if picture.width > self.area:
            self.page.overflow(f"{kind} {picture.width} dots wide, the printable area is {self.area}")
        return picture.draw(self.area)

    def print_block(self, picture: Picture, kind: str) -> None:
        """Prints an image or a symbol on its own rows, at the justified place, clipped to the area."""
        self.flush(self.modes.spacing)
        if self.page.full:
            return
        mask = self.fit(picture, kind)
        self.page.print(mask, self.modes.left + self._shift(mask.width), mask.height)

    def line_feed(self) -> None:
        """LF: prints the line, be it empty, and feeds one line."""
        self._print_line(self.modes.spacing)

    def feed_lines(self, count: int) -> None:
        """ESC d: prints the line and feeds `count` lines in all."""
        if not self.line.empty:
            self._print_line(self.modes.spacing if count else 0)
            count = max(count - 1, 0)
        self.page.feed(self.modes.spacing * count)

    def feed_dots(self, dots: int) -> None:
        """ESC J: prints the line and feeds `dots` in all."""
        if self.line.empty:
            self.page.feed(dots)
        else:
            self._print_line(dots)

    def cut(self, feed: int | None) -> None:
        """Cuts: at once if `feed` is None, else after feeding to the blade and `feed` dots more."""
        if not self.line.empty:
            self.page.mistake("GS V in the middle of a line: the line is printed first")
            self.flush(self.modes.spacing)
        if feed is None:
            fed = self.page.y - self.page.ink_end
            if not self.page.blank and fed < BLADE:
                self.page.mistake(f"cut {fed} dots after printing: the blade is {BLADE} dots from the head")
        else:
            self.page.feed(feed)
        self._take_off(cut=True)
