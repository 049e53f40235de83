"""Documents: what each paper looks like, from its typed facts to bytes. Chinese first, English beside it."""

from collections.abc import Callable
from typing import Any

from printing.layout import Profile, Sheet
from reception import papers
from reception.wording import Words


def build(paper: papers.Paper, profile: Profile, *, job_id: int, copy_no: int = 0) -> bytes:
    """Return a paper as bytes. A reprint bears 补打 n / COPY n. Raises KeyError for a kind without a document."""
    sheet = Sheet(profile)
    if copy_no:
        sheet.reversed_band(f"补打 {copy_no} / COPY {copy_no}")
    DOCUMENTS[paper.KIND](sheet, paper)
    sheet.text(f"{paper.at}  #{job_id}", align="center")
    return sheet.finish()


def _heading(sheet: Sheet, paper: papers.Paper, title: Words) -> None:
    sheet.text(paper.site.zh, align="center", bold=True)
    sheet.text(paper.site.en, align="center")
    sheet.rule()
    sheet.text(title.zh, align="center", bold=True, size=2)
    sheet.text(title.en, align="center")


def _code(sheet: Sheet, paper: papers.Paper) -> None:
    sheet.qr(paper.url)
    if paper.on_phone:
        sheet.text("手机扫码查看进度", align="center")
        sheet.text("Scan to follow on your phone", align="center")
    else:
        # Phones cannot reach the box by themselves: never promise them (screens.md).
        sheet.text("凭此码在自助机查询", align="center")
        sheet.text("Show this code at the kiosk", align="center")


def _ticket(sheet: Sheet, paper: papers.Ticket) -> None:
    sheet.text(paper.site.zh, align="center", bold=True)
    sheet.text(paper.site.en, align="center")
    sheet.rule()
    sheet.text(paper.line.zh, align="center", bold=True, size=2)
    sheet.text(paper.line.en, align="center")
    sheet.space(20)
    sheet.big(paper.no)
    sheet.space(20)
    if paper.ahead:
        sheet.text(f"前面还有 {paper.ahead} 位", align="center", bold=True, size=2)
        sheet.text(f"{paper.ahead} ahead of you", align="center")
    else:
        sheet.text("下一位就是您", align="center", bold=True, size=2)
        sheet.text("You are next", align="center")
    _code(sheet, paper)
    sheet.text("过号请告知窗口", align="center")
    sheet.text("Missed your call? Tell the counter", align="center")


