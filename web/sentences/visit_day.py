"""What is refused of the visit day, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "no_visit_day": _l("No visit day is planned yet. Please ask customer service."),
    "visit_day_unknown": _l("There is no such visit day."),
    "household_booked": _l("This home has booked that visit day already."),
    "slot_taken": _l("Somebody else has just taken that time. Please choose another."),
}
