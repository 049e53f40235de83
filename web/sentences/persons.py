"""What is refused of one person's rights."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "person_too_vague": _l("Please give a telephone or a name: a home alone is not one person."),
    "person_held": _l("He cannot be erased yet: a matter is not finished, or must be kept. Please see the list."),
    "person_changed": _l("More has come in about this person since you looked. Please look again."),
    "person_for_manager": _l("There is something here for the manager: please let the manager do this."),
    "person_for_another": _l("This must be done by another member of staff who may."),
    "withdrawal_unsure": _l("Please confirm that the person himself asked for it: it cannot be undone."),
    "nobody_found": _l("Nothing is kept of this person."),
    "erasure_not_noted": _l("The disk did not take the note of this erasure, so nothing was erased. Please try again."),
}
