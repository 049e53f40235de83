"""The privacy notice in force, for every page of a visitor that asks who he is."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue

from kiosk.screen import keep_choices, take_choices
from reception import privacy_notices
from reception.privacy_notices import Notice
from reception.wording import Words
from web import refusals
from web.app import store
from web.languages import current_site
from web.statuses import STATUS

views = Blueprint("privacy", __name__)

# What a form says of itself, and not of the visitor.
_OF_THE_PAGE = {"notice", "language", "size", "typing"}


@views.app_template_global()
def privacy_notice() -> Notice:
    """Return the version in force."""
    return privacy_notices.in_force(store())


@views.app_template_global()
def privacy_periods() -> list[Words]:
    """Return for how long what is kept, as this centre set it."""
    return privacy_notices.periods(current_site())


@views.app_errorhandler(privacy_notices.Another)
def anew(error: privacy_notices.Another) -> ResponseReturnValue:
    """Show the notice as it is now to who was shown another; what he typed stands there to be sent again.

    A change of language or size sends it as it came, and so leads here again: only who goes on names what he read.
    """
    take_choices()
    form = request.form
    typed = [(name, value) for name in form if name not in _OF_THE_PAGE for value in form.getlist(name)]
    page = render_template(
        "notice_anew.html",
        site=current_site(),
        typed=typed,
        shown_before=(form.getlist("notice") or [""])[0],
        code=error.code,
        sentence=refusals.sentence(error.code),
    )
    return keep_choices(make_response(page, STATUS.get(error.code, 422)))
