"""What is refused of rooms and their bookings, in the reader's words."""

from flask_babel import lazy_gettext as _l

SENTENCES = {
    "room_unknown": _l("There is no such room, or it is not in use."),
    "room_booking_unknown": _l("There is no such booking of a room."),
    "room_time_invalid": _l("Please give times on the quarter hour, such as 10:15."),
    "room_time_reversed": _l("The end must be after the beginning, on the same day."),
    "room_in_past": _l("That time has passed."),
    "room_too_far": _l("Rooms are booked at most a year ahead."),
    "room_purpose_missing": _l("Please write what the room is for."),
    "holder_unknown": _l("Please choose a colleague who answers for the room."),
    "room_taken": _l("The room is taken: %(who)s has it, %(when)s. Please choose another time or room."),
    "room_taken_by_visit_day": _l("The room is held for the visit day, %(when)s. Please choose another time or room."),
    "room_day_provisional": _l("The date of that visit day is provisional."),
    "room_held": _l("This is held for the visit day: it goes with the day, or the day is given another room."),
    "room_booking_over": _l("That booking is over or was cancelled. Please look again."),
    "room_not_begun": _l("It has not begun yet. To give the room back, please cancel it."),
    "visit_day_room_stays": _l("That visit day is over; its room stays as it was."),
}
