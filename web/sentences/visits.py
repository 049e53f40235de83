"""The sentences of appointments, hand-overs, official business, and identity."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "addressee_missing": _l("Please say for whom it is: a member of staff, or a home."),
    "addressee_twice": _l("It is for a member of staff or for a home, not for both."),
    "addressee_unknown": _l("Nobody of this name works here now."),
    "appointment_closed_now": _l("We are closed now. Please scan your slip again once we are open, or ask the desk."),
    "appointment_none_today": _l("Nobody with this number or telephone is expected today."),
    "appointment_not_yours": _l("This is a colleague's visitor. Please ask him or the desk."),
    "appointment_other_day": _l("This appointment is for another day."),
    "appointment_several_today": _l(
        "Several visitors today have this end of their number. Please press the right line."
    ),
    "digits_in_note": _l("No figures here, please: the number of a document is never written down."),
    "document_unknown": _l("Please choose which document was seen."),
    "expected_time_closed": _l("Nobody is received at this hour. Please choose one within the opening hours."),
    "expected_time_invalid": _l("Please write day and hour, such as 11-24 14:05."),
    "expected_time_past": _l("This time has passed. Please choose one still to come."),
    "expected_time_too_far": _l("This is more than half a year ahead. Please check the date."),
    "handover_own": _l("Nobody attests his own signature. Please let a colleague hand it over."),
    "host_busy": _l("This colleague has another visitor at that time. Please choose another time or host."),
    "host_unknown": _l("Please choose a colleague who receives visitors."),
    "id_number": _l("The number of an identity card stands in this text. It is never kept here: please take it out."),
    "item_missing": _l("Please write what it is."),
    "business_missing": _l("Please write what it is about."),
    "nothing_changed": _l("Nothing would change. Please give another time, or another colleague."),
    "official_not_yours": _l("Its counterpart, or the desk, says what came of it."),
    "organisation_missing": _l("Please write from which body the visitor comes."),
    "pieces_invalid": _l("Please write how many pieces, from 1 to 999."),
    "shelf_missing": _l("Please write where it lies."),
    "purpose_missing": _l("Please write what the visit is about."),
    "result_missing": _l("Please write what came of it."),
    "signature_not_seen": _l("It is handed over against a signature on the record. Please tick that you saw it."),
    "taker_missing": _l("Please write who takes it."),
    "telling_unknown": _l("There is no such message for you."),
    "whose_unknown": _l("Please choose whose document it is."),
}