def _repair_receipt(sheet: Sheet, paper: papers.RepairReceipt) -> None:
    _heading(sheet, paper, Words("报修受理回执", "Repair receipt"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    sheet.rule()
    sheet.both(Words("类别", "Category"), paper.category)
    sheet.both(Words("紧急程度", "Urgency"), paper.urgency)
    _told(sheet, Words("报修内容", "Matter"), paper.content)
    _told(sheet, Words("位置", "Place"), paper.place)
    _told(sheet, Words("方便时间", "Convenient time"), paper.convenient_time)
    sheet.both(Words("预计", "Expected"), paper.expected, bold=True)
    _answerable(sheet, paper)
    sheet.pair("住址 Home", paper.unit)
    _person(sheet, paper.name, paper.phone, paper.ticket_no)
    sheet.rule()
    _code(sheet, paper)


def _work_order(sheet: Sheet, paper: papers.WorkOrder) -> None:
    _heading(sheet, paper, Words("维修工作单", "Work order"))
    sheet.text("维修联 / Worker's copy" if paper.for_worker else "业主联 / Owner's copy", align="center", bold=True)
    sheet.text(paper.no, align="center", bold=True, size=2)
    sheet.rule()
    sheet.pair("报修单 Request", paper.case_no)
    sheet.pair("住址 Home", paper.unit, bold=paper.for_worker)
    sheet.pair("联系人 Contact", f"{paper.name} {paper.phone}", bold=paper.for_worker)
    sheet.both(Words("类别", "Category"), paper.category)
    sheet.both(Words("紧急程度", "Urgency"), paper.urgency, bold=True)
    _told(sheet, Words("报修内容", "Matter"), paper.content)
    _told(sheet, Words("位置", "Place"), paper.place)
    _told(sheet, Words("方便时间", "Convenient time"), paper.convenient_time)
    sheet.both(Words("部门", "Department"), paper.department)
    sheet.rule()
    for label in ("到场 Arrived", "完工 Finished", "材料 Materials", "工时 Labour", "结果 Result"):
        sheet.blank(f"{label} ")
        sheet.feed()
    sheet.text("满意度 Satisfaction")
    sheet.text("不满意 □1 □2 □3 □4 □5 满意")
    sheet.feed()
    sheet.blank("业主签字 Owner ")
    sheet.feed()
    sheet.blank("维修签字 Worker ")
    sheet.rule()
    if paper.for_worker:
        sheet.qr(paper.url)
        sheet.text("凭此码办理工单 / Code of this order", align="center")
    else:
        _code(sheet, paper)


def _complaint_receipt(sheet: Sheet, paper: papers.ComplaintReceipt) -> None:
    _heading(sheet, paper, Words("投诉受理回执", "Complaint receipt"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    sheet.rule()
    sheet.both(Words("类别", "Category"), paper.category)
    _told(sheet, Words("反映情况", "Facts"), paper.facts)
    _told(sheet, Words("期望", "Wish"), paper.wish)
    sheet.both(Words("答复", "Answer"), paper.expected, bold=True)
    _answerable(sheet, paper)
    _person(sheet, paper.name, paper.phone, paper.ticket_no)
    sheet.rule()
    _code(sheet, paper)


def _visit_day_slip(sheet: Sheet, paper: papers.VisitDaySlip) -> None:
    _heading(sheet, paper, Words("接访预约单", "Visit-day booking"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    sheet.rule()
    sheet.text(f"{paper.visit_day_on} {paper.weekday.zh}", align="center", bold=True, size=2)
    sheet.text(paper.weekday.en, align="center")
    sheet.text(paper.hours, align="center", bold=True, size=2)
    if paper.provisional:
        sheet.reversed_band("日期暂定，以通知为准")
        sheet.reversed_band("Provisional date")
    sheet.pair("地点 Place", paper.place)
    _told(sheet, Words("事由", "Matter"), paper.matter)
    sheet.both(Words("签批", "Signatures"), paper.signatures, bold=True)
    _person(sheet, paper.name, paper.phone, "")
    if paper.desk_phone:
        sheet.pair("前台电话 Front desk", paper.desk_phone)
    sheet.rule()
    _code(sheet, paper)


def _told(sheet: Sheet, label: Words, value: str) -> None:
    """Print what somebody wrote; nothing where nothing was written."""
    if value:
        sheet.pair(f"{label.zh} {label.en}", value)


def _answerable(sheet: Sheet, paper: papers.RepairReceipt | papers.ComplaintReceipt) -> None:
    sheet.both(Words("承办", "With"), paper.department)
    if paper.desk_phone:
        sheet.pair("前台电话 Front desk", paper.desk_phone)


def _person(sheet: Sheet, name: str, phone: str, ticket_no: str) -> None:
    sheet.pair("姓名 Name", name)
    sheet.pair("电话 Phone", phone)
    if ticket_no:
        sheet.pair("号票 Ticket", ticket_no)


# One line a paper. Any: each document takes its own type, and the key is that type's KIND.
DOCUMENTS: dict[str, Callable[[Sheet, Any], None]] = {
    papers.Ticket.KIND: _ticket,
    papers.RepairReceipt.KIND: _repair_receipt,
    papers.WorkOrder.KIND: _work_order,
    papers.ComplaintReceipt.KIND: _complaint_receipt,
    papers.VisitDaySlip.KIND: _visit_day_slip,
}
