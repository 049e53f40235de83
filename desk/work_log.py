"""The work log (工作日志): a day line by line, what is written into it by hand, and its ways onto paper."""

import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import forms, lists
from desk.session import actor
from reception import day_checks, log_notes, log_paper, work_log
from reception.rules.working_days import ONE_DAY
from reception.work_log import Log
from web.app import now, store

views = Blueprint("work_log", __name__)


def _asked(values: Mapping[str, str]) -> Log:
    names = ("kind", "handler", "page")
    asked = {name: values.get(name, "") for name in names}
    return work_log.day(store(), on=values.get("day", ""), **asked, by=actor(), now=now())


@views.get("/log")
def page() -> ResponseReturnValue:
    """Show the log of a day."""
    log = _asked(request.args)
    span = work_log.span(store(), log.day)
    return render_template(
        "log.html",
        log=log,
        names=work_log.names(),
        note_kinds=log_notes.KINDS,
        readers=log_notes.readers(store(), **span),
        unread=log_notes.unread(store(), by=actor(), now=now()),
        checks=day_checks.of_day(store(), log.day),
        days=(log.day - ONE_DAY, log.day + ONE_DAY if log.day < log.today else None),
        address=_address,
        nonce=secrets.token_urlsafe(16),
        **lists.shared(),
    )


@views.post("/log/export")
def export() -> ResponseReturnValue:
    """Answer the lines asked for as a spreadsheet."""
    log = _asked(request.form)
    rows = work_log.rows(store(), log)
    title = _("Work log") + f" {log.day}"
    return lists.workbook("work_log", title, work_log.columns(), rows, filters=log.asked, act="export_log")


@views.post("/log/print")
def to_paper() -> ResponseReturnValue:
    """Print the day on the desk's printer."""
    day = request.form.get("day", "")
    log_paper.print_day(store(), nonce=request.form.get("nonce", ""), on=day, by=actor(), now=now())
    return forms.lead_to(f"/log?{urlencode({'day': day, 'printed': 1})}")


@views.post("/log/notes")
def note() -> ResponseReturnValue:
    """Write a line by hand."""
    log_notes.write(store(), **forms.fields("nonce", "kind", "text"), by=actor(), now=now())
    return forms.lead_to("/log")


@views.post("/log/notes/read")
def read() -> ResponseReturnValue:
    """What the last shift left was read."""
    log_notes.read(store(), by=actor(), now=now())
    return forms.lead_to("/log")


def _address(log: Log, **changes: Any) -> str:
    """Return the address of this log with some of what it asks for changed; an empty one is left out."""
    kept = {name: value for name, value in {**log.asked, **changes}.items() if value}
    return f"/log?{urlencode(kept)}"
