"""Tours of the estate: registered, prepared, held, reviewed; outside the opening hours by the manager's word."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_tours": FRONT | HEADS,
    "register_tour": FRONT | {Role.MANAGER},
    "see_to_tour": FRONT | {Role.MANAGER},
    # RUL-32: 特殊情况经项目经理批准.
    "approve_tour": frozenset({Role.MANAGER}),
}
