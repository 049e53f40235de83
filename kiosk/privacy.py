"""The privacy notice in force, for every page of a visitor that asks who he is."""

from flask import Blueprint

from reception import privacy_notices
from reception.privacy_notices import Notice
from reception.wording import Words
from web.app import store
from web.languages import current_site

views = Blueprint("privacy", __name__)


@views.app_template_global()
def privacy_notice() -> Notice:
    """Return the version in force."""
    return privacy_notices.in_force(store())


@views.app_template_global()
def privacy_periods() -> list[Words]:
    """Return for how long what is kept, as this centre set it."""
    return privacy_notices.periods(current_site())
