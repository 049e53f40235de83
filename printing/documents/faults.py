"""告知名单: which homes are told that a fault is over, a box to tick for each. For staff alone."""

from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def homes_to_tell(sheet: Sheet, paper: papers.FaultList) -> None:
    """What is over, what is said, and to whom; what must become of the paper stands on it."""
    parts.heading(sheet, paper, Words("告知名单", "Homes to tell"))
    sheet.text(paper.no, align="center", bold=True)
    sheet.reversed_band("内部使用，用后销毁" + ("\nStaff only, destroy after use" if sheet.english else ""))
    matter = [(Words("故障情况", "What happened"), paper.what)] if paper.what.zh else []
    sheet.fields(
        (Words("故障", "Fault"), paper.fault),
        *matter,
        (Words("范围", "Area"), paper.area),
        (Words("户数", "Homes"), str(len(paper.homes))),
    )
    sheet.rule(dashed=True)
    sheet.text(paper.notice)
    sheet.rule(dashed=True)
    for home in paper.homes:
        # Not Words in two languages: the home, and whom to ask for, which stands below in every language.
        sheet.tick(Words(home.zh + (f"  {home.en}" if home.en else ""), ""), bold=True)
    if any("*" in home.zh for home in paper.homes):
        sheet.text(sheet.label(Words("* 不在公布范围内", "outside the area")))
    if not paper.whole:
        sheet.both(Words("电话号码请在前台电脑查看", "Numbers: see the desk screen"))
