"""What is refused of bookings for the visit day, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "owners_only": _l(
        "The visit day is for owners, and our records do not name you as one. We gladly take it as a complaint, a"
        " repair or a suggestion; or the owner books, or you act for him at the front desk with his power of attorney."
    ),
    "proof_unknown": _l("Please choose how the owner is known."),
    "agent_unproven": _l("To act for the owner, the power of attorney and a document of the owner must both be seen."),
    "ownership_settled": _l("Whether he is the owner was settled already."),
    "owner_not_in_file": _l("The file of the home does not name this person as its owner."),
    "booking_closed": _l("That visit day can no longer be booked. Please choose a later one."),
    "visit_day_full": _l("No time is free on that day. Please choose another day."),
    "visit_day_over": _l("That visit day is over, or it is today: nothing of it can be changed here."),
    "no_visit_today": _l("There is no visit day today."),
    "change_cause_unknown": _l("Please choose why the time changes."),
    "ask_at_the_desk": _l("Please ask at the front desk: we book it for you there."),
}
