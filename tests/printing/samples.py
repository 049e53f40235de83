"""Samples of papers for the tests, and how they are read back: a new kind gets one from its class's own fields."""

import re
from dataclasses import fields
from typing import Any

import pytest
import zxingcpp
from hypothesis import strategies as st

from printing import documents, glyphs
from printing.interpreter import Command, Paper, interpret
from printing.layout import Profile
from reception import papers
from reception.wording import Words

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
URL = f"HTTP://192.168.1.20:8600/T/{TOKEN}"
DESK_URL = "https://192.168.1.20:8601"
WIDTHS = [(576, 48), (384, 32)]
# 80 mm, 58 mm, and a TM-T88 of 180 dpi.
PRINTERS = [*WIDTHS, (512, 42)]
ROMS = ["gbk", "gb2312", "none"]

VALUES: dict[str, Any] = {
    "site": Words("锦绣家园 物业服务中心", "Jinxiu Garden Service Centre"),
    "at": "2026-11-23 10:24",
    "english": True,
    "url": URL,
    "on_phone": False,
    "no": "BX20261123-004",
    "case_no": "BX20261123-004",
    "ticket_no": "W012",
    "line": Words("咨询与其他", "Questions & other"),
    "ahead": 3,
    "category": Words("水暖管道", "Water & heating"),
    "urgency": Words("一般", "Ordinary"),
    "content": "厨房水槽下面的水管漏水，请尽快派师傅来。",
    "convenient_time": "工作日下午 3 点以后",
    "expected": Words("4 个工作小时内与您联系", "We contact you within 4 office hours"),
    "department": Words("工程维修部", "Maintenance"),
    "unit": "1号楼",
    "name": "张**",
    "phone": "138****5678",
    "desk_phone": "010-6200-8600",
    "visit_day_on": "2027-01-08",
    "hours": "10:00–12:00",
    "weekday": Words("周五", "Fri"),
    "signatures": Words("待 2 人签批", "2 signatures to come"),
    "whole": True,
    "width_dots": 576,
    "columns": 48,
    "dpi": 203,
    "chinese": "gbk",
    "native_qr": True,
    "cutter": True,
    "buzzer": "none",
    "confirms": "gs_r",
    "printer": "前台打印机",
    "address": "tcp://192.168.1.31:9100",
    "model": "XP-80",
    "version": "0.1.0",
    "kiosk_url": "http://192.168.1.20:8600",
    "desk_url": DESK_URL,
    "display_url": "http://192.168.1.20:8600/display",
    "public_url": "",
    "fingerprint": ":".join(f"{7 * number % 256:02X}" for number in range(32)),
}
LISTED = (
    Words("前台打印机", "tcp://192.168.1.31:9100 号票 回执"),
    Words("维修部打印机", "tcp://192.168.1.32:9100 维修工作单"),
)
HOMES = (
    Words("3-1-101", "张建国 13800005678"),
    Words("3-1-102", "李䶮 13800005715"),
    Words("3-2-601", "欧阳文静"),
    Words("2-1-301 *", ""),
)
LINES = (
    Words("A 咨询与其他", "Questions & other"),
    Words("W 报修", "Repairs"),
    Words("T 投诉", "Complaints"),
    Words("J 经理接待日", "Manager's day"),
)
PRICE = (
    papers.PriceLine("水龙头更换", "2个", "30.00", "60.00"),
    papers.PriceLine("水龙头更换（材料）", "2个", "25.00", "50.00"),
    papers.PriceLine("清理", "0.5时", "15.00", "7.50"),
)
BY_TYPE: dict[Any, Any] = {str: "内容", int: 2, bool: False, Words: Words("内容", "Text")}
OF_KIND: dict[str, dict[str, Any]] = {
    "ticket": {"no": "A001"},
    "work_order": {
        "no": "GD20261123-002",
        "place": "厨房",
        "liability": Words("保修", "Warranty"),
        "price_lines": (),
        "price_total": "",
        "consent": papers.NOTHING,
        "recheck": False,
        "edition": 1,
    },
    "payment_receipt": {
        "no": "YS20261123-001",
        "refund": False,
        "method": Words("微信", "WeChat Pay"),
        "lines": PRICE,
        "total": "117.50",
        "amount": "117.50",
        "capital": "人民币壹佰壹拾柒元伍角",
        "due": "0.00",
        "reason": "",
        "taken_by": "王琳",
    },
    "complaint_receipt": {
        "no": "TS20261123-001",
        "category": Words("环境卫生", "Cleaning"),
        "facts": "单元门口的垃圾桶三天没有清运，气味很大。",
        "wish": "每天清运",
        "expected": Words("24 小时内首次答复", "First answer within 24 hours"),
        "department": Words("环境部", "Cleaning"),
    },
    "inquiry_note": {
        "no": "ZX20261123-001",
        "category": Words("物业费用", "Property fees"),
        "question": "去年 11 月入住，当月的物业费是按整月还是按天收取？",
        "promised": "2026-11-24 10:00",
        "expected": Words("2026-11-24 10:00 前答复您", "You get an answer by 2026-11-24 10:00"),
        "department": Words("客户服务部", "Customer Service"),
    },
    "private_receipt": {
        "no": "ZJ20261123-001",
        "expected": Words("24 小时内首次答复", "First answer within 24 hours"),
    },
    "repair_receipt": {"place": "厨房"},
    "result_slip": {
        "place": "厨房",
        "result": Words("已修好", "Repaired"),
        "work_done": "更换水槽下的软管和角阀，试水不漏",
        "finished": "2026-11-23 10:10",
        "told": "2026-11-23 10:24",
        "told_by": Words("王琳 电话", "Telephone"),
    },
    "visit_day_slip": {
        "no": "JF202701-03",
        "place": "物业服务中心二楼会议室",
        "matter": "地下车库车位划线",
        "signatures": Words("审核中", "Under review"),
        "starts": "10:15",
        "before": 10,
        "waiting": 0,
        "edition": 1,
    },
    "appointment_slip": {
        "no": "YY20261124-003",
        "edition": 1,
        "day": Words("11月24日（周二）", "Tue 24 Nov"),
        "hour": "10:00",
        "place": Words("服务中心前台", "The service desk"),
        "host": "赵强",
        "purpose": "装修方案审核",
        "bring": "身份证、装修图纸",
        "early_minutes": 10,
        "late_minutes": 15,
    },
    "handover_slip": {
        "no": "WJ20261123-001",
        "for_item": True,
        "item": "竣工资料",
        "sender": "锦*****",
        "bringer": "刘*",
        "addressee": "赵强",
        "place": "前台文件柜 2 层",
        "received_by": "王琳",
        "received": "2026-11-23 10:24",
    },
    "materials_slip": {
        "no": "BL20261123-001",
        "procedure": Words("入住办理", "Moving in"),
        "variant": Words("委托他人代办", "Somebody on his behalf"),
        "documents": (
            Words("业主身份证", "Identity card of the owner"),
            Words("入住通知单（或交房确认书）", "Notice of moving in, or confirmation of hand-over"),
            Words("委托书（业主签字）", "Letter of authority, signed by the owner"),
        ),
        "forms": (Words("《住户登记表》", "Register form of the household"),),
        "fees": (Words("物业管理费", "Property service fee"),),
    },
    "release_slip": {
        "no": "FX20261123-001",
        "for_gate": True,
        "day": Words("11月23日（周一）", "Mon 23 Nov"),
        "unit": "1-1-101",
        "name": "钱**",
        "relation": Words("业主", "Owner"),
        "what": Words("搬家", "Moving house"),
        "plate": "京A12345",
        "items": ("冰箱 × 1台", "纸箱 × 20箱", "实木餐桌（带六把椅子，其中一把有划痕）× 1套"),
        "approved_by": "陈静",
    },
    "emergency_slip": {
        "no": "TF20261123-001",
        "hazard": Words("燃气泄漏", "Gas leak"),
        "place": "3号楼2单元门厅",
        "steps": (
            Words("马上离开，不要开关任何电器", "Leave now; touch no switch"),
            Words("不要在室内打电话", "Do not telephone indoors"),
            Words("到室外再打电话，并提醒邻居", "Call from outside, and warn your neighbours"),
        ),
        "duty_phone": "010-6200-8610",
    },
    "reception_slip": {
        "no": "TX20261123-417",
        "letter": "C",
        "counter": "1",
        "place": "洽谈室；不在公共区域交谈",
        "steps": (
            Words(
                "先通知管理处主任，再把来访者带到指定区域",
                "Tell the director first, then lead the visitors to the area",
            ),
            Words("作好安全措施，避免业主和其他人围观", "Keep it safe; keep onlookers away"),
        ),
        "donts": (Words("基层职员不接受采访，不回答提问", "Staff give no interview and answer no questions"),),
    },
    "fault_list": {
        "no": "GZ20261123-001",
        "fault": Words("供水故障", "Water supply fault"),
        "area": Words("3号楼", "Building 3"),
        "notice": "【锦绣家园】3号楼供水已恢复（11月23日 16:05，原因：主管爆裂）。",
        "whole": True,
        "homes": HOMES,
    },
    "decision_slip": {
        "no": "JF202612-05",
        "visit_day_on": "2026-12-04",
        "matter": "地下车库道闸经常抬不起来，早高峰堵车；车位线看不清",
        "decisions": (
            papers.DecisionLine(
                "更换道闸电机，早高峰派人值守到换好为止",
                Words("工程维修部", "Engineering & maintenance"),
                Words("12月18日（周五）", "Fri 18 Dec"),
            ),
            papers.DecisionLine("重划车位线", Words("秩序维护部", "Security"), Words("12月25日（周五）", "Fri 25 Dec")),
        ),
        "again": False,
        "host": "周明",
        "name": "张**",
        "phone": "138****5678",
        "desk_phone": "0571-88880000",
    },
    "supervision_slip": {
        "no": "DB20261123-001",
        "case_no": "TS20261123-001",
        "matter": "3号楼单元门口垃圾桶每日清运，并加装盖子",
        "opinion": "由环境保洁部每天两次清运，一周内换带盖垃圾桶",
        "department": Words("环境保洁部", "Cleaning"),
        "charge": "李敏",
        "decided_by": "周明",
        "decided_at": "2026-11-23 10:20",
        "due_at": "2026-11-30 17:30",
        "moved": 1,
    },
    "fee_notice": {
        "building": "3号楼",
        "name": "张**",
        "items": (
            Words("物业管理费", "Property fee"),
            Words("公共能耗费", "Common energy"),
            Words("水费（代收）", "Water (collected)"),
        ),
        "periods": ("2026-10 – 2026-12", "2026-11  89 ㎡ × 0.30 × 1", "2026-10"),
        "amounts": ("534.00", "26.70", "48.30"),
        "due_days": ("2026-11-10", "2026-12-10", "2026-11-20"),
        "total": "609.00",
        "late": "582.30",
        "remarks": (
            Words("公共能耗费按 0.30 元/(㎡·月) 计", "Common energy: 0.30 yuan per ㎡ and month"),
            Words(
                "代收代付项目按政府规定标准收取，不另加收费用",
                "Collected for others at the price set by the state, nothing added",
            ),
        ),
        "pay_at": Words("计划财务部", "The finance department"),
        "desk_phone": "0571-88880000",
    },
    "setup_slip": {"printers": LISTED, "login": "", "code": "", "address": ""},
    "recovery_key": {"key": "AGE-SECRET-KEY-1" + "ACDE" * 14 + "A2", "public": "age1" + "a2c4" * 14 + "a2"},
    "hand_slip": {"lines": LINES},
    "power_cut_card": {"lines": LINES, "first": 200, "keeper_phone": "138-0000-0000"},
    "work_log": {
        "day": Words("11月23日（周一）", "Mon 23 Nov"),
        "figures": (
            Words("报修", "Repair"),
            Words("投诉", "Complaint"),
            Words("窗口接待", "Served at a counter"),
            Words("开门检查", "Opening checklist"),
        ),
        "counts": ("12", "1", "31", "6/6"),
        "lines": (
            Words("08:41 报修 BX20261123-001 水暖管道 已派工 王琳", "Repair, Water & heating, Dispatched"),
            Words(
                "08:55 窗口接待 A001 咨询与其他 · 停车证办理 已接待 王琳",
                "Served at a counter, Questions & other, Served",
            ),
            Words("09:30 交接班：3号楼的水管师傅下午再来，钥匙在抽屉里。（周敏）", "For the next shift"),
        ),
        "more": 3,
        "printed_by": "王琳",
    },
    "evacuation_roll": {
        "people": ("张建国 13800005678", "欧阳文静", "A012", "访客", "王琳"),
        "places": (
            Words("W003 1号窗口", "Counter 1"),
            Words("A011 工程维修部", "Maintenance"),
            Words("等候 · 咨询与其他", "Waiting · Questions & other"),
            Words("大厅与窗口", "Lobby and counters"),
            Words("1号窗口", "Counter 1"),
        ),
        "count": 5,
        "printed_by": "王琳",
    },
    "day_agenda": {
        "day": Words("12月4日（周五）", "Fri 4 Dec"),
        "hours": "10:00–12:00",
        "room": Words("接待室", "Reception room"),
        "host": "周明",
        "accompany": (Words("工程维修部 赵刚", "Maintenance 赵刚"), Words("秩序维护部", "Security")),
        "times": ("10:00", "10:15", ""),
        "people": ("张建国 1-1-101", "欧阳文静 2-1-302", "李强 1-2-201"),
        "matters": ("地下车库道闸经常打不开，晚上回家要等十几分钟，希望尽快更换。", "楼上夜间装修", "电梯停运三天"),
        "opinions": ("工程维修部：同意接待，请工程部带上维修记录", "秩序维护部：同意接待", ""),
        "printed_by": "周敏",
    },
}
# What may stand in the store: everything but control characters and surrogates (rules/people.clean_text).
TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from("\n 水龙头。，abcA1·—"), max_size=120)
# A work order of paid work: quoted, and waiting for the owner's signature.
PAID: dict[str, Any] = {
    "paid": True,
    "liability": Words("有偿服务", "Paid service"),
    "price_lines": PRICE,
    "price_total": "117.50",
}
# What the worker's copy of a work order knows, and the owner's does not.
WHOLE: dict[str, Any] = {"for_worker": True, "unit": "1-1-101", "name": "张文静", "phone": "13812345678"}


