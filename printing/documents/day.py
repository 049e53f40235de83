"""工作日志: the day on one strip; 疏散点名单: everybody inside, in type that is read in the open."""

from printing.documents import parts
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words


def work_log(sheet: Sheet, paper: papers.WorkLog) -> None:
    """The figures of a day, then its lines in the order in which things happened."""
    parts.heading(sheet, paper, Words("工作日志", "Work log"))
    sheet.both(paper.day, bold=True)
    sheet.rule()
    for label, count in zip(paper.figures, paper.counts, strict=True):
        sheet.pair(sheet.label(label), count, bold=True)
    sheet.rule()
    for line in paper.lines:
        sheet.text(line.zh)
        if sheet.english and line.en:
            sheet.text(line.en)
        sheet.space(LEADING)
    if not paper.lines:
        sheet.both(Words("当日无记录", "Nothing happened that day"))
    if paper.more:
        sheet.both(Words(f"另有 {paper.more} 条，请在前台电脑查看", f"{paper.more} more: see the desk"), bold=True)
    sheet.rule(dashed=True)
    sheet.fields((Words("打印人", "Printed by"), paper.printed_by))
    sheet.blank(sheet.label(Words("交班", "From")) + " ")
    sheet.blank(sheet.label(Words("接班", "To")) + " ")


def evacuation_roll(sheet: Sheet, paper: papers.EvacuationRoll) -> None:
    """A box to tick for everybody, with the name in big type and beneath it where he was last known to be."""
    sheet.reversed_band("疏散点名单" + ("\nEVACUATION ROLL" if sheet.english else ""))
    parts.centre(sheet, paper)
    sheet.big(str(paper.count))
    sheet.both(Words("人在楼内", "people inside"), bold=True)
    sheet.text(paper.at, align="center", bold=True, size=2)
    sheet.rule()
    for who, place in zip(paper.people, paper.places, strict=True):
        sheet.tick(Words(who, ""), size=2, bold=True)
        sheet.text(sheet.label(place))
        sheet.space(2 * LEADING)
    sheet.rule()
    sheet.blank(sheet.label(Words("已到人数", "Present")) + " ")
    sheet.blank(sheet.label(Words("未到", "Missing")) + " ")
    sheet.blank(sheet.label(Words("点名人", "Called by")) + " ")
    sheet.fields((Words("打印人", "Printed by"), paper.printed_by))
    sheet.reversed_band("用后销毁" + ("\nDestroy after use" if sheet.english else ""))
