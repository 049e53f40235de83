"""Notices, accounts made public and events at the desk: written, read, published by a head, printed as a poster."""

from datetime import date
from itertools import zip_longest
from typing import Any, Final

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.audit_acts import ACTS
from desk.session import actor
from reception import announcement_facts, announcements, events
from reception.announcement_facts import KINDS, SIDES, STAGES, SUBJECT, Announcement
from reception.announcements import Typed
from reception.permissions import may, permit
from reception.rules import clock
from reception.rules.poster_types import type_class
from web.app import now, store
from web.languages import current_site, words
from web.qr import svg

views = Blueprint("announcements", __name__)

# Where the phones of the lobby read what is told (`kiosk.notices`).
PUBLIC_PATH: Final = "/T/notices"
SPARE_ROWS: Final = 6
SIZES: Final = ("a4", "a3")
TYPED: Final = ("title", "title_en", "body", "body_en", "from_on", "until_on", "period", "event_on", "begins", "ends")


@views.get("/announcements")
def page() -> ResponseReturnValue:
    """Show what waits to be published, what is out, and what is over."""
    by, today = actor(), _today()
    groups = {
        "drafts": announcement_facts.drafts(store(), by=by),
        "out": announcement_facts.out(store(), today, by=by),
        "past": announcement_facts.past(store(), today, by=by),
    }
    return render_template("announcements.html", **groups, **_shared())


@views.get("/announcements/new")
def new() -> ResponseReturnValue:
    """Show the form of a kind; `from` names one whose words it begins with."""
    permit(actor(), "write_announcement")
    kind, like = request.args.get("kind", "notice"), request.args.get("from", "")
    # No number of a row has more figures than this, and the store keeps none that has.
    if like and (len(like) > 15 or not (like.isascii() and like.isdigit())):
        abort(404)
    found = announcement_facts.find(store(), int(like), by=actor()) if like else None
    kind = found.kind if found else kind
    if kind not in KINDS:
        abort(404)
    return render_template("announcement_form.html", **_form(kind, found, fresh=True), **forms.blank())


@views.post("/announcements")
def write() -> ResponseReturnValue:
    """Keep a draft, and show it as it will be read."""
    form = forms.fields("nonce", "kind")
    return _show(announcements.write(store(), **form, typed=_typed(), by=actor(), now=now()))


@views.get("/announcements/<int(max=999999999999999):announcement>")
def one(announcement: int) -> ResponseReturnValue:
    """Show one as it is read, what was done with it, and what may be done now."""
    found = announcement_facts.find(store(), announcement, by=actor())
    return render_template(
        "announcement.html",
        one=found,
        stage=found.stage(_today()),
        own_figures=found.kind == "accounts" and found.written_by == actor().id,
        history=events.history(store(), SUBJECT, found.id),
        **_shared(),
    )


@views.get("/announcements/<int(max=999999999999999):announcement>/edit")
def edit(announcement: int) -> ResponseReturnValue:
    """Show the form of a draft."""
    permit(actor(), "write_announcement")
    found = announcement_facts.find(store(), announcement, by=actor())
    return render_template("announcement_form.html", **_form(found.kind, found, fresh=False), **forms.blank())


@views.post("/announcements/<int(max=999999999999999):announcement>/change")
def change(announcement: int) -> ResponseReturnValue:
    """Write a draft anew."""
    was = request.form.get("was", "")
    return _show(
        announcements.change(store(), announcement_id=announcement, was=was, typed=_typed(), by=actor(), now=now())
    )


@views.post("/announcements/<int(max=999999999999999):announcement>/publish")
def publish(announcement: int) -> ResponseReturnValue:
    """Publish what was read."""
    was = request.form.get("was", "")
    return _show(announcements.publish(store(), announcement_id=announcement, was=was, by=actor(), now=now()))


@views.post("/announcements/<int(max=999999999999999):announcement>/withdraw")
def withdraw(announcement: int) -> ResponseReturnValue:
    """Take one back."""
    reason = request.form.get("reason", "")
    return _show(announcements.withdraw(store(), announcement_id=announcement, reason=reason, by=actor(), now=now()))


@views.get("/announcements/<int(max=999999999999999):announcement>/poster")
def poster(announcement: int) -> ResponseReturnValue:
    """Show it as a sheet for the wall, A4 or A3; the code stands on it only where phones reach the page."""
    found = announcement_facts.find(store(), announcement, by=actor())
    size = request.args.get("size", "a4")
    if size not in SIZES:
        abort(404)
    return render_template(
        "announcement_poster.html",
        one=found,
        size=size,
        type_class=type_class(found.body, len(found.lines)),
        stage=found.stage(_today()),
        **_shared(),
    )


@views.get("/announcements/qr.svg")
def qr() -> ResponseReturnValue:
    """Draw the code that leads phones to the notices; there is none before the box reached its public address."""
    permit(actor(), "see_announcements")
    if not current_site().on_phone:
        abort(404)
    response = make_response(svg(f"{current_site().public_url}{PUBLIC_PATH}"))
    response.mimetype = "image/svg+xml"
    return response


@views.app_template_filter()
def announcement_act(what: str) -> str:
    """Return an act of a notice's history in the reader's language."""
    return words(ACTS[SUBJECT][what])


def _typed() -> Typed:
    columns = (request.form.getlist(name) for name in ("side", "item", "amount"))
    return Typed(**forms.fields(*TYPED, "place"), lines=tuple(zip_longest(*columns, fillvalue="")))


def _show(found: Announcement) -> ResponseReturnValue:
    return forms.lead_to(f"/announcements/{found.id}")


def _form(kind: str, found: Announcement | None, *, fresh: bool) -> dict[str, Any]:
    """Return what a form is filled with, and as many empty lines as somebody may want next.

    A fresh one that begins with the words of another has days of its own.
    """
    return {
        "kind": kind,
        "one": found,
        "fresh": fresh,
        "filled": _filled(found, fresh=fresh),
        "kinds": KINDS,
        "sides": SIDES,
        "lines": found.lines if found else (),
        "spare": SPARE_ROWS,
    }


def _filled(found: Announcement | None, *, fresh: bool) -> dict[str, str]:
    days = {} if fresh else {name: getattr(found, name).isoformat() for name in ("from_on", "until_on")}
    if found is None:
        return {"from_on": _today().isoformat()}
    if not fresh and found.event_on:
        days["event_on"] = found.event_on.isoformat()
    said = {name: getattr(found, name) for name in ("period", "begins", "ends", "place")}
    for name, pair in (("title", found.title), ("body", found.body)):
        said |= {name: pair.zh, f"{name}_en": "" if pair.en == pair.zh else pair.en}
    return {"from_on": _today().isoformat()} | said | days


def _shared() -> dict[str, Any]:
    by = actor()
    return {
        "site": current_site(),
        "kinds": KINDS,
        "sides": SIDES,
        "stages": STAGES,
        "today": _today(),
        "may_write": may(by, "write_announcement"),
        "may_publish": may(by, "publish_announcement"),
    }


def _today() -> date:
    return clock.local_day(events.moment(store(), now()), current_site().zone)
