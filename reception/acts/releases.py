"""Goods that leave the estate by a pass (物品放行)."""

from reception.roles import FRONT, Role

MAY: dict[str, frozenset[Role]] = {
    "see_releases": FRONT | {Role.MANAGER},
    "apply_release": FRONT,
    # Which of these the centre decides (`release_settings`), and never whoever applied.
    "approve_release": FRONT | {Role.MANAGER},
    "refuse_release": FRONT | {Role.MANAGER},
    "print_release": FRONT,
    "enter_release": FRONT,
    # Which of these stand at the gate the centre decides.
    "check_at_gate": frozenset({Role.WORKER, Role.TEAM_LEADER}),
}
