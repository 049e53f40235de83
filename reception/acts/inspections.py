"""Homes inspected at hand-over (房屋验收), their defects put right by the developer."""

from reception.roles import FRONT, HEADS, Role

_MAINTENANCE = frozenset({Role.TEAM_LEADER, Role.DEPARTMENT_HEAD})

MAY: dict[str, frozenset[Role]] = {
    "see_inspections": FRONT | HEADS,
    "open_inspection": FRONT,
    # What the form says that came back from the home: meters, defects, that it was looked at to the end.
    "record_inspection": FRONT | _MAINTENANCE,
    "pass_inspection": FRONT | _MAINTENANCE,
    # Who answers for it lets a defect go, never whoever writes it down.
    "drop_defect": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    # A time is agreed, and the end told, by whoever speaks with the owner.
    "arrange_inspection": FRONT,
    "end_inspection": FRONT,
}
