"""What is refused of what comes after the visit day, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "not_the_host": _l("The host of the day decides, or whoever stands over all departments."),
    "decision_unread": _l("Something was decided already: read it to the owner, or note that he has left, first."),
    "decision_missing": _l("Please write a decision first: an opinion, a department and a deadline."),
    "decision_untold": _l("The owner does not know yet what came of every decision."),
    "visit_day_not_held": _l("The day was not held yet: its summary comes after it."),
    "summary_written": _l("The summary of this day is written already."),
    "topic_not_common": _l("Nobody brought a matter of this kind that day."),
    "common_issue_known": _l("Something is done against this issue already."),
    "action_missing": _l("Please say what shall keep it from coming again."),
    "finding_missing": _l("Please say what was seen."),
    "breach_unknown": _l("There is no such finding."),
    "correction_missing": _l("Please say how it was put right."),
    "period_invalid": _l("A period ends after it begins, and is no longer than two years."),
    "signed_unknown": _l("Please say whether the owner signed the paper."),
}
