"""Photos: taken on the worker's phone, seen there and at the desk by whoever may see the order."""

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from desk import session, work_door
from reception import photo_files, photos, work_orders
from reception.permissions import Actor
from reception.refusal import Refused
from web.app import now, store

views = Blueprint("work_photos", __name__)

# A photo and the few words around it. Every other door of both apps takes 64 KB.
BODY = photo_files.MAX_BYTES + 64 * 1024
# The parser counts its own buffer of 64 KB as a field's: with the usual limit no picture would pass.
FIELDS = 256 * 1024


@views.post("/work/o/<order_no>/photos")
def add(order_no: str) -> ResponseReturnValue:
    """Keep a photo that the phone sends."""
    request.max_content_length, request.max_form_memory_size = BODY, FIELDS
    sent = request.files.get("photo")
    data = sent.stream.read(photo_files.MAX_BYTES + 1) if sent else b""
    number = work_orders.find(store(), order_no).no
    photos.add(
        store(),
        order_no=number,
        stage=request.form.get("stage", ""),
        data=data,
        nonce=request.form.get("nonce", ""),
        by=work_door.actor(),
        now=now(),
    )
    return redirect(f"/work/o/{number}", 303)


@views.post("/work/photos/<int(max=999999999999999):photo_id>/remove")
def remove(photo_id: int) -> ResponseReturnValue:
    """Take a wrong photo away."""
    return redirect(f"/work/o/{photos.remove(store(), photo_id=photo_id, by=work_door.actor(), now=now())}", 303)


@views.get("/work/photos/<int(max=999999999999999):photo_id>")
def on_phone(photo_id: int) -> ResponseReturnValue:
    """Show a photo on the worker's phone."""
    return _picture(photo_id, work_door.actor())


@views.get("/work/photos/<int(max=999999999999999):photo_id>/small")
def small_on_phone(photo_id: int) -> ResponseReturnValue:
    """Show its thumbnail."""
    return _picture(photo_id, work_door.actor(), small=True)


@views.get("/photos/<int(max=999999999999999):photo_id>")
def at_desk(photo_id: int) -> ResponseReturnValue:
    """Show a photo at the desk."""
    return _picture(photo_id, session.actor())


@views.get("/photos/<int(max=999999999999999):photo_id>/small")
def small_at_desk(photo_id: int) -> ResponseReturnValue:
    """Show its thumbnail."""
    return _picture(photo_id, session.actor(), small=True)


def _picture(photo_id: int, by: Actor, *, small: bool = False) -> ResponseReturnValue:
    photo = photos.find(store(), photo_id, by=by)
    try:
        data = (photo_files.small_of(photo.path) if small else photo.path).read_bytes()
    except OSError:
        raise Refused("photo_gone") from None
    response = Response(data, mimetype="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
