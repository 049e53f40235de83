"""The box, its papers, its settings and whoever keeps it."""

from reception.roles import FRONT, Role

MAY: dict[str, frozenset[Role]] = {
    "see_printers": FRONT | {Role.MANAGER, Role.ADMINISTRATOR},
    # The manager: papers of what is sealed to him alone are on nobody else's list.
    "reprint": FRONT | {Role.MANAGER},
    "print_for_owner": FRONT,
    "void_paper": FRONT | {Role.MANAGER},
    "look_at_paper": FRONT | {Role.MANAGER},
    "move_paper": FRONT | {Role.ADMINISTRATOR},
    "self_test": FRONT | {Role.ADMINISTRATOR},
    "show_self_test": frozenset({Role.KIOSK}),
    "print_hand_slips": FRONT | {Role.ADMINISTRATOR},
    "enter_hand_numbers": FRONT,
    "manage_printers": frozenset({Role.SERVICE_HEAD, Role.MANAGER, Role.ADMINISTRATOR, Role.BOX}),
    "close_day": frozenset({Role.BOX, Role.SERVICE_HEAD, Role.MANAGER}),
    "correct_clock": frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.BOX}),
    # The counter too: it is there when the box is in trouble, and nothing here is about a person.
    "see_box": FRONT | {Role.MANAGER, Role.ADMINISTRATOR},
    "set_time": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "print_power_cut_card": FRONT | {Role.MANAGER, Role.ADMINISTRATOR},
    "acknowledge_restoration": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "back_up_to_stick": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "see_day_logs": frozenset({Role.SERVICE_HEAD, Role.MANAGER, Role.ADMINISTRATOR}),
    "export_day_logs": frozenset({Role.SERVICE_HEAD, Role.MANAGER, Role.ADMINISTRATOR}),
    # Who answers for the box, and the manager: what an administrator did, somebody else must be able to read.
    "see_audit": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "export_audit": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "seal_history": frozenset({Role.BOX}),
    "see_settings": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "import_data": frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.BOX}),
    "export_settings": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "configure": frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.BOX}),
    "manage_staff": frozenset({Role.MANAGER, Role.ADMINISTRATOR, Role.BOX}),
}
