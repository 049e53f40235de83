"""Every act of the history in words, by what it was done to: what the audit log reads."""

from collections.abc import Mapping

from desk import audit_details
from desk.audit_subjects import SUBJECTS
from desk.cases import ACTS, DOORS
from desk.kinds import KINDS
from reception.audit import Line
from reception.table_columns import ROLES, TABLES
from reception.wording import Words
from web.languages import words
from web.sentences import SENTENCES

_PAPERS: dict[str, Words] = {
    "reprint": Words("补打", "printed again"),
    "void_paper": Words("作废票据", "paper declared void"),
    "move_paper": Words("票据改到另一台打印机", "paper given to another printer"),
    "paper_came_out": Words("确认票据已打出", "paper seen"),
    "give_up_paper": Words("不再等待打印机", "printer no longer waited for"),
}
# The words of a case stand with its page (`cases.ACTS`).
_ACTS: dict[str, dict[str, Words]] = {
    "ticket": {
        "check_in": Words("取号", "number taken"),
        "call": Words("叫号", "called"),
        "recall": Words("再次叫号", "called again"),
        "start": Words("开始接待", "serving began"),
        "complete": Words("接待完毕", "served"),
        "undo_call": Words("撤回叫号", "call taken back"),
        "undo_start": Words("撤回开始接待", "beginning taken back"),
        "undo_complete": Words("撤回接待完毕", "end taken back"),
        "miss": Words("过号", "did not come when called"),
        "restore": Words("恢复排队", "back in the queue"),
        "arrive": Words("到窗口", "came to the counter"),
        "park": Words("稍后再叫", "set aside"),
        "unpark": Words("恢复等候", "waits again"),
        "cancel": Words("放弃排队", "gave the number back"),
        "cancel_ticket": Words("放弃排队", "gave the number back"),
        "later": Words("自己推后", "goes later"),
        "postpone": Words("自己推后", "goes later"),
        "prioritise": Words("优先", "given priority"),
        "transfer": Words("转到另一业务", "sent to another service"),
        "send": Words("转到另一窗口", "sent to another counter"),
        "leave": Words("离开", "left the building"),
        "close_day": Words("日终失效", "expired at the close of the day"),
        "enter_hand_number": Words("补录手写号", "hand-written number entered"),
        "own_booking_refused": Words("手机预约被拒绝", "own booking refused"),
    },
    "visit": {
        "check_identity": Words("核验证件", "document seen"),
    },
    "call": {"note_call": Words("记录来电", "call noted")},
    "counter": {
        "counter_open": Words("窗口开放", "opened"),
        "counter_paused": Words("暂停服务", "paused"),
        "counter_closed": Words("窗口关闭", "closed"),
    },
    "ring": {
        "ring": Words("按铃", "rung"),
        "ring_again": Words("再次按铃", "rung again"),
        "take_ring": Words("应答", "answered"),
    },
    "staff": {
        "log_in": Words("登录", "logged in"),
        "log_out": Words("退出", "logged out"),
        "login_failed": Words("密码错误", "wrong password"),
        "change_password": Words("修改本人密码", "own password changed"),
        "set_password": Words("在主机上重设密码", "password set at the box"),
        "give_first_code": Words("发放一次性密码", "one-time code given"),
        "give_code": Words("发放一次性密码", "one-time code given"),
        "lock_session": Words("锁屏", "screen locked"),
        "unlock_session": Words("解锁", "screen unlocked"),
        "end_session": Words("结束登录", "log-in ended"),
        "confirm_head": Words("确认新负责人", "new head confirmed"),
        "staff_left": Words("离职，账户停用", "left; account ended"),
        "phone_signed_in": Words("工作手机登录", "work phone signed in"),
        "phone_pin_wrong": Words("工作手机 PIN 错误", "wrong PIN of a work phone"),
        "phone_ended": Words("工作手机退出", "work phone signed out"),
    },
    "unit": {
        "see_home": Words("查看房屋档案", "home file read"),
        "reveal_home": Words("查看住户姓名电话", "names and telephones of a home shown"),
        "change_home_dates": Words("更改房屋日期", "dates of a home changed"),
        "add_resident": Words("添加住户", "resident added"),
        "correct_resident": Words("更正住户", "resident corrected"),
        "move_out_resident": Words("住户迁出", "resident moved out"),
    },
    "building": {
        "reveal_inside": Words("查看楼内人员姓名", "names of those inside shown"),
        "print_evacuation": Words("打印疏散名单", "evacuation roll printed"),
    },
    "list": {
        "export": Words("导出表格", "list taken out"),
        "read_audit": Words("查看审计日志", "audit log read"),
        "search_person": Words("按姓名或电话搜索", "searched by name or telephone"),
    },
    "site": {
        "configure": Words("更改设置", "settings changed"),
        "correct_clock": Words("确认时钟正确", "clock said to be right"),
        "restore_store": Words("从备份恢复", "restored from a backup"),
        "acknowledge_restoration": Words("确认已恢复", "restoration acknowledged"),
        "probe_public_url": Words("测试公开地址", "public address tried"),
    },
    "import": {"import": Words("导入数据", "data imported")},
    "box": {
        "ask_set_time": Words("要求校时", "time to be set"),
        "ask_stick_backup": Words("要求备份到U盘", "backup to a stick wanted"),
        "box_wish": Words("主机执行结果", "what came of a wish"),
        "print_power_cut_card": Words("打印停电卡", "power-cut card printed"),
    },
    "printer": {
        "add_printer": Words("添加打印机", "printer added"),
        "change_printer": Words("更改打印机", "printer changed"),
        "retire_printer": Words("停用打印机", "printer retired"),
        "route_papers": Words("更改票据去向", "papers sent to another printer"),
        "set_paper_rules": Words("更改打印规则", "rules of papers changed"),
        "print_setup_slip": Words("打印安装单", "set-up slip printed"),
    },
    "self_test": {"self_test": Words("打印自检", "self-test printed")},
    "hand_slip": {"print_hand_slips": Words("打印手写号票", "slips for hand-written numbers printed")},
    "day": {
        "close_day": Words("日终", "day closed"),
        "check_day": Words("检查清单", "checklist"),
        "print_log": Words("打印工作日志", "work log printed"),
    },
    "calendar": {"set_calendar_day": Words("更改工作日", "working day changed")},
    "log_note": {
        "write_log_note": Words("写入工作日志", "line written into the log"),
        "read_log_note": Words("已读交接", "read what was left to the shift"),
    },
    "person": {
        "find_person": Words("查看可能是谁", "shown who may be meant"),
        "see_person": Words("查看某人的全部信息", "all that is kept of somebody looked at"),
        "export_person": Words("导出某人的全部信息", "all that is kept of somebody taken out"),
        "erase_person": Words("删除某人的信息", "somebody erased"),
        "withdraw_consent": Words("某人撤回同意", "somebody took his consent back"),
    },
    "erasure": {"erase_again": Words("恢复后再次删除", "erased again after a restore")},
    "retention": {
        "retention": Words("按期清理", "run of the retention"),
        "remove": Words("到期删除", "removed when its time was over"),
    },
    "privacy_notice": {"publish_notice": Words("发布新版本", "new version published")},
    "fault": {
        "declare_fault": Words("登记故障", "declared"),
        "update_fault": Words("更新故障", "updated"),
        "join_fault": Words("住户加入", "household added"),
        "attach_fault_case": Words("关联报修", "repair added"),
        "detach_fault_case": Words("移出报修", "repair taken out"),
        "tell_household": Words("已通知住户", "household told"),
        "untell_household": Words("撤回通知", "telling taken back"),
        "miss_household": Words("联系不到住户", "household not reached"),
        "tell_promise": Words("已告知预计时间", "told of the expected time"),
        "restore_fault": Words("已恢复", "restored"),
        "withdraw_fault": Words("撤销", "withdrawn"),
        "hold_fault": Words("接手通知", "taken to be told"),
        "reveal_fault": Words("查看住户电话", "names and telephones shown"),
        "close_fault": Words("结束", "closed"),
    },
    "sign_deputy": {
        "name_sign_deputy": Words("指定会签代理", "deputy for signatures named"),
        "end_sign_deputy": Words("结束会签代理", "deputy for signatures ended"),
    },
    "saved_answer": {
        "propose_answer": Words("提出常用答复", "proposed"),
        "check_answer": Words("审核常用答复", "checked"),
        "retire_answer": Words("停用常用答复", "retired"),
    },
    "room": {
        "room_booked": Words("预定", "booked"),
        "room_changed": Words("更改预定", "changed"),
        "room_cancelled": Words("取消预定", "cancelled"),
        "room_used": Words("使用完毕", "used"),
        "hand_room_on": Words("转给他人", "given to another"),
        "room_held": Words("为接访日保留", "held for the visit day"),
    },
    "visit_day": {
        "open_visit_day": Words("开放预约", "opened for bookings"),
        "hold_visit_day": Words("举行", "held"),
        "visit_day_published": Words("公布", "published"),
        "published_late": Words("逾期公布", "published late"),
        "visit_day_moved": Words("改期", "moved"),
        "visit_day_fixed": Words("定期", "fixed"),
        "visit_day_deputy": Words("指定代接访", "deputy named"),
        "visit_day_deputy_seen": Words("代接访已知悉", "deputy knows of it"),
        "visit_day_room": Words("更换房间", "room changed"),
        "visit_day_set_right": Words("校时后更正", "set right with the box's time"),
        "room_not_held": Words("房间未能保留", "room not to be had"),
        "settle_agenda": Words("排定议程", "agenda settled"),
        "read_agenda": Words("查看议程", "agenda read"),
        "print_agenda": Words("打印议程", "agenda printed"),
        "prevent_common_issue": Words("共性问题整改", "common issue taken up"),
        "summarise_visit_day": Words("写接访总结", "summary written"),
        "correct_finding": Words("更正监督发现", "finding corrected"),
    },
}
_SETS = "set_"


