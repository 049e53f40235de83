"""放行条 (FRM-14, K11): the pass by which goods leave, in two parts; the gate ticks and signs its own."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

WRITING = 2  # rows: enough for a pen


def slip(sheet: Sheet, paper: papers.ReleaseSlip) -> None:
    """For which day, from which home, what; the gate's part has a box a line, and the guard's frame."""
    parts.heading(sheet, paper, Words("物品放行条", "Goods pass"))
    part = Words("门岗联", "For the gate") if paper.for_gate else Words("客户联", "For the applicant")
    sheet.text(f"[ {sheet.label(part)} ]", align="center", bold=True)
    sheet.text(paper.no, align="center", bold=True)
    sheet.rule(dashed=True)
    sheet.both(paper.day, bold=True, size=2)
    sheet.both(Words("仅当日有效，只放行一次", "Good on this day alone, and once"), bold=True)
    sheet.rule(dashed=True)
    sheet.fields(
        (Words("房屋", "Home"), paper.unit),
        (Words("申请人", "Applicant"), paper.name),
        (Words("身份", "As"), paper.relation),
        (Words("事由", "For"), paper.what),
        (Words("车牌", "Plate"), paper.plate),
        (Words("批准人", "Approved"), paper.approved_by),
    )
    sheet.rule(dashed=True)
    for line in paper.items:
        if paper.for_gate:
            sheet.tick(Words(line, ""), bold=True)
        else:
            sheet.text(line, bold=True)
    sheet.both(Words(f"—— 共 {len(paper.items)} 项，以下空白 ——", f"{len(paper.items)} lines, nothing below"))
    if paper.for_gate:
        label = sheet.label
        sheet.frame(
            Row((label(Words("□相符放行", "Fits")), label(Words("□不符不放", "Differs"))), (1, 1)),
            Row((label(Words("门岗签字", "Guard")), label(Words("放行时间", "Time"))), (3, 2), WRITING + 1),
            Row((label(Words("不符之处", "What differs")),), height=WRITING),
        )
    if paper.for_gate:
        sheet.qr(paper.url)
        sheet.both(Words("逐项核对、签字后交回前台", "Tick, sign, back to the desk"), bold=True)
    else:
        sheet.both(Words("出门时两联都交门岗核对", "Both parts go to the gate"), bold=True)
        parts.code(sheet, paper, Words("手机扫码查看放行进度", "Scan to see it on your phone"))
    sheet.fields(parts.desk_phone(paper.desk_phone))
