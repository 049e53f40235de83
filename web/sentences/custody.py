"""The sentences of homes in custody, their meters and their rounds."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "custody_days_far": _l("A custody begins at most a year from now or ago, and is agreed for at most ten years."),
    "custody_days_invalid": _l("Please choose the first day; the last one, if any, comes after it and is not over."),
    "custody_keys_out": _l("The owner's keys are still with us. Please give them back first."),
    "custody_limit_invalid": _l("Please write the limit as a number, such as 5."),
    "custody_not_now": _l("This cannot be done with this custody as it stands now. Please look again."),
    "custody_note_missing": _l("Please write what was found, and what the owner said."),
    "custody_overuse_unstated": _l(
        "More was used than agreed. Please write it on the agreement before the owner signs, and say so here."
    ),
    "custody_owner_missing": _l("The file of this home names no owner. Please add the owner there first."),
    "custody_reading_below": _l(
        "A meter does not run back: an earlier reading is higher. If that one is wrong, please correct it first."
    ),
    "custody_reading_between": _l("This does not lie between the reading before and the one after."),
    "custody_reading_invalid": _l("Please write the reading as the meter shows it, such as 345 or 345.6."),
    "custody_reading_missing": _l("Please write what at least one meter shows."),
    "custody_reading_unknown": _l("This reading was corrected already. Please look again."),
    "custody_readings_many": _l("This custody has more readings than fit. Please end it and agree anew."),
    "custody_round_none": _l("Please say which round was made."),
    "custody_round_over": _l("Somebody made this round already, or its time is over. Please look at the list again."),
    "custody_stands": _l("This home is in custody already, or an agreement for it waits to be signed."),
    "custody_told": _l("Somebody told the owner already. Please look again."),
    "custody_unknown": _l("There is no home in custody with this number."),
    "custody_unsigned": _l("First both sides sign on paper, before your eyes. Then tick that you saw it."),
    "custody_untold": _l("The owner does not know everything yet. Please tell him, and note how, before it ends."),
    "rain_day_far": _l("Heavy rain is declared at most ten days ahead."),
    "rain_day_invalid": _l("Please choose the day of the heavy rain."),
    "rain_day_past": _l("This day is over. Please choose today or a later one."),
    "rain_declared": _l("Heavy rain is declared for this day already."),
    "rain_not_yet": _l("Its day has not come yet. If it will not rain, please call it off."),
    "rain_over": _l("Somebody ended this warning already."),
}
