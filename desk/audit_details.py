"""What the audit log says of an event besides its act: the codes of its details in words, where they have any."""

from collections.abc import Iterator, Mapping
from typing import Final

from reception import (
    absence,
    acceptance,
    charges,
    counters,
    feedback,
    filed_names,
    follow_ups,
    given_by,
    order_steps,
    queue,
    quotations,
    retention_rules,
    reveals,
    session_calls,
    sign_records,
    visit_day_shifts,
    visit_ends,
)
from reception.audit import DETAILS, Line
from reception.audit_groups import GROUPS
from reception.person_words import COLUMNS
from reception.settings import BY_KEY
from reception.wording import Words
from web.languages import words

# Of one act alone: elsewhere the code says something else.
_OF_ACT: Final[dict[tuple[str, str], dict[str, Words]]] = {
    ("lock_session", "why"): {"asked": Words("本人锁屏", "by hand"), "idle": Words("久未操作", "left alone")},
    ("search_person", "how"): {
        "name": Words("按姓名", "by name"),
        "phone": Words("按电话", "by telephone"),
        "tail": Words("按电话末四位", "by the last four digits"),
    },
    ("print_fee_notice", "how"): {"slip": Words("小票", "slip"), "sheet": Words("A4 通知单", "A4 sheet")},
    ("export", "list"): {
        "cases": Words("事项", "Cases"),
        "supervisions": Words("督办", "Supervision"),
        "prices": Words("价目表", "Price list"),
        "board": Words("报修看板", "Repairs board"),
        "search": Words("搜索结果", "What was searched for"),
        "workers": Words("维修人员", "Workers"),
        "worker_day": Words("维修人员的一天", "Day of a worker"),
        "appointments": Words("来访预约", "Appointments"),
        "work_log": Words("工作日志", "Work log"),
        "bookings": Words("接访日预约", "Visit-day bookings"),
        "due": Words("时限", "Deadlines"),
        "figures": Words("月报", "Month figures"),
        "home": Words("业主档案", "Home file"),
        "calls": Words("来电记录", "Phone calls"),
        "follow-ups": Words("回访台", "Follow-up desk"),
        "coverage": Words("回访覆盖率", "Follow-up coverage"),
        "audit": Words("审计日志", "Audit log"),
        "faults": Words("已知故障", "Known faults"),
        "consumables": Words("耗材", "Consumables"),
        "fault_homes": Words("已知故障的住户", "Homes of a known fault"),
        "procedures": Words("办理登记", "Register of procedures"),
        "fees": Words("催缴名单", "Who owes fees"),
    },
    ("print_form", "form"): filed_names.NAMES | {"tour_signs": Words("桌牌", "Table signs")},
    ("print_form", "whole"): {"0": Words("否", "no"), "1": Words("是", "yes")},
}
_REASONS: Final = (
    absence.PARK_REASONS
    | counters.PAUSE_REASONS
    | acceptance.ENDS
    | queue.PICK_REASONS
    | session_calls.REASONS
    | visit_ends.REASONS
    | sign_records.VOID_REASONS
    | visit_day_shifts.CAUSES
    | dict(order_steps.SUSPEND_REASONS)
    | dict(order_steps.SEND_BACK_REASONS)
    | {"leaving": Words("离职交接", "handed on by who leaves")}
)
_OF_KEY: Final[dict[str, Mapping[str, Words]]] = {
    "reason": _REASONS,
    "why": _REASONS,
    "channel": feedback.CHANNELS,
    "method": follow_ups.METHODS | charges.METHODS,
    "reached": {"0": Words("否", "no"), "1": Words("是", "yes")},
    "how": quotations.HOW | given_by.NOBODY_SIGNED,
    "keys": {key: setting.name for key, setting in BY_KEY.items()},
    "fields": COLUMNS
    | {
        "unit": Words("房号", "Home"),
        "category": Words("类别", "Category"),
        "urgency": Words("紧急程度", "Urgency"),
    },
    "rule": {rule.code: rule.what for rule in retention_rules.RULES},
}
# The reason of a look is one of those that its form has, or its act.
_LOOKS: Final = {*reveals.WHATS, "erase_person"}
# What narrows a list, and a search of this log.
_FILTERS: Final[dict[str, Words]] = {
    "since": Words("自", "from"),
    "until": Words("至", "until"),
    "who": Words("人员", "who"),
    "group": Words("类别", "group"),
    "subject": Words("对象", "of what"),
    "no": Words("编号", "no."),
    "name": Words("姓名", "name"),
    "kind": Words("类型", "kind"),
    "state": Words("状态", "state"),
    "day": Words("日期", "day"),
    "worker": Words("维修人员", "worker"),
    "page": Words("页", "page"),
}


def told(line: Line, lines: Mapping[str, Words]) -> str:
    """Return the details of an event in the reader's language; a code without words stands as it is.

    `lines`: what each line of business is called.
    """
    between, among = words(Words("；", "; ")), words(Words("、", ", "))
    said = ((DETAILS[key], among.join(_said(line.what, key, text, lines))) for key, text in line.details)
    return between.join(f"{words(name)} {text}" for name, text in said)


def _said(what: str, key: str, text: str, lines: Mapping[str, Words]) -> Iterator[str]:
    known = lines if key == "line" else _known(what, key)
    for one in text.split(", "):
        name, equals, value = one.partition("=")
        if equals:
            group = GROUPS.get(value) if name == "group" else None
            yield f"{words(_FILTERS[name]) if name in _FILTERS else name} {words(group[0]) if group else value}"
        else:
            yield words(known[one]) if one in known else one


def _known(what: str, key: str) -> Mapping[str, Words]:
    if key == "reason" and what in _LOOKS:
        return reveals.KNOWN
    return _OF_ACT.get((what, key)) or _OF_KEY.get(key, {})
