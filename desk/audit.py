"""The audit log (审计日志): what everybody did, in words, searched, a page at a time, and taken out as a table."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from desk import audit_words, lists
from desk.audit_subjects import SUBJECTS
from desk.session import actor
from reception import audit, history_seals, refusal_counts
from reception import lines as business
from reception.audit import Asked, Line
from reception.audit_groups import GROUPS
from reception.rules import clock
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("audit", __name__)

COLUMNS = (
    ("at", Words("时间", "Time")),
    ("by", Words("操作人", "By")),
    ("what", Words("操作", "Act")),
    ("subject", Words("对象", "Of")),
    ("no", Words("编号", "No.")),
    ("state", Words("状态", "State")),
    ("details", Words("说明", "Details")),
)


@views.get("/audit")
def page() -> ResponseReturnValue:
    """Show a page of the log, newest first; that it was read stands in it."""
    asked = audit.asked(store(), request.args, now=now())
    found = audit.page(store(), asked, number=request.args.get("page", ""), by=actor(), now=now())
    names = business.names(store())
    return render_template(
        "audit.html",
        found=found,
        entries=[(line, _row(line, names)) for line in found.lines],
        sealed=history_seals.last_code(store()),
        columns=COLUMNS,
        people=audit.people(store()),
        groups={code: name for code, (name, _acts) in GROUPS.items()},
        subjects=SUBJECTS,
        address=_address,
        **lists.shared(),
    )


@views.get("/audit/refusals")
def refusals() -> ResponseReturnValue:
    """Show what was refused, and how often; what this process has not written yet, too."""
    asked = audit.asked(store(), request.args, now=now())
    current_app.extensions["refused"].flush(now())
    rows = refusal_counts.counted(store(), since=asked.since, until=asked.until, by=actor())
    return render_template("audit_refusals.html", asked=asked, rows=rows, said=audit_words.refusal, **lists.shared())


@views.post("/audit/export")
def export() -> ResponseReturnValue:
    """Answer what is asked for as a spreadsheet; that it was taken out stands in the log."""
    asked = audit.asked(store(), request.form, now=now())
    names = business.names(store())
    rows = [_row(line, names) for line in audit.table(store(), asked, by=actor())]
    return lists.workbook("audit", _("Audit log"), COLUMNS, rows, filters=asked.fields(), act="export_audit")


def _row(line: Line, names: Mapping[str, Words]) -> dict[str, str | Words]:
    at = clock.from_text(line.at).astimezone(current_site().zone).strftime("%Y-%m-%d %H:%M:%S")
    return {"at": at, **audit_words.cells(line, names)}


def _address(asked: Asked, **changes: Any) -> str:
    """Return the address of this search with some of it changed; what is empty is left out."""
    kept = {name: value for name, value in {**asked.fields(), **changes}.items() if value}
    return f"/audit?{urlencode(kept)}"
