"""What pages of lists share: the words of their cells, and the list as a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response

from desk import exports
from reception import repair_facts
from reception.wording import Words
from web.languages import current_site, words


def shared() -> dict[str, Any]:
    """Return what every page with a list shows beside the list itself."""
    return {
        "site": current_site(),
        "source_words": repair_facts.SOURCES,
        "liability_words": repair_facts.LIABILITIES,
    }


def workbook(
    what: str,
    title: str,
    columns: Sequence[tuple[str, Words]],
    rows: Sequence[Mapping[str, str | Words]],
    *,
    filters: Mapping[str, str] | None = None,
    act: str = "export_lists",
) -> Response:
    """Answer a list as a spreadsheet in the reader's language; who took it out is written down (`desk.exports`)."""
    cells = [[_cell(row[name]) for name, _head in columns] for row in rows]
    return exports.send(what, title, [words(head) for _name, head in columns], cells, filters=filters, act=act)


def _cell(value: str | Words) -> str:
    return words(value) if isinstance(value, Words) else value
