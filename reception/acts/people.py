"""What is known of people, and what they may ask for."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    # Nobody presses it: what goes, and when, is decided by the settings.
    "remove_expired": frozenset({Role.BOX}),
    # One person's rights (PIPL 45-47). What is sealed stays sealed here, too: `person_reach`.
    "see_persons": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # What everybody is told of his data; who has the centre in his charge says it.
    "publish_notice": frozenset({Role.MANAGER}),
    "see_notice": FRONT | HEADS | {Role.ADMINISTRATOR},
    "withdraw_consent": FRONT | {Role.MANAGER},
    "export_person": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "erase_person": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
}
