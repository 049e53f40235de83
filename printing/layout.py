"""Layout: a sheet of paper made of lines, columns, frames, big numbers, codes and a cut, as ESC/POS bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import qrcode
from PIL import Image

from printing import glyphs, grids
from printing.escpos_bytes import new_dummy
from printing.grids import Row
from reception.wording import Words

if TYPE_CHECKING:
    from db.printers import Printer

ESC, GS, FS = b"\x1b", b"\x1d", b"\x1c"
ALIGN = {"left": 0, "center": 1, "right": 2}
LEADING = 8  # dots below a line of large type
LINE = 30  # dots of a blank line: the spacing after ESC @ (1/6 inch on 180 dpi)
TO_BLADE_MM = 15  # from the head to the blade: what a cut feeds
LARGEST = 8  # times a cell, the most GS ! can
QR_MODULE_MM = 0.75
LARGEST_MODULE = 16  # dots, the most GS ( k can
QUIET_ZONE = 4  # modules of white around a code (the standard's)
QR_EC_MEDIUM = 1  # escpos.constants.QR_ECLEVEL_M
TICK_BOX = "□ "
BAR = "│"  # of a frame
WRITING_ROOM = 8  # columns: less is no room to write in

# Three short sounds. ESC B n t: Gprinter's and Xprinter's manuals; ESC ( A fn 48 n c t: Epson's reference.
BUZZERS = {"none": b"", "esc_b": ESC + b"B\x03\x02", "esc_a": ESC + b"(A\x04\x000\x33\x03\x0a"}
DRAWER_KICK = ESC + b"p\x00\x19\xfa"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a printer is able to do. Widths in dots and in columns of 12 dots.

    `chinese`: the ROM, gbk, gb2312 or none. `buzzer`: the command it rings at, esc_b, esc_a or none.
    """

    width_dots: int = 576
    columns: int = 48
    chinese: str = "gbk"
    native_qr: bool = True
    cutter: bool = True
    dpi: int = 203
    buzzer: str = "none"
    drawer: bool = False

    @classmethod
    def of(cls, printer: "Printer") -> "Profile":
        """Return what the store says of a printer."""
        return cls(
            printer.width_dots,
            printer.columns,
            printer.chinese,
            printer.native_qr,
            printer.cutter,
            dpi=printer.dpi,
            buzzer=printer.buzzer,
            drawer=printer.drawer,
        )


