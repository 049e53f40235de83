"""The papers an owner takes home: 报修受理回执, 处理结果单, 投诉受理回执, 接访预约单. Name and phone come masked."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

FOLLOW = Words("手机扫码查看进度", "Scan to follow on your phone")


def repair(sheet: Sheet, paper: papers.RepairReceipt) -> None:
    """What was reported, who sees to it, and by when somebody is in touch."""
    parts.heading(sheet, paper, Words("报修受理回执", "Repair receipt"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    _promise(sheet, paper.expected)
    sheet.fields(
        (Words("类别", "Type"), paper.category),
        (Words("紧急", "Urgency"), paper.urgency),
        (Words("报修内容", "Matter"), paper.content),
        (Words("位置", "Place"), paper.place),
        (Words("方便时间", "When"), paper.convenient_time),
        (Words("承办", "With"), paper.department),
        parts.desk_phone(paper.desk_phone),
        (Words("住址", "Home"), paper.unit),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        (Words("号票", "Ticket"), paper.ticket_no),
    )
    parts.code(sheet, paper, FOLLOW)


def result(sheet: Sheet, paper: papers.ResultSlip) -> None:
    """What became of it, when, and who told the owner."""
    parts.heading(sheet, paper, Words("处理结果单", "Result slip"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    _promise(sheet, paper.result)
    sheet.fields(
        (Words("类别", "Type"), paper.category),
        (Words("报修内容", "Matter"), paper.content),
        (Words("位置", "Place"), paper.place),
        (Words("处理情况", "Done"), paper.work_done),
        (Words("完成时间", "Finished"), paper.finished),
        (Words("告知", "Told"), paper.told),
        (Words("告知人", "Told by"), paper.told_by),
        parts.desk_phone(paper.desk_phone),
        (Words("住址", "Home"), paper.unit),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
    )
    parts.code(sheet, paper, FOLLOW)


def complaint(sheet: Sheet, paper: papers.ComplaintReceipt) -> None:
    """What was received, and by when the first answer is due."""
    parts.heading(sheet, paper, Words("投诉受理回执", "Complaint receipt"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    _promise(sheet, paper.expected)
    sheet.fields(
        (Words("类别", "Type"), paper.category),
        (Words("反映情况", "Facts"), paper.facts),
        (Words("期望", "Wish"), paper.wish),
        (Words("承办", "With"), paper.department),
        parts.desk_phone(paper.desk_phone),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        (Words("号票", "Ticket"), paper.ticket_no),
    )
    parts.code(sheet, paper, FOLLOW)


def private(sheet: Sheet, paper: papers.PrivateReceipt) -> None:
    """That something was received, its number, and when the first answer comes: whoever finds it learns no more."""
    parts.heading(sheet, paper, Words("受理回执", "Receipt"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    _promise(sheet, paper.expected)
    sheet.fields(
        (Words("承办", "With"), Words("负责人专人办理", "A head, in person")),
        parts.desk_phone(paper.desk_phone),
    )
    parts.code(sheet, paper, FOLLOW)


def visit_day(sheet: Sheet, paper: papers.VisitDaySlip) -> None:
    """When and where the manager receives; a date without official data is marked provisional.

    Without a time it says which place on the waiting list it has, and that the time is told.
    """
    parts.heading(sheet, paper, Words("接访预约单", "Visit-day booking"))
    sheet.text(paper.no, align="center", bold=True)
    sheet.rule(dashed=True)
    sheet.text(f"{paper.visit_day_on} {paper.weekday.zh}", align="center", bold=True, size=2)
    if sheet.english:
        sheet.text(paper.weekday.en, align="center")
    if paper.starts:
        sheet.text(paper.starts, align="center", bold=True, size=3)
        # The code is his check-in as well: who does not know it sits down and is never called.
        early = f"请提前 {paper.before} 分钟到，在自助机凭下方码签到"
        english = f"\nCome {paper.before} min before and check in\nwith this code at the kiosk"
        sheet.text(early + (english if sheet.english else ""), align="center")
    elif paper.waiting:
        sheet.text(f"候补第 {paper.waiting} 位", align="center", bold=True, size=2)
        told = "有空位时自动递补，届时通知您"
        english = f"\nWaiting list, place {paper.waiting}: you are told when a time is free" if sheet.english else ""
        sheet.text(told + english, align="center")
    else:
        sheet.text(paper.hours, align="center", bold=True, size=2)
    if paper.provisional:
        sheet.reversed_band("日期暂定，以通知为准" + ("\nProvisional date" if sheet.english else ""))
    if paper.edition > 1:
        sheet.text("原预约单作废" + ("\nThe slip before is void" if sheet.english else ""), align="center", bold=True)
    sheet.rule(dashed=True)
    sheet.fields(
        (Words("地点", "Place"), paper.place),
        (Words("接待时段", "Hours"), paper.hours if paper.starts or paper.waiting else ""),
        (Words("事由", "Matter"), paper.matter),
        (Words("签批", "Signed"), paper.signatures),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        parts.desk_phone(paper.desk_phone),
    )
    parts.code(sheet, paper, FOLLOW)


def _promise(sheet: Sheet, promised: Words) -> None:
    """Print what the centre promises, or what came of it, framed: it is what the owner looks for at home."""
    english = f"\n{promised.en}" if sheet.english and promised.en else ""
    sheet.frame(Row((promised.zh + english,), bold=True, align="center"))
