"""接待便条: a small sheet for whoever receives a visitor apart from the queue. Nobody beside him learns of what."""

from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words


def slip(sheet: Sheet, paper: papers.ReceptionSlip) -> None:
    """Where to, then what to do and what not."""
    parts.centre(sheet, paper)
    sheet.text(paper.no, align="center", bold=True)
    if paper.letter:
        sheet.text(paper.letter, align="center", bold=True)
    sheet.fields(
        (Words("地点", "Place"), paper.place or "—"),
        (Words("窗口", "Counter"), paper.counter or "—"),
    )
    for mark, texts in (("·", paper.steps), ("×", paper.donts)):
        if texts:
            sheet.rule(dashed=True)
        for text in texts:
            sheet.text(f"{mark} {text.zh}")
            if sheet.english:
                sheet.text(f"  {text.en}")
