"""Repairs, work orders, paid work, and faults known for a whole block."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    # The manager: what he does not admit to the visit day may become one.
    "register_repair": FRONT | {Role.KIOSK, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD, Role.MANAGER},
    "amend_repair": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "dispatch_repair": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "renew_order_papers": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "see_home": FRONT | HEADS,
    "change_home_dates": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "keep_residents": FRONT | {Role.MANAGER},
    "see_orders": FRONT | HEADS | {Role.WORKER},
    # The worker himself, or the desk and his leaders for one who works by paper.
    "work_on_order": FRONT | {Role.WORKER, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "use_work_phone": frozenset({Role.WORKER, Role.TEAM_LEADER}),
    "recheck_order": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "see_signature": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "sign_as_owner": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}),
    "rework_order": FRONT | HEADS,
    "cancel_repair": FRONT | HEADS,
    "decide_liability": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "quote": FRONT | {Role.TEAM_LEADER, Role.WORKER},
    "answer_quotation": FRONT | {Role.TEAM_LEADER, Role.WORKER},
    "answer_own_quotation": frozenset({Role.KIOSK, Role.TOKEN_HOLDER}),
    "charge": FRONT,
    "take_payment": FRONT,
    "refund": FRONT,
    "withdraw_charge": FRONT | {Role.MANAGER},
    "see_prices": FRONT | HEADS | {Role.WORKER},
    "register_emergency": FRONT | HEADS,
    "advance_emergency": FRONT | HEADS,
    "see_faults": FRONT | HEADS,
    "declare_fault": FRONT | {Role.MANAGER},
    "update_fault": FRONT | {Role.MANAGER},
    "join_fault": FRONT | {Role.KIOSK},
    "attach_fault_case": FRONT,
    "restore_fault": FRONT | {Role.MANAGER},
    "tell_household": FRONT,
    "hold_fault": FRONT,
    "reveal_fault": FRONT | HEADS,
    "see_household_repairs": frozenset({Role.KIOSK}),
}
