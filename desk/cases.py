"""The page of a case."""

import secrets

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from db import paper_care
from desk import case_care, feedback, forms, identity, reveals, supervisions
from desk.kinds import KINDS
from desk.session import actor
from reception import (
    booking_slips,
    case_clocks,
    cases,
    charges,
    events,
    order_editions,
    owner_papers,
    phone_calls,
    repair_facts,
    reprints,
    withdrawals,
    without_consent,
)
from reception.cases import Case
from reception.wording import Words
from web.app import now, store
from web.languages import current_site

views = Blueprint("cases", __name__)

ACTS = {
    "withdraw_consent": _l("consent taken back"),
    "open_repair": _l("registered"),
    "open_complaint": _l("received"),
    "open_visit-day": _l("booked"),
    "acknowledge": _l("number told"),
    "assign_complaint": _l("passed on"),
    "investigate": _l("looked into"),
    "reply": _l("replied"),
    "open_inquiry": _l("asked"),
    "promise_answer": _l("answer promised"),
    "consult_expert": _l("somebody who knows asked"),
    "advise": _l("advice written"),
    "answer_inquiry": _l("answered"),
    "ask_again": _l("asked further"),
    "open_suggestion": _l("received"),
    "forward_suggestion": _l("passed on"),
    "answer_suggestion": _l("answered"),
    "raise": _l("handed up to a head"),
    "regrade": _l("class or severity corrected"),
    "seal": _l("sealed: about one of us"),
    "name_accused": _l("named whom it is about"),
    "unname_accused": _l("took a wrong name back"),
    "let_in": _l("another head let in"),
    "share_sealed": _l("opened to the head of service"),
    "withdraw": _l("withdrawn by the person"),
    "reopen": _l("opened again"),
    "dispatch": _l("dispatched"),
    "decide_liability": _l("decided who bears it"),
    "quote": _l("price quoted"),
    "quote_agreed": _l("owner agreed to the price"),
    "quote_declined": _l("owner declined the price"),
    "quote_withdrawn": _l("quote withdrawn"),
    "tail_wrong": _l("wrong digits of the phone"),
    "charge": _l("charged"),
    "withdraw_charge": _l("charge withdrawn"),
    "payment": _l("money taken"),
    "refund": _l("money given back"),
    "open_emergency": _l("entered"),
    "emergency_contained": _l("danger contained"),
    "emergency_handled": _l("dealt with"),
    "accept": _l("accepted"),
    "arrive": _l("on site"),
    "start": _l("work began"),
    "suspend": _l("set aside"),
    "resume": _l("went on"),
    "reschedule": _l("another time agreed"),
    "send_back": _l("order sent back"),
    "finish": _l("finished"),
    "recheck": _l("inspected"),
    "sign": _l("accepted by the owner"),
    "rework": _l("opened again: rework"),
    "cancel": _l("cancelled"),
    "merge": _l("merged into another"),
    "merged_in": _l("another was merged in"),
    "link": _l("linked"),
    "follow_up": _l("followed up"),
    "follow_up_attempt": _l("nobody reached"),
    "take_call": _l("taken to be called: name and phone shown"),
    "correct_phone": _l("wrong phone number put right"),
    "read_answer": _l("the person's words read"),
    "supervise": _l("put under supervision"),
    "supervision_reminded": _l("supervision: reminded"),
    "supervision_overdue": _l("supervision: overdue"),
    "supervision_done": _l("supervision: done"),
    "supervision_told": _l("supervision: person told"),
    "supervision_moved": _l("supervision: deadline changed"),
    "supervision_handed": _l("supervision: another in charge"),
    "supervision_withdrawn": _l("supervision: withdrawn"),
    "supervision_printed": _l("supervision: slip printed"),
    "supervision_set_right": _l("supervision: lateness taken back"),
    "survey": _l("the person's own answer"),
    "feedback": _l("person told"),
    "close": _l("filed"),
    "close_without_consent": _l("closed without consent"),
    "amend": _l("details completed"),
    "attach_fault_case": _l("added to a known fault"),
    "detach_fault_case": _l("taken out of the known fault"),
    "release_fault_case": _l("goes its own way again"),
    "assign": _l("another holder"),
    "hand_order_on": _l("order given to another worker"),
    "hand_papers_on": _l("papers are for another"),
    "hand_official_on": _l("another counterpart"),
    "note": _l("note"),
    "wrong_phone_tail": _l("wrong last four digits"),
    "open_incident": _l("raised"),
    "acknowledge_incident": _l("seen on the screen"),
    "lead_away": _l("led to the room"),
    "classify_incident": _l("class chosen"),
    "notify_incident": _l("notified"),
    "escalate_incident": _l("handed up"),
    "record_incident": _l("record written"),
    "contain_incident": _l("under control"),
    "handle_incident": _l("handled"),
    "report_incident": _l("record filed"),
    "archive_incident": _l("archived"),
    "keep_study": _l("kept as a case study"),
    "withdraw_incident": _l("withdrawn: pressed by mistake"),
    "name_concerned": _l("people concerned written down"),
    "print_slip": _l("slip printed"),
    "reveal": _l("name and phone shown"),
    "change_deadline": _l("deadline changed"),
    "escalate": _l("handed up: overdue"),
    "see_order": _l("order opened on the worker's phone"),
    "show_owner_code": _l("code shown to the owner"),
    "add_photo": _l("photo added"),
    "remove_photo": _l("photo removed"),
    "reprint": _l("paper printed again"),
    "hand_out": _l("paper printed for the owner"),
    "renew_order_papers": _l("new edition of the work order printed"),
    "void_paper": _l("paper declared void"),
    "move_paper": _l("paper given to another printer"),
    "paper_came_out": _l("paper seen"),
    "give_up_paper": _l("printer no longer waited for"),
    "open_appointment": _l("booked"),
    "confirm_appointment": _l("confirmed by the host"),
    "change_appointment": _l("time or host changed"),
    "arrive_appointment": _l("visitor is here"),
    "finish_appointment": _l("visitor was received"),
    "end_appointment": _l("ended by the close of the day"),
    "cancel_appointment": _l("cancelled"),
    "miss_appointment": _l("did not come"),
    "see_telling": _l("colleague knows of it"),
    "open_handover": _l("taken in"),
    "notify_handover": _l("addressee told"),
    "deliver_handover": _l("delivered against signature"),
    "give_back_handover": _l("gone back to the sender"),
    "move_handover": _l("lies somewhere else"),
    "open_official": _l("received"),
    "hand_official": _l("led to its counterpart"),
    "close_official": _l("closed with a result"),
    "check_identity": _l("document seen"),
    "name_agent": _l("agent named"),
    "decide": _l("decided"),
    "add_decision": _l("one more decided"),
    "note_signature": _l("signature put right"),
    "resolve": _l("decisions read to the owner"),
    "supervise_visit": _l("decisions put under supervision"),
    "feed_back": _l("owner told of every decision"),
    "submit": _l("handed in for review"),
    "change_booking": _l("another time"),
    "rebook": _l("another day"),
    "move_up": _l("moved up from the waiting list"),
    "settle_ownership": _l("ownership settled"),
    "schedule_visit_day": _l("agenda settled"),
    "check_in_visit_day": _l("checked in for the visit day"),
    "meet_visit_day": _l("talk began"),
    "unmeet_visit_day": _l("beginning taken back"),
    "extend_talk": _l("talk made longer"),
    "end_talk": _l("talk ended"),
    "see_guest": _l("name seen in the session"),
    "miss_visit_day": _l("did not come"),
    "appointment_set_right": _l("the box's time was set right: expected again"),
    "visit_day_set_right": _l("the box's time was set right: expected again"),
    "miss_called_visit_day": _l("called, and never came to the room"),
    "prepare_booking": _l("matter worded"),
    "pass_review": _l("reviewed, sent to be signed"),
    "sign_booking": _l("signature given"),
    "return_booking": _l("sent back for review, signatures void"),
    "reword_booking": _l("worded anew, signatures void"),
    "admit": _l("every signature there: admitted"),
    "admit_walk_in": _l("walked in, admitted by the manager"),
    "refuse_booking": _l("not admitted: a department handles it first"),
    "signing_reminded": _l("reminded to sign"),
    "unsigned_at_cut_off": _l("not signed in time: before the manager"),
}


