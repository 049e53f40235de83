"""Any list of the desk as a spreadsheet: `send(...)` in a POST view, and the buttons of `_list_tools.html`."""

import io
from collections.abc import Mapping, Sequence

from flask import Response, send_file

from desk.session import actor
from reception import exports
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

TYPES = {
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def send(
    what: str,
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    filters: Mapping[str, str] | None = None,
    act: str = "export_lists",
) -> Response:
    """Answer a list as XLSX, named by its title and today; the history says who took it out.

    `what` and `filters` are codes; `rows` are what the screen shows to this reader. Refuses `not_permitted`.
    """
    data = exports.export(
        store(), what=what, title=title, columns=columns, rows=rows, filters=filters, act=act, by=actor(), now=now()
    )
    return answer_xlsx(f"{title} {clock.local_day(now(), current_site().zone)}", data)


def answer_xlsx(name: str, data: bytes) -> Response:
    """Answer a workbook to be kept under this name; no cache keeps it."""
    return answer_file(f"{name}.xlsx", data)


def answer_file(name: str, data: bytes) -> Response:
    """Answer a file to be kept under this name; no cache keeps it."""
    response = send_file(
        io.BytesIO(data),
        mimetype=TYPES[name.rpartition(".")[2]],
        as_attachment=True,
        download_name=name,
        etag=False,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
