"""The sentences of special receptions. They may be read over the counter: they say nothing of the matter."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "class_missing": _l("Please choose a class first."),
    "concerned_oneself": _l("Nobody names himself. Please ask a colleague."),
    "contact_unknown": _l("This person is not on the list any more."),
    "headcount_invalid": _l("Please write how many people, 1 to 999."),
    "nobody_left": _l("No head would see it any more. Please leave one out."),
    "record_incomplete": _l("The record is not complete yet: what is missing is marked."),
    "staff_printer_missing": _l("No printer stands behind the desk. Please read from the screen."),
    "study_missing": _l("Please write the case study."),
    "study_tells_who": _l("A telephone, a home or a name stands in it. Please take it out."),
    "title_missing": _l("Please write a title."),
}
