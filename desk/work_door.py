"""The door of the worker's phone page: a phone that is signed in, and the PIN of this opening.

All keys live under `/work` alone: the device's for thirty days, the opening's as long as the browser stays open; the
one by which the phone is known opens nothing, and stays when it signs out (`login_failures`).
The desk's session opens nothing here, and these keys nothing at the desk.
"""

from urllib.parse import quote

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as Answer

from reception import worker_devices
from reception.login_failures import KNOWN_FOR
from reception.permissions import Actor
from reception.worker_devices import LIFE, Device
from web import cookies
from web.app import now, store
from web.languages import own_path

DEVICE, OPENING, KNOWN = "work", "work_open", "work_known"
PATH = "/work"
# Without a phone that is signed in; with one, but without its PIN.
OPEN = {"work_sign_in.show", "work_sign_in.enter"}
LOCKED = {"work_sign_in.pin", "work_sign_in.unlock", "work_sign_in.leave"}
# A page that looks by itself says so, and keeps nothing open by it.
LOOK = "X-Look"
_KINDS = (("iphone", "iphone"), ("ipad", "iphone"), ("harmony", "harmony"), ("android", "android"))


def is_here() -> bool:
    """Whether this request is the phone page's: then this door asks, and the desk's does not."""
    return request.path == PATH or request.path.startswith(f"{PATH}/")


def ask() -> ResponseReturnValue | None:
    """Let the request in, or lead to where the phone signs in or gives its PIN."""
    if request.endpoint in OPEN:
        return None
    g.device = worker_devices.device(store(), key(), _opening(), look=LOOK in request.headers, now=now())
    if g.device is None:
        return redirect(_there("/work/sign-in"), 303)
    if not g.device.unlocked and request.endpoint not in LOCKED:
        return redirect(_there("/work/pin"), 303)
    return None


def _there(door: str) -> str:
    # Quoted: a line end in it would stand in the head of the answer.
    return f"{door}?next={quote(request.path)}" if request.method == "GET" and request.path != PATH else door


def after() -> str:
    """Return where to go once the door is open: a page of ours that was asked for, else the day's orders."""
    wanted = own_path(request.values.get("next", PATH))
    return wanted if wanted.startswith(f"{PATH}/") and "?" not in wanted else PATH


def device() -> Device:
    """Return the phone of this request; there is one behind the door."""
    found: Device = g.device
    return found


def actor() -> Actor:
    """Return the worker whose phone it is."""
    return device().actor


def worker() -> Actor | None:
    """Return the worker where this request is the phone page's and the phone is signed in."""
    found: Device | None = g.get("device")
    return found.actor if found else None


def key() -> str:
    """Return the key of the device, or ''."""
    return cookies.key(DEVICE, path=PATH)


def known() -> str:
    """Return the key by which this phone is known, or ''."""
    return cookies.key(KNOWN, path=PATH)


def _opening() -> str:
    return cookies.key(OPENING, path=PATH)


def kind_of_phone() -> str:
    """Return what the browser says of its phone, coarsely: enough to tell two of one's own apart."""
    said = request.user_agent.string.lower()
    return next((kind for word, kind in _KINDS if word in said), "other")


def keep(response: Answer, *, device_key: str = "", opening: str = "", known_by: str = "") -> None:
    """Give the phone its keys: not for scripts, not for other sites, not for the desk's pages."""
    if device_key:
        cookies.put(response, DEVICE, device_key, path=PATH, max_age=int(LIFE.total_seconds()))
    if opening:
        cookies.put(response, OPENING, opening, path=PATH)
    if known_by:
        cookies.put(response, KNOWN, known_by, path=PATH, max_age=int(KNOWN_FOR.total_seconds()))


def forget(response: Answer) -> None:
    """Take the keys from the phone."""
    for name in (DEVICE, OPENING):
        cookies.drop(response, name, path=PATH)
