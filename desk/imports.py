"""Import at the desk: a sample, a file, what is wrong with it line by line, and then all of it at once."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.exports import answer_file
from desk.session import actor, sitting
from desk.settings import rooms
from desk.uploads import KEPT_FOR, Upload, uploads
from reception import imports, spreadsheets
from reception.import_kinds import KINDS
from reception.permissions import permit
from reception.refusal import Refused
from web.app import now, store
from web.languages import language

views = Blueprint("imports", __name__)

# The one form that takes more than `web.app.MAX_BODY`: a file, and the few words around it.
MAX_UPLOAD = spreadsheets.MAX_BYTES + 16 * 1024
# Werkzeug reads a form with a file in pieces of 64 KB, and refuses a piece that a smaller bound would not hold twice.
MAX_WORDS = 256 * 1024
PAGE = 100


@views.get("/settings/import")
def page() -> ResponseReturnValue:
    """Show what can be imported, with samples, and what was."""
    permit(actor(), "import_data")
    return render_template(
        "import.html",
        kinds=KINDS,
        past=imports.past(store(), by=actor()),
        done=request.args.get("done", 0, type=int),
        most=spreadsheets,
        importing=True,
        **rooms(),
    )


@views.get("/settings/import/sample/<import_kind>/<file_form>")
def sample(import_kind: str, file_form: str) -> ResponseReturnValue:
    """Answer a file to start from."""
    permit(actor(), "import_data")
    data = imports.sample(import_kind, file_form, english=language() == "en")
    return answer_file(f"{imports.find_kind(import_kind).name[language() == 'en']}.{file_form}", data)


@views.post("/settings/import")
def check() -> ResponseReturnValue:
    """Read a file and say what importing it would do; it waits for the word to do so."""
    permit(actor(), "import_data")
    uploads().drop(sitting().key_hash)
    request.max_content_length, request.max_form_memory_size = MAX_UPLOAD, MAX_WORDS
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Refused("file_missing")
    data, kind = file.stream.read(), request.form.get("kind", "")
    report = imports.dry_run(store(), kind=kind, data=data, by=actor(), now=now())
    uploads().keep(sitting().key_hash, Upload(kind, data, imports.digest(data), report, now()))
    return forms.lead_to("/settings/import/checked")


@views.get("/settings/import/checked")
def checked() -> ResponseReturnValue:
    """Show what was found in the file, a page of its bad lines at a time."""
    permit(actor(), "import_data")
    upload = uploads().of(sitting().key_hash)
    if upload is None:
        raise Refused("upload_gone")
    pages = max(1, -(-len(upload.report.bad) // PAGE))
    at = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "import_checked.html",
        upload=upload,
        report=upload.report,
        bad=upload.report.bad[(at - 1) * PAGE : at * PAGE],
        at=at,
        pages=pages,
        minutes=int(KEPT_FOR.total_seconds() // 60),
        nonce=secrets.token_urlsafe(16),
        importing=True,
        **rooms(),
    )


@views.post("/settings/import/apply")
def apply() -> ResponseReturnValue:
    """Import exactly the file that was checked; a second press finds it done."""
    permit(actor(), "import_data")
    form = forms.fields("kind", "sha256", "nonce")
    outcome = imports.done(store(), **form, by=actor())
    if outcome is None:
        upload = uploads().of(sitting().key_hash)
        if upload is None or (upload.kind, upload.sha256) != (form["kind"], form["sha256"]):
            raise Refused("upload_gone")
        outcome = imports.apply(store(), kind=upload.kind, data=upload.data, nonce=form["nonce"], by=actor(), now=now())
        uploads().drop(sitting().key_hash)
    return forms.lead_to(f"/settings/import?done={outcome.id}")