class Sheet:
    """A paper in the making. Text wraps by display width; nothing is ever wider than the paper.

    `english`: whether Words show their English; without it no line and no label does.
    """

    def __init__(self, profile: Profile, *, english: bool = True) -> None:
        self.profile = profile
        self.english = english
        self._escpos = new_dummy(profile.width_dots)
        self._reverse = False
        self._leading = glyphs.LEADING
        self._style: tuple[int, bool, tuple[int, int]] = (0, False, (1, 1))
        self._dots = 0
        self._escpos.hw("INIT")

    @property
    def length_mm(self) -> int:
        """The paper that it takes so far, cut included, in millimetres: an estimate, for printers differ by a line."""
        return round(self._dots * 25.4 / self.profile.dpi) + TO_BLADE_MM

    def text(self, text: str, *, align: str = "left", bold: bool = False, size: int = 1) -> None:
        """Print text in as many lines as it needs; `size` 1-8 multiplies the cell."""
        for line in glyphs.wrap(text, self.profile.columns // size):
            self._line(line, align=align, bold=bold, size=(size, size))
            if size > 1:
                # A line as high as its own spacing would touch the next one.
                self.space(LEADING)

    def both(self, words: Words, *, align: str = "center", bold: bool = False, size: int = 1) -> None:
        """Print words: the Chinese as told, the English beneath it in plain type."""
        self.text(words.zh, align=align, bold=bold, size=size)
        if self.english and words.en:
            self.text(words.en, align=align)

    def label(self, words: Words) -> str:
        """Return words for one line: the Chinese, with the English behind it."""
        return f"{words.zh} {words.en}" if self.english and words.en else words.zh

    def pair(self, left: str, right: str, *, bold: bool = False) -> None:
        """Print two texts at both ends of a line; the right one beneath, where they are too long for one."""
        space = self.profile.columns - glyphs.text_width(left)
        if 0 < glyphs.text_width(right) < space and "\n" not in right:
            self._line(left + glyphs.pad(right, space, "right"), bold=bold)
            return
        self.text(left, bold=bold)
        self.text(right, align="right", bold=bold)

    def fields(self, *rows: tuple[Words, str | Words], bold: bool = False) -> None:
        """Print labels and their values, the values in one column; nothing where nothing is known (`grids.fields`)."""
        shown = [
            (self.label(label), self._worded(value))
            for label, value in rows
            if (value if isinstance(value, str) else value.zh)
        ]
        for lines in grids.fields(shown, self.profile.columns):
            for line in lines:
                self._line(line, bold=bold)

    def table(self, rows: Sequence[Sequence[str]], *, bold: bool = False) -> None:
        """Print rows of a name and numbers, the numbers aligned: `材料 3 × 12.50 = 37.50` (`grids.table`)."""
        for line in grids.table(rows, self.profile.columns):
            self._line(line, bold=bold)

    def frame(self, *rows: Row, columns: int = 0) -> None:
        """Print a framed area `columns` wide (0: the whole paper), in the middle: to write in, or to be noticed."""
        # As close as the characters are high, so that the bars touch.
        self._escpos._raw(ESC + b"3" + bytes([glyphs.ROW]))
        self._leading = 0
        for line, bold in grids.frame(rows, columns or self.profile.columns):
            self._line(line, align="center", bold=bold)
        self._leading = glyphs.LEADING
        self._escpos._raw(ESC + b"2")
        self.space(LEADING)

    def big(self, text: str) -> None:
        """Print a number as large as fits, at most eight cells high; a long one is narrower than it is high."""
        across = min(LARGEST, self.profile.columns // glyphs.text_width(text))
        if not across:
            self.text(text, align="center", bold=True)
            return
        self._line(text, align="center", bold=True, size=(across, min(LARGEST, across + 2)))

    def rule(self, *, dashed: bool = False) -> None:
        """Print a line across the paper; a dashed one parts what belongs together."""
        self._line("-" * self.profile.columns if dashed else "─" * (self.profile.columns // 2))

    def tick(self, words: Words, *, size: int = 1, bold: bool = False) -> None:
        """Print a box to tick and its words, which stay clear of the box in every line."""
        room = self.profile.columns // size - glyphs.text_width(TICK_BOX)
        start = TICK_BOX
        for line in glyphs.wrap(words.zh, room):
            self._line(start + line, bold=bold, size=(size, size))
            if size > 1:
                self.space(LEADING)
            start = " " * glyphs.text_width(TICK_BOX)
        if self.english and words.en:
            for line in glyphs.wrap(words.en, room * size):
                self._line(start * size + line)
        self.space(LEADING)

    def blank(self, label: str) -> None:
        """Print a label and a line to write on."""
        space = self.profile.columns - glyphs.text_width(label)
        self._line(label + "_" * space if space > WRITING_ROOM else label)
        if space <= WRITING_ROOM:
            self._line("_" * self.profile.columns)

    def reversed_band(self, text: str) -> None:
        """Print white on black, right across the paper: for what must not be overlooked, a copy above all."""
        self.space(LEADING)
        self._escpos._raw(GS + b"B\x01")
        self._reverse = True  # for the lines that are drawn: GS B does not reach pictures
        for line in glyphs.wrap(text, self.profile.columns):
            self._line(glyphs.pad(line, self.profile.columns, "center"), bold=True)
        self._reverse = False
        self._escpos._raw(GS + b"B\x00")
        self.space(LEADING)

    def qr(self, text: str, *, native: bool | None = None) -> None:
        """Print a code in the middle: native where the printer can (or as told), else drawn, with its quiet zone."""
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
        code.add_data(text)
        module = self._module(17 + 4 * code.best_fit())
        self._set_style("center", False, (1, 1))
        # Blank lines and not ESC J, whose unit is half a dot on some makers' printers.
        quiet = -(-QUIET_ZONE * module // LINE)
        self.feed(quiet)
        if self.profile.native_qr if native is None else native:
            self._escpos.qr(text, ec=QR_EC_MEDIUM, size=module, native=True)
            self._dots += module * (17 + 4 * code.best_fit())
        else:
            code.box_size = module
            self._image(code.make_image().get_image().convert("1"))
        self.feed(quiet)

    def space(self, dots: int) -> None:
        """Leave a strip of white, in dots (half as high on printers that count half dots: for looks only)."""
        self._escpos._raw(ESC + b"J" + bytes([dots]))
        self._dots += dots

    def feed(self, lines: int = 1) -> None:
        """Leave blank lines."""
        self._escpos._raw(b"\n" * lines)
        self._dots += LINE * lines

    def ring(self) -> None:
        """Sound the buzzer, where there is one."""
        self._escpos._raw(BUZZERS[self.profile.buzzer])

    def open_drawer(self) -> None:
        """Open the cash drawer, where there is one."""
        if self.profile.drawer:
            self._escpos._raw(DRAWER_KICK)

    def raw(self, command: bytes) -> None:
        """Send bytes as they are: for the self-test, which asks what the printer makes of them."""
        self._escpos._raw(command)

    def picture(self, text: str, *, align: str = "left", bold: bool = False) -> None:
        """Print text as pictures, whatever the ROM has: for what must be legible on a printer nobody knows yet."""
        for line in glyphs.wrap(text, self.profile.columns):
            self._draw(line, align, bold, (1, 1))

    def finish(self) -> bytes:
        """Cut (partially: a kiosk's ticket must not fall) or feed, and return the bytes of the paper."""
        self._set_style("left", False, (1, 1))
        if self.profile.cutter:
            self._escpos.cut(feed=False)
        else:
            self.feed(5)
        output: bytes = self._escpos.output
        return output

    def _worded(self, value: str | Words) -> str | Words:
        if isinstance(value, str):
            return value
        return value if self.english and value.en else value.zh

    def _module(self, modules: int) -> int:
        """Return the dots of a code's module: 0.75 mm, or less where the code would be wider than the paper."""
        wanted = round(QR_MODULE_MM * self.profile.dpi / 25.4)
        return max(1, min(wanted, LARGEST_MODULE, self.profile.columns * glyphs.CELL // (modules + 2 * QUIET_ZONE)))

    def _line(self, line: str, *, align: str = "left", bold: bool = False, size: tuple[int, int] = (1, 1)) -> None:
        encoded = glyphs.encode(line, self.profile.chinese)
        if encoded is None:
            # Alone: the lines around it stay native, and the paper stays quick.
            self._draw(line, align, bold, size)
            return
        framed = bold and BAR in line
        self._set_style(align, bold and not framed, size)
        self._dots += max(glyphs.ROW * size[1], glyphs.ROW + self._leading)
        if framed:
            # The text alone: a bar struck twice does not meet the corner above it.
            on, off, code = ESC + b"E\x01", ESC + b"E\x00", self.profile.chinese
            cells = [glyphs.encode(cell, code) or b"" for cell in line.split(BAR)]
            encoded = (off + (glyphs.encode(BAR, code) or b"") + on).join(cells) + off
        self._escpos._raw(encoded + b"\n" if line.isascii() else FS + b"&" + encoded + FS + b".\n")

    def _draw(self, line: str, align: str, bold: bool, size: tuple[int, int]) -> None:
        dots = self.profile.columns * glyphs.CELL
        self._image(
            glyphs.picture(line, dots, size=size, align=align, bold=bold, reverse=self._reverse, leading=self._leading)
        )

    def _set_style(self, align: str, bold: bool, size: tuple[int, int]) -> None:
        style = (ALIGN[align], bold, size)
        if style[0] != self._style[0]:
            self._escpos._raw(ESC + b"a" + bytes([style[0]]))
        if style[1] != self._style[1]:
            self._escpos._raw(ESC + b"E" + bytes([style[1]]))
        if style[2] != self._style[2]:
            # GS ! and not ESC !, which many printers do not apply to Chinese.
            self._escpos._raw(GS + b"!" + bytes([(size[0] - 1) << 4 | (size[1] - 1)]))
        self._style = style

    def _image(self, image: Image.Image) -> None:
        self._set_style("center" if image.width < self.profile.columns * glyphs.CELL else "left", False, (1, 1))
        self._dots += image.height
        self._escpos.image(image.convert("RGB"), impl="bitImageRaster", fragment_height=256, center=False)
