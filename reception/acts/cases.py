"""Every kind of matter: lists, papers of the owner, feedback, follow-up, deadlines."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_cases": FRONT | HEADS,
    "export_lists": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "search": FRONT | HEADS,
    "reveal": FRONT | HEADS,
    # Who looks at whom: the head of service reads it of others as he is read himself.
    "see_reveals": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    "see_workers": FRONT | HEADS,
    "see_figures": HEADS,
    "close_case": FRONT | HEADS,
    "close_without_consent": frozenset({Role.MANAGER}),
    "assign_case": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER}),
    "note_case": FRONT | HEADS,
    "give_feedback": FRONT | HEADS,
    "follow_up": FRONT | HEADS,
    "answer_survey": FRONT | {Role.TOKEN_HOLDER, Role.KIOSK},
    "merge_cases": FRONT | HEADS,
    "see_due": FRONT | HEADS,
    "change_deadline": HEADS,
    "escalate": frozenset({Role.BOX}),
    "raise_case": FRONT | HEADS,
    "check_identity": FRONT | HEADS,
    "read_answers": FRONT | HEADS,
}
