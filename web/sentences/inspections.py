"""The sentences of homes inspected at hand-over."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "inspection_defect_not_paid": _l("This was found when the home was handed over: the developer bears it."),
    "inspection_defect_unknown": _l("This defect is not of this home. Please open the inspection again."),
    "inspection_defects_open": _l("A defect is not yet done and checked. Please look at the list of defects."),
    "inspection_developer_missing": _l("Please write who built the home: the settings keep his name."),
    "inspection_meter_unknown": _l("Please enter the meters for water, electricity and gas."),
    "inspection_meters_missing": _l("A meter was not read yet. Please enter water, electricity and gas."),
    "inspection_nothing_read": _l("Please enter at least one reading."),
    "inspection_place_missing": _l("Please write in which room the defect is."),
    "inspection_reading_below": _l("A meter does not run back. Please look again, or write why it stands lower now."),
    "inspection_reading_invalid": _l("Please write the reading as the meter shows it, such as 345.6."),
    "inspection_running": _l("This home has an inspection under way. Please go on with that one."),
    "inspection_time_invalid": _l("Please give the agreed day and time."),
    "inspection_time_missing": _l("Please give the day and time that you agreed on with the owner."),
    "inspection_time_past": _l("This time is over. Please agree on a later one; leave it empty for now."),
    "inspection_time_too_far": _l("Please agree on a time within half a year."),
    "inspection_unconfirmed": _l("Only what the owner confirmed on the form is entered. Please ask him, and tick it."),
    "inspection_unsigned": _l("The owner accepts by his signature. Please tick it once you saw it on paper."),
    "inspector_unknown": _l("Please choose who of maintenance went through the home with the owner."),
}
