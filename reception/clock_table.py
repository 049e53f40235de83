"""The clocks of cases (domain.md K8) as data: what starts and stops each, in which kind of time, how long."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reception.rules import complaint_states
from reception.rules.deadlines import Time
from reception.wording import Words

MINUTE, HOUR, DAY = 1, 60, 24 * 60
# States in which nobody has answered yet.
UNANSWERED = frozenset({"registered", "dispatched", "returned", "rework"})


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock: the acts that start and stop it, the kind of time, and the setting that gives its length.

    `unit`: the setting's unit in minutes (1 where it counts working days). `only`: facts that the case must have, such
    as an urgency. A clock in AGREED time starts anew with each act that starts it, for it agrees another time.
    `awaited_in`: the states in which what it waits for is still to come, so that what was learnt late may start it.
    `unless`: facts that it must not have. `again`: acts after which what was met must be met once more; one that still
    runs goes on. `promised`: a time that the person was promised: it moves by the acts that tell him,
    and one that had passed before another was promised was broken for good.
    """

    code: str
    name: Words
    kinds: frozenset[str]
    starts: frozenset[str]
    stops: frozenset[str]
    time: Time
    setting: str
    unit: int = MINUTE
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    awaited_in: frozenset[str] = UNANSWERED
    unless: Mapping[str, frozenset[str]] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    promised: bool = False


def _set(*names: str) -> frozenset[str]:
    return frozenset(names)


CLOCKS: dict[str, Clock] = {
    one.code: one
    for one in (
        Clock(
            "on_site_urgent",
            Words("急修到场", "Urgent: on site"),
            _set("repair"),
            _set("open_repair", "rework"),
            _set("arrive", "finish"),
            Time.WALL,
            "urgent_on_site_minutes",
            only={"urgency": _set("urgent")},
            awaited_in=UNANSWERED | {"accepted"},
            again=_set("send_back"),
        ),
        Clock(
            "response",
            Words("报修响应", "Response"),
            _set("repair"),
            _set("open_repair", "rework"),
            _set("accept", "arrive", "finish", "feedback"),
            Time.OPEN,
            "response_open_hours",
            HOUR,
            only={"urgency": _set("ordinary", "planned")},
            again=_set("send_back"),
        ),
        Clock(
            "on_site",
            Words("按约到场", "On site as agreed"),
            _set("repair"),
            _set("dispatch", "reschedule"),
            _set("arrive", "finish"),
            Time.AGREED,
            "appointment_tolerance_minutes",
        ),
        Clock(
            "complaint_first_feedback",
            Words("投诉首次反馈", "First feedback"),
            _set("complaint"),
            _set("open_complaint", "reopen"),
            _set("feedback", "reply"),
            Time.WALL,
            "complaint_feedback_hours",
            HOUR,
            awaited_in=complaint_states.UNANSWERED,
        ),
        Clock(
            "complaint_reply",
            Words("投诉答复", "Reply"),
            _set("complaint"),
            _set("open_complaint", "reopen"),
            _set("reply"),
            Time.WORKING_DAYS,
            "complaint_reply_working_days",
            only={"severity": _set("ordinary")},
            awaited_in=complaint_states.UNANSWERED,
        ),
        Clock(
            "complaint_reply_serious",
            Words("严重投诉答复", "Reply: serious"),
            _set("complaint"),
            _set("open_complaint", "reopen"),
            _set("reply"),
            Time.WALL,
            "serious_reply_hours",
            HOUR,
            only={"severity": _set("serious")},
            awaited_in=complaint_states.UNANSWERED,
        ),
        Clock(
            "next_update",
            Words("约定的下次告知", "Next update as promised"),
            _set("complaint"),
            _set("raise"),
            _set("feedback", "reply"),
            Time.AGREED,
            "next_update_tolerance_minutes",
            promised=True,
        ),
        Clock(
            "inquiry_answer",
            Words("咨询约定答复", "Answer as promised"),
            _set("inquiry"),
            _set("promise_answer"),
            _set("reply"),
            Time.AGREED,
            "next_update_tolerance_minutes",
            promised=True,
        ),
        Clock(
            "incident_report",
            Words("专项记录填报", "Record of a special reception"),
            _set("incident"),
            _set("handle_incident"),
            _set("report_incident"),
            Time.WORKING_DAYS,
            "incident_report_working_days",
            awaited_in=_set("handled"),
        ),
        Clock(
            "follow_up",
            Words("回访", "Follow-up"),
            _set("repair", "complaint", "visit-day"),
            _set("sign", "reply", "feed_back"),
            _set("follow_up"),
            Time.WALL,
            "follow_up_days",
            DAY,
            # What one of us found has no owner to ask.
            unless={"source": _set("patrol")},
        ),
        Clock(
            "handover",
            Words("文件待领取", "To be fetched"),
            _set("handover"),
            _set("open_handover"),
            _set("deliver_handover", "give_back_handover"),
            Time.WORKING_DAYS,
            "handover_working_days",
        ),
        Clock(
            "inspection_visit",
            Words("房屋验收并登记结果", "Home inspected and entered"),
            _set("inspection"),
            _set("agree_inspection", "reschedule_inspection", "reappoint_inspection"),
            _set("inspect_home", "find_defect", "accept_inspection"),
            # It takes a while, and is entered from the form that comes back.
            Time.AGREED,
            "inspection_entered_hours",
            HOUR,
        ),
        Clock(
            "inspection_rectify",
            Words("验收问题返修", "Defects put right"),
            _set("inspection"),
            _set("rectify"),
            _set("pass_inspection"),
            Time.WORKING_DAYS,
            "inspection_rectify_working_days",
            awaited_in=_set("rectifying"),
            # What a second look finds has its time anew.
            again=_set("find_defect"),
        ),
    )
}
KINDS = frozenset().union(*(one.kinds for one in CLOCKS.values()))

# Only these stop the time of a case for a while (K8).
PAUSED_IN = frozenset({"suspended"})
# What a known fault answers for, while it holds a repair (`fault_cases`): they stand still, void.
HELD_BY_FAULT = frozenset({"on_site_urgent", "response", "on_site"})
# What a case is about was written or changed: clocks that wait for such a fact begin then.
DESCRIBED = frozenset({"described", "amend"})

# Why a deadline stands where it stands; what a person wrote stands there in his words.
STARTED, RESCHEDULED, SUSPENDED, NO_HOURS = "started", "rescheduled", "suspended", "no_hours"
CORRECTED, RETURNED = "corrected", "returned"
REASONS = {
    STARTED: Words("开始计时", "started"),
    RESCHEDULED: Words("改约", "another time agreed"),
    SUSPENDED: Words("挂起时间顺延", "moved by the suspension"),
    RETURNED: Words("退单，重新计时", "the order came back: counted anew"),
    CORRECTED: Words("主机时间校正，重新计时", "the box's time was corrected: counted anew"),
    NO_HOURS: Words("日历中没有开放时间，按全天计", "the calendar has no open hour: counted day and night"),
}