def sample(kind: str, **other: Any) -> papers.Paper:
    """Return a paper of this kind; `other` replaces some of its facts."""
    of_class = papers.KINDS[kind]
    mine = OF_KIND.get(kind, {})
    values = {
        field.name: mine[field.name] if field.name in mine else VALUES.get(field.name, BY_TYPE.get(field.type))
        for field in fields(of_class)
    }
    return of_class(**{**values, **other})


def coded() -> list[str]:
    """Return the kinds with a code that leads to their page."""
    return sorted(kind for kind, of_class in papers.KINDS.items() if issubclass(of_class, papers.CodedPaper))


def codes_of(paper: papers.Paper) -> list[str]:
    """Return what the codes of a paper say, in their order."""
    if isinstance(paper, papers.CodedPaper):
        return [paper.url]
    if isinstance(paper, papers.SelfTest):
        return [paper.url, paper.url] if paper.whole else [paper.url]
    if isinstance(paper, papers.RecoveryKey):
        return [paper.key]
    return [paper.desk_url] if isinstance(paper, papers.SetupSlip) else []


def told(kind: str) -> list[str]:
    """Return the fields of a kind in which people write what they like."""
    free = {"content", "facts", "wish", "matter", "place", "convenient_time", "name", "notice", "opinion"}
    return [field.name for field in fields(papers.KINDS[kind]) if field.name in free]


