"""Taking inquiries in (咨询): the question, and its answer at once or the time at which the person hears."""

from datetime import datetime

from db.store import Store
from reception import (
    cases,
    departments,
    inquiry_facts,
    inquiry_steps,
    nonces,
    papers,
    spooling,
    visits,
)
from reception.cases import Case
from reception.inquiry_facts import DEPARTMENT, KIND, SERIES, details
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.rules import clock, local_times
from reception.rules.masking import mask_name, mask_phone
from reception.site import site
from reception.wording import Words

NOTE = papers.InquiryNote.KIND
# By which way an answer given at once was given.
_AT_ONCE = {"phone": "phone"}


def register(
    store: Store,
    *,
    nonce: str,
    category: str,
    question: str,
    way: str,
    answer: str = "",
    saved: str = "",
    reply_due: str = "",
    department: str = "",
    expert: str = "",
    name: str = "",
    phone: str = "",
    unit: str = "",
    print_note: bool = False,
    source: str = "desk",
    visit_id: int | None = None,
    by: Actor,
    now: datetime,
) -> Case:
    """Take an inquiry in, and either answer it (`way` at_once), which closes it, or promise an answer (promised).

    Answered at once nobody need say who he is; who is promised an answer leaves a name and a telephone. `reply_due` is
    the agreed time as typed; `department` or `expert` (a login) who is consulted, else the department that the centre
    set for the category, if any; `saved` the id of the saved answer that was used. The same nonce returns the same
    case. Refuses `category_unknown`, `question_missing`, `answer_way_unknown`, and what `inquiry_steps.settle` and
    `promise_first`, `cases.complainant`, `cases.text` and `nonces` refuse.
    """
    permit(by, "register_inquiry")
    content = {
        "category": category,
        "question": question,
        "way": way,
        "answer": answer,
        "saved": saved,
        "reply_due": reply_due,
        "department": department,
        "expert": expert,
        "name": name,
        "phone": phone,
        "unit": unit,
        "note": print_note,
        "source": source,
        "visit": visit_id,
    }

    def make(at: datetime) -> int:
        cases.choice(category, inquiry_facts.categories(store), code="category_unknown")
        cases.choice(way, inquiry_facts.WAYS, code="answer_way_unknown")
        promised = way == inquiry_facts.PROMISED
        person = (
            cases.complainant(store, name=name, phone=phone, unit=unit, by=by, unit_required=False)
            if promised
            else visits.particulars(store, name=name, phone=phone, unit=unit, by=by)
        )
        clean = cases.text(question, missing="question_missing")
        case = cases.open_case(
            store,
            kind=KIND,
            series=SERIES,
            state="open",
            person=person,
            visit_id=visit_id,
            department=DEPARTMENT,
            source=source,
            by=by,
            at=at,
            category=category,
        )
        store.execute(
            "INSERT INTO inquiries (case_id, category, question) VALUES (?, ?, ?)", [case.id, category, clean]
        )
        if not promised:
            channel = _AT_ONCE.get(source, "face")
            inquiry_steps.settle(store, case, answer, saved=saved, channel=channel, by=by, at=at)
            return case.id
        asked = department or ("" if expert else inquiry_facts.proposed_department(store, category))
        inquiry_steps.promise_first(store, case, reply_due=reply_due, department=asked, expert=expert, by=by, at=at)
        if print_note:
            paper = note(store, cases.whole(store, case.id))
            spooling.enqueue(store, site(store), paper, ref=cases.ref(case), at=at)
        return case.id

    return cases.whole(store, nonces.once(store, nonce, "register_inquiry", content, now=now, make=make))


def rebuild(store: Store, case: Case, kind: str, part: str) -> papers.Paper:
    """Return the facts of an inquiry's paper anew, from the records: with the time that is agreed now."""
    return note(store, case)


def note(store: Store, case: Case) -> papers.InquiryNote:
    """Return the facts of the note (受理便条), from the records: name and phone masked, the agreed time as agreed.

    Refuses `step_not_now` of an inquiry that nobody was promised an answer to.
    """
    centre, inquiry = site(store), details(store, case)
    if not inquiry.promised_at:
        raise Refused("step_not_now")
    when = local_times.written(clock.from_text(inquiry.promised_at), zone=centre.zone)
    return papers.InquiryNote(
        **spooling.coded(centre, case.token, clock.from_text(case.received_at)),
        no=case.no,
        ticket_no=visits.ticket_no_of(store, case.visit_id),
        category=inquiry.category_words,
        question=inquiry.question,
        promised=when,
        expected=Words(f"{when} 前答复您", f"You get an answer by {when}"),
        department=departments.name(store, case.department),
        name=mask_name(case.name),
        phone=mask_phone(case.phone),
        desk_phone=centre.phone,
    )
