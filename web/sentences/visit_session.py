"""What is refused on the visit day itself, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "guest_of_session": _l("This number is of the visit day: its guest is called from the session page alone."),
    "visit_day_none_today": _l("No owner is received today."),
    "not_of_session": _l("Only who receives, who stands in for him and who records sit in this session."),
    "session_busy": _l("Somebody is in the room or waits for it. Receive, rebook or hand over first."),
    "session_early": _l("It has not begun, or somebody is still to come: the session ends once its hours are over."),
    "call_not_taken_back": _l("This call can no longer be taken back: note that nobody came."),
    "visit_not_admitted": _l("A signature is still missing: this booking is not admitted yet."),
    "visit_other_day": _l("This booking is for another day."),
    "visit_none_today": _l("Nobody with this number is booked for today."),
    "visit_several_today": _l("Several are booked with these digits: please use the number of the booking."),
    "room_busy": _l("Somebody is in the room. End the talk, or note that nobody came, first."),
    "visit_day_no_host": _l("Nobody is named who receives today. Please name the host or a deputy first."),
    "talk_running": _l("A talk is going on already."),
    "talk_over": _l("This talk is over."),
    "talk_decided": _l("Something was decided already: the talk can no longer be taken back."),
    "talk_not_begun": _l("The talk has not begun yet."),
    "talk_undecided": _l("Nothing was decided and read to the owner yet: opinion, department and deadline first."),
    "talk_long_enough": _l("This talk was made longer by two hours already."),
    "minutes_unknown": _l("Please choose how many minutes more."),
    "row_of_session": _l("The line and the room of the visit day stay as they are: its session calls by them."),
    "agenda_empty": _l("Nobody is admitted for this day yet."),
    "session_over": _l("The session of this visit day has ended."),
}
