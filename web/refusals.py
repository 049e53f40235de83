"""Refusals: every code in a sentence of the reader's language, every error as a page that says what to do."""

import sqlite3
from collections.abc import Callable

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from db.store import is_trouble
from reception.refusal import Refused

# Where a fragment shows a refusal: the page's own line, or that of the window over it.
PLACES = {"refusal", "call-refusal"}
STATUS = {
    "not_permitted": 403,
    "not_serving": 403,
    "code_unknown": 404,
    "ticket_unknown": 404,
    "ring_unknown": 404,
    "setting_unknown": 404,
    "row_unknown": 404,
    "import_unknown": 404,
    "upload_gone": 409,
    "ring_taken": 409,
    "case_unknown": 404,
    "order_unknown": 404,
    "no_longer_held": 409,
    "counter_busy": 409,
    "not_waiting": 409,
    "changed_meanwhile": 409,
    "step_not_now": 409,
    "order_over": 409,
    "tail_locked": 429,
    "fault_unknown": 404,
    "household_unknown": 404,
    "fault_over": 409,
    "household_told": 409,
    "clock_unknown": 409,
    "paper_unknown": 404,
    "printer_unknown": 404,
    "paper_not_waiting": 409,
    "paper_not_stuck": 409,
    "paper_not_doubtful": 409,
    "paper_on_its_way": 409,
    "charged_already": 409,
    "quotation_answered": 409,
    "quotation_changed": 409,
    "quotation_superseded": 409,
    "quotation_unknown": 404,
    "login_throttled": 429,
}

