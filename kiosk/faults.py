"""已知故障 at the kiosk: the band on the start, and 我家也是: home, phone if he likes, noted; no number is needed."""

from typing import Any, cast

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.register import Draft, home_steps
from kiosk.screen import keep_choices, new_nonce, take_choices, told
from reception import events, fault_records, known_faults
from reception.fault_records import Fault
from reception.permissions import KIOSK
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site

views = Blueprint("faults", __name__)


@views.app_context_processor
def _known() -> dict[str, Any]:
    return {"known": known}


def known() -> dict[str, Any]:
    """Return the open faults for any screen of the lobby, and the moment by which what is expected is said."""
    found = known_faults.open_faults(store())
    return {"open": found, "moment": events.moment(store(), now()) if found else None, "zone": current_site().zone}


@views.get("/faults")
def band() -> ResponseReturnValue:
    """Answer the band of the start alone, for the live screen."""
    return render_template("_faults.html")


@views.get("/display/faults")
def strip() -> ResponseReturnValue:
    """Answer the strip of the call display alone, for the live screen."""
    return render_template("_fault_strip.html")


@views.get("/fault")
def choose() -> ResponseReturnValue:
    """Show every open fault: whose is it?"""
    return render_template("fault_choose.html", site=current_site())


@views.get("/fault/<fault_id>")
def begin(fault_id: str) -> ResponseReturnValue:
    """Ask where the visitor lives."""
    return _page(_open(fault_id))


@views.post("/fault/<fault_id>/step")
def step(fault_id: str) -> ResponseReturnValue:
    """Show the step that follows; once home and phone are there (or no phone is given) the home is noted."""
    take_choices()
    fault, (draft, asked) = _open(fault_id), home_steps(request.form)
    if asked is None:
        return keep_choices(make_response(_note(fault_id, unit=draft.home, phone=draft.phone)))
    return keep_choices(make_response(_page(fault)))


@views.post("/fault/<fault_id>/join")
def join(fault_id: str) -> ResponseReturnValue:
    """Note the home of somebody who was about to register a repair: one tap."""
    return _note(fault_id, unit=request.form.get("unit", ""), phone=request.form.get("phone", ""))


def _note(fault_id: str, *, unit: str, phone: str) -> ResponseReturnValue:
    nonce = request.form.get("nonce", "")
    joined = known_faults.add_household(
        store(), nonce=nonce, fault_id=fault_id, unit=unit, phone=phone, by=told(KIOSK), now=now()
    )
    # Neither home nor phone stands in an address.
    return redirect(f"/fault/{joined.fault.id}/{'known' if joined.already else 'noted'}", 303)


@views.get("/fault/<fault_id>/noted")
@views.get("/fault/<fault_id>/known", endpoint="known_already")
def noted(fault_id: str) -> ResponseReturnValue:
    """Say that the home is noted, or was already; nothing of it stands there for the next visitor."""
    fault = fault_records.find(store(), fault_id)
    return render_template(
        "fault_noted.html", site=current_site(), fault=fault, already=request.path.endswith("/known")
    )


def _open(fault_id: str) -> Fault:
    fault = fault_records.find(store(), fault_id)
    if fault.state != "open":
        raise Refused("fault_over")
    return fault


def _ask_where(fault: Fault) -> tuple[Draft, dict[str, Any] | None]:
    """Return the steps of the home, with what the fault strikes alone: nobody need look for his own among all."""
    draft, asked = home_steps(request.form)
    if asked is None or asked["step"] not in {"entrance", "building", "unit_no"}:
        return draft, asked
    step, choices = asked["step"], cast(list[Any], asked["choices"])
    homes = {"entrance": choices, "building": [(one,) for one in choices]}.get(
        str(step), [(draft.building, one) for one in choices]
    )
    return draft, asked | {"choices": [one for one, home in zip(choices, homes, strict=True) if fault.touches(*home)]}


def _page(fault: Fault) -> str:
    draft, asked = _ask_where(fault)
    nonce = request.form.get("nonce") or new_nonce()
    facts = {"moment": events.moment(store(), now()), "zone": current_site().zone}
    return render_template(
        "fault_join.html", site=current_site(), fault=fault, draft=draft, nonce=nonce, **facts, **(asked or {})
    )
