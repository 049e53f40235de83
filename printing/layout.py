"""Layout: a sheet of paper made of lines, columns, big numbers, codes, rules and a cut, as ESC/POS bytes."""

from dataclasses import dataclass

import qrcode
from PIL import Image

from printing import glyphs
from printing.escpos_bytes import new_dummy
from reception.wording import Words

ESC, GS, FS = b"\x1b", b"\x1d", b"\x1c"
ALIGN = {"left": 0, "center": 1, "right": 2}
LEADING = 8  # dots below a line of large type
QR_MODULE = 6  # dots: 0.75 mm at 203 dpi
QUIET_ZONE = 4 * QR_MODULE  # the standard's four modules, above and below
QR_EC_MEDIUM = 1  # escpos.constants.QR_ECLEVEL_M


@dataclass(frozen=True, slots=True)
class Profile:
    """What a printer is able to do. Widths in dots and in columns of 12 dots; `chinese`: gbk, gb2312 or none."""

    width_dots: int = 576
    columns: int = 48
    chinese: str = "gbk"
    native_qr: bool = True
    cutter: bool = True


class Sheet:
    """A paper in the making. Text wraps by display width; nothing is ever wider than the paper."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._escpos = new_dummy(profile.width_dots)
        self._reverse = False
        self._style: tuple[int, bool, int] = (0, False, 1)
        self._escpos.hw("INIT")

    def text(self, text: str, *, align: str = "left", bold: bool = False, size: int = 1) -> None:
        """Print text in as many lines as it needs; `size` 1-8 multiplies the cell."""
        for line in glyphs.wrap(text, self.profile.columns // size):
            self._line(line, align=align, bold=bold, size=size)
            if size > 1:
                # A line as high as its own spacing would touch the next one.
                self.space(LEADING)

    def pair(self, left: str, right: str, *, bold: bool = False) -> None:
        """Print a label and its value: the value flush right, or wrapped below an indent when it is long."""
        space = self.profile.columns - glyphs.text_width(left)
        if 0 < glyphs.text_width(right) < space and "\n" not in right:
            self._line(left + " " * (space - glyphs.text_width(right)) + right, bold=bold)
            return
        self._line(left, bold=bold)
        for line in glyphs.wrap(right, self.profile.columns - 2):
            self._line("  " + line, bold=bold)

    def both(self, label: Words, value: Words, *, bold: bool = False) -> None:
        """Print a label and its value in both languages: on one line, or each language on its own."""
        whole, words = f"{label.zh} {label.en}", f"{value.zh} {value.en}"
        if glyphs.text_width(whole) + glyphs.text_width(words) < self.profile.columns:
            self.pair(whole, words, bold=bold)
            return
        self.pair(whole, value.zh, bold=bold)
        self.text(value.en, align="right", bold=bold)

    def big(self, text: str) -> None:
        """Print a number as large as fits, at most eight cells high."""
        self._line(text, align="center", bold=True, size=min(8, self.profile.columns // glyphs.text_width(text)))

    def rule(self) -> None:
        """Print a line across the paper."""
        self._line("-" * self.profile.columns)

    def blank(self, label: str) -> None:
        """Print a label and a line to write on."""
        space = self.profile.columns - glyphs.text_width(label)
        self._line(label + "_" * space if space > 8 else label)
        if space <= 8:
            self._line("_" * self.profile.columns)

    def reversed_band(self, text: str) -> None:
        """Print white on black: for what must not be overlooked, a copy above all."""
        self._escpos._raw(GS + b"B\x01")
        self._reverse = True  # for the lines that are drawn: GS B does not reach pictures
        self.text(f" {text} ", align="center", bold=True)
        self._reverse = False
        self._escpos._raw(GS + b"B\x00")

    def qr(self, url: str) -> None:
        """Print a code in the middle: native where the printer can, else drawn, with the standard's quiet zone."""
        self._set_style("center", False, 1)
        self.space(QUIET_ZONE)
        if self.profile.native_qr:
            self._escpos.qr(url, ec=QR_EC_MEDIUM, size=QR_MODULE, native=True)
            self.space(QUIET_ZONE)
            return
        code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=QR_MODULE, border=2)
        code.add_data(url)
        self._image(code.make_image().get_image().convert("1"))
        self.space(QUIET_ZONE)

    def space(self, dots: int) -> None:
        """Leave a strip of white, in dots."""
        self._escpos._raw(ESC + b"J" + bytes([dots]))

    def feed(self, lines: int = 1) -> None:
        """Leave blank lines."""
        self._escpos._raw(b"\n" * lines)

    def finish(self) -> bytes:
        """Cut (partially: a kiosk's ticket must not fall) or feed, and return the bytes of the paper."""
        self._set_style("left", False, 1)
        if self.profile.cutter:
            self._escpos.cut(feed=False)
        else:
            self.feed(5)
        output: bytes = self._escpos.output
        return output

    def _line(self, line: str, *, align: str = "left", bold: bool = False, size: int = 1) -> None:
        encoded = glyphs.encode(line, self.profile.chinese)
        if encoded is None:
            # Alone: the lines around it stay native, and the paper stays quick.
            dots = self.profile.columns * glyphs.CELL
            self._image(glyphs.picture(line, dots, scale=min(size, 4), align=align, bold=bold, reverse=self._reverse))
            return
        self._set_style(align, bold, size)
        self._escpos._raw(encoded + b"\n" if line.isascii() else FS + b"&" + encoded + FS + b".\n")

    def _set_style(self, align: str, bold: bool, size: int) -> None:
        style = (ALIGN[align], bold, size)
        if style[0] != self._style[0]:
            self._escpos._raw(ESC + b"a" + bytes([style[0]]))
        if style[1] != self._style[1]:
            self._escpos._raw(ESC + b"E" + bytes([style[1]]))
        if style[2] != self._style[2]:
            # GS ! and not ESC !, which many printers do not apply to Chinese.
            self._escpos._raw(GS + b"!" + bytes([(size - 1) << 4 | (size - 1)]))
        self._style = style

    def _image(self, image: Image.Image) -> None:
        self._set_style("center" if image.width < self.profile.columns * glyphs.CELL else "left", False, 1)
        self._escpos.image(image.convert("RGB"), impl="bitImageRaster", fragment_height=256, center=False)