SENTENCES: dict[str, Callable[[], str]] = {
    "about_unknown": _l("Please choose progress or result."),
    "address_invalid": _l("This is no address of a printer, such as tcp://192.168.1.50:9100 or usb:/dev/usb/lp0."),
    "address_missing": _l("Please write the address of the printer."),
    "address_taken": _l("Another printer has this address."),
    "already_serving": _l("This visitor is already being served."),
    "answer_unknown": _l("Please choose how the owner answered."),
    "appointed_past": _l("This time has passed. Please agree on one still to come."),
    "area_unclear": _l("You chose more homes than you named. Please say again which homes."),
    "area_unknown": _l("Please choose which homes have the fault."),
    "building_unknown": _l("There is no such building or unit in this estate."),
    "case_of_another_fault": _l("This repair belongs to another known fault."),
    "case_over": _l("This case is over."),
    "case_unknown": _l("There is no case with this number."),
    "category_unknown": _l("Please choose a category."),
    "cause_unknown": _l("Please choose what is out of order."),
    "cell_error": _l("The spreadsheet shows an error here."),
    "cell_missing": _l("This is missing."),
    "changed_meanwhile": _l("Somebody else changed this in the meantime. Please look again."),
    "channel_unknown": _l("Please choose how the person was told."),
    "charged_already": _l("Money was charged for it. Please give it back first."),
    "choice_unknown": _l("Please choose one of those shown."),
    "clock_not_ahead": _l("The clock does not stand before the last event: nothing is to be corrected."),
    "clock_unknown": _l("No such deadline runs for this case any more."),
    "closed_now": _l("No more numbers are given at this time. In an emergency please call the number shown."),
    "code_invalid": _l("A code begins with a letter: a-z, 0-9 and - only."),
    "code_unknown": _l("This code is not known here. Please ask at the counter."),
    "column_twice": _l("This column stands twice in the file."),
    "columns_missing": _l("The file lacks columns that are needed."),
    "common_not_paid": _l("A common area: no owner is charged for it."),
    "content_missing": _l("Please write what needs repair."),
    "convenient_time_missing": _l("Please write when the worker may come, or mark the repair as urgent."),
    "count_invalid": _l("Please choose between 1 and 30."),
    "counter_busy": _l("The counter still holds a visitor."),
    "counter_closed": _l("Nobody sits at that counter now."),
    "counter_unknown": _l("There is no such counter."),
    "date_invalid": _l("Please write a date such as 2026-12-31."),
    "dates_reversed": _l("The first day comes after the last."),
    "deadline_invalid": _l("Please choose a day and a time."),
    "deadline_not_ahead": _l("Please choose a time that is still to come."),
    "deadline_too_far": _l("This deadline is too far away. Please check it."),
    "department_unknown": _l("Please choose one of the departments shown."),
    "exclusion_unknown": _l("Please choose one of the causes shown."),
    "expected_invalid": _l("Please write a time such as 2026-12-31T16:00, or none."),
    "expected_past": _l("The expected time lies in the past."),
    "expected_unchanged": _l("That is the time already shown."),
    "facts_missing": _l("Please write what happened."),
    "fallback_itself": _l("A printer cannot take over from itself."),
    "fault_not_over": _l("The fault is not over yet: nobody is to be told."),
    "fault_over": _l("This fault is over already."),
    "fault_unknown": _l("There is no such fault."),
    "feedback_missing": _l("The person has not been told the result yet."),
    "feedback_text_missing": _l("Please write what the person was told."),
    "file_cell_too_long": _l("A cell of the file holds too much text."),
    "file_empty": _l("There are no lines in this file."),
    "file_missing": _l("Please choose a file."),
    "file_old_excel": _l("An old Excel file, or one with a password. Please save it as .xlsx or CSV without one."),
    "file_too_big": _l("The file is too big. Please divide it."),
    "file_too_many_columns": _l("The file has too many columns."),
    "file_too_many_rows": _l("The file has too many lines. Please divide it."),
    "file_unreadable": _l("This file cannot be read. Please save it as .xlsx or CSV."),
    "flag_invalid": _l("Please choose yes or no."),
    "folder_on_the_box": _l("A folder is set on the box itself: lobbydesk printer add."),
    "follow_up_missing": _l("This case must be followed up first."),
    "follow_up_own": _l("Whoever did the work does not follow it up. Please ask a colleague."),
    "hand_number_invalid": _l("Please write numbers such as 015 or W015, the first before the last."),
    "hand_number_taken": _l("One of these numbers was already given out today."),
    "hand_number_too_far": _l("This number is far behind the last one. Please check it."),
    "hand_numbers_too_many": _l("At most 100 numbers at once."),
    "handover_before_completion": _l("The handover comes before the completion."),
    "hazard_unknown": _l("Please choose what has happened."),
    "hours_invalid": _l("Please write hours such as 08:30-12:00,13:30-17:30, in their order."),
    "household_told": _l("This home was told already."),
    "household_unknown": _l("This home is not on the list."),
    "import_has_errors": _l("Lines of the file have errors. Nothing was imported."),
    "import_unknown": _l("There is no such import."),
    "item_code_invalid": _l("A code has letters, digits, . and - only, at most 40."),
    "labour_invalid": _l("Please write the labour in minutes."),
    "last_administrator": _l("Somebody must stay administrator."),
    "liability_undetermined": _l("Please decide first: warranty, paid service or shared area."),
    "liability_unknown": _l("Please choose who bears the repair."),
    "line_kind_unknown": _l("Please choose labour or material."),
    "line_twice": _l("The same stands in an earlier line of the file."),
    "line_unknown": _l("Please choose one of the services shown."),
    "lines_missing": _l("Please choose at least one item."),
    "lines_too_many": _l("At most 40 lines at once."),
    "login_failed": _l("Name or password is not right."),
    "login_throttled": _l("Too many attempts. Please wait a minute and try again."),
    "material_price_missing": _l("Please write what our material costs."),
    "material_price_unwanted": _l("Only material at a price has a price."),
    "material_unknown": _l("Please write whose material it is, as in the sample."),
    "materials_invalid": _l("Please check the materials: a name and a quantity each, at most 30."),
    "matter_missing": _l("Please write what the owner wants to speak about."),
    "matter_unknown": _l("Please choose one of the matters shown."),
    "matters_too_many": _l("At most six matters at once."),
    "merge_itself": _l("Please name another case."),
    "merge_kinds": _l("Only cases of the same kind are merged."),
    "merge_not_now": _l("This case cannot be merged now: a worker is on it. Send the order back first."),
    "merged_unanswered": _l("Somebody whose case was merged into this one has not been told the result."),
    "method_unknown": _l("Please choose how it was paid."),
    "money_invalid": _l("Please write an amount in yuan such as 12.50."),
    "money_too_large": _l("This amount is too large. Please check it."),
    "month_day_invalid": _l("Please write month and day such as 11-15."),
    "more_than_due": _l("This is more than is still due."),
    "more_than_paid": _l("This is more than was paid."),
    "name_missing": _l("Please write a name."),
    "no_longer_held": _l("This counter no longer holds that number. The screen now shows how it stands."),
    "nobody_on_duty": _l("Nobody is registered to answer here. Please call the number shown."),
    "nonce_invalid": _l("This page is out of date. Please go back and try again."),
    "nonce_missing": _l("This page is out of date. Please go back and try again."),
    "nonce_reused": _l("This form was already sent with other content. Please start a new one."),
    "not_a_repair": _l("Only a repair can belong to a known fault."),
    "not_agreed": _l("The owner has not agreed to a price yet."),
    "not_charged": _l("Nothing was charged for this repair."),
    "not_common_area": _l("Only work in shared areas goes without the owner's signature."),
    "not_missed": _l("This number is not among the missed ones."),
    "not_paid_work": _l("This repair is not decided to be paid work."),
    "not_parked": _l("This number was not set aside."),
    "not_permitted": _l("Your role may not do this."),
    "not_registered": _l("This repair has already been dispatched."),
    "not_reprintable": _l("This paper is simply asked for again, not printed again."),
    "not_serving": _l("Only the counter that serves this visitor sees the record."),
    "not_started": _l("The work has not begun yet."),
    "not_waiting": _l("This number does not wait any more."),
    "note_missing": _l("Please write why nobody signed."),
    "nothing_next": _l("This case stands further already."),
    "number_invalid": _l("This number is not within its limits."),
    "order_over": _l("This work order is over. The repair may be out with another one."),
    "order_unknown": _l("There is no work order of this number for you."),
    "owner_missing": _l("These repairs need a member of staff who holds them."),
    "paper_not_doubtful": _l("Nothing is in doubt about this paper any more."),
    "paper_not_stuck": _l("The printer works again, or the paper is no longer in it."),
    "paper_not_waiting": _l("This paper does not wait any more. The list now shows how it stands."),
    "paper_on_its_way": _l("This paper is already waiting for the printer."),
    "paper_unknown": _l("There is no such paper."),
    "park_reason_unknown": _l("Please choose why."),
    "part_unknown": _l("Please choose one of the parts shown."),
    "password_too_short": _l("A password has ten characters or more."),
    "pause_reason_unknown": _l("Please choose why."),
    "phone_invalid": _l("Please check the phone number: digits only, 7 to 12 of them."),
    "phone_missing": _l("Please write a phone number."),
    "phone_number_invalid": _l("A telephone number has digits, spaces and - only."),
    "phone_unrecognised": _l("No resident of this home has a phone ending like this. Please enter the whole number."),
    "pick_reason_unknown": _l("Please choose why."),
    "place_missing": _l("Please write where it is."),
    "prefix_invalid": _l("One letter, and none that sounds like another: not B, C, D, E, P, V."),
    "prefix_taken": _l("Another service has this letter."),
    "price_fixed": _l("This item has a fixed price."),
    "price_high_missing": _l("A price from – to needs the highest price."),
    "price_high_unwanted": _l("Only a price from – to has a highest price."),
    "price_item_unknown": _l("This item is not in the price list any more."),
    "price_low_missing": _l("This way of pricing needs a price."),
    "price_missing": _l("Please write a price."),
    "price_out_of_range": _l("This price is outside the limits of the price list."),
    "price_range_invalid": _l("The highest price is missing, or lower than the lowest."),
    "price_reversed": _l("The highest price is below the price."),
    "price_unwanted": _l("This way of pricing has no price."),
    "pricing_unknown": _l("Please write the way of pricing as in the sample."),
    "printer_exists": _l("There is a printer of this name already."),
    "printer_in_use": _l("Papers wait for this printer, or it is the one at the kiosk."),
    "printer_name_invalid": _l("The short name begins with a letter: a-z, 0-9 and - only."),
    "printer_unknown": _l("There is no such printer."),
    "property_invalid": _l("One of the values cannot be. Please check it."),
    "public_url_missing": _l("No public address is set."),
    "purpose_below_itself": _l("A purpose stands below a category of its own service, and has no parts then."),
    "quantity_invalid": _l("Please write a quantity such as 1 or 1.5."),
    "query_invalid": _l("Search by number, by home such as 1-1-101, or by the last four digits of a phone."),
    "quotation_answered": _l("The owner answered this quote already."),
    "quotation_changed": _l("The quote was changed in the meantime. Please look again."),
    "quotation_not_agreed": _l("The owner has not agreed to the price yet. Paid work begins only after that."),
    "quotation_superseded": _l("There is a newer quote. Please look again."),
    "quotation_unknown": _l("There is no such quote."),
    "reason_missing": _l("Please write the reason."),
    "reason_unknown": _l("Please choose why."),
    "recall_limit": _l("This number was called often enough. Please mark it as missed."),
    "recall_too_soon": _l("Please wait a moment between two calls."),
    "received_in_future": _l("This time has not come yet."),
    "recheck_missing": _l("Work under warranty is inspected again before it is signed."),
    "recheck_own": _l("Whoever did the work does not inspect it. Please ask a colleague."),
    "relation_unknown": _l("Please write owner, family, tenant or agent."),
    "resident_ambiguous": _l("Several residents of this home have this phone; none has this name."),
    "restore_limit": _l("This number was missed too often. Please take a new one."),
    "ring_taken": _l("A colleague was first and is on the way."),
    "ring_unknown": _l("There is no such call."),
    "row_exists": _l("There is one of this code already."),
    "row_in_use": _l("Somebody still waits for it or stands there."),
    "row_unknown": _l("It is not in this list."),
    "same_counter": _l("The visitor is at this counter already."),
    "same_line": _l("The visitor is already in this service."),
    "scan_foreign": _l("This code is not one of ours. Please hold the code of your ticket to the scanner."),
    "scan_unreadable": _l("The code could not be read. Please try again, or ask a member of staff."),
    "score_invalid": _l("Please choose between 1 and 5."),
    "setting_unknown": _l("There is no such setting."),
    "signature_own": _l("Whoever did the work does not see its signature. Please ask a colleague."),
    "signature_unknown": _l("Please choose how the work was accepted."),
    "source_unknown": _l("Please choose how the repair came in."),
    "staff_unknown": _l("There is no such member of staff."),
    "started_already": _l("The work has begun already."),
    "step_not_now": _l("This step cannot be done now. Please look how the case stands."),
    "survey_answered": _l("This was answered already. Thank you."),
    "tail_locked": _l("Too many wrong tries. Please ask a member of staff."),
    "tail_wrong": _l("These are not the last four digits of the phone we were given."),
    "template_invalid": _l("The sentence needs {ticket} and then {place}, once each."),
    "term_missing": _l("Please write at least one term."),
    "text_invalid": _l("The text holds characters that cannot be kept."),
    "text_missing": _l("Please fill in this field."),
    "text_too_long": _l("The text is too long."),
    "ticket_of_earlier_day": _l("This ticket is of an earlier day. Please take a new number."),
    "ticket_over": _l("This number was served or has expired; it needs no ticket."),
    "ticket_unknown": _l("There is no ticket with this number."),
    "time_impossible": _l("This time lies before the order went out, or is still to come."),
    "time_invalid": _l("Please write a time of today that has passed, such as 10:24."),
    "timezone_unknown": _l("There is no such time zone; such as Asia/Shanghai."),
    "undo_too_late": _l("It is too late to take this call back."),
    "unit_invalid": _l("Please write the home as building-unit-room, such as 1-1-101."),
    "unit_missing": _l("Please choose the home."),
    "unit_part_invalid": _l("Letters and digits only, at most 8."),
    "unit_unknown": _l("There is no such home in this estate."),
    "unpaid": _l("The paid work is not paid yet."),
    "upload_gone": _l("The checked file is no longer here. Please choose it again."),
    "urgency_unknown": _l("Please choose how urgent it is."),
    "url_invalid": _l("An address such as https://lobby.example.com, without a path."),
    "volume_invalid": _l("Please write the volume such as 07:00=100,21:00=40."),
    "what_missing": _l("Please write what is wrong, in a few words."),
    "width_invalid": _l("So many columns do not fit: each is 12 dots wide."),
    "work_began_free": _l("Work began without a price agreed before: it cannot become paid now."),
    "work_done_missing": _l("Please write what was done."),
    "worker_missing": _l("Please choose who does the work."),
    "worker_unfit": _l("This person is no worker of that department."),
    "worker_unknown": _l("Please choose one of the workers shown."),
}


