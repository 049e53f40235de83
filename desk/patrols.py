"""What staff find on their rounds (巡查发现): reported at the desk or on the worker's phone, with a photo."""

import secrets

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms, session, work_door, work_photos
from reception import patrols, photo_files
from reception.cases import Case
from reception.permissions import Actor, permit
from web.app import now, store
from web.languages import current_site

views = Blueprint("patrols", __name__)
# What the form of a finding has besides its picture.
FIELDS = ("nonce", "category", "place", "content", "urgency")


@views.get("/patrol")
def new() -> ResponseReturnValue:
    """Show the form at the desk."""
    permit(session.actor(), "report_finding")
    return render_template("patrol.html", categories=patrols.CATEGORIES, urgencies=patrols.URGENCIES, **forms.blank())


@views.post("/patrol")
def report() -> ResponseReturnValue:
    """Report it, and show the page of the repair; the board to whoever may not see that."""
    return forms.lead_to(forms.case_or_list(_report(session.actor()).no))


@views.get("/work/patrol")
def on_phone() -> ResponseReturnValue:
    """Show the form on the worker's phone."""
    permit(work_door.actor(), "report_finding")
    return render_template(
        "work_patrol.html",
        categories=patrols.CATEGORIES,
        urgencies=patrols.URGENCIES,
        nonce=secrets.token_urlsafe(16),
        site=current_site(),
    )


@views.post("/work/patrol")
def report_on_phone() -> ResponseReturnValue:
    """Report it; the day's orders say so."""
    return redirect(f"/work?told=found&no={_report(work_door.actor()).no}", 303)


def _report(by: Actor) -> Case:
    data = sent_picture()
    nonce, category, place, content, urgency = forms.fields(*FIELDS).values()
    return patrols.report(
        store(),
        nonce=nonce,
        category=category,
        place=place,
        content=content,
        urgency=urgency,
        data=data,
        by=by,
        now=now(),
    )


def sent_picture() -> bytes:
    """Return the picture that a form of a finding brings, b"" without one; to be asked before any of its fields."""
    request.max_content_length, request.max_form_memory_size = work_photos.BODY, work_photos.FIELDS
    sent = request.files.get("photo")
    return sent.stream.read(photo_files.MAX_BYTES + 1) if sent else b""
