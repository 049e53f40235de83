"""The accounts of the staff: who is logged in where, one-time codes, what somebody holds who leaves, new heads."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from desk import forms
from desk.session import actor, sitting
from reception import accounts, leaving, new_heads, one_time_codes, sessions, worker_devices
from reception.leaving_kinds import KINDS
from reception.permissions import may
from reception.table_columns import ROLES
from web.app import now, store
from web.languages import current_site

views = Blueprint("accounts", __name__)


@views.get("/accounts")
def page() -> ResponseReturnValue:
    """Show every account."""
    found = accounts.all_accounts(store(), by=actor())
    return render_template("accounts.html", accounts=found, roles=ROLES, site=current_site())


@views.get("/accounts/<login>")
def one(login: str) -> ResponseReturnValue:
    """Show one account: its log-ins, its phones, what its person holds."""
    return _show(login)


def _show(login: str, code: str = "") -> ResponseReturnValue:
    opened = accounts.one(store(), sitting(), login=login, now=now())
    phones = worker_devices.of_login(store(), login, by=actor(), now=now())
    # Numbers of cases are for whoever may see cases; others count them.
    numbers = may(actor(), "see_cases")
    takers = sorted({taker for held in opened.held if held.kind.give for taker in held.takers}, key=lambda one: one[1])
    return render_template(
        "account.html", opened=opened, phones=phones, key=login, code=code, numbers=numbers, takers=takers, roles=ROLES,
        site=current_site(),
    )  # fmt: skip


@views.post("/accounts/<login>/code")
def give_code(login: str) -> ResponseReturnValue:
    """Give a one-time code, which this answer alone shows."""
    return _show(login, one_time_codes.give(store(), login=login, by=actor(), now=now()))


@views.post("/accounts/<login>/sessions/end")
def end(login: str) -> ResponseReturnValue:
    """End a log-in of somebody, or all."""
    sessions.revoke(store(), sitting(), login=login, mark=request.form.get("mark", ""), now=now())
    return forms.lead_to(f"/accounts/{login}")


def _chosen() -> dict[str, str]:
    """Return by kind who takes it: the one named for the kind, else the one for all that he may take."""
    return {kind.code: request.form.get(f"to.{kind.code}") or request.form.get("to", "") for kind in KINDS if kind.give}


@views.post("/accounts/<login>/hand-on")
def hand_on(login: str) -> ResponseReturnValue:
    """Give what somebody holds to others."""
    leaving.hand_on(store(), login=login, to=_chosen(), by=actor(), now=now())
    return forms.lead_to(f"/accounts/{login}")


@views.post("/accounts/<login>/leave")
def leave(login: str) -> ResponseReturnValue:
    """Hand everything on and end the account."""
    leaving.leave(store(), login=login, to=_chosen(), by=actor(), now=now())
    return forms.lead_to("/accounts")


@views.get("/new-heads")
def heads() -> ResponseReturnValue:
    """Show the new heads whom no other has confirmed yet."""
    waiting = new_heads.waiting(store(), by=actor())
    return render_template("new_heads.html", heads=waiting, roles=ROLES, site=current_site())


@views.post("/new-heads/<login>")
def confirm(login: str) -> ResponseReturnValue:
    """Confirm one."""
    new_heads.confirm(store(), login=login, by=actor(), now=now())
    return forms.lead_to("/new-heads")
