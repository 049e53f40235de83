"""What is refused of what comes after the visit day, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "not_the_host": _l("The host of the day decides, or whoever stands over all departments."),
    "decision_missing": _l("Please write a decision first: an opinion, a department and a deadline."),
    "decision_untold": _l("The owner does not know yet what came of every decision."),
    "signed_unknown": _l("Please say whether the owner signed the paper."),
}
