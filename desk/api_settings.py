"""The page of the interface for other systems: keys and subscriptions, made and ended by the administrator."""

import secrets
from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from desk import forms
from desk.session import actor
from desk.settings import rooms
from reception import api_tokens, webhooks
from reception.rules import clock
from web.app import now, store
from web.languages import current_site

views = Blueprint("api_settings", __name__)

# Why a receiver did not take a message, by the word of the sender; `http_<status>` stands for itself.
FAILURES: Final[dict[str, Any]] = {
    "refused": _l("nobody listens at this address"),
    "timeout": _l("no answer within ten seconds"),
    "unreachable": _l("the address cannot be reached from the box"),
    "no_such_name": _l("the box finds no such name in the network"),
    "not_lan": _l("the name leads outside of the local network"),
    "own_address": _l("the address is that of the box itself"),
    "a_printer": _l("the address is that of a printer"),
    "certificate": _l("its certificate is not known to the box"),
    "no_http": _l("what answered is no HTTP"),
}


@views.app_template_filter()
def failure_words(code: str) -> str:
    """Return why a message was not taken, in the reader's language."""
    return str(FAILURES[code]) if code in FAILURES else code.replace("http_", "HTTP ")


@views.get("/settings/api")
def page() -> ResponseReturnValue:
    """Show keys and subscriptions."""
    return _show()


def _show(key: str = "", secret: str = "", again: bool = False) -> ResponseReturnValue:
    found = api_tokens.listed(store(), by=actor(), now=now())
    today = clock.local_day(now(), current_site().zone)
    return render_template(
        "api_settings.html", tokens=found, webhooks=webhooks.listed(store(), by=actor()), scopes=api_tokens.SCOPES,
        kinds=webhooks.KINDS, key=key, secret=secret, again=again, nonce=secrets.token_urlsafe(16), today=today,
        until=today + timedelta(days=365), latest=today + api_tokens.LONGEST, api=True, **rooms(),
    )  # fmt: skip


@views.post("/settings/api/tokens")
def make() -> ResponseReturnValue:
    """Make a key, which this answer alone shows."""
    made = api_tokens.make(
        store(), **forms.fields("name", "expires_on", "nonce"), scopes=request.form.getlist("scopes"), by=actor(),
        now=now(),
    )  # fmt: skip
    return _show(key=made, again=not made)


@views.post("/settings/api/tokens/<int(max=999999999999999):token_id>/revoke")
def revoke(token_id: int) -> ResponseReturnValue:
    """Take a key back."""
    api_tokens.revoke(store(), token_id=token_id, by=actor(), now=now())
    return forms.lead_to("/settings/api")


@views.post("/settings/api/webhooks")
def subscribe() -> ResponseReturnValue:
    """Let a system be told; this answer alone shows the secret of its signatures."""
    made = webhooks.subscribe(
        store(), **forms.fields("name", "url", "nonce"), kinds=request.form.getlist("kinds"), by=actor(), now=now()
    )
    return _show(secret=made, again=not made)


@views.post("/settings/api/webhooks/<int(max=999999999999999):webhook_id>/end")
def end(webhook_id: int) -> ResponseReturnValue:
    """Tell a system nothing more."""
    webhooks.end(store(), webhook_id=webhook_id, by=actor(), now=now())
    return forms.lead_to("/settings/api")


@views.post("/settings/api/webhooks/<int(max=999999999999999):webhook_id>/again")
def again(webhook_id: int) -> ResponseReturnValue:
    """Ask a receiver at once, for what was parked too."""
    webhooks.try_again(store(), webhook_id=webhook_id, by=actor(), now=now())
    return forms.lead_to("/settings/api")


@views.post("/settings/api/webhooks/<int(max=999999999999999):webhook_id>/pass-over")
def pass_over(webhook_id: int) -> ResponseReturnValue:
    """Park the first that waits."""
    webhooks.pass_over(store(), webhook_id=webhook_id, **forms.fields("mark"), by=actor(), now=now())
    return forms.lead_to("/settings/api")
