"""The papers of A4 that are signed and filed (归档表), each as a page to print: with what is known, or blank."""

from flask import Blueprint

from reception.filed_names import NAMES
from reception.wording import Words

views = Blueprint("filed_forms", __name__)


@views.app_context_processor
def _names() -> dict[str, dict[str, Words]]:
    return {"filed_names": NAMES}
