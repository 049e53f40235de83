"""来访预约单 and 接收记录: the papers of who comes to see one of us, and of what was left for one of us."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

WRITING = 2  # rows: enough for a pen


def appointment(sheet: Sheet, paper: papers.AppointmentSlip) -> None:
    """When and where, whom, what to bring; and that it is held to the kiosk on arrival."""
    parts.heading(sheet, paper, Words("来访预约单", "Appointment"))
    if paper.edition > 1:
        english = f"\nEdition {paper.edition}, replaces all before" if sheet.english else ""
        sheet.reversed_band(f"更新版 第{paper.edition}版，旧版作废{english}")
    sheet.text(paper.no, align="center", bold=True)
    sheet.rule(dashed=True)
    sheet.both(paper.day, bold=True, size=2)
    sheet.text(paper.hour, align="center", bold=True, size=3)
    sheet.rule(dashed=True)
    sheet.fields(
        (Words("地点", "Place"), paper.place),
        (Words("接待人", "Host"), paper.host),
        (Words("部门", "With"), paper.department),
        (Words("事由", "Matter"), paper.purpose),
        (Words("请带", "Bring"), paper.bring),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        parts.desk_phone(paper.desk_phone),
    )
    sheet.qr(paper.url)
    # Which is no promise of the phone: who has come checks in here.
    sheet.both(Words("到达后在自助机扫此码签到", "Show this code at the kiosk on arrival"), bold=True)
    early, late = paper.early_minutes, paper.late_minutes
    sheet.both(Words(f"按时叫号：早{early}分至晚{late}分", f"Called on time: {early} min early to {late} late"))
    if paper.on_phone:
        sheet.both(Words("手机扫码可查看预约", "Scan to see it on your phone"))


def handover(sheet: Sheet, paper: papers.HandoverSlip) -> None:
    """What was left, by whom, for whom; the item's part has the lines that its taker signs."""
    parts.heading(sheet, paper, Words("接收记录", "Receipt record"))
    part = Words("随物联", "With the item") if paper.for_item else Words("送件人联", "For the bringer")
    sheet.text(f"[ {sheet.label(part)} ]", align="center", bold=True)
    sheet.text(paper.no, align="center", bold=True, size=2)
    if paper.for_item:
        # What is looked for on the shelf.
        sheet.rule(dashed=True)
        sheet.text(paper.addressee, align="center", bold=True, size=2)
        sheet.rule(dashed=True)
    sheet.fields(
        (Words("物品", "Item"), paper.item),
        (Words("件数", "Pieces"), str(paper.pieces)),
        (Words("交给", "For"), "" if paper.for_item else paper.addressee),
        (Words("部门", "With"), paper.department),
        (Words("存放", "Lies at"), paper.place if paper.for_item else ""),
        (Words("送件单位", "From"), paper.sender),
        (Words("送件人", "Bringer"), paper.bringer),
        (Words("接收人", "Taken in"), paper.received_by),
        (Words("接收时间", "At"), paper.received),
        parts.desk_phone(paper.desk_phone),
    )
    if paper.for_item:
        label = sheet.label
        sheet.frame(
            Row((label(Words("领取人签字", "Taken by")), label(Words("时间", "Time"))), (3, 2), WRITING + 1),
            Row((label(Words("经手人签字", "Seen by")),), height=WRITING),
        )
        sheet.qr(paper.url)
    else:
        parts.code(sheet, paper, Words("手机扫码查看是否已领取", "Scan to see it on your phone"))
