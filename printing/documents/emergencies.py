"""险情处置单: the danger is the hero, then where, then what was said to those in it."""

from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def slip(sheet: Sheet, paper: papers.EmergencySlip) -> None:
    """What happened, where, and what the people there were told to do first."""
    sheet.reversed_band("险情 / EMERGENCY" if sheet.english else "险情")
    parts.centre(sheet, paper)
    sheet.both(paper.hazard, bold=True, size=2)
    sheet.text(paper.no, align="center", bold=True)
    if paper.place:
        sheet.fields((Words("地点", "Place"), paper.place))
    else:
        # At the kiosk nobody is asked to type in danger.
        sheet.both(Words("自助机报警，请马上到大堂询问", "From the kiosk: ask in the lobby now"), bold=True)
    sheet.rule(dashed=True)
    for number, step in enumerate(paper.steps, start=1):
        sheet.text(f"{number}. {step.zh}")
        if sheet.english:
            sheet.text(f"   {step.en}")
    if paper.duty_phone:
        sheet.fields((Words("值班电话", "Duty"), paper.duty_phone))
    sheet.blank(sheet.label(Words("到场时间", "Arrived")) + " ")
    sheet.blank(sheet.label(Words("处置人", "By")) + " ")
    parts.code(sheet, paper, Words("手机扫码查看进度", "Scan to follow on your phone"))
