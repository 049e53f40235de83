"""What a centre decides in single values: each described once, and by that shown, checked, changed, exported."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from db.store import Store, writing
from reception import (
    care_settings,
    custody_settings,
    events,
    fee_settings,
    follow_through_settings,
    inspection_settings,
    release_settings,
    retention_settings,
    visit_day_fit,
    visit_day_settings,
    visit_day_shifts,
    visit_settings,
)
from reception.permissions import Actor, permit
from reception.refusal import Refused
from reception.setting_checks import CHECKS
from reception.setting_types import Group as Group
from reception.setting_types import Setting as Setting
from reception.setting_types import count as _count
from reception.setting_types import minutes as _minutes
from reception.site import configure, site
from reception.wording import Words

HOURS_HELP = Words(
    "如 08:30-12:00,13:30-17:30；空为全天不开放", "such as 08:30-12:00,13:30-17:30; empty: closed all day"
)
VOICE_HELP = Words("{ticket} 是号码，{place} 是窗口", "{ticket} is the number, {place} the counter")

GROUPS: tuple[Group, ...] = (
    Group(
        "site",
        Words("中心", "Centre"),
        (
            Setting("name", Words("名称", "Name"), "text"),
            Setting("name_en", Words("英文名称", "Name in English"), "text"),
            Setting("phone", Words("前台电话", "Desk telephone"), "phone"),
            Setting("duty_phone", Words("值班电话（全天）", "Duty telephone (at any hour)"), "phone"),
            Setting("keeper_phone", Words("主机负责人电话", "Telephone of whoever keeps the box"), "phone"),
            Setting("timezone", Words("时区", "Time zone"), "timezone"),
            Setting("kiosk_english", Words("自助机提供英文", "English at the kiosk"), "flag"),
            Setting("visit_day_place", Words("接访地点", "Place of the visit day"), "text"),
            Setting(
                "public_url",
                Words("手机访问地址", "Address for phones"),
                "url",
                help=Words(
                    "设置后请按“检测”；检测通过前，票和屏幕不提手机查询",
                    "Press “test” afterwards: until the box reaches it, nothing promises the phone",
                ),
            ),
            Setting("kiosk_url", Words("自助机地址", "Address of the kiosk"), "url"),
            Setting("desk_url", Words("前台地址", "Address of the desk"), "url"),
        ),
    ),
    Group(
        "hours",
        Words("开放时间", "Opening hours"),
        (
            Setting("hours_work", Words("工作日", "Working days"), "hours", help=HOURS_HELP),
            Setting("hours_rest", Words("休息日、节假日", "Rest days and holidays"), "hours", help=HOURS_HELP),
            _minutes("last_ticket_minutes", "结束前停止发号", "No more numbers before the end"),
        ),
    ),
    Group(
        "queue",
        Words("排队规则", "Rules of the queue"),
        (
            _count("priority_in_a_row", "优先最多连续叫几位", "Priority visitors in a row, at most", 1, 9),
            _minutes("ages_after_minutes", "等多久后不再被优先插队", "Nobody is overtaken after waiting", 240, 5),
            _minutes("booked_early_minutes", "预约可提前叫号", "Booked visitors are called early by", 60),
            _minutes("booked_late_minutes", "预约迟到仍算预约", "Booked visitors may be late by", 60),
            Setting("let_pass", Words("过号恢复后让几位先办", "After a missed call others go first"), "number", 1, 20),
            Setting("max_returns", Words("过号最多恢复几次", "Missed numbers come back, at most"), "number", 0, 9),
            Setting("max_calls", Words("每个号最多叫几次", "Calls of a number, at most"), "number", 1, 9),
            _count("recall_apart_seconds", "两次叫号间隔（秒）", "Between two calls (seconds)", 5, 120),
            Setting("undo_seconds", Words("叫号可撤回（秒）", "A call can be taken back (seconds)"), "number", 3, 60),
            _minutes("wait_warn_minutes", "等候提醒（黄）", "Waits turn yellow after"),
            _minutes("wait_red_minutes", "等候提醒（红）", "Waits turn red after"),
        ),
    ),
    Group(
        "deadlines",
        Words("时限", "Deadlines"),
        (
            _minutes("urgent_on_site_minutes", "急修到场", "Urgent repair: on site within", 240, 5),
            _count("response_open_hours", "报修响应（开放小时）", "Repair: response (opening hours)", 1, 40),
            _minutes("appointment_tolerance_minutes", "约定到场可迟到", "On site after the agreed time", 120),
            _count("complaint_feedback_hours", "投诉首次反馈（小时）", "Complaint: first feedback (hours)", 1, 120),
            _count("complaint_reply_working_days", "投诉答复（工作日）", "Complaint: reply (working days)", 1, 30),
            _count("serious_reply_hours", "严重投诉答复（小时）", "Serious complaint: reply (hours)", 1, 120),
            _minutes("next_update_tolerance_minutes", "约定告知可迟", "An update promised may be late by", 240),
            _count("follow_up_days", "回访（天）", "Follow-up (days)", 1, 30),
            _minutes(
                "follow_up_again_minutes", "回访未联系上，隔多久再试才计一次", "A vain try counts only after", 1440, 5
            ),
            _count("deadline_warn_percent", "剩余多少时提醒（%）", "Warns in the last (%)", 0, 90),
        ),
    ),
    visit_settings.GROUP,
    visit_day_settings.GROUP,
    follow_through_settings.GROUP,
    care_settings.GROUP,
    release_settings.GROUP,
    inspection_settings.GROUP,
    Group(
        "texts",
        Words("自助机与语音", "Kiosk and voice"),
        (
            Setting("welcome", Words("首页问候", "Greeting"), "text"),
            Setting("welcome_en", Words("首页问候（英文）", "Greeting in English"), "text"),
            Setting("directions", Words("怎么走", "Where things are"), "lines"),
            Setting("directions_en", Words("怎么走（英文）", "Where things are, in English"), "lines"),
            Setting("idle_seconds", Words("无操作提醒（秒）", "Asks after no touch for (seconds)"), "number", 20, 300),
            Setting(
                "idle_large_seconds",
                Words("无操作提醒，大字版（秒）", "The same in larger print (seconds)"),
                "number",
                60,
                600,
            ),
            Setting("voice_zh", Words("叫号语音", "Call in Chinese"), "voice", help=VOICE_HELP),
            Setting(
                "voice_en",
                Words("叫号语音（英文），空为不播", "Call in English; empty: none"),
                "voice_or_none",
                help=VOICE_HELP,
            ),
            Setting(
                "voice_volume",
                Words("音量", "Volume"),
                "volume",
                help=Words("如 07:00=100,21:00=40", "such as 07:00=100,21:00=40"),
            ),
        ),
    ),
    Group(
        "warranty",
        Words("保修判定", "Warranty"),
        (
            Setting("heating_from", Words("采暖期开始（月-日）", "Heating begins (month-day)"), "month_day"),
            Setting(
                "heating_until",
                Words("采暖期结束（月-日）", "Heating ends (month-day)"),
                "month_day",
                help=Words("供热、供冷的保修按采暖期计算", "Heating is covered by seasons, not by years"),
            ),
        ),
    ),
    Group(
        "papers",
        Words("票据", "Papers"),
        (
            Setting("paper_english", Words("票据中英双语", "English on papers"), "flag"),
            _minutes(
                "ticket_stale_minutes", "号票未打出多久后转前台（0 为不转）", "A ticket unprinted is held after", 60
            ),
            _count("print_payload_hours", "票据内容保留（小时）", "What papers say is kept (hours)", 1, 720),
        ),
    ),
    Group(
        "incidents",
        Words("专项接待", "Special reception"),
        (
            _count("incident_report_working_days", "记录填报（工作日）", "Record: filed within (working days)", 1, 10),
            Setting("incidents_at_company", Words("本机在公司办公区", "This is the company's own office"), "flag"),
        ),
    ),
    retention_settings.GROUP,
    fee_settings.GROUP,
    custody_settings.GROUP,
)
BY_KEY = {setting.key: setting for group in GROUPS for setting in group.settings}


def value_of(store: Store, setting: Setting) -> Any:
    """Return the value as it stands."""
    return getattr(site(store), setting.key)


def values_of(store: Store, group: Group, *, by: Actor) -> dict[str, Any]:
    """Return the values of a group by their keys. Refuses `not_permitted`."""
    permit(by, "see_settings")
    return {one.key: value_of(store, one) for one in group.settings}


def change(store: Store, *, values: Mapping[str, str], by: Actor, now: datetime) -> list[str]:
    """Set the named values from what was typed; return the keys that changed. All or none.

    Refuses `setting_unknown`, and what the kind of value refuses: `text_too_long`, `text_invalid`, `text_missing`,
    `number_invalid`, `hours_invalid`, `volume_invalid`, `template_invalid`, `url_invalid`, `timezone_unknown`,
    `phone_number_invalid`, `flag_invalid`, `month_day_invalid`, `choice_unknown`, `slack_invalid`; of the visit day
    also what `visit_day_fit.check` refuses: its days to come follow at once.
    """
    permit(by, "configure")
    if unknown := values.keys() - BY_KEY.keys():
        raise Refused("setting_unknown") from KeyError(*sorted(unknown))
    checked = {key: _checked(BY_KEY[key], text) for key, text in values.items()}
    with writing(store):
        before = site(store)
        changed = {key: value for key, value in checked.items() if getattr(before, key) != value}
        if changed:
            configure(store, **changed)
            at = events.moment(store, now)
            events.record(store, "configure", "site", 0, by=by, at=at, keys=sorted(changed))
            if any(key.startswith("visit_day_") for key in changed):
                visit_day_fit.check(store)
                visit_day_shifts.settle(store, reason=visit_day_shifts.POLICY, by=by, at=at)
            # Screens of every kind show what a setting says.
            store.touch("queue", "printers")
        return sorted(changed)


def _checked(setting: Setting, text: str) -> Any:
    try:
        return CHECKS[setting.kind](text, setting)
    except ValueError as error:
        raise Refused(str(error)) from None
