"""A day as a form sends it."""

from datetime import date

from reception.refusal import Refused


def typed_day(text: str, *, code: str = "date_invalid") -> date:
    """Return the day that was typed (ISO, as a date field sends it). Refuses `code`; what days are wanted, acts say."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(code) from None
