"""The sentences about complaints that only the heads hear."""

from collections.abc import Callable

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Callable[[], str]] = {
    "accused_yourself": _l("It is about you: somebody else must hear it."),
    "heard_in_private": _l("This visitor is received in private; he cannot be sent to a counter."),
    "head_not_in_yet": _l("First he logs in himself and chooses a password that nobody else knows."),
    "head_of_your_making": _l(
        "His account went through your hands: another head confirms it, or whoever keeps the box."
    ),
    "head_unknown": _l("No such head waits to be confirmed."),
    "hearer_unknown": _l("Please choose who shall hear it."),
    "last_hearer": _l("One head of service and one manager always stay: please appoint the successor first."),
    "line_in_private": _l("This service stays in use: whoever complains of one of us must find somebody."),
    "merge_sealed": _l("These two cases are not open to the same people and cannot be merged."),
    "nobody_hears": _l("Nobody with this role works here now. Please choose the other."),
    "not_sealed": _l("This case is not sealed in that way."),
    "nothing_out_of_sealed": _l("A repair is read by everybody: please register it by itself, not out of this case."),
    "password_of_a_head": _l("A head changes the password himself; forgotten, he gets a one-time code at the box."),
    "password_common": _l("This password is one of the first that anybody tries. Please choose another."),
    "password_named": _l("A password is not one's own name or that of the centre."),
    "password_too_long": _l("That is too long for a password."),
    "code_for_oneself": _l("Your own password you change yourself, under your name above."),
    "code_to_change": _l("This is a one-time code. Open /login first and choose a password of your own."),
    "still_holds": _l("He still holds something. Please choose who takes it."),
    "taker_unfit": _l("Not everything of this can go to that person. Please choose somebody else."),
    "session_gone": _l("This log-in has ended already."),
    "password_same": _l("A one-time code was read by others: choose a new password."),
    "password_wrong": _l("This is not your present password."),
    "sealed_already": _l("This case is sealed already."),
}
