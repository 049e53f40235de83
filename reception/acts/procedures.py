"""Procedures of a home: opened, ticked, let go, done; and the list of what to bring, which everybody may have."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_procedures": FRONT | HEADS,
    "begin_procedure": FRONT | {Role.MANAGER},
    "end_procedure": FRONT | {Role.MANAGER},
    "see_tasks": FRONT | HEADS,
    "tick_item": FRONT | HEADS,
    # Who answers for it lets an item go, never whoever ticks.
    "waive_item": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "print_materials": FRONT | {Role.MANAGER, Role.KIOSK},
}
