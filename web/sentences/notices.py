"""What is refused of notices, accounts made public and events."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "account_item_missing": _l("Please write what this amount is for."),
    "account_side_missing": _l("Please choose for every row whether it came in or went out."),
    "accounts_empty": _l("Accounts need at least one line before they are published."),
    "accounts_period_missing": _l("Please write which period the figures are of."),
    "announcement_after_event": _l("An event is shown until its own day at the latest."),
    "announcement_days_reversed": _l("Its last day is before its first."),
    "announcement_own": _l("Figures are published by another head than the one who wrote them."),
    "announcement_past": _l("Its days are over. Please write other days first."),
    "announcement_stands": _l("It is published or withdrawn and stands as it is. Please write another."),
    "announcement_too_long": _l("A notice is shown for a year at most. Please check the days."),
    "announcement_unknown": _l("There is no such notice."),
    "event_day_missing": _l("Please write the day of the event."),
    "event_ends_early": _l("An event ends after it begins."),
    "event_place_missing": _l("Please write where the event is."),
    "event_time_invalid": _l("Please write a time such as 14:00."),
    "too_many_lines": _l("These are too many lines. Please put some of them together."),
}
