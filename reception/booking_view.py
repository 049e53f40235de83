"""What an owner sees of his booking: day, time, place, how far it is, his place on the waiting list; nobody's name.

What those who signed said is not here: only whether it is under review, arranged, or with a department (FRM-01).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.store import Store
from reception import (
    booking_changes,
    booking_days,
    booking_facts,
    booking_slips,
    cases,
    complaint_view,
    feedback,
    follow_ups,
    visit_days,
    without_consent,
)
from reception.booking_changes import Change
from reception.booking_days import Offer
from reception.booking_facts import Booking
from reception.cases import Case
from reception.owner_steps import Step
from reception.owner_view import Progress
from reception.rules import clock, said_times
from reception.rules.booking_states import BEFORE_MEETING, EXPECTED, UNSIGNED, allowed
from reception.site import site
from reception.visit_days import BOOKABLE
from reception.wording import Words

WITHDRAW: Final = "withdraw_booking"
CHANGE: Final = "change_booking"
_STEPS: Final = {
    "open_visit-day": Words("已登记", "Registered"),
    "submit": Words("已提交审核", "Handed in for review"),
    "change_booking": Words("已改时间", "Another time"),
    "rebook": Words("已改约", "Another day"),
    "move_up": Words("候补递补成功", "Moved up from the waiting list"),
    "admit": Words("已受理，安排接待", "Accepted: you will be received"),
    "admit_walk_in": Words("已受理，安排接待", "Accepted: you will be received"),
    "check_in_visit_day": Words("已签到", "Checked in"),
    "meet_visit_day": Words("已接待", "Received"),
    "unmeet_visit_day": Words("更正：尚未接待", "Put right: not received yet"),
    "resolve": Words("已作出处理意见", "Decided"),
    "refuse_booking": Words("转部门先行处理", "A department handles it first"),
    "miss_visit_day": Words("未到访", "Did not come"),
    "visit_day_set_right": Words("系统时间有误，已更正，预约照旧", "Our clock was wrong; your booking stands"),
    "miss_called_visit_day": Words("未到访", "Did not come"),
    "withdraw": Words("已撤回", "Withdrawn"),
    "feed_back": Words("已反馈结果", "You were told the result"),
    "follow_up": Words("已回访", "Followed up"),
    "reopen": Words("重新处理", "Opened again"),
    "close": Words("已办结", "Closed"),
    "close_without_consent": without_consent.NAME,
}
_SENTENCES: Final = {
    "checked_in": Words("您已签到", "You are checked in"),
    "met": Words("正在接待", "You are being received"),
    "resolved": Words("已作出处理意见", "A decision was made"),
    "supervised": Words("处理意见正在督办落实", "A decision was made and is being carried out"),
    "fed_back": Words("处理结果已告知您", "You were told the result"),
    "followed_up": Words("处理结果已告知您，并已回访", "You were told the result, and asked about it"),
    "reopened": Words("已重新处理，由负责人跟进", "Opened again; a head takes care of it"),
    "closed": Words("已办结，谢谢", "Closed, thank you"),
    "not_admitted": Words("转部门先行处理，进展会告诉您", "A department handles it first; you are told how it goes"),
    "no_show": Words("接访当天未见您到；如仍需要请再预约", "You did not come that day; please book again if need be"),
    "withdrawn": Words("已按您的要求撤回", "Withdrawn as you wished"),
}


@dataclass(frozen=True, slots=True)
class Page:
    """What the page of a booking shows besides: `offers` to choose another time from, his place in the line."""

    booking: Booking
    standing: Words
    place: str
    in_line: int
    changes: tuple[Change, ...]
    offers: tuple[Offer, ...]


def progress(store: Store, case: Case, *, now: datetime | None, judged_at: datetime | None = None) -> Progress:
    """Return how a booking stands; days are told by their date."""
    booking = booking_facts.details(store, case)
    can = _can(case, booking, now)
    if follow_ups.answerable(case) and follow_ups.own_answer(store, case) is None:
        can |= {"rate"}
    # What a manager ended is not said as if the owner had agreed.
    ended = without_consent.stands(store, case.no)
    said = complaint_view.WITHOUT_CONSENT if ended else _sentence(store, case, booking)
    note = _taken_over(store, case) if case.state == "not_admitted" else _note(case, booking)
    return Progress(said, note, _steps(store, case), None, can, bool(case.phone), "")


def page(store: Store, case: Case, *, now: datetime) -> Page:
    """Return what its page shows besides how it stands."""
    booking = booking_facts.details(store, case)
    can = _can(case, booking, now)
    return Page(
        booking,
        booking_slips.standing(case, booking),
        visit_days.place(site(store), booking.day),
        # Nobody moves up any more, and nobody is received.
        0 if booking.day.over else booking_slips.place_in_line(store, case.id),
        tuple(booking_changes.of_case(store, case.id)),
        tuple(_other_times(store, booking, now)) if CHANGE in can else (),
    )


def acts(store: Store, case: Case, *, now: datetime) -> frozenset[str]:
    """Return which of WITHDRAW and CHANGE may be done with a booking now."""
    return _can(case, booking_facts.details(store, case), now)


def _other_times(store: Store, booking: Booking, now: datetime) -> list[Offer]:
    """Return where another time is free: of its own day also once booking has closed, for that is no new review."""
    found = [one for one in booking_days.offers(store, now=now) if one.open and one.day.id != booking.day.id]
    if booking.day.state in BOOKABLE and booking.day.actual_on > clock.local_day(now, site(store).zone):
        found.insert(0, booking_days.offer(store, booking.day, at=now))
    return [one for one in found if one.free]


def _can(case: Case, booking: Booking, now: datetime | None) -> frozenset[str]:
    found = set()
    if allowed("withdraw", case.state):
        found.add(WITHDRAW)
    if allowed("change", case.state) and now is not None:
        found.add(CHANGE)
    return frozenset(found)


def _sentence(store: Store, case: Case, booking: Booking) -> Words:
    if case.state in UNSIGNED | EXPECTED:
        zh, en = booking.day.said.zh, booking.day.said.en
        if booking.day.over:
            return Words(f"{zh}的接访已结束，未能接待您", f"The visit day of {en} is over; you were not received")
        if booking.starts:
            return Words(f"{zh}{booking.starts}", f"{en}, {booking.starts}")
        if booking.waiting_at:
            in_line = booking_slips.place_in_line(store, case.id)
            return Words(f"{zh}候补第 {in_line} 位", f"{en}: place {in_line} on the waiting list")
        return Words(f"{zh} {booking.day.hours}", f"{en}, {booking.day.hours}")
    return _SENTENCES[case.state]


def _note(case: Case, booking: Booking) -> Words | None:
    if case.state not in BEFORE_MEETING or case.state == "checked_in":
        return None
    if booking.day.over:
        return Words("请在本页另选时间，或联系前台", "Please choose another time here, or ask at the desk")
    if not booking.live:
        return Words(
            "您家当日另有一个预约，这一件请另选一天",
            "Your home has another booking that day; please choose another day for this one",
        )
    if booking.waiting_at:
        return Words("有空位时自动递补，届时通知您", "You move up by yourself when a time is free, and are told")
    minutes = booking_slips.BEFORE_MINUTES
    if case.state in EXPECTED:
        return Words(
            f"请提前 {minutes} 分钟到，带上预约单扫码签到",
            f"Please be here {minutes} minutes before and scan your slip",
        )
    return Words(
        "审核通过后为您安排接待，请留意本页", "Once the review is passed you will be received; watch this page"
    )


def _taken_over(store: Store, case: Case) -> Words | None:
    """Return which case goes on with what was not admitted, and how its owner was told why, which is his alone."""
    made = store.value(
        "SELECT detail FROM events WHERE subject = 'case' AND subject_id = ? AND what = 'refuse_booking'"
        " ORDER BY id DESC LIMIT 1",
        [case.id],
    )
    told = [one for one in feedback.of_case(store, case.id) if one.about == "result"]
    if not made or not told:
        return None
    no, channel = cases.masked(store, json.loads(made)["becomes"]).no, feedback.CHANNELS[told[-1].channel]
    zh, en = said_times.day(clock.from_text(told[-1].at).astimezone(site(store).zone).date())
    return Words(
        f"由 {no} 继续办理；原因已于{zh}{channel.zh}告知您",
        f"{no} goes on with it; you were told why on {en} ({channel.en.lower()})",
    )


def _steps(store: Store, case: Case) -> tuple[Step, ...]:
    rows = store.rows("SELECT at, what FROM events WHERE subject = 'case' AND subject_id = ? ORDER BY id", [case.id])
    return tuple(Step(row["at"], _STEPS[row["what"]]) for row in rows if row["what"] in _STEPS)
