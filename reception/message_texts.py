"""Texts for staff to send: what the procedures promise to tell at each step; the box sends nothing outside by itself.

Nobody's name, telephone or home stands in them: they go through chats and over shoulders (domain.md K12, SYS-17).
"""

from dataclasses import dataclass
from datetime import datetime

from db.store import Store
from reception import (
    acceptance,
    appointment_facts,
    case_views,
    complaint_facts,
    inquiry_facts,
    inspection_facts,
    owner_view,
    owner_words,
    quotations,
    repair_facts,
    suggestion_facts,
)
from reception.cases import Case
from reception.kinds import KINDS
from reception.owner_view import Progress
from reception.rules import (
    appointment_states,
    complaint_states,
    inquiry_states,
    inspection_states,
    money,
    suggestion_states,
)
from reception.site import Site, site
from reception.wording import Words

# Of these states the person is told the result; of all others how it goes on.
RESULTS = frozenset({"finished", "rechecked", "signed", "followed_up", "closed", "cancelled"})
# Kinds whose answer is told in words of one's own, and the states before it; of an appointment, before its time.
UNANSWERED = {
    complaint_facts.KIND: complaint_states.UNANSWERED,
    appointment_facts.KIND: appointment_states.EXPECTED,
    inquiry_facts.KIND: inquiry_states.UNANSWERED,
    suggestion_facts.KIND: suggestion_states.UNANSWERED,
    inspection_facts.KIND: frozenset(inspection_states.OPEN),
}
# Nothing is to be told at a step that changes nothing for the owner.
SAME_AS = {"accepted": "dispatched", "followed_up": "signed", "closed": "signed"}


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text to send: of which step it tells, and whether that is `progress` or the `result` (feedback)."""

    step: str
    words: Words
    about: str


def texts(store: Store, case: Case, *, now: datetime) -> list[ReadyText]:
    """Return the texts that a case calls for as it stands, the newest matter first; none for a kind without a view.

    Times are said by their date: a text is read later than it is written. By `now` a promise may have passed.
    """
    view = case_views.progress(store, case, now=None, judged_at=now)
    if view is None:
        return []
    if case.kind in UNANSWERED:
        # Without a telephone nobody can be sent anything.
        waits = case.state in UNANSWERED[case.kind] and case.phone
        return [_how_it_goes_on(store, case, view)] if waits else []
    if case.source == repair_facts.FOUND:
        return [_to_the_finder(store, case)]
    centre, found = site(store), []
    if "answer_quote" in view.can and view.quotation:
        total = money.format_yuan(view.quotation.total_fen)
        price = Words(
            f"维修报价 {total} 元，请您确认，同意后才开始收费维修",
            f"the price is {total} yuan; please answer: paid work begins only once you agree",
        )
        if quotations.agreed(store, case.id) is not None:
            price = Words(
                f"报价改为 {total} 元，请您确认；您同意前，仍按您原先同意的价格",
                f"the price would now be {total} yuan; please answer: until you agree, the one you agreed to stands",
            )
        found.append(ReadyText("quoted", _whole(centre, case, price), "progress"))
    step = _step(store, case, view)
    about = _about(owner_view.followed(store, case))
    found.append(ReadyText(step, _whole(centre, case, _said(step, case, view)), about))
    return found


def _how_it_goes_on(store: Store, case: Case, view: Progress) -> ReadyText:
    """Return how it stands, never what was found: whoever replies says that in his own words, and that is a record."""
    said, note = view.sentence, view.note
    if note is not None:
        said = Words(f"{said.zh}，{note.zh}", f"{said.en}. {note.en}")
    return ReadyText(case.state, _whole(site(store), case, said), "progress")


def cancel_texts(store: Store, case: Case) -> dict[str, Words]:
    """Return what to tell the person of a repair that is cancelled, by its reason."""
    if case.source == repair_facts.FOUND:
        return {
            reason: _found(store, case, Words(f"已取消（{why.zh}）", f"cancelled ({why.en})"))
            for reason, why in acceptance.CANCEL_REASONS.items()
        }
    centre = site(store)
    return {reason: _whole(centre, case, owner_words.CANCELLED[reason]) for reason in acceptance.CANCEL_REASONS}


def _to_the_finder(store: Store, case: Case) -> ReadyText:
    """Return what whoever found it is told: how it stands, in the words of the house."""
    said, about = _found(store, case, repair_facts.STATES[case.state]), _about(case)
    return ReadyText(SAME_AS.get(case.state, case.state), said, about)


def _found(store: Store, case: Case, how: Words) -> Words:
    repair = repair_facts.details(store, case)
    where = f"（{repair.place}）" if repair.place else ""
    return Words(f"您巡查发现的 {case.no}{where}：{how.zh}", f"{case.no}, which you found: {how.en}")


def _about(case: Case) -> str:
    return "result" if case.state in RESULTS else "progress"


def _step(store: Store, case: Case, view: Progress) -> str:
    if view.declined:
        return "declined"
    step = SAME_AS.get(case.state, case.state)
    since = {"dispatched": "dispatch", "suspended": "suspend"}.get(step)
    if since and owner_view.last_of(store, case, since, "reschedule") == "reschedule":
        return "rescheduled"
    return step


def _said(step: str, case: Case, view: Progress) -> Words:
    if step == "rescheduled" and case.state != "suspended":
        return Words(f"上门时间有变化，{view.sentence.zh}", f"the time has changed. {view.sentence.en}")
    if step in {"finished", "rechecked"} and "sign" in view.can and not view.by_phone:
        return Words(f"{view.sentence.zh}（可到前台办理）", f"{view.sentence.en} (at the front desk)")
    return view.sentence


def said_of(store: Store, case: Case, said: Words) -> Words:
    """Return a whole text to send of what is said of a case in one's own words."""
    return _whole(site(store), case, said)


def _whole(centre: Site, case: Case, said: Words) -> Words:
    kind = KINDS[case.kind].name
    zh = [f"【{centre.name}】您的{kind.zh} {case.no}：{said.zh}。"]
    en = [f"[{centre.name_en}] Your {kind.en.lower()} {case.no}: {said.en}."]
    # A phone that cannot reach the box is promised nothing.
    if centre.on_phone:
        address = f"{centre.public_url}/T/{case.token}"
        # A space on either side, or the Chinese beside it becomes part of the link.
        zh.append(f"查看进度、确认： {address} ")
        en.append(f"Follow and answer: {address}")
    if centre.phone:
        zh.append(f"咨询电话：{centre.phone}")
        en.append(f"Questions: {centre.phone}")
    return Words("".join(zh).strip(), " ".join(en))