DOORS = {"kiosk": _l("kiosk"), "token_holder": _l("owner, by code"), "box": _l("the box")}


@views.app_template_filter()
def act_words(what: str) -> str:
    """Return an act of the history in the reader's language."""
    return str(ACTS.get(what, what))


@views.app_template_global()
def state_of(kind: str, state: str, no: str) -> Words:
    """Return how a case stands: of a repair on site also whether the work began, of a closed one whether by consent."""
    if state == "closed" and without_consent.stands(store(), no):
        return without_consent.NAME
    return repair_facts.state_of(store(), no, state) if kind == repair_facts.KIND else KINDS[kind].kind.states[state]


@views.app_template_filter()
def role_words(role: str) -> str:
    """Return who did something without being a member of staff, in the reader's language."""
    return str(DOORS.get(role, role))


@views.app_template_filter()
def hundredths(quantity: int) -> str:
    """Return a quantity in hundredths as people write it: 250 -> 2.5."""
    return f"{quantity / 100:.2f}".rstrip("0").rstrip(".")


@views.get("/cases/<no>")
def page(no: str) -> ResponseReturnValue:
    """Show one case: whole to whoever holds it, masked to everybody else."""
    return _page(cases.find(store(), no, by=actor()))


@views.post("/cases/<no>/reveal")
def reveal(no: str) -> ResponseReturnValue:
    """Show one case whole; the look stands in its history."""
    return _page(cases.reveal(store(), no, why=reveals.reason(), by=actor(), now=now()))


