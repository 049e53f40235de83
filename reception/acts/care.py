"""What a desk needs to run well: consumables, the check of visitors, and the training of its staff."""

from reception.roles import FRONT, Role

MAY: dict[str, frozenset[Role]] = {
    "see_consumables": FRONT | {Role.MANAGER},
    "note_consumable": FRONT,
    "plan_consumables": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "export_consumables": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Whoever stands at the printer.
    "change_roll": FRONT | {Role.MANAGER, Role.ADMINISTRATOR},
    "check_security": FRONT,
    "see_training": FRONT | {Role.MANAGER},
    # Who passed what: whoever leads them. He himself reads his own.
    "see_trainees": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
}
