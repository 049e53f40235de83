"""The visit day: rooms, calendar, bookings, sign-off, session, promises."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "book_visit_day": FRONT | {Role.KIOSK, Role.TOKEN_HOLDER},
    "see_rooms": FRONT | HEADS,
    "book_room": FRONT | HEADS,
    # Every meeting, and the room of the visit day; one's own anybody moves who may book.
    "manage_rooms": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_calendar": FRONT | HEADS,
    "change_calendar": frozenset({Role.MANAGER, Role.BOX}),
    "see_visit_days": FRONT | HEADS,
    "keep_visit_days": frozenset({Role.BOX}),
    "publish_visit_day": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "move_visit_day": frozenset({Role.MANAGER}),
    "name_deputy": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "book_walk_in": FRONT | {Role.MANAGER},
    "withdraw_booking": FRONT | {Role.MANAGER},
    "change_booking": FRONT | {Role.MANAGER},
    "change_own_booking": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}),
    "settle_ownership": FRONT | {Role.MANAGER},
    "see_bookings": FRONT | {Role.MANAGER},
    # The day itself. A deputy of any department leads as host, and who accompanies reads the agenda: the acts ask who.
    "watch_visit_day": frozenset({Role.BOX}),
    "check_in_visit_day": FRONT | {Role.KIOSK},
    "see_session": FRONT | HEADS,
    "hold_session": FRONT | HEADS,
    "arrange_visit_day": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER}),
    "read_agenda": FRONT | HEADS,
    # After the visit day. A deputy of any department decides as host: the act asks who he is.
    "decide_in_visit": FRONT | HEADS,
    "reopen_visit": FRONT | {Role.MANAGER},
    "see_visit_form": FRONT | HEADS,
    "see_visit_summary": FRONT | HEADS,
    "write_visit_summary": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD, Role.MANAGER}),
    "prevent_common_issue": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_oversight": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "correct_oversight": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "watch_oversight": frozenset({Role.BOX}),
    # Never a head of one department: the register holds what concerns others.
    "export_bookings": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Sign-off of bookings for the visit day (K7): whose a signature is, the chain and the store say besides.
    "prepare_booking": FRONT,
    "review_booking": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD}),
    "see_booking_form": FRONT | HEADS,
    "sign_booking": HEADS | {Role.ASSISTANT},
    "record_paper_signature": FRONT,
    "reword_booking": FRONT,
    "admit_walk_in": frozenset({Role.MANAGER}),
    "refuse_booking": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD, Role.MANAGER}),
    "name_sign_deputy": HEADS | {Role.ASSISTANT},
    "watch_signatures": frozenset({Role.BOX}),
}
