"""收费通知: what a home is asked to pay, line by line, the sum, until when and where. It is no receipt."""

from printing.documents import parts
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words


def notice(sheet: Sheet, paper: papers.FeeNotice) -> None:
    """The lines with their months and days, then the sum; what is overdue stands beneath it."""
    parts.heading(sheet, paper, Words("收费通知", "Fee notice"))
    sheet.both(Words("（不是收据或发票）", "(neither receipt nor invoice)"), bold=True)
    sheet.fields((Words("楼栋", "Building"), paper.building), (Words("姓名", "Name"), paper.name))
    sheet.rule(dashed=True)
    due = sheet.label(Words("应缴日", "due"))
    for item, period, amount, day in zip(paper.items, paper.periods, paper.amounts, paper.due_days, strict=True):
        sheet.pair(sheet.label(item), amount, bold=True)
        sheet.text(period)
        sheet.text(f"{due} {day}")
        sheet.space(LEADING)
    sheet.rule(dashed=True)
    sheet.text(sheet.label(Words("合计", "Total")), align="center")
    sheet.text(f"￥{paper.total}", align="center", bold=True, size=2)
    if paper.late:
        sheet.pair(sheet.label(Words("其中逾期", "Of it overdue")), f"￥{paper.late}", bold=True)
    sheet.rule(dashed=True)
    sheet.fields((Words("缴费地点", "Pay at"), paper.pay_at), parts.desk_phone(paper.desk_phone))
    for remark in paper.remarks:
        sheet.both(remark)
    sheet.both(Words("如已缴纳请忽略；有疑问请问前台", "If it is paid, please ignore this"))
