"""号票 and 手写号票: the number is the hero; no name, no phone (`domain.md` K11)."""

from printing.documents import parts
from printing.grids import Row
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words

MISSED = Words("过号请告知窗口，或扫号票继续排队", "Missed it? Tell counter or kiosk")
MISSED_BY_HAND = Words("过号请告知窗口", "Missed it? Tell the counter")


def ticket(sheet: Sheet, paper: papers.Ticket) -> None:
    """A number of the queue."""
    parts.centre(sheet, paper)
    sheet.both(paper.line, bold=True, size=2)
    sheet.big(paper.no)
    if paper.ahead:
        sheet.both(Words(f"前面还有 {paper.ahead} 位", f"{paper.ahead} ahead of you"), bold=True, size=2)
    elif paper.ahead is not None:
        sheet.both(Words("下一位就是您", "You are next"), bold=True, size=2)
    if paper.ahead is not None and paper.wait_high is not None:
        span = f"{paper.wait_low or 0}–{paper.wait_high}" if paper.wait_low else f"{paper.wait_high}"
        about = (
            Words(f"预计等候 {span} 分钟", f"about {span} min")
            if paper.wait_low
            else Words(f"预计等候不到 {span} 分钟", f"less than {span} min")
        )
        sheet.both(about)
    parts.code(sheet, paper, Words("手机扫码查看排队进度", "Scan to follow on your phone"))
    sheet.space(LEADING)
    sheet.both(MISSED, bold=True)


def hand_slip(sheet: Sheet, paper: papers.HandSlip) -> None:
    """A number written by hand on a day when the box is down: boxes for the letter and three figures."""
    parts.heading(sheet, paper, Words("手写号票", "Handwritten ticket"))
    # All four boxes alike, as wide as the paper allows.
    square = min(5, (sheet.profile.columns // 2 - 5) // 4)
    sheet.frame(Row(("",) * 4, height=5), columns=2 * (4 * square + 5))
    for line in paper.lines:
        sheet.tick(line, size=2, bold=True)
    sheet.feed()
    sheet.blank(sheet.label(Words("取号时间", "Time")) + " ")
    sheet.feed()
    sheet.both(MISSED_BY_HAND, bold=True)
    if paper.desk_phone:
        sheet.text(" ".join([sheet.label(Words("前台电话", "Desk")), paper.desk_phone]), align="center")
    sheet.rule(dashed=True)
    sheet.both(Words("工作人员：恢复后请到前台补录", "Staff: enter at the desk later"))
    # Not the visitor's time: these slips are printed days ahead.
    sheet.text(sheet.label(Words("印制时间", "Printed at")), align="center")
