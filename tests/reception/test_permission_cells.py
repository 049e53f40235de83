"""Permission cells one by one: every act of a repair and of a complaint, by every role, asks its own cell first."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from db.store import Store
from reception import (
    about_staff,
    acceptance,
    accounts,
    acknowledgements,
    api_readings,
    api_tokens,
    appointment_arrivals,
    appointment_day,
    appointment_slips,
    appointments,
    booking_ends,
    booking_owners,
    booking_register,
    booking_steps,
    bookings,
    box_care,
    box_clock,
    calendar_care,
    case_care,
    case_links,
    centre_now,
    charges,
    checklists,
    common_issues,
    complaint_steps,
    custody,
    custody_facts,
    custody_lists,
    custody_readings,
    custody_rounds,
    custody_tellings,
    due,
    fee_calls,
    fee_lists,
    fee_papers,
    feedback,
    fees,
    filed_prints,
    follow_up_desk,
    follow_ups,
    handovers,
    hearers,
    home_dates,
    identity,
    inquiries,
    inquiry_steps,
    inspection_defects,
    inspection_ends,
    inspection_lists,
    inspections,
    leaving,
    liability,
    month_apart,
    month_reports,
    month_trend,
    new_heads,
    officials,
    one_time_codes,
    order_editions,
    order_steps,
    oversight,
    owner_papers,
    phone_calls,
    power_cut,
    price_list,
    privacy_notices,
    procedure_register,
    procedures,
    quotations,
    rain_warnings,
    release_gate,
    release_lists,
    release_passes,
    repairs,
    resolutions,
    reveals,
    rings,
    room_table,
    rooms,
    saved_answers,
    sealed_papers,
    session_agenda,
    session_arrivals,
    session_calls,
    session_talks,
    sessions,
    settings,
    sign_deputies,
    sign_records,
    sign_reminders,
    signing,
    slips,
    suggestions,
    supervision_lists,
    supervision_steps,
    supervisions,
    survey_words,
    tables,
    tellings,
    tour_lists,
    tour_steps,
    tours,
    visit_day_calendar,
    visit_day_lists,
    visit_day_promises,
    visit_day_rooms,
    visit_day_session,
    visit_day_summaries,
    visit_form,
    visitor_register,
    webhook_outbox,
    webhooks,
    withdrawals,
    without_consent,
    work_orders,
    worker_devices,
)
from reception.permissions import MAY, Actor, Role
from reception.refusal import Refused
from reception.reveals import Reason
from reception.table_columns import TABLES
from tests.conftest import Clock, actor

NO, ORDER, TOKEN = "BX20260101-001", "GD20260101-001", "A" * 26
FORM: dict[str, Any] = dict.fromkeys(("name", "phone", "unit", "category", "content", "place", "convenient_time"), "")
VISIT: dict[str, Any] = dict.fromkeys(("name", "phone", "unit", "matter"), "")
Act = Callable[[Store, Actor, datetime], Any]


def _step(name: str) -> Act:
    act = getattr(order_steps, name)
    return lambda store, by, now: act(store, order_no=ORDER, by=by, now=now)


# What each act asks for, and a call of it that is refused for other reasons once the role is right.
def seat(by: Actor) -> sessions.Session:
    """Return a session of somebody, for the acts that ask where he sits."""
    return sessions.Session("0" * 64, by, None)


CELLS: dict[str, tuple[str, Act]] = {
    "register": (
        "register_repair",
        lambda s, by, now: repairs.register(s, nonce="n", **FORM, urgency="", by=by, now=now),
    ),
    "amend": ("amend_repair", lambda s, by, now: repairs.amend(s, no=NO, **FORM, by=by, now=now)),
    "dispatch": ("dispatch_repair", lambda s, by, now: work_orders.dispatch(s, no=NO, by=by, now=now)),
    **{name: ("work_on_order", _step(name)) for name in ("accept", "arrive", "start", "resume")},
    "suspend": (
        "work_on_order",
        lambda s, by, now: order_steps.suspend(s, order_no=ORDER, reason="material", by=by, now=now),
    ),
    "send_back": (
        "work_on_order",
        lambda s, by, now: order_steps.send_back(s, order_no=ORDER, reason="other", by=by, now=now),
    ),
    "finish": (
        "work_on_order",
        lambda s, by, now: order_steps.finish(s, order_no=ORDER, work_done="x", by=by, now=now),
    ),
    "recheck": ("recheck_order", lambda s, by, now: acceptance.recheck(s, order_no=ORDER, by=by, now=now)),
    "sign": ("see_signature", lambda s, by, now: acceptance.sign(s, order_no=ORDER, how="paper", by=by, now=now)),
    "sign_by_token": (
        "sign_as_owner",
        lambda s, by, now: acceptance.sign_by_token(s, token=TOKEN, phone_tail="1", by=by, now=now),
    ),
    "rework": ("rework_order", lambda s, by, now: acceptance.rework(s, no=NO, reason="x", by=by, now=now)),
    "cancel": (
        "cancel_repair",
        lambda s, by, now: acceptance.cancel(s, no=NO, reason="twice", channel="phone", text="x", by=by, now=now),
    ),
    "renew": (
        "renew_order_papers",
        lambda s, by, now: order_editions.renew(s, order_no=ORDER, nonce="n", by=by, now=now),
    ),
    "hand_out": (
        "print_for_owner",
        lambda s, by, now: owner_papers.hand_out(s, no=NO, kind="repair_receipt", by=by, now=now),
    ),
    "hand_in": (
        "see_signature",
        lambda s, by, now: slips.hand_in(s, nonce="n", order_no=ORDER, slip=slips.Slip(), by=by, now=now),
    ),
    "feedback": (
        "give_feedback",
        lambda s, by, now: feedback.give(s, no=NO, about="result", channel="phone", text="x", by=by, now=now),
    ),
    "follow_up": (
        "follow_up",
        lambda s, by, now: follow_ups.record(s, no=NO, method="phone", reached="1", by=by, now=now),
    ),
    "survey": ("answer_survey", lambda s, by, now: follow_ups.answer(s, token=TOKEN, score="5", by=by, now=now)),
    "note": ("note_case", lambda s, by, now: case_care.add_note(s, no=NO, text="x", by=by, now=now)),
    "assign": ("assign_case", lambda s, by, now: case_care.assign(s, no=NO, owner="x", by=by, now=now)),
    "close": ("close_case", lambda s, by, now: case_care.close(s, no=NO, by=by, now=now)),
    "close_without_consent": (
        "close_without_consent",
        lambda s, by, now: without_consent.close(s, no=NO, reason="x", by=by, now=now),
    ),
    "withdraw_charge": ("withdraw_charge", lambda s, by, now: charges.withdraw(s, no=NO, reason="x", by=by, now=now)),
    "merge": ("merge_cases", lambda s, by, now: case_links.merge(s, no=NO, into=NO, by=by, now=now)),
    "link": ("merge_cases", lambda s, by, now: case_links.link(s, no=NO, other=NO, by=by, now=now)),
    "decide": (
        "decide_liability",
        lambda s, by, now: liability.decide(s, no=NO, liability="paid", part="", reason="x", by=by, now=now),
    ),
    "quote": ("quote", lambda s, by, now: quotations.make(s, nonce="n", no=NO, lines=[], by=by, now=now)),
    "answer_quotation": (
        "answer_quotation",
        lambda s, by, now: quotations.answer(s, no=NO, quotation_id=1, agree=True, how="face", by=by, now=now),
    ),
    "answer_own_quotation": (
        "answer_own_quotation",
        lambda s, by, now: quotations.answer_by_token(
            s, token=TOKEN, quotation_id=1, total_fen=1, agree=True, phone_tail="1", by=by, now=now
        ),
    ),
    "charge": ("charge", lambda s, by, now: charges.charge(s, no=NO, by=by, now=now)),
    "pay": (
        "take_payment",
        lambda s, by, now: charges.pay(s, nonce="n", no=NO, amount_fen=1, method="cash", by=by, now=now),
    ),
    "refund": (
        "refund",
        lambda s, by, now: charges.refund(s, nonce="n", no=NO, amount_fen=1, method="cash", reason="x", by=by, now=now),
    ),
    "home_dates": (
        "change_home_dates",
        lambda s, by, now: home_dates.change(
            s, unit="1-1-101", completion_on="", handover_on="", contract_end_on="", reason="", by=by, now=now
        ),
    ),
    "acknowledge": (
        "register_complaint",
        lambda s, by, now: complaint_steps.acknowledge(s, no=NO, by=by, now=now),
    ),
    "assign_complaint": (
        "assign_complaint",
        lambda s, by, now: complaint_steps.assign(s, no=NO, handler="x", by=by, now=now),
    ),
    "investigate": (
        "investigate_complaint",
        lambda s, by, now: complaint_steps.investigate(s, no=NO, finding="valid", findings="x", by=by, now=now),
    ),
    "reply": (
        "reply_to_complaint",
        lambda s, by, now: complaint_steps.reply(s, no=NO, text="x", channel="phone", by=by, now=now),
    ),
    "open_again": (
        "reply_to_complaint",
        lambda s, by, now: complaint_steps.open_again(s, no=NO, reason="x", by=by, now=now),
    ),
    "withdraw_complaint": (
        "withdraw_complaint",
        lambda s, by, now: complaint_steps.withdraw(s, no=NO, reason="x", channel="phone", by=by, now=now),
    ),
    "regrade": (
        "assign_complaint",
        lambda s, by, now: complaint_steps.regrade(
            s, no=NO, category="noise", severity="serious", reason="x", by=by, now=now
        ),
    ),
    "hand_up": (
        "raise_case",
        lambda s, by, now: complaint_steps.hand_up(
            s, no=NO, to="x", reason="x", plan="x", next_update_at="9:00", channel="phone", by=by, now=now
        ),
    ),
    "take_call": ("follow_up", lambda s, by, now: follow_up_desk.take(s, no=NO, by=by, now=now)),
    "let_go": ("follow_up", lambda s, by, now: follow_up_desk.let_go(s, no=NO, by=by, now=now)),
    "call_card": ("follow_up", lambda s, by, now: follow_up_desk.card(s, no=NO, by=by, now=now)),
    "correct_phone": (
        "follow_up",
        lambda s, by, now: follow_up_desk.correct_phone(s, no=NO, phone="13800005678", by=by, now=now),
    ),
    "read_answer": ("read_answers", lambda s, by, now: survey_words.mark_read(s, answer_id=1, by=by, now=now)),
    "open_supervision": (
        "open_supervision",
        lambda s, by, now: supervisions.open_(
            s, nonce="n", matter="", opinion="", department="", due_on="", by=by, now=now
        ),
    ),
    "finish_supervision": (
        "report_supervision",
        lambda s, by, now: supervision_steps.finish(s, no="DB20260101-001", result="x", by=by, now=now),
    ),
    "tell_supervision": (
        "tell_supervision",
        lambda s, by, now: supervision_steps.tell(s, no="DB20260101-001", text="x", channel="phone", by=by, now=now),
    ),
    "withdraw_supervision": (
        "withdraw_supervision",
        lambda s, by, now: supervision_steps.withdraw(s, no="DB20260101-001", reason="x", by=by, now=now),
    ),
    "move_supervision": (
        "move_supervision",
        lambda s, by, now: supervision_steps.move(
            s, no="DB20260101-001", due_on="2026-12-01", reason="x", was="", by=by, now=now
        ),
    ),
    "hand_supervision": (
        "assign_supervision",
        lambda s, by, now: supervision_steps.hand_to(s, no="DB20260101-001", charge="x", by=by, now=now),
    ),
    "print_supervision": (
        "print_supervision",
        lambda s, by, now: supervision_steps.print_slip(s, no="DB20260101-001", nonce="n", by=by, now=now),
    ),
    "watch_supervisions": ("watch_supervisions", lambda s, by, now: supervision_steps.watch(s, by=by, now=now)),
    "list_supervisions": ("see_supervisions", lambda s, by, now: supervision_lists.listed(s, by=by, now=now)),
    "seal": ("hear_about_staff", lambda s, by, now: about_staff.seal(s, no=NO, by=by, now=now)),
    "name_accused": ("hear_about_staff", lambda s, by, now: about_staff.name(s, no=NO, accused="x", by=by, now=now)),
    "share_sealed": ("hear_about_staff", lambda s, by, now: about_staff.share(s, no=NO, by=by, now=now)),
    "book_appointment": (
        "book_appointment",
        lambda s, by, now: appointments.book(
            s, nonce="n", host="zhaoqiang", expected_at="x", name="", phone="", purpose="", by=by, now=now
        ),
    ),
    "change_appointment": (
        "change_appointment",
        lambda s, by, now: appointments.change(s, no=NO, reason="x", channel="phone", by=by, now=now),
    ),
    "cancel_appointment": (
        "cancel_appointment",
        lambda s, by, now: appointments.cancel(s, no=NO, reason="x", channel="phone", by=by, now=now),
    ),
    "finish_appointment": (
        "finish_appointment",
        lambda s, by, now: appointments.finish(s, no=NO, by=by, now=now),
    ),
    "print_appointment_slip": (
        "print_appointment_slip",
        lambda s, by, now: appointment_slips.print_slip(s, no=NO, by=by, now=now),
    ),
    "arrive": (
        "check_in_appointment",
        # The kiosk knows it by its code alone.
        lambda s, by, now: (
            appointment_arrivals.shown(s, token=TOKEN, by=by, now=now)
            if by.role is Role.KIOSK
            else appointment_arrivals.arrive(s, no=NO, by=by, now=now)
        ),
    ),
    "arrive_by": (
        "check_in_appointment",
        lambda s, by, now: appointment_arrivals.arrive_by(s, who="1", by=by, now=now),
    ),
    "list_appointments": (
        "see_appointments",
        lambda s, by, now: appointment_day.of_day(s, now.date(), by=by, now=now),
    ),
    "acknowledge_telling": (
        "acknowledge_telling",
        lambda s, by, now: acknowledgements.acknowledge(s, telling_id="1", by=by, now=now),
    ),
    "see_tellings": ("see_tellings", lambda s, by, now: tellings.mine(s, by=by)),
    "see_box": ("see_box", lambda s, by, now: box_care.view(s, by=by, now=now)),
    "see_last_setting": ("see_box", lambda s, by, now: box_clock.last(s, by=by, now=now)),
    "set_time": ("set_time", lambda s, by, now: box_clock.ask(s, day="", at="", by=by, now=now)),
    "print_power_cut_card": (
        "print_power_cut_card",
        lambda s, by, now: power_cut.print_card(s, nonce="", by=by, now=now),
    ),
    "receive_handover": (
        "receive_handover",
        lambda s, by, now: handovers.receive(s, nonce="n", name="", item="", place="", by=by, now=now),
    ),
    "notify_handover": (
        "notify_handover",
        lambda s, by, now: handovers.notify(s, no=NO, channel="phone", by=by, now=now),
    ),
    "deliver_handover": (
        "deliver_handover",
        lambda s, by, now: handovers.deliver(s, no=NO, taken_by="x", signed="1", by=by, now=now),
    ),
    "give_back_handover": (
        "deliver_handover",
        lambda s, by, now: handovers.give_back(s, no=NO, reason="x", by=by, now=now),
    ),
    "move_handover": ("deliver_handover", lambda s, by, now: handovers.moved_to(s, no=NO, place="x", by=by, now=now)),
    "open_inspection": (
        "open_inspection",
        lambda s, by, now: inspections.open_inspection(s, nonce="n", unit="", by=by, now=now),
    ),
    "reschedule_inspection": (
        "arrange_inspection",
        lambda s, by, now: inspections.reschedule(s, no=NO, agreed_at="x", by=by, now=now),
    ),
    "reappoint_inspection": (
        "arrange_inspection",
        lambda s, by, now: inspections.reappoint(s, no=NO, agreed_at="x", channel="face", by=by, now=now),
    ),
    "read_meters": ("record_inspection", lambda s, by, now: inspections.read(s, no=NO, readings={}, by=by, now=now)),
    "inspect_home": (
        "record_inspection",
        lambda s, by, now: inspections.inspect(s, no=NO, inspector="x", by=by, now=now),
    ),
    "add_defect": (
        "record_inspection",
        lambda s, by, now: inspection_defects.add(
            s, nonce="n", no=NO, category="water", place="x", content="x", by=by, now=now
        ),
    ),
    "drop_defect": (
        "drop_defect",
        lambda s, by, now: inspection_defects.drop(s, no=NO, defect="1", reason="x", by=by, now=now),
    ),
    "check_defect": (
        "recheck_order",
        lambda s, by, now: inspection_defects.check(s, no=NO, defect="1", by=by, now=now),
    ),
    "pass_inspection": ("pass_inspection", lambda s, by, now: inspections.pass_check(s, no=NO, by=by, now=now)),
    "accept_inspection": (
        "end_inspection",
        lambda s, by, now: inspection_ends.accept(s, no=NO, signed="1", channel="face", by=by, now=now),
    ),
    "withdraw_inspection": (
        "end_inspection",
        lambda s, by, now: inspection_ends.withdraw(s, no=NO, reason="x", channel="face", by=by, now=now),
    ),
    "see_inspections": ("see_inspections", lambda s, by, now: inspection_lists.under_way(s, by=by, now=now)),
    "begin_procedure": (
        "begin_procedure",
        lambda s, by, now: procedures.begin(s, nonce="n", template="x", name="", phone="", unit="", by=by, now=now),
    ),
    "finish_procedure": (
        "end_procedure",
        lambda s, by, now: procedures.finish(s, no=NO, channel="face", by=by, now=now),
    ),
    "withdraw_procedure": (
        "end_procedure",
        lambda s, by, now: procedures.withdraw(s, no=NO, reason="x", channel="face", by=by, now=now),
    ),
    "print_missing": (
        "end_procedure",
        lambda s, by, now: procedures.print_missing(s, nonce="n", no=NO, by=by, now=now),
    ),
    "print_materials": (
        "print_materials",
        lambda s, by, now: procedures.print_list(s, nonce="", template="x", variant="", by=by, now=now),
    ),
    "tick_item": ("tick_item", lambda s, by, now: checklists.tick(s, no=NO, items=["1"], by=by, now=now)),
    "untick_item": ("tick_item", lambda s, by, now: checklists.untick(s, no=NO, item="1", by=by, now=now)),
    "waive_item": (
        "waive_item",
        lambda s, by, now: checklists.waive(s, no=NO, item="1", reason="x", by=by, now=now),
    ),
    "see_tasks": ("see_tasks", lambda s, by, now: checklists.waiting(s, by=by, now=now)),
    "see_procedures": ("see_procedures", lambda s, by, now: procedure_register.listed(s, by=by)),
    "receive_official": (
        "receive_official",
        lambda s, by, now: officials.register(s, nonce="n", name="", organisation="", matter="", by=by, now=now),
    ),
    "register_tour": (
        "register_tour",
        lambda s, by, now: tours.register(
            s,
            nonce="n",
            organisation="",
            name="",
            phone="",
            level="",
            way="",
            day="",
            from_="",
            to="",
            people="",
            places="",
            by=by,
            now=now,
        ),
    ),
    "change_tour": (
        "see_to_tour",
        lambda s, by, now: tours.change(
            s, nonce="n", no=NO, was="", day="", from_="", to="", people="", places="", by=by, now=now
        ),
    ),
    "approve_tour": ("approve_tour", lambda s, by, now: tours.approve(s, no=NO, reason="x", by=by, now=now)),
    "cancel_tour": (
        "see_to_tour",
        lambda s, by, now: tours.cancel(s, no=NO, reason="x", channel="phone", by=by, now=now),
    ),
    "prepare_tour": ("see_to_tour", lambda s, by, now: tour_steps.prepare(s, no=NO, by=by, now=now)),
    "check_tour": ("see_to_tour", lambda s, by, now: tour_steps.check(s, no=NO, by=by, now=now)),
    "start_tour": ("see_to_tour", lambda s, by, now: tour_steps.start(s, no=NO, by=by, now=now)),
    "restore_tour": ("see_to_tour", lambda s, by, now: tour_steps.restore(s, no=NO, by=by, now=now)),
    "review_tour": ("see_to_tour", lambda s, by, now: tour_steps.review(s, no=NO, well="x", by=by, now=now)),
    "file_tour": ("see_to_tour", lambda s, by, now: tour_steps.file(s, no=NO, channel="phone", by=by, now=now)),
    "see_tour": ("see_tours", lambda s, by, now: tour_lists.find(s, NO, by=by)),
    "see_tours": ("see_tours", lambda s, by, now: tour_lists.listed(s, by=by, now=now)),
    "tours_at_gate": ("check_at_gate", lambda s, by, now: tour_lists.at_gate(s, by=by, now=now)),
    "tours_waiting": ("see_tours", lambda s, by, now: tour_lists.waiting(s, by=by)),
    "apply_release": (
        "apply_release",
        lambda s, by, now: release_passes.apply(
            s, nonce="n", unit="", tie="", valid_on="", items=[("x", "1")], by=by, now=now
        ),
    ),
    "approve_release": ("approve_release", lambda s, by, now: release_passes.approve(s, no=NO, by=by, now=now)),
    "print_release": ("print_release", lambda s, by, now: release_passes.print_pass(s, no=NO, by=by, now=now)),
    "refuse_release": (
        "refuse_release",
        lambda s, by, now: release_passes.refuse(s, no=NO, reason="x", by=by, now=now),
    ),
    "enter_release": (
        "enter_release",
        lambda s, by, now: release_gate.enter(s, no=NO, time="10:00", went=["1"], by=by, now=now),
    ),
    "take_release_back": ("enter_release", lambda s, by, now: release_gate.take_back(s, no=NO, by=by, now=now)),
    "release_lists": ("see_releases", lambda s, by, now: release_lists.waiting(s, "applied", by=by, now=now)),
    "expire_releases": ("close_day", lambda s, by, now: release_lists.expire(s, by=by, now=now)),
    "gate_day": ("check_at_gate", lambda s, by, now: release_gate.of_today(s, by=by, now=now)),
    "gate_pass": ("check_at_gate", lambda s, by, now: release_gate.opened(s, TOKEN, by=by, now=now)),
    "let_goods_out": (
        "check_at_gate",
        lambda s, by, now: release_gate.let_out(s, code=TOKEN, nonce="n", went=["1"], by=by, now=now),
    ),
    "turn_goods_back": (
        "check_at_gate",
        lambda s, by, now: release_gate.turn_back(s, code=TOKEN, nonce="n", reason="x", by=by, now=now),
    ),
    "hand_official": ("hand_official", lambda s, by, now: officials.hand(s, no=NO, counterpart="x", by=by, now=now)),
    "close_official": (
        "close_official",
        lambda s, by, now: officials.close(s, no=NO, result="x", channel="face", by=by, now=now),
    ),
    "check_identity": (
        "check_identity",
        lambda s, by, now: identity.check(
            s, nonce="n", no=NO, whose="owner", document="id_card", matched="1", by=by, now=now
        ),
    ),
    "check_visitor": (
        "check_identity",
        lambda s, by, now: identity.check_visitor(
            s, nonce="n", ticket="A001", document="id_card", matched="1", by=by, now=now
        ),
    ),
    "name_agent": ("check_identity", lambda s, by, now: identity.name_agent(s, no=NO, name="x", by=by, now=now)),
    "register_inquiry": (
        "register_inquiry",
        lambda s, by, now: inquiries.register(s, nonce="n", category="", question="", way="", by=by, now=now),
    ),
    "consult": ("consult_expert", lambda s, by, now: inquiry_steps.consult(s, no=NO, by=by, now=now)),
    "advise": ("advise_inquiry", lambda s, by, now: inquiry_steps.advise(s, no=NO, text="x", by=by, now=now)),
    "promise_again": (
        "answer_inquiry",
        lambda s, by, now: inquiry_steps.promise_again(
            s, no=NO, reply_due="9:00", reason="x", channel="phone", by=by, now=now
        ),
    ),
    "reply_to_inquiry": (
        "answer_inquiry",
        lambda s, by, now: inquiry_steps.reply(s, no=NO, text="x", channel="phone", by=by, now=now),
    ),
    "ask_again": (
        "answer_inquiry",
        lambda s, by, now: inquiry_steps.ask_again(s, no=NO, question="x", reply_due="9:00", by=by, now=now),
    ),
    "search_answers": ("see_answers", lambda s, by, now: saved_answers.search(s, "", by=by)),
    "proposed_answers": ("see_answers", lambda s, by, now: saved_answers.proposed(s, by=by)),
    "propose_answer": (
        "propose_answer",
        lambda s, by, now: saved_answers.propose(s, nonce="n", category="", question="", answer="", by=by, now=now),
    ),
    "check_answer": (
        "check_answers",
        lambda s, by, now: saved_answers.check(
            s, saved_id=1, edition="", category="", question="", answer="", by=by, now=now
        ),
    ),
    "retire_answer": ("check_answers", lambda s, by, now: saved_answers.retire(s, saved_id=0, by=by, now=now)),
    "register_suggestion": (
        "register_suggestion",
        lambda s, by, now: suggestions.register(s, nonce="n", topic="", text="", by=by, now=now),
    ),
    "forward": ("forward_suggestion", lambda s, by, now: suggestions.forward(s, no=NO, department="", by=by, now=now)),
    "answer_suggestion": (
        "answer_suggestion",
        lambda s, by, now: suggestions.answer(s, no=NO, text="x", by=by, now=now),
    ),
    "withdraw_consent": (
        "withdraw_consent",
        lambda s, by, now: withdrawals.withdraw(s, no=NO, sure="1", by=by, now=now),
    ),
    "publish_notice": (
        "publish_notice",
        lambda s, by, now: privacy_notices.publish(s, after="1", text="a", text_en="a", by=by, now=now),
    ),
    "note_call": ("note_call", lambda s, by, now: phone_calls.note(s, nonce="n", by=by, now=now)),
    "see_calls": ("see_calls", lambda s, by, now: phone_calls.of_day(s, now.date(), by=by)),
    "book_room": (
        "book_room",
        lambda s, by, now: rooms.book(s, nonce="n", room="", day="", from_="", to="", purpose="", by=by, now=now),
    ),
    "change_room": (
        "book_room",
        lambda s, by, now: rooms.change(s, booking_id=1, was="", room="", day="", from_="", to="", by=by, now=now),
    ),
    "cancel_room": ("book_room", lambda s, by, now: rooms.cancel(s, booking_id=1, reason="", by=by, now=now)),
    "end_room": ("book_room", lambda s, by, now: rooms.end(s, booking_id=1, by=by, now=now)),
    "see_room": ("see_rooms", lambda s, by, now: rooms.find(s, 1, by=by)),
    "see_room_day": ("see_rooms", lambda s, by, now: room_table.day_table(s, now.date(), by=by)),
    "see_room_week": ("see_rooms", lambda s, by, now: room_table.week_table(s, now.date(), by=by)),
    "see_room_conflicts": ("see_rooms", lambda s, by, now: room_table.conflicts(s, by=by, now=now)),
    "give_visit_day_room": (
        "manage_rooms",
        lambda s, by, now: visit_day_rooms.give(s, day_id=1, room="", by=by, now=now),
    ),
    "set_day": (
        "change_calendar",
        lambda s, by, now: calendar_care.set_day(s, day_on="", kind="", note="", reason="", by=by, now=now),
    ),
    "take_back_day": (
        "change_calendar",
        lambda s, by, now: calendar_care.take_back(s, day_on="", reason="", by=by, now=now),
    ),
    "see_calendar": ("see_calendar", lambda s, by, now: calendar_care.of_year(s, 2026, by=by)),
    "calendar_changes": ("see_calendar", lambda s, by, now: calendar_care.changes(s, 2026, by=by)),
    "keep_visit_days": ("keep_visit_days", lambda s, by, now: visit_day_calendar.tick(s, by=by, now=now)),
    "publish": ("publish_visit_day", lambda s, by, now: visit_day_calendar.publish(s, day_id=0, by=by, now=now)),
    "move_day": (
        "move_visit_day",
        lambda s, by, now: visit_day_calendar.move(s, day_id=0, to="", cause="", reason="", by=by, now=now),
    ),
    "name_deputy": (
        "name_deputy",
        lambda s, by, now: visit_day_calendar.name_deputy(s, day_id=0, staff_id="", reason="x", by=by, now=now),
    ),
    "deputy_seen": ("see_visit_days", lambda s, by, now: visit_day_calendar.seen(s, day_id=0, by=by, now=now)),
    "see_visit_days": ("see_visit_days", lambda s, by, now: visit_day_lists.of_year(s, 2026, by=by)),
    "named_days": ("see_visit_days", lambda s, by, now: visit_day_lists.named(s, 2026, by=by, now=now)),
    "one_visit_day": ("see_visit_days", lambda s, by, now: visit_day_lists.one(s, 0, by=by)),
    "asked_to_receive": ("see_visit_days", lambda s, by, now: visit_day_lists.asked_of(s, by=by)),
    "owners_to_tell": ("see_cases", lambda s, by, now: visit_day_lists.to_tell(s, by=by)),
    "book_visit_day": ("book_visit_day", lambda s, by, now: bookings.book(s, nonce="n", **VISIT, by=by, now=now)),
    "book_walk_in": ("book_walk_in", lambda s, by, now: bookings.book_walk_in(s, nonce="n", **VISIT, by=by, now=now)),
    "withdraw_booking": (
        "withdraw_booking",
        lambda s, by, now: booking_steps.withdraw(s, no=NO, reason="x", by=by, now=now),
    ),
    "change_booking": (
        "change_booking",
        lambda s, by, now: booking_steps.change(s, no=NO, day="", starts="", reason="x", by=by, now=now),
    ),
    "withdraw_own_booking": (
        "change_own_booking",
        lambda s, by, now: booking_steps.withdraw_by_token(s, token=TOKEN, phone_tail="1", by=by, now=now),
    ),
    "change_own_booking": (
        "change_own_booking",
        lambda s, by, now: booking_steps.change_by_token(
            s, token=TOKEN, phone_tail="1", day="", starts="", by=by, now=now
        ),
    ),
    "settle_ownership": (
        "settle_ownership",
        lambda s, by, now: booking_owners.settle_ownership(s, nonce="n", no=NO, how="papers", by=by, now=now),
    ),
    "see_bookings": ("see_bookings", lambda s, by, now: booking_register.of_day(s, 1, by=by)),
    "check_in_visit_day": (
        "check_in_visit_day",
        lambda s, by, now: (
            session_arrivals.shown(s, token=TOKEN, by=by, now=now)
            if by.role is Role.KIOSK
            else session_arrivals.check_in(s, no=NO, by=by, now=now)
        ),
    ),
    "check_in_visit_day_by": (
        "check_in_visit_day",
        lambda s, by, now: session_arrivals.check_in_by(s, who="1", by=by, now=now),
    ),
    "call_to_room": ("hold_session", lambda s, by, now: session_calls.call(s, holding="", by=by, now=now)),
    "undo_call_to_room": ("hold_session", lambda s, by, now: session_calls.undo(s, holding="", by=by, now=now)),
    "recall_to_room": ("hold_session", lambda s, by, now: session_calls.recall(s, holding="", by=by, now=now)),
    "miss_in_room": ("hold_session", lambda s, by, now: session_calls.miss(s, holding="", by=by, now=now)),
    "back_to_room": ("hold_session", lambda s, by, now: session_calls.back(s, ticket_no="", by=by, now=now)),
    "begin_talk": ("hold_session", lambda s, by, now: session_talks.begin(s, holding="", by=by, now=now)),
    "extend_talk": (
        "hold_session",
        lambda s, by, now: session_talks.extend(s, holding="", minutes="5", by=by, now=now),
    ),
    "end_talk": ("hold_session", lambda s, by, now: session_talks.end(s, holding="", by=by, now=now)),
    "hand_over_in_session": (
        "hold_session",
        lambda s, by, now: session_talks.hand_over(
            s, no=NO, nonce="n", opinion="", department="", due_on="", signed="", by=by, now=now
        ),
    ),
    "rebook_in_session": (
        "hold_session",
        lambda s, by, now: session_talks.rebook(s, no=NO, day="", starts="", reason="", by=by, now=now),
    ),
    "hold_session": ("hold_session", lambda s, by, now: visit_day_session.hold(s, by=by, now=now)),
    "watch_visit_day": ("watch_visit_day", lambda s, by, now: visit_day_session.tick(s, by=by, now=now)),
    "left_over": ("see_session", lambda s, by, now: visit_day_session.left_over(s, by=by)),
    "settle_agenda": (
        "arrange_visit_day",
        lambda s, by, now: session_agenda.settle(s, on="", accompany=(), by=by, now=now),
    ),
    "read_agenda": ("read_agenda", lambda s, by, now: session_agenda.read(s, by=by, now=now)),
    "print_agenda": ("read_agenda", lambda s, by, now: session_agenda.print_out(s, nonce="n", by=by, now=now)),
    "prepare_booking": (
        "prepare_booking",
        lambda s, by, now: signing.prepare(s, no="JF202612-01", matter="x", topic="other", by=by, now=now),
    ),
    "pass_review": (
        "review_booking",
        lambda s, by, now: signing.pass_review(
            s, no="JF202612-01", wording="1", topic="other", departments=["service"], by=by, now=now
        ),
    ),
    "sign_booking": (
        "sign_booking",
        lambda s, by, now: signing.sign(s, no="JF202612-01", signature="1", by=by, now=now),
    ),
    "disagree": (
        "sign_booking",
        lambda s, by, now: signing.disagree(s, no="JF202612-01", signature="1", reason="x", by=by, now=now),
    ),
    "sign_many": ("sign_booking", lambda s, by, now: signing.sign_many(s, chosen=[], by=by, now=now)),
    "to_sign": ("sign_booking", lambda s, by, now: signing.mine(s, by=by, now=now)),
    "sign_on_paper": (
        "record_paper_signature",
        lambda s, by, now: signing.sign_on_paper(
            s, no="JF202612-01", signature="1", whose="zhouming", agrees=True, by=by, now=now
        ),
    ),
    "reword": (
        "reword_booking",
        lambda s, by, now: signing.reword(s, no="JF202612-01", matter="x", reason="x", by=by, now=now),
    ),
    "admit_walk_in": (
        "admit_walk_in",
        lambda s, by, now: signing.admit_walk_in(
            s, no="JF202612-01", opinion="x", department="service", deadline_on="2026-12-18", by=by, now=now
        ),
    ),
    "refuse_booking": (
        "refuse_booking",
        lambda s, by, now: signing.refuse(
            s,
            no="JF202612-01",
            nonce="n",
            reason="x",
            channel="phone",
            becomes="complaint",
            category="other",
            by=by,
            now=now,
        ),
    ),
    "see_booking_form": (
        "see_booking_form",
        lambda s, by, now: sign_records.find(s, "JF202612-01", by=by, now=now),
    ),
    "reveal_form": (
        "see_booking_form",
        lambda s, by, now: sign_records.reveal(s, no=NO, why=Reason("asked"), by=by, now=now),
    ),
    "to_review": ("prepare_booking", lambda s, by, now: sign_reminders.to_review(s, by=by, now=now)),
    "walked_in": ("admit_walk_in", lambda s, by, now: sign_reminders.walked_in(s, by=by, now=now)),
    "unsigned": ("refuse_booking", lambda s, by, now: sign_reminders.unsigned(s, by=by, now=now)),
    "signing_watch": ("watch_signatures", lambda s, by, now: signing.signing_watch(s, by=by, now=now)),
    "name_sign_deputy": (
        "name_sign_deputy",
        lambda s, by, now: sign_deputies.name(
            s, nonce="n", whose="", deputy="", from_on="", until_on="", reason="", by=by, now=now
        ),
    ),
    "end_sign_deputy": (
        "name_sign_deputy",
        lambda s, by, now: sign_deputies.end(s, deputy_id="1", by=by, now=now),
    ),
    "sign_deputies": ("name_sign_deputy", lambda s, by, now: sign_deputies.listed(s, by=by, now=now)),
    "decide_in_visit": (
        "decide_in_visit",
        lambda s, by, now: resolutions.decide(
            s, no=NO, nonce="n", opinion="x", department="x", due_on="x", by=by, now=now
        ),
    ),
    "add_decision": (
        "decide_in_visit",
        lambda s, by, now: resolutions.add(
            s, no=NO, nonce="n", opinion="x", department="x", due_on="x", reason="x", by=by, now=now
        ),
    ),
    "note_signature": (
        "decide_in_visit",
        lambda s, by, now: resolutions.note_signature(s, no=NO, signed="x", by=by, now=now),
    ),
    "read_back": ("decide_in_visit", lambda s, by, now: resolutions.read_back(s, no=NO, signed="x", by=by, now=now)),
    "reopen_visit": ("reopen_visit", lambda s, by, now: booking_ends.open_again(s, no=NO, reason="x", by=by, now=now)),
    "visit_form": ("see_visit_form", lambda s, by, now: visit_form.form(s, no=NO, by=by, now=now)),
    "print_form": (
        "print_form",
        lambda s, by, now: filed_prints.note(s, form="repair_form", no=NO, whole=False, by=by, now=now),
    ),
    "visitor_register": ("see_visitor_register", lambda s, by, now: visitor_register.of_day(s, on="x", by=by, now=now)),
    "reveal_visit_form": (
        "reveal",
        lambda s, by, now: visit_form.reveal(s, no=NO, why=Reason("asked"), by=by, now=now),
    ),
    "visit_summary": ("see_visit_summary", lambda s, by, now: visit_day_summaries.of_day(s, 9, by=by, now=now)),
    "month_report": ("see_month_report", lambda s, by, now: month_reports.of_month(s, month="x", by=by, now=now)),
    "centre_now": ("see_centre_now", lambda s, by, now: centre_now.read(s, by=by, now=now)),
    "month_trend": ("see_month_report", lambda s, by, now: month_trend.of_year(s, until="2026-11", by=by)),
    "month_apart": ("see_incident_figures", lambda s, by, now: month_apart.of_month(s, month="x", by=by, now=now)),
    "months_to_issue": ("issue_month_report", lambda s, by, now: month_reports.to_issue(s, by=by)),
    "month_watch": ("freeze_month", lambda s, by, now: month_reports.watch(s, by=by, now=now)),
    "month_freeze": ("freeze_month", lambda s, by, now: month_reports.freeze(s, month="x", by=by, now=now)),
    "month_check": ("check_month", lambda s, by, now: month_reports.check(s, month="x", by=by, now=now)),
    "month_issue": (
        "issue_month_report",
        lambda s, by, now: month_reports.issue(s, month="x", analysis="", by=by, now=now),
    ),
    "visit_promises": ("see_visit_summary", lambda s, by, now: visit_day_promises.of_day(s, 9, by=by, now=now)),
    "write_visit_summary": (
        "write_visit_summary",
        lambda s, by, now: visit_day_summaries.write(s, day_id=9, remarks="", by=by, now=now),
    ),
    "prevent_common_issue": (
        "prevent_common_issue",
        lambda s, by, now: common_issues.prevent(
            s, nonce="n", day_id=9, topic="x", action="x", owner="x", due_on="x", by=by, now=now
        ),
    ),
    "pay_fee": ("settle_fee", lambda s, by, now: fees.pay(s, unit="1-1-101", marks=[], by=by, now=now)),
    "withdraw_fee": (
        "correct_fee",
        lambda s, by, now: fees.withdraw(s, unit="1-1-101", marks=[], reason="x", by=by, now=now),
    ),
    "take_back_fee": ("correct_fee", lambda s, by, now: fees.take_back(s, unit="1-1-101", mark="1-1", by=by, now=now)),
    "call_about_fees": ("call_about_fees", lambda s, by, now: fee_calls.take(s, unit="1-1-101", by=by, now=now)),
    "note_fee_call": (
        "call_about_fees",
        lambda s, by, now: fee_calls.note(s, unit="1-1-101", outcome="told", by=by, now=now),
    ),
    "drop_fee_call": ("call_about_fees", lambda s, by, now: fee_calls.let_go(s, unit="1-1-101", by=by, now=now)),
    "look_up_fees": ("see_fees", lambda s, by, now: fees.look_up(s, unit="x", by=by)),
    "list_fees": ("see_fees", lambda s, by, now: fee_lists.listed(s, by=by, now=now)),
    "fees_to_call": ("see_fees", lambda s, by, now: fee_lists.to_call(s, by=by, now=now)),
    "fee_slip": (
        "print_fee_notice",
        lambda s, by, now: fee_papers.print_slip(s, unit="1-1-101", nonce="n", by=by, now=now),
    ),
    "fee_sheets": ("print_fee_notice", lambda s, by, now: fee_papers.sheets(s, unit="1-1-101", by=by, now=now)),
    "see_oversight": ("see_oversight", lambda s, by, now: oversight.log(s, by=by, now=now)),
    "to_correct": ("see_oversight", lambda s, by, now: oversight.to_correct(s, most=8, by=by)),
    "days_of_oversight": ("see_oversight", lambda s, by, now: oversight.days(s, by=by, now=now)),
    "note_finding": (
        "correct_oversight",
        lambda s, by, now: oversight.note(s, nonce="n", day_id=9, text="x", by=by, now=now),
    ),
    "correct_finding": (
        "correct_oversight",
        lambda s, by, now: oversight.correct(s, finding_id=9, correction="x", by=by, now=now),
    ),
    "watch_oversight": ("watch_oversight", lambda s, by, now: oversight.watch(s, by=by, now=now)),
    "listed_reveals": (
        "see_reveals",
        lambda s, by, now: reveals.listed(s, person="", since="", until="", by=by, now=now),
    ),
    "unusual_reveals": ("see_reveals", lambda s, by, now: reveals.unusual(s, since="", until="", by=by, now=now)),
    "staff_of_reveals": ("see_reveals", lambda s, by, now: reveals.staff_of(s, by=by)),
    "settings_of": ("see_settings", lambda s, by, now: settings.values_of(s, settings.GROUPS[0], by=by)),
    "settings_listed": ("see_settings", lambda s, by, now: tables.listed(s, TABLES["staff"], by=by)),
    "at_printers": ("see_printers", lambda s, by, now: sealed_papers.at_printers(s, by=by)),
    "prices": ("see_prices", lambda s, by, now: price_list.published(s, (), by=by)),
    "ringing": ("see_rings", lambda s, by, now: rings.ringing(s, by=by)),
    "notices": ("see_notice", lambda s, by, now: privacy_notices.all_of(s, by=by)),
    "escalate": ("escalate", lambda s, by, now: due.escalate_due(s, by=by, now=now)),
    "accounts": ("manage_staff", lambda s, by, now: accounts.all_accounts(s, by=by)),
    "account": ("manage_staff", lambda s, by, now: accounts.one(s, seat(by), login="nobody", now=now)),
    "give_code": ("manage_staff", lambda s, by, now: one_time_codes.give(s, login="nobody", by=by, now=now)),
    "new_heads": ("confirm_head", lambda s, by, now: new_heads.waiting(s, by=by)),
    "confirm_head": ("confirm_head", lambda s, by, now: new_heads.confirm(s, login="nobody", by=by, now=now)),
    "open_wider": ("open_wider", lambda s, by, now: hearers.open_wider(s, by=by, now=now)),
    "held": ("manage_staff", lambda s, by, now: leaving.held(s, login="nobody", by=by, now=now)),
    "hand_on": ("manage_staff", lambda s, by, now: leaving.hand_on(s, login="nobody", to={}, by=by, now=now)),
    "leave": ("manage_staff", lambda s, by, now: leaving.leave(s, login="nobody", to={}, by=by, now=now)),
    "log_ins": ("manage_staff", lambda s, by, now: sessions.everybody(s, seat(by), now=now)),
    "end_log_ins": ("manage_staff", lambda s, by, now: sessions.revoke(s, seat(by), login="nobody", now=now)),
    "phones_of": ("manage_staff", lambda s, by, now: worker_devices.of_login(s, "nobody", by=by, now=now)),
    "end_phones": ("manage_staff", lambda s, by, now: worker_devices.revoke_all(s, login="nobody", by=by, now=now)),
    "own_phones": ("use_work_phone", lambda s, by, now: worker_devices.own(s, by=by, now=now)),
    "api_tokens": ("manage_api", lambda s, by, now: api_tokens.listed(s, by=by, now=now)),
    "make_api_token": (
        "manage_api",
        lambda s, by, now: api_tokens.make(s, name="", scopes=[], expires_on="", nonce="n", by=by, now=now),
    ),
    "revoke_api_token": ("manage_api", lambda s, by, now: api_tokens.revoke(s, token_id=0, by=by, now=now)),
    "webhooks": ("manage_api", lambda s, by, now: webhooks.listed(s, by=by)),
    "make_webhook": (
        "manage_api",
        lambda s, by, now: webhooks.subscribe(s, name="", url="", kinds=(), nonce="n", by=by, now=now),
    ),
    "end_webhook": ("manage_api", lambda s, by, now: webhooks.end(s, webhook_id=0, by=by, now=now)),
    "try_webhook_again": ("manage_api", lambda s, by, now: webhooks.try_again(s, webhook_id=0, by=by, now=now)),
    "pass_over_message": (
        "manage_api",
        lambda s, by, now: webhooks.pass_over(s, webhook_id=0, mark="", by=by, now=now),
    ),
    "api_queue": ("read_api", lambda s, by, now: api_readings.queue(s, by=by, now=now)),
    "api_tickets": ("read_api", lambda s, by, now: api_readings.tickets(s, {"limit": "1"}, by=by, now=now)),
    "api_cases": ("read_api", lambda s, by, now: api_readings.cases(s, {"limit": "1"}, by=by)),
    "api_case": ("read_api", lambda s, by, now: api_readings.case(s, "X", by=by)),
    "api_history": ("read_api", lambda s, by, now: api_readings.history(s, "X", {"limit": "1"}, by=by)),
    "webhooks_due": ("deliver_webhooks", lambda s, by, now: webhook_outbox.due(s, by=by, now=now)),
    "webhook_front": ("deliver_webhooks", lambda s, by, now: webhook_outbox.front(s, 0, by=by)),
    "webhook_tidy": ("deliver_webhooks", lambda s, by, now: webhook_outbox.tidy(s, by=by, now=now)),
    "draft_custody": (
        "agree_custody",
        lambda s, by, now: custody.draft(
            s, nonce="n", unit="x", from_on="", keys="", water="", electric="", by=by, now=now
        ),
    ),
    "sign_custody": ("agree_custody", lambda s, by, now: custody.sign(s, no="x", signed="1", by=by, now=now)),
    "withdraw_custody": ("agree_custody", lambda s, by, now: custody.withdraw(s, no="x", reason="x", by=by, now=now)),
    "end_custody": (
        "end_custody",
        lambda s, by, now: custody.end(s, no="x", water="1", electric="1", by=by, now=now),
    ),
    "see_custody": ("see_custody", lambda s, by, now: custody_facts.find(s, "x", by=by)),
    "list_custodies": ("see_custody", lambda s, by, now: custody_lists.listed(s, by=by, now=now)),
    "custodies_over": ("see_custody", lambda s, by, now: custody_lists.over(s, by=by, now=now)),
    "read_custody_meter": (
        "read_custody_meter",
        lambda s, by, now: custody_readings.take(s, no="x", nonce="n", by=by, now=now),
    ),
    "exchange_custody_meter": (
        "read_custody_meter",
        lambda s, by, now: custody_readings.exchange(
            s, no="x", nonce="n", meter="water", old="1", new="0", by=by, now=now
        ),
    ),
    "correct_custody_meter": (
        "read_custody_meter",
        lambda s, by, now: custody_readings.correct(
            s, no="x", nonce="n", reading="1", value="1", reason="x", by=by, now=now
        ),
    ),
    "tell_custody": (
        "tell_custody",
        lambda s, by, now: custody_tellings.tell(s, no="x", telling="1", channel="phone", note="x", by=by, now=now),
    ),
    "custody_to_do": ("see_custody", lambda s, by, now: custody_tellings.to_do(s, by=by)),
    "custody_to_do_count": ("see_custody", lambda s, by, now: custody_tellings.count(s, by=by)),
    "custody_rounds": ("walk_custody", lambda s, by, now: custody_rounds.to_walk(s, by=by, now=now)),
    "walk_custody": (
        "walk_custody",
        lambda s, by, now: custody_rounds.walk(s, no="x", marks=["x"], nonce="n", by=by, now=now),
    ),
    "report_at_custody": (
        "walk_custody",
        lambda s, by, now: custody_rounds.report(
            s, no="x", marks=[], nonce="n", category="", place="", content="", urgency="", by=by, now=now
        ),
    ),
    "rain_warnings": ("walk_custody", lambda s, by, now: rain_warnings.listed(s, by=by)),
    "declare_rain": (
        "warn_of_rain",
        lambda s, by, now: rain_warnings.declare(s, rain_on="", nonce="n", by=by, now=now),
    ),
    "end_rain": ("warn_of_rain", lambda s, by, now: rain_warnings.end(s, warning="1", came="0", by=by, now=now)),
    "end_own_phone": ("use_work_phone", lambda s, by, now: worker_devices.revoke(s, device_id=0, by=by, now=now)),
}


def is_asked_first(store: Store, clock: Clock, cell: str, act: Act) -> None:
    """By each role in turn, a minute apart, those who may not first: nothing that a permitted one did may let them in,
    or be what they changed."""
    for role in sorted(Role, key=lambda role: role in MAY[cell]):
        before = store.connection.total_changes
        try:
            act(store, actor(store, role), clock.forward(minutes=1))
        except Refused as refused:
            assert (refused.code == "not_permitted") == (role not in MAY[cell]), (role, refused.code)
        else:
            assert role in MAY[cell], role
        if role not in MAY[cell]:
            assert store.connection.total_changes == before, role


@pytest.mark.parametrize("name", CELLS)
def test_the_cell_is_asked_first(store: Store, clock: Clock, name: str) -> None:
    is_asked_first(store, clock, *CELLS[name])