def knows(what: str, subject: str) -> bool:
    """Tell whether an act on a subject has words: the tests ask it for every event that is ever recorded."""
    return subject in SUBJECTS and _find(what, subject) is not None


def _find(what: str, subject: str) -> object:
    if subject in {"case", "supervision"} and what in ACTS:
        return ACTS[what]
    if subject == "setting" and what.startswith(_SETS) and what.removeprefix(_SETS) in TABLES:
        name = TABLES[what.removeprefix(_SETS)].name
        return Words(f"更改列表：{name.zh}", f"list changed: {name.en}")
    return _ACTS.get(subject, {}).get(what) or _PAPERS.get(what)


def act(what: str, subject: str) -> str:
    """Return an act in the reader's language."""
    found = _find(what, subject)
    return words(found) if isinstance(found, Words) else str(found or what)


def refusal(code: str) -> str:
    """Return in words why something was refused."""
    if code in _REFUSED:
        return words(_REFUSED[code])
    return str(SENTENCES.get(code, code))


def cells(line: Line, lines: Mapping[str, Words]) -> dict[str, str | Words]:
    """Return an event as the cells of a row; `lines`: what each line of business is called."""
    states = (_state(line, line.from_state), _state(line, line.to_state))
    return {
        "by": line.by_name or str(DOORS.get(line.by_role, line.by_role)),
        "what": act(line.what, line.subject),
        "subject": SUBJECTS.get(line.subject, Words(line.subject, line.subject)),
        "no": line.no,
        "state": " → ".join(filter(None, states)),
        "details": audit_details.told(line, lines),
    }


