"""督办单: the deadline is the hero, then what was decided and who does it; the result is written by hand and signed."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def slip(sheet: Sheet, paper: papers.SupervisionSlip) -> None:
    """What must be done, by when, by whom, and who decided it."""
    parts.heading(sheet, paper, Words("督办单", "Supervision slip"))
    sheet.text(paper.no, align="center", bold=True, size=2)
    label = sheet.label(Words("完成期限", "Deadline"))
    sheet.frame(Row((f"{label}\n{paper.due_at}",), bold=True, align="center"))
    if paper.moved:
        sheet.both(Words(f"期限改过 {paper.moved} 次，以此为准", f"Deadline changed {paper.moved}x: this one stands"))
    sheet.fields(
        (Words("督办事项", "Matter"), paper.matter),
        (Words("处理意见", "Decision"), paper.opinion),
        (Words("承办部门", "With"), paper.department),
        (Words("责任人", "In charge"), paper.charge),
        (Words("决定人", "Decided by"), paper.decided_by),
        (Words("决定时间", "Decided"), paper.decided_at),
        (Words("关联事项", "Case"), paper.case_no),
    )
    sheet.rule(dashed=True)
    # A result in words needs room.
    sheet.blank(sheet.label(Words("落实结果", "Result")) + " ")
    sheet.blank("")
    sheet.blank(sheet.label(Words("完成时间", "Done at")) + " ")
    sheet.blank(sheet.label(Words("责任人签字", "Signed")) + " ")
    sheet.both(Words("完成后请交回客服部登记", "Please hand back to customer service"))
