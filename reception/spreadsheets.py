"""Tables as people have them: CSV and XLSX read into rows of text within hard limits, and XLSX written."""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from reception.refusal import Refused

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

MAX_BYTES: Final = 2 * 1024 * 1024
# What a workbook may hold once unpacked; twenty thousand full rows stay well below.
MAX_UNPACKED: Final = 24 * 1024 * 1024
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 4_000
# Rows that Excel only formatted hold nothing: skipped, as far as a sheet of Excel goes.
_SHEET_ROWS: Final = 1_048_576
_PIECE: Final = 64 * 1024
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
# Of a workbook only this is read: no pictures, no links to other files, no macros.
_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/[^/]+|xl/(workbook|sharedStrings|styles)[^/]*\.xml"
    r"|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_NOT_TEXT: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class Line:
    """A row with something in it: its number as a spreadsheet shows it, and one text a column of the header."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its header, and the rows below."""

    header_row: int
    header: tuple[str, ...]
    lines: tuple[Line, ...]


def read(data: bytes) -> Grid:
    """Return the table of a CSV or XLSX file. A title above the header is skipped: the header has two cells or more.

    CSV: UTF-8, GB18030 (Excel on a Chinese Windows) or UTF-16; comma, semicolon or tab. XLSX: the first visible sheet
    with more than one row; dates as ISO dates, 101.0 as `101`, formulas as their last result. Refuses `file_empty`,
    `file_too_big`, `file_too_many_rows`, `file_too_many_columns`, `file_cell_too_long`, `file_old_excel` (or one
    locked by a password) and `file_unreadable`; nothing else comes out, whatever the bytes are.
    """
    if len(data) > MAX_BYTES:
        raise Refused("file_too_big")
    if not data.strip():
        raise Refused("file_empty")
    if data.startswith(_OLD_EXCEL):
        raise Refused("file_old_excel")
    sheets = _sheets(_unpacked(data)) if data.startswith(_ZIP) else iter([_csv_rows(data)])
    with warnings.catch_warnings():
        # openpyxl remarks on what other programs write; the person who uploads cannot mend it.
        warnings.simplefilter("ignore")
        for rows in sheets:
            filled = _filled(rows)
            if len(filled) > 1:
                return _grid(filled)
    raise Refused("file_empty")


def _filled(rows: Iterable[Sequence[str]]) -> list[tuple[int, list[str]]]:
    found = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise Refused("file_too_many_columns")
        if any(len(cell) > MAX_CELL for cell in cells):
            raise Refused("file_cell_too_long")
        found.append((number, cells))
        if len(found) > MAX_ROWS + 1:
            raise Refused("file_too_many_rows")
    return found


def _grid(filled: list[tuple[int, list[str]]]) -> Grid:
    above = filled[: min(10, len(filled) - 1)]
    first = next((at for at, (_, cells) in enumerate(above) if sum(map(bool, cells)) > 1), 0)
    header = filled[first][1]
    width = max(len(header), *(len(cells) for _, cells in filled[first:]))
    header = header + [""] * (width - len(header))
    lines = (Line(number, (*cells, *[""] * (width - len(cells)))) for number, cells in filled[first + 1 :])
    return Grid(filled[first][0], tuple(header), tuple(lines))


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    if "\x00" in text:
        raise Refused("file_unreadable")
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error:
        raise Refused("file_unreadable") from None


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("file_unreadable")


def _unpacked(data: bytes) -> io.BytesIO:
    """Return the parts of a workbook that are read, stored plainly, or refuse.

    Sizes written in a zip may lie, and openpyxl believes them: every part is unpacked here in small pieces, counted,
    and looked through for entities before it sees any of it.
    """
    room, out = MAX_UNPACKED, io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as plain:
            for part in packed.infolist():
                if not _PARTS.fullmatch(part.filename) or part.filename in plain.NameToInfo:
                    continue
                content = bytearray()
                with packed.open(part) as source:
                    while piece := source.read(_PIECE):
                        content += piece
                        if len(content) > room:
                            raise Refused("file_too_big")
                room -= len(content)
                _check_xml(bytes(content))
                plain.writestr(part.filename, bytes(content))
    except Refused:
        raise
    except Exception:  # zipfile raises whatever its bytes make it raise: BadZipFile, zlib.error, struct.error, OSError
        raise Refused("file_unreadable") from None
    return out


def _check_xml(content: bytes) -> None:
    def refuse(*_: object) -> None:
        raise Refused("file_unreadable")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise Refused("file_unreadable") from None


def _sheets(plain: io.BytesIO) -> Iterator[Iterator[list[str]]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(plain, read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    except Exception:  # openpyxl promises no kind of error for a broken workbook
        raise Refused("file_unreadable") from None
    for sheet in sheets:
        yield _sheet_rows(sheet)


def _sheet_rows(sheet: Any) -> Iterator[list[str]]:
    try:
        # The size that a sheet states may lie either way.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True), start=1):
            if number > _SHEET_ROWS:
                raise Refused("file_too_many_rows")
            yield [] if row.count(None) == len(row) else [_as_text(value) for value in row]
    except Refused:
        raise
    except Exception:
        raise Refused("file_unreadable") from None


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case float():
            text = format(Decimal(repr(value)), "f")
            return text.rstrip("0").rstrip(".") if "." in text else text
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat("minutes")
        case _:
            return str(value)


def write(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return an XLSX file with one sheet: bold header that stays in sight, widths by content.

    Numbers stay numbers; everything else is text, also what looks like a formula: it is never one, in no later edit.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    table = [list(row) for row in rows]
    book = Workbook(write_only=True)
    book.properties.creator = "Lobbydesk"
    sheet = book.create_sheet("".join(char for char in title if char not in "[]:*?/\\'")[:31] or "Lobbydesk")
    sheet.freeze_panes = "A2"
    for at, head in enumerate(header):
        widest = max([_width(head), *(_width(row[at]) for row in table[:500])])
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(60, widest + 3)
    sheet.append([_cell(sheet, head, bold=True) for head in header])
    for row in table:
        sheet.append([_cell(sheet, value) for value in row])
    return _saved(book)


def _cell(sheet: Any, value: object, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value=value)
    text = "" if value is None else str(value).encode("utf-8", "replace").decode().translate(_NOT_TEXT)
    cell = WriteOnlyCell(sheet)
    cell.value = text[:32_767]
    # A text that begins with = would be a formula; the format "text" keeps it one when somebody edits the cell.
    cell.data_type, cell.number_format = "s", "@"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _width(value: object) -> int:
    """Columns of a text: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in str("" if value is None else value)[:60])


def _saved(book: "Workbook") -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
