"""接访处理意见单: each decision with who does it and by when is the hero; the owner signs beneath."""

from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def slip(sheet: Sheet, paper: papers.DecisionSlip) -> None:
    """What was decided for an owner, by whom it is done and until when; his signature, and the code of its page."""
    parts.heading(sheet, paper, Words("接访处理意见单", "Decisions of the visit day"))
    sheet.text(paper.no, align="center", bold=True)
    if paper.again:
        sheet.both(Words("重新处理后的意见", "Decided anew"))
    sheet.fields((Words("反映事项", "Matter"), paper.matter))
    for count, one in enumerate(paper.decisions, start=1):
        sheet.rule(dashed=True)
        sheet.text(f"{count}. {one.opinion}")
        sheet.fields(
            (Words("承办部门", "With"), one.department),
            (Words("完成期限", "By"), Words(f"{one.due.zh}前", one.due.en)),
            bold=True,
        )
    sheet.rule(dashed=True)
    sheet.fields(
        (Words("接待人", "Host"), paper.host),
        (Words("接访日", "Day"), paper.visit_day_on),
        (Words("姓名", "Name"), paper.name),
        (Words("电话", "Phone"), paper.phone),
        parts.desk_phone(paper.desk_phone),
    )
    sheet.both(Words("以上已向我宣读", "This was read to me"))
    # Room for a hand.
    sheet.feed()
    sheet.blank(sheet.label(Words("业主签字", "Owner")) + " ")
    sheet.blank(sheet.label(Words("日期", "Date")) + " ")
    sheet.both(Words("办理结果会告诉您", "We tell you what comes of each"))
    parts.code(sheet, paper, Words("手机扫码查看落实情况", "Scan to follow on your phone"))