def _state(line: Line, state: str) -> str:
    if not state:
        return ""
    if line.kind in KINDS and state in KINDS[line.kind].kind.states:
        return words(KINDS[line.kind].kind.states[state])
    found = _STATES.get(state)
    return words(found) if found else state


_REFUSED: dict[str, Words] = {
    "http_400": Words("无法识别的请求", "A request that could not be understood"),
    "http_403": Words("不是从本系统页面发出的请求", "A request that did not come from our own pages"),
    "http_404": Words("不存在的地址", "An address that does not exist"),
    "http_405": Words("不允许的请求方式", "A way in which nothing can be done here"),
    "http_413": Words("内容过大", "Too much at once"),
    "http_431": Words("请求头过大", "Too much at once in the head"),
    "more": Words("其他（种类过多，合计）", "Others, too many kinds to list"),
}
# Of what is no case.
_STATES: dict[str, Words] = ROLES | {
    "not_in_use": Words("停用", "not in use"),
    "waiting": Words("等候", "waiting"),
    "called": Words("已叫号", "called"),
    "serving": Words("接待中", "being served"),
    "parked": Words("稍后", "set aside"),
    "missed": Words("过号", "missed"),
    "completed": Words("已完成", "completed"),
    "cancelled": Words("已取消", "cancelled"),
    "expired": Words("已失效", "expired"),
    "open": Words("开放", "open"),
    "paused": Words("暂停", "paused"),
    "closed": Words("关闭", "closed"),
    "restored": Words("已恢复", "restored"),
    "withdrawn": Words("已撤销", "withdrawn"),
    "booked": Words("已预定", "booked"),
    "used": Words("已使用", "used"),
    "reminded": Words("已提醒", "reminded"),
    "overdue": Words("已逾期", "overdue"),
    "done": Words("已完成", "done"),
    "planned": Words("计划中", "planned"),
    "confirmed": Words("已确定", "confirmed"),
    "held": Words("已举行", "held"),
    "postponed": Words("已改期", "postponed"),
}
