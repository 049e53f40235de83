"""Who may do what: one table role x act, checked inside the acts."""

from dataclasses import dataclass
from enum import StrEnum

from reception.refusal import Refused


class Role(StrEnum):
    """The roles of the procedures (`domain.md` B), and the two doors that are not staff."""

    RECEPTIONIST = "receptionist"
    ASSISTANT = "assistant"
    SERVICE_HEAD = "service_head"
    DEPARTMENT_HEAD = "department_head"
    WORKER = "worker"
    TEAM_LEADER = "team_leader"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    KIOSK = "kiosk"
    TOKEN_HOLDER = "token_holder"
    BOX = "box"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does an act: a member of staff (with id and department), the kiosk, a token holder, or the box.

    `unconfirmed`: his account became a head's, and no other head has confirmed it yet (`new_heads`).
    `notice`: the label of the privacy notice that the form of who acts by himself showed him; '' where it names none,
    None where no form of ours asked him.
    """

    role: Role
    id: int | None = None
    name: str = ""
    department: str = ""
    unconfirmed: bool = False
    notice: str | None = None

    @property
    def hears_as(self) -> str:
        """The role as which he receives in private (`lines.hears`); '' for whoever does not yet."""
        return "" if self.unconfirmed else self.role


KIOSK = Actor(Role.KIOSK)
TOKEN_HOLDER = Actor(Role.TOKEN_HOLDER)
BOX = Actor(Role.BOX)

FRONT = frozenset({Role.RECEPTIONIST, Role.ASSISTANT, Role.SERVICE_HEAD})
HEADS = frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER})

# The manager receives in private whoever asked for him.
CALLERS = FRONT | {Role.MANAGER}

MAY: dict[str, frozenset[Role]] = {
    "check_in": FRONT | {Role.KIOSK},
    # Whoever holds a number books for his own home on his phone, by his whole telephone number.
    "recognise_resident": FRONT | {Role.KIOSK, Role.TOKEN_HOLDER},
    "see_queue": FRONT | {Role.MANAGER},
    "choose_counter": CALLERS,
    "call_next": CALLERS,
    "recall": CALLERS,
    "miss": CALLERS,
    "restore": CALLERS,
    "call_one": CALLERS,
    "park": CALLERS,
    "show_ticket": frozenset({Role.KIOSK}),
    "prioritise": frozenset({Role.KIOSK}) | FRONT,
    "cancel_ticket": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}) | FRONT,
    "postpone_ticket": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}) | FRONT,
    "undo_call": CALLERS,
    "start": CALLERS,
    "complete": CALLERS,
    "transfer": CALLERS,
    "see_cases": FRONT | HEADS,
    "export_lists": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "search": FRONT | HEADS,
    "reveal": FRONT | HEADS,
    # Who looks at whom: the head of service reads it of others as he is read himself.
    "see_reveals": frozenset({Role.MANAGER, Role.ADMINISTRATOR}),
    # The manager: what he does not admit to the visit day may become one.
    "register_repair": FRONT | {Role.KIOSK, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD, Role.MANAGER},
    "amend_repair": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "dispatch_repair": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "renew_order_papers": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "see_workers": FRONT | HEADS,
    "see_home": FRONT | HEADS,
    "change_home_dates": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "keep_residents": FRONT | {Role.MANAGER},
    "see_figures": HEADS,
    "see_orders": FRONT | HEADS | {Role.WORKER},
    # The worker himself, or the desk and his leaders for one who works by paper.
    "work_on_order": FRONT | {Role.WORKER, Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "use_work_phone": frozenset({Role.WORKER, Role.TEAM_LEADER}),
    "recheck_order": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "see_signature": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "sign_as_owner": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}),
    "rework_order": FRONT | HEADS,
    "cancel_repair": FRONT | HEADS,
    "close_case": FRONT | HEADS,
    "close_without_consent": frozenset({Role.MANAGER}),
    "assign_case": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER}),
    "note_case": FRONT | HEADS,
    "give_feedback": FRONT | HEADS,
    "follow_up": FRONT | HEADS,
    "answer_survey": FRONT | {Role.TOKEN_HOLDER, Role.KIOSK},
    "merge_cases": FRONT | HEADS,
    "decide_liability": FRONT | {Role.TEAM_LEADER, Role.DEPARTMENT_HEAD},
    "quote": FRONT | {Role.TEAM_LEADER, Role.WORKER},
    "answer_quotation": FRONT | {Role.TEAM_LEADER, Role.WORKER},
    "answer_own_quotation": frozenset({Role.KIOSK, Role.TOKEN_HOLDER}),
    "charge": FRONT,
    "take_payment": FRONT,
    "refund": FRONT,
    "withdraw_charge": FRONT | {Role.MANAGER},
    "see_prices": FRONT | HEADS | {Role.WORKER},
    "see_due": FRONT | HEADS,
    "change_deadline": HEADS,
    "escalate": frozenset({Role.BOX}),
    "register_complaint": FRONT | {Role.MANAGER},
    # A complaint about one of us: whoever hears it, never the desk.
    "set_up": frozenset({Role.BOX}),
    "hear_about_staff": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Where all who heard it are gone: never by whom it may be about.
    "open_wider": frozenset({Role.BOX}),
    "confirm_head": frozenset({Role.SERVICE_HEAD, Role.MANAGER, Role.BOX}),
    "assign_complaint": FRONT | HEADS,
    "investigate_complaint": FRONT | HEADS,
    "reply_to_complaint": FRONT | HEADS,
    "withdraw_complaint": FRONT | HEADS,
    "raise_case": FRONT | HEADS,
    "book_visit_day": FRONT | {Role.KIOSK, Role.TOKEN_HOLDER},
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
    "ring": frozenset({Role.KIOSK}),
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
    "take_ring": FRONT | HEADS,
    "see_rings": FRONT | HEADS,
    "see_tellings": FRONT | HEADS,
    "acknowledge_telling": FRONT | HEADS,
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
    "check_identity": FRONT | HEADS,
    "read_answers": FRONT | HEADS,
    "see_supervisions": FRONT | HEADS,
    "open_supervision": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "report_supervision": FRONT | HEADS,
    "tell_supervision": FRONT | HEADS,
    "assign_supervision": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.MANAGER}),
    "move_supervision": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "withdraw_supervision": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "print_supervision": FRONT | HEADS,
    "watch_supervisions": frozenset({Role.BOX}),
    "raise_incident": FRONT | HEADS,
    "see_incidents": FRONT | HEADS,
    "acknowledge_incident": FRONT | HEADS,
    "work_on_incident": FRONT | HEADS,
    "archive_incident": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_incident_figures": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_log": FRONT | {Role.MANAGER},
    "print_log": FRONT | {Role.MANAGER},
    "write_log_note": FRONT | {Role.MANAGER},
    "export_log": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "check_day": FRONT | {Role.MANAGER},
    "see_inside": FRONT | HEADS,
    "reveal_inside": FRONT | HEADS,
    "print_evacuation": FRONT | HEADS,
    "mark_left": FRONT | {Role.TOKEN_HOLDER, Role.KIOSK},
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
    "see_rooms": FRONT | HEADS,
    "book_room": FRONT | HEADS,
    # Every meeting, and the room of the visit day; one's own anybody moves who may book.
    "manage_rooms": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_calendar": FRONT | HEADS,
    "change_calendar": frozenset({Role.MANAGER, Role.BOX}),
    "see_visit_days": FRONT | HEADS,
    "keep_visit_days": frozenset({Role.BOX}),
    "publish_visit_day": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "move_visit_day": frozenset({Role.MANAGER}),
    "name_deputy": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "book_walk_in": FRONT | {Role.MANAGER},
    "withdraw_booking": FRONT | {Role.MANAGER},
    "change_booking": FRONT | {Role.MANAGER},
    "change_own_booking": frozenset({Role.TOKEN_HOLDER, Role.KIOSK}),
    "settle_ownership": FRONT | {Role.MANAGER},
    "see_bookings": FRONT | {Role.MANAGER},
    # The day itself. A deputy of any department leads as host, and who accompanies reads the agenda: the acts ask who.
    "watch_visit_day": frozenset({Role.BOX}),
    "check_in_visit_day": FRONT | {Role.KIOSK},
    "see_session": FRONT | HEADS,
    "hold_session": FRONT | HEADS,
    "arrange_visit_day": frozenset({Role.SERVICE_HEAD, Role.DEPARTMENT_HEAD, Role.TEAM_LEADER, Role.MANAGER}),
    "read_agenda": FRONT | HEADS,
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
    # After the visit day. A deputy of any department decides as host: the act asks who he is.
    "decide_in_visit": FRONT | HEADS,
    "reopen_visit": FRONT | {Role.MANAGER},
    "see_visit_form": FRONT | HEADS,
    "see_visit_summary": FRONT | HEADS,
    "write_visit_summary": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD, Role.MANAGER}),
    "prevent_common_issue": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "see_oversight": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "correct_oversight": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    "watch_oversight": frozenset({Role.BOX}),
    # Never a head of one department: the register holds what concerns others.
    "export_bookings": frozenset({Role.SERVICE_HEAD, Role.MANAGER}),
    # Sign-off of bookings for the visit day (K7): whose a signature is, the chain and the store say besides.
    "prepare_booking": FRONT,
    "review_booking": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD}),
    "see_booking_form": FRONT | HEADS,
    "sign_booking": HEADS | {Role.ASSISTANT},
    "record_paper_signature": FRONT,
    "reword_booking": FRONT,
    "admit_walk_in": frozenset({Role.MANAGER}),
    "refuse_booking": frozenset({Role.ASSISTANT, Role.SERVICE_HEAD, Role.MANAGER}),
    "name_sign_deputy": HEADS | {Role.ASSISTANT},
    "watch_signatures": frozenset({Role.BOX}),
}
# Not before another head has confirmed the account.
ONCE_CONFIRMED = frozenset({"hear_about_staff", "confirm_head"})


def may(by: Actor, act: str) -> bool:
    """Tell whether the actor may do the act, by his role. Raises KeyError for an act the table lacks."""
    return by.role in MAY[act] and not (by.unconfirmed and act in ONCE_CONFIRMED)


def permit(by: Actor, act: str) -> None:
    """Refuse with `not_permitted` when the actor's role may not do the act."""
    if not may(by, act):
        raise Refused("not_permitted")