def profile(
    width: int = 576, chinese: str = "gbk", *, native_qr: bool = True, cutter: bool = True, **other: Any
) -> Profile:
    """Return the properties of a printer this wide; `other` are those that came later."""
    return Profile(width, dict(PRINTERS)[width], chinese, native_qr, cutter, **other)


def printed(paper: papers.Paper, on: Profile, *, job_id: int = 123, copy_no: int = 0) -> Paper:
    """Return what a printer of this kind makes of a paper: one piece."""
    data = documents.build(paper, on, job_id=job_id, copy_no=copy_no)
    (piece,) = interpret(data, width=on.width_dots, chinese=on.chinese)
    return piece


def flawless(paper: Paper) -> None:
    """No line wider than the paper, no character that the printer lacks, no question mark in its place."""
    assert paper.overflows == []
    assert paper.mistakes == []
    assert "?" not in re.sub(r"Missed it\?", "", paper.text)
    assert "\ufffd" not in paper.text


def scanned(paper: Paper) -> list[str]:
    """Return what a reader finds in the codes of a printed paper."""
    return [code.text for code in zxingcpp.read_barcodes(paper.image.convert("L"))]


def prints(commands: list[Command]) -> bool:
    """Whether anything is printed by these commands; what only sets a mode, or cuts, is not."""
    return any(command.name in ("text", "LF", "GS v 0", "GS ( k", "ESC J") for command in commands)


def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are drawn from now on, in their order."""
    drawn: list[str] = []
    picture = glyphs.picture

    def noted(text: str, *more: Any, **named: Any) -> Any:
        drawn.append(text)
        return picture(text, *more, **named)

    monkeypatch.setattr(glyphs, "picture", noted)
    return drawn
