"""The sentences of looks at whole names."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "reveal_reason_missing": _l("Please choose why you look at the name and the telephone."),
    "reveal_words_missing": _l("Please write the other reason in a few words."),
}
