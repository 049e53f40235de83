"""Sentences of the desk's own tools: the question before a visitor leaves, and the practice mode."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "end_reason_unknown": _l("Please choose one of the reasons shown."),
    "practice_over": _l("Practice is over: what was pressed here went nowhere. Please open the page again."),
    "practice_runs": _l(
        "Practice runs in this browser: what was pressed here went nowhere. Please leave practice first."
    ),
}
