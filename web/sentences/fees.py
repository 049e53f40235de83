"""The sentences of fee notices and of calls about them."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "fee_amount_zero": _l("The amount is zero: nobody has to pay this line."),
    "fee_area_unwanted": _l("The area belongs to common energy alone. Please leave it empty here."),
    "fee_call_not_held": _l("This call is not in your hands, or has its result already."),
    "fee_called_today": _l("This home was called today. One call a day: please try tomorrow."),
    "fee_changed": _l("Somebody changed this line meanwhile. Please look at the home again."),
    "fee_item_unknown": _l("This is none of the items: property fee, common energy, water, electricity, gas."),
    "fee_none_chosen": _l("Please tick the lines first."),
    "fee_note_missing": _l("Please write what the person said, so that somebody can look into it."),
    "fee_nothing_late": _l("Nothing is overdue here: nobody has to be called."),
    "fee_nothing_open": _l("Nothing is to be paid here."),
    "fee_outcome_unknown": _l("Please choose what came of the call."),
    "fee_paid_already": _l("This line was noted as paid with another amount. Please ask the finance department."),
    "fee_period_invalid": _l("Please write the period as 2026-11, 2026-10至2026-12, 2026Q4 or 2026."),
    "fee_period_overlaps": _l("Another line of this item asks for some of these months already."),
    "fee_rate_differs": _l("The amount is not the area times the rate times the months."),
    "fee_stands_already": _l("A later list asks for these months already."),
    "fee_too_many_sheets": _l("Too many sheets at once. Please choose a building."),
}
