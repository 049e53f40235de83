"""The other matters of a desk: appointments, things handed in, official visits, questions, suggestions, calls."""

from reception.roles import FRONT, HEADS, Role

MAY: dict[str, frozenset[Role]] = {
    "see_appointments": FRONT | HEADS,
    "book_appointment": FRONT | HEADS,
    "change_appointment": FRONT | HEADS,
    "cancel_appointment": FRONT | HEADS,
    "finish_appointment": FRONT | HEADS,
    "print_appointment_slip": FRONT | HEADS,
    "check_in_appointment": FRONT | {Role.KIOSK},
    "receive_handover": FRONT,
    "notify_handover": FRONT,
    "deliver_handover": FRONT,
    "receive_official": FRONT,
    "hand_official": FRONT | HEADS,
    "close_official": FRONT | HEADS,
    "register_inquiry": FRONT,
    "consult_expert": FRONT | HEADS,
    "advise_inquiry": FRONT | HEADS,
    "answer_inquiry": FRONT | HEADS,
    "see_answers": FRONT | HEADS,
    "propose_answer": FRONT | HEADS,
    "check_answers": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "register_suggestion": FRONT,
    "forward_suggestion": FRONT | HEADS,
    "answer_suggestion": FRONT | HEADS,
    "note_call": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "see_calls": FRONT | HEADS,
    "practise": FRONT,
}
