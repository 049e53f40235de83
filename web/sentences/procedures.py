"""The sentences of procedures of a home, and of the items of any case."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "date_missing": _l("Please give the day."),
    "date_to_come": _l("This day is still to come. Please give the day on which it was handed over."),
    "dates_missing": _l("Please give the first and the last day."),
    "item_not_chosen": _l("Please tick what was seen or done."),
    "item_not_yours": _l("Another department ticks this one."),
    "item_unknown": _l("This item is not of this matter. Please open it again."),
    "items_missing": _l("Something required is still open. Please tick it, or have a head let it go."),
    "nothing_missing": _l("Nothing is missing of what is to be brought."),
    "procedure_running": _l("This home has the same matter under way. Please go on with that one."),
    "procedure_unknown": _l("Please choose one of the matters."),
    "tenant_is_owner": _l(
        "This person is the owner in the home's file; a lease names the tenant. Please begin it with the tenant's name."
    ),
    "variant_of_another": _l("This kind of applicant belongs to another procedure."),
    "variant_unknown": _l("Please choose who comes."),
}
