"""How a worker's phone signs in, gives its PIN, and is signed out; and the phones of one's own."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import session, work_door
from reception import worker_devices
from reception.refusal import Refused
from web.app import now, store
from web.languages import current_site
from web.refusals import sentence
from web.statuses import STATUS

views = Blueprint("work_sign_in", __name__)

PHONES = {"iphone": "iPhone", "android": "Android", "harmony": "HarmonyOS", "other": _l("Another device")}


@views.get("/work/sign-in")
def show() -> ResponseReturnValue:
    """Show the form; it tells nothing about who exists."""
    return _sign_in()


@views.post("/work/sign-in")
def enter() -> ResponseReturnValue:
    """Sign this phone in, with new keys each time."""
    form = {name: request.form.get(name, "") for name in ("name", "password", "pin", "again")}
    form["name"] = form["name"].strip()[:200]
    try:
        key, opening, known = worker_devices.sign_in(
            store(), **form, kind=work_door.kind_of_phone(), browser=work_door.known(), now=now()
        )
    except Refused as refused:
        return _sign_in(refused.code, form["name"])
    response = redirect(work_door.after(), 303)
    work_door.keep(response, device_key=key, opening=opening, known_by=known)
    return response


@views.get("/work/pin")
def pin() -> ResponseReturnValue:
    """Ask for the PIN."""
    return _pin()


@views.post("/work/pin")
def unlock() -> ResponseReturnValue:
    """Open the page by the PIN; after five wrong ones the phone has to sign in again."""
    try:
        opening = worker_devices.unlock(store(), key=work_door.key(), pin=request.form.get("pin", ""), now=now())
    except Refused as refused:
        return _sign_in(refused.code) if refused.code in {"pin_ended", "device_unknown"} else _pin(refused.code)
    response = redirect(work_door.after(), 303)
    work_door.keep(response, opening=opening)
    return response


@views.post("/work/lock")
def lock() -> ResponseReturnValue:
    """Ask for the PIN from now on."""
    worker_devices.lock(store(), work_door.device())
    return redirect("/work/pin", 303)


@views.post("/work/sign-out")
def leave() -> ResponseReturnValue:
    """Sign this phone out."""
    worker_devices.revoke(store(), device_id=work_door.device().id, by=work_door.actor(), now=now())
    response = redirect("/work/sign-in", 303)
    work_door.forget(response)
    return response


@views.get("/work/phones")
def phones() -> ResponseReturnValue:
    """List the phones one is signed in on."""
    found = worker_devices.own(store(), by=work_door.actor(), now=now())
    return render_template("work_phones.html", phones=found, own=work_door.device(), names=PHONES, site=current_site())


@views.post("/work/phones/<int(max=999999999999999):device_id>/end")
def revoke(device_id: int) -> ResponseReturnValue:
    """Sign another phone of one's own out."""
    worker_devices.revoke(store(), device_id=device_id, by=work_door.actor(), now=now())
    return redirect("/work/phones", 303)


@views.post("/settings/staff/<key>/phones/end")
def revoke_all(key: str) -> ResponseReturnValue:
    """Sign every phone of a member of staff out, from the desk's page of staff."""
    worker_devices.revoke_all(store(), login=key, by=session.actor(), now=now())
    return redirect(f"/settings/list/staff/edit/{key}?saved=1", 303)


def _sign_in(code: str = "", name: str = "") -> ResponseReturnValue:
    page = render_template(
        "work_sign_in.html",
        site=current_site(),
        code=code,
        sentence=sentence(code) if code else "",
        name=name,
        after=work_door.after(),
    )
    return page, STATUS.get(code, 422) if code else 200


def _pin(code: str = "") -> ResponseReturnValue:
    page = render_template(
        "work_pin.html",
        site=current_site(),
        code=code,
        sentence=sentence(code) if code else "",
        after=work_door.after(),
    )
    return page, STATUS.get(code, 422) if code else 200
