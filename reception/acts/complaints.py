"""Complaints, and those about one of us."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "register_complaint": FRONT | {Role.MANAGER},
    # A complaint about one of us: whoever hears it, never the desk.
    "set_up": frozenset({Role.BOX}),
    "hear_about_staff": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Where all who heard it are gone: never by whom it may be about.
    "open_wider": frozenset({Role.BOX}),
    "confirm_head": frozenset({Role.SERVICE_HEAD, Role.MANAGER, Role.BOX}),
    "assign_complaint": FRONT | HEADS,
    "investigate_complaint": FRONT | HEADS,
    "reply_to_complaint": FRONT | HEADS,
    "withdraw_complaint": FRONT | HEADS,
}
