"""所需材料清单: what a procedure asks for, each with a box to tick at home."""

from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

PARTS = (
    ("documents", Words("请带原件", "Bring, in the original")),
    ("forms", Words("到场填写、签署", "Filled in and signed here")),
    ("fees", Words("费用", "To be paid or settled")),
)


def materials(sheet: Sheet, paper: papers.MaterialsSlip) -> None:
    """What to bring, and what is done here; of a case only what it still lacks."""
    title = Words("还缺的材料", "Still missing") if paper.no else Words("所需材料清单", "What to bring")
    parts.heading(sheet, paper, title)
    if paper.no:
        sheet.text(paper.no, align="center", bold=True)
    sheet.rule(dashed=True)
    sheet.both(paper.procedure, bold=True)
    if paper.variant.zh:
        sheet.both(paper.variant)
    for name, words in PARTS:
        items: tuple[Words, ...] = getattr(paper, name)
        if items:
            sheet.rule(dashed=True)
            sheet.both(words, align="left", bold=True)
            for one in items:
                sheet.tick(one)
    sheet.rule(dashed=True)
    sheet.both(Words("请对照带齐，以免再跑一趟", "Please bring all of it: it saves you another way"), bold=True)
    sheet.fields(parts.desk_phone(paper.desk_phone))
