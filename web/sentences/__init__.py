"""The sentence of each refusal in the reader's language; each subject has a file of its own."""

from collections.abc import Callable

from web.sentences import (
    about_staff,
    box,
    care,
    custody,
    day,
    desk_tool,
    fees,
    follow_through,
    forms,
    general,
    incidents,
    inquiries,
    inspections,
    interface,
    months,
    notices,
    persons,
    procedures,
    releases,
    reveals,
    tours,
    visit_after,
    visit_booking,
    visit_calendar,
    visit_day,
    visit_rooms,
    visit_session,
    visit_signing,
    visits,
)

_SUBJECTS = (
    general,
    about_staff,
    box,
    day,
    desk_tool,
    follow_through,
    incidents,
    visits,
    visit_day,
    visit_rooms,
    visit_calendar,
    visit_session,
    visit_signing,
    visit_booking,
    visit_after,
    inquiries,
    persons,
    procedures,
    releases,
    reveals,
    months,
    notices,
    forms,
    care,
    interface,
    fees,
    inspections,
    custody,
    tours,
)
SENTENCES: dict[str, Callable[[], str]] = {
    code: sentence for subject in _SUBJECTS for code, sentence in subject.SENTENCES.items()
}

# A code with two sentences would tell somebody what another subject means by it.
if len(SENTENCES) != sum(len(subject.SENTENCES) for subject in _SUBJECTS):
    raise AssertionError("a code stands in two subjects")
