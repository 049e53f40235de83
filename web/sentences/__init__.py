"""The sentence of each refusal in the reader's language; each subject has a file of its own."""

from collections.abc import Callable

from web.sentences import (
    about_staff,
    box,
    day,
    desk_tool,
    fees,
    follow_through,
    general,
    incidents,
    inquiries,
    persons,
    reveals,
    visit_after,
    visit_booking,
    visit_calendar,
    visit_day,
    visit_rooms,
    visit_session,
    visit_signing,
    visits,
)

SENTENCES: dict[str, Callable[[], str]] = {
    **general.SENTENCES,
    **about_staff.SENTENCES,
    **box.SENTENCES,
    **day.SENTENCES,
    **desk_tool.SENTENCES,
    **follow_through.SENTENCES,
    **incidents.SENTENCES,
    **visits.SENTENCES,
    **visit_day.SENTENCES,
    **visit_rooms.SENTENCES,
    **visit_calendar.SENTENCES,
    **visit_session.SENTENCES,
    **visit_signing.SENTENCES,
    **visit_booking.SENTENCES,
    **visit_after.SENTENCES,
    **inquiries.SENTENCES,
    **persons.SENTENCES,
    **reveals.SENTENCES,
    **fees.SENTENCES,
}
