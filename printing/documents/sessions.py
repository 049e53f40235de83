"""接访日议程: the agenda of a visit day for the host and the departments that accompany him."""

from printing.documents import parts
from printing.layout import LEADING, Sheet
from reception import papers
from reception.wording import Words


def agenda(sheet: Sheet, paper: papers.DayAgenda) -> None:
    """The day, then each who is received: time, name and home large, the matter, what was said of it."""
    parts.heading(sheet, paper, Words("接访日议程", "Visit-day agenda"))
    sheet.both(paper.day, bold=True)
    sheet.fields(
        (Words("时间", "Hours"), paper.hours),
        (Words("地点", "Place"), sheet.label(paper.room)),
        (Words("接待人", "Host"), paper.host),
        (Words("陪同", "With"), "、".join(sheet.label(one) for one in paper.accompany)),
    )
    sheet.rule()
    entries = zip(paper.times, paper.people, paper.matters, paper.opinions, strict=True)
    for number, (time, who, matter, opinion) in enumerate(entries, start=1):
        sheet.text(f"{number}  {time or '候补'}  {who}", bold=True)
        sheet.text(matter)
        if opinion:
            sheet.text(opinion)
        sheet.space(2 * LEADING)
    sheet.rule(dashed=True)
    sheet.fields((Words("打印人", "Printed by"), paper.printed_by))
    sheet.reversed_band("内部使用，用后收回" + ("\nStaff only; hand it back" if sheet.english else ""))
