"""Samples of papers for the tests: filled from a class's own fields, so that a new kind gets one by itself."""

from dataclasses import fields
from typing import Any

from printing import documents
from printing.interpreter import Paper, interpret
from printing.layout import Profile
from reception import papers
from reception.wording import Words

TOKEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
URL = f"HTTP://192.168.1.20:8600/T/{TOKEN}"
WIDTHS = [(576, 48), (384, 32)]
ROMS = ["gbk", "gb2312", "none"]

VALUES: dict[str, Any] = {
    "site": Words("锦绣家园 物业服务中心", "Jinxiu Garden Service Centre"),
    "at": "2026-11-23 10:24",
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
    "expected": Words("4 个工作小时内与您联系", "We contact you within 4 office hours"),
    "department": Words("工程维修部", "Maintenance"),
    "unit": "1号楼",
    "name": "张**",
    "phone": "138****5678",
    "desk_phone": "010-6200-8600",
    "visit_day_on": "2027-01-08",
    "hours": "10:00–12:00",
    "weekday": Words("周五", "Fri"),
}
BY_TYPE: dict[Any, Any] = {str: "内容 text", int: 2, bool: False, Words: Words("内容", "Text")}
OF_KIND: dict[str, dict[str, Any]] = {"ticket": {"no": "A001"}}


def sample(kind: str, **other: Any) -> papers.Paper:
    """Return a paper of this kind; `other` replaces some of its facts."""
    of_class = papers.KINDS[kind]
    values = {field.name: VALUES.get(field.name, BY_TYPE[field.type]) for field in fields(of_class)}
    return of_class(**{**values, **OF_KIND.get(kind, {}), **other})


def told(kind: str) -> list[str]:
    """Return the fields of a kind in which people write what they like."""
    free = {"content", "facts", "wish", "matter", "place", "convenient_time", "name"}
    return [field.name for field in fields(papers.KINDS[kind]) if field.name in free]


def profile(width: int = 576, chinese: str = "gbk", *, native_qr: bool = True, cutter: bool = True) -> Profile:
    """Return the properties of a printer this wide."""
    return Profile(width, dict(WIDTHS)[width], chinese, native_qr, cutter)


def printed(paper: papers.Paper, on: Profile, *, job_id: int = 123, copy_no: int = 0) -> Paper:
    """Return what a printer of this kind makes of a paper: one piece."""
    data = documents.build(paper, on, job_id=job_id, copy_no=copy_no)
    (piece,) = interpret(data, width=on.width_dots, chinese=on.chinese)
    return piece