@views.post("/cases/<no>/hand-out")
def hand_out(no: str) -> ResponseReturnValue:
    """Print a paper that the owner asks for and never got."""
    kind = request.form.get("kind", "")
    return forms.lead_to(f"/cases/{owner_papers.hand_out(store(), no=no, kind=kind, by=actor(), now=now()).no}")


@views.get("/cases/<no>/papers")
def papers(no: str) -> ResponseReturnValue:
    """Answer the papers of a case, for the live screen."""
    case = cases.find(store(), no, by=actor())
    return render_template("_case_papers.html", case=case, **_papers(case))


def _papers(case: Case) -> dict[str, object]:
    found = paper_care.of_ref(store(), cases.ref(case))
    return {
        "papers": found,
        "numbers": {cases.ref(case): case.no},
        "money": {one.no: one for one in charges.of_case(store(), case.id).payments},
        "reprintable": reprints.reprintable(store(), found),
        "old": order_editions.old(store(), found) | booking_slips.old(store(), case, found),
        "to_hand_out": owner_papers.missing(store(), case),
        "nonce": secrets.token_urlsafe(16),
    }


def _page(case: Case) -> ResponseReturnValue:
    entry = KINDS[case.kind]
    return render_template(
        "case.html",
        site=current_site(),
        case=case,
        entry=entry,
        kinds=KINDS,
        details=entry.kind.details(store(), case),
        history=events.history(store(), "case", case.id),
        **case_care.facts(case),
        **entry.facts(cases.whole(store(), case.id)),
        call=phone_calls.of_case(store(), case.id),
        clocks=case_clocks.of_case(store(), case.id, now=now()),
        telling=feedback.facts(case),
        identity=identity.facts(case),
        grounds=withdrawals.of_case(store(), case),
        supervised=supervisions.of_case(case),
        **_papers(case),
    )