def install(app: Flask) -> None:
    """Answer refusals, HTTP errors and trouble of the store with a page, or with a fragment to htmx."""
    app.add_template_filter(sentence)
    app.register_error_handler(Refused, refused)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(sqlite3.Error, troubled)


def sentence(code: str) -> str:
    """Return the sentence for a code."""
    return str(SENTENCES[code])


def refused(error: Refused) -> ResponseReturnValue:
    """Answer an act that could not be done: a sentence, a 4xx, and `data-refused` for programs."""
    return _answer(error.code, sentence(error.code), STATUS.get(error.code, 422))


def failed(error: HTTPException) -> ResponseReturnValue:
    """Answer Flask's own errors in the reader's language."""
    status = error.code or 500
    if status < 400:
        return error.get_response()
    say = {
        403: _("This request did not come from this screen, and was not carried out."),
        404: _("There is nothing at this address."),
        405: _("This cannot be done this way."),
        413: _("That is too much at once."),
        429: _("Too many screens are watching. This one will look again by itself."),
    }.get(status, _("The request could not be understood.") if status < 500 else _("Something went wrong here."))
    return _answer(f"http_{status}", say, status)


def troubled(error: sqlite3.Error) -> ResponseReturnValue:
    """Answer trouble of the box with a 503: nothing was written. A defect of ours stays a defect."""
    if not is_trouble(error):
        raise error
    current_app.logger.error("store: %s", getattr(error, "sqlite_errorname", "unavailable"))
    return _answer("store_trouble", _("The service is busy for a moment. Nothing was lost; please try again."), 503)


def _answer(code: str, say: str, status: int) -> ResponseReturnValue:
    if request.headers.get("HX-Request") == "true":
        # A window over the page has a place of its own for what it refuses.
        asked = request.headers.get("X-Refusal-At", "")
        place = asked if asked in PLACES else "refusal"
        response = make_response(render_template("_refusal.html", code=code, sentence=say, place=place), status)
        response.headers["HX-Retarget"] = f"#{place}"
        response.headers["HX-Reswap"] = "outerHTML"
        return response
    return render_template("refused.html", code=code, sentence=say), status
