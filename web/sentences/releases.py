"""The sentences of passes for goods, at the desk and at the gate."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "item_count_bad": _l("Please write how many as a number up to 999, such as 2 or 2 boxes in short: 2箱."),
    "owner_agreement_missing": _l("A tenant who moves out needs the owner's agreement. Please say how you saw it."),
    "release_day_invalid": _l("Please choose the day on which the goods leave."),
    "release_day_past": _l("This day is over. Please choose today or a later one."),
    "release_day_too_far": _l("A pass is applied for at most thirty days ahead."),
    "release_expired": _l("This pass is over: it was good on its day alone. Please apply for a new one at the desk."),
    "release_items_missing": _l("Please write what leaves: at least one line."),
    "release_items_too_many": _l("At most 24 lines fit on a pass. Please make a second one for the rest."),
    "release_lines_unknown": _l("This line is not on the pass. Please open the pass again."),
    "release_none": _l("Nothing is ticked. Please tick what leaves, or do not let it out."),
    "release_not_yours": _l("Passes are approved by others here. Please ask the head of service or the manager."),
    "release_other_day": _l("This pass is good on another day. Nothing leaves by it today."),
    "release_out": _l("These goods left already: %(at)s. A pass is good once."),
    "release_own": _l("Nobody approves a pass that he applied for himself. Please ask a colleague who may."),
    "release_time_ahead": _l("This time has not come yet. Please write when the goods left."),
    "release_time_before": _l("The pass was not approved yet at this time. Please look at the paper again."),
    "release_time_invalid": _l("Please write the time as the gate did, such as 19:40."),
    "release_unticked": _l("Not every line is ticked. Tick what leaves, and say so if the rest stays here today."),
    "tie_unknown": _l("Please choose how the applicant belongs to the home, and the document that you saw."),
}
