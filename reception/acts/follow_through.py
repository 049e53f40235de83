"""Supervision, incidents, the log and the day."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_supervisions": FRONT | HEADS,
    "open_supervision": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "report_supervision": FRONT | HEADS,
    "tell_supervision": FRONT | HEADS,
    "assign_supervision": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "move_supervision": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "withdraw_supervision": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "print_supervision": FRONT | HEADS,
    "watch_supervisions": frozenset({Role.BOX}),
    "raise_incident": FRONT | HEADS,
    "see_incidents": FRONT | HEADS,
    "acknowledge_incident": FRONT | HEADS,
    "work_on_incident": FRONT | HEADS,
    "archive_incident": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_incident_figures": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_log": FRONT | {Role.MANAGER},
    "print_log": FRONT | {Role.MANAGER},
    "write_log_note": FRONT | {Role.MANAGER},
    "export_log": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "check_day": FRONT | {Role.MANAGER},
    "see_inside": FRONT | HEADS,
    "reveal_inside": FRONT | HEADS,
    "print_evacuation": FRONT | HEADS,
    "mark_left": FRONT | {Role.TOKEN_HOLDER, Role.KIOSK},
}
